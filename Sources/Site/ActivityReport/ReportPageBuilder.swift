import Drawing
import Federation
import Markup
import Records
import Store
import WebSupport

/// Turns the figures of a year, computed or kept, into the page that shows them.
struct ReportPageBuilder {
  /// What a number opens: the records behind the figure, once narrowed.
  typealias Links = (_ figure: ReportFigure, _ filters: [Filter]) -> Link?

  let report: ActivityReport
  let links: Links
  /// Where the photos of the written report are; nowhere in a file by itself.
  var photos: (WrittenReport.Photo) -> Link? = { _ in nil }
  /// For those who read it while it is drafted.
  var drafting: ReportChapters.Drafting?
  var isEssential = false
  /// The edition out of which the reader may take what somebody asks to.
  var withdrawals: Link?
  var places = ReportPlaces()
  var isFrozen = false
  var isFile = false

  init(report: ActivityReport, links: @escaping Links) {
    self.report = report
    self.links = links
  }

  func page() -> ReportPage {
    var page = ReportPage(
      year: report.period.year, closedOn: report.period.through.description, keyFigures: keyFigures, structures: structures,
      support: support)
    page.isEssential = isEssential
    guard let document = report.document else { return page }
    let shown = isEssential ? document.essential : drafting?.showsWork == true ? document : document.printed
    page.chapters =
      ReportChapters(
        period: report.period, figures: report.figures, document: shown, links: links, photos: photos, drafting: drafting,
        withdrawals: withdrawals, places: places, isFrozen: isFrozen, isFile: isFile
      ).all
    var seen: Set<String> = []
    page.definitions = report.figures.filter { seen.insert($0.id).inserted }.map { ($0.label, $0.definition) }
    return page
  }

  private var keyFigures: [KeyFigure] {
    [report.structures, report.professionals, report.exchanges, report.teams, report.newTeams, report.minutes].map { key in
      let (current, previous) = (key.current.total, key.previous.total)
      let change = current.value.flatMap { now in previous.value.map { now - $0 } }
      return KeyFigure(
        key.current.label, value: current.spoken, link: current.source == nil ? links(key.current, []) : nil,
        trend: change.map {
          Trend($0, text: Trend.spokenChange($0, current.manner), reference: reference(previous), upIsGood: current.manner.moreIsBetter)
        },
        note: current.note)
    }
  }

  private func reference(_ value: FigureValue) -> String {
    "par rapport \(report.previousPeriod.reference()) (\(value.phrase(value.spoken)))"
  }

  private var structures: ReportPage.Structures {
    let breakdown = report.structuresByDepartment
    let (departments, situations) = (breakdown.dimensions[0], breakdown.dimensions[1])
    let (rows, columns) = (departments.codes, situations.codes)
    // A structure has one département and one situation: here, and only here, totals are sums of cells.
    let cell = Dictionary(uniqueKeysWithValues: breakdown.values.map { ($0.codes, $0) })
    func sum(_ codes: [String], _ columns: [String]) -> FigureValue {
      .sum(in: breakdown.total.manner, codes.flatMap { code in columns.compactMap { cell[[code, $0]] } })
    }
    func row(_ title: LinkedText, _ codes: [String], _ filter: [Filter], total: FigureValue) -> FigureTable.Row {
      let cells = columns.map { column in
        LinkedText(
          cell: sum(codes, [column]), links(breakdown, filter + [Filter("situation", column)]), beside: breakdown.total)
      }
      return FigureTable.Row(
        title, cells + [LinkedText(total, links(breakdown, filter), beside: filter.isEmpty ? nil : breakdown.total)])
    }
    return ReportPage.Structures(
      total: ReportCount(breakdown.total, links(breakdown, [])),
      situations: columns.map { column in
        (phrase(situations.label(column)), ReportCount(sum(rows, [column]), links(breakdown, [Filter("situation", column)])))
      },
      columns: columns.map(situations.label) + ["Total"],
      rows: rows.map { code in
        // On paper and in files nothing is a link.
        let isOpen = code != ReferenceValue.unknown.code && links(breakdown, []) != nil
        return row(
          LinkedText(departments.label(code), isOpen ? .department(code) : nil), [code], [Filter("departement", code)],
          total: sum([code], columns))
      },
      totals: row(LinkedText("Région"), rows, [], total: breakdown.total))
  }

  /// A situation inside a sentence; « ACI » keeps its capitals.
  private func phrase(_ label: String) -> String {
    label == label.uppercased() ? "sous \(label)" : label.prefix(1).lowercased() + label.dropFirst()
  }

  private var support: ReportPage.Support {
    let themed = report.exchangesByTheme
    let themes = themed.dimensions[0]
    // Up to five years, from the first that has any.
    let years = report.exchangesByChannel.dropLast().drop { $0.total.isNothing } + report.exchangesByChannel.suffix(1)
    let channels = ReportDimension.merged(years.map { $0.dimensions[0] })?.values ?? []
    return ReportPage.Support(
      exchanges: count(report.exchanges), teams: count(report.teams),
      newTeams: report.newTeams.current.total.isNothing ? nil : count(report.newTeams),
      time: LinkedText(
        report.minutes.current.total, links(report.minutes.current, []), text: report.minutes.current.total.spoken),
      channels: channels.map(\.label),
      years: years.map { year in
        ColumnChart.Column(
          String(year.period.year),
          channels.map { channel in
            ChartValue(
              part: year.values.first { $0.codes == [channel.code] }, of: year.total, link: links(year, [Filter("canal", channel.code)]))
          }, total: ChartValue(year.total, link: links(year, [])))
      },
      themes: themes.codes.map { code in
        let value = themed.values.first { $0.codes == [code] }
        let label = code == ReferenceValue.unknown.code ? "Sans thème" : themes.label(code)
        return .init(LinkedText(label), [LinkedText(cell: value, links(themed, [Filter("theme", code)]), beside: themed.total)])
      },
      themeTotal: .init(LinkedText("Échanges distincts"), [LinkedText(themed.total, links(themed, []))]))
  }

  private func count(_ key: ActivityReport.KeyFigure) -> ReportCount { ReportCount(key.current.total, links(key.current, [])) }
}
