import Records
import Store

/// What became of a team in another one (DIR-13): it became it, was merged into it, split, or joined it.
public enum SuccessionNature: String, CodedValue {
  case becomes = "devient"
  case merges = "fusionne"
  case splits = "se_scinde"
  case joins = "rejoint"

  public static let list = ReferenceList("succession_nature", label: "Succession", of: SuccessionNature.self)

  public var label: String {
    switch self {
    case .becomes: "Devient"
    case .merges: "Fusionne dans"
    case .splits: "Se scinde, donne"
    case .joins: "Rejoint"
    }
  }

  /// The same, read from the other end.
  public var reverse: String {
    switch self {
    case .becomes: "Était"
    case .merges: "Issue de la fusion de"
    case .splits: "Issue de la scission de"
    case .joins: "Rejointe par"
    }
  }
}

/// A dated link between two teams, as one of them sees it.
public struct Succession: Sendable, Equatable {
  /// The record's identifier.
  public let id: Int64
  public let nature: SuccessionNature
  public let date: CivilDate
  /// The team at the other end.
  public let other: Identifier<Structure>
  public let name: String
  /// The other team came after this one.
  public let isAfter: Bool
  /// Only a part of the team took that way.
  public let isPartial: Bool

  static let migration = Migration(
    "202611221110-structures",
    [
      """
      CREATE TABLE succession (
        id \(.id) PRIMARY KEY, from_id \(.id) NOT NULL REFERENCES structure (id), to_id \(.id) NOT NULL REFERENCES structure (id),
        nature \(.text) NOT NULL, date \(.date) NOT NULL, partial \(.bool) NOT NULL, note \(.text),
        version \(.int) NOT NULL DEFAULT 1, removed_at \(.instant), CHECK (from_id <> to_id)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      "CREATE UNIQUE INDEX succession_key ON succession (from_id, to_id, nature, date) WHERE removed_at IS NULL",
      "CREATE INDEX succession_to ON succession (to_id)",
    ])

  /// Those of a team, as rows beside its dated states: nature, day, no end, the other team's name, 4, record, that team, its place.
  static func rows(of team: Identifier<Structure>) -> SQL {
    func side(_ own: SQL, _ other: SQL, _ place: SQL) -> SQL {
      """
      SELECT x.nature, x.date, \(CivilDate.openEnd), o.name, 4, x.id, CAST(o.id AS text),
        CASE WHEN x.partial THEN \(place) || ' partie' ELSE \(place) END
      FROM succession x JOIN structure o ON o.id = \(other) AND o.removed_at IS NULL WHERE \(own) = \(team) AND x.removed_at IS NULL
      """
    }
    return "\(side("x.from_id", "x.to_id", "'apres'")) UNION ALL \(side("x.to_id", "x.from_id", "'avant'"))"
  }

  /// The latest first.
  static func all(in rows: [Row]) throws -> [Succession] {
    try rows.compactMap { row in
      let (place, other): (String, String) = (try row[7], try row[6])
      guard let nature = SuccessionNature(rawValue: try row[0]), let number = Int64(other) else { return nil }
      return Succession(
        id: try row[5], nature: nature, date: try row[1], other: Identifier(rawValue: number), name: try row[3],
        isAfter: place.hasPrefix("apres"), isPartial: place.hasSuffix("partie"))
    }
  }

  /// The team whose page shows a succession first, in the bin or not.
  public static func team(of succession: Int64, _ connection: any Connection) throws -> Identifier<Structure>? {
    try connection.value("SELECT from_id FROM succession WHERE id = \(succession)")
  }
}

/// Successions of teams in files (DIR-13).
struct SuccessionRecords: RecordKind {
  struct Draft: Equatable, Sendable, Codable {
    var structure: Identifier<Structure>?
    var nature: SuccessionNature?
    var successor: Identifier<Structure>?
    var date: CivilDate?
    var isPartial: Bool?
    var note: String?
  }

  struct Context: StructureContext {
    let lists: ReferenceLists
    let structures: StructureIndex
    /// From team to team, by the records' keys; those that a file brings too.
    var ways: [String: (from: Identifier<Structure>, to: Identifier<Structure>)] = [:]

    /// Whether one comes from a team to another, without the way of one record.
    func leads(from start: Identifier<Structure>, to end: Identifier<Structure>, without key: String?) -> Bool {
      var following: [Identifier<Structure>: [Identifier<Structure>]] = [:]
      for (own, way) in ways where own != key { following[way.from, default: []].append(way.to) }
      var (waiting, seen): ([Identifier<Structure>], Set<Identifier<Structure>>) = ([start], [start])
      while let team = waiting.popLast() {
        if team == end { return true }
        for next in following[team] ?? [] where seen.insert(next).inserted { waiting.append(next) }
      }
      return false
    }
  }

  let name = "successions"
  let label = "Successions d’équipes"
  let table = "succession"
  let ownedTables: [OwnedTable] = []
  let keyColumn = "vers"
  let blank = Draft()
  var root: RecordRoot<Draft>? { RecordRoot(StructureRecords(), "from_id", \.structure) }
  var links: [RecordLink<Draft>] {
    [
      .one(to: "structures", table: table, column: "from_id", \.structure),
      .one(to: "structures", table: table, column: "to_id", \.successor),
    ]
  }

  let fields: [Field<Draft, Context>] = [
    .structure(\.structure, isRequired: true),
    .coded("nature", label: "Nature", \.nature, isRequired: true),
    .value(
      "vers", label: "Vers", \.successor, isRequired: true, input: .record(of: "structures"),
      print: { id, context in context.structures.reference(of: id) },
      parse: { text, reading in try reading.structure(text) }),
    .date("date", label: "Date", \.date, isRequired: true),
    .yesNo("partie", label: "Une partie de l’équipe seulement", \.isPartial),
    .text("note", label: "Note", \.note, limit: 2_000),
  ]

  func context(_ connection: any Connection) throws -> Context {
    var context = Context(lists: try ReferenceLists(connection), structures: try StructureIndex(connection))
    for row in try connection.rows(
      """
      SELECT x.from_id, x.to_id, x.nature, x.date FROM succession x
      JOIN structure s ON s.id = x.from_id AND s.removed_at IS NULL JOIN structure t ON t.id = x.to_id AND t.removed_at IS NULL
      WHERE x.removed_at IS NULL
      """)
    {
      let draft = Draft(structure: try row[0], nature: try row[2], successor: try row[1], date: try row[3])
      if let key = key(of: draft, context) { context.ways[key] = (try row[0], try row[1]) }
    }
    return context
  }

  func key(of draft: Draft, _ context: Context) -> String? {
    guard let structure = draft.structure, let successor = draft.successor, let nature = draft.nature, let date = draft.date else {
      return nil
    }
    return "\(structure)|\(successor)|\(nature.rawValue)|\(date)"
  }

  func check(_ draft: inout Draft, isNew: Bool, _ reading: inout Reading<Context>) -> [Fault] {
    draft.isPartial = draft.isPartial ?? false
    guard let structure = draft.structure, let successor = draft.successor else { return [] }
    if structure == successor { return [Fault("vers", "une équipe ne se succède pas à elle-même : choisissez-en une autre")] }
    let key = key(of: draft, reading.context)
    if reading.context.leads(from: successor, to: structure, without: key) {
      let (before, after) = (reading.context.structures.name(of: successor), reading.context.structures.name(of: structure))
      return [Fault("vers", "« \(after) » vient déjà de « \(before) » : une succession ne peut pas revenir sur ses pas")]
    }
    if let date = draft.date, date > reading.today { reading.warn("la date \(date) est à venir", about: "date") }
    if let key { reading.context.ways[key] = (structure, successor) }
    return []
  }

  func stored(_ connection: any Connection, _ selection: RecordSelection, _ context: Context) throws -> [StoredRecord<Draft>] {
    let only = selection.clause(id: "x.id", first: "x.from_id", Structure.self)
    return try connection.rows(
      """
      SELECT x.id, x.from_id, x.nature, x.to_id, x.date, x.partial, x.note FROM succession x
      JOIN structure s ON s.id = x.from_id AND s.removed_at IS NULL JOIN structure t ON t.id = x.to_id AND t.removed_at IS NULL
      WHERE x.removed_at IS NULL \(only) ORDER BY s.reference, x.date, t.reference, x.nature
      """
    ).map { row in
      let draft = Draft(
        structure: try row[1], nature: try row[2], successor: try row[3], date: try row[4], isPartial: try row[5], note: try row[6])
      return StoredRecord(id: try row[0], key: key(of: draft, context) ?? "", draft: draft)
    }
  }

  func write(_ records: [RecordWrite<Draft>], _ connection: any Connection, _ context: Context, ids: IdentifierSource) throws {
    try connection.insert(
      into: "succession (id, from_id, to_id, nature, date, partial, note)", records,
      suffix: """
        ON CONFLICT (id) DO UPDATE SET from_id = excluded.from_id, to_id = excluded.to_id, nature = excluded.nature,
          date = excluded.date, partial = excluded.partial, note = excluded.note
        """
    ) { record in
      let draft = record.draft
      return """
        \(record.id), \(draft.structure), \(draft.successor), \(draft.nature), \(draft.date), \(draft.isPartial ?? false), \(draft.note)
        """
    }
  }
}
