import Foundation
import Records
import Store

/// What is done with the report of a year. Each operation is one transaction and one event.
public struct ReportDesk: Sendable {
  let installation: Installation
  let actor: Int64?

  /// - Parameter actor: who acts; `nil` for a command run by hand.
  public init(_ installation: Installation, actor: Identifier<Account>? = nil) {
    self.installation = installation
    self.actor = actor?.rawValue
  }

  /// Freezes the report of a year as it is now.
  /// - Parameters:
  ///   - number: the edition that the person saw announced: asked for twice, it is made once. Without it, the next one.
  ///   - acceptsUnread: texts that nobody has approved are published all the same, and those that nobody has written are left out.
  /// - Throws: `Refusal` while the year is not over, before the first record, or when nothing would differ from the latest edition.
  public func publish(_ year: Int, as number: Int? = nil, acceptsUnread: Bool = false) async throws -> ReportEdition {
    let (model, ids, moment) = (installation.model, installation.ids, installation.now())
    let recorder = Recorder(ids: ids, now: { moment }, actor: actor)
    return try await installation.database.write { [actor] connection in
      let today = try Settings(connection).today(moment)
      try Self.requireOver(year, today: today)
      let latest = try ReportEdition.all(of: year, connection)
      if latest.isEmpty { try Self.requireRecords(in: year, connection) }
      if let made = latest.first(where: { $0.number == number }) { return made }
      let next = (latest.first?.number ?? 0) + 1
      guard number == nil || number == next else {
        throw Refusal("La prochaine édition du rapport \(year) est l’édition \(next).")
      }
      let lists = try ReferenceLists(connection)
      if let fault = try BlockFault.all(of: year, model.figures, lists, connection).first {
        throw Refusal("Le rapport ne se publie pas encore. Bloc « \(fault.block) » : \(fault.sentence)")
      }
      let unread = try ReportBlock.all(of: year, connection).filter(\.isUnfinished).map(\.name)
      guard acceptsUnread || unread.isEmpty else { throw Refusal(Self.unreadSentence(unread)) }
      let report = try ActivityReport(year: year, today: today, model.figures, lists, connection).printed
      if let same = latest.first, try Self.isStill(same, report, model, connection) {
        throw Refusal("Rien n’a changé depuis l’édition \(next - 1) du rapport \(year) : elle est toujours exacte.")
      }
      // Two at the same time wait here: the second begins again and finds the first one's edition.
      let taken = try NumberSeries("rapports.\(year)").take(connection)
      let id = ids.next(ReportEdition.self)
      try Self.keep(report, in: id, model, connection)
      let content = try Self.content(report)
      let heading = ReportEdition.Heading(year: year, number: taken, at: Instant(moment), on: today)
      let digest = try ReportEdition.digest(heading, content, of: id, connection)
      try connection.execute(
        """
        INSERT INTO report_edition (id, year, number, published_at, published_on, account_id, content, digest)
        VALUES (\(id), \(year), \(taken), \(Instant(moment)), \(today), \(actor), \(content), \(digest))
        """)
      try recorder.log(.publication, ReportEdition.auditKind, id.rawValue, connection)
      guard let edition = try ReportEdition.all(of: year, connection).first else {
        throw DatabaseError(kind: .unexpectedValue, detail: "the edition that was made is not there")
      }
      return edition
    }
  }

  private static func unreadSentence(_ names: [String]) -> String {
    let shown = names.prefix(12).joined(separator: ", ") + (names.count > 12 ? " et \(names.count - 12) de plus" : "")
    let count = names.count == 1 ? "1 bloc n’est pas relu" : "\(names.count) blocs ne sont pas relus"
    return "\(count) : \(shown). Relisez-les, ou confirmez que vous publiez quand même."
  }

  /// The edition says the same, in the same words and of the same records.
  private static func isStill(
    _ edition: ReportEdition, _ report: ActivityReport, _ model: Model, _ connection: any Connection
  ) throws -> Bool {
    guard try edition.content(connection) == Self.content(report) else { return false }
    return try ReportChanges(since: edition, now: report, model, connection).count == 0
  }

  /// - Throws: `Refusal`.
  public static func requireOver(_ year: Int, today: CivilDate) throws {
    try requireReal(year)
    guard year < today.year else {
      throw Refusal("L’année \(year) n’est pas finie : son rapport se publie à partir du 1er janvier \(year + 1).")
    }
  }

  /// - Throws: `Refusal` for a year before the first record, of which a report has nothing to say.
  public static func requireRecords(in year: Int, _ connection: any Connection) throws {
    guard let first = try firstYear(after: year, connection) else { return }
    throw Refusal("Rien n’est noté avant \(first) : le rapport \(year) n’aurait rien à dire, il ne se publie pas.")
  }

  /// Of the first record, when it is later than a year.
  public static func firstYear(after year: Int, _ connection: any Connection) throws -> Int? {
    try ActivityReport.firstDay(connection).flatMap { year < $0.year ? $0.year : nil }
  }

  /// - Throws: `Refusal` for a year that no federation knew.
  public static func requireReal(_ year: Int) throws {
    guard year >= 1900 else { throw Refusal("« \(year) » n’est pas une année de rapport.") }
  }

  /// The same report gives the same text.
  static func content(_ report: ActivityReport) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(report), as: UTF8.self)
  }

  /// Copies what the figures are made of, and how the records behind them are called.
  private static func keep(
    _ report: ActivityReport, in edition: Identifier<ReportEdition>, _ model: Model, _ connection: any Connection
  ) throws {
    let registry = model.figures
    for figure in report.figures {
      guard let query = figure.query(registry) else {
        throw DatabaseError(kind: .unexpectedValue, detail: "\(figure.id) is no figure that can be asked again")
      }
      try connection.execute(
        """
        INSERT INTO report_edition_record (edition_id, figure, cell, record_id, fact_id, amount, whole)
        SELECT CAST(\(edition) AS \(.id)), CAST(\(figure.number) AS \(.int)), e.cell, e.record, e.fact, e.amount, e.whole FROM (\(query.evidence)) e
        """)
    }
    for (name, figures) in Dictionary(grouping: report.figures, by: \.recordKind).sorted(by: { $0.key < $1.key }) {
      // Communes are no records of a kind: their figures are kept without names.
      guard let kind = try? model.kind(name) else { continue }
      let caption = kind.caption
      try connection.execute(
        """
        INSERT INTO report_edition_source (edition_id, kind, record_id, version, reference, label, fold, date)
        SELECT CAST(\(edition) AS \(.id)), CAST(\(name) AS text), t.id, t.version, \(caption.reference), \(caption.label), \(caption.fold),
          \(caption.date)
        FROM \(SQL(unsafeText: kind.table)) t
        WHERE t.id IN (
          SELECT r.record_id FROM report_edition_record r
          WHERE r.edition_id = \(edition) AND r.figure IN \(list: figures.map { Int64($0.number) }))
        """)
    }
  }
}
