import Federation
import Markup
import Records
import Store
import WebSupport

extension Site {
  /// `/contacts/…`: what people do in organisations, which their organisation's page shows.
  var contactParts: PartSection {
    PartSection(site: self, path: "contacts", list: "/organisations") { contact, connection in
      try OrganisationContact.organisation(of: Identifier(rawValue: contact), connection).map(Link.organisation)
    }
  }

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
