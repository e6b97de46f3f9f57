import Federation
import HTTPTypes
import Hummingbird
import Markup
import Records
import Store
import WebSupport

/// `/frais`, `/remboursements` and `/abandons-frais`: expense claims, their payment, and what was given up (FAC-06).
struct ExpensesSection {
  let site: Site

  func add(to routes: RouterGroup<SignedInContext>) {
    ExpenseList(site: site).add(to: routes)
    routes.get("frais/{id}") { try await show($0, $1) }
  }

  func addWriting(to routes: RouterGroup<SignedInContext>) {
    routes.get("facilitations/{id}/frais", use: begin)
    routes.post("frais/{id}/envoi") { try await turn($0, $1) { desk, id, _ in try await desk.send(id) } }
    routes.post("frais/{id}/reprise") { try await turn($0, $1) { desk, id, _ in try await desk.takeBack(id) } }
    routes.post("frais/{id}/abandon") { try await turn($0, $1) { desk, id, _ in try await desk.waive(id) } }
  }

  func addDeciding(to routes: RouterGroup<SignedInContext>) {
    routes.post("frais/{id}/approbation") { request, context in
      try await turn(request, context) { desk, id, sent in
        guard let total = Int(sent["montant"]) else { throw HTTPError(.badRequest) }
        return try await desk.approve(id, total: total, withoutReceipt: sent["sans_justificatif"] == "oui")
      }
    }
    routes.post("frais/{id}/refus") { try await turn($0, $1) { desk, id, sent in try await desk.refuse(id, because: sent["motif"]) } }
    routes.post("frais/{id}/reprise-decision") { try await turn($0, $1) { desk, id, _ in try await desk.reopen(id) } }
    routes.get("remboursements") { try await payments($0, $1) }
    routes.post("remboursements", use: pay)
    routes.get("remboursements/{id}") { try await payment($0, $1) }
    routes.post("remboursements/{id}/reouverture", use: reopen)
    routes.get("abandons-frais/{year}", use: waivers)
    for format in TableFileFormat.allCases {
      routes.get("remboursements/{id}/lignes.\(format.rawValue)") { try await file($0, $1, as: format) }
      routes.get("abandons-frais/{year}/dons.\(format.rawValue)") { try await waiverFile($0, $1, as: format) }
    }
  }

  private static func id<Subject>(_ context: SignedInContext, of subject: Subject.Type) throws -> Identifier<Subject> {
    guard let id = Identifier<Subject>(try context.parameters.require("id")) else { throw HTTPError(.notFound) }
    return id
  }

  private func desk(_ context: SignedInContext) -> ExpenseDesk { ExpenseDesk(site.installation, actor: context.session.account) }

  // MARK: - One claim

  private func show(
    _ request: Request, _ context: SignedInContext, sent: FormItems = .none, fault: (field: String, sentence: String)? = nil,
    messages: [Message] = [], status: HTTPResponse.Status = .ok
  ) async throws -> Response {
    let id = try Self.id(context, of: ExpenseClaim.self)
    let (page, frame) = try await site.read(request, context) { connection, frame in
      try ExpenseSheet(id, for: frame.session.account, frame.settings, connection).map { sheet in
        ExpensePage(
          sheet: sheet, frame: frame, files: try site.margin(of: id.rawValue, kind: "frais", frame, connection).files, fault: fault,
          sent: sent)
      }
    }
    guard let page else { throw HTTPError(.notFound) }
    return site.page(
      page.title, at: .expenses, page.html(site.expensePages.actions(id.rawValue, frame)), frame,
      messages: messages + Receipt.messages(request, csrf: frame.session.csrf), status: status)
  }

  /// A new claim of somebody who was at a facilitation, with what is known of it.
  @Sendable private func begin(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let id = try Self.id(context, of: Facilitation.self)
    let account = context.session.account
    let (prefill, _) = try await site.read(request, context) { connection, frame in
      let own =
        account.role.scope(.write, .expenses) == .own ? try ExpenseClaim.ownReference(of: account, connection) : nil
      return try ExpensePrefill(id, own: own, on: frame.today, connection)
    }
    guard let prefill else { throw HTTPError(.notFound) }
    return .seeOther(Link("/frais/nouveau", query: prefill.entries.map { ($0.name, $0.value) }))
  }

  /// Does what a button of the page asks for, else gives the page again with what was typed.
  private func turn(
    _ request: Request, _ context: SignedInContext, _ operation: (ExpenseDesk, Identifier<ExpenseClaim>, FormItems) async throws -> Int
  ) async throws -> Response {
    let sent = try await site.form(request, context)
    let id = try Self.id(context, of: ExpenseClaim.self)
    // Whoever may not see it is told what the others are told of one that is not there.
    let account = context.session.account
    let isThere = try await site.installation.database.read { try account.mayReadFiles(of: id.rawValue, kind: "frais", $0) }
    guard isThere else { throw HTTPError(.notFound) }
    do {
      _ = try await operation(desk(context), id, sent)
      return .seeOther(Link.expense(id).setting(Receipt.parameter, Receipt.changed.rawValue))
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

  // MARK: - Payments

  private func payments(
    _ request: Request, _ context: SignedInContext, messages: [Message] = [], status: HTTPResponse.Status = .ok
  ) async throws -> Response {
    let (page, frame) = try await site.read(request, context) { connection, frame in
      ExpensePaymentsPage(preview: try ExpensePayment.Preview(connection), payments: try ExpensePayment.all(connection), frame: frame)
    }
    return site.page(ExpensePaymentsPage.title, at: .expenses, page.html(), frame, messages: messages, status: status)
  }

  @Sendable private func pay(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let sent = try await site.form(request, context)
    do {
      let id = try await desk(context).pay(sent["liste"])
      return .seeOther(Link.expensePayment(id).setting(Receipt.parameter, Receipt.paid.rawValue))
    } catch let refusal as Refusal {
      let message = Message(.error, French.typeset(French.ended(refusal.sentence)))
      return try await payments(request, context, messages: [message], status: .unprocessableContent)
    }
  }

  private func found(_ request: Request, _ context: SignedInContext) async throws -> ExpensePaymentPage {
    let id = try Self.id(context, of: ExpensePayment.self)
    let (found, frame) = try await site.read(request, context) { connection, _ in try ExpensePayment.one(id, connection) }
    guard let found else { throw HTTPError(.notFound) }
    return ExpensePaymentPage(payment: found.payment, lines: found.lines, frame: frame)
  }

  private func payment(
    _ request: Request, _ context: SignedInContext, reason: String = "", fault: String? = nil, messages: [Message] = [],
    status: HTTPResponse.Status = .ok
  ) async throws -> Response {
    var page = try await found(request, context)
    (page.reason, page.fault) = (reason, fault)
    return site.page(
      page.title, at: .expenses, page.html(), page.frame,
      messages: messages + Receipt.messages(request, csrf: page.frame.session.csrf), status: status)
  }

  @Sendable private func reopen(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let sent = try await site.form(request, context)
    let id = try Self.id(context, of: ExpensePayment.self)
    do {
      try await desk(context).reopen(id, because: sent["motif"])
      return .seeOther(Link.expensePayment(id).setting(Receipt.parameter, Receipt.changed.rawValue))
    } catch let refusal as FieldRefusal {
      return try await payment(
        request, context, reason: sent["motif"], fault: French.typeset(refusal.sentence), status: .unprocessableContent)
    } catch let refusal as Refusal {
      let message = Message(.error, French.typeset(French.ended(refusal.sentence)))
      return try await payment(request, context, reason: sent["motif"], messages: [message], status: .unprocessableContent)
    }
  }

  private func file(_ request: Request, _ context: SignedInContext, as format: TableFileFormat) async throws -> Response {
    let page = try await found(request, context)
    return try await format.download(
      "paiement-\(page.payment.number)", title: "Paiement \(page.payment.number)", header: ExpensePaymentPage.header, rows: page.rows())
  }

  // MARK: - What was given up

  private func waived(_ request: Request, _ context: SignedInContext) async throws -> ExpenseWaiversPage {
    guard let year = Int(try context.parameters.require("year")), (1_900...2_100).contains(year) else { throw HTTPError(.notFound) }
    let (waivers, frame) = try await site.read(request, context) { connection, frame in
      try ExpenseWaivers(year, on: frame.today, connection)
    }
    return ExpenseWaiversPage(waivers: waivers, frame: frame)
  }

  @Sendable private func waivers(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let page = try await waived(request, context)
    return site.page(page.title, at: .expenses, page.html(), page.frame)
  }

  private func waiverFile(_ request: Request, _ context: SignedInContext, as format: TableFileFormat) async throws -> Response {
    let page = try await waived(request, context)
    return try await format.download(
      "abandons-frais-\(page.waivers.year)", title: page.title, header: ExpenseWaiversPage.header, rows: page.rows())
  }
}
