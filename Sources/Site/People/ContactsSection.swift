import Federation
import Hummingbird
import Markup
import Records
import Store
import WebSupport

/// `/contacts/…`: what people do in organisations. Each is shown on its organisation's page, where its own addresses lead.
struct ContactsSection {
  let site: Site

  func add(to routes: RouterGroup<SignedInContext>) {
    routes.get("contacts") { request, context in
      try await organisation(request.queryItems.last { $0.name == "fiche" }?.value, request, or: "/organisations")
    }
    routes.get("contacts/{id}") { request, context in
      try await organisation(context.parameters.require("id"), request, or: nil)
    }
  }

  /// To the organisation's page, with what a form did.
  /// - Parameter other: where to, when no contact is meant.
  private func organisation(_ contact: String?, _ request: Request, or other: Link?) async throws -> Response {
    var page = other
    if let id = contact.flatMap({ Identifier<OrganisationContact>($0) }),
      let found = try await site.installation.database.read({ try OrganisationContact.organisation(of: id, $0) })
    {
      page = .organisation(found)
    }
    guard let page else { throw HTTPError(.notFound) }
    let told = request.queryItems.filter { [Receipt.parameter, "fiche"].contains($0.name) }
    return .seeOther(Link(page, query: told.map { ($0.name, $0.value) }))
  }
}

extension Site {
  /// Making a contact of an organisation, and changing it.
  var contactPages: RecordPages {
    RecordPages(
      site: self, kind: "contacts", path: "/contacts", place: .organisations, area: .directory,
      words: RecordWords(list: "Contacts des organisations", new: "Nouveau contact", change: "Modifier le contact") {
        [$0["personne"], $0["organisation"]].compactMap(\.self).filter { !$0.isEmpty }.joined(separator: ", ")
      },
      layouts: [
        .init("organisation"), .init("personne", help: "Ajoutez-la d’abord à l’annuaire si elle n’y est pas."), .init("fonction"),
        .init("departements", label: "Départements suivis", help: "Numéros ou noms\u{202F}; vide\u{A0}: ceux de l’organisation."),
        .init("depuis"),
        .init("jusqua", label: "Jusqu’au", help: "Dernier jour compris."),
      ],
      isPart: true)
  }
}
