import Foundation
import Store
import Synchronization
import TestSupport
import Testing

@testable import Federation
@testable import Records

/// Letters to the people behind lists: who gets them, the hold, the way out (COM-05).
@Suite struct LettersTests {
  private static let teams = """
    reference;type;nom;departement;courriel
    S1;msp;MSP des Tilleuls;38;contact@tilleuls.example
    S2;msp;MSP du Lac;74;
    S3;msp;MSP sans personne;38;
    """
  private static let people = """
    reference;nom;prenom;courriel
    P1;Barandon;Adèle;adele@exemple.fr
    P2;Corlier;Basile;basile@exemple.fr
    P3;Valon;;
    P4;Dessagne;Odile;ADELE@exemple.fr
    P5;Perrachon;Zoé;zoe@exemple.fr
    P6;Quintal;Noé;noé@exemple.fr
    """
  private static let functions = """
    personne;structure;fonction;depuis;jusqua
    P1;S1;coordinateur;2025-01-01;
    P2;S1;coordinateur;2025-01-01;
    P2;S2;coordinateur;2025-01-01;
    P3;S2;coordinateur;2025-01-01;
    P4;S2;coordinateur;2025-01-01;
    P5;S2;coordinateur;2024-01-01;2025-01-01
    P6;S1;leader;2025-01-01;
    """

  private struct House: Sendable {
    let world: Installation
    let clock: MovingClock
    let claire: Account

    var desk: LetterDesk { LetterDesk(world, actor: claire) }

    func ids(_ table: String, _ references: [String]) async throws -> [Int64] {
      try await world.database.read { connection in
        try connection.rows(
          "SELECT id FROM \(SQL(unsafeText: table)) WHERE reference IN \(list: references) ORDER BY reference"
        ).map { try $0[0] }
      }
    }

    func sheet(_ id: Identifier<Letter>) async throws -> LetterSheet {
      let sheet = try await world.database.read { [claire] in try LetterSheet(id, for: claire, $0) }
      return try #require(sheet)
    }

    func audience(_ id: Identifier<Letter>) async throws -> LetterAudience {
      let letter = try await sheet(id)
      return try await world.database.read { [world] in try LetterAudience(letter, on: Settings($0).today(world.now()), $0) }
    }

    func recipients(_ id: Identifier<Letter>) async throws -> [LetterRecipient] {
      let letter = try await sheet(id)
      return try await world.database.read { try LetterRecipient.all(of: letter, $0) }
    }

    func write(
      _ audience: Letter.Audience, _ records: [Int64], from origin: Letter.Origin = .list, choice: [String] = [],
      subject: String = "Réunion", body: String = "Bonjour {prénom},\nà bientôt.", files: [(name: String, bytes: [UInt8])] = []
    ) async throws -> (id: Identifier<Letter>, faults: [String: String]) {
      let id = world.ids.next(Letter.self)
      let content = LetterDesk.Content(audience, from: origin, records: records, choice: choice, subject: subject, body: body)
      return (id, try await desk.save(id, content, adding: files))
    }

    func send(_ id: Identifier<Letter>) async throws {
      let seen = try await audience(id).digest(sheet(id))
      guard case .held = try await desk.send(id, seen: seen) else {
        Issue.record("the letter is not held")
        return
      }
    }

    /// What left, by address.
    @discardableResult func run(refusing refused: String? = nil) async throws -> [String: PostedMail] {
      let sent = Mutex<[String: PostedMail]>([:])
      let runner = world.jobRunner(
        SendingJob { posted throws(DeliveryFailure) in
          let address = posted.mail.to.first?.address ?? ""
          if address == refused { throw DeliveryFailure(.permanent, "550 inconnu") }
          sent.withLock { $0[address] = posted }
        })
      _ = try await runner.runDue()
      return sent.withLock { $0 }
    }

    func passHold() { clock.move(by: .seconds(Letter.hold + 1)) }

    func contacts() async throws -> Int { try await world.values("contacts.count", Period(year: 2026))[""] ?? 0 }
  }

  private func withHouse(
    _ engine: Engine, siteURL: String? = "https://maillage.example/", _ body: @Sendable (House) async throws -> Void
  ) async throws {
    let clock = MovingClock()
    try await withInstallation(engine, siteURL: siteURL, now: { clock.now }) { world async throws in
      #expect(try await world.bring("structures", Self.teams).created == 3)
      #expect(try await world.bring("personnes", Self.people).created == 6)
      #expect(try await world.bring("fonctions", Self.functions).created == 7)
      let claire = try await world.accounts.create(
        email: "claire@exemple.fr", name: "Claire", role: .chargeMission, password: "un mot de passe")
      try await body(House(world: world, clock: clock, claire: claire))
    }
  }

  @Test(arguments: Engine.allCases) func eachGetsOneAndTheOthersAreTold(_ engine: Engine) async throws {
    try await withHouse(engine) { house in
      let teams = try await house.ids("structure", ["S1", "S2", "S3"])
      let (id, faults) = try await house.write(
        .structures, teams, choice: ["coordinateur", "leader"], body: "Bonjour {prénom},\nde {équipe}.",
        files: [("ordre du jour.pdf", Array("%PDF-1.7".utf8))])
      #expect(faults.isEmpty)
      let audience = try await house.audience(id)
      #expect(audience.recipients.map(\.name) == ["Adèle Barandon", "Basile Corlier"])
      #expect(
        audience.others.map { "\($0.name): \($0.exclusion?.rawValue ?? "")" } == [
          "Odile Dessagne: double", "Noé Quintal: adresse_invalide", "Valon: sans_adresse", "MSP sans personne: personne",
        ])
      try await house.send(id)
      #expect(try await house.run().isEmpty, "the hold lasts")
      #expect(try await house.recipients(id).filter { $0.exclusion == nil }.allSatisfy { $0.state == .waiting })
      house.passHold()
      let sent = try await house.run(refusing: "basile@exemple.fr")
      let mail = try #require(sent["adele@exemple.fr"]?.mail)
      #expect(sent.count == 1 && mail.to.count == 1 && mail.cc.isEmpty && mail.replyTo?.address == "claire@exemple.fr")
      #expect(mail.text.hasPrefix("Bonjour Adèle,\nde MSP des Tilleuls.\n"))
      #expect(mail.attachments.map(\.name) == ["ordre du jour.pdf"] && mail.attachments.first?.content == Array("%PDF-1.7".utf8))
      #expect(try await house.recipients(id).map(\.state) == [.sent, .refused, .excluded, .excluded, .excluded, .excluded])
      let refused = try await house.recipients(id)[1]
      #expect(refused.reason == "550 inconnu" && refused.values.teams == ["MSP des Tilleuls", "MSP du Lac"])
      // Nothing leaves twice.
      #expect(try await house.run().isEmpty)
      // It stands with the teams that it went to, and is no exchange.
      let places = try await house.world.database.read { [claire = house.claire] connection in
        try teams.map { try connection.rows(TeamLetter.rows(of: Identifier(rawValue: $0), for: claire)).count }
      }
      #expect(places == [1, 1, 0])
      // Its file stays, which no record has.
      let job = try #require(house.world.model.jobs.compactMap { $0 as? UnjoinedFilesJob }.first)
      for days in [0, 2.0] {
        try await house.world.database.write { [now = house.world.now()] in try job.purge(at: now.addingTimeInterval(days * 86_400), $0) }
      }
      #expect(try await house.world.database.read { try $0.value("SELECT count(*) FROM file", as: Int.self) } == 1)
      #expect(try await house.contacts() == 0)
    }
  }

  @Test(arguments: Engine.allCases) func betweenCallingBackAndLeavingOneWins(_ engine: Engine) async throws {
    try await withHouse(engine) { house in
      let people = try await house.ids("person", ["P1", "P2"])
      var (left, recalled) = (0, 0)
      for _ in 0..<6 {
        let (id, _) = try await house.write(.people, people)
        try await house.send(id)
        house.passHold()
        let desk = house.desk
        async let departure = house.run()
        async let recall: Bool = {
          do {
            try await desk.recall(id)
            return true
          } catch is Refusal {
            return false
          }
        }()
        let (sent, isRecalled) = try await (departure, recall)
        #expect(sent.count == (isRecalled ? 0 : 2))
        #expect(try await house.sheet(id).state == (isRecalled ? .recalled : .sent))
        let states = Set(try await house.recipients(id).map(\.state))
        #expect(states == [isRecalled ? .recalled : .sent])
        if isRecalled { recalled += 1 } else { left += 1 }
        // What was called back never leaves, what left is not called back.
        if isRecalled { #expect(try await house.run().isEmpty) } else { await #expect(throws: Refusal.self) { try await desk.recall(id) } }
      }
      #expect(left + recalled == 6)
    }
  }

  @Test(arguments: Engine.allCases) func whoSaysNoGetsNoFurtherOne(_ engine: Engine) async throws {
    try await withHouse(engine) { house in
      let teams = try await house.ids("structure", ["S1"])
      func letter() async throws -> Identifier<Letter> {
        try await house.write(.structures, teams, choice: ["coordinateur", Letter.ownAddress]).id
      }
      let (first, second) = (try await letter(), try await letter())
      for id in [first, second] { try await house.send(id) }
      house.passHold()
      let sent = try await house.run()
      #expect(Set(sent.keys) == ["adele@exemple.fr", "basile@exemple.fr", "contact@tilleuls.example"])
      func secret(_ address: String) throws -> String {
        let mail = try #require(sent[address]?.mail)
        #expect(mail.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click")
        let link = try #require(mail.headers["List-Unsubscribe"])
        #expect(link.hasPrefix("<https://maillage.example/desinscription/") && mail.text.contains(link.dropFirst().dropLast()))
        return String(link.split(separator: "/").last?.dropLast() ?? "")
      }
      let door = house.world.unsubscriptions
      let (adele, team) = (try secret("adele@exemple.fr"), try secret("contact@tilleuls.example"))
      #expect(try await door.door(adele)?.isDone == false, "opening it changes nothing")
      #expect(try await door.door("x") == nil)
      try await door.oppose("x")
      for secret in [adele, adele, team, team] { try await door.oppose(secret) }
      #expect(try await door.door(adele)?.isDone == true)
      let third = try await letter()
      let audience = try await house.audience(third)
      #expect(audience.recipients.map(\.name) == ["Basile Corlier"] && audience.others.allSatisfy { $0.exclusion == .opposed })
      let consents = try await house.world.database.read { connection in
        let person: Identifier<Person>? = try connection.value("SELECT id FROM person WHERE reference = 'P1'")
        return try Consent.all(of: #require(person), connection)
      }
      #expect(consents.count == 1 && consents.first?.purpose == "courriels" && consents.first?.withdrawnOn == consents.first?.givenOn)
      // From one's own record it is a message as any other, without a way out of what is no list.
      let (own, _) = try await house.write(.people, house.ids("person", ["P1"]), from: .record)
      #expect(try await house.audience(own).recipients.count == 1)
      // Who says no during the hold gets none either.
      try await house.send(third)
      try await door.oppose(try secret("basile@exemple.fr"))
      house.passHold()
      #expect(try await house.run().isEmpty)
      #expect(try await house.recipients(third).allSatisfy { $0.exclusion == .opposed })
    }
  }

  /// An address from which a letter came back gets no other, from a list or from a record, until somebody tries again.
  @Test(arguments: Engine.allCases) func anAddressThatDoesNotReceiveIsLeftOut(_ engine: Engine) async throws {
    try await withHouse(engine) { house in
      let people = try await house.ids("person", ["P1", "P2"])
      let (first, _) = try await house.write(.people, people)
      try await house.send(first)
      house.passHold()
      #expect(try await house.run().count == 2)
      let sent: String? = try await house.world.database.read {
        try $0.value("SELECT o.message_id FROM outbox o JOIN letter_recipient r ON r.mail_id = o.id WHERE r.address = 'basile@exemple.fr'")
      }
      var report = IncomingMail(
        messageID: "retour@exemple.fr", from: [.init("postmaster@exemple.fr")], subject: "Non remis", text: "x", sentAt: house.clock.now,
        size: 10)
      report.isAutomatic = true
      report.failures = [.init(address: "Basile@exemple.fr", reason: "550 inconnu")]
      report.reportedID = sent
      try await MailReceiver(house.world).receive(report)
      for origin in [Letter.Origin.list, .record] {
        let (id, _) = try await house.write(.people, origin == .list ? people : [people[1]], from: origin)
        let audience = try await house.audience(id)
        #expect(audience.recipients.map(\.name) == (origin == .list ? ["Adèle Barandon"] : []))
        #expect(audience.others.map(\.name) == ["Basile Corlier"] && audience.others.first?.exclusion == .unreachable)
      }
      try await ReceivedMailDesk(house.world, actor: house.claire).retry("basile@exemple.fr")
      let (again, _) = try await house.write(.people, people)
      #expect(try await house.audience(again).recipients.count == 2)
    }
  }

  @Test(arguments: Engine.allCases) func fromARecordItIsAnExchange(_ engine: Engine) async throws {
    try await withHouse(engine) { house in
      let (id, faults) = try await house.write(
        .structures, house.ids("structure", ["S1"]), from: .record, choice: ["coordinateur"], subject: "Votre dossier",
        body: "Bonjour {prénom} {nom},\nvoici.")
      #expect(faults.isEmpty)
      try await house.send(id)
      #expect(try await house.contacts() == 0, "nothing is noted before it leaves")
      house.passHold()
      let sent = try await house.run()
      #expect(sent.count == 2 && sent.values.allSatisfy { $0.mail.headers.isEmpty && !$0.mail.text.contains("desinscription") })
      #expect(try await house.contacts() == 1)
      let exchange = try #require(try await house.sheet(id).exchange)
      let summary = try await house.world.database.read { [claire = house.claire] in try ExchangeSummary.one(exchange, for: claire, $0) }
      #expect(summary?.channel == .courriel && summary?.author == "Claire" && summary?.teams.map(\.reference) == ["S1"])
      #expect(summary?.subject == "Votre dossier\n\nBonjour Adèle Barandon,\nvoici.")
    }
  }

  @Test(arguments: Engine.allCases) func whatCannotBeSentIsKeptAndSaid(_ engine: Engine) async throws {
    try await withHouse(engine, siteURL: nil) { house in
      let teams = try await house.ids("structure", ["S1"])
      let (id, faults) = try await house.write(
        .structures, teams, subject: "Pour {equipe}", body: "Bonjour {prenom}", files: [("rapport.pdf", Array("MZ…".utf8))])
      #expect(Set(faults.keys) == ["objet", "message", "choix", "fichiers"])
      #expect(faults["message"]?.contains("{prenom} ne veut rien dire") == true)
      let kept = try await house.sheet(id)
      #expect(kept.subject == "Pour {equipe}" && kept.body == "Bonjour {prenom}" && kept.files.isEmpty)
      await #expect(throws: Refusal.self) { _ = try await house.desk.send(id, seen: "") }
      let heavy = try await house.write(.people, teams, files: [("a.txt", [UInt8](repeating: 65, count: Letter.sizeLimit + 1))])
      #expect(heavy.faults["fichiers"]?.contains("10 Mo") == true)
      // Without an address of the site a list has no way out: refused. One person is written to all the same.
      let (list, _) = try await house.write(.people, house.ids("person", ["P1"]))
      await #expect(throws: Refusal.self) { try await house.send(list) }
      let (own, _) = try await house.write(.people, house.ids("person", ["P1"]), from: .record)
      try await house.send(own)
      // Others' drafts are nobody else's; who may not write writes none.
      let ca = try await house.world.accounts.create(email: "ca@exemple.fr", name: "Élu", role: .ca, password: "un mot de passe")
      #expect(try await house.world.database.read { try LetterSheet(list, for: ca, $0) } == nil)
      let content = LetterDesk.Content(.people, from: .list, records: [1], choice: [], subject: "a", body: "b")
      await #expect(throws: Refusal.self) {
        _ = try await LetterDesk(house.world, actor: ca).save(house.world.ids.next(Letter.self), content)
      }
    }
  }

  @Test(arguments: Engine.allCases) func whatWasShownIsWhatLeaves(_ engine: Engine) async throws {
    try await withHouse(engine) { house in
      let (id, _) = try await house.write(.people, house.ids("person", ["P1", "P5"]))
      let seen = try await house.audience(id).digest(house.sheet(id))
      #expect(try await house.world.bring("personnes", "reference;nom;prenom;courriel\nP5;Perrachon;Zoé;zoe2@exemple.fr\n").changed == 1)
      guard case .stale = try await house.desk.send(id, seen: seen) else {
        Issue.record("who was shown is not who gets it")
        return
      }
      #expect(try await house.sheet(id).state == .draft)
      try await house.send(id)
      // Two clicks send one.
      _ = try await house.desk.send(id, seen: seen)
      house.passHold()
      #expect(Set(try await house.run().keys) == ["adele@exemple.fr", "zoe2@exemple.fr"])
    }
  }

  @Test(arguments: Engine.allCases) func somebodyForgottenIsInNoLetter(_ engine: Engine) async throws {
    try await withHouse(engine) { house in
      let people = try await house.ids("person", ["P1", "P2"])
      let (gone, _) = try await house.write(.people, people)
      try await house.send(gone)
      house.passHold()
      try await house.run()
      let (held, _) = try await house.write(.people, people)
      try await house.send(held)
      let direction = try await house.world.accounts.create(
        email: "direction@exemple.fr", name: "Odile", role: .direction, password: "un mot de passe")
      let person = Identifier<Person>(rawValue: people[0])
      let dossier = try await house.world.database.read { try PersonDossier(person, $0) }
      #expect(dossier?.held.first { $0.matter == .letters }?.count == 2)
      _ = try await PersonalDataDesk(house.world, actor: direction).erase(.init([person], because: .demand), confirmedBy: "anonymiser")
      house.passHold()
      #expect(Set(try await house.run().keys) == ["basile@exemple.fr"])
      for id in [gone, held] {
        let recipient = try await house.recipients(id)[0]
        #expect(recipient.name.hasPrefix("Personne anonymisée") && recipient.address == nil && recipient.values.firstName == nil)
      }
      #expect(try await house.recipients(held)[0].exclusion == .erased)
    }
  }

  @Test(arguments: Engine.allCases) func aRestoredLetterDoesNotLeaveAgain(_ engine: Engine) async throws {
    let archive = FileManager.default.temporaryDirectory.appending(path: "archive-\(UUID().uuidString).jsonl")
    defer { try? FileManager.default.removeItem(at: archive) }
    try await withHouse(engine) { house in
      let (id, _) = try await house.write(.people, house.ids("person", ["P1"]))
      try await house.send(id)
      _ = try await house.world.model.backUp(house.world.database, to: archive)
      try await withDatabase(engine) { database async throws in
        _ = try await house.world.model.restore(archive, into: database)
        let world = Installation(
          database: database, geography: TestDatabases.geography, siteURL: "https://maillage.example", now: { house.clock.now })
        let restored = House(world: world, clock: house.clock, claire: house.claire)
        #expect(try await restored.sheet(id).state == .uncertain)
        house.passHold()
        #expect(try await restored.run().isEmpty)
        #expect(try await restored.recipients(id).map(\.state) == [.uncertain])
        await #expect(throws: Refusal.self) { try await restored.desk.recall(id) }
      }
    }
  }

  @Test func wordsInBracesAreReplacedOnce() {
    let values = MergeValues(firstName: "{nom}", lastName: "Valon", teams: ["A", "B", "C"])
    #expect(values.filled("{prénom} {nom} de {équipe} {autre}") == "{nom} Valon de A, B et C {autre}")
    let unknown = MergeValues(firstName: nil, lastName: nil, teams: [])
    #expect(unknown.filled("Bonjour {prénom},") == "Bonjour," && unknown.missing(in: "{prénom} {équipe}") == [.firstName, .team])
    #expect(MergeField.fault(in: "prix { 3 € ; {}") == "{} ne veut rien dire : ce qui se remplace est {prénom}, {nom}, {équipe}.")
    #expect(MergeField.fault(in: "{prénom} {nom} {équipe}") == nil)
  }

  @Test(arguments: Engine.allCases) func templatesAreRecords(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      let file = "nom;objet;message\nInvitation;Réunion;Bonjour {prénom}\nFautif;Réunion;Bonjour {titre}\n"
      let outcome = try await world.bring("modeles_courriel", file, ImportOptions(leavesRefused: true))
      #expect(outcome.created == 1 && outcome.refused.count == 1)
      #expect(try await world.database.read { try LetterTemplate.all($0) }.map(\.subject) == ["Réunion"])
      let again = try await world.bring("modeles_courriel", world.take("modeles_courriel"))
      #expect(again.unchanged == 1)
    }
  }
}
