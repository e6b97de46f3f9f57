import Federation
import HTTPTypes
import Hummingbird
import Markup
import Records
import Store
import Tables
import WebSupport

/// `/fiche/…` (DIR-15): open to whoever has the link. Reading it changes nothing; a button answers.
struct PublicSheetSection {
  let site: Site

  private var door: SheetDoor { SheetDoor(site.installation) }

  func add(to routes: RouterGroup<SiteContext>) {
    routes.get("fiche/{token}") { request, context in try await page(request, context) }
    routes.post("fiche/{token}", use: answer)
  }

  private func page(
    _ request: Request, _ context: SiteContext, sent: FormItems = .none, faults: [String: String] = [:], messages: [Message] = [],
    status: HTTPResponse.Status = .ok
  ) async throws -> Response {
    let token = try context.parameters.require("token")
    switch try await door.open(token) {
    case .closed(let federation):
      return .page(
        PublicSheetNotice(
          title: "Ce lien ne sert plus",
          sentence: "Il a expiré, ou la fiche n’est plus dans l’annuaire. Demandez-en un autre à la fédération.",
          federation: federation, theme: request.theme
        ).html(), status: .notFound)
    case .answered(let day, let federation):
      return .page(
        PublicSheetNotice(
          title: "Merci, votre réponse est arrivée",
          sentence: "Vous avez répondu le \(French.fullDay(day.description)). Vous pouvez fermer cette page.", federation: federation,
          theme: request.theme
        ).html())
    case .open(let opened):
      let csrf = Accounts.secret()
      let lists = try await site.installation.database.read { try ReferenceLists($0) }
      let page = PublicSheetPage(
        opened: opened, path: Link("/fiche").appending(token), csrf: csrf, lists: lists, sent: sent, faults: faults, messages: messages,
        theme: request.theme)
      var response = Response.page(page.html(), status: status)
      response.setCookie(site.cookies.cookie(site.cookies.form, csrf))
      return response
    }
  }

  @Sendable private func answer(_ request: Request, _ context: SiteContext) async throws -> Response {
    let token = try context.parameters.require("token")
    let form = try await request.form()
    guard site.isOwnDoor(form, request) else {
      let again = Message(.warning, "La page a été rouverte entre-temps\u{A0}: relisez, puis répondez à nouveau. Rien n’est perdu.")
      return try await page(request, context, sent: form, messages: [again], status: .forbidden)
    }
    let names = SheetConfirmation.fields + [SheetConfirmation.coordination]
    func texts(_ name: (String) -> String) -> Entries {
      Dictionary(uniqueKeysWithValues: names.compactMap { field in form.value(name(field)).map { (field, $0.withoutSpacesAround) } })
    }
    let isExact = form["reponse"] == "exacte"
    do {
      let outcome = try await door.answer(
        token, shown: texts(PublicSheetPage.shownName), proposed: isExact ? nil : texts { $0 }, from: site.origin(of: request, context))
      switch outcome {
      case .kept, .closed: return .seeOther(Link("/fiche").appending(token))
      case .refused(let faults):
        return try await page(
          request, context, sent: form, faults: faults.mapValues(French.typeset),
          messages: [Message(.error, "Rien n’est envoyé\u{A0}: corrigez les champs signalés.")], status: .unprocessableContent)
      }
    } catch let error as TooManyAttempts {
      return try await page(
        request, context, sent: form, messages: [Message(.error, error.sentence)], status: .tooManyRequests
      ).retry(after: error.seconds)
    }
  }
}
