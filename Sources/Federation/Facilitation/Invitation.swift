import Foundation
import Records
import Store

/// Facilitators are asked by e-mail whether they help, by a link without an account; places go to who answers first (FAC-01).
public enum Invitation {
  public enum Answer: String, CaseIterable, Sendable, SQLCodable {
    case accepted = "acceptee"
    case declined = "declinee"
    /// Would have come: the places were taken.
    case late = "trop_tard"
    /// The staff took it back before there was an answer.
    case withdrawn = "retiree"
  }

  /// A moment that is proposed to those who are asked.
  public struct Slot: Hashable, Comparable, Sendable {
    public let date: CivilDate
    /// `HH:MM`, in the federation's time zone.
    public let time: String

    public init(date: CivilDate, time: String) { (self.date, self.time) = (date, time) }

    public static func < (left: Self, right: Self) -> Bool { (left.date, left.time) < (right.date, right.time) }

    /// An hour as somebody types it.
    /// - Throws: `Refusal`.
    public static func time(_ text: String) throws -> String { try ToDoRecords.time(text) }
  }

  /// Days that somebody has to answer, unless the call says otherwise.
  public static let patience = 10
  public static let (mostPlaces, mostSlots, mostAtOnce) = (10, 6, 20)
  /// Days after which who has not answered is reminded, once.
  static let reminderDays = 4

  static let linkPurpose = "invitation"
}

/// A moment proposed for a facilitation.
public enum InvitationSlot {}

extension Invitation {
  // The person is not a foreign key: a merge leaves the invitation with whom it was sent to, and is followed when it is read.
  static let migration = Migration(
    "202611231380-invitations",
    [
      """
      CREATE TABLE facilitation_call (
        facilitation_id \(.id) PRIMARY KEY REFERENCES facilitation (id), places \(.int) NOT NULL CHECK (places > 0),
        through \(.date) NOT NULL, message \(.text), account_id \(.id) REFERENCES account (id)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      """
      CREATE TABLE facilitation_slot (
        id \(.id) PRIMARY KEY, facilitation_id \(.id) NOT NULL REFERENCES facilitation (id), date \(.date) NOT NULL, at \(.text) NOT NULL,
        UNIQUE (facilitation_id, date, at)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      """
      CREATE TABLE facilitation_invitation (
        id \(.id) PRIMARY KEY, facilitation_id \(.id) NOT NULL REFERENCES facilitation (id), person_id \(.id) NOT NULL,
        email \(.text) NOT NULL, name \(.text) NOT NULL, sent_at \(.instant) NOT NULL, sent_on \(.date) NOT NULL, through \(.date) NOT NULL,
        account_id \(.id) REFERENCES account (id),
        answer \(.text) CHECK (answer IN ('acceptee', 'declinee', 'trop_tard', 'retiree')), answered_at \(.instant), words \(.text)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      "CREATE INDEX facilitation_invitation_facilitation ON facilitation_invitation (facilitation_id)",
      "CREATE INDEX facilitation_invitation_person ON facilitation_invitation (person_id)",
      """
      CREATE TABLE facilitation_invitation_slot (
        invitation_id \(.id) NOT NULL REFERENCES facilitation_invitation (id), slot_id \(.id) NOT NULL REFERENCES facilitation_slot (id),
        PRIMARY KEY (invitation_id, slot_id)
      ) \(sqlite: "STRICT", postgres: "")
      """,
    ])

  /// Places of the call of facilitation `f` that nobody has taken.
  static let placesLeft: SQL = """
    COALESCE((SELECT l.places FROM facilitation_call l WHERE l.facilitation_id = f.id), 0)
      - (SELECT count(*) FROM facilitation_invitation v WHERE v.facilitation_id = f.id AND v.answer = 'acceptee')
    """
}

extension Records.Operation {
  static let inviting = Records.Operation(rawValue: "facilitateurs invités")
  static let invitationWithdrawn = Records.Operation(rawValue: "invitation retirée")
  static let invitationAccepted = Records.Operation(rawValue: "invitation acceptée")
  static let invitationDeclined = Records.Operation(rawValue: "invitation déclinée")
  static let slotKept = Records.Operation(rawValue: "créneau retenu")
  static let calendarAsked = Records.Operation(rawValue: "invitations d’agenda")
}

// MARK: - What is written to them

/// What a message says of the facilitation that it is about.
struct InvitationSubject {
  let title: String
  let teams: [String]
  /// The town, or that it is by video.
  let place: String?
  let slots: [Invitation.Slot]
  let date: CivilDate?
  let time: String?

  init?(_ id: Identifier<Facilitation>, _ connection: any Connection) throws {
    let found = try connection.first(
      """
      SELECT f.type, k.name, f.mode, f.date, f.at FROM facilitation f
      LEFT JOIN commune k ON k.code = COALESCE(f.commune, (
        SELECT MIN(s.commune) FROM facilitation_structure x JOIN structure s ON s.id = x.structure_id AND s.removed_at IS NULL
        WHERE x.facilitation_id = f.id))
      WHERE f.id = \(id) AND f.removed_at IS NULL
      """)
    guard let row = found else { return nil }
    let type: String? = try row[0]
    title = try type.map { try ReferenceLists(connection).label(of: $0, in: .facilitationType) } ?? "Facilitation"
    let mode: FacilitationMode? = try row[2]
    place = mode == .video ? "en visio" : try row[1]
    (date, time) = (try row[3], try row[4])
    teams = try connection.rows(
      """
      SELECT s.name FROM facilitation_structure x JOIN structure s ON s.id = x.structure_id AND s.removed_at IS NULL
      WHERE x.facilitation_id = \(id) ORDER BY s.name_fold, s.id
      """
    ).map { try $0[0] }
    slots = try connection.rows("SELECT date, at FROM facilitation_slot WHERE facilitation_id = \(id) ORDER BY date, at").map {
      Invitation.Slot(date: try $0[0], time: try $0[1])
    }
  }

  /// « Conseil juridique et statuts, Le Plateau »
  var heading: String { ([title] + teams).joined(separator: ", ") }

  /// A line each.
  var lines: String {
    let when =
      date.map { "Date\u{A0}: le \($0.written)\(time.map { " à \($0)" } ?? "")" }
      ?? (slots.isEmpty
        ? "Date\u{A0}: à fixer ensemble"
        : "Dates possibles\u{A0}:\n" + slots.map { "- le \($0.date.written) à \($0.time)" }.joined(separator: "\n"))
    return [
      "Objet\u{A0}: \(title)", teams.isEmpty ? nil : "Équipe\u{A0}: \(teams.joined(separator: ", "))", place.map { "Lieu\u{A0}: \($0)" },
      when,
    ]
    .compactMap(\.self).joined(separator: "\n")
  }
}

extension Invitation {
  static func mail(
    to recipient: OutgoingMail.Recipient, _ subject: InvitationSubject, _ token: String, through end: CivilDate, message: String?,
    from federation: String, replyTo: OutgoingMail.Recipient?, site: String, isReminder: Bool
  ) -> OutgoingMail {
    let opening =
      isReminder
      ? "Nous n’avons pas encore votre réponse à cette demande de \(federation)."
      : "\(federation) cherche un facilitateur ou une facilitatrice, et a pensé à vous."
    return OutgoingMail(
      to: [recipient], replyTo: replyTo,
      subject: "\(isReminder ? "Rappel\u{A0}: p" : "P")ouvez-vous aider\u{202F}? \(subject.heading)",
      text: """
        Bonjour\(recipient.name.map { " \($0)" } ?? ""),

        \(opening)

        \(subject.lines)
        \(message.map { "\n\($0)\n" } ?? "")
        Acceptez ou déclinez ici, sans compte ni mot de passe, jusqu’au \(end.written)\u{A0}:
        \(site)/invitation/\(token)

        Le lien est pour vous. Les places vont à qui répond d’abord.

        """)
  }

  /// To who was asked and has not answered, once nobody is looked for any more.
  static func farewell(to recipient: OutgoingMail.Recipient, _ subject: InvitationSubject, from federation: String) -> OutgoingMail {
    OutgoingMail(
      to: [recipient], subject: "Merci, nous avons trouvé\u{A0}: \(subject.heading)",
      text: """
        Bonjour\(recipient.name.map { " \($0)" } ?? ""),

        \(federation) vous avait demandé votre aide\u{A0}: ce n’est plus nécessaire cette fois, vous n’avez rien à faire.

        \(subject.lines)

        Merci d’être là pour les équipes.

        """)
  }

  /// Who has not answered some days after the link, while there is a place.
  static let reminder = Reminder("facilitation.invitation.relance") { day, connection in
    guard let site = day.siteURL.map({ String($0.reversed().drop { $0 == "/" }.reversed()) }) else { return [] }
    let rows = try connection.rows(
      """
      SELECT i.id, i.email, i.name, i.through, i.sent_on, i.sent_at, l.message, a.email, a.name, f.id FROM facilitation_invitation i
      JOIN facilitation f ON f.id = i.facilitation_id AND f.removed_at IS NULL AND f.state NOT IN ('tenue', 'bilan', 'annulee')
      JOIN facilitation_call l ON l.facilitation_id = f.id LEFT JOIN account a ON a.id = i.account_id AND a.closed_at IS NULL
      WHERE i.answer IS NULL AND i.sent_on <= \(day.today.adding(days: -reminderDays)) AND i.through >= \(day.today) AND \(placesLeft) > 0
      ORDER BY i.id
      """)
    guard !rows.isEmpty, let link = try SignedLink<Invitation>(linkPurpose, connection) else { return [] }
    let federation = day.settings.text(.federationName, on: day.today)
    return try rows.compactMap { row in
      let (id, sent, author): (Identifier<Invitation>, Instant, String?) = (try row[0], try row[5], try row[7])
      guard let subject = try InvitationSubject(row[9], connection) else { return nil }
      let mail = mail(
        to: .init(try row[1], name: try row[2]), subject, link.token(id, sent: sent.date), through: try row[3], message: try row[6],
        from: federation, replyTo: try author.map { OutgoingMail.Recipient($0, name: try row[8]) }, site: site, isReminder: true)
      return .init(about: id, due: try row[4], mail)
    }
  }
}
