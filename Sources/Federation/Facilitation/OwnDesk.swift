import Records
import Store
import Tables

/// What a facilitator does in their own space: everything of their own person, and of nobody else's. Each operation is one transaction.
public struct OwnDesk: Sendable {
  private let installation: Installation
  private let actor: Account

  public init(_ installation: Installation, actor: Account) {
    (self.installation, self.actor) = (installation, actor)
  }

  /// Writes what came out of one of their facilitations; that it was written says that it was held. What is left to do goes to whoever
  /// coordinates it.
  /// - Throws: `FieldRefusal` (`bilan`…), `Refusal`.
  public func write(_ writeUp: FacilitationDesk.WriteUp, of id: Identifier<Facilitation>, from version: Int) async throws {
    let own = try await installation.database.read { [actor] connection in
      try connection.first(
        "SELECT 1 FROM facilitation f WHERE f.id = \(id) AND f.removed_at IS NULL AND \(Facilitation.readable(by: actor))")
    }
    guard own != nil else { throw Refusal("Cette facilitation n’est pas, ou n’est plus, parmi les vôtres.") }
    try await FacilitationDesk(installation, actor: actor).write(writeUp, of: id, from: version, isHeld: true)
  }

  /// Changes how they may be asked.
  /// - Parameters:
  ///   - entries: of `columns`.
  ///   - version: of the profile that the form showed.
  /// - Returns: the faults, by field; none when it is saved.
  /// - Throws: `Refusal` when they have no profile.
  public func changeProfile(_ entries: Entries, from version: Int) async throws -> [Fault] {
    guard let id = try await ownProfile() else { throw Self.noProfile }
    let own = entries.filter { Self.columns.contains($0.key) }
    return Self.faults(
      in: try await installation.editor(of: FacilitatorRecords(), for: actor).save(
        id.rawValue, entering: own, from: version, heedsWarnings: false))
  }

  /// The texts of `columns`, with the version that they are of; `nil` for whoever has no profile.
  public func profile() async throws -> (entries: Entries, version: Int)? {
    guard let id = try await ownProfile() else { return nil }
    let editor = installation.editor(of: FacilitatorRecords(), for: actor)
    guard let version = try await editor.load(id.rawValue)?.version else { return nil }
    return (try await editor.entries(id.rawValue, at: version), version)
  }

  private func ownProfile() async throws -> Identifier<Facilitator>? {
    try await installation.database.read { [actor] connection in
      try connection.value("SELECT w.id FROM facilitator w WHERE w.removed_at IS NULL AND w.person_id = (\(Person.of(actor)))")
    }
  }

  private static let noProfile = Refusal("Vous n’avez pas encore de fiche de facilitateur\u{A0}: demandez-la à la fédération.")

  /// What they say of themselves; the note is the staff's.
  public static let columns = ["expertises", "rayon_km", "absences", "formations", "en_pause_depuis"]

  /// Notes hours that they gave, for the staff to validate. Sent twice, it makes one line.
  /// - Throws: `Refusal` when the account is nobody's in the directory.
  public func note(_ id: Identifier<VolunteerHours>, _ entries: Entries) async throws -> [Fault] {
    var own = entries.filter { Self.hours.contains($0.key) }
    own["personne"] = try await reference()
    own["etat"] = VolunteerState.proposed.rawValue
    let editor = installation.editor(of: VolunteerHoursRecords(), for: actor)
    return Self.faults(in: try await editor.create(id.rawValue, entering: own, heedsWarnings: false))
  }

  /// Corrects how long a line of theirs says that it took, as long as nobody has validated it.
  /// - Throws: `Refusal` when it is not theirs, or is not to be changed any more.
  public func correct(_ id: Identifier<VolunteerHours>, minutes: Int, travel: Int?, purpose: String?) async throws -> [Fault] {
    let person = try await installation.database.read { [actor] connection in try actor.person(connection) }
    return Self.faults(
      in: try await installation.editor(of: VolunteerHoursRecords(), for: actor).change(id.rawValue, as: .entry) { draft in
        guard let person, draft.person == person, draft.state == .proposed else {
          throw Refusal("Cette ligne n’est plus à corriger\u{A0}: demandez à la fédération.")
        }
        (draft.minutes, draft.travel, draft.purpose) = (minutes, travel, purpose)
      })
  }

  public static let hours = ["activite", "date", "presence_minutes", "trajet_minutes", "objet"]

  private func reference() async throws -> String {
    let found: String? = try await installation.database.read { [actor] connection in
      try connection.value("SELECT p.reference FROM person p WHERE p.id = (\(Person.of(actor)))")
    }
    guard let found else { throw Refusal("Votre adresse n’est pas dans l’annuaire\u{A0}: demandez à la fédération de l’y mettre.") }
    return found
  }

  private static func faults<Kind: RecordKind>(in outcome: RecordEditor<Kind>.Outcome) -> [Fault] {
    switch outcome {
    case .refused(let faults): faults
    case .conflict(let conflicts): conflicts.map { Fault($0.name, "quelqu’un l’a changé pendant votre saisie : relisez") }
    case .gone: [Fault("", "cette fiche n’existe plus")]
    case .saved, .unchanged, .warned: []
    }
  }
}
