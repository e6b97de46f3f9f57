import Federation
import Hummingbird
import Markup
import Records
import Store
import WebSupport

/// `/taches`: what is left to do, soonest first.
struct TasksSection {
  let site: Site

  func add(to routes: RouterGroup<SignedInContext>) {
    routes.get("taches", use: list)
    routes.post("taches/{id}/fait") { request, context in
      try await act(request, context, then: .completed) { desk, id, today in try await desk.complete(id, on: today) }
    }
    routes.post("taches/{id}/rouvrir") { request, context in
      try await act(request, context, then: .reopened) { desk, id, _ in try await desk.reopen(id) }
    }
  }

  @Sendable private func list(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let account = context.session.account
    let assignee = Self.assignee(request, account)
    let isWhole = assignee == nil
    let ((agenda, other), frame) = try await site.read(request, context) { connection, frame in
      (
        try Agenda(
          of: assignee, standingFor: assignee == account.id ? account.standsFor : [], today: frame.today, days: 365, for: account,
          connection),
        try assignee.flatMap { $0 == account.id ? nil : try Account.names(connection)[$0.rawValue] }
      )
    }
    let list: Link = isWhole ? "/taches?de=tous" : other == nil ? "/taches" : Link("/taches", query: [("de", assignee?.description ?? "")])
    let tabs =
      [
        Tabs.Tab("Les miennes", "/taches", isCurrent: !isWhole && other == nil), Tabs.Tab("Toutes", "/taches?de=tous", isCurrent: isWhole),
      ] + (other.map { [Tabs.Tab("De \($0)", list, isCurrent: true)] } ?? [])
    let entries = agenda.late + agenda.today + agenda.coming
    let pages = site.taskPages
    let batch = entries.isEmpty ? nil : pages.batchBar(list, total: French.number(entries.count), frame)
    func card(_ id: String, _ title: String, _ entries: [Agenda.Entry]) -> HTML {
      if entries.isEmpty { return .empty }
      return Card(
        id, "\(title) (\(entries.count))",
        TaskList(
          entries: entries, today: frame.today, csrf: frame.session.csrf, showsAssignee: isWhole || !account.standsFor.isEmpty,
          batch: batch,
          cell: { pages.cell($0, $1, of: $2, $3, frame) }
        ).html
      ).html
    }
    let nothing = EmptyState(
      "Rien à faire", "Une tâche naît d’un échange, par « Prochaine étape », ou d’ici.",
      action: LinkedText("Ajouter une tâche", "/taches/nouveau"))
    let cards: HTML = """
      <div class="pile" id="a-faire" data-renouvelle>\(card("retard", "En retard", agenda.late))\(card("jour", "Aujourd’hui", agenda.today))\
      \(card("suite", "À venir", agenda.coming))\(entries.isEmpty ? nothing.html : .empty)</div>
      """
    let content: HTML = """
      \(PageHeader("Tâches", sentence: "Ce qu’il reste à faire, le plus pressé d’abord.", actions: [.init("Passer la main", .people, "/compte/passation"), .init("Ajouter une tâche", .add, "/taches/nouveau", isPrincipal: true)]).html)
      \(account.role.scope(.read, .tasks) == .all ? Tabs("À qui", tabs).html : .empty)
      \(batch?.html(around: cards) ?? cards)
      """
    let known = Receipt.items.union(["de"])
    let unknown = request.queryItems.filter { !known.contains($0.name) && !$0.value.isEmpty }.map {
      Message(
        .warning, French.typeset("Le filtre « \($0.name.prefix(60)) : \($0.value.prefix(60)) » n’existe pas : il n’est pas appliqué."))
    }
    return site.page(
      "Tâches", at: .tasks, content, frame,
      messages: unknown + Receipt.messages(request, path: "/taches", csrf: frame.session.csrf))
  }

  /// The tasks of the list that an address asks for.
  static func selected(_ request: Request, _ frame: Frame, _ connection: any Connection) throws -> [Int64] {
    let account = frame.session.account
    let assignee = assignee(request, account)
    let agenda = try Agenda(
      of: assignee, standingFor: assignee == account.id ? account.standsFor : [], today: frame.today, days: 365, for: account, connection)
    return (agenda.late + agenda.today + agenda.coming).map(\.id.rawValue)
  }

  /// Whose tasks are asked for: one's own, somebody's or, `nil`, everybody's.
  private static func assignee(_ request: Request, _ account: Account) -> Identifier<Account>? {
    guard account.role.scope(.read, .tasks) == .all, let asked = request.uri.queryParameters["de"].map(String.init) else {
      return account.id
    }
    return asked == "tous" ? nil : Identifier<Account>(asked) ?? account.id
  }

  /// One operation on a task, then back to where it was asked for.
  private func act(
    _ request: Request, _ context: SignedInContext, then receipt: Receipt,
    _ operation: @Sendable (ToDoDesk, Identifier<ToDo>, CivilDate) async throws -> Void
  ) async throws -> Response {
    guard let id = Identifier<ToDo>(try context.parameters.require("id")) else { throw HTTPError(.notFound) }
    let form = try await site.form(request, context)
    let account = context.session.account
    let (may, frame) = try await site.read(request, context) { connection, _ in try account.mayWrite(.tasks, id.rawValue, connection) }
    guard may else { throw site.taskPages.closed(to: account) }
    try await operation(ToDoDesk(site.installation, actor: account.id), id, frame.today)
    // The page that the button stood on, when it was one of the two that have it.
    let from = request.headers[.referer]?.split(separator: "?").first?.hasSuffix("/aujourdhui") == true
    let back: Link = form.value("retour").flatMap(Link.init(ownPath:)) ?? (from ? "/aujourdhui" : "/taches")
    return .seeOther(back.setting(Receipt.parameter, receipt.rawValue).setting("fiche", id.description))
  }
}

extension Site {
  /// Making a task, and changing it.
  var taskPages: RecordPages {
    RecordPages(
      site: self, kind: "taches", path: "/taches", place: .tasks, area: .tasks,
      words: RecordWords(list: "Tâches", new: "Nouvelle tâche", change: "Modifier la tâche") { $0["titre", default: "Tâche"] },
      layouts: [
        .init("titre", label: "Ce qu’il reste à faire", isWide: true), .init("echeance", label: "Pour le"),
        .init("affectee_a", label: "Confiée à"), .init("nature", isSegmented: true), .init("heure"),
        .init("duree_minutes", label: "Durée", unit: "min"),
        .init(
          "structure", label: "Avec quelle équipe ?", help: "Sans réponse, une tâche née d’un échange est celle de toutes ses équipes."),
        .init("note"),
      ],
      hasOwnPage: false,
      defaults: { frame in
        [
          "nature": ToDoNature.task.rawValue, "affectee_a": frame.session.account.email,
          "echeance": frame.today.adding(days: 7).description,
        ]
      },
      batched: [.init("echeance", label: "Échéance"), .init("affectee_a", label: "Confiée à"), .init("etat", label: "État")],
      cells: ["echeance", "affectee_a"],
      selected: { request, frame, connection in try TasksSection.selected(request, frame, connection) })
  }
}
