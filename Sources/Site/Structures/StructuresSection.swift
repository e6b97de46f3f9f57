import Federation
import Hummingbird
import Markup
import Records
import Store
import Tables
import WebSupport

/// `/structures` and the pages of one structure.
struct StructuresSection {
  let site: Site

  private static let sortKeys = StructureListing.Order.allCases.map(\.rawValue)
  /// What the contact log alone tells.
  private static let followUpKeys = Set([StructureListing.Order.lastExchange, .due, .lastMeeting].map(\.rawValue))

  func add(to routes: RouterGroup<SignedInContext>) {
    routes.get("structures", use: list)
    for format in TableFileFormat.allCases {
      routes.get("structures.\(format.rawValue)") { request, context in try await export(request, context, as: format) }
    }
    routes.get("structures/{id}", use: show)
  }

  @Sendable private func list(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let model = site.installation.model
    let ((page, messages), frame) = try await site.read(request, context) { connection, frame in
      let list = try Self.recordList(request, model, frame, connection)
      let order = StructureListing.Order(rawValue: list.sortKey) ?? .name
      let listing = try StructureListing(
        list.query, search: list.search, order: order, descending: list.isDescending, offset: list.offset, limit: RecordList.pageSize,
        connection)
      try list.expectPage(of: listing.total)
      let filters = FilterBar(
        "Filtrer les structures", current: list.address, search: .init("Nom, commune ou FINESS", value: list.search),
        facets: try list.facets(list.query.figure.factSet.dimensions.map(\.code), frame, connection),
        result: French.plural(listing.total, "structure", "structures"))
      let day = list.query.period.through
      let detail = list.detail(for: frame)
      let page = StructureListPage(
        asOf: day == frame.today ? nil : day.description, isAhead: day > frame.today,
        presentLink: day != frame.today && list.query.figure.id == "structures.count"
          ? list.address.removing("annee").removing("date") : nil,
        isDirectoryEmpty: try listing.total == 0 && StructureListing.isDirectoryEmpty(connection),
        nothingCounted: list.nothingCounted, showsLastExchange: frame.readsExchanges,
        export: list.export(.csv), filters: filters, sorting: list.sorting(Self.sortKeys(for: frame)),
        detail: detail?.column, rows: listing.rows.map { Self.row($0, detail, frame.lists) },
        pagination: list.pagination(shown: listing.rows.count, total: listing.total), actions: list.exportActions)
      let note = list.query.figure.id == "structures.count" ? [] : [Message(.information, Self.explanation(of: list.query))]
      return (page, note + list.messages + Receipt.messages(request, path: "/structures", csrf: frame.session.csrf))
    }
    return site.page("Structures", at: .structures, page.html(), frame, messages: messages)
  }

  /// All rows of the list as it is shown, not only those of the page.
  private func export(_ request: Request, _ context: SignedInContext, as format: TableFileFormat) async throws -> Response {
    let model = site.installation.model
    let ((name, rows, detail), frame) = try await site.read(request, context) { connection, frame in
      let list = try Self.recordList(request, model, frame, connection).checkedForFile()
      let order = StructureListing.Order(rawValue: list.sortKey) ?? .name
      let rows = try StructureListing(
        list.query, search: list.search, order: order, descending: list.isDescending, offset: 0, limit: 1_000_000, connection
      ).rows.map { row in Self.cells(row, frame) + (list.detail(for: frame).map { [$0.cell(row)] } ?? []) }
      return (list.fileName, rows, list.detail(for: frame))
    }
    let header =
      ["Nom", "Type", "Département", "Commune", "Étape", "Situation", "Professionnels"]
      + (frame.readsExchanges ? ["Dernier échange"] : []) + ["Référence", "Phase", "Territoire"] + (detail.map { [$0.title] } ?? [])
    return try await format.download(name, title: "Structures", header: header, rows: rows)
  }

  private static func cells(_ row: StructureListing.Row, _ frame: Frame) -> [XLSX.Cell] {
    let lists = frame.lists
    let lastExchange = row.lastExchange.map { XLSX.Cell.date($0.description) } ?? XLSX.Cell(nil as String?)
    return [
      XLSX.Cell(row.name), XLSX.Cell(lists.label(row.type)), XLSX.Cell(row.department), XLSX.Cell(row.commune),
      XLSX.Cell(row.stage.map { lists.label($0) }), XLSX.Cell(row.situation.map { lists.label($0) }), XLSX.Cell(row.professionals),
    ] + (frame.readsExchanges ? [lastExchange] : []) + [
      XLSX.Cell(row.reference), XLSX.Cell(row.phase.map { lists.label($0) }), XLSX.Cell(row.territory),
    ]
  }

  private static func sortKeys(for frame: Frame) -> [String] {
    frame.readsExchanges ? sortKeys : sortKeys.filter { !followUpKeys.contains($0) }
  }

  private static func recordList(
    _ request: Request, _ model: Model, _ frame: Frame, _ connection: any Connection
  ) throws -> RecordList {
    // What presses most stands first.
    let asked = frame.readsExchanges ? ListDetail(figure: request.queryItems.last { $0.name == "chiffre" }?.value) : nil
    let sort = asked?.order ?? .name
    return try RecordList(
      "/structures", request, of: "structures.count", period: Period(asOf: frame.today), today: frame.today,
      sortKeys: sortKeys(for: frame), sort: sort.rawValue, for: frame.session.account.role, model,
      frame.lists, connection)
  }

  private static func explanation(of query: FigureQuery) -> String {
    "\(query.figure.label), \(query.period.phrase(isState: query.figure.isState)). \(query.figure.definition)"
  }

  private static func row(
    _ row: StructureListing.Row, _ detail: ListDetail?, _ lists: ReferenceLists
  ) -> StructureListPage.Row {
    StructureListPage.Row(
      name: row.name, link: Link.structure(row.id), type: lists.coded(row.type), place: row.commune,
      stage: row.stage.map { lists.coded($0) }, situation: row.situation.map { lists.coded($0) },
      department: row.department, professionals: row.professionals, lastExchange: row.lastExchange?.description,
      detail: detail?.text(row))
  }

  @Sendable private func show(_ request: Request, _ context: SignedInContext) async throws -> Response {
    guard let id = Identifier<Structure>(try context.parameters.require("id")) else { throw HTTPError(.notFound) }
    let showsExchanges = context.session.account.role.areas.contains(.exchanges)
    let showsHistory = request.uri.queryParameters["o"] == "etapes" || !showsExchanges
    let before = request.uri.queryParameters["avant"].flatMap { CivilDate(iso: String($0)) }
    let (page, frame) = try await site.read(request, context) { connection, frame -> StructurePage? in
      guard let sheet = try StructureSheet(id, for: frame.session.account, asOf: frame.today, connection) else { return nil }
      let (exchanges, older) =
        showsHistory ? ([], nil) : try Self.wholeDays(with: id, for: frame.session.account, before: before, connection)
      return StructurePageBuilder(sheet: sheet, lists: frame.lists, today: frame.today, showsExchanges: showsExchanges)
        .page(exchanges: exchanges, older: older, showsHistory: showsHistory)
    }
    guard var page else { throw HTTPError(.notFound) }
    page.actions = site.structurePages.actions(id.rawValue, frame)
    if context.session.account.role.scope(.write, .exchanges) == .all {
      let noting = Link("/echanges/nouveau", query: [("structures", page.reference)])
      page.actions.insert(PageAction("Ajouter un échange", .add, noting, isPrincipal: true, opensDialog: true), at: 0)
    }
    return site.page(page.name, at: .structures, page.html(), frame, messages: Receipt.messages(request))
  }
}

extension StructuresSection {
  /// About thirty exchanges. A page holds whole days, for the next one is asked by the day before which it begins.
  private static func wholeDays(
    with id: Identifier<Structure>, for reader: Account, before day: CivilDate?, _ connection: any Connection
  ) throws -> (exchanges: [ExchangeSummary], older: CivilDate?) {
    var limit = 31
    var found = try ExchangeSummary.latest(with: id, for: reader, before: day, limit: limit, connection)
    while found.count == limit, found.first?.date == found.last?.date {
      limit *= 2
      found = try ExchangeSummary.latest(with: id, for: reader, before: day, limit: limit, connection)
    }
    guard found.count == limit, let cut = found.last?.date else { return (found, nil) }
    return (found.filter { $0.date > cut }, cut.next)
  }
}

extension Link {
  static func structure(_ id: Identifier<Structure>) -> Link { "/structures/\(id.description)" }
  static func exchange(_ id: Identifier<Exchange>) -> Link { "/echanges/\(id.description)" }
}
