import Federation
import Hummingbird
import Markup
import Records
import Store
import Tables
import WebSupport

/// `/premiers-contacts`: those who ask for the first time (SUP-04).
struct FirstContactList: SiteList {
  let site: Site

  static let words = ListWords(
    name: "premiers-contacts", title: "Premiers contacts",
    sentence: "Qui demande conseil pour la première fois, avec ou sans projet\u{A0}: par la page publique, par téléphone ou autrement.",
    place: .firstContacts, area: .firstContacts, filters: "Filtrer les premiers contacts", search: "Nom, commune ou demande",
    one: "premier contact", many: "premiers contacts", everything: "Tous", unmatched: "Aucun premier contact ne correspond")

  func question(_ request: Request, _ frame: Frame, _ connection: any Connection) throws -> RecordList {
    try RecordList(
      Self.words.path, request, of: "first_contacts.count", period: Period(year: frame.year),
      sortKeys: FirstContactListing.Order.allCases.map(\.rawValue), sort: "-date",
      menus: ["etat", "departement", "territoire", "charge", "canal", "projet"], hasYears: true, for: frame.session.account.role,
      site.installation.model, frame.lists, connection)
  }

  func content(
    _ question: RecordList, seek: ListSeek?, offset: Int, limit: Int, _ frame: Frame, _ connection: any Connection
  ) throws -> ListContent<FirstContactSummary> {
    let listing = try FirstContactListing(
      question.query, for: frame.session.account, search: question.asked.search,
      order: FirstContactListing.Order(rawValue: question.asked.sortKey) ?? .date, descending: question.asked.isDescending,
      offset: offset, limit: limit, connection)
    var content = ListContent(rows: listing.rows, total: ListTotal(listing.total))
    if let whole = listing.whole, listing.total < whole {
      let count = French.plural(listing.total, "premier contact", "premiers contacts")
      content.result = "\(count) sur \(French.number(whole)) \(listing.total < 2 ? "visible" : "visibles") pour vous"
    }
    return content
  }

  func columns(_ question: RecordList, _ frame: Frame) -> ListColumns<FirstContactSummary> {
    let (lists, today, pages) = (frame.lists, frame.today, site.firstContactPages)
    typealias Column = ListColumn<FirstContactSummary>
    let who: [Column] = [
      Column.day("date", "Reçu le") { $0.receivedOn.description },
      Column("nom", "Personne", inFile: "Nom", sorts: true, isTitle: true) {
        XLSX.Cell($0.name)
      } html: { row in
        let place = row.commune.map { "\($0) (\(row.department ?? ""))" } ?? "Commune non renseignée"
        let words = [row.profession.map { lists.label(of: $0, in: .profession) }, place].compactMap(\.self)
        return """
          <a href="\(Link.firstContact(row.id))">\(row.name)</a><small>\(words.joined(separator: ", "))</small>\
          <small class="repli">\(lists.label(row.state))</small>
          """
      },
      Column.text("profession", "Profession") { $0.profession.map { lists.label(of: $0, in: .profession) } },
      Column.text("commune", "Commune") { $0.commune }, Column.text("departement", "Département") { $0.department },
      Column.text("canal", "Canal", class: "p3") { lists.label($0.channel) },
      Column.text("projet", "A déjà un projet", class: "p3") { $0.hasProject.map { $0 ? "Oui" : "Non" } },
    ]
    let outcome: [Column] = [
      Column("etat", "Suite donnée", class: "p2", sorts: true) {
        XLSX.Cell(lists.label($0.state))
      } html: { row in
        pages.cell("etat", "Suite donnée", of: row.id, lists.label(row.state), frame)
      },
      Column("charge", "Pris en charge par", class: "p2") {
        XLSX.Cell($0.assignee)
      } html: { row in
        pages.cell("charge", "Pris en charge par", of: row.id, row.assignee ?? "Personne", frame)
      },
      Column("delai", "Délai", inFile: "Délai (jours)", class: "p2 n") {
        $0.answeredOn == nil && $0.state.isOver ? XLSX.Cell(String?.none) : XLSX.Cell($0.days(on: today))
      } html: { row in
        FirstContactWords.delay(row, on: today)
      },
      Column.text("equipe", "Équipe", class: "p3", missing: "–") { $0.team?.name },
      Column.text("reference", "Référence") { $0.reference },
    ]
    return ListColumns(
      who + outcome + Column.contacts(phone: { $0.phone }, email: { $0.email }), usual: ["date", "nom", "etat", "charge", "delai"])
  }

  func id(_ row: FirstContactSummary) -> Int64 { row.id.rawValue }

  var pages: RecordPages? { site.firstContactPages }

  func name(_ row: FirstContactSummary) -> String { row.name }

  func detail(_ question: RecordList, _ frame: Frame) -> HTML {
    let waiting = Link.waitingFirstContacts(on: frame.today)
    return """
      <p>\(Self.words.sentence)</p>
      <p class="rangee">\(LinkedText("Tous ceux qui attendent", waiting).html) \(LinkedText("La page publique", PublicContactPage.path).html)</p>
      """
  }

  func nothing(
    _ question: RecordList, isFiltered: Bool, _ frame: Frame, _ connection: any Connection
  ) throws -> EmptyState? {
    isFiltered
      ? nil
      : EmptyState(
        "Aucun premier contact",
        "Ils arrivent par la page « Parler de mon projet », ou s’ajoutent ici après un appel. Voyez aussi les autres années.")
  }
}

/// What pages say of first contacts.
enum FirstContactWords {
  /// « 12 jours », and that it presses when nobody answers.
  static func delay(_ row: FirstContactSummary, on today: CivilDate) -> HTML {
    let days = row.days(on: today)
    let words = days == 0 ? "Le jour même" : French.plural(days, "jour", "jours")
    guard row.answeredOn == nil else { return HTML(text: words) }
    guard !row.state.isOver else { return HTML(text: French.unknown) }
    let waits = days == 0 ? "Depuis aujourd’hui" : "Depuis \(words)"
    return Badge.state(waits, days > patience ? .ended : .attention)
  }

  /// Days after which somebody who waits has waited long.
  private static let patience = 7

  static func badge(_ state: FirstContactState, _ lists: ReferenceLists) -> HTML {
    let tone: Badge.Tone =
      switch state {
      case .waiting: .attention
      case .underWay: .underWay
      case .project: .good
      case .directed: .complete
      case .dropped: .ended
      }
    return Badge.state(lists.label(state), tone)
  }
}

extension Link {
  static func firstContact(_ id: Identifier<FirstContact>) -> Link { "/premiers-contacts/\(id.description)" }

  /// Those without an answer, whenever they came.
  static func waitingFirstContacts(on today: CivilDate) -> Link {
    allFirstContacts(through: today).adding("etat", FirstContactState.waiting.rawValue).adding("etat", FirstContactState.underWay.rawValue)
  }

  /// Whenever they came.
  static func firstContacts(naming words: String, through today: CivilDate) -> Link { allFirstContacts(through: today).adding("q", words) }

  private static func allFirstContacts(through today: CivilDate) -> Link {
    let since = Period(from: today.adding(months: -120), through: today)
    return Link("/premiers-contacts", query: since.map { [("periode", $0.label)] } ?? [])
  }
}
