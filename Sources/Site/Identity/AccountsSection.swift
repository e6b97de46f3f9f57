import Federation
import Hummingbird
import Markup
import Records
import Store
import WebSupport

/// `/comptes`: invitations, roles, and who comes in no more.
struct AccountsSection {
  let site: Site

  private static let pageSize = 50

  /// What has just been done, as the address of the page says it.
  private enum Deed: String {
    case invited = "invitation"
    case closed = "fermeture"
    case reopened = "reouverture"
    case role
    case code

    var message: Message {
      switch self {
      case .invited: Message(.success, "L’invitation est prête à partir, avec les prochains courriels.")
      case .closed: Message(.success, "Le compte est fermé, et ses sessions aussi.")
      case .reopened: Message(.success, "Le compte est rouvert\u{00A0}: son mot de passe est resté le même.")
      case .role: Message(.success, "Le rôle est enregistré.")
      case .code:
        Message(.success, "La double authentification est retirée, clés d’accès comprises, et les sessions du compte sont fermées.")
      }
    }
  }

  func add(to routes: RouterGroup<SignedInContext>) {
    routes.get("comptes", use: list)
    routes.get("comptes/nouveau", use: showInvitation)
    routes.get("comptes/{id}", use: show)
    let writers = routes.group().add(middleware: AreaMiddleware(area: .accounts, verb: .write))
    writers.post("comptes", use: invite)
    writers.post("comptes/{id}/role", use: changeRole)
    writers.post("comptes/{id}/invitation") { try await change($0, $1, .invited) { try await $0.inviteAgain($1) } }
    writers.post("comptes/{id}/fermeture") { try await change($0, $1, .closed) { try await $0.close($1) } }
    writers.post("comptes/{id}/code") { try await change($0, $1, .code) { try await $0.removeSecondFactor(of: $1) } }
    writers.post("comptes/{id}/reouverture") { try await change($0, $1, .reopened) { try await $0.reopen($1) } }
  }

  private func manager(_ context: SignedInContext) -> AccountManager { site.installation.accounts.manager(context.session.account) }

  @Sendable private func list(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let items = request.queryItems
    let search = String((items.first { $0.name == "q" }?.value ?? "").prefix(200))
    let roles = items.filter { $0.name == "role" }.compactMap { Role(rawValue: $0.value) }
    let states = items.filter { $0.name == "etat" }.compactMap { AccountState(rawValue: $0.value) }
    let number = max(1, min(items.first { $0.name == "page" }.flatMap { Int($0.value) } ?? 1, 10_000))
    let address = Link(
      "/comptes",
      query: (search.isEmpty ? [] : [("q", search)]) + roles.map { ("role", $0.rawValue) } + states.map { ("etat", $0.rawValue) })
    let (page, frame) = try await site.read(request, context) { connection, frame in
      let all = try AccountSummary.all(connection)
      let words = Fold.words(search)
      let chosen = all.filter { account in
        let text = Fold.words("\(account.name) \(account.email)").joined(separator: " ")
        return (roles.isEmpty || roles.contains(where: account.roles.contains)) && (states.isEmpty || states.contains(account.state))
          && words.allSatisfy { text.contains($0) }
      }
      let shown = chosen.dropFirst((number - 1) * Self.pageSize).prefix(Self.pageSize)
      guard !shown.isEmpty || number == 1 else { throw Elsewhere(link: address) }
      let filters = FilterBar(
        "Filtrer les comptes", current: address, search: .init("Nom ou adresse", value: search),
        facets: [
          Facet("role", "Rôle", Role.allCases.map { .init($0.rawValue, $0.label, isOn: roles.contains($0)) }),
          Facet("etat", "État", AccountState.allCases.map { .init($0.rawValue, $0.label, isOn: states.contains($0)) }),
        ], result: French.plural(chosen.count, "compte", "comptes"))
      return AccountListPage(
        filters: filters, rows: shown.map { Self.row($0, frame) },
        pagination: Self.pagination(number, shown.count, of: chosen.count, address),
        showsVacancies: frame.session.account.role.scope(.read, .portfolios) == .all)
    }
    return site.page("Comptes", at: .accounts, page.html(), frame)
  }

  private static func pagination(_ number: Int, _ shown: Int, of total: Int, _ address: Link) -> Pagination {
    let start = (number - 1) * pageSize
    return Pagination(
      from: shown == 0 ? 0 : start + 1, to: start + shown, of: total,
      previous: number > 1 ? address.setting("page", String(number - 1)) : nil,
      next: start + shown < total ? address.setting("page", String(number + 1)) : nil)
  }

  private static func row(_ account: AccountSummary, _ frame: Frame) -> AccountListPage.Row {
    AccountListPage.Row(
      name: account.name, link: .account(account.id), email: account.email,
      role: account.roles.map(\.label).joined(separator: ", "),
      place: account.place, lastSignIn: account.lastSignIn.map { French.moment($0.date, in: frame.zone) },
      state: badge(account.state))
  }

  private static func badge(_ state: AccountState) -> HTML {
    switch state {
    case .invited: Badge.state(state.label, .start)
    case .active: Badge.state(state.label, .good)
    case .closed: Badge.state(state.label, .ended)
    }
  }

  @Sendable private func showInvitation(_ request: Request, _ context: SignedInContext) async throws -> Response {
    try await invitation(request, context, FormItems.none)
  }

  @Sendable private func invite(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let form = try await site.form(request, context)
    do {
      guard let role = Role(rawValue: form["role"]) else { throw FieldRefusal("role", "Choisissez un rôle.") }
      let id = try await manager(context).invite(
        .init(
          email: form["courriel"], name: form["nom"], role: role, others: Self.others(form), territory: form["territoire"],
          structure: form["structure"], departments: form["departements"]))
      return .seeOther(Link.account(id).adding("fait", Deed.invited.rawValue))
    } catch let refusal as FieldRefusal {
      return try await invitation(
        request, context, form, fault: (refusal.field, French.typeset(refusal.sentence)), status: .unprocessableContent)
    } catch let refusal as Refusal {
      return try await invitation(
        request, context, form, messages: [Message(.error, French.typeset(refusal.sentence))], status: .unprocessableContent)
    }
  }

  private func invitation(
    _ request: Request, _ context: SignedInContext, _ form: FormItems, fault: (field: String, sentence: String)? = nil,
    messages: [Message] = [], status: HTTPResponse.Status = .ok
  ) async throws -> Response {
    let (page, frame) = try await site.read(request, context) { connection, frame in
      var fields = try Self.fields(for: frame.session.account, connection)
      (fields.email, fields.name, fields.role, fields.others) = (form["courriel"], form["nom"], form["role"], form.all("autre"))
      (fields.territory, fields.structure, fields.departments, fields.fault) = (
        form["territoire"], form["structure"], form["departements"], fault
      )
      return InvitationPage(form: fields, csrf: frame.session.csrf)
    }
    return site.page("Inviter", at: .accounts, page.html(), frame, messages: messages, status: status)
  }

  private static func fields(for actor: Account, _ connection: any Connection) throws -> AccountForm {
    AccountForm(
      roles: Role.allCases.filter { $0 != .direction || actor.role == .direction }.map { .init(value: $0.rawValue, label: $0.label) },
      territories: try Territory.all(connection).map { .init(value: $0.code, label: $0.name) })
  }

  @Sendable private func show(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let deed = request.queryItems.first { $0.name == "fait" }.flatMap { Deed(rawValue: $0.value) }
    return try await sheet(request, context, messages: [deed?.message].compactMap(\.self))
  }

  @Sendable private func changeRole(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let form = try await site.form(request, context)
    let id = try Self.identifier(context)
    do {
      guard let role = Role(rawValue: form["role"]) else { throw FieldRefusal("role", "Choisissez un rôle.") }
      try await manager(context).changeRole(
        of: id, to: role, others: Self.others(form), territory: form["territoire"], structure: form["structure"],
        departments: form["departements"])
      // One's own role has ended one's own session.
      return .seeOther(id == context.session.account.id ? "/connexion" : Link.account(id).adding("fait", Deed.role.rawValue))
    } catch let refusal as FieldRefusal {
      let fault = (refusal.field, French.typeset(refusal.sentence))
      return try await sheet(request, context, form: form, fault: fault, status: .unprocessableContent)
    } catch let refusal as Refusal {
      return try await sheet(
        request, context, form: form, messages: [Message(.error, French.typeset(refusal.sentence))], status: .unprocessableContent)
    }
  }

  private static func others(_ form: FormItems) -> [Role] { form.all("autre").compactMap { Role(rawValue: $0) } }

  private func change(
    _ request: Request, _ context: SignedInContext, _ deed: Deed,
    _ work: (AccountManager, Identifier<Account>) async throws -> Void
  ) async throws -> Response {
    _ = try await site.form(request, context)
    let id = try Self.identifier(context)
    do {
      try await work(manager(context), id)
      return .seeOther(Link.account(id).adding("fait", deed.rawValue))
    } catch let refusal as Refusal {
      return try await sheet(
        request, context, messages: [Message(.error, French.typeset(refusal.sentence))], status: .unprocessableContent)
    }
  }

  private static func identifier(_ context: SignedInContext) throws -> Identifier<Account> {
    guard let id = Identifier<Account>(try context.parameters.require("id")) else { throw HTTPError(.notFound) }
    return id
  }

  private func sheet(
    _ request: Request, _ context: SignedInContext, form: FormItems? = nil, fault: (field: String, sentence: String)? = nil,
    messages: [Message] = [], status: HTTPResponse.Status = .ok
  ) async throws -> Response {
    let id = try Self.identifier(context)
    let (page, frame) = try await site.read(request, context) { connection, frame -> AccountSheetPage? in
      guard let account = try AccountSummary(id, connection) else { return nil }
      var fields = try Self.fields(for: frame.session.account, connection)
      fields.role = form?["role"] ?? account.role.rawValue
      fields.others = form?.all("autre") ?? account.roles.dropFirst().map(\.rawValue)
      fields.territory = form?["territoire"] ?? account.territory ?? ""
      fields.structure = form?["structure"] ?? account.structure ?? ""
      fields.departments = form?["departements"] ?? account.departments.joined(separator: " ")
      fields.fault = fault
      return AccountSheetPage(
        id: id.description, name: account.name, email: account.email, role: account.roles.map(\.label).joined(separator: ", "),
        place: account.place,
        lastSignIn: account.lastSignIn.map { French.moment($0.date, in: frame.zone) }, state: .init(account.state),
        badge: Self.badge(account.state), isOwn: id == frame.session.account.id,
        hasSecondFactor: account.hasSecondFactor, passkeys: account.passkeys,
        mayHandOver: frame.session.account.role.scope(.write, .portfolios) == .all, form: fields, csrf: frame.session.csrf)
    }
    guard let page else { throw HTTPError(.notFound) }
    return site.page(page.name, at: .accounts, page.html(), frame, messages: messages, status: status)
  }
}

extension AccountSummary {
  /// What the person acts for.
  fileprivate var place: String? { structureName ?? territoryName ?? (departments.isEmpty ? nil : departments.joined(separator: ", ")) }
}

extension AccountSheetPage.State {
  fileprivate init(_ state: AccountState) {
    self =
      switch state {
      case .invited: .invited
      case .active: .active
      case .closed: .closed
      }
  }
}

extension Link {
  static func account(_ id: Identifier<Account>) -> Link { "/comptes/\(id.description)" }
}
