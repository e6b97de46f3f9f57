import Crypto
import Foundation
import Records
import Store

/// A report as it was published: it never moves, and what is corrected makes the next edition.
public struct ReportEdition: Sendable {
  public let id: Identifier<ReportEdition>
  public let year: Int
  /// From 1; the others are corrected editions.
  public let number: Int
  public let publishedAt: Instant
  /// The federation's day at that moment.
  public let publishedOn: CivilDate
  /// Who published it, by the name of the account; `nil` for a command run by hand.
  public let author: String?
  public let digest: String

  public var isCorrected: Bool { number > 1 }

  /// The editions of a year, or of all years; the newest year and edition first.
  public static func all(of year: Int? = nil, _ connection: any Connection) throws -> [ReportEdition] {
    let only: SQL = year.map { "WHERE e.year = \($0)" } ?? ""
    return try connection.rows(
      """
      SELECT e.id, e.year, e.number, e.published_at, e.published_on, a.name, e.digest
      FROM report_edition e LEFT JOIN account a ON a.id = e.account_id \(only) ORDER BY e.year DESC, e.number DESC
      """
    ).map { row in
      ReportEdition(
        id: try row[0], year: try row[1], number: try row[2], publishedAt: try row[3], publishedOn: try row[4], author: try row[5],
        digest: try row[6])
    }
  }

  /// What the edition says.
  public func report(_ connection: any Connection) throws -> ActivityReport {
    try JSONDecoder().decode(ActivityReport.self, from: Data(content(connection).utf8))
  }

  func content(_ connection: any Connection) throws -> String {
    try connection.value("SELECT content FROM report_edition WHERE id = \(id)") ?? ""
  }
}

extension ReportEdition {
  /// What stands on it beside its content.
  struct Heading {
    let year: Int
    let number: Int
    let at: Instant
    let on: CivilDate
  }

  /// What the audit trail calls a report.
  static let auditKind = "rapports"

  /// The figures with their words (`content`), and all that they are made of. How each record behind them was called lies beside,
  /// where an erasure may empty it; the rest is never changed. Records may go: nothing refers to them.
  static let migration = Migration(
    "202611212000-activity-report",
    [
      """
      CREATE TABLE report_edition (
        id \(.id) PRIMARY KEY, year \(.int) NOT NULL, number \(.int) NOT NULL CHECK (number > 0),
        published_at \(.instant) NOT NULL, published_on \(.date) NOT NULL, account_id \(.id),
        content \(.text) NOT NULL, digest \(.text) NOT NULL, UNIQUE (year, number)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      // The edition itself comes last, with the digest of these.
      """
      CREATE TABLE report_edition_record (
        edition_id \(.id) NOT NULL REFERENCES report_edition (id) DEFERRABLE INITIALLY DEFERRED,
        figure \(.int) NOT NULL, cell \(.text) NOT NULL, record_id \(.id) NOT NULL, fact_id \(.id) NOT NULL, amount \(.int), whole \(.int),
        PRIMARY KEY (edition_id, figure, cell, record_id, fact_id)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      """
      CREATE TABLE report_edition_source (
        edition_id \(.id) NOT NULL REFERENCES report_edition (id) DEFERRABLE INITIALLY DEFERRED,
        kind \(.text) NOT NULL, record_id \(.id) NOT NULL, version \(.int) NOT NULL,
        reference \(.text), label \(.text), fold \(.text), date \(.date), PRIMARY KEY (edition_id, kind, record_id)
      ) \(sqlite: "STRICT", postgres: "")
      """,
    ] + Migration.appendOnly("report_edition") + Migration.appendOnly("report_edition_record")
      + Migration.appendOnly("report_edition_source", columns: "edition_id, kind, record_id, version, date"))

  /// The digest of an edition: of its heading and content, of what its figures are made of, and of the records behind them, but for how
  /// these were called.
  static func digest(
    _ heading: Heading, _ content: String, of id: Identifier<ReportEdition>, _ connection: any Connection
  ) throws -> String {
    var hash = SHA256()
    hash.update(data: Data("\(heading.year)|\(heading.number)|\(heading.at)|\(heading.on)\n\(content)".utf8))
    try connection.forEach(
      """
      SELECT figure, cell, record_id, fact_id, amount, whole FROM report_edition_record WHERE edition_id = \(id)
      ORDER BY figure, cell, record_id, fact_id
      """
    ) { row in
      let amounts: [Int?] = [try row[4], try row[5]]
      let line =
        "\n\(try row[0] as Int)|\(try row[1] as String)|\(try row[2] as Int64)|\(try row[3] as Int64)"
        + amounts.map { "|\($0.map(String.init) ?? "")" }.joined()
      hash.update(data: Data(line.utf8))
    }
    try connection.forEach(
      "SELECT kind, record_id, version, date FROM report_edition_source WHERE edition_id = \(id) ORDER BY kind, record_id"
    ) { row in
      let date: CivilDate? = try row[3]
      let line = "\n\(try row[0] as String)|\(try row[1] as Int64)|\(try row[2] as Int)|\(date?.description ?? "")"
      hash.update(data: Data(line.utf8))
    }
    return hash.finalize().hexadecimal
  }

  /// Editions that are not as they were published.
  static func faults(_ connection: any Connection) throws -> [String] {
    try all(connection).compactMap { edition in
      let heading = Heading(year: edition.year, number: edition.number, at: edition.publishedAt, on: edition.publishedOn)
      guard try digest(heading, edition.content(connection), of: edition.id, connection) != edition.digest else { return nil }
      return "L’édition \(edition.number) du rapport \(edition.year) ne correspond plus à son empreinte."
    }
  }
}
