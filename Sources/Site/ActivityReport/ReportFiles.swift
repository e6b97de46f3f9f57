import Documents
import Federation
import Foundation
import Markup
import Records
import Store
import WebSupport

/// The yearly report as files that go to a funder: PDF, or one web page that stands by itself. Without lists, so without links.
public struct ReportFiles: Sendable {
  private let installation: Installation
  private let files: StaticFiles
  private let compiler: TypstCompiler

  /// - Parameter files: those of the site, for its style and the drawing of the cover.
  public init(_ installation: Installation, files: StaticFiles, compiler: TypstCompiler) {
    self.installation = installation
    self.files = files
    self.compiler = compiler
  }

  /// - Parameter isLive: the figures as they are today, even though the year has an edition.
  /// - Throws: `Refusal` for a year that has not begun, `DocumentFailure`.
  public func pdf(year: Int, isLive: Bool) async throws -> Data {
    let (page, federation) = try await page(year, isLive: isLive)
    return try await pdf(page, federation)
  }

  /// - Parameter isLive: as of the PDF.
  /// - Throws: `Refusal` for a year that has not begun.
  public func html(year: Int, isLive: Bool) async throws -> Data {
    let (page, federation) = try await page(year, isLive: isLive)
    return Data(page.file(of: federation, style: files.text("maillage.css") ?? "").bytes)
  }

  func pdf(_ page: ReportPage, _ federation: String) async throws -> Data {
    var document = ReportDocument(page, federation: federation, motif: files.text("maille.svg") ?? "")
    let attachments = Attachments(database: installation.database, ids: installation.ids, now: installation.now, account: nil)
    for photo in page.photos {
      // One that was erased since leaves its words.
      guard let bytes = try await attachments.content(of: Identifier(rawValue: photo.attachment)) else { continue }
      document.pictures[photo.fileName] = Data(bytes)
    }
    return try await compiler.pdf("report.typ", document)
  }

  /// The figures of a year as they are now.
  static func live(
    _ year: Int, _ today: CivilDate, _ model: Model, _ connection: any Connection, _ places: ReportPlaces, isEssential: Bool = false
  ) throws -> ReportPage {
    try ReportDesk.requireReal(year)
    guard year <= today.year else { throw Refusal("L’année \(year) n’a pas commencé : son rapport n’existe pas encore.") }
    let lists = try ReferenceLists(connection)
    let report = try ActivityReport(year: year, today: today, model.figures, lists, connection)
    var builder = ReportPageBuilder(report: report) { _, _ in nil }
    (builder.isEssential, builder.places, builder.isFile) = (isEssential, places, true)
    var page = builder.page()
    page.latestEdition = try ReportEdition.all(of: year, connection).first.map(EditionLabel.init)
    return page
  }

  /// The latest edition of a year, or its figures as they are now while there is none.
  private static func published(
    _ year: Int, _ today: CivilDate, _ model: Model, _ connection: any Connection, _ places: ReportPlaces
  ) throws -> ReportPage {
    guard let edition = try ReportEdition.all(of: year, connection).first else {
      return try live(year, today, model, connection, places)
    }
    return try page(of: edition, connection, places)
  }

  /// - Parameter links: the records behind the numbers, where the page is read on the site.
  static func page(
    of edition: ReportEdition, _ connection: any Connection, _ places: ReportPlaces, isEssential: Bool = false, isFile: Bool = true,
    photos: @escaping (WrittenReport.Photo) -> Link? = { _ in nil }, erasures: Bool = false,
    links: @escaping ReportPageBuilder.Links = { _, _ in nil }
  ) throws -> ReportPage {
    let report = try edition.report(connection)
    var builder = ReportPageBuilder(report: report, links: links)
    (builder.isEssential, builder.photos, builder.places, builder.isFile) = (isEssential, photos, places, isFile)
    builder.isFrozen = true
    if erasures { builder.withdrawals = .edition(edition.year, edition.number) }
    var page = builder.page()
    page.edition = EditionHeading(edition: EditionLabel(edition), newer: nil)
    page.hasWords = report.document != nil
    if let before = try ReportEdition.all(of: edition.year, connection).first(where: { $0.number < edition.number }) {
      let former = try before.report(connection)
      page.correctedTexts = BlockChange.between(former.document, report.document)
      page.corrections = .changes(
        ReportValueChange.between(former.figures, report.figures),
        "Ce que cette édition dit autrement que l’édition \(before.number)", from: "Édition \(before.number)",
        to: "Édition \(edition.number)")
    }
    return page
  }

  private func page(_ year: Int, isLive: Bool) async throws -> (page: ReportPage, federation: String) {
    try await installation.database.read {
      [model = installation.model, now = installation.now, outlines = installation.outlines] connection in
      let settings = try Settings(connection)
      let today = settings.today(now())
      let places = ReportPlaces(outlines: outlines.all(), departments: settings.departments(on: today))
      let page =
        try isLive
        ? Self.live(year, today, model, connection, places) : Self.published(year, today, model, connection, places)
      return (page, settings.text(.federationName, on: today))
    }
  }
}

extension ReportPage {
  /// The report as one file: its own style, no script and nothing around it.
  fileprivate func file(of federation: String, style: String) -> HTML {
    // The project's own style sheet, as it stands: nobody else writes in it.
    let style = HTML(unsafe: "<style>\(style)</style>")
    return """
      <!doctype html>
      <html lang="fr">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>Rapport d’activité \(year) – \(federation)</title>
      <meta name="color-scheme" content="light dark">
      \(style)
      </head>
      <body><main class="page"><p class="note">\(federation)</p>
      \(header)
      \(content)
      </main></body>
      </html>

      """
  }
}
