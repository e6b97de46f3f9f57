import Records
import Store

/// What is computed of exchanges: the columns by which they are found and their authors told apart, the date and the numbers on
/// their bridges.
enum ExchangeFolds {
  static func rebuild(_ connection: any Connection) throws {
    for row in try stale(connection) {
      try connection.execute("UPDATE exchange SET subject_fold = \(row.subject), author_code = \(row.author) WHERE id = \(row.id)")
    }
    try connection.execute(
      """
      UPDATE exchange_structure SET date = (SELECT e.date FROM exchange e WHERE e.id = exchange_structure.exchange_id)
      WHERE date <> (SELECT e.date FROM exchange e WHERE e.id = exchange_structure.exchange_id)
      """)
    try renumber("exchange_person", "person_id", of: Person.self, connection)
    try renumber("exchange_organisation", "organisation_id", of: Organisation.self, connection)
  }

  static func faults(_ connection: any Connection) throws -> [String] {
    var faults = try stale(connection).isEmpty ? [] : ["Les textes de recherche des échanges ne sont plus à jour."]
    let otherDates: Int? = try connection.value(
      "SELECT count(*) FROM exchange_structure x JOIN exchange e ON e.id = x.exchange_id WHERE x.date <> e.date")
    if otherDates != 0 { faults.append("Les dates des échanges avec les structures ne sont plus à jour.") }
    let people = try misnumbered("exchange_person", "person_id", of: Person.self, connection)
    let organisations = try misnumbered("exchange_organisation", "organisation_id", of: Organisation.self, connection)
    if !people.isEmpty || !organisations.isEmpty { faults.append("Les numéros de qui prend part aux échanges ne sont plus à jour.") }
    return faults
  }

  private static func stale(_ connection: any Connection) throws -> [(id: Identifier<Exchange>, subject: String?, author: String?)] {
    try connection.rows("SELECT id, subject, author, subject_fold, author_code FROM exchange").compactMap { row in
      let subject = (try row[1] as String?).map { Fold.searchText([$0]) }
      let author = (try row[2] as String?).map(Fold.code)
      let (storedSubject, storedAuthor): (String?, String?) = (try row[3], try row[4])
      return subject == storedSubject && author == storedAuthor ? nil : (try row[0], subject, author)
    }
  }

  /// Rows of a bridge whose number is not that of the record or of the name.
  private static func misnumbered<Subject>(
    _ table: SQL, _ column: SQL, of subject: Subject.Type, _ connection: any Connection
  ) throws -> [(exchange: Identifier<Exchange>, number: Int64, who: Named<Subject>)] {
    var rows: [(Identifier<Exchange>, Int64, Named<Subject>)] = []
    try connection.forEach("SELECT exchange_id, number, \(column), name FROM \(table)") { row in
      let record: Identifier<Subject>? = try row[2]
      let who = try record.map(Named.record) ?? .name(row[3])
      let number: Int64 = try row[1]
      if number != who.number { rows.append((try row[0], number, who)) }
    }
    return rows
  }

  private static func renumber<Subject>(
    _ table: SQL, _ column: SQL, of subject: Subject.Type, _ connection: any Connection
  ) throws {
    let rows = try misnumbered(table, column, of: subject, connection)
    for row in rows {
      try connection.execute("DELETE FROM \(table) WHERE exchange_id = \(row.exchange) AND number = \(row.number)")
    }
    // Two spellings may have become one name.
    for row in rows { try ExchangeRecords.insert([(row.exchange.rawValue, row.who)], table, column, connection) }
  }
}
