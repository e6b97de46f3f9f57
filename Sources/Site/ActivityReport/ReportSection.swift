import Drawing
import Federation
import Hummingbird
import Markup
import Records
import Store
import WebSupport

/// `/rapports/2023`: the yearly report, made from the records.
struct ReportSection {
  let site: Site

  func add(to routes: RouterGroup<SignedInContext>) {
    routes.get("rapports", use: latest)
    routes.get("rapports/{year}", use: show)
  }

  @Sendable private func latest(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let (_, frame) = try await site.read(request, context) { _, _ in }
    return .seeOther("/rapports/\(frame.year)")
  }

  @Sendable private func show(_ request: Request, _ context: SignedInContext) async throws -> Response {
    guard let year = Int(try context.parameters.require("year")), (1900...2100).contains(year) else { throw HTTPError(.notFound) }
    let registry = site.installation.model.figures
    let (page, frame) = try await site.read(request, context) { connection, frame in
      guard year <= frame.year else {
        throw Missing(sentence: "L’année \(year) n’a pas commencé\u{A0}: son rapport n’existe pas encore.")
      }
      let report = try ActivityReport(year: year, today: frame.today, registry, connection)
      let years = try ActivityReport.years(today: frame.today, connection).reversed().map {
        Tabs.Tab(String($0), "/rapports/\($0)", isCurrent: $0 == year)
      }
      return try ReportPageBuilder(report, frame, connection).page(years: years)
    }
    return site.page("Rapport d’activité \(year)", at: .report, page.html(), frame)
  }
}

/// Turns the figures of a year into the page that shows them.
struct ReportPageBuilder {
  private let report: ActivityReport
  private let links: RecordLinks
  private let departments: DimensionNames
  private let situations: DimensionNames
  private let themes: DimensionNames
  private let channels: DimensionNames

  init(_ report: ActivityReport, _ frame: Frame, _ connection: any Connection) throws {
    func names(_ breakdown: ActivityReport.Breakdown, _ index: Int) throws -> DimensionNames {
      try DimensionNames(breakdown.query.dimensions[index], frame.lists, connection)
    }
    self.report = report
    links = frame.records
    departments = try names(report.structuresByDepartment, 0)
    situations = try names(report.structuresByDepartment, 1)
    themes = try names(report.exchangesByTheme, 0)
    channels = try DimensionNames(report.exchangesByChannel[0].query.dimensions[0], frame.lists, connection)
  }

  func page(years: [Tabs.Tab]) -> ReportPage {
    ReportPage(
      year: report.period.year, closedOn: report.period.through.description, years: years, keyFigures: keyFigures,
      structures: structures, support: support)
  }

  private var keyFigures: [KeyFigure] {
    [report.structures, report.professionals, report.exchanges, report.teams, report.newTeams, report.minutes].map { key in
      let figure = key.query.figure
      let change = (key.current.value ?? 0) - (key.previous.value ?? 0)
      let moved = isTime(figure) ? (change < 0 ? "−" : "+") + French.minutes(abs(change)) : French.signed(change, scale: figure.scale)
      let before = key.previous.phrase(text(key.previous))
      return KeyFigure(
        figure.label, value: text(key.current), link: key.current.source == nil ? links(key.query) : nil,
        trend: Trend(
          change, text: moved, reference: "par rapport \(report.previousPeriod.reference()) (\(before))",
          upIsGood: figure.id != "contacts.minutes"), note: key.current.note)
    }
  }

  private func isTime(_ figure: Figure) -> Bool { figure.unit == "minutes" }

  private func text(_ value: FigureValue) -> String {
    isTime(value.figure) ? French.minutes(value.value ?? 0) : value.text
  }

  private var structures: ReportPage.Structures {
    let breakdown = report.structuresByDepartment
    let columns = situations.ordered(Set(breakdown.values.map { $0.codes[1] }))
    let rows = departments.ordered(Set(breakdown.values.map { $0.codes[0] }))
    // A structure has one département and one situation: here, and only here, totals are sums of cells.
    let cell = Dictionary(uniqueKeysWithValues: breakdown.values.map { ($0.codes, $0) })
    func sum(_ codes: [String], _ columns: [String]) -> FigureValue {
      .sum(of: breakdown.query.figure, codes.flatMap { code in columns.compactMap { cell[[code, $0]] } })
    }
    func row(_ title: LinkedText, _ codes: [String], _ filter: Filter?, total: FigureValue) -> FigureTable.Row {
      let cells = columns.map { LinkedText(cell: sum(codes, [$0]), link(filter, Filter("situation", $0)), beside: breakdown.total) }
      return FigureTable.Row(title, cells + [LinkedText(total, link(filter, nil), beside: filter.map { _ in breakdown.total })])
    }
    return ReportPage.Structures(
      total: ReportCount(breakdown.total, links(breakdown.query)),
      situations: columns.map { column in
        (phrase(column), ReportCount(sum(rows, [column]), link(nil, Filter("situation", column))))
      },
      columns: columns.map(situations.label) + ["Total"],
      rows: rows.map { row(LinkedText(departments.label($0)), [$0], Filter("departement", $0), total: sum([$0], columns)) },
      totals: row(LinkedText("Région"), rows, nil, total: breakdown.total))
  }

  private func link(_ first: Filter?, _ second: Filter?) -> Link? {
    [first, second].compactMap(\.self).reduce(links(report.structuresByDepartment.query)) { $0?.adding($1.dimension, $1.value) }
  }

  /// A situation inside a sentence; « ACI » keeps its capitals.
  private func phrase(_ code: String) -> String {
    let label = situations.label(code)
    return label == label.uppercased() ? "sous \(label)" : label.prefix(1).lowercased() + label.dropFirst()
  }

  private var support: ReportPage.Support {
    let themed = report.exchangesByTheme
    let codes = themes.ordered(Set(themed.values.map { $0.codes[0] }))
    let channelCodes = channels.ordered(Set(report.exchangesByChannel.flatMap { $0.values.map { $0.codes[0] } }))
    return ReportPage.Support(
      exchanges: count(report.exchanges), teams: count(report.teams),
      newTeams: report.newTeams.current.isNothing ? nil : count(report.newTeams),
      time: LinkedText(report.minutes.current, links(report.minutes.query), text: text(report.minutes.current)),
      channels: channelCodes.map(channels.label),
      years: report.exchangesByChannel.map { breakdown in
        ColumnChart.Column(
          String(breakdown.query.period.year),
          channelCodes.map { code in
            ChartValue(
              part: breakdown.values.first { $0.codes == [code] }, of: breakdown.total, link: links(breakdown.query, Filter("canal", code)))
          }, total: ChartValue(breakdown.total, link: links(breakdown.query)))
      },
      themes: codes.map { code in
        let value = themed.values.first { $0.codes == [code] }
        let label = code == ReferenceValue.unknown.code ? "Sans thème" : themes.label(code)
        return .init(LinkedText(label), [LinkedText(cell: value, links(themed.query, Filter("theme", code)), beside: themed.total)])
      },
      themeTotal: .init(LinkedText("Échanges distincts"), [LinkedText(themed.total, links(themed.query))]))
  }

  private func count(_ key: ActivityReport.KeyFigure) -> ReportCount { ReportCount(key.current, links(key.query)) }
}
