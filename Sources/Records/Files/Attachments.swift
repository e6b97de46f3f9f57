import Crypto
import Foundation
import Store

/// Joins files to records, and takes them off, in somebody's name.
public struct Attachments: Sendable {
  private let database: any Database
  private let ids: IdentifierSource
  private let now: @Sendable () -> Date
  private let recorder: Recorder
  private let account: Int64?

  /// Of all files sent at a time, in bytes: they lie in the database, which must stay one that can be copied.
  public static let sizeLimit = 25_000_000
  /// Of one record.
  public static let limit = 100
  /// What the trail calls a file, beside the properties of drafts.
  static let property = "pieceJointe"

  /// Looking into a file and hashing it takes a while: away from the requests.
  private static let queue = BlockingQueue("files joined")

  /// - Parameter account: that acts; `nil` for a command run by hand.
  public init(database: any Database, ids: IdentifierSource, now: @escaping @Sendable () -> Date, account: Int64?) {
    self.database = database
    self.ids = ids
    self.now = now
    self.account = account
    recorder = Recorder(ids: ids, now: now, actor: account)
  }

  /// Joins all of the files or none. What is already joined under that name stays as it is, so that a form may be sent twice.
  /// - Parameter files: their names as the browser gave them.
  /// - Throws: `Refusal`.
  public func add(_ files: [(name: String, bytes: [UInt8])], to record: Int64, of kind: some RecordKind) async throws {
    let incoming = try await Self.queue.run {
      try files.map { file in
        let kept = try IncomingFile(named: file.name, file.bytes)
        return (file: kept, digest: kept.digest)
      }
    }
    try await database.write { connection in
      let rows = try connection.rows(
        "SELECT digest, name FROM attachment WHERE record_id = \(record) AND kind = \(kind.name) AND removed_at IS NULL")
      var present = Set(try rows.map { [try $0[0] as String, try $0[1]] })
      for (file, digest) in incoming where present.insert([digest, file.name]).inserted {
        guard present.count <= Self.limit else { throw Refusal("Une fiche porte \(Self.limit) pièces jointes au plus.") }
        try put(file, digest, record, kind, connection)
      }
    }
  }

  private func put(
    _ file: IncomingFile, _ digest: String, _ record: Int64, _ kind: some RecordKind, _ connection: any Connection
  ) throws {
    try note(.attaching, file.name, record, kind, connection)
    try file.store(as: digest, connection)
    try join([(file.name, digest)], to: record, of: kind, connection)
  }

  /// Joins contents that are kept already, in the caller's transaction, without a line in the record's history: for what comes with a
  /// record that the same operation makes, and is taken back with it.
  public func join(
    _ files: [(name: String, digest: String)], to record: Int64, of kind: some RecordKind, _ connection: any Connection
  ) throws {
    for file in files {
      try connection.execute(
        """
        INSERT INTO attachment (id, kind, record_id, digest, name, added_at, account_id)
        VALUES (\(ids.next(Attachment.self)), \(kind.name), \(record), \(file.digest), \(file.name), \(Instant(now())), \(account))
        """)
    }
  }

  /// Takes a file off its record, or joins it again.
  /// - Throws: `Refusal` when the record is no longer there.
  public func mark(_ id: Identifier<Attachment>, removed: Bool, of kind: some RecordKind) async throws {
    try await database.write { [now, account] connection in
      guard let attachment = try Attachment(id, connection), attachment.isRemoved != removed else { return }
      try note(removed ? .detaching : .reattaching, attachment.name, attachment.record, kind, connection)
      let moment = removed ? Instant(now()) : nil
      let author = removed ? account : nil
      try connection.execute("UPDATE attachment SET removed_at = \(moment), removed_by = \(author) WHERE id = \(id)")
    }
  }

  public func content(of id: Identifier<Attachment>) async throws -> [UInt8]? {
    try await database.read { connection in
      try connection.value(
        "SELECT f.bytes FROM attachment a JOIN file f ON f.digest = a.digest WHERE a.id = \(id)", as: [UInt8].self)
    }
  }

  /// A line of the record's history. The record's own version stays: who changes it meanwhile, and a report that was published, have
  /// nothing to heed.
  private func note(
    _ operation: Operation, _ name: String, _ record: Int64, _ kind: some RecordKind, _ connection: any Connection
  ) throws {
    guard let version = try recorder.versions([record], of: kind, connection)[record] else {
      throw Refusal("Cette fiche n’est plus là : rien n’est changé.")
    }
    let names = [Self.property: JSONValue.text(name)]
    let change = operation == .detaching ? Change(from: names, to: [:]) : Change(from: [:], to: names)
    try recorder.log(operation, kind.name, record, change, version: version, isNew: false, connection)
  }
}

extension IncomingFile {
  /// By which a file is found, be it joined to several records.
  public var digest: String { Data(SHA256.hash(data: Data(bytes))).hexadecimal }

  /// Keeps the bytes, once.
  public func store(as digest: String, _ connection: any Connection) throws {
    try connection.execute(
      """
      INSERT INTO file (digest, type, size, bytes) VALUES (\(digest), \(type), \(bytes.count), \(bytes))
      ON CONFLICT (digest) DO UPDATE SET unjoined_at = NULL
      """)
  }
}
