/// The tables of a database, those that others refer to first.
struct Schema {
  struct Table {
    let name: String
    let columns: [Column]
    /// The columns that name a row of the same table.
    let ownReferences: [String]
  }

  struct Column {
    let name: String
    let kind: Kind
  }

  /// What a column holds, in the words of the engine that reads it.
  enum Kind {
    case integer, real, bool, text, blob
  }

  let tables: [Table]

  init(_ connection: any Connection) throws {
    var waiting = try Self.names(connection)
    var parents: [String: Set<String>] = [:]
    var own: [String: [String]] = [:]
    for parent in waiting {
      for reference in try connection.references(to: parent) {
        if reference.table == parent {
          own[parent, default: []].append(reference.column)
        } else {
          parents[reference.table, default: []].insert(parent)
        }
      }
    }
    var ordered: [String] = []
    while !waiting.isEmpty {
      let ready = waiting.filter { parents[$0, default: []].isSubset(of: ordered) }
      guard !ready.isEmpty else { throw DatabaseError(kind: .other, detail: "tables refer to each other in a circle: \(waiting)") }
      ordered += ready
      waiting.removeAll { ready.contains($0) }
    }
    tables = try ordered.map { Table(name: $0, columns: try Self.columns(of: $0, connection), ownReferences: own[$0] ?? []) }
  }

  fileprivate static func names(_ connection: any Connection) throws -> [String] {
    try connection.rows(
      """
      SELECT name FROM \(sqlite: "(SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%')",
        postgres: "(SELECT CAST(tablename AS text) AS name FROM pg_tables WHERE schemaname = current_schema())") AS t ORDER BY name
      """
    ).map { try $0[0] }
  }

  private static func columns(of table: String, _ connection: any Connection) throws -> [Column] {
    let rows =
      switch connection.engine {
      case .sqlite: try connection.rows("SELECT name, type FROM pragma_table_info(\(table)) ORDER BY cid")
      case .postgres:
        try connection.rows(
          """
          SELECT CAST(column_name AS text), CAST(data_type AS text) FROM information_schema.columns
          WHERE table_schema = current_schema() AND table_name = \(table) ORDER BY ordinal_position
          """
        )
      }
    return try rows.map { Column(name: try $0[0], kind: kind(try $0[1])) }
  }

  private static func kind(_ type: String) -> Kind {
    switch type {
    case "INTEGER", "bigint", "integer": .integer
    case "REAL", "double precision": .real
    case "boolean": .bool
    case "BLOB", "bytea": .blob
    default: .text
    }
  }
}

extension Connection {
  /// What the engine itself finds wrong with its file. PostgreSQL keeps its constraints at every write and has no such question.
  public func integrityFaults() throws -> [String] {
    guard engine == .sqlite else { return [] }
    let pages: [String] = try rows("PRAGMA integrity_check").map { try $0[0] }.filter { $0 != "ok" }
    let orphans: [String] = try rows("PRAGMA foreign_key_check").map { try $0[0] }
    return pages.map { "Le fichier de la base est abîmé : \($0)." }
      + Set(orphans).sorted().map { "La table \($0) renvoie à des lignes qui n’existent pas." }
  }

  /// The tables that are there, of whatever version.
  public func tableNames() throws -> Set<String> { Set(try Schema.names(self)) }

  /// Drops all tables with all they hold, and what was made for them. For databases that were made to be thrown away.
  public func dropEverything() throws {
    for table in try Schema(self).tables.reversed() { try execute("DROP TABLE \(SQL(unsafeText: "\"\(table.name)\""))") }
    // SQLite drops triggers with their tables; PostgreSQL leaves the functions that they called.
    guard engine == .postgres else { return }
    let functions: [String] = try rows(
      "SELECT CAST(p.oid::regprocedure AS text) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = current_schema()"
    ).map { try $0[0] }
    for function in functions { try execute("DROP FUNCTION \(SQL(unsafeText: function))") }
  }
}
