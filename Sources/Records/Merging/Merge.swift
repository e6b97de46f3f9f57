import Store

/// Two records that became one: the merged one waits in the bin, and everything that named it names the kept one.
public enum Merge {
  static let migration = Migration(
    "202611221100-merges",
    [
      """
      CREATE TABLE record_merge (
        id \(.id) PRIMARY KEY, kind \(.text) NOT NULL, kept_id \(.id) NOT NULL, merged_id \(.id) NOT NULL,
        event_id \(.id) NOT NULL REFERENCES event (id), merged_at \(.instant) NOT NULL, account_id \(.id), undone_at \(.instant)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      "CREATE INDEX record_merge_kept ON record_merge (kept_id)",
      // A record is merged into one other at most.
      "CREATE UNIQUE INDEX record_merge_merged ON record_merge (merged_id) WHERE undone_at IS NULL",
      // Rows that no image tells of, as they were led to the kept record.
      """
      CREATE TABLE record_merge_row (
        merge_id \(.id) NOT NULL REFERENCES record_merge (id), table_name \(.text) NOT NULL, row_id \(.id) NOT NULL,
        PRIMARY KEY (merge_id, table_name, row_id)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      // Two records that somebody has looked at and told apart.
      """
      CREATE TABLE not_duplicate (
        kind \(.text) NOT NULL, first_id \(.id) NOT NULL, second_id \(.id) NOT NULL, at \(.instant) NOT NULL, account_id \(.id),
        PRIMARY KEY (kind, first_id, second_id), CHECK (first_id < second_id)
      ) \(sqlite: "STRICT", postgres: "")
      """,
    ])

  /// The column of a kind's table that names the record which took a merged one's place.
  public static func column(of table: String) -> [SQL] {
    let name = SQL(unsafeText: table)
    return [
      "ALTER TABLE \(name) ADD COLUMN merged_into \(.id) REFERENCES \(name) (id)",
      "CREATE INDEX \(name)_merged ON \(name) (merged_into) WHERE merged_into IS NOT NULL",
    ]
  }

  /// The record that took the place of one, after however many merges; `nil` for a record that was never merged.
  public static func successor(of record: Int64, kind: String, _ connection: any Connection) throws -> Int64? {
    var (place, seen): (Int64, Set<Int64>) = (record, [])
    while seen.insert(place).inserted,
      let next: Int64 = try connection.value(
        "SELECT kept_id FROM record_merge WHERE merged_id = \(place) AND kind = \(kind) AND undone_at IS NULL")
    { place = next }
    return place == record ? nil : place
  }

  /// Those of records, in the bin, that were merged, with what took their place.
  public static func successors(of records: [Int64], _ connection: any Connection) throws -> [Int64: Int64] {
    let rows = try connection.rows(
      "SELECT merged_id, kept_id FROM record_merge WHERE undone_at IS NULL AND merged_id IN \(list: records)")
    return Dictionary(uniqueKeysWithValues: try rows.map { (try $0[0] as Int64, try $0[1] as Int64) })
  }

  /// A merged record does not come back by itself: all that was its own is another's now.
  /// - Throws: `Refusal`.
  static func expectWhole(_ record: Int64, _ connection: any Connection) throws {
    guard try !successors(of: [record], connection).isEmpty else { return }
    throw Refusal(
      "Cette fiche a été fusionnée avec une autre : pour la reprendre, défaites la fusion depuis l’historique de la fiche gardée.")
  }
}

extension Operation {
  public static let merge = Operation(rawValue: "fusion")
  public static let unmerge = Operation(rawValue: "fusion_defaite")
  /// Two records were told apart, or may be likened again.
  public static let tellingApart = Operation(rawValue: "doublon_ecarte")
  public static let likening = Operation(rawValue: "doublon_repris")
}

/// A merge as it was done.
public struct DoneMerge: Sendable {
  public let id: Identifier<Merge>
  public let kind: String
  public let kept: Int64
  public let merged: Int64
  public let at: Instant
  /// `nil` for a command run by hand.
  public let account: Int64?
  public let undoneAt: Instant?
  let event: Identifier<AuditEvent>

  /// `nil` when the kind has no such merge.
  public init?(_ id: Identifier<Merge>, of kind: String, _ connection: any Connection) throws {
    let found = try connection.first(
      """
      SELECT kept_id, merged_id, merged_at, account_id, undone_at, event_id FROM record_merge WHERE id = \(id) AND kind = \(kind)
      """)
    guard let row = found else { return nil }
    (self.id, self.kind) = (id, kind)
    (kept, merged, at, account, undoneAt, event) = (try row[0], try row[1], try row[2], try row[3], try row[4], try row[5])
  }

  /// How many records of each kind the merge changed, beside the two: by the names of their kinds.
  public func counts(_ connection: any Connection) throws -> [String: Int] {
    let rows = try connection.rows(
      """
      SELECT kind, count(*) FROM image WHERE event_id = \(event) AND record_id NOT IN (\(kept), \(merged)) GROUP BY kind
      """)
    return Dictionary(uniqueKeysWithValues: try rows.map { (try $0[0] as String, try $0[1] as Int) })
  }

  /// What keeps it from being taken back now; `nil` when nothing does.
  public func obstacle(_ table: String, _ connection: any Connection) throws -> String? {
    guard undoneAt == nil else { return "Cette fusion est déjà défaite." }
    let name = SQL(unsafeText: table)
    let later: Int64? = try connection.value(
      """
      SELECT count(*) FROM record_merge WHERE kind = \(kind) AND undone_at IS NULL AND id > \(id)
        AND (kept_id = \(kept) OR merged_id = \(kept))
      """)
    guard later == 0 else {
      return "La fiche gardée a pris part à une fusion plus récente : défaites d’abord celle-ci, puis celle-là."
    }
    guard try connection.first("SELECT 1 FROM \(name) WHERE id = \(kept) AND removed_at IS NULL") != nil else {
      return "La fiche gardée est dans la corbeille : rétablissez-la d’abord."
    }
    let taken = try connection.first(
      """
      SELECT 1 FROM \(name) m JOIN \(name) o ON o.reference = m.reference AND o.removed_at IS NULL AND o.id <> m.id WHERE m.id = \(merged)
      """)
    return taken == nil ? nil : "Une autre fiche porte maintenant la référence de la fiche fusionnée : changez-la d’abord."
  }
}

extension Merge {
  /// The references of merged records of a table that no other record has taken since, with the record that took their place.
  static func references(_ table: String, _ connection: any Connection) throws -> [String: String] {
    let name = SQL(unsafeText: table)
    let rows = try connection.rows("SELECT id, reference, merged_into FROM \(name) WHERE merged_into IS NOT NULL")
    guard !rows.isEmpty else { return [:] }
    let next = Dictionary(uniqueKeysWithValues: try rows.map { (try $0[0] as Int64, try $0[2] as Int64) })
    let ends = Dictionary(
      uniqueKeysWithValues: try rows.map { row -> (Int64, Int64) in
        let id: Int64 = try row[0]
        return (id, last(of: id, next))
      })
    let old: [String] = try rows.map { try $0[1] }
    let living = try connection.rows(
      """
      SELECT id, reference FROM \(name) WHERE removed_at IS NULL AND (id IN \(list: Set(ends.values).sorted()) OR reference IN \(list: old))
      """)
    let present = Dictionary(uniqueKeysWithValues: try living.map { (try $0[0] as Int64, try $0[1] as String) })
    let taken = Set(present.values)
    var found: [String: String] = [:]
    for row in rows {
      let (id, reference): (Int64, String) = (try row[0], try row[1])
      if !taken.contains(reference), let end = ends[id].flatMap({ present[$0] }) { found[reference] = end }
    }
    return found
  }

  /// Where a chain of merges ends.
  public static func last(of record: Int64, _ next: [Int64: Int64]) -> Int64 {
    var (place, seen): (Int64, Set<Int64>) = (record, [record])
    while let following = next[place], seen.insert(following).inserted { place = following }
    return place
  }
}

extension Recorder {
  /// What comes out of the bin names the records that took the place of merged ones. Its image stands with that merge, which takes it
  /// back as it does the others.
  func followMerges<Kind: RecordKind>(_ kind: Kind, _ records: [Int64], _ connection: any Connection) throws {
    for link in kind.links {
      let (table, column, owner) = (SQL(unsafeText: link.table), SQL(unsafeText: link.column), SQL(unsafeText: link.owner))
      var handled: Set<Int64> = []
      while let merge = try connection.first(
        """
        SELECT m.id, m.merged_id, m.kept_id, m.event_id FROM \(table) t
        JOIN record_merge m ON m.merged_id = t.\(column) AND m.undone_at IS NULL
        WHERE t.\(owner) IN \(list: records) AND m.id NOT IN \(list: handled.sorted()) ORDER BY m.id LIMIT 1
        """)
      {
        handled.insert(try merge[0])
        let (old, new): (Int64, Int64) = (try merge[1], try merge[2])
        let context = try kind.context(connection)
        let writes = try kind.stored(connection, .ids(records), context).compactMap { record in
          var draft = record.draft
          link.replace(&draft, old, new)
          return draft == record.draft ? nil : RecordWrite(id: record.id, isNew: false, old: record.draft, draft: draft)
        }
        if !writes.isEmpty { try put(kind, writes, in: try merge[3], connection, context) }
      }
    }
  }
}
