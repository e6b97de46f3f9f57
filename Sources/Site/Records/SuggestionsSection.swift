import Federation
import Foundation
import HTTPTypes
import Hummingbird
import Records
import Store
import WebSupport

/// `/suggestions/…`: names for the field at hand, as one types.
struct SuggestionsSection {
  let site: Site

  func add(to routes: RouterGroup<SignedInContext>) {
    routes.get("suggestions/{kind}", use: suggest)
  }

  @Sendable private func suggest(_ request: Request, _ context: SignedInContext) async throws -> Response {
    guard let naming = Naming(rawValue: try context.parameters.require("kind")) else { throw HTTPError(.notFound) }
    // Only those who write records fill in forms.
    guard [Area.directory, .exchanges, .tasks].contains(where: { context.session.account.role.scope(.write, $0) != .none }) else {
      throw HTTPError(.forbidden)
    }
    let words = String((request.queryItems.last { $0.name == "q" }?.value ?? "").prefix(100))
    let names = try await site.installation.database.read { try naming.suggestions(words, limit: 12, $0).map(\.offered) }
    return try .json(names)
  }
}
