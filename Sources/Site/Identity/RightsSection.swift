import Federation
import Hummingbird
import WebSupport

/// `/droits`: the staff read who may do what.
struct RightsSection {
  let site: Site

  func add(to routes: RouterGroup<SignedInContext>) {
    routes.get("droits", use: show)
  }

  @Sendable private func show(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let (_, frame) = try await site.read(request, context) { _, _ in }
    return site.page("Droits des rôles", at: .rights, RightsPage().html(), frame)
  }
}
