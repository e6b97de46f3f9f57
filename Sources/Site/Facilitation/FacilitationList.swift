import Federation
import Hummingbird
import Markup
import Records
import Store
import Tables
import WebSupport

/// `/facilitations`: what teams ask for, and what came of it (FAC-01, FAC-03).
struct FacilitationList: SiteList {
  let site: Site

  static let words = ListWords(
    name: "facilitations", title: "Facilitations", sentence: "L’aide d’un pair, de la demande au bilan.", place: .facilitations,
    area: .facilitations, filters: "Filtrer les facilitations", search: "Équipe, besoin ou bilan", one: "facilitation",
    many: "facilitations", everything: "Toutes", unmatched: "Aucune facilitation ne correspond")

  func question(_ request: Request, _ frame: Frame, _ connection: any Connection) throws -> RecordList {
    try RecordList(
      Self.words.path, request, of: "facilitations.requests", period: Period(year: frame.year),
      sortKeys: FacilitationListing.Order.allCases.map(\.rawValue), sort: "-demande",
      menus: ["etat", "pour", "famille", "type_facilitation", "departement", "territoire", "coordination", "urgente"], hasYears: true,
      for: frame.session.account.role, site.installation.model, frame.lists, connection)
  }

  func content(
    _ question: RecordList, seek: ListSeek?, offset: Int, limit: Int, _ frame: Frame, _ connection: any Connection
  ) throws -> ListContent<FacilitationSummary> {
    let listing = try FacilitationListing(
      question.query, for: frame.session.account, search: question.asked.search,
      order: FacilitationListing.Order(rawValue: question.asked.sortKey) ?? .requested, descending: question.asked.isDescending,
      offset: offset, limit: limit, connection)
    return ListContent(rows: listing.rows, total: ListTotal(listing.total))
  }

  func columns(_ question: RecordList, _ frame: Frame) -> ListColumns<FacilitationSummary> {
    let (lists, pages) = (frame.lists, site.facilitationPages)
    typealias Column = ListColumn<FacilitationSummary>
    let what: [Column] = [
      Column.day("demande", "Demandée le") { $0.requestedOn.description },
      Column("facilitation", "Facilitation", isTitle: true) {
        XLSX.Cell(FacilitationWords.title($0.type, lists))
      } html: { row in
        let teams = row.teams.map(\.name)
        let place = row.commune.map { "\($0) (\(row.department ?? ""))" } ?? "Sans équipe"
        return """
          <a href="\(Link.facilitation(row.id))">\(FacilitationWords.title(row.type, lists))</a>\
          <small>\(teams.isEmpty ? place : teams.joined(separator: ", "))</small>\
          <small class="repli">\(lists.label(row.state))</small>
          """
      },
      Column.text("equipes", "Équipes") { $0.teams.map(\.name).joined(separator: "|") },
      Column("etat", "Avancement", class: "p2", sorts: true) {
        XLSX.Cell(lists.label($0.state))
      } html: { row in
        let urgent: HTML = row.isUrgent && row.state.isAhead ? "<small>Urgente</small>" : .empty
        return "\(FacilitationWords.badge(row.state, lists))\(urgent)"
      },
      Column.day("date", "Rencontre", class: "n", missing: "–") { $0.date?.description },
      Column.text("facilitateurs", "Facilitateurs", class: "p3", missing: "–") { $0.facilitators.map(\.name).joined(separator: ", ") },
    ]
    let more: [Column] = [
      Column("coordination", "Coordination", class: "p3") {
        XLSX.Cell($0.coordinator)
      } html: { row in
        pages.cell("coordination", "Coordination", of: row.id, row.coordinator ?? "Personne", frame)
      },
      Column("souhait", "Souhaitée avant le", class: "p3 n", sorts: true) {
        $0.wantedBy.map { XLSX.Cell.date($0.description) } ?? .text("")
      } html: { row in
        pages.cell(
          "souhaitee_avant", "Souhaitée avant le", of: row.id, row.wantedBy.map { French.day($0.description) } ?? "–", frame)
      },
      Column.text("pour", "Pour") { $0.audience.map { lists.label($0) } },
      Column.text("famille", "Famille") { $0.family.map { lists.label($0) } },
      Column.text("departements", "Départements") { row in
        let own = Set(row.teams.map(\.department)).sorted()
        return (own.isEmpty ? [row.department].compactMap(\.self) : own).joined(separator: "|")
      },
      Column.text("phase", "Phase") { row in row.teams.compactMap(\.phase).first.map { lists.label($0) } },
      Column.text("modalite", "Sur place ou visio") { $0.mode.map { lists.label($0) } },
      Column("duree", "Durée", inFile: "Durée (minutes)", class: "n") {
        XLSX.Cell($0.minutes)
      } html: {
        HTML(text: $0.minutes.map(French.minutes) ?? "–")
      },
      Column.text("reference", "Référence") { $0.reference },
    ]
    return ListColumns(what + more, usual: ["demande", "facilitation", "etat", "date", "facilitateurs", "coordination"])
  }

  func id(_ row: FacilitationSummary) -> Int64 { row.id.rawValue }

  var pages: RecordPages? { site.facilitationPages }

  func name(_ row: FacilitationSummary) -> String { row.reference }

  func detail(_ question: RecordList, _ frame: Frame) -> HTML {
    """
    <p>\(Self.words.sentence)</p>
    <p class="rangee">\(LinkedText("En cours", Self.states(FacilitationState.allCases.filter(\.isAhead), through: frame.today)).html) \
    \(LinkedText("Bilans manquants", Self.states([.held], through: frame.today)).html) \
    \(LinkedText(FacilitatorList.words.title, FacilitatorList.words.path).html)</p>
    """
  }

  /// Those of some states, whenever they were asked for.
  static func states(_ states: [FacilitationState], through today: CivilDate) -> Link {
    let since = Period(from: today.adding(months: -120), through: today)
    return states.reduce(Link("/facilitations", query: since.map { [("periode", $0.label)] } ?? [])) { $0.adding("etat", $1.rawValue) }
  }

  func nothing(
    _ question: RecordList, isFiltered: Bool, _ frame: Frame, _ connection: any Connection
  ) throws -> EmptyState? {
    isFiltered
      ? nil
      : EmptyState(
        "Aucune facilitation demandée cette année",
        "Une demande se note ici, depuis la page d’une équipe, ou en un clic depuis un échange. Voyez aussi les autres années.",
        action: LinkedText("Demander une facilitation", "/facilitations/nouveau"))
  }
}
