import Federation
import Hummingbird
import Markup
import Records
import Store
import Tables
import WebSupport

/// `/facilitateurs`: who helps teams, in what, and how much they have been asked (FAC-04).
struct FacilitatorList: SiteList {
  let site: Site

  static let words = ListWords(
    name: "facilitateurs", title: "Facilitateurs", sentence: "Les pairs qui aident les équipes\u{A0}: leurs expertises et leur charge.",
    place: .facilitations, area: .facilitations, filters: "Filtrer les facilitateurs", search: "Nom ou courriel", one: "facilitateur",
    many: "facilitateurs", everything: "Tous", unmatched: "Aucun facilitateur ne correspond")

  func question(_ request: Request, _ frame: Frame, _ connection: any Connection) throws -> NamedList {
    NamedList(
      Self.words, request, menus: ["expertise": .expertise],
      others: [
        .init(name: "departement", label: "Département", values: try FacilitatorListing.departments(connection)),
        .init(name: "etat", label: "Disponibilité", values: frame.lists.values(of: FacilitatorState.list)),
        .init(name: "sollicitation", label: "Sollicitation", values: frame.lists.values(of: FacilitatorUse.list)),
      ], sortKeys: FacilitatorListing.Order.allCases.map(\.rawValue), frame)
  }

  func content(
    _ question: NamedList, seek: ListSeek?, offset: Int, limit: Int, _ frame: Frame, _ connection: any Connection
  ) throws -> ListContent<FacilitatorSummary> {
    var filters = FacilitatorFilters()
    (filters.expertises, filters.departments) = (question.values("expertise"), question.values("departement"))
    (filters.states, filters.uses) = (question.values("etat"), question.values("sollicitation"))
    let listing = try FacilitatorListing(
      filters, on: frame.today, search: question.asked.search,
      order: FacilitatorListing.Order(rawValue: question.asked.sortKey) ?? .name, descending: question.asked.isDescending, offset: offset,
      limit: limit, connection)
    return ListContent(rows: listing.rows, total: ListTotal(listing.total))
  }

  func columns(_ question: NamedList, _ frame: Frame) -> ListColumns<FacilitatorSummary> {
    let (lists, today, pages) = (frame.lists, frame.today, site.facilitatorPages)
    @Sendable func expertises(_ row: FacilitatorSummary) -> [String] { row.expertises.map { lists.label(of: $0, in: .expertise) } }
    typealias Column = ListColumn<FacilitatorSummary>
    let who: [Column] = [
      Column("nom", "Facilitateur", inFile: "Nom", sorts: true, isTitle: true) {
        XLSX.Cell($0.name)
      } html: { row in
        let place = [row.commune, row.department.map { "(\($0))" }].compactMap(\.self).joined(separator: " ")
        let words = [row.profession.map { lists.label(of: $0, in: .profession) }, place.isEmpty ? nil : place].compactMap(\.self)
        return """
          <a href="\(Link.facilitator(row.id))">\(row.name)</a><small>\(words.joined(separator: ", "))</small>\
          <small class="repli">\(expertises(row).joined(separator: ", "))</small>
          """
      },
      Column("expertises", "Expertises", class: "p2") {
        XLSX.Cell(expertises($0).joined(separator: "|"))
      } html: { row in
        HTML(text: row.expertises.isEmpty ? French.unknown : expertises(row).joined(separator: ", "))
      },
      Column("etat", "Disponibilité", class: "p3") {
        XLSX.Cell(lists.label($0.state(on: today)))
      } html: {
        FacilitatorPage.badge($0.state(on: today), lists)
      },
      Column("rayon_km", "Se déplace jusqu’à", inFile: "Se déplace jusqu’à (km)", class: "p3 n") {
        XLSX.Cell($0.radius)
      } html: { row in
        pages.cell("rayon_km", "Se déplace jusqu’à", of: row.id, row.radius.map { "\($0)\u{A0}km" } ?? "–", frame)
      },
    ]
    let work: [Column] = [
      Column("charge", "Charge de l’année", class: "n", sorts: true) {
        XLSX.Cell($0.load)
      } html: { row in
        let token: HTML = row.use.map { " <small class=\"repli\">\(lists.label($0))</small>" } ?? .empty
        return "\(French.number(row.load))\(token)"
      },
      Column("tenues", "Facilitations tenues", class: "p3 n", sorts: true) {
        XLSX.Cell($0.held)
      } html: {
        HTML(text: French.number($0.held))
      },
      Column.day("derniere", "Dernière", class: "p2 n", missing: "Aucune") { $0.lastHeld?.description },
      Column("heures", "Temps de l’année", inFile: "Temps de l’année (minutes)", class: "p3 n") {
        XLSX.Cell($0.minutes)
      } html: {
        HTML(text: French.minutes($0.minutes))
      },
      Column("sollicitation", "Sollicitation", class: "p3") {
        XLSX.Cell($0.use.map { lists.label($0) })
      } html: { row in
        row.use.map { Badge.state(lists.label($0), $0 == .heavy ? .attention : .start) } ?? HTML(text: "–")
      },
      Column.text("commune", "Commune") { $0.commune }, Column.text("departement", "Département") { $0.department },
      Column.text("personne", "Référence de la personne") { $0.reference },
    ]
    return ListColumns(
      who + work + Column.contacts(phone: { $0.phone }, email: { $0.email }),
      usual: ["nom", "expertises", "etat", "charge", "sollicitation", "derniere"])
  }

  func id(_ row: FacilitatorSummary) -> Int64 { row.id.rawValue }

  var pages: RecordPages? { site.facilitatorPages }

  func name(_ row: FacilitatorSummary) -> String { row.name }

  func detail(_ question: NamedList, _ frame: Frame) -> HTML {
    "<p>\(Self.words.sentence) \(LinkedText("Les facilitations", "/facilitations").html)</p>"
  }

  func nothing(
    _ question: NamedList, isFiltered: Bool, _ frame: Frame, _ connection: any Connection
  ) throws -> EmptyState? {
    isFiltered
      ? nil
      : EmptyState(
        "Aucun facilitateur pour l’instant", "Ajoutez les pairs de votre réseau, ou importez leur liste.",
        action: frame.session.account.role.scope(.write, .facilitations) == .all
          ? LinkedText("Nouveau facilitateur", "/facilitateurs/nouveau") : nil)
  }
}
