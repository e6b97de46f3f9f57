import Federation
import Hummingbird
import Markup
import Records
import Store
import Tables
import WebSupport

/// `/communes`: the communes of the federation and the CPTS that cover them (DIR-05, R1), which the figures on coverage count.
struct CommuneList: SiteList {
  let site: Site

  static let words = ListWords(
    name: "communes", title: "Communes", sentence: "", place: .territories, area: .directory, filters: "Filtrer les communes",
    search: "Commune ou code Insee", one: "commune", many: "communes", everything: "Toutes", unmatched: "Aucune commune ne correspond")

  func question(_ request: Request, _ frame: Frame, _ connection: any Connection) throws -> RecordList {
    try RecordList(
      Self.words.path, request, of: "coverage.communes_share", period: Period(asOf: frame.today),
      sortKeys: CommuneListing.Order.allCases.map(\.rawValue), sort: "nom", menus: ["couverte", "zonage", "departement", "territoire"],
      for: frame.session.account.role, site.installation.model, frame.lists, connection)
  }

  func content(
    _ question: RecordList, seek: ListSeek?, offset: Int, limit: Int, _ frame: Frame, _ connection: any Connection
  ) throws -> ListContent<CommuneListing.Row> {
    let listing = try CommuneListing(
      question.query, search: question.asked.search, order: CommuneListing.Order(rawValue: question.asked.sortKey) ?? .name,
      descending: question.asked.isDescending, offset: offset, limit: limit, connection)
    return ListContent(rows: listing.rows, total: ListTotal(listing.total))
  }

  func columns(_ question: RecordList, _ frame: Frame) -> ListColumns<CommuneListing.Row> {
    CommuneColumns.columns(frame.lists)
  }

  func id(_ row: CommuneListing.Row) -> Int64 { row.id }

  func detail(_ question: RecordList, _ frame: Frame) -> HTML {
    let day = French.fullDay(question.query.period.through.description)
    return "<p>Les communes de la fédération et les CPTS qui les revendiquent, au \(day). Populations de 2017 (Insee).</p>"
  }

  func nothing(
    _ question: RecordList, isFiltered: Bool, _ frame: Frame, _ connection: any Connection
  ) throws -> EmptyState? {
    isFiltered ? nil : EmptyState("Aucune commune", "Les communes sont celles des départements de la fédération, un réglage.")
  }
}

/// What the list of communes says of one.
enum CommuneColumns {
  private typealias Column = ListColumn<CommuneListing.Row>

  static func columns(_ lists: ReferenceLists) -> ListColumns<CommuneListing.Row> {
    ListColumns(
      [
        Column("nom", "Commune", sorts: true, isTitle: true) {
          XLSX.Cell($0.name)
        } html: { row in
          """
          \(row.name)<small>\(row.code)</small><small class="repli">\(people(row.population)), \(claimants(row, none: "aucune CPTS"))</small>
          """
        },
        Column.text("code", "Code Insee") { $0.code },
        Column.text("departement", "Département", class: "p3", sorts: true) { $0.department },
        number("habitants", "Habitants", \.population),
        number("couverts", "Habitants couverts", \.coveredPopulation),
        Column.text("zonages", "Zonages", class: "p3") { row in
          row.zonings.map { lists.label(of: $0, in: .zoning) }.joined(separator: ", ")
        },
        Column("cpts", "CPTS", class: "p2") {
          XLSX.Cell($0.claimants.map(\.name).joined(separator: "|"))
        } html: {
          claimants($0)
        },
      ], usual: ["nom", "departement", "habitants", "couverts", "cpts"])
  }

  private static func number(_ name: String, _ title: String, _ value: @escaping @Sendable (CommuneListing.Row) -> Int) -> Column {
    Column(name, title, class: "p2 n", sorts: true) {
      .integer(value($0))
    } html: {
      HTML(text: French.number(value($0)))
    }
  }

  private static func people(_ count: Int) -> String { French.plural(count, "habitant", "habitants") }

  private static func claimants(_ row: CommuneListing.Row, none: String = "Aucune CPTS") -> HTML {
    if row.claimants.isEmpty { return HTML(text: none) }
    return "\(each: row.claimants, separator: ", ", { "<a href=\"\(Link.structure($0.id))\">\($0.name)</a>" })"
  }
}
