import Federation
import Markup
import Records
import Store
import WebSupport

extension Site {
  /// Noting a first contact that came by telephone, and changing one.
  var firstContactPages: RecordPages {
    RecordPages(
      site: self, kind: "premiers_contacts", path: "/premiers-contacts", place: .firstContacts, area: .firstContacts,
      words: RecordWords(list: "Premiers contacts", new: "Nouveau premier contact", change: "Modifier le premier contact") { entries in
        [entries["prenom"], entries["nom"]].compactMap(\.self).filter { !$0.isEmpty }.joined(separator: " ")
      },
      layouts: [
        .init("nom"), .init("prenom"), .init("profession", empty: "Profession non renseignée"), .init("courriel"), .init("telephone"),
        .init("commune", help: "Commencez son nom, ou donnez son code INSEE."), .init("recu_le"), .init("canal"), .init("projet"),
        .init("demande", isWide: true), .init("etat"), .init("charge"), .init("repondu_le"), .init("reponse", isWide: true),
        .init("structure", label: "Équipe", help: "Celle que c’est devenu, quand elle est dans l’annuaire."), .init("personne"),
      ],
      defaults: { frame in
        [
          "recu_le": frame.today.description, "canal": Channel.telephone.rawValue, "etat": FirstContactState.underWay.rawValue,
          "charge": frame.session.account.email,
        ]
      },
      batched: [.init("etat", label: "Suite donnée"), .init("charge", label: "Pris en charge par")], cells: ["etat", "charge"],
      selected: { request, frame, connection in try FirstContactList(site: self).selected(request, frame, connection) })
  }
}
