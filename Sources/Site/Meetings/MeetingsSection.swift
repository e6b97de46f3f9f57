import Documents
import Federation
import HTTPTypes
import Hummingbird
import Markup
import Records
import Store
import Tables
import WebSupport

/// `/comptes-rendus` and `/decisions` (GOV-08).
struct MeetingsSection {
  let site: Site

  func add(to routes: RouterGroup<SignedInContext>) {
    MeetingList(site: site).add(to: routes)
    DecisionList(site: site).add(to: routes)
    routes.get("comptes-rendus/{id}", use: show)
    routes.get("comptes-rendus/{id}/compte-rendu.pdf", use: pdf)
    routes.get("decisions/{id}", use: showDecision)
  }

  func addWriting(to routes: RouterGroup<SignedInContext>) {
    routes.get("comptes-rendus/{id}/decision") { try await form(FormItems.none, $0, $1) }
    routes.post("comptes-rendus/{id}/decision", use: decide)
    routes.post("comptes-rendus/{id}/approbation", use: approve)
    routes.post("decisions/{id}/abandon") { request, context in
      try await turn(request, context) { desk, id, today in try await desk.abandon(id, on: today) }
    }
    routes.post("decisions/{id}/reprise") { request, context in
      try await turn(request, context) { desk, id, _ in try await desk.resume(id) }
    }
  }

  private static func id<Subject>(_ context: SignedInContext, _ subject: Subject.Type) throws -> Identifier<Subject> {
    guard let id = Identifier<Subject>(try context.parameters.require("id")) else { throw HTTPError(.notFound) }
    return id
  }

  private func desk(_ context: SignedInContext) -> MeetingDesk { MeetingDesk(site.installation, actor: context.session.account) }

  @Sendable private func show(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let (id, hasPDF) = (try Self.id(context, Meeting.self), site.compiler != nil)
    let (page, frame) = try await site.read(request, context) { connection, frame -> MeetingPage? in
      let account = frame.session.account
      return try MeetingSheet(id, for: account, connection).map { sheet in
        MeetingPage(
          sheet: sheet, frame: frame, writes: account.role.scope(.write, .meetings) == .all, hasPDF: hasPDF,
          files: try site.margin(of: id.rawValue, kind: "comptes_rendus", frame, connection).files)
      }
    }
    guard let page else { throw HTTPError(.notFound) }
    return site.page(
      page.sheet.title, at: .meetings, page.html(site.meetingPages.actions(id.rawValue, frame)), frame,
      messages: Receipt.messages(request, path: "/decisions", csrf: frame.session.csrf))
  }

  /// A decision is read on the page of its meeting.
  @Sendable private func showDecision(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let (id, account) = (try Self.id(context, DecisionSummary.self), context.session.account)
    let meeting = try await site.installation.database.read { try MeetingSheet.meeting(ofDecision: id.rawValue, for: account, $0) }
    guard let meeting else { throw HTTPError(.notFound) }
    let told = request.queryItems.filter { Receipt.items.contains($0.name) }
    return .seeOther(told.reduce(Link.meeting(meeting)) { $0.adding($1.name, $1.value) })
  }

  @Sendable private func pdf(_ request: Request, _ context: SignedInContext) async throws -> Response {
    guard let compiler = site.compiler else { throw Missing(sentence: French.typeset(DocumentFailure.notInstalled.description)) }
    let id = try Self.id(context, Meeting.self)
    let (sheet, frame) = try await site.read(request, context) { connection, frame in
      try MeetingSheet(id, for: frame.session.account, connection)
    }
    guard let sheet else { throw HTTPError(.notFound) }
    let document = ReportDocument(minutes: sheet, federation: frame.federation, frame.lists)
    return .download(
      Array(try await compiler.pdf("report.typ", document)), named: "compte-rendu-\(sheet.date).pdf", type: "application/pdf")
  }

  // MARK: - Decisions

  /// - Parameter sent: what was refused; nothing at first.
  private func form(
    _ sent: FormItems, fault: (field: String, sentence: String)? = nil, messages: [Message] = [], _ request: Request,
    _ context: SignedInContext, status: HTTPResponse.Status = .ok
  ) async throws -> Response {
    let id = try Self.id(context, Meeting.self)
    let new = site.installation.ids.next(DecisionSummary.self).description
    let (page, frame) = try await site.read(request, context) { connection, frame in
      try MeetingSheet(id, for: frame.session.account, connection).map { sheet in
        DecisionForm(
          meeting: sheet, decision: sent.value("decision") ?? new, sent: sent, fault: fault, csrf: frame.session.csrf,
          accounts: try Account.withTasks(connection).map { FormField.Choice($0.id.description, $0.name) },
          teams: try Naming.structures.suggestions("", limit: 300, connection).map { FormField.Choice($0.reference, $0.offered) })
      }
    }
    guard let page else { throw HTTPError(.notFound) }
    return site.page(DecisionForm.title, at: .meetings, page.html(), frame, messages: messages, status: status)
  }

  @Sendable private func decide(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let sent = try await site.form(request, context)
    let id = try Self.id(context, Meeting.self)
    guard let decision = Identifier<DecisionSummary>(sent["decision"]) else { throw HTTPError(.badRequest) }
    do {
      try await desk(context).decide(decision, at: id, DecisionForm.order(sent))
      return .seeOther(Link.meeting(id).setting(Receipt.parameter, Receipt.created.rawValue))
    } catch let refusal as FieldRefusal {
      return try await form(
        sent, fault: (refusal.field, French.typeset(refusal.sentence)), request, context, status: .unprocessableContent)
    } catch let refusal as Refusal {
      let message = Message(.error, French.typeset(French.ended(refusal.sentence)))
      return try await form(sent, messages: [message], request, context, status: .unprocessableContent)
    }
  }

  private func turn(
    _ request: Request, _ context: SignedInContext,
    _ operation: @Sendable (MeetingDesk, Identifier<DecisionSummary>, CivilDate) async throws -> Void
  ) async throws -> Response {
    _ = try await site.form(request, context)
    let id = try Self.id(context, DecisionSummary.self)
    let (_, frame) = try await site.read(request, context) { _, _ in }
    try await operation(desk(context), id, frame.today)
    return .seeOther(Link.decision(id).setting(Receipt.parameter, Receipt.changed.rawValue))
  }

  // MARK: - Approval

  @Sendable private func approve(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let sent = try await site.form(request, context)
    let (id, account) = (try Self.id(context, Meeting.self), context.session.account)
    let may = try await site.installation.database.read { try account.mayWrite(.meetings, id.rawValue, $0) }
    guard may else { throw HTTPError(.notFound) }
    try await desk(context).approve(id, on: sent["retirer"] == "oui" ? nil : CivilDate.reading(sent["jour"].withoutSpacesAround))
    return .seeOther(Link.meeting(id).setting(Receipt.parameter, Receipt.changed.rawValue))
  }
}

extension ReportDocument {
  /// Minutes on paper.
  init(minutes sheet: MeetingSheet, federation: String, _ lists: ReferenceLists) {
    func names(_ presence: Presence) -> String {
      sheet.attendees.filter { $0.presence == presence }.map(\.name).joined(separator: ", ")
    }
    let terms = [
      ("Réunion", lists.label(sheet.kind)), ("Date", French.longDay(sheet.date.description)), ("Lieu ou visio", sheet.place ?? ""),
      ("Présents", names(.present)), ("Excusés", names(.excused)), ("Invités", names(.invited)),
      ("Organisations", sheet.organisations.map(\.name).joined(separator: ", ")),
    ].filter { !$0.1.isEmpty }.map { [$0.0, $0.1] }
    let decisions = sheet.decisions.flatMap { decision in
      let words = [lists.label(decision.state), DecisionWords.charge(decision)].compactMap(\.self) + decision.teams.map(\.name)
      return [Block(.prose, ReportText(decision.body)), Block(.note, "\(words.joined(separator: ", ")).")]
    }
    let state = sheet.approvedOn.map { "Approuvé le \(French.fullDay($0.description))." } ?? "Projet, pas encore approuvé."
    let corrected =
      sheet.corrections.isEmpty
      ? "" : " Corrigé depuis, en dernier le \(French.day(String(sheet.corrections[0].at.description.prefix(10))))."
    let texts = [("Ordre du jour", sheet.agenda), ("Compte rendu", sheet.body)].compactMap { title, text in
      text.map { Chapter(title: title, blocks: [Block(.prose, ReportText($0))]) }
    }
    self.init(
      sheet: sheet.title, year: sheet.date.year, federation: federation, notice: "\(federation). \(state)\(corrected)",
      chapters: [Chapter(title: "Réunion", blocks: [Block(terms: terms)])] + texts
        + (decisions.isEmpty ? [] : [Chapter(title: "Décisions", blocks: decisions)]))
  }
}
