import Federation
import Foundation
import HTTPTypes
import Hummingbird
import Markup
import Records
import Store
import WebSupport

/// `/recherche`, and the same answer for the palette. Every role may ask: each kind of record answers as far as the role reads it.
struct SearchSection {
  let site: Site

  func add(to routes: RouterGroup<SignedInContext>) {
    routes.get("recherche", use: show)
    routes.get("recherche.json", use: answer)
  }

  @Sendable private func show(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let typed = Self.typed(request)
    let only = request.queryItems.last { $0.name == "sorte" }.flatMap { SearchResults.Kind(rawValue: $0.value) }
    let (answer, frame) = try await site.read(request, context) { connection, frame in
      try SearchAnswer(
        SearchQuery(typed), limit: only == nil ? 5 : 50, only: only, figures: site.installation.model.figures,
        additions: site.additions(for: frame.session.account), frame, connection)
    }
    let page = SearchPage(answer: answer, isShortened: typed.count > SearchQuery.longest)
    return site.page("Recherche", at: nil, page.html(), frame, searching: answer.query.text)
  }

  @Sendable private func answer(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let typed = Self.typed(request)
    let (answer, _) = try await site.read(request, context) { connection, frame in
      // What one may add stands in the palette already.
      try SearchAnswer(
        SearchQuery(typed), limit: 4, figures: site.installation.model.figures, additions: [], frame, connection)
    }
    return try .json(PaletteGroup.all(of: answer))
  }

  private static func typed(_ request: Request) -> String { request.queryItems.last { $0.name == "q" }?.value ?? "" }
}

/// What the palette reads of an answer.
private struct PaletteGroup: Encodable {
  struct Item: Encodable {
    let titre: String
    let detail: String
    let type: String?
    /// How the type is drawn.
    let forme: String?
    let lien: String
    /// A reference or a number was typed whole.
    let exacte: Bool
  }

  let titre: String
  let nombre: String
  let tout: String?
  let fiches: [Item]

  static func all(of answer: SearchAnswer) -> [PaletteGroup] {
    answer.groups.map { group in
      PaletteGroup(
        titre: group.title, nombre: group.count, tout: group.lists.first?.link?.address,
        fiches: group.items.prefix(4).map {
          Item(
            titre: $0.title, detail: $0.detail, type: $0.type?.label, forme: $0.type.map { Badge.typeClass($0.code) },
            lien: $0.link.address,
            exacte: $0.isExact)
        })
    }
  }
}
