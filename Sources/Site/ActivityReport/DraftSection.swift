import Federation
import Hummingbird
import Markup
import Records
import Store
import WebSupport

/// `/rapports/2025/redaction` and `/blocs`: the report of a year while people write it.
struct DraftSection {
  let site: Site

  /// For those who read the reports: they comment too.
  func add(to routes: RouterGroup<SignedInContext>) {
    routes.get("rapports/{year}/redaction", use: show)
    routes.get("blocs", use: latest)
    routes.get("blocs/{id}", use: block)
    routes.post("blocs/{id}/commentaires", use: comment)
    routes.post("blocs/{id}/commentaires/{comment}", use: settle)
  }

  /// For those who draft them.
  func addWriting(to routes: RouterGroup<SignedInContext>) {
    routes.post("rapports/{year}/redaction", use: open)
    routes.post("blocs/{id}/place", use: move)
  }

  private func drafting(_ context: SignedInContext) -> ReportDrafting {
    ReportDrafting(site.installation, actor: context.session.account.id)
  }

  // MARK: - The plan

  @Sendable private func show(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let year = try context.reportYear
    let figures = site.installation.model.figures
    let (page, frame) = try await site.read(request, context) { connection, frame -> DraftPage in
      guard year <= frame.year else {
        throw Missing(sentence: "L’année \(year) n’a pas commencé\u{A0}: son rapport ne s’écrit pas encore.")
      }
      let outline = try ReportBlock.all(of: year, connection)
      let hasFormer = try outline.isEmpty && ReportBlock.years(connection).contains(year - 1)
      return DraftPage(
        year, outline, try BlockFault.all(in: outline, figures, frame.lists, connection), frame, hasFormer: hasFormer)
    }
    return site.page(
      DraftPage.title(year), at: .report, page.html(), frame,
      messages: Receipt.messages(request, path: "/blocs", csrf: frame.session.csrf))
  }

  @Sendable private func open(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let year = try context.reportYear
    let form = try await site.form(request, context)
    guard let plan = ReportDrafting.Plan(rawValue: form["plan"]) else { throw HTTPError(.badRequest) }
    let (_, frame) = try await site.read(request, context) { _, _ in }
    guard year <= frame.year else { throw HTTPError(.notFound) }
    try await drafting(context).open(year, plan)
    return .seeOther(.drafting(year))
  }

  @Sendable private func move(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let id = try blockID(context)
    let form = try await site.form(request, context)
    guard let direction = ReportDrafting.Direction(rawValue: form["sens"]) else { throw HTTPError(.badRequest) }
    guard let block = try await site.installation.database.read({ try ReportBlock.one(id, $0) }) else { throw HTTPError(.notFound) }
    try await drafting(context).move(id, direction)
    return .seeOther("/rapports/\(block.year)/redaction#b-\(id.description)")
  }

  /// Where a block that was thrown away led back to: the plan of its year.
  @Sendable private func latest(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let removed = request.queryItems.last { $0.name == "fiche" }.flatMap { Identifier<ReportBlock>($0.value) }
    let (year, frame) = try await site.read(request, context) { connection, _ in
      let own = try removed.flatMap { try connection.value("SELECT year FROM report_block WHERE id = \($0)", as: Int.self) }
      return try own ?? ReportBlock.years(connection).first
    }
    var page = Link.drafting(year ?? frame.year)
    for item in request.queryItems where Receipt.items.contains(item.name) {
      page = page.setting(item.name, item.value)
    }
    return .seeOther(page)
  }

  // MARK: - One block

  private func blockID(_ context: SignedInContext) throws -> Identifier<ReportBlock> {
    guard let id = Identifier<ReportBlock>(try context.parameters.require("id")) else { throw HTTPError(.notFound) }
    return id
  }

  @Sendable private func block(_ request: Request, _ context: SignedInContext) async throws -> Response {
    try await page(of: try blockID(context), request, context)
  }

  private func page(
    of id: Identifier<ReportBlock>, _ request: Request, _ context: SignedInContext, typed: String = "", error: String? = nil
  ) async throws -> Response {
    let registry = site.installation.model.figures
    let (page, frame) = try await site.read(request, context) { connection, frame -> BlockPage in
      guard let block = try ReportBlock.one(id, connection) else { throw HTTPError(.notFound) }
      var page = try BlockPage(block, registry, frame, site.places(frame.departments), connection)
      (page.typed, page.error) = (typed, error)
      page.newComment = site.installation.ids.next(ReportComment.self).description
      if block.nature == .photo { page.files = try site.margin(of: id.rawValue, kind: "blocs", frame, connection).files }
      page.actions = site.reportBlockPages.actions(id.rawValue, frame)
      return page
    }
    return site.page(
      page.title, at: .report, page.html(), frame,
      messages: Receipt.messages(request, path: "/blocs", csrf: frame.session.csrf), status: error == nil ? .ok : .unprocessableContent)
  }

  @Sendable private func comment(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let id = try blockID(context)
    let form = try await site.form(request, context)
    guard let comment = Identifier<ReportComment>(form["commentaire"]) else { throw HTTPError(.badRequest) }
    let pages = site.reportBlockPages
    let kind = try site.installation.model.kind(pages.kind)
    try await site.restore(kind, id.rawValue, pages, form, context)
    do {
      try await drafting(context).comment(comment, on: id, form["texte"])
    } catch let refusal as Refusal {
      if try await site.installation.database.read({ try ReportBlock.one(id, $0) }) == nil {
        return try await site.goneForm(kind, id.rawValue, pages, request, form, context)
      }
      return try await page(of: id, request, context, typed: form["texte"], error: French.typeset(refusal.sentence))
    }
    return .seeOther(.block(id).adding(Receipt.parameter, Receipt.commented.rawValue))
  }

  @Sendable private func settle(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let id = try blockID(context)
    _ = try await site.form(request, context)
    guard let comment = Identifier<ReportComment>(try context.parameters.require("comment")) else { throw HTTPError(.notFound) }
    try await drafting(context).settle(comment, on: id)
    return .seeOther(.block(id).adding(Receipt.parameter, Receipt.settled.rawValue))
  }
}
