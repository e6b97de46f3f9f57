import Foundation
import Records
import Store
import TestSupport
import Testing

@testable import Federation

/// Files that wait between the steps of an import: one person's, for one day, and written as they were accepted.
@Suite struct WaitingFilesTests {
  private static let text = "Réf;Intitulé;type;Dpt;Autre\nA1;Équipe une;msp;38;x\nA2;Équipe deux;esp;69;y\nA3;Trois;hôpital;69;z\n"
  private static let columns = ["reference", "nom", "type", "departement", ""]

  private struct Desk {
    let world: Installation
    let files: WaitingFiles
    let kind: any RecordKind

    init(_ world: Installation, account: Int64 = 7) throws {
      self.world = world
      files = WaitingFiles(database: world.database, ids: world.ids, now: world.now, account: account)
      kind = try world.model.kind("structures")
    }

    func find(_ id: Identifier<Import>) async throws -> WaitingFile? {
      try await world.database.read { [files] in try files.file(id, $0) }
    }

    func bring(_ text: String, _ columns: [String] = WaitingFilesTests.columns) async throws -> WaitingFile {
      let id = try await files.keep(Array(text.utf8), named: "équipes.csv", as: kind)
      let file = try #require(try await find(id))
      try await files.choose(columns, for: file, kind)
      return try #require(try await find(id))
    }

    func count(_ table: SQL) async throws -> Int? {
      try await world.database.read { try $0.value("SELECT count(*) FROM \(table)", as: Int.self) }
    }
  }

  @Test(arguments: Engine.allCases)
  func whatIsAcceptedIsWrittenOnceUnderTheFilesOwnIdentifier(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      let desk = try Desk(world)
      let file = try await desk.bring(Self.text)
      #expect(file.lineCount == 3 && file.samples.first == ["A1", "Équipe une", "msp", "38", "x"])
      let preview = try await desk.files.preview(file, desk.kind, createsValues: false).outcome
      #expect(preview.created == 2 && preview.newLines == [2, 3] && preview.refused.map(\.line) == [4])
      let (files, kind) = (desk.files, desk.kind)
      @Sendable func write(leaving: Bool = true) async throws -> ImportOutcome {
        try await files.write(file, kind, leavesRefused: leaving, createsValues: false, accepted: preview.fingerprint).outcome
      }
      let halted = try await write(leaving: false)
      #expect(halted.importID == nil && !halted.isOutdated && halted.created == 0)
      // Two clicks at once.
      let outcomes = try await withThrowingTaskGroup { group in
        for _ in 1...2 { group.addTask { try await write() } }
        return try await group.reduce(into: [ImportOutcome]()) { $0.append($1) }
      }
      #expect(outcomes.allSatisfy { $0.importID == file.id } && outcomes.map(\.created).sorted() == [0, 2])
      #expect(try await desk.count("structure") == 2)
      #expect(try await desk.count("import") == 1)
      let past = try await world.database.read { try PastImport(file.id, $0) }
      #expect(past?.account == 7 && past?.created == 2 && past?.refused == 1 && past?.state == .inPlace && past?.fileName == "équipes.csv")
      let refused = try await desk.files.refusedLines(file, desk.kind, createsValues: false)
      #expect(refused.header == ["Réf", "Intitulé", "type", "Dpt", "Autre", "motif"] && refused.rows.map(\.first) == ["A3"])
      #expect(try await world.take("structures").contains("A1;msp;Équipe une;38"))
    }
  }

  @Test(arguments: Engine.allCases)
  func whatWouldDoAnythingElseIsNotWritten(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      let desk = try Desk(world)
      let file = try await desk.bring("reference;nom;type;departement;x\nA1;Équipe une;msp;38;\n")
      let preview = try await desk.files.preview(file, desk.kind, createsValues: false).outcome
      #expect(try await desk.files.preview(file, desk.kind, createsValues: false).outcome.fingerprint == preview.fingerprint)
      for text in ["A1;msp;Une;38", "A1;msp;Une autre;38", "A1;msp;Équipe une;38"] {
        try await world.bring("structures", "reference;type;nom;departement\n\(text)\n")
        let now = try await desk.files.preview(file, desk.kind, createsValues: false).outcome
        let stale = try await desk.files.write(
          file, desk.kind, leavesRefused: false, createsValues: false, accepted: preview.fingerprint
        ).outcome
        #expect(stale.isOutdated && stale.importID == nil && stale.fingerprint == now.fingerprint && stale.changed == now.changed)
      }
      #expect(try await desk.count("import") == 3)
    }
  }

  @Test(arguments: Engine.allCases)
  func aFileIsOnePersonsAndHasAnEnd(_ engine: Engine) async throws {
    let clock = MovingClock()
    try await withInstallation(engine, now: { clock.now }) { world async throws in
      let desk = try Desk(world)
      let file = try await desk.bring(Self.text)
      #expect(try await Desk(world, account: 8).find(file.id) == nil)
      try await Desk(world, account: 8).files.throwAway(file.id)
      for number in 1...4 {
        clock.move(by: .seconds(60))
        _ = try await desk.files.keep(Array("reference\n\(number)\n".utf8), named: "\(number)", as: desk.kind)
      }
      clock.move(by: .seconds(60))
      let fifth = Array("reference\n5\n".utf8)
      // Nothing goes without a word: one must be finished or given up first.
      await #expect(throws: Refusal.self) { try await desk.files.keep(fifth, named: "5", as: desk.kind) }
      #expect(try await desk.find(file.id) != nil)
      try await desk.files.throwAway(file.id)
      _ = try await desk.files.keep(fifth, named: "5", as: desk.kind)
      #expect(try await desk.count("import_file") == 5)
      clock.move(by: .seconds(86_400 - 60))
      let left = try await world.database.read { [files = desk.files] in try files.all($0).map(\.name) }
      #expect(left == ["5"])
      _ = try await world.jobRunner(SendingJob { _ in }).runDue()
      #expect(try await desk.count("import_file") == 1)
      #expect(try await desk.count("import_file_piece") == 1)
    }
  }

  @Test(arguments: Engine.allCases)
  func aLargeFileComesBackWholeAndStaysOutOfTheArchive(_ engine: Engine) async throws {
    let archive = FileManager.default.temporaryDirectory.appending(path: "archive-\(UUID().uuidString).jsonl")
    defer { try? FileManager.default.removeItem(at: archive) }
    try await withInstallation(engine) { world async throws in
      let desk = try Desk(world)
      let note = String(repeating: "é", count: 700)
      let lines = (1...900).map { "L\($0);Équipe \($0);msp;38;\(note)" }
      let file = try await desk.bring("reference;nom;type;departement;notes\n\(lines.joined(separator: "\n"))\n")
      #expect(file.size > 1 << 20)
      #expect(try await desk.count("import_file_piece") == 2)
      #expect(try await desk.files.preview(file, desk.kind, createsValues: false).outcome.created == 900)
      _ = try await world.model.backUp(world.database, to: archive)
      let text = try String(contentsOf: archive, encoding: .utf8)
      #expect(text.contains("\"import_columns\"") && !text.contains("\"import_file") && !text.contains("équipes.csv"))
    }
  }

  @Test(arguments: Engine.allCases)
  func whatCannotBeReadIsRefused(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      let desk = try Desk(world)
      let wide = Array(repeating: "a", count: 301).joined(separator: ";")
      for text in ["", "reference;nom\n", "a;\"b\n", "\u{0}\u{1}", "\(wide)\n\(wide)\n"] {
        await #expect(throws: Refusal.self) { try await desk.files.keep(Array(text.utf8), named: "x.csv", as: desk.kind) }
      }
      let id = try await desk.files.keep(Array(Self.text.utf8), named: "x.csv", as: desk.kind)
      let file = try #require(try await desk.find(id))
      await #expect(throws: Refusal.self) { try await desk.files.preview(file, desk.kind, createsValues: false) }
      for columns in [
        [], ["reference", "", "type", "", ""], ["nom", "nom", "type", "departement", "reference"], ["x", "", "", "", ""],
      ] {
        await #expect(throws: Refusal.self) { try await desk.files.choose(columns, for: file, desk.kind) }
      }
      #expect(try await desk.count("import_columns") == 0)
    }
  }

  @Test(arguments: Engine.allCases)
  func undoingSaysWhatItKept(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      let id = try #require(try await world.bring("structures", "reference;type;nom;departement\nA;msp;Une;38\nB;msp;Deux;38\n").importID)
      try await world.bring("structures", "reference;type;nom;departement\nA;msp;Reprise;38\n")
      #expect(try await world.importer.undo(id, world.model.kinds).kept.count == 1)
      let state = try await world.database.read { try PastImport(id, $0)?.state }
      #expect(state == .partlyUndone(kept: 1))
      let (page, total) = try await world.database.read { try PastImport.page(of: ["structures"], from: 0, limit: 1, $0) }
      #expect(total == 2 && page.count == 1 && page.first?.account == nil)
      let reader = Account(id: Identifier(rawValue: 1), email: "a@exemple.fr", name: "A", role: .direction, territory: nil)
      let records = try await world.database.read { try ImportedRecord.first(10, of: id, kind: "structures", for: reader, $0) }
      #expect(records.map(\.title) == ["Reprise"])
    }
  }

  @Test func titlesOfOtherProgramsAreRecognised() throws {
    let kind = try Model.federation(geography: TestDatabases.geography).kind("structures")
    let titles = ["Ref CRM", "Nom de la structure", "TYPE", "Dpt", "Ville", "Avancement", "Mail", "", "Motif", "nom", "Tél."]
    let choices = kind.columnMatches(titles, remembered: nil)
    #expect(
      choices.map(\.field) == ["reference", "", "type", "departement", "commune", "etat", "courriel", "", "", "nom", "telephone"])
    #expect(choices.map(\.origin).prefix(3) == [.guess, .none, .title])
    // What was chosen once holds for the same titles, also that a column is left out; of another number of columns it says nothing.
    let remembered = kind.columnMatches(["a", "nom"], remembered: ["reference", ""])
    #expect(remembered.map(\.field) == ["reference", ""] && remembered.map(\.origin) == [.memory, .none])
    #expect(kind.columnMatches(["nom"], remembered: ["reference", ""]).map(\.field) == ["nom"])
  }

  @Test func rolesImportWhatTheyWrite() {
    for kind in Model.federation(geography: TestDatabases.geography).kinds.map(\.name) {
      // Who follows a team reads its confidential notes: the direction alone says who does.
      let bringers: [Role] =
        ["suivis", "remplacements", "finalites", "consentements"].contains(kind) ? [.direction] : [.direction, .chargeMission, .assistance]
      for role in Role.allCases {
        #expect(role.mayImport(kind) == bringers.contains(role), "\(role) \(kind)")
      }
    }
    #expect(Role.direction.mayImport("autre") && !Role.assistance.mayImport("autre"))
  }
}
