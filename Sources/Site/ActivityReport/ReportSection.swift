import Documents
import Federation
import Hummingbird
import Markup
import Records
import Store
import WebSupport

/// `/rapports/2023`: the yearly report, made from the records and from what was written of the year.
struct ReportSection {
  let site: Site

  func add(to routes: RouterGroup<SignedInContext>) {
    routes.get("rapports", use: latest)
    routes.get("rapports/{year}", use: show)
    routes.get("rapports/{year}/modifications", use: changes)
    routes.get("rapports/{year}/rapport.pdf", use: pdf)
  }

  @Sendable private func latest(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let (_, frame) = try await site.read(request, context) { _, _ in }
    return .seeOther("/rapports/\(frame.year)")
  }

  @Sendable private func show(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let year = try context.reportYear
    let model = site.installation.model
    let isEssential = request.isEssential
    let (page, frame) = try await site.read(request, context) { connection, frame in
      guard year <= frame.year else {
        throw Missing(sentence: "L’année \(year) n’a pas commencé\u{A0}: son rapport n’existe pas encore.")
      }
      let (registry, links) = (model.figures, frame.records)
      let report = try ActivityReport(year: year, today: frame.today, registry, frame.lists, connection)
      let outline = report.document == nil ? [] : try ReportBlock.all(of: year, connection)
      var builder = ReportPageBuilder(report: report) { links($0, where: $1, registry) }
      builder.photos = { .attachment(Identifier(rawValue: $0.attachment)) }
      builder.isEssential = isEssential
      builder.places = site.places(frame.departments)
      let editions = try ReportEdition.all(of: year, connection)
      builder.drafting = ReportChapters.Drafting(
        blocks: Dictionary(outline.map { ($0.id.rawValue, $0) }, uniquingKeysWith: { first, _ in first }), isOpen: frame.mayDraft,
        isPublished: !editions.isEmpty)
      var page = builder.page()
      let faults = try BlockFault.all(in: outline, registry, frame.lists, connection)
      if !outline.isEmpty {
        page.drafting = DraftingPanel(year, outline, frame.mayDraft ? faults : [])
        page.drafting?.isPublished = !editions.isEmpty
      } else if frame.mayDraft {
        page.drafting = DraftingPanel(year: year, approved: 0, written: 0, faults: [], isWaiting: true)
      }
      page.years = try ActivityReport.years(today: frame.today, connection).reversed().map {
        Tabs.Tab(String($0), .report($0), isCurrent: $0 == year)
      }
      // A year that was published is corrected, whatever has become of its records.
      let hasRecords = try !editions.isEmpty || ReportDesk.firstYear(after: year, connection) == nil
      let isPublishable = year < frame.year && frame.mayPublish && hasRecords
      let changes = try editions.first.map { try ReportChanges(since: $0, now: report, model, connection).count }
      page.publication = PublicationPanel(
        year: year, editions: editions.map(EditionLabel.init), changes: changes ?? 0, isWaiting: isPublishable)
      if site.compiler != nil { page.actions = [.pdf(Link.report(year).appending("rapport.pdf").essential(isEssential))] }
      if !outline.isEmpty { page.actions.append(.essential(.report(year), isEssential)) }
      if isPublishable {
        page.actions += [PublicationPage.action(year, isCorrection: !editions.isEmpty)]
      }
      return page
    }
    return site.page("Rapport d’activité \(year)", at: .report, page.html(), frame)
  }

  @Sendable private func pdf(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let year = try context.reportYear
    let model = site.installation.model
    let isEssential = request.isEssential
    let (page, frame) = try await site.read(request, context) { connection, frame in
      try ReportFiles.live(year, frame.today, model, connection, site.places(frame.departments), isEssential: isEssential)
    }
    return try await site.reportFile(page, frame, named: "rapport-\(year)\(isEssential ? "-essentiel" : "")")
  }

  @Sendable private func changes(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let year = try context.reportYear
    let model = site.installation.model
    let (page, frame) = try await site.read(request, context) { connection, frame in
      guard let edition = try ReportEdition.all(of: year, connection).first else {
        throw Missing(sentence: "Le rapport \(year) n’est pas publié\u{A0}: il n’y a pas de modification à montrer.")
      }
      let changes = try ReportChanges(since: edition, model, connection)
      let entries = try changes.entries(for: frame.session.account, model, connection)
      return ReportChangesPage(
        year: year, edition: EditionLabel(edition), count: changes.count, texts: changes.texts,
        rows: entries.map(ReportChangesPage.Row.init),
        values: .changes(changes.values, "Chiffres qui ne sont plus les mêmes", from: "Publié", to: "Aujourd’hui"),
        actions: frame.mayPublish ? [PublicationPage.action(year, isCorrection: true)] : [])
    }
    return site.page("Modifications du rapport \(year)", at: .report, page.html(), frame)
  }
}

extension SignedInContext {
  /// - Throws: `HTTPError` 404 when the address holds no year.
  var reportYear: Int {
    get throws {
      guard let year = Int(try parameters.require("year")), (1900...2100).contains(year) else { throw HTTPError(.notFound) }
      return year
    }
  }
}

extension Site {
  /// A report as a PDF file.
  func reportFile(_ page: ReportPage, _ frame: Frame, named name: String) async throws -> Response {
    guard let compiler else { throw Missing(sentence: French.typeset(DocumentFailure.notInstalled.description)) }
    let reports = ReportFiles(installation, files: files, compiler: compiler)
    let data = try await reports.pdf(page, frame.federation)
    return .download(Array(data), named: "\(name).pdf", type: "application/pdf")
  }
}

extension Request {
  /// The address asks for « L’essentiel ».
  var isEssential: Bool { uri.queryParameters["essentiel"] == "oui" }
}

extension Link {
  fileprivate func essential(_ isEssential: Bool) -> Link { isEssential ? setting("essentiel", "oui") : self }
}

extension PageAction {
  /// From the whole report to « L’essentiel », and back.
  static func essential(_ report: Link, _ isEssential: Bool) -> PageAction {
    isEssential
      ? PageAction("Rapport entier", .report, report) : PageAction("L’essentiel", .star, report.setting("essentiel", "oui"))
  }

  static func pdf(_ link: Link) -> PageAction { PageAction("Télécharger en PDF", .download, link, isPrincipal: false) }
}

extension Frame {
  var mayPublish: Bool { session.account.role.scope(.publish, .figures) != .none }
  var mayDraft: Bool { session.account.role.scope(.write, .figures) != .none }
}

extension Link {
  static func report(_ year: Int) -> Link { "/rapports/\(year)" }
  static func reportChanges(_ year: Int) -> Link { "/rapports/\(year)/modifications" }
  static func edition(_ year: Int, _ number: Int) -> Link { "/rapports/\(year)/editions/\(number)" }
}
