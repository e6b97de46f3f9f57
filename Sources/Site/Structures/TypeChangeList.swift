import Federation
import Hummingbird
import Markup
import Records
import Store
import Tables
import WebSupport

/// `/conversions`: the teams that changed their type, which the figure of conversions counts (DIR-12).
struct TypeChangeList: SiteList {
  let site: Site

  static let words = ListWords(
    name: "conversions", title: "Changements de type", sentence: "Équipes qui ont changé de type, à la date du changement.",
    place: .structures, area: .directory, filters: "Filtrer les changements de type", search: "Nom, commune ou FINESS", one: "changement",
    many: "changements", everything: "Tous", unmatched: "Aucun changement ne correspond")

  func question(_ request: Request, _ frame: Frame, _ connection: any Connection) throws -> RecordList {
    try RecordList(
      Self.words.path, request, of: "structures.conversions", period: Period(year: frame.year),
      sortKeys: TypeChangeListing.Order.allCases.map(\.rawValue), sort: "-date", menus: ["de", "type", "departement", "territoire"],
      hasYears: true, for: frame.session.account.role, site.installation.model, frame.lists, connection)
  }

  func content(
    _ question: RecordList, seek: ListSeek?, offset: Int, limit: Int, _ frame: Frame, _ connection: any Connection
  ) throws -> ListContent<TypeChangeListing.Row> {
    let listing = try TypeChangeListing(
      question.query, search: question.asked.search, order: TypeChangeListing.Order(rawValue: question.asked.sortKey) ?? .date,
      descending: question.asked.isDescending, offset: offset, limit: limit, connection)
    return ListContent(rows: listing.rows, total: ListTotal(listing.total))
  }

  func columns(_ question: RecordList, _ frame: Frame) -> ListColumns<TypeChangeListing.Row> {
    let lists = frame.lists
    let date = ListColumn<TypeChangeListing.Row>.day("date", "Date") { $0.date.description }
    let team = TeamColumns<TypeChangeListing.Row>(lists: lists).identity { row in
      row.former.map { "<small class=\"repli\">avant\u{A0}: \(lists.label($0))</small>" }
    }
    let former = ListColumn<TypeChangeListing.Row>("ancien", "Ancien type", class: "p2") {
      XLSX.Cell($0.former.map { lists.label($0) })
    } html: {
      $0.former.map { Badge.type(lists.coded($0)) } ?? HTML(text: French.unknown)
    }
    return ListColumns([date] + team + [former], usual: ["date", "nom", "ancien", "type"])
  }

  func id(_ row: TypeChangeListing.Row) -> Int64 { row.structure.rawValue }

  func nothing(
    _ question: RecordList, isFiltered: Bool, _ frame: Frame, _ connection: any Connection
  ) throws -> EmptyState? {
    isFiltered ? nil : EmptyState("Aucun changement de type", "Choisissez une autre année, ou importez les types datés des structures.")
  }
}
