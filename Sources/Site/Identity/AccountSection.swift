import Federation
import Hummingbird
import Markup
import Store
import WebSupport

/// `/compte`: everybody's own account.
struct AccountSection {
  let site: Site

  /// What has just been done, as the address of the page says it.
  private enum Deed: String {
    case password = "mot-de-passe"
    case session

    var message: Message {
      switch self {
      case .password: Message(.success, "Votre mot de passe est changé. Vos autres sessions sont fermées.")
      case .session: Message(.success, "La session est fermée.")
      }
    }

    var link: Link { Link("/compte", query: [("fait", rawValue)]) }
  }

  func add(to routes: RouterGroup<SignedInContext>) {
    routes.get("compte", use: show)
    routes.post("compte/mot-de-passe", use: changePassword)
    routes.post("compte/sessions/{id}/fin", use: endSession)
    routes.post("compte/sessions/fin", use: endSessions)
  }

  @Sendable private func show(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let deed = request.queryItems.first { $0.name == "fait" }.flatMap { Deed(rawValue: $0.value) }
    return try await page(request, context, messages: [deed?.message].compactMap(\.self))
  }

  @Sendable private func changePassword(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let form = try await site.form(request, context)
    do {
      try await site.installation.accounts.changePassword(
        in: context.session, from: form["ancien"], to: form["nouveau"], again: form["encore"])
      return .seeOther(Deed.password.link)
    } catch let refusal as FieldRefusal {
      return try await page(request, context, fault: (refusal.field, French.typeset(refusal.sentence)), status: .unprocessableContent)
    } catch let error as TooManyAttempts {
      return try await page(request, context, messages: [Message(.error, error.sentence)], status: .tooManyRequests)
        .retry(after: error.seconds)
    }
  }

  @Sendable private func endSession(_ request: Request, _ context: SignedInContext) async throws -> Response {
    _ = try await site.form(request, context)
    guard let id = Identifier<Session>(try context.parameters.require("id")) else { throw HTTPError(.notFound) }
    // One that has ended meanwhile is what was wanted.
    _ = try await site.installation.accounts.end(id, of: context.session.account.id)
    return .seeOther(Deed.session.link)
  }

  @Sendable private func endSessions(_ request: Request, _ context: SignedInContext) async throws -> Response {
    _ = try await site.form(request, context)
    try await site.installation.accounts.endSessions(of: context.session.account.id)
    var response = Response.seeOther("/connexion?fait=deconnexion")
    response.setCookie(site.cookies.expired(site.cookies.session))
    return response
  }

  private func page(
    _ request: Request, _ context: SignedInContext, messages: [Message] = [], fault: (field: String, sentence: String)? = nil,
    status: HTTPResponse.Status = .ok
  ) async throws -> Response {
    let (session, now) = (context.session, site.installation.now())
    let (page, frame) = try await site.read(request, context) { connection, frame in
      let account = session.account
      return AccountPage(
        name: account.name, email: account.email, role: account.role.label, territory: try account.territoryName(connection),
        sessions: try account.openSessions(at: now, connection).map { open in
          AccountPage.Session(
            browser: open.browser, since: French.moment(open.since.date, in: frame.zone),
            lastSeen: French.hour(open.lastSeen.date, in: frame.zone), isThisOne: open.id == session.id,
            end: "/compte/sessions/\(open.id.description)/fin")
        }, csrf: session.csrf, mayForgetPassword: session.isFreshByLink, fault: fault)
    }
    return site.page("Mon compte", at: nil, page.html(), frame, messages: messages, status: status)
  }
}
