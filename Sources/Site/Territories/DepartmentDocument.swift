import Drawing
import Federation
import Markup
import Records
import Store
import WebSupport

/// The sheet of a département on paper: the values that the template `departement.typ` lays out. It has no lists, so nothing is a link.
///
/// The names of its properties are those that the template reads.
struct DepartmentDocument: Encodable, Sendable {
  struct Card: Encodable, Sendable {
    var label: String
    var value: String
    var trend: String?
    var note: String?
  }

  struct Table: Encodable, Sendable {
    var title: String
    var rowTitle: String
    var columns: [String]
    var rows: [[String]]
    var total: [String]?
  }

  struct Drawing: Encodable, Sendable {
    var title: String
    var svg: String
    var alt: String
  }

  struct Target: Encodable, Sendable {
    var label: String
    var scope: String
    /// « 45 sur 54 au 31 déc. 2026 ».
    var words: String
    /// From 0 to 1, and with what is planned.
    var reached: Double
    var planned: Double
  }

  var title: String
  var code: String
  var name: String
  var federation: String
  /// « 2025 », « 2e trimestre 2025 ».
  var period: String
  /// Of which days its figures are.
  var notice: String
  var sources: String
  var cards: [Card]
  var map: Drawing
  var structures: Table
  var growth: Drawing
  var transitions: Table?
  var stageDays: String?
  var themes: Drawing?
  var targets: [Target]
  var teams: Table

  init(_ page: DepartmentPage, federation: String) {
    let sheet = page.sheet
    title = "Fiche du département\u{A0}: \(page.title), \(sheet.period.name)"
    (code, name, period) = (sheet.code, sheet.name, sheet.period.name)
    self.federation = federation
    notice = "Chiffres \(sheet.period.phrase(isState: false)), situation \(page.dated)."
    sources = DepartmentPage.sources
    cards = page.cards.map { Card(label: $0.label, value: $0.value, trend: $0.trend?.html.text, note: $0.note) }
    let teams = French.plural(sheet.teams.count, "équipe", "équipes")
    map = Drawing(
      title: "Les équipes et les communes couvertes", svg: page.map.svg, alt: "Carte du département\u{A0}: \(teams), celles de la liste")
    structures = Table(page.structures)
    growth = Drawing(page.growth(isWide: false).image)
    transitions = page.transitions.map(Table.init)
    stageDays = page.stageDays
    themes = page.themes.map { Drawing($0.image) }
    targets = sheet.targets.map { Target($0, page) }
    self.teams = Table(
      title: "Les structures, \(page.dated)", rowTitle: "Structure", columns: ["Type", "Situation", "Commune"],
      rows: page.teams.map { team in
        [
          team.name, page.frame.lists.label(team.type), team.situation.map { page.frame.lists.label($0) } ?? French.unknown,
          team.commune ?? French.unknown,
        ]
      })
  }
}

extension DepartmentDocument.Table {
  init(_ table: FigureTable) {
    func cells(_ row: FigureTable.Row) -> [String] { [row.label.html.text] + row.cells.map { $0.html.text } }
    self.init(
      title: table.caption, rowTitle: table.rowTitle, columns: table.columns, rows: table.rows.map(cells), total: table.total.map(cells))
  }
}

extension DepartmentDocument.Drawing {
  init(_ chart: ChartImage) {
    self.init(title: chart.title, svg: chart.svg, alt: chart.alternative)
  }
}

extension DepartmentDocument.Target {
  init(_ progress: TargetProgress, _ page: DepartmentPage) {
    let target = progress.target
    let goal = Double(max(1, target.goal))
    func share(_ tenths: Int?) -> Double { min(1, max(0, Double(tenths ?? 0) / goal)) }
    self.init(
      label: target.label, scope: TargetsPage.scope(target, page.frame.lists),
      words:
        "\(TargetsPage.reached(progress)) sur \(TargetsPage.amount(target.goal, target.measure)) pour le \(French.day(target.due.description))",
      reached: share(progress.reached), planned: share(progress.reachedWithPlans ?? progress.reached))
  }
}
