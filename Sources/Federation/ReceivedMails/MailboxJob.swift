import Foundation
import Records
import Store

/// Why a mailbox could not be read, in one French sentence.
public struct MailboxFailure: Error, Sendable {
  public let sentence: String

  public init(_ sentence: String) { self.sentence = sentence }
}

/// Reads the mailbox every few minutes, whatever happened the time before.
public struct MailboxJob: JobKind {
  public struct Parameters: Codable, Sendable {}

  /// Hands over what came after a position, each message with the position that it brings the mailbox to.
  public typealias Read =
    @Sendable (
      _ since: MailboxPosition?, _ take: @Sendable (IncomingMail, MailboxPosition) async throws -> Void
    ) async throws -> Void

  public static let name = "courriel.releve"
  /// Minutes from one reading to the next.
  static let pause = 5

  public let obstacle: String?
  private let mailbox: String
  private let receiver: MailReceiver?
  private let read: Read

  /// - Parameter mailbox: which one it is, without a secret.
  public init(_ mailbox: String, into receiver: MailReceiver, _ read: @escaping Read) {
    (self.mailbox, self.receiver, obstacle) = (mailbox, receiver, nil)
    self.read = read
  }

  /// For an installation without a mailbox.
  public init(obstacle: String) {
    (mailbox, receiver, self.obstacle) = ("", nil, obstacle)
    read = { _, _ in }
  }

  public func plan(_ queue: JobQueue, at moment: Date, _ connection: any Connection) throws {
    try ReceivedMail.purge(at: moment, connection)
    guard obstacle == nil else { return }
    // So many readings a day: nobody asks for those of the day before yesterday again.
    try connection.execute("DELETE FROM job_key WHERE rule = \(Self.name) AND due_on < \(CivilDate(of: moment, in: .gmt).adding(days: -2))")
    try connection.execute("DELETE FROM job WHERE kind = \(Self.name) AND done_at < \(Instant(moment.addingTimeInterval(-2 * 86_400)))")
    try ask(queue, at: moment, due: moment, connection)
  }

  /// One job for each stretch of the day, however often it is asked.
  private func ask(_ queue: JobQueue, at moment: Date, due: Date, _ connection: any Connection) throws {
    let minutes = Int64(moment.timeIntervalSince1970) / 60
    let day = CivilDate(of: moment, in: .gmt)
    let stretch = Identifier<Job>(rawValue: minutes % 1_440 / Int64(Self.pause))
    try queue.ask(Self.self, Parameters(), due: Instant(due), once: JobKey(Self.name, stretch, day), connection)
  }

  public func run(_ parameters: Parameters, _ context: JobContext) async throws {
    let outcome = await reading(context)
    try await context.complete { [mailbox, now = context.now, queue = context.queue] connection in
      let moment = now()
      let at = Instant(moment)
      try connection.execute(
        """
        INSERT INTO mailbox (name, validity, last, read_at, failure, failed_at)
        VALUES (\(mailbox), 0, 0, \(outcome == nil ? at : nil), \(outcome), \(outcome == nil ? nil : at))
        ON CONFLICT (name) DO UPDATE SET read_at = COALESCE(excluded.read_at, mailbox.read_at), failure = excluded.failure,
          failed_at = excluded.failed_at
        """)
      let next = moment.addingTimeInterval(Double(Self.pause) * 60)
      try ask(queue, at: next, due: next, connection)
    }
  }

  /// - Returns: why it could not be read.
  private func reading(_ context: JobContext) async -> String? {
    guard let receiver else { return nil }
    do {
      let known = try await context.database.read { [mailbox] connection in
        try connection.first("SELECT validity, last FROM mailbox WHERE name = \(mailbox)").map {
          MailboxPosition(validity: try $0[0], last: try $0[1])
        }
      }
      try await read(known) { [mailbox] mail, position in
        _ = try await receiver.receive(mail, into: (mailbox, position))
      }
      return nil
    } catch let failure as MailboxFailure {
      return failure.sentence
    } catch {
      return "La boîte n’a pas pu être lue jusqu’au bout\u{A0}: la lecture reprendra d’elle-même."
    }
  }
}
