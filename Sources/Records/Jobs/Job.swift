import Store

/// One piece of work that waits, is under way, is done or was given up.
public struct Job: Sendable {
  public let id: Identifier<Job>
  public let kind: String
  /// When it may run next.
  public let due: Instant
  public let attempts: Int
  /// Why the last attempt failed, one French sentence.
  public let error: String?
  public let givenUp: Instant?

  /// What waits or is under way, soonest first, then what was given up, latest first.
  public static func open(_ connection: any Connection) throws -> [Job] {
    try connection.rows(
      """
      SELECT id, kind, due_at, attempts, error, given_up_at FROM job WHERE done_at IS NULL
      ORDER BY given_up_at DESC NULLS FIRST, due_at, id
      """
    ).map { Job(id: try $0[0], kind: try $0[1], due: try $0[2], attempts: try $0[3], error: try $0[4], givenUp: try $0[5]) }
  }

  /// Keys outlive their jobs, so that what was asked once is never done again; they hold no personal data.
  static let migration = Migration(
    "202611211050-jobs",
    [
      """
      CREATE TABLE job (
        id \(.id) PRIMARY KEY, kind \(.text) NOT NULL, parameters \(.text) NOT NULL, asked_at \(.instant) NOT NULL,
        due_at \(.instant) NOT NULL, attempts \(.int) NOT NULL DEFAULT 0, error \(.text),
        claim_id \(.id), leased_until \(.instant), done_at \(.instant), given_up_at \(.instant),
        CHECK ((claim_id IS NULL) = (leased_until IS NULL)), CHECK (done_at IS NULL OR given_up_at IS NULL)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      "CREATE INDEX job_due ON job (due_at, id) WHERE done_at IS NULL AND given_up_at IS NULL",
      "CREATE INDEX job_done ON job (done_at) WHERE done_at IS NOT NULL",
      """
      CREATE TABLE job_key (
        rule \(.text) NOT NULL, object_id \(.id) NOT NULL, due_on \(.date) NOT NULL, PRIMARY KEY (rule, object_id, due_on)
      ) \(sqlite: "STRICT", postgres: "")
      """,
    ])
}

/// A job that this process runs for now, until its lease ends.
struct Claim: Sendable {
  let id: Identifier<Claim>
  let job: Identifier<Job>
  let kind: String
  let parameters: String
  let attempt: Int

  /// Takes the next due job of those kinds; `nil` when there is none. A killed node's job is due again when its lease ends.
  static func next(
    of kinds: [String], as id: Identifier<Claim>, at now: Instant, until end: Instant, _ connection: any Connection
  ) throws -> Claim? {
    // SQLite has one writer at a time; on PostgreSQL the row that another node is about to take is left to it.
    try connection.first(
      """
      UPDATE job SET claim_id = \(id), leased_until = \(end), attempts = attempts + 1 WHERE id = (
        SELECT id FROM job
        WHERE done_at IS NULL AND given_up_at IS NULL AND due_at <= \(now) AND (leased_until IS NULL OR leased_until <= \(now))
          AND kind IN \(list: kinds)
        ORDER BY due_at, id LIMIT 1 \(sqlite: "", postgres: "FOR UPDATE SKIP LOCKED"))
      RETURNING id, kind, parameters, attempts
      """
    ).map { Claim(id: id, job: try $0[0], kind: try $0[1], parameters: try $0[2], attempt: try $0[3]) }
  }

  /// Ends the job as done; `false` when it is not ours any more, or done already.
  func complete(at now: Instant, _ connection: any Connection) throws -> Bool {
    try end("done_at = \(now), error = NULL", connection)
  }

  func postpone(to due: Instant, because error: String, _ connection: any Connection) throws -> Bool {
    try end("due_at = \(due), error = \(error)", connection)
  }

  func giveUp(at now: Instant, because error: String, _ connection: any Connection) throws -> Bool {
    try end("given_up_at = \(now), error = \(error)", connection)
  }

  private func end(_ change: SQL, _ connection: any Connection) throws -> Bool {
    try connection.execute(
      "UPDATE job SET \(change), claim_id = NULL, leased_until = NULL WHERE id = \(job) AND claim_id = \(id)") == 1
  }
}
