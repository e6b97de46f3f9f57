import Foundation
import Records
import Store

extension AttemptLimit {
  /// Answers and looks at links that lead nowhere, from one place.
  static let sheetClient = AttemptLimit(name: "fiche.poste", count: 60, window: 3_600)
}

/// Where a team's contact, who has no account, reads the team's sheet and answers. Looking never changes anything.
public struct SheetDoor: Sendable {
  /// What the page shows.
  public struct Opened: Sendable {
    public let team: String
    public let federation: String
    public let through: CivilDate
    /// By the fields' names, as they are printed.
    public let entries: Entries
    /// Its fields, labelled, in their order.
    public let fields: [(name: String, label: String)]
    public let levels: [ReferenceValue]
    public let commune: String?
    public let type: StructureType
    /// Who coordinates it today.
    public let coordination: String
  }

  public enum State: Sendable {
    case open(Opened)
    /// It was answered on that day.
    case answered(CivilDate, federation: String)
    /// It has ended, or was never made, or the team is not there any more.
    case closed(federation: String)
  }

  public enum Outcome: Sendable, Equatable {
    case kept
    /// A sentence for each field that keeps it from being taken.
    case refused([String: String])
    case closed
  }

  private let installation: Installation

  public init(_ installation: Installation) { self.installation = installation }

  private struct Found {
    let request: Identifier<SheetRequest>
    let structure: Identifier<Structure>
    let through: CivilDate
    let isAnswered: Bool
    let recipient: String
  }

  /// The request of a link, led to the team that took the place of a merged one.
  private static func found(_ token: String, _ connection: any Connection) throws -> Found? {
    guard let id = try SignedLink<SheetRequest>(SheetConfirmation.linkPurpose, connection)?.subject(of: token),
      let row = try connection.first(
        """
        SELECT r.structure_id, r.through, r.answered_at, COALESCE(r.name || ' (' || r.email || ')', r.email) FROM sheet_request r
        JOIN structure s ON s.id = r.structure_id AND s.removed_at IS NULL WHERE r.id = \(id)
        """)
    else { return nil }
    let answered: Instant? = try row[2]
    return Found(request: id, structure: try row[0], through: try row[1], isAnswered: answered != nil, recipient: try row[3])
  }

  public func open(_ token: String) async throws -> State {
    try await installation.database.read { [now = installation.now] connection in
      let settings = try Settings(connection)
      let today = settings.today(now())
      let federation = settings.text(.federationName, on: today)
      guard let found = try Self.found(token, connection) else { return .closed(federation: federation) }
      if found.isAnswered {
        let day: CivilDate? = try connection.value("SELECT answered_on FROM sheet_answer WHERE request_id = \(found.request)")
        return .answered(day ?? today, federation: federation)
      }
      guard found.through >= today, let form = try RecordForm(StructureRecords(), found.structure.rawValue, connection) else {
        return .closed(federation: federation)
      }
      let names = try connection.rows(
        """
        SELECT \(Person.fullName) FROM person_function f JOIN person p ON p.id = f.person_id AND p.removed_at IS NULL
        WHERE f.structure_id = \(found.structure) AND f.removed_at IS NULL AND f.function = 'coordinateur' AND f.since <= \(today)
          AND \(today) < f.until ORDER BY p.name_fold
        """
      ).map { try $0[0] as String }
      let labels = Dictionary(StructureRecords().fields.map { ($0.name, $0.label) }, uniquingKeysWith: { first, _ in first })
      let lists = try ReferenceLists(connection)
      let commune: String? = try connection.value(
        "SELECT c.name FROM structure s JOIN commune c ON c.code = s.commune WHERE s.id = \(found.structure)")
      return .open(
        Opened(
          team: form.entries["nom", default: ""], federation: federation, through: found.through,
          entries: form.entries.filter { SheetConfirmation.fields.contains($0.key) },
          fields: SheetConfirmation.fields.map { ($0, labels[$0] ?? $0) }, levels: lists.values(of: .softwareLevel), commune: commune,
          type: StructureType(rawValue: form.entries["type", default: ""]) ?? .msp, coordination: names.joined(separator: ", ")))
    }
  }

  /// Keeps an answer: that all is right, or what is not. Sent twice, it is kept once.
  /// - Parameters:
  ///   - shown: the texts of the fields that the page showed, `nil` when all is right: only what differs from them is proposed.
  /// - Throws: `TooManyAttempts`.
  public func answer(_ token: String, shown: Entries = [:], proposed: Entries? = nil, from origin: Origin) async throws -> Outcome {
    let now = installation.now()
    return try await installation.database.write { [installation] connection in
      _ = try Attempt.take([Attempt(.sheetClient, origin.client ?? "inconnu")], at: now, ids: installation.ids, connection)
      let today = try Settings(connection).today(now)
      guard let found = try Self.found(token, connection), found.through >= today || found.isAnswered else { return .closed }
      if found.isAnswered { return .kept }
      let names = SheetConfirmation.fields + [SheetConfirmation.coordination]
      let changed = (proposed ?? [:]).filter { names.contains($0.key) && $0.value != shown[$0.key, default: ""] }
      let asked = changed.filter { SheetConfirmation.fields.contains($0.key) }
      var faults = Dictionary(
        try RecordForm.faults(entering: asked, StructureRecords(), found.structure.rawValue, today: today, connection).map { fault in
          (fault.column, "\(fault.reason.prefix(1).uppercased())\(fault.reason.dropFirst()).")
        }, uniquingKeysWith: { first, _ in first })
      if changed[SheetConfirmation.coordination, default: ""].count > 500 {
        faults[SheetConfirmation.coordination] = "500 caractères au plus."
      }
      guard faults.isEmpty else { return .refused(faults) }
      try connection.execute("UPDATE sheet_request SET answered_at = \(Instant(now)) WHERE id = \(found.request)")
      let answer = installation.ids.next(SheetAnswer.self)
      try connection.execute(
        """
        INSERT INTO sheet_answer (id, request_id, structure_id, answered_on, answered_by)
        VALUES (\(answer), \(found.request), \(found.structure), \(today), \(found.recipient))
        """)
      let proposals = names.compactMap { name in changed[name].map { (name: name, before: shown[name, default: ""], proposed: $0) } }
      try connection.insert(into: "sheet_proposal (id, answer_id, field, before, proposed, state)", proposals) { proposal in
        """
        \(installation.ids.next(SheetProposal.self)), \(answer), \(proposal.name), \(proposal.before), \(proposal.proposed),
        \(ProposalState.waiting)
        """
      }
      try Recorder(ids: installation.ids, now: installation.now, actor: nil).log(
        proposals.isEmpty ? .sheetConfirmed : .sheetProposed, StructureRecords().name, found.structure.rawValue, connection)
      return .kept
    }
  }
}

extension Records.Operation {
  static let sheetRequested = Records.Operation(rawValue: "fiche envoyée à confirmer")
  static let sheetConfirmed = Records.Operation(rawValue: "fiche confirmée")
  static let sheetProposed = Records.Operation(rawValue: "corrections proposées")
  static let proposalAccepted = Records.Operation(rawValue: "correction acceptée")
}
