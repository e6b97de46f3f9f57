import Foundation
import Records
import Store
import Tables
import TestSupport
import Testing

@testable import Federation

/// Confidential notes (SUP-14): counted everywhere, read by few.
@Suite struct ConfidentialTests {
  private static let file = """
    reference;date;canal;structures;objet;auteur;visibilite
    E1;2025-03-03;telephone;M1;Locaux à trouver;Claire;
    E2;2025-03-04;reunion;M1;Médiation zirconium;Claire;confidentielle
    E3;2025-03-05;reunion;M1;Conflit tungstène;Personne;Confidentielle

    """

  /// Everybody who reads the log, one way or another.
  private struct Readers {
    let claire, camille, assistance, direction, referent: Account
    var all: [Account] { [claire, camille, assistance, direction, referent] }
  }

  private func withNotes(_ engine: Engine, _ body: (Installation, Readers) async throws -> Void) async throws {
    try await withInstallation(engine) { world async throws in
      try await world.bring("territoires", "code;nom;departement;depuis\nest;Est;38;2020-01-01\n")
      try await world.bring("structures", "reference;type;nom;departement\nM1;msp;MSP du Val;38\n")
      func account(_ name: String, _ role: Role) async throws -> Account {
        try await world.accounts.create(
          email: "\(name.lowercased())@exemple.fr", name: name, role: role, territory: role == .referent ? "est" : nil,
          password: "un mot de passe")
      }
      let readers = Readers(
        claire: try await account("Claire", .chargeMission), camille: try await account("Camille", .chargeMission),
        assistance: try await account("Noé", .assistance), direction: try await account("Odile", .direction),
        referent: try await account("Nadia", .referent))
      let outcome = try await world.bring("echanges", Self.file)
      #expect(outcome.created == 3 && outcome.warnings.count == 2, "\(outcome.warnings)")
      try await body(world, readers)
    }
  }

  private func listed(_ world: Installation, for reader: Account, search: String = "") async throws -> (listing: ExchangeListing, [String])
  {
    let listing = try await world.database.read { connection in
      try ExchangeListing(
        FigureQuery(world.model.figures.figure("contacts.count"), Period(year: 2025)), for: reader, search: search, order: .date,
        descending: false, offset: 0, limit: 50, countingTo: 10_000, connection)
    }
    return (listing, listing.rows.compactMap(\.reference))
  }

  private func id(_ reference: String, _ world: Installation) async throws -> Identifier<Exchange> {
    let id: Identifier<Exchange>? = try await world.database.read { try $0.value("SELECT id FROM exchange WHERE reference = \(reference)") }
    return try #require(id)
  }

  @Test(arguments: Engine.allCases) func whoReadsThemSeesThemAndTheOthersAreToldHowMany(_ engine: Engine) async throws {
    try await withNotes(engine) { world, readers async throws in
      let expected: [(Account, [String])] = [
        (readers.direction, ["E1", "E2", "E3"]), (readers.claire, ["E1", "E2"]), (readers.camille, ["E1"]), (readers.assistance, ["E1"]),
        (readers.referent, ["E1"]),
      ]
      for (reader, references) in expected {
        let (listing, found) = try await listed(world, for: reader)
        #expect(found == references && listing.total == references.count && listing.whole == 3, "\(reader.name)")
        for (words, reference) in [("zirconium", "E2"), ("tungstène", "E3")] {
          let (searched, hits) = try await listed(world, for: reader, search: words)
          let mayRead = references.contains(reference)
          #expect(hits == (mayRead ? [reference] : []) && searched.total == hits.count, "\(reader.name) \(words)")
          #expect(reader.role == .direction || searched.whole == nil)
          let everywhere = try await world.database.read {
            try SearchResults(SearchQuery(words), for: reader, on: CivilDate(iso: "2026-01-05") ?? .distantPast, limit: 5, $0)
          }
          #expect(everywhere.groups.flatMap(\.hits).count == (mayRead ? 1 : 0), "\(reader.name) \(words)")
        }
        for reference in ["E1", "E2", "E3"] {
          let id = try await id(reference, world)
          let (sheet, files, writes) = try await world.database.read { connection in
            (
              try ExchangeSheet(id, for: reader, connection), try reader.mayReadFiles(of: id.rawValue, kind: "echanges", connection),
              try reader.mayWrite(.exchanges, id.rawValue, connection)
            )
          }
          let mayRead = references.contains(reference)
          #expect((sheet != nil) == mayRead && files == mayRead, "\(reader.name) \(reference)")
          #expect(writes == (mayRead && reader.role != .referent), "\(reader.name) \(reference)")
        }
        let team: Identifier<Structure>? = try await world.database.read { try $0.value("SELECT id FROM structure") }
        let day = try #require(CivilDate(iso: "2026-01-05"))
        let sheet = try await world.database.read { [team] in try StructureSheet(try #require(team), for: reader, asOf: day, $0) }
        #expect(sheet?.exchangeCounts.visible == references.count && sheet?.exchangeCounts.all == 3)
        #expect(sheet?.followUp.lastExchange?.description == "2025-03-0\(2 + references.count)")
      }
      let count = try await world.database.read {
        try FigureQuery(world.model.figures.figure("contacts.count"), Period(year: 2025)).total($0)
      }
      #expect(count.value == 3)
    }
  }

  @Test(arguments: Engine.allCases) func aNameOpensNothingToWhoComesToBearIt(_ engine: Engine) async throws {
    try await withNotes(engine) { world, readers async throws in
      let homonym = try await world.accounts.create(
        email: "personne@exemple.fr", name: "Personne", role: .chargeMission, password: "un mot de passe")
      #expect(try await listed(world, for: homonym).1 == ["E1"])
      // Nor does a second one of the author's own name, and the author keeps what they noted.
      let second = try await world.accounts.create(
        email: "claire2@exemple.fr", name: "Claire", role: .chargeMission, password: "un mot de passe")
      try await world.bring("echanges", "reference;date;canal;objet\nE2;2025-03-04;reunion;Médiation zirconium, suite\n")
      #expect(try await listed(world, for: second).1 == ["E1"])
      #expect(try await listed(world, for: readers.claire).1 == ["E1", "E2"])
    }
  }

  @Test(arguments: Engine.allCases) func aFileComesBackAsItWasAndSaysWhoReads(_ engine: Engine) async throws {
    try await withNotes(engine) { world, _ async throws in
      let file = try await world.take("echanges")
      #expect(file.contains(";equipe;") && file.contains(";confidentielle;"))
      #expect(try await world.bring("echanges", file).unchanged == 3)
      let wrong = try await world.bring("echanges", "reference;date;canal;visibilite\nE9;2025-03-04;reunion;secrète\n")
      #expect(wrong.refused.first?.fault.column == "visibilite")
      // A line that says nothing leaves what is there.
      try await world.bring("echanges", "reference;date;canal\nE2;2025-03-06;reunion\n")
      let after = try await world.take("echanges")
      #expect(after.contains("2025-03-06") && after.components(separatedBy: ";confidentielle;").count == 3)
    }
  }

  @Test(arguments: Engine.allCases) func itsChangesAreInItsHistoryAndAreTakenBack(_ engine: Engine) async throws {
    try await withNotes(engine) { world, readers async throws in
      let id = try await id("E1", world)
      let editor = world.editor(of: ExchangeRecords(), for: readers.claire)
      #expect(
        try await editor.save(id.rawValue, entering: ["visibilite": "confidentielle"], from: 1, heedsWarnings: true) == .saved(version: 2))
      #expect(try await listed(world, for: readers.camille).1 == [])
      let history = try await world.database.read { try RecordHistory(id.rawValue, of: ExchangeRecords(), $0) }
      #expect(history.entries.first?.changes.map(\.after) == ["confidentielle"])
      _ = try await editor.undo(id.rawValue, version: 2)
      #expect(try await listed(world, for: readers.camille).1 == ["E1"])
    }
  }

  @Test(arguments: Engine.allCases) func noDoubtTellsOfThem(_ engine: Engine) async throws {
    try await withNotes(engine) { world, readers async throws in
      func outcome(_ canal: String, _ date: String) async throws -> RecordEditor<ExchangeRecords>.Outcome {
        try await world.editor(of: ExchangeRecords(), for: readers.camille).create(
          world.ids.next(Exchange.self).rawValue, entering: ["date": date, "canal": canal, "structures": "M1", "objet": "Un mot"],
          heedsWarnings: true)
      }
      guard case .warned = try await outcome("telephone", "2025-03-03") else {
        Issue.record("two calls of one day are told")
        return
      }
      #expect(try await outcome("reunion", "2025-03-04") == .saved(version: 1))
    }
  }

  @Test(arguments: Engine.allCases) func filesOfOthersNeitherShowNorChangeThem(_ engine: Engine) async throws {
    try await withNotes(engine) { world, readers async throws in
      let table = try TableFile.read(Array("reference;date;canal;objet\nE2;2025-03-04;reunion;Écrasé\n".utf8))
      for isDryRun in [true, false] {
        let outcome = try await world.importer(for: readers.camille).run(
          ExchangeRecords(), table: table, fileName: "a.csv", options: ImportOptions(isDryRun: isDryRun))
        #expect(outcome.refused.count == 1 && outcome.preview.isEmpty && outcome.changed == 0)
      }
      #expect(try await world.take("echanges").contains("Médiation zirconium"))
      let mine = try await world.importer(for: readers.claire).run(
        ExchangeRecords(), table: table, fileName: "a.csv", options: ImportOptions(isDryRun: true))
      #expect(mine.changed == 1)
    }
  }

  /// What is left to do after it is told to whom it is given, and to nobody else.
  @Test(arguments: Engine.allCases) func itsNextStepIsReadByWhoeverHasToDoIt(_ engine: Engine) async throws {
    try await withNotes(engine) { world, readers async throws in
      let note = try await id("E2", world)
      let desk = ToDoDesk(world, actor: readers.claire.id)
      try await desk.note(world.ids.next(), "Revoir vanadium", due: .firstDay(of: 2026), by: readers.camille.id, after: note)
      for reader in readers.all {
        let sees = reader.role == .direction || reader.id == readers.claire.id || reader.id == readers.camille.id
        let day = try #require(CivilDate(iso: "2025-12-30"))
        let (agenda, found, team, feed) = try await world.database.read { connection in
          let id: Identifier<Structure>? = try connection.value("SELECT id FROM structure")
          return (
            try Agenda(of: nil, today: day, for: reader, connection),
            try SearchResults(SearchQuery("vanadium"), for: reader, on: day, limit: 5, connection),
            try StructureSheet(try #require(id), for: reader, asOf: day, connection)?.tasks ?? [],
            try CalendarFeed(of: reader, at: TestClock.now, connection)
          )
        }
        #expect(agenda.coming.count == (sees ? 1 : 0) && found.groups.flatMap(\.hits).count == (sees ? 1 : 0), "\(reader.name)")
        #expect(team.count == (sees ? 1 : 0), "\(reader.name)")
        #expect(feed.entries.isEmpty == (reader.id != readers.camille.id), "\(reader.name)")
      }
    }
  }

  @Test(arguments: Engine.allCases) func theBinShowsThemToThoseWhoReadThem(_ engine: Engine) async throws {
    try await withNotes(engine) { world, readers async throws in
      let note = try await id("E2", world)
      let desk = ToDoDesk(world, actor: readers.claire.id)
      try await desk.note(world.ids.next(), "Revoir vanadium", due: .firstDay(of: 2026), by: readers.claire.id, after: note)
      #expect(try await world.editor(of: ExchangeRecords(), for: readers.claire).remove(note.rawValue))
      for reader in [readers.direction, readers.claire, readers.camille, readers.assistance] {
        let bin = try await world.database.read { try Bin(for: reader, $0) }
        let sees = [readers.direction.id, readers.claire.id].contains(reader.id)
        #expect(bin.entries.count == (sees ? 2 : 0), "\(reader.name)")
        let may = try await world.database.read { try reader.mayWrite(.exchanges, note.rawValue, $0) }
        #expect(may == sees, "\(reader.name)")
      }
    }
  }
}
