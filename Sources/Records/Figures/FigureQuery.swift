import Store

/// A question put to a figure: which period, broken down how, narrowed to what.
public struct FigureQuery: Sendable {
  public let figure: Figure
  public let period: Period
  public let dimensions: [Dimension]
  public let filters: [Filter]

  /// - Throws: `Refusal` when a dimension is unknown or named twice.
  public init(_ figure: Figure, _ period: Period, by dimensions: [String] = [], where filters: [Filter] = []) throws {
    for code in dimensions + filters.map(\.dimension) where figure.factSet.dimension(code) == nil {
      throw Refusal(
        "Le chiffre « \(figure.id) » ne se ventile pas par « \(code) » ; possible : \(figure.factSet.dimensions.map(\.code).joined(separator: ", "))."
      )
    }
    guard Set(dimensions).count == dimensions.count else { throw Refusal("La même dimension est demandée deux fois.") }
    self.figure = figure
    self.period = period
    self.dimensions = dimensions.compactMap { figure.factSet.dimension($0) }
    self.filters = filters
  }

  init(_ figure: Figure, _ period: Period, dimensions: [Dimension], filters: [Filter]) {
    (self.figure, self.period, self.dimensions, self.filters) = (figure, period, dimensions, filters)
  }

  /// The values, ordered by code. Without dimension, one row even when it is 0; with, no row of nothing: of 0, unless 0 is the mean
  /// of some records. Where there is no fact, the value that was taken over from before the program.
  public func values(_ connection: any Connection) throws -> [FigureValue] {
    try Self.values(of: [self], connection).first ?? []
  }

  /// The figure's definition in words, with what the settings of the last day make of it.
  public func definition(_ settings: Settings) -> String {
    figure.basis.map { "\(figure.definition) \($0(settings, period.through))" } ?? figure.definition
  }

  /// The value of a question without dimension.
  public func total(_ connection: any Connection) throws -> FigureValue {
    try values(connection).first ?? .nothing(in: figure.manner)
  }

  /// The records behind each value, in the order of their references.
  public func records(_ connection: any Connection) throws -> [[String]: [FigureRecord]] {
    let amount: SQL = figure.measure.column == nil ? "1" : "p.amount"
    let columns = keyColumns + ["p.id", "p.reference", amount, figure.isShare ? "p.whole" : "NULL"]
    let rows = try connection.rows("SELECT \(columns.joined(by: ", ")) FROM (\(pairs)) p ORDER BY p.reference NULLS LAST, p.id")
    var records: [[String]: [FigureRecord]] = [:]
    for row in rows {
      let codes: [String] = try dimensions.indices.map { try row[$0] }
      let column = dimensions.count
      let record = FigureRecord(
        id: try row[column], reference: try row[column + 1], amount: try row[column + 2], whole: try row[column + 3])
      records[codes, default: []].append(record)
    }
    return records
  }

  /// The identifiers of the records behind the figure, as a subquery: a list page shows exactly these.
  public var recordIDs: SQL { "(SELECT p.id FROM (\(pairs(naming: false))) p)" }

  /// Whether a row is one of the records behind the figure, as a condition on its identifier: what a list sorted by an index asks
  /// of the rows it meets until its page is full, where `recordIDs` finds them all first.
  public func includes(_ id: SQL) -> SQL {
    guard case .distinct = figure.measure else { return "EXISTS (SELECT 1 \(facts(joining: nil, where: ["f.id = \(id)"])))" }
    return "\(id) IN \(recordIDs)"
  }

  /// `FROM … WHERE …` with one row for each record behind the figure, where it can be said without looking for doubles: what is
  /// quickest to count.
  public var rows: SQL? {
    if case .distinct = figure.measure { return nil }
    return joins(with: nil).isEmpty ? facts(joining: nil, where: []) : nil
  }

  /// Nothing narrows the figure and it leaves nothing out: its records are all those of its fact set.
  public var isWholeFactSet: Bool { filters.isEmpty && figure.factSet.omissions.isEmpty && figure.listsWholeFactSet }

  var keyColumns: [SQL] {
    dimensions.indices.map { SQL(unsafeText: "p.k\($0)") }
  }

  /// Distinct (values of the dimensions, record) pairs, each record with its reference.
  var pairs: SQL { pairs(naming: true) }

  /// - Parameter naming: with the references, which counting does not need.
  func pairs(naming: Bool) -> SQL {
    var columns: [SQL] = dimensions.enumerated().map { index, dimension in
      "\(expression(dimension)) AS \(SQL(unsafeText: "k\(index)"))"
    }
    func record(_ id: SQL, _ reference: SQL) -> [SQL] { ["\(id) AS id"] + (naming ? ["\(reference) AS reference"] : []) }
    switch figure.measure {
    case .count, .reported: columns += record("f.id", "f.reference")
    case .sum(let column), .mean(let column), .median(let column): columns += record("f.id", "f.reference") + ["\(column) AS amount"]
    case .share(let part, let whole): columns += record("f.id", "f.reference") + ["\(part) AS amount", "\(whole) AS whole"]
    case .distinct(let subject):
      return "SELECT DISTINCT \((columns + record(subject.id, subject.reference)).joined(by: ", ")) "
        + facts(joining: subject.bridge, where: subject.conditions)
    }
    // Without a bridge each record stands once.
    let distinct: SQL = joins(with: nil).isEmpty ? "" : "DISTINCT"
    return "SELECT \(distinct) \(columns.joined(by: ", ")) \(facts(joining: nil, where: []))"
  }

  /// Of each cell's pairs in the order of their amounts, the one in the middle or the two beside it.
  var middlePairs: SQL {
    let cell: SQL = dimensions.isEmpty ? "" : "PARTITION BY \(keyColumns.joined(by: ", "))"
    return """
      SELECT m.* FROM (
        SELECT p.*, row_number() OVER (\(cell) ORDER BY p.amount) AS place, count(*) OVER (\(cell)) AS size FROM (\(pairs(naming: false))) p) m
      WHERE m.place IN ((m.size + 1) / 2, (m.size + 2) / 2)
      """
  }

  /// The facts of the question with the bridges that it needs, as `FROM … WHERE …`.
  func facts(joining bridge: String?, where more: [SQL]) -> SQL {
    let conditions = self.conditions + more
    let narrowing: SQL = "WHERE \((["1 = 1"] + conditions).joined(by: " AND "))"
    return "FROM (\(figure.factSet.records(period))) f \(joins(with: bridge).joined(by: " ")) \(narrowing)"
  }

  func joins(with bridge: String?) -> [SQL] {
    var needed = Set(dimensions.compactMap(\.bridge))
    needed.formUnion(filters.compactMap { figure.factSet.dimension($0.dimension)?.bridge })
    if let bridge { needed.insert(bridge) }
    needed.formUnion(omissions.compactMap(\.dimension.bridge))
    return figure.factSet.bridges.filter { needed.contains($0.name) }.map(\.join)
  }

  private var conditions: [SQL] {
    var conditions: [SQL] = []
    for dimension in figure.factSet.dimensions {
      let wanted = filters.filter { $0.dimension == dimension.code }.map(\.value)
      if !wanted.isEmpty { conditions.append("\(expression(dimension)) IN \(list: wanted)") }
    }
    for (dimension, value) in omissions { conditions.append("\(expression(dimension)) <> \(value)") }
    if let column = figure.measure.averagedColumn { conditions.append("\(column) IS NOT NULL") }
    return conditions
  }

  /// What is left out because no filter names it.
  private var omissions: [(dimension: Dimension, value: String)] {
    figure.factSet.omissions.filter { omission in !filters.contains(where: omission.unless.contains) }.compactMap { omission in
      figure.factSet.dimension(omission.dimension).map { ($0, omission.value) }
    }
  }

  func expression(_ dimension: Dimension) -> SQL {
    "COALESCE(\(dimension.expression), 'non_renseigne')"
  }
}
