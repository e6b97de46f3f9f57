import Federation
import Hummingbird
import Markup
import Records
import Store
import Tables
import WebSupport

/// `/programmes`: the programmes of support, by year (SUP-12).
struct ProgrammeList: SiteList {
  let site: Site

  static let words = ListWords(
    name: "programmes", title: "Programmes", sentence: "Ateliers en série, démarrages de coordination, SECPA, PAQ… et leurs équipes.",
    place: .programmes, area: .directory, filters: "Filtrer les programmes", search: "Programme ou équipe", one: "programme",
    many: "programmes", everything: "Tous", unmatched: "Aucun programme ne correspond")

  func question(_ request: Request, _ frame: Frame, _ connection: any Connection) throws -> RecordList {
    try RecordList(
      Self.words.path, request, of: "programmes.running", period: Period(year: frame.year),
      sortKeys: ProgrammeListing.Order.allCases.map(\.rawValue), sort: "-debut",
      menus: ["nature_programme", "departement", "territoire", "type"], hasYears: true, for: frame.session.account.role,
      site.installation.model, frame.lists, connection)
  }

  func content(
    _ question: RecordList, seek: ListSeek?, offset: Int, limit: Int, _ frame: Frame, _ connection: any Connection
  ) throws -> ListContent<ProgrammeSummary> {
    let listing = try ProgrammeListing(
      question.query, search: question.asked.search, order: ProgrammeListing.Order(rawValue: question.asked.sortKey) ?? .begins,
      descending: question.asked.isDescending, offset: offset, limit: limit, connection)
    return ListContent(rows: listing.rows, total: ListTotal(listing.total))
  }

  func columns(_ question: RecordList, _ frame: Frame) -> ListColumns<ProgrammeSummary> {
    let (lists, today) = (frame.lists, frame.today)
    typealias Column = ListColumn<ProgrammeSummary>
    let columns: [Column] = [
      Column("nom", "Programme", sorts: true, isTitle: true) {
        XLSX.Cell($0.name)
      } html: { row in
        """
        <a href="\(Link.programme(row.id))">\(row.name)</a><small>\(lists.label(of: row.kind, in: .programmeKind))</small>\
        <small class="repli">\(ProgrammeWords.state(row.state(on: today)).label)</small>
        """
      },
      Column.text("nature", "Nature") { lists.label(of: $0.kind, in: .programmeKind) },
      Column("avancement", "Avancement", class: "p2") {
        XLSX.Cell(ProgrammeWords.state($0.state(on: today)).label)
      } html: {
        ProgrammeWords.badge($0.state(on: today))
      },
      Column.day("debut", "Début", class: "p2 n") { $0.begins.description },
      Column.day("fin", "Dernier jour", class: "p3 n", missing: "Sans fin") { $0.ends?.description },
      Column("equipes", "Équipes", class: "n") {
        XLSX.Cell($0.teams.holding)
      } html: { row in
        HTML(text: row.places.map { "\(row.teams.holding) sur \($0)" } ?? String(row.teams.holding))
      },
      Column("places", "Places", class: "n") {
        XLSX.Cell($0.places)
      } html: { row in
        HTML(text: row.places.map(French.number) ?? "Sans limite")
      },
      Column("seances", "Séances tenues", class: "p2 n") {
        XLSX.Cell($0.held.workshops)
      } html: {
        HTML(text: French.number($0.held.workshops))
      },
      Column("duree", "Temps des séances", inFile: "Temps des séances (minutes)", class: "n") {
        XLSX.Cell($0.held.minutes)
      } html: {
        HTML(text: French.minutes($0.held.minutes))
      },
      Column.text("financeur", "Financeur", class: "p3") { $0.funder }, Column.text("responsable", "Responsable") { $0.manager },
      Column.text("reference", "Référence") { $0.reference },
    ]
    return ListColumns(columns, usual: ["nom", "avancement", "debut", "fin", "equipes", "seances", "financeur"])
  }

  func id(_ row: ProgrammeSummary) -> Int64 { row.id.rawValue }

  func name(_ row: ProgrammeSummary) -> String { row.reference }

  func detail(_ question: RecordList, _ frame: Frame) -> HTML {
    """
    <p>\(Self.words.sentence)</p>
    <p class="rangee">\(LinkedText("À venir", Self.stretch(frame.today.adding(days: 1), frame.today.adding(months: 60))).html) \
    \(LinkedText("Depuis dix ans", Self.stretch(frame.today.adding(months: -120), frame.today)).html) \
    \(LinkedText("Séances de l’année", Link("/seances-programme", query: [("annee", String(frame.year))])).html)</p>
    """
  }

  private static func stretch(_ from: CivilDate, _ through: CivilDate) -> Link {
    Link("/programmes", query: Period(from: from, through: through).map { [("periode", $0.label)] } ?? [])
  }

  func nothing(
    _ question: RecordList, isFiltered: Bool, _ frame: Frame, _ connection: any Connection
  ) throws -> EmptyState? {
    isFiltered
      ? nil
      : EmptyState(
        "Aucun programme cette année",
        "Créez le programme, inscrivez-y les équipes, puis notez ses séances. Voyez aussi les autres années.",
        action: frame.session.account.role.scope(.write, .directory) == .all ? LinkedText("Nouveau programme", "/programmes/nouveau") : nil)
  }
}

/// `/seances-programme`: the workshops behind the figures of programmes.
struct WorkshopList: SiteList {
  let site: Site

  static let words = ListWords(
    name: "seances-programme", title: "Séances de programme",
    sentence: "Les séances tenues ; celles à venir sont sur la page de leur programme.",
    place: .programmes, area: .directory, filters: "Filtrer les séances", search: "Programme ou équipe", one: "séance", many: "séances",
    everything: "Toutes", unmatched: "Aucune séance ne correspond")

  func question(_ request: Request, _ frame: Frame, _ connection: any Connection) throws -> RecordList {
    try RecordList(
      Self.words.path, request, of: "programmes.workshops", period: Period(year: frame.year), sortKeys: ["date"], sort: "-date",
      menus: ["nature_programme", "programme", "departement", "territoire", "type"], hasYears: true, for: frame.session.account.role,
      site.installation.model, frame.lists, connection)
  }

  func content(
    _ question: RecordList, seek: ListSeek?, offset: Int, limit: Int, _ frame: Frame, _ connection: any Connection
  ) throws -> ListContent<WorkshopSummary> {
    let listing = try WorkshopListing(
      question.query, search: question.asked.search, descending: question.asked.isDescending, offset: offset, limit: limit, connection)
    return ListContent(rows: listing.rows, total: ListTotal(listing.total))
  }

  func columns(_ question: RecordList, _ frame: Frame) -> ListColumns<WorkshopSummary> {
    typealias Column = ListColumn<WorkshopSummary>
    let columns: [Column] = [
      Column.day("date", "Date") { $0.date.description },
      Column("seance", "Séance", isTitle: true) {
        XLSX.Cell(ProgrammeWords.title($0))
      } html: { row in
        """
        <a href="\(Link.programme(row.programme.id))">\(ProgrammeWords.title(row))</a><small>\(row.programme.name)</small>
        """
      },
      Column.text("programme", "Programme") { $0.programme.name },
      Column.text("equipes", "Équipes présentes", class: "p2", missing: "Aucune") { row in
        row.teams.isEmpty ? nil : row.teams.joined(separator: ", ")
      },
      Column("personnes", "Personnes", class: "n") {
        XLSX.Cell($0.people)
      } html: { row in
        HTML(text: row.people.map(French.number) ?? "–")
      },
      Column("duree", "Durée", inFile: "Durée (minutes)", class: "p2 n") {
        XLSX.Cell($0.minutes)
      } html: {
        HTML(text: $0.minutes.map(French.minutes) ?? "–")
      },
      Column.text("animation", "Animée par", class: "p3") { $0.leader }, Column.text("lieu", "Lieu ou visio") { $0.place },
      Column.text("reference", "Référence") { $0.reference },
    ]
    return ListColumns(columns, usual: ["date", "seance", "equipes", "personnes", "duree", "animation"])
  }

  func id(_ row: WorkshopSummary) -> Int64 { row.id.rawValue }

  func name(_ row: WorkshopSummary) -> String { row.reference }

  func detail(_ question: RecordList, _ frame: Frame) -> HTML {
    "<p>\(Self.words.sentence) \(LinkedText("Tous les programmes", "/programmes").html)</p>"
  }

  func nothing(
    _ question: RecordList, isFiltered: Bool, _ frame: Frame, _ connection: any Connection
  ) throws -> EmptyState? {
    isFiltered
      ? nil
      : EmptyState(
        "Aucune séance tenue cette année", "Une séance se note sur la page de son programme. Voyez aussi les autres années.",
        action: LinkedText("Tous les programmes", "/programmes"))
  }
}
