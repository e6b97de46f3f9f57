import Foundation
import Records
import Store

/// Something that happened and that some are told of: whoever may not read the record, does not want to know, or did it, is not.
struct NoticeEvent {
  let matter: NoticeMatter
  let record: Int64
  let kind: String
  /// The comment, the exchange or the stage.
  let source: Int64
  let actor: Int64?
  let moment: Instant

  init(_ matter: NoticeMatter, record: Int64, kind: String, source: Int64, actor: Int64?, at moment: Instant) {
    (self.matter, self.record, self.kind) = (matter, record, kind)
    (self.source, self.actor, self.moment) = (source, actor, moment)
  }

  func of(_ matter: NoticeMatter) -> NoticeEvent {
    NoticeEvent(matter, record: record, kind: kind, source: source, actor: actor, at: moment)
  }

  func tell(_ accounts: [Int64], ids: IdentifierSource, _ connection: any Connection) throws {
    let wanting = try matter.choice.chosen(by: accounts.filter { $0 != actor }, connection)
    guard !wanting.isEmpty else { return }
    let readers = try Colleagues(wanting.sorted(), at: moment.date, connection).readers(of: record, kind: kind, connection)
    try Notice.tell(
      readers.map(\.id.rawValue), matter.rawValue, record, of: kind, because: source, by: actor, at: moment, ids: ids, connection)
  }

  /// What happened longer ago is brought in, not news.
  private static let news = 31

  private static func isNews(_ day: CivilDate, _ moment: Instant) -> Bool {
    day >= CivilDate(of: moment.date, in: .gmt).adding(days: -news)
  }

  /// Files bring thousands of records, and most federations watch few of them.
  private static func isAnythingWatched(_ kind: String, _ connection: any Connection) throws -> Bool {
    try connection.first("SELECT 1 FROM record_watcher WHERE kind = \(kind) AND stopped_at IS NULL LIMIT 1") != nil
  }
}

extension NoticeEvent {
  /// Exchanges that have just been noted, to those who watch one of those whom they are with.
  static func exchanges(
    _ writes: [RecordWrite<ExchangeRecords.Draft>], _ writing: Writing, _ connection: any Connection
  ) throws {
    let fresh = writes.filter { $0.isNew && ($0.draft.date.map { isNews($0, writing.moment) } ?? false) }
    guard !fresh.isEmpty else { return }
    let kinds = try ["structures", "personnes", "organisations"].filter { try isAnythingWatched($0, connection) }
    guard !kinds.isEmpty else { return }
    for write in fresh {
      let named: [String: [Int64]] = [
        "structures": write.draft.structures.map(\.rawValue), "personnes": write.draft.people.compactMap(\.recordID),
        "organisations": write.draft.organisations.compactMap(\.recordID),
      ]
      let watchers = try Set(kinds.flatMap { try Watcher.accounts(of: named[$0] ?? [], kind: $0, connection) })
      let event = NoticeEvent(
        .exchange, record: write.id, kind: "echanges", source: write.id, actor: writing.actor, at: writing.moment)
      try event.tell(watchers.sorted(), ids: writing.ids, connection)
    }
  }

  /// Stages that teams have just been said to come into.
  static func stages(
    _ entries: [(structure: Int64, state: String, since: CivilDate)], _ writing: Writing, _ connection: any Connection
  ) throws {
    let fresh = entries.filter { isNews($0.since, writing.moment) && StateCode($0.state)?.resultingStage != nil }
    guard !fresh.isEmpty, try isAnythingWatched("structures", connection) else { return }
    for entry in fresh {
      let watchers = try Watcher.accounts(of: [entry.structure], kind: "structures", connection)
      let state: Int64? = try connection.value(
        """
        SELECT id FROM structure_state WHERE structure_id = \(entry.structure) AND state = \(entry.state) AND since = \(entry.since)
          AND removed_at IS NULL
        """)
      guard !watchers.isEmpty, let state else { continue }
      let event = NoticeEvent(
        .stage, record: entry.structure, kind: "structures", source: state, actor: writing.actor, at: writing.moment)
      try event.tell(watchers, ids: writing.ids, connection)
    }
  }
}

extension Named {
  fileprivate var recordID: Int64? { if case .record(let id) = self { id.rawValue } else { nil } }
}
