import Records
import Store

/// Somebody's own requests, which go with them: who asked, how they were to be reached, and what they said.
extension FirstContact {
  /// Whose a request may be.
  enum Belonging {
    /// It is tied to the person's record, or has their address or number.
    case certain
    /// It has their name and no record, address or number that says otherwise.
    case byName
  }

  /// Of requests `t`, what tells whose they are: record, address, telephone and name, a line each.
  static let signs: SQL = """
    COALESCE(t.person_id || '', '') || '\n' || COALESCE(t.email, '') || '\n' || COALESCE(t.phone, '') || '\n'
      || COALESCE(t.first_name || ' ', '') || t.last_name
    """

  /// - Parameter signs: as the statement gives them.
  static func belonging(_ signs: String, to person: NamedPerson) -> Belonging? {
    let lines = signs.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    guard lines.count >= 4 else { return nil }
    if let record = Int64(lines[0]) { return person.ids.contains(record) ? .certain : nil }
    if person.isReached(at: lines[1]) || person.isNamed(in: lines[2]) { return .certain }
    return person.isCalled(lines[3]) ? .byName : nil
  }

  /// Those of a person. A namesake's are nobody's to take: by its name alone, a request is theirs while nobody else is called so.
  static func own(of person: NamedPerson, _ connection: any Connection) throws -> [Int64] {
    let found = try connection.rows("SELECT t.id, \(signs) FROM first_contact t ORDER BY t.id").compactMap { row in
      let id: Int64 = try row[0]
      return belonging(try row[1], to: person).map { (id: id, belonging: $0) }
    }
    let hasNames = found.contains { $0.belonging == .byName }
    let countsNames = try hasNames && !person.hasHomonym(connection)
    return found.filter { $0.belonging == .certain || countsNames }.map(\.id)
  }

  /// Leaves the day, the place and what became of it, which figures count.
  /// - Parameter title: what stands where the name was.
  static func forget(_ person: NamedPerson, as title: String, _ recorder: Recorder, _ connection: any Connection) throws {
    let own = try own(of: person, connection)
    guard !own.isEmpty else { return }
    try empty(own, as: title, [], recorder, connection)
  }

  /// - Parameter others: what goes beside what the requester said, by its name.
  static func empty(
    _ contacts: [Int64], as title: String, _ others: [String], _ recorder: Recorder, _ connection: any Connection
  ) throws {
    try forgetExchanges(of: contacts, recorder, connection)
    try connection.execute(
      """
      UPDATE first_contact SET last_name = \(title), first_name = NULL, email = NULL, phone = NULL, request = NULL
        \(others.map { ", \(SQL(unsafeText: $0)) = NULL" as SQL }.joined(by: ""))
      WHERE id IN \(list: contacts)
      """)
    let kind = FirstContactRecords()
    try recorder.noteErasure(of: contacts, kind, connection)
    for id in contacts {
      try Recorder.forget(["lastName", "firstName", "email", "phone", "request"] + others, of: id, kind: kind.name, connection)
    }
  }

  /// What the exchange of a conversion begins with; the request follows, word for word.
  static let exchangeTitle = "Premier contact"

  static func exchangeSubject(_ request: String?) -> String {
    String("\(exchangeTitle)\(request.map { "\n\n\($0)" } ?? "")".prefix(2_000))
  }

  /// The request that a conversion has copied.
  private static func forgetExchanges(of contacts: [Int64], _ recorder: Recorder, _ connection: any Connection) throws {
    let subjects: [String] = try connection.rows(
      "SELECT request FROM first_contact WHERE id IN \(list: contacts) AND request IS NOT NULL"
    ).map { exchangeSubject(try $0[0]) }
    let copies: [Int64] = try connection.rows("SELECT id FROM exchange WHERE subject IN \(list: subjects)").map { try $0[0] }
    guard !copies.isEmpty else { return }
    try connection.execute(
      """
      UPDATE exchange SET subject = \(exchangeTitle), subject_fold = \(Fold.searchText([exchangeTitle])) WHERE id IN \(list: copies)
      """)
    let kind = ExchangeRecords()
    try recorder.noteErasure(of: copies, kind, connection)
    for id in copies { try Recorder.forget(["subject"], of: id, kind: kind.name, connection) }
  }
}
