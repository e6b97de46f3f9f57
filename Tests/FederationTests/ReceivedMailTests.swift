import Foundation
import Records
import Store
import TestSupport
import Testing

@testable import Federation

/// What comes into the mailbox: an exchange where everybody is recognised, else a message that waits for somebody (SUP-15).
@Suite struct ReceivedMailTests {
  struct House: Sendable {
    let world: Installation
    let clock: MovingClock
    let claire: Account
    let direction: Account

    @discardableResult
    func receive(
      _ subject: String = "Projet", from sender: String = "claire@exemple.fr", to recipients: [String] = [], forwarded: [String] = [],
      text: String = "Bonjour", id: String? = nil, files: [(name: String, bytes: [UInt8])] = [],
      _ change: (inout IncomingMail) -> Void = { _ in }
    ) async throws -> Bool {
      var mail = IncomingMail(
        messageID: id ?? "\(world.ids.next(ReceivedMail.self))@exemple.fr", from: [.init(sender)], to: recipients.map { .init($0) },
        forwarded: forwarded.map { .init($0) }, subject: subject, text: text, sentAt: clock.now.addingTimeInterval(-86_400), files: files,
        size: 1_000)
      change(&mail)
      return try await MailReceiver(world).receive(mail)
    }

    func queue(_ reader: Account? = nil) async throws -> ReceivedMailQueue {
      let reader = reader ?? direction
      return try await world.database.read { [clock] in try ReceivedMailQueue(for: reader, at: clock.now, Settings($0), $0) }
    }

    func sheet(_ id: Identifier<ReceivedMail>, _ reader: Account? = nil) async throws -> ReceivedMailSheet? {
      let reader = reader ?? direction
      return try await world.database.read { [clock] in try ReceivedMailSheet(id, for: reader, at: clock.now, Settings($0), $0) }
    }

    func exchanges() async throws -> [ExchangeSummary] {
      let reader = direction
      return try await world.database.read { try ExchangeSummary.page("1 = 1", for: reader, .latest(100), $0) }
    }

    func count(_ table: SQL) async throws -> Int? {
      try await world.database.read { try $0.value("SELECT count(*) FROM \(table)", as: Int.self) }
    }
  }

  func withHouse(_ engine: Engine, _ body: (House) async throws -> Void) async throws {
    let clock = MovingClock()
    try await withInstallation(engine, siteURL: "https://maillage.exemple.fr", now: { clock.now }) { world async throws in
      try await world.bring(
        "structures",
        """
        reference;type;nom;departement;etat;depuis;courriel
        S1;msp;Les Tilleuls;38;ouverte;2018-01-01;equipe@exemple.fr
        S2;msp;Le Plateau;38;ouverte;2018-01-01;

        """)
      try await world.bring(
        "personnes",
        """
        reference;nom;prenom;courriel
        P1;Barandon;Adèle;adele@exemple.fr
        P2;Merle;Bruno;bruno@exemple.fr
        P3;Ortie;Chloé;chloe@exemple.fr
        P4;Hêtre;Denis;commun@exemple.fr
        P5;Hêtre;Élise;commun@exemple.fr

        """)
      try await world.bring(
        "fonctions",
        """
        personne;structure;fonction;depuis;jusqua
        P1;S1;coordinateur;2020-01-01;
        P1;S2;membre;2018-01-01;2019-12-31
        P2;S1;membre;2020-01-01;
        P2;S2;membre;2020-01-01;
        P4;S1;membre;2020-01-01;

        """)
      try await world.bring("organisations", "reference;nom;nature;courriel\nO1;ARS;ars;ars@exemple.fr\n")
      let claire = try await world.accounts.create(
        email: "claire@exemple.fr", name: "Claire Vasseur", role: .chargeMission, password: "un mot de passe")
      let direction = try await world.accounts.create(
        email: "odile@exemple.fr", name: "Odile", role: .direction, password: "un mot de passe")
      _ = try await world.accounts.create(email: "lettre@exemple.fr", name: "Nora", role: .communication, password: "un mot de passe")
      try await body(House(world: world, clock: clock, claire: claire, direction: direction))
    }
  }

  @Test(arguments: Engine.allCases)
  func aMessageBetweenKnownPeopleIsAnExchange(_ engine: Engine) async throws {
    try await withHouse(engine) { house in
      let pdf = Array("%PDF-1.7 plan".utf8)
      try await house.receive(
        "TR: Fwd : Le projet", to: ["maillage@exemple.fr"], forwarded: ["Adele@exemple.fr", "odile@exemple.fr"], text: "Voici.",
        files: [("plan.pdf", pdf), ("virus.exe", [0x4D, 0x5A, 0, 0])])
      let exchange = try #require(try await house.exchanges().first)
      #expect(exchange.channel == .courriel && exchange.author == "Claire Vasseur" && exchange.teams.map(\.name) == ["Les Tilleuls"])
      #expect(exchange.date.description == "2026-11-20" && exchange.heading == "Le projet")
      #expect(exchange.subject?.contains("Voici.") == true && exchange.subject?.contains("virus.exe") == true)
      let reader = house.direction
      let sheet = try await house.world.database.read { try ExchangeSheet(exchange.id, for: reader, $0) }
      #expect(sheet?.people.map(\.name) == ["Adèle Barandon"])
      let files = try await house.world.database.read { try AttachmentSummary.all(of: exchange.id.rawValue, kind: "echanges", $0) }
      #expect(files.map(\.name) == ["plan.pdf"])
      // It counts as any exchange by mail, and the team was heard from.
      #expect(try await house.world.values("contacts.count", Period(year: 2026), by: ["canal"]) == ["courriel": 1])
      #expect(try await house.queue().waiting.isEmpty)
      // A blind copy says to whom it goes; a team or an organisation has an address of its own.
      try await house.receive("Copie", to: ["equipe@exemple.fr", "ars@exemple.fr"])
      try await house.receive("À l’ARS", to: ["ars@exemple.fr"])
      try await house.receive("À deux", to: ["adele@exemple.fr", "bruno@exemple.fr"])
      #expect(try await house.exchanges().count == 4)
      #expect(try await house.exchanges().first { $0.heading == "À l’ARS" }?.teams.isEmpty == true)
    }
  }

  @Test(arguments: Engine.allCases)
  func theSameMessageIsTakenOnce(_ engine: Engine) async throws {
    try await withHouse(engine) { house in
      let position = MailboxPosition(validity: 7, last: 3)
      let mail = IncomingMail(
        messageID: "un@exemple.fr", from: [.init("claire@exemple.fr")], to: [.init("adele@exemple.fr")], subject: "Une fois", text: "x",
        sentAt: house.clock.now, size: 10)
      // Two readers of one mailbox.
      let new = try await withThrowingTaskGroup(of: Bool.self) { group in
        for _ in 0..<4 { group.addTask { try await MailReceiver(house.world).receive(mail, into: ("boîte", position)) } }
        return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
      }
      #expect(new == 1)
      #expect(try await house.exchanges().count == 1)
      #expect(try await house.count("received_mail") == 1)
      #expect(try await house.count("mailbox") == 1)
      // Somebody else’s message that bears the same name is another one.
      #expect(try await house.receive("Autre", to: ["adele@exemple.fr"], id: "un@exemple.fr"))
      #expect(try await house.exchanges().count == 2)
    }
  }

  @Test(arguments: Engine.allCases)
  func whatIsNotRecognisedWaitsAndSaysWhy(_ engine: Engine) async throws {
    try await withHouse(engine) { house in
      try await house.receive("inconnu", from: "inconnu@exemple.fr", to: ["adele@exemple.fr"])
      try await house.receive("communication", from: "lettre@exemple.fr", to: ["adele@exemple.fr"])
      try await house.receive("personne", to: ["nulle@exemple.fr"])
      try await house.receive("sans équipe", to: ["chloe@exemple.fr"])
      try await house.receive("plusieurs", to: ["bruno@exemple.fr"])
      try await house.receive("commune", to: ["commun@exemple.fr"])
      try await house.receive("imité", to: ["adele@exemple.fr"]) { $0.isForged = true }
      try await house.receive("lourd", to: ["adele@exemple.fr"], text: "") { $0.isTooLarge = true }
      let waiting = try await house.queue().waiting
      #expect(
        waiting.map(\.reason) == [
          .unknownSender, .unknownSender, .nobody, .noTeam, .severalTeams, .severalPeople, .forged, .tooLarge,
        ])
      #expect(try await house.exchanges().isEmpty)
      // A forged message is nobody’s.
      #expect(waiting.first { $0.subject == "imité" }?.author == nil && waiting.first { $0.subject == "lourd" }?.author == "Claire Vasseur")
      let ambiguous = try #require(waiting.first { $0.subject == "plusieurs" })
      let several = try #require(try await house.sheet(ambiguous.id))
      #expect(several.teams.map(\.name) == ["Le Plateau", "Les Tilleuls"] && several.teams.allSatisfy { !$0.isChosen })
      let twofold = try #require(waiting.first { $0.subject == "commune" })
      let shared = try #require(try await house.sheet(twofold.id))
      #expect(shared.people.map(\.name) == ["Denis Hêtre", "Élise Hêtre"] && shared.people.allSatisfy { !$0.isChosen })
    }
  }

  @Test(arguments: Engine.allCases)
  func whatProgramsWriteIsNoExchange(_ engine: Engine) async throws {
    try await withHouse(engine) { house in
      try await house.receive("Absence", to: ["adele@exemple.fr"]) { $0.isAutomatic = true }
      // Our own letter, that came back round.
      try await house.world.database.write { [world = house.world] connection in
        try world.outbox.post(.init(to: [.init("perdue@exemple.fr")], subject: "x", text: "x"), as: .notice, connection)
      }
      let own: String = try #require(try await house.world.database.read { try $0.value("SELECT message_id FROM outbox") })
      try await house.receive("Boucle", to: ["adele@exemple.fr"], id: own)
      #expect(try await house.exchanges().isEmpty)
      #expect(try await house.queue().waiting.isEmpty)
      #expect(try await house.queue().settled.map(\.state) == [.automatic, .automatic])
      #expect(try await house.count("outbox") == 1)
      // Somebody may still say that it is one.
      let mail = try #require(try await house.queue().settled.last)
      let desk = ReceivedMailDesk(house.world, actor: house.direction)
      try await desk.takeBack(mail.id)
      #expect(try await house.queue().waiting.map(\.reason) == [.takenUp])
      // A report is believed of an address that we wrote to, in a message of ours.
      func report(_ address: String, _ id: String) async throws {
        try await house.receive("Non remis", from: "postmaster@exemple.fr") { mail in
          mail.isAutomatic = true
          mail.failures = [.init(address: address, reason: "550 inconnu")]
          mail.reportedID = id
        }
      }
      try await report("Perdue@exemple.fr", "autre@exemple.fr")
      try await report("adele@exemple.fr", own)
      #expect(try await house.count("unreachable_address") == 0)
      try await report("Perdue@exemple.fr", own)
      let unreachable = try await house.world.database.read { try UnreachableAddress.all(limit: 9, $0) }
      #expect(unreachable.map(\.address) == ["perdue@exemple.fr"] && unreachable.first?.reason == "550 inconnu")
      try await desk.retry("perdue@exemple.fr")
      #expect(try await house.count("unreachable_address") == 0)
    }
  }

  /// What nobody expected of one message stops no other.
  @Test(arguments: Engine.allCases)
  func aMessageThatTheDatabaseRefusesWaits(_ engine: Engine) async throws {
    try await withHouse(engine) { house in
      try await house.world.database.write { connection in
        try connection.execute("CREATE UNIQUE INDEX odd_exchange ON exchange (subject)")
        try connection.execute("CREATE UNIQUE INDEX odd_mail ON received_mail (body)")
      }
      // The second makes the exchange of the first again, the third has its text.
      let texts = [("Un", "Bonjour"), ("", "Un\n\nBonjour"), ("Deux", "Bonjour"), ("Trois", "Le troisième")]
      let reading = MailboxJob("boîte", into: MailReceiver(house.world)) { _, take in
        for (index, text) in texts.enumerated() {
          let mail = IncomingMail(
            messageID: "\(index)@exemple.fr", from: [.init("claire@exemple.fr")], to: [.init("adele@exemple.fr")], subject: text.0,
            text: text.1, sentAt: house.clock.now, size: 10)
          try await take(mail, MailboxPosition(validity: 1, last: index + 1))
        }
      }
      _ = try await house.world.jobRunner(SendingJob { _ in }, reading: reading).runDue()
      #expect(try await house.queue().failure == nil)
      #expect(try await house.exchanges().compactMap(\.heading).sorted() == ["Trois", "Un"])
      let waiting = try await house.queue().waiting
      #expect(waiting.map(\.reason) == [.refused, .refused] && waiting.allSatisfy { $0.author == "Claire Vasseur" })
      var bodies: [String] = []
      for mail in waiting {
        let sheet = try #require(try await house.sheet(mail.id))
        #expect(sheet.detail?.contains("a refusé l’opération") == true)
        // What the database does not take is read in the mailbox.
        #expect(sheet.detail?.contains("restés dans la boîte") == sheet.body.isEmpty)
        bodies.append(sheet.body)
      }
      #expect(bodies == ["Un\n\nBonjour", ""])
      let last: Int? = try await house.world.database.read { try $0.value("SELECT last FROM mailbox") }
      #expect(last == 4)
    }
  }

  @Test(arguments: Engine.allCases)
  func somebodyFilesWhatWaitsAndTakesItBack(_ engine: Engine) async throws {
    try await withHouse(engine) { house in
      try await house.receive("Devis", from: "inconnu@exemple.fr", to: ["bruno@exemple.fr"], text: String(repeating: "mot ", count: 900))
      let mail = try #require(try await house.queue().waiting.first)
      let desk = ReceivedMailDesk(house.world, actor: house.claire)
      let sheet = try #require(try await house.sheet(mail.id))
      func order(_ team: String = "", person: String = "", teams: Set<Identifier<Structure>> = []) -> ReceivedMailDesk.Order {
        .init(teams: teams, people: [], team: team, person: person)
      }
      await #expect(throws: FieldRefusal("structure", "Choisissez au moins une équipe ou une personne.")) {
        try await desk.file(mail.id, order())
      }
      for wrong in [order("Nulle part"), order("S1", person: "Zzz")] {
        await #expect(throws: FieldRefusal.self) { try await desk.file(mail.id, wrong) }
      }
      // Only what the page offers may be ticked.
      let stranger = Identifier<Structure>(rawValue: 1)
      await #expect(throws: FieldRefusal.self) { try await desk.file(mail.id, order(teams: [stranger])) }
      #expect(try await house.exchanges().isEmpty)
      let ticked = try #require(sheet.teams.first).id
      for _ in 1...2 { try await desk.file(mail.id, order("tilleuls", person: "P3", teams: [ticked])) }
      let exchange = try #require(try await house.exchanges().first)
      #expect(exchange.teams.map(\.name) == ["Le Plateau", "Les Tilleuls"] && exchange.author == "Claire Vasseur")
      #expect((exchange.subject?.count ?? 0) <= 2_000)
      // What the exchange has no room for is joined to it.
      let files = try await house.world.database.read { try AttachmentSummary.all(of: exchange.id.rawValue, kind: "echanges", $0) }
      #expect(files.map(\.name) == ["Courriel du 2026-11-20.txt"] && (files.first?.size ?? 0) > 3_600)
      #expect(try await house.queue().settled.map(\.settledBy) == ["Claire Vasseur"])
      try await desk.takeBack(mail.id)
      #expect(try await house.exchanges().isEmpty)
      #expect(try await house.queue().waiting.map(\.reason) == [.takenUp])
      try await desk.dismiss(mail.id)
      #expect(try await house.queue().waiting.isEmpty)
      await #expect(throws: Refusal.self) { try await desk.file(mail.id, order("S1")) }
      try await desk.takeBack(mail.id)
      try await desk.file(mail.id, order("S1"))
      // An exchange that somebody has changed since stays.
      let noted = try #require(try await house.exchanges().first)
      #expect(try await house.world.bring("echanges", "reference;date;canal;objet\n\(noted.id);;;Corrigé\n").changed == 1)
      await #expect(throws: Refusal.self) { try await desk.takeBack(mail.id) }
      #expect(try await house.exchanges().map(\.heading) == ["Corrigé"])
      #expect(try await house.queue().settled.map(\.exchange) == [noted.id])
    }
  }

  @Test(arguments: Engine.allCases)
  func aColleaguesMessageIsTheirsFirst(_ engine: Engine) async throws {
    try await withHouse(engine) { house in
      let other = try await house.world.accounts.create(
        email: "paul@exemple.fr", name: "Paul", role: .assistance, password: "un mot de passe")
      let nora = try await house.world.accounts.create(
        email: "nora@exemple.fr", name: "Nora B", role: .communication, password: "un mot de passe")
      try await house.receive("Le mien", to: ["nulle@exemple.fr"])
      try await house.receive("De dehors", from: "inconnu@exemple.fr")
      #expect(try await house.queue(house.claire).waiting.map(\.subject) == ["Le mien", "De dehors"])
      #expect(try await house.queue(other).waiting.map(\.subject) == ["De dehors"])
      #expect(try await house.queue(house.direction).waiting.count == 2)
      #expect(try await house.queue(nora).waiting.isEmpty)
      let mine = try #require(try await house.queue(house.claire).waiting.first)
      #expect(try await house.sheet(mine.id, other) == nil)
      // Who does not see it does nothing with it.
      try await ReceivedMailDesk(house.world, actor: other).dismiss(mine.id)
      #expect(try await house.queue(house.claire).waiting.count == 2)
      house.clock.move(by: .seconds(8 * 86_400))
      #expect(try await house.queue(other).waiting.count == 2)
    }
  }

  @Test(arguments: Engine.allCases)
  func textsGoWhenTheirTimeIsOver(_ engine: Engine) async throws {
    try await withHouse(engine) { house in
      let pdf = Array("%PDF-1.7 plan".utf8)
      try await house.receive("Classé", to: ["adele@exemple.fr"], id: "un@exemple.fr", files: [("plan.pdf", pdf)])
      try await house.receive("Qui attend", from: "inconnu@exemple.fr", to: ["adele@exemple.fr"])
      func purge() async throws {
        try await house.world.database.write { [now = house.clock.now] in try ReceivedMail.purge(at: now, $0) }
      }
      house.clock.move(by: .seconds(29 * 86_400))
      try await purge()
      #expect(try await house.queue().settled.count == 1)
      house.clock.move(by: .seconds(2 * 86_400))
      try await purge()
      #expect(try await house.queue().settled.isEmpty)
      #expect(try await house.queue().waiting.count == 1)
      #expect(try await house.count("received_mail_file") == 0)
      // Its exchange and the exchange's file stay, and it is not taken again.
      #expect(try await house.exchanges().count == 1)
      #expect(try await house.count("attachment") == 1)
      let waiting = try #require(try await house.queue().waiting.first)
      #expect(waiting.endsOn?.description == "2027-02-19")
      house.clock.move(by: .seconds(60 * 86_400))
      try await purge()
      #expect(try await house.queue().waiting.isEmpty)
      let kept: Int? = try await house.world.database.read {
        try $0.value("SELECT count(*) FROM received_mail WHERE body <> '' OR subject <> '' OR sender <> ''")
      }
      #expect(kept == 0)
      #expect(try await house.count("received_mail") == 2)
      #expect(try await house.count("received_mail_party") == 0)
    }
  }

  @Test(arguments: Engine.allCases)
  func theMailboxIsReadAgainWhateverHappens(_ engine: Engine) async throws {
    try await withHouse(engine) { house in
      let failing = MailboxJob("boîte", into: MailReceiver(house.world)) { _, _ in throw MailboxFailure("Le serveur ne répond pas.") }
      let runner = house.world.jobRunner(SendingJob { _ in }, reading: failing)
      _ = try await runner.runDue()
      #expect(try await house.queue().failure == "Le serveur ne répond pas.")
      #expect(try await house.queue().readAt == nil)
      // Five minutes later, once, however often one looks.
      let mail = IncomingMail(
        messageID: "a@exemple.fr", from: [.init("claire@exemple.fr")], to: [.init("adele@exemple.fr")], subject: "Un", text: "x",
        sentAt: house.clock.now, size: 10)
      let reading = MailboxJob("boîte", into: MailReceiver(house.world)) { position, take in
        #expect(position?.last == 0 || position == MailboxPosition(validity: 4, last: 9))
        try await take(mail, MailboxPosition(validity: 4, last: 9))
      }
      house.clock.move(by: .seconds(301))
      for _ in 1...2 { _ = try await house.world.jobRunner(SendingJob { _ in }, reading: reading).runDue() }
      #expect(try await house.queue().failure == nil)
      #expect(try await house.queue().readAt != nil)
      #expect(try await house.exchanges().count == 1)
      house.clock.move(by: .seconds(301))
      _ = try await house.world.jobRunner(SendingJob { _ in }, reading: reading).runDue()
      #expect(try await house.exchanges().count == 1)
      let jobs: Int? = try await house.world.database.read { try $0.value("SELECT count(*) FROM job WHERE kind = \(MailboxJob.name)") }
      #expect(jobs == 4)
    }
  }
}
