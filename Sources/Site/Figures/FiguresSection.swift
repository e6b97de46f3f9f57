import Drawing
import Federation
import Hummingbird
import Markup
import Records
import Store
import WebSupport

/// `/chiffres`: the index of all figures, and one figure explored.
struct FiguresSection {
  let site: Site

  func add(to routes: RouterGroup<SignedInContext>) {
    routes.get("chiffres", use: show)
  }

  @Sendable private func show(_ request: Request, _ context: SignedInContext) async throws -> Response {
    request.uri.queryParameters["chiffre"] == nil ? try await index(request, context) : try await figure(request, context)
  }

  private func index(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let registry = site.installation.model.figures
    let asked = request.uri.queryParameters["annee"].flatMap { Int($0) }
    let (page, frame) = try await site.read(request, context) { connection, frame in
      let year = asked.map { min(max($0, 1900), frame.year) } ?? frame.year
      let period = ActivityReport.period(year, today: frame.today)
      let figures = try registry.figures.map { figure in
        let query = try FigureQuery(figure, period)
        let value = try query.values(connection).first?.value ?? 0
        let explorer = Link("/chiffres", query: [("chiffre", figure.id), ("annee", String(year))])
        return (
          figure.isState,
          FigureIndexPage.Figure(
            label: figure.label, link: explorer, value: LinkedText(value, query.link()), unit: figure.unit, definition: figure.definition)
        )
      }
      let years = try ActivityReport.years(today: frame.today, connection).reversed().map {
        Tabs.Tab(String($0), Link("/chiffres", query: [("annee", String($0))]), isCurrent: $0 == year)
      }
      return FigureIndexPage(
        year: year, years: years,
        groups: [
          .init(title: "Structures", figures: figures.filter(\.0).map(\.1)),
          .init(title: "Accompagnement", figures: figures.filter { !$0.0 }.map(\.1)),
        ])
    }
    return site.page("Chiffres", at: .figures, page.html(), frame)
  }

  private func figure(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let model = site.installation.model
    let (page, frame) = try await site.read(request, context) { connection, frame in
      try FigureExplorer(request, model, frame, connection).page(connection)
    }
    return site.page(page.title, at: .figures, page.html(), frame)
  }
}

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
      "/chiffres", request, of: "structures.count", period: Period(year: frame.year), sortKeys: [], sort: "", model, frame.lists, connection)
    let asked = ["par", "puis"].compactMap { request.uri.queryParameters[Substring($0)].map(String.init) }.filter { !$0.isEmpty }
    let figure = list.query.figure
    let known = asked.compactMap { figure.factSet.dimension($0) }
    dimensions = known.count == 2 && known[0].code == known[1].code ? [known[0]] : known
    let unknown = asked.first { figure.factSet.dimension($0) == nil }
    error = unknown.map { "Ce chiffre ne se ventile pas par « \($0.prefix(40)) »." } ?? list.warnings.first
  }

  func page(_ connection: any Connection) throws -> FigurePage {
    let period = ActivityReport.period(self.period.year, today: frame.today)
    let query = try FigureQuery(figure, period, where: list.query.filters)
    let value = try query.values(connection).first?.value ?? 0
    let previousPeriod = period.year == frame.year ? Period(asOf: period.through.adding(months: -12)) : Period(year: period.year - 1)
    let previous = try FigureQuery(figure, previousPeriod, where: list.query.filters).values(connection).first?.value ?? 0
    let split = try FigureQuery(figure, period, by: dimensions.map(\.code), where: list.query.filters)
    let names = try dimensions.map { try DimensionNames($0, frame.lists, connection) }
    let parts = dimensions.isEmpty ? [] : try split.values(connection)
    return FigurePage(
      title: dimensions.isEmpty ? figure.label : "\(figure.label) par \(dimensions.map { $0.label.lowercased() }.joined(separator: " et "))",
      settings: try settings(connection), error: error, value: LinkedText(value, query.link()), unit: figure.unit,
      trend: Trend(
        value - previous, reference: "par rapport \(Self.reference(to: previousPeriod)) (\(French.number(previous)))", upIsGood: true),
      scope: scope(period, value), definition: figure.definition, chart: try chart(names.first, connection),
      table: table(parts, names, value, query), partsOverlap: dimensions.count == 1 && parts.reduce(0) { $0 + $1.value } > value)
  }

  private static func reference(to period: Period) -> String {
    period.label.count == 4 ? "à \(period.label)" : "au \(French.day(period.label))"
  }

  private func scope(_ period: Period, _ value: Int) -> String {
    let when = figure.isState ? "au \(French.day(period.through.description))" : "du \(French.day(period.from.description)) au \(French.day(period.through.description))"
    let narrowed = list.query.filters.isEmpty ? "Toute la fédération" : "Filtres appliqués\u{A0}: \(list.query.filters.count)"
    return "\(narrowed), \(when)."
  }

  private func settings(_ connection: any Connection) throws -> FigureSettings {
    FigureSettings(
      figures: model.figures.figures.map { .init(value: $0.id, label: $0.label, isChosen: $0.id == figure.id) },
      dimensions: options(chosen: dimensions.first), secondDimensions: options(chosen: dimensions.count > 1 ? dimensions[1] : nil),
      years: try ActivityReport.years(today: frame.today, connection).reversed().map {
        .init(value: String($0), label: $0 == frame.year ? "\($0), au \(French.dayAndMonth(frame.today.description))" : String($0), isChosen: $0 == period.year)
      },
      filters: try list.facets(Self.filtered, frame, connection))
  }

  private func options(chosen: Dimension?) -> [FigureSettings.Option] {
    figure.factSet.dimensions.map { .init(value: $0.code, label: $0.label, isChosen: $0.code == chosen?.code) }
  }

  /// The same figure over the years, split by the first dimension when it has few values.
  private func chart(_ names: DimensionNames?, _ connection: any Connection) throws -> ColumnChart? {
    let years = try ActivityReport.years(today: frame.today, connection).suffix(6)
    let byYear = try years.map { year in
      let query = try FigureQuery(
        figure, ActivityReport.period(year, today: frame.today), by: names.map { [$0.dimension.code] } ?? [], where: list.query.filters)
      return (year, query, try query.values(connection))
    }
    let codes = names.map { names in names.ordered(Set(byYear.flatMap { $0.2.flatMap(\.codes) })) }
    guard let names, let codes, codes.count <= 4 else {
      return try ColumnChart(
        "\(figure.label) par an", series: [figure.label],
        columns: byYear.map { year, query, _ in
          let plain = try FigureQuery(figure, query.period, where: list.query.filters)
          return .init(String(year), [ChartValue(try plain.values(connection).first?.value ?? 0, link: plain.link())])
        })
    }
    return ColumnChart(
      "\(figure.label) par an et par \(names.dimension.label.lowercased())", series: codes.map(names.label),
      columns: byYear.map { year, query, values in
        .init(
          String(year),
          codes.map { code in
            let amount = values.first { $0.codes == [code] }?.value ?? 0
            return ChartValue(amount, link: query.link(Filter(names.dimension.code, code)))
          })
      })
  }

  private func table(_ parts: [FigureValue], _ names: [DimensionNames], _ total: Int, _ query: FigureQuery) -> FigureTable? {
    guard let rows = names.first, !parts.isEmpty else { return nil }
    return names.count == 2
      ? FigureTable.crossing(figure.label, parts, rows, names[1], total: total, query)
      : FigureTable(
        "\(figure.label), \(query.period.label)", rowTitle: rows.dimension.label, columns: [figure.unit.capitalizedFirst],
        rows: rows.ordered(Set(parts.map { $0.codes[0] })).map { code in
          let value = parts.first { $0.codes == [code] }?.value ?? 0
          return .init(LinkedText(rows.label(code)), [LinkedText(value, query.link(Filter(rows.dimension.code, code)))])
        }, total: .init(LinkedText("Total"), [LinkedText(total, query.link())]))
  }
}

/// The words and the order of a dimension's values.
struct DimensionNames {
  let dimension: Dimension
  private let labels: [String: String]
  private let order: [String: Int]

  init(_ dimension: Dimension, _ lists: ReferenceLists, _ connection: any Connection) throws {
    self.dimension = dimension
    let values = try dimension.values(lists, connection) + [.unknown]
    labels = Dictionary(values.map { ($0.code, $0.label) }, uniquingKeysWith: { first, _ in first })
    order = Dictionary(values.enumerated().map { ($0.element.code, $0.offset) }, uniquingKeysWith: { first, _ in first })
  }

  func label(_ code: String) -> String { labels[code] ?? code }

  func ordered(_ codes: Set<String>) -> [String] {
    codes.sorted { (order[$0] ?? .max, $0) < (order[$1] ?? .max, $1) }
  }
}

extension FigureTable {
  /// Two dimensions: each cell opens its list. Totals are those of the figure, not sums of cells, for a record may stand in several.
  static func crossing(
    _ title: String, _ parts: [FigureValue], _ rows: DimensionNames, _ columns: DimensionNames, total: Int, _ query: FigureQuery
  ) -> FigureTable {
    let columnCodes = columns.ordered(Set(parts.map { $0.codes[1] }))
    let values = Dictionary(uniqueKeysWithValues: parts.map { ($0.codes, $0.value) })
    return FigureTable(
      "\(title), \(query.period.label)", rowTitle: rows.dimension.label, columns: columnCodes.map(columns.label),
      rows: rows.ordered(Set(parts.map { $0.codes[0] })).map { row in
        let rowFilter = Filter(rows.dimension.code, row)
        return .init(
          LinkedText(rows.label(row), query.link(rowFilter)),
          columnCodes.map { column in
            let value = values[[row, column]] ?? 0
            return LinkedText(value, value == 0 ? nil : query.link(rowFilter, Filter(columns.dimension.code, column)))
          })
      })
  }
}

extension String {
  fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
