import Federation
import Hummingbird
import Markup
import Records
import Store
import Tables
import WebSupport

/// How a list is called, and where it stands.
struct ListWords: Sendable {
  /// That of its page, of its files and of the views of it: `structures`.
  let name: String
  let title: String
  /// What it lists, in a sentence.
  let sentence: String
  let place: Place
  let area: Area
  /// « Filtrer les structures »
  let filters: String
  /// What its search looks in.
  let search: String
  /// What it counts: « structure », « structures ».
  let one: String
  let many: String
  /// The view of everything: « Toutes ».
  let everything: String
  /// What is said when the filters leave nothing.
  let unmatched: String

  var path: Link { Link(ownPath: "/\(name)") ?? "/" }
}

/// The rows of one page of a list.
struct ListContent<Row: Sendable>: Sendable {
  let rows: [Row]
  let total: ListTotal
  /// What the filters leave, when it is not the plain number: « 12 échanges sur 40 visibles pour vous ».
  var result: String?
}

/// A list of records (DIR-01 to DIR-03, SUP-01): what it asks, reads and says of a row. The house makes of it the page with its search,
/// menus, views, columns, order and pages, and its files.
protocol SiteList: Sendable {
  associatedtype Question: ListQuestion
  associatedtype Row: Sendable

  static var words: ListWords { get }
  var site: Site { get }

  func question(_ request: Request, _ frame: Frame, _ connection: any Connection) throws -> Question
  func columns(_ question: Question, _ frame: Frame) -> ListColumns<Row>
  /// - Parameters:
  ///   - seek: where the page begins, when the list's order has a place for it.
  func content(
    _ question: Question, seek: ListSeek?, offset: Int, limit: Int, _ frame: Frame, _ connection: any Connection
  ) throws -> ListContent<Row>

  /// The record that a row is of, or its first one.
  func id(_ row: Row) -> Int64
  /// Whether the question's order has places beside rows: pages are counted otherwise.
  func seeks(_ question: Question) -> Bool
  /// What stands under the title.
  func detail(_ question: Question, _ frame: Frame) -> HTML
  /// What is said before anything else.
  func notes(_ question: Question) -> [Message]
  /// What an empty list says; `nil` when the filters are why.
  func nothing(_ question: Question, isFiltered: Bool, _ frame: Frame, _ connection: any Connection) throws -> EmptyState?
  /// By which ticked rows are changed, by those who may.
  var pages: RecordPages? { get }
  /// What a row is called where it is ticked.
  func name(_ row: Row) -> String
}

extension SiteList {
  func seeks(_ question: Question) -> Bool { false }
  func detail(_ question: Question, _ frame: Frame) -> HTML { "<p>\(Self.words.sentence)</p>" }
  func notes(_ question: Question) -> [Message] { [] }
  var pages: RecordPages? { nil }
  func name(_ row: Row) -> String { "" }

  /// The records of the list that an address asks for, as many as a batch may have.
  /// - Throws: `Refusal` when the list is not what its address asks for: more would be changed than was shown.
  func selected(_ request: Request, _ frame: Frame, _ connection: any Connection) throws -> [Int64] {
    let question = try question(request, frame, connection)
    try BatchForm.expectExact(question.asked.warnings.isEmpty)
    return try content(question, seek: nil, offset: 0, limit: BatchForm.limit, frame, connection).rows.map(id)
  }

  /// The page and the files.
  func add(to routes: RouterGroup<SignedInContext>) {
    routes.get("\(Self.words.name)") { request, context in try await page(request, context) }
    for format in TableFileFormat.allCases {
      routes.get("\(Self.words.name).\(format.rawValue)") { request, context in try await file(request, context, as: format) }
    }
    routes.get("\(Self.words.name).json") { request, context in try await values(request, context) }
  }

  private func page(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let ((html, messages), frame) = try await site.read(request, context) { connection, frame in
      let views = try ListViews(of: Self.words, request, frame, connection)
      if let opening = views.opening { throw Elsewhere(link: opening) }
      var question = try self.question(request, frame, connection)
      let choice = ColumnChoice(question.asked.columns, of: self.columns(question, frame))
      question.asked.apply(choice)
      if views.default != nil { question.asked.apply(ListAddress.everything.name, ListAddress.everything.value) }
      let html = try self.page(question, choice, views, frame, connection)
      let messages = notes(question) + views.messages(question.asked) + question.asked.warnings.map { Message(.warning, $0) }
      return (html, messages + choice.messages)
    }
    let receipts = Receipt.messages(request, path: Self.words.path, csrf: frame.session.csrf)
    return site.page(Self.words.title, at: Self.words.place, html, frame, messages: messages + receipts)
  }

  private func page(
    _ question: Question, _ choice: ColumnChoice<Row>, _ views: ListViews, _ frame: Frame, _ connection: any Connection
  ) throws -> HTML {
    let (words, asked, seeks) = (Self.words, question.asked, self.seeks(question))
    let seek = seeks ? asked.seek : nil
    // One more tells whether others follow; the page that one came from follows the one before it.
    let isBack = seek?.isBackwards ?? false
    let content = try self.content(
      question, seek: seek, offset: asked.offset, limit: ListAddress.pageSize + (isBack ? 0 : 1), frame, connection)
    let rows = content.rows.prefix(ListAddress.pageSize)
    try asked.expect(shown: rows.count, of: content.total)
    var filters = FilterBar(
      words.filters, current: asked.link, search: .init(words.search, value: asked.search), facets: question.facets(frame),
      result: content.result ?? content.total.phrase(words.one, words.many))
    filters.periods = question.periods(frame)
    let isFiltered = filters.cleared != filters.current
    var list = ListFrame(
      views: views.tabs(asked), years: try question.years(frame, connection), filters: filters,
      sorting: Sorting(
        current: asked.link, by: asked.sortKey, descending: asked.isDescending, keys: Set(choice.columns.sortKeys)),
      columns: choice.menu(asked.link),
      pagination: asked.pagination(
        of: rows.map(id), hasMore: isBack || content.rows.count > rows.count, total: content.total, seeks: seeks),
      files: TableFileFormat.allCases.map { PageAction($0.label, .download, asked.export($0)) })
    let batch = pages?.batchBar(asked.link, total: content.total.text, frame)
    list.batch = batch
    let empty = try rows.isEmpty ? nothing(question, isFiltered: isFiltered, frame, connection) : nil
    return list.html(
      words.title, detail: detail(question, frame), columns: choice.headings,
      rows: rows.map { row in choice.html(row, lead: batch?.cell(Identifier<Site>(rawValue: id(row)).description, name(row)) ?? .empty) },
      empty: empty, unmatched: words.unmatched)
  }

  private func file(_ request: Request, _ context: SignedInContext, as format: TableFileFormat) async throws -> Response {
    let (name, columns, rows) = try await whole(request, context)
    return try await format.download(name, title: Self.words.title, header: columns.map(\.fileTitle), rows: rows)
  }

  /// For programs: an object a row, by the names of the columns.
  private func values(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let (_, columns, rows) = try await whole(request, context)
    let names = columns.map(\.name)
    return try .json(rows.map { Dictionary(zip(names, $0.map(CellValue.init)), uniquingKeysWith: { first, _ in first }) })
  }

  /// All rows of the list as it is shown, not only those of the page.
  private func whole(
    _ request: Request, _ context: SignedInContext
  ) async throws -> (name: String, columns: [ListColumn<Row>], rows: [[XLSX.Cell]]) {
    try await site.read(request, context) { connection, frame in
      let question = try self.question(request, frame, connection).checkedForFile()
      let columns = try ColumnChoice(question.asked.columns, of: self.columns(question, frame)).checkedForFile().inFile
      let rows = try self.content(question, seek: nil, offset: 0, limit: 1_000_000, frame, connection).rows
      return (question.fileName, columns, rows.map { row in columns.map { $0.cell(row) } })
    }.0
  }
}

/// A cell as programs read it; an empty one is `null`.
private struct CellValue: Encodable {
  let cell: XLSX.Cell

  func encode(to encoder: any Encoder) throws {
    var value = encoder.singleValueContainer()
    switch cell {
    case .text(let text), .date(let text): try text.isEmpty ? value.encodeNil() : value.encode(text)
    case .integer(let number): try value.encode(number)
    case .decimal(let number): try value.encode(number)
    }
  }
}

extension ListAddress {
  /// The columns that the reader chose stay in the address.
  fileprivate mutating func apply(_ choice: ColumnChoice<some Sendable>) {
    guard choice.isChosen else { return }
    for column in choice.shown { apply(ColumnMenu.parameter, column.name) }
  }
}
