import Foundation
import Store

/// What the values of a waiting file mean.
extension WaitingFiles {
  /// What is to be said of its values before it is previewed; nothing when its columns are not chosen yet.
  public func questions(_ file: WaitingFile, _ kind: some RecordKind, _ connection: any Connection) throws -> [ValueQuestion] {
    guard file.columns != nil else { return [] }
    let text: String? = try connection.value("SELECT tallies FROM import_file WHERE id = \(file.id)")
    let tallies = try text.map { try JSONDecoder().decode([ColumnTally].self, from: Data($0.utf8)) } ?? []
    return try translation(file, kind, connection).questions(file.header, tallies, lineCount: file.lineCount)
  }

  /// - Parameter answers: what each value means; empty for one that is taken as it is written.
  /// - Throws: `Refusal` when there is no such field, or no such value in its list.
  public func say(
    _ answers: [(field: String, value: String, meaning: String)], of file: WaitingFile, _ kind: some RecordKind
  ) async throws {
    let fields = Dictionary(kind.importColumns.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    try await database.write { [account, now] connection in
      let lists = try ReferenceLists(connection)
      var meanings = try known(file, connection)
      for answer in answers {
        guard let field = fields[answer.field], Self.isMeaning(answer.meaning, of: field, lists) else {
          throw Refusal("Ces valeurs ne sont pas celles du fichier : rechargez la page.")
        }
        meanings[answer.field, answer.value] = answer.meaning.isEmpty ? nil : answer.meaning
      }
      let text = try WaitingFile.text(meanings)
      try connection.execute("UPDATE import_file SET meanings = \(text) WHERE id = \(file.id) AND account_id = \(account)")
      let moment = Instant(now())
      for answer in answers {
        // What is taken as it is written is said so: the next file does not fall back on what such values usually mean.
        try connection.execute(
          """
          INSERT INTO import_meaning (kind, origin, field, value, meaning, chosen_at)
          VALUES (\(file.kind), \(file.origin), \(answer.field), \(ValueMeanings.key(answer.value)), \(answer.meaning), \(moment))
          ON CONFLICT (kind, origin, field, value) DO UPDATE SET meaning = excluded.meaning, chosen_at = excluded.chosen_at
          """)
      }
    }
  }

  private static func isMeaning(_ text: String, of field: ImportColumn, _ lists: ReferenceLists) -> Bool {
    if text.isEmpty || [ValueMeaning.nothing, ValueMeaning.leavesLine].contains(text) { return true }
    if field.lists.isEmpty { return text.count <= 200 }
    return field.lists.contains { list in lists.values(of: list).contains { $0.code == text } }
  }

  func translation(_ file: WaitingFile, _ kind: some RecordKind, _ connection: any Connection) throws -> LineTranslation {
    guard let columns = file.columns else { throw Refusal("Dites d’abord ce que sont les colonnes du fichier.") }
    return try LineTranslation(columns, file.header, kind, target(file), known(file, connection), connection)
  }

  /// As it was said for this file, else for the last one of its origin, else as the other program's values usually mean.
  private func known(_ file: WaitingFile, _ connection: any Connection) throws -> ValueMeanings {
    if let meanings = file.meanings { return meanings }
    var meanings = ValueMeanings()
    for column in target(file)?.columns ?? [] {
      for (value, meaning) in column.meanings { meanings[column.field, value] = meaning }
    }
    let rows = try connection.rows(
      "SELECT field, value, meaning FROM import_meaning WHERE kind = \(file.kind) AND origin = \(file.origin)")
    for row in rows {
      let meaning: String = try row[2]
      meanings[try row[0], try row[1]] = meaning.isEmpty ? nil : meaning
    }
    return meanings
  }
}
