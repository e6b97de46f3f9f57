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
    public let team: String?
    public let version: Int
    public let changed: Instant
  }

  public let federation: String
  /// The federation's own, in which times are written.
  public let zone: TimeZone
  public let today: CivilDate
  public let entries: [Entry]

  static let migration = Migration(
    "202611212003-tasks",
    [
      // One a person, read under the role that it was made under.
      """
      CREATE TABLE calendar_feed (
        account_id \(.id) PRIMARY KEY REFERENCES account (id), digest \(.text) NOT NULL UNIQUE, role \(.text) NOT NULL,
        made_at \(.instant) NOT NULL
      ) \(sqlite: "STRICT", postgres: "")
      """
    ])

  /// How far ahead calendars look.
  private static let days = 365

  /// - Returns: when the account's address was made, and under which role; `nil` when it has none.
  public static func standing(
    of account: Identifier<Account>, _ connection: any Connection
  ) throws -> (madeAt: Instant, role: Role)? {
    try connection.first("SELECT made_at, role FROM calendar_feed WHERE account_id = \(account)").map {
      (madeAt: try $0[0], role: try $0[1])
    }
  }

  static func withdraw(of account: Identifier<Account>, _ connection: any Connection) throws {
    try connection.execute("DELETE FROM calendar_feed WHERE account_id = \(account)")
  }

  /// The account that a secret reads as: of what it may work under, the role that the address was made under.
  static func reader(_ secret: String, _ connection: any Connection) throws -> Account? {
    let row = try connection.first(
      """
      SELECT a.id, a.email, a.name, a.role, \(Account.furtherRoles), f.role, a.territory
      FROM calendar_feed f JOIN account a ON a.id = f.account_id WHERE f.digest = \(Secret.digest(secret)) AND a.closed_at IS NULL
      """)
    guard let row else { return nil }
    let (roles, role): ([Role], Role) = (Account.roles(try row[3], try row[4]), try row[5])
    guard roles.contains(role), role.areas.contains(.tasks) else { return nil }
    return Account(id: try row[0], email: try row[1], name: try row[2], role: role, roles: roles, territory: try row[6])
  }

  init(of reader: Account, at now: Date, _ connection: any Connection) throws {
    let settings = try Settings(connection)
    let today = settings.today(now)
    self.today = today
    zone = settings.timeZone(now)
    federation = settings.text(.federationName, on: today)
    entries = try connection.rows(
      """
      SELECT t.id, t.title, t.nature, t.due, t.at, t.minutes, s.name, t.version,
        (SELECT max(e.at) FROM image i JOIN event e ON e.id = i.event_id WHERE i.kind = 'taches' AND i.record_id = t.id)
      FROM todo t LEFT JOIN structure s ON s.id = t.structure_id AND s.removed_at IS NULL
      WHERE t.account_id = \(reader.id) AND t.state = 'a_faire' AND t.removed_at IS NULL AND t.due <= \(today.adding(days: Self.days))
        AND \(ToDo.readable(by: reader))
      ORDER BY t.due, t.at NULLS FIRST, t.id
      """
    ).map { row in
      Entry(
        id: try row[0], title: try row[1], nature: try row[2], due: try row[3], time: try row[4], minutes: try row[5],
        team: try row[6], version: try row[7], changed: try row[8] as Instant? ?? Instant(now))
    }
  }
}

extension AttemptLimit {
  /// One calendar asks every few minutes at most; several telephones of one person share an address.
  static let calendar = AttemptLimit(name: "agenda.lien", count: 60, window: 900)
  /// Addresses that lead nowhere, asked for from one place.
  static let calendarClient = AttemptLimit(name: "agenda.poste", count: 40, window: 900)
}

extension Accounts {
  /// Makes the account's address, in the place of an earlier one.
  /// - Returns: its secret, which nobody can read again.
  /// - Throws: `Refusal` when the role that the person works under has no tasks.
  public func makeCalendarFeed(of account: Account) async throws -> String {
    guard account.role.areas.contains(.tasks) else { throw Refusal("Votre rôle n’ouvre pas les tâches : il n’y a rien à suivre.") }
    return try await database.write { [now] connection in
      let secret = Secret.make()
      try CalendarFeed.withdraw(of: account.id, connection)
      try connection.execute(
        """
        INSERT INTO calendar_feed (account_id, digest, role, made_at)
        VALUES (\(account.id), \(Secret.digest(secret)), \(account.role), \(Instant(now())))
        """)
      try note(.feedCreation, on: account.id, by: account.id, connection)
      return secret
    }
  }

  public func withdrawCalendarFeed(of account: Identifier<Account>) async throws {
    try await database.write { connection in
      guard try CalendarFeed.standing(of: account, connection) != nil else { return }
      try CalendarFeed.withdraw(of: account, connection)
      try note(.feedRemoval, on: account, by: account, connection)
    }
  }

  /// What an address gives.
  /// - Returns: `nil` for one that never was and for one that was taken back alike.
  /// - Throws: `TooManyAttempts`.
  public func calendarFeed(secret: String, from origin: Origin) async throws -> CalendarFeed? {
    let found = try await database.read { [now] connection in
      try CalendarFeed.reader(secret, connection).map { (id: $0.id, feed: try CalendarFeed(of: $0, at: now(), connection)) }
    }
    let attempt = found.map { Attempt(.calendar, $0.id.description) } ?? Attempt(.calendarClient, origin.client ?? "")
    _ = try await database.write { [ids, now] in try Attempt.take([attempt], at: now(), ids: ids, $0) }
    return found?.feed
  }

  /// Where people reach the site, without a slash at its end; `nil` when nobody has said.
  public var siteURL: String? { letters.site }
}
