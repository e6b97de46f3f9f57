import Records
import Store

/// The opinions of commissions, in somebody's name. Each operation is one transaction and one event.
public struct CommissionDesk: Sendable {
  private let installation: Installation
  private let actor: Account

  public init(_ installation: Installation, actor: Account) {
    (self.installation, self.actor) = (installation, actor)
  }

  private var editor: JointEditor { JointEditor(ids: installation.ids, now: installation.now, actor: actor.id.rawValue) }

  /// Writes down what the commission said. A favourable opinion dates the team's stage and mark of that day, in the same operation.
  /// The form sent twice does it once.
  /// - Throws: `FieldRefusal` (`avis`, `avis_le`, `motif`), `Refusal`.
  public func give(
    _ opinion: CommissionOpinion, on day: CivilDate?, because reason: String, to id: Identifier<CommissionFile>
  ) async throws {
    let reason = PastedText.cleaned(reason)
    guard reason.count <= 2_000 else { throw FieldRefusal("motif", "Donnez les réserves ou le motif en 2 000 caractères au plus.") }
    try await installation.database.write { [installation, editor] connection in
      let kind = CommissionFileRecords()
      let context = try kind.context(connection)
      guard let old = try kind.stored(connection, .ids([id.rawValue]), context).first?.draft, let team = old.structure,
        let sitting = old.sitting.flatMap({ context.sittings[$0] })
      else { throw Refusal("Ce dossier n’existe plus.") }
      let given = day ?? sitting.date
      if old.opinion == opinion, old.opinionOn == given { return }
      guard old.opinion == nil else { throw Refusal("Ce dossier a déjà un avis\u{A0}: retirez-le d’abord.") }
      let today = try Settings(connection).today(installation.now())
      guard sitting.date <= today else {
        throw FieldRefusal("avis", "La séance du \(sitting.date) n’a pas encore eu lieu\u{A0}: l’avis se note ensuite.")
      }
      guard (sitting.date...today).contains(given) else {
        throw FieldRefusal("avis_le", "Donnez un jour entre la séance du \(sitting.date) et aujourd’hui.")
      }
      let writer = try editor.begin(.opinion, kind.name, id.rawValue, connection)
      try writer.put(kind) { _ in
        var draft = old
        (draft.opinion, draft.opinionOn, draft.reason) = (opinion, given, reason.isEmpty ? nil : reason)
        return [RecordWrite(id: id.rawValue, isNew: false, old: old, draft: draft)]
      }
      if opinion.isFavourable {
        let commission = context.lists.label(of: sitting.commission, in: .commission)
        let note = "\(commission) du \(sitting.date)\(opinion == .withReserves ? ", avec réserves" : "")"
        try recognise(team, on: given, note, writer)
      }
      try connection.execute(
        "INSERT INTO commission_opinion (id, file_id, event_id) VALUES (\(installation.ids.next(CommissionFile.self)), \(id), \(writer.event))"
      )
    }
  }

  /// The stage and the mark that the team does not have yet on the day.
  private func recognise(_ team: Identifier<Structure>, on day: CivilDate, _ note: String, _ writer: JointWriter) throws {
    let connection = writer.connection
    let span = try connection.first(
      "SELECT type, stage FROM structure_span WHERE structure_id = \(team) AND since <= \(day) AND \(day) < until")
    guard let span else { return }
    let (type, stage): (StructureType, Stage?) = (try span[0], try span[1])
    var states: [StateCode] = []
    let (reached, validated) = (stage.flatMap { type.stages.firstIndex(of: $0) } ?? -1, type.stages.firstIndex(of: .valide))
    if let validated, reached < validated { states.append(.stage(.valide)) }
    let isRecognised = try connection.first(
      """
      SELECT 1 FROM structure_state WHERE structure_id = \(team) AND state = \(Facet.reconnue) AND removed_at IS NULL
        AND since <= \(day) AND \(day) < until
      """)
    if isRecognised == nil { states.append(.facet(.reconnue)) }
    let writes = states.map { state in
      RecordWrite(
        id: installation.ids.next(DatedState.self).rawValue, isNew: true, old: nil,
        draft: StateRecords.Draft(structure: team, state: state, since: day, note: note))
    }
    try writer.put(StateRecords()) { _ in writes }
  }

  /// Takes an opinion back, with the states that it made, all but what has changed since.
  /// - Returns: what stays as it is, with the name of its kind.
  /// - Throws: `Refusal`.
  public func takeBack(_ id: Identifier<CommissionFile>) async throws -> [(kind: String, kept: UndoOutcome.Kept)] {
    let found = try await installation.database.read { connection in
      try connection.first(
        "SELECT id, event_id FROM commission_opinion WHERE file_id = \(id) AND undone_at IS NULL ORDER BY id DESC LIMIT 1"
      ).map { row -> (Identifier<CommissionFile>, Identifier<AuditEvent>) in (try row[0], try row[1]) }
    }
    guard let (opinion, event) = found else {
      // One that a file brought made no states.
      try await clear(id)
      return []
    }
    return try await installation.database.write { [installation, editor] connection in
      guard try connection.first("SELECT 1 FROM commission_opinion WHERE id = \(opinion) AND undone_at IS NULL") != nil else { return [] }
      let outcomes = try editor.undo(
        event, about: id.rawValue, of: [CommissionFileRecords(), StateRecords()], among: installation.model.kinds, connection)
      try connection.execute("UPDATE commission_opinion SET undone_at = \(Instant(installation.now())) WHERE id = \(opinion)")
      return outcomes.sorted { $0.key < $1.key }.flatMap { kind, outcome in outcome.kept.map { (kind: kind, kept: $0) } }
    }
  }

  private func clear(_ id: Identifier<CommissionFile>) async throws {
    let outcome = try await installation.editor(of: CommissionFileRecords(), for: actor).change(id.rawValue, as: .opinionTakenBack) {
      draft in
      guard draft.opinion != nil else { throw Refusal("Ce dossier n’a pas d’avis.") }
      (draft.opinion, draft.opinionOn, draft.reason) = (nil, nil, nil)
    }
    if case .gone = outcome { throw Refusal("Ce dossier n’existe plus.") }
  }
}

extension Operation {
  static let opinion = Operation(rawValue: "avis de commission")
  static let opinionTakenBack = Operation(rawValue: "avis retiré")
}
