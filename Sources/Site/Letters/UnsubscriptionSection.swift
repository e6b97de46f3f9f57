import Federation
import Hummingbird
import Markup
import WebSupport

/// `/desinscription/…`: the way out of letters of lists. Opening it changes nothing, for mail scanners follow links; mail programs post to
/// it without opening it (RFC 8058), so it asks for no session and no token: the link itself is the secret.
struct UnsubscriptionSection {
  let site: Site

  private var unsubscriptions: Unsubscription { site.installation.unsubscriptions }

  func add(to routes: RouterGroup<SiteContext>) {
    routes.get("desinscription/{secret}") { request, context in try await page(request, context) }
    routes.post("desinscription/{secret}") { request, context in
      try await unsubscriptions.oppose(context.parameters.require("secret"))
      return try await page(request, context)
    }
  }

  private func page(_ request: Request, _ context: SiteContext) async throws -> Response {
    let secret = try context.parameters.require("secret")
    guard let door = try await unsubscriptions.door(secret) else {
      throw Missing(sentence: "Ce lien de désinscription n’est pas, ou n’est plus, connu.")
    }
    let title = door.isDone ? "C’est noté" : "Ne plus recevoir ces courriels"
    let content: HTML =
      door.isDone
      ? """
      <section><h1>\(title)</h1><p>\(door.address) ne recevra plus les courriels que \(door.federation) écrit à plusieurs personnes. \
      Vous pouvez fermer cette page.</p></section>
      """
      : """
      <section><h1>\(title)</h1><p>\(door.federation) vous a écrit à \(door.address). Un clic suffit pour ne plus recevoir les courriels \
      qu’elle écrit à plusieurs personnes\u{202F}; on pourra toujours vous répondre.</p>
      <form method="post" action="\(Link("/desinscription").appending(secret))"><button class="bouton principal">Me désinscrire</button></form></section>
      """
    return .page(PublicPage(title: title, federation: door.federation, theme: request.theme).html(content))
  }
}
