import Foundation
import Records
import Store

/// A person's open tasks and appointments for their own calendar, at an address that nobody guesses (REP-07, SUP-13). Calendars
/// have no session: whoever has the address reads it, and its owner takes it back.
public struct CalendarFeed: Sendable {
  public struct Entry: Sendable {
    public let id: Identifier<ToDo>
    public let title: String
    public let nature: ToDoNature
    public let due: CivilDate
    /// `HH:MM`, in the federation's time zone.
    public let time: String?
    public let minutes: Int?
    /// Those that it is about, by name.
    public fileprivate(set) var teams: [String]
    public let version: Int
    public let changed: Instant
  }

  public let federation: String
  /// The federation's own, in which times are written.
  public let zone: TimeZone
  public let today: CivilDate
  public let entries: [Entry]

  /// How far ahead calendars look.
  private static let days = 365

  init(of reader: Account, at now: Date, _ connection: any Connection) throws {
    let settings = try Settings(connection)
    let today = settings.today(now)
    self.today = today
    zone = settings.timeZone(now)
    federation = settings.text(.federationName, on: today)
    let rows = try connection.rows(
      """
      SELECT t.id, t.title, t.nature, t.due, t.at, t.minutes, s.name, t.version,
        (SELECT max(e.at) FROM image i JOIN event e ON e.id = i.event_id WHERE i.kind = 'taches' AND i.record_id = t.id)
      FROM todo t \(ToDo.teams)
      WHERE t.account_id = \(reader.id) AND t.state = 'a_faire' AND t.removed_at IS NULL AND t.due <= \(today.adding(days: Self.days))
        AND \(ToDo.readable(by: reader))
      ORDER BY t.due, t.at NULLS FIRST, t.id, s.name
      """)
    entries = try rows.reduce(into: []) { entries, row in
      let (id, team): (Identifier<ToDo>, String?) = (try row[0], try row[6])
      if let last = entries.indices.last, entries[last].id == id {
        if let team { entries[last].teams.append(team) }
        return
      }
      entries.append(
        Entry(
          id: id, title: try row[1], nature: try row[2], due: try row[3], time: try row[4], minutes: try row[5],
          teams: team.map { [$0] } ?? [], version: try row[7], changed: try row[8] as Instant? ?? Instant(now)))
    }
  }
}

extension Accounts {
  /// Makes the account's address, in the place of an earlier one.
  /// - Returns: its secret, which nobody can read again.
  /// - Throws: `Refusal` when the role that the person works under has no tasks.
  public func makeCalendarFeed(of account: Account) async throws -> String {
    guard account.role.areas.contains(.tasks) else { throw Refusal("Votre rôle n’ouvre pas les tâches : il n’y a rien à suivre.") }
    return try await makeKey(for: .calendar, of: account, as: .feedCreation)
  }

  public func withdrawCalendarFeed(of account: Identifier<Account>) async throws {
    try await withdrawKey(for: .calendar, of: account, as: .feedRemoval)
  }

  /// What an address gives.
  /// - Returns: `nil` for one that never was and for one that was taken back alike.
  /// - Throws: `TooManyAttempts`.
  public func calendarFeed(secret: String, from origin: Origin) async throws -> CalendarFeed? {
    let found = try await database.read { [now] connection in
      guard let reader = try PersonalKey.reader(secret, for: .calendar, at: now(), connection), reader.role.areas.contains(.tasks),
        try !SecondFactor.isDue(from: reader, at: now(), connection)
      else { return nil as (id: Identifier<Account>, feed: CalendarFeed)? }
      return (reader.id, try CalendarFeed(of: reader, at: now(), connection))
    }
    let attempt = found.map { Attempt(.calendar, $0.id.description) } ?? Attempt(.calendarClient, origin.client ?? "")
    _ = try await database.write { [ids, now] in try Attempt.take([attempt], at: now(), ids: ids, $0) }
    return found?.feed
  }

  /// Where people reach the site, without a slash at its end; `nil` when nobody has said.
  public var siteURL: String? { letters.site }
}
