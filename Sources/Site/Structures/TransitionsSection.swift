import Federation
import Hummingbird
import Markup
import Records
import Store
import Tables
import WebSupport

/// `/etats`: the records behind the figure of transitions.
struct TransitionsSection {
  let site: Site

  private static let sortKeys = StateEntryListing.Order.allCases.map(\.rawValue)
  private static let facets = ["vers", "de", "type", "departement", "territoire"]

  func add(to routes: RouterGroup<SignedInContext>) {
    routes.get("etats", use: list)
    for format in TableFileFormat.allCases {
      routes.get("etats.\(format.rawValue)") { request, context in try await export(request, context, as: format) }
    }
  }

  @Sendable private func list(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let model = site.installation.model
    let ((page, messages), frame) = try await site.read(request, context) { connection, frame in
      let list = try Self.recordList(request, model, frame, connection)
      let listing = try Self.listing(list, offset: list.offset, limit: RecordList.pageSize, connection)
      try list.expectPage(of: listing.total)
      let page = TransitionListPage(
        list: try list.listFrame(
          "Filtrer les étapes franchies", search: "Nom, commune ou FINESS", by: Self.facets, sortKeys: Self.sortKeys,
          shown: listing.rows.count, total: listing.total, result: French.plural(listing.total, "entrée", "entrées"), frame, connection),
        rows: listing.rows.map { Self.row($0, frame.lists) }, showsSteps: list.showsSteps)
      return (page, list.messages)
    }
    return site.page("Étapes franchies", at: .structures, page.html(), frame, messages: messages)
  }

  /// All rows of the list as it is shown, not only those of the page.
  private func export(_ request: Request, _ context: SignedInContext, as format: TableFileFormat) async throws -> Response {
    let model = site.installation.model
    let ((list, rows), _) = try await site.read(request, context) { connection, frame in
      let list = try Self.recordList(request, model, frame, connection).checkedForFile()
      let listing = try Self.listing(list, offset: 0, limit: 1_000_000, connection)
      return (list, listing.rows.map { Self.cells($0, frame.lists) + (list.showsSteps ? Self.stepCells($0, frame.lists) : []) })
    }
    let header =
      ["Date", "Structure", "Type", "Département", "Commune", "Entrée dans", "Note"]
      + (list.showsSteps ? ["Étape précédente", "Durée (jours)"] : [])
    return try await format.download(list.fileName, title: "Étapes franchies", header: header, rows: rows)
  }

  private static func stepCells(_ row: StateEntryListing.Row, _ lists: ReferenceLists) -> [XLSX.Cell] {
    [XLSX.Cell(row.step.map { lists.label($0.from) }), XLSX.Cell(row.step?.days)]
  }

  private static func cells(_ row: StateEntryListing.Row, _ lists: ReferenceLists) -> [XLSX.Cell] {
    [
      .date(row.date.description), XLSX.Cell(row.name), XLSX.Cell(lists.label(row.type)), XLSX.Cell(row.department),
      XLSX.Cell(row.commune), XLSX.Cell(row.targets.map { lists.coded($0).label }.joined(separator: "|")), XLSX.Cell(row.note),
    ]
  }

  private static func recordList(
    _ request: Request, _ model: Model, _ frame: Frame, _ connection: any Connection
  ) throws -> RecordList {
    // Lists of dated facts open on the current year.
    try RecordList(
      "/etats", request, of: "structures.transitions", period: Period(year: frame.year), sortKeys: sortKeys, sort: "-date",
      for: frame.session.account.role, model, frame.lists, connection)
  }

  private static func listing(
    _ list: RecordList, offset: Int, limit: Int, _ connection: any Connection
  ) throws -> StateEntryListing {
    try StateEntryListing(
      list.query, search: list.search, order: StateEntryListing.Order(rawValue: list.sortKey) ?? .date, descending: list.isDescending,
      offset: offset, limit: limit, connection)
  }

  private static func row(_ row: StateEntryListing.Row, _ lists: ReferenceLists) -> TransitionListPage.Row {
    TransitionListPage.Row(
      date: row.date.description, name: row.name, link: .structure(row.structure), type: lists.coded(row.type),
      place: [row.commune, "(\(row.department))"].compactMap(\.self).joined(separator: " "),
      targets: row.targets.map { lists.coded($0) }, step: row.step.map { (lists.coded($0.from), $0.days) }, note: row.note)
  }
}

extension RecordList {
  /// Whether each entry says the stage before it: what the figure is worked out of stands beside its records.
  fileprivate var showsSteps: Bool { query.figure.id == StateEntryListing.stepFigure }
}

extension ReferenceLists {
  /// A stage or a mark with the federation's own words for it.
  func coded(_ state: StateCode) -> CodedLabel {
    switch state {
    case .stage(let stage): coded(stage)
    case .facet(let facet): coded(facet)
    }
  }
}
