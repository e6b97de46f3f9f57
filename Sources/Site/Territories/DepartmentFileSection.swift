import Documents
import Federation
import Hummingbird
import Markup
import Records
import Store
import WebSupport

/// `/departements/38/dossier`: what a meeting of its partners needs to know of each project (INS-03).
struct DepartmentFileSection {
  let site: Site

  func add(to routes: RouterGroup<SignedInContext>) {
    routes.get("departements/{code}/dossier") { request, context -> Response in
      let (page, frame) = try await read(request, context)
      return site.page(page.title, at: .territories, page.html, frame)
    }
    routes.get("departements/{code}/dossier.pdf") { request, context -> Response in
      let (page, frame) = try await read(request, context)
      guard let compiler = site.compiler else { throw Missing(sentence: French.typeset(DocumentFailure.notInstalled.description)) }
      let notes = request.queryItems.contains { $0.name == "notes" && $0.value == "oui" }
      let data = try await compiler.pdf("dossier.typ", DepartmentFileDocument(page, notes: notes, federation: frame.federation))
      return .download(Array(data), named: "dossier-\(page.file.code)-\(page.file.day).pdf", type: "application/pdf")
    }
  }

  private func read(_ request: Request, _ context: SignedInContext) async throws -> (DepartmentFilePage, Frame) {
    let code = try context.parameters.require("code")
    let asked = request.queryItems.last { $0.name == "mois" }.flatMap { Int($0.value) }
    let months = asked.flatMap { DepartmentFilePage.monthsOffered.contains($0) ? $0 : nil } ?? 6
    let hasPaper = site.compiler != nil
    return try await site.read(request, context) { connection, frame in
      let file = try DepartmentFile(code, months: months, for: frame.session.account, on: frame.today, connection)
      guard let file else { throw HTTPError(.notFound) }
      return DepartmentFilePage(file: file, months: months, frame: frame, hasPaper: hasPaper)
    }
  }
}

/// The file on paper: the values that the template `dossier.typ` lays out.
///
/// The names of its properties are those that the template reads.
struct DepartmentFileDocument: Encodable, Sendable {
  struct Team: Encodable, Sendable {
    var name: String
    var type: String
    var standing: String
    var place: String
    var lines: [Line]
  }

  struct Line: Encodable, Sendable {
    var label: String
    var items: [String]
  }

  var title: String
  var name: String
  var code: String
  var federation: String
  var day: String
  var summary: String
  var rules: String
  /// Whether it holds what was noted of exchanges: then it stays in the house.
  var isInternal: Bool
  var projects: [Team]
  var others: [Team]

  init(_ page: DepartmentFilePage, notes: Bool, federation: String) {
    func team(_ team: DepartmentFile.Team) -> Team {
      Team(
        name: team.name, type: page.frame.lists.label(team.type), standing: page.standing(team), place: page.place(team),
        lines: page.lines(team, notes: notes).map { Line(label: $0.label, items: $0.items) })
    }
    title = "\(page.title), \(French.fullDay(page.file.day.description))"
    (name, code, self.federation) = (page.file.name, page.file.code, federation)
    day = French.fullDay(page.file.day.description)
    (summary, rules, isInternal) = (page.summary, DepartmentFilePage.rules, notes)
    (projects, others) = (page.file.projects.map(team), page.file.others.map(team))
  }
}
