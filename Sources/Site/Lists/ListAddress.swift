import Hummingbird
import Markup
import Records
import Store
import WebSupport

/// What the address of any list says: words, order, columns, place. What narrows it is said by its question.
struct ListAddress: Sendable {
  static let pageSize = 50
  /// Where a long list stops counting itself: figures know the rest.
  static let mostCounted = 1_000

  let search: String
  let sortKey: String
  let isDescending: Bool
  /// From 1.
  let page: Int
  /// The row beside which the page begins, where the order has a place for it.
  let seek: ListSeek?
  /// As they were asked for; none when the address leaves it to the list.
  let columns: [String]
  /// What the address asked for and could not be done, in sentences. A file with them would hold more than was asked for.
  private(set) var warnings: [String] = []
  private let path: Link
  private var applied: [(name: String, value: String)] = []

  /// What stands in the address of a list and narrows nothing.
  static let ownItems = Receipt.items.union(["q", "tri", "page", "apres", "avant", "colonnes", everything.name])
  /// The list itself, for who opens it with a view.
  static let everything = (name: "vue", value: "toutes")

  /// - Parameters:
  ///   - items: those of the request.
  ///   - sort: the order of the list when the address asks for none that it has, `-date` for the latest first.
  init(_ path: Link, _ items: [(name: String, value: String)], sortKeys: [String], sort: String) {
    func item(_ name: String) -> String { items.last { $0.name == name }?.value ?? "" }
    self.path = path
    search = String(item("q").prefix(200))
    let asked = item("tri")
    let isKnown = sortKeys.contains(String(asked.drop { $0 == "-" }))
    sortKey = String((isKnown ? asked : sort).drop { $0 == "-" })
    isDescending = (isKnown ? asked : sort).hasPrefix("-")
    let row = { (name: String) in Identifier<ListAddress>(item(name))?.rawValue }
    seek = row("apres").map(ListSeek.after) ?? row("avant").map(ListSeek.before)
    page = max(seek == nil ? 1 : 2, min(Int(item("page")) ?? 1, 100_000))
    var columns: [String] = []
    for name in items.filter({ $0.name == "colonnes" }).flatMap({ $0.value.split(separator: ",") }).prefix(100).map(String.init)
    where !columns.contains(name) { columns.append(name) }
    self.columns = columns
    if !search.isEmpty { apply("q", search) }
    if isKnown { apply("tri", asked) }
    if !isKnown, !asked.isEmpty { warn("L’ordre « \(asked.prefix(60)) » n’existe pas : il n’est pas appliqué.") }
    let view = item(Self.everything.name)
    if !view.isEmpty, view != Self.everything.value { warn("La vue « \(view.prefix(60)) » n’existe pas : elle n’est pas appliquée.") }
  }

  /// One more item of what is shown.
  mutating func apply(_ name: String, _ value: String) { applied.append((name, value)) }

  mutating func warn(_ sentence: String) { warnings.append(French.typeset(sentence)) }

  mutating func warn(unknown filter: String, _ value: String) {
    warn("Le filtre « \(filter.prefix(60)) : \(value.prefix(60)) » n’existe pas : il n’est pas appliqué.")
  }

  /// What is shown: without the place in the pages, and without what could not be done.
  var link: Link { Link(path, query: applied.map { ($0.name, $0.value) }) }

  /// The list's page, which asks for nothing.
  var bare: Link { path }

  /// Nothing narrows it, and its order and columns are the list's own.
  var isBare: Bool { !applied.contains { $0.name != Self.everything.name } }

  var offset: Int { (page - 1) * Self.pageSize }

  /// The same list as a file: the suffix goes before the query.
  func export(_ format: TableFileFormat) -> Link {
    Link(Link(ownPath: "\(path.address).\(format.rawValue)") ?? "/", query: applied.map { ($0.name, $0.value) })
  }

  /// - Throws: `Elsewhere` to the last page, when the list has none such.
  func expect(shown: Int, of total: ListTotal) throws {
    let last = max(1, (total.number + Self.pageSize - 1) / Self.pageSize)
    guard shown == 0, page > 1 else { return }
    throw Elsewhere(link: last == 1 ? link : link.setting("page", String(min(page, last))))
  }

  /// - Parameters:
  ///   - rows: the identities of those shown, in their order.
  ///   - hasMore: there are others after them.
  ///   - seeks: the order has places beside rows; pages are counted otherwise.
  func pagination(of rows: [Int64], hasMore: Bool, total: ListTotal, seeks: Bool) -> Pagination {
    func page(_ number: Int, _ name: String, _ row: Int64?) -> Link {
      let page = link.setting("page", String(number))
      guard seeks, let row else { return page }
      return page.setting(name, Identifier<ListAddress>(rawValue: row).description)
    }
    let last = offset + rows.count
    let range = "\(French.number(rows.isEmpty ? 0 : offset + 1)) à \(French.number(last))"
    // Further than was counted, the page itself knows more.
    let whole = total.isOpen && last > total.number ? "\(hasMore ? "plus de " : "")\(French.number(last))" : total.text
    return Pagination(
      summary: "\(range) sur \(whole)",
      previous: self.page > 2 ? page(self.page - 1, "avant", rows.first) : self.page == 2 ? link : nil,
      next: hasMore ? page(self.page + 1, "apres", rows.last) : nil)
  }
}

/// How many rows a list has, as far as it was counted.
struct ListTotal: Sendable {
  let number: Int
  /// There are more.
  let isOpen: Bool

  /// - Parameter most: where counting stopped, one further; `nil` when it did not.
  init(_ count: Int, countedTo most: Int? = nil) {
    isOpen = most.map { count > $0 } ?? false
    number = isOpen ? count - 1 : count
  }

  /// « 219 », « plus de 1 000 ».
  var text: String { isOpen ? "plus de \(French.number(number))" : French.number(number) }

  func phrase(_ one: String, _ many: String) -> String {
    isOpen ? "Plus de \(French.plural(number, one, many))" : French.plural(number, one, many)
  }
}

/// What narrows a list, as its address says it.
protocol ListQuestion: Sendable {
  var asked: ListAddress { get set }
  /// Of its files, without a suffix, in letters that every system takes.
  var fileName: String { get }
  /// Lists of dated facts show one year.
  func years(_ frame: Frame, _ connection: any Connection) throws -> [Tabs.Tab]
  /// The stretches of time that such a list offers beside years.
  func periods(_ frame: Frame) -> PeriodMenu?
  /// The menus that narrow it.
  func facets(_ frame: Frame) -> [WebSupport.Facet]
}

extension ListQuestion {
  func periods(_ frame: Frame) -> PeriodMenu? { nil }

  /// The question of a file, which cannot say beside its rows what was left out.
  /// - Throws: `Refusal` when the address asks for what cannot be done.
  func checkedForFile() throws -> Self {
    guard asked.warnings.isEmpty else {
      throw Refusal("Ce fichier n’a pas été fait, car il aurait contenu plus que demandé. \(asked.warnings.joined(separator: " "))")
    }
    return self
  }
}
