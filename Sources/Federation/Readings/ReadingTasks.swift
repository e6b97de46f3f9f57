import Foundation
import Records
import Store

/// What the readers have to do: a task of each, led along with the reading, in the same transaction.
struct ReadingTasks {
  private struct Known {
    let account: Identifier<Account>
    let task: Int64
    /// The reading ended it, and nobody else.
    let isEnded: Bool
  }

  private let reading: Int64
  private let draft: ReadingRecords.Draft
  private let writing: Writing
  private let connection: any Connection

  init(reading: Int64, _ draft: ReadingRecords.Draft, _ writing: Writing, _ connection: any Connection) {
    (self.reading, self.draft, self.writing, self.connection) = (reading, draft, writing, connection)
  }

  static let title = "Relire le projet de santé"

  func follow() throws {
    guard let due = draft.due, let state = draft.state else { return }
    let known = try connection.rows(
      """
      SELECT x.account_id, t.id, x.ended FROM reading_task x JOIN todo t ON t.id = x.todo_id AND t.removed_at IS NULL
      WHERE x.reading_id = \(reading)
      """
    ).map { Known(account: try $0[0], task: try $0[1], isEnded: try $0[2]) }
    let newcomers = state.isOpen ? draft.readers.filter { reader in !known.contains { $0.account == reader } } : []
    let made = newcomers.map { (account: $0, task: writing.ids.next(ToDo.self)) }
    let changed = try led(known, to: due, state)
    let writes =
      changed
      + made.map { one in
        RecordWrite(
          id: one.task.rawValue, isNew: true, old: nil,
          draft: ToDoRecords.Draft(title: Self.title, due: due, structure: draft.structure, assignee: .record(one.account)))
      }
    guard !writes.isEmpty else { return }
    let editor = JointEditor(ids: writing.ids, now: { [moment = writing.moment.date] in moment }, actor: writing.actor)
    try editor.begin(.readingTasks, ReadingRecords().name, reading, connection).put(ToDoRecords()) { _ in writes }
    try connection.insert(
      into: "reading_task (reading_id, account_id, todo_id, ended)", made,
      suffix: "ON CONFLICT (reading_id, account_id) DO UPDATE SET todo_id = excluded.todo_id, ended = excluded.ended"
    ) { "\(reading), \($0.account), \($0.task), \(false)" }
    for one in changed where (one.old?.state == .open) != (one.draft.state == .open) {
      try connection.execute(
        "UPDATE reading_task SET ended = \(one.draft.state != .open) WHERE reading_id = \(reading) AND todo_id = \(one.id)")
    }
  }

  /// Those that there are already. What somebody did or gave up stays so.
  private func led(_ known: [Known], to due: CivilDate, _ state: ReadingState) throws -> [RecordWrite<ToDoRecords.Draft>] {
    guard !known.isEmpty else { return [] }
    let kind = ToDoRecords()
    return try kind.stored(connection, .ids(known.map(\.task)), kind.context(connection)).compactMap { task in
      guard let one = known.first(where: { $0.task == task.id }) else { return nil }
      var led = task.draft
      (led.due, led.structure) = (due, draft.structure)
      let isWanted = draft.readers.contains(one.account)
      if isWanted, state.isOpen {
        if one.isEnded { (led.state, led.doneOn) = (.open, nil) }
      } else if led.state == .open {
        let isDone = isWanted && draft.renderedOn != nil
        (led.state, led.doneOn) = isDone ? (.done, draft.renderedOn) : (.cancelled, nil)
      }
      return led == task.draft ? nil : RecordWrite(id: task.id, isNew: false, old: task.draft, draft: led)
    }
  }
}

extension Records.Operation {
  static let readingTasks = Operation(rawValue: "tâches d’une relecture")
}
