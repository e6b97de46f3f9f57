import Records
import Store

/// What is done with a task once it is noted. Each operation is one transaction and one event.
public struct ToDoDesk: Sendable {
  private let editor: RecordEditor<ToDoRecords>
  private let database: any Database

  /// - Parameter actor: who acts.
  public init(_ installation: Installation, actor: Identifier<Account>) {
    database = installation.database
    editor = RecordEditor(
      ToDoRecords(), installation.database, ids: installation.ids, now: installation.now, actor: actor.rawValue)
  }

  /// Notes what is left to do after an exchange, with the team when there is only one. Asked twice, it is noted once.
  /// - Throws: `Refusal`.
  public func note(
    _ id: Identifier<ToDo>, _ title: String, due: CivilDate, by account: Identifier<Account>, after exchange: Identifier<Exchange>
  ) async throws {
    let teams: [Identifier<Structure>] = try await database.read { connection in
      try connection.rows("SELECT structure_id FROM exchange_structure WHERE exchange_id = \(exchange) LIMIT 2").map { try $0[0] }
    }
    let draft = ToDoRecords.Draft(
      title: title, due: due, structure: teams.count == 1 ? teams[0] : nil, exchange: exchange, assignee: .record(account))
    try Self.expectDone(try await editor.create(id.rawValue, draft))
  }

  /// - Throws: `Refusal`.
  public func complete(_ id: Identifier<ToDo>, on day: CivilDate) async throws {
    try await change(id, as: .completion) { draft in
      try Self.requireOpen(draft)
      (draft.state, draft.doneOn) = (.done, day)
    }
  }

  /// - Throws: `Refusal`.
  public func cancel(_ id: Identifier<ToDo>) async throws {
    try await change(id, as: .cancellation) { draft in
      try Self.requireOpen(draft)
      draft.state = .cancelled
    }
  }

  /// Opens again what was done or cancelled.
  /// - Throws: `Refusal`.
  public func reopen(_ id: Identifier<ToDo>) async throws {
    try await change(id, as: .reopening) { draft in (draft.state, draft.doneOn) = (.open, nil) }
  }

  /// - Throws: `Refusal` when the new day has gone by.
  public func postpone(_ id: Identifier<ToDo>, to day: CivilDate, today: CivilDate) async throws {
    guard day >= today else { throw Refusal("La nouvelle échéance est déjà passée.") }
    try await change(id, as: .postponement) { draft in
      try Self.requireOpen(draft)
      draft.due = day
    }
  }

  /// - Throws: `Refusal`.
  public func handOver(_ id: Identifier<ToDo>, to account: Identifier<Account>) async throws {
    try await change(id, as: .handOver) { draft in
      try Self.requireOpen(draft)
      draft.assignee = .record(account)
    }
  }

  private static func requireOpen(_ draft: ToDoRecords.Draft) throws {
    guard draft.state == .open else { throw Refusal("Cette tâche est déjà faite ou annulée\u{A0}: rouvrez-la d’abord.") }
  }

  private func change(
    _ id: Identifier<ToDo>, as operation: Operation, _ edit: @escaping @Sendable (inout ToDoRecords.Draft) throws -> Void
  ) async throws {
    try Self.expectDone(try await editor.change(id.rawValue, as: operation, edit))
  }

  private static func expectDone(_ outcome: RecordEditor<ToDoRecords>.Outcome) throws {
    switch outcome {
    case .saved, .unchanged, .conflict, .warned: break
    case .refused(let faults): throw Refusal(faults.map(\.reason).joined(separator: " ; "))
    case .gone: throw Refusal("Cette tâche n’existe plus.")
    }
  }
}

extension Operation {
  static let completion = Operation(rawValue: "fait")
  static let cancellation = Operation(rawValue: "abandon")
  static let reopening = Operation(rawValue: "réouverture")
  static let postponement = Operation(rawValue: "report")
  static let handOver = Operation(rawValue: "passation")
}
