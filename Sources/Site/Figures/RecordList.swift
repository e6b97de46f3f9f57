import Federation
import Hummingbird
import Markup
import Records
import Store
import WebSupport

/// A list page as its address says it: the records behind one figure, searched, sorted and cut into pages.
struct RecordList: Sendable {
  static let pageSize = 50
  /// Far more than the boxes that a person ticks, and few enough for an address made by a machine.
  static let mostFilters = 100

  let query: FigureQuery
  let search: String
  let sortKey: String
  let isDescending: Bool
  /// No other figure than that of the whole list was asked for.
  private let isWhole: Bool
  /// From 1.
  let page: Int
  /// The address of what is shown: without the place in the pages, and without what could not be done.
  let address: Link
  /// What the address asked for and could not be done, in sentences.
  let warnings: [String]
  /// The possible values of the dimensions that the address filters by, read once for the page.
  private let values: [String: [ReferenceValue]]

  /// - Parameters:
  ///   - isList: the page shows records of the default figure's kind, and no others.
  ///   - today: given where a year that is not over stops today, as figures do; a figure then has no value ahead.
  /// - Throws: `Refusal` when the figure does not exist, or when there are too many filters.
  init(
    _ path: Link, _ request: Request, of defaultFigure: String, isList: Bool = true, period defaultPeriod: Period, today: CivilDate? = nil,
    sortKeys: [String],
    sort defaultSort: String,
    for role: Role, _ model: Model, _ lists: ReferenceLists, _ connection: any Connection
  ) throws {
    let items = request.queryItems
    func item(_ name: String) -> String? { items.last { $0.name == name }?.value }
    var warnings: [String] = []
    let registry = model.figures
    let own = try registry.figure(defaultFigure)
    var figure = try item("chiffre").map(registry.figure) ?? own
    if isList, figure.id != own.id, !role.areas.contains(.figures) {
      warnings.append("Votre rôle n’ouvre pas les chiffres : celui-ci n’est pas appliqué.")
      figure = own
    }
    if isList, figure.recordKind != own.recordKind {
      warnings.append("« \(figure.label) » compte d’autres fiches que celles de cette liste : ce chiffre n’est pas appliqué.")
      figure = own
    }
    let askedPeriod = ["annee", "date"].compactMap { name in item(name).map { (name, $0) } }.first { !$0.1.isEmpty }
    let period = askedPeriod.flatMap { Self.period($0.1, today: today, isList: isList) }
    if let askedPeriod, period == nil { warnings.append(Self.unknownPeriod(askedPeriod.1)) }
    var applied = ["q", "tri"].compactMap { name in item(name).map { (name, $0) } }.filter { !$0.1.isEmpty }
    if item("chiffre") == figure.id { applied.append(("chiffre", figure.id)) }
    if let askedPeriod, period != nil { applied.append(askedPeriod) }
    var values: [String: [ReferenceValue]] = [:]
    var filters: [Filter] = []
    for asked in try Self.filters(in: items) {
      do {
        let filter = try registry.filter(asked.dimension, asked.value, for: figure) { dimension in
          let known = try values[dimension.code] ?? dimension.values(lists, connection)
          values[dimension.code] = known
          return known
        }
        if !filters.contains(filter) { filters.append(filter) }
      } catch is Refusal {
        warnings.append("Le filtre « \(asked.dimension.prefix(60)) : \(asked.value.prefix(60)) » n’existe pas : il n’est pas appliqué.")
      }
    }
    applied += filters.map { ($0.dimension, $0.value) }
    self.values = values
    query = try FigureQuery(figure, period ?? defaultPeriod, where: filters)
    isWhole = figure.id == own.id
    search = String((item("q") ?? "").prefix(200))
    let sort = item("tri") ?? defaultSort
    let key = sort.hasPrefix("-") ? String(sort.dropFirst()) : sort
    sortKey = sortKeys.contains(key) ? key : String(defaultSort.drop { $0 == "-" })
    isDescending = sort.hasPrefix("-")
    page = max(1, min(Int(item("page") ?? "") ?? 1, 100_000))
    address = Link(path, query: applied)
    self.warnings = warnings.map(French.typeset)
  }

  /// What stands in the address of a list or of a figure and is no filter.
  private static let ownItems: Set = ["chiffre", "annee", "date", "q", "tri", "page", "par", "puis", Receipt.parameter, "fiche"]

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

  private static func period(_ text: String, today: CivilDate?, isList: Bool) -> Period? {
    guard let period = Period(text), let today else { return Period(text) }
    if period == Period(year: today.year) { return Period(asOf: today) }
    return isList || period.through <= today ? period : nil
  }

  static func unknownPeriod(_ text: String) -> String {
    "« \(text.prefix(40)) » n’est ni une année ni une date (AAAA-MM-JJ) que l’on puisse demander : cette période n’est pas appliquée."
  }

  /// The rows of a file, which cannot say beside them what was left out.
  /// - Throws: `Refusal` when the address asks for what cannot be done.
  func checkedForFile() throws -> RecordList {
    guard warnings.isEmpty else {
      throw Refusal("Ce fichier n’a pas été fait, car il aurait contenu plus que demandé. \(warnings.joined(separator: " "))")
    }
    return self
  }

  /// - Throws: `Elsewhere` to the last page, when the list has fewer than asked for.
  func expectPage(of total: Int) throws {
    let last = max(1, (total + Self.pageSize - 1) / Self.pageSize)
    guard page > last else { return }
    throw Elsewhere(link: last == 1 ? address : address.setting("page", String(last)))
  }

  var offset: Int { (page - 1) * Self.pageSize }

  var messages: [Message] { warnings.map { Message(.warning, $0) } }

  func sorting(_ keys: [String]) -> Sorting {
    Sorting(current: address, by: sortKey, descending: isDescending, keys: Set(keys))
  }

  /// The menus of the dimensions, the federation's own départements first in mind.
  func facets(_ codes: [String], _ frame: Frame, _ connection: any Connection) throws -> [WebSupport.Facet] {
    try codes.compactMap { query.figure.factSet.dimension($0) }.map { dimension in
      let chosen = Set(query.filters.filter { $0.dimension == dimension.code }.map(\.value))
      let values = try self.values[dimension.code] ?? dimension.values(frame.lists, connection)
      let offered = (values + [.unknown]).filter { value in
        dimension.code != "departement" || frame.departments.isEmpty || frame.departments.contains(value.code)
          || chosen.contains(value.code)
      }
      return WebSupport.Facet(
        dimension.code, dimension.label, offered.map { WebSupport.Facet.Choice($0.code, $0.label, isOn: chosen.contains($0.code)) })
    }
  }

  func pagination(shown: Int, total: Int) -> Pagination {
    let last = offset + shown
    return Pagination(
      from: shown == 0 ? 0 : offset + 1, to: last, of: total,
      previous: page > 1 ? address.setting("page", String(page - 1)) : nil,
      next: last < total ? address.setting("page", String(page + 1)) : nil)
  }

  /// The same list as a file: the suffix goes before the query.
  func export(_ format: TableFileFormat) -> Link {
    Link("\(address.withoutQuery.address).\(format.rawValue)" as String, query: address.query.map { ($0.name, $0.value) })
  }

  /// « echanges-2025-telephone »: the list, its period and what narrows it, in letters that every system takes.
  var fileName: String {
    let figure = isWhole ? [] : [query.figure.id]
    let parts = [String(address.withoutQuery.address.dropFirst())] + figure + [query.period.label] + query.filters.map(\.value) + [search]
    let words = parts.flatMap { Fold.key($0).split { !$0.isASCII || !($0.isLetter || $0.isNumber || $0 == "_") } }
    return String(words.joined(separator: "-").prefix(120))
  }

  var exportActions: [PageAction] { [PageAction("Exporter (.xlsx)", .download, export(.xlsx))] }
}

extension Link {
  fileprivate init(_ path: String, query: [(String, String)]) {
    self = Link(Link(ownPath: path) ?? "/", query: query)
  }
}

/// From figures to the lists of what they count, as far as a role opens these.
struct RecordLinks: Sendable {
  let role: Role

  private static let lists: [String: (path: Link, area: Area, factSet: String)] = [
    "structures": ("/structures", .directory, Structure.factSetName), "echanges": ("/echanges", .exchanges, Exchange.factSetName),
    "etats": ("/etats", .directory, StateEntryListing.factSetName), "effectifs": ("/effectifs", .directory, Headcount.factSetName),
  ]

  /// Whether the records of a kind have lists that the role opens.
  func opens(_ recordKind: String) -> Bool {
    Self.lists[recordKind].map { role.areas.contains($0.area) } ?? false
  }

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
    items.append(query.period.isWholeYear ? ("annee", query.period.label) : ("date", query.period.label))
    items += (query.filters + more).map { ($0.dimension, $0.value) }
    return Link(list.path, query: items)
  }
}

extension ReferenceLists {
  /// A code with the federation's own words for it.
  func coded<Code: CodedValue>(_ value: Code) -> CodedLabel {
    CodedLabel(value.rawValue, label(value))
  }
}
