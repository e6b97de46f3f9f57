import Federation
import Hummingbird
import Markup
import Records
import Store
import Tables
import WebSupport

/// `/effectifs`: the latest count of each profession in each team, with its date and source (DIR-10).
struct HeadcountList: SiteList {
  let site: Site

  static let words = ListWords(
    name: "effectifs", title: "Effectifs par profession", sentence: "", place: .structures, area: .directory,
    filters: "Filtrer les effectifs", search: "Nom, commune ou FINESS", one: "effectif", many: "effectifs", everything: "Tous",
    unmatched: "Aucun effectif ne correspond")

  func question(_ request: Request, _ frame: Frame, _ connection: any Connection) throws -> RecordList {
    try RecordList(
      Self.words.path, request, of: "professionals.by_profession", period: Period(asOf: frame.today),
      sortKeys: HeadcountListing.Order.allCases.map(\.rawValue), sort: "nom",
      menus: ["profession", "type", "departement", "territoire"], for: frame.session.account.role, site.installation.model, frame.lists,
      connection)
  }

  func content(
    _ question: RecordList, seek: ListSeek?, offset: Int, limit: Int, _ frame: Frame, _ connection: any Connection
  ) throws -> ListContent<HeadcountListing.Row> {
    let listing = try HeadcountListing(
      question.query, search: question.asked.search, order: HeadcountListing.Order(rawValue: question.asked.sortKey) ?? .name,
      descending: question.asked.isDescending, offset: offset, limit: limit, connection)
    return ListContent(rows: listing.rows, total: ListTotal(listing.total))
  }

  func columns(_ question: RecordList, _ frame: Frame) -> ListColumns<HeadcountListing.Row> {
    HeadcountColumns(lists: frame.lists).columns
  }

  func id(_ row: HeadcountListing.Row) -> Int64 { row.structure.rawValue }

  func detail(_ question: RecordList, _ frame: Frame) -> HTML {
    let day = French.fullDay(question.query.period.through.description)
    return "<p>Dernier effectif connu au \(day) de chaque profession comptée dans une équipe.</p>"
  }

  func nothing(
    _ question: RecordList, isFiltered: Bool, _ frame: Frame, _ connection: any Connection
  ) throws -> EmptyState? {
    isFiltered ? nil : EmptyState("Aucun effectif par profession", "Importez les effectifs comptés dans les structures.")
  }
}

/// What the list of counts says of one.
struct HeadcountColumns: Sendable {
  private typealias Column = ListColumn<HeadcountListing.Row>

  let lists: ReferenceLists

  var columns: ListColumns<HeadcountListing.Row> {
    let date = Column.day("date", "Compté le", inFile: "Date") { $0.date.description }
    let team = TeamColumns(lists: lists).identity { (row: HeadcountListing.Row) in
      """
      <small class="repli">\(lists.label(of: row.profession, in: .profession)), \(row.source)</small>
      """
    }
    let count: [Column] = [
      Column.text("profession", "Profession", class: "p2", sorts: true) { lists.label(of: $0.profession, in: .profession) },
      Column("nombre", "Nombre", class: "n", sorts: true) {
        .integer($0.number)
      } html: {
        HTML(text: French.number($0.number))
      },
      Column.text("source", "Source", class: "p2") { $0.source },
    ]
    return ListColumns([date] + team + count, usual: ["date", "nom", "profession", "nombre", "source"])
  }
}
