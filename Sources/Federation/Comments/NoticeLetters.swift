import Foundation
import Records
import Store

/// What notices become in the mail: what happened, where, by whom; never what a comment or a note says.
struct NoticeLetters: Sendable {
  let outbox: Outbox
  /// Where people reach the site; `nil` when nobody has said.
  let site: String?

  /// At once, for whoever wants that.
  func mention(of reader: Account, by author: Account, in comment: Identifier<RecordComment>, _ connection: any Connection) throws {
    guard let entry = try Self.entries(of: reader, where: "AND n.source_id = \(comment)", connection).first else { return }
    let mail = OutgoingMail(
      to: [.init(reader.email, name: reader.name)], subject: "\(author.name) vous a mentionné dans Maillage",
      text: """
        Bonjour \(reader.name),

        \(Self.line(entry))

        \(footer)
        """)
    try outbox.post(mail, as: .notice, connection)
  }

  /// One letter with all that is new; `nil` when there is nothing.
  func digest(of reader: Account, on day: CivilDate, _ connection: any Connection) throws -> OutgoingMail? {
    let entries = try Self.entries(of: reader, where: "AND n.read_at IS NULL AND n.mailed_at IS NULL", connection)
    guard !entries.isEmpty else { return nil }
    let shown = entries.prefix(30).map { "- \(Self.line($0))" }
    let more = entries.count > shown.count ? "\n- et \(entries.count - shown.count) de plus" : ""
    let subject = entries.count == 1 ? "Une notification non lue dans Maillage" : "\(entries.count) notifications non lues dans Maillage"
    return OutgoingMail(
      to: [.init(reader.email, name: reader.name)], subject: subject,
      text: """
        Bonjour \(reader.name),

        Depuis la dernière synthèse\u{A0}:
        \(shown.joined(separator: "\n"))\(more)

        \(footer)
        """)
  }

  private var footer: String {
    guard let site else { return "Retrouvez-les dans Maillage, par la cloche en haut de chaque page.\n" }
    return """
      Les lire\u{A0}: \(site)/notifications
      Choisir ce que vous recevez, ou ne plus rien recevoir\u{A0}: \(site)/compte#t-notifications

      """
  }

  /// What the person may read under one of their roles.
  private static func entries(of reader: Account, where condition: SQL, _ connection: any Connection) throws -> [NoticeEntry] {
    var found: [NoticeEntry] = []
    for role in reader.roles where role.isStaff {
      let readable = try NoticeEntry.all(of: reader.acting(as: role), where: condition, limit: 500, connection)
      found += readable.filter { entry in entry.title != nil && !found.contains { $0.id == entry.id } }
    }
    return found.sorted { $0.id > $1.id }
  }

  private static func line(_ entry: NoticeEntry) -> String {
    let who = entry.actor ?? "Un import"
    let what =
      switch entry.matter {
      case .mention: "\(who) vous a mentionné"
      case .comment: "\(who) a écrit un commentaire"
      case .stage: "\(who) a noté une nouvelle étape"
      case .exchange: "\(who) a noté un échange"
      }
    return "\(what)\u{A0}: \(place(entry))"
  }

  private static func place(_ entry: NoticeEntry) -> String {
    if entry.isConfidential { return entry.kind == "taches" ? "une tâche" : "une note confidentielle" }
    // Who asks for the first time is known by their name alone.
    return entry.kind == "premiers_contacts" ? "un premier contact" : entry.title ?? ""
  }
}

extension Installation {
  var noticeLetters: NoticeLetters { NoticeLetters(outbox: outbox, site: accounts.letters.site) }
}

/// Looks once a day, at the hour that the federation has chosen, for whoever has something new to read.
struct NoticeDigestJob: JobKind {
  struct Parameters: Codable, Sendable {}

  static let name = "synthese"
  /// Read notices are kept for so long.
  private static let retention = 90

  let letters: NoticeLetters

  func plan(_ queue: JobQueue, at moment: Date, _ connection: any Connection) throws {
    let settings = try Settings(connection)
    let today = settings.today(moment)
    let hour = settings.integer(.digestHour, on: today)
    try queue.ask(
      Self.self, Parameters(), due: Instant(today.at(hour: hour, in: settings.timeZone(moment))),
      once: JobKey(Self.name, Identifier<Job>(rawValue: 0), today), connection)
  }

  func run(_ parameters: Parameters, _ context: JobContext) async throws {
    try await context.complete { [now = context.now, letters] connection in
      let today = try Settings(connection).today(now())
      let waiting = try connection.rows(
        "SELECT DISTINCT account_id FROM notice WHERE read_at IS NULL AND mailed_at IS NULL"
      ).map { try $0[0] as Int64 }
      let wanting = try NoticeChoice.digest.chosen(by: waiting, connection)
      for reader in try Colleagues(wanting.sorted(), at: now(), connection).accounts {
        guard let mail = try letters.digest(of: reader, on: today, connection) else { continue }
        guard try letters.outbox.post(mail, as: .notice, once: JobKey(Self.name, reader.id, today), connection) != nil else { continue }
        try connection.execute(
          "UPDATE notice SET mailed_at = \(Instant(now())) WHERE account_id = \(reader.id) AND read_at IS NULL AND mailed_at IS NULL")
      }
    }
  }

  func sweep(before limit: Instant, _ connection: any Connection) throws {
    let end = Instant(limit.date.addingTimeInterval(-Double(Self.retention) * 86_400))
    try connection.execute("DELETE FROM notice WHERE read_at < \(end)")
  }
}
