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
    let (page, federation) = try await read { connection, today in
      try isLive ? Self.live(year, today, installation.model, connection) : Self.published(year, today, installation.model, connection)
    }
    return try await pdf(page, federation)
  }

  public func html(year: Int, isLive: Bool) async throws -> Data {
    let (page, federation) = try await read { connection, today in
      try isLive ? Self.live(year, today, installation.model, connection) : Self.published(year, today, installation.model, connection)
    }
    return Data(page.file(of: federation, style: files.text("maillage.css") ?? "").bytes)
  }

  func pdf(_ page: ReportPage, _ federation: String) async throws -> Data {
    try await compiler.pdf("report.typ", ReportDocument(page, federation: federation, motif: files.text("maille.svg") ?? ""))
  }

  /// The figures of a year as they are now.
  static func live(_ year: Int, _ today: CivilDate, _ model: Model, _ connection: any Connection) throws -> ReportPage {
    guard year <= today.year else { throw Refusal("L’année \(year) n’a pas commencé : son rapport n’existe pas encore.") }
    let lists = try ReferenceLists(connection)
    return ReportPageBuilder(report: try ActivityReport(year: year, today: today, model.figures, lists, connection)) { _, _ in nil }.page()
  }

  /// The latest edition of a year, or its figures as they are now while there is none.
  private static func published(_ year: Int, _ today: CivilDate, _ model: Model, _ connection: any Connection) throws -> ReportPage {
    guard let edition = try ReportEdition.all(of: year, connection).first else { return try live(year, today, model, connection) }
    return try page(of: edition, connection)
  }

  static func page(of edition: ReportEdition, _ connection: any Connection) throws -> ReportPage {
    var page = ReportPageBuilder(report: try edition.report(connection)) { _, _ in nil }.page()
    page.edition = EditionHeading(edition: EditionLabel(edition), newer: nil)
    return page
  }

  private func read(
    _ work: @escaping @Sendable (any Connection, CivilDate) throws -> ReportPage
  ) async throws -> (page: ReportPage, federation: String) {
    try await installation.database.read { [now = installation.now] connection in
      let settings = try Settings(connection)
      let today = settings.today(now())
      return (try work(connection, today), settings.text(.federationName, on: today))
    }
  }
}

extension ReportPage {
  /// The report as one file: its own style, no script and nothing around it.
  fileprivate func file(of federation: String, style: String) -> HTML {
    """
    <!doctype html>
    <html lang="fr">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Rapport d’activité \(year) – \(federation)</title>
    <meta name="color-scheme" content="light dark">
    \(HTML(unsafe: "<style>\(style)</style>"))
    </head>
    <body><main class="page"><p class="note">\(federation)</p>
    \(header)
    \(content)
    </main></body>
    </html>

    """
  }
}
