import Records
import Store

extension FacilitationRecords {
  private static let columns: SQL = """
    id, reference, requested_on, requester_id, requester, audience, family, type, need, format, urgent, wanted_by, account_id, coordinator,
    mode, place, commune, outside, date, at, minutes, phase, state, reason, report, satisfaction, feedback
    """

  func stored(_ connection: any Connection, _ selection: RecordSelection, _ context: Context) throws -> [StoredRecord<Draft>] {
    let only: SQL = "f.removed_at IS NULL \(selection.clause(id: "f.id", key: "f.reference"))"
    var drafts: [Int64: Draft] = [:]
    for row in try connection.rows(
      "SELECT x.facilitation_id, x.structure_id FROM facilitation f JOIN facilitation_structure x ON x.facilitation_id = f.id WHERE \(only)"
    ) { drafts[try row[0], default: Draft()].structures.append(try row[1]) }
    for row in try connection.rows(
      "SELECT x.facilitation_id, x.theme FROM facilitation f JOIN facilitation_theme x ON x.facilitation_id = f.id WHERE \(only)")
    { drafts[try row[0], default: Draft()].themes.append(try row[1]) }
    for row in try connection.rows(
      """
      SELECT x.facilitation_id, x.person_id, x.name FROM facilitation f JOIN facilitation_person x ON x.facilitation_id = f.id WHERE \(only)
      """)
    {
      let record: Identifier<Person>? = try row[1]
      drafts[try row[0], default: Draft()].facilitators.append(try record.map(Named.record) ?? .name(row[2]))
    }
    for row in try connection.rows(
      """
      SELECT x.facilitation_id, x.organisation_id, x.name FROM facilitation f JOIN facilitation_partner x ON x.facilitation_id = f.id
      WHERE \(only)
      """)
    {
      let record: Identifier<Organisation>? = try row[1]
      drafts[try row[0], default: Draft()].partners.append(try record.map(Named.record) ?? .name(row[2]))
    }
    return try connection.rows("SELECT \(Self.columns) FROM facilitation f WHERE \(only) ORDER BY f.requested_on, f.id").map { row in
      var draft = drafts[try row[0]] ?? Draft()
      draft.structures.sort()
      draft.themes.sort()
      draft.facilitators.sort()
      draft.partners.sort()
      (draft.reference, draft.requestedOn) = (try row[1], try row[2])
      draft.requester = Named(try row[3], try row[4])
      (draft.audience, draft.family, draft.type, draft.need) = (try row[5], try row[6], try row[7], try row[8])
      (draft.format, draft.isUrgent, draft.wantedBy) = (try row[9], try row[10], try row[11])
      draft.coordinator = Named(try row[12], try row[13])
      (draft.mode, draft.place, draft.commune, draft.isOutside) = (try row[14], try row[15], try row[16], try row[17])
      (draft.date, draft.time, draft.minutes, draft.phase) = (try row[18], try row[19], try row[20], try row[21])
      (draft.state, draft.reason, draft.report) = (try row[22], try row[23], try row[24])
      (draft.satisfaction, draft.feedback) = (try row[25], try row[26])
      return StoredRecord(id: try row[0], key: try row[1], draft: draft)
    }
  }

  func write(_ records: [RecordWrite<Draft>], _ connection: any Connection, _ context: Context, ids: IdentifierSource) throws {
    try connection.insert(
      into: "facilitation (\(Self.columns))", records,
      suffix: """
        ON CONFLICT (id) DO UPDATE SET reference = excluded.reference, requested_on = excluded.requested_on,
          requester_id = excluded.requester_id, requester = excluded.requester, audience = excluded.audience, family = excluded.family,
          type = excluded.type, need = excluded.need, format = excluded.format, urgent = excluded.urgent, wanted_by = excluded.wanted_by,
          account_id = excluded.account_id, coordinator = excluded.coordinator, mode = excluded.mode, place = excluded.place,
          commune = excluded.commune, outside = excluded.outside, date = excluded.date, at = excluded.at, minutes = excluded.minutes,
          phase = excluded.phase, state = excluded.state, reason = excluded.reason, report = excluded.report,
          satisfaction = excluded.satisfaction, feedback = excluded.feedback
        """
    ) { record in
      let draft = record.draft
      let (requester, coordinator) = (draft.requester?.columns, draft.coordinator?.columns)
      return """
        \(record.id), \(draft.reference), \(draft.requestedOn), \(requester?.record), \(requester?.name), \(draft.audience), \(draft.family),
        \(draft.type), \(draft.need), \(draft.format), \(draft.isUrgent), \(draft.wantedBy), \(coordinator?.record), \(coordinator?.name),
        \(draft.mode), \(draft.place), \(draft.commune), \(draft.isOutside), \(draft.date), \(draft.time), \(draft.minutes),
        \(draft.phase), \(draft.state), \(draft.reason), \(draft.report), \(draft.satisfaction), \(draft.feedback)
        """
    }
    let changed = records.filter { !$0.isNew }.map(\.id)
    for table: SQL in ["facilitation_structure", "facilitation_theme", "facilitation_person", "facilitation_partner"] where !changed.isEmpty
    {
      try connection.execute("DELETE FROM \(table) WHERE facilitation_id IN \(list: changed)")
    }
    let teams = records.flatMap { record in record.draft.structures.map { (record.id, $0) } }
    try connection.insert(into: "facilitation_structure (facilitation_id, structure_id)", teams) { "\($0), \($1)" }
    let themes = records.flatMap { record in record.draft.themes.map { (record.id, $0) } }
    try connection.insert(into: "facilitation_theme (facilitation_id, theme)", themes) { "\($0), \($1)" }
    let people = records.flatMap { record in record.draft.facilitators.map { (record.id, $0.columns) } }
    try connection.insert(into: "facilitation_person (id, facilitation_id, person_id, name)", people) { record, columns in
      "\(ids.next(Person.self)), \(record), \(columns.record), \(columns.name)"
    }
    try ExchangeRecords.insert(
      records.flatMap { record in record.draft.partners.map { (record.id, $0) } }, "facilitation_partner", "organisation_id",
      owner: "facilitation_id", connection)
  }
}
