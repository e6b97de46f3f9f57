import Records
import Store

/// People who have been silent for as long as the register says: those to look at in a quarter. Nothing is ever erased without somebody
/// who ticks it (CNIL: three years from the last contact that came from the person).
public struct Retention: Sendable {
  public struct Row: Sendable {
    public let id: Identifier<Person>
    public let name: String
    public let profession: String?
    /// The last exchange that names them, or request of theirs.
    public let lastExchange: CivilDate?
    /// The last day of their last function, in a team or an organisation.
    public let lastFunction: CivilDate?
    /// The day on which they were entered, of whom nothing else is known.
    public let enteredOn: CivilDate?
    /// When their time was over.
    public let due: CivilDate
  }

  /// The longest over first.
  public let rows: [Row]
  public let months: Int
  /// The last day of the quarter.
  public let through: CivilDate

  /// The last day of the quarter that a day is in.
  static func quarterEnd(_ day: CivilDate) -> CivilDate {
    CivilDate.firstDay(of: day.year).adding(months: 3 * ((day.month - 1) / 3 + 1)).previous
  }

  /// Whoever has a function, an open account or a recent agreement is in no such list.
  ///
  /// `nil` when the sheet of the directory gives no months: nobody's time is ever over.
  public init?(on day: CivilDate, _ connection: any Connection) throws {
    guard let months = try Processing.months(of: Processing.directory, connection) else { return nil }
    self.months = months
    through = Self.quarterEnd(day)
    let limit = through.adding(months: -months)
    rows = try connection.rows(
      """
      SELECT s.id, s.name, s.profession, s.exchanged, s.held, s.entered FROM (
        SELECT p.id, \(Person.fullName) AS name, p.name_fold, p.profession,
          (SELECT MAX(d.day) FROM (
            SELECT e.date AS day FROM exchange_person x JOIN exchange e ON e.id = x.exchange_id AND e.removed_at IS NULL
            WHERE x.person_id = p.id
            UNION ALL SELECT m.date FROM meeting_attendee y JOIN meeting m ON m.id = y.meeting_id AND m.removed_at IS NULL
            WHERE y.person_id = p.id
            UNION ALL SELECT COALESCE(g.date, g.requested_on) FROM facilitation g WHERE g.removed_at IS NULL AND (g.requester_id = p.id
              OR g.id IN (SELECT y.facilitation_id FROM facilitation_person y WHERE y.person_id = p.id))
            UNION ALL SELECT b.date FROM volunteer_hours b WHERE b.person_id = p.id AND b.removed_at IS NULL
            UNION ALL SELECT n.date FROM expense_claim n WHERE n.person_id = p.id AND n.removed_at IS NULL
            UNION ALL SELECT q.received_on FROM first_contact q WHERE q.person_id = p.id AND q.removed_at IS NULL) d) AS exchanged,
          (SELECT MAX(h.until) FROM (
            SELECT f.until FROM person_function f WHERE f.person_id = p.id AND f.removed_at IS NULL
            UNION ALL SELECT k.until FROM organisation_contact k WHERE k.person_id = p.id AND k.removed_at IS NULL
            UNION ALL SELECT COALESCE(w.paused_since, \(CivilDate.openEnd)) FROM facilitator w
            WHERE w.person_id = p.id AND w.removed_at IS NULL) h) AS held,
          (SELECT MAX(c.given_on) FROM consent c WHERE c.person_id = p.id AND c.removed_at IS NULL) AS agreed,
          (SELECT MIN(v.at) FROM image i JOIN event v ON v.id = i.event_id
            WHERE i.kind = 'personnes' AND i.record_id = p.id AND i.created) AS entered
        FROM person p WHERE p.removed_at IS NULL
          AND NOT EXISTS (SELECT 1 FROM account a WHERE a.closed_at IS NULL AND LOWER(a.email) = LOWER(p.email))) s
      WHERE (s.held IS NULL OR s.held <= \(limit.next)) AND (s.exchanged IS NULL OR s.exchanged <= \(limit))
        AND (s.agreed IS NULL OR s.agreed <= \(limit))
        AND (s.held IS NOT NULL OR s.exchanged IS NOT NULL OR s.agreed IS NOT NULL OR s.entered <= \(limit.next.description))
      ORDER BY s.name_fold, s.id
      """
    ).map { row in
      let (exchange, held, entered): (CivilDate?, CivilDate?, String?) = (try row[3], try row[4], try row[5])
      let enteredOn = entered.flatMap { CivilDate(iso: $0.prefix(10)) }
      let last = [exchange, held?.previous].compactMap(\.self).max() ?? enteredOn ?? limit
      return Row(
        id: try row[0], name: try row[1], profession: try row[2], lastExchange: exchange, lastFunction: held?.previous,
        enteredOn: enteredOn, due: last.adding(months: months))
    }.sorted { ($0.due, $0.id) < ($1.due, $1.id) }
  }
}
