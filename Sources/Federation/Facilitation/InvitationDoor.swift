import Foundation
import Records
import Store

extension AttemptLimit {
  /// Answers and looks at links that lead nowhere, from one place.
  static let invitationClient = AttemptLimit(name: "invitation.poste", count: 60, window: 3_600)
}

/// Where somebody who was asked, and has no account, reads for what and answers, once. Looking never changes anything.
public struct InvitationDoor: Sendable {
  /// What the page shows.
  public struct Opened: Sendable {
    public let federation: String
    public let name: String
    public let through: CivilDate
    public let title: String
    public let teams: [String]
    public let place: String?
    public let need: String?
    public let message: String?
    public let date: CivilDate?
    public let time: String?
    /// Those that are ahead.
    public let slots: [InvitationBoard.Slot]
    public let author: String?
  }

  public enum State: Sendable {
    case open(Opened)
    case answered(Invitation.Answer, CivilDate, Opened)
    /// The places are taken, or nobody is looked for any more.
    case full(federation: String)
    /// It has ended, was never made, or leads to what is not there any more.
    case closed(federation: String)
  }

  public enum Outcome: Sendable, Equatable {
    case kept, closed
    /// A sentence.
    case refused(String)
  }

  private let installation: Installation

  public init(_ installation: Installation) { self.installation = installation }

  private struct Found {
    let id: Identifier<Invitation>
    let facilitation: Identifier<Facilitation>
    /// Who stands for them now.
    let person: Identifier<Person>
    let name: String
    let through: CivilDate
    let answer: Invitation.Answer?
    let answeredAt: Instant?
    let state: FacilitationState
    let placesLeft: Int
    let author: OutgoingMail.Recipient?

    init?(_ token: String, _ connection: any Connection) throws {
      guard let id = try SignedLink<Invitation>(Invitation.linkPurpose, connection)?.subject(of: token) else { return nil }
      try self.init(id, connection)
    }

    init?(_ id: Identifier<Invitation>, _ connection: any Connection) throws {
      guard
        let row = try connection.first(
          """
          SELECT f.id, p.id, i.name, i.through, i.answer, i.answered_at, f.state, \(Invitation.placesLeft), a.email, a.name
          FROM facilitation_invitation i JOIN facilitation f ON f.id = i.facilitation_id AND f.removed_at IS NULL
          JOIN person h ON h.id = i.person_id JOIN person p ON p.id = COALESCE(h.merged_into, h.id) AND p.removed_at IS NULL
          LEFT JOIN account a ON a.id = i.account_id AND a.closed_at IS NULL WHERE i.id = \(id)
          """)
      else { return nil }
      self.id = id
      (facilitation, person, name, through) = (try row[0], try row[1], try row[2], try row[3])
      (answer, answeredAt, state, placesLeft) = (try row[4], try row[5], try row[6], try row[7])
      let email: String? = try row[8]
      author = try email.map { OutgoingMail.Recipient($0, name: try row[9]) }
    }
  }

  public func open(_ token: String) async throws -> State {
    try await installation.database.read { [now = installation.now] connection in
      let settings = try Settings(connection)
      let moment = now()
      let today = settings.today(moment)
      let federation = settings.text(.federationName, on: today)
      guard let found = try Found(token, connection), let opened = try Self.opened(found, federation, at: moment, settings, connection)
      else { return .closed(federation: federation) }
      if let answer = found.answer {
        if answer == .withdrawn { return .full(federation: federation) }
        return .answered(answer, found.answeredAt.map { CivilDate(of: $0.date, in: settings.timeZone(moment)) } ?? today, opened)
      }
      guard found.through >= today else { return .closed(federation: federation) }
      return found.state.isAhead && found.placesLeft > 0 ? .open(opened) : .full(federation: federation)
    }
  }

  private static func opened(
    _ found: Found, _ federation: String, at moment: Date, _ settings: Settings, _ connection: any Connection
  ) throws -> Opened? {
    guard let subject = try InvitationSubject(found.facilitation, connection),
      let row = try connection.first(
        """
        SELECT f.need, l.message FROM facilitation f LEFT JOIN facilitation_call l ON l.facilitation_id = f.id WHERE f.id = \(found.facilitation)
        """)
    else { return nil }
    let board = try InvitationBoard(found.facilitation, now: moment, settings, connection)
    return Opened(
      federation: federation, name: found.name, through: found.through, title: subject.title, teams: subject.teams, place: subject.place,
      need: try row[0], message: try row[1], date: subject.date, time: subject.time, slots: board.slots.filter(\.isAhead),
      author: found.author?.name)
  }

  /// Keeps an answer. Of two who take the last place at the same moment, one has it.
  /// - Parameters:
  ///   - slots: those that suit whoever accepts.
  ///   - words: for the staff.
  /// - Throws: `TooManyAttempts`.
  public func answer(
    _ token: String, accepts: Bool, slots: [Identifier<InvitationSlot>] = [], words: String?, from origin: Origin
  ) async throws -> Outcome {
    if words?.count ?? 0 > 1_000 { return .refused("Votre message dépasse 1 000 caractères.") }
    let now = installation.now()
    return try await installation.database.write { [installation] connection in
      _ = try Attempt.take([Attempt(.invitationClient, origin.client ?? "inconnu")], at: now, ids: installation.ids, connection)
      guard let found = try Found(token, connection) else { return .closed }
      return try Self.keep(found, accepts, slots, words, at: now, actor: nil, installation, connection)
    }
  }

  /// The same by somebody who is signed in, and was asked.
  public func answer(
    _ id: Identifier<Invitation>, by account: Account, accepts: Bool, slots: [Identifier<InvitationSlot>] = [], words: String?
  ) async throws -> Outcome {
    if words?.count ?? 0 > 1_000 { return .refused("Votre message dépasse 1 000 caractères.") }
    return try await installation.database.write { [installation] connection in
      guard let found = try Found(id, connection), try account.person(connection) == found.person else { return .closed }
      return try Self.keep(
        found, accepts, slots, words, at: installation.now(), actor: account.id.rawValue, installation, connection)
    }
  }

  /// What somebody who is signed in said to it.
  public func answer(to id: Identifier<Invitation>, by account: Account) async throws -> Invitation.Answer? {
    try await installation.database.read { connection in
      guard let found = try Found(id, connection), try account.person(connection) == found.person else { return nil }
      return found.answer
    }
  }

  private static func keep(
    _ found: Found, _ accepts: Bool, _ slots: [Identifier<InvitationSlot>], _ words: String?, at now: Date, actor: Int64?,
    _ installation: Installation, _ connection: any Connection
  ) throws -> Outcome {
    // An invitation serves once: what was said stays.
    if found.answer != nil { return .kept }
    guard found.through >= (try Settings(connection).today(now)), found.state.isAhead else { return .closed }
    let answer: Invitation.Answer = !accepts ? .declined : found.placesLeft > 0 ? .accepted : .late
    try connection.execute(
      """
      UPDATE facilitation_invitation SET answer = \(answer), answered_at = \(Instant(now)), words = \(words) WHERE id = \(found.id)
      """)
    if accepts {
      let known: [Identifier<InvitationSlot>] = try connection.rows(
        "SELECT id FROM facilitation_slot WHERE facilitation_id = \(found.facilitation) AND id IN \(list: slots)"
      ).map { try $0[0] }
      try connection.insert(into: "facilitation_invitation_slot (invitation_id, slot_id)", known) { "\(found.id), \($0)" }
    }
    let writer = try JointEditor(ids: installation.ids, now: installation.now, actor: actor).begin(
      answer == .declined ? .invitationDeclined : .invitationAccepted, FacilitationRecords().name, found.facilitation.rawValue, connection)
    if answer == .accepted {
      try InvitationDesk.change(found.facilitation, by: writer) {
        $0.facilitators = Set($0.facilitators + [.record(found.person)]).sorted()
      }
      if found.placesLeft == 1 { try InvitationDesk.dismiss(waitingFor: found.facilitation, installation, connection) }
    }
    try tell(found, answer, words, installation, connection)
    return .kept
  }

  /// Tells whoever asked.
  private static func tell(
    _ found: Found, _ answer: Invitation.Answer, _ words: String?, _ installation: Installation, _ connection: any Connection
  ) throws {
    guard let author = found.author, let subject = try InvitationSubject(found.facilitation, connection) else { return }
    let outcome =
      switch answer {
      case .accepted: "\(found.name) accepte"
      case .late: "\(found.name) aurait accepté, les places sont prises"
      case .declined, .withdrawn: "\(found.name) décline"
      }
    let page = installation.accounts.siteURL.map { "\($0)/facilitations/\(found.facilitation)\n" } ?? ""
    let mail = OutgoingMail(
      to: [author], subject: "\(outcome)\u{A0}: \(subject.heading)",
      text: """
        Bonjour\(author.name.map { " \($0)" } ?? ""),

        \(outcome).
        \(words.map { "\n«\u{202F}\($0)\u{202F}»\n" } ?? "")
        \(subject.lines)

        \(page)
        """)
    try installation.outbox.post(mail, as: .notice, connection)
  }
}
