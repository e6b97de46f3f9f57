import Federation
import Hummingbird
import Markup
import Records
import Store
import Tables
import WebSupport

/// `/questions`: what teams ask experts, by year or month (SUP-06). Its file, narrowed by expert and month, is what that expert is sent or paid by.
struct QuestionList: SiteList {
  let site: Site

  static let words = ListWords(
    name: "questions", title: "Questions aux experts",
    sentence: "Les questions des équipes, ce que les experts partenaires répondent, et ce qui est partagé.",
    place: .questions, area: .questions, filters: "Filtrer les questions", search: "Équipe ou mots", one: "question", many: "questions",
    everything: "Toutes", unmatched: "Aucune question ne correspond")

  /// Who reads their own learns nothing of the others.
  private static func isExpert(_ frame: Frame) -> Bool { frame.session.account.role.scope(.read, .questions) == .own }

  func question(_ request: Request, _ frame: Frame, _ connection: any Connection) throws -> RecordList {
    try RecordList(
      Self.words.path, request, of: "questions.count", period: Period(year: frame.year),
      sortKeys: QuestionListing.Order.allCases.map(\.rawValue), sort: "-recue",
      menus: Self.isExpert(frame) ? ["avancement", "domaine"] : ["avancement", "domaine", "expert", "departement", "territoire", "type"],
      hasYears: true, for: frame.session.account.role, site.installation.model, frame.lists, connection)
  }

  func content(
    _ question: RecordList, seek: ListSeek?, offset: Int, limit: Int, _ frame: Frame, _ connection: any Connection
  ) throws -> ListContent<QuestionSummary> {
    let listing = try QuestionListing(
      question.query, for: frame.session.account, search: question.asked.search,
      order: QuestionListing.Order(rawValue: question.asked.sortKey) ?? .received, descending: question.asked.isDescending, offset: offset,
      limit: limit, connection)
    return ListContent(rows: listing.rows, total: ListTotal(listing.total))
  }

  private typealias Column = ListColumn<QuestionSummary>

  func columns(_ question: RecordList, _ frame: Frame) -> ListColumns<QuestionSummary> {
    ListColumns(asked(frame) + answered(frame), usual: ["recue", "question", "expert", "avancement", "duree"])
  }

  private func asked(_ frame: Frame) -> [Column] {
    let lists = frame.lists
    return [
      Column.day("recue", "Reçue le", class: "n") { $0.receivedOn.description },
      Column("question", "Question", isTitle: true) {
        XLSX.Cell($0.body)
      } html: { row in
        """
        <a href="\(Link.question(row.id))">\(row.heading)</a><small>\(row.team.name), \(French.inSentence(lists.label(of: row.domain, in: .questionDomain)))</small>
        """
      },
      Column("equipe", "Équipe", sorts: true) {
        XLSX.Cell($0.team.name)
      } html: {
        HTML(text: $0.team.name)
      },
      Column.text("domaine", "Domaine") { lists.label(of: $0.domain, in: .questionDomain) },
      Column.text("expert", "Expert", class: "p3", missing: "À choisir") { QuestionWords.expert($0) },
      Column.day("transmise", "Transmise le", sorts: false, missing: "–") { $0.sentOn?.description },
    ]
  }

  private func answered(_ frame: Frame) -> [Column] {
    let (lists, settings) = (frame.lists, frame.settings)
    return [
      Column("avancement", "Avancement", class: "p2") {
        XLSX.Cell(lists.label($0.state))
      } html: {
        QuestionWords.badge($0.state, lists)
      },
      Column.text("reponse", "Réponse", missing: "–") { $0.answer },
      Column.day("repondue", "Répondue le", sorts: false, missing: "–") { $0.answeredOn?.description },
      Column("duree", "Temps passé", inFile: "Durée (minutes)", class: "p2 n") {
        XLSX.Cell($0.minutes)
      } html: {
        HTML(text: $0.minutes.map(French.minutes) ?? "–")
      },
      Column("montant", "Montant", inFile: "Montant (euros)", class: "n") { row in
        row.amount(settings).map { XLSX.Cell.decimal(Double($0) / 100) } ?? .text("")
      } html: { row in
        HTML(text: row.amount(settings).map(French.euros) ?? "–")
      },
      Column.text("adherente", "Équipe adhérente", missing: "–") { $0.isMember.map { $0 ? "Oui" : "Non" } },
      Column.text("partage", "Texte partagé", missing: "–") { $0.shared },
      Column.text("reference", "Référence") { $0.reference },
    ]
  }

  func id(_ row: QuestionSummary) -> Int64 { row.id.rawValue }

  func name(_ row: QuestionSummary) -> String { row.heading }

  func nothing(
    _ question: RecordList, isFiltered: Bool, _ frame: Frame, _ connection: any Connection
  ) throws -> EmptyState? {
    guard !isFiltered else { return nil }
    guard !Self.isExpert(frame) else {
      return EmptyState(
        "Aucune question cette année", "Celles qui vous seront transmises s’afficheront ici. Voyez aussi les autres années.")
    }
    return EmptyState(
      "Aucune question cette année", "Une question se note ici, ou depuis l’échange où l’équipe l’a posée. Voyez aussi les autres années.",
      action: frame.session.account.role.scope(.write, .questions) == .all
        ? LinkedText("Noter une question", "/questions/nouveau") : nil)
  }
}
