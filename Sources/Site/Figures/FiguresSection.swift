import Drawing
import Federation
import Hummingbird
import Markup
import Records
import Store
import WebSupport

/// `/chiffres`: the index of all figures, and one figure explored.
struct FiguresSection {
  let site: Site

  func add(to routes: RouterGroup<SignedInContext>) {
    routes.get("chiffres", use: show)
    routes.get("chiffres.json", use: values)
  }

  @Sendable private func show(_ request: Request, _ context: SignedInContext) async throws -> Response {
    request.uri.queryParameters["chiffre"] == nil ? try await index(request, context) : try await figure(request, context)
  }

  /// One figure as the address asks for it, or all of them, for programs.
  @Sendable private func values(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let model = site.installation.model
    let named = request.queryItems.contains { $0.name == "chiffre" }
    let (rows, _) = try await site.read(request, context) { connection, frame in
      guard !named else { return try FigureExplorer(request, model, frame, connection).rows(connection) }
      let asked = request.queryItems.last { $0.name == "annee" }?.value
      guard let year = asked.map(Int.init) ?? frame.year, (1900...frame.year).contains(year) else {
        throw Refusal("« \(asked ?? "") » n’est pas une année de chiffres.")
      }
      let period = ActivityReport.period(year, today: frame.today)
      return try model.figures.figures.flatMap { try FigureRow.rows(FigureQuery($0, period), withRecords: false, connection) }
    }
    return try .json(rows)
  }

  private func index(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let registry = site.installation.model.figures
    let asked = request.queryItems.last { $0.name == "annee" && !$0.value.isEmpty }?.value
    let ((page, messages), frame) = try await site.read(request, context) { connection, frame in
      let known = asked.flatMap(Int.init).flatMap { (1900...frame.year).contains($0) ? $0 : nil }
      let year = known ?? frame.year
      let period = ActivityReport.period(year, today: frame.today)
      let figures = try registry.figures.map { figure in
        let query = try FigureQuery(figure, period)
        let value = try query.total(connection)
        let explorer = Link("/chiffres", query: [("chiffre", figure.id), ("annee", String(year))])
        return (
          figure.isState,
          FigureIndexPage.Figure(
            label: figure.label, link: explorer, value: LinkedText(value, frame.records(query)), unit: value.unit,
            definition: figure.definition)
        )
      }
      let years = try Tabs.Tab.years(current: year, frame, connection) { Link("/chiffres", query: [("annee", String($0))]) }
      let messages =
        known == nil ? asked.map { [Message(.warning, French.typeset(RecordList.unknownPeriod($0)))] } ?? [] : []
      let page = FigureIndexPage(
        year: year, years: years,
        groups: [
          .init(title: "Structures", figures: figures.filter(\.0).map(\.1)),
          .init(title: "Accompagnement", figures: figures.filter { !$0.0 }.map(\.1)),
        ])
      return (page, messages)
    }
    return site.page("Chiffres", at: .figures, page.html(), frame, messages: messages)
  }

  private func figure(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let model = site.installation.model
    let (page, frame) = try await site.read(request, context) { connection, frame in
      try FigureExplorer(request, model, frame, connection).page(connection)
    }
    return site.page(page.title, at: .figures, page.html(), frame)
  }
}
