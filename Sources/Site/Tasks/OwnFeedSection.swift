import Federation
import HTTPTypes
import Hummingbird
import Markup
import WebSupport

/// What one does on `/compte` with the address for one's own calendar.
struct OwnFeedSection {
  let site: Site

  private var page: AccountSection { AccountSection(site: site) }

  func add(to routes: RouterGroup<SignedInContext>) {
    routes.post("compte/agenda", use: make)
    routes.post("compte/agenda/fin", use: withdraw)
  }

  @Sendable private func make(_ request: Request, _ context: SignedInContext) async throws -> Response {
    _ = try await site.form(request, context)
    return try await page.refusing(request, context) {
      let accounts = site.installation.accounts
      let secret = try await accounts.makeCalendarFeed(of: context.session.account)
      var news = AccountSection.News()
      // Shown, not led to: an address would stay in the browser's history.
      news.feedAddress = CalendarFeedSection.address(of: secret, siteURL: accounts.siteURL)
      return try await page.show(request, context.session, news)
    }
  }

  @Sendable private func withdraw(_ request: Request, _ context: SignedInContext) async throws -> Response {
    _ = try await site.form(request, context)
    try await site.installation.accounts.withdrawCalendarFeed(of: context.session.account.id)
    return .seeOther(AccountSection.Deed.feedEnd.link)
  }
}

/// The part of `/compte` about one's own calendar.
struct CalendarFeedCard: Sendable {
  /// When the address was made, and under which role, when there is one.
  var standing: (madeAt: String, role: String)?
  /// Just made: shown this once.
  var address: String?
  /// Whether the role that one works under has tasks.
  var mayMake: Bool
  var csrf: String

  var html: HTML {
    Card(
      "agenda-personnel", "Mes tâches dans mon agenda",
      """
      <div class="pile"><p>Une adresse secrète, à donner à l’agenda de votre téléphone ou de votre messagerie («\u{202F}S’abonner à un \
      agenda\u{202F}»)\u{A0}: vos tâches et rendez-vous à venir y apparaissent. Qui a l’adresse les lit\u{A0}: ne la partagez pas.</p>
      \(address.map(shown))\(standing.map(known))
      <div class="rangee">\(mayMake ? button("/compte/agenda", standing == nil ? "Créer l’adresse" : "Changer d’adresse", "bouton") : .empty)\
      \(standing == nil ? .empty : button("/compte/agenda/fin", "Retirer l’adresse", "bouton danger"))</div></div>
      """
    ).html
  }

  private func shown(_ address: String) -> HTML {
    """
    <div class="champ"><label for="adresse-agenda">Adresse de votre agenda</label>\
    <input id="adresse-agenda" readonly value="\(address)"><small>Copiez-la maintenant\u{A0}: elle ne sera plus montrée.</small></div>

    """
  }

  private func known(_ standing: (madeAt: String, role: String)) -> HTML {
    """
    <p class="note">Adresse créée le \(standing.madeAt), sous le rôle \(standing.role). L’ancienne ne répond plus quand vous en changez.</p>
    """
  }

  private func button(_ action: Link, _ label: String, _ style: String) -> HTML {
    """
    <form method="post" action="\(action)">\(hidden("csrf", csrf))<button class="\(style)">\(label)</button></form>
    """
  }
}
