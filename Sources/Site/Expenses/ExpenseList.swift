import Federation
import Hummingbird
import Markup
import Records
import Store
import Tables
import WebSupport

/// `/frais`: the claims that the reader may read, theirs alone for whoever writes their own (FAC-06).
struct ExpenseList: SiteList {
  let site: Site

  static let words = ListWords(
    name: "frais", title: "Notes de frais", sentence: "Ce que des personnes non salariées ont avancé, et qui leur est remboursé.",
    place: .expenses, area: .expenses, filters: "Filtrer les notes de frais", search: "Personne ou objet", one: "note", many: "notes",
    everything: "Toutes", unmatched: "Aucune note de frais ne correspond")

  func question(_ request: Request, _ frame: Frame, _ connection: any Connection) throws -> NamedList {
    let choices = try ExpenseListing.choices(for: frame.session.account, connection)
    let others: [NamedList.Menu] = [
      .init(name: "personne", label: "Personne", values: choices.people), .init(name: "annee", label: "Année", values: choices.years),
    ]
    return NamedList(
      Self.words, request, menus: ["etat": ExpenseState.list], others: others.filter { $0.name == "annee" || !isOwn(frame) },
      sortKeys: ExpenseListing.Order.allCases.map(\.rawValue), sort: "-date", frame)
  }

  private func isOwn(_ frame: Frame) -> Bool { frame.session.account.role.scope(.read, .expenses) == .own }

  func content(
    _ question: NamedList, seek: ListSeek?, offset: Int, limit: Int, _ frame: Frame, _ connection: any Connection
  ) throws -> ListContent<ExpenseSummary> {
    var filters = ExpenseListing.Filters()
    (filters.states, filters.people, filters.years) = (question.values("etat"), question.values("personne"), question.values("annee"))
    let listing = try ExpenseListing(
      filters, for: frame.session.account, search: question.asked.search,
      order: ExpenseListing.Order(rawValue: question.asked.sortKey) ?? .date, descending: question.asked.isDescending, offset: offset,
      limit: limit, connection)
    let result = "\(French.plural(listing.total, Self.words.one, Self.words.many)), \(French.euros(listing.sum))"
    return ListContent(rows: listing.rows, total: ListTotal(listing.total), result: listing.rows.isEmpty ? nil : result)
  }

  func columns(_ question: NamedList, _ frame: Frame) -> ListColumns<ExpenseSummary> {
    let lists = frame.lists
    typealias Column = ListColumn<ExpenseSummary>
    let columns: [Column] = [
      Column.day("date", "Date", class: "n") { $0.date.description },
      Column("nom", "Personne", sorts: true, isTitle: true) {
        XLSX.Cell($0.name)
      } html: { row in
        """
        <a href="\(Link.expense(row.id))">\(row.name)</a><small>\(row.purpose)</small><small class="repli">\(lists.label(row.state))</small>
        """
      },
      Column.text("objet", "Pour quoi") { $0.purpose },
      Column("montant", "Montant", inFile: "Montant (€)", class: "n", sorts: true) {
        ExpenseWords.cell($0.total)
      } html: {
        HTML(text: French.euros($0.total))
      },
      Column("etat", "État", class: "p3", sorts: true) {
        XLSX.Cell(lists.label($0.state))
      } html: {
        ExpenseWords.badge($0.state, lists)
      },
      Column.text("personne", "Référence de la personne") { $0.personReference }, Column.text("reference", "Référence") { $0.reference },
    ]
    return ListColumns(columns, usual: ["date", "nom", "montant", "etat"])
  }

  func id(_ row: ExpenseSummary) -> Int64 { row.id.rawValue }

  func name(_ row: ExpenseSummary) -> String { "\(row.name), \(row.date.written)" }

  func detail(_ question: NamedList, _ frame: Frame) -> HTML {
    let role = frame.session.account.role
    let new = PageAction("Nouvelle note de frais", .add, "/frais/nouveau", isPrincipal: true).button
    guard role.scope(.publish, .expenses) == .all else {
      let sentence =
        isOwn(frame) ? "Vos frais pour la fédération\u{A0}: notez-les, envoyez-les, suivez leur remboursement." : Self.words.sentence
      return "<p>\(sentence)</p><p class=\"rangee\">\(new)</p>"
    }
    return """
      <p>\(Self.words.sentence)</p>
      <p class="rangee">\(new) \(LinkedText("À approuver", Link("/frais", query: [("etat", ExpenseState.sent.rawValue)])).html) \
      \(LinkedText("Payer et paiements", .expensePayments).html) \(LinkedText("Abandons de frais", .expenseWaivers(frame.year)).html)</p>
      """
  }

  func nothing(
    _ question: NamedList, isFiltered: Bool, _ frame: Frame, _ connection: any Connection
  ) throws -> EmptyState? {
    isFiltered
      ? nil
      : EmptyState(
        "Aucune note de frais pour l’instant",
        "Une note par jour\u{A0}: le trajet, les péages, le repas. Elle s’envoie, est approuvée, puis payée avec les autres.",
        action: LinkedText("Nouvelle note de frais", "/frais/nouveau"))
  }
}
