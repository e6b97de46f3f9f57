import Federation
import HTTPTypes
import Hummingbird
import Markup
import Records
import Store
import Tables
import WebSupport

/// `/facilitations` (FAC-01).
struct FacilitationsSection {
  let site: Site

  func add(to routes: RouterGroup<SignedInContext>) {
    FacilitationList(site: site).add(to: routes)
    FacilitatorList(site: site).add(to: routes)
    routes.get("facilitateurs/{id}", use: showFacilitator)
    routes.get("facilitations/{id}") { try await show($0, $1) }
  }

  func addWriting(to routes: RouterGroup<SignedInContext>) {
    routes.post("facilitations/{id}/tenue", use: hold)
    routes.post("facilitations/{id}/suspension", use: suspend)
    routes.post("facilitations/{id}/reprise", use: reopen)
    routes.post("facilitations/{id}/echanges", use: tie)
    routes.get("facilitations/{id}/bilan") { try await form(FormItems.none, $0, $1) }
    routes.post("facilitations/{id}/bilan", use: write)
  }

  private static func id(_ context: SignedInContext) throws -> Identifier<Facilitation> {
    guard let id = Identifier<Facilitation>(try context.parameters.require("id")) else { throw HTTPError(.notFound) }
    return id
  }

  private func desk(_ context: SignedInContext) -> FacilitationDesk { FacilitationDesk(site.installation, actor: context.session.account) }

  @Sendable private func showFacilitator(_ request: Request, _ context: SignedInContext) async throws -> Response {
    guard let id = Identifier<Facilitator>(try context.parameters.require("id")) else { throw HTTPError(.notFound) }
    let (sheet, frame) = try await site.read(request, context) { connection, frame in
      try FacilitatorSheet(id, for: frame.session.account, on: frame.today, connection)
    }
    guard let sheet else { throw HTTPError(.notFound) }
    let page = FacilitatorPage(sheet: sheet, frame: frame)
    return site.page(
      sheet.summary.name, at: .facilitations, page.html(site.facilitatorPages.actions(id.rawValue, frame)), frame,
      messages: Receipt.messages(request, csrf: frame.session.csrf))
  }

  /// - Parameter sent: what was refused, with its fault.
  private func show(
    _ request: Request, _ context: SignedInContext, sent: FormItems = .none, fault: (field: String, sentence: String)? = nil,
    messages: [Message] = [], status: HTTPResponse.Status = .ok
  ) async throws -> Response {
    let id = try Self.id(context)
    let (page, frame) = try await site.read(request, context) { connection, frame -> FacilitationPage? in
      let account = frame.session.account
      return try FacilitationSheet(id, for: account, on: frame.today, connection).map { sheet in
        let margin = try site.margin(of: id.rawValue, kind: "facilitations", frame, connection)
        return FacilitationPage(
          sheet: sheet, frame: frame, writes: account.role.scope(.write, .facilitations) == .all, fault: fault, sent: sent,
          tasks: TaskList.card("Prochaines étapes", sheet.tasks, on: .facilitation(id), showsTeams: false, frame), files: margin.files,
          comments: margin.comments)
      }
    }
    guard let page else { throw HTTPError(.notFound) }
    return site.page(
      page.title, at: .facilitations, page.html(site.facilitationPages.actions(id.rawValue, frame)), frame,
      messages: messages + Receipt.messages(request, csrf: frame.session.csrf), status: status)
  }

  /// Does what a form of the page asks for, else gives the page again with what was typed.
  private func turn(
    _ request: Request, _ context: SignedInContext,
    _ operation: (FacilitationDesk, Identifier<Facilitation>, FormItems) async throws -> Void
  ) async throws -> Response {
    let sent = try await site.form(request, context)
    let id = try Self.id(context)
    do {
      try await operation(desk(context), id, sent)
      return .seeOther(Link.facilitation(id).setting(Receipt.parameter, Receipt.changed.rawValue))
    } catch let refusal as FieldRefusal {
      let sentence = French.typeset(refusal.sentence)
      return try await show(
        request, context, sent: sent, fault: (refusal.field, sentence), messages: [Message(.error, sentence)], status: .unprocessableContent
      )
    } catch let refusal as Refusal {
      let message = Message(.error, French.typeset(French.ended(refusal.sentence)))
      return try await show(request, context, sent: sent, messages: [message], status: .unprocessableContent)
    }
  }

  @Sendable private func hold(_ request: Request, _ context: SignedInContext) async throws -> Response {
    try await turn(request, context) { desk, id, sent in
      guard let day = try? CivilDate.reading(sent["date"].withoutSpacesAround) else {
        throw FieldRefusal("date", "Donnez le jour où elle s’est tenue.")
      }
      var minutes: Int?
      if !sent["duree_minutes"].withoutSpacesAround.isEmpty {
        guard let number = Int(sent["duree_minutes"].withoutSpacesAround), (5...1_440).contains(number) else {
          throw FieldRefusal("duree_minutes", "Donnez une durée de 5 à 1 440 minutes.")
        }
        minutes = number
      }
      try await desk.hold(id, on: day, minutes: minutes)
    }
  }

  @Sendable private func suspend(_ request: Request, _ context: SignedInContext) async throws -> Response {
    try await turn(request, context) { desk, id, sent in
      if sent["quoi"] == "reporter" {
        try await desk.postpone(id, because: sent["motif"])
      } else {
        try await desk.cancel(id, because: sent["motif"])
      }
    }
  }

  @Sendable private func reopen(_ request: Request, _ context: SignedInContext) async throws -> Response {
    try await turn(request, context) { desk, id, _ in try await desk.reopen(id) }
  }

  @Sendable private func tie(_ request: Request, _ context: SignedInContext) async throws -> Response {
    try await turn(request, context) { desk, id, sent in
      guard let exchange = Identifier<Exchange>(sent["echange"]) else { throw HTTPError(.badRequest) }
      try await desk.tie(exchange, to: id, isTied: sent["lie"] != "non")
    }
  }

  // MARK: - The write-up

  private func form(
    _ sent: FormItems, fault: (field: String, sentence: String)? = nil, messages: [Message] = [], _ request: Request,
    _ context: SignedInContext, status: HTTPResponse.Status = .ok
  ) async throws -> Response {
    let id = try Self.id(context)
    let tasks = (1...3).map { _ in site.installation.ids.next(ToDo.self) }
    let (page, frame) = try await site.read(request, context) { connection, frame in
      try FacilitationSheet(id, for: frame.session.account, on: frame.today, connection).map { sheet in
        FacilitationReportForm(
          sheet: sheet, template: frame.settings.text(.facilitationReport, on: frame.today), sent: sent, fault: fault, frame: frame,
          accounts: try Account.withTasks(connection).map { FormField.Choice($0.id.description, $0.name) }, newTasks: tasks)
      }
    }
    guard let page else { throw HTTPError(.notFound) }
    return site.page(FacilitationReportForm.title, at: .facilitations, page.html(), frame, messages: messages, status: status)
  }

  @Sendable private func write(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let sent = try await site.form(request, context)
    let id = try Self.id(context)
    guard let version = Int(sent["version"]) else { throw HTTPError(.badRequest) }
    let settings = try await site.installation.database.read { try Settings($0) }
    let template = settings.text(.facilitationReport, on: settings.today(site.installation.now()))
    do {
      try await desk(context).write(FacilitationReportForm.writeUp(sent, template: template), of: id, from: version)
      return .seeOther(Link.facilitation(id).setting(Receipt.parameter, Receipt.changed.rawValue))
    } catch let refusal as FieldRefusal {
      return try await form(
        sent, fault: (refusal.field, French.typeset(refusal.sentence)), request, context, status: .unprocessableContent)
    } catch let refusal as Refusal {
      // What was typed is sent over the record as it is now, once it was read.
      let again = FormItems(items: sent.items.filter { $0.name != "version" })
      let message = Message(.error, French.typeset(French.ended(refusal.sentence)))
      return try await form(again, messages: [message], request, context, status: .unprocessableContent)
    }
  }
}
