import Synchronization

/// Which texts each connection of a pool has prepared.
final class PreparedTexts: Sendable {
  /// More than the pages in use have statements, and little memory: 5 to 50 kB each.
  static let limit = 256
  private let texts = Mutex<[ObjectIdentifier: Set<Int>]>([:])

  /// Notes the text; `true` when it is one too many, and the connection begins anew with it alone.
  func isFull(with text: String, on connection: ObjectIdentifier) -> Bool {
    texts.withLock { texts in
      guard texts[connection, default: []].insert(text.hashValue).inserted, texts[connection, default: []].count > Self.limit else {
        return false
      }
      texts[connection] = [text.hashValue]
      return true
    }
  }
}
