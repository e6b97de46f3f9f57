import Federation
import Hummingbird
import Markup
import Records
import Store
import Tables
import WebSupport

/// `/relectures`: the health projects that are re-read, by year (SUP-05).
struct ReadingList: SiteList {
  let site: Site

  static let words = ListWords(
    name: "relectures", title: "Relectures",
    sentence: "Les projets de santé à relire avant une commission, leurs versions et nos remarques.",
    place: .readings, area: .readings, filters: "Filtrer les relectures", search: "Équipe", one: "relecture", many: "relectures",
    everything: "Toutes", unmatched: "Aucune relecture ne correspond")

  func question(_ request: Request, _ frame: Frame, _ connection: any Connection) throws -> RecordList {
    try RecordList(
      Self.words.path, request, of: "readings.requests", period: Period(year: frame.year),
      sortKeys: ReadingListing.Order.allCases.map(\.rawValue), sort: "-demande",
      menus: ["avancement", "a_temps", "commission", "departement", "territoire", "type"], hasYears: true, for: frame.session.account.role,
      site.installation.model, frame.lists, connection)
  }

  func content(
    _ question: RecordList, seek: ListSeek?, offset: Int, limit: Int, _ frame: Frame, _ connection: any Connection
  ) throws -> ListContent<ReadingSummary> {
    let listing = try ReadingListing(
      question.query, search: question.asked.search, order: ReadingListing.Order(rawValue: question.asked.sortKey) ?? .requested,
      descending: question.asked.isDescending, offset: offset, limit: limit, connection)
    return ListContent(rows: listing.rows, total: ListTotal(listing.total))
  }

  func columns(_ question: RecordList, _ frame: Frame) -> ListColumns<ReadingSummary> {
    let (lists, today, pages) = (frame.lists, frame.today, site.readingPages)
    typealias Column = ListColumn<ReadingSummary>
    let columns: [Column] = [
      Column("equipe", "Équipe", sorts: true, isTitle: true) {
        XLSX.Cell($0.team.name)
      } html: { row in
        """
        <a href="\(Link.reading(row.id))">\(row.team.name)</a><small>\(ReadingWords.remarks(row))</small>
        """
      },
      Column.day("demande", "Demandée le", class: "p3 n") { $0.requestedOn.description },
      Column("echeance", "À rendre avant le", class: "n", sorts: true) {
        .date($0.due.description)
      } html: { row in
        pages.cell("a_rendre_le", "À rendre avant le", of: row.id, French.day(row.due.description), frame)
      },
      Column("avancement", "Avancement", class: "p2") {
        XLSX.Cell(lists.label($0.state))
      } html: {
        ReadingWords.badge($0.state, isLate: $0.isLate(on: today), lists)
      },
      Column.text("relecteurs", "Relecteurs", class: "p3", missing: "Personne") { $0.readers },
      Column.text("commission", "Commission", missing: "–") { ReadingWords.sitting($0, lists) },
      Column.day("rendue_le", "Rendue le", sorts: false, missing: "–") { $0.renderedOn?.description },
      Column("remarques", "Remarques", class: "n") {
        .integer($0.remarks.all)
      } html: {
        HTML(text: String($0.remarks.all))
      },
      Column.text("reference", "Référence") { $0.reference },
    ]
    return ListColumns(columns, usual: ["equipe", "demande", "echeance", "avancement", "relecteurs"])
  }

  func id(_ row: ReadingSummary) -> Int64 { row.id.rawValue }

  var pages: RecordPages? { site.readingPages }

  func name(_ row: ReadingSummary) -> String { "\(row.team.name), \(row.requestedOn.written)" }

  func detail(_ question: RecordList, _ frame: Frame) -> HTML {
    let open = Period(from: frame.today.adding(months: -36), through: frame.today).map { [("periode", $0.label)] } ?? []
    let states = [ReadingState.requested, .underWay].map { ("avancement", $0.rawValue) }
    return """
      <p>\(Self.words.sentence)</p>
      <p class="rangee">\(LinkedText("À rendre", Link("/relectures", query: open + states + [("tri", "echeance")])).html)</p>
      """
  }

  func nothing(
    _ question: RecordList, isFiltered: Bool, _ frame: Frame, _ connection: any Connection
  ) throws -> EmptyState? {
    isFiltered
      ? nil
      : EmptyState(
        "Aucune relecture demandée cette année", "Dites quel projet est à relire, pour quand et par qui. Voyez aussi les autres années.",
        action: frame.session.account.role.scope(.write, .readings) == .all
          ? LinkedText("Demander une relecture", "/relectures/nouveau") : nil)
  }
}
