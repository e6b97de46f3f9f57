import Federation
import HTTPTypes
import Hummingbird
import Markup
import Records
import Store
import Tables
import WebSupport

/// `/questions`: read by the staff, and by each expert as far as they are theirs (SUP-06).
struct QuestionsSection {
  let site: Site

  func add(to routes: RouterGroup<SignedInContext>) {
    QuestionList(site: site).add(to: routes)
    routes.get("questions/{id}") { try await show($0, $1) }
  }

  func addWriting(to routes: RouterGroup<SignedInContext>) { routes.post("questions/{id}/transmission", use: send) }

  func addAnswering(to routes: RouterGroup<SignedInContext>) {
    routes.get("questions/{id}/reponse") { try await form(FormItems.none, $0, $1) }
    routes.post("questions/{id}/reponse", use: answer)
  }

  private static func id(_ context: SignedInContext) throws -> Identifier<ExpertQuestion> {
    guard let id = Identifier<ExpertQuestion>(try context.parameters.require("id")) else { throw HTTPError(.notFound) }
    return id
  }

  private func show(
    _ request: Request, _ context: SignedInContext, messages: [Message] = [], status: HTTPResponse.Status = .ok
  ) async throws -> Response {
    let id = try Self.id(context)
    let (page, frame) = try await site.read(request, context) { connection, frame in
      try QuestionSummary.one(id, for: frame.session.account, connection).map { QuestionPage(question: $0, frame: frame) }
    }
    guard let page else { throw HTTPError(.notFound) }
    return site.page(
      page.title, at: .questions, page.html(site.questionPages.actions(id.rawValue, frame)), frame,
      messages: messages + Receipt.messages(request, csrf: frame.session.csrf), status: status)
  }

  @Sendable private func send(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let sent = try await site.form(request, context)
    let id = try Self.id(context)
    guard let manner = QuestionManner(rawValue: sent["envoi"]) else { throw HTTPError(.badRequest) }
    do {
      let isNew = try await QuestionDesk(site.installation, actor: context.session.account).send(id, by: manner)
      return .seeOther(Link.question(id).setting(Receipt.parameter, (isNew ? Receipt.completed : .unchanged).rawValue))
    } catch let refusal as Refusal {
      let message = Message(.error, French.typeset(French.ended(refusal.sentence)))
      return try await show(request, context, messages: [message], status: .unprocessableContent)
    }
  }

  /// - Parameter sent: what was refused; nothing at first.
  private func form(
    _ sent: FormItems, fault: (field: String, sentence: String)? = nil, messages: [Message] = [], _ request: Request,
    _ context: SignedInContext, status: HTTPResponse.Status = .ok
  ) async throws -> Response {
    let id = try Self.id(context)
    let (page, frame) = try await site.read(request, context) { connection, frame in
      try QuestionSummary.one(id, for: frame.session.account, connection).map {
        QuestionAnswerForm(question: $0, sent: sent, fault: fault, frame: frame)
      }
    }
    guard let page else { throw HTTPError(.notFound) }
    return site.page(QuestionAnswerForm.title, at: .questions, page.html(), frame, messages: messages, status: status)
  }

  @Sendable private func answer(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let sent = try await site.form(request, context)
    let id = try Self.id(context)
    do {
      guard let day = try? CivilDate.reading(sent["repondue_le"].withoutSpacesAround) else {
        throw FieldRefusal("repondue_le", "Donnez le jour de la réponse.")
      }
      let typed = sent["duree_minutes"].withoutSpacesAround
      let minutes = Int(typed)
      guard typed.isEmpty || minutes.map((0...6_000).contains) ?? false else {
        throw FieldRefusal("duree_minutes", "Donnez le temps passé en minutes, de 0 à 6 000.")
      }
      let version = try await QuestionDesk(site.installation, actor: context.session.account).answer(
        id, sent["reponse"], on: day, minutes: minutes)
      let page = Link.question(id).setting(Receipt.parameter, (version == nil ? Receipt.unchanged : .changed).rawValue)
      // An expert has no history to go back in.
      guard let version, context.session.account.role.scope(.write, .questions) == .all else { return .seeOther(page) }
      return .seeOther(site.page(page, after: version, of: id.rawValue, kind: "questions"))
    } catch let refusal as FieldRefusal {
      return try await form(
        sent, fault: (refusal.field, French.typeset(refusal.sentence)), request, context, status: .unprocessableContent)
    } catch let refusal as Refusal {
      let message = Message(.error, French.typeset(French.ended(refusal.sentence)))
      return try await form(sent, messages: [message], request, context, status: .unprocessableContent)
    }
  }
}

extension Site {
  /// Noting a question, choosing its expert, and what all teams may read of it.
  var questionPages: RecordPages {
    let layouts: [RecordFormBuilder.Layout] = [
      .init("structure", label: "Quelle équipe ?"), .init("recue_le"), .init("domaine"),
      .init("question", isWide: true, help: "N’écrivez rien sur un patient."),
      .init("expert", help: "Une personne de l’annuaire. Elle lit la question ici si elle a un compte d’expert à la même adresse."),
      .init("organisation"), .init("envoi", isSegmented: true),
      .init("transmise_le", help: "Rempli par l’envoi depuis la page de la question."),
      .init("reponse", isWide: true), .init("repondue_le"), .init("duree_minutes", label: "Temps passé", unit: "min"),
      .init("adherente", help: "Elle dit le prix de l’heure."),
      .init(
        "partage", isWide: true,
        help: "La question et sa réponse sans nom d’équipe, de commune ni de personne : un nom de l’équipe est signalé."),
      .init("partagee_le"), .init("etat", help: "Déduit des dates ; à dire seulement pour « Sans suite »."), .init("echange"),
    ]
    return RecordPages(
      site: self, kind: "questions", path: "/questions", place: .questions, area: .questions,
      words: RecordWords(list: "Questions aux experts", new: "Noter une question", change: "Modifier la question") { entries in
        entries["question"].flatMap { ExchangeSummary.heading(of: $0) } ?? "Question"
      },
      layouts: layouts, defaults: { ["recue_le": $0.today.description] },
      // The exchange is known by where the form was opened. What comes later is asked later.
      shown: { entries, _, _ in
        let later: Set = ["envoi", "transmise_le", "reponse", "repondue_le", "duree_minutes", "partage", "partagee_le", "etat"]
        let isKnown = entries["reference"] != nil
        return layouts.filter { $0.name != "echange" && (isKnown || !later.contains($0.name)) }
      })
  }
}
