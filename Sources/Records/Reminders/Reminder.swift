import Foundation
import Store

/// Messages that the calendar calls for: a rule, and what it finds due on a day.
///
/// Each message is sent once for a (rule, object, date), whatever happens between two looks.
public struct Reminder: Sendable {
  /// What a reminder is made with.
  public struct Day: Sendable {
    public let today: CivilDate
    public let settings: Settings
    /// Where the site is reached, for links; `nil` when nobody has said.
    public let siteURL: String?
  }

  /// A message about an object, due on a date.
  public struct Message: Sendable {
    let object: Int64
    let date: CivilDate
    let mail: OutgoingMail

    public init<Subject>(about object: Identifier<Subject>, due date: CivilDate, _ mail: OutgoingMail) {
      self.object = object.rawValue
      self.date = date
      self.mail = mail
    }
  }

  let rule: String
  let due: @Sendable (Day, any Connection) throws -> [Message]

  /// - Parameter rule: stands in the database: never renamed.
  public init(_ rule: String, due: @escaping @Sendable (Day, any Connection) throws -> [Message]) {
    self.rule = rule
    self.due = due
  }
}

/// Looks for what is due, every morning.
public struct RemindersJob: JobKind {
  public struct Parameters: Codable, Sendable {}

  public static let name = "rappels"
  /// In the federation's time zone.
  private static let hour = 6

  private let reminders: [Reminder]
  private let outbox: Outbox
  private let siteURL: String?

  public init(_ reminders: [Reminder], _ outbox: Outbox, siteURL: String?) {
    self.reminders = reminders
    self.outbox = outbox
    self.siteURL = siteURL
  }

  public func plan(_ queue: JobQueue, at moment: Date, _ connection: any Connection) throws {
    let settings = try Settings(connection)
    let today = settings.today(moment)
    let key = JobKey(Self.name, Identifier<Job>(rawValue: 0), today)
    try queue.ask(Self.self, Parameters(), due: Instant(today.at(hour: Self.hour, in: settings.timeZone(moment))), once: key, connection)
  }

  public func run(_ parameters: Parameters, _ context: JobContext) async throws {
    try await context.complete { [now = context.now] connection in
      let settings = try Settings(connection)
      let day = Reminder.Day(today: settings.today(now()), settings: settings, siteURL: siteURL)
      for reminder in reminders {
        for message in try reminder.due(day, connection) {
          let key = JobKey(reminder.rule, Identifier<Reminder>(rawValue: message.object), message.date)
          try outbox.post(message.mail, as: .notice, once: key, connection)
        }
      }
    }
  }
}

extension CivilDate {
  /// The moment of that hour; where the clock jumps over it, the next one there is.
  public func at(hour: Int, in zone: TimeZone) -> Date {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = zone
    let parts = DateComponents(year: year, month: month, day: day, hour: hour)
    return calendar.date(from: parts) ?? .distantPast
  }
}
