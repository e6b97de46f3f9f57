import Records
import Store

/// A team of coordinated primary care: MSP, CPTS, ESP, centre de santé (DIR-01).
public enum Structure {}

extension Capability {
  static let structures = Capability(
    "structures",
    migrations: [Structure.migration, PhaseRecords.migration, Structure.rhythmMigration],
    lists: [StructureType.list, Stage.list, Facet.list, Situation.list, Phase.list],
    settings: [.startMonths, .runningStage],
    kinds: [StructureRecords(), StateRecords(), PhaseRecords()],
    figures: Structure.figures,
    derived: [
      DerivedData(
        "structure_span", version: 1, followsSettings: true, rebuild: { try StructureSpans.rebuild($0) }, faults: StructureSpans.faults),
      DerivedData("structure_fold", version: 1, rebuild: StructureFolds.rebuild, faults: StructureFolds.faults),
    ])
}

extension Structure {
  static let migration = Migration(
    "202611211020-structures",
    [
      """
      CREATE TABLE structure (
        id \(.id) PRIMARY KEY, reference \(.text) NOT NULL, type \(.text) NOT NULL,
        name \(.text) NOT NULL, name_fold \(.text) NOT NULL, search_fold \(.text) NOT NULL,
        department \(.text) NOT NULL REFERENCES department (code), commune \(.text) REFERENCES commune (code),
        address \(.text), postcode \(.text), finess \(.text), siret \(.text), phone \(.text), email \(.text), website \(.text),
        software \(.text), professionals \(.int), doctors \(.int), population \(.int), notes \(.text),
        version \(.int) NOT NULL DEFAULT 1, removed_at \(.instant)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      "CREATE UNIQUE INDEX structure_reference ON structure (reference) WHERE removed_at IS NULL",
      "CREATE INDEX structure_name ON structure (name_fold, id)",
      // A site is a commune when its name is one, else what was written.
      """
      CREATE TABLE structure_site (
        structure_id \(.id) NOT NULL REFERENCES structure (id), position \(.int) NOT NULL, place \(.text) NOT NULL,
        PRIMARY KEY (structure_id, position)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      """
      CREATE TABLE coverage_claim (
        structure_id \(.id) NOT NULL REFERENCES structure (id), commune \(.text) NOT NULL REFERENCES commune (code),
        since \(.date) NOT NULL, until \(.date) NOT NULL,
        PRIMARY KEY (structure_id, commune, since)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      // What was declared; `structure_span` is what follows from it.
      """
      CREATE TABLE structure_state (
        id \(.id) PRIMARY KEY, structure_id \(.id) NOT NULL REFERENCES structure (id), state \(.text) NOT NULL,
        since \(.date) NOT NULL, until \(.date) NOT NULL, note \(.text),
        version \(.int) NOT NULL DEFAULT 1, removed_at \(.instant), CHECK (since < until)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      "CREATE UNIQUE INDEX structure_state_key ON structure_state (structure_id, state, since) WHERE removed_at IS NULL",
      """
      CREATE TABLE structure_span (
        structure_id \(.id) NOT NULL REFERENCES structure (id), since \(.date) NOT NULL, until \(.date) NOT NULL,
        counted \(.bool) NOT NULL, stage \(.text), situation \(.text), phase \(.text),
        PRIMARY KEY (structure_id, since)
      ) \(sqlite: "STRICT", postgres: "")
      """,
    ])
}

extension Structure {
  /// R7: the team's own rhythm of follow-up, over that of its phase.
  static let rhythmMigration = Migration(
    "202611211331-structures", ["ALTER TABLE structure ADD COLUMN follow_up_months \(.int) CHECK (follow_up_months >= 0)"])
}

/// The stored day-by-day states of structures, rebuilt in the transaction of every change.
enum StructureSpans {
  static func rebuild(_ connection: any Connection, structures: [Identifier<Structure>]? = nil) throws {
    let spans = try computed(connection, structures: structures)
    if let structures {
      try connection.execute("DELETE FROM structure_span WHERE structure_id IN \(list: structures)")
    } else {
      try connection.execute("DELETE FROM structure_span")
    }
    let rows = spans.flatMap { id, spans in spans.map { (id, $0) } }
    try connection.insert(into: "structure_span (structure_id, since, until, counted, stage, situation, phase)", rows) { id, span in
      """
      \(id), \(span.span.since), \(span.span.until), \(span.state.isCounted), \
      \(span.state.stage), \(span.state.situation), \(span.state.phase)
      """
    }
  }

  /// After a change of what is dated of some structures: a child's change is a change of its root.
  static func settle(_ structures: [Identifier<Structure>], _ connection: any Connection) throws {
    try connection.execute("UPDATE structure SET version = version + 1 WHERE id IN \(list: structures)")
    try rebuild(connection, structures: structures)
  }

  static func faults(_ connection: any Connection) throws -> [String] {
    var stored: [Identifier<Structure>: Set<StructureSpan>] = [:]
    let rows = try connection.rows("SELECT structure_id, since, until, counted, stage, situation, phase FROM structure_span")
    for row in rows {
      let state = StructureSpan.State(isCounted: try row[3], stage: try row[4], situation: try row[5], phase: try row[6])
      stored[try row[0], default: []].insert(StructureSpan(span: Span(since: try row[1], until: try row[2]), state: state))
    }
    let computed = try computed(connection, structures: nil).mapValues(Set.init)
    return stored == computed ? [] : ["Les états des structures au fil du temps ne sont plus à jour."]
  }

  /// The states declared of some structures, or of all.
  static func states(
    _ connection: any Connection, of structures: [Identifier<Structure>]?
  ) throws -> [Identifier<Structure>: [DatedState]] {
    let only: SQL = structures.map { "AND structure_id IN \(list: $0)" } ?? ""
    var states: [Identifier<Structure>: [DatedState]] = [:]
    let rows = try connection.rows("SELECT structure_id, state, since, until FROM structure_state WHERE removed_at IS NULL \(only)")
    for row in rows {
      guard let code = StateCode(try row[1]) else { continue }
      states[try row[0], default: []].append(DatedState(code: code, span: Span(since: try row[2], until: try row[3])))
    }
    return states
  }

  private static func computed(
    _ connection: any Connection, structures: [Identifier<Structure>]?
  ) throws -> [Identifier<Structure>: [StructureSpan]] {
    let rules = StateRules(try Settings(connection))
    let only: SQL = structures.map { "WHERE s.id IN \(list: $0)" } ?? ""
    var types: [Identifier<Structure>: StructureType] = [:]
    for row in try connection.rows("SELECT s.id, s.type FROM structure s \(only)") { types[try row[0]] = try row[1] as StructureType }
    let states = try states(connection, of: structures)
    var corrections: [Identifier<Structure>: [DatedPhase]] = [:]
    let phases = try connection.rows(
      "SELECT c.structure_id, c.phase, c.since, c.until FROM phase_correction c JOIN structure s ON s.id = c.structure_id AND c.removed_at IS NULL \(only)"
    )
    for row in phases {
      corrections[try row[0], default: []].append(DatedPhase(phase: try row[1], span: Span(since: try row[2], until: try row[3])))
    }
    return Dictionary(
      uniqueKeysWithValues: types.map { id, type in
        let timeline = StateTimeline(type: type, states: states[id] ?? [], corrections: corrections[id] ?? [], rules: rules)
        return (id, timeline.spans())
      })
  }
}

/// The columns by which structures are sorted and found.
enum StructureFolds {
  static func search(name: String, reference: String, commune: String?, finess: String?) -> String {
    [name, reference, commune ?? "", finess ?? ""].map { Fold.key($0) }.filter { !$0.isEmpty }.joined(separator: "\n")
  }

  static func rebuild(_ connection: any Connection) throws {
    for row in try computed(connection) {
      try connection.execute("UPDATE structure SET name_fold = \(row.name), search_fold = \(row.search) WHERE id = \(row.id)")
    }
  }

  static func faults(_ connection: any Connection) throws -> [String] {
    let isStale = try computed(connection).contains { $0.name != $0.storedName || $0.search != $0.storedSearch }
    return isStale ? ["Les textes de recherche des structures ne sont plus à jour."] : []
  }

  private static func computed(
    _ connection: any Connection
  ) throws -> [(id: Identifier<Structure>, name: String, search: String, storedName: String, storedSearch: String)] {
    try connection.rows(
      """
      SELECT s.id, s.name, s.reference, c.name, s.finess, s.name_fold, s.search_fold
      FROM structure s LEFT JOIN commune c ON c.code = s.commune
      """
    ).map { row in
      let name: String = try row[1]
      let search = search(name: name, reference: try row[2], commune: try row[3], finess: try row[4])
      return (id: try row[0], name: Fold.key(name), search: search, storedName: try row[5], storedSearch: try row[6])
    }
  }
}
