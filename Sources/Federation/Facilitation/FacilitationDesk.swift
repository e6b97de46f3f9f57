import Records
import Store
import Tables

/// What is done with a facilitation once it is asked for, in somebody's name. Each operation is one transaction and one event.
public struct FacilitationDesk: Sendable {
  /// A write-up as its form sends it.
  public struct WriteUp: Sendable {
    /// What is left to do after it.
    public struct Step: Sendable {
      /// So that the form sent twice makes one task.
      public let id: Identifier<ToDo>
      public let title: String
      public let due: CivilDate
      public let account: Identifier<Account>

      public init(id: Identifier<ToDo>, title: String, due: CivilDate, account: Identifier<Account>) {
        (self.id, self.title, self.due, self.account) = (id, title, due, account)
      }
    }

    public let report: String
    public let minutes: Int?
    public let satisfaction: Int?
    public let feedback: String?
    public let steps: [Step]

    public init(report: String, minutes: Int?, satisfaction: Int?, feedback: String?, steps: [Step]) {
      (self.report, self.minutes, self.satisfaction, self.feedback, self.steps) = (report, minutes, satisfaction, feedback, steps)
    }

    /// The same with what the team said of it.
    public func with(satisfaction: Int?, feedback: String?) -> WriteUp {
      WriteUp(report: report, minutes: minutes, satisfaction: satisfaction, feedback: feedback, steps: steps)
    }
  }

  private let installation: Installation
  private let actor: Account

  public init(_ installation: Installation, actor: Account) {
    (self.installation, self.actor) = (installation, actor)
  }

  private var editor: JointEditor { JointEditor(ids: installation.ids, now: installation.now, actor: actor.id.rawValue) }

  /// Says that it was held: it counts from then on.
  /// - Throws: `FieldRefusal` (`date`), `Refusal`.
  public func hold(_ id: Identifier<Facilitation>, on day: CivilDate, minutes: Int?) async throws {
    try await change(id, as: .holding) { draft in
      guard draft.state?.isAhead ?? true else { throw Refusal("Cette facilitation est déjà tenue ou annulée.") }
      (draft.state, draft.date, draft.minutes) = (.held, day, minutes ?? draft.minutes)
    }
  }

  /// Takes back that it was held, or that it was cancelled or postponed.
  /// - Throws: `Refusal`.
  public func reopen(_ id: Identifier<Facilitation>) async throws {
    try await change(id, as: .reopening) { draft in
      guard draft.report == nil else { throw Refusal("Son bilan est écrit\u{A0}: effacez-le d’abord si elle ne s’est pas tenue.") }
      (draft.state, draft.reason) = (.requested, nil)
    }
  }

  /// Puts it off: it has no day until somebody gives it one.
  /// - Throws: `FieldRefusal` (`motif`), `Refusal`.
  public func postpone(_ id: Identifier<Facilitation>, because reason: String) async throws {
    try await change(id, as: .deferral) { draft in
      guard draft.state?.isAhead ?? true else { throw Refusal("Cette facilitation est déjà tenue ou annulée.") }
      (draft.state, draft.date, draft.time, draft.reason) = (.postponed, nil, nil, try Self.reason(reason))
    }
  }

  /// - Throws: `FieldRefusal` (`motif`), `Refusal`.
  public func cancel(_ id: Identifier<Facilitation>, because reason: String) async throws {
    try await change(id, as: .cancellation) { draft in
      guard draft.state?.isAhead ?? true else { throw Refusal("Cette facilitation est déjà tenue ou annulée.") }
      (draft.state, draft.reason) = (.cancelled, try Self.reason(reason))
    }
  }

  /// Names facilitators of the network, beside those who are named. Done twice, it is done once.
  /// - Throws: `Refusal`.
  public func name(_ facilitators: [Identifier<Facilitator>], of id: Identifier<Facilitation>) async throws {
    guard !facilitators.isEmpty else { throw Refusal("Cochez au moins une personne.") }
    let people: [Identifier<Person>] = try await installation.database.read { connection in
      try connection.rows(
        """
        SELECT w.person_id FROM facilitator w JOIN person p ON p.id = w.person_id AND p.removed_at IS NULL
        WHERE w.removed_at IS NULL AND w.id IN \(list: facilitators)
        """
      ).map { try $0[0] }
    }
    guard people.count == Set(facilitators).count else {
      throw Refusal("L’une de ces personnes n’est plus dans le réseau\u{A0}: relisez la liste.")
    }
    try await change(id, as: .naming) { draft in
      guard draft.state?.isAhead ?? true else { throw Refusal("Cette facilitation est déjà tenue ou annulée.") }
      draft.facilitators = Set(draft.facilitators + people.map(Named.record)).sorted()
    }
  }

  private static func reason(_ text: String) throws -> String {
    let text = text.withoutSpacesAround
    guard !text.isEmpty, text.count <= 1_000 else { throw FieldRefusal("motif", "Dites pourquoi, en 1 000 caractères au plus.") }
    return text
  }

  private func change(
    _ id: Identifier<Facilitation>, as operation: Operation,
    _ edit: @escaping @Sendable (inout FacilitationRecords.Draft) throws -> Void
  ) async throws {
    switch try await installation.editor(of: FacilitationRecords(), for: actor).change(id.rawValue, as: operation, edit) {
    case .refused(let faults):
      guard let fault = faults.first else { return }
      throw FieldRefusal(fault.column, "\(fault.reason.prefix(1).uppercased())\(fault.reason.dropFirst()).")
    case .gone: throw Refusal("Cette facilitation n’existe plus.")
    case .saved, .unchanged, .warned, .conflict: break
    }
    // Whoever was asked or has it in a calendar is told.
    try await installation.database.write { [installation] connection in
      let state: FacilitationState? = try connection.value("SELECT state FROM facilitation WHERE id = \(id) AND removed_at IS NULL")
      if let state, !state.isAhead { try InvitationDesk.dismiss(waitingFor: id, installation, connection) }
      try FacilitationCalendar.bringUpToDate(installation, only: id, connection)
    }
  }

  /// Writes what came out of it, with what is left to do: tasks of its team, or of nobody's.
  /// - Parameters:
  ///   - version: of the record that the form showed.
  ///   - isHeld: whoever was there says with it that it took place, on its day.
  /// - Throws: `FieldRefusal` (`bilan`, `suite_1`…), `Refusal`.
  public func write(_ writeUp: WriteUp, of id: Identifier<Facilitation>, from version: Int, isHeld: Bool = false) async throws {
    let report = PastedText.cleaned(writeUp.report)
    guard !report.isEmpty else { throw FieldRefusal("bilan", "Écrivez le bilan, en quelques lignes au moins.") }
    guard report.count <= 20_000 else { throw FieldRefusal("bilan", "Le bilan dépasse 20 000 caractères.") }
    try await installation.database.write { [editor, now = installation.now] connection in
      let kind = FacilitationRecords()
      guard let stored = try connection.first("SELECT version FROM facilitation WHERE id = \(id) AND removed_at IS NULL"),
        let old = try kind.stored(connection, .ids([id.rawValue]), kind.context(connection)).first?.draft
      else { throw Refusal("Cette facilitation n’existe plus.") }
      let today = try Settings(connection).today(now())
      let isOver = old.state == .dated && old.date.map { $0 <= today } ?? false
      guard old.state?.isHeld ?? false || (isHeld && isOver) else {
        throw Refusal("Le bilan s’écrit une fois la rencontre tenue\u{A0}: dites d’abord qu’elle l’est.")
      }
      let known: Set<Int64> = try Set(
        connection.rows("SELECT id FROM todo WHERE id IN \(list: writeUp.steps.map(\.id))").map { try $0[0] })
      let steps = writeUp.steps.filter { !known.contains($0.id.rawValue) }
      var draft = old
      if isOver { draft.state = .held }
      (draft.report, draft.minutes, draft.satisfaction) = (report, writeUp.minutes, writeUp.satisfaction)
      draft.feedback = writeUp.feedback
      // The form sent twice: nothing is left to write.
      if draft == old || (draft.report == old.report && steps.isEmpty && !writeUp.steps.isEmpty) { return }
      guard try stored[0] == version else {
        throw Refusal("Une autre personne a changé cette facilitation pendant votre saisie\u{A0}: relisez, puis enregistrez à nouveau.")
      }
      let writer = try editor.begin(.writeUp, kind.name, id.rawValue, connection)
      let written = draft
      try writer.put(kind) { _ in [RecordWrite(id: id.rawValue, isNew: false, old: old, draft: written)] }
      for (number, step) in steps.enumerated() {
        let title = step.title.withoutSpacesAround
        guard !title.isEmpty, title.count <= 200 else {
          throw FieldRefusal("suite_\(number + 1)", "Dites ce qu’il reste à faire, en 200 caractères au plus.")
        }
        guard try connection.first("SELECT 1 FROM account WHERE id = \(step.account) AND closed_at IS NULL") != nil else {
          throw FieldRefusal("suite_\(number + 1)", "Ce compte est fermé\u{A0}: choisissez quelqu’un d’autre.")
        }
        try writer.put(ToDoRecords()) { _ in
          let task = ToDoRecords.Draft(
            title: title, due: step.due, structure: old.structures.count == 1 ? old.structures[0] : nil, assignee: .record(step.account),
            note: "Après une facilitation\(old.date.map { " du \($0)" } ?? "")", reference: step.id.description)
          return [RecordWrite(id: step.id.rawValue, isNew: true, old: nil, draft: task)]
        }
        try connection.execute("INSERT INTO facilitation_todo (facilitation_id, todo_id) VALUES (\(id), \(step.id))")
      }
    }
  }

  /// Says that an exchange was about it, or was not (FAC-08). Done twice, it is done once.
  /// - Throws: `Refusal` when one of them is not there for who acts.
  public func tie(_ exchange: Identifier<Exchange>, to id: Identifier<Facilitation>, isTied: Bool = true) async throws {
    try await installation.database.write { [installation, actor] connection in
      let known = try connection.first(
        """
        SELECT 1 FROM facilitation f, exchange e WHERE f.id = \(id) AND f.removed_at IS NULL AND e.id = \(exchange) AND e.removed_at IS NULL
          AND \(Exchange.readable(by: actor))
        """)
      guard known != nil else { throw Refusal("Cet échange ou cette facilitation n’existe plus.") }
      let tie: SQL = "facilitation_id = \(id) AND exchange_id = \(exchange)"
      guard try (connection.first("SELECT 1 FROM facilitation_exchange WHERE \(tie)") != nil) != isTied else { return }
      if isTied {
        try connection.execute("INSERT INTO facilitation_exchange (facilitation_id, exchange_id) VALUES (\(id), \(exchange))")
      } else {
        try connection.execute("DELETE FROM facilitation_exchange WHERE \(tie)")
      }
      try Recorder(ids: installation.ids, now: installation.now, actor: actor.id.rawValue).log(
        isTied ? .exchangeTied : .exchangeUntied, FacilitationRecords().name, id.rawValue, connection)
    }
  }
}

extension Operation {
  static let naming = Operation(rawValue: "facilitateurs nommés")
  static let holding = Operation(rawValue: "rencontre tenue")
  static let deferral = Operation(rawValue: "rencontre reportée")
  static let writeUp = Operation(rawValue: "bilan")
  static let exchangeTied = Operation(rawValue: "échange lié")
  static let exchangeUntied = Operation(rawValue: "échange délié")
}
