import Foundation
import Store
import TestSupport
import Testing

@testable import Federation
@testable import Records

/// Files joined to records: part of the record, of its history, of the bin and of the archive.
@Suite struct AttachmentsTests {
  private static let pdf = Array("%PDF-1.7 compte rendu".utf8)

  private func structure(_ world: Installation) async throws -> (kind: any RecordKind, id: Int64) {
    try await world.bring("structures", "reference;type;nom;departement\nA;msp;Une;38\nB;msp;Deux;38\n")
    let id = try await world.database.read { try $0.value("SELECT id FROM structure WHERE reference = 'A'", as: Int64.self) }
    return (try world.model.kind("structures"), try #require(id))
  }

  private func files(_ world: Installation) -> Attachments {
    Attachments(database: world.database, ids: world.ids, now: world.now, account: nil)
  }

  private func listed(_ record: Int64, _ database: any Database) async throws -> [AttachmentSummary] {
    try await database.read { try AttachmentSummary.all(of: record, kind: "structures", $0) }
  }

  private func count(_ table: SQL, _ world: Installation) async throws -> Int? {
    try await world.database.read { try $0.value("SELECT count(*) FROM \(table)", as: Int.self) }
  }

  @Test(arguments: Engine.allCases)
  func aFileIsJoinedOnceAndComesBackWhole(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      let (kind, record) = try await structure(world)
      let files = files(world)
      for _ in 1...2 { try await files.add([("../cr.pdf", Self.pdf)], to: record, of: kind) }
      let found = try await listed(record, world.database)
      #expect(found.map(\.name) == ["cr.pdf"] && found.map(\.size) == [Self.pdf.count])
      let file = try #require(found.first)
      #expect(try await files.content(of: file.id) == Self.pdf)
      // The same content under another name is kept once.
      try await files.add([("copie.pdf", Self.pdf), ("note.txt", Array("ô".utf8))], to: record, of: kind)
      #expect(try await listed(record, world.database).map(\.name) == ["cr.pdf", "copie.pdf", "note.txt"])
      #expect(try await count("file", world) == 2)
    }
  }

  /// What nothing names any more goes after a day, and nothing else.
  @Test(arguments: Engine.allCases)
  func whatNothingNamesGoesAfterADay(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      let (kind, record) = try await structure(world)
      let files = files(world)
      try await files.add([("garde.txt", Array("gardé".utf8)), ("corbeille.txt", Array("corbeille".utf8))], to: record, of: kind)
      try await files.add([("seul.txt", Array("seul".utf8)), ("repris.txt", Array("repris".utf8))], to: record, of: kind)
      for file in try await listed(record, world.database) where file.name == "corbeille.txt" {
        try await files.mark(file.id, removed: true, of: kind)
      }
      try await world.database.write { try $0.execute("DELETE FROM attachment WHERE name IN ('seul.txt', 'repris.txt')") }
      let now = world.now()
      func look(after hours: Double) async throws {
        try await world.database.write { try UnjoinedFilesJob().purge(at: now.addingTimeInterval(hours * 3_600), $0) }
      }
      try await look(after: 0)
      try await look(after: 23)
      #expect(try await count("file", world) == 4)
      try await files.add([("repris.txt", Array("repris".utf8))], to: record, of: kind)
      try await look(after: 25)
      #expect(try await count("file", world) == 3)
      try await look(after: 1_000)
      #expect(try await count("file", world) == 3)
      let kept = try #require(try await listed(record, world.database).first { $0.name == "repris.txt" })
      #expect(try await files.content(of: kept.id) == Array("repris".utf8))
      // The runner looks by itself.
      #expect(world.model.jobs.contains { type(of: $0).name == UnjoinedFilesJob.name })
    }
  }

  /// Whoever joins the bytes again while they go keeps them: the one waits for the other.
  @Test(arguments: Engine.allCases)
  func aContentThatIsJoinedWhileItGoesStays(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      let (kind, record) = try await structure(world)
      let (files, end) = (files(world), world.now().addingTimeInterval(90_000))
      for round in 0..<12 {
        let (name, bytes) = ("\(round).txt", Array("contenu \(round)".utf8))
        try await files.add([(name, bytes)], to: record, of: kind)
        try await world.database.write { try $0.execute("DELETE FROM attachment WHERE name = \(name)") }
        try await world.database.write { [now = world.now()] in try UnjoinedFilesJob().purge(at: now, $0) }
        async let purged: Void = world.database.write { try UnjoinedFilesJob().purge(at: end, $0) }
        async let joined: Void = files.add([(name, bytes)], to: record, of: kind)
        _ = try await (purged, joined)
        let file = try #require(try await listed(record, world.database).first { $0.name == name })
        #expect(try await files.content(of: file.id) == bytes)
      }
    }
  }

  @Test(arguments: Engine.allCases)
  func allOrNoneIsJoined(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      let (kind, record) = try await structure(world)
      let files = files(world)
      await #expect(throws: Refusal.self) { try await files.add([("a.pdf", Self.pdf), ("b.pdf", [])], to: record, of: kind) }
      await #expect(throws: Refusal.self) { try await files.add([("a.pdf", Self.pdf)], to: 12, of: kind) }
      let many: [(name: String, bytes: [UInt8])] = (0...Attachments.limit).map { ("\($0).pdf", Self.pdf) }
      await #expect(throws: Refusal.self) { try await files.add(many, to: record, of: kind) }
      #expect(try await listed(record, world.database).isEmpty)
      #expect(try await count("file", world) == 0)
      let versions = try await world.database.read { try $0.value("SELECT version FROM structure WHERE id = \(record)", as: Int.self) }
      #expect(versions == 1)
      try await files.add(Array(many.dropFirst()), to: record, of: kind)
      #expect(try await listed(record, world.database).count == Attachments.limit)
    }
  }

  @Test(arguments: Engine.allCases)
  func theHistoryTellsOfItAndNothingElseChanges(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      let (kind, record) = try await structure(world)
      let files = files(world)
      try await files.add([("cr.pdf", Self.pdf)], to: record, of: kind)
      let id = try #require(try await listed(record, world.database).first).id
      for _ in 1...2 { try await files.mark(id, removed: true, of: kind) }
      #expect(try await listed(record, world.database).isEmpty)
      try await files.mark(id, removed: false, of: kind)
      #expect(try await listed(record, world.database).map(\.id) == [id])
      let entries = try await world.database.read { try RecordHistory(record, of: kind, $0).entries }
      #expect(entries.map(\.operation) == [.reattaching, .detaching, .attaching, .fileImport])
      #expect(entries[1].changes.map(\.before) == ["cr.pdf"] && entries[1].changes.map(\.after) == [""])
      #expect(entries[2].changes.map(\.label) == ["Pièce jointe"] && entries[2].changes.map(\.after) == ["cr.pdf"])
      #expect(entries.map(\.version) == [1, 1, 1, 1] && entries.map(\.isCreation) == [false, false, false, true])
      #expect(try await world.bring("structures", world.take("structures")).unchanged == 2)
    }
  }

  /// Who changes the record in the meantime keeps what they typed.
  @Test(arguments: Engine.allCases)
  func aFileJoinedMeanwhileIsNoConflict(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      let (_, record) = try await structure(world)
      let editor = RecordEditor(StructureRecords(), world.database, ids: world.ids, now: world.now, actor: nil)
      try await files(world).add([("cr.pdf", Self.pdf)], to: record, of: StructureRecords())
      #expect(try await editor.save(record, entering: ["nom": "Autre"], from: 1, heedsWarnings: false) == .saved(version: 2))
      #expect(try await listed(record, world.database).count == 1)
      #expect(try await editor.remove(record))
      try await editor.restore(record)
      #expect(try await listed(record, world.database).count == 1)
    }
  }

  @Test(arguments: Engine.allCases)
  func manyAtOnceKeepToTheLimit(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      let (kind, record) = try await structure(world)
      let files = files(world)
      let many: [(name: String, bytes: [UInt8])] = (4...Attachments.limit).map { ("\($0).pdf", Self.pdf) }
      try await files.add(many, to: record, of: kind)
      // Two of each name: a double click.
      let refused = try await withThrowingTaskGroup(of: Bool.self) { group in
        for number in 0..<8 {
          group.addTask {
            do {
              try await files.add([("nouveau \(number / 2).pdf", Self.pdf)], to: record, of: kind)
              return false
            } catch is Refusal { return true }
          }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(refused.count { $0 } == 2)
      #expect(try await listed(record, world.database).count == Attachments.limit)
    }
  }

  @Test(arguments: Engine.allCases)
  func aRecordWithAFileIsNotErasedByUndoingItsImport(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      let (kind, record) = try await structure(world)
      try await files(world).add([("cr.pdf", Self.pdf)], to: record, of: kind)
      let page = try await world.database.read { try PastImport.page(of: ["structures"], from: 0, limit: 1, $0) }
      let outcome = try await world.importer.undo(try #require(page.imports.first?.id), world.model.kinds)
      #expect(outcome.undone == 1 && outcome.kept.map(\.key) == ["A"])
    }
  }

  private static let pairs = Engine.allCases.flatMap { from in Engine.allCases.map { (from, $0) } }

  /// Also more than one statement carries.
  @Test(arguments: pairs)
  func itIsPartOfTheArchive(_ from: Engine, _ to: Engine) async throws {
    let archive = FileManager.default.temporaryDirectory.appending(path: "archive-\(UUID().uuidString).jsonl")
    defer { try? FileManager.default.removeItem(at: archive) }
    try await withInstallation(from) { world async throws in
      let (kind, record) = try await structure(world)
      let large = Array("%PDF-".utf8) + Array(repeating: 200, count: 3_500_000)
      try await files(world).add([("un.pdf", large), ("deux.pdf", large + [1]), ("cr.pdf", Self.pdf)], to: record, of: kind)
      let last = try #require(try await listed(record, world.database).last)
      try await files(world).mark(last.id, removed: true, of: kind)
      let rows = try await world.model.backUp(world.database, to: archive)
      try await withDatabase(to) { database async throws in
        #expect(try await world.model.restore(archive, into: database) == rows)
        let found = try await listed(record, database)
        #expect(found.map(\.name) == ["un.pdf", "deux.pdf"])
        let again = Attachments(database: database, ids: world.ids, now: world.now, account: nil)
        #expect(try await again.content(of: try #require(found.first).id) == large)
        try await again.mark(last.id, removed: false, of: kind)
        #expect(try await again.content(of: last.id) == Self.pdf)
        #expect(try await listed(record, database).count == 3)
      }
    }
  }
}
