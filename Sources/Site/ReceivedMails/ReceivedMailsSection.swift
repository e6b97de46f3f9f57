import Federation
import Foundation
import HTTPTypes
import Hummingbird
import Markup
import Records
import Store
import WebSupport

/// `/courriels-recus`: messages that were forwarded to the federation's mailbox and that nobody but a person can file (SUP-15).
struct ReceivedMailsSection {
  let site: Site

  static let path: Link = "/courriels-recus"
  static let title = "Courriels à classer"

  func add(to routes: RouterGroup<SignedInContext>) {
    routes.get("courriels-recus", use: list)
    routes.get("courriels-recus/{id}") { try await show($0, $1) }
    routes.post("courriels-recus/{id}", use: file)
    routes.post("courriels-recus/{id}/ecarter", use: dismiss)
    routes.post("courriels-recus/{id}/reprendre", use: takeBack)
    routes.post("courriels-recus/adresses", use: retry)
  }

  private func desk(_ context: SignedInContext) -> ReceivedMailDesk {
    ReceivedMailDesk(site.installation, actor: context.session.account)
  }

  private func id(_ context: SignedInContext) throws -> Identifier<ReceivedMail> {
    guard let id = Identifier<ReceivedMail>(try context.parameters.require("id")) else { throw HTTPError(.notFound) }
    return id
  }

  @Sendable private func list(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let now = site.installation.now()
    let (page, frame) = try await site.read(request, context) { connection, frame in
      ReceivedMailsPage(
        queue: try ReceivedMailQueue(for: frame.session.account, at: now, frame.settings, connection),
        addresses: try UnreachableAddress.all(limit: ReceivedMailQueue.limit, connection), frame: frame)
    }
    return site.page(Self.title, at: .exchanges, page.html(), frame, messages: messages(request, context) + page.messages)
  }

  /// What was just done, with its way back.
  private func messages(_ request: Request, _ context: SignedInContext) -> [Message] {
    func item(_ name: String) -> String { request.queryItems.last { $0.name == name }?.value ?? "" }
    let sentences = [
      "classe": "Le courriel est classé\u{A0}: un échange est noté.", "ecarte": "Le courriel est écarté.",
      "repris": "Le courriel est de nouveau à classer.", "adresse": "Les prochains courriels repartiront à cette adresse.",
    ]
    guard let sentence = sentences[item("suite")] else { return [] }
    guard ["classe", "ecarte"].contains(item("suite")), let id = Identifier<ReceivedMail>(item("courriel")) else {
      return [Message(.success, sentence)]
    }
    let button = PostButton(
      "Annuler", action: Self.path.appending(id.description).appending("reprendre"), csrf: context.session.csrf)
    return [Message(.success, content: "\(sentence) \(button.html)")]
  }

  private func done(_ what: String, _ id: Identifier<ReceivedMail>) -> Response {
    .seeOther(Self.path.adding("suite", what).adding("courriel", id.description))
  }

  /// - Parameter sent: what was refused; nothing at first.
  private func show(
    _ request: Request, _ context: SignedInContext, sent: FormItems = .none, fault: FieldRefusal? = nil, messages: [Message] = [],
    status: HTTPResponse.Status = .ok
  ) async throws -> Response {
    let (id, now) = (try id(context), site.installation.now())
    let (page, frame) = try await site.read(request, context) { connection, frame in
      try ReceivedMailSheet(id, for: frame.session.account, at: now, frame.settings, connection).map {
        ReceivedMailPage(mail: $0, sent: sent, fault: fault, frame: frame)
      }
    }
    guard let page else { throw HTTPError(.notFound) }
    return site.page(page.title, at: .exchanges, page.html(), frame, messages: messages, status: status)
  }

  @Sendable private func file(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let (sent, id) = (try await site.form(request, context), try id(context))
    do {
      try await desk(context).file(id, ReceivedMailPage.order(sent))
      return done("classe", id)
    } catch let refusal as FieldRefusal {
      return try await show(request, context, sent: sent, fault: refusal, status: .unprocessableContent)
    } catch let refusal as Refusal {
      let message = Message(.error, French.typeset(French.ended(refusal.sentence)))
      return try await show(request, context, sent: sent, messages: [message], status: .unprocessableContent)
    }
  }

  @Sendable private func dismiss(_ request: Request, _ context: SignedInContext) async throws -> Response {
    _ = try await site.form(request, context)
    let id = try id(context)
    try await desk(context).dismiss(id)
    return done("ecarte", id)
  }

  @Sendable private func takeBack(_ request: Request, _ context: SignedInContext) async throws -> Response {
    _ = try await site.form(request, context)
    do {
      try await desk(context).takeBack(id(context))
    } catch let refusal as Refusal {
      let message = Message(.error, French.typeset(French.ended(refusal.sentence)))
      return try await show(request, context, messages: [message], status: .unprocessableContent)
    }
    return .seeOther(Self.path.adding("suite", "repris"))
  }

  @Sendable private func retry(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let form = try await site.form(request, context)
    try await desk(context).retry(form["adresse"])
    return .seeOther(Self.path.adding("suite", "adresse"))
  }
}
