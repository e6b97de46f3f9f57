import Federation
import HTTPTypes
import Hummingbird
import Markup
import Records
import Store
import WebSupport

/// What one does on `/compte` with one's passkeys.
struct OwnPasskeysSection {
  let site: Site

  private var accounts: Accounts { site.installation.accounts }
  private var page: AccountSection { AccountSection(site: site) }

  func add(to routes: RouterGroup<SignedInContext>) {
    routes.post("compte/cles-acces/defi", use: offer)
    routes.post("compte/cles-acces", use: add)
    routes.post("compte/cles-acces/{id}/nom", use: rename)
    routes.post("compte/cles-acces/{id}/retrait", use: remove)
  }

  @Sendable private func offer(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let form = try await site.form(request, context)
    return try await PasskeyTrouble.telling {
      try .json(
        try await accounts.offerPasskey(named: form["nom_acces"], in: context.session, password: form["actuel_acces"]))
    }
  }

  @Sendable private func add(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let form = try await site.form(request, context)
    let answer = PasskeyAttestation(clientData: form["donnees"], object: form["preuve"])
    return try await page.refusing(request, context, keeping: form["nom_acces"]) {
      let secret = try await accounts.addPasskey(answer, named: form["nom_acces"], in: context.session)
      return site.keep(secret, in: .seeOther(AccountSection.Deed.passkey.link))
    }
  }

  @Sendable private func rename(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let form = try await site.form(request, context)
    let id = try passkey(context)
    return try await page.refusing(request, context) {
      try await accounts.renamePasskey(id, to: form["nom-\(id)"], of: context.session.account.id)
      return .seeOther(AccountSection.Deed.passkeyName.link)
    }
  }

  @Sendable private func remove(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let form = try await site.form(request, context)
    let id = try passkey(context)
    return try await page.refusing(request, context) {
      let secret = try await accounts.removePasskey(id, in: context.session, password: form["actuel-\(id)"])
      return site.keep(secret, in: .seeOther(AccountSection.Deed.passkeyEnd.link))
    }
  }

  private func passkey(_ context: SignedInContext) throws -> Identifier<Passkey> {
    guard let id = Identifier<Passkey>(try context.parameters.require("id")) else { throw HTTPError(.notFound) }
    return id
  }
}
