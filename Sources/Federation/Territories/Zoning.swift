import Records
import Store

/// A list of communes that public policy names: short of doctors, small towns of tomorrow (DIR-14).
public enum Zoning {
  /// What stands for communes that no list names; no list is called so.
  static let none = "aucun"

  static let migration = Migration(
    "202611221300-zonings",
    [
      """
      CREATE TABLE commune_zoning (
        id \(.id) PRIMARY KEY, zoning \(.text) NOT NULL, commune \(.text) NOT NULL, since \(.date) NOT NULL, until \(.date) NOT NULL,
        version \(.int) NOT NULL DEFAULT 1, removed_at \(.instant), CHECK (since < until)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      "CREATE UNIQUE INDEX commune_zoning_key ON commune_zoning (commune, zoning, since) WHERE removed_at IS NULL",
    ])

  /// The lists that name a commune on the day of facts `f`, which have a column `as_of`.
  /// - Parameter commune: a column of the facts.
  static func bridge(commune: SQL) -> Bridge {
    Bridge(
      "zoning",
      join: """
        LEFT JOIN commune_zoning y ON y.commune = \(commune) AND y.removed_at IS NULL AND y.since <= f.as_of AND f.as_of < y.until
        """)
  }

  static let dimension = Dimension("zonage", bridge: "zoning", expression: "COALESCE(y.zoning, \(none))", list: .zoning)

  /// The column that the bridge reads.
  static func day(_ period: Period) -> SQL {
    let day: SQL = "\(period.through)"
    return "\(onSQLite: day, onPostgres: "CAST(\(day) AS text) COLLATE \"C\"") AS as_of"
  }
}

extension ReferenceList {
  public static let zoning = ReferenceList(
    "zoning", label: "Zonage",
    seeds: [
      Seed("zip", "Zone d’intervention prioritaire (ZIP)"), Seed("zac", "Zone d’action complémentaire (ZAC)"),
      Seed("qpv", "Quartier prioritaire (QPV)"), Seed("acv", "Action cœur de ville"), Seed("pvd", "Petites villes de demain"),
      Seed("frr", "France ruralités revitalisation"), Seed(Zoning.none, "Aucun zonage"),
    ])
}

/// The communes of zonings in files: a line for each commune of a list, from a day on and to a last one where they are known.
struct ZoningRecords: RecordKind {
  struct Draft: Equatable, Sendable, Codable {
    var zoning: String?
    var commune: String?
    var since: CivilDate?
    /// The last day included.
    var through: CivilDate?
  }

  struct Context: RecordContext {
    let lists: ReferenceLists
    let gazetteer: Gazetteer
  }

  let name = "zonages"
  let label = "Zonages"
  let table = "commune_zoning"
  let ownedTables: [OwnedTable] = []
  let keyColumn = "commune"
  let blank = Draft()

  let fields: [Field<Draft, Context>] = [
    .listed("zonage", label: "Zonage", \.zoning, in: .zoning, isRequired: true),
    .value("commune", label: "Commune", \.commune, isRequired: true, print: { code, _ in code }) { text, reading in
      try reading.context.gazetteer.commune(text, in: nil).code
    },
    .date("depuis", label: "Depuis", \.since),
    .date("jusqua", label: "Jusqu’à", \.through),
  ]

  func context(_ connection: any Connection) throws -> Context {
    Context(lists: try ReferenceLists(connection), gazetteer: try Gazetteer.of(connection))
  }

  func key(of draft: Draft, _ context: Context) -> String? {
    guard let zoning = draft.zoning, let commune = draft.commune else { return nil }
    return "\(commune)|\(zoning)|\(draft.since ?? .distantPast)"
  }

  func check(_ draft: inout Draft, isNew: Bool, _ reading: inout Reading<Context>) -> [Fault] {
    let unnamed = draft.zoning == Zoning.none ? [Fault("zonage", "donnez un zonage : une commune sans zonage n’a pas de ligne")] : []
    return unnamed + Fault.ofPeriod(since: draft.since, through: draft.through)
  }

  func stored(_ connection: any Connection, _ selection: RecordSelection, _ context: Context) throws -> [StoredRecord<Draft>] {
    try connection.rows(
      """
      SELECT y.id, y.zoning, y.commune, y.since, y.until FROM commune_zoning y
      WHERE y.removed_at IS NULL \(selection.clause(id: "y.id")) ORDER BY y.zoning, y.commune, y.since
      """
    ).map { row in
      let (since, until): (CivilDate, CivilDate) = (try row[3], try row[4])
      let draft = Draft(
        zoning: try row[1], commune: try row[2], since: since == .distantPast ? nil : since,
        through: until == .openEnd ? nil : until.previous)
      return StoredRecord(id: try row[0], key: key(of: draft, context) ?? "", draft: draft)
    }
  }

  func write(_ records: [RecordWrite<Draft>], _ connection: any Connection, _ context: Context, ids: IdentifierSource) throws {
    try connection.insert(
      into: "commune_zoning (id, zoning, commune, since, until)", records,
      suffix: """
        ON CONFLICT (id) DO UPDATE SET zoning = excluded.zoning, commune = excluded.commune, since = excluded.since,
          until = excluded.until
        """
    ) { record in
      let draft = record.draft
      return "\(record.id), \(draft.zoning), \(draft.commune), \(draft.since ?? .distantPast), \(draft.through?.next ?? .openEnd)"
    }
  }
}
