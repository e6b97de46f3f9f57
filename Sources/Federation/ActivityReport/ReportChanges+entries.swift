import Records
import Store

extension ReportChanges {
  /// One changed record, for somebody who may read it.
  public struct Entry: Sendable {
    public let name: RecordName
    public let effect: Effect
    /// The labels of the figures that it moves.
    public let figures: [String]
    /// The day on which it was last written since the publication, when the audit trail knows.
    public let changedOn: CivilDate?
  }

  /// The changes that an account may read, by kind and then as they are dated or called.
  public func entries(for reader: Account, _ model: Model, _ connection: any Connection) throws -> [Entry] {
    let settings = try Settings(connection)
    let labels = Dictionary(report.figures.map { ($0.number, $0.label) }, uniquingKeysWith: { first, _ in first })
    return try Dictionary(grouping: effects.keys, by: \.kind).sorted { $0.key < $1.key }.flatMap { name, records in
      let ids = records.map(\.id).sorted()
      let names = try RecordName.names(of: ids, in: edition, for: reader, try model.kind(name), connection)
      let moments = try lastWritten(ids, of: name, connection)
      return records.compactMap { record -> Entry? in
        guard let found = names[record.id], let (effect, figures) = effects[record] else { return nil }
        var moved: [String] = []
        for label in figures.sorted().compactMap({ labels[$0] }) where !moved.contains(label) { moved.append(label) }
        let day = moments[record.id].map { CivilDate(of: $0.date, in: settings.timeZone($0.date)) }
        return Entry(name: found, effect: effect, figures: moved, changedOn: day)
      }.sorted { Self.order($0.name) < Self.order($1.name) }
    }
  }

  private static func order(_ name: RecordName) -> (String, String, Int64) {
    (name.date?.description ?? "", Fold.key(name.label ?? ""), name.id)
  }

  private func lastWritten(_ ids: [Int64], of kind: String, _ connection: any Connection) throws -> [Int64: Instant] {
    let rows = try connection.rows(
      """
      SELECT w.id, MAX(w.at) FROM (
        SELECT i.record_id AS id, e.at FROM image i JOIN event e ON e.id = i.event_id
        WHERE i.kind = \(kind) AND i.record_id IN \(list: ids)
        UNION ALL SELECT e.subject_id, e.at FROM event e WHERE e.kind = \(kind) AND e.subject_id IN \(list: ids)
      ) w WHERE w.at >= \(edition.publishedAt) GROUP BY w.id
      """)
    return try Dictionary(rows.map { (try $0[0], try $0[1]) }, uniquingKeysWith: { first, _ in first })
  }
}
