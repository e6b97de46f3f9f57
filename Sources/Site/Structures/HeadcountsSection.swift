import Federation
import Hummingbird
import Markup
import Records
import Store
import Tables
import WebSupport

/// `/effectifs`: the records behind the figure of professionals by profession (DIR-10).
struct HeadcountsSection {
  let site: Site

  private static let sortKeys = HeadcountListing.Order.allCases.map(\.rawValue)
  private static let facets = ["profession", "type", "departement", "territoire"]

  func add(to routes: RouterGroup<SignedInContext>) {
    routes.get("effectifs", use: list)
    for format in TableFileFormat.allCases {
      routes.get("effectifs.\(format.rawValue)") { request, context in try await export(request, context, as: format) }
    }
  }

  @Sendable private func list(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let model = site.installation.model
    let ((page, messages), frame) = try await site.read(request, context) { connection, frame in
      let list = try Self.recordList(request, model, frame, connection)
      let listing = try Self.listing(list, offset: list.offset, limit: RecordList.pageSize, connection)
      try list.expectPage(of: listing.total)
      let page = HeadcountListPage(
        day: list.query.period.through.description,
        list: try list.listFrame(
          "Filtrer les effectifs", search: "Nom, commune ou FINESS", by: Self.facets, sortKeys: Self.sortKeys,
          shown: listing.rows.count, total: listing.total, result: French.plural(listing.total, "effectif", "effectifs"),
          hasYears: false, frame, connection),
        rows: listing.rows.map { Self.row($0, frame.lists) })
      return (page, list.messages)
    }
    return site.page("Effectifs par profession", at: .structures, page.html(), frame, messages: messages)
  }

  /// All rows of the list as it is shown, not only those of the page.
  private func export(_ request: Request, _ context: SignedInContext, as format: TableFileFormat) async throws -> Response {
    let model = site.installation.model
    let ((name, rows), _) = try await site.read(request, context) { connection, frame in
      let list = try Self.recordList(request, model, frame, connection).checkedForFile()
      let listing = try Self.listing(list, offset: 0, limit: 1_000_000, connection)
      return (list.fileName, listing.rows.map { Self.cells($0, frame.lists) })
    }
    let header = ["Date", "Structure", "Type", "Département", "Commune", "Profession", "Nombre", "Source"]
    return try await format.download(name, title: "Effectifs par profession", header: header, rows: rows)
  }

  private static func cells(_ row: HeadcountListing.Row, _ lists: ReferenceLists) -> [XLSX.Cell] {
    [
      .date(row.date.description), XLSX.Cell(row.name), XLSX.Cell(lists.label(row.type)), XLSX.Cell(row.department),
      XLSX.Cell(row.commune), XLSX.Cell(lists.label(of: row.profession, in: .profession)), .integer(row.number), XLSX.Cell(row.source),
    ]
  }

  private static func recordList(
    _ request: Request, _ model: Model, _ frame: Frame, _ connection: any Connection
  ) throws -> RecordList {
    try RecordList(
      "/effectifs", request, of: "professionals.by_profession", period: Period(asOf: frame.today), sortKeys: sortKeys, sort: "nom",
      for: frame.session.account.role, model, frame.lists, connection)
  }

  private static func listing(
    _ list: RecordList, offset: Int, limit: Int, _ connection: any Connection
  ) throws -> HeadcountListing {
    try HeadcountListing(
      list.query, search: list.search, order: HeadcountListing.Order(rawValue: list.sortKey) ?? .name, descending: list.isDescending,
      offset: offset, limit: limit, connection)
  }

  private static func row(_ row: HeadcountListing.Row, _ lists: ReferenceLists) -> HeadcountListPage.Row {
    HeadcountListPage.Row(
      date: row.date.description, name: row.name, link: .structure(row.structure), type: lists.coded(row.type),
      place: [row.commune, "(\(row.department))"].compactMap(\.self).joined(separator: " "),
      profession: lists.label(of: row.profession, in: .profession), number: row.number, source: row.source)
  }
}
