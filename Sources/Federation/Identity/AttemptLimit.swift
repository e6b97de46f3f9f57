import Foundation
import Records
import Store

/// How often something may be tried in a while. Tries are counted in the database, so that all servers count together.
struct AttemptLimit: Sendable {
  /// Stands in the database, in digests: never renamed.
  let name: String
  let count: Int
  let window: TimeInterval

  /// Passwords tried for one address, whether an account has it or not.
  static let address = AttemptLimit(name: "connexion.adresse", count: 5, window: 900)
  /// Passwords tried from one place: a whole office may be behind it.
  static let client = AttemptLimit(name: "connexion.poste", count: 40, window: 900)
  /// The present password, asked again of somebody signed in: whoever finds a session open must not guess it.
  static let ownPassword = AttemptLimit(name: "compte.mot_de_passe", count: 5, window: 900)
}

/// One thing that is tried, for one who tries: neither address is readable in what is kept.
struct Attempt: Sendable {
  let limit: AttemptLimit
  fileprivate let subject: String

  init(_ limit: AttemptLimit, _ who: String) {
    self.limit = limit
    subject = Secret.digest("\(limit.name) \(who)")
  }
}

/// It has been tried too often: nothing was looked at, right or wrong.
public struct TooManyAttempts: Error, Equatable {
  /// Until the next try.
  public let seconds: Int

  public var sentence: String {
    let minutes = (seconds + 59) / 60
    return "Trop de tentatives. Recommencez dans \(minutes < 2 ? "une minute" : "\(minutes)\u{A0}minutes")."
  }
}

extension Attempt {
  /// A row of the table.
  enum Entry {}

  static let migration = Migration(
    "202611211700-identity",
    [
      """
      CREATE TABLE attempt (id \(.id) PRIMARY KEY, subject \(.text) NOT NULL, at \(.instant) NOT NULL)
      \(sqlite: "STRICT", postgres: "")
      """,
      "CREATE INDEX attempt_subject ON attempt (subject, at)",
    ])

  /// The clocks of two servers may be apart by that much. A try that lies further ahead was made before the clock was set
  /// back: it must shut nobody out until that day comes.
  private static let tolerance: TimeInterval = 60
  private static let longestWindow: TimeInterval = 86_400

  /// Counts the tries before they are made: a hundred at once are no more than one after the other.
  /// - Throws: `TooManyAttempts` when one of them has been made too often; none is counted then.
  static func take(
    _ attempts: [Attempt], at now: Date, ids: IdentifierSource, _ connection: any Connection
  ) throws -> [Identifier<Entry>] {
    let horizon = Instant(now.addingTimeInterval(tolerance))
    for attempt in attempts {
      let since = Instant(now.addingTimeInterval(-attempt.limit.window))
      try connection.execute("DELETE FROM attempt WHERE subject = \(attempt.subject) AND (at <= \(since) OR at > \(horizon))")
      let made: [Instant] = try connection.rows("SELECT at FROM attempt WHERE subject = \(attempt.subject) ORDER BY at DESC").map {
        try $0[0]
      }
      guard made.count < attempt.limit.count else {
        let wait = made[attempt.limit.count - 1].date.addingTimeInterval(attempt.limit.window).timeIntervalSince(now)
        throw TooManyAttempts(seconds: Int(min(max(wait, 1), attempt.limit.window).rounded(.up)))
      }
    }
    return try attempts.map { attempt in
      let id = ids.next(Entry.self)
      try connection.execute("INSERT INTO attempt (id, subject, at) VALUES (\(id), \(attempt.subject), \(Instant(now)))")
      return id
    }
  }

  /// Takes tries back: they were right, or could not be looked at.
  static func forget(_ entries: [Identifier<Entry>], _ connection: any Connection) throws {
    try connection.execute("DELETE FROM attempt WHERE id IN \(list: entries)")
  }

  /// Forgets all tries of one kind, because one of them was right.
  func clear(_ connection: any Connection) throws {
    try connection.execute("DELETE FROM attempt WHERE subject = \(subject)")
  }

  /// Removes what counts nowhere any more.
  static func sweep(at now: Date, _ connection: any Connection) throws {
    let (since, horizon) = (Instant(now.addingTimeInterval(-longestWindow)), Instant(now.addingTimeInterval(tolerance)))
    try connection.execute("DELETE FROM attempt WHERE at <= \(since) OR at > \(horizon)")
  }
}
