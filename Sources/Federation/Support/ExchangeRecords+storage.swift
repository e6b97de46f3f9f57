import Records
import Store

extension ExchangeRecords {
  func stored(_ connection: any Connection, _ selection: RecordSelection, _ context: Context) throws -> [StoredRecord<Draft>] {
    let only: SQL
    if case .keys(let keys) = selection {
      // An exchange without a reference of its own is known by its identifier, as exports write it.
      let ids = keys.compactMap { Identifier<Exchange>($0) }
      only = "WHERE e.removed_at IS NULL AND (e.reference IN \(list: keys) OR (e.reference IS NULL AND e.id IN \(list: ids)))"
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
    for row in try connection.rows(
      "SELECT x.exchange_id, x.kind, x.name FROM exchange e JOIN exchange_name x ON x.exchange_id = e.id \(only)")
    {
      switch try row[1] as NamedKind {
      case .organisation: drafts[try row[0], default: Draft()].organisations.append(try row[2])
      case .person: drafts[try row[0], default: Draft()].people.append(try row[2])
      }
    }
    return try connection.rows(
      """
      SELECT e.id, e.reference, e.date, e.channel, e.nature, e.subject, e.minutes, e.author, e.declared_new
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
      (draft.date, draft.channel, draft.nature, draft.subject) = (try row[2], try row[3], try row[4], try row[5])
      (draft.minutes, draft.author, draft.isNewTeam) = (try row[6], try row[7], try row[8])
      return StoredRecord(id: id.rawValue, key: draft.reference ?? "", draft: draft)
    }
  }

  func write(_ records: [RecordWrite<Draft>], _ connection: any Connection, _ context: Context, ids: IdentifierSource) throws {
    try connection.insert(
      into: "exchange (id, reference, date, channel, nature, subject, subject_fold, minutes, author, author_code, declared_new)",
      records,
      suffix: """
        ON CONFLICT (id) DO UPDATE SET date = excluded.date, channel = excluded.channel, nature = excluded.nature,
          subject = excluded.subject, subject_fold = excluded.subject_fold, minutes = excluded.minutes, author = excluded.author, author_code = excluded.author_code,
          declared_new = excluded.declared_new
        """
    ) { record in
      let draft = record.draft
      let ownReference = draft.reference == Identifier<Exchange>(rawValue: record.id).description ? nil : draft.reference
      return """
        \(record.id), \(ownReference), \(draft.date), \(draft.channel), \(draft.nature), \(draft.subject),
        \(draft.subject.map { Fold.key($0) }), \(draft.minutes),
        \(draft.author), \(draft.author.map(Fold.code)), \(draft.isNewTeam)
        """
    }
    let changed = records.filter { !$0.isNew }.map(\.id)
    if !changed.isEmpty {
      for table in ["exchange_structure", "exchange_theme", "exchange_name"] {
        try connection.execute("DELETE FROM \(SQL(unsafeText: table)) WHERE exchange_id IN \(list: changed)")
      }
    }
    let structures = records.flatMap { record in record.draft.structures.map { (record.id, $0, record.draft.date) } }
    try connection.insert(into: "exchange_structure", structures) { "\($0), \($1), \($2)" }
    let themes = records.flatMap { record in record.draft.themes.map { (record.id, $0) } }
    try connection.insert(into: "exchange_theme", themes) { "\($0), \($1)" }
    let names = records.flatMap { record -> [(Int64, NamedKind, String)] in
      record.draft.organisations.map { (record.id, .organisation, $0) } + record.draft.people.map { (record.id, .person, $0) }
    }
    // Two spellings that fold alike are one name.
    try connection.insert(into: "exchange_name", names, suffix: "ON CONFLICT (exchange_id, kind, name_fold) DO NOTHING") {
      "\($0), \($1), \($2), \(Fold.key($2))"
    }
  }

  private enum NamedKind: String, SQLCodable {
    case organisation, person
  }
}
