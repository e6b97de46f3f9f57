import Federation
import Hummingbird
import Markup
import Records
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
  private static let technical: Set = ["fiche", "version", "tache", "accepte", "retour", "suite_action", "suite_qui"]

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

  private static let ended =
    "Votre session est terminée. Reconnectez-vous dans un autre onglet, puis revenez ici enregistrer ce que vous aviez saisi."
  private static let changed =
    "Votre session a changé depuis que ce formulaire a été ouvert. Voici ce que vous aviez saisi\u{A0}: il reste à l’enregistrer."
  private static let signIn: HTML = """
    <a class="bouton principal" href="/connexion" target="_blank" rel="noopener">Se reconnecter</a>
    """
}

extension Site {
  /// The labels of the fields that forms show.
  var fieldLabels: [String: String] {
    func labels(of kind: some RecordKind) -> [(String, String)] { kind.fields.map { ($0.name, $0.label) } }
    let all = installation.model.kinds.filter { kind in recordPages.contains { $0.kind == kind.name } }.flatMap { labels(of: $0) }
    return Dictionary(all + [("suite", "Prochaine étape"), ("suite_date", "Avant le")], uniquingKeysWith: { first, _ in first })
  }
}
