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
    routes.get("facilitations/{id}/facilitateurs") { try await choose(FormItems.none, $0, $1) }
    routes.post("facilitations/{id}/facilitateurs", use: name)
    routes.post("facilitations/{id}/invitation-retiree", use: withdraw)
    routes.post("facilitations/{id}/creneau", use: keep)
    routes.post("facilitations/{id}/agenda", use: sendToCalendars)
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
        let board = try InvitationBoard(id, now: site.installation.now(), frame.settings, connection)
        return FacilitationPage(
          sheet: sheet, board: board, frame: frame, writes: account.role.scope(.write, .facilitations) == .all, fault: fault, sent: sent,
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

  // MARK: - Who helps

  private func choose(
    _ sent: FormItems, fault: (field: String, sentence: String)? = nil, messages: [Message] = [], _ request: Request,
    _ context: SignedInContext, status: HTTPResponse.Status = .ok
  ) async throws -> Response {
    let id = try Self.id(context)
    let showsAll = !sent.all(FacilitatorChoicePage.chosen).isEmpty || request.queryItems.contains { $0 == ("tous", "oui") }
    let (page, frame) = try await site.read(request, context) { connection, frame -> FacilitatorChoicePage? in
      let account = frame.session.account
      guard let sheet = try FacilitationSheet(id, for: account, on: frame.today, connection),
        let proposal = try FacilitatorProposal(id, for: account, on: frame.today, connection)
      else { return nil }
      return FacilitatorChoicePage(sheet: sheet, proposal: proposal, frame: frame, sent: sent, fault: fault, showsAll: showsAll)
    }
    guard let page else { throw HTTPError(.notFound) }
    return site.page(FacilitatorChoicePage.title, at: .facilitations, page.html(), frame, messages: messages, status: status)
  }

  @Sendable private func name(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let sent = try await site.form(request, context)
    let id = try Self.id(context)
    let chosen = sent.all(FacilitatorChoicePage.chosen).compactMap { Identifier<Facilitator>($0) }
    do {
      var receipt = Receipt.changed
      if sent["quoi"] == "nommer" {
        try await desk(context).name(chosen, of: id)
      } else {
        let written = try await InvitationDesk(site.installation, actor: context.session.account).invite(chosen, to: id, Self.call(sent))
        receipt = written > 0 ? .invited : .unchanged
      }
      return .seeOther(Link.facilitation(id).setting(Receipt.parameter, receipt.rawValue))
    } catch let refusal as FieldRefusal {
      let sentence = French.typeset(refusal.sentence)
      return try await choose(
        sent, fault: (refusal.field, sentence), messages: [Message(.error, "Rien n’est envoyé\u{A0}: corrigez le champ signalé.")], request,
        context, status: .unprocessableContent)
    } catch let refusal as Refusal {
      let message = Message(.error, French.typeset(French.ended(refusal.sentence)))
      return try await choose(sent, messages: [message], request, context, status: .unprocessableContent)
    }
  }

  /// - Throws: `FieldRefusal` for what is no number, day or hour.
  private static func call(_ sent: FormItems) throws -> InvitationDesk.Call {
    guard let places = Int(sent["places"].withoutSpacesAround) else {
      throw FieldRefusal("places", "Dites combien de personnes vous cherchez.")
    }
    guard let through = try? CivilDate.reading(sent["reponse_avant"].withoutSpacesAround) else {
      throw FieldRefusal("reponse_avant", "Donnez un jour, par exemple 31/12/2026.")
    }
    let slots = try (1...FacilitatorChoicePage.slots).compactMap { number -> Invitation.Slot? in
      let (name, day) = ("creneau_\(number)", sent["creneau_\(number)"].withoutSpacesAround)
      let hour = sent["\(name)_heure"].withoutSpacesAround
      guard !day.isEmpty || !hour.isEmpty else { return nil }
      guard let date = try? CivilDate.reading(day) else { throw FieldRefusal(name, "Donnez le jour de ce créneau.") }
      guard let time = try? Invitation.Slot.time(hour) else { throw FieldRefusal("\(name)_heure", "Donnez l’heure, par exemple 12:30.") }
      return Invitation.Slot(date: date, time: time)
    }
    return InvitationDesk.Call(places: places, through: through, slots: slots, message: sent["message"])
  }

  @Sendable private func withdraw(_ request: Request, _ context: SignedInContext) async throws -> Response {
    try await turn(request, context) { desk, id, sent in
      guard let invitation = Identifier<Invitation>(sent["invitation"]) else { throw HTTPError(.badRequest) }
      try await InvitationDesk(site.installation, actor: context.session.account).withdraw(invitation, of: id)
    }
  }

  @Sendable private func keep(_ request: Request, _ context: SignedInContext) async throws -> Response {
    try await turn(request, context) { _, id, sent in
      guard let slot = Identifier<InvitationSlot>(sent["creneau"]) else { throw HTTPError(.badRequest) }
      try await InvitationDesk(site.installation, actor: context.session.account).keep(slot, of: id)
    }
  }

  @Sendable private func sendToCalendars(_ request: Request, _ context: SignedInContext) async throws -> Response {
    try await turn(request, context) { _, id, _ in
      try await InvitationDesk(site.installation, actor: context.session.account).sendToCalendars(id)
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
