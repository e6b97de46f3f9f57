import Federation
import Hummingbird
import Markup
import Records
import Store
import Tables
import WebSupport

/// `/mises-en-relation`: who was put in touch with whom, and what came of it (SUP-11).
struct IntroductionList: SiteList {
  let site: Site

  static let words = ListWords(
    name: "mises-en-relation", title: "Mises en relation",
    sentence: "Les équipes à qui la fédération a fait rencontrer une autre équipe, une personne ou une organisation.",
    place: .introductions, area: .directory, filters: "Filtrer les mises en relation", search: "Équipe ou mots", one: "mise en relation",
    many: "mises en relation", everything: "Toutes", unmatched: "Aucune mise en relation ne correspond")

  func question(_ request: Request, _ frame: Frame, _ connection: any Connection) throws -> RecordList {
    try RecordList(
      Self.words.path, request, of: "introductions.count", period: Period(year: frame.year),
      sortKeys: IntroductionListing.Order.allCases.map(\.rawValue), sort: "-date",
      menus: ["suite", "autre_equipe", "departement", "territoire", "type", "phase"], hasYears: true, for: frame.session.account.role,
      site.installation.model, frame.lists, connection)
  }

  func content(
    _ question: RecordList, seek: ListSeek?, offset: Int, limit: Int, _ frame: Frame, _ connection: any Connection
  ) throws -> ListContent<IntroductionSummary> {
    let listing = try IntroductionListing(
      question.query, search: question.asked.search, order: IntroductionListing.Order(rawValue: question.asked.sortKey) ?? .date,
      descending: question.asked.isDescending, offset: offset, limit: limit, connection)
    return ListContent(rows: listing.rows, total: ListTotal(listing.total))
  }

  func columns(_ question: RecordList, _ frame: Frame) -> ListColumns<IntroductionSummary> {
    let (lists, pages) = (frame.lists, site.introductionPages)
    let writes = frame.session.account.role.scope(.write, .directory) == .all
    typealias Column = ListColumn<IntroductionSummary>
    let columns: [Column] = [
      Column.day("date", "Date") { $0.date.description },
      Column("equipe", "Équipe", sorts: true, isTitle: true) {
        XLSX.Cell($0.team.name)
      } html: { row in
        """
        <a href="\(Link.structure(row.team.id))">\(row.team.name)</a><small>avec \(each: IntroductionWords.partners(row), separator: ", ", \.html)</small>\
        \(writes ? Self.change(row) : .empty)
        """
      },
      Column.text("avec", "Avec") { $0.partners.joined(separator: ", ") },
      Column.text("objet", "Pour quoi", class: "p3") { $0.purpose },
      Column("suite", "Suite donnée", class: "p2") {
        XLSX.Cell(lists.label($0.result))
      } html: { row in
        pages.cell("suite", "Suite donnée", of: row.id, lists.label(row.result), frame)
      },
      Column.text("note", "Ce qui en est sorti", missing: "–") { $0.note }, Column.text("reference", "Référence") { $0.reference },
    ]
    return ListColumns(columns, usual: ["date", "equipe", "objet", "suite"])
  }

  private static func change(_ row: IntroductionSummary) -> HTML {
    """
    <small><a href="\(Link.introduction(row.id))">Modifier<span class="sr"> la mise en relation de \(row.team.name)</span></a></small>
    """
  }

  func id(_ row: IntroductionSummary) -> Int64 { row.id.rawValue }

  var pages: RecordPages? { site.introductionPages }

  func name(_ row: IntroductionSummary) -> String { "\(row.team.name), \(row.date.written)" }

  func nothing(
    _ question: RecordList, isFiltered: Bool, _ frame: Frame, _ connection: any Connection
  ) throws -> EmptyState? {
    isFiltered
      ? nil
      : EmptyState(
        "Aucune mise en relation cette année",
        "Une mise en relation se note depuis un échange ou la page d’une équipe. Voyez aussi les autres années.",
        action: frame.session.account.role.scope(.write, .directory) == .all
          ? LinkedText("Mettre en relation", "/mises-en-relation/nouveau") : nil)
  }
}
