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
      // Shown, not led to: an address would stay in the browser's history. It is nobody's but the asking browser's, which says where it is.
      news.feedAddress = CalendarFeedSection.address(of: secret, siteURL: accounts.siteURL ?? request.headers[.origin])
      return try await page.show(request, context.session, news)
    }
  }

  @Sendable private func withdraw(_ request: Request, _ context: SignedInContext) async throws -> Response {
    _ = try await site.form(request, context)
    try await site.installation.accounts.withdrawCalendarFeed(of: context.session.account.id)
    return .seeOther(AccountSection.Deed.feedEnd.link)
  }
}

extension PersonalKeyCard.Words {
  static let calendar = PersonalKeyCard.Words(
    anchor: "agenda-personnel", path: "/compte/agenda", title: "Mes tâches dans mon agenda",
    purpose: """
      Une adresse secrète, à donner à l’agenda de votre téléphone ou de votre messagerie («\u{202F}S’abonner à un agenda\u{202F}»)\u{A0}: \
      vos tâches et rendez-vous à venir y apparaissent. Qui a l’adresse les lit\u{A0}: ne la partagez pas.
      """,
    field: ("adresse-agenda", "Adresse de votre agenda", "Copiez-la maintenant\u{A0}: elle ne sera plus montrée."), made: "Adresse créée",
    earlier: "L’ancienne ne répond plus quand vous en changez.", make: "Créer l’adresse", change: "Changer d’adresse",
    withdraw: "Retirer l’adresse")
}
