import Foundation
import Records
import Store
import TestSupport
import Testing

@testable import Federation

/// Two records that become one, and two again.
struct MergeTests {
  private static let structures = """
    reference;type;nom;departement;commune;etat;depuis;telephone;notes;sites
    A;msp;Du Val;38;38185;ecriture;2020-01-01;;Ouvre le samedi;Grenoble
    B;msp;du  val;38;38185;valide;2021-03-01;0476000000;Parking derrière;Voiron
    C;cds;De la Gare;69;69381;ouverte;2019-05-01;;;

    """
  private static let people = """
    reference;nom;prenom;structures;courriel
    P1;Martin;Anne;A|B;
    P2;Durand;Luc;B;luc@exemple.fr
    P3;Durand;Luc;C;

    """
  private static let exchanges = """
    reference;date;canal;structures;personnes;organisations
    E1;2026-01-10;telephone;A|B;P2;O1
    E2;2026-02-10;visio;B;P3;O2
    E3;2026-03-10;visite;C;P2|P3;O1|O2

    """

  private func filled(_ world: Installation) async throws {
    try await world.bring("structures", Self.structures)
    try await world.bring("personnes", Self.people)
    try await world.bring("organisations", "reference;nature;nom;departements\nO1;ars;ARS;38\nO2;ars;A.R.S.;69\n")
    try await world.bring("echanges", Self.exchanges)
    try await world.bring("taches", "reference;titre;echeance;structure\nT1;Rappeler;2026-12-01;B\n")
    try await world.bring(
      "effectifs", "structure;date;nombre;source\nA;2025-01-01;8;Enquête\nB;2025-01-01;9;Enquête\nB;2026-01-01;10;Enquête\n")
    try await world.bring("sites", "structure;commune;nom;principal\nA;38185;Centre;oui\nB;38185;Annexe;oui\n")
    try await world.bring("phases", "structure;phase;depuis;jusqua\nA;mature;2024-01-01;2024-12-31\nB;mature;2024-06-01;2025-03-31\n")
  }

  private func id(_ table: SQL, _ reference: String, _ world: Installation) async throws -> Int64 {
    let found: Int64? = try await world.database.read { try $0.value("SELECT id FROM \(table) WHERE reference = \(reference)") }
    return try #require(found)
  }

  private func editor<Kind: RecordKind>(_ kind: Kind, _ world: Installation) -> MergeEditor<Kind> {
    MergeEditor(kind, among: world.model.kinds, world.database, ids: world.ids, now: world.now, actor: nil)
  }

  @discardableResult
  private func merge<Kind: RecordKind>(
    _ kind: Kind, _ merged: Int64, into kept: Int64, _ world: Installation, _ choices: [String: MergeChoice] = [:]
  ) async throws -> Identifier<Merge> {
    let editor = editor(kind, world)
    let preview = try await world.database.read { try editor.preview(merged, into: kept, choices, $0) }
    #expect(preview.faults.isEmpty)
    let id = world.ids.next(Merge.self)
    #expect(try await editor.apply(id, merged, into: kept, choices, seen: preview.digest) == .done)
    // Sent twice, it is done once.
    #expect(try await editor.apply(id, merged, into: kept, choices, seen: preview.digest) == .done)
    return id
  }

  private func expectOrder(_ world: Installation) async throws {
    let today = CivilDate(of: TestClock.now, in: .gmt)
    let faults = try await world.database.read { [model = world.model] in try model.faults($0, today: today) }
    #expect(faults == [])
  }

  private static let kinds = [
    "structures", "etats", "effectifs", "sites", "phases", "personnes", "fonctions", "organisations", "contacts", "echanges", "taches",
  ]

  private func files(_ world: Installation) async throws -> [String] {
    var files: [String] = []
    for kind in Self.kinds { files.append(try await world.take(kind)) }
    return files
  }

  @Test(arguments: Engine.allCases) func everythingFollowsTheKeptTeamAndComesBack(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      try await filled(world)
      let before = try await files(world)
      let (a, b) = (try await id("structure", "A", world), try await id("structure", "B", world))
      let year = Period(year: 2026)
      let counts = try await (
        world.values("contacts.count", year)[""], world.values("structures.count", Period(asOf: .lastDay(of: 2026)))[""]
      )
      #expect(counts.0 == 3 && counts.1 == 3)

      let preview = try await world.database.read { [editor = editor(StructureRecords(), world)] in
        try editor.preview(b, into: a, ["suite.phases": .both], $0)
      }
      #expect(preview.rows.first { $0.name == "telephone" }?.choice == .merged)
      #expect(preview.rows.first { $0.name == "nom" }?.isConflict == true)
      #expect(
        Set(preview.following.map { "\($0.label) \($0.count)" }).isSuperset(of: ["Échanges 2", "Tâches et rendez-vous 1", "Fonctions 1"]))
      // A count of the same day, a correction that overlaps: said before, and left behind.
      #expect(preview.left.contains { $0.label == "Effectifs des structures" && $0.reason.contains("9") == false })
      #expect(preview.left.contains { $0.label == "Phases corrigées" && $0.reason.contains("déjà corrigée") })
      #expect(preview.yielded.contains { $0.label == "Sites des structures" })

      let done = try await merge(StructureRecords(), b, into: a, world, ["notes": .both, "sites": .both])
      try await expectOrder(world)
      let structures = try await world.take("structures")
      #expect(structures.contains("0476000000") && structures.contains("Ouvre le samedi") && structures.contains("Parking derrière"))
      #expect(!structures.contains("\nB;") && structures.contains("valide;2021-03-01"))
      let exchanges = try await world.take("echanges")
      #expect(!exchanges.contains("A|B") && !exchanges.contains(";B;"))
      #expect(try await world.take("taches").contains(";A;"))
      #expect(try await world.take("effectifs").contains("A;2026-01-01;10"))
      #expect(try await world.take("fonctions").contains("P2;A;"))
      #expect(try await world.values("contacts.count", year)[""] == 3)
      #expect(try await world.values("structures.count", Period(asOf: .lastDay(of: 2026)))[""] == 2)
      let successor = try await world.database.read { try Merge.successor(of: b, kind: "structures", $0) }
      #expect(successor == a)

      #expect(try await editor(StructureRecords(), world).undo(done).kept.isEmpty)
      try await expectOrder(world)
      #expect(try await files(world) == before)
      await #expect(throws: Refusal.self) { _ = try await editor(StructureRecords(), world).undo(done) }
    }
  }

  /// Both tell the same stage of another day: one course of things is enough, and whose is asked.
  @Test(arguments: Engine.allCases) func theCourseOfThingsIsChosen(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      try await filled(world)
      try await world.bring(
        "etats", "structure;etat;depuis\nA;valide;2022-05-01\nB;ouverte;2023-01-01\n")
      let before = try await files(world)
      let (a, b) = (try await id("structure", "A", world), try await id("structure", "B", world))
      func stages() async throws -> [String] {
        try await world.take("etats").split(whereSeparator: \.isNewline).filter { $0.hasPrefix("A;") }
          .map { $0.split(separator: ";").dropFirst().prefix(2).joined(separator: " ") }
      }
      let editor = editor(StructureRecords(), world)
      let preview = try await world.database.read { try editor.preview(b, into: a, [:], $0) }
      let course = try #require(preview.courses.first { $0.name == "suite.etats" })
      #expect(course.choice == .kept && course.kept.count == 2 && course.merged.count == 2)
      #expect(preview.left.filter { $0.label == "États des structures" }.count == 2)
      for (choice, expected) in [
        (MergeChoice.kept, ["ecriture 2020-01-01", "valide 2022-05-01"]),
        (.merged, ["valide 2021-03-01", "ouverte 2023-01-01"]),
        (.both, ["ecriture 2020-01-01", "valide 2021-03-01", "valide 2022-05-01", "ouverte 2023-01-01"]),
      ] {
        let done = try await merge(StructureRecords(), b, into: a, world, ["suite.etats": choice])
        let told = try await stages()
        #expect(told == expected, "\(choice) \(told)")
        try await expectOrder(world)
        #expect(try await editor.undo(done).kept.isEmpty)
        #expect(try await files(world) == before, "\(choice)")
        try await expectOrder(world)
      }
    }
  }

  @Test(arguments: Engine.allCases) func peopleAndOrganisationsToo(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      try await filled(world)
      try await world.bring("contacts", "organisation;personne;fonction\nO2;P3;direction\n")
      let before = try await files(world)
      let (p2, p3) = (try await id("person", "P2", world), try await id("person", "P3", world))
      let person = try await merge(PersonRecords(), p3, into: p2, world)
      #expect(try await world.take("echanges").contains(";P2;"))
      #expect(try await !world.take("echanges").contains("P3"))
      #expect(try await world.take("personnes").contains("P2;Durand;Luc;;;luc@exemple.fr;;;B|C"))
      let (o1, o2) = (try await id("organisation", "O1", world), try await id("organisation", "O2", world))
      let organisation = try await merge(OrganisationRecords(), o2, into: o1, world, ["nom": .merged])
      #expect(try await world.take("organisations").contains("O1;ars;A.R.S.;38|69"))
      #expect(try await world.take("contacts").contains("O1;P2;direction"))
      try await expectOrder(world)
      #expect(try await editor(OrganisationRecords(), world).undo(organisation).kept.isEmpty)
      #expect(try await editor(PersonRecords(), world).undo(person).kept.isEmpty)
      #expect(try await files(world) == before)
      try await expectOrder(world)
    }
  }

  @Test(arguments: Engine.allCases) func whatHasChangedSinceIsNamedAndStays(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      try await filled(world)
      let (a, b, c) = (
        try await id("structure", "A", world), try await id("structure", "B", world), try await id("structure", "C", world)
      )
      let done = try await merge(StructureRecords(), b, into: a, world, ["telephone": .merged])
      try await world.bring("structures", "reference;type;nom;departement;telephone\nA;msp;Du Val;38;0476111111\n")
      try await world.bring("echanges", "reference;date;canal;structures\nE2;2026-02-10;visio;A|C\n")
      try await world.bring("echanges", "reference;date;canal;structures\nE9;2026-05-10;visio;A\n")
      let kept = try await editor(StructureRecords(), world).undo(done).kept
      #expect(kept.count == 2)
      #expect(kept.contains { $0.kind == "structures" && $0.id == a && $0.field == "Téléphone" })
      #expect(kept.contains { $0.kind == "echanges" && $0.field == nil })
      let exchanges = try await world.take("echanges")
      #expect(exchanges.contains("2026-02-10;visio;A|C") && exchanges.contains("2026-05-10;visio;A;"))
      #expect(exchanges.contains("2026-01-10;telephone;A|B"))
      #expect(c != a)
      try await expectOrder(world)
    }
  }

  @Test(arguments: Engine.allCases) func mergesOfMergedRecordsAreTakenBackInReverseOrder(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      try await filled(world)
      let before = try await files(world)
      let (a, b, c) = (
        try await id("structure", "A", world), try await id("structure", "B", world), try await id("structure", "C", world)
      )
      let editor = editor(StructureRecords(), world)
      await #expect(throws: Refusal.self) {
        _ = try await world.database.read { try editor.preview(a, into: a, [:], $0) }
      }
      let first = try await merge(StructureRecords(), b, into: a, world)
      await #expect(throws: Refusal.self) {
        _ = try await world.database.read { try editor.preview(b, into: c, [:], $0) }
      }
      let second = try await merge(StructureRecords(), a, into: c, world)
      try await expectOrder(world)
      #expect(try await world.database.read { try Merge.successor(of: b, kind: "structures", $0) } == c)
      #expect(try await world.take("echanges").contains("2026-01-10;telephone;C;"))
      do {
        _ = try await editor.undo(first)
        Issue.record("an earlier merge was undone first")
      } catch let refusal as Refusal {
        #expect(refusal.sentence.contains("plus récente"))
      }
      // The references of both lead to the one that is left, in files.
      let outcome = try await world.bring("structures", "reference;type;nom;departement;telephone\nB;cds;De la Gare;69;0478000000\n")
      #expect(outcome.changed == 1 && outcome.created == 0 && outcome.refused.isEmpty)
      #expect(outcome.warnings.contains { $0.contains("« B » a été fusionnée avec « C »") })
      let noted = try await world.bring("echanges", "reference;date;canal;structures\nE8;2026-06-01;visio;A\n")
      #expect(noted.created == 1 && noted.warnings.contains { $0.contains("« A » a été fusionnée avec « C »") })
      #expect(try await world.take("echanges").contains("2026-06-01;visio;C;"))
      #expect(try await world.importer.undo(try #require(noted.importID), world.model.kinds).kept.isEmpty)
      #expect(try await world.importer.undo(try #require(outcome.importID), world.model.kinds).kept.isEmpty)
      #expect(try await editor.undo(second).kept.isEmpty)
      #expect(try await editor.undo(first).kept.isEmpty)
      #expect(try await files(world) == before)
      try await expectOrder(world)
    }
  }

  @Test(arguments: Engine.allCases) func theMergedRecordStaysInTheBin(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      try await filled(world)
      let (a, b) = (try await id("structure", "A", world), try await id("structure", "B", world))
      let (e2, t1) = (try await id("exchange", "E2", world), try await id("todo", "T1", world))
      let exchanges = RecordEditor(ExchangeRecords(), world.database, ids: world.ids, now: world.now, actor: nil)
      let tasks = RecordEditor(ToDoRecords(), world.database, ids: world.ids, now: world.now, actor: nil)
      #expect(try await exchanges.remove(e2))
      #expect(try await tasks.remove(t1))
      let done = try await merge(StructureRecords(), b, into: a, world)
      let structures = RecordEditor(StructureRecords(), world.database, ids: world.ids, now: world.now, actor: nil)
      do {
        try await structures.restore(b)
        Issue.record("restored")
      } catch let refusal as Refusal {
        #expect(refusal.sentence.contains("défaites la fusion"))
      }
      // What comes out of the bin later follows too, and goes back with the rest.
      try await exchanges.restore(e2)
      #expect(try await world.take("echanges").contains("2026-02-10;visio;A;"))
      let version = try #require(try await exchanges.load(e2)?.version)
      await #expect(throws: Refusal.self) { _ = try await exchanges.undo(e2, version: version) }
      #expect(try await structures.remove(a))
      await #expect(throws: Refusal.self) { _ = try await editor(StructureRecords(), world).undo(done) }
      try await structures.restore(a)
      #expect(try await editor(StructureRecords(), world).undo(done).kept.isEmpty)
      #expect(try await world.take("echanges").contains("2026-02-10;visio;B;"))
      try await expectOrder(world)
    }
  }

  @Test(arguments: Engine.allCases) func aPreviewThatIsNotTrueAnyMoreIsNotApplied(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      try await filled(world)
      let (a, b) = (try await id("structure", "A", world), try await id("structure", "B", world))
      let editor = editor(StructureRecords(), world)
      let preview = try await world.database.read { try editor.preview(b, into: a, [:], $0) }
      try await world.bring("echanges", "reference;date;canal;structures\nE7;2026-06-01;visio;B\n")
      #expect(try await editor.apply(world.ids.next(), b, into: a, [:], seen: preview.digest) == .stale)
      #expect(try await world.database.read { try Merge.successor(of: b, kind: "structures", $0) } == nil)
    }
  }

  /// A column that names a record and that nobody has thought of would be left with the merged one.
  @Test(arguments: Engine.allCases) func everyColumnThatNamesARecordIsDeclared(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      try await world.database.read { [model = world.model] connection in
        var merging = 0
        for kind in model.kinds where kind.mergedTables != nil {
          merging += 1
          let linked = model.kinds.flatMap { $0.columns(to: kind.name) }
          for reference in try connection.references(to: kind.table) {
            let column = "\(reference.table).\(reference.column)"
            let isDeclared =
              linked.contains(column) || kind.mergedTables?.contains(reference.table) == true
              || column == "\(kind.table).merged_into"
            #expect(isDeclared, "\(column) names a record of \(kind.name): declare it as a link, or say why it stays")
          }
        }
        #expect(merging == 3)
      }
    }
  }
}

extension RecordKind {
  /// The tables that stay with a merged record, or whose rows follow it; `nil` when records of the kind are never merged.
  fileprivate var mergedTables: Set<String>? { merging.map { $0.ownTables.union($0.rows.map(\.table)) } }

  fileprivate func columns(to target: String) -> [String] {
    links.filter { $0.target == target }.map { "\($0.table).\($0.column)" }
  }
}
