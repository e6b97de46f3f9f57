import Records
import Store

extension ExchangeRecords {
  func stored(_ connection: any Connection, _ selection: RecordSelection, _ context: Context) throws -> [StoredRecord<Draft>] {
    let only: SQL
    if case .keys(let keys) = selection {
      // An exchange without a reference of its own is known by its identifier, as exports write it.
      let ids = keys.compactMap { Identifier<Exchange>($0) }
      // Two questions, each with its index: with OR every exchange would be read.
      only = """
        WHERE e.id IN (
          SELECT id FROM exchange WHERE removed_at IS NULL AND reference IN \(list: keys)
          UNION ALL SELECT id FROM exchange WHERE removed_at IS NULL AND reference IS NULL AND id IN \(list: ids))
        """
    } else {
      only = "WHERE e.removed_at IS NULL \(selection.clause(id: "e.id"))"
    }
    var drafts: [Int64: Draft] = [:]
    for row in try connection.rows(
      "SELECT x.exchange_id, x.structure_id FROM exchange e JOIN exchange_structure x ON x.exchange_id = e.id \(only)")
    {
      drafts[try row[0], default: Draft()].structures.append(try row[1])
    }
    for row in try connection.rows("SELECT x.exchange_id, x.theme FROM exchange e JOIN exchange_theme x ON x.exchange_id = e.id \(only)") {
      drafts[try row[0], default: Draft()].themes.append(try row[1])
    }
    var natures: [Int64: [String]] = [:]
    for row in try connection.rows("SELECT x.exchange_id, x.nature FROM exchange e JOIN exchange_nature x ON x.exchange_id = e.id \(only)")
    {
      natures[try row[0], default: []].append(try row[1])
    }
    for (id, person) in try named("exchange_person", "person_id", of: Person.self, only, connection) {
      drafts[id, default: Draft()].people.append(person)
    }
    for (id, organisation) in try named("exchange_organisation", "organisation_id", of: Organisation.self, only, connection) {
      drafts[id, default: Draft()].organisations.append(organisation)
    }
    return try connection.rows(
      """
      SELECT e.id, e.reference, e.date, e.channel, e.subject, e.minutes, e.author, e.declared_new, e.visibility
      FROM exchange e \(only) ORDER BY e.date, e.id
      """
    ).map { row in
      let id: Identifier<Exchange> = try row[0]
      var draft = drafts[id.rawValue] ?? Draft()
      draft.structures.sort()
      draft.themes.sort()
      draft.organisations.sort()
      draft.people.sort()
      draft.reference = try row[1] ?? id.description
      draft.natures = natures[id.rawValue, default: []].sorted()
      (draft.date, draft.channel, draft.subject) = (try row[2], try row[3], try row[4])
      (draft.minutes, draft.author, draft.isNewTeam) = (try row[5], try row[6], try row[7])
      draft.visibility = try row[8]
      return StoredRecord(id: id.rawValue, key: draft.reference ?? "", draft: draft)
    }
  }

  func write(_ records: [RecordWrite<Draft>], _ connection: any Connection, _ context: Context, ids: IdentifierSource) throws {
    try connection.insert(
      into:
        "exchange (id, reference, date, channel, subject, subject_fold, minutes, author, author_code, declared_new, visibility, author_id)",
      records,
      suffix: """
        ON CONFLICT (id) DO UPDATE SET date = excluded.date, channel = excluded.channel,
          subject = excluded.subject, subject_fold = excluded.subject_fold, minutes = excluded.minutes, author = excluded.author, author_code = excluded.author_code,
          declared_new = excluded.declared_new, visibility = excluded.visibility,
          author_id = CASE WHEN exchange.author IS NOT DISTINCT FROM excluded.author THEN COALESCE(exchange.author_id, excluded.author_id)
            ELSE excluded.author_id END
        """
    ) { record in
      let draft = record.draft
      let ownReference = draft.reference == Identifier<Exchange>(rawValue: record.id).description ? nil : draft.reference
      return """
        \(record.id), \(ownReference), \(draft.date), \(draft.channel), \(draft.subject),
        \(draft.subject.map { Fold.searchText([$0]) }), \(draft.minutes),
        \(draft.author), \(draft.author.map(Fold.code)), \(draft.isNewTeam), \(draft.visibility ?? .team),
        \(draft.author.flatMap { context.authors[Fold.key($0)] })
        """
    }
    let changed = records.filter { !$0.isNew }.map(\.id)
    if !changed.isEmpty {
      for table in ["exchange_structure", "exchange_theme", "exchange_nature", "exchange_person", "exchange_organisation"] {
        try connection.execute("DELETE FROM \(SQL(unsafeText: table)) WHERE exchange_id IN \(list: changed)")
      }
    }
    let structures = records.flatMap { record in record.draft.structures.map { (record.id, $0, record.draft.date) } }
    try connection.insert(into: "exchange_structure", structures) { "\($0), \($1), \($2)" }
    let themes = records.flatMap { record in record.draft.themes.map { (record.id, $0) } }
    try connection.insert(into: "exchange_theme", themes) { "\($0), \($1)" }
    let natures = records.flatMap { record in record.draft.natures.map { (record.id, $0) } }
    try connection.insert(into: "exchange_nature", natures) { "\($0), \($1)" }
    try Self.insert(records.flatMap { record in record.draft.people.map { (record.id, $0) } }, "exchange_person", "person_id", connection)
    try Self.insert(
      records.flatMap { record in record.draft.organisations.map { (record.id, $0) } }, "exchange_organisation", "organisation_id",
      connection)
  }

  func announce(_ writes: [RecordWrite<Draft>], _ writing: Writing, _ connection: any Connection) throws {
    try NoticeEvent.exchanges(writes, writing, connection)
  }

  private func named<Subject>(
    _ table: SQL, _ column: SQL, of subject: Subject.Type, _ only: SQL, _ connection: any Connection
  ) throws -> [(Int64, Named<Subject>)] {
    try connection.rows(
      "SELECT x.exchange_id, x.\(column), x.name FROM exchange e JOIN \(table) x ON x.exchange_id = e.id \(only)"
    ).map { row in
      let record: Identifier<Subject>? = try row[1]
      return (try row[0], try record.map(Named.record) ?? .name(row[2]))
    }
  }

  /// Two spellings of one name are one entry.
  static func insert<Subject>(
    _ named: [(record: Int64, who: Named<Subject>)], _ table: SQL, _ column: SQL, owner: SQL = "exchange_id", _ connection: any Connection
  ) throws {
    try connection.insert(
      into: "\(table) (\(owner), number, \(column), name)", named, suffix: "ON CONFLICT (\(owner), number) DO NOTHING"
    ) { entry in
      switch entry.who {
      case .record(let id): "\(entry.record), \(entry.who.number), \(id), \(nil as String?)"
      case .name(let name): "\(entry.record), \(entry.who.number), \(nil as Int64?), \(name)"
      }
    }
  }
}
