/// A column that names a row of another table.
public struct ForeignKey: Sendable, Equatable {
  public let table: String
  public let column: String
}

extension Connection {
  /// The columns of the schema that refer to a table.
  public func references(to table: String) throws -> [ForeignKey] {
    let rows =
      switch engine {
      case .sqlite:
        try rows(
          """
          SELECT m.name, f."from" FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f
          WHERE m.type = 'table' AND f."table" = \(table) ORDER BY 1, 2
          """)
      case .postgres:
        try rows(
          """
          SELECT CAST(c.relname AS text), CAST(a.attname AS text) FROM pg_constraint k
          JOIN pg_class c ON c.oid = k.conrelid JOIN pg_class t ON t.oid = k.confrelid
          JOIN pg_namespace n ON n.oid = c.relnamespace
          JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
          WHERE k.contype = 'f' AND t.relname = \(table) AND n.nspname = current_schema() ORDER BY 1, 2
          """)
      }
    return try rows.map { ForeignKey(table: try $0[0], column: try $0[1]) }
  }
}
