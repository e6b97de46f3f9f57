import Foundation
import Records
import Store

/// What everything works with: the database of one federation, the model of its records, a clock and identifiers.
public struct Installation: Sendable {
  public let database: any Database
  public let model: Model
  public let ids: IdentifierSource
  public let now: @Sendable () -> Date
  public let accounts: Accounts
  /// For maps.
  public let outlines: DepartmentOutlines
  /// Where who was erased is kept beside the database; `nil` when nobody keeps it.
  public let erasureList: ErasureList?
  private let mailDomain: String
  let siteURL: String?

  /// - Parameters:
  ///   - mailDomain: the federation's own, in what identifies its messages.
  ///   - siteURL: where people reach the site, for links in messages.
  public init(
    database: any Database, geography: Geography, ids: IdentifierSource = IdentifierSource(), hasher: PasswordHasher = PasswordHasher(),
    mailDomain: String = "localhost", siteURL: String? = nil, erasureList: ErasureList? = nil,
    now: @escaping @Sendable () -> Date = { Date() }
  ) {
    self.database = database
    self.ids = ids
    self.now = now
    self.mailDomain = mailDomain
    self.siteURL = siteURL
    self.erasureList = erasureList
    model = .federation(geography: geography)
    outlines = geography.outlines
    accounts = Accounts(
      database: database, ids: ids, hasher: hasher, mailDomain: mailDomain, siteURL: siteURL, now: now)
  }

  public var settings: SettingEditor { SettingEditor(model, database, ids: ids, now: now, actor: nil) }
  public var lists: ListEditor { ListEditor(model, database, ids: ids, now: now, actor: nil) }
  public var importer: Importer { Importer(database: database, ids: ids, now: now) }
  public var jobs: JobQueue { JobQueue(ids: ids, now: now) }
  public var outbox: Outbox { Outbox(ids: ids, now: now, domain: mailDomain) }

  /// Runs the jobs of every capability, sends the mail and reads what comes in.
  public func jobRunner(
    _ sending: SendingJob, reading mailbox: MailboxJob = MailboxJob(obstacle: "Aucune boîte de courriel n’est à relever."),
    report: @escaping @Sendable (JobRunner.Failure) -> Void = { _ in }
  ) -> JobRunner {
    let reminders = RemindersJob(model.reminders, outbox, siteURL: siteURL)
    let departure = LetterDeparture(outbox: outbox, unsubscriptions: unsubscriptions)
    let digest = NoticeDigestJob(letters: noticeLetters)
    let calendar = FacilitationCalendarJob(installation: self)
    return JobRunner(model.jobs + [sending, reminders, departure, digest, mailbox, calendar], database, ids: ids, now: now, report: report)
  }

  /// - Throws: `SchemaError` unless the database has the program's schema.
  public func verifySchema() async throws {
    try await database.read { [model] in try model.verify($0) }
  }
}
