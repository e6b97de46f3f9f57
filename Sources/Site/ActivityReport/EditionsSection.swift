import Federation
import Hummingbird
import Markup
import Records
import Store
import WebSupport

/// `/rapports/2023/editions/1`: a published report, and the records behind each of its numbers.
struct EditionsSection {
  let site: Site

  private static let pageSize = 50

  func add(to routes: RouterGroup<SignedInContext>) {
    routes.get("rapports/{year}/editions/{number}", use: show)
    routes.get("rapports/{year}/editions/{number}/fiches", use: records)
    routes.get("rapports/{year}/editions/{number}/rapport.pdf", use: pdf)
    routes.get("rapports/{year}/editions/{number}/photos/{photo}", use: photo)
  }

  @Sendable private func show(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let (year, number) = try Self.address(context)
    let isEssential = request.isEssential
    let (page, frame) = try await site.read(request, context) { connection, frame -> ReportPage in
      let editions = try ReportEdition.all(of: year, connection)
      guard let edition = editions.first(where: { $0.number == number }) else { throw HTTPError(.notFound) }
      var page = try ReportFiles.page(
        of: edition, connection, site.places(frame.departments), isEssential: isEssential, isFile: false, photos: { edition.link(to: $0) },
        erasures: frame.session.account.role.erasesFromEditions,
        links: { Self.link($0, $1, in: edition, frame.records) })
      if site.compiler != nil {
        let pdf: Link = "/rapports/\(year)/editions/\(number)/rapport.pdf"
        page.actions = [.pdf(isEssential ? pdf.setting("essentiel", "oui") : pdf)]
      }
      page.erasures = try EditionErasure.all(in: edition, connection).map { $0.sentence(frame) }
      if page.hasWords { page.actions.append(.essential(.edition(year, number), isEssential)) }
      let newer = editions.first { $0.number > number }.map(EditionLabel.init)
      page.edition = EditionHeading(edition: EditionLabel(edition), newer: newer)
      return page
    }
    return site.page("Rapport d’activité \(year), édition \(number)", at: .report, page.html(), frame)
  }

  @Sendable private func pdf(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let (year, number) = try Self.address(context)
    let isEssential = request.isEssential
    let (page, frame) = try await site.read(request, context) { connection, frame in
      guard let edition = try ReportEdition.all(of: year, connection).first(where: { $0.number == number }) else {
        throw HTTPError(.notFound)
      }
      return try ReportFiles.page(of: edition, connection, site.places(frame.departments), isEssential: isEssential)
    }
    return try await site.reportFile(page, frame, named: "rapport-\(year)-edition-\(number)\(isEssential ? "-essentiel" : "")")
  }

  /// A photo that the edition was published with, whatever became of it since.
  @Sendable private func photo(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let (year, number) = try Self.address(context)
    let id = Identifier<Attachment>(try context.parameters.require("photo"))
    let found = try await site.installation.database.read { connection -> Attachment? in
      guard let id, let edition = try ReportEdition.all(of: year, connection).first(where: { $0.number == number }) else { return nil }
      let isInside = try edition.report(connection).document?.blocks.contains { $0.photo?.attachment == id.rawValue } ?? false
      return isInside ? try Attachment(id, connection) : nil
    }
    guard let found, let bytes = try await site.installation.attachments(of: context.session.account).content(of: found.id) else {
      throw HTTPError(.notFound)
    }
    return .attachment(bytes, named: found.name, type: found.type.rawValue)
  }

  @Sendable private func records(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let (year, number) = try Self.address(context)
    let model = site.installation.model
    let (page, frame) = try await site.read(request, context) { connection, frame -> EditionRecordsPage in
      guard let edition = try ReportEdition.all(of: year, connection).first(where: { $0.number == number }),
        let question = try EditionQuestion(request, edition.report(connection))
      else { throw HTTPError(.notFound) }
      let figure = question.figure
      // What was taken over has no records.
      guard figure.total.source == nil else { throw HTTPError(.notFound) }
      guard frame.records.opensInEditions(figure.recordKind) else { throw HTTPError(.forbidden) }
      let offset = (question.page - 1) * Self.pageSize
      let listing = try EditionListing(
        edition, figure, cells: question.cells, for: frame.session.account, model.kind(figure.recordKind), offset: offset,
        limit: Self.pageSize, connection)
      let address = Self.link(figure, question.filters, in: edition)
      guard question.page == 1 || !listing.rows.isEmpty else { throw Elsewhere(link: address) }
      return EditionRecordsPage(
        edition: EditionLabel(edition), title: question.title, definition: figure.definition,
        sum: figure.sumsAmounts ? "\(French.number(listing.sum)) \(figure.manner.unit)" : nil, whole: listing.whole, total: listing.total,
        amountTitle: figure.sumsAmounts ? figure.manner.unit.capitalizedFirst : nil, rows: listing.rows.map(EditionRecordsPage.Row.init),
        pagination: Pagination(
          from: listing.rows.isEmpty ? 0 : offset + 1, to: offset + listing.rows.count, of: listing.total,
          previous: question.page > 1 ? address.setting("page", String(question.page - 1)) : nil,
          next: offset + listing.rows.count < listing.total ? address.setting("page", String(question.page + 1)) : nil))
    }
    return site.page(page.title, at: .report, page.html(), frame)
  }

  static func address(_ context: SignedInContext) throws -> (year: Int, number: Int) {
    guard let number = Int(try context.parameters.require("number")) else { throw HTTPError(.notFound) }
    return (try context.reportYear, number)
  }

  /// The records behind a number, as far as a role opens such lists.
  private static func link(_ figure: ReportFigure, _ filters: [Filter], in edition: ReportEdition, _ links: RecordLinks) -> Link? {
    links.opensInEditions(figure.recordKind) ? link(figure, filters, in: edition) : nil
  }

  private static func link(_ figure: ReportFigure, _ filters: [Filter], in edition: ReportEdition) -> Link {
    let items = [("chiffre", figure.id), ("annee", figure.period.label)] + filters.map { ($0.dimension, $0.value) }
    return Link("/rapports/\(edition.year)/editions/\(edition.number)/fiches", query: items)
  }
}

extension ReportEdition {
  fileprivate func link(to photo: WrittenReport.Photo) -> Link {
    "/rapports/\(year)/editions/\(number)/photos/\(Identifier<Attachment>(rawValue: photo.attachment).description)"
  }
}

/// Which number of an edition an address asks for.
struct EditionQuestion {
  let figure: ReportFigure
  let filters: [Filter]
  /// The cells that make the number; all when `nil`.
  let cells: [[String]]?
  /// From 1.
  let page: Int

  /// `nil` when the edition has no such number.
  init?(_ request: Request, _ report: ActivityReport) {
    let items = request.queryItems
    func item(_ name: String) -> String? { items.last { $0.name == name }?.value }
    let filters = items.filter { !["chiffre", "annee", "page"].contains($0.name) }.map { Filter($0.name, $0.value) }
    let found = report.figures.first { $0.id == item("chiffre") && $0.period.label == item("annee") && $0.cells(where: filters) != nil }
    guard let found else { return nil }
    (figure, self.filters) = (found, filters)
    cells = filters.isEmpty ? nil : found.cells(where: filters)
    page = max(1, min(item("page").flatMap(Int.init) ?? 1, 100_000))
  }

  /// « Échanges 2023, Téléphone ».
  var title: String {
    let parts = filters.map { filter in figure.dimensions.first { $0.code == filter.dimension }?.label(filter.value) ?? filter.value }
    return (["\(figure.label) \(figure.period.label)"] + parts).joined(separator: ", ")
  }
}
