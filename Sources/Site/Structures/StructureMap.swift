import Drawing
import Federation
import Foundation
import Markup
import Records
import Store
import Tables
import WebSupport

/// The teams of a list over the départements, with the same numbers in a table (DIR-07): what `/carte` and its files show.
struct StructureMap: Sendable {
  let question: RecordList
  let frame: Frame
  let teams: [MappedStructure]
  /// R1, by département and whole; `nil` for those whom figures are closed to.
  let coverage: Coverage?
  let outlines: [DepartmentOutlines.Outline]
  let ground: MapGround
  private let years: ClosedRange<Int>

  struct Coverage: Sendable {
    let query: FigureQuery
    let parts: [String: FigureValue]
    let total: FigureValue
  }

  init(
    _ question: RecordList, _ frame: Frame, _ model: Model, _ outlines: [String: DepartmentOutlines.Outline], ground asked: String?,
    _ connection: any Connection
  ) throws {
    self.frame = frame
    teams = try MappedStructure.all(question.query, search: question.asked.search, connection)
    coverage =
      try frame.session.account.role.areas.contains(.figures)
      ? Self.coverage(question.query.period, model.figures, connection) : nil
    var question = question
    let grounds = MapGround.offered(hasCoverage: coverage != nil)
    let chosen = asked.flatMap { asked in grounds.first { $0.rawValue == asked } }
    ground = chosen ?? grounds[0]
    if let chosen { question.asked.apply(MapGround.item, chosen.rawValue) }
    if let asked, chosen == nil { question.asked.warn(unknown: MapGround.item, asked) }
    self.question = question
    // Those of the federation, then whatever else has teams: what is counted beside the map is on it.
    let others = Set(teams.map(\.department)).subtracting(frame.departments).sorted()
    self.outlines = (frame.departments + others).compactMap { outlines[$0] }
    let known = try ActivityReport.years(today: frame.today, connection)
    years = min(known.min() ?? frame.year, frame.year)...frame.year
  }

  private static func coverage(
    _ period: Period, _ registry: FigureRegistry, _ connection: any Connection
  ) throws -> Coverage {
    let figure = try registry.figure("coverage.population_share")
    let whole = try FigureQuery(figure, period)
    let values = try FigureQuery.knownValues(of: [whole, FigureQuery(figure, period, by: ["departement"])], connection)
    return Coverage(query: whole, parts: FigureReading.byCode(values[1]), total: values[0].first ?? .nothing(in: figure.manner))
  }

  /// The map of the teams that a list shows.
  static func link(_ question: RecordList) -> Link {
    let own = ListAddress.ownItems.subtracting(["q"]).union([MapGround.item])
    return Link("/carte", query: question.asked.link.query.filter { !own.contains($0.name) }.map { ($0.name, $0.value) })
  }

  // MARK: - Drawing

  var drawing: PointMap {
    PointMap("\(Self.title)\u{00A0}: les mêmes nombres sont dans le tableau", areas: drawn.map(area), points: placed.map(point))
  }

  static let title = "Carte des équipes"

  /// The same for the script of the page, and for other programs.
  var collection: MapCollection {
    let areas = drawn.map { outline in
      let area = area(outline)
      return MapCollection.Feature(
        .area(outline.lines),
        .init(nom: area.name, lien: area.link?.address, code: outline.code, part: area.share, valeur: area.note, phrase: area.sentence))
    }
    let points = placed.compactMap { team in
      team.position.map { place in
        MapCollection.Feature(
          .point(longitude: place.longitude, latitude: place.latitude),
          .init(
            nom: team.name, lien: Link.structure(team.id).address, type: frame.lists.label(team.type),
            situation: team.situation.map { frame.lists.label($0) }, commune: team.commune, forme: team.shape.rawValue,
            remplissage: team.fill.rawValue))
      }
    }
    return MapCollection(areas + points)
  }

  /// The map as a file that goes its way alone: it says what it shows, of which day, and what was left out.
  var image: ChartImage {
    let asked = question.narrowing + (question.asked.search.isEmpty ? [] : ["«\u{202F}\(question.asked.search)\u{202F}»"])
    let day = "au \(French.fullDay(question.query.period.through.description))"
    let heading = "\(Self.title) \(day)\(asked.isEmpty ? "" : " (\(asked.joined(separator: " ; ")))")"
    return drawing.image(
      French.typeset(heading), Self.legends(ground, most: most), alternative: "\(French.plural(teams.count, "équipe", "équipes")) \(day)")
  }

  private var drawn: [DepartmentOutlines.Outline] { outlines.drawnTogether }

  private func area(_ outline: DepartmentOutlines.Outline) -> PointMap.Area {
    let count = teams.count { $0.department == outline.code }
    let covered = coverage?.parts[outline.code].map { " \($0.text) des habitants couverts par une CPTS" }
    let (share, note) = shade(outline.code, count)
    return PointMap.Area(
      outline.name,
      outline: outline.positions, share: share, note: note,
      sentence: French.plural(count, "équipe", "équipes") + (covered.map { ",\($0)" } ?? ""), link: list(("departement", outline.code)))
  }

  /// From 0 to 1, and what stands under the name.
  private func shade(_ code: String, _ count: Int) -> (Double?, String?) {
    switch ground {
    case .coverage:
      let share = coverage?.parts[code]
      return (share.flatMap(Self.fraction), share?.text)
    case .teams: return (Double(count) / Double(max(1, most)), French.number(count))
    case .plain: return (nil, nil)
    }
  }

  /// Of the département that has the most teams.
  private var most: Int { outlines.map { outline in teams.count { $0.department == outline.code } }.max() ?? 0 }

  private static func fraction(_ value: FigureValue) -> Double? {
    value.value.map { Double($0) / Double(value.manner.scale) }
  }

  /// Those in operation under the others, which are fewer.
  private var placed: [MappedStructure] {
    let codes = Set(drawn.map(\.code))
    return teams.filter { $0.position != nil && codes.contains($0.department) }
      .sorted { ($0.fill == .full ? 0 : 1) < ($1.fill == .full ? 0 : 1) }
  }

  private func point(_ team: MappedStructure) -> PointMap.Point {
    let words = [frame.lists.label(team.type), team.situation.map { frame.lists.label($0) }, team.commune].compactMap(\.self)
    return PointMap.Point(
      "\(team.name) (\(words.joined(separator: ", ")))", team.shape, team.fill,
      at: .init(longitude: team.position?.longitude ?? 0, latitude: team.position?.latitude ?? 0), link: .structure(team.id))
  }

  // MARK: - Page

  /// - Parameters:
  ///   - isLive: the browser may make it a map one moves in.
  ///   - hasImages: it is downloaded as a picture too.
  func html(isLive: Bool, hasImages: Bool) -> HTML {
    let script: HTML = "<script src=\"/assets/carte.js\" type=\"module\"></script>"
    let filters = FilterBar(
      "Filtrer la carte", current: question.asked.link, search: .init("Nom, commune ou FINESS", value: question.asked.search),
      facets: question.facets(frame), result: "\(French.plural(teams.count, "équipe", "équipes")) \(when)")
    let files: HTML = """
      <details class="menu droite"><summary class="bouton">\(Icon.download.html) Exporter \(Icon.down.html)</summary><ul class="choisir">\
      \(each: ["svg"] + (hasImages ? ["png"] : []), { PageAction("Image (.\($0))", .download, file($0)).menuItem })\
      \(each: TableFileFormat.allCases, { PageAction("Tableau (.\($0.rawValue))", .download, file($0.rawValue)).menuItem })</ul></details>
      """
    let header = PageHeader(
      Self.title, detail: "<p>Là où sont les équipes, et les habitants que les CPTS couvrent.</p>",
      actions: [PageAction("Voir la liste", .structure, list([]))], menus: [files])
    return """
      \(header.html)
      \(filters.html)
      <div class="cote"><section class="carte atlas" aria-labelledby="t-carte" data-carte=""><h2 class="sr" id="t-carte">Carte</h2>
      <a class="evite" href="#fond">Passer les équipes, vers l’année et le fond</a>
      \(outlines.isEmpty ? EmptyState("Aucun département à dessiner", "Dites dans les réglages quels départements sont ceux de la fédération.").html : drawing.html)
      \(settings)\(Self.legend(ground, most: most))</section>
      <section aria-label="Les mêmes nombres en tableau">\(table)\(unplaced)</section></div>
      <p class="note">\(coverage == nil ? "" : coverageNote)\(Self.sources)</p>
      \(isLive ? script : .empty)
      """
  }

  private var coverageNote: String {
    """
    Couverture\u{A0}: habitants des communes citées par au moins une CPTS, chacun compté une fois (populations de 2017, Insee). \
    \(frame.settings.coverageBasis(on: question.query.period.through)) 
    """
  }
  private static let sources = "Fond de carte\u{A0}: IGN, INSEE, DILA, Licence Ouverte 2.0."

  private func file(_ suffix: String) -> Link {
    Link(Link(ownPath: "/carte.\(suffix)") ?? "/", query: question.asked.link.query.map { ($0.name, $0.value) })
  }

  /// The years and what the départements are shaded by as one form, for keyboards and fingers; its button is there without a script too.
  private var settings: HTML {
    let year = min(max(question.query.period.year, years.lowerBound), years.upperBound)
    let kept = question.asked.link.query.filter { !AskedPeriod.items.contains($0.name) && $0.name != MapGround.item }
    let marks = stride(from: years.lowerBound, through: years.upperBound, by: max(1, (years.count + 4) / 5)).map(String.init)
    let range: HTML = """
      <label for="annee"><b>Année</b></label><div class="rangee serre"><input type="range" id="annee" name="annee" min="\(years.lowerBound)" \
      max="\(years.upperBound)" value="\(year)" list="annees"><datalist id="annees">\
      \(each: years, { "<option value=\"\($0)\"></option>" })</datalist></div>\
      <output for="annee">\(year)</output>\
      <span class="bornes" aria-hidden="true">\(each: marks, { "<span>\($0)</span>" })</span>
      """
    let grounds = MapGround.offered(hasCoverage: coverage != nil)
    return """
      <form method="get" action="/carte" class="annee">\(each: kept, { "<input type=\"hidden\" name=\"\($0.name)\" value=\"\($0.value)\">" })
      \(years.count > 1 ? range : .empty)<div class="rangee"><label for="fond"><b>Fond</b></label><select id="fond" name="\(MapGround.item)">\
      \(each: grounds, { "<option value=\"\($0.rawValue)\"\(attribute: "selected", if: $0 == ground)>\($0.label)</option>" })</select>\
      <button class="bouton petit">Afficher</button></div></form>
      """
  }

  /// Those of which nobody said where they are: they are counted, and not to be seen.
  private var unplaced: HTML {
    let missing = teams.filter { $0.position == nil }
    guard !missing.isEmpty else { return .empty }
    return """
      <details class="note"><summary>\(French.plural(missing.count, "équipe n’est pas", "équipes ne sont pas")) sur la carte\u{A0}: \
      commune non renseignée</summary><ul>\(each: missing.prefix(50), { "<li>\(LinkedText($0.name, .structure($0.id)).html)</li>" })</ul></details>
      """
  }
}

extension MappedStructure {
  var shape: PointMap.Shape { PointMap.Shape(type) }
  var fill: PointMap.Fill { PointMap.Fill(situation) }
}

extension PointMap.Shape {
  init(_ type: StructureType) {
    self =
      switch type {
      case .msp, .isole: .circle
      case .esp, .espClap: .triangle
      case .cpts: .square
      case .cds: .diamond
      }
  }
}

extension PointMap.Fill {
  init(_ situation: Situation?) {
    self =
      switch situation {
      case .aci, .fonctionnement: .full
      case .horsACI: .tinted
      case .projet, .clos, nil: .hollow
      }
  }
}
