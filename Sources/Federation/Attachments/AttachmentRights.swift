import Records
import Store

extension Area {
  /// That of the records to which files may be joined, by the name of their kind.
  public static func ofAttachments(_ kind: String) -> Area? {
    switch kind {
    case "structures": .directory
    case "echanges": .exchanges
    case "taches": .tasks
    case "comptes_rendus": .meetings
    // The photo of a block.
    case "blocs": .figures
    default: nil
    }
  }
}

extension Account {
  /// Whether the account may read the files of a record: those who read the record, as long as it is not in the bin.
  public func mayReadFiles(of record: Int64, kind: String, _ connection: any Connection) throws -> Bool {
    guard let area = Area.ofAttachments(kind), role.scope(.read, area) != .none else { return false }
    let found: SQL =
      switch area {
      case .exchanges: "exchange e WHERE e.id = \(record) AND e.removed_at IS NULL AND \(Exchange.readable(by: self))"
      case .tasks: "todo t WHERE t.id = \(record) AND t.removed_at IS NULL AND \(ToDo.readable(by: self))"
      case .meetings: "meeting m WHERE m.id = \(record) AND m.removed_at IS NULL AND \(Meeting.readable("m.id", by: self))"
      case .figures: "report_block b WHERE b.id = \(record) AND b.removed_at IS NULL"
      default: "structure s WHERE s.id = \(record) AND s.removed_at IS NULL"
      }
    return try connection.value("SELECT 1 FROM \(found)", as: Int.self) != nil
  }

  /// Whether the account may join files to a record, and take them off: those who change the record.
  public func mayWriteFiles(of record: Int64, kind: String, _ connection: any Connection) throws -> Bool {
    guard let area = Area.ofAttachments(kind) else { return false }
    return try mayReadFiles(of: record, kind: kind, connection) && mayWrite(area, record, connection)
  }
}

extension Installation {
  /// Joins files to records in somebody's name.
  public func attachments(of account: Account) -> Attachments {
    Attachments(database: database, ids: ids, now: now, account: account.id.rawValue)
  }
}
