import Federation
import Hummingbird
import Markup
import Records
import WebSupport

/// `/connexion/lien` asks for a link; `/lien/…` is where it leads.
struct LinkSection {
  let site: Site

  private var accounts: Accounts { site.installation.accounts }

  func add(to routes: RouterGroup<SiteContext>) {
    routes.get("connexion/lien", use: showRequest)
    routes.post("connexion/lien", use: request)
    routes.get("lien/{secret}", use: show)
    routes.post("lien/{secret}", use: enter)
  }

  @Sendable private func showRequest(_ request: Request, _ context: SiteContext) async throws -> Response {
    try expectLinks()
    return site.door(request) { LinkRequestPage(csrf: $0, theme: request.theme).html() }
  }

  @Sendable private func request(_ request: Request, _ context: SiteContext) async throws -> Response {
    try expectLinks()
    let form = try await request.form()
    let email = form["courriel"]
    guard site.isOwnDoor(form, request) else {
      return site.door(request, status: .forbidden) {
        LinkRequestPage(csrf: $0, email: email, messages: [.staleDoor], theme: request.theme).html()
      }
    }
    do {
      try await accounts.requestLink(email: email, from: site.origin(of: request, context))
      return site.door(request) { LinkRequestPage(csrf: $0, isSent: true, theme: request.theme).html() }
    } catch let refusal as FieldRefusal {
      return site.door(request, status: .unprocessableContent) {
        LinkRequestPage(csrf: $0, email: email, fault: refusal.sentence, theme: request.theme).html()
      }
    } catch let error as TooManyAttempts {
      return site.door(request, status: .tooManyRequests) {
        LinkRequestPage(csrf: $0, email: email, messages: [Message(.error, error.sentence)], theme: request.theme).html()
      }.retry(after: error.seconds)
    }
  }

  private func expectLinks() throws {
    guard accounts.sendsLinks else {
      throw Missing(sentence: "Ce site n’envoie pas de liens par courriel\u{00A0}: demandez un mot de passe à la direction.")
    }
  }

  @Sendable private func show(_ request: Request, _ context: SiteContext) async throws -> Response {
    try await page(try context.parameters.require("secret"), request)
  }

  @Sendable private func enter(_ request: Request, _ context: SiteContext) async throws -> Response {
    let secret = try context.parameters.require("secret")
    let form = try await request.form()
    guard site.isOwnDoor(form, request) else { return try await page(secret, request, messages: [.staleDoor], status: .forbidden) }
    let origin = site.origin(of: request, context)
    do {
      guard case .open(let purpose, _, _) = try await accounts.link(secret) else { return try await page(secret, request) }
      let opened =
        switch purpose {
        case .signIn: try await accounts.signIn(link: secret, from: origin)
        case .invitation:
          try await accounts.accept(invitation: secret, password: form["nouveau"], again: form["encore"], from: origin)
        }
      return site.enter(opened, to: "/")
    } catch let refusal as FieldRefusal {
      let fault = (refusal.field, French.typeset(refusal.sentence))
      return try await page(secret, request, fault: fault, status: .unprocessableContent)
    } catch let refusal as Refusal {
      return try await page(
        secret, request, messages: [Message(.error, French.typeset(refusal.sentence))], status: .unprocessableContent)
    } catch is LinkRefusal {
      // Used by another click in the meantime.
      return try await page(secret, request)
    } catch let error as TooManyWaiting {
      return try await page(secret, request, messages: [Message(.error, error.sentence)], status: .serviceUnavailable)
        .retry(after: TooManyWaiting.seconds)
    }
  }

  private func page(
    _ secret: String, _ request: Request, fault: (field: String, sentence: String)? = nil, messages: [Message] = [],
    status: HTTPResponse.Status = .ok
  ) async throws -> Response {
    let state = try await accounts.link(secret)
    guard case .open(let purpose, let name, let email) = state else {
      let page = DeadLinkPage(state: state, offersLink: accounts.sendsLinks, theme: request.theme)
      return .page(page.html(), status: .init(code: page.status))
    }
    return site.door(request, status: status) {
      LinkPage(
        secret: secret, csrf: $0, purpose: purpose, name: name, email: email, fault: fault, messages: messages, theme: request.theme
      ).html()
    }
  }
}

extension Message {
  static let staleDoor = Message(.error, "Le formulaire avait expiré. Recommencez.")
}

extension Site {
  /// A page before signing in, with the token that ties its form to this browser.
  func door(_ request: Request, status: HTTPResponse.Status = .ok, _ page: (String) -> HTML) -> Response {
    let token = Accounts.secret()
    var response = Response.page(page(token), status: status)
    response.setCookie(cookies.cookie(cookies.form, token))
    return response
  }

  /// Whether a form before signing in is the one that this browser asked for.
  func isOwnDoor(_ form: FormItems, _ request: Request) -> Bool {
    guard !request.isFromElsewhere, let token = request.cookies[cookies.form]?.value else { return false }
    return token.count == 64 && token == form["csrf"]
  }

  /// Into the house with a fresh session, or on to the question of the code.
  func enter(_ entrance: Entrance, to link: Link) -> Response {
    var response = Response.seeOther(entrance.awaitsCode ? CodeSection.path(then: link) : link)
    response.setCookie(cookies.cookie(entrance.awaitsCode ? cookies.waiting : cookies.session, entrance.secret))
    response.setCookie(cookies.expired(cookies.form))
    return response
  }
}
