import Foundation
import Store

/// What a capability adds to the house: one value of this type, in its folder of Federation.
public struct Capability: Sendable {
  public let name: String
  public let migrations: [Migration]
  public let lists: [ReferenceList]
  public let settings: [Setting]
  public let kinds: [any RecordKind]
  public let figures: [Figure]
  public let derived: [DerivedData]
  /// Work that is done later, by `maillage jobs`.
  public let jobs: [any JobKind]
  /// Messages that the calendar calls for.
  public let reminders: [Reminder]
  /// What `maillage check` asks beside: one French sentence for each thing that is not as it should be.
  let checks: [@Sendable (any Connection) throws -> [String]]
  /// In a database restored from an archive: what may have happened since the archive was made does not happen again by itself.
  let doubts: [@Sendable (any Connection) throws -> Void]
  /// Tables of secrets that no digest can stand for: they never leave the database, with an archive either.
  public let secretTables: [String]
  /// Tables whose column `digest` names contents of files, beside those of Records: what they name is kept.
  let fileTables: [String]

  public init(
    _ name: String, migrations: [Migration] = [], lists: [ReferenceList] = [], settings: [Setting] = [], kinds: [any RecordKind] = [],
    figures: [Figure] = [], derived: [DerivedData] = [], jobs: [any JobKind] = [], reminders: [Reminder] = [],
    checks: [@Sendable (any Connection) throws -> [String]] = [], doubts: [@Sendable (any Connection) throws -> Void] = [],
    secretTables: [String] = [], fileTables: [String] = []
  ) {
    self.name = name
    self.migrations = migrations
    self.lists = lists
    self.settings = settings
    self.kinds = kinds
    self.figures = figures
    self.derived = derived
    self.jobs = jobs
    self.reminders = reminders
    self.checks = checks
    self.doubts = doubts
    self.secretTables = secretTables
    self.fileTables = fileTables
  }
}

/// What is computed from other columns and stored: folds, spans, search texts.
public struct DerivedData: Sendable {
  public let name: String
  /// Raised whenever the computation changes: `migrate` then rebuilds what is stored.
  let version: Int
  /// Thresholds that a federation sets enter into it.
  let followsSettings: Bool
  let rebuild: @Sendable (any Connection) throws -> Void
  /// What is stored and is not what the computation gives, one French sentence each.
  let faults: @Sendable (any Connection) throws -> [String]

  public init(
    _ name: String, version: Int, followsSettings: Bool = false, rebuild: @escaping @Sendable (any Connection) throws -> Void,
    faults: @escaping @Sendable (any Connection) throws -> [String]
  ) {
    self.name = name
    self.version = version
    self.followsSettings = followsSettings
    self.rebuild = rebuild
    self.faults = faults
  }

  static let migration = Migration(
    "202611211003-derived-data",
    ["CREATE TABLE derived_data (name \(.text) PRIMARY KEY, version \(.int) NOT NULL) \(sqlite: "STRICT", postgres: "")"])
}

/// All capabilities of an installation, and what is done with them together.
public struct Model: Sendable {
  public let capabilities: [Capability]

  public init(_ capabilities: [Capability]) {
    self.capabilities = capabilities
  }

  /// Those of the capabilities, and the historical values of any figure.
  public var kinds: [any RecordKind] { capabilities.flatMap(\.kinds) + [SeriesRecords(figures)] }
  public var lists: [ReferenceList] { capabilities.flatMap(\.lists) }
  public var figures: FigureRegistry { FigureRegistry(capabilities.flatMap(\.figures)) }
  public var settings: [Setting] { [.federationName, .timeZone, .isDemonstration] + capabilities.flatMap(\.settings) }

  /// Those of the capabilities, and the words by which records of all kinds are found.
  private var derived: [DerivedData] { capabilities.flatMap(\.derived) + [SearchIndex.derived(kinds)] }

  public var jobs: [any JobKind] {
    capabilities.flatMap(\.jobs) + [WaitingFilesJob(), UnjoinedFilesJob(capabilities.flatMap(\.fileTables))]
  }
  public var reminders: [Reminder] { capabilities.flatMap(\.reminders) }

  public var migrator: Migrator {
    Migrator(
      [
        AuditEvent.migration, AuditEvent.undoMigration, ReferenceList.migration, ReferenceList.identityMigration, Importer.migration,
        WaitingFile.migration, WaitingFile.meaningMigration, DerivedData.migration, Job.migration,
        Outbox.migration, NumberSeries.migration, SeriesValue.migration, Batch.migration, SearchIndex.migration, Attachment.migration,
        Attachment.purgeMigration, Merge.migration, Outbox.fileMigration, RecordComment.migration, Watcher.migration, Notice.migration,
      ] + Setting.migrations + capabilities.flatMap(\.migrations))
  }

  /// - Throws: `Refusal` when there is no such kind.
  public func kind(_ name: String) throws -> any RecordKind {
    guard let kind = kinds.first(where: { $0.name == name }) else {
      throw Refusal("« \(name) » n’est pas une sorte de fiche ; possible : \(kinds.map(\.name).joined(separator: ", ")).")
    }
    return kind
  }

  /// Brings the schema, the lists and the derived data up to date; returns the names of the migrations that ran.
  public func migrate(_ database: any Database) async throws -> [String] {
    try await migrator.migrate(database) { try complete($0) }
  }

  /// What follows the migrations, in their transaction.
  private func complete(_ connection: any Connection) throws {
    for list in lists { try list.seed(connection) }
    for part in derived {
      let version: Int? = try connection.value("SELECT version FROM derived_data WHERE name = \(part.name)")
      // A part that this one reads may have changed under it: « maillage check » tells, and « maillage migrate » mends.
      if version == part.version, try part.faults(connection).isEmpty { continue }
      try part.rebuild(connection)
      try connection.execute(
        """
        INSERT INTO derived_data VALUES (\(part.name), \(part.version))
        ON CONFLICT (name) DO UPDATE SET version = excluded.version
        """)
    }
  }

  /// Without the words of the search, which are many and made again from the records.
  private var archive: Archive {
    Archive(migrator, leavingOut: WaitingFile.tables.union(capabilities.flatMap(\.secretTables)).union([SearchIndex.table]))
  }

  /// Writes the whole database but its secrets and files that wait to a file that either engine restores; returns the number of rows.
  public func backUp(_ database: any Database, to file: URL) async throws -> Int {
    try await archive.write(database, to: file)
  }

  /// Fills a new database from an archive and brings it up to date; returns the number of rows. Letters that waited then do
  /// not leave by themselves.
  /// - Parameter finish: what else is done before anybody finds the database, in the same transaction.
  public func restore(
    _ file: URL, into database: any Database, at moment: Instant = Instant(Date()),
    then finish: @escaping @Sendable (any Connection) throws -> Void = { _ in }
  ) async throws -> Int {
    // One transaction: nobody finds the letters waiting.
    try await archive.restore(file, into: database) { connection in
      try complete(connection)
      try Outbox.doubt(at: moment, connection)
      for doubt in capabilities.flatMap(\.doubts) { try doubt(connection) }
      try finish(connection)
    }
  }

  /// - Throws: `SchemaError` unless the database has the program's schema, and what is computed is of its version.
  public func verify(_ connection: any Connection) throws {
    try migrator.verify(connection)
    let stored = Dictionary(
      uniqueKeysWithValues: try connection.rows("SELECT name, version FROM derived_data").map { (try $0[0] as String, try $0[1] as Int) })
    guard derived.allSatisfy({ stored[$0.name] == $0.version }) else { throw SchemaError.older }
  }

  /// One French sentence for each thing that is not as it should be.
  public func faults(_ connection: any Connection, today: CivilDate) throws -> [String] {
    try verify(connection)
    return try connection.integrityFaults() + derived.flatMap { try $0.faults(connection) }
      + capabilities.flatMap(\.checks).flatMap { try $0(connection) } + figureFaults(connection, today: today)
  }

  /// Every figure, whole and by each of its dimensions, against the records listed behind it.
  private func figureFaults(_ connection: any Connection, today: CivilDate) throws -> [String] {
    var faults: [String] = []
    for figure in figures.figures {
      for period in [Period(asOf: today), Period(year: today.year - 1)] {
        for dimensions in [[]] + figure.factSet.dimensions.map({ [$0.code] }) {
          let query = try FigureQuery(figure, period, by: dimensions)
          let records = try query.records(connection)
          for value in try query.values(connection) where !query.agrees(value, records[value.codes] ?? []) {
            faults.append(
              "Le chiffre \(figure.id) (\(period.label) \(value.codes.joined(separator: ", "))) ne correspond pas à ses fiches.")
          }
        }
      }
    }
    return faults
  }
}

extension FigureQuery {
  /// The figure is the sum, the mean, the median or the share of what its records hold, each listed once; what was taken over has none.
  fileprivate func agrees(_ value: FigureValue, _ records: [FigureRecord]) -> Bool {
    guard value.source == nil else { return records.isEmpty }
    let number = figure.measure.value(of: records, scale: figure.scale)
    return Set(records.map(\.id)).count == records.count && number == value.value
  }
}
