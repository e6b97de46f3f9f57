import Foundation
import Records
import Store

/// Requests that are tied to neither a person nor a team of the directory, and that nobody has answered or heard of for as long as the register says: those to
/// look at in a quarter. Those in the bin are among them: they keep a name as well.
public struct FirstContactRetention: Sendable {
  public struct Row: Sendable {
    public let id: Identifier<FirstContact>
    public let name: String
    public let commune: String?
    public let state: FirstContactState
    public let receivedOn: CivilDate
    public let answeredOn: CivilDate?
    public let isRemoved: Bool
    /// When its time was over.
    public let due: CivilDate
  }

  /// The longest over first.
  public let rows: [Row]
  public let months: Int
  /// The last day of the quarter.
  public let through: CivilDate

  /// `nil` when the sheet of first contacts gives no months.
  public init?(on day: CivilDate, _ connection: any Connection) throws {
    guard let months = try Processing.months(of: Processing.firstContacts, connection) else { return nil }
    self.months = months
    through = Retention.quarterEnd(day)
    rows = try connection.rows(
      """
      SELECT c.id, \(FirstContactSummary.fullName), k.name, c.state, c.received_on, c.answered_on, c.removed_at
      FROM first_contact c LEFT JOIN commune k ON k.code = c.commune
      WHERE c.person_id IS NULL AND c.structure_id IS NULL AND COALESCE(c.answered_on, c.received_on) <= \(through.adding(months: -months))
        AND \(FirstContact.isNamed)
      ORDER BY COALESCE(c.answered_on, c.received_on), c.id
      """
    ).map { row in
      let (received, answered, removed): (CivilDate, CivilDate?, String?) = (try row[4], try row[5], try row[6])
      return Row(
        id: try row[0], name: try row[1], commune: try row[2], state: try row[3], receivedOn: received, answeredOn: answered,
        isRemoved: removed != nil, due: (answered ?? received).adding(months: months))
    }
  }
}

extension FirstContact {
  /// What stands where the name was.
  static let erasedName = "Demande anonymisée"

  /// Of requests `c`, those that still say something of somebody.
  static let isNamed: SQL = """
    NOT (c.last_name = \(erasedName) AND c.first_name IS NULL AND c.email IS NULL AND c.phone IS NULL AND c.request IS NULL
      AND c.answer IS NULL)
    """

  /// Leaves the day, the place and what became of it, which figures count. Comments on it go with it, and so do messages to its address
  /// that are nobody's of the directory.
  /// - Throws: `Refusal` when one of them is not to be erased this quarter.
  static func erase(_ ids: [Identifier<FirstContact>], on day: CivilDate, _ recorder: Recorder, _ connection: any Connection) throws {
    let due = try FirstContactRetention(on: day, connection)?.rows.map(\.id) ?? []
    guard Set(ids).isSubset(of: due) else { throw Refusal("La liste a changé depuis\u{A0}: relisez-la, rien n’est fait.") }
    let records = ids.map(\.rawValue)
    let addresses: [String] = try connection.rows(
      """
      SELECT DISTINCT LOWER(c.email) FROM first_contact c WHERE c.id IN \(list: records) AND c.email IS NOT NULL
        AND LOWER(c.email) NOT IN (SELECT LOWER(p.email) FROM person p WHERE p.email IS NOT NULL)
      """
    ).map { try $0[0] }
    try empty(records, as: erasedName, ["answer"], recorder, connection)
    let comments: [Int64] = try connection.rows(
      "SELECT id FROM comment WHERE kind = \(FirstContactRecords().name) AND record_id IN \(list: records)"
    ).map { try $0[0] }
    for comment in comments {
      try connection.execute("UPDATE comment SET text = 'Effacé avec la demande.', version = version + 1 WHERE id = \(comment)")
      try connection.execute("DELETE FROM comment_mention WHERE comment_id = \(comment)")
      try Recorder.forget([CommentBook.property], of: comment, kind: RecordComment.auditKind, connection)
    }
    guard !addresses.isEmpty else { return }
    try PersonTraces(person: NamedPerson(ids: [], names: [], emails: addresses), title: erasedName, connection: connection).clear()
  }
}
