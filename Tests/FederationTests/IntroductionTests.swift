import Foundation
import Records
import Store
import TestSupport
import Testing

@testable import Federation

/// Natures of exchanges, and who was put in touch with whom (SUP-11).
@Suite struct IntroductionTests {
  private func withWorld(_ engine: Engine, _ body: (Installation, Account) async throws -> Void) async throws {
    try await withInstallation(engine) { world async throws in
      let direction = try await world.accounts.create(
        email: "odile@exemple.fr", name: "Odile", role: .direction, password: "un mot de passe")
      try await world.bring(
        "structures",
        """
        reference;type;nom;departement;etat;depuis
        S1;msp;Les Tilleuls;38;ecriture;2025-01-01
        S2;msp;Le Plateau;69;ouverte;2018-01-01
        S3;cpts;Le Silence;69;ecriture;2025-01-01

        """)
      try await world.bring("personnes", "reference;nom;prenom;commune\nP1;Quintarel;Zoé;38185\n")
      try await world.bring("organisations", "reference;nature;nom\nO1;cpam;CPAM\n")
      try await body(world, direction)
    }
  }

  private func id<Subject>(_ table: SQL, _ reference: String, _ world: Installation) async throws -> Identifier<Subject> {
    let id: Identifier<Subject>? = try await world.database.read {
      try $0.value("SELECT id FROM \(table) WHERE reference = \(reference)")
    }
    return try #require(id)
  }

  @Test(arguments: Engine.allCases) func anExchangeHasSeveralNatures(_ engine: Engine) async throws {
    try await withWorld(engine) { world, direction async throws in
      let brought = try await world.bring(
        "echanges",
        """
        date;canal;structures;natures;reference
        2025-02-01;telephone;S1;juridique|gestion;E1
        2025-03-01;telephone;S1|S3;juridique;E2
        2025-04-01;telephone;S1;;E3

        """)
      #expect(brought.created == 3 && brought.refused.isEmpty, "\(brought)")
      // A file of the time when there was one.
      let former = try await world.bring("echanges", "date;canal;nature;reference\n2025-05-01;visio;Immobilier;E4\n")
      #expect(former.created == 1 && former.warnings.isEmpty, "\(former)")
      let parts = try await world.values("contacts.count", Period(year: 2025), by: ["nature"])
      #expect(parts == ["juridique": 2, "gestion": 1, "immobilier": 1, "non_renseigne": 1], "\(parts)")
      #expect(try await world.values("contacts.count", Period(year: 2025), where: [("nature", "juridique")])[""] == 2)
      let again = try await world.bring("echanges", try await world.take("echanges"))
      #expect(again.unchanged == 4 && again.changed == 0 && again.refused.isEmpty, "\(again)")
      let unknown = try await world.bring("echanges", "date;canal;natures\n2025-05-01;visio;Pêche\n")
      #expect(unknown.refused.map(\.fault.column) == ["natures"])
      // Changed, and taken back.
      let exchange: Identifier<Exchange> = try await id("exchange", "E1", world)
      let editor = world.editor(of: ExchangeRecords(), for: direction)
      #expect(
        try await editor.save(exchange.rawValue, entering: ["natures": "immobilier"], from: 1, heedsWarnings: false) == .saved(version: 2))
      #expect(try await natures(of: exchange, world) == ["immobilier"])
      let history = try await world.database.read { try RecordHistory(exchange.rawValue, of: ExchangeRecords(), $0) }
      #expect(history.entries.first?.changes.map { "\($0.before) \($0.after)" } == ["gestion|juridique immobilier"])
      #expect(try await editor.undo(exchange.rawValue, version: 2) == .saved(version: 3))
      #expect(try await natures(of: exchange, world) == ["gestion", "juridique"])
    }
  }

  private func natures(of exchange: Identifier<Exchange>, _ world: Installation) async throws -> [String] {
    try await world.database.read {
      try $0.rows("SELECT nature FROM exchange_nature WHERE exchange_id = \(exchange) ORDER BY nature").map { try $0[0] }
    }
  }

  /// What a history holds of the time when an exchange had one nature is what a draft with one of them holds.
  @Test func anOlderImageIsRead() throws {
    let before = Data(#"{"nature":"juridique","structures":[],"organisations":[],"people":[],"themes":[]}"#.utf8)
    var draft = try JSONDecoder().decode(ExchangeRecords.Draft.self, from: before)
    #expect(draft.natures == ["juridique"])
    let kept = try JSONSerialization.jsonObject(with: JSONEncoder().encode(draft)) as? [String: Any]
    #expect(kept?["nature"] as? String == "juridique")
    draft.natures = ["gestion", "juridique"]
    #expect(try JSONDecoder().decode(ExchangeRecords.Draft.self, from: JSONEncoder().encode(draft)) == draft)
    draft.natures = []
    #expect(try JSONDecoder().decode(ExchangeRecords.Draft.self, from: JSONEncoder().encode(draft)).natures == [])
  }

  private static let introductions = """
    reference;date;structure;autre_structure;personne;organisation;echange;objet;suite;note
    R1;2025-02-01;S1;S2;;;E1;Visiter les locaux;fait_suite;Elles se revoient
    R2;2025-03-01;S1;;P1;;;Parler à Zoé Quintarel;;
    R3;2026-03-01;S3;;;O1;;;sans_suite;

    """

  @Test(arguments: Engine.allCases) func introductionsAreCountedByBothTeams(_ engine: Engine) async throws {
    try await withWorld(engine) { world, direction async throws in
      try await world.bring("echanges", "date;canal;structures;reference\n2025-02-01;telephone;S1;E1\n")
      let brought = try await world.bring("mises_en_relation", Self.introductions)
      #expect(brought.created == 3 && brought.refused.isEmpty, "\(brought)")
      let year = Period(year: 2025)
      #expect(try await world.values("introductions.count", year)[""] == 2)
      #expect(try await world.values("introductions.count", year, by: ["departement"]) == ["38": 2, "69": 1])
      #expect(try await world.values("introductions.count", year, by: ["suite"]) == ["fait_suite": 1, "a_suivre": 1])
      #expect(try await world.values("introductions.count", year, by: ["autre_equipe"]) == ["oui": 1, "non": 1])
      let refused = try await world.bring(
        "mises_en_relation",
        """
        reference;date;structure;autre_structure;personne;echange
        A1;2025-02-01;S1;;;
        A2;2025-02-01;S1;S1;;
        A3;2090-02-01;S1;S2;;
        A4;2025-02-01;S1;;P9;
        A5;2025-02-01;S1;S2;;E9

        """)
      #expect(
        refused.refused.map { "\($0.line) \($0.fault.column)" } == [
          "2 autre_structure", "3 autre_structure", "4 date", "5 personne", "5 autre_structure", "6 echange",
        ], "\(refused)")
      let again = try await world.bring("mises_en_relation", try await world.take("mises_en_relation"))
      #expect(again.unchanged == 3 && again.refused.isEmpty, "\(again)")
      // On both teams' pages, and on that of the exchange.
      let today = try #require(CivilDate(iso: "2026-06-01"))
      let (first, second): (Identifier<Structure>, Identifier<Structure>) = (
        try await id("structure", "S1", world), try await id("structure", "S2", world)
      )
      let sheets = try await world.database.read { connection in
        try [first, second].map { try StructureSheet($0, for: direction, asOf: today, connection)?.introductions.map(\.name) }
      }
      #expect(sheets == [["Zoé Quintarel", "Le Plateau"], ["Les Tilleuls"]])
      let exchange: Identifier<Exchange> = try await id("exchange", "E1", world)
      let sheet = try await world.database.read { try ExchangeSheet(exchange, for: direction, $0) }
      #expect(sheet?.introductions.map(\.words) == ["Les Tilleuls, Le Plateau"])
      // What came of it is changed, and taken back.
      let introduction: Identifier<Introduction> = try await id("introduction", "R2", world)
      let editor = world.editor(of: IntroductionRecords(), for: direction)
      #expect(
        try await editor.save(introduction.rawValue, entering: ["suite": "fait_suite"], from: 1, heedsWarnings: false)
          == .saved(version: 2))
      #expect(try await world.values("introductions.count", year, by: ["suite"]) == ["fait_suite": 2])
      #expect(try await editor.undo(introduction.rawValue, version: 2) == .saved(version: 3))
      #expect(try await world.values("introductions.count", year, by: ["suite"]) == ["fait_suite": 1, "a_suivre": 1])
      // To the bin, and out of it.
      #expect(try await editor.remove(introduction.rawValue))
      #expect(try await world.values("introductions.count", year)[""] == 1)
      try await editor.restore(introduction.rawValue)
      #expect(try await world.values("introductions.count", year)[""] == 2)
    }
  }

  @Test(arguments: Engine.allCases) func aMergeTakesIntroductionsAlong(_ engine: Engine) async throws {
    try await withWorld(engine) { world, _ async throws in
      try await world.bring("mises_en_relation", "reference;date;structure;autre_structure\nR1;2025-02-01;S1;S2\n")
      let (kept, merged): (Identifier<Structure>, Identifier<Structure>) = (
        try await id("structure", "S3", world), try await id("structure", "S2", world)
      )
      let editor = MergeEditor(
        StructureRecords(), among: world.model.kinds, world.database, ids: world.ids, now: world.now, actor: nil)
      let preview = try await world.database.read { try editor.preview(merged.rawValue, into: kept.rawValue, [:], $0) }
      let merge = world.ids.next(Merge.self)
      #expect(try await editor.apply(merge, merged.rawValue, into: kept.rawValue, [:], seen: preview.digest) == .done)
      #expect(try await world.take("mises_en_relation").contains("R1;2025-02-01;S1;S3;"))
    }
  }

  @Test(arguments: Engine.allCases) func anErasureLeavesTheIntroduction(_ engine: Engine) async throws {
    try await withWorld(engine) { world, direction async throws in
      try await world.bring(
        "mises_en_relation", "reference;date;structure;personne;objet\nR2;2025-03-01;S1;P1;Parler à Zoé Quintarel\n")
      let person: Identifier<Person> = try await id("person", "P1", world)
      let dossier = try #require(try await world.database.read { try PersonDossier(person, $0) })
      #expect(dossier.held.contains { $0.matter == .introductions && $0.count == 1 })
      #expect(dossier.texts.map(\.label) == ["Objet d’une mise en relation"])
      let export = try await world.database.read { connection in
        let file = try PersonExport(
          dossier, federation: "Essai", on: .lastDay(of: 2025), ReferenceLists(connection), words: { $0.rawValue }, connection
        ).file()
        return String(decoding: file, as: UTF8.self)
      }
      #expect(export.contains("misesEnRelation") && export.contains("Les Tilleuls"))
      let order = PersonalDataDesk.Order([person], texts: dossier.texts.map(\.code), because: .demand)
      _ = try await PersonalDataDesk(world, actor: direction).erase(order, confirmedBy: "anonymiser")
      let left = try await world.take("mises_en_relation")
      #expect(!left.contains("Quintarel") && left.contains("R2"))
      #expect(try await world.values("introductions.count", Period(year: 2025))[""] == 1)
    }
  }
}
