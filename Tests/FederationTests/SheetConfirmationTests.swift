import Foundation
import Records
import Store
import TestSupport
import Testing

@testable import Federation

/// « Confirmez votre fiche »: a link without an account, an answer, and what the staff make of it (DIR-15).
@Suite struct SheetConfirmationTests {
  private static let structures = """
    reference;type;nom;departement;etat;depuis;telephone;courriel;nb_medecins;notes
    S1;msp;Les Tilleuls;38;ouverte;2018-01-01;04 76 00 00 01;equipe@exemple.fr;3;Une note confidentielle
    S2;msp;Sans adresse;38;ouverte;2018-01-01;;;;
    S3;msp;Le Plateau;38;ouverte;2018-01-01;;plateau@exemple.fr;;

    """

  private struct House {
    let world: Installation
    let clock: MovingClock
    let direction: Account

    var desk: SheetDesk { SheetDesk(world, actor: direction) }
    var door: SheetDoor { SheetDoor(world) }
    let origin = Origin(client: "10.0.0.1", browser: nil)

    func team(_ reference: String) async throws -> Identifier<Structure> {
      let id: Identifier<Structure>? = try await world.database.read {
        try $0.value("SELECT id FROM structure WHERE reference = \(reference)")
      }
      return try #require(id)
    }

    /// The messages that wait, as they would leave.
    func mails() async throws -> [OutgoingMail] {
      try await world.database.read { connection in
        try connection.rows("SELECT content FROM outbox ORDER BY id").map {
          try JSONDecoder().decode(OutgoingMail.self, from: Data((try $0[0] as String).utf8))
        }
      }
    }

    /// What stands after `/fiche/` in the last of them.
    func token() async throws -> String { try Self.token(in: try await mails().last) }

    static func token(in mail: OutgoingMail?) throws -> String {
      let text = try #require(mail).text
      return String(try #require(text.firstMatch(of: /\/fiche\/(\S+)/)).output.1)
    }

    func opened(_ token: String) async throws -> SheetDoor.Opened? {
      if case .open(let opened) = try await door.open(token) { return opened }
      return nil
    }

    func propose(_ token: String, _ changes: Entries) async throws -> SheetDoor.Outcome {
      let opened = try #require(try await opened(token))
      let shown = opened.entries.merging([SheetConfirmation.coordination: opened.coordination]) { $1 }
      return try await door.answer(token, shown: shown, proposed: shown.merging(changes) { $1 }, from: origin)
    }

    func reviews() async throws -> [SheetReview] {
      try await world.database.read { try SheetReview.all(on: try Settings($0).today(clock.now), $0) }
    }

    func seen(_ review: SheetReview) -> [Identifier<SheetProposal>: String] {
      Dictionary(uniqueKeysWithValues: review.proposals.map { ($0.id, $0.current ?? "") })
    }

    func record(_ reference: String) async throws -> Entries {
      let id = try await team(reference)
      return try #require(try await world.database.read { try RecordForm(StructureRecords(), id.rawValue, $0) }).entries
    }

    func confirmed() async throws -> [String: Int] {
      let today = try await world.database.read { try Settings($0).today(clock.now) }
      return try await world.values("structures.count", Period(asOf: today), by: ["fiche_confirmee"])
    }
  }

  private func withHouse(_ engine: Engine, _ body: (House) async throws -> Void) async throws {
    let clock = MovingClock()
    try await withInstallation(engine, siteURL: "https://maillage.exemple.fr/", now: { clock.now }) { world async throws in
      try await world.bring("structures", Self.structures)
      try await world.bring("personnes", "reference;nom;prenom;courriel\nP1;Barandon;Adèle;adele@exemple.fr\n")
      try await world.bring("fonctions", "personne;structure;fonction;depuis\nP1;S1;coordinateur;2020-01-01\n")
      let direction = try await world.accounts.create(
        email: "odile@exemple.fr", name: "Odile", role: .direction, password: "un mot de passe")
      try await body(House(world: world, clock: clock, direction: direction))
    }
  }

  @Test(arguments: Engine.allCases) func allIsRightInOneClick(_ engine: Engine) async throws {
    try await withHouse(engine) { house async throws in
      let teams = [try await house.team("S1"), try await house.team("S2"), try await house.team("S3")]
      #expect(try await house.desk.send(teams) == 2)
      // Clicked twice, it is sent once.
      #expect(try await house.desk.send(teams) == 0)
      let mails = try await house.mails()
      #expect(Set(mails.flatMap(\.to).map(\.address)) == ["adele@exemple.fr", "plateau@exemple.fr"])
      #expect(mails.allSatisfy { $0.text.contains("https://maillage.exemple.fr/fiche/") })
      let token = try await house.token()
      // To look is not to answer, however often.
      for _ in 0..<3 {
        let opened = try #require(try await house.opened(token))
        #expect(opened.entries.keys.allSatisfy(SheetConfirmation.fields.contains) && opened.entries["notes"] == nil)
      }
      #expect(try await house.confirmed() == ["non": 3])
      for _ in 0..<2 { #expect(try await house.door.answer(token, from: house.origin) == .kept) }
      #expect(try await house.confirmed() == ["oui": 1, "non": 2])
      #expect(try await house.reviews().isEmpty)
      guard case .answered = try await house.door.open(token) else { Issue.record("still open"); return }
      // A year later it is to be asked again.
      house.clock.move(by: .seconds(86_400 * 370))
      #expect(try await house.confirmed() == ["non": 3])
    }
  }

  @Test(arguments: Engine.allCases) func correctionsAreReadAgain(_ engine: Engine) async throws {
    try await withHouse(engine) { house async throws in
      let team = try await house.team("S1")
      _ = try await house.desk.send([team])
      let token = try await house.token()
      let opened = try #require(try await house.opened(token))
      #expect(opened.coordination == "Adèle Barandon" && opened.entries["telephone"] == "04 76 00 00 01")
      // What is plainly no address or no number is refused, and nothing is kept.
      guard case .refused(let faults) = try await house.propose(token, ["courriel": "nulle part", "nb_medecins": "beaucoup", "nom": ""])
      else { Issue.record("taken"); return }
      #expect(Set(faults.keys) == ["courriel", "nb_medecins", "nom"])
      let changes = ["telephone": "04 76 99 99 99", "nb_medecins": "5", "coordination": "Basile Ormont", "notes": "Effacée", "type": "cds"]
      #expect(try await house.propose(token, changes) == .kept)
      var review = try #require(try await house.reviews().first)
      #expect(review.proposals.map(\.field) == ["telephone", "nb_medecins", "coordination"])
      #expect(try await house.record("S1")["telephone"] == "04 76 00 00 01")
      #expect(try await house.confirmed() == ["non": 3])
      // A colleague changes the telephone meanwhile: it is told, and what was not seen is not written over.
      let stale = house.seen(review)
      _ = try await house.world.editor(of: StructureRecords(), for: house.direction).change(team.rawValue, as: .entry) {
        $0.phone = "04 76 11 11 11"
      }
      review = try #require(try await house.reviews().first)
      #expect(review.proposals.map(\.isOvertaken) == [true, false, false])
      await #expect(throws: Refusal.self) {
        try await house.desk.settle(review.id, review.proposals.map(\.id), as: .accepted, seen: stale)
      }
      try await house.desk.settle(review.id, [review.proposals[0].id], as: .dismissed, seen: house.seen(review))
      try await house.desk.settle(review.id, review.proposals.map(\.id), as: .accepted, seen: house.seen(review))
      #expect(try await house.record("S1")["telephone"] == "04 76 11 11 11")
      #expect(try await house.record("S1")["nb_medecins"] == "5")
      #expect(try await house.record("S1")["type"] == "msp")
      #expect(try await house.record("S1")["notes"] == "Une note confidentielle")
      #expect(try await house.reviews().first?.proposals.map(\.state) == [.dismissed, .accepted, .accepted])
      #expect(try await house.confirmed() == ["oui": 1, "non": 2])
      #expect(try await house.desk.reopen(review.id) == false)
      #expect(try await house.record("S1")["nb_medecins"] == "3")
      #expect(try await house.reviews().first?.proposals.map(\.state) == [.waiting, .waiting, .waiting])
      await #expect(throws: Refusal.self) { _ = try await house.desk.reopen(review.id) }
      // What has changed since stays, and is told.
      review = try #require(try await house.reviews().first)
      try await house.desk.settle(review.id, [review.proposals[1].id], as: .accepted, seen: house.seen(review))
      _ = try await house.world.editor(of: StructureRecords(), for: house.direction).change(team.rawValue, as: .entry) { $0.doctors = 6 }
      #expect(try await house.desk.reopen(review.id))
      #expect(try await house.record("S1")["nb_medecins"] == "6")
    }
  }

  @Test(arguments: Engine.allCases) func nothingChangedIsAConfirmation(_ engine: Engine) async throws {
    try await withHouse(engine) { house async throws in
      _ = try await house.desk.send([try await house.team("S1")])
      #expect(try await house.propose(house.token(), [:]) == .kept)
      #expect(try await house.reviews().isEmpty)
      #expect(try await house.confirmed() == ["oui": 1, "non": 2])
    }
  }

  @Test(arguments: Engine.allCases) func aLinkHasAnEnd(_ engine: Engine) async throws {
    try await withHouse(engine) { house async throws in
      let (first, third) = (try await house.team("S1"), try await house.team("S3"))
      _ = try await house.desk.send([first])
      let token = try await house.token()
      for other in [
        "", "x", String(token.dropLast()) + (token.hasSuffix("0") ? "1" : "0"), token.replacing("-", with: "-1"),
        "0000000000000-\(token.split(separator: "-")[1])",
      ] {
        #expect(try await house.opened(other) == nil, "\(other)")
        #expect(try await house.door.answer(other, from: house.origin) == .closed, "\(other)")
      }
      // Merged, the link shows the team that is kept.
      let merges = house.world.merges(of: StructureRecords(), for: house.direction)
      let preview = try await house.world.database.read { try merges.preview(first.rawValue, into: third.rawValue, [:], $0) }
      let merge = house.world.ids.next(Merge.self)
      #expect(try await merges.apply(merge, first.rawValue, into: third.rawValue, [:], seen: preview.digest) == .done)
      #expect(try await house.opened(token)?.team == "Le Plateau")
      _ = try await merges.undo(merge)
      #expect(try await house.opened(token)?.team == "Les Tilleuls")
      // In the bin there is nothing to read.
      let editor = house.world.editor(of: StructureRecords(), for: house.direction)
      _ = try await editor.remove(first.rawValue)
      #expect(try await house.opened(token) == nil)
      #expect(try await house.door.answer(token, from: house.origin) == .closed)
      try await editor.restore(first.rawValue)
      house.clock.move(by: .seconds(86_400 * 31))
      #expect(try await house.opened(token) == nil)
      #expect(try await house.door.answer(token, from: house.origin) == .closed)
    }
  }

  @Test(arguments: Engine.allCases) func onePlaceDoesNotTryForEver(_ engine: Engine) async throws {
    try await withHouse(engine) { house async throws in
      for _ in 0..<60 { _ = try await house.door.answer("x", from: house.origin) }
      await #expect(throws: TooManyAttempts.self) { _ = try await house.door.answer("x", from: house.origin) }
    }
  }

  @Test(arguments: Engine.allCases) func whoDoesNotAnswerIsRemindedOnce(_ engine: Engine) async throws {
    try await withHouse(engine) { house async throws in
      _ = try await house.desk.send([try await house.team("S1"), try await house.team("S3")])
      let mails = try await house.mails()
      let plateau = try House.token(in: mails.first { $0.text.contains("Le Plateau") })
      #expect(try await house.door.answer(plateau, from: house.origin) == .kept)
      let runner = house.world.jobRunner(SendingJob { _ in })
      for _ in 0..<16 {
        house.clock.move(by: .seconds(86_400))
        _ = try await runner.runDue()
      }
      let reminders = try await house.mails().filter { $0.subject.hasPrefix("Rappel") }
      #expect(reminders.flatMap(\.to).map(\.address) == ["adele@exemple.fr"])
      let token = try House.token(in: reminders.first)
      #expect(try await house.opened(token)?.team == "Les Tilleuls")
    }
  }

  @Test(arguments: Engine.allCases) func whoIsAnonymisedIsWrittenToNoMore(_ engine: Engine) async throws {
    try await withHouse(engine) { house async throws in
      _ = try await house.desk.send([try await house.team("S1")])
      let token = try await house.token()
      _ = try await house.propose(token, ["coordination": "Adèle Barandon jusqu’en mars"])
      let person: Identifier<Person> = try #require(
        try await house.world.database.read { try $0.value("SELECT id FROM person WHERE reference = 'P1'") })
      let dossier = try #require(try await house.world.database.read { try PersonDossier(person, $0) })
      #expect(dossier.texts.contains { $0.label == "Correction proposée d’une fiche" })
      _ = try await PersonalDataDesk(house.world, actor: house.direction).erase(
        .init([person], texts: dossier.texts.map(\.code), because: .demand), confirmedBy: "anonymiser")
      let left = try await house.world.database.read { connection in
        try connection.rows(
          """
          SELECT email || ' ' || COALESCE(name, '') FROM sheet_request UNION ALL SELECT answered_by FROM sheet_answer
          UNION ALL SELECT before || ' ' || proposed FROM sheet_proposal
          """
        ).map { try $0[0] as String }
      }
      #expect(left.allSatisfy { !$0.contains("Barandon") && !$0.contains("adele@") }, "\(left)")
    }
  }
}
