import Federation
import Hummingbird
import Markup
import Records
import Store
import WebSupport

/// `/etapes/…`: the dated stages and marks of teams. Each is shown on its team's page, where its own addresses lead.
struct StatesSection {
  let site: Site

  func add(to routes: RouterGroup<SignedInContext>) {
    routes.get("etapes") { request, context in
      try await team(request.queryItems.last { $0.name == "fiche" }?.value, request, or: "/structures")
    }
    routes.get("etapes/{id}") { request, context in
      try await team(context.parameters.require("id"), request, or: nil)
    }
  }

  /// To the team's history, with what a form did.
  /// - Parameter other: where to, when no state is meant.
  private func team(_ state: String?, _ request: Request, or other: Link?) async throws -> Response {
    var page = other
    if let id = state.flatMap({ Identifier<Site>($0) }),
      let found = try await site.installation.database.read({ try StructureSheet.team(ofState: id.rawValue, $0) })
    {
      page = Link.structure(found).adding("o", "etapes")
    }
    guard let page else { throw HTTPError(.notFound) }
    let told = request.queryItems.filter { [Receipt.parameter, "fiche"].contains($0.name) }
    return .seeOther(told.reduce(page) { $0.adding($1.name, $1.value) })
  }
}

extension Site {
  /// Dating a stage or a mark of a team, and mending it.
  var statePages: RecordPages {
    let layouts: [RecordFormBuilder.Layout] = [
      .init("structure"), .init("etat", label: "Étape ou repère"), .init("depuis", label: "Depuis le"),
      .init("jusqua", label: "Jusqu’au", help: "Dernier jour compris ; vide : l’étape suivante la termine, un repère dure."),
      .init("note", isWide: true),
    ]
    return RecordPages(
      site: self, kind: "etats", path: "/etapes", place: .structures, area: .directory,
      words: RecordWords(list: "Structures", new: "Nouvelle étape", change: "Modifier l’étape") { $0["structure", default: "Étape"] },
      layouts: layouts,
      isPart: true,
      shown: { entries, _ in
        // A state stays with its team, which the form is told where it is opened.
        entries["structure", default: ""].isEmpty ? nil : layouts.filter { $0.name != "structure" }
      },
      aid: { _, entries, _, connection in
        let team = entries["structure", default: ""]
        let name = try Naming.structures.names(of: [team], connection)[team]
        return name.map { "<p class=\"note\">Équipe\u{A0}: \($0.offered)</p>" } ?? .empty
      })
  }
}
