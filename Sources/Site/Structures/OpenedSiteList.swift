import Federation
import Hummingbird
import Markup
import Records
import Store
import Tables
import WebSupport

/// `/sites`: the sites that teams opened, which the figure of sites counts (DIR-02, DIR-12).
struct OpenedSiteList: SiteList {
  let site: Site

  static let words = ListWords(
    name: "sites", title: "Sites ouverts", sentence: "Sites des équipes, à la date de leur ouverture.", place: .structures,
    area: .directory, filters: "Filtrer les sites", search: "Nom, commune ou FINESS", one: "site", many: "sites", everything: "Tous",
    unmatched: "Aucun site ne correspond")

  func question(_ request: Request, _ frame: Frame, _ connection: any Connection) throws -> RecordList {
    try RecordList(
      Self.words.path, request, of: "structures.sites_opened", period: Period(year: frame.year),
      sortKeys: SiteListing.Order.allCases.map(\.rawValue), sort: "-date", menus: ["type", "departement", "territoire", "principal"],
      hasYears: true, for: frame.session.account.role, site.installation.model, frame.lists, connection)
  }

  func content(
    _ question: RecordList, seek: ListSeek?, offset: Int, limit: Int, _ frame: Frame, _ connection: any Connection
  ) throws -> ListContent<SiteListing.Row> {
    let listing = try SiteListing(
      question.query, search: question.asked.search, order: SiteListing.Order(rawValue: question.asked.sortKey) ?? .date,
      descending: question.asked.isDescending, offset: offset, limit: limit, connection)
    return ListContent(rows: listing.rows, total: ListTotal(listing.total))
  }

  func columns(_ question: RecordList, _ frame: Frame) -> ListColumns<SiteListing.Row> {
    typealias Column = ListColumn<SiteListing.Row>
    let date = Column.day("date", "Ouvert le") { $0.date.description }
    let team = TeamColumns<SiteListing.Row>(lists: frame.lists).identity { row in
      "<small class=\"repli\">\(row.site)</small>"
    }
    let site = [
      Column.text("site", "Site", class: "p2", sorts: true) { $0.site },
      Column.text("commune_site", "Commune du site", class: "p3") { $0.siteCommune },
      Column.text("principal", "Principal", class: "p3") { $0.isMain ? "Oui" : "Non" },
      Column.day("jusqua", "Fermé après le", class: "p3", sorts: false, missing: "–") { $0.through?.description },
    ]
    return ListColumns([date] + team + site, usual: ["date", "nom", "site", "commune_site"])
  }

  func id(_ row: SiteListing.Row) -> Int64 { row.structure.rawValue }

  func nothing(
    _ question: RecordList, isFiltered: Bool, _ frame: Frame, _ connection: any Connection
  ) throws -> EmptyState? {
    isFiltered ? nil : EmptyState("Aucun site ouvert", "Choisissez une autre année, ou importez les sites des structures avec leurs dates.")
  }
}
