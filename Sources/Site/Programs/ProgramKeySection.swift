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
    let form = try await site.form(request, context)
    let page = AccountSection(site: site)
    return try await page.refusing(request, context) {
      var news = AccountSection.News()
      news.programKey = try await site.installation.accounts.makeProgramKey(in: context.session, password: form["actuel_cle"])
      return try await page.show(request, context.session, news)
    }
  }

  @Sendable private func withdraw(_ request: Request, _ context: SignedInContext) async throws -> Response {
    _ = try await site.form(request, context)
    try await site.installation.accounts.withdrawProgramKey(of: context.session.account.id)
    return .seeOther(AccountSection.Deed.keyEnd.link)
  }
}

extension PersonalKeyCard.Words {
  static let programs = PersonalKeyCard.Words(
    anchor: "cle", path: "/compte/cle", title: "Clé pour un programme",
    purpose: """
      Un tableur ou un autre logiciel lit avec elle les listes et les chiffres que vous lisez, en .json, .csv ou .xlsx. Qui a la clé les \
      lit\u{A0}: ne la partagez pas.
      """,
    field: (
      "cle-programme", "Votre clé",
      """
      Copiez-la maintenant\u{A0}: elle ne sera plus montrée. Un programme l’envoie dans l’en-tête «\u{202F}Authorization: Bearer\u{202F}».
      """
    ), made: "Clé créée", earlier: "L’ancienne n’ouvre plus rien quand vous en changez.", make: "Créer une clé", change: "Changer de clé",
    withdraw: "Retirer la clé")
}
