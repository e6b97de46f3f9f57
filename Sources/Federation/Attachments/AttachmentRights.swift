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
    case "facilitations": .facilitations
    // Receipts.
    case "frais": .expenses
    // The versions of the project.
    case "relectures": .readings
    // The photo of a block.
    case "blocs": .figures
    default: nil
    }
  }
}

extension Account {
  /// Whether the account may read the files of a record: those who read the record, as long as it is not in the bin.
  public func mayReadFiles(of record: Int64, kind: String, _ connection: any Connection) throws -> Bool {
    try Area.ofAttachments(kind) != nil && mayRead(record, kind: kind, connection)
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
