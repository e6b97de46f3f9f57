import Records
import Store

extension ReportBlockRecords {
  func stored(_ connection: any Connection, _ selection: RecordSelection, _ context: Context) throws -> [StoredRecord<Draft>] {
    let only: SQL
    if case .keys(let keys) = selection {
      // Without a reference of its own it is known by its identifier, as exports write it.
      let ids = keys.compactMap { Identifier<ReportBlock>($0) }
      only = "AND (b.reference IN \(list: keys) OR (b.reference IS NULL AND b.id IN \(list: ids)))"
    } else {
      only = selection.clause(id: "b.id")
    }
    return try connection.rows(
      """
      SELECT b.id, b.year, b.nature, b.rank, b.title, b.body, b.speaker, b.speaker_role, b.figures, b.dimension, b.form, b.alternative,
        b.credit, b.essential, b.state, b.account_id, b.author, b.due, b.reference, b.copied_from,
        b.second_dimension, b.lines, b.taken
      FROM report_block b WHERE b.removed_at IS NULL \(only) ORDER BY b.year, b.rank, b.id
      """
    ).map { row in
      let id: Identifier<ReportBlock> = try row[0]
      let draft = Draft(
        year: try row[1], nature: try row[2], rank: try row[3], title: try row[4], text: try row[5], speaker: try row[6],
        speakerRole: try row[7], figures: try row[8], dimension: try row[9], form: try row[10], alternative: try row[11],
        credit: try row[12], isEssential: try row[13], state: try row[14], author: Named(try row[15], try row[16]), due: try row[17],
        reference: try row[18] ?? id.description, copiedFrom: try row[19], secondDimension: try row[20], lines: try row[21],
        taken: try row[22])
      return StoredRecord(id: id.rawValue, key: draft.reference ?? "", draft: draft)
    }
  }

  func write(_ records: [RecordWrite<Draft>], _ connection: any Connection, _ context: Context, ids: IdentifierSource) throws {
    try connection.insert(
      into: """
        report_block (id, reference, year, nature, rank, title, body, speaker, speaker_role, figures, dimension, form, alternative, credit,
          essential, state, account_id, author, due, copied_from, second_dimension, lines, taken)
        """, records,
      suffix: """
        ON CONFLICT (id) DO UPDATE SET year = excluded.year, nature = excluded.nature, rank = excluded.rank, title = excluded.title,
          body = excluded.body, speaker = excluded.speaker, speaker_role = excluded.speaker_role, figures = excluded.figures,
          dimension = excluded.dimension, form = excluded.form, alternative = excluded.alternative, credit = excluded.credit,
          essential = excluded.essential, state = excluded.state, account_id = excluded.account_id, author = excluded.author,
          due = excluded.due, copied_from = excluded.copied_from, second_dimension = excluded.second_dimension, lines = excluded.lines,
          taken = excluded.taken
        """
    ) { record in
      let draft = record.draft
      let ownReference = draft.reference == Identifier<ReportBlock>(rawValue: record.id).description ? nil : draft.reference
      let author = draft.author?.columns
      return """
        \(record.id), \(ownReference), \(draft.year), \(draft.nature), \(draft.rank), \(draft.title), \(draft.text), \(draft.speaker),
        \(draft.speakerRole), \(draft.figures), \(draft.dimension), \(draft.form), \(draft.alternative), \(draft.credit),
        \(draft.isEssential ?? false), \(draft.state), \(author?.record), \(author?.name), \(draft.due), \(draft.copiedFrom),
        \(draft.secondDimension), \(draft.lines), \(draft.taken)
        """
    }
  }
}
