import Markup
import WebSupport

/// `/compte`: what somebody signed in sees and settles of their own account.
struct AccountPage: Sendable {
  struct Session: Sendable {
    var browser: String?
    /// « 21 nov. 2026 à 11 h 05 ».
    var since: String
    /// « 21 nov. 2026 vers 11 h ».
    var lastSeen: String
    var isThisOne: Bool
    var end: Link
  }

  var name: String
  var email: String
  var role: String
  /// What the person may work as instead, from the account menu.
  var otherRoles: [String] = []
  var territory: String?
  var sessions: [Session]
  var csrf: String
  /// Came by a link a short while ago: the present password may be forgotten.
  var mayForgetPassword = false
  var secondFactor: SecondFactorCard
  /// Where browsers have passkeys.
  var passkeys: PasskeyCard?
  var feed: PersonalKeyCard
  var key: PersonalKeyCard
  /// For whoever is told of anything.
  var notices: NoticeChoicesCard?
  /// The role has tasks, and so something to hand over.
  var mayHandOver = false
  /// What was refused in the form of the password.
  var fault: (field: String, sentence: String)?

  func html() -> HTML {
    """
    \(PageHeader("Mon compte", sentence: "Vos accès, votre mot de passe et les appareils où vous êtes connecté.").html)
    <div class="duo">
    <div class="pile">\(secondFactor.html)\(passkeys.map(\.html))\(sessionsCard)\(showsFeed ? feed.html : .empty)\(key.html)</div>
    <div class="pile">\(Card("fiche", "Fiche", Facts(facts).html).html)\(mayHandOver ? portfolio : .empty)\(notices.map(\.html))\(passwordCard)</div>
    </div>
    """
  }

  private var facts: [Facts.Fact] {
    let others = otherRoles.isEmpty ? nil : Facts.Fact("Autres rôles", otherRoles.joined(separator: ", "))
    let place = territory.map { Facts.Fact("Territoire", $0) }
    return [.init("Nom", name), .init("Courriel", email), .init("Rôle", role)] + [others, place].compactMap(\.self)
  }

  /// A role without tasks has nothing to follow, but may take back what another one made.
  private var showsFeed: Bool { feed.mayMake || feed.standing != nil }

  private var portfolio: HTML {
    Card(
      "portefeuille", "Ce que vous suivez",
      """
      <div class="pile"><p class="note">Vos équipes, vos tâches et vos rendez-vous, à confier pour de bon ou le temps d’une absence.</p>\
      <div class="rangee"><a class="bouton" href="/compte/passation">Passer la main</a></div></div>
      """
    ).html
  }

  private var sessionsCard: HTML {
    Card(
      "sessions", "Sessions ouvertes",
      """
      <ul class="liste">\(each: sessions, session)</ul>
      <footer>\(endAll)</footer>
      """
    ).html
  }

  private func session(_ session: Session) -> HTML {
    """
    <li><div class="corps"><span class="titre">\(session.browser ?? "Navigateur inconnu")</span>\
    <small>Ouverte le \(session.since), vue le \(session.lastSeen)</small></div>\
    <div class="fin">\(session.isThisOne ? Badge.state("cette session", .good) : endOne(session))</div></li>
    """
  }

  private func endOne(_ session: Session) -> HTML {
    """
    <form method="post" action="\(session.end)">\(token)<button class="bouton petit">Déconnecter\
    <span class="sr"> \(session.browser ?? "le navigateur inconnu"), session ouverte le \(session.since)</span></button></form>
    """
  }

  private var endAll: HTML {
    """
    <form class="rangee" method="post" action="/compte/sessions/fin">\(token)<button class="bouton danger">Déconnecter partout</button>\
    <small>Y compris ici.</small></form>
    """
  }

  private var passwordCard: HTML {
    Card(
      "mot-de-passe", "Mot de passe",
      """
      <form class="pile" method="post" action="/compte/mot-de-passe">\(token)
      \(mayForgetPassword ? .empty : field("ancien", "Mot de passe actuel", .password))
      \(field("nouveau", "Nouveau mot de passe", .newPassword, help: "Au moins 12 caractères\u{A0}: une phrase se retient bien."))
      \(field("encore", "Nouveau mot de passe, encore une fois", .newPassword))
      <div class="rangee"><button class="bouton principal">Changer de mot de passe</button>\
      <small>Vos autres sessions seront fermées.</small></div>
      </form>
      """
    ).html
  }

  private func field(_ name: String, _ label: String, _ kind: CredentialField.Kind, help: HTML = .empty) -> HTML {
    let error = fault?.field == name ? fault?.sentence : nil
    return CredentialField(name, label, kind, help: help, error: error, hasFocus: error != nil).html
  }

  private var token: HTML {
    """
    <input type="hidden" name="csrf" value="\(csrf)">
    """
  }
}
