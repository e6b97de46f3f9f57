import Foundation
import Records
import Store

/// What one does with comments. Each operation is one transaction and one event.
public struct CommentDesk: Sendable {
  private let installation: Installation
  private let account: Account

  /// There is no such record or comment, for that account.
  public struct Unknown: Error {}

  /// - Parameter account: that acts.
  public init(_ installation: Installation, for account: Account) {
    self.installation = installation
    self.account = account
  }

  private var book: CommentBook {
    CommentBook(ids: installation.ids, now: installation.now, account: account.id.rawValue)
  }

  /// Says something of a record; of one that was merged, on the one that was kept. Sent twice, it is said once.
  /// - Returns: the record.
  /// - Throws: `Refusal`, `Unknown`.
  public func write(_ id: Identifier<RecordComment>, on record: Int64, of kind: String, _ text: String) async throws -> Int64 {
    try await installation.database.write { connection in
      let record = try Merge.successor(of: record, kind: kind, connection) ?? record
      try expect(record, kind, connection)
      let text = try Self.accepted(text)
      let mentioned = try mentioned(by: text, on: record, kind, connection)
      guard try book.write(id, on: record, of: kind, text, mentioning: mentioned.map(\.id.rawValue), connection) else { return record }
      try tell(id, record, kind, mentioned, isNew: true, connection)
      return record
    }
  }

  /// Says one's own otherwise.
  /// - Parameter version: the one that the form was made from.
  /// - Throws: `Refusal`, `Unknown`.
  public func change(_ id: Identifier<RecordComment>, from version: Int, to text: String) async throws {
    try await installation.database.write { connection in
      let comment = try own(id, connection)
      let text = try Self.accepted(text)
      guard comment.text != text else { return }
      guard comment.version == version, !comment.isRemoved else {
        throw Refusal("Ce commentaire a changé entre-temps : rouvrez-le avant de le modifier.")
      }
      try replace(comment, text, connection)
    }
  }

  /// Takes the last change of one's own back.
  /// - Throws: `Refusal`, `Unknown`.
  public func undoChange(of id: Identifier<RecordComment>) async throws {
    try await installation.database.write { connection in
      let comment = try own(id, connection)
      guard !comment.isRemoved, let text = try CommentBook.earlierText(of: comment, connection) else {
        throw Refusal("Cette modification ne peut plus être annulée.")
      }
      try replace(comment, text, connection)
    }
  }

  /// Takes one's own back, or says it again.
  /// - Throws: `Unknown`.
  public func mark(_ id: Identifier<RecordComment>, removed: Bool) async throws {
    try await installation.database.write { connection in
      try book.mark(own(id, connection), removed: removed, connection)
    }
  }

  /// Wants to know what happens to a record, or no longer.
  /// - Throws: `Unknown`.
  public func watch(_ record: Int64, of kind: String, _ isWanted: Bool) async throws {
    try await installation.database.write { connection in
      guard try account.mayComment(record, kind: kind, connection) else { throw Unknown() }
      let moment = Instant(installation.now())
      if isWanted {
        try Watcher.begin(account.id.rawValue, record, of: kind, isAsked: true, at: moment, ids: installation.ids, connection)
      } else {
        try Watcher.end(account.id.rawValue, record, of: kind, at: moment, connection)
      }
    }
  }

  /// The names that may be called on a record, those that hold the words typed.
  public func names(_ words: String, on record: Int64, of kind: String) async throws -> [String] {
    try await installation.database.read { connection in
      guard try account.mayComment(record, kind: kind, connection) else { throw Unknown() }
      let readers = try Colleagues(at: installation.now(), connection).readers(of: record, kind: kind, connection)
      let sought = Fold.words(words)
      let found = readers.filter { reader in
        let known = Fold.words(reader.name)
        return reader.id != account.id && sought.allSatisfy { word in known.contains { $0.hasPrefix(word) } }
      }
      // Of two of one name each is called by an address.
      return found.map { reader in
        found.contains { $0.id != reader.id && Fold.key($0.name) == Fold.key(reader.name) } ? reader.email : reader.name
      }.sorted { Fold.key($0) < Fold.key($1) }.prefix(8).map(\.self)
    }
  }

  /// One's own comment, on a record that one may read.
  public func own(_ id: Identifier<RecordComment>) async throws -> RecordComment {
    try await installation.database.read { try own(id, $0) }
  }

  private func own(_ id: Identifier<RecordComment>, _ connection: any Connection) throws -> RecordComment {
    guard let comment = try RecordComment(id, connection), comment.author == account.id.rawValue,
      try account.mayComment(comment.record, kind: comment.kind, connection)
    else { throw Unknown() }
    return comment
  }

  private func expect(_ record: Int64, _ kind: String, _ connection: any Connection) throws {
    if try account.mayComment(record, kind: kind, connection) { return }
    guard try account.mayComment(record, kind: kind, binned: true, connection) else { throw Unknown() }
    throw Refusal("Cette fiche est dans la corbeille : rétablissez-la avant de la commenter.")
  }

  private static func accepted(_ text: String) throws -> String {
    let text = CommentText.cleaned(text)
    guard !text.isEmpty else { throw Refusal("Écrivez d’abord votre commentaire.") }
    guard text.count <= RecordComment.longest else {
      throw Refusal("Ce commentaire a \(text.count) caractères : \(RecordComment.longest) au plus.")
    }
    return text
  }

  /// - Throws: `Refusal` when somebody is called who may not read the record, or nobody knows which of two.
  private func mentioned(by text: String, on record: Int64, _ kind: String, _ connection: any Connection) throws -> [Account] {
    guard text.contains("@") else { return [] }
    let everybody = try Self.everybody(connection)
    let mentions = Mentions(in: text, among: everybody)
    if let name = mentions.shared.first {
      throw Refusal("Plusieurs comptes s’appellent « \(name) » : écrivez plutôt l’adresse de courriel de la personne après le « @ ».")
    }
    let readers = try Colleagues(mentions.accounts.map(\.id.rawValue), at: installation.now(), connection)
      .readers(of: record, kind: kind, connection)
    let others = mentions.accounts.filter { account in !readers.contains { $0.id == account.id } }
    guard others.isEmpty else {
      let (names, verb) = (others.map(\.name).joined(separator: ", "), others.count > 1 ? "n’ont" : "n’a")
      throw Refusal("\(names) \(verb) pas accès à cette fiche : enlevez le « @ » qui précède, le nom seul ne prévient personne.")
    }
    return readers
  }

  /// Whoever has an account that is open, of the staff or not: who may not be called is told by name.
  private static func everybody(_ connection: any Connection) throws -> [Account] {
    try connection.rows("SELECT id, email, name, role FROM account WHERE closed_at IS NULL ORDER BY id").map {
      Account(id: try $0[0], email: try $0[1], name: try $0[2], role: try $0[3], territory: nil)
    }
  }

  private func replace(_ comment: RecordComment, _ text: String, _ connection: any Connection) throws {
    let mentioned = try mentioned(by: text, on: comment.record, comment.kind, connection)
    let fresh = try book.change(comment, to: text, mentioning: mentioned.map(\.id.rawValue), connection)
    try tell(comment.id, comment.record, comment.kind, mentioned.filter { fresh.contains($0.id.rawValue) }, isNew: false, connection)
  }

  /// Those who are called, then those who watch: author and called watch from now on.
  private func tell(
    _ id: Identifier<RecordComment>, _ record: Int64, _ kind: String, _ mentioned: [Account], isNew: Bool, _ connection: any Connection
  ) throws {
    let moment = Instant(installation.now())
    let event = NoticeEvent(.comment, record: record, kind: kind, source: id.rawValue, actor: account.id.rawValue, at: moment)
    for watcher in [account] + mentioned {
      try Watcher.begin(watcher.id.rawValue, record, of: kind, isAsked: false, at: moment, ids: installation.ids, connection)
    }
    let called = mentioned.map(\.id.rawValue).filter { $0 != account.id.rawValue }
    try event.of(.mention).tell(called, ids: installation.ids, connection)
    let prompt = try NoticeChoice.promptMention.chosen(by: called, connection)
    for reader in mentioned where prompt.contains(reader.id.rawValue) {
      try installation.noticeLetters.mention(of: reader, by: account, in: id, connection)
    }
    guard isNew else { return }
    try event.tell(Watcher.accounts(of: [record], kind: kind, connection), ids: installation.ids, connection)
  }
}

extension Installation {
  /// Writes comments in somebody's name.
  public func comments(of account: Account) -> CommentDesk { CommentDesk(self, for: account) }
}
