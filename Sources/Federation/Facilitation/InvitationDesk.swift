import Foundation
import Records
import Store

/// What the staff do with invitations. Each operation is one transaction and one event.
public struct InvitationDesk: Sendable {
  /// How people are asked.
  public struct Call: Sendable {
    /// How many are looked for.
    public let places: Int
    /// The last day to answer.
    public let through: CivilDate
    public let slots: [Invitation.Slot]
    public let message: String?

    public init(places: Int, through: CivilDate, slots: [Invitation.Slot], message: String?) {
      (self.places, self.through, self.slots) = (places, through, slots)
      self.message = message.map(PastedText.cleaned).flatMap { $0.isEmpty ? nil : $0 }
    }
  }

  private let installation: Installation
  private let actor: Account

  public init(_ installation: Installation, actor: Account) { (self.installation, self.actor) = (installation, actor) }

  private var editor: JointEditor { JointEditor(ids: installation.ids, now: installation.now, actor: actor.id.rawValue) }

  /// Writes to facilitators of the network. Who has a link to answer already, or has accepted, is left out: a double click writes once.
  /// - Parameter isSilent: nobody is written to: those who are asked find it in their space.
  /// - Returns: how many were asked.
  /// - Throws: `FieldRefusal` (`places`, `reponse_avant`, `creneau_1`…, `message`), `Refusal`.
  public func invite(
    _ facilitators: [Identifier<Facilitator>], to id: Identifier<Facilitation>, _ call: Call, isSilent: Bool = false
  ) async throws -> Int {
    guard !facilitators.isEmpty else { throw Refusal("Cochez au moins une personne.") }
    guard facilitators.count <= Invitation.mostAtOnce else {
      throw Refusal("Cochez \(Invitation.mostAtOnce) personnes au plus à la fois.")
    }
    guard let site = installation.accounts.siteURL ?? (isSilent ? "" : nil) else { throw Refusal.noSiteAddress }
    // A restored database has no key of its own yet.
    _ = try await FormStamp.of(installation.database)
    return try await installation.database.write { [installation, actor, editor] connection in
      let now = installation.now()
      let settings = try Settings(connection)
      let today = settings.today(now)
      try Self.check(call, on: today, at: now, settings)
      guard let link = try SignedLink<Invitation>(Invitation.linkPurpose, connection) else { return 0 }
      let people = try Self.people(facilitators, id, today: today, connection)
      guard !people.isEmpty else { return 0 }
      let writer = try editor.begin(.inviting, FacilitationRecords().name, id.rawValue, connection)
      try Self.change(id, by: writer) { draft in
        guard draft.state?.isAhead ?? true else { throw Refusal("Cette facilitation est déjà tenue ou annulée.") }
        if draft.facilitators.isEmpty, draft.date == nil { draft.state = .proposed }
      }
      try connection.execute(
        """
        INSERT INTO facilitation_call (facilitation_id, places, through, message, account_id)
        VALUES (\(id), \(call.places), \(call.through), \(call.message), \(actor.id))
        ON CONFLICT (facilitation_id) DO UPDATE SET places = excluded.places, through = excluded.through, message = excluded.message,
          account_id = excluded.account_id
        """)
      try connection.insert(
        into: "facilitation_slot (id, facilitation_id, date, at)", Set(call.slots).sorted(), suffix: "ON CONFLICT DO NOTHING"
      ) { slot in "\(installation.ids.next(InvitationSlot.self)), \(id), \(slot.date), \(slot.time)" }
      guard let subject = try InvitationSubject(id, connection) else { return 0 }
      let federation = settings.text(.federationName, on: today)
      for person in people {
        let invitation = installation.ids.next(Invitation.self)
        try connection.execute(
          """
          INSERT INTO facilitation_invitation (id, facilitation_id, person_id, email, name, sent_at, sent_on, through, account_id)
          VALUES (\(invitation), \(id), \(person.id), \(person.email), \(person.name), \(Instant(now)), \(today), \(call.through), \(actor.id))
          """)
        if isSilent { continue }
        let mail = Invitation.mail(
          to: .init(person.email, name: person.name), subject, link.token(invitation, sent: now), through: call.through,
          message: call.message, from: federation, replyTo: .init(actor.email, name: actor.name), site: site, isReminder: false)
        try installation.outbox.post(mail, as: .notice, connection)
      }
      return people.count
    }
  }

  private static func check(_ call: Call, on today: CivilDate, at now: Date, _ settings: Settings) throws {
    guard (1...Invitation.mostPlaces).contains(call.places) else {
      throw FieldRefusal("places", "Donnez un nombre de 1 à \(Invitation.mostPlaces).")
    }
    guard call.through >= today else { throw FieldRefusal("reponse_avant", "Ce jour est passé.") }
    guard call.through <= today.adding(days: 90) else { throw FieldRefusal("reponse_avant", "Donnez un jour d’ici trois mois.") }
    guard call.slots.count <= Invitation.mostSlots else { throw Refusal("Proposez \(Invitation.mostSlots) créneaux au plus.") }
    let clock = settings.clock(now)
    for (number, slot) in call.slots.enumerated() where (slot.date, slot.time) <= (today, clock) {
      throw FieldRefusal("creneau_\(number + 1)", "Ce créneau est passé.")
    }
    guard call.message?.count ?? 0 <= 2_000 else { throw FieldRefusal("message", "2 000 caractères au plus.") }
  }

  private struct Asked {
    let id: Identifier<Person>
    let name: String
    let email: String
  }

  /// Those to write to.
  /// - Throws: `Refusal` when one of them cannot be written to.
  private static func people(
    _ facilitators: [Identifier<Facilitator>], _ id: Identifier<Facilitation>, today: CivilDate, _ connection: any Connection
  ) throws -> [Asked] {
    let rows = try connection.rows(
      """
      SELECT p.id, \(Person.fullName), p.email,
        CASE WHEN EXISTS (SELECT 1 FROM facilitation_invitation i WHERE i.facilitation_id = \(id) AND i.person_id = p.id
          AND (i.answer = 'acceptee' OR (i.answer IS NULL AND i.through >= \(today)))) THEN 1 ELSE 0 END
      FROM facilitator w JOIN person p ON p.id = w.person_id AND p.removed_at IS NULL
      WHERE w.removed_at IS NULL AND w.id IN \(list: facilitators) ORDER BY p.name_fold, p.id
      """)
    guard rows.count == Set(facilitators).count else {
      throw Refusal("L’une de ces personnes n’est plus dans le réseau\u{A0}: relisez la liste.")
    }
    let mute = try rows.filter { try $0[2] as String? == nil }.map { try $0[1] as String }
    guard mute.isEmpty else {
      throw Refusal(
        "Sans adresse de courriel\u{A0}: \(mute.joined(separator: ", ")). Complétez leur fiche, ou nommez ces personnes sans écrire.")
    }
    return try rows.filter { try $0[3] == 0 }.map { Asked(id: try $0[0], name: try $0[1], email: try $0[2]) }
  }

  /// Changes the facilitation within an operation.
  static func change(
    _ id: Identifier<Facilitation>, by writer: JointWriter, _ edit: (inout FacilitationRecords.Draft) throws -> Void
  ) throws {
    let kind = FacilitationRecords()
    try writer.put(kind) { context in
      guard let old = try kind.stored(writer.connection, .ids([id.rawValue]), context).first?.draft else {
        throw Refusal("Cette facilitation n’existe plus.")
      }
      var draft = old
      try edit(&draft)
      return [RecordWrite(id: id.rawValue, isNew: false, old: old, draft: draft)]
    }
  }

  /// Takes back an invitation that nobody has answered; whoever was asked is told.
  /// - Throws: `Refusal` when it is answered.
  public func withdraw(_ invitation: Identifier<Invitation>, of id: Identifier<Facilitation>) async throws {
    try await installation.database.write { [installation, editor] connection in
      let now = installation.now()
      let found = try connection.first(
        """
        SELECT i.email, i.name, i.answer FROM facilitation_invitation i
        JOIN facilitation f ON f.id = i.facilitation_id AND f.removed_at IS NULL WHERE i.id = \(invitation) AND f.id = \(id)
        """)
      guard let row = found else { throw Refusal("Cette invitation n’existe plus.") }
      guard let answer: Invitation.Answer = try row[2] else {
        _ = try editor.begin(.invitationWithdrawn, FacilitationRecords().name, id.rawValue, connection)
        try Self.close([invitation], at: now, connection)
        try Self.thank([.init(try row[0], name: try row[1])], for: id, installation, connection)
        return
      }
      guard answer == .withdrawn else { throw Refusal("Cette personne a répondu entre-temps\u{A0}: relisez sa réponse.") }
    }
  }

  private static func close(_ invitations: [Identifier<Invitation>], at now: Date, _ connection: any Connection) throws {
    try connection.execute(
      """
      UPDATE facilitation_invitation SET answer = \(Invitation.Answer.withdrawn), answered_at = \(Instant(now))
      WHERE id IN \(list: invitations) AND answer IS NULL
      """)
  }

  /// Tells those who have not answered that nobody is looked for any more.
  static func dismiss(waitingFor id: Identifier<Facilitation>, _ installation: Installation, _ connection: any Connection) throws {
    let rows = try connection.rows(
      "SELECT id, email, name FROM facilitation_invitation WHERE facilitation_id = \(id) AND answer IS NULL ORDER BY id")
    guard !rows.isEmpty else { return }
    try close(rows.map { try $0[0] }, at: installation.now(), connection)
    try thank(rows.map { .init(try $0[1], name: try $0[2]) }, for: id, installation, connection)
  }

  private static func thank(
    _ recipients: [OutgoingMail.Recipient], for id: Identifier<Facilitation>, _ installation: Installation, _ connection: any Connection
  ) throws {
    guard let subject = try InvitationSubject(id, connection) else { return }
    let settings = try Settings(connection)
    let federation = settings.text(.federationName, on: settings.today(installation.now()))
    for recipient in recipients {
      try installation.outbox.post(Invitation.farewell(to: recipient, subject, from: federation), as: .notice, connection)
    }
  }

  /// Gives the facilitation the moment that was proposed.
  /// - Throws: `Refusal`.
  public func keep(_ slot: Identifier<InvitationSlot>, of id: Identifier<Facilitation>) async throws {
    try await installation.database.write { [installation, editor] connection in
      guard let row = try connection.first("SELECT date, at FROM facilitation_slot WHERE id = \(slot) AND facilitation_id = \(id)") else {
        throw Refusal("Ce créneau n’est plus proposé.")
      }
      let settings = try Settings(connection)
      let now = installation.now()
      let (date, time): (CivilDate, String) = (try row[0], try row[1])
      guard (date, time) > (settings.today(now), settings.clock(now)) else {
        throw Refusal("Ce créneau est passé\u{A0}: choisissez-en un autre.")
      }
      let writer = try editor.begin(.slotKept, FacilitationRecords().name, id.rawValue, connection)
      try Self.change(id, by: writer) { draft in
        guard draft.state?.isAhead ?? true else { throw Refusal("Cette facilitation est déjà tenue ou annulée.") }
        (draft.state, draft.date, draft.time) = (.dated, date, time)
      }
      try FacilitationCalendar.bringUpToDate(installation, only: id, connection)
    }
  }

  /// Sends the meeting to the calendars of those who take part, now and at each change.
  /// - Throws: `Refusal`.
  public func sendToCalendars(_ id: Identifier<Facilitation>) async throws {
    try await installation.database.write { [installation, actor] in try FacilitationCalendar.ask(id, by: actor, installation, $0) }
  }
}

extension Settings {
  /// `HH:MM`, in the federation's time zone.
  func clock(_ now: Date) -> String {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = timeZone(now)
    let parts = calendar.dateComponents([.hour, .minute], from: now)
    return [parts.hour ?? 0, parts.minute ?? 0].map { String(100 + $0).dropFirst() }.joined(separator: ":")
  }
}

/// One of those who were asked, as the page shows them.
public struct SentInvitation: Sendable {
  public let id: Identifier<Invitation>
  public let person: Identifier<Person>?
  public let name: String
  public let sentOn: CivilDate
  public let through: CivilDate
  public let answer: Invitation.Answer?
  public let words: String?
  /// The moments that suit them.
  public let slots: Set<Identifier<InvitationSlot>>
}

/// What is asked for a facilitation, and what was answered.
public struct InvitationBoard: Sendable {
  public struct Slot: Sendable {
    public let id: Identifier<InvitationSlot>
    public let slot: Invitation.Slot
    /// Whether it may still be kept.
    public let isAhead: Bool
  }

  /// `nil` while nobody was asked.
  public let call: InvitationDesk.Call?
  /// The latest of each person.
  public let invitations: [SentInvitation]
  public let slots: [Slot]
  public let calendar: FacilitationCalendar.Standing

  public var accepted: [SentInvitation] { invitations.filter { $0.answer == .accepted } }

  /// One statement.
  public init(_ id: Identifier<Facilitation>, now: Date, _ settings: Settings, _ connection: any Connection) throws {
    let moment = (settings.today(now), settings.clock(now))
    let suits: SQL = """
      (SELECT \(onSQLite: "group_concat(t.slot_id, '|')", onPostgres: "string_agg(t.slot_id || '', '|')")
        FROM facilitation_invitation_slot t WHERE t.invitation_id = i.id)
      """
    let rows = try connection.rows(
      """
      SELECT 3, g.facilitation_id, NULL, c.name, NULL, NULL, NULL, NULL, NULL, c.sent_at FROM facilitation_agenda g
      LEFT JOIN facilitation_calendar c ON c.facilitation_id = g.facilitation_id AND c.is_cancelled = \(false)
      WHERE g.facilitation_id = \(id)
      UNION ALL SELECT 0, l.facilitation_id, l.through, l.message, NULL, NULL, l.places, NULL, NULL, NULL FROM facilitation_call l
      WHERE l.facilitation_id = \(id)
      UNION ALL SELECT 1, o.id, o.date, o.at, NULL, NULL, NULL, NULL, NULL, NULL FROM facilitation_slot o WHERE o.facilitation_id = \(id)
      UNION ALL SELECT 2, i.id, i.sent_on, i.name, i.answer, i.words, CASE WHEN p.removed_at IS NULL THEN p.id END, i.through, \(suits), NULL
      FROM facilitation_invitation i LEFT JOIN person h ON h.id = i.person_id LEFT JOIN person p ON p.id = COALESCE(h.merged_into, h.id)
      WHERE i.facilitation_id = \(id)
        AND NOT EXISTS (SELECT 1 FROM facilitation_invitation y WHERE y.facilitation_id = \(id) AND y.person_id = i.person_id AND y.id > i.id)
      ORDER BY 1, 3, 4, 2
      """)
    let slots = try rows.filter { try $0[0] == 1 }.map { row in
      let slot = Invitation.Slot(date: try row[2], time: try row[3])
      return Slot(id: try row[1], slot: slot, isAhead: (slot.date, slot.time) > moment)
    }
    self.slots = slots
    call = try rows.first { try $0[0] == 0 }.map { row in
      InvitationDesk.Call(places: try row[6], through: try row[2], slots: slots.map(\.slot), message: try row[3])
    }
    invitations = try rows.filter { try $0[0] == 2 }.map { row in
      let suits = (try row[8] as String? ?? "").split(separator: "|").compactMap { Int64($0) }
      return SentInvitation(
        id: try row[1], person: try row[6], name: try row[3], sentOn: try row[2], through: try row[7], answer: try row[4],
        words: try row[5], slots: Set(suits.map { Identifier(rawValue: $0) }))
    }
    calendar = FacilitationCalendar.Standing(
      try rows.filter { try $0[0] == 3 }.map { (name: try $0[3], sentAt: try $0[9]) })
  }
}
