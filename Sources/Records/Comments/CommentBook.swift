import Foundation
import Store

/// Writes comments in somebody's name, each in the caller's transaction; who may read and write them is the caller's to say.
public struct CommentBook: Sendable {
  private let ids: IdentifierSource
  private let now: @Sendable () -> Date
  private let recorder: Recorder
  private let account: Int64

  /// What the trail calls the text.
  public static let property = "texte"

  public init(ids: IdentifierSource, now: @escaping @Sendable () -> Date, account: Int64) {
    self.ids = ids
    self.now = now
    self.account = account
    recorder = Recorder(ids: ids, now: now, actor: account)
  }

  /// - Parameter mentioned: the accounts that it calls.
  /// - Returns: `false` when it is there already, as of a form that was sent twice.
  public func write(
    _ id: Identifier<RecordComment>, on record: Int64, of kind: String, _ text: String, mentioning mentioned: [Int64],
    _ connection: any Connection
  ) throws -> Bool {
    guard try RecordComment(id, connection) == nil else { return false }
    try recorder.note(.commentWriting, RecordComment.auditKind, id.rawValue, from: [:], to: [:], version: 1, connection)
    try connection.execute(
      """
      INSERT INTO comment (id, kind, record_id, account_id, text, written_at)
      VALUES (\(id), \(kind), \(record), \(account), \(text), \(Instant(now())))
      """)
    try connection.insert(into: "comment_mention (comment_id, account_id)", mentioned) { "\(id), \($0)" }
    return true
  }

  /// - Returns: those mentioned who were not before.
  public func change(
    _ comment: RecordComment, to text: String, mentioning mentioned: [Int64], _ connection: any Connection
  ) throws -> [Int64] {
    let version = comment.version + 1
    try recorder.note(
      .commentChange, RecordComment.auditKind, comment.id.rawValue, from: [Self.property: comment.text], to: [Self.property: text],
      version: version, connection)
    try connection.execute(
      "UPDATE comment SET text = \(text), edited_at = \(Instant(now())), version = \(version) WHERE id = \(comment.id)")
    let before: [Int64] = try connection.rows("SELECT account_id FROM comment_mention WHERE comment_id = \(comment.id)").map { try $0[0] }
    try connection.execute("DELETE FROM comment_mention WHERE comment_id = \(comment.id)")
    try connection.insert(into: "comment_mention (comment_id, account_id)", mentioned) { "\(comment.id), \($0)" }
    return mentioned.filter { !before.contains($0) }
  }

  /// What the comment said before it was last changed; `nil` when it never was, or when that was forgotten.
  public static func earlierText(of comment: RecordComment, _ connection: any Connection) throws -> String? {
    let change: String? = try connection.value(
      """
      SELECT i.change FROM image i JOIN event e ON e.id = i.event_id
      WHERE i.kind = \(RecordComment.auditKind) AND i.record_id = \(comment.id) AND i.version = \(comment.version)
        AND e.operation = \(Operation.commentChange)
      """)
    guard let change, case .text(let text) = try Change(text: change).before[Self.property] else { return nil }
    return text
  }

  /// Takes a comment back, or says it again.
  public func mark(_ comment: RecordComment, removed: Bool, _ connection: any Connection) throws {
    guard comment.isRemoved != removed else { return }
    let version = comment.version + 1
    try recorder.note(
      removed ? .commentRemoval : .commentRestoration, RecordComment.auditKind, comment.id.rawValue, from: [:], to: [:], version: version,
      connection)
    let moment = removed ? Instant(now()) : nil
    try connection.execute("UPDATE comment SET removed_at = \(moment), version = \(version) WHERE id = \(comment.id)")
  }
}
