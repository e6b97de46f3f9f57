import Foundation
import Records
import Store
import Tables
import TestSupport
import Testing

/// Events, images, versions, the bin, and taking an import back.
@Suite struct AuditTests {
  private struct Library {
    let database: any Database
    let editor: RecordEditor<BookRecords>
    let importer: Importer

    init(_ database: any Database) {
      self.database = database
      let ids = IdentifierSource()
      editor = RecordEditor(BookRecords(), database, ids: ids, now: { TestClock.now }, actor: 7)
      importer = Importer(database: database, ids: ids, now: { TestClock.now }, actor: 7)
    }

    func bring(_ text: String) async throws -> ImportOutcome {
      try await importer.run(BookRecords(), table: try CSV.read(Array(text.utf8)), fileName: "livres.csv", options: ImportOptions())
    }

    func id(_ reference: String) async throws -> Int64 {
      let found: Int64? = try await database.read {
        try $0.value("SELECT id FROM book WHERE reference = \(reference) AND removed_at IS NULL")
      }
      return try #require(found)
    }

    func file() async throws -> String {
      let rows = try await database.read { try Exporter.rows(BookRecords(), $0).rows }
      return rows.map { $0.joined(separator: ";") }.joined(separator: "\n")
    }

    func history(_ id: Int64) async throws -> [RecordHistory.Entry] {
      try await database.read { try RecordHistory(id, of: BookRecords(), $0).entries }
    }
  }

  private func withLibrary(_ engine: Engine, _ body: (Library) async throws -> Void) async throws {
    try await withDatabase(engine) { database in
      _ = try await BookRecords.model.migrate(database)
      try await body(Library(database))
    }
  }

  private static let books = "titre;achat;pages;sujets;reference\nSoigner;2021-02-01;100;sante;A\nTenir;2021-03-01;50;;B\n"

  @Test(arguments: Engine.allCases)
  func everyChangeIsInTheHistoryWithItsAuthor(_ engine: Engine) async throws {
    try await withLibrary(engine) { library async throws in
      _ = try await library.bring(Self.books)
      _ = try await library.bring("reference;titre;pages;sujets\nA;;120;droit\n")
      let history = try await library.history(library.id("A"))
      #expect(history.map(\.operation) == [.fileImport, .fileImport])
      #expect(history.map(\.isCreation) == [false, true])
      #expect(history.allSatisfy { $0.account == 7 && $0.at == Instant(TestClock.now) })
      #expect(history[0].changes.map { "\($0.label) \($0.before) \($0.after)" } == ["Pages 100 120", "Sujets sante droit"])
    }
  }

  @Test(arguments: Engine.allCases)
  func eventsCannotBeChanged(_ engine: Engine) async throws {
    try await withLibrary(engine) { library async throws in
      _ = try await library.bring(Self.books)
      for statement in ["UPDATE event SET account_id = 8", "DELETE FROM event"] as [SQL] {
        await #expect(throws: DatabaseError.self) { try await library.database.write { try $0.execute(statement) } }
      }
    }
  }

  @Test(arguments: Engine.allCases)
  func anImportIsTakenBack(_ engine: Engine) async throws {
    try await withLibrary(engine) { library async throws in
      _ = try await library.bring(Self.books)
      let before = try await library.file()
      let outcome = try await library.bring("reference;titre;pages;sujets\nA;Soins;120;droit\nB;;;droit\nC;Neuf;10;\n")
      let undone = try await library.importer.undo(try #require(outcome.importID), [BookRecords()])
      #expect(undone.undone == 3 && undone.kept.isEmpty)
      #expect(try await library.file() == before)
      await #expect(throws: Refusal.self) { try await library.importer.undo(try #require(outcome.importID), [BookRecords()]) }
      await #expect(throws: Refusal.self) { try await library.importer.undo(Identifier(rawValue: 1), [BookRecords()]) }
      #expect(try await library.history(library.id("A")).map(\.operation) == [.undo, .fileImport, .fileImport])
      // And it can be brought again.
      #expect(try await library.bring("reference;titre;pages\nC;Neuf;10\n").created == 1)
    }
  }

  @Test(arguments: Engine.allCases)
  func whatChangedSinceIsKeptAndListed(_ engine: Engine) async throws {
    try await withLibrary(engine) { library async throws in
      let outcome = try await library.bring(Self.books)
      _ = try await library.bring("reference;titre;pages\nA;;120\n")
      let undone = try await library.importer.undo(try #require(outcome.importID), [BookRecords()])
      #expect(undone.undone == 1)
      #expect(undone.kept.map(\.key) == ["A"] && undone.kept.map(\.reason) == ["modifiée depuis"])
      #expect(try await library.file() == "Soigner;2021-02-01;120;;sante;A")
    }
  }

  @Test(arguments: Engine.allCases)
  func whatOthersRelyOnIsKept(_ engine: Engine) async throws {
    try await withLibrary(engine) { library async throws in
      let outcome = try await library.bring(Self.books)
      let id = try await library.id("A")
      try await library.database.write { connection in
        try connection.execute("CREATE TABLE loan (book_id \(.id) NOT NULL REFERENCES book (id))")
        try connection.execute("INSERT INTO loan VALUES (\(id))")
      }
      let undone = try await library.importer.undo(try #require(outcome.importID), [BookRecords()])
      #expect(undone.undone == 1 && undone.kept.map(\.reason) == ["utilisée par d’autres fiches"])
      // What stands in the way goes, and the rest can be taken back.
      try await library.database.write { _ = try $0.execute("DELETE FROM loan") }
      let rest = try await library.importer.undo(try #require(outcome.importID), [BookRecords()])
      #expect(rest.undone == 1 && rest.kept.isEmpty)
      #expect(try await library.file().isEmpty)
      await #expect(throws: Refusal.self) { try await library.importer.undo(try #require(outcome.importID), [BookRecords()]) }
    }
  }

  /// What was taken back once is not taken back again, whoever gave the same value since.
  @Test(arguments: Engine.allCases)
  func asMuchAsIsLeftIsUndoneTheSecondTime(_ engine: Engine) async throws {
    try await withLibrary(engine) { library async throws in
      _ = try await library.bring(Self.books)
      let first = try #require(try await library.bring("reference;titre;pages\nA;;120\nC;Neuf;10\n").importID)
      let id = try await library.id("C")
      try await library.database.write { connection in
        try connection.execute("CREATE TABLE loan (book_id \(.id) NOT NULL REFERENCES book (id))")
        try connection.execute("INSERT INTO loan VALUES (\(id))")
      }
      let once = try await library.importer.undo(first, [BookRecords()])
      #expect(once.undone == 1 && once.kept.map(\.key) == ["C"])
      _ = try await library.bring("reference;titre;pages\nA;;120\n")
      try await library.database.write { _ = try $0.execute("DELETE FROM loan") }
      let twice = try await library.importer.undo(first, [BookRecords()])
      #expect(twice.undone == 1 && twice.kept.isEmpty)
      #expect(try await library.file() == "Soigner;2021-02-01;120;;sante;A\nTenir;2021-03-01;50;;;B")
    }
  }

  @Test(arguments: Engine.allCases)
  func twoPeopleEditOneRecordAndKeepBothTheirWork(_ engine: Engine) async throws {
    try await withLibrary(engine) { library async throws in
      _ = try await library.bring(Self.books)
      let id = try await library.id("A")
      let start = try #require(try await library.editor.load(id))
      var first = start.draft
      first.title = "Soigner mieux"
      #expect(try await library.editor.save(id, first, from: start.version) == .saved(version: 2))
      var second = start.draft
      second.pages = 130
      second.topics = []
      #expect(try await library.editor.save(id, second, from: start.version) == .saved(version: 3))
      #expect(try await library.file().hasPrefix("Soigner mieux;2021-02-01;130;;;A"))
      #expect(try await library.editor.save(id, second, from: start.version) == .unchanged)
    }
  }

  @Test(arguments: Engine.allCases)
  func aFieldChangedByBothIsShownToTheSecond(_ engine: Engine) async throws {
    try await withLibrary(engine) { library async throws in
      _ = try await library.bring(Self.books)
      let id = try await library.id("A")
      let start = try #require(try await library.editor.load(id))
      var (first, second) = (start.draft, start.draft)
      first.pages = 110
      second.pages = 120
      second.title = "Autre"
      _ = try await library.editor.save(id, first, from: start.version)
      guard case .conflict(let conflicts) = try await library.editor.save(id, second, from: start.version) else {
        Issue.record("the second save should have been a conflict")
        return
      }
      #expect(conflicts.map { "\($0.label) \($0.base) \($0.mine) \($0.theirs)" } == ["Pages 100 120 110"])
      #expect(try await library.file().hasPrefix("Soigner;2021-02-01;110"))
    }
  }

  @Test(arguments: Engine.allCases)
  func theBinGivesBackWhatItHolds(_ engine: Engine) async throws {
    try await withLibrary(engine) { library async throws in
      _ = try await library.bring(Self.books)
      let id = try await library.id("A")
      #expect(try await library.editor.remove(id))
      #expect(try await !library.editor.remove(id))
      #expect(try await library.editor.load(id)?.version == nil)
      #expect(try await library.file() == "Tenir;2021-03-01;50;;;B")
      try await library.editor.restore(id)
      #expect(try await library.file().hasPrefix("Soigner"))
      // The reference given again in the meantime stands in the way.
      _ = try await library.editor.remove(id)
      _ = try await library.bring("reference;titre;pages\nA;Second;1\n")
      await #expect(throws: Refusal.self) { try await library.editor.restore(id) }
    }
  }
}
