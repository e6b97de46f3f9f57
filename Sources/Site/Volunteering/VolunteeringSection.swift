import Federation
import HTTPTypes
import Hummingbird
import Markup
import Records
import Store
import WebSupport

/// `/heures`, `/benevoles` and `/benevolat`: the register of volunteer time, by person and by year (FAC-06, GOV-05).
struct VolunteeringSection {
  let site: Site

  func add(to routes: RouterGroup<SignedInContext>) {
    HoursList(site: site).add(to: routes)
    routes.get("benevoles/{id}", use: showVolunteer)
    routes.get("benevolat") { request, context -> Response in
      let (_, frame) = try await site.read(request, context) { _, _ in }
      return .seeOther(.volunteerYear(frame.year))
    }
    routes.get("benevolat/{year}") { try await show($0, $1) }
    for format in TableFileFormat.allCases {
      routes.get("benevolat/{year}/comptes.\(format.rawValue)") { try await file($0, $1, as: format) }
    }
  }

  func addWriting(to routes: RouterGroup<SignedInContext>) {
    routes.post("benevolat/{year}/releve") { request, context in
      try await turn(request, context) { desk, year in try await desk.collect(year) > 0 ? .changed : .unchanged }
    }
  }

  func addClosing(to routes: RouterGroup<SignedInContext>) {
    routes.post("benevolat/{year}/cloture") { request, context in
      try await turn(request, context) { desk, year in
        try await desk.close(year)
        return .changed
      }
    }
    routes.post("benevolat/{year}/reouverture") { request, context in
      try await turn(request, context) { desk, year in
        try await desk.reopen(year)
        return .changed
      }
    }
  }

  private static func year(_ context: SignedInContext) throws -> Int {
    guard let year = Int(try context.parameters.require("year")), (1_900...2_100).contains(year) else { throw HTTPError(.notFound) }
    return year
  }

  @Sendable private func showVolunteer(_ request: Request, _ context: SignedInContext) async throws -> Response {
    guard let id = Identifier<Person>(try context.parameters.require("id")) else { throw HTTPError(.notFound) }
    let asked = request.queryItems.last { $0.name == "annee" }.flatMap { Int($0.value) }.flatMap { (1_900...2_100).contains($0) ? $0 : nil }
    let (page, frame) = try await site.read(request, context) { connection, frame in
      try VolunteerSheet(id, in: asked ?? frame.year, connection).map { VolunteerPage(sheet: $0, frame: frame) }
    }
    guard let page else { throw HTTPError(.notFound) }
    return site.page(
      page.title, at: .volunteering, page.html(), frame, messages: Receipt.messages(request, path: "/heures", csrf: frame.session.csrf))
  }

  private func show(
    _ request: Request, _ context: SignedInContext, messages: [Message] = [], status: HTTPResponse.Status = .ok
  ) async throws -> Response {
    let year = try Self.year(context)
    let (page, frame) = try await site.read(request, context) { connection, frame in
      VolunteerYearPage(
        accounts: try VolunteerAccounts(year, frame.settings, connection),
        years: Set(try VolunteerAccounts.years(frame.today, connection) + [year]).sorted(by: >), frame: frame)
    }
    return site.page(
      page.title, at: .volunteering, page.html(), frame, messages: messages + Receipt.messages(request, csrf: frame.session.csrf),
      status: status)
  }

  private func file(_ request: Request, _ context: SignedInContext, as format: TableFileFormat) async throws -> Response {
    let year = try Self.year(context)
    let (rows, _) = try await site.read(request, context) { connection, frame in
      VolunteerAccountLine.rows(try VolunteerAccounts(year, frame.settings, connection), frame.lists)
    }
    return try await format.download("benevolat-\(year)", title: "Bénévolat \(year)", header: VolunteerAccountLine.header, rows: rows)
  }

  /// Does what a button of the page of the year asks for, and shows it again.
  private func turn(
    _ request: Request, _ context: SignedInContext, _ operation: (VolunteerDesk, Int) async throws -> Receipt
  ) async throws -> Response {
    _ = try await site.form(request, context)
    let year = try Self.year(context)
    do {
      let receipt = try await operation(VolunteerDesk(site.installation, actor: context.session.account), year)
      return .seeOther(Link.volunteerYear(year).setting(Receipt.parameter, receipt.rawValue))
    } catch let refusal as Refusal {
      let message = Message(.error, French.typeset(French.ended(refusal.sentence)))
      return try await show(request, context, messages: [message], status: .unprocessableContent)
    }
  }
}
