import Documents
import Foundation
import HTTPTypes
import Records
import Store
import TestSupport
import Testing

@testable import Federation
@testable import Site

/// `/departements/38/dossier`: the file for a meeting of the partners (INS-03), on a page and on paper.
struct DepartmentFilePagesTests {
  @Test(arguments: Engine.allCases) func oneClickMakesTheFile(_ engine: Engine) async throws {
    try await withDemonstration(engine) { _, visitor in
      #expect(try await visitor.get("/departements/38").links(to: "/departements/38/dossier") == ["/departements/38/dossier"])
      let page = try await visitor.get("/departements/38/dossier")
      #expect(page.status == 200 && TagBalance.fault(in: page.text) == nil)
      #expect(page.text.contains("Dossier de réunion") && page.text.contains("Projets en cours"))
      #expect(page.links(to: "/structures/").count >= 2)
      let minutes = try #require(page.links(to: "/comptes-rendus/nouveau?").first).replacing("&amp;", with: "&")
      let form = try await visitor.get(minutes)
      #expect(form.status == 200 && form.formItems.contains { $0 == ("nature", "partenaires") })
      #expect(try await visitor.get("/departements/38/dossier?mois=zzz").status == 200)
      #expect(try await visitor.get("/departements/XX/dossier").status == 404)
    }
  }

  @Test func whoReadsNoLogHasNoFile() async throws {
    try await withDemonstration { world, _ in
      let partner = try await world.visitor.stranger().signedIn(.partenaire)
      for address in ["/departements/38/dossier", "/departements/38/dossier.pdf"] {
        #expect(try await partner.get(address).status == 403, "\(address)")
      }
      #expect(try await partner.get("/departements/38").links(to: "/departements/38/dossier").isEmpty)
    }
  }

  /// What is handed over holds no word of the notes; what stays in the house says so.
  @Test func thePaperIsMadeInTwoKinds() async throws {
    try await withDemonstration { world, _ in
      let account = try await world.installation.accounts.create(
        email: "marthe@exemple.fr", name: "Marthe", role: .direction, password: "un mot de passe")
      let page = try await world.installation.database.read { connection in
        let preferences = try Preferences(connection)
        let today = preferences.settings.today(world.installation.now())
        let frame = Frame(
          session: Session(id: Identifier(rawValue: 1), account: account, csrf: "", isFreshByLink: false, mustEnrol: false, unread: 0),
          federation: "Fédération", today: today, zone: .gmt, settings: preferences.settings, departments: [], lists: preferences.lists,
          theme: nil, answersForm: false, news: [])
        let file = try DepartmentFile("38", months: 12, for: account, on: today, connection)
        return DepartmentFilePage(file: try #require(file), months: 12, frame: frame, hasPaper: true)
      }
      func exchanges(_ notes: Bool) -> [String] {
        let document = DepartmentFileDocument(page, notes: notes, federation: "Fédération")
        return (document.projects + document.others).flatMap(\.lines).filter { $0.label == "Derniers échanges" }.flatMap(\.items)
      }
      #expect(exchanges(true).contains { $0.contains("\u{A0}: ") } && exchanges(true).count == exchanges(false).count)
      #expect(!exchanges(false).isEmpty && !exchanges(false).contains { $0.contains("\u{A0}: ") })
    }
  }

  @Test func thePaperIsMade() async throws {
    try await withDemonstration { world, _ in
      let tools =
        ProcessInfo.processInfo.environment["MAILLAGE_TOOLS"].map { URL(filePath: $0) } ?? TestDatabases.root.appending(path: ".tools")
      let compiler = TypstCompiler(tools: tools, templates: TestDatabases.root.appending(path: "Typst"), patience: .seconds(600))
      try await serve(world.installation, compiler: compiler) { world in
        let visitor = try await world.visitor.stranger().signedIn(.direction)
        #expect(try await visitor.get("/departements/38/dossier").links(to: "/departements/38/dossier.pdf").count == 2)
        // One with everything, and one of which there is next to nothing to say.
        for address in ["/departements/38/dossier.pdf?mois=12&notes=oui", "/departements/2A/dossier.pdf"] {
          let paper = try await visitor.get(address)
          #expect(paper.status == 200 && paper.headers[.contentType] == "application/pdf", "\(address)")
          #expect(paper.headers[.contentDisposition]?.contains("dossier-") == true)
        }
      }
    }
  }
}
