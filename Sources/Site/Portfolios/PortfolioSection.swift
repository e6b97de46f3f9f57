import Federation
import HTTPTypes
import Hummingbird
import Markup
import Records
import Store
import WebSupport

/// Handing over what one follows and has to do, standing in for somebody, and what nobody follows (GOV-07).
struct PortfolioSection {
  let site: Site

  /// One's own.
  func add(to routes: RouterGroup<SignedInContext>) {
    routes.get("compte/passation") { try await show($1.session.account.id, $0, $1) }
    routes.post("compte/passation") { try await handOver($1.session.account.id, $0, $1) }
    routes.post("compte/remplacement") { try await delegate($1.session.account.id, $0, $1) }
    routes.post("remplacements/{id}/fin", use: end)
    routes.get("passations/{id}") { try await receipt([], $0, $1) }
    routes.post("passations/{id}/annulation", use: undo)
  }

  /// Everybody's, for the direction.
  func addManaging(to routes: RouterGroup<SignedInContext>) {
    routes.get("suivis/vacants") { try await vacancies($0, $1) }
    routes.post("suivis/vacants", use: entrust)
    routes.get("comptes/{id}/passation") { try await show(Self.account($1), $0, $1) }
    routes.post("comptes/{id}/passation") { try await handOver(Self.account($1), $0, $1) }
    routes.post("comptes/{id}/remplacement") { try await delegate(Self.account($1), $0, $1) }
  }

  private static func account(_ context: SignedInContext) throws -> Identifier<Account> {
    guard let id = Identifier<Account>(try context.parameters.require("id")) else { throw HTTPError(.notFound) }
    return id
  }

  private func desk(_ context: SignedInContext) -> PortfolioDesk { PortfolioDesk(site.installation, actor: context.session.account) }

  // MARK: - The form

  private func path(_ account: Identifier<Account>, _ request: Request) -> (handover: Link, standIn: Link, isOwn: Bool) {
    let isOwn = request.uri.path.hasPrefix("/compte/")
    let home: Link = isOwn ? "/compte" : .account(account)
    return (home.appending("passation"), home.appending("remplacement"), isOwn)
  }

  /// - Parameter sent: what a form sent that was refused.
  private func show(
    _ account: Identifier<Account>, _ request: Request, _ context: SignedInContext, sent: FormItems? = nil,
    fault: (field: String, sentence: String)? = nil, messages: [Message] = [], status: HTTPResponse.Status = .ok
  ) async throws -> Response {
    let path = path(account, request)
    let new = site.installation.ids.next(Handover.self).description
    let (page, frame) = try await site.read(request, context) { connection, frame -> HandoverPage? in
      guard let summary = try AccountSummary(account, connection) else { return nil }
      let portfolio = try Portfolio(of: account, on: frame.today, for: frame.session.account, connection)
      var choice = HandoverPage.Choice(
        since: frame.today.description, teams: Set(portfolio.teams.map(\.id.description)),
        tasks: Set(portfolio.tasks.map(\.id.description)), from: frame.today.description)
      if let sent {
        if sent.value("passation") != nil {
          (choice.account, choice.since) = (sent["compte"], sent["depuis"])
          choice.teams = Set(sent.all("equipes"))
          choice.tasks = Set(sent.all("taches") + sent.all(HandoverPreview.waiting))
        }
        if sent.value("remplacement") != nil {
          (choice.deputy, choice.from, choice.through) = (sent["remplacant"], sent["du"], sent["jusqua"])
        }
      }
      choice.fault = fault
      let isStaff = frame.session.account.role.scope(.read, .tasks) == .all
      return HandoverPage(
        portfolio: portfolio, isOwn: path.isOwn, name: summary.name, path: path.handover, standIn: path.standIn,
        teamList: Link("/structures", query: [("suivi", String(account.rawValue))]),
        taskList: path.isOwn ? "/taches" : isStaff ? Link("/taches", query: [("de", account.description)]) : nil,
        accounts: try Self.others(than: account, connection), choice: choice,
        id: sent?.value("passation") ?? sent?.value("remplacement") ?? new, csrf: frame.session.csrf, today: frame.today)
    }
    guard let page else { throw HTTPError(.notFound) }
    let place: Place? = path.isOwn ? nil : .accounts
    return site.page(
      "Passer la main", at: place, page.html(), frame, messages: messages + Receipt.messages(request), status: status)
  }

  /// Those of the staff who come in, but one.
  private static func others(than account: Identifier<Account>?, _ connection: any Connection) throws -> [FormField.Choice] {
    try AccountSummary.all(connection).filter { $0.followsTeams && $0.id != account }.map { .init($0.id.description, $0.name) }
  }

  private func refusing(
    _ account: Identifier<Account>, _ form: FormItems, _ request: Request, _ context: SignedInContext,
    _ work: () async throws -> Response
  ) async throws -> Response {
    do {
      return try await work()
    } catch let refusal as FieldRefusal {
      return try await show(
        account, request, context, sent: form, fault: (refusal.field, French.typeset(French.withDays(refusal.sentence))),
        status: .unprocessableContent)
    } catch let refusal as Refusal {
      return try await show(
        account, request, context, sent: form, messages: [Message(.error, French.typeset(refusal.sentence))], status: .unprocessableContent)
    }
  }

  private static func day(_ form: FormItems, _ field: String) throws -> CivilDate {
    do {
      return try .reading(form[field])
    } catch {
      throw FieldRefusal(field, "Donnez un jour.")
    }
  }

  // MARK: - For good

  private func handOver(_ account: Identifier<Account>, _ request: Request, _ context: SignedInContext) async throws -> Response {
    let form = try await site.form(request, context)
    guard let id = Identifier<Handover>(form["passation"]) else { throw HTTPError(.badRequest) }
    if form[HandoverPreview.step] == HandoverPreview.back { return try await show(account, request, context, sent: form) }
    return try await refusing(account, form, request, context) {
      let order = try Self.order(from: account, form)
      guard form[HandoverPreview.step] == HandoverPreview.confirmed else {
        return try await preview(account, order, form, request, context)
      }
      try await desk(context).handOver(id, order)
      return .seeOther(.handover(id))
    }
  }

  /// What is about to change hands, before it does.
  private func preview(
    _ account: Identifier<Account>, _ order: Handover.Order, _ form: FormItems, _ request: Request, _ context: SignedInContext
  ) async throws -> Response {
    try await desk(context).check(order)
    let path = path(account, request)
    let (page, frame) = try await site.read(request, context) { connection, frame in
      HandoverPreview(
        order: order, to: try order.to.flatMap { try AccountSummary($0, connection)?.name }, isOwn: path.isOwn, path: path.handover,
        form: form,
        csrf: frame.session.csrf, today: frame.today)
    }
    return site.page(HandoverPreview.title, at: path.isOwn ? nil : .accounts, page.html(), frame)
  }

  private static func order(from account: Identifier<Account>?, _ form: FormItems) throws -> Handover.Order {
    let to = Identifier<Account>(form["compte"])
    guard to != nil || form["compte"] == HandoverPage.nobody.value else {
      throw FieldRefusal("compte", "Choisissez une personne, ou « Personne pour l’instant ».")
    }
    return Handover.Order(
      from: account, to: to, since: try day(form, "depuis"), teams: form.all("equipes").compactMap { Identifier<Structure>($0) },
      tasks: (form.all("taches") + (form[HandoverPreview.atOnce] == "oui" ? form.all(HandoverPreview.waiting) : []))
        .compactMap { Identifier<ToDo>($0) })
  }

  private func receipt(
    _ kept: [(kind: String, kept: UndoOutcome.Kept)], _ request: Request, _ context: SignedInContext
  ) async throws -> Response {
    guard let id = Identifier<Handover>(try context.parameters.require("id")) else { throw HTTPError(.notFound) }
    let (page, frame) = try await site.read(request, context) { connection, frame -> AppliedHandoverPage? in
      let account = frame.session.account
      guard let handover = try Handover(id, for: account, connection) else { return nil }
      var titles: [String: [Int64: String]] = [:]
      for (kind, records) in Dictionary(grouping: kept, by: \.kind) {
        titles[kind] = try RecordTitles.titles(of: records.map(\.kept.id), kind: kind, connection)
      }
      let manages = account.role.scope(.write, .portfolios) == .all
      return AppliedHandoverPage(
        handover: handover, moment: frame.moment(handover.at),
        undone: handover.undoneAt.map { "Cette passation est annulée depuis le \(frame.moment($0))." },
        kept: kept.map { (title: titles[$0.kind]?[$0.kept.id] ?? $0.kept.key, reason: $0.kept.reason) },
        undo: handover.undoneAt == nil && (manages || handover.from == account.id)
          ? PostButton("Annuler cette passation", action: Link.handover(id).appending("annulation"), csrf: frame.session.csrf) : nil,
        list: manages ? LinkedText("Suivis vacants", "/suivis/vacants") : nil)
    }
    guard let page else { throw HTTPError(.notFound) }
    return site.page("Passation", at: nil, page.html(), frame, messages: Receipt.messages(request))
  }

  @Sendable private func undo(_ request: Request, _ context: SignedInContext) async throws -> Response {
    _ = try await site.form(request, context)
    guard let id = Identifier<Handover>(try context.parameters.require("id")) else { throw HTTPError(.notFound) }
    let account = context.session.account
    let found = try await site.installation.database.read { try Handover(id, for: account, $0) }
    guard let found else { throw HTTPError(.notFound) }
    guard found.undoneAt == nil else { return .seeOther(.handover(id)) }
    let kept = try await desk(context).undo(id)
    return kept.isEmpty ? .seeOther(.handover(id)) : try await receipt(kept, request, context)
  }

  // MARK: - For a while

  private func delegate(_ account: Identifier<Account>, _ request: Request, _ context: SignedInContext) async throws -> Response {
    let form = try await site.form(request, context)
    guard let id = Identifier<Delegation>(form["remplacement"]) else { throw HTTPError(.badRequest) }
    return try await refusing(account, form, request, context) {
      guard let deputy = Identifier<Account>(form["remplacant"]) else { throw FieldRefusal("remplacant", "Choisissez qui remplace.") }
      try await desk(context).delegate(
        id, of: account, to: deputy, from: Self.day(form, "du"), through: Self.day(form, "jusqua"))
      return .seeOther(path(account, request).handover.adding(Receipt.parameter, Receipt.standIn.rawValue))
    }
  }

  @Sendable private func end(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let form = try await site.form(request, context)
    guard let id = Identifier<Delegation>(try context.parameters.require("id")) else { throw HTTPError(.notFound) }
    try await desk(context).end(id)
    return .seeOther(
      (form.value("retour").flatMap(Link.init(ownPath:)) ?? "/compte/passation").setting(Receipt.parameter, Receipt.standInEnded.rawValue))
  }

  // MARK: - Nobody's

  private func vacancies(
    _ request: Request, _ context: SignedInContext, sent: FormItems? = nil, messages: [Message] = [],
    status: HTTPResponse.Status = .ok
  ) async throws -> Response {
    let new = site.installation.ids.next(Handover.self).description
    let (content, frame) = try await site.read(request, context) { connection, frame in
      VacanciesPage(
        vacancies: try Vacancies(on: frame.today, connection), accounts: try Self.others(than: nil, connection), today: frame.today,
        id: sent?.value("passation") ?? new, csrf: frame.session.csrf, account: sent?["compte"] ?? "",
        since: sent?["depuis"] ?? frame.today.description, chosen: Set(sent?.all("equipes") ?? []), moment: frame.moment
      ).html()
    }
    return site.page(VacanciesPage.title, at: .accounts, content, frame, messages: messages, status: status)
  }

  @Sendable private func entrust(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let form = try await site.form(request, context)
    guard let id = Identifier<Handover>(form["passation"]) else { throw HTTPError(.badRequest) }
    func refused(_ sentence: String) async throws -> Response {
      try await vacancies(
        request, context, sent: form, messages: [Message(.error, French.typeset(sentence))], status: .unprocessableContent)
    }
    do {
      guard Identifier<Account>(form["compte"]) != nil else { throw Refusal("Choisissez à qui confier ces équipes.") }
      try await desk(context).handOver(id, Self.order(from: nil, form))
      return .seeOther(.handover(id))
    } catch let refusal as FieldRefusal {
      return try await refused(refusal.sentence)
    } catch let refusal as Refusal {
      return try await refused(refusal.sentence)
    }
  }
}
