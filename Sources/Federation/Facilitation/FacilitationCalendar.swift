import Crypto
import Foundation
import Records
import Store

/// Calendar invitations of a facilitation's meeting (RFC 5546): sent when somebody asks for it, then brought up to date by themselves when
/// the meeting moves, is put off or given up, whoever changed it and how.
public enum FacilitationCalendar {
  /// Where it stands, for its page.
  public struct Standing: Sendable {
    public let isAsked: Bool
    /// Whom the last one went to and is still good for.
    public let names: [String]
    public let sentAt: Instant?

    /// - Parameter rows: of `InvitationBoard`, one at least when it was asked for.
    init(_ rows: [(name: String?, sentAt: Instant?)]) {
      isAsked = !rows.isEmpty
      names = rows.compactMap(\.name)
      sentAt = rows.compactMap(\.sentAt).max()
    }
  }

  static let migration = Migration(
    "202611231385-facilitation-calendar",
    [
      """
      CREATE TABLE facilitation_agenda (
        facilitation_id \(.id) PRIMARY KEY REFERENCES facilitation (id), account_id \(.id) NOT NULL REFERENCES account (id)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      // What each recipient's calendar was last told.
      """
      CREATE TABLE facilitation_calendar (
        facilitation_id \(.id) NOT NULL REFERENCES facilitation (id), address \(.text) NOT NULL, name \(.text) NOT NULL,
        sequence \(.int) NOT NULL, told \(.text) NOT NULL, sent_at \(.instant) NOT NULL, is_cancelled \(.bool) NOT NULL,
        date \(.date) NOT NULL, at \(.text) NOT NULL, PRIMARY KEY (facilitation_id, address)
      ) \(sqlite: "STRICT", postgres: "")
      """,
    ])

  /// Minutes of a meeting whose length nobody has said.
  static let usualMinutes = 120

  /// What a calendar is told of a meeting.
  private struct Meeting {
    let subject: InvitationSubject
    let date: CivilDate
    let time: String
    let minutes: Int
    let place: String?
    let organizer: OutgoingMail.Recipient

    /// Another text is another message.
    var told: String {
      let text = [subject.heading, date.description, time, String(minutes), place ?? "", organizer.address].joined(separator: "\n")
      return SHA256.hash(data: Data(text.utf8)).withUnsafeBytes { $0.hexadecimal }
    }
  }

  /// Asks that those who take part are told, from now on.
  /// - Throws: `Refusal`.
  static func ask(
    _ id: Identifier<Facilitation>, by actor: Account, _ installation: Installation, _ connection: any Connection
  ) throws {
    guard let row = try connection.first("SELECT date, at, state FROM facilitation WHERE id = \(id) AND removed_at IS NULL") else {
      throw Refusal("Cette facilitation n’existe plus.")
    }
    let (date, time, state): (CivilDate?, String?, FacilitationState) = (try row[0], try row[1], try row[2])
    guard let date, time != nil, state == .dated else { throw Refusal("Donnez d’abord un jour et une heure à la rencontre.") }
    let settings = try Settings(connection)
    guard date >= settings.today(installation.now()) else { throw Refusal("Ce jour est passé.") }
    guard try !recipients(of: id, connection).isEmpty else {
      throw Refusal("Personne n’a d’adresse de courriel\u{A0}: nommez d’abord un facilitateur, ou complétez sa fiche.")
    }
    try connection.execute(
      """
      INSERT INTO facilitation_agenda (facilitation_id, account_id) VALUES (\(id), \(actor.id))
      ON CONFLICT (facilitation_id) DO UPDATE SET account_id = excluded.account_id
      """)
    _ = try Recorder(ids: installation.ids, now: installation.now, actor: actor.id.rawValue).log(
      .calendarAsked, FacilitationRecords().name, id.rawValue, connection)
    try bringUpToDate(installation, only: id, connection)
  }

  /// Who takes part and can be written to: facilitators, who coordinates, who asked for it.
  private static func recipients(
    of id: Identifier<Facilitation>, _ connection: any Connection
  ) throws -> [OutgoingMail.Recipient] {
    let rows = try connection.rows(
      """
      SELECT p.email, \(Person.fullName) FROM facilitation_person x JOIN person p ON p.id = x.person_id AND p.removed_at IS NULL
      WHERE x.facilitation_id = \(id) AND p.email IS NOT NULL
      UNION ALL SELECT p.email, \(Person.fullName) FROM facilitation f JOIN person p ON p.id = f.requester_id AND p.removed_at IS NULL
      WHERE f.id = \(id) AND p.email IS NOT NULL
      UNION ALL SELECT a.email, a.name FROM facilitation f JOIN account a ON a.id = f.account_id AND a.closed_at IS NULL WHERE f.id = \(id)
      """)
    var seen: Set<String> = []
    return try rows.map { OutgoingMail.Recipient(try $0[0], name: try $0[1]) }.filter { seen.insert($0.address.lowercased()).inserted }
      .sorted { $0.address < $1.address }
  }

  /// Tells each calendar what it does not know yet. Done twice, nothing is sent twice.
  static func bringUpToDate(
    _ installation: Installation, only: Identifier<Facilitation>? = nil, _ connection: any Connection
  ) throws {
    let settings = try Settings(connection)
    let now = installation.now()
    let today = settings.today(now)
    let narrowed: SQL = only.map { "AND f.id = \($0)" } ?? ""
    // Of what was held, and of days that are over, nobody's calendar has to be told anything.
    let rows = try connection.rows(
      """
      SELECT f.id, CASE WHEN f.removed_at IS NULL AND f.state = 'datee' THEN f.date END, f.at, f.minutes, f.place,
        COALESCE(a.email, b.email), COALESCE(a.name, b.name)
      FROM facilitation_agenda g JOIN facilitation f ON f.id = g.facilitation_id JOIN account b ON b.id = g.account_id
      LEFT JOIN account a ON a.id = f.account_id AND a.closed_at IS NULL
      WHERE f.state NOT IN \(FacilitationState.heldCodes) \(narrowed) AND (f.date >= \(today) OR EXISTS (
        SELECT 1 FROM facilitation_calendar c WHERE c.facilitation_id = f.id AND c.date >= \(today) AND c.is_cancelled = \(false)))
      ORDER BY f.id
      """)
    for row in rows {
      let id: Identifier<Facilitation> = try row[0]
      let organizer = OutgoingMail.Recipient(try row[5], name: try row[6])
      var meeting: Meeting?
      if let date: CivilDate = try row[1], date >= today, let time: String = try row[2], let subject = try InvitationSubject(id, connection)
      {
        meeting = Meeting(
          subject: subject, date: date, time: time, minutes: try row[3] ?? usualMinutes, place: try row[4] ?? subject.place,
          organizer: organizer)
      }
      try tell(id, meeting, organizer, settings, at: now, installation, connection)
    }
  }

  private struct Told {
    let name: String
    let sequence: Int
    let told: String
    let isCancelled: Bool
    let date: CivilDate
    let time: String
  }

  private static func tell(
    _ id: Identifier<Facilitation>, _ meeting: Meeting?, _ organizer: OutgoingMail.Recipient, _ settings: Settings, at now: Date,
    _ installation: Installation, _ connection: any Connection
  ) throws {
    let rows = try connection.rows(
      "SELECT address, name, sequence, told, is_cancelled, date, at FROM facilitation_calendar WHERE facilitation_id = \(id)")
    let known = Dictionary(
      uniqueKeysWithValues: try rows.map { row in
        (
          try row[0] as String,
          Told(
            name: try row[1], sequence: try row[2], told: try row[3], isCancelled: try row[4], date: try row[5], time: try row[6])
        )
      })
    let expected = meeting == nil ? [] : try recipients(of: id, connection)
    let heading = try meeting?.subject.heading ?? InvitationSubject(id, connection)?.heading ?? "Facilitation"
    func send(_ recipient: OutgoingMail.Recipient, _ event: CalendarFile.Event, cancels: Bool, isUpdate: Bool, told: String) throws {
      let mail = message(to: recipient, event, heading, organizer, cancels: cancels, isUpdate: isUpdate, settings, now)
      try installation.outbox.post(mail, as: .notice, connection)
      try connection.execute(
        """
        INSERT INTO facilitation_calendar (facilitation_id, address, name, sequence, told, sent_at, is_cancelled, date, at)
        VALUES (\(id), \(recipient.address), \(recipient.name ?? recipient.address), \(event.sequence), \(told), \(Instant(now)), \(cancels),
          \(event.day), \(event.time ?? ""))
        ON CONFLICT (facilitation_id, address) DO UPDATE SET name = excluded.name, sequence = excluded.sequence, told = excluded.told,
          sent_at = excluded.sent_at, is_cancelled = excluded.is_cancelled, date = excluded.date, at = excluded.at
        """)
    }
    func event(_ day: CivilDate, _ time: String, _ sequence: Int) -> CalendarFile.Event {
      CalendarFile.Event(
        id: "\(id)@facilitations.maillage", changed: Instant(now), sequence: sequence, title: heading, category: "Facilitation", day: day,
        time: time, minutes: meeting?.minutes ?? usualMinutes, isBusy: true, place: meeting?.place)
    }
    if let meeting {
      for recipient in expected {
        let last = known[recipient.address]
        guard last?.told != meeting.told || last?.isCancelled == true else { continue }
        try send(
          recipient, event(meeting.date, meeting.time, (last?.sequence ?? -1) + 1), cancels: false, isUpdate: last?.isCancelled == false,
          told: meeting.told)
      }
    }
    for (address, last) in known.sorted(by: { $0.key < $1.key })
    where !last.isCancelled && !expected.contains(where: { $0.address == address }) {
      try send(
        .init(address, name: last.name), event(last.date, last.time, last.sequence + 1), cancels: true, isUpdate: true, told: last.told)
    }
  }

  private static func message(
    to recipient: OutgoingMail.Recipient, _ event: CalendarFile.Event, _ heading: String, _ organizer: OutgoingMail.Recipient,
    cancels: Bool, isUpdate: Bool, _ settings: Settings, _ now: Date
  ) -> OutgoingMail {
    let today = settings.today(now)
    let file = CalendarFile(
      name: settings.text(.federationName, on: today), zone: settings.timeZone(now), events: [event], today: today,
      request: .init(
        isCancelled: cancels, organizer: .init(address: organizer.address, name: organizer.name),
        attendee: .init(address: recipient.address, name: recipient.name)))
    let kind = cancels ? "Annulé" : isUpdate ? "Changement" : "Rendez-vous"
    let day = "le \(event.day.written)\(event.time.map { " à \($0)" } ?? "")"
    let sentence =
      cancels
      ? "La rencontre prévue \(day) n’a plus lieu à ce moment, ou se fait sans vous."
      : isUpdate ? "La rencontre a changé. Elle a lieu \(day)." : "La rencontre a lieu \(day)."
    return OutgoingMail(
      to: [recipient], replyTo: organizer, subject: "\(kind)\u{A0}: \(heading)",
      text: """
        Bonjour\(recipient.name.map { " \($0)" } ?? ""),

        \(sentence)

        \(heading)
        \(!cancels ? event.place.map { "Lieu\u{A0}: \($0)\n" } ?? "" : "")
        Le fichier joint met votre agenda à jour. Pour toute question, répondez à ce message.

        """,
      attachments: [
        .init(
          name: "rendez-vous.ics", mediaType: "text/calendar; method=\(cancels ? "CANCEL" : "REQUEST"); charset=utf-8", content: file.bytes)
      ])
  }
}

/// Brings calendars up to date every hour, for whatever changed a meeting: a form, a file, an undo.
struct FacilitationCalendarJob: JobKind {
  struct Parameters: Codable, Sendable {}

  static let name = "facilitation.agenda"

  let installation: Installation

  func plan(_ queue: JobQueue, at moment: Date, _ connection: any Connection) throws {
    let hour = Identifier<Job>(rawValue: Int64(moment.timeIntervalSince1970) / 3_600 % 24)
    try queue.ask(Self.self, Parameters(), once: JobKey(Self.name, hour, CivilDate(of: moment, in: .gmt)), connection)
  }

  func run(_ parameters: Parameters, _ context: JobContext) async throws {
    try await context.complete { [installation] in try FacilitationCalendar.bringUpToDate(installation, $0) }
  }
}
