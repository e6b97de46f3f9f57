import Foundation
import Records
import Store

extension SheetConfirmation {
  static let linkPurpose = "fiche"

  /// The message with the link.
  static func mail(
    to recipient: OutgoingMail.Recipient, _ team: String, _ token: String, through end: CivilDate, from federation: String, site: String,
    isReminder: Bool
  ) -> OutgoingMail {
    let day = end.written
    return OutgoingMail(
      to: [recipient], subject: "\(isReminder ? "Rappel\u{A0}: c" : "C")onfirmez la fiche de votre équipe (\(team))",
      text: """
        Bonjour\(recipient.name.map { " \($0)" } ?? ""),

        \(isReminder ? "Nous vous avons écrit il y a quelques jours et n’avons pas encore votre réponse.\n\n" : "")Voici ce que l’annuaire de \(federation) dit de votre équipe, \(team)\u{A0}:
        \(site)/fiche/\(token)

        Si tout est exact, un clic suffit. Sinon, corrigez ce qui ne l’est pas\u{A0}: nous relisons avant de changer la fiche.
        Ce lien est pour vous, sans compte ni mot de passe, jusqu’au \(day).

        """)
  }

  /// Once, some days after a link that nobody has answered.
  static let reminder = Reminder("fiche.relance") { day, connection in
    guard let site = day.siteURL.map({ String($0.reversed().drop { $0 == "/" }.reversed()) }),
      day.settings.text(.confirmationReminder, on: day.today) == "oui"
    else { return [] }
    let rows = try connection.rows(
      """
      SELECT r.id, r.email, r.name, s.name, r.through, r.sent_on, r.sent_at FROM sheet_request r
      JOIN structure s ON s.id = r.structure_id AND s.removed_at IS NULL
      WHERE r.answered_at IS NULL AND r.sent_on <= \(day.today.adding(days: -patience)) AND r.through >= \(day.today)
        AND NOT EXISTS (SELECT 1 FROM sheet_request o WHERE o.structure_id = r.structure_id AND (o.id > r.id OR o.answered_at > r.sent_at))
      ORDER BY r.id
      """)
    guard !rows.isEmpty, let link = try SignedLink<SheetRequest>(linkPurpose, connection) else { return [] }
    let federation = day.settings.text(.federationName, on: day.today)
    return try rows.map { row in
      let (id, sent): (Identifier<SheetRequest>, Instant) = (try row[0], try row[6])
      let recipient = OutgoingMail.Recipient(try row[1], name: try row[2])
      return .init(
        about: id, due: try row[5],
        mail(
          to: recipient, try row[3], link.token(id, sent: sent.date), through: try row[4], from: federation, site: site, isReminder: true))
    }
  }
}
