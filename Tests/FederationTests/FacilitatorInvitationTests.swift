import Foundation
import Records
import Store
import TestSupport
import Testing

@testable import Federation

/// Facilitators are asked by a link without an account; the first who accept have the places (FAC-01).
@Suite struct FacilitatorInvitationTests {
  private struct House {
    let world: Installation
    let clock: MovingClock
    let direction: Account

    var desk: InvitationDesk { InvitationDesk(world, actor: direction) }
    var door: InvitationDoor { InvitationDoor(world) }
    let origin = Origin(client: "10.0.0.1", browser: nil)

    func id<Subject>(_ query: SQL, of: Subject.Type = Subject.self) async throws -> Identifier<Subject> {
      let id: Identifier<Subject>? = try await world.database.read { try $0.value(query) }
      return try #require(id)
    }

    func facilitator(_ reference: String) async throws -> Identifier<Facilitator> {
      try await id("SELECT w.id FROM facilitator w JOIN person p ON p.id = w.person_id WHERE p.reference = \(reference)")
    }

    func facilitation() async throws -> Identifier<Facilitation> { try await id("SELECT id FROM facilitation WHERE reference = 'F1'") }

    /// The messages that wait, the latest last, with their files.
    func mails() async throws -> [OutgoingMail] {
      try await world.database.read { connection in
        let ids: [Identifier<OutgoingMail>] = try connection.rows("SELECT id FROM outbox ORDER BY id").map { try $0[0] }
        return try ids.compactMap { try PostedMail($0, connection)?.mail }
      }
    }

    /// What stands after `/invitation/` in the last message to an address.
    func token(_ address: String) async throws -> String {
      let mail = try #require(try await mails().last { $0.to[0].address == address && $0.text.contains("/invitation/") })
      return String(try #require(mail.text.firstMatch(of: /\/invitation\/(\S+)/)).output.1)
    }

    func call(
      places: Int = 1, through: String = "2026-12-10", _ slots: [(String, String)] = [("2026-12-15", "12:30"), ("2026-12-17", "19:00")]
    ) throws -> InvitationDesk.Call {
      InvitationDesk.Call(
        places: places, through: try #require(CivilDate(iso: through)),
        slots: try slots.map { .init(date: try #require(CivilDate(iso: $0.0)), time: $0.1) }, message: "Merci d’avance")
    }

    func invite(_ references: [String], _ call: InvitationDesk.Call? = nil) async throws -> Int {
      var asked: [Identifier<Facilitator>] = []
      for reference in references { asked.append(try await facilitator(reference)) }
      return try await desk.invite(asked, to: try await facilitation(), try call ?? self.call())
    }

    func answers() async throws -> [String] {
      try await world.database.read { connection in
        try connection.rows("SELECT name, COALESCE(answer, '') FROM facilitation_invitation ORDER BY name, id").map {
          "\(try $0[0] as String) \(try $0[1] as String)"
        }
      }
    }

    func names() async throws -> [String] {
      let facilitation = try await facilitation()
      let today = try #require(CivilDate(iso: "2026-12-01"))
      return try await world.database.read {
        try FacilitationSheet(facilitation, for: direction, on: today, $0)?.summary.facilitators.map(\.name) ?? []
      }
    }

    func state() async throws -> FacilitationState? {
      try await world.database.read { try $0.value("SELECT state FROM facilitation WHERE reference = 'F1'") }
    }

    func board() async throws -> InvitationBoard {
      let facilitation = try await facilitation()
      return try await world.database.read { try InvitationBoard(facilitation, now: clock.now, Settings($0), $0) }
    }
  }

  private func withHouse(_ engine: Engine, _ body: (House) async throws -> Void) async throws {
    let clock = MovingClock()
    try clock.set("2026-12-01T09:00:00Z")
    try await withInstallation(engine, siteURL: "https://maillage.exemple.fr/", now: { clock.now }) { world async throws in
      try await world.bring(
        "structures", "reference;type;nom;departement;commune;etat;depuis\nS1;cpts;Le Plateau;38;38185;ouverte;2018-01-01\n")
      try await world.bring(
        "personnes",
        """
        reference;nom;prenom;courriel
        P1;Quintarel;Zoé;zoe@exemple.fr
        P2;Lantieri;Hervé;herve@exemple.fr
        P3;Barandon;Adèle;adele@exemple.fr
        P4;Cormier;Diane;

        """)
      try await world.bring("facilitateurs", "personne;expertises\nP1;cpts\nP2;cpts\nP3;cpts\nP4;cpts\n")
      let outcome = try await world.bring(
        "facilitations", "reference;demandee_le;besoin;structures;type_facilitation\nF1;2026-11-05;Des statuts;S1;conseil_juridique\n")
      #expect(outcome.created == 1, "\(outcome)")
      let direction = try await world.accounts.create(
        email: "odile@exemple.fr", name: "Odile", role: .direction, password: "un mot de passe")
      try await body(House(world: world, clock: clock, direction: direction))
    }
  }

  @Test(arguments: Engine.allCases) func whoAcceptsIsNamedAndTheOthersAreThanked(_ engine: Engine) async throws {
    try await withHouse(engine) { house async throws in
      #expect(try await house.invite(["P1", "P2", "P3"]) == 3)
      #expect(try await house.state() == .proposed)
      // Clicked twice, it is sent once.
      #expect(try await house.invite(["P1", "P2"]) == 0)
      let (first, second) = (try await house.token("zoe@exemple.fr"), try await house.token("herve@exemple.fr"))
      // To look is not to answer.
      for _ in 0..<2 {
        guard case .open(let opened) = try await house.door.open(first) else { return #expect(Bool(false), "closed") }
        #expect(opened.teams == ["Le Plateau"] && opened.need == "Des statuts" && opened.slots.count == 2)
      }
      #expect(try await house.answers() == ["Adèle Barandon ", "Hervé Lantieri ", "Zoé Quintarel "])
      #expect(try await house.door.answer(second, accepts: false, words: "En congé", from: house.origin) == .kept)
      let slot = try #require(try await house.board().slots.last)
      #expect(try await house.door.answer(first, accepts: true, slots: [slot.id], words: nil, from: house.origin) == .kept)
      #expect(try await house.answers() == ["Adèle Barandon retiree", "Hervé Lantieri declinee", "Zoé Quintarel acceptee"])
      #expect(try await house.names() == ["Zoé Quintarel"])
      #expect(try await house.state() == .assigned)
      let mails = try await house.mails()
      #expect(mails.last { $0.to[0].address == "adele@exemple.fr" }?.subject.hasPrefix("Merci, nous avons trouvé") == true)
      #expect(mails.filter { $0.to[0].address == "odile@exemple.fr" }.map { $0.text.contains("En congé") } == [true, false])
      // A link serves once: the answer stays, whatever is sent after it.
      #expect(try await house.door.answer(first, accepts: false, words: nil, from: house.origin) == .kept)
      #expect(try await house.names() == ["Zoé Quintarel"])
      guard case .answered(.accepted, _, _) = try await house.door.open(first) else { return #expect(Bool(false), "not answered") }
      guard case .full = try await house.door.open(try await house.token("adele@exemple.fr")) else {
        return #expect(Bool(false), "not full")
      }
      let board = try await house.board()
      #expect(board.accepted.map(\.name) == ["Zoé Quintarel"] && board.accepted[0].slots == [slot.id])
      // Undone as any change of a record, the acceptance frees nobody from being asked again.
      #expect(try await house.invite(["P2"], house.call(places: 2)) == 1)
    }
  }

  /// Two who take the last place at the same moment: one has it.
  @Test(arguments: Engine.allCases) func theLastPlaceHasOneWinner(_ engine: Engine) async throws {
    try await withHouse(engine) { house async throws in
      #expect(try await house.invite(["P1", "P2", "P3"]) == 3)
      var tokens: [String] = []
      for address in ["zoe@exemple.fr", "herve@exemple.fr", "adele@exemple.fr"] { tokens.append(try await house.token(address)) }
      let (door, origin) = (house.door, house.origin)
      try await withThrowingTaskGroup(of: InvitationDoor.Outcome.self) { group in
        for token in tokens { group.addTask { try await door.answer(token, accepts: true, words: nil, from: origin) } }
        for try await outcome in group { #expect(outcome == .kept) }
      }
      #expect(try await house.names().count == 1)
      #expect(try await house.answers().filter { $0.hasSuffix("acceptee") }.count == 1)
    }
  }

  @Test(arguments: Engine.allCases) func badCallsAreRefused(_ engine: Engine) async throws {
    try await withHouse(engine) { house async throws in
      func refused(_ references: [String], _ call: InvitationDesk.Call) async throws -> String {
        do {
          _ = try await house.invite(references, call)
          return ""
        } catch let refusal as FieldRefusal {
          return refusal.field
        } catch let refusal as Refusal {
          return refusal.sentence
        }
      }
      #expect(try await refused(["P1"], house.call(places: 0)) == "places")
      #expect(try await refused(["P1"], house.call(through: "2026-11-30")) == "reponse_avant")
      #expect(try await refused(["P1"], house.call(through: "2027-12-01")) == "reponse_avant")
      #expect(try await refused(["P1"], house.call([("2026-12-15", "12:30"), ("2026-11-30", "12:30")])) == "creneau_2")
      // In Paris it is ten o'clock.
      #expect(try await refused(["P1"], house.call([("2026-12-01", "10:00")])) == "creneau_1")
      #expect(try await refused([], house.call()).contains("Cochez au moins une personne"))
      #expect(try await refused(["P4"], house.call()).contains("Diane Cormier"))
      #expect(try await house.mails().isEmpty)
      #expect(try await house.answers().isEmpty)
      #expect(try await refused(["P1"], house.call([("2026-12-01", "10:01")])).isEmpty)
    }
  }

  @Test(arguments: Engine.allCases) func aLinkEnds(_ engine: Engine) async throws {
    try await withHouse(engine) { house async throws in
      #expect(try await house.invite(["P1", "P2"]) == 2)
      let (first, second) = (try await house.token("zoe@exemple.fr"), try await house.token("herve@exemple.fr"))
      let invitation: Identifier<Invitation> = try await house.id("SELECT id FROM facilitation_invitation WHERE email = 'herve@exemple.fr'")
      let facilitation = try await house.facilitation()
      try await house.desk.withdraw(invitation, of: facilitation)
      try await house.desk.withdraw(invitation, of: facilitation)
      #expect(try await house.mails().filter { $0.to[0].address == "herve@exemple.fr" }.count == 2)
      guard case .full = try await house.door.open(second) else { return #expect(Bool(false), "not withdrawn") }
      #expect(try await house.door.answer(second, accepts: true, words: nil, from: house.origin) == .kept)
      #expect(try await house.names().isEmpty)
      // A link of another purpose, and one that nobody made, lead nowhere.
      for forged in ["", "0000000000001-1.00", String(first.dropLast()) + "x", first.replacing("-", with: "_")] {
        guard case .closed = try await house.door.open(forged) else { return #expect(Bool(false), "\(forged)") }
        #expect(try await house.door.answer(forged, accepts: true, words: nil, from: house.origin) == .closed)
      }
      try house.clock.set("2026-12-11T09:00:00Z")
      guard case .closed = try await house.door.open(first) else { return #expect(Bool(false), "not ended") }
      #expect(try await house.door.answer(first, accepts: true, words: nil, from: house.origin) == .closed)
      #expect(try await house.answers() == ["Hervé Lantieri retiree", "Zoé Quintarel "])
    }
  }

  /// Who does not answer is reminded once; once it is given up, whoever was asked is told.
  @Test(arguments: Engine.allCases) func silenceIsRemindedOnce(_ engine: Engine) async throws {
    try await withHouse(engine) { house async throws in
      #expect(try await house.invite(["P1"]) == 1)
      let runner = house.world.jobRunner(SendingJob(obstacle: "Aucun serveur."))
      for day in ["2026-12-04", "2026-12-05", "2026-12-06", "2026-12-07"] {
        try house.clock.set("\(day)T09:00:00Z")
        _ = try await runner.runDue()
      }
      let reminders = try await house.mails().filter { $0.subject.hasPrefix("Rappel") }
      #expect(reminders.count == 1)
      let token = try await house.token("zoe@exemple.fr")
      guard case .open = try await house.door.open(token) else { return #expect(Bool(false), "closed") }
      let facilitation = try await house.facilitation()
      try await FacilitationDesk(house.world, actor: house.direction).cancel(facilitation, because: "L’équipe a renoncé")
      #expect(try await house.mails().last?.subject.hasPrefix("Merci, nous avons trouvé") == true)
      #expect(try await house.door.answer(token, accepts: true, words: nil, from: house.origin) == .kept)
      #expect(try await house.names().isEmpty)
    }
  }

  /// Merged while it waited: the invitation is that of whoever stands for the person now.
  @Test(arguments: Engine.allCases) func aMergedPersonStillAnswers(_ engine: Engine) async throws {
    try await withHouse(engine) { house async throws in
      #expect(try await house.invite(["P1"]) == 1)
      let token = try await house.token("zoe@exemple.fr")
      try await house.world.bring("personnes", "reference;nom;prenom;courriel\nP5;Quintarel;Zoé Anne;zoe.anne@exemple.fr\n")
      let old: Identifier<Person> = try await house.id("SELECT id FROM person WHERE reference = 'P1'")
      let new: Identifier<Person> = try await house.id("SELECT id FROM person WHERE reference = 'P5'")
      try await house.world.database.write { connection in
        _ = try connection.execute(
          "UPDATE person SET removed_at = \(Instant(house.clock.now)), merged_into = \(new) WHERE id = \(old)")
      }
      #expect(try await house.door.answer(token, accepts: true, words: nil, from: house.origin) == .kept)
      #expect(try await house.names() == ["Zoé Anne Quintarel"])
      #expect(try await house.board().invitations.map(\.person) == [new])
    }
  }

  /// Calendars follow the meeting, whoever moves it and how; nothing is told twice.
  @Test(arguments: Engine.allCases) func calendarsFollowTheMeeting(_ engine: Engine) async throws {
    try await withHouse(engine) { house async throws in
      #expect(try await house.invite(["P1"], house.call([("2027-03-28", "02:30"), ("2027-03-29", "12:30")])) == 1)
      let facilitation = try await house.facilitation()
      await #expect(throws: Refusal.self) { try await house.desk.sendToCalendars(facilitation) }
      #expect(
        try await house.door.answer(try await house.token("zoe@exemple.fr"), accepts: true, words: nil, from: house.origin) == .kept)
      let slots = try await house.board().slots
      try await house.desk.keep(slots[1].id, of: facilitation)
      #expect(try await house.state() == .dated)
      func files() async throws -> [String] {
        try await house.mails().flatMap(\.attachments).map { String(decoding: $0.content, as: UTF8.self) }
      }
      // Nobody has asked for it yet.
      #expect(try await files().isEmpty)
      try await house.desk.sendToCalendars(facilitation)
      var sent = try await files()
      #expect(sent.count == 1 && sent[0].contains("METHOD:REQUEST") && sent[0].contains("SEQUENCE:0"))
      #expect(sent[0].contains("DTSTART;TZID=Europe/Paris:20270329T123000") && sent[0].contains("zoe@exemple.fr"))
      #expect(sent[0].contains("mailto:odile@exemple.fr") && !sent[0].contains("Des statuts"))
      try await house.desk.sendToCalendars(facilitation)
      let runner = house.world.jobRunner(SendingJob(obstacle: "Aucun serveur."))
      _ = try await runner.runDue()
      #expect(try await files().count == 1)
      #expect(try await house.board().calendar.names == ["Zoé Quintarel"])
      // A file moves it to the hour that the clocks jump over, and names somebody else as well.
      try await house.world.bring("facilitations", "reference;date;heure;facilitateurs\nF1;2027-03-28;02:30;P1|P2\n")
      try house.clock.set("2026-12-02T09:00:00Z")
      _ = try await runner.runDue()
      sent = try await files()
      #expect(sent.count == 3 && sent[1...].allSatisfy { $0.contains("DTSTART;TZID=Europe/Paris:20270328T023000") })
      #expect(sent[1...].filter { $0.contains("SEQUENCE:1") }.count == 1 && sent[1...].filter { $0.contains("SEQUENCE:0") }.count == 1)
      // Put off: each of them is told, once.
      try await FacilitationDesk(house.world, actor: house.direction).postpone(facilitation, because: "Salle prise")
      _ = try await runner.runDue()
      sent = try await files()
      #expect(sent.count == 5 && sent[3...].allSatisfy { $0.contains("METHOD:CANCEL") && $0.contains("STATUS:CANCELLED") })
      #expect(try await house.board().calendar.names.isEmpty)
    }
  }

  /// Erased, a person leaves no address in what was sent to them.
  @Test(arguments: Engine.allCases) func erasureReachesInvitations(_ engine: Engine) async throws {
    try await withHouse(engine) { house async throws in
      #expect(try await house.invite(["P1"]) == 1)
      let token = try await house.token("zoe@exemple.fr")
      #expect(try await house.door.answer(token, accepts: true, words: "Zoé Quintarel, au 04 76", from: house.origin) == .kept)
      let person: Identifier<Person> = try await house.id("SELECT id FROM person WHERE reference = 'P1'")
      let texts = try #require(try await house.world.database.read { try PersonDossier(person, $0) }).texts.map(\.code)
      _ = try await PersonalDataDesk(house.world, actor: house.direction).erase(
        .init([person], texts: texts, because: .demand), confirmedBy: "anonymiser")
      let kept: [String] = try await house.world.database.read { connection in
        try connection.rows("SELECT email || ' ' || name || ' ' || COALESCE(words, '') FROM facilitation_invitation").map { try $0[0] }
      }
      #expect(kept.count == 1 && !kept[0].contains("Quintarel") && !kept[0].contains("zoe@"))
    }
  }
}
