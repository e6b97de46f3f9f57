import Foundation
import Records
import Store

/// What the staff do with a first contact.
public struct FirstContactDesk: Sendable {
  private let installation: Installation
  private let actor: Account

  public init(_ installation: Installation, actor: Account) {
    self.installation = installation
    self.actor = actor
  }

  private var editor: JointEditor { JointEditor(ids: installation.ids, now: installation.now, actor: actor.id.rawValue) }

  /// The actor takes it.
  /// - Throws: `Refusal` when somebody else was quicker, or it has been answered.
  public func take(_ id: Identifier<FirstContact>) async throws {
    let outcome = try await installation.editor(of: FirstContactRecords(), for: actor).change(id.rawValue, as: .entry) { [actor] draft in
      let mine = Named<Account>.record(actor.id)
      guard draft.assignee == nil || draft.assignee == mine else { throw Refusal("Quelqu’un d’autre s’en charge déjà.") }
      guard draft.state?.isOver != true else { throw Refusal("Ce premier contact a déjà sa réponse.") }
      (draft.assignee, draft.state) = (mine, .underWay)
    }
    if case .gone = outcome { throw Refusal("Ce premier contact n’existe plus.") }
  }

  /// How a first contact becomes a team.
  public struct Order: Sendable {
    public enum Team: Sendable {
      case new(name: String, type: StructureType)
      /// What was typed of one that is known: its name, or its reference.
      case known(String)
    }

    public enum Who: Sendable {
      case new, nobody
      /// By the reference.
      case known(String)
    }

    public let team: Team
    public let person: Who
    /// Whether whoever is in charge of the contact follows the new team from now on.
    public let isFollowed: Bool

    public init(team: Team, person: Who, isFollowed: Bool = true) {
      self.team = team
      self.person = person
      self.isFollowed = isFollowed
    }
  }

  /// Makes the team, the person and their first exchange, ties them to the first contact, all in one operation that is taken back whole.
  /// The form carries the identifier: sent twice, it is done once.
  /// - Throws: `FieldRefusal` (`nom`, `type`, `structure`, `personne`), `Refusal`.
  public func convert(
    _ id: Identifier<FirstContact>, as conversion: Identifier<FirstContactSheet.Conversion>, _ order: Order
  ) async throws {
    try await installation.database.write { [installation, editor, actor] connection in
      guard try connection.first("SELECT 1 FROM first_contact_conversion WHERE id = \(conversion)") == nil else { return }
      let kind = FirstContactRecords()
      let stored = try kind.stored(connection, .ids([id.rawValue]), kind.context(connection)).first
      guard let old = stored?.draft else { throw Refusal("Ce premier contact n’existe plus.") }
      try Self.expectFree(old, connection)
      let writer = try editor.begin(.conversion, kind.name, id.rawValue, connection)
      let team = try self.team(order.team, for: old, writer, connection)
      if case .new = order.team, order.isFollowed { try follow(team, for: old, writer) }
      let person = try self.person(order.person, in: team, for: old, writer)
      try exchange(with: team, person, for: old, writer)
      try writer.put(kind) { _ in
        var draft = old
        (draft.state, draft.structure, draft.person) = (.project, team, person ?? old.person)
        draft.assignee = draft.assignee ?? .record(actor.id)
        return [RecordWrite(id: id.rawValue, isNew: false, old: old, draft: draft)]
      }
      try connection.execute(
        """
        INSERT INTO first_contact_conversion (id, first_contact_id, event_id, account_id, applied_at)
        VALUES (\(conversion), \(id), \(writer.event), \(actor.id), \(Instant(installation.now())))
        """)
    }
  }

  /// One that became a team is one already, unless that team was thrown away since.
  private static func expectFree(_ draft: FirstContactRecords.Draft, _ connection: any Connection) throws {
    guard let team = draft.structure else { return }
    let name: String? = try connection.value("SELECT name FROM structure WHERE id = \(team) AND removed_at IS NULL")
    if let name { throw Refusal("Ce premier contact est déjà devenu une équipe\u{A0}: \(name).") }
  }

  private func team(
    _ team: Order.Team, for contact: FirstContactRecords.Draft, _ writer: JointWriter, _ connection: any Connection
  ) throws -> Identifier<Structure> {
    switch team {
    case .known(let text):
      let (texts, doubt) = try Naming.structures.meant(by: [text], connection)
      if let doubt { throw FieldRefusal("structure", "\(doubt.prefix(1).uppercased())\(doubt.dropFirst()).") }
      let found = try? StructureIndex(connection).identifier(texts.first ?? text)
      // A reference leads to a team that is in the bin, too.
      guard let found, try connection.first("SELECT 1 FROM structure WHERE id = \(found) AND removed_at IS NULL") != nil else {
        throw FieldRefusal("structure", "Cette équipe n’est pas dans l’annuaire, ou n’y est plus\u{A0}: choisissez-en une autre.")
      }
      return found
    case .new(let name, let type):
      guard !name.isEmpty, name.count <= 200 else { throw FieldRefusal("nom", "Donnez un nom à l’équipe, de 200 caractères au plus.") }
      guard let commune = contact.commune else {
        throw Refusal("La commune n’est pas connue\u{A0}: ajoutez-la d’abord à ce premier contact.")
      }
      let id = installation.ids.next(Structure.self)
      try writer.put(StructureRecords()) { context in
        var draft = StructureRecords.Draft()
        (draft.reference, draft.type, draft.name) = (id.description, type, name)
        (draft.department, draft.commune) = (context.gazetteer.commune(code: commune)?.department, commune)
        (draft.stage, draft.since) = (Stage.contact.rawValue, contact.receivedOn)
        return [RecordWrite(id: id.rawValue, isNew: true, old: nil, draft: draft)]
      }
      return id
    }
  }

  /// A new team has nothing yet that is for few: whoever has taken the contact goes on with it.
  private func follow(_ team: Identifier<Structure>, for contact: FirstContactRecords.Draft, _ writer: JointWriter) throws {
    let taken = contact.assignee ?? .record(actor.id)
    guard case .record(let account) = taken, try AccountSummary(account, writer.connection)?.followsTeams == true else { return }
    let today = try Settings(writer.connection).today(installation.now())
    try writer.put(FollowerRecords()) { _ in
      let draft = FollowerRecords.Draft(structure: team, since: today, account: taken)
      return [RecordWrite(id: installation.ids.next(Follower.self).rawValue, isNew: true, old: nil, draft: draft)]
    }
  }

  /// What who brings a project does in its team; where the federation has no such function, they are a member.
  static let leading = "porteur_de_projet"

  private func person(
    _ who: Order.Who, in team: Identifier<Structure>, for contact: FirstContactRecords.Draft, _ writer: JointWriter
  ) throws -> Identifier<Person>? {
    let leads = try ReferenceLists(writer.connection).values(of: .function).contains { $0.code == Self.leading }
    let memberships = leads ? [] : [team]
    var person: Identifier<Person>?
    try writer.put(PersonRecords()) { context in
      switch who {
      case .nobody: return []
      case .known(let reference):
        guard let stored = try PersonRecords().stored(writer.connection, .keys([reference]), context).first else {
          throw FieldRefusal("personne", "Cette personne n’est plus dans l’annuaire\u{A0}: choisissez-en une autre.")
        }
        person = Identifier(rawValue: stored.id)
        var draft = stored.draft
        draft.structures = Set(draft.structures + memberships).sorted()
        return [RecordWrite(id: stored.id, isNew: false, old: stored.draft, draft: draft)]
      case .new:
        let id = installation.ids.next(Person.self)
        person = id
        let draft = PersonRecords.Draft(
          reference: id.description, lastName: contact.lastName, firstName: contact.firstName, profession: contact.profession,
          commune: contact.commune, email: contact.email, phone: contact.phone, structures: memberships)
        return [RecordWrite(id: id.rawValue, isNew: true, old: nil, draft: draft)]
      }
    }
    if leads, let person { try lead(person, in: team, since: contact.receivedOn, writer) }
    return person
  }

  /// Whoever does something in the team already goes on doing it.
  private func lead(
    _ person: Identifier<Person>, in team: Identifier<Structure>, since day: CivilDate?, _ writer: JointWriter
  ) throws {
    let known = try writer.connection.first(
      "SELECT 1 FROM person_function WHERE person_id = \(person) AND structure_id = \(team) AND removed_at IS NULL")
    guard known == nil else { return }
    try writer.put(FunctionRecords()) { _ in
      let draft = FunctionRecords.Draft(person: person, structure: team, function: Self.leading, since: day)
      return [RecordWrite(id: installation.ids.next(FirstContact.self).rawValue, isNew: true, old: nil, draft: draft)]
    }
  }

  private func exchange(
    with team: Identifier<Structure>, _ person: Identifier<Person>?, for contact: FirstContactRecords.Draft, _ writer: JointWriter
  ) throws {
    let id = installation.ids.next(Exchange.self)
    try writer.put(ExchangeRecords()) { _ in
      var draft = ExchangeRecords.Draft()
      (draft.date, draft.channel, draft.structures) = (contact.receivedOn, contact.channel, [team])
      draft.people = person.map { [.record($0)] } ?? []
      draft.subject = FirstContact.exchangeSubject(contact.request)
      (draft.author, draft.reference) = (actor.name, id.description)
      return [RecordWrite(id: id.rawValue, isNew: true, old: nil, draft: draft)]
    }
  }

  /// Takes a conversion back, all but what has changed since.
  /// - Returns: what stays as it is, with the name of its kind.
  /// - Throws: `Refusal` when there is none to take back.
  public func undo(_ id: Identifier<FirstContact>) async throws -> [(kind: String, kept: UndoOutcome.Kept)] {
    try await installation.database.write { [installation, editor] connection in
      let found = try connection.first(
        """
        SELECT id, event_id FROM first_contact_conversion WHERE first_contact_id = \(id) AND undone_at IS NULL ORDER BY id DESC LIMIT 1
        """)
      guard let row = found else { throw Refusal("Il n’y a rien à annuler\u{A0}: c’est déjà fait.") }
      let conversion: Identifier<FirstContactSheet.Conversion> = try row[0]
      // Whoever names another record goes before it.
      let outcomes = try editor.undo(
        try row[1], about: id.rawValue,
        of: [FirstContactRecords(), ExchangeRecords(), FunctionRecords(), FollowerRecords(), PersonRecords(), StructureRecords()],
        among: installation.model.kinds, connection)
      if outcomes[FirstContactRecords().name]?.kept.isEmpty ?? true {
        try connection.execute(
          "UPDATE first_contact_conversion SET undone_at = \(Instant(installation.now())) WHERE id = \(conversion)")
      }
      return outcomes.sorted { $0.key < $1.key }.flatMap { kind, outcome in outcome.kept.map { (kind: kind, kept: $0) } }
    }
  }
}
