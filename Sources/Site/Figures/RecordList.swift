import Federation
import Hummingbird
import Markup
import Records
import Store
import WebSupport

/// The records behind one figure, as the address of their list says it: narrowed by the figure's dimensions.
struct RecordList: ListQuestion {
  /// Far more than the boxes that a person ticks, and few enough for an address made by a machine.
  static let mostFilters = 100

  var asked: ListAddress
  let query: FigureQuery
  /// No other figure than that of the whole list was asked for.
  private let isWhole: Bool
  private let name: String
  private let menus: [Dimension]
  private let hasYears: Bool
  /// The possible values of the dimensions that the address filters by and the page offers, read once for both.
  private let values: [String: [ReferenceValue]]

  /// - Parameters:
  ///   - isList: the page shows records of the default figure's kind, and no others.
  ///   - today: given where a year that is not over stops today, as figures do; a figure then has no value ahead.
  ///   - menus: the dimensions offered as filters, of those that the figure has; all of them when not said.
  ///   - hasYears: the list is one of facts during a year.
  /// - Throws: `Refusal` when the figure does not exist, or when there are too many filters.
  init(
    _ path: Link, _ request: Request, of defaultFigure: String, isList: Bool = true, period defaultPeriod: Period, today: CivilDate? = nil,
    sortKeys: [String] = [], sort: String = "", menus: [String]? = nil, hasYears: Bool = false, for role: Role, _ model: Model,
    _ lists: ReferenceLists, _ connection: any Connection
  ) throws {
    let items = request.queryItems
    func item(_ name: String) -> String? { items.last { $0.name == name }?.value }
    asked = ListAddress(path, items, sortKeys: sortKeys, sort: sort)
    let registry = model.figures
    let own = try registry.figure(defaultFigure)
    var figure = try item("chiffre").map(registry.figure) ?? own
    if isList, figure.id != own.id, !role.areas.contains(.figures) {
      asked.warn("Votre rôle n’ouvre pas les chiffres : celui-ci n’est pas appliqué.")
      figure = own
    }
    if isList, figure.recordKind != own.recordKind {
      asked.warn("« \(figure.label) » compte d’autres fiches que celles de cette liste : ce chiffre n’est pas appliqué.")
      figure = own
    }
    if item("chiffre") == figure.id { asked.apply("chiffre", figure.id) }
    let askedPeriod = AskedPeriod(items, today: today, isList: isList)
    let period = askedPeriod.period
    if let item = askedPeriod.item { asked.apply(item.name, item.value) }
    if let warning = askedPeriod.warning { asked.warn(warning) }
    let dimensions = figure.factSet.dimensions
    let usual = isList ? dimensions.filter { !$0.comparesYears } : dimensions
    self.menus = menus.map { codes in codes.compactMap { code in dimensions.first { $0.code == code } } } ?? usual
    let narrowing = try Self.filters(in: items)
    let parts = items.filter { Self.parts.contains($0.name) }.map(\.value)
    let needed = Set(narrowing.map(\.dimension) + self.menus.map(\.code) + (isList ? [] : parts))
    let values = try Dimension.values(of: dimensions.filter { needed.contains($0.code) }, lists, connection)
    var filters: [Filter] = []
    for one in narrowing {
      do {
        let filter = try registry.filter(one.dimension, one.value, for: figure) { values[$0.code] ?? [] }
        if !filters.contains(filter) { filters.append(filter) }
      } catch is Refusal {
        asked.warn(unknown: one.dimension, one.value)
      }
    }
    for filter in filters { asked.apply(filter.dimension, filter.value) }
    self.values = values
    self.hasYears = hasYears
    query = try FigureQuery(figure, period ?? defaultPeriod, where: filters)
    isWhole = figure.id == own.id
    name = String(path.address.dropFirst())
  }

  /// What stands in the address of a list or of a figure and is no filter.
  private static let ownItems = ListAddress.ownItems.union(
    ["chiffre", "comparer", "graphique", FigureForm.parameter, MapGround.item] + AskedPeriod.items + parts)
  /// What a figure is broken down by.
  static let parts = ["par", "puis"]

  /// Whatever the address narrows by, once each.
  /// - Throws: `Refusal` when there are too many of them.
  private static func filters(in items: [(name: String, value: String)]) throws -> [Filter] {
    var seen: Set<Filter> = []
    let asked = items.filter { !$0.value.isEmpty && !ownItems.contains($0.name) }.map { Filter($0.name, $0.value) }
      .filter { seen.insert($0).inserted }
    guard asked.count <= mostFilters else {
      throw Refusal("Cette adresse porte plus de \(mostFilters) filtres : retirez-en, puis recommencez.")
    }
    return asked
  }

  /// The words and the order of what a dimension counts under; of those that the address asks for.
  func names(_ dimension: Dimension) -> DimensionNames { DimensionNames(dimension, values[dimension.code] ?? []) }

  /// The federation's own départements first in mind.
  func facets(_ frame: Frame) -> [WebSupport.Facet] {
    menus.map { dimension in
      let chosen = Set(query.filters.filter { $0.dimension == dimension.code }.map(\.value))
      let offered = ((values[dimension.code] ?? []) + [dimension.unknown]).filter { value in
        dimension.code != "departement" || frame.departments.isEmpty || frame.departments.contains(value.code)
          || chosen.contains(value.code)
      }
      return WebSupport.Facet(
        dimension.code, dimension.label, offered.map { WebSupport.Facet.Choice($0.code, $0.label, isOn: chosen.contains($0.code)) })
    }
  }

  func years(_ frame: Frame, _ connection: any Connection) throws -> [Tabs.Tab] {
    guard hasYears else { return [] }
    let undated = asked.link.removing("date").removing("periode")
    let isYear = [.year, .upToDay].contains(query.period.form)
    let years = try Tabs.Tab.years(current: isYear ? query.period.year : nil, frame, connection) { undated.setting("annee", String($0)) }
    return isYear ? years : [Tabs.Tab(query.period.name.capitalizedFirst, asked.link, isCurrent: true)] + years
  }

  func periods(_ frame: Frame) -> PeriodMenu? {
    guard hasYears else { return nil }
    let undated = AskedPeriod.items.reduce(asked.link) { $0.removing($1) }
    let month = CivilDate.firstDay(of: frame.today.year).adding(months: frame.today.month - 1)
    let choices = [
      ("Ce mois-ci", month, month.adding(months: 1).previous), ("Le mois dernier", month.adding(months: -1), month.previous),
      ("Les trois derniers mois", month.adding(months: -2), frame.today),
      ("Les douze derniers mois", month.adding(months: -11), frame.today),
    ]
    return PeriodMenu(
      choices.compactMap { label, from, through in
        Period(from: from, through: through).map { LinkedText(label, undated.setting("periode", $0.label)) }
      }, names: ("du", "au"), chosen: undated == asked.link || isYear ? nil : (query.period.name.capitalizedFirst, undated))
  }

  /// Years have tabs of their own.
  private var isYear: Bool { asked.link.query.contains { $0.name == "annee" } }

  /// « echanges-2025-telephone »: the list, its period and what narrows it.
  var fileName: String {
    let figure = isWhole ? [] : [query.figure.id]
    let parts = [name] + figure + [query.period.label] + query.filters.map(\.value) + [asked.search]
    let words = parts.flatMap { Fold.key($0).split { !$0.isASCII || !($0.isLetter || $0.isNumber || $0 == "_") } }
    return String(words.joined(separator: "-").prefix(120))
  }
}

/// From figures to the lists of what they count, as far as a role opens these.
struct RecordLinks: Sendable {
  let role: Role

  /// Without a fact set, a list is not of the federation's own records: it has no figure that it shows whole.
  private static let lists: [String: (path: Link, area: Area, factSet: String?)] = [
    "structures": ("/structures", .directory, Structure.factSetName), "echanges": ("/echanges", .exchanges, Exchange.factSetName),
    "etats": ("/etats", .directory, StateEntryListing.factSetName), "effectifs": ("/effectifs", .directory, Headcount.factSetName),
    "communes": ("/communes", .directory, nil), "types": ("/conversions", .directory, TypeChangeListing.factSetName),
    "sites": ("/sites", .directory, SiteListing.factSetName),
    "facilitations": ("/facilitations", .facilitations, Facilitation.factSetName),
    "dossiers": ("/dossiers", .directory, CommissionFile.factSetName),
    "programmes": ("/programmes", .directory, SupportProgramme.factSetName),
    "questions": ("/questions", .questions, ExpertQuestion.factSetName),
    "relectures": ("/relectures", .readings, ProjectReading.factSetName),
    "mises_en_relation": ("/mises-en-relation", .directory, Introduction.factSetName),
    "seances_programme": ("/seances-programme", .directory, Workshop.factSetName),
    "heures": ("/heures", .volunteering, VolunteerHours.factSetName),
    "premiers_contacts": ("/premiers-contacts", .firstContacts, FirstContact.factSetName),
  ]

  /// Whether the records of a kind have lists that the role opens.
  func opens(_ recordKind: String) -> Bool {
    Self.lists[recordKind].map { role.areas.contains($0.area) } ?? false
  }

  /// The same for what an edition of the report has kept, which is records alone.
  func opensInEditions(_ recordKind: String) -> Bool { Self.lists[recordKind]?.factSet != nil && opens(recordKind) }

  /// What a figure of the report counts, as the records are now.
  func callAsFunction(_ figure: ReportFigure, where filters: [Filter], _ registry: FigureRegistry) -> Link? {
    (try? FigureQuery(registry.figure(figure.id), figure.period, where: filters)).flatMap { self($0) }
  }

  /// The list of exactly the records that the figure counts, once narrowed by `more`; `nil` while they have no page.
  func callAsFunction(_ query: FigureQuery, _ more: Filter...) -> Link? {
    guard opens(query.figure.recordKind), let list = Self.lists[query.figure.recordKind] else { return nil }
    // A list page shows the whole of one fact set unless a figure is named; named too is one of which the list says more.
    let isWholeList =
      query.figure.listsWholeFactSet && query.figure.factSet.name == list.factSet && ListDetail(figure: query.figure.id) == nil
    var items = isWholeList ? [] : [("chiffre", query.figure.id)]
    items.append(query.period.item(isState: query.figure.isState))
    items += (query.filters + more).map { ($0.dimension, $0.value) }
    return Link(list.path, query: items)
  }

  /// A share of a département as `query` gives it, or of all of them; it opens the records behind it.
  func share(_ share: FigureValue?, of query: FigureQuery, in place: Filter? = nil) -> LinkedText {
    guard let share else { return LinkedText(French.unknown) }
    let narrowed = try? FigureQuery(query.figure, query.period, where: query.filters + (place.map { [$0] } ?? []))
    let hasRecords = share.source == nil && share.value != nil
    return LinkedText(share.text, hasRecords ? narrowed.flatMap { self($0) } : nil)
  }
}

extension Period {
  /// How the address of a list says it. A state is that of one day, whatever it was asked for.
  func item(isState: Bool) -> (String, String) {
    switch form {
    case .year: ("annee", label)
    case .upToDay: ("date", label)
    default: isState ? ("date", through.description) : ("periode", label)
    }
  }
}

extension ReferenceLists {
  /// A code with the federation's own words for it.
  func coded<Code: CodedValue>(_ value: Code) -> CodedLabel {
    CodedLabel(value.rawValue, label(value))
  }
}
