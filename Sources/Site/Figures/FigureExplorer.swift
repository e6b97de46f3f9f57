import Drawing
import Federation
import Hummingbird
import Markup
import Records
import Store
import WebSupport

/// One figure as the address asks for it: its value, its years, its parts.
struct FigureExplorer {
  private let list: RecordList
  private let dimensions: [Dimension]
  private let frame: Frame
  private let model: Model
  private let error: String?

  private var figure: Figure { list.query.figure }
  private var period: Period { list.query.period }
  private static let filtered = ["departement", "territoire", "type"]

  init(_ request: Request, _ model: Model, _ frame: Frame, _ connection: any Connection) throws {
    self.frame = frame
    self.model = model
    list = try RecordList(
      "/chiffres", request, of: "structures.count", isList: false, period: Period(asOf: frame.today), today: frame.today,
      menus: Self.filtered, for: frame.session.account.role, model, frame.lists, connection)
    let asked = ["par", "puis"].compactMap { request.uri.queryParameters[Substring($0)].map(String.init) }.filter { !$0.isEmpty }
    let figure = list.query.figure
    let known = asked.compactMap { figure.factSet.dimension($0) }
    dimensions = known.count == 2 && known[0].code == known[1].code ? [known[0]] : known
    let unknown = asked.first { figure.factSet.dimension($0) == nil }
    let errors = (unknown.map { [French.typeset("Ce chiffre ne se ventile pas par « \($0.prefix(40)) ».")] } ?? []) + list.asked.warnings
    error = errors.isEmpty ? nil : errors.joined(separator: " ")
  }

  /// The values for programs, by the dimensions that are asked for.
  /// - Throws: `Refusal` when the address asks for what cannot be done.
  func rows(_ connection: any Connection) throws -> [FigureRow] {
    if let error { throw Refusal(error) }
    let query = try FigureQuery(figure, period, by: dimensions.map(\.code), where: list.query.filters)
    return try FigureRow.rows(query, withRecords: false, connection)
  }

  func page(_ connection: any Connection) throws -> FigurePage {
    let query = try FigureQuery(figure, period, where: list.query.filters)
    let value = try query.total(connection)
    let previous = try FigureQuery(figure, period.previous, where: list.query.filters).total(connection)
    let split = try FigureQuery(figure, period, by: dimensions.map(\.code), where: list.query.filters)
    let names = try dimensions.map { try DimensionNames($0, frame.lists, connection) }
    let parts = dimensions.isEmpty ? [] : try split.values(connection)
    return FigurePage(
      title: dimensions.isEmpty
        ? figure.label : "\(figure.label) par \(dimensions.map(\.phrase).joined(separator: " et "))",
      settings: try settings(connection), error: error, value: LinkedText(value, frame.records(query)), unit: value.unit,
      trend: Trend(value, since: previous, in: period.previous),
      scope: try scope(period, value, connection), definition: try query.definition(connection), chart: try chart(names.first, connection),
      table: try table(parts, names, value, query, connection), partsOverlap: Self.overlap(parts, in: value))
  }

  /// Parts that records count; what was taken over need not add up.
  fileprivate static func overlap(_ parts: [FigureValue], in total: FigureValue) -> Bool {
    guard !total.manner.isRatio, !parts.contains(where: { $0.source != nil }) else { return false }
    return parts.reduce(0) { $0 + ($1.value ?? 0) } > total.value ?? 0
  }

  /// What is counted, in one sentence: « Département : Isère (38) ; Canal : Visio ou Visite, du 1er janv. au 31 déc. 2025. »
  private func scope(_ period: Period, _ value: FigureValue, _ connection: any Connection) throws -> String {
    let narrowed = try figure.factSet.dimensions.compactMap { dimension -> String? in
      let codes = list.query.filters.filter { $0.dimension == dimension.code }.map(\.value)
      guard !codes.isEmpty else { return nil }
      let names = try DimensionNames(dimension, frame.lists, connection)
      return "\(dimension.label) : \(names.ordered(Set(codes)).map(names.label).joined(separator: " ou "))"
    }
    let area = narrowed.isEmpty ? "Toute la fédération" : narrowed.joined(separator: " ; ")
    let taken = value.source == nil ? "" : value.note.map { " Valeur reprise, sans fiches ; \($0)." } ?? ""
    let ratio = value.share.map { " \(French.number($0.numerator)) sur \(French.number($0.denominator))." } ?? ""
    return French.typeset("\(area), \(period.phrase(isState: figure.isState)).\(ratio)\(taken)")
  }

  private func settings(_ connection: any Connection) throws -> FigureSettings {
    FigureSettings(
      figures: model.figures.figures.map { .init(value: $0.id, label: $0.label, isChosen: $0.id == figure.id) },
      dimensions: options(chosen: dimensions.first), secondDimensions: options(chosen: dimensions.count > 1 ? dimensions[1] : nil),
      years: try years(connection), filters: list.facets(frame),
      kept: list.query.filters.filter { !Self.filtered.contains($0.dimension) })
  }

  /// The years that hold facts, and the period that was asked for when it is none of these.
  private func years(_ connection: any Connection) throws -> [FigureSettings.Option] {
    var periods = try ActivityReport.years(today: frame.today, connection).reversed().map { ActivityReport.period($0, today: frame.today) }
    if !periods.contains(period) {
      periods.insert(period, at: periods.firstIndex { $0.through < period.through } ?? periods.endIndex)
    }
    return periods.map { option in
      .init(
        value: option.through == frame.today ? String(option.year) : option.label,
        label: option.isWholeYear ? option.label : "\(option.year), au \(French.dayAndMonth(option.through.description))",
        isChosen: option == period)
    }
  }

  private func options(chosen: Dimension?) -> [FigureSettings.Option] {
    figure.factSet.dimensions.map { .init(value: $0.code, label: $0.label, isChosen: $0.code == chosen?.code) }
  }

  /// The same figure over the years, split by the first dimension when it has few values.
  private func chart(_ names: DimensionNames?, _ connection: any Connection) throws -> ColumnChart {
    let years = try ActivityReport.years(today: frame.today, connection).suffix(6).map { year in
      try YearParts(list.query, in: ActivityReport.period(year, today: frame.today), by: names, frame.records, connection)
    }.drop { $0.total.isNothing && $0.parts.isEmpty }
    let codes = names.map { names in names.ordered(Set(years.flatMap { $0.parts.keys })) } ?? []
    // Beyond six values the drawing would say « Autres » for most of them, and parts that overlap, or averages, make no whole.
    guard let names, codes.count <= 6, !figure.isRatio, !years.contains(where: \.hasOverlaps) else {
      return ColumnChart("\(figure.label) par an", series: [figure.label], columns: years.map(\.column), isWide: true)
    }
    let title = "\(figure.label) par an et par \(names.dimension.phrase)"
    let columns = years.map { $0.column(split: codes, by: names.dimension.code) }
    return ColumnChart(title, series: codes.map(names.label), columns: columns, isWide: true)
  }

  private func table(
    _ parts: [FigureValue], _ names: [DimensionNames], _ total: FigureValue, _ query: FigureQuery, _ connection: any Connection
  ) throws -> FigureTable? {
    guard let rows = names.first, !parts.isEmpty else { return nil }
    if names.count == 2 {
      let totals = try CrossingTotals(query, by: rows.dimension, and: names[1].dimension, whole: total, connection)
      return FigureTable.crossing(figure.label, parts, rows, names[1], totals: totals, query, frame.records)
    }
    return FigureTable(
      "\(figure.label), \(query.period.phrase(isState: figure.isState))", rowTitle: rows.dimension.label,
      columns: [figure.isShare ? "Part" : figure.unit.capitalizedFirst],
      rows: rows.ordered(Set(parts.map { $0.codes[0] })).map { code in
        let value = parts.first { $0.codes == [code] }
        return .init(
          LinkedText(rows.label(code)), [LinkedText(cell: value, frame.records(query, Filter(rows.dimension.code, code)), beside: total)])
      }, total: .init(LinkedText("Total"), [LinkedText(total, frame.records(query))]))
  }
}

/// One year of the chart: the figure, and its parts by one dimension.
private struct YearParts {
  private let query: FigureQuery
  private let links: RecordLinks
  let total: FigureValue
  let parts: [String: FigureValue]

  init(_ asked: FigureQuery, in period: Period, by names: DimensionNames?, _ links: RecordLinks, _ connection: any Connection) throws {
    self.links = links
    query = try FigureQuery(asked.figure, period, where: asked.filters)
    total = try query.total(connection)
    parts =
      try names.map { names in
        let split = try FigureQuery(asked.figure, period, by: [names.dimension.code], where: asked.filters)
        return Dictionary(uniqueKeysWithValues: try split.values(connection).map { ($0.codes[0], $0) })
      } ?? [:]
  }

  var hasOverlaps: Bool { FigureExplorer.overlap(Array(parts.values), in: total) }

  var column: ColumnChart.Column {
    ColumnChart.Column(String(query.period.year), [ChartValue(total, link: links(query))])
  }

  /// The total on top is the figure itself, for the parts may overlap.
  func column(split codes: [String], by dimension: String) -> ColumnChart.Column {
    let values = codes.map { code in
      ChartValue(part: parts[code], of: total, link: links(query, Filter(dimension, code)))
    }
    return ColumnChart.Column(String(query.period.year), values, total: ChartValue(total, link: links(query)))
  }
}

extension String {
  var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
