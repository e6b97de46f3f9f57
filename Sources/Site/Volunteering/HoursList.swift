import Federation
import Hummingbird
import Markup
import Records
import Store
import Tables
import WebSupport

/// `/heures`: the register of volunteer time (FAC-06, GOV-05).
struct HoursList: SiteList {
  let site: Site

  static let words = ListWords(
    name: "heures", title: "Heures bénévoles", sentence: "Le temps que des personnes non salariées donnent à la fédération.",
    place: .volunteering, area: .volunteering, filters: "Filtrer les heures", search: "Bénévole ou objet", one: "ligne", many: "lignes",
    everything: "Toutes", unmatched: "Aucune ligne ne correspond")

  func question(_ request: Request, _ frame: Frame, _ connection: any Connection) throws -> RecordList {
    try RecordList(
      Self.words.path, request, of: "volunteers.lines", period: Period(year: frame.year),
      sortKeys: VolunteerListing.Order.allCases.map(\.rawValue), sort: "-date",
      menus: ["etat", "activite", "departement", "relevee"], hasYears: true, for: frame.session.account.role, site.installation.model,
      frame.lists, connection)
  }

  func content(
    _ question: RecordList, seek: ListSeek?, offset: Int, limit: Int, _ frame: Frame, _ connection: any Connection
  ) throws -> ListContent<VolunteerLine> {
    let listing = try VolunteerListing(
      question.query, search: question.asked.search, order: VolunteerListing.Order(rawValue: question.asked.sortKey) ?? .date,
      descending: question.asked.isDescending, offset: offset, limit: limit, connection)
    return ListContent(rows: listing.rows, total: ListTotal(listing.total))
  }

  func columns(_ question: RecordList, _ frame: Frame) -> ListColumns<VolunteerLine> {
    ListColumns(what(frame) + time(frame) + more(frame), usual: ["date", "nom", "activite", "compte", "etat"])
  }

  private typealias Column = ListColumn<VolunteerLine>

  private func what(_ frame: Frame) -> [Column] {
    let (lists, pages) = (frame.lists, site.hoursPages)
    let writes = frame.session.account.role.scope(.write, .volunteering) == .all
    return [
      Column("date", "Date", class: "n", sorts: true) {
        .date($0.date.description)
      } html: { row in
        LinkedText(French.day(row.date.description), writes ? .hours(row.id).appending("modifier") : nil).html
      },
      Column("nom", "Bénévole", sorts: true, isTitle: true) {
        XLSX.Cell($0.name)
      } html: { row in
        let words = [VolunteerWords.purpose(row, frame), VolunteerWords.difference(row)].compactMap(\.self)
        return """
          <a href="\(Link.volunteer(row.person, row.date.year))">\(row.name)</a>\(each: words, { "<small>\($0)</small>" })\
          <small class="repli">\(lists.label(of: row.activity, in: .volunteerActivity))</small>
          """
      },
      Column("activite", "Activité", class: "p2") {
        XLSX.Cell(lists.label(of: $0.activity, in: .volunteerActivity))
      } html: { row in
        pages.cell("activite", "Activité", of: row.id, lists.label(of: row.activity, in: .volunteerActivity), frame)
      },
    ]
  }

  private func time(_ frame: Frame) -> [Column] {
    let (lists, pages) = (frame.lists, site.hoursPages)
    return [
      Column("presence", "Présence", inFile: "Présence (minutes)", class: "p3 n") {
        XLSX.Cell($0.minutes)
      } html: { row in
        pages.cell("presence_minutes", "Présence", of: row.id, row.minutes.map(French.minutes) ?? "À dire", frame)
      },
      Column("trajet", "Trajet", inFile: "Trajet (minutes)", class: "p3 n") {
        XLSX.Cell($0.travel)
      } html: { row in
        pages.cell("trajet_minutes", "Trajet", of: row.id, row.travel.map(French.minutes) ?? "–", frame)
      },
      Column("compte", "Temps compté", inFile: "Compté (minutes)", class: "n", sorts: true) {
        .integer($0.counted)
      } html: { row in
        HTML(text: row.minutes == nil ? "À dire" : French.minutes(row.counted))
      },
      Column("etat", "État", class: "p3", sorts: true) {
        XLSX.Cell(lists.label($0.state))
      } html: {
        VolunteerWords.badge($0.state, lists)
      },
    ]
  }

  private func more(_ frame: Frame) -> [Column] {
    [
      Column.text("objet", "Pour quoi", missing: "–") { VolunteerWords.purpose($0, frame) },
      Column("rencontre", "Relevée de", class: "p3") {
        XLSX.Cell(VolunteerWords.source($0, frame)?.text)
      } html: { row in
        VolunteerWords.source(row, frame)?.html ?? "Saisie"
      },
      Column.text("ecart", "Écart avec la rencontre", missing: "–") { VolunteerWords.difference($0) },
      Column.text("motif", "Motif du refus", missing: "–") { $0.reason },
      Column.text("personne", "Référence de la personne") { $0.personReference }, Column.text("reference", "Référence") { $0.reference },
    ]
  }

  func id(_ row: VolunteerLine) -> Int64 { row.id.rawValue }

  var pages: RecordPages? { site.hoursPages }

  func name(_ row: VolunteerLine) -> String { "\(row.name), \(row.date.written)" }

  func detail(_ question: RecordList, _ frame: Frame) -> HTML {
    let waiting = Period(from: frame.today.adding(months: -36), through: frame.today).map { [("periode", $0.label)] } ?? []
    return """
      <p>\(Self.words.sentence)</p>
      <p class="rangee">\(LinkedText("À valider", Link("/heures", query: waiting + [("etat", VolunteerState.proposed.rawValue)])).html) \
      \(LinkedText("Total et valeur de l’année", .volunteerYear(question.query.period.year)).html)</p>
      """
  }

  func nothing(
    _ question: RecordList, isFiltered: Bool, _ frame: Frame, _ connection: any Connection
  ) throws -> EmptyState? {
    isFiltered
      ? nil
      : EmptyState(
        "Aucune heure bénévole cette année",
        "Une facilitation tenue, un conseil ou un bureau proposent leurs heures. Les autres se notent ici, ou s’importent.",
        action: frame.session.account.role.scope(.write, .volunteering) == .all
          ? LinkedText("Noter des heures", "/heures/nouveau") : nil)
  }
}
