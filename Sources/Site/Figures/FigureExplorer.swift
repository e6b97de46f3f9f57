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
  private let isCompared: Bool
  /// The drawing that the address asks for alone.
  private let drawing: FigureDrawing?
  /// The form of the drawing of parts that the address asks for.
  let form: FigureForm
  private let hasImages: Bool

  private var figure: Figure { list.query.figure }
  private var period: Period { list.query.period }
  private static let filtered = ["departement", "territoire", "type"]
  static let noComparison = "aucune"

  /// - Parameter hasImages: charts are downloaded as pictures too.
  init(_ request: Request, _ model: Model, _ frame: Frame, hasImages: Bool = false, _ connection: any Connection) throws {
    self.frame = frame
    self.hasImages = hasImages
    self.model = model
    list = try RecordList(
      "/chiffres", request, of: "structures.count", isList: false, period: Period(asOf: frame.today), today: frame.today,
      menus: Self.filtered, for: frame.session.account.role, model, frame.lists, connection)
    let items = request.queryItems
    func item(_ name: String) -> String? { items.last { $0.name == name && !$0.value.isEmpty }?.value }
    let asked = RecordList.parts.compactMap(item)
    let figure = list.query.figure
    let known = asked.compactMap { figure.factSet.dimension($0) }
    dimensions = known.count == 2 && known[0].code == known[1].code ? [known[0]] : known
    let comparison = item("comparer")
    isCompared = comparison != Self.noComparison
    drawing = item(FigureDrawing.parameter).flatMap(FigureDrawing.init(rawValue:))
    form = FigureForm.asked(items)
    var errors = list.asked.warnings
    if let unknown = asked.first(where: { figure.factSet.dimension($0) == nil }) {
      errors.insert(French.typeset("Ce chiffre ne se ventile pas par « \(unknown.prefix(40)) »."), at: 0)
    }
    if let comparison, comparison != Self.noComparison {
      errors.append(French.typeset("La comparaison « \(comparison.prefix(40)) » n’existe pas : le chiffre est comparé à un an plus tôt."))
    }
    error = errors.isEmpty ? nil : errors.joined(separator: " ")
  }

  /// The values for programs, by the dimensions that are asked for.
  /// - Throws: `Refusal` when the address asks for what cannot be done.
  func rows(_ connection: any Connection) throws -> [FigureRow] {
    if let error { throw Refusal(error) }
    return try FigureRow.disclosed(FigureQuery(figure, period, by: dimensions.map(\.code), where: list.query.filters), connection)
  }

  /// What a file holds, without links.
  /// - Throws: `Refusal` when the address asks for what cannot be done: a file cannot say beside its numbers what was left out.
  func reading(_ connection: any Connection) throws -> FigureReading {
    if let error { throw Refusal(error) }
    return try reading(FigurePeriods(today: frame.today, connection), connection)
  }

  /// « chiffres-contacts-count-2025-canal »
  var fileName: String { ([list.fileName] + dimensions.map(\.code)).joined(separator: "-") }

  private func reading(_ periods: FigurePeriods, _ connection: any Connection) throws -> FigureReading {
    try FigureReading(
      FigureQuery(figure, period, where: list.query.filters), by: dimensions.map(list.names), isCompared: isCompared,
      years: periods.lastYears, connection)
  }

  func page(_ connection: any Connection) throws -> FigurePage {
    let periods = try FigurePeriods(today: frame.today, connection)
    let reading = try self.reading(periods, connection)
    let value = reading.total
    let isUnknown =
      value.leavesPartsUnknown && value.source == nil
      && !reading.years.contains { !$0.total.isNothing && $0.query.period.through <= period.through }
    let charts = FigureDrawing.allCases.filter { drawing == nil || drawing == $0 }.compactMap { drawing in
      reading.chart(drawing, form, frame.records).map { chart in
        let files = (["svg"] + (hasImages ? ["png"] : [])).map {
          (ending: $0, link: link($0, drawing == .parts ? form.items : []).setting(FigureDrawing.parameter, drawing.rawValue))
        }
        return FigurePage.Drawing(chart: chart, excuse: reading.excuse(drawing, form), files: files)
      }
    }
    var page = FigurePage(
      title: dimensions.isEmpty
        ? figure.label : "\(figure.label) par \(dimensions.map(\.phrase).joined(separator: " et "))",
      exports: TableFileFormat.allCases.map { PageAction("Tableau (.\($0.rawValue))", .download, link($0.rawValue)) }
        + charts.prefix(1).flatMap(\.files).map { PageAction("Graphique (.\($0.ending))", .download, $0.link) },
      settings: settings(periods, reading.forms), error: error,
      value: isUnknown ? LinkedText(French.unknown) : LinkedText(value, frame.records(reading.query)),
      unit: isUnknown || value.suppression != nil ? nil : value.unit,
      trend: isUnknown ? nil : reading.former.flatMap { Trend(value, since: $0, in: period.previous) }, scope: scope(value, isUnknown),
      definition: reading.query.definition(frame.settings), charts: isUnknown ? [] : charts,
      table: reading.parts.isEmpty ? nil : reading.grid(frame.records).table, partsOverlap: reading.partsOverlap,
      isSuppressed: reading.isSuppressed)
    // What nobody knows is no view to keep.
    if !isUnknown {
      let items = FigureView.items(list.query, dimensions, isCompared: isCompared, drawing, form, today: frame.today)
      let views = try SavedView.all(of: FigureList.words.name, for: frame.session.account, connection)
      page.view = FigureViewAction(items, among: views, model.figures, today: frame.today).action
    }
    return page
  }

  /// The same question as a file: it names its period, whether it was asked for or not.
  private func link(_ suffix: String, _ drawn: [(String, String)] = []) -> Link {
    let isYear = period.through == frame.today && period.beginsItsYear
    let filters = list.query.filters.map { ($0.dimension, $0.value) }
    let parts = zip(RecordList.parts, dimensions).map { ($0, $1.code) }
    let comparison = isCompared ? [] : [("comparer", Self.noComparison)]
    let items = [("chiffre", figure.id), isYear ? ("annee", String(period.year)) : period.item(isState: false)]
    return Link(Link(ownPath: "/chiffres.\(suffix)") ?? "/", query: items + filters + parts + comparison + drawn)
  }

  /// What is counted, in one sentence: « Département : Isère (38) ; Canal : Visio ou Visite, du 1er janv. au 31 déc. 2025. »
  private func scope(_ value: FigureValue, _ isUnknown: Bool) -> String {
    let narrowed = list.narrowing
    let area = narrowed.isEmpty ? "Toute la fédération" : narrowed.joined(separator: " ; ")
    let taken = value.source == nil ? "" : value.note.map { " Valeur reprise, sans fiches ; \($0)." } ?? ""
    let ratio = value.share.map { " \(French.number($0.numerator)) sur \(French.number($0.denominator))." } ?? ""
    let unknown = isUnknown ? " Les fiches de ce chiffre commencent plus tard : rien n’a été compté, ce n’est pas un zéro." : ""
    return French.typeset("\(area), \(period.phrase(isState: figure.isState)).\(ratio)\(taken)\(unknown)")
  }

  /// - Parameter forms: those that the parts suit: where there is but one, there is nothing to choose.
  private func settings(_ periods: FigurePeriods, _ forms: [FigureForm]) -> FigureSettings {
    FigureSettings(
      figures: model.figures.figures.map { .init(value: $0.id, label: $0.label, isChosen: $0.id == figure.id) },
      dimensions: options(chosen: dimensions.first), secondDimensions: options(chosen: dimensions.count > 1 ? dimensions[1] : nil),
      periods: periods.options(asked: period),
      comparisons: [
        .init(value: "", label: "Un an plus tôt", isChosen: isCompared),
        .init(value: Self.noComparison, label: "Aucune comparaison", isChosen: !isCompared),
      ],
      drawings: [FigureSettings.Option(value: "", label: "Tous les graphiques", isChosen: drawing == nil)]
        + FigureDrawing.allCases.map { FigureSettings.Option(value: $0.rawValue, label: $0.label, isChosen: $0 == drawing) },
      forms: forms.count > 1 ? forms.map { .init(value: $0.rawValue, label: $0.label, isChosen: $0 == form) } : [],
      filters: list.facets(frame), kept: list.query.filters.filter { !Self.filtered.contains($0.dimension) })
  }

  private func options(chosen: Dimension?) -> [FigureSettings.Option] {
    figure.factSet.dimensions.map { .init(value: $0.code, label: $0.label, isChosen: $0.code == chosen?.code) }
  }
}

extension String {
  var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
