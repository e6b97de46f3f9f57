import Federation
import HTTPTypes
import Hummingbird
import Markup
import Records
import WebSupport

/// `/connexion/cle-acces`: the way in with a passkey, which the script of the page of the door asks for.
struct PasskeySection {
  let site: Site

  /// What the script fills in with the answer of an authenticator.
  static let fields = ["cle", "donnees", "preuve", "signature", "titulaire"]

  private var accounts: Accounts { site.installation.accounts }

  func add(to routes: RouterGroup<SiteContext>) {
    routes.post("connexion/cle-acces/defi", use: ask)
    routes.post("connexion/cle-acces", use: enter)
  }

  @Sendable private func ask(_ request: Request, _ context: SiteContext) async throws -> Response {
    let form = try await request.form()
    guard site.isOwnDoor(form, request), let browser = request.cookies[site.cookies.form]?.value else {
      return try .json(PasskeyTrouble(SignInSection.stale), status: .forbidden)
    }
    return try await PasskeyTrouble.telling {
      try .json(try await accounts.askPasskey(of: browser, from: site.origin(of: request, context)))
    }
  }

  @Sendable private func enter(_ request: Request, _ context: SiteContext) async throws -> Response {
    let form = try await request.form()
    let (door, next) = (SignInSection(site: site), Link(ownPath: form["suite"]))
    guard site.isOwnDoor(form, request), let browser = request.cookies[site.cookies.form]?.value else {
      return try await door.page(request, next: next, error: SignInSection.stale, status: .forbidden)
    }
    let answer = PasskeyAssertion(
      credential: form["cle"], clientData: form["donnees"], authenticatorData: form["preuve"], signature: form["signature"],
      holder: form["titulaire"])
    do {
      return site.enter(
        try await accounts.signIn(passkey: answer, browser: browser, from: site.origin(of: request, context)), to: next ?? "/")
    } catch let refusal as Refusal {
      return try await door.page(request, next: next, error: French.typeset(refusal.sentence), status: .unprocessableContent)
    } catch let error as TooManyAttempts {
      return try await door.page(request, next: next, error: error.sentence, status: .tooManyRequests).retry(after: error.seconds)
    }
  }
}

/// What a script is told instead of what it asked, for whoever reads the page.
struct PasskeyTrouble: Encodable {
  let erreur: String
  /// The field of the form that is at fault.
  let champ: String?

  init(_ sentence: String, field: String? = nil) {
    erreur = French.typeset(sentence)
    champ = field
  }

  static func telling(_ work: () async throws -> Response) async throws -> Response {
    do {
      return try await work()
    } catch let refusal as FieldRefusal {
      return try .json(PasskeyTrouble(refusal.sentence, field: refusal.field), status: .unprocessableContent)
    } catch let refusal as Refusal {
      return try .json(PasskeyTrouble(refusal.sentence), status: .unprocessableContent)
    } catch let error as TooManyAttempts {
      return try .json(PasskeyTrouble(error.sentence), status: .tooManyRequests).retry(after: error.seconds)
    } catch let error as TooManyWaiting {
      return try .json(PasskeyTrouble(error.sentence), status: .serviceUnavailable).retry(after: TooManyWaiting.seconds)
    }
  }
}
