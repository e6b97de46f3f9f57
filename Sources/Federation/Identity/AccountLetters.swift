import Foundation
import Records
import Store

/// The messages about accounts. What they say holds for whoever reads them: nobody learns whether an account exists.
struct AccountLetters: Sendable {
  let outbox: Outbox
  /// Where people reach the site, without a slash at its end; `nil` when nobody has said.
  let site: String?

  init(outbox: Outbox, siteURL: String?) {
    self.outbox = outbox
    site = siteURL.map { String($0.reversed().drop { $0 == "/" }.reversed()) }
  }

  /// - Throws: `Refusal` when links would lead nowhere.
  private func link(_ secret: String) throws -> String {
    guard let site else { throw Refusal.noSiteAddress }
    return "\(site)/lien/\(secret)"
  }

  func invite(
    _ recipient: OutgoingMail.Recipient, by host: String?, secret: String, until end: Date, _ connection: any Connection
  ) throws {
    let settings = try Settings(connection)
    let federation = settings.text(.federationName, on: settings.today(end))
    let day = CivilDate(of: end, in: settings.timeZone(end))
    let mail = OutgoingMail(
      to: [recipient], subject: "Votre accès à Maillage (\(federation))",
      text: """
        Bonjour \(recipient.name ?? ""),

        \(host.map { "\($0) vous ouvre" } ?? "On vous ouvre") un accès à Maillage, le carnet de bord de \(federation).

        Pour choisir votre mot de passe et entrer\u{A0}:
        \(try link(secret))

        Ce lien sert une fois, jusqu’au \(day.written). Passé ce jour, demandez-en un autre à la fédération.
        Si vous n’attendiez pas ce message, ignorez-le\u{A0}: rien ne se passe sans vous.

        """)
    try outbox.post(mail, as: .notice, connection)
  }

  func sendLink(_ recipient: OutgoingMail.Recipient, secret: String, at now: Date, _ connection: any Connection) throws {
    let settings = try Settings(connection)
    let federation = settings.text(.federationName, on: settings.today(now))
    let mail = OutgoingMail(
      to: [recipient], subject: "Votre lien de connexion (\(federation))",
      text: """
        Bonjour \(recipient.name ?? ""),

        Pour entrer dans Maillage, le carnet de bord de \(federation)\u{A0}:
        \(try link(secret))

        Ce lien sert une fois, pendant 15\u{A0}minutes. Une fois entré, vous pouvez choisir un autre mot de passe dans «\u{202F}Mon compte\u{202F}».
        Si vous n’avez rien demandé, ignorez ce message\u{A0}: personne n’entre sans ce lien.

        """)
    try outbox.post(mail, as: .notice, connection)
  }

  /// Tells somebody what was done with their account, in case it was not them.
  func tellPasskey(
    _ recipient: OutgoingMail.Recipient, _ name: String, isAdded: Bool, at now: Date, _ connection: any Connection
  ) throws {
    let settings = try Settings(connection)
    let federation = settings.text(.federationName, on: settings.today(now))
    let deed = isAdded ? "ajoutée à" : "retirée de"
    let mail = OutgoingMail(
      to: [recipient], subject: "Clé d’accès \(deed) votre compte (\(federation))",
      text: """
        Bonjour \(recipient.name ?? ""),

        La clé d’accès «\u{202F}\(name)\u{202F}» a été \(deed) votre compte Maillage, le \(settings.today(now).written).

        Si c’est bien vous, rien à faire. Sinon, changez votre mot de passe dans «\u{202F}Mon compte\u{202F}», choisissez \
        «\u{202F}Déconnecter partout\u{202F}», et prévenez la direction.

        """)
    try outbox.post(mail, as: .notice, connection)
  }
}

extension Refusal {
  static let noSiteAddress = Refusal(
    "Aucun lien ne peut être envoyé : l’adresse du site n’est pas renseignée (MAILLAGE_BASE_URL, à demander à qui héberge le site).")
}
