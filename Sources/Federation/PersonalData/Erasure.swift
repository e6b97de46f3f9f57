import Foundation
import Records
import Store

/// Somebody who was taken out for good: their record, or their account, goes on as a number (GDPR, article 17).
///
/// It holds nothing of who it was. Kept beside the database as well (`ErasureList`), so that an older archive, once restored, forgets again.
public struct Erasure: Sendable, Equatable {
  /// Why: by their own demand, or because their time was over.
  public enum Reason: String, Codable, CaseIterable, Sendable, SQLCodable {
    case demand = "demande"
    case retention = "echeance"

    public var label: String {
      switch self {
      case .demand: "À sa demande"
      case .retention: "Durée de conservation passée"
      }
    }
  }

  public let id: Identifier<Erasure>
  /// « personnes » or « comptes ».
  public let kind: String
  public let record: Int64
  /// « Personne anonymisée n° 12 »: those merged into one share its number.
  public let number: Int
  public let at: Instant
  /// The account that did it.
  public let account: Int64?
  public let reason: Reason
  /// The texts that somebody ticked to be mended.
  public let texts: [String]

  static let people = "personnes"
  static let accounts = "comptes"
  static let personSeries = NumberSeries("personnes_anonymisees")
  static let accountSeries = NumberSeries("comptes_anonymises")

  /// What stands where the name was.
  public var title: String { kind == Self.accounts ? "Compte fermé n°\u{A0}\(number)" : "Personne anonymisée n°\u{A0}\(number)" }

  /// What takes the place of a reference.
  var reference: String { "anonyme-\(number)" }

  /// All of them, as they came.
  public static func all(_ connection: any Connection) throws -> [Erasure] {
    try connection.rows("\(columns) ORDER BY at, id").map(Erasure.init)
  }

  /// That of a record; `nil` while it has its name.
  public static func of(_ record: Int64, kind: String = "personnes", _ connection: any Connection) throws -> Erasure? {
    try connection.first("\(columns) WHERE kind = \(kind) AND record_id = \(record)").map(Erasure.init)
  }

  private static let columns: SQL = "SELECT id, kind, record_id, number, at, account_id, reason, texts FROM erasure"

  private init(_ row: Row) throws {
    (id, kind, record, number) = (try row[0], try row[1], try row[2], try row[3])
    (at, account, reason) = (try row[4], try row[5], try row[6])
    texts = (try row[7] as String).split(separator: "|").map(String.init)
  }

  init(
    id: Identifier<Erasure>, kind: String, record: Int64, number: Int, at: Instant, account: Int64?, reason: Reason, texts: [String] = []
  ) {
    (self.id, self.kind, self.record, self.number) = (id, kind, record, number)
    (self.at, self.account, self.reason, self.texts) = (at, account, reason, texts)
  }

  func insert(_ connection: any Connection) throws {
    try connection.execute(
      """
      INSERT INTO erasure (id, kind, record_id, number, at, account_id, reason, texts)
      VALUES (\(id), \(kind), \(record), \(number), \(at), \(account), \(reason), \(texts.joined(separator: "|")))
      """)
  }

  /// Of records `id` of the people, those that were forgotten.
  static let forgottenPeople: SQL = "SELECT record_id FROM erasure WHERE kind = 'personnes'"

  /// - Throws: `Refusal` when one of them is to come back: there is nobody left to bring back.
  static func expectNone(of people: [Int64], _ connection: any Connection) throws {
    let forgotten = try connection.first(
      "SELECT 1 FROM erasure e JOIN person p ON p.id = e.record_id AND p.removed_at IS NULL WHERE e.kind = 'personnes' AND p.id IN \(list: people)"
    )
    guard forgotten == nil else { throw Refusal("Cette personne a été anonymisée\u{A0}: sa fiche ne se rétablit pas.") }
  }

  // MARK: - Beside the database

  private struct Line: Codable {
    let sorte: String
    let fiche: Int64
    let numero: Int
    let le: String
    let par: Int64?
    let motif: Reason
    let textes: [String]
    let id: Int64
  }

  /// A line of the list.
  func line() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let line = Line(
      sorte: kind, fiche: record, numero: number, le: at.description, par: account, motif: reason, textes: texts, id: id.rawValue)
    return String(decoding: try encoder.encode(line), as: UTF8.self)
  }

  /// `nil` for what is no line of the list.
  init?(line: some StringProtocol) {
    guard let line = try? JSONDecoder().decode(Line.self, from: Data(line.utf8)), let at = try? Instant(sqlValue: .text(line.le)),
      [Self.people, Self.accounts].contains(line.sorte)
    else { return nil }
    self.init(
      id: Identifier(rawValue: line.id), kind: line.sorte, record: line.fiche, number: line.numero, at: at, account: line.par,
      reason: line.motif, texts: line.textes)
  }

  static let migration = Migration(
    "202611221250-personal-data",
    [
      """
      CREATE TABLE erasure (
        id \(.id) PRIMARY KEY, kind \(.text) NOT NULL CHECK (kind IN ('personnes', 'comptes')), record_id \(.id) NOT NULL,
        number \(.int) NOT NULL, at \(.instant) NOT NULL, account_id \(.id), reason \(.text) NOT NULL, texts \(.text) NOT NULL,
        UNIQUE (kind, record_id)
      ) \(sqlite: "STRICT", postgres: "")
      """
    ] + Migration.appendOnly("erasure"))
}
