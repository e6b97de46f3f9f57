import Federation
import HTTPTypes
import Hummingbird
import Markup
import Records
import WebSupport

/// `/rapports/2023/publication`: publishing a report, for the roles that may.
struct PublicationSection {
  let site: Site

  func add(to routes: RouterGroup<SignedInContext>) {
    routes.get("rapports/{year}/publication", use: ask)
    routes.post("rapports/{year}/editions", use: publish)
  }

  @Sendable private func ask(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let year = try context.reportYear
    return try await page(year, request, context)
  }

  @Sendable private func publish(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let year = try context.reportYear
    let form = try await site.form(request, context)
    guard let number = Int(form["numero"]) else { throw HTTPError(.badRequest) }
    do {
      let edition = try await ReportDesk(site.installation, actor: context.session.account.id).publish(
        year, as: number, acceptsUnread: form[PublicationPage.consent] == "oui")
      return .seeOther(.edition(edition.year, edition.number))
    } catch let refusal as Refusal {
      return try await page(year, request, context, error: French.typeset(refusal.sentence), status: .unprocessableContent)
    }
  }

  private func page(
    _ year: Int, _ request: Request, _ context: SignedInContext, error: String? = nil, status: HTTPResponse.Status = .ok
  ) async throws -> Response {
    let model = site.installation.model
    let (page, frame) = try await site.read(request, context) { connection, frame in
      var page = PublicationPage(year: year, csrf: frame.session.csrf, error: error)
      let latest = try ReportEdition.all(of: year, connection).first
      do {
        try ReportDesk.requireOver(year, today: frame.today)
        if latest == nil { try ReportDesk.requireRecords(in: year, connection) }
      } catch let refusal as Refusal where error == nil {
        throw Missing(sentence: French.typeset(refusal.sentence))
      } catch is Refusal {
        return page
      }
      let blocks = try ReportBlock.all(of: year, connection)
      let outline = blocks.filter { $0.isOpen && !$0.lacksPicture }
      page.waiting = blocks.filter(\.isUnfinished).map { .init($0) }
      page.emptyPhotos = blocks.count(where: \.lacksPicture)
      page.unwritten = outline.count { $0.state == .toWrite }
      page.unread = outline.count - page.unwritten
      if error == nil, let fault = try BlockFault.all(of: year, model.figures, frame.lists, connection).first {
        page.error = French.typeset("Le rapport ne se publie pas encore. Bloc « \(fault.block) » : \(fault.sentence)")
        return page
      }
      page.number = (latest?.number ?? 0) + 1
      if let latest { page.changes = try ReportChanges(since: latest, model, connection).count }
      return page
    }
    return site.page(page.title, at: .report, page.html(), frame, status: status)
  }
}
