import Federation
import HTTPTypes
import Hummingbird
import Markup
import Records
import WebSupport

/// `/compte/role`: one works under one role at a time.
struct RoleSection {
  let site: Site

  func add(to routes: RouterGroup<SignedInContext>) {
    routes.post("compte/role", use: change)
  }

  @Sendable private func change(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let form = try await site.form(request, context)
    guard let role = Role(rawValue: form["role"]) else { throw Refusal("Choisissez un rôle.") }
    // What the other role does not open must not be the next page.
    guard let secret = try await site.installation.accounts.work(as: role, in: context.session) else { return .seeOther("/") }
    return site.keep(secret, in: .seeOther("/"))
  }
}
