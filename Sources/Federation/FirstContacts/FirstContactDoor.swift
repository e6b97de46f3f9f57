import Foundation
import Records
import Store

extension AttemptLimit {
  /// First contacts sent from one place: a whole centre may be behind it.
  static let firstContactClient = AttemptLimit(name: "premier_contact.poste", count: 12, window: 3_600)
  /// Forms sent from one place, the refused ones too: each is tried out in the database.
  static let firstContactTry = AttemptLimit(name: "premier_contact.essai", count: 60, window: 3_600)
  /// First contacts from all places together.
  static let firstContactHouse = AttemptLimit(name: "premier_contact.maison", count: 200, window: 3_600)
  /// Acknowledgements to one address, whoever typed it: nobody's mailbox is filled.
  static let acknowledgement = AttemptLimit(name: "premier_contact.accuse", count: 1, window: 86_400)
}

/// Where somebody who has not signed in speaks of a project. What it answers never says whether an address is known.
public struct FirstContactDoor: Sendable {
  /// What the form shows and carries.
  public struct Opened: Sendable {
    public let id: Identifier<FirstContact>
    /// What is agreed to.
    public let consent: String
    public let stamp: String
    public let federation: String
    /// In the federation's order and words.
    public let professions: [ReferenceValue]
  }

  /// What a form sent.
  public struct Sent: Sendable {
    public let id: Identifier<FirstContact>
    public let stamp: String
    /// That of the browser to which the form was given.
    public let token: String
    /// The texts of the fields of `premiers_contacts` that the form has.
    public let entries: Entries
    public let agrees: Bool

    public init(id: Identifier<FirstContact>, stamp: String, token: String, entries: Entries, agrees: Bool) {
      self.id = id
      self.stamp = stamp
      self.token = token
      self.entries = entries.mapValues(\.withoutHiddenSigns)
      self.agrees = agrees
    }
  }

  public enum Outcome: Sendable, Equatable {
    case kept
    /// A sentence for each field that keeps it from being taken.
    case refused([String: String])
    /// Faster than anybody writes: read it again, then send it.
    case tooFast
    /// Opened too long ago, or not here, or it said something else then.
    case stale
  }

  /// The shortest time in which somebody fills the form in, and how long a form that was opened waits.
  private static let shortest: TimeInterval = 3
  private static let longest: TimeInterval = 86_400

  private let installation: Installation

  public init(_ installation: Installation) {
    self.installation = installation
  }

  /// Whether the federation has such a page.
  public func isOpen() async throws -> Bool {
    let settings = try await installation.database.read { try Settings($0) }
    return settings.text(.firstContactForm, on: settings.today(installation.now())) == "oui"
  }

  /// The form, for a browser that is known by a token.
  /// - Parameters:
  ///   - id: that of the form as it was first opened, when it comes back.
  ///   - stamp: the one that it had, when it is still good: whoever corrects a field has been here for a while.
  /// - Returns: `nil` when the federation has no such page.
  public func open(_ id: Identifier<FirstContact>?, token: String, keeping stamp: Sent? = nil) async throws -> Opened? {
    let (settings, lists) = try await installation.database.read { (try Settings($0), try ReferenceLists($0)) }
    let today = settings.today(installation.now())
    guard settings.text(.firstContactForm, on: today) == "oui" else { return nil }
    let id = id ?? installation.ids.next(FirstContact.self)
    let consent = Self.consent(settings, on: today)
    let signing = try await FormStamp.of(installation.database)
    let now = installation.now()
    // The page is given again to another token of the same browser.
    let began = stamp.flatMap { sent in
      signing.age(of: sent.stamp, Self.subject(sent.id, sent.token, consent), at: now).map { now.addingTimeInterval(-$0) }
    }
    return Opened(
      id: id, consent: consent, stamp: signing.make(Self.subject(id, token, consent), at: began ?? now),
      federation: settings.text(.federationName, on: today), professions: lists.values(of: .profession))
  }

  /// Keeps what somebody sent. Sent twice, it is kept once.
  /// - Throws: `TooManyAttempts`, `Refusal` when the federation has no such page.
  public func receive(_ sent: Sent, from origin: Origin) async throws -> Outcome {
    let now = installation.now()
    let settings = try await installation.database.read { try Settings($0) }
    let today = settings.today(now)
    guard settings.text(.firstContactForm, on: today) == "oui" else { throw Refusal("Cette page n’est pas ouverte.") }
    let consent = Self.consent(settings, on: today)
    let age = try await FormStamp.of(installation.database).age(
      of: sent.stamp, Self.subject(sent.id, sent.token, consent), at: now)
    guard let age, age <= Self.longest else { return .stale }
    let kind = FirstContactRecords()
    guard try await installation.database.read({ try RecordForm.standing(of: sent.id.rawValue, kind, $0) }) == .missing else {
      return .kept
    }
    // Behind a proxy that does not say who calls, all share one limit.
    let client = origin.client ?? "inconnu"
    try await installation.database.write { [installation] connection in
      _ = try Attempt.take([Attempt(.firstContactTry, client)], at: now, ids: installation.ids, connection)
    }
    let entries = sent.entries.merging([
      "recu_le": today.description, "canal": Channel.formulaire.rawValue, "accord": consent, "accord_le": today.description,
    ]) { _, own in own }
    let editor = RecordEditor(kind, installation.database, ids: installation.ids, now: installation.now, actor: nil)
    var faults = Self.missing(sent)
    if case .refused(let others) = try await editor.create(
      sent.id.rawValue, entering: entries, as: .publicForm, heedsWarnings: false, isTrial: true)
    {
      for fault in others where faults[fault.column] == nil {
        faults[fault.column] = "\(fault.reason.prefix(1).uppercased())\(fault.reason.dropFirst())."
      }
    }
    guard faults.isEmpty else { return .refused(faults) }
    guard age >= Self.shortest else { return .tooFast }
    let limits = [Attempt(.firstContactClient, client), Attempt(.firstContactHouse, "maison")]
    let answers = settings.text(.firstContactReply, on: today) == "oui"
    let name = settings.text(.federationName, on: today)
    _ = try await editor.create(sent.id.rawValue, entering: entries, as: .publicForm, heedsWarnings: false) { [installation] connection in
      _ = try Attempt.take(limits, at: now, ids: installation.ids, connection)
      guard answers, let address = try? EmailAddress.reading(entries["courriel"] ?? "") else { return }
      try acknowledge(address, by: name, at: now, connection)
    }
    return .kept
  }

  /// What the form asks for and the record does not.
  private static func missing(_ sent: Sent) -> [String: String] {
    var faults: [String: String] = [:]
    func isEmpty(_ field: String) -> Bool { sent.entries[field, default: ""].isEmpty }
    if isEmpty("nom") { faults["nom"] = "Indiquez votre nom." }
    if isEmpty("courriel"), isEmpty("telephone") {
      faults["courriel"] = "Donnez une adresse de courriel ou un numéro de téléphone, pour que nous puissions vous répondre."
    }
    if isEmpty("commune") { faults["commune"] = "Indiquez votre commune." }
    if isEmpty("demande") { faults["demande"] = "Dites-nous en quelques mots ce que vous cherchez." }
    if !sent.agrees { faults["accord"] = "Sans votre accord, nous ne pouvons pas garder votre demande\u{A0}: cochez la case." }
    return faults
  }

  /// Says that it has come, and nothing of what was typed: the address may be somebody else's.
  private func acknowledge(_ address: String, by federation: String, at moment: Date, _ connection: any Connection) throws {
    do {
      _ = try Attempt.take([Attempt(.acknowledgement, address)], at: moment, ids: installation.ids, connection)
    } catch is TooManyAttempts {
      return
    }
    let text = """
      Bonjour,

      Nous avons bien reçu votre message et nous vous répondrons bientôt.

      Si vous ne nous avez pas écrit, quelqu’un a saisi votre adresse par erreur\u{A0}: vous n’avez rien à faire.

      \(federation)

      """
    try installation.outbox.post(
      OutgoingMail(to: [.init(address)], subject: "Nous avons bien reçu votre message", text: text), as: .notice, connection)
  }

  private static func consent(_ settings: Settings, on day: CivilDate) -> String {
    settings.text(.firstContactConsent, on: day).replacing("{federation}", with: settings.text(.federationName, on: day))
  }

  private static func subject(_ id: Identifier<FirstContact>, _ token: String, _ consent: String) -> String {
    "premier-contact \(id) \(token) \(consent)"
  }
}

extension String {
  /// Without signs that nobody sees and that turn what stands beside them around, and those that no database keeps.
  fileprivate var withoutHiddenSigns: String {
    String(
      String.UnicodeScalarView(
        unicodeScalars.filter { scalar in
          if scalar == "\n" || scalar == "\t" { return true }
          if scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) { return false }
          return !(0x202A...0x202E).contains(scalar.value) && !(0x2066...0x2069).contains(scalar.value)
            && ![0x061C, 0x200E, 0x200F].contains(scalar.value)
        }))
  }
}
