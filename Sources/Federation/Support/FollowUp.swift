import Records
import Store

/// When a team is to be heard from again (R7, SUP-03), and when it was last met (R8, DIR-09), as known on a day.
///
/// The expressions read `structure s` and its `structure_span p` of that day, so that a list, a page, a figure and a reminder
/// say the same. Whatever else comes to count as having heard from a team, or having met it, belongs in `lastExchange` and
/// `lastMeeting`; an appointment ahead stands beside `due`, which it does not change, and the team is not late.
public struct FollowUp: Sendable, Equatable {
  public let lastExchange: CivilDate?
  /// The day before which the team is to be heard from; `nil` when none is called for.
  public let due: CivilDate?
  public let lastMeeting: CivilDate?
  /// The next day on which somebody is to meet the team.
  public let appointment: CivilDate?

  public func isOverdue(on day: CivilDate) -> Bool { appointment == nil && due.map { $0 < day } ?? false }

  /// R7: every month until the ACI, then every three; a mature team is not followed unless it has a rhythm of its own.
  static let rhythm = PhaseMonths(
    "suivi", help: "Délai de relance d’une équipe", [.emergence: 1, .ecriture: 1, .avantACI: 1, .demarrage: 3, .mature: 0])

  /// R8: six months while the project is being made, a year after that.
  static let meetings = PhaseMonths(
    "rencontre", help: "Délai après lequel une équipe n’est plus dite rencontrée",
    [.emergence: 6, .ecriture: 6, .avantACI: 12, .demarrage: 12, .mature: 12])

  /// Channels by which people see each other.
  static let meetingChannels: [Channel] = [.reunion, .visio, .visite]

  /// Every exchange in the log was noted by somebody: automatic mails and letters do not enter it.
  /// - Parameter reader: whose page it is: a confidential note that is kept from them has no day there either (SUP-14). Figures and
  ///   reminders, which are nobody's, know all.
  static func lastExchange(by day: CivilDate, for reader: Account? = nil) -> SQL { lastDate(by: day, "", reader) }

  /// Exchanges of people who see each other, and facilitations that were held.
  static func lastMeeting(by day: CivilDate, for reader: Account? = nil) -> SQL {
    later(lastDate(by: day, "AND e.channel IN \(list: meetingChannels.map(\.rawValue))", reader), lastFacilitation(by: day))
  }

  /// Exchanges, and facilitations that were held.
  private static func lastHeard(by day: CivilDate, for reader: Account?) -> SQL {
    later(lastExchange(by: day, for: reader), lastFacilitation(by: day))
  }

  private static func lastFacilitation(by day: CivilDate) -> SQL {
    """
    (SELECT MAX(v.date) FROM facilitation_structure w JOIN facilitation v ON v.id = w.facilitation_id AND v.removed_at IS NULL
      WHERE w.structure_id = s.id AND v.state IN \(FacilitationState.heldCodes) AND v.date <= \(day))
    """
  }

  /// The later of two days, of which either may be unknown.
  private static func later(_ one: SQL, _ other: SQL) -> SQL {
    "(SELECT MAX(h.day) FROM (SELECT \(one) AS day UNION ALL SELECT \(other)) h)"
  }

  /// Walks back from the day in the index of the bridge and stops at the first that suits.
  private static func lastDate(by day: CivilDate, _ condition: SQL, _ reader: Account?) -> SQL {
    let open: SQL = reader.flatMap { Exchange.hidden(from: $0) }.map { "AND e.id NOT IN (\($0))" } ?? ""
    return """
      (SELECT x.date FROM exchange_structure x JOIN exchange e ON e.id = x.exchange_id AND e.removed_at IS NULL
        WHERE x.structure_id = s.id AND x.date <= \(day) \(condition) \(open) ORDER BY x.date DESC LIMIT 1)
      """
  }

  /// The team's own number of months, else its phase's; none while it is paused or closed.
  private static func months(on day: CivilDate) -> SQL {
    """
    CASE WHEN p.stage IN ('en_pause', 'fermee') THEN NULL
      ELSE NULLIF(COALESCE(s.follow_up_months, \(rhythm.months(of: "p.phase", on: day))), 0) END
    """
  }

  static func due(on day: CivilDate, for reader: Account? = nil) -> SQL {
    SQL.adding(months: months(on: day), to: lastHeard(by: day, for: reader))
  }

  /// Since when the team is not met any more: the first of all days when it never was; `NULL` when its phase asks for no meeting.
  static func unmetSince(on day: CivilDate) -> SQL {
    let months: SQL = "NULLIF(\(meetings.months(of: "p.phase", on: day)), 0)"
    return """
      CASE WHEN \(months) IS NOT NULL
        THEN COALESCE(\(SQL.adding(months: months, to: lastMeeting(by: day))), \(CivilDate.distantPast)) END
      """
  }
}

/// A team to be heard from.
public struct FollowedStructure: Sendable, Equatable {
  public let id: Identifier<Structure>
  public let reference: String
  public let name: String
  public let due: CivilDate
  /// Who follows it.
  public let follower: String?

  /// The teams that are overdue on a day, the most overdue first.
  public static func overdue(on day: CivilDate, limit: Int = 1_000, _ connection: any Connection) throws -> [FollowedStructure] {
    try due(through: day.previous, on: day, limit: limit, connection)
  }

  /// The teams whose turn has come or comes by `last`, the most overdue first, by what is known on `day`; those with an appointment
  /// ahead are left to it.
  /// - Parameter own: those that these accounts follow stand before all others.
  public static func due(
    through last: CivilDate, on day: CivilDate, firstOf own: [Identifier<Account>] = [], limit: Int = 1_000, _ connection: any Connection
  ) throws -> [FollowedStructure] {
    try connection.rows(
      """
      SELECT f.id, f.reference, f.name, f.due, (SELECT a.name FROM account a WHERE a.id = f.follower) FROM (\(Structure.followUps(on: day))) f
      WHERE f.due <= \(last) AND f.appointment IS NULL AND f.type <> \(StructureType.isole) 
      ORDER BY CASE WHEN f.follower IN \(list: own) THEN 0 ELSE 1 END, f.due, f.name_fold, f.id LIMIT \(limit)
      """
    ).map { FollowedStructure(id: try $0[0], reference: try $0[1], name: try $0[2], due: try $0[3], follower: try $0[4]) }
  }
}
