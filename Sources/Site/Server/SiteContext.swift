import Federation
import Hummingbird
import Markup
import NIOCore
import WebSupport

/// A request, and the session that its cookie opens.
struct SiteContext: RequestContext {
  var coreContext: CoreRequestContextStorage
  var session: Session?
  /// The secret of that session, for signing out.
  var secret: String?
  /// The other end of the connection: a browser, or the proxy in front of the site.
  let peer: String?

  init(source: Source) {
    coreContext = .init(source: source)
    peer = source.channel.remoteAddress?.ipAddress
  }
}

/// A request of somebody who has signed in: a handler that takes it cannot be reached otherwise.
struct SignedInContext: ChildRequestContext {
  var coreContext: CoreRequestContextStorage
  let session: Session
  let secret: String

  init(context: SiteContext) throws {
    guard let session = context.session, let secret = context.secret else { throw HTTPError(.unauthorized) }
    coreContext = context.coreContext
    self.session = session
    self.secret = secret
  }
}

/// Finds the session of the request's cookie.
struct SessionMiddleware: RouterMiddleware {
  let accounts: Accounts
  let cookies: SiteCookies

  func handle(
    _ request: Request, context: SiteContext, next: (Request, SiteContext) async throws -> Response
  ) async throws -> Response {
    var context = context
    if let secret = request.cookies[cookies.session]?.value, let session = try await accounts.session(secret: secret) {
      context.session = session
      context.secret = secret
    }
    return try await next(request, context)
  }
}

/// Lets through the roles that an area is open to.
struct AreaMiddleware: RouterMiddleware {
  let area: Area
  var verb = Verb.read

  func handle(
    _ request: Request, context: SignedInContext, next: (Request, SignedInContext) async throws -> Response
  ) async throws -> Response {
    guard context.session.account.role.scope(verb, area) != .none else { throw ClosedArea(area: area, verb: verb) }
    return try await next(request, context)
  }
}

/// Leads whoever must have a second factor, and has none yet, to where it is made.
struct EnrolmentMiddleware: RouterMiddleware {
  func handle(
    _ request: Request, context: SignedInContext, next: (Request, SignedInContext) async throws -> Response
  ) async throws -> Response {
    if context.session.mustEnrol { throw Elsewhere(link: "/compte") }
    return try await next(request, context)
  }
}

/// The cookies of the site. Over https their names carry `__Host-`, which no other host can set.
struct SiteCookies: Sendable {
  let session: String
  /// Ties the sign-in form to the browser that asked for it.
  let form: String
  /// Somebody who waits at the door for the question of the code.
  let waiting: String
  private let isSecure: Bool

  init(isSecure: Bool) {
    self.isSecure = isSecure
    session = isSecure ? "__Host-maillage" : "maillage"
    form = isSecure ? "__Host-maillage-formulaire" : "maillage-formulaire"
    waiting = isSecure ? "__Host-maillage-attente" : "maillage-attente"
  }

  func cookie(_ name: String, _ value: String) -> Cookie {
    Cookie(name: name, value: value, path: "/", secure: isSecure, httpOnly: true, sameSite: .lax)
  }

  func expired(_ name: String) -> Cookie {
    Cookie(name: name, value: "", maxAge: 0, path: "/", secure: isSecure, httpOnly: true, sameSite: .lax)
  }
}
