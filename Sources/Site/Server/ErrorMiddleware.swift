import Documents
import Federation
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import Markup
import Records
import Store
import WebSupport

/// Turns whatever goes wrong into a page that helps, and a reference number that finds it in the logs.
struct ErrorMiddleware: RouterMiddleware {
  let site: Site

  func handle(
    _ request: Request, context: SiteContext, next: (Request, SiteContext) async throws -> Response
  ) async throws -> Response {
    do {
      return try await next(request, context)
    } catch let error as HTTPError where error.status == .unauthorized {
      return await signedOut(request)
    } catch let error as ClosedArea {
      if request.asksForValues, let answer = Self.cell("Votre rôle ne permet pas d’enregistrer ici\u{A0}: rien n’est changé.", .forbidden) {
        return answer
      }
      // The role was changed in another tab while somebody typed.
      if let held = await held(request), let shown = await page(held, request, closed: error) { return shown }
      return await page(error.status, request)
    } catch let error as any HTTPResponseError {
      return await page(error.status, request)
    } catch let error as StaleForm {
      if request.asksForValues, let answer = Self.cell("Votre session a changé\u{A0}: enregistrez à nouveau.", .forbidden) { return answer }
      if let held = error.held, let shown = await page(held, request) { return shown }
      return await page(.forbidden, request, sentence: StaleForm.sentence, title: "Ce formulaire a expiré")
    } catch let error as Missing {
      return await page(.notFound, request, sentence: error.sentence)
    } catch let error as Elsewhere {
      return .seeOther(error.link)
    } catch let error as Refusal {
      return await page(.badRequest, request, sentence: French.typeset(error.sentence))
    } catch let error as TooManyAttempts {
      return await page(.tooManyRequests, request, sentence: error.sentence).retry(after: error.seconds)
    } catch let error as TooManyWaiting {
      return await page(.serviceUnavailable, request, sentence: error.sentence).retry(after: TooManyWaiting.seconds)
    } catch DocumentFailure.busy {
      let sentence = French.typeset(DocumentFailure.busy.description)
      return await page(.serviceUnavailable, request, sentence: sentence).retry(after: 60)
    } catch {
      let reference = IdentifierSource().next(Site.self).description
      // The route's pattern, never the address: addresses hold what people search for. Of an error that is not ours its type alone,
      // for what it says may repeat what somebody typed.
      let kind = (error as? DatabaseError)?.debugDescription ?? (error as? DocumentFailure)?.fault ?? String(reflecting: type(of: error))
      context.logger.error(
        "request failed", metadata: ["reference": "\(reference)", "route": "\(context.endpointPath ?? "none")", "error": "\(kind)"])
      // Whoever typed something must know that it is not kept, and an operator what to do.
      let isFull = (error as? DatabaseError)?.kind == .diskFull
      return await page(.internalServerError, request, reference: reference, sentence: isFull ? "\(error)" : nil)
    }
  }

  /// What was typed, for somebody whose session is open.
  /// - Parameter closed: what their role does not open.
  private func page(_ held: HeldForm, _ request: Request, closed: ClosedArea? = nil) async -> Response? {
    guard let session = try? await session(request),
      let (facts, frame) = try? await site.read(request, session, { connection, _ in try site.facts(held, isSignedIn: true, connection) })
    else { return nil }
    guard !facts.isEmpty else { return nil }
    let account = session.account
    var way = HeldForm.Way.send(csrf: session.csrf)
    if let closed {
      let others = account.roles.filter { $0 != account.role && $0.scope(closed.verb, closed.area) != .none }
      way = .closed(role: account.role.label, others: others.map(\.label), csrf: session.csrf)
    }
    return site.page(HeldForm.title, at: nil, held.html(way, facts), frame, status: .forbidden)
  }

  /// What a page of the site has just sent.
  private func held(_ request: Request) async -> HeldForm? {
    guard request.method == .post, !request.hasOtherOrigin, !request.hasFiles, let form = try? await request.form() else { return nil }
    return HeldForm(request, form)
  }

  /// Nobody is signed in: what was typed is held, and the way in says why one is there.
  private func signedOut(_ request: Request) async -> Response {
    let ended = "Votre session est terminée\u{A0}: rien n’est enregistré. Reconnectez-vous, puis enregistrez à nouveau."
    if request.asksForValues, let answer = Self.cell(ended, .unauthorized) { return answer }
    // Whoever wanted out is out.
    guard request.method == .post, !request.isFromElsewhere, request.uri.path != "/deconnexion" else {
      return .seeOther(Link("/connexion", query: Self.returnPath(request)))
    }
    if let held = await held(request) {
      let facts = try? await site.installation.database.read { try site.facts(held, isSignedIn: false, $0) }
      // A button alone has nothing that was typed; what could not be read was.
      if facts?.isEmpty != true {
        let layout = Layout(title: HeldForm.title, theme: request.theme)
        return .page(layout.html(held.html(.signedOut, facts ?? [])), status: .unauthorized)
      }
    }
    // The page that one was on, to begin again from.
    let from = request.headers[.referer].flatMap { URLComponents(string: $0) }.flatMap { address in
      Link(ownPath: address.percentEncodedPath + (address.percentEncodedQuery.map { "?\($0)" } ?? ""))
    }
    let news = request.hasFiles ? SignInSection.News.endedWithFile : .ended
    return .seeOther(Link("/connexion", query: [("fait", news.rawValue)] + (from.map { [("suite", $0.address)] } ?? [])))
  }

  /// For the script of a cell, which shows the sentence where the value was typed.
  private static func cell(_ sentence: String, _ status: HTTPResponse.Status) -> Response? {
    let isOut = status == .unauthorized
    return try? .json(
      CellAnswer(faute: sentence, lien: isOut ? "/connexion" : nil, mot: isOut ? "Se reconnecter" : nil), status: status)
  }

  /// Only pages that can be asked for again are worth coming back to.
  private static func returnPath(_ request: Request) -> [(String, String)] {
    guard request.method == .get, request.uri.string != "/" else { return [] }
    return [("suite", request.uri.string)]
  }

  private func page(
    _ status: HTTPResponse.Status, _ request: Request, reference: String? = nil, sentence: String? = nil,
    title: String? = nil
  ) async -> Response {
    let page = ErrorPage(status: status.code, reference: reference, sentence: sentence, ownTitle: title)
    if status.kind == .clientError, let house = try? await pageOfTheHouse(page, request, status) { return house }
    // The error may be the database's: the page must not need it.
    let layout = Layout(title: page.title, theme: request.theme)
    return .page(layout.html(page.html()), status: status)
  }

  private func session(_ request: Request) async throws -> Session? {
    guard let secret = request.cookies[site.cookies.session]?.value else { return nil }
    return try await site.installation.accounts.session(secret: secret)
  }

  /// The same page with the menu, for somebody who has signed in: the way on is not lost with the page.
  private func pageOfTheHouse(_ page: ErrorPage, _ request: Request, _ status: HTTPResponse.Status) async throws -> Response? {
    guard let session = try await session(request) else { return nil }
    let (_, frame) = try await site.read(request, session) { _, _ in }
    return site.page(page.title, at: nil, page.html(), frame, status: status)
  }
}

/// The form was not made for this session: it is from before signing in again, or from elsewhere.
struct StaleForm: Error {
  /// What was typed, when it is worth keeping.
  var held: HeldForm?

  static let sentence = "Rien n’a été fait. Revenez à la page précédente, rechargez-la, puis recommencez."
}

/// The role that one works under does not open this.
struct ClosedArea: HTTPResponseError {
  let area: Area
  let verb: Verb
  var status: HTTPResponse.Status { .forbidden }

  func response(from request: Request, context: some RequestContext) throws -> Response { Response(status: status) }
}

/// There is no such page, and a sentence can say why.
struct Missing: Error {
  let sentence: String
}

/// What was asked for stands at another address.
struct Elsewhere: Error {
  let link: Link
}

extension Request {
  /// A script that shows a sentence by itself, and no page.
  fileprivate var asksForValues: Bool { method == .post && headers[.accept]?.hasPrefix("application/json") == true }

  fileprivate var hasFiles: Bool { headers[.contentType]?.lowercased().hasPrefix("multipart/") == true }
}
