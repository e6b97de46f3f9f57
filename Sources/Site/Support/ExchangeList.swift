import Federation
import Hummingbird
import Markup
import Records
import Store
import Tables
import WebSupport

/// `/echanges`: calls, mails, meetings and visits, newest first (SUP-01).
struct ExchangeList: SiteList {
  let site: Site

  static let words = ListWords(
    name: "echanges", title: "Échanges",
    sentence: "Appels, courriels, réunions, visios et visites avec les équipes et leurs partenaires.", place: .exchanges, area: .exchanges,
    filters: "Filtrer les échanges", search: "Objet ou équipe", one: "échange", many: "échanges", everything: "Tous",
    unmatched: "Aucun échange ne correspond")

  private static let menus = ["canal", "theme", "nature", "departement", "type", "phase", "territoire", "auteur"]

  func question(_ request: Request, _ frame: Frame, _ connection: any Connection) throws -> RecordList {
    // Lists of dated facts open on the current year.
    try RecordList(
      Self.words.path, request, of: "contacts.count", period: Period(year: frame.year),
      sortKeys: ExchangeListing.Order.allCases.map(\.rawValue), sort: "-date", menus: Self.menus, hasYears: true,
      for: frame.session.account.role, site.installation.model, frame.lists, connection)
  }

  func content(
    _ question: RecordList, seek: ListSeek?, offset: Int, limit: Int, _ frame: Frame, _ connection: any Connection
  ) throws -> ListContent<ExchangeSummary> {
    let listing = try ExchangeListing(
      question.query, for: frame.session.account, search: question.asked.search, order: Self.order(question),
      descending: question.asked.isDescending, seek: seek, offset: offset, limit: limit, countingTo: ListAddress.mostCounted, connection)
    // Who reads some of them learns how many there are, and how many these are.
    let role = frame.session.account.role
    let isCounted = role.scope(.read, .exchanges) != .all || listing.whole.map { listing.total < $0 } ?? false
    return ListContent(
      rows: listing.rows, total: ListTotal(listing.total, countedTo: isCounted ? nil : ListAddress.mostCounted),
      result: Self.result(listing))
  }

  /// « 12 échanges sur 40 visibles pour vous », where some are not.
  private static func result(_ listing: ExchangeListing) -> String? {
    guard let whole = listing.whole, listing.total < whole else { return nil }
    let count = French.plural(listing.total, "échange", "échanges")
    return "\(count) sur \(French.number(whole)) \(listing.total < 2 ? "visible" : "visibles") pour vous"
  }

  func detail(_ question: RecordList, _ frame: Frame) -> HTML {
    let queue: HTML =
      frame.session.account.role.scope(.write, .exchanges) == .all
      ? " \(LinkedText(ReceivedMailsSection.title, ReceivedMailsSection.path).html)" : .empty
    return "<p>\(Self.words.sentence)\(queue)</p>"
  }

  func columns(_ question: RecordList, _ frame: Frame) -> ListColumns<ExchangeSummary> {
    var columns = ExchangeColumns(lists: frame.lists)
    columns.cell = { [pages = site.exchangePages] field, label, id, text in pages.cell(field, label, of: id, text, frame) }
    return columns.columns
  }

  func id(_ row: ExchangeSummary) -> Int64 { row.id.rawValue }

  var pages: RecordPages? { site.exchangePages }

  func name(_ row: ExchangeSummary) -> String { ExchangeColumns.name(row) }

  func seeks(_ question: RecordList) -> Bool { Self.order(question) == .date }

  private static func order(_ question: RecordList) -> ExchangeListing.Order {
    ExchangeListing.Order(rawValue: question.asked.sortKey) ?? .date
  }

  func nothing(
    _ question: RecordList, isFiltered: Bool, _ frame: Frame, _ connection: any Connection
  ) throws -> EmptyState? {
    isFiltered ? nil : EmptyState("Aucun échange noté", "Choisissez une autre année, ou importez les échanges d’un tableau.")
  }
}

/// What the contact log says of an exchange.
struct ExchangeColumns: Sendable {
  private typealias Column = ListColumn<ExchangeSummary>

  let lists: ReferenceLists
  /// A value that is changed where it stands.
  var cell: @Sendable (_ field: String, _ label: String, Identifier<Exchange>, String) -> HTML = { HTML(text: $3) }

  static func name(_ row: ExchangeSummary) -> String { row.heading ?? "Échange sans objet" }

  var columns: ListColumns<ExchangeSummary> {
    ListColumns(what + circumstances, usual: ["date", "objet", "canal", "themes", "duree", "auteur"])
  }

  private var what: [Column] {
    [
      Column.day("date", "Date") { $0.date.description },
      Column("canal", "Canal", class: "p2") {
        XLSX.Cell(lists.label($0.channel))
      } html: {
        channel($0)
      },
      Column("objet", "Objet et équipes", inFile: "Objet", isTitle: true) {
        XLSX.Cell($0.subject)
      } html: {
        title($0)
      },
      several("equipes", "Équipes") { $0.teams.map(\.name) },
      Column("themes", "Thèmes", class: "p3") {
        XLSX.Cell(themes($0).joined(separator: "|"))
      } html: {
        HTML(text: $0.themes.isEmpty ? "Sans thème" : themes($0).joined(separator: ", "))
      },
    ]
  }

  private var circumstances: [Column] {
    [
      Column("natures", "Nature") {
        XLSX.Cell(natures($0).joined(separator: "|"))
      } html: {
        HTML(text: $0.natures.isEmpty ? "Sans nature" : natures($0).joined(separator: ", "))
      },
      Column("duree", "Durée", inFile: "Durée (minutes)", class: "p2 n", sorts: true) {
        XLSX.Cell($0.minutes)
      } html: {
        cell("duree_minutes", "Durée", $0.id, $0.minutes.map(French.minutes) ?? French.unknown)
      },
      Column.text("auteur", "Auteur", class: "p3") { $0.author },
      Column("visibilite", "Visibilité", class: "p3") {
        XLSX.Cell(visibility($0))
      } html: {
        $0.isConfidential ? Badge.confidential : HTML(text: visibility($0))
      },
      Column.text("reference", "Référence") { $0.reference },
      // By their references, an import finds the same teams again.
      several("structures", "Références des équipes", inFile: "Structures") { $0.teams.map(\.reference) },
    ]
  }

  /// What an exchange has of each of its teams.
  private func several(
    _ name: String, _ title: String, inFile fileTitle: String? = nil, _ words: @escaping @Sendable (ExchangeSummary) -> [String]
  ) -> Column {
    Column(name, title, inFile: fileTitle) {
      XLSX.Cell(words($0).joined(separator: "|"))
    } html: {
      HTML(text: $0.teams.isEmpty ? "Sans équipe" : words($0).joined(separator: ", "))
    }
  }

  private func themes(_ row: ExchangeSummary) -> [String] { row.themes.map { lists.label(of: $0, in: .theme) } }

  private func natures(_ row: ExchangeSummary) -> [String] { row.natures.map { lists.label(of: $0, in: .nature) } }

  private func title(_ row: ExchangeSummary) -> HTML {
    """
    <a href="\(Link.exchange(row.id))">\(Self.name(row))</a>\(row.isConfidential ? " \(Badge.confidential)" : .empty)<small>\(each: row.teams.prefix(3), separator: ", ", team)\(more(row))</small>\
    <small class="repli">\(lists.label(row.channel))</small>
    """
  }

  private func visibility(_ row: ExchangeSummary) -> String { lists.label(row.isConfidential ? Visibility.confidential : .team) }

  private func team(_ team: ExchangeSummary.Team) -> HTML {
    """
    \(Badge.type(lists.coded(team.type), beside: team.name))\(team.name)
    """
  }

  private func more(_ row: ExchangeSummary) -> String {
    if row.teams.isEmpty { return "Sans équipe" }
    return row.teams.count > 3 ? " et \(French.plural(row.teams.count - 3, "autre équipe", "autres équipes"))" : ""
  }

  private func channel(_ row: ExchangeSummary) -> HTML {
    """
    <span class="rangee serre">\(Icon.channel(row.channel.rawValue).html)<span>\(cell("canal", "Canal", row.id, lists.label(row.channel)))</span></span>
    """
  }
}
