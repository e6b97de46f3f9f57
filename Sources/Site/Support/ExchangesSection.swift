import Federation
import Hummingbird
import Markup
import Records
import Store
import Tables
import WebSupport

/// `/echanges` and the page of one exchange.
struct ExchangesSection {
  let site: Site

  private static let sortKeys = ExchangeListing.Order.allCases.map(\.rawValue)
  private static let facets = ["canal", "theme", "nature", "departement", "type", "phase", "territoire", "auteur"]

  func add(to routes: RouterGroup<SignedInContext>) {
    routes.get("echanges", use: list)
    for format in TableFileFormat.allCases {
      routes.get("echanges.\(format.rawValue)") { request, context in try await export(request, context, as: format) }
    }
    routes.get("echanges/{id}", use: show)
  }

  @Sendable private func list(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let model = site.installation.model
    let ((page, messages), frame) = try await site.read(request, context) { connection, frame in
      let list = try Self.recordList(request, model, frame, connection)
      let listing = try Self.listing(list, frame, offset: list.offset, limit: RecordList.pageSize, connection)
      try list.expectPage(of: listing.total)
      let page = ExchangeListPage(
        list: try list.listFrame(
          "Filtrer les échanges", search: "Objet ou équipe", by: Self.facets, sortKeys: Self.sortKeys, shown: listing.rows.count,
          total: listing.total, result: Self.result(listing), frame, connection),
        rows: listing.rows.map { Self.row($0, frame.lists) })
      return (page, list.messages + Receipt.messages(request, path: "/echanges", csrf: frame.session.csrf))
    }
    return site.page("Échanges", at: .exchanges, page.html(), frame, messages: messages)
  }

  /// « 12 échanges », « 12 échanges sur 40 visibles pour vous ».
  private static func result(_ listing: ExchangeListing) -> String {
    let count = French.plural(listing.total, "échange", "échanges")
    guard let whole = listing.whole, listing.total < whole else { return count }
    return "\(count) sur \(French.number(whole)) \(listing.total < 2 ? "visible" : "visibles") pour vous"
  }

  /// All rows of the list as it is shown, not only those of the page.
  private func export(_ request: Request, _ context: SignedInContext, as format: TableFileFormat) async throws -> Response {
    let model = site.installation.model
    let ((name, rows), _) = try await site.read(request, context) { connection, frame in
      let list = try Self.recordList(request, model, frame, connection).checkedForFile()
      let listing = try Self.listing(list, frame, offset: 0, limit: 1_000_000, connection)
      return (list.fileName, listing.rows.map { Self.cells($0, frame.lists) })
    }
    let header = ["Date", "Canal", "Objet", "Équipes", "Thèmes", "Nature", "Durée (minutes)", "Auteur", "Référence", "Structures"]
    return try await format.download(name, title: "Échanges", header: header, rows: rows)
  }

  private static func cells(_ row: ExchangeSummary, _ lists: ReferenceLists) -> [XLSX.Cell] {
    [
      .date(row.date.description), XLSX.Cell(lists.label(row.channel)), XLSX.Cell(row.subject),
      XLSX.Cell(row.teams.map(\.name).joined(separator: "|")),
      XLSX.Cell(row.themes.map { lists.label(of: $0, in: .theme) }.joined(separator: "|")),
      XLSX.Cell(row.nature.map { lists.label(of: $0, in: .nature) }), XLSX.Cell(row.minutes), XLSX.Cell(row.author),
      XLSX.Cell(row.reference),
      // By their references, an import finds the same teams again.
      XLSX.Cell(row.teams.map(\.reference).joined(separator: "|")),
    ]
  }

  private static func recordList(
    _ request: Request, _ model: Model, _ frame: Frame, _ connection: any Connection
  ) throws -> RecordList {
    // Lists of dated facts open on the current year.
    try RecordList(
      "/echanges", request, of: "contacts.count", period: Period(year: frame.year), sortKeys: sortKeys, sort: "-date",
      for: frame.session.account.role, model, frame.lists,
      connection)
  }

  private static func listing(
    _ list: RecordList, _ frame: Frame, offset: Int, limit: Int, _ connection: any Connection
  ) throws -> ExchangeListing {
    try ExchangeListing(
      list.query, for: frame.session.account, search: list.search, order: ExchangeListing.Order(rawValue: list.sortKey) ?? .date,
      descending: list.isDescending,
      offset: offset, limit: limit, connection)
  }

  private static func row(_ row: ExchangeSummary, _ lists: ReferenceLists) -> ExchangeListPage.Row {
    ExchangeListPage.Row(
      date: row.date.description, link: .exchange(row.id), subject: row.subject,
      teams: row.teams.map { .init(name: $0.name, type: lists.coded($0.type)) },
      channel: lists.coded(row.channel), themes: row.themes.map { lists.label(of: $0, in: .theme) },
      minutes: row.minutes, author: row.author)
  }

  @Sendable private func show(_ request: Request, _ context: SignedInContext) async throws -> Response {
    guard let id = Identifier<Exchange>(try context.parameters.require("id")) else { throw HTTPError(.notFound) }
    let (page, frame) = try await site.read(request, context) { connection, frame in
      try ExchangeSheet(id, for: frame.session.account, connection).map { Self.page($0, frame.lists) }
    }
    guard var page else { throw HTTPError(.notFound) }
    page.actions = site.exchangePages.actions(id.rawValue, frame)
    return site.page(page.subject ?? "Échange", at: .exchanges, page.html(), frame, messages: Receipt.messages(request))
  }

  private static func page(_ sheet: ExchangeSheet, _ lists: ReferenceLists) -> ExchangePage {
    let exchange = sheet.summary
    let year = Link("/echanges", query: [("annee", String(exchange.date.year))])
    return ExchangePage(
      breadcrumb: Breadcrumb(
        [LinkedText("Échanges", "/echanges"), LinkedText(String(exchange.date.year), year)],
        current: exchange.subject ?? French.day(exchange.date.description)),
      subject: exchange.subject, date: exchange.date.description, channel: lists.coded(exchange.channel),
      nature: exchange.nature.map { lists.label(of: $0, in: .nature) }, minutes: exchange.minutes, author: exchange.author,
      reference: exchange.reference, declaredNew: exchange.declaredNew,
      themes: exchange.themes.map { LinkedText(lists.label(of: $0, in: .theme), year.adding("theme", $0)) },
      teams: exchange.teams.map { team in
        ExchangePage.Team(
          name: team.name, link: .structure(team.id), type: lists.coded(team.type), place: team.commune)
      },
      organisations: sheet.organisations.map { LinkedText($0) }, people: sheet.people.map { LinkedText($0) })
  }
}
