import Federation
import HTTPTypes
import Hummingbird
import Markup
import WebSupport

/// `/connexion/code`: after the right password, or the right link, the code of the telephone.
struct CodeSection {
  let site: Site

  private var accounts: Accounts { site.installation.accounts }

  static func path(then link: Link, isRecovery: Bool = false) -> Link {
    Link("/connexion/code", query: (link == "/" ? [] : [("suite", link.address)]) + (isRecovery ? [("secours", "oui")] : []))
  }

  func add(to routes: RouterGroup<SiteContext>) {
    routes.get("connexion/code", use: show)
    routes.post("connexion/code", use: enter)
  }

  @Sendable private func show(_ request: Request, _ context: SiteContext) async throws -> Response {
    if context.session != nil { return .seeOther("/") }
    guard let secret = request.cookies[site.cookies.waiting]?.value, try await accounts.awaitsCode(secret: secret) else {
      return .seeOther("/connexion")
    }
    let items = request.queryItems
    return page(
      request, next: items.first { $0.name == "suite" }.flatMap { Link(ownPath: $0.value) },
      isRecovery: items.contains { $0 == ("secours", "oui") })
  }

  @Sendable private func enter(_ request: Request, _ context: SiteContext) async throws -> Response {
    let form = try await request.form()
    let (next, isRecovery) = (Link(ownPath: form["suite"]), form["secours"] == "oui")
    guard site.isOwnDoor(form, request) else {
      return page(request, next: next, isRecovery: isRecovery, messages: [.staleDoor], status: .forbidden)
    }
    do {
      guard let secret = request.cookies[site.cookies.waiting]?.value,
        let opened = try await accounts.signIn(waiting: secret, code: form["code"], from: site.origin(of: request, context))
      else { return leave(.seeOther("/connexion?fait=delai")) }
      return leave(site.enter(opened, to: next ?? "/"))
    } catch let refusal as FieldRefusal {
      return page(
        request, next: next, isRecovery: isRecovery, fault: French.typeset(refusal.sentence), status: .unprocessableContent)
    } catch let error as TooManyAttempts {
      return page(
        request, next: next, isRecovery: isRecovery, messages: [Message(.error, error.sentence)], status: .tooManyRequests
      ).retry(after: error.seconds)
    }
  }

  /// Nobody waits any more.
  private func leave(_ response: Response) -> Response {
    var response = response
    response.setCookie(site.cookies.expired(site.cookies.waiting))
    return response
  }

  private func page(
    _ request: Request, next: Link?, isRecovery: Bool, fault: String? = nil, messages: [Message] = [],
    status: HTTPResponse.Status = .ok
  ) -> Response {
    site.door(request, status: status) {
      CodePage(csrf: $0, next: next, isRecovery: isRecovery, fault: fault, messages: messages, theme: request.theme).html()
    }
  }
}
