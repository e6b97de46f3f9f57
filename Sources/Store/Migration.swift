import Foundation

/// One forward-only change of the schema. Once landed it is never edited: a mistake is mended by a later one.
public struct Migration: Sendable {
  /// UTC minute and capability, e.g. `202611211030-structures`: the order in which they run.
  public let name: String
  public let statements: [SQL]

  public init(_ name: String, _ statements: [SQL]) {
    self.name = name
    self.statements = statements
  }
}

/// Brings a database to the program's schema.
public struct Migrator: Sendable {
  private let migrations: [Migration]

  public init(_ migrations: [Migration]) {
    self.migrations = migrations.sorted { $0.name < $1.name }
  }

  /// Runs what is missing, in one transaction, and returns the names of what ran.
  /// - Throws: `SchemaError.newer` when the database was made by a later version of the program.
  public func migrate(_ database: any Database, then complete: @escaping @Sendable (any Connection) throws -> Void = { _ in }) async throws
    -> [String]
  {
    try await database.write { connection in
      let names = try apply(connection)
      try complete(connection)
      return names
    }
  }

  var names: [String] { migrations.map(\.name) }

  /// - Parameter chosen: leaves the others out, as for an archive of an older version.
  func apply(_ connection: any Connection, only chosen: Set<String>? = nil) throws -> [String] {
    if connection.engine == .postgres { try waitForOtherNodes(connection) }
    try connection.execute(
      "CREATE TABLE IF NOT EXISTS migration (name \(.text) PRIMARY KEY, applied_at \(.instant) NOT NULL) \(sqlite: "STRICT", postgres: "")"
    )
    let applied = try appliedNames(connection)
    let unknown = applied.subtracting(migrations.map(\.name))
    guard unknown.isEmpty else { throw SchemaError.newer }
    let missing = migrations.filter { !applied.contains($0.name) && chosen?.contains($0.name) ?? true }
    for migration in missing {
      try connection.execute("INSERT INTO migration VALUES (\(migration.name), \(Instant(Date())))")
      for statement in migration.statements { try connection.execute(statement) }
    }
    return missing.map(\.name)
  }

  /// Two nodes may start at the same time. The one that waited began before the other ended and does not see its tables:
  /// it begins again, and finds nothing to do.
  private func waitForOtherNodes(_ connection: any Connection) throws {
    if try connection.value("SELECT pg_try_advisory_xact_lock(7306512)") == true { return }
    _ = try connection.rows("SELECT pg_advisory_xact_lock(7306512)")
    throw DatabaseError(kind: .serialization, detail: "another node was migrating the database")
  }

  /// - Throws: `SchemaError` unless the database has exactly the program's schema.
  public func verify(_ connection: any Connection) throws {
    let exists: Int? = try connection.value(
      """
      SELECT 1 FROM \(sqlite: "sqlite_master WHERE type = 'table' AND name = 'migration'",
        postgres: "pg_tables WHERE schemaname = current_schema() AND tablename = 'migration'")
      """)
    guard exists != nil else { throw SchemaError.missing }
    let applied = try appliedNames(connection)
    let known = Set(migrations.map(\.name))
    guard applied.isSubset(of: known) else { throw SchemaError.newer }
    guard known.isSubset(of: applied) else { throw SchemaError.older }
  }

  private func appliedNames(_ connection: any Connection) throws -> Set<String> {
    Set(try connection.rows("SELECT name FROM migration").map { try $0[0] })
  }
}

public enum SchemaError: Error, CustomStringConvertible {
  case missing, older, newer

  public var description: String {
    switch self {
    case .missing: "La base de données est vide : lancez d’abord « maillage migrate »."
    case .older: "La base de données est d’une version plus ancienne : lancez d’abord « maillage migrate »."
    case .newer: "La base de données a été faite par une version plus récente de Maillage : mettez le programme à jour."
    }
  }
}
