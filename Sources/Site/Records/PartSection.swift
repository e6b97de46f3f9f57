import Federation
import Hummingbird
import Markup
import Records
import Store
import WebSupport

/// The addresses of records that are shown on another one's page, and have none of their own: they lead there, with what a form did.
struct PartSection: Sendable {
  let site: Site
  /// Without the stroke before it.
  let path: String
  /// Where one is led when no record is meant.
  let list: Link
  /// The page shows records of several kinds: it is told which one a form was about.
  var isNamed = false
  /// The page that shows a record, in the bin or not.
  let page: @Sendable (Int64, any Connection) throws -> Link?

  static let kind = "sorte"

  func add(to routes: RouterGroup<SignedInContext>) {
    routes.get(RouterPath(path)) { request, _ in
      try await shown(request.queryItems.last { $0.name == "fiche" }?.value, request, or: list)
    }
    routes.get(RouterPath("\(path)/{id}")) { request, context in
      try await shown(context.parameters.require("id"), request, or: nil)
    }
  }

  private func shown(_ record: String?, _ request: Request, or other: Link?) async throws -> Response {
    var link = other
    if let id = record.flatMap({ Identifier<Site>($0) })?.rawValue,
      let found = try await site.installation.database.read({ [page] in try page(id, $0) })
    {
      link = found
    }
    guard let link else { throw HTTPError(.notFound) }
    let told = request.queryItems.filter { Receipt.items.contains($0.name) }
    let named = told.isEmpty || !isNamed ? link : link.adding(Self.kind, path)
    return .seeOther(told.reduce(named) { $0.adding($1.name, $1.value) })
  }
}
