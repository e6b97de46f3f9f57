import Federation
import Hummingbird
import Markup
import Records
import Store
import Tables
import WebSupport

/// `/structures`: the directory, and the teams behind a figure.
struct StructureList: SiteList {
  let site: Site

  static let words = ListWords(
    name: "structures", title: "Structures", sentence: "Équipes coordonnées de la région, en projet ou en fonctionnement.",
    place: .structures, area: .directory, filters: "Filtrer les structures", search: "Nom, commune ou FINESS", one: "structure",
    many: "structures", everything: "Toutes", unmatched: "Aucune structure ne correspond")

  private static let sortKeys = StructureListing.Order.allCases.map(\.rawValue)
  /// What the contact log alone tells.
  private static let followUpKeys = Set([StructureListing.Order.lastExchange, .due, .lastMeeting].map(\.rawValue))

  func question(_ request: Request, _ frame: Frame, _ connection: any Connection) throws -> RecordList {
    // What presses most stands first.
    let detail = frame.readsExchanges ? ListDetail(figure: request.queryItems.last { $0.name == "chiffre" }?.value) : nil
    return try RecordList(
      Self.words.path, request, of: "structures.count", period: Period(asOf: frame.today), today: frame.today,
      sortKeys: frame.readsExchanges ? Self.sortKeys : Self.sortKeys.filter { !Self.followUpKeys.contains($0) },
      sort: (detail?.order ?? .name).rawValue, for: frame.session.account.role, site.installation.model, frame.lists, connection)
  }

  func content(
    _ question: RecordList, seek: ListSeek?, offset: Int, limit: Int, _ frame: Frame, _ connection: any Connection
  ) throws -> ListContent<StructureListing.Row> {
    let listing = try StructureListing(
      question.query, for: frame.session.account, search: question.asked.search, order: Self.order(question),
      descending: question.asked.isDescending, seek: seek,
      offset: offset, limit: limit, countingTo: ListAddress.mostCounted, connection)
    return ListContent(rows: listing.rows, total: ListTotal(listing.total, countedTo: ListAddress.mostCounted))
  }

  func columns(_ question: RecordList, _ frame: Frame) -> ListColumns<StructureListing.Row> {
    var columns = StructureColumns(lists: frame.lists, showsLastExchange: frame.readsExchanges, detail: question.detail(for: frame))
    columns.rhythm = { [pages = site.structurePages] id, text in pages.cell("rythme_suivi", "Rythme de suivi", of: id, text, frame) }
    return columns.columns
  }

  func id(_ row: StructureListing.Row) -> Int64 { row.id.rawValue }

  var pages: RecordPages? { site.structurePages }

  func name(_ row: StructureListing.Row) -> String { row.name }

  func seeks(_ question: RecordList) -> Bool { Self.order(question) == .name }

  private static func order(_ question: RecordList) -> StructureListing.Order {
    StructureListing.Order(rawValue: question.asked.sortKey) ?? .name
  }

  func notes(_ question: RecordList) -> [Message] {
    let query = question.query
    guard query.figure.id != "structures.count" else { return [] }
    let phrase = query.period.phrase(isState: query.figure.isState)
    return [Message(.information, "\(query.figure.label), \(phrase). \(query.figure.definition)")]
  }

  func detail(_ question: RecordList, _ frame: Frame) -> HTML {
    let day = question.query.period.through
    let map = LinkedText("Voir sur la carte", StructureMap.link(question)).html
    let duplicates = site.structurePages.duplicatesLink(frame)
    let links: HTML = duplicates.isEmpty ? map : "\(map) · \(duplicates)"
    guard day != frame.today else { return "<p>\(Self.words.sentence) \(links)</p>" }
    let present = presentLink(question, frame).map { LinkedText("Voir la liste à ce jour", $0).html }
    return """
      <p>\(day > frame.today ? "Telles qu’on les attend" : "Telles qu’elles étaient") au \(French.fullDay(day.description)). \
      \(present) \(map)</p>
      """
  }

  func nothing(
    _ question: RecordList, isFiltered: Bool, _ frame: Frame, _ connection: any Connection
  ) throws -> EmptyState? {
    if try StructureListing.isDirectoryEmpty(connection) {
      return EmptyState(
        "Aucune structure pour l’instant", "L’annuaire se remplit par import, depuis la page Imports, ou équipe par équipe.")
    }
    if isFiltered { return nil }
    return question.nothingCounted
      ?? EmptyState(
        "Aucune structure à cette date", "L’annuaire en contient à d’autres dates.",
        action: presentLink(question, frame).map { LinkedText("Voir la liste à ce jour", $0) })
  }

  /// The same list today, when it is asked at another day.
  private func presentLink(_ question: RecordList, _ frame: Frame) -> Link? {
    guard question.query.period.through != frame.today, question.query.figure.id == "structures.count" else { return nil }
    return question.asked.link.removing("annee").removing("date").removing("periode")
  }
}

/// What the directory says of a team.
struct StructureColumns: Sendable {
  private typealias Column = ListColumn<StructureListing.Row>

  let lists: ReferenceLists
  /// The reader may know when teams were last heard from.
  var showsLastExchange = true
  /// What the figure behind the list adds.
  var detail: ListDetail?
  /// How often a team is called, where it is changed.
  var rhythm: @Sendable (Identifier<Structure>, String) -> HTML = { HTML(text: $1) }

  /// What is shown of a team whose rhythm of follow-up its phase gives.
  static let ownRhythm = "Selon la phase"
  static let noRhythm = "Pas de relance"

  private static func rhythm(_ months: Int?) -> String {
    months.map { $0 == 0 ? noRhythm : "\($0)\u{A0}mois" } ?? ownRhythm
  }

  var columns: ListColumns<StructureListing.Row> {
    let lastExchange =
      showsLastExchange
      ? [Column.day("echange", "Dernier échange", class: "p2 n", missing: "Aucun") { $0.lastExchange?.description }] : []
    let added = detail.map { [column($0)] } ?? []
    let contacts = Column.contacts(phone: { $0.phone }, email: { $0.email })
    return ListColumns(
      identity + state + lastExchange + contacts + others + added,
      usual: ["nom", "etape", "situation", "departement", "professionnels"] + lastExchange.map(\.name) + added.map(\.name))
  }

  private var identity: [Column] {
    TeamColumns(lists: lists).identity(inFile: "Nom", saysDepartment: false) { row in
      """
      <small class="repli">\(Badge.situation(row.situation.map { lists.coded($0) }))</small>
      """
    }
  }

  private var state: [Column] {
    [
      Column("etape", "Étape", sorts: true) {
        XLSX.Cell($0.stage.map { lists.label($0) })
      } html: {
        Badge.stage($0.stage.map { lists.coded($0) })
      },
      Column("situation", "Situation", class: "p2", sorts: true) {
        XLSX.Cell($0.situation.map { lists.label($0) })
      } html: {
        Badge.situation($0.situation.map { lists.coded($0) })
      },
      Column("professionnels", "Pros", inFile: "Professionnels", class: "p3 n", sorts: true) {
        XLSX.Cell($0.professionals)
      } html: {
        HTML(text: $0.professionals.map(French.number) ?? French.unknown)
      },
    ]
  }

  private var others: [Column] {
    [
      Column.text("reference", "Référence") { $0.reference },
      Column.text("phase", "Phase") { $0.phase.map { lists.label($0) } },
      Column.text("territoire", "Territoire") { $0.territory },
      Column.text("logiciel", "Logiciel") { $0.software },
      Column.text("niveau_logiciel", "Niveau du logiciel") { $0.softwareLevel.map { lists.label(of: $0, in: .softwareLevel) } },
      Column("suivi", "Rythme de suivi", inFile: "Rythme de suivi (mois)", class: "p3") {
        XLSX.Cell($0.followUpMonths)
      } html: {
        rhythm($0.id, Self.rhythm($0.followUpMonths))
      },
    ]
  }

  private func column(_ detail: ListDetail) -> Column {
    Column(detail.order.rawValue, detail.title, class: "n", sorts: true) {
      detail.cell($0)
    } html: { row in
      let text = detail.text(row)
      let note: HTML? = text.note.map { "<br><small class=\"note\">\($0)</small>" }
      return "\(text.text)\(note)"
    }
  }
}
