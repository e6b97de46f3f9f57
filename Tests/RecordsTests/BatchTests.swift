import Foundation
import Records
import Store
import Tables
import TestSupport
import Testing

/// Many records changed at a time: what is previewed, what is done, and taking it back whole.
@Suite struct BatchTests {
  private struct Library {
    let database: any Database
    let ids = IdentifierSource()
    let editor: RecordEditor<BookRecords>
    let importer: Importer
    let model: Model

    init(_ database: any Database) {
      self.database = database
      model = BookRecords.model
      editor = RecordEditor(BookRecords(), database, ids: ids, now: { TestClock.now }, actor: 7)
      importer = Importer(database: database, ids: ids, now: { TestClock.now }, actor: 7)
    }

    /// - Parameter closed: the records that the actor may not change.
    func batches(closed: Set<Int64> = []) -> BatchEditor<BookRecords> {
      BatchEditor(BookRecords(), database, ids: ids, now: { TestClock.now }, actor: 7) { asked, _ in Set(asked).subtracting(closed) }
    }

    func bring(_ text: String) async throws {
      let outcome = try await importer.run(
        BookRecords(), table: try CSV.read(Array(text.utf8)), fileName: "livres.csv", options: ImportOptions())
      #expect(outcome.refused.isEmpty)
    }

    func allIDs() async throws -> [Int64] {
      try await database.read { try $0.rows("SELECT id FROM book WHERE removed_at IS NULL ORDER BY id").map { try $0[0] } }
    }

    func preview(_ change: BatchChange, of records: [Int64], closed: Set<Int64> = []) async throws -> BatchPreview {
      try await database.read { try batches(closed: closed).preview(change, of: records, $0) }
    }

    /// Previews and applies, as a person does.
    func apply(_ change: BatchChange, to records: [Int64]) async throws -> Identifier<Batch> {
      let (id, preview) = (ids.next(Batch.self), try await preview(change, of: records))
      #expect(try await batches().apply(id, change, to: records, seen: preview.digest) == .applied)
      return id
    }

    func column(_ position: Int) async throws -> [String] {
      try await database.read { try Exporter.rows(BookRecords(), $0).rows.map { $0[position] } }
    }

    func count(_ sql: SQL) async throws -> Int { try await database.read { try $0.value(sql) ?? 0 } }
  }

  private func withLibrary(_ engine: Engine, _ body: (Library) async throws -> Void) async throws {
    try await withDatabase(engine) { database in
      _ = try await BookRecords.model.migrate(database)
      try await body(Library(database))
    }
  }

  private static let books = """
    titre;achat;pages;sujets;reference
    Soigner;2021-02-01;100;sante;A
    Tenir;2021-03-01;50;;B
    Écrire;2021-04-01;;droit|sante;C

    """

  @Test(arguments: Engine.allCases) func aBatchDoesWhatItsPreviewShows(_ engine: Engine) async throws {
    try await withLibrary(engine) { library async throws in
      try await library.bring(Self.books)
      let records = try await library.allIDs()
      // By its label, as a person types it.
      let change = BatchChange(.add, "sujets", "Santé")
      let preview = try await library.preview(change, of: records + records)
      #expect(preview.counts == [1, 2, 0, 0])
      #expect(preview.firstChanged.map(\.id) == [records[1]])
      #expect(preview.firstChanged[0].changes.map { "\($0.name) \($0.before) \($0.after)" } == ["sujets  sante"])
      #expect(try await library.column(4) == ["sante", "", "droit|sante"])
      let events = try await library.count("SELECT count(*) FROM event")
      _ = try await library.apply(change, to: records)
      #expect(try await library.column(4) == ["sante", "sante", "droit|sante"])
      let taken = try await library.apply(BatchChange(.remove, "sujets", "sante"), to: records)
      #expect(try await library.column(4) == ["", "", "droit"])
      #expect(try await library.count("SELECT count(*) FROM event") == events + 2)
      let batch = try #require(try await library.database.read { try AppliedBatch(taken, of: "livres", $0) })
      #expect(batch.changed == 3 && batch.unchanged == 0 && batch.refused == 0)
      #expect(batch.account == 7)
      #expect(batch.firstRecords == records)
      let history = try await library.database.read { try RecordHistory(records[1], of: BookRecords(), $0).entries }
      #expect(history.map(\.operation) == [.batch, .batch, .fileImport])
      #expect(history[0].subject == taken.rawValue)
    }
  }

  @Test(arguments: Engine.allCases) func theRulesOfTheFormHold(_ engine: Engine) async throws {
    try await withLibrary(engine) { library async throws in
      try await library.bring(Self.books)
      let records = try await library.allIDs()
      for (change, words) in [
        (BatchChange(.set, "pages", "beaucoup"), "n’est pas un nombre"), (BatchChange(.set, "pages", "99999"), "hors des limites"),
        (BatchChange(.add, "sujets", "magie"), "inconnu"), (BatchChange(.add, "sujets", ""), "choisissez"),
        (BatchChange(.set, "titre", ""), "choisissez"), (BatchChange(.set, "couleur", "rouge"), "n’existe pas"),
      ] {
        let refusal = await #expect(throws: Refusal.self) { try await library.preview(change, of: records) }
        #expect(refusal?.sentence.contains(words) == true, "\(change)")
      }
      // The same reference for all is nobody's wish.
      let keys = try await library.preview(BatchChange(.set, "reference", "Z"), of: records)
      #expect(keys.counts == [0, 0, 3, 0])
      #expect(keys.firstRefused.count == 3)
      #expect(keys.firstRefused[0].reason.contains("par lot"))
      _ = try await library.apply(BatchChange(.set, "achat", ""), to: records)
      #expect(try await library.column(1) == ["", "", ""])
      let hostile = "<b>'; DROP</b>"
      _ = try await library.apply(BatchChange(.set, "titre", hostile), to: [records[0]])
      #expect(try await library.column(0) == [hostile, "Tenir", "Écrire"])
      await #expect(throws: Refusal.self) {
        try await library.preview(.bin, of: (1...(Batch.mostRecords + 1)).map(Int64.init))
      }
    }
  }

  @Test(arguments: Engine.allCases) func nothingIsToldOfWhatIsNotOnesOwn(_ engine: Engine) async throws {
    try await withLibrary(engine) { library async throws in
      try await library.bring(Self.books)
      let records = try await library.allIDs()
      let change = BatchChange(.set, "pages", "7")
      // One of another's, and a number that is no book's.
      let asked = records + [42]
      let preview = try await library.preview(change, of: asked, closed: [records[0]])
      #expect(preview.counts == [2, 0, 0, 2])
      #expect(!(preview.firstChanged.map(\.id) + preview.firstRefused.map(\.id)).contains(records[0]))
      let id = library.ids.next(Batch.self)
      #expect(try await library.batches(closed: [records[0]]).apply(id, change, to: asked, seen: preview.digest) == .applied)
      #expect(try await library.column(2) == ["100", "7", "7"])
      // What somebody else may do is not what was previewed.
      let other = library.ids.next(Batch.self)
      #expect(try await library.batches().apply(other, BatchChange(.set, "pages", "8"), to: asked, seen: preview.digest) == .stale)
    }
  }

  @Test(arguments: Engine.allCases) func whatHasChangedSinceThePreviewIsShownAgain(_ engine: Engine) async throws {
    try await withLibrary(engine) { library async throws in
      try await library.bring(Self.books)
      let records = try await library.allIDs()
      let change = BatchChange(.set, "pages", "7")
      let preview = try await library.preview(change, of: records)
      _ = try await library.editor.save(records[0], entering: ["titre": "Soigner mieux"], from: 1, heedsWarnings: false)
      let id = library.ids.next(Batch.self)
      #expect(try await library.batches().apply(id, change, to: records, seen: preview.digest) == .stale)
      #expect(try await library.column(2) == ["100", "50", ""])
      let again = try await library.preview(change, of: records)
      #expect(try await library.batches().apply(id, change, to: records, seen: again.digest) == .applied)
      // A form sent twice.
      #expect(try await library.batches().apply(id, change, to: records, seen: again.digest) == .applied)
      #expect(try await library.count("SELECT count(*) FROM batch") == 1)
      #expect(try await library.count("SELECT count(*) FROM event WHERE operation = 'lot'") == 1)
    }
  }

  @Test(arguments: Engine.allCases) func twoPeopleAtOnceDoNotOverwriteEachOtherUnseen(_ engine: Engine) async throws {
    try await withLibrary(engine) { library async throws in
      try await library.bring(Self.books)
      let records = try await library.allIDs()
      typealias Outcome = BatchEditor<BookRecords>.Outcome
      let outcomes = try await withThrowingTaskGroup(of: Outcome.self, returning: [Outcome].self) { group in
        for pages in 1...4 {
          let change = BatchChange(.set, "pages", "\(pages)")
          let preview = try await library.preview(change, of: records)
          group.addTask { try await library.batches().apply(library.ids.next(Batch.self), change, to: records, seen: preview.digest) }
        }
        var outcomes: [Outcome] = []
        for try await outcome in group { outcomes.append(outcome) }
        return outcomes
      }
      #expect(outcomes.filter { $0 == .applied }.count >= 1)
      #expect(Set(try await library.column(2)).count == 1)
      let applied = outcomes.filter { $0 == .applied }.count
      #expect(try await library.count("SELECT count(*) FROM batch") == applied)
      #expect(try await library.count("SELECT CAST(SUM(version - 1) AS \(.int)) FROM book") == 3 * applied)
    }
  }

  @Test(arguments: Engine.allCases) func aBatchIsTakenBackButForWhatChangedSince(_ engine: Engine) async throws {
    try await withLibrary(engine) { library async throws in
      try await library.bring(Self.books)
      let records = try await library.allIDs()
      let id = try await library.apply(BatchChange(.set, "pages", "7"), to: records)
      _ = try await library.editor.save(records[1], entering: ["pages": "9"], from: 2, heedsWarnings: false)
      _ = try await library.editor.save(records[2], entering: ["titre": "Lire"], from: 2, heedsWarnings: false)
      let first = try await library.batches().undo(id, library.model.kinds)
      #expect(first.undone == 2)
      #expect(first.kept.map(\.key) == ["B"])
      #expect(try await library.column(2) == ["100", "9", ""])
      #expect(try await library.column(0) == ["Soigner", "Tenir", "Lire"])
      #expect(try await library.database.read { try AppliedBatch(id, of: "livres", $0) }?.undone == 2)
      // Once nothing stands in the way, the rest goes too; and no further.
      _ = try await library.editor.save(records[1], entering: ["pages": "7"], from: 3, heedsWarnings: false)
      #expect(try await library.batches().undo(id, library.model.kinds).kept.isEmpty)
      #expect(try await library.column(2) == ["100", "50", ""])
      await #expect(throws: Refusal.self) { try await library.batches().undo(id, library.model.kinds) }
      await #expect(throws: Refusal.self) { try await library.batches().undo(Identifier(rawValue: 3), library.model.kinds) }
    }
  }

  @Test(arguments: Engine.allCases) func manyGoToTheBinAndComeBack(_ engine: Engine) async throws {
    try await withLibrary(engine) { library async throws in
      try await library.bring(Self.books + "Vieux;2020-01-01;1;;D\n")
      let records = try await library.allIDs()
      let id = try await library.apply(.bin, to: records)
      #expect(try await library.allIDs().isEmpty)
      #expect(try await library.count("SELECT count(*) FROM event WHERE operation = 'corbeille'") == 1)
      // One is already back, one was replaced, one was thrown away a second time.
      try await library.editor.restore(records[0])
      try await library.bring("titre;reference\nNeuf;B\n")
      try await library.editor.restore(records[2])
      #expect(try await library.editor.remove(records[2]))
      let outcome = try await library.batches().undo(id, library.model.kinds)
      #expect(outcome.undone == 1)
      #expect(
        outcome.kept.map { "\($0.key) \($0.reason)" } == ["B une autre fiche porte maintenant la même référence", "C modifiée depuis"])
      #expect(try await Set(library.column(5)) == ["A", "B", "D"])
      let history = try await library.database.read { try RecordHistory(records[3], of: BookRecords(), $0).entries }
      #expect(history.map(\.operation) == [.undo, .removal, .fileImport])
      #expect(history[0].changes.isEmpty)
    }
  }

  /// More than are read and written at a time.
  @Test(arguments: Engine.allCases) func manyAreOneOperation(_ engine: Engine) async throws {
    try await withLibrary(engine) { library async throws in
      try await library.database.write { connection in
        try connection.insert(into: "book (id, reference, title, pages)", Array(1...2_500)) { "\($0), \("R\($0)"), \("Livre"), \($0)" }
      }
      let records = (1...2_500).map(Int64.init)
      let change = BatchChange(.set, "pages", "2500")
      let preview = try await library.preview(change, of: records)
      #expect(preview.counts == [2_499, 1, 0, 0])
      #expect(preview.firstChanged.count == 50)
      let id = try await library.apply(change, to: records)
      #expect(try await library.count("SELECT count(*) FROM book WHERE pages = 2500") == 2_500)
      #expect(try await library.count("SELECT count(*) FROM event") == 1)
      let outcome = try await library.batches().undo(id, library.model.kinds)
      #expect(outcome.undone == 2_499 && outcome.kept.isEmpty)
      #expect(try await library.count("SELECT count(*) FROM book WHERE pages = id") == 2_500)
    }
  }
}

extension BatchPreview {
  /// Changed, unchanged, refused, hidden.
  fileprivate var counts: [Int] { [changed, unchanged, refused, hidden] }
}
