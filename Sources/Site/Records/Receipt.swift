import Federation
import Hummingbird
import Markup
import Records
import Store
import WebSupport

/// What a form did, told on the page that follows: it stands in that page's address.
enum Receipt: String, CaseIterable {
  case created = "cree"
  case changed = "modifie"
  case unchanged = "inchange"
  case removed = "corbeille"
  case restored = "retabli"
  case undone = "annule"
  case completed = "fait"
  case reopened = "rouvert"
  case viewSaved = "vue_enregistree"
  case viewRemoved = "vue_supprimee"
  /// An exchange, to which a file may now be joined.
  case noted = "note"
  case attached = "piece"
  case attachedSeveral = "pieces"
  case detached = "piece_retiree"
  case commented = "commentaire"
  case settled = "commentaire_regle"
  case commentChanged = "commentaire_modifie"
  case commentRemoved = "commentaire_supprime"
  case watched = "suivie"
  case unwatched = "non_suivie"
  case merged = "fusion"
  case unmerged = "fusion_defaite"
  case toldApart = "ecartes"
  case likened = "repris"
  case standIn = "remplacement"
  case standInEnded = "remplacement_fini"
  case anonymised = "anonymisee"
  case anonymisedSeveral = "anonymisees"
  case requestsAnonymised = "demandes_anonymisees"
  case anonymisedUnlisted = "anonymisee_sans_liste"
  case invited = "invites"
  case paid = "paye"

  static let parameter = "fait"
  /// Which change of which record it is about.
  static let changeParameter = "modification"
  /// What an address tells of what was just done, and no list asks for.
  static let items: Set<String> = [parameter, "fiche", changeParameter]

  fileprivate var sentence: String {
    switch self {
    case .created: "La fiche est enregistrée."
    case .changed: "Les modifications sont enregistrées."
    case .unchanged: "Rien n’avait changé."
    case .removed: "La fiche est dans la corbeille."
    case .restored: "La fiche est rétablie."
    case .undone: "La modification est annulée."
    case .completed: "C’est fait."
    case .reopened: "La tâche est à nouveau à faire."
    case .viewSaved: "La vue est enregistrée."
    case .viewRemoved: "La vue est supprimée."
    case .noted: "L’échange est enregistré."
    case .attached: "La pièce est jointe."
    case .attachedSeveral: "Les pièces sont jointes."
    case .detached: "La pièce est dans la corbeille."
    case .commented: "Le commentaire est enregistré."
    case .settled: "Le commentaire est réglé."
    case .commentChanged: "Le commentaire est modifié."
    case .commentRemoved: "Le commentaire est supprimé."
    case .watched: "Vous serez prévenu des nouveautés de cette fiche."
    case .unwatched: "Vous ne serez plus prévenu des nouveautés de cette fiche."
    case .merged: "Les deux fiches n’en font plus qu’une."
    case .unmerged: "Les deux fiches sont à nouveau comme avant la fusion."
    case .toldApart: "C’est retenu\u{A0}: ces deux fiches ne seront plus proposées."
    case .anonymised: "La personne est anonymisée."
    case .anonymisedSeveral: "Les personnes sont anonymisées."
    case .requestsAnonymised: "Les demandes sont anonymisées."
    case .anonymisedUnlisted:
      "C’est fait, mais la liste des anonymisations n’a pas pu être écrite à côté de la base\u{A0}: dites-le à l’administration technique avant de restaurer une sauvegarde."
    case .invited: "Les invitations partent\u{A0}: les réponses s’afficheront ici."
    case .paid: "Le paiement est enregistré\u{A0}: son fichier est prêt pour la trésorerie."
    case .standIn: "Le remplacement est enregistré."
    case .standInEnded: "Le remplacement est arrêté."
    case .likened: "Ces deux fiches sont à nouveau comparées."
    }
  }

  /// What any page tells of the exchange that was noted over it: which one it is, and the way to it.
  static func news(
    _ items: [(name: String, value: String)], on path: String, for reader: Account, _ connection: any Connection
  ) throws -> [Message] {
    guard items.last(where: { $0.name == parameter })?.value == Receipt.noted.rawValue else { return [] }
    let told = Receipt.noted.sentence
    guard let id = items.last(where: { $0.name == "fiche" }).flatMap({ Identifier<Exchange>($0.value) }),
      let exchange = try ExchangeSummary.one(id, for: reader, connection)
    else { return [Message(.success, told)] }
    let teams = exchange.teams.map(\.name)
    let with = teams.count > 3 ? "avec \(teams.count) équipes" : teams.isEmpty ? "sans équipe" : "avec \(teams.joined(separator: ", "))"
    let page = Link.exchange(id)
    let files = LinkedText("Joindre un fichier", Link("/echanges/\(id.description)#t-pieces")).html
    let ways: HTML = path == page.address ? files : "\(LinkedText("Voir l’échange", page).html) · \(files)"
    return [Message(.success, content: "<strong>\(told)</strong> \(French.day(exchange.date.description)), \(with). \(ways)")]
  }

  /// - Parameters:
  ///   - path: the list, for the way back out of the bin.
  static func messages(_ request: Request, path: Link? = nil, csrf: String? = nil) -> [Message] {
    let items = request.queryItems
    guard let receipt = items.last(where: { $0.name == parameter }).flatMap({ Receipt(rawValue: $0.value) }) else { return [] }
    // Told on any page, with the way back.
    if receipt == .noted || receipt == .changed && items.contains(where: { $0.name == changeParameter }) { return [] }
    if receipt == .anonymisedUnlisted { return [Message(.warning, receipt.sentence)] }
    let way: (label: String, path: Link?, page: String)? =
      switch receipt {
      case .removed: ("Rétablir", path, "retablir")
      case .completed: ("Rouvrir", "/taches", "rouvrir")
      case .viewRemoved: ("Rétablir", "/vues", "retablir")
      case .detached: ("Rétablir", Link.attachments, "retablir")
      case .commentRemoved: ("Rétablir", Link.comments, "retablir")
      case .commentChanged: ("Annuler", Link.comments, "annulation")
      default: nil
      }
    guard let way, let path = way.path, let csrf, let id = items.last(where: { $0.name == "fiche" })?.value,
      Identifier<Site>(id) != nil
    else { return [Message(receipt == .unchanged ? .information : .success, receipt.sentence)] }
    let button = PostButton(way.label, action: path.appending(id).appending(way.page), csrf: csrf)
    return [Message(.success, content: "\(receipt.sentence) \(button.html)")]
  }
}

extension Site {
  /// The page that follows a change, which offers its way back.
  func page(_ link: Link, after version: Int, of record: Int64, kind: String) -> Link {
    link.adding(Receipt.changeParameter, "\(kind).\(Identifier<Site>(rawValue: record)).\(version)")
  }

  /// What was just changed on a record, with its way back; nothing for what names no change.
  func changeNews(_ items: [(name: String, value: String)], csrf: String) -> [Message] {
    let parts = items.last { $0.name == Receipt.changeParameter }?.value.split(separator: ".").map(String.init) ?? []
    guard items.last(where: { $0.name == Receipt.parameter })?.value == Receipt.changed.rawValue, parts.count == 3,
      let pages = recordPages.first(where: { $0.kind == parts[0] }), let record = Identifier<Site>(parts[1]), let version = Int(parts[2])
    else { return [] }
    let button = PostButton(
      "Annuler", action: pages.link(record.rawValue).appending("historique"), csrf: csrf, hidden: [("version", String(version))])
    return [Message(.success, content: "\(Receipt.changed.sentence) \(button.html)")]
  }
}
