import Documents
import Drawing
import Federation
import Hummingbird
import Markup
import Records
import Store
import WebSupport

/// `/chiffres/fiche`: the sheet for the board, on the screen and as a file.
struct BoardSheetSection {
  let site: Site

  func add(to routes: RouterGroup<SignedInContext>) {
    routes.get("chiffres/fiche", use: show)
    routes.get("chiffres/fiche/rapport.pdf", use: pdf)
  }

  private func read(_ request: Request, _ context: SignedInContext) async throws -> (BoardSheet, Frame) {
    let (model, items, hasPDF) = (site.installation.model, request.queryItems, site.compiler != nil)
    return try await site.read(request, context) { try BoardSheet(items, model, $1, hasPDF: hasPDF, $0) }
  }

  @Sendable private func show(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let (sheet, frame) = try await read(request, context)
    return site.page(BoardSheet.title, at: .figures, sheet.html(), frame)
  }

  @Sendable private func pdf(_ request: Request, _ context: SignedInContext) async throws -> Response {
    guard let compiler = site.compiler else { throw Missing(sentence: French.typeset(DocumentFailure.notInstalled.description)) }
    let (sheet, frame) = try await read(request, context)
    if let warning = sheet.warning { throw Refusal(warning) }
    let data = try await compiler.pdf("report.typ", ReportDocument(sheet, federation: frame.federation, today: frame.today))
    return .download(Array(data), named: "fiche-ca-\(sheet.period.label).pdf", type: "application/pdf")
  }
}

extension ReportDocument {
  /// The sheet on paper: no cover and no contents, one part after the other.
  init(_ sheet: BoardSheet, federation: String, today: CivilDate) {
    self.init(
      sheet: "\(BoardSheet.title), \(sheet.period.name)", year: sheet.period.year, federation: federation,
      notice: "\(federation). Imprimée le \(French.fullDay(today.description)).",
      chapters: sheet.parts.map { part in
        var blocks: [Block] = []
        if let card = part.card {
          var cards = Block(kind: .cards)
          cards.figures = [Figure(card)]
          blocks.append(cards)
        }
        if let chart = part.chart { blocks.append(Block(chart)) }
        if let table = part.table { blocks.append(Block(table)) }
        return Chapter(title: part.view.name, blocks: blocks + part.notes.map { Block(.note, $0) })
      })
  }
}
