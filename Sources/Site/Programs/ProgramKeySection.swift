import Federation
import HTTPTypes
import Hummingbird
import Markup
import WebSupport

/// What one does on `/compte` with the key for one's own programs.
struct ProgramKeySection {
  let site: Site

  func add(to routes: RouterGroup<SignedInContext>) {
    routes.post("compte/cle", use: make)
    routes.post("compte/cle/fin", use: withdraw)
  }

  @Sendable private func make(_ request: Request, _ context: SignedInContext) async throws -> Response {
    _ = try await site.form(request, context)
    var news = AccountSection.News()
    news.programKey = try await site.installation.accounts.makeProgramKey(of: context.session.account)
    return try await AccountSection(site: site).show(request, context.session, news)
  }

  @Sendable private func withdraw(_ request: Request, _ context: SignedInContext) async throws -> Response {
    _ = try await site.form(request, context)
    try await site.installation.accounts.withdrawProgramKey(of: context.session.account.id)
    return .seeOther(AccountSection.Deed.keyEnd.link)
  }
}

/// The part of `/compte` about a key for programs.
struct ProgramKeyCard: Sendable {
  /// When the key was made, and under which role, when there is one.
  var standing: (madeAt: String, role: String)?
  /// Just made: shown this once.
  var secret: String?
  var csrf: String

  var html: HTML {
    Card(
      "cle", "Clé pour un programme",
      """
      <div class="pile"><p>Un tableur ou un autre logiciel lit avec elle les listes et les chiffres que vous lisez, en .json, .csv ou .xlsx. \
      Qui a la clé les lit\u{A0}: ne la partagez pas.</p>
      \(secret.map(shown))\(standing.map(known))
      <div class="rangee">\(button("/compte/cle", standing == nil ? "Créer une clé" : "Changer de clé", "bouton"))\
      \(standing == nil ? .empty : button("/compte/cle/fin", "Retirer la clé", "bouton danger"))</div></div>
      """
    ).html
  }

  private func shown(_ secret: String) -> HTML {
    """
    <div class="champ"><label for="cle-programme">Votre clé</label><input id="cle-programme" readonly value="\(secret)">\
    <small>Copiez-la maintenant\u{A0}: elle ne sera plus montrée. Un programme l’envoie dans l’en-tête \
    «\u{202F}Authorization: Bearer\u{202F}».</small></div>

    """
  }

  private func known(_ standing: (madeAt: String, role: String)) -> HTML {
    """
    <p class="note">Clé créée le \(standing.madeAt), sous le rôle \(standing.role). L’ancienne n’ouvre plus rien quand vous en changez.</p>
    """
  }

  private func button(_ action: Link, _ label: String, _ style: String) -> HTML {
    """
    <form method="post" action="\(action)">\(hidden("csrf", csrf))<button class="\(style)">\(label)</button></form>
    """
  }
}
