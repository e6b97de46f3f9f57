import Store

/// Takes the records of a kind out, in the columns that an import reads.
public enum Exporter {
  public static func rows(_ kind: some RecordKind, _ connection: any Connection) throws -> (header: [String], rows: [[String]]) {
    let context = try kind.context(connection)
    let rows = try kind.stored(connection, .all, context).map { record in
      kind.fields.map { $0.print(record.draft, context) }
    }
    return (kind.fields.map(\.name), rows)
  }
}
