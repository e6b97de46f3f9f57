import Federation
import HTTPTypes
import Hummingbird
import Markup
import Records
import Store
import WebSupport

/// `/parler-de-mon-projet`: the public form of first contacts (SUP-04).
struct PublicContactSection {
  let site: Site

  private var door: FirstContactDoor { FirstContactDoor(site.installation) }

  func add(to routes: RouterGroup<SiteContext>) {
    routes.get("parler-de-mon-projet") { request, _ in try await page(request) }
    routes.post("parler-de-mon-projet", use: send)
    routes.get("parler-de-mon-projet/merci", use: thanks)
    routes.get("parler-de-mon-projet/communes", use: suggest)
  }

  /// - Parameter sent: what comes back with the page, and how it was sent.
  private func page(
    _ request: Request, sent: FormItems = .none, as contact: FirstContactDoor.Sent? = nil, faults: [String: String] = [:],
    messages: [Message] = [], status: HTTPResponse.Status = .ok
  ) async throws -> Response {
    let token = Accounts.secret()
    guard let opened = try await door.open(contact?.id, token: token, keeping: contact) else { throw Self.closed }
    var page = PublicContactPage(opened: opened, csrf: token, sent: sent, faults: faults, messages: messages, theme: request.theme)
    let typed = String(sent["commune"].prefix(100))
    if faults["commune"] != nil, !typed.isEmpty {
      page.communes = try await site.installation.database.read { connection in
        try Naming.communes.suggestions(typed, limit: 40, connection).map { .init($0.reference, Self.words(of: $0)) }
      }
      if page.communes.count > 1 {
        page.faults["commune"] = "Plusieurs communes peuvent porter ce nom\u{A0}: choisissez la vôtre ci-dessous, ou précisez son nom."
      }
    }
    var response = Response.page(page.html(), status: status)
    response.setCookie(site.cookies.cookie(site.cookies.form, token))
    return response
  }

  /// Few people know their commune's number; everybody knows their département's.
  private static func words(of commune: Naming.Name) -> String {
    let department = commune.reference.prefix(commune.reference.hasPrefix("97") ? 3 : 2)
    return "\(commune.name), département \(department)"
  }

  private static let closed = Missing(sentence: "La fédération n’a pas ouvert cette page\u{A0}: écrivez-lui ou appelez-la.")

  @Sendable private func send(_ request: Request, _ context: SiteContext) async throws -> Response {
    let form = try await request.form()
    // Told that it has come, a program goes away.
    guard form[PublicContactPage.trap].isEmpty else { return .seeOther(PublicContactPage.path.appending("merci")) }
    let expired = Message(
      .warning,
      "La page a été rouverte entre-temps, ou attendait depuis longtemps\u{A0}: relisez, puis envoyez à nouveau. Rien n’est perdu.")
    guard site.isOwnDoor(form, request), let id = Identifier<FirstContact>(form["fiche"]) else {
      return try await page(request, sent: form, messages: [expired], status: .forbidden)
    }
    var entries: Entries = [:]
    for field in PublicContactPage.fields { entries[field] = form[field].tidied }
    let chosen = form[PublicContactPage.chosenCommune]
    if !chosen.isEmpty { entries["commune"] = chosen }
    let sent = FirstContactDoor.Sent(
      id: id, stamp: form["sceau"], token: form["csrf"], entries: entries, agrees: form["accord"] == "oui")
    do {
      switch try await door.receive(sent, from: site.origin(of: request, context)) {
      case .kept: return .seeOther(PublicContactPage.path.appending("merci"))
      case .refused(let faults):
        return try await page(
          request, sent: form, as: sent, faults: faults.mapValues(French.typeset), status: .unprocessableContent)
      case .tooFast:
        let message = Message(.warning, "C’était très rapide\u{A0}: relisez votre demande, puis envoyez-la à nouveau.")
        return try await page(request, sent: form, as: sent, messages: [message], status: .unprocessableContent)
      case .stale: return try await page(request, sent: form, messages: [expired], status: .forbidden)
      }
    } catch let error as TooManyAttempts {
      return try await page(
        request, sent: form, as: sent, messages: [Message(.error, error.sentence)], status: .tooManyRequests
      ).retry(after: error.seconds)
    } catch is Refusal {
      throw Self.closed
    }
  }

  @Sendable private func thanks(_ request: Request, _ context: SiteContext) async throws -> Response {
    let settings = try await site.installation.database.read { try Settings($0) }
    let name = settings.text(.federationName, on: settings.today(site.installation.now()))
    return .page(PublicThanksPage(federation: name, theme: request.theme).html())
  }

  /// The names of France's communes, as one types.
  @Sendable private func suggest(_ request: Request, _ context: SiteContext) async throws -> Response {
    let words = String((request.queryItems.last { $0.name == "q" }?.value ?? "").prefix(100))
    let names = try await site.installation.database.read { try Naming.communes.suggestions(words, limit: 12, $0).map(\.offered) }
    return try .json(names)
  }
}

extension String {
  /// As a form's other texts: without what stands around it, and lines that end as ours do.
  var tidied: String {
    var lines = replacing("\r\n", with: "\n")[...]
    while lines.first?.isWhitespace == true { lines = lines.dropFirst() }
    while lines.last?.isWhitespace == true { lines = lines.dropLast() }
    return String(lines)
  }
}
