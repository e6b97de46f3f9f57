import Foundation
import Store
import Tables

/// The files that one account has brought and not yet imported, and what is done with them, step by step.
public struct WaitingFiles: Sendable {
  let database: any Database
  private let ids: IdentifierSource
  let now: @Sendable () -> Date
  let account: Int64
  private let permits: Importer.Permits?
  private let sources: [ImportSource]

  /// Reading a large workbook takes seconds and much memory: one at a time, away from the requests.
  private static let queue = BlockingQueue("files to import")
  private static let pieceSize = 1 << 20
  private static let sampleCount = 3

  /// - Parameters:
  ///   - permits: the records that the account may change; all of them when there is none.
  ///   - sources: the exports of other programs that are recognised.
  public init(
    database: any Database, ids: IdentifierSource, now: @escaping @Sendable () -> Date, account: Int64, permits: Importer.Permits? = nil,
    sources: [ImportSource] = []
  ) {
    (self.permits, self.sources) = (permits, sources)
    self.database = database
    self.ids = ids
    self.now = now
    self.account = account
  }

  /// What a file does, or did, with the lines as they stand in it.
  public struct Answer: Sendable {
    public let outcome: ImportOutcome
    /// Under the names of the fields.
    public let table: Table
    /// How many lines are none of those to import.
    public let leftOut: Int
  }

  // MARK: - Bringing

  /// - Parameter name: as the browser gave it.
  /// - Throws: `Refusal` when it is no table, or one without lines.
  public func keep(_ bytes: [UInt8], named name: String, as kind: some RecordKind) async throws -> Identifier<Import> {
    try await keep(bytes, named: name) { source in (kind.name, source?.target(kind.name) == nil ? nil : source) }
  }

  /// Keeps an export of another program as what such a file becomes.
  /// - Parameter kinds: the names of those that may be imported.
  /// - Throws: `Refusal`, when nothing recognises it too.
  public func recognise(_ bytes: [UInt8], named name: String, among kinds: [String]) async throws -> Identifier<Import> {
    try await keep(bytes, named: name) { source in
      guard let source else {
        let programs = Set(sources.map(\.program)).sorted()
        throw Refusal(
          "Ce fichier n’a pas les titres de colonnes d’un export de \(programs.joined(separator: " ou de ")) : revenez à la page Imports et choisissez ce qu’il contient."
        )
      }
      guard let target = source.targets.first(where: { kinds.contains($0.kind) }) else {
        throw Refusal("Ce fichier est un export \(source.program) (\(source.content)), que votre compte ne peut pas importer.")
      }
      return (target.kind, source)
    }
  }

  private func keep(
    _ bytes: [UInt8], named name: String, as choose: (ImportSource?) throws -> (kind: String, source: ImportSource?)
  ) async throws -> Identifier<Import> {
    guard bytes.count <= WaitingFile.sizeLimit else { throw Refusal("Le fichier dépasse 100 Mo : coupez-le en plusieurs.") }
    let table = try await Self.table(bytes)
    guard !table.rows.isEmpty else { throw Refusal("Ce fichier n’a que ses titres de colonnes : il n’y a rien à importer.") }
    guard table.header.count <= WaitingFile.columnLimit else {
      throw Refusal("Ce fichier a \(table.header.count) colonnes : gardez celles à importer, \(WaitingFile.columnLimit) au plus.")
    }
    let (kind, source) = try choose(sources.first { $0.recognises(table.header) })
    let (id, moment) = (ids.next(Import.self), now())
    let tallies = try WaitingFile.text(ColumnTally.of(table))
    let samples = table.rows.prefix(Self.sampleCount).map { $0.cells.prefix(table.header.count).map { String($0.prefix(80)) } }
    let (header, lines, sampleText) = (try WaitingFile.text(table.header), table.rows.count, try WaitingFile.text(samples))
    try await database.write { [account] connection in
      try makeRoom(connection)
      try connection.execute(
        """
        INSERT INTO import_file (
          id, account_id, kind, file_name, size, line_count, header, samples, creates_values, received_at, expires_at, source, tallies
        ) VALUES (
          \(id), \(account), \(kind), \(FileName.cleaned(name)), \(bytes.count), \(lines), \(header), \(sampleText), \(false),
          \(Instant(moment)), \(Instant(moment.addingTimeInterval(WaitingFile.life))), \(source?.code), \(tallies))
        """)
      for (position, start) in stride(from: 0, to: bytes.count, by: Self.pieceSize).enumerated() {
        let piece = Array(bytes[start..<min(start + Self.pieceSize, bytes.count)])
        try connection.execute("INSERT INTO import_file_piece (file_id, position, bytes) VALUES (\(id), \(position), \(piece))")
      }
    }
    return id
  }

  private func makeRoom(_ connection: any Connection) throws {
    try Self.purge(at: Instant(now()), connection)
    let own = try connection.value("SELECT count(*) FROM import_file WHERE account_id = \(account)", as: Int.self) ?? 0
    guard own < WaitingFile.mostWaiting else {
      throw Refusal(
        "\(own) fichiers attendent déjà d’être importés : terminez-en un depuis la page Imports, ou abandonnez-le, puis recommencez.")
    }
  }

  /// Removes the files whose end has come.
  static func purge(at moment: Instant, _ connection: any Connection) throws {
    try remove(connection.rows("SELECT id FROM import_file WHERE expires_at <= \(moment)").map { try $0[0] }, connection)
  }

  private static func remove(_ files: [Int64], _ connection: any Connection) throws {
    guard !files.isEmpty else { return }
    try connection.execute("DELETE FROM import_file_piece WHERE file_id IN \(list: files)")
    try connection.execute("DELETE FROM import_file WHERE id IN \(list: files)")
  }

  // MARK: - Looking

  /// `nil` when there is no such file, when it is somebody else's, and once its end has come.
  public func file(_ id: Identifier<Import>, _ connection: any Connection) throws -> WaitingFile? {
    try connection.first(
      """
      SELECT \(WaitingFile.selection) FROM import_file WHERE id = \(id) AND account_id = \(account) AND expires_at > \(Instant(now()))
      """
    ).map { try WaitingFile($0) }
  }

  /// The account's own, the latest first.
  public func all(_ connection: any Connection) throws -> [WaitingFile] {
    try connection.rows(
      """
      SELECT \(WaitingFile.selection) FROM import_file f WHERE account_id = \(account) AND expires_at > \(Instant(now()))
        AND NOT EXISTS (SELECT 1 FROM import i WHERE i.id = f.id)
      ORDER BY f.id DESC
      """
    ).map { try WaitingFile($0) }
  }

  /// What each of its columns is for, as it was chosen or as it looks.
  public func choices(_ file: WaitingFile, _ kind: some RecordKind, _ connection: any Connection) throws -> [ColumnMatch] {
    let known: String? = try connection.value(
      "SELECT columns FROM import_columns WHERE kind = \(file.kind) AND titles = \(WaitingFile.digest(ofTitles: file.header))")
    let remembered = known.flatMap { try? JSONDecoder().decode([String].self, from: Data($0.utf8)) }
    return kind.columnMatches(file.header, remembered: file.columns ?? remembered, target: target(file))
  }

  /// The export of another program that a file is.
  public func source(_ file: WaitingFile) -> ImportSource? { file.source.flatMap { code in sources.first { $0.code == code } } }

  /// What the recognised file's columns are for, in the kind that it is imported as.
  func target(_ file: WaitingFile) -> ImportSource.Target? { source(file)?.target(file.kind) }

  /// The labels of the fields that are worked out from other columns' cells.
  public func filled(_ file: WaitingFile, _ kind: some RecordKind) -> [String] {
    let names = Set(target(file)?.additions(file.header).map(\.column.field) ?? [])
    return kind.importColumns.filter { names.contains($0.name) }.map(\.label)
  }

  /// Imports a recognised file as records of another kind; what was chosen for the first is forgotten.
  /// - Throws: `Refusal` when such a file never becomes that.
  public func change(_ file: WaitingFile, to kind: some RecordKind) async throws {
    guard source(file)?.target(kind.name) != nil else { throw Refusal("Un tel fichier ne donne pas ces fiches : rechargez la page.") }
    try await database.write { [account] connection in
      try connection.execute(
        """
        UPDATE import_file SET kind = \(kind.name), columns = \(nil as String?), meanings = \(nil as String?)
        WHERE id = \(file.id) AND account_id = \(account)
        """)
    }
  }

  /// - Parameter columns: the field of each, empty for one that is left out.
  /// - Throws: `Refusal` when a required one is missing, or one is given twice.
  public func choose(_ columns: [String], for file: WaitingFile, _ kind: some RecordKind) async throws {
    let known = Set(kind.importColumns.map(\.name))
    guard columns.count == file.header.count, columns.allSatisfy({ $0.isEmpty || known.contains($0) }) else {
      throw Refusal("Ces colonnes ne sont pas celles du fichier : rechargez la page.")
    }
    let filled = Set(target(file)?.additions(file.header).map(\.column.field) ?? [])
    if let fault = kind.fault(ofColumns: columns, filled: filled) { throw Refusal(fault) }
    let text = try WaitingFile.text(columns)
    try await database.write { [account, now] connection in
      try connection.execute("UPDATE import_file SET columns = \(text) WHERE id = \(file.id) AND account_id = \(account)")
      try connection.execute(
        """
        INSERT INTO import_columns (kind, titles, columns, chosen_at)
        VALUES (\(file.kind), \(WaitingFile.digest(ofTitles: file.header)), \(text), \(Instant(now())))
        ON CONFLICT (kind, titles) DO UPDATE SET columns = excluded.columns, chosen_at = excluded.chosen_at
        """)
    }
  }

  public func throwAway(_ id: Identifier<Import>) async throws {
    try await database.write { [account] connection in
      let own: [Int64] = try connection.rows("SELECT id FROM import_file WHERE id = \(id) AND account_id = \(account)").map { try $0[0] }
      try Self.remove(own, connection)
    }
  }

  // MARK: - Doing

  /// What the file would do, now.
  public func preview(_ file: WaitingFile, _ kind: some RecordKind, createsValues: Bool) async throws -> Answer {
    try await run(file, kind, ImportOptions(isDryRun: true, createsValues: createsValues))
  }

  /// Writes what was accepted, or nothing when it would no longer do the same: `ImportOutcome.isOutdated`, with what it would do now.
  /// - Parameter accepted: the fingerprint of the preview.
  public func write(
    _ file: WaitingFile, _ kind: some RecordKind, leavesRefused: Bool, createsValues: Bool, accepted: String
  ) async throws -> Answer {
    let answer = try await run(
      file, kind, ImportOptions(leavesRefused: leavesRefused, createsValues: createsValues, accepted: accepted))
    guard answer.outcome.importID != nil else { return answer }
    try await database.write { connection in
      let refused: Int = try connection.value("SELECT refused FROM import WHERE id = \(file.id)") ?? 0
      // The refused lines can be fetched until its end.
      if refused == 0 { return try Self.remove([file.id.rawValue], connection) }
      try connection.execute("UPDATE import_file SET creates_values = \(createsValues) WHERE id = \(file.id)")
    }
    return answer
  }

  /// The lines that the file's last preview or its import refuses, as they stood.
  public func refusedLines(_ file: WaitingFile, _ kind: some RecordKind, createsValues: Bool) async throws -> RefusedLines {
    let table = try await table(of: file)
    let answer = try await run(file, kind, ImportOptions(isDryRun: true, createsValues: createsValues), table)
    return RefusedLines(answer.outcome, of: table, kind)
  }

  private func run(
    _ file: WaitingFile, _ kind: some RecordKind, _ options: ImportOptions, _ read: Table? = nil
  ) async throws -> Answer {
    let lines = try await database.read { try translation(file, kind, $0) }
    let whole = if let read { read } else { try await table(of: file) }
    let (table, leftOut) = lines.table(whole)
    let importer = Importer(database: database, ids: ids, now: now, actor: account, permits: permits)
    return Answer(
      outcome: try await importer.run(kind, table: table, fileName: file.name, options: options, as: file.id), table: table,
      leftOut: leftOut)
  }

  private func table(of file: WaitingFile) async throws -> Table {
    let bytes = try await database.read { connection in
      var bytes: [UInt8] = []
      bytes.reserveCapacity(file.size)
      for position in 0..<(file.size + Self.pieceSize - 1) / Self.pieceSize {
        let piece: [UInt8]? = try connection.value(
          "SELECT bytes FROM import_file_piece WHERE file_id = \(file.id) AND position = \(position)")
        bytes += piece ?? []
      }
      return bytes
    }
    guard bytes.count == file.size else { throw Refusal("Ce fichier n’est plus gardé : déposez-le à nouveau.") }
    return try await Self.table(bytes)
  }

  private static func table(_ bytes: [UInt8]) async throws -> Table {
    try await queue.run {
      do {
        return try TableFile.read(bytes)
      } catch let error as TableError {
        throw Refusal(error.description)
      }
    }
  }
}

/// Removes the files that nobody imported, as their end comes.
public struct WaitingFilesJob: JobKind {
  public struct Parameters: Codable, Sendable {}

  public static let name = "imports.attente"

  public init() {}

  /// Two statements, too little to be asked for and kept as a job: done where the calendar is looked at, at least once an hour.
  public func plan(_ queue: JobQueue, at moment: Date, _ connection: any Connection) throws {
    try WaitingFiles.purge(at: Instant(moment), connection)
  }

  public func run(_ parameters: Parameters, _ context: JobContext) async throws {}
}
