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
  var cards: [ReportDocument.Figure]
  var map: ReportDocument.Block
  var structures: ReportDocument.Block
  var growth: ReportDocument.Block
  var transitions: ReportDocument.Block?
  var stageDays: String?
  var themes: ReportDocument.Block?
  var targets: [Target]
  var teams: ReportDocument.Block

  init(_ page: DepartmentPage, federation: String) {
    let sheet = page.sheet
    title = "Fiche du département\u{A0}: \(page.title), \(sheet.period.name)"
    (code, name, period) = (sheet.code, sheet.name, sheet.period.name)
    self.federation = federation
    notice = "Chiffres \(sheet.period.phrase(isState: false)), situation \(page.dated)."
    sources = page.sources
    cards = page.cards.map(ReportDocument.Figure.init)
    let teams = French.plural(sheet.teams.count, "équipe", "équipes")
    map = ReportDocument.Block(kind: .chart)
    (map.title, map.svg) = ("Les équipes et les communes couvertes", page.map.svg)
    map.alt = "Carte du département\u{A0}: \(teams), celles de la liste"
    structures = ReportDocument.Block(page.structures)
    growth = ReportDocument.Block(page.growth(isWide: false).image)
    transitions = page.transitions.map { ReportDocument.Block($0) }
    stageDays = page.stageDays
    themes = page.themes.map { ReportDocument.Block($0.image) }
    targets = sheet.targets.map { Target($0, page) }
    self.teams = ReportDocument.Block(
      FigureTable(
        "Les structures, \(page.dated)", rowTitle: "Structure", columns: ["Type", "Situation", "Commune"],
        rows: page.teams.map { team in
          let situation = team.situation.map { page.frame.lists.label($0) }
          return FigureTable.Row(
            LinkedText(team.name),
            [page.frame.lists.label(team.type), situation ?? French.unknown, team.commune ?? French.unknown].map { LinkedText($0) })
        }))
  }
}

extension DepartmentDocument.Target {
  init(_ progress: TargetProgress, _ page: DepartmentPage) {
    let target = progress.target
    let goal = Double(max(1, target.goal))
    func share(_ tenths: Int?) -> Double { min(1, max(0, Double(tenths ?? 0) / goal)) }
    self.init(
      label: target.label, scope: target.scope(page.frame.lists),
      words:
        "\(TargetsPage.reached(progress)) sur \(TargetsPage.amount(target.goal, target.measure)) pour le \(French.day(target.due.description))",
      reached: share(progress.reached), planned: share(progress.reachedWithPlans ?? progress.reached))
  }
}
