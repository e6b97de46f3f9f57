import Records
import Store
import TestSupport
import Testing

@testable import Federation

/// Records that are part of others: what changes in them changes these, whoever works on them meanwhile.
@Suite struct PartsTests {
  private static let structures = """
    reference;type;nom;departement;commune;etat;depuis
    M1;msp;MSP du Val;38;38185;contact;2020-01-01
    M2;msp;MSP des Lacs;38;38185;;

    """

  private func withWorld(_ engine: Engine, _ body: (Installation, ImportOutcome) async throws -> Void) async throws {
    try await withInstallation(engine) { world in
      let outcome = try await world.bring("structures", Self.structures)
      #expect(outcome.created == 2)
      try await body(world, outcome)
    }
  }

  private func editor<Kind: RecordKind>(_ kind: Kind, _ world: Installation) -> RecordEditor<Kind> {
    RecordEditor(kind, world.database, ids: world.ids, now: world.now, actor: nil)
  }

  private func id(_ reference: String, in table: SQL, _ world: Installation) async throws -> Int64 {
    let id: Int64? = try await world.database.read { try $0.value("SELECT id FROM \(table) WHERE reference = \(reference)") }
    return try #require(id)
  }

  private func undo(_ outcome: ImportOutcome, _ world: Installation) async throws -> UndoOutcome {
    try await world.importer.undo(try #require(outcome.importID), world.model.kinds)
  }

  @Test(arguments: Engine.allCases)
  func aFormThatWasOpenKeepsTheStatesAndTheTypeThatCameMeanwhile(_ engine: Engine) async throws {
    try await withWorld(engine) { world, _ async throws in
      let editor = editor(StructureRecords(), world)
      let id = try await id("M1", in: "structure", world)
      let open = try #require(try await editor.load(id))
      try await world.bring("etats", "structure;etat;depuis\nM1;ecriture;2021-01-01\nM1;association;2021-02-01\n")
      try await world.bring("types", "structure;type;depuis\nM1;esp;2022-01-01\n")
      try await world.bring("sites", "structure;commune;depuis\nM1;38421;2022-01-01\n")
      let files = try await [world.take("etats"), world.take("types"), world.take("sites")]
      var draft = open.draft
      draft.phone = "04 76 00 00 00"
      #expect(try await editor.save(id, draft, from: open.version) == .saved(version: open.version + 4))
      #expect(try await [world.take("etats"), world.take("types"), world.take("sites")] == files)
      #expect(try await world.take("structures").contains("M1;esp;MSP du Val;38;38185;;;;ecriture;2021-01-01;;;04 76 00 00 00"))
      // The other way round: what the form takes away goes, and what came meanwhile stays.
      draft.states = []
      let again = try #require(try await editor.load(id))
      try await world.bring("etats", "structure;etat;depuis\nM1;sisa;2023-01-01\n")
      var empty = again.draft
      empty.phone = nil
      _ = try await editor.save(id, empty, from: again.version)
      #expect(try await world.take("etats").contains("sisa"))
      let faults = try await world.database.read { [model = world.model] in try model.faults($0, today: .lastDay(of: 2023)) }
      #expect(faults.isEmpty)
    }
  }

  @Test(arguments: Engine.allCases)
  func aPersonKeepsTheTeamThatAFunctionGaveMeanwhile(_ engine: Engine) async throws {
    try await withWorld(engine) { world, _ async throws in
      try await world.bring("personnes", "reference;nom;structures\nP1;Ferrand;M1\n")
      let editor = editor(PersonRecords(), world)
      let id = try await id("P1", in: "person", world)
      let open = try #require(try await editor.load(id))
      try await world.bring("fonctions", "personne;structure;fonction;depuis\nP1;M2;membre;\nP1;M1;coordinateur;2021-01-01\n")
      var draft = open.draft
      draft.phone = "04 76 00 00 00"
      #expect(try await editor.save(id, draft, from: open.version) == .saved(version: open.version + 2))
      #expect(try await world.take("personnes").contains("P1;Ferrand;;;;;04 76 00 00 00;;M1|M2"))
      let history = try await world.database.read { try RecordHistory(id, of: PersonRecords(), $0).entries }
      #expect(history[1].changes.map { "\($0.label) \($0.before) \($0.after)" } == ["Structures M1 M1|M2"])
    }
  }

  @Test(arguments: Engine.allCases)
  func aStateInTheBinIsOutOfItsStructureAndBackInIt(_ engine: Engine) async throws {
    try await withWorld(engine) { world, _ async throws in
      try await world.bring("types", "structure;type;depuis\nM1;esp;2022-01-01\n")
      let id = try await id("M1", in: "structure", world)
      let structures = editor(StructureRecords(), world)
      let change: Int64? = try await world.database.read { try $0.value("SELECT id FROM structure_type") }
      let types = editor(TypeRecords(), world)
      let open = try #require(try await structures.load(id))
      #expect(open.draft.type == .esp)
      #expect(try await types.remove(try #require(change)))
      #expect(try await structures.load(id)?.draft.type == .msp)
      try await types.restore(try #require(change))
      var draft = open.draft
      draft.notes = "Revue"
      #expect(try await structures.save(id, draft, from: open.version) == .saved(version: open.version + 3))
      #expect(try await structures.load(id)?.draft.type == .esp)
      let history = try await world.database.read { try RecordHistory(id, of: StructureRecords(), $0).entries }
      #expect(history.map(\.operation) == [.entry, .restoration, .removal, .fileImport, .fileImport])
    }
  }

  @Test(arguments: Engine.allCases)
  func whatCameWithPartsIsUndoneAfterThem(_ engine: Engine) async throws {
    try await withWorld(engine) { world, structures async throws in
      let states = try await world.bring(
        "etats", "structure;etat;depuis;note\nM1;ecriture;2021-01-01;\nM1;contact;2020-01-01;Par téléphone\n")
      let sites = try await world.bring("sites", "structure;commune;depuis\nM2;38421;2022-01-01\n")
      // Nothing of what others brought goes with the team that it is part of.
      let early = try await undo(structures, world)
      #expect(early.undone == 0 && early.kept.map(\.key) == ["M1", "M2"])
      #expect(early.kept.map(\.reason) == ["modifiée depuis", "utilisée par d’autres fiches"])
      for part in [states, sites] { #expect(try await undo(part, world).kept.isEmpty) }
      let late = try await undo(structures, world)
      #expect(late.undone == 2 && late.kept.isEmpty, "\(late)")
      let faults = try await world.database.read { [model = world.model] in try model.faults($0, today: .lastDay(of: 2023)) }
      #expect(faults.isEmpty)
      #expect(try await world.bring("structures", Self.structures).created == 2)
    }
  }

  @Test(arguments: Engine.allCases)
  func theRulesHoldForWhatComesBack(_ engine: Engine) async throws {
    try await withWorld(engine) { world, _ async throws in
      let columns = "structure;commune;nom;principal;depuis;jusqua\n"
      try await world.bring("sites", columns + "M1;38185;Ancien;oui;2020-01-01;\nM2;38185;Un;oui;;\nM2;38185;Deux;non;;\n")
      let move = try await world.bring("sites", columns + "M1;38185;Ancien;;;2022-12-31\nM2;38185;Un;non;;\nM2;38185;Deux;oui;;\n")
      #expect(move.changed == 3, "\(move)")
      try await world.bring("sites", columns + "M1;38185;Nouveau;oui;2023-01-01;\n")
      let undone = try await undo(move, world)
      #expect(undone.undone == 2)
      #expect(undone.kept.map(\.reason) == ["la structure a déjà un site principal : donnez d’abord une fin à celui-ci"])
      let file = try await world.take("sites")
      #expect(file.contains("M1;38185;Ancien;;;oui;2020-01-01;2022-12-31") && file.contains("M2;38185;Un;;;oui"))
      #expect(file.contains("M2;38185;Deux;;;non"))
    }
  }
}
