import Foundation
import Records
import Store

/// A notice as its reader may see it on the day of reading.
public struct NoticeEntry: Sendable {
  public let id: Identifier<NoticeEntry>
  public let matter: NoticeMatter
  /// The record kind's name.
  public let kind: String
  public let record: Int64
  public let at: Instant
  public let isRead: Bool
  /// Who did it; `nil` for a command run by hand.
  public let actor: String?
  /// What the record is called; `nil` when it is not the reader's to see any more, or in the bin.
  public let title: String?
  /// The beginning of the comment.
  public let excerpt: String?
  /// The stage that a team came into.
  public let state: StateCode?
  /// What it says is for few, and for no letter.
  public let isConfidential: Bool

  private static let kinds = ["structures", "personnes", "organisations", "echanges", "taches", "premiers_contacts"]

  /// Those that are not read first, the latest first.
  /// - Parameter condition: on notices `n`.
  public static func all(
    of reader: Account, where condition: SQL = "", limit: Int = 100, _ connection: any Connection
  ) throws -> [NoticeEntry] {
    let titles = kinds.compactMap { kind -> SQL? in
      guard reader.role.isStaff, let open = reader.open(kind), let title = RecordTitles.tables.first(where: { $0.kind == kind })?.title
      else { return nil }
      return "WHEN \(kind) THEN (SELECT \(title) FROM \(open.rows) AND \(open.id) = n.record_id)"
    }
    let title: SQL = titles.isEmpty ? "NULL" : "CASE n.kind \(titles.joined(by: " ")) END"
    return try connection.rows(
      """
      SELECT n.id, n.matter, n.kind, n.record_id, n.at, n.read_at IS NOT NULL,
        (SELECT a.name FROM account a WHERE a.id = n.actor_id), \(title),
        (SELECT m.text FROM comment m WHERE m.id = n.source_id AND m.removed_at IS NULL),
        (SELECT x.state FROM structure_state x WHERE x.id = n.source_id AND x.removed_at IS NULL),
        EXISTS (
          SELECT 1 FROM exchange h WHERE h.visibility = 'confidentielle' AND h.id = CASE n.kind
            WHEN 'echanges' THEN n.record_id WHEN 'taches' THEN (SELECT k.exchange_id FROM todo k WHERE k.id = n.record_id) END)
      FROM notice n WHERE n.account_id = \(reader.id) \(condition)
      ORDER BY CASE WHEN n.read_at IS NULL THEN 0 ELSE 1 END, n.id DESC LIMIT \(limit)
      """
    ).compactMap { row in
      guard let matter = NoticeMatter(rawValue: try row[1]) else { return nil }
      let (title, text, state): (String?, String?, String?) = (try row[7], try row[8], try row[9])
      return NoticeEntry(
        id: try row[0], matter: matter, kind: try row[2], record: try row[3], at: try row[4], isRead: try row[5], actor: try row[6],
        title: title.map { shortened($0, to: 120) }, excerpt: title == nil ? nil : text.map { shortened($0, to: 160) },
        state: state.flatMap { StateCode($0) }, isConfidential: try row[10])
    }
  }

  /// The first line, and no more of it than a list bears.
  private static func shortened(_ text: String, to limit: Int) -> String {
    let line = text.split(whereSeparator: \.isNewline).first.map(String.init) ?? text
    return line.count > limit ? "\(line.prefix(limit))…" : line
  }
}

/// What one does with one's own notices.
public struct NoticeDesk: Sendable {
  private let installation: Installation
  private let account: Account

  public init(_ installation: Installation, for account: Account) {
    self.installation = installation
    self.account = account
  }

  /// - Parameter id: all of them without one.
  public func markRead(_ id: Identifier<NoticeEntry>? = nil) async throws {
    let moment = Instant(installation.now())
    try await installation.database.write { [account] connection in
      try Notice.markRead(id?.rawValue, of: account.id.rawValue, at: moment, connection)
    }
  }

  /// What the account is told of from now on, and how.
  public func choose(_ chosen: Set<NoticeChoice>) async throws {
    try await installation.database.write { [account] connection in
      try NoticeChoice.keep(chosen, of: account.id, connection)
    }
  }

  /// One of the account's own.
  public func entry(_ id: Identifier<NoticeEntry>) async throws -> NoticeEntry? {
    try await installation.database.read { [account] connection in
      try NoticeEntry.all(of: account, where: "AND n.id = \(id)", limit: 1, connection).first
    }
  }
}
