import Federation
import Hummingbird
import Markup
import Records
import Store
import WebSupport

/// `/connexion`: the way in.
struct SignInSection {
  let site: Site

  /// What has just happened, as the address of the page says it.
  enum News: String {
    case out = "deconnexion"
    case late = "delai"
    case ended = "session"
    case endedWithFile = "fichier"

    var message: Message {
      switch self {
      case .out: Message(.success, "Toutes vos sessions sont fermées.")
      case .ended:
        Message(.information, "Votre session est terminée\u{A0}: rien n’a été fait. Reconnectez-vous, puis recommencez.")
      case .endedWithFile:
        Message(
          .information,
          "Votre session est terminée\u{A0}: le fichier n’a pas été envoyé. Reconnectez-vous, puis choisissez-le à nouveau.")
      case .late: Message(.information, "Le délai est passé\u{A0}: saisissez à nouveau votre mot de passe.")
      }
    }
  }

  static let stale = "Le formulaire avait expiré. Saisissez à nouveau votre mot de passe."

  func add(to routes: RouterGroup<SiteContext>) {
    routes.get("connexion", use: show)
    routes.post("connexion", use: signIn)
  }

  @Sendable private func show(_ request: Request, _ context: SiteContext) async throws -> Response {
    if context.session != nil { return .seeOther("/") }
    let news = request.queryItems.first { $0.name == "fait" }.flatMap { News(rawValue: $0.value) }
    let next = request.uri.queryParameters["suite"].flatMap { Link(ownPath: String($0)) }
    // Whoever was signed in a moment ago wonders; whoever follows a link must know that it is kept.
    let wasIn = request.cookies[site.cookies.session] != nil
    let why = wasIn ? "Votre session est terminée\u{A0}: reconnectez-vous." : "Connectez-vous pour ouvrir cette page."
    let reason = next == nil && !wasIn ? nil : Message(.information, why)
    return try await page(request, next: next, messages: [news?.message ?? reason].compactMap(\.self))
  }

  @Sendable private func signIn(_ request: Request, _ context: SiteContext) async throws -> Response {
    let form = try await request.form()
    let (email, next) = (form["courriel"], Link(ownPath: form["suite"]))
    guard site.isOwnDoor(form, request) else {
      return try await page(
        request, next: next, email: email, error: Self.stale, status: .forbidden)
    }
    let opened: Entrance?
    do {
      opened = try await site.installation.accounts.signIn(
        email: email, password: form["mot_de_passe"], from: site.origin(of: request, context))
    } catch let error as TooManyAttempts {
      return try await page(request, next: next, email: email, error: error.sentence, status: .tooManyRequests)
        .retry(after: error.seconds)
    } catch let error as TooManyWaiting {
      return try await page(request, next: next, email: email, error: error.sentence, status: .serviceUnavailable)
        .retry(after: TooManyWaiting.seconds)
    } catch let refusal as Refusal {
      return try await page(
        request, next: next, email: email, error: French.typeset(refusal.sentence), status: .unprocessableContent)
    }
    guard let opened else {
      return try await page(
        request, next: next, email: email, error: "L’adresse ou le mot de passe ne convient pas.", status: .unprocessableContent)
    }
    return site.enter(opened, to: next ?? "/")
  }

  func page(
    _ request: Request, next: Link?, email: String = "", error: String? = nil, messages: [Message] = [],
    status: HTTPResponse.Status = .ok
  ) async throws -> Response {
    let hasNoAccount = try await site.installation.accounts.isEmpty()
    let isOpenToAll = try await FirstContactDoor(site.installation).isOpen()
    return site.door(request, status: status) { token in
      SignInPage(
        csrf: token, next: next, email: email, error: error, hasNoAccount: hasNoAccount,
        offersLink: site.installation.accounts.sendsLinks, isOpenToAll: isOpenToAll,
        passkeySite: site.installation.accounts.relyingParty?.id, messages: messages, theme: request.theme
      ).html()
    }
  }
}

extension Session {
  /// Whether a form comes from a page of this session.
  func accepts(_ csrf: String?, from request: Request) -> Bool {
    !request.isFromElsewhere && csrf == self.csrf
  }
}

/// `/deconnexion`: the way out, and the page of roles that have none yet.
struct SignOutSection {
  let site: Site

  func add(to routes: RouterGroup<SignedInContext>) {
    routes.post("deconnexion", use: signOut)
    routes.get("accueil", use: waiting)
  }

  @Sendable private func signOut(_ request: Request, _ context: SignedInContext) async throws -> Response {
    _ = try await site.form(request, context)
    try await site.installation.accounts.signOut(secret: context.secret)
    var response = Response.seeOther("/connexion")
    response.setCookie(site.cookies.expired(site.cookies.session))
    return response
  }

  @Sendable private func waiting(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let home = site.home(of: context.session)
    if home != Site.waitingRoom { return .seeOther(home) }
    let (_, frame) = try await site.read(request, context) { _, _ in }
    let role = context.session.account.role.label
    let content = EmptyState("Bienvenue", "Votre rôle (\(role)) n’ouvre encore aucune page. Les pages qui le concernent arriveront ici.")
    return site.page("Accueil", at: nil, "<h1 class=\"sr\">Accueil</h1>\(content.html)", frame)
  }
}
