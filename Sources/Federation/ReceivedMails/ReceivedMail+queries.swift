import Foundation
import Records
import Store

extension ReceivedMail {
  /// The messages `m` that an account may see: what somebody of the staff sent is theirs first.
  static func visible(to reader: Account, at moment: Instant) -> SQL {
    guard reader.role.scope(.write, .exchanges) == .all else { return "1 = 0" }
    guard reader.role != .direction else { return "1 = 1" }
    let limit = Instant(moment.date.addingTimeInterval(-Double(ownDays) * 86_400))
    return "(m.account_id IS NULL OR m.account_id = \(reader.id) OR m.received_at <= \(limit))"
  }
}

/// A received message as lists show it.
public struct ReceivedMailSummary: Sendable {
  public let id: Identifier<ReceivedMail>
  public let receivedAt: Instant
  public let sentOn: CivilDate
  public let sender: String
  public let senderName: String?
  /// The colleague who sent it; `nil` for a stranger, and for whom nothing proves.
  public let author: String?
  public let subject: String
  public let size: Int
  public let state: ReceivedMail.State
  public let reason: ReceivedMail.Reason?
  public let exchange: Identifier<Exchange>?
  /// Who filed it or put it aside; `nil` for what happened by itself.
  public let settledBy: String?
  /// The day on which its text goes, if nobody files it before.
  public let endsOn: CivilDate?

  fileprivate static let columns: [SQL] = [
    "m.id", "m.received_at", "m.sent_on", "m.sender", "m.sender_name", "a.name", "m.subject", "m.size", "m.state", "m.reason",
    "m.exchange_id", "b.name",
  ]
  fileprivate static let tables: SQL = """
    FROM received_mail m LEFT JOIN account a ON a.id = m.account_id LEFT JOIN account b ON b.id = m.settled_by
    """

  fileprivate init(_ row: Row, _ settings: Settings, _ today: CivilDate) throws {
    (id, receivedAt, sentOn, sender, senderName) = (try row[0], try row[1], try row[2], try row[3], try row[4])
    (author, subject, size, state, reason) = (try row[5], try row[6], try row[7], try row[8], try row[9])
    (exchange, settledBy) = (try row[10], try row[11])
    endsOn = state == .waiting ? settings.today(receivedAt.date).adding(days: settings.integer(.waitingMailDays, on: today)) : nil
  }
}

/// What waits for somebody, and what was done lately.
public struct ReceivedMailQueue: Sendable {
  public let waiting: [ReceivedMailSummary]
  public let settled: [ReceivedMailSummary]
  /// When the mailbox was last read; `nil` when it never was.
  public let readAt: Instant?
  public let failure: String?

  public static let limit = 50

  public init(for reader: Account, at now: Date, _ settings: Settings, _ connection: any Connection) throws {
    let visible = ReceivedMail.visible(to: reader, at: Instant(now))
    let today = settings.today(now)
    func rows(_ condition: SQL) throws -> [ReceivedMailSummary] {
      try connection.rows(
        "SELECT \(ReceivedMailSummary.columns.joined(by: ", ")) \(ReceivedMailSummary.tables) WHERE \(visible) AND \(condition) LIMIT \(Self.limit)"
      ).map {
        try ReceivedMailSummary($0, settings, today)
      }
    }
    waiting = try rows("m.state = 'attente' ORDER BY m.received_at, m.id")
    settled = try rows("m.settled_at IS NOT NULL AND m.erased_at IS NULL ORDER BY m.settled_at DESC, m.id DESC")
    let box = try connection.first("SELECT read_at, failure FROM mailbox ORDER BY COALESCE(failed_at, read_at) DESC LIMIT 1")
    (readAt, failure) = (try box?[0], try box?[1])
  }
}

/// The messages that wait for somebody, the oldest first, for the page of the day.
public struct WaitingMails: Sendable {
  public let rows: [ReceivedMailSummary]
  public let total: Int

  public init(for reader: Account, at now: Date, limit: Int, _ settings: Settings, _ connection: any Connection) throws {
    guard reader.role.scope(.write, .exchanges) == .all else {
      (rows, total) = ([], 0)
      return
    }
    let page = try CountedPage(
      ReceivedMailSummary.columns,
      "\(ReceivedMailSummary.tables) WHERE m.state = 'attente' AND \(ReceivedMail.visible(to: reader, at: Instant(now)))",
      order: "m.received_at, m.id", offset: 0, limit: limit, connection)
    total = page.total
    rows = try page.rows.map { try ReceivedMailSummary($0, settings, settings.today(now)) }
  }
}

/// One message, whole, with what may be meant.
public struct ReceivedMailSheet: Sendable {
  public struct Team: Sendable {
    public let id: Identifier<Structure>
    public let name: String
    public let isChosen: Bool
  }

  public struct Member: Sendable {
    public let id: Identifier<Person>
    public let name: String
    public let isChosen: Bool
  }

  public let summary: ReceivedMailSummary
  public let body: String
  public let detail: String?
  public let files: [String]
  /// Names and addresses of those with whom it was written.
  public let parties: [String]
  public let teams: [Team]
  public let people: [Member]
  let organisations: [Identifier<Organisation>]
  let event: Identifier<AuditEvent>?

  /// `nil` when there is none that the reader may see, or its time is over.
  public init?(
    _ id: Identifier<ReceivedMail>, for reader: Account, at now: Date, _ settings: Settings, _ connection: any Connection
  ) throws {
    let found = try connection.first(
      """
      SELECT \(ReceivedMailSummary.columns.joined(by: ", ")), m.body, m.detail, m.event_id \(ReceivedMailSummary.tables)
      WHERE m.id = \(id) AND m.erased_at IS NULL AND \(ReceivedMail.visible(to: reader, at: Instant(now)))
      """)
    guard let row = found else { return nil }
    summary = try ReceivedMailSummary(row, settings, settings.today(now))
    (body, detail, event) = (try row[12], try row[13], try row[14])
    var (addresses, names, files): ([String], [String], [String]) = ([], [], [])
    for row in try connection.rows(
      """
      SELECT 1 AS part, position AS place, address AS text, name AS name FROM received_mail_party WHERE mail_id = \(id)
      UNION ALL SELECT 2, position, name, NULL FROM received_mail_file WHERE mail_id = \(id) ORDER BY 1, 2
      """)
    {
      let (part, text, name): (Int, String, String?) = (try row[0], try row[2], try row[3])
      if part == 2 {
        files.append(text)
      } else {
        addresses.append(text)
        names.append(name.map { "\($0) <\(text)>" } ?? text)
      }
    }
    // What a stranger wrote is with the stranger.
    if summary.author == nil { addresses.append(summary.sender) }
    let outcome = try MailRecognition(addresses, connection).outcome(addresses, on: summary.sentOn)
    self.files = files
    parties = names
    teams = outcome.candidates.sorted { ($0.name, $0.id) < ($1.name, $1.id) }.map {
      Team(id: $0.id, name: $0.name, isChosen: outcome.teams.contains($0))
    }
    var seen: Set<Int64> = []
    people = outcome.people.filter { seen.insert($0.id.rawValue).inserted }.map {
      Member(id: $0.id, name: $0.name, isChosen: outcome.reason != .severalPeople)
    }
    organisations = outcome.organisations
  }
}
