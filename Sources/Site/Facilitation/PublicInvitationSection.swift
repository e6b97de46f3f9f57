import Federation
import HTTPTypes
import Hummingbird
import Markup
import Records
import Store
import Tables
import WebSupport

/// `/invitation/…` (FAC-01): open to whoever has the link. Reading it changes nothing; a button answers.
struct PublicInvitationSection {
  let site: Site

  private var door: InvitationDoor { InvitationDoor(site.installation) }

  func add(to routes: RouterGroup<SiteContext>) {
    routes.get("invitation/{token}") { request, context in try await page(request, context) }
    routes.post("invitation/{token}", use: answer)
  }

  private func page(
    _ request: Request, _ context: SiteContext, sent: FormItems = .none, messages: [Message] = [], status: HTTPResponse.Status = .ok
  ) async throws -> Response {
    let token = try context.parameters.require("token")
    switch try await door.open(token) {
    case .closed(let federation):
      return notice(
        "Ce lien ne sert plus", "Il a expiré, ou la demande n’est plus là. Pour toute question, répondez au courriel reçu.", federation,
        request, status: .notFound)
    case .full(let federation):
      return notice(
        "Merci, nous avons trouvé",
        "Ce n’est plus nécessaire cette fois\u{A0}: vous n’avez rien à faire. Merci d’être là pour les équipes.", federation, request)
    case .answered(let answer, let day, let opened):
      let (title, sentence) = Self.words(answer)
      let html: HTML = """
        <section><h1>\(title)</h1><p>\(sentence) Vous avez répondu le \(French.fullDay(day.description)).</p>\
        \(answer == .accepted ? PublicInvitationPage.subject(opened) : .empty)</section>
        """
      return .page(PublicPage(title: title, federation: opened.federation, theme: request.theme).html(html))
    case .open(let opened):
      let csrf = Accounts.secret()
      let page = PublicInvitationPage(
        opened: opened, path: Link("/invitation").appending(token), csrf: csrf, sent: sent, messages: messages, theme: request.theme)
      var response = Response.page(page.html(), status: status)
      response.setCookie(site.cookies.cookie(site.cookies.form, csrf))
      return response
    }
  }

  private static func words(_ answer: Invitation.Answer) -> (title: String, sentence: String) {
    switch answer {
    case .accepted:
      ("Merci, c’est noté", "Nous revenons vers vous pour la suite. Si vous avez un empêchement, répondez au courriel reçu.")
    case .late:
      (
        "Merci, les places viennent d’être prises",
        "Quelqu’un a répondu juste avant vous. Votre disponibilité est notée, nous vous ferons signe si une place se libère."
      )
    case .declined, .withdrawn: ("C’est noté, merci de votre réponse", "Vous n’avez rien d’autre à faire.")
    }
  }

  private func notice(
    _ title: String, _ sentence: String, _ federation: String, _ request: Request, status: HTTPResponse.Status = .ok
  ) -> Response {
    .page(PublicSheetNotice(title: title, sentence: sentence, federation: federation, theme: request.theme).html(), status: status)
  }

  @Sendable private func answer(_ request: Request, _ context: SiteContext) async throws -> Response {
    let token = try context.parameters.require("token")
    let form = try await request.form()
    func again(_ message: Message, _ status: HTTPResponse.Status) async throws -> Response {
      try await page(request, context, sent: form, messages: [message], status: status)
    }
    guard site.isOwnDoor(form, request) else {
      return try await again(
        Message(.warning, "La page a été rouverte entre-temps\u{A0}: relisez, puis répondez à nouveau. Rien n’est perdu."), .forbidden)
    }
    guard ["oui", "non"].contains(form["reponse"]) else {
      return try await again(Message(.error, "Dites si vous acceptez ou non."), .unprocessableContent)
    }
    let words = form["mot"].withoutSpacesAround
    do {
      let outcome = try await door.answer(
        token, accepts: form["reponse"] == "oui",
        slots: form.all(PublicInvitationPage.slot).compactMap { Identifier<InvitationSlot>($0) }, words: words.isEmpty ? nil : words,
        from: site.origin(of: request, context))
      switch outcome {
      case .kept, .closed: return .seeOther(Link("/invitation").appending(token))
      case .refused(let sentence): return try await again(Message(.error, French.typeset(sentence)), .unprocessableContent)
      }
    } catch let error as TooManyAttempts {
      return try await again(Message(.error, error.sentence), .tooManyRequests).retry(after: error.seconds)
    }
  }
}
