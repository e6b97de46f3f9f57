import Federation
import Hummingbird
import Markup
import Records
import Store
import WebSupport

/// What somebody typed when their session had ended, or changed in another tab: it is shown again and sent from there.
struct HeldForm: Sendable {
  let action: Link
  private let items: [(name: String, value: String)]

  /// `nil` for forms that hold nothing worth keeping, or a password.
  init?(_ request: Request, _ form: FormItems, of pages: [RecordPages]) {
    guard let action = Link(ownPath: request.uri.path), pages.contains(where: { action.address.hasPrefix("\($0.path.address)/") }) else {
      return nil
    }
    self.action = action
    items = form.items.filter { $0.name != "csrf" }
    guard !typed.isEmpty else { return nil }
  }

  /// What forms send beside what people type.
  private static let technical: Set = [
    "fiche", "version", "tache", "accepte", "retour", "suite_action", "suite_qui", "commentaire", restoring.name,
  ]

  private var typed: [(name: String, value: String)] {
    items.filter { !$0.value.isEmpty && !Self.technical.contains($0.name) }
  }

  static let title = "Rien n’est perdu"

  /// - Parameters:
  ///   - csrf: of the session that is open now; without one, signing in comes first.
  ///   - labels: of the fields, by name.
  func html(csrf: String?, labels: [String: String]) -> HTML {
    let facts = Facts(
      typed.map { Facts.Fact(labels[$0.name.replacing("_texte", with: "")] ?? $0.name, $0.value.replacing("|", with: ", ")) })
    return """
      <section class="carte pile" aria-labelledby="t-garde"><h1 id="t-garde">\(Self.title)</h1>
      <p>\(csrf == nil ? Self.ended : Self.changed)</p>
      \(facts.html)
      <form class="rangee" method="post" action="\(action)">\(each: items, { hidden($0.name, $0.value) })\(hidden("csrf", csrf ?? ""))\
      \(csrf == nil ? Self.signIn : .empty)<button class="bouton\(csrf == nil ? "" : " principal")">Enregistrer</button></form></section>
      """
  }

  /// What asks that the record comes out of the bin before the form is taken.
  static let restoring = (name: "retablir", value: "oui")

  /// For a record that was thrown away while somebody typed.
  /// - Parameter mayRestore: it is in the bin, and the reader may take it out; else the words are shown, to be kept elsewhere.
  func html(gone mayRestore: Bool, csrf: String, labels: [String: String]) -> HTML {
    let send: HTML = """
      <form class="rangee" method="post" action="\(action)">\(each: items, { hidden($0.name, $0.value) })\(hidden("csrf", csrf))\
      \(hidden(Self.restoring.name, Self.restoring.value))<button class="bouton principal">Rétablir la fiche et enregistrer</button></form>
      """
    let facts = Facts(
      typed.map { Facts.Fact(labels[$0.name.replacing("_texte", with: "")] ?? $0.name, $0.value.replacing("|", with: ", ")) })
    return """
      <section class="carte pile" aria-labelledby="t-garde"><h1 id="t-garde">\(Self.title)</h1>
      <p>\(mayRestore ? Self.inBin : Self.lost)</p>
      \(facts.html)
      \(mayRestore ? send : .empty)</section>
      """
  }

  private static let inBin =
    "Cette fiche a été mise à la corbeille pendant votre saisie. Voici ce que vous aviez écrit\u{A0}: rétablissez la fiche pour l’enregistrer."
  private static let lost =
    "Cette fiche n’est plus là\u{A0}: elle a été mise à la corbeille ou effacée pendant votre saisie. Voici ce que vous aviez écrit\u{A0}: "
    + "copiez-le, et demandez à qui tient ces fiches de rétablir celle-ci."
  private static let ended =
    "Votre session est terminée. Reconnectez-vous dans un autre onglet, puis revenez ici enregistrer ce que vous aviez saisi."
  private static let changed =
    "Votre session a changé depuis que ce formulaire a été ouvert. Voici ce que vous aviez saisi\u{A0}: il reste à l’enregistrer."
  private static let signIn: HTML = """
    <a class="bouton principal" href="/connexion" target="_blank" rel="noopener">Se reconnecter</a>
    """
}

extension Site {
  /// What somebody sent for a record that is no longer there: shown again, with the way to keep it.
  func goneForm(
    _ kind: some RecordKind, _ id: Int64, _ pages: RecordPages, _ request: Request, _ form: FormItems, _ context: SignedInContext
  ) async throws -> Response {
    guard let held = HeldForm(request, form, of: [pages]) else {
      throw Missing(sentence: "Cette fiche a été mise à la corbeille pendant votre saisie.")
    }
    let (mayRestore, frame) = try await read(request, context) { connection, frame in
      try frame.session.account.mayWrite(pages.area, id, connection) && RecordForm.isInBin(kind, id, connection)
    }
    let content = held.html(gone: mayRestore, csrf: frame.session.csrf, labels: fieldLabels)
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

  /// The labels of the fields that forms show.
  var fieldLabels: [String: String] {
    func labels(of kind: some RecordKind) -> [(String, String)] { kind.fields.map { ($0.name, $0.label) } }
    let all = installation.model.kinds.filter { kind in recordPages.contains { $0.kind == kind.name } }.flatMap { labels(of: $0) }
    return Dictionary(all + [("suite", "Prochaine étape"), ("suite_date", "Avant le")], uniquingKeysWith: { first, _ in first })
  }
}
