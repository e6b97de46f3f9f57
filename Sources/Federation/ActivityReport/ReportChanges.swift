import Records
import Store

/// What has come to the records behind a published edition since: each one once, whatever the number of figures that it moves.
///
/// What is compared are the facts that figures are made of. A team that enters « équipes contactées » because an exchange was noted
/// is not a second change; it is one when none of the facts that brought or took it away changed.
public struct ReportChanges: Sendable {
  public enum Effect: Sendable {
    /// It was not behind the edition and would be now, or the other way round.
    case added, removed
    /// It counts elsewhere, or for another amount.
    case moved
    /// What happened on a day was written otherwise, and every figure stays.
    case edited
  }

  struct Record: Hashable {
    let kind: String
    let id: Int64
  }

  /// By record: what came to it, and the numbers of the figures that it moves.
  private(set) var effects: [Record: (effect: Effect, figures: Set<Int>)] = [:]
  let edition: ReportEdition
  let report: ActivityReport

  /// What it says otherwise now.
  public let values: [ReportValueChange]

  /// The values taken over from before the program, which have no records: each is a change by itself.
  private let takenOver: Int

  /// What is written otherwise.
  public let texts: [BlockChange]

  public var count: Int { effects.count + takenOver + texts.count }

  /// - Parameters:
  ///   - report: what the edition says.
  ///   - now: what the report of that year says as the records are.
  init(
    since edition: ReportEdition, _ report: ActivityReport, now: ActivityReport, _ model: Model, _ connection: any Connection
  ) throws {
    values = ReportValueChange.between(report.figures, now.figures)
    texts = BlockChange.between(report.document, now.document)
    takenOver = values.count { $0.before?.source != nil || $0.after?.source != nil }
    self.edition = edition
    self.report = report
    let comparison = EditionComparison(edition, report, model)
    let differences = try comparison.differences(connection)
    try addFacts(differences, comparison, connection)
    try addEdited(comparison, model, connection)
    try addThings(differences, comparison, connection)
  }

  /// Since an edition up to now.
  /// - Parameter now: what the report of its year says today, for whoever has it already.
  public init(
    since edition: ReportEdition, now: ActivityReport? = nil, _ model: Model, _ connection: any Connection
  ) throws {
    // Its year was over on that day, and is asked in the same way.
    let live =
      try now
      ?? ActivityReport(year: edition.year, today: edition.publishedOn, model.figures, ReferenceLists(connection), connection)
    try self.init(since: edition, edition.report(connection), now: live, model, connection)
  }

  private mutating func addFacts(
    _ differences: [EditionComparison.Difference], _ comparison: EditionComparison, _ connection: any Connection
  ) throws {
    for (_, questions) in comparison.factSets {
      let numbers = Set(questions.map(\.number))
      let moved = Dictionary(grouping: differences.filter { numbers.contains($0.figure) }, by: \.record)
      let ids = moved.keys.sorted()
      guard !ids.isEmpty, let kind = questions.first?.query.figure.recordKind else { continue }
      let (before, after) = (try comparison.kept(ids, in: questions, connection), try comparison.live(ids, in: questions, connection))
      for (id, rows) in moved {
        let effect: Effect = !before.contains(id) ? .added : !after.contains(id) ? .removed : .moved
        note(Record(kind: kind, id: id), effect, Set(rows.map(\.figure)))
      }
    }
  }

  /// A team's record lives on, and is a change only where it counts otherwise; what happened on a day is written once.
  private mutating func addEdited(_ comparison: EditionComparison, _ model: Model, _ connection: any Connection) throws {
    for name in Set(comparison.questions.filter { $0.isOfFacts && !$0.query.figure.isState }.map(\.query.figure.recordKind)) {
      let table = SQL(unsafeText: try model.kind(name).table)
      let ids: [Int64] = try connection.rows(
        """
        SELECT s.record_id FROM report_edition_source s JOIN \(table) t ON t.id = s.record_id AND t.removed_at IS NULL
        WHERE s.edition_id = \(edition.id) AND s.kind = \(name) AND t.version <> s.version
        """
      ).map { try $0[0] }
      for id in ids where effects[Record(kind: name, id: id)] == nil { note(Record(kind: name, id: id), .edited, []) }
    }
  }

  /// Things that facts touch: those that came or went although no fact of theirs did.
  private mutating func addThings(
    _ differences: [EditionComparison.Difference], _ comparison: EditionComparison, _ connection: any Connection
  ) throws {
    for question in comparison.questions where !question.isOfFacts {
      let factKind = comparison.factSets[question.query.figure.factSet.name]?.first?.query.figure.recordKind
      let rows = Dictionary(grouping: differences.filter { $0.figure == question.number }, by: \.record)
      let ids = rows.keys.sorted()
      guard !ids.isEmpty else { continue }
      let (before, after) = (
        try comparison.keptCells(of: ids, in: question, connection), try comparison.liveCells(of: ids, in: question, connection)
      )
      for (id, rows) in rows where before[id] != after[id] {
        let causes = rows.compactMap { row in factKind.map { Record(kind: $0, id: row.fact) } }.filter { effects[$0] != nil }
        for cause in causes {
          effects[cause]?.figures.insert(question.number)
          if effects[cause]?.effect == .edited { effects[cause]?.effect = .moved }
        }
        guard causes.isEmpty else { continue }
        let effect: Effect = before[id] == nil ? .added : after[id] == nil ? .removed : .moved
        note(Record(kind: question.query.figure.recordKind, id: id), effect, [question.number])
      }
    }
  }

  private mutating func note(_ record: Record, _ effect: Effect, _ figures: Set<Int>) {
    let known = effects[record]
    effects[record] = (known?.effect ?? effect, figures.union(known?.figures ?? []))
  }
}
