import Foundation
import Records
import Store
import TestSupport
import Testing

@testable import Federation

/// What colleagues say on records: who may, whom they call, and what becomes of it with the record.
@Suite struct CommentsTests {
  static let file = """
    reference;date;canal;structures;objet;auteur;visibilite
    E1;2025-03-03;telephone;M1;Locaux à trouver;Claire Vasselin;
    E2;2025-03-04;reunion;M1;Médiation zirconium;Claire Vasselin;confidentielle

    """

  struct House {
    let world: Installation
    let claire, camille, odile, referent: Account
    let team, note, call: Int64

    func id(_ table: SQL, _ reference: String) async throws -> Int64 { try await CommentsTests.id(table, reference, world) }

    func desk(_ account: Account) -> CommentDesk { world.comments(of: account) }

    @discardableResult
    func say(_ text: String, _ account: Account, on record: Int64? = nil, of kind: String = "structures") async throws -> Identifier<
      RecordComment
    > {
      let id = world.ids.next(RecordComment.self)
      _ = try await desk(account).write(id, on: record ?? team, of: kind, text)
      return id
    }

    func margin(_ reader: Account, on record: Int64? = nil, of kind: String = "structures") async throws -> RecordMargin {
      try await world.database.read { [team] in try RecordMargin(of: record ?? team, kind: kind, for: reader, $0) }
    }

    func notices(_ account: Account) async throws -> [NoticeEntry] {
      try await world.database.read { try NoticeEntry.all(of: account, $0) }
    }
  }

  static func withHouse(
    _ engine: Engine, siteURL: String? = nil, now: @escaping @Sendable () -> Date = { TestClock.now }, _ body: (House) async throws -> Void
  ) async throws {
    try await withInstallation(engine, siteURL: siteURL, now: now) { world async throws in
      try await world.bring("structures", "reference;type;nom;departement\nM1;msp;MSP du Val;38\nM2;msp;MSP du Mont;38\n")
      try await world.bring("territoires", "code;nom;departement;depuis\nest;Est;38;2020-01-01\n")
      func account(_ name: String, _ role: Role) async throws -> Account {
        let made = try await world.accounts.create(
          email: "\(name.prefix(2).lowercased())@exemple.fr", name: name, role: role, territory: role == .referent ? "est" : nil,
          password: "un mot de passe")
        let found = try await world.database.read {
          try Colleagues([made.id.rawValue], at: world.now(), $0).accounts.first
        }
        return found ?? made
      }
      let claire = try await account("Claire Vasselin", .chargeMission)
      let (camille, odile) = (try await account("Noé Pralong", .chargeMission), try await account("Odile Marchandet", .direction))
      let referent = try await account("Nadia Thuillier", .referent)
      #expect(try await world.bring("echanges", file).created == 2)
      try await body(
        House(
          world: world, claire: claire, camille: camille, odile: odile, referent: referent, team: id("structure", "M1", world),
          note: id("exchange", "E2", world), call: id("exchange", "E1", world)))
    }
  }

  private static func id(_ table: SQL, _ reference: String, _ world: Installation) async throws -> Int64 {
    let found: Int64? = try await world.database.read { try $0.value("SELECT id FROM \(table) WHERE reference = \(reference)") }
    return try #require(found)
  }

  @Test(arguments: Engine.allCases)
  func aCommentIsSaidOnceAndIsItsAuthorsToChange(_ engine: Engine) async throws {
    try await Self.withHouse(engine) { house async throws in
      let id = house.world.ids.next(RecordComment.self)
      // A double click.
      try await withThrowingTaskGroup(of: Int64.self) { group in
        for _ in 1...4 {
          group.addTask { [desk = house.desk(house.claire), team = house.team] in
            try await desk.write(id, on: team, of: "structures", " Voir\r\navec l’ARS 👩🏽‍⚕️ ")
          }
        }
        try await group.waitForAll()
      }
      let margin = try await house.margin(house.claire)
      #expect(margin.remarks.map(\.text) == ["Voir\navec l’ARS 👩🏽‍⚕️"] && margin.remarks.first?.author == "Claire Vasselin")
      #expect(margin.remarks.first?.isMine == true && margin.isWatched && margin.watchers.isEmpty)
      let others = try await house.margin(house.camille)
      #expect(others.remarks.first?.isMine == false && others.watchers == ["Claire Vasselin"])

      try await house.desk(house.claire).change(id, from: 1, to: "Vu avec l’ARS")
      #expect(try await house.margin(house.odile).remarks.map(\.text) == ["Vu avec l’ARS"])
      #expect(try await house.margin(house.odile).remarks.first?.editedAt != nil)
      await #expect(throws: Refusal.self) { try await house.desk(house.claire).change(id, from: 1, to: "Autre") }
      try await house.desk(house.claire).undoChange(of: id)
      #expect(try await house.margin(house.odile).remarks.map(\.text) == ["Voir\navec l’ARS 👩🏽‍⚕️"])
      for other in [house.camille, house.odile] {
        await #expect(throws: CommentDesk.Unknown.self) { try await house.desk(other).change(id, from: 3, to: "Moi") }
        await #expect(throws: CommentDesk.Unknown.self) { try await house.desk(other).mark(id, removed: true) }
      }
      try await house.desk(house.claire).mark(id, removed: true)
      #expect(try await house.margin(house.claire).remarks.isEmpty)
      try await house.desk(house.claire).mark(id, removed: false)
      #expect(try await house.margin(house.claire).remarks.count == 1)
      let trail = try await house.world.database.read { connection in
        try connection.rows("SELECT operation FROM event WHERE kind = 'commentaires' ORDER BY id").map { try $0[0] as String }
      }
      #expect(
        trail == [
          "commentaire_ecrit", "commentaire_modifie", "commentaire_modifie", "commentaire_supprime", "commentaire_retabli",
        ])
    }
  }

  @Test(arguments: Engine.allCases)
  func whatIsNoCommentIsRefusedWithASentence(_ engine: Engine) async throws {
    try await Self.withHouse(engine) { house async throws in
      for (text, words) in [
        (" \n\t ", "Écrivez d’abord"), (String(repeating: "é", count: 100_000), "100000 caractères : 5000 au plus"),
        ("Voir @Nadia Thuillier", "Nadia Thuillier n’a pas accès à cette fiche"), ("\u{0}\u{202E}", "Écrivez d’abord"),
      ] {
        do {
          try await house.say(text, house.claire)
          Issue.record("\(words)")
        } catch let refusal as Refusal { #expect(refusal.sentence.contains(words), "\(refusal.sentence)") }
      }
      #expect(try await house.margin(house.claire).remarks.isEmpty)
      // Marks that turn the direction of what follows are not kept; words in Arabic are.
      try await house.say("avant \u{202E}مرحبا <b>gras</b>", house.claire)
      #expect(try await house.margin(house.claire).remarks.map(\.text) == ["avant مرحبا <b>gras</b>"])
      // Neither who is not of the staff, nor of a record in the bin, nor of one that is not there.
      await #expect(throws: CommentDesk.Unknown.self) { try await house.say("Moi", house.referent) }
      await #expect(throws: CommentDesk.Unknown.self) { try await house.say("Moi", house.claire, on: 12) }
      await #expect(throws: CommentDesk.Unknown.self) { try await house.say("Moi", house.claire, of: "cibles") }
      #expect(try await house.margin(house.referent).remarks.isEmpty)
      let editor = house.world.editor(of: StructureRecords(), for: house.odile)
      #expect(try await editor.remove(house.team))
      await #expect(throws: Refusal.self) { try await house.say("Trop tard", house.claire) }
      try await editor.restore(house.team)
      #expect(try await house.margin(house.claire).remarks.count == 1)
    }
  }

  @Test(arguments: Engine.allCases)
  func whoIsCalledIsToldOnceAndWatchesFromThenOn(_ engine: Engine) async throws {
    try await Self.withHouse(engine) { house async throws in
      try await house.say("(@noe pralong), vous connaissez ? claire@exemple.fr @Claire Vasselin", house.claire)
      let margin = try await house.margin(house.claire)
      #expect(margin.isWatched && margin.watchers == ["Noé Pralong"])
      let told = try await house.notices(house.camille)
      #expect(told.map(\.matter) == [.mention] && told.first?.actor == "Claire Vasselin" && told.first?.title == "MSP du Val")
      #expect(try await house.notices(house.claire).isEmpty, "one's own acts")
      try await house.say("Oui", house.camille)
      try await house.say("Merci", house.camille)
      #expect(try await house.notices(house.claire).map(\.matter) == [.comment, .comment])
      #expect(try await house.notices(house.camille).count == 1)
      #expect(try await house.notices(house.odile).isEmpty)
      // Who has stopped is called all the same, and does not begin again by themselves.
      try await house.desk(house.camille).watch(house.team, of: "structures", false)
      try await house.say("@Noé Pralong encore", house.claire)
      try await house.say("Sans appel", house.claire)
      #expect(try await house.notices(house.camille).map(\.matter) == [.mention, .mention])
      try await house.desk(house.camille).watch(house.team, of: "structures", true)
      try await house.desk(house.camille).watch(house.team, of: "structures", true)
      let watched = try await house.margin(house.camille)
      #expect(watched.isWatched && watched.watchers == ["Claire Vasselin"])
      // Whom an edited comment calls is told then.
      let id = try await house.say("Pour plus tard", house.claire)
      try await house.desk(house.claire).change(id, from: 1, to: "Pour @Odile Marchandet")
      #expect(try await house.notices(house.odile).map(\.matter) == [.mention])
      let names = try await house.desk(house.claire).names("od mar", on: house.team, of: "structures")
      #expect(names == ["Odile Marchandet"])
      #expect(try await house.desk(house.claire).names("nadia", on: house.team, of: "structures") == [])
    }
  }

  @Test(arguments: Engine.allCases)
  func twoOfOneNameAreCalledByTheirAddresses(_ engine: Engine) async throws {
    try await Self.withHouse(engine) { house async throws in
      let second = try await house.world.accounts.create(
        email: "noe.second@exemple.fr", name: "Noé PRALONG", role: .assistance, password: "un mot de passe")
      await #expect(throws: Refusal.self) { try await house.say("@Noé Pralong", house.claire) }
      let names = try await house.desk(house.claire).names("noé", on: house.team, of: "structures")
      #expect(names == ["no@exemple.fr", "noe.second@exemple.fr"])
      try await house.say("@noe.second@exemple.fr, à vous", house.claire)
      #expect(try await house.notices(second).count == 1)
      #expect(try await house.notices(house.camille).isEmpty)
      // Of a closed account the name is a word like others.
      try await house.world.accounts.manager(house.odile).close(second.id)
      try await house.say("@Noé Pralong", house.claire)
      #expect(try await house.notices(house.camille).count == 1)
    }
  }

  @Test(arguments: Engine.allCases)
  func aConfidentialNoteIsSpokenOfByWhoReadsIt(_ engine: Engine) async throws {
    try await Self.withHouse(engine) { house async throws in
      try await house.say("Vu", house.claire, on: house.note, of: "echanges")
      await #expect(throws: CommentDesk.Unknown.self) { try await house.say("Et moi", house.camille, on: house.note, of: "echanges") }
      do {
        try await house.say("@Noé Pralong", house.claire, on: house.note, of: "echanges")
        Issue.record("somebody who may not read it was called")
      } catch let refusal as Refusal { #expect(refusal.sentence.contains("Noé Pralong n’a pas accès")) }
      try await house.say("@Odile Marchandet", house.claire, on: house.note, of: "echanges")
      #expect(try await house.notices(house.odile).map(\.title) == ["Médiation zirconium"])
      // An exchange that becomes confidential tells nothing more to who was told of it before.
      try await house.say("@Noé Pralong", house.claire, on: house.call, of: "echanges")
      #expect(try await house.notices(house.camille).map(\.title) == ["Locaux à trouver"])
      _ = try await house.world.editor(of: ExchangeRecords(), for: house.claire).save(
        house.call, entering: ["visibilite": "confidentielle"], from: 1, heedsWarnings: false)
      let closed = try #require(try await house.notices(house.camille).first)
      #expect(closed.title == nil && closed.excerpt == nil)
      let before = try await house.notices(house.camille).count
      try await house.say("Suite", house.claire, on: house.call, of: "echanges")
      #expect(try await house.notices(house.camille).count == before, "rights have ended")
    }
  }

  @Test(arguments: Engine.allCases)
  func aMergeCarriesThemAndTakesThemBack(_ engine: Engine) async throws {
    try await Self.withHouse(engine) { house async throws in
      let world = house.world
      let other = try await house.id("structure", "M2")
      try await house.say("De l’une @Noé Pralong", house.claire)
      try await house.say("De l’autre", house.claire, on: other)
      let editor = MergeEditor(StructureRecords(), among: world.model.kinds, world.database, ids: world.ids, now: world.now, actor: nil)
      let preview = try await world.database.read { [team = house.team] in try editor.preview(team, into: other, [:], $0) }
      let labels = Dictionary(preview.following.map { ($0.label, $0.count) }, uniquingKeysWith: +)
      #expect(labels["Commentaires"] == 1 && labels["Collègues qui suivent"] == 2)
      let id = world.ids.next(Merge.self)
      #expect(try await editor.apply(id, house.team, into: other, [:], seen: preview.digest) == .done)
      let margin = try await house.margin(house.claire, on: other)
      #expect(margin.remarks.count == 2 && margin.isWatched && margin.watchers == ["Noé Pralong"])
      #expect(try await house.notices(house.camille).map(\.record) == [other])
      // A form that was open on the merged record is heard on the kept one.
      #expect(try await house.desk(house.camille).write(world.ids.next(), on: house.team, of: "structures", "En retard") == other)
      _ = try await editor.undo(id)
      #expect(try await house.margin(house.claire).remarks.map(\.text) == ["De l’une @Noé Pralong"])
      #expect(try await house.margin(house.claire, on: other).remarks.map(\.text) == ["De l’autre", "En retard"])
    }
  }

  @Test(arguments: Engine.allCases)
  func aRecordThatIsSpokenOfStaysWhenItsImportIsTakenBack(_ engine: Engine) async throws {
    try await Self.withHouse(engine) { house async throws in
      try await house.world.bring("organisations", "reference;nature;nom\nO1;ars;ARS\n")
      let page = try await house.world.database.read { try PastImport.page(of: ["organisations"], from: 0, limit: 1, $0) }
      let organisation = try await house.id("organisation", "O1")
      try await house.say("Gardée", house.claire, on: organisation, of: "organisations")
      let outcome = try await house.world.importer.undo(try #require(page.imports.first?.id), house.world.model.kinds)
      #expect(outcome.undone == 0 && outcome.kept.map(\.key) == ["O1"])
    }
  }

  @Test(arguments: Engine.allCases)
  func whoIsForgottenIsForgottenThereToo(_ engine: Engine) async throws {
    try await Self.withHouse(engine) { house async throws in
      try await house.world.bring("personnes", "reference;nom;prenom\nP1;Gentiane;Aurore\n")
      let person = Identifier<Person>(rawValue: try await house.id("person", "P1"))
      let id = try await house.say("Aurore Gentiane rappelle", house.claire)
      try await house.desk(house.claire).change(id, from: 1, to: "Aurore Gentiane rappelle lundi, @Noé Pralong")
      let texts = try await house.world.database.read { connection in
        try NamedPerson(person, connection).map { try NamingText.all(naming: $0, connection) } ?? []
      }
      #expect(texts.map(\.label) == ["Commentaire sur une fiche"])
      try await house.world.database.write { connection in
        let eraser = PersonEraser(
          model: house.world.model, ids: house.world.ids, moment: TestClock.now, actor: nil, connection: connection)
        _ = try eraser.erase(person, because: .demand, mending: texts.map(\.code))
        _ = try eraser.close(house.camille.id, because: .demand)
      }
      let margin = try await house.margin(house.claire)
      let text = try #require(margin.remarks.first?.text)
      #expect(!text.contains("Gentiane") && text.contains("rappelle lundi") && !text.contains("Noé") && text.contains("@Compte fermé"))
      #expect(
        margin.isWatched && margin.watchers.isEmpty && margin.remarks.first?.mentioned.contains { $0.hasPrefix("Compte fermé") } == true)
      let trail = try await house.world.database.read { connection in
        try connection.rows("SELECT change FROM image WHERE kind = 'commentaires'").map { try $0[0] as String }.joined()
      }
      #expect(!trail.contains("Gentiane"))
      // What was forgotten does not come back by taking the change back.
      await #expect(throws: Refusal.self) { try await house.desk(house.claire).undoChange(of: id) }
      let left = try await house.world.database.read { try $0.value("SELECT count(*) FROM notice", as: Int.self) }
      #expect(left == 0)
    }
  }

  @Test func addressesOpenAndTheRestIsText() {
    let pieces = CommentText.pieces(
      of: "Voir (https://exemple.fr/a?b=1), @Claire Vasselin. javascript:alert(1) x@Claire Vasselin", mentioning: ["Claire Vasselin"])
    #expect(
      pieces == [
        .text("Voir ("), .address("https://exemple.fr/a?b=1"), .text("), "), .mention("@Claire Vasselin"),
        .text(". javascript:alert(1) x@Claire Vasselin"),
      ])
    #expect(CommentText.pieces(of: "@Claire Vasseline", mentioning: ["Claire Vasselin"]) == [.text("@Claire Vasseline")])
    #expect(CommentText.mention(in: "claire  vasselin"[...], among: ["Claire Vasselin"]) == nil)
  }
}
