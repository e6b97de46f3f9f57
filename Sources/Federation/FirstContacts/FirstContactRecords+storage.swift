import Records
import Store

extension FirstContactRecords {
  func stored(_ connection: any Connection, _ selection: RecordSelection, _ context: Context) throws -> [StoredRecord<Draft>] {
    try connection.rows(
      """
      SELECT c.id, c.reference, c.received_on, c.channel, c.last_name, c.first_name, c.profession, c.email, c.phone, c.commune,
        c.has_project, c.request, c.state, c.account_id, c.assignee, c.answered_on, c.answer, c.structure_id, c.person_id, c.consent,
        c.consented_on
      FROM first_contact c WHERE c.removed_at IS NULL \(selection.clause(id: "c.id", key: "c.reference")) ORDER BY c.received_on, c.id
      """
    ).map { row in
      var draft = Draft(
        reference: try row[1], receivedOn: try row[2], channel: try row[3], lastName: try row[4], firstName: try row[5],
        profession: try row[6], email: try row[7], phone: try row[8], commune: try row[9], hasProject: try row[10], request: try row[11])
      draft.state = try row[12]
      draft.assignee = Named(try row[13], try row[14])
      (draft.answeredOn, draft.answer) = (try row[15], try row[16])
      (draft.structure, draft.person) = (try row[17], try row[18])
      (draft.consent, draft.consentedOn) = (try row[19], try row[20])
      return StoredRecord(id: try row[0], key: try row[1], draft: draft)
    }
  }

  func write(_ records: [RecordWrite<Draft>], _ connection: any Connection, _ context: Context, ids: IdentifierSource) throws {
    try connection.insert(
      into: """
        first_contact (id, reference, received_on, channel, last_name, first_name, profession, email, phone, commune, has_project,
          request, state, account_id, assignee, answered_on, answer, structure_id, person_id, consent, consented_on)
        """, records,
      suffix: """
        ON CONFLICT (id) DO UPDATE SET reference = excluded.reference, received_on = excluded.received_on, channel = excluded.channel,
          last_name = excluded.last_name, first_name = excluded.first_name, profession = excluded.profession, email = excluded.email,
          phone = excluded.phone, commune = excluded.commune, has_project = excluded.has_project, request = excluded.request,
          state = excluded.state, account_id = excluded.account_id, assignee = excluded.assignee, answered_on = excluded.answered_on,
          answer = excluded.answer, structure_id = excluded.structure_id, person_id = excluded.person_id, consent = excluded.consent,
          consented_on = excluded.consented_on
        """
    ) { record in
      let draft = record.draft
      return """
        \(record.id), \(draft.reference), \(draft.receivedOn), \(draft.channel), \(draft.lastName), \(draft.firstName),
        \(draft.profession), \(draft.email), \(draft.phone), \(draft.commune), \(draft.hasProject), \(draft.request), \(draft.state),
        \(draft.assignee?.columns.record), \(draft.assignee?.columns.name), \(draft.answeredOn), \(draft.answer), \(draft.structure),
        \(draft.person), \(draft.consent), \(draft.consentedOn)
        """
    }
  }
}

extension FirstContact {
  static let searchSource = SearchSource(
    "premiers_contacts", from: "first_contact c LEFT JOIN commune k ON k.code = c.commune", id: "c.id", where: "c.removed_at IS NULL",
    [
      "c.last_name": .words, "c.first_name": .words, "c.reference": .key, "k.name": .words, "c.phone": .numbers, "c.email": .address,
      "c.request": .words,
    ], leavesSmallWords: true)
}
