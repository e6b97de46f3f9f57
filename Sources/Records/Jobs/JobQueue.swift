import Foundation
import Store

/// What a job is asked for: one job is made for a key, however often it is asked and however long ago it was done.
public struct JobKey: Sendable, Hashable {
  let rule: String
  let object: Int64
  let date: CivilDate

  /// - Parameters:
  ///   - rule: a stable name, for instance `prets.rappel`.
  ///   - date: the due date of the object under that rule: another date is another job.
  public init<Subject>(_ rule: String, _ object: Identifier<Subject>, _ date: CivilDate) {
    self.rule = rule
    self.object = object.rawValue
    self.date = date
  }
}

/// Takes orders for jobs, each one in the transaction of the operation that wants it.
public struct JobQueue: Sendable {
  private let ids: IdentifierSource
  private let now: @Sendable () -> Date

  public init(ids: IdentifierSource, now: @escaping @Sendable () -> Date) {
    self.ids = ids
    self.now = now
  }

  /// Asks for a job.
  /// - Parameter due: the moment from which it may run; at once when there is none.
  /// - Returns: `nil` when the key has been asked for already.
  @discardableResult
  public func ask<Kind: JobKind>(
    _ kind: Kind.Type, _ parameters: Kind.Parameters, due: Instant? = nil, once key: JobKey? = nil, _ connection: any Connection
  ) throws -> Identifier<Job>? {
    if let key, try !reserve(key, connection) { return nil }
    let id = ids.next(Job.self)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let parameters = String(decoding: try encoder.encode(parameters), as: UTF8.self)
    let moment = Instant(now())
    try connection.execute(
      """
      INSERT INTO job (id, kind, parameters, asked_at, due_at) VALUES (\(id), \(Kind.name), \(parameters), \(moment), \(due ?? moment))
      """)
    return id
  }

  /// `false` when the key has been asked for already.
  func reserve(_ key: JobKey, _ connection: any Connection) throws -> Bool {
    try connection.execute(
      """
      INSERT INTO job_key (rule, object_id, due_on) VALUES (\(key.rule), \(key.object), \(key.date)) ON CONFLICT DO NOTHING
      """) == 1
  }
}
