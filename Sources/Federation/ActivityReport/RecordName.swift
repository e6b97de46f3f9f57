import Records
import Store

/// A record as it is called, or was when an edition was published.
public struct RecordName: Sendable {
  public let kind: String
  public let id: Int64
  public let reference: String?
  public let label: String?
  /// For what happened on a day.
  public let date: CivilDate?
  /// It is still there, and not in the bin.
  public let isThere: Bool
}

extension RecordName {
  /// Those of the records that an account may read: as they are called now, or in the edition when they have gone.
  static func names(
    of ids: [Int64], in edition: ReportEdition, for reader: Account, _ kind: some RecordKind, _ connection: any Connection
  ) throws -> [Int64: RecordName] {
    let caption = kind.caption
    let rows = try connection.rows(
      """
      SELECT t.id, \(caption.reference), \(caption.label), \(caption.date), 1 FROM \(SQL(unsafeText: kind.table)) t
      WHERE t.removed_at IS NULL AND t.id IN \(list: ids) AND \(readable("t.id", of: kind.name, by: reader))
      UNION ALL SELECT s.record_id, s.reference, s.label, s.date, 0 FROM report_edition_source s
      WHERE s.edition_id = \(edition.id) AND s.kind = \(kind.name) AND s.record_id IN \(list: ids)
        AND \(readable("s.record_id", of: kind.name, by: reader)) ORDER BY 5
      """)
    return try rows.reduce(into: [:]) { names, row in
      let id: Int64 = try row[0]
      names[id] = RecordName(
        kind: kind.name, id: id, reference: try row[1], label: try row[2], date: try row[3], isThere: try row[4] as Int == 1)
    }
  }

  /// The identifiers of records of a kind that an account may read. Whoever reads only some exchanges reads those in the bin among them, and none
  /// that were erased.
  static func readable(_ id: SQL, of kind: String, by reader: Account) -> SQL {
    switch (kind, reader.role.scope(.read, .exchanges)) {
    case ("echanges", .all): Exchange.notHidden(id, from: reader)
    case ("echanges", _): "\(id) IN (SELECT e.id FROM exchange e WHERE \(Exchange.readable(by: reader)))"
    default: reader.role.areas.contains(.directory) ? "1 = 1" : "1 = 0"
    }
  }
}
