import Federation
import HTTPTypes
import Hummingbird
import Markup
import Records
import WebSupport

/// What one does on `/compte` with the code of one's telephone.
struct SecondFactorSection {
  let site: Site

  private var accounts: Accounts { site.installation.accounts }
  private var page: AccountSection { AccountSection(site: site) }

  func add(to routes: RouterGroup<SignedInContext>) {
    routes.post("compte/code", use: begin)
    routes.post("compte/code/confirmation", use: confirm)
    routes.post("compte/code/abandon", use: giveUp)
    routes.post("compte/code/secours", use: renew)
    routes.post("compte/code/fin", use: end)
  }

  @Sendable private func begin(_ request: Request, _ context: SignedInContext) async throws -> Response {
    _ = try await site.form(request, context)
    return try await page.refusing(request, context) {
      try await accounts.beginSecondFactor(of: context.session.account.id)
      return .seeOther("/compte")
    }
  }

  @Sendable private func confirm(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let form = try await site.form(request, context)
    return try await page.refusing(request, context) {
      let (secret, codes) = try await accounts.confirmSecondFactor(
        in: context.session, password: form["actuel"], code: form["code"])
      // Under the session's fresh secret and token.
      guard let session = try await accounts.session(secret: secret) else { return .seeOther("/connexion") }
      var news = AccountSection.News(messages: [Message(.success, "La double authentification est active.")])
      news.recoveryCodes = codes
      return site.keep(secret, in: try await page.show(request, session, news))
    }
  }

  @Sendable private func giveUp(_ request: Request, _ context: SignedInContext) async throws -> Response {
    _ = try await site.form(request, context)
    try await accounts.abandonSecondFactor(of: context.session.account.id)
    return .seeOther("/compte")
  }

  @Sendable private func renew(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let form = try await site.form(request, context)
    return try await page.refusing(request, context) {
      var news = AccountSection.News()
      news.recoveryCodes = try await accounts.renewRecoveryCodes(of: context.session.account.id, code: form["code"])
      return try await page.show(request, context.session, news)
    }
  }

  @Sendable private func end(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let form = try await site.form(request, context)
    return try await page.refusing(request, context) {
      let secret = try await accounts.endSecondFactor(in: context.session, password: form["actuel"])
      return site.keep(secret, in: .seeOther(AccountSection.Deed.codeEnd.link))
    }
  }
}

extension Site {
  /// Goes on in the same session under its fresh secret.
  func keep(_ secret: String, in response: Response) -> Response {
    var response = response
    response.setCookie(cookies.cookie(cookies.session, secret))
    return response
  }
}
