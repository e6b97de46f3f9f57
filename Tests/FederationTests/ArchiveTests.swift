import Foundation
import Records
import Store
import TestSupport
import Testing

@testable import Federation

/// The whole database out and in again, from each engine to each.
@Suite struct ArchiveTests {
  private func file() -> URL {
    FileManager.default.temporaryDirectory.appending(path: "archive-\(UUID().uuidString).jsonl")
  }

  private static let pairs = Engine.allCases.flatMap { from in Engine.allCases.map { (from, $0) } }

  @Test(arguments: pairs)
  func everythingComesBackOnEitherEngine(_ from: Engine, _ to: Engine) async throws {
    let (archive, again) = (file(), file())
    defer { for file in [archive, again] { try? FileManager.default.removeItem(at: file) } }
    try await withInstallation(from, holding: .demonstration) { source async throws in
      try await source.bring(
        "echanges", "date;canal;structures;objet;personnes\n2021-01-01;visio;DEMO-001;\"« l’œuvre » \\ \"\"x\"\" \u{1F600}\";Zoé|Alix\n")
      let rows = try await source.model.backUp(source.database, to: archive)
      try await withDatabase(to) { database async throws in
        #expect(try await source.model.restore(archive, into: database) == rows)
        #expect(try await source.model.backUp(database, to: again) == rows)
        #expect(try Data(contentsOf: archive) == Data(contentsOf: again))
        let faults = try await database.read { [model = source.model] in try model.faults($0, today: .lastDay(of: 2025)) }
        #expect(faults.isEmpty)
        await #expect(throws: ArchiveError.self) { try await source.model.restore(archive, into: database) }
      }
    }
  }

  @Test func whatIsNoWholeArchiveIsRefusedAndNothingIsWritten() async throws {
    let archive = file()
    defer { try? FileManager.default.removeItem(at: archive) }
    try await withInstallation(.sqlite) { source async throws in
      _ = try await source.model.backUp(source.database, to: archive)
      let whole = try Data(contentsOf: archive)
      let lastLine = whole.dropLast().lastIndex(of: 10) ?? 0
      var damaged = whole
      damaged[whole.count / 2] ^= 1
      let newer = Data("{\"maillage\":1,\"migrations\":[\"209901010000-later\"]}\n".utf8)
      for content in [Data(), Data("bonjour".utf8), whole.prefix(lastLine), whole.prefix(whole.count / 2), damaged, newer] {
        try content.write(to: archive)
        try await withDatabase(.sqlite) { database async throws in
          await #expect(throws: (any Error).self) { try await source.model.restore(archive, into: database) }
          let tables = try await database.read { try $0.value("SELECT count(*) FROM sqlite_master", as: Int.self) }
          #expect(tables == 0)
        }
      }
    }
  }
}
