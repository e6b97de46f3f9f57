import Federation
import Hummingbird
import Markup
import Records
import Store
import Tables
import WebSupport

/// `/comptes-rendus`: the minutes of every meeting that the reader may read.
struct MeetingList: SiteList {
  let site: Site

  static let words = ListWords(
    name: "comptes-rendus", title: "Comptes rendus", sentence: "Les réunions et ce qui s’y est décidé.", place: .meetings, area: .meetings,
    filters: "Filtrer les comptes rendus", search: "Titre ou mots du compte rendu", one: "compte rendu", many: "comptes rendus",
    everything: "Tous", unmatched: "Aucun compte rendu ne correspond")

  func question(_ request: Request, _ frame: Frame, _ connection: any Connection) throws -> NamedList {
    NamedList(
      Self.words, request, menus: ["nature": MeetingKind.list], sortKeys: MeetingListing.Order.allCases.map(\.rawValue), sort: "-date",
      frame)
  }

  func content(
    _ question: NamedList, seek: ListSeek?, offset: Int, limit: Int, _ frame: Frame, _ connection: any Connection
  ) throws -> ListContent<MeetingListing.Row> {
    let listing = try MeetingListing(
      kinds: question.values("nature"), for: frame.session.account, search: question.asked.search,
      order: MeetingListing.Order(rawValue: question.asked.sortKey) ?? .date, descending: question.asked.isDescending, offset: offset,
      limit: limit, connection)
    return ListContent(rows: listing.rows, total: ListTotal(listing.total))
  }

  func columns(_ question: NamedList, _ frame: Frame) -> ListColumns<MeetingListing.Row> {
    let lists = frame.lists
    typealias Column = ListColumn<MeetingListing.Row>
    let columns: [Column] = [
      Column.day("date", "Date") { $0.date.description },
      Column("titre", "Compte rendu", inFile: "Titre", sorts: true, isTitle: true) {
        XLSX.Cell($0.title)
      } html: { row in
        """
        <a href="\(Link.meeting(row.id))">\(row.title)</a><small>\(lists.label(row.kind))</small>
        """
      },
      Column.text("nature", "Réunion") { lists.label($0.kind) },
      Column.text("lieu", "Lieu ou visio", class: "p3") { $0.place },
      Column("decisions", "Décisions", class: "p2 n") {
        XLSX.Cell($0.decisions.all)
      } html: { row in
        let open = row.decisions.open > 0 ? " <small>dont \(row.decisions.open) à faire</small>" as HTML : .empty
        let link = Link("/decisions", query: [("reunion", row.id.description)])
        return "\(LinkedText(row.decisions.all, row.decisions.all > 0 ? link : nil).html)\(open)"
      },
      Column("approuve", "Approuvé le", class: "p2 n") {
        $0.approvedOn.map { XLSX.Cell.date($0.description) } ?? .text("")
      } html: {
        HTML(text: $0.approvedOn.map { French.day($0.description) } ?? "Pas encore")
      },
      Column.text("reference", "Référence") { $0.reference },
    ]
    return ListColumns(columns, usual: ["date", "titre", "decisions", "approuve"])
  }

  func id(_ row: MeetingListing.Row) -> Int64 { row.id.rawValue }

  func name(_ row: MeetingListing.Row) -> String { row.title }

  func detail(_ question: NamedList, _ frame: Frame) -> HTML {
    "<p>\(Self.words.sentence) \(LinkedText("Toutes les décisions", "/decisions").html)</p>"
  }

  func nothing(
    _ question: NamedList, isFiltered: Bool, _ frame: Frame, _ connection: any Connection
  ) throws -> EmptyState? {
    isFiltered
      ? nil
      : EmptyState(
        "Aucun compte rendu pour l’instant",
        "Écrivez celui d’une réunion, puis ses décisions\u{A0}: chacune devient une tâche ou une note d’équipe.",
        action: frame.session.account.role.scope(.write, .meetings) == .all
          ? LinkedText("Nouveau compte rendu", "/comptes-rendus/nouveau") : nil)
  }
}

/// `/decisions`: what was decided, and where it stands.
struct DecisionList: SiteList {
  let site: Site

  static let words = ListWords(
    name: "decisions", title: "Décisions", sentence: "Ce que les réunions ont décidé, et ce qu’il en reste à faire.", place: .meetings,
    area: .meetings, filters: "Filtrer les décisions", search: "Mots de la décision", one: "décision", many: "décisions",
    everything: "Toutes", unmatched: "Aucune décision ne correspond")

  func question(_ request: Request, _ frame: Frame, _ connection: any Connection) throws -> NamedList {
    let choices = try DecisionListing.choices(for: frame.session.account, connection)
    return NamedList(
      Self.words, request, menus: ["etat": DecisionState.list, "nature": MeetingKind.list],
      others: [
        .init(name: "reunion", label: "Compte rendu", values: choices.meetings),
        .init(name: "responsable", label: "Responsable", values: choices.assignees),
        .init(name: "equipe", label: "Équipe", values: choices.teams),
      ], sortKeys: DecisionListing.Order.allCases.map(\.rawValue), sort: "-date", frame)
  }

  func content(
    _ question: NamedList, seek: ListSeek?, offset: Int, limit: Int, _ frame: Frame, _ connection: any Connection
  ) throws -> ListContent<DecisionSummary> {
    var filters = DecisionFilters()
    (filters.states, filters.kinds, filters.meetings) = (question.values("etat"), question.values("nature"), question.values("reunion"))
    (filters.assignees, filters.teams) = (question.values("responsable"), question.values("equipe"))
    let listing = try DecisionListing(
      filters, for: frame.session.account, search: question.asked.search,
      order: DecisionListing.Order(rawValue: question.asked.sortKey) ?? .date, descending: question.asked.isDescending, offset: offset,
      limit: limit, connection)
    return ListContent(rows: listing.rows, total: ListTotal(listing.total))
  }

  func columns(_ question: NamedList, _ frame: Frame) -> ListColumns<DecisionSummary> {
    let lists = frame.lists
    let opensTeams = frame.session.account.role.areas.contains(.directory)
    typealias Column = ListColumn<DecisionSummary>
    let columns: [Column] = [
      Column.day("date", "Date") { $0.date.description },
      Column("decision", "Décision", isTitle: true) {
        XLSX.Cell($0.body)
      } html: { row in
        """
        <a href="\(Link.decision(row.id))">\(ExchangeSummary.heading(of: row.body) ?? row.body)</a><small>\(row.meeting.title)</small>
        """
      },
      Column("etat", "Suite") {
        XLSX.Cell(lists.label($0.state))
      } html: {
        DecisionWords.badge($0.state, lists)
      },
      Column.text("responsable", "Responsable", class: "p2", missing: "–") { $0.assignee },
      Column.day("echeance", "Échéance", class: "p2 n", missing: "–") { $0.due?.description },
      Column("equipes", "Équipes", class: "p3") {
        XLSX.Cell($0.teams.map(\.name).joined(separator: "|"))
      } html: { row in
        let teams = row.teams.map { LinkedText($0.name, opensTeams ? .structure($0.id) : nil) }
        return teams.isEmpty ? "–" : "\(each: teams, separator: "<br>", \.html)"
      },
      Column.text("compte_rendu", "Compte rendu") { $0.meeting.title },
      Column.text("reunion", "Réunion") { lists.label($0.meeting.kind) },
    ]
    return ListColumns(columns, usual: ["date", "decision", "etat", "responsable", "echeance", "equipes"])
  }

  func id(_ row: DecisionSummary) -> Int64 { row.id.rawValue }

  func name(_ row: DecisionSummary) -> String { row.body }

  func nothing(
    _ question: NamedList, isFiltered: Bool, _ frame: Frame, _ connection: any Connection
  ) throws -> EmptyState? {
    isFiltered
      ? nil
      : EmptyState(
        "Aucune décision pour l’instant", "Une décision s’ajoute depuis le compte rendu de la réunion qui l’a prise.",
        action: LinkedText("Les comptes rendus", "/comptes-rendus"))
  }
}
