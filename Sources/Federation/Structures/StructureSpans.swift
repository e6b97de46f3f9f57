import Records
import Store

/// What was declared of structures' states, ready for what follows from it.
struct StateTimelines {
  let timelines: [Identifier<Structure>: StateTimeline]
  let identifiers: [Identifier<Structure>: [DatedState: Identifier<DatedState>]]

  init(_ connection: any Connection, structures: [Identifier<Structure>]?) throws {
    let rules = StateRules(try Settings(connection))
    let only: SQL = structures.map { "WHERE s.id IN \(list: $0)" } ?? ""
    var states: [Identifier<Structure>: [DatedState]] = [:]
    var identifiers: [Identifier<Structure>: [DatedState: Identifier<DatedState>]] = [:]
    let rows = try connection.rows(
      """
      SELECT t.structure_id, t.state, t.since, t.until, t.id
      FROM structure_state t JOIN structure s ON s.id = t.structure_id AND t.removed_at IS NULL \(only)
      ORDER BY t.structure_id, t.since, t.state
      """)
    for row in rows {
      guard let code = StateCode(try row[1]) else { continue }
      let (structure, state): (Identifier<Structure>, DatedState) = (
        try row[0], DatedState(code: code, span: Span(since: try row[2], until: try row[3]))
      )
      states[structure, default: []].append(state)
      identifiers[structure, default: [:]][state] = try row[4]
    }
    var corrections: [Identifier<Structure>: [DatedPhase]] = [:]
    let phases = try connection.rows(
      "SELECT c.structure_id, c.phase, c.since, c.until FROM phase_correction c JOIN structure s ON s.id = c.structure_id AND c.removed_at IS NULL \(only)"
    )
    for row in phases {
      corrections[try row[0], default: []].append(DatedPhase(phase: try row[1], span: Span(since: try row[2], until: try row[3])))
    }
    var timelines: [Identifier<Structure>: StateTimeline] = [:]
    for (id, types) in try TypeHistory.all(connection, only: structures) {
      timelines[id] = StateTimeline(types: types, states: states[id] ?? [], corrections: corrections[id] ?? [], rules: rules)
    }
    self.timelines = timelines
    self.identifiers = identifiers
  }

  /// Brings what is stored of structures' states up to date, in the transaction of a change.
  static func rebuild(_ connection: any Connection, structures: [Identifier<Structure>]) throws {
    let declared = try StateTimelines(connection, structures: structures)
    try StructureSpans.store(declared, structures, connection)
    try StateEntries.store(declared, structures, connection)
  }
}

/// The stored day-by-day states of structures, rebuilt in the transaction of every change.
enum StructureSpans {
  static func rebuild(_ connection: any Connection) throws {
    try store(StateTimelines(connection, structures: nil), nil, connection)
  }

  /// - Parameter structures: those whose rows are replaced; all when `nil`.
  static func store(_ declared: StateTimelines, _ structures: [Identifier<Structure>]?, _ connection: any Connection) throws {
    if let structures {
      try connection.execute("DELETE FROM structure_span WHERE structure_id IN \(list: structures)")
    } else {
      try connection.execute("DELETE FROM structure_span")
    }
    let rows = declared.timelines.flatMap { id, timeline in timeline.spans().map { (id, $0) } }
    try connection.insert(into: "structure_span (structure_id, since, until, counted, type, stage, situation, phase)", rows) { id, span in
      """
      \(id), \(span.span.since), \(span.span.until), \(span.state.isCounted), \(span.state.type), \
      \(span.state.stage), \(span.state.situation), \(span.state.phase)
      """
    }
  }

  static func faults(_ connection: any Connection) throws -> [String] {
    var stored: [Identifier<Structure>: Set<StructureSpan>] = [:]
    let rows = try connection.rows("SELECT structure_id, since, until, counted, type, stage, situation, phase FROM structure_span")
    for row in rows {
      let state = StructureSpan.State(isCounted: try row[3], type: try row[4], stage: try row[5], situation: try row[6], phase: try row[7])
      stored[try row[0], default: []].insert(StructureSpan(span: Span(since: try row[1], until: try row[2]), state: state))
    }
    let computed = try StateTimelines(connection, structures: nil).timelines.mapValues { Set($0.spans()) }
    return stored == computed ? [] : ["Les états des structures au fil du temps ne sont plus à jour."]
  }
}
