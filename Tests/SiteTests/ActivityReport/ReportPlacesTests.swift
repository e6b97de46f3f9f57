import Documents
import Federation
import Foundation
import HTTPTypes
import Records
import Store
import TestSupport
import Testing
import WebSupport

@testable import Site

/// The map of the teams and the targets in the report of a year, live, published and on paper.
struct ReportPlacesTests {
  private static let blocks = """
    annee;nature;titre;essentiel
    2024;chapitre;Où nous en sommes;oui
    2024;carte_equipes;Nos équipes;non
    2024;cibles;;oui

    """
  private static let targets = """
    libelle;mesure;type;valeur;echeance;base_le;base
    MSP <ouvertes>;ouvertes;msp;500;2026-12-31;2020-12-31;12
    Trop tard;ouvertes;;5;2023-12-31;;
    Trop tôt;croissance;;5;2030-12-31;2026-01-01;3

    """

  private func bring(_ world: SiteWorld) async throws {
    _ = try await world.installation.bring("blocs", Self.blocks)
    _ = try await world.installation.bring("cibles", Self.targets)
  }

  private func points(_ page: String) -> Int {
    let parts = page.components(separatedBy: "<g class=\"points\">")
    guard parts.count == 2 else { return 0 }
    return parts[1].components(separatedBy: "<g class=\"dep\"")[0].components(separatedBy: "<title>").count - 1
  }

  @Test(arguments: Engine.allCases) func theyAreDrawnCountedAndFrozen(_ engine: Engine) async throws {
    try await withDemonstration(engine) { world, visitor in
      try await bring(world)
      let live = try await visitor.get("/rapports/2024")
      #expect(TagBalance.fault(in: live.text) == nil && live.text.contains("Nos équipes, au 31 déc. 2024"))
      #expect(points(live.text) > 20 && live.text.contains("<a href=\"/structures/") && live.text.contains("href=\"/carte?annee=2024\""))
      #expect(live.text.contains("/structures?annee=2024&amp;departement=38&amp;type=msp"))
      // Only what was under way in the year, with what was reached when it ended.
      #expect(live.text.contains("MSP &lt;ouvertes&gt;") && live.text.contains("href=\"/cibles?annee=2024\""))
      #expect(!live.text.contains("Trop tard") && !live.text.contains("Trop tôt"))
      let row = live.text.components(separatedBy: "MSP &lt;ouvertes&gt;").last?.components(separatedBy: "</tr>").first ?? ""
      let open = try await visitor.get("/structures?annee=2024&type=msp&situation=hors_aci&situation=aci&situation=fonctionnement")
        .recordCount
      #expect(row.contains("<td class=\"n\">\(open ?? -1)</td>") && row.contains("<td class=\"n\">500</td>"))
      let csrf = try await visitor.get("/rapports/2024/publication").field("csrf") ?? ""
      #expect(try await visitor.post("/rapports/2024/editions", [("csrf", csrf), ("numero", "1")]).status == 303)
      try await world.installation.database.write { connection in
        try connection.execute("UPDATE target SET goal = 7770 WHERE label LIKE 'MSP%'")
        try connection.execute("UPDATE structure SET name = 'Renommée', name_fold = 'renommee'")
      }
      let edition = try await visitor.get("/rapports/2024/editions/1")
      #expect(edition.status == 200 && points(edition.text) == points(live.text) && !edition.text.contains("Renommée"))
      #expect(edition.text.contains("<td class=\"n\">500</td>") && !edition.text.contains("<td class=\"n\">777</td>"))
      #expect(!edition.text.contains("href=\"/cibles?annee=2024\"") && TagBalance.fault(in: edition.text) == nil)
      let cell = try #require(
        edition.links(to: "/rapports/2024/editions/1/fiches?chiffre=structures.count").first { $0.contains("type=msp") })
      #expect(try await visitor.get(cell).status == 200)
      // Another goal is another text of the report.
      #expect(try await visitor.get("/rapports/2024/modifications").text.contains("Cibles"))
      let essential = try await visitor.get("/rapports/2024/editions/1?essentiel=oui").text
      #expect(essential.contains("MSP &lt;ouvertes&gt;") && points(essential) == 0)
    }
  }

  @Test func withoutThemNothingIsDrawn() async throws {
    try await withSite { world in
      try await SmallWorld.bring(into: world.installation)
      let visitor = try await world.signedIn()
      _ = try await world.installation.bring("blocs", "annee;nature;titre\n2024;chapitre;Un;\n2024;cibles;Nos cibles\n")
      let page = try await visitor.get("/rapports/2024").text
      #expect(!page.contains("Nos cibles") && TagBalance.fault(in: page) == nil)
      let plan = try await visitor.get("/rapports/2024/redaction")
      #expect(plan.text.contains("nature=carte_equipes") && plan.text.contains("nature=cibles"))
      let block = try #require(plan.links(to: "/blocs/").first { !$0.contains("nouveau") && !$0.contains("modifier") })
      #expect(try await visitor.get(block).status == 200)
      for nature in ["carte_equipes", "cibles"] {
        let form = try await visitor.get("/blocs/nouveau?annee=2024&nature=\(nature)&rang=5000")
        #expect(form.status == 200 && !form.text.contains("name=\"texte\"") && !form.text.contains("name=\"etat\""))
        let csrf = form.field("csrf") ?? ""
        #expect(try await visitor.post("/blocs/nouveau", form.formItems.filter { $0.0 != "csrf" } + [("csrf", csrf)]).status == 303)
      }
    }
  }

  @Test func theyArePicturesAndPaper() async throws {
    let tools =
      ProcessInfo.processInfo.environment["MAILLAGE_TOOLS"].map { URL(filePath: $0) } ?? TestDatabases.root.appending(path: ".tools")
    let compiler = TypstCompiler(tools: tools, templates: TestDatabases.root.appending(path: "Typst"), patience: .seconds(600))
    try await withSite(compiler: compiler) { world in
      try await SmallWorld.bring(into: world.installation)
      try await bring(world)
      let visitor = try await world.signedIn()
      let page = try await visitor.get("/carte?type=msp")
      let picture = try #require(page.links(to: "/carte.png").first)
      let image = try await visitor.get(picture)
      #expect(picture.contains("type=msp") && image.status == 200 && image.headers[.contentType] == "image/png")
      #expect(try await visitor.get("/carte.png?type=licorne").status == 400)
      let pdf = try await visitor.get("/rapports/2024/rapport.pdf")
      #expect(pdf.status == 200 && pdf.text.hasPrefix("%PDF-"))
    }
  }
}
