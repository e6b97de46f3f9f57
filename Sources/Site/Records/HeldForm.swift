import Federation
import Hummingbird
import Markup
import Records
import Store
import WebSupport

/// What somebody typed when their session had ended, or changed in another tab: it is shown again and sent from there.
struct HeldForm: Sendable {
  let action: Link
  /// Without the token of the session that it was shown to.
  let form: FormItems

  /// `nil` for forms that hold nothing worth keeping, or a secret.
  init?(_ request: Request, _ form: FormItems) {
    guard let action = Link(ownPath: request.uri.path), !Self.secret.contains(where: { "\(action.address)/".hasPrefix($0) }) else {
      return nil
    }
    self.action = action
    self.form = FormItems(items: form.items.filter { $0.name != "csrf" })
    guard self.form.items.contains(where: { !$0.value.isEmpty && !Self.technical.contains($0.name) }) || isBatch else { return nil }
  }

  /// Where people type what is nobody else's to see again: passwords, codes.
  private static let secret = ["/connexion/", "/deconnexion/", "/compte/", "/lien/"]

  /// What forms send beside what people type.
  private static let technical: Set = [
    "fiche", "version", "tache", RecordPages.accepted, "retour", "suite_action", "suite_qui", "commentaire", restoring.name, "liste",
    "requete", "numero", "vu", "lot", "sens", RecordPages.onlyField,
  ]

  /// Ticked records, and what is to be done with them.
  var isBatch: Bool { action.address.hasPrefix("/lots/") && form.value(BatchBar.Names.action) != nil }

  static let title = "Rien n’est perdu"

  /// What becomes of it.
  enum Way {
    /// Nobody is signed in: signing in comes first.
    case signedOut
    /// From here, with the token of the session that is open now.
    case send(csrf: String)
    /// Not under the role that one works under; whether another of the account's roles may.
    case closed(role: String, others: [String], csrf: String)
  }

  /// - Parameter facts: what was typed, as people read it.
  func html(_ way: Way, _ facts: [Facts.Fact]) -> HTML {
    """
    <section class="carte pile" aria-labelledby="t-garde"><h1 id="t-garde">\(Self.title)</h1>
    <p>\(sentence(way))</p>
    \(Facts(facts).html)
    \(sending(way))</section>
    """
  }

  private func sentence(_ way: Way) -> String {
    switch way {
    case .signedOut: Self.ended
    case .send: Self.changed
    case .closed(let role, let others, _):
      "Votre rôle (\(role)) ne permet pas d’enregistrer ici. Voici ce que vous aviez saisi\u{A0}: "
        + (others.isEmpty
          ? "copiez-le, et confiez-le à une personne dont le rôle le permet."
          : "dans un autre onglet, reprenez le rôle «\u{202F}\(others.joined(separator: "\u{202F}» ou «\u{202F}"))\u{202F}» par le menu "
            + "de votre nom, puis revenez ici l’enregistrer.")
    }
  }

  private func sending(_ way: Way) -> HTML {
    switch way {
    case .signedOut:
      """
      <form class="rangee" method="post" action="\(action)">\(items)\(hidden("csrf", ""))\
      <a class="bouton principal" href="/connexion" target="_blank" rel="noopener">Se reconnecter</a>\
      <button class="bouton">Reprendre ma saisie</button></form>
      """
    case .closed(_, let others, _) where others.isEmpty: .empty
    case .send(let csrf), .closed(_, _, let csrf):
      """
      <form class="rangee" method="post" action="\(action)">\(items)\(hidden("csrf", csrf))\
      <button class="bouton principal">\(isBatch ? "Continuer" : "Enregistrer")</button></form>
      """
    }
  }

  private var items: HTML { "\(each: form.items, { hidden($0.name, $0.value) })" }

  /// What asks that the record comes out of the bin before the form is taken.
  static let restoring = (name: "retablir", value: "oui")

  /// For a record that was thrown away while somebody typed.
  /// - Parameter mayRestore: it is in the bin, and the reader may take it out; else the words are shown, to be kept elsewhere.
  func html(gone mayRestore: Bool, csrf: String, _ facts: [Facts.Fact]) -> HTML {
    let send: HTML = """
      <form class="rangee" method="post" action="\(action)">\(items)\(hidden("csrf", csrf))\
      \(hidden(Self.restoring.name, Self.restoring.value))<button class="bouton principal">Rétablir la fiche et enregistrer</button></form>
      """
    return """
      <section class="carte pile" aria-labelledby="t-garde"><h1 id="t-garde">\(Self.title)</h1>
      <p>\(mayRestore ? Self.inBin : Self.lost)</p>
      \(Facts(facts).html)
      \(mayRestore ? send : .empty)</section>
      """
  }

  private static let inBin =
    "Cette fiche a été mise à la corbeille pendant votre saisie. Voici ce que vous aviez écrit\u{A0}: rétablissez la fiche pour l’enregistrer."
  private static let lost =
    "Cette fiche n’est plus là\u{A0}: elle a été mise à la corbeille ou effacée pendant votre saisie. Voici ce que vous aviez écrit\u{A0}: "
    + "copiez-le, et demandez à qui tient ces fiches de rétablir celle-ci."
  private static let ended =
    "Votre session est terminée\u{A0}: rien n’est encore enregistré. Reconnectez-vous dans un autre onglet, puis revenez ici et choisissez "
    + "«\u{202F}Reprendre ma saisie\u{202F}»\u{A0}: elle vous sera montrée une fois de plus, à enregistrer."
  private static let changed =
    "Ce formulaire a été ouvert dans une autre session que celle d’aujourd’hui\u{A0}: rien n’est encore enregistré. Voici ce que vous aviez "
    + "saisi\u{A0}: relisez, il reste à l’enregistrer."
}

extension Site {
  /// What somebody sent for a record that is no longer there: shown again, with the way to keep it.
  func goneForm(
    _ kind: some RecordKind, _ id: Int64, _ pages: RecordPages, _ request: Request, _ form: FormItems, _ context: SignedInContext
  ) async throws -> Response {
    guard let held = HeldForm(request, form) else {
      throw Missing(sentence: "Cette fiche a été mise à la corbeille pendant votre saisie.")
    }
    let ((mayRestore, shown), frame) = try await read(request, context) { connection, frame -> (Bool, [Facts.Fact]) in
      let mayRestore = try frame.session.account.mayWrite(pages.area, id, connection) && RecordForm.isInBin(kind, id, connection)
      return (mayRestore, try facts(held, isSignedIn: true, connection))
    }
    let content = held.html(gone: mayRestore, csrf: frame.session.csrf, shown)
    return page(HeldForm.title, at: pages.place, content, frame, status: .conflict)
  }

  /// Takes the record of a form out of the bin, where the form asks for that.
  func restore<Kind: RecordKind>(
    _ kind: Kind, _ id: Int64, _ pages: RecordPages, _ form: FormItems, _ context: SignedInContext
  ) async throws {
    guard form[HeldForm.restoring.name] == HeldForm.restoring.value else { return }
    let account = context.session.account
    let isWanted = try await installation.database.read { connection in
      try account.mayWrite(pages.area, id, connection) && RecordForm.isInBin(kind, id, connection)
    }
    if isWanted { try await installation.editor(of: kind, for: account).restore(id) }
  }
}
