import Documents
import Federation
import Hummingbird
import Markup
import Records
import Store
import WebSupport

/// `/departements`: the sheet of each département for a year or a part of one, on a page and on paper (REP-05, REP-10).
struct DepartmentsSection {
  let site: Site

  func add(to routes: RouterGroup<SignedInContext>) {
    routes.get("departements", use: list)
    routes.get("departements/{code}") { request, context -> Response in
      let (page, frame) = try await read(request, context)
      return site.page(page.title, at: Self.place(frame), page.html, frame, messages: page.warnings)
    }
    routes.get("departements/{code}/fiche.pdf") { request, context -> Response in
      let (page, frame) = try await read(request, context)
      if let warning = page.warning { throw Refusal(warning) }
      guard let compiler = site.compiler else { throw Missing(sentence: French.typeset(DocumentFailure.notInstalled.description)) }
      let data = try await compiler.pdf("departement.typ", DepartmentDocument(page, federation: frame.federation))
      return .download(Array(data), named: "departement-\(page.sheet.code)-\(page.sheet.period.label).pdf", type: "application/pdf")
    }
  }

  @Sendable private func list(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let registry = site.installation.model.figures
    let ((departments, counts, shares), frame) = try await site.read(request, context) { connection, frame in
      let today = Period(asOf: frame.today)
      let queries = try ["structures.count", "coverage.population_share"].map {
        try FigureQuery(registry.figure($0), today, by: ["departement"])
      }
      return (
        try DepartmentSheet.all(frame.departments, connection).filter { frame.session.account.opens(department: $0.code) },
        try FigureQuery.knownValues(of: queries, connection).map(FigureReading.byCode), queries[1]
      )
    }
    let rows = departments.map { department -> HTML in
      let teams = counts[0][department.code]
      let share = counts[1][department.code]
      return """
        <tr><th scope="row"><a href="\(Link.department(department.code))">\(department.name)</a></th><td class="p2 n">\(department.code)</td>\
        <td class="n">\(LinkedText(teams?.value ?? 0, frame.records.opens("structures") ? Link("/structures", query: [("departement", department.code)]) : nil).html)</td>\
        <td class="n">\(frame.records.share(share, of: shares, in: Filter("departement", department.code)).html)</td></tr>

        """
    }
    let table = DataTable(
      "Départements",
      columns: [
        .init("Département"), .init("Numéro", class: "p2 n"), .init("Structures", class: "n"), .init("Habitants couverts", class: "n"),
      ],
      rows: rows)
    let content: HTML = """
      \(PageHeader("Départements", sentence: "La fiche de chacun, pour les référents et les partenaires.").html)
      \(rows.isEmpty ? EmptyState("Aucun département", "Les réglages de la fédération disent lesquels sont les siens, et votre compte lesquels vous sont ouverts.").html : "\(table.html)<p class=\"note\">Habitants couverts par une CPTS. \(frame.settings.coverageBasis(on: frame.today))</p>")
      """
    return site.page("Départements", at: Self.place(frame), content, frame)
  }

  /// In the navigation.
  private static func place(_ frame: Frame) -> Place { frame.session.account.role.areas.contains(.directory) ? .territories : .sheets }

  private func read(_ request: Request, _ context: SignedInContext) async throws -> (DepartmentPage, Frame) {
    let code = try context.parameters.require("code")
    let (registry, outline) = (site.installation.model.figures, site.installation.outlines.all()[code])
    let hasPaper = site.compiler != nil
    return try await site.read(request, context) { connection, frame in
      guard frame.session.account.opens(department: code) else { throw HTTPError(.notFound) }
      let asked = AskedPeriod(request.queryItems, today: frame.today, isList: false)
      let period = asked.period ?? Period(asOf: frame.today)
      // The last column stops where the sheet does.
      let isYear = [.year, .upToDay].contains(period.form)
      let last = isYear ? Period(year: period.year).cut(at: frame.today) ?? period : Period(asOf: period.through)
      let years = (period.year - 4..<period.year).map { Period(year: $0) } + [last]
      let sheet = try DepartmentSheet(code, name: outline?.name, period, years: years, registry, connection)
      guard let sheet else { throw HTTPError(.notFound) }
      let opensFile = try DepartmentFile.isOpen(code, to: frame.session.account, on: frame.today, connection)
      return DepartmentPage(
        sheet: sheet, outline: outline, frame: frame, warning: asked.warning, hasPaper: hasPaper, opensFile: opensFile)
    }
  }
}

extension Link {
  static func department(_ code: String) -> Link { Link("/departements").appending(code) }
}
