import Records
import Store

/// What is decided at a meeting and approved afterwards, in somebody's name. Each operation is one transaction and one event.
public struct MeetingDesk: Sendable {
  /// A decision as a form asks for it.
  public struct Order: Sendable {
    public let body: String
    /// What was typed of each team: its name, or its reference.
    public let teams: [String]
    /// Whose task it becomes, by the account's identifier, and until when; `nil` for what is only told to teams.
    public let task: (account: Identifier<Account>, due: CivilDate)?

    public init(body: String, teams: [String], task: (account: Identifier<Account>, due: CivilDate)?) {
      (self.body, self.teams, self.task) = (body, teams, task)
    }
  }

  private let installation: Installation
  private let actor: Account

  public init(_ installation: Installation, actor: Account) {
    (self.installation, self.actor) = (installation, actor)
  }

  private var editor: JointEditor { JointEditor(ids: installation.ids, now: installation.now, actor: actor.id.rawValue) }

  /// Writes a decision down, with its task. The form carries the identifier: sent twice, it is done once.
  /// - Throws: `FieldRefusal` (`texte`, `structures`, `responsable`), `Refusal`.
  public func decide(_ id: Identifier<DecisionSummary>, at meeting: Identifier<Meeting>, _ order: Order) async throws {
    let body = PastedText.cleaned(order.body)
    guard !body.isEmpty, body.count <= 2_000 else { throw FieldRefusal("texte", "Écrivez la décision, en 2 000 caractères au plus.") }
    try await installation.database.write { [installation, editor, actor] connection in
      guard try connection.first("SELECT 1 FROM decision WHERE id = \(id)") == nil else { return }
      guard
        let row = try connection.first(
          "SELECT title, date FROM meeting m WHERE m.id = \(meeting) AND m.removed_at IS NULL AND \(Meeting.readable("m.id", by: actor))")
      else { throw Refusal("Ce compte rendu n’existe plus.") }
      let (title, date): (String, CivilDate) = (try row[0], try row[1])
      let teams = try Self.teams(order.teams, connection)
      guard order.task != nil || !teams.isEmpty else {
        throw FieldRefusal("responsable", "Dites qui s’en charge, ou quelle équipe la décision concerne.")
      }
      let writer = try editor.begin(.entry, DecisionRecords().name, id.rawValue, connection)
      var task: Identifier<ToDo>?
      if let asked = order.task {
        guard try connection.first("SELECT 1 FROM account WHERE id = \(asked.account) AND closed_at IS NULL") != nil else {
          throw FieldRefusal("responsable", "Ce compte est fermé\u{A0}: choisissez quelqu’un d’autre.")
        }
        let new = installation.ids.next(ToDo.self)
        try writer.put(ToDoRecords()) { _ in
          let draft = ToDoRecords.Draft(
            title: Self.heading(of: body), due: asked.due, structure: teams.count == 1 ? teams[0] : nil, assignee: .record(asked.account),
            note: "Décision du \(date)\u{A0}: \(title)", reference: new.description)
          return [RecordWrite(id: new.rawValue, isNew: true, old: nil, draft: draft)]
        }
        task = new
      }
      try writer.put(DecisionRecords()) { _ in
        let draft = DecisionRecords.Draft(reference: id.description, meeting: meeting, body: body, structures: teams, task: task)
        return [RecordWrite(id: id.rawValue, isNew: true, old: nil, draft: draft)]
      }
    }
  }

  /// Gives a decision up, with what was left to do after it.
  /// - Throws: `Refusal`.
  public func abandon(_ id: Identifier<DecisionSummary>, on day: CivilDate) async throws {
    try await change(id, as: .cancellation) { decision, task in
      guard decision.abandonedOn == nil, task?.state != .done else { throw Refusal("Cette décision est déjà faite ou abandonnée.") }
      decision.abandonedOn = day
      if task?.state == .open { task?.state = .cancelled }
    }
  }

  /// Takes a decision up again that was given up.
  /// - Throws: `Refusal`.
  public func resume(_ id: Identifier<DecisionSummary>) async throws {
    try await change(id, as: .reopening) { decision, task in
      decision.abandonedOn = nil
      if task?.state == .cancelled { task?.state = .open }
    }
  }

  private func change(
    _ id: Identifier<DecisionSummary>, as operation: Operation,
    _ edit: @escaping @Sendable (inout DecisionRecords.Draft, inout ToDoRecords.Draft?) throws -> Void
  ) async throws {
    try await installation.database.write { [editor, actor] connection in
      let kind = DecisionRecords()
      guard try connection.first("SELECT 1 FROM decision d WHERE d.id = \(id) AND \(Meeting.readable("d.id", by: actor))") != nil,
        let old = try kind.stored(connection, .ids([id.rawValue]), kind.context(connection)).first?.draft
      else { throw Refusal("Cette décision n’existe plus.") }
      let tasks = ToDoRecords()
      let task = try old.task.flatMap { try tasks.stored(connection, .ids([$0.rawValue]), tasks.context(connection)).first }
      var (draft, taskDraft) = (old, task?.draft)
      try edit(&draft, &taskDraft)
      let writer = try editor.begin(operation, kind.name, id.rawValue, connection)
      try writer.put(kind) { _ in [RecordWrite(id: id.rawValue, isNew: false, old: old, draft: draft)] }
      guard let task, let taskDraft else { return }
      try writer.put(tasks) { _ in [RecordWrite(id: task.id, isNew: false, old: task.draft, draft: taskDraft)] }
    }
  }

  /// What is written from now on is a correction.
  /// - Parameter day: `nil` takes the approval back.
  /// - Throws: `Refusal`.
  public func approve(_ id: Identifier<Meeting>, on day: CivilDate?) async throws {
    let outcome = try await installation.editor(of: MeetingRecords(), for: actor).change(
      id.rawValue, as: day == nil ? .disapproval : .approval
    ) { $0.approvedOn = day }
    switch outcome {
    case .refused(let faults): throw Refusal(faults.map(\.reason).joined(separator: " ; "))
    case .gone: throw Refusal("Ce compte rendu n’existe plus.")
    case .saved, .unchanged, .warned, .conflict: break
    }
  }

  private static func teams(_ texts: [String], _ connection: any Connection) throws -> [Identifier<Structure>] {
    let (meant, doubt) = try Naming.structures.meant(by: texts, connection)
    if let doubt { throw FieldRefusal("structures", "\(doubt.prefix(1).uppercased())\(doubt.dropFirst()).") }
    let index = try StructureIndex(connection)
    return try Set(
      meant.map { text in
        guard let team = try? index.identifier(text),
          try connection.first("SELECT 1 FROM structure WHERE id = \(team) AND removed_at IS NULL") != nil
        else {
          throw FieldRefusal(
            "structures", "«\u{202F}\(text.prefix(80))\u{202F}» n’est pas dans l’annuaire\u{A0}: choisissez une équipe proposée.")
        }
        return team
      }
    ).sorted()
  }

  /// What the task is called: the first line, as far as it goes in one.
  static func heading(of body: String) -> String { String((ExchangeSummary.heading(of: body) ?? body).prefix(200)) }
}

extension Operation {
  static let approval = Operation(rawValue: "approbation")
  static let disapproval = Operation(rawValue: "approbation retirée")
}
