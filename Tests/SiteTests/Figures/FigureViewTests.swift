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

/// The views that people keep of figures: on the page of figures, on the page of the day, on the sheet for the board.
struct FigureViewTests {
  private func keep(_ visitor: Visitor, _ address: String, _ name: String, _ more: (String, String)...) async throws -> Answer {
    let page = try await visitor.get(address)
    let offer = try #require(page.links(to: "/vues/nouvelle?liste=chiffres").first, "\(page.status)")
    let form = try await visitor.get(offer)
    #expect(form.status == 200 && TagBalance.fault(in: form.text) == nil)
    let boxes: Set = ["nom", "partagee", "epinglee", "fiche_ca", "csrf"]
    return try await visitor.post(
      "/vues", form.formItems.filter { !boxes.contains($0.0) } + [("csrf", form.field("csrf") ?? ""), ("nom", name)] + more)
  }

  /// A number of few people is kept back on the page of the day too, and draws no line that ends elsewhere.
  @Test func aPinnedSmallNumberIsKeptBack() async throws {
    try await withSite { world in
      try await SmallWorld.bring(into: world.installation)
      let people = (1...24).map { "P\($0);Nom\($0)" }.joined(separator: "\n")
      #expect(try await world.installation.bring("personnes", "reference;nom\n\(people)\n").created == 24)
      func met(_ year: Int, _ count: Int) -> String {
        "\(year)-01-02;visio;\((1...count).map { "P\($0)" }.joined(separator: "|"));Rencontre;X\(year)\n"
      }
      let exchanges = "date;canal;personnes;objet;reference\n\(met(2026, 3))\(met(2025, 20))\(met(2024, 24))"
      #expect(try await world.installation.bring("echanges", exchanges).created == 3)
      let visitor = try await world.signedIn()
      #expect(try await keep(visitor, "/chiffres?chiffre=contacts.people", "Peu de monde", ("epinglee", "oui")).status == 303)
      let day = try await visitor.get("/aujourdhui")
      let card = try #require(day.text.components(separatedBy: "Peu de monde").last?.components(separatedBy: "</section>").first)
      #expect(card.contains("&lt;\u{A0}11") && card.contains("Petit effectif, masqué") && !card.contains("<svg viewBox=\"0 0 88 32\""))
    }
  }

  @Test(arguments: Engine.allCases) func aViewIsKeptPinnedAndPutOnTheSheet(_ engine: Engine) async throws {
    try await withSite(engine) { world in
      try await SmallWorld.bring(into: world.installation)
      let visitor = try await world.signedIn()
      let address = "/chiffres?chiffre=contacts.count&par=canal&periode=2025&comparer=aucune&graphique=annees&departement=38"
      let kept = try await keep(visitor, address, "Canaux <38>", ("partagee", "oui"), ("epinglee", "oui"), ("fiche_ca", "oui"))
      let back = try #require(kept.location)
      #expect(
        kept.status == 303
          && back.hasPrefix("/chiffres?chiffre=contacts.count&par=canal&periode=2025&comparer=aucune&graphique=annees&departement=38"))
      let page = try await visitor.get(back)
      #expect(page.text.contains("La vue est enregistrée.") && page.text.contains("Modifier la vue"))
      // A year under way goes on with the calendar.
      let moving = try await keep(visitor, "/chiffres?chiffre=contacts.count&periode=2026", "Cette année", ("epinglee", "oui"))
      #expect(moving.location?.contains("periode") == false)
      let index = try await visitor.get("/chiffres")
      #expect(
        index.text.contains(
          "Canaux &lt;38&gt;</a><small>Échanges par canal, partagée par Odile Marchandet, épinglée, dans la fiche pour le CA"))
      #expect(TagBalance.fault(in: index.text) == nil)
      let day = try await visitor.get("/aujourdhui")
      #expect(day.text.contains("Vos vues épinglées") && day.text.contains("Canaux &lt;38&gt;") && day.text.contains("Cette année"))
      #expect(day.text.contains("class=\"l1\"") && TagBalance.fault(in: day.text) == nil)
      let colleague = try await world.signedIn(.communication)
      #expect(try await colleague.get("/chiffres").text.contains("Canaux &lt;38&gt;"))
      #expect(!(try await colleague.get("/chiffres")).text.contains("Cette année"))
      #expect(!(try await colleague.get("/aujourdhui")).text.contains("Canaux"))
      // The sheet says another period of the same question.
      for period in ["2025", "2025-T2", "2024-2025", "2026"] {
        let sheet = try await colleague.get("/chiffres/fiche?periode=\(period)")
        #expect(sheet.status == 200 && sheet.text.contains("Canaux &lt;38&gt;") && TagBalance.fault(in: sheet.text) == nil, "\(period)")
      }
      #expect(try await colleague.get("/chiffres/fiche?periode=2025-T2").text.contains("2e trimestre 2025"))
      #expect(try await colleague.get("/chiffres/fiche?periode=zzz").text.contains("n’est ni une année"))
      // No longer shared, it is nobody else's.
      let view = try #require(index.links(to: "/vues/").first { !$0.contains("nouvelle") })
      let csrf = index.field("csrf") ?? ""
      let alone = try await visitor.post(view, [("csrf", csrf), ("nom", "Canaux"), ("epinglee", "oui"), ("fiche_ca", "oui")])
      #expect(alone.status == 422 && alone.text.contains("partagez aussi la vue"))
      #expect(try await visitor.post(view, [("csrf", csrf), ("nom", "Canaux"), ("epinglee", "oui")]).status == 303)
      #expect(try await visitor.get("/chiffres/fiche").text.contains("La fiche est vide"))
      // Each change of the sheet is an event.
      let changes: [String] = try await world.installation.database.read { connection in
        try connection.rows("SELECT change FROM image WHERE kind = 'vues' AND change LIKE '%fiche_ca%' ORDER BY version").map { try $0[0] }
      }
      #expect(
        changes.count == 2 && changes[0].contains(#""after":{"fiche_ca":"oui"}"#) && changes[1].contains(#""after":{"fiche_ca":"non"}"#))
      #expect(try await visitor.post("\(view)/corbeille", [("csrf", csrf)]).status == 303)
      #expect(!(try await visitor.get("/aujourdhui")).text.contains("Canaux"))
    }
  }

  @Test func aViewOfARetiredFigureSaysSo() async throws {
    try await withSite { world in
      try await SmallWorld.bring(into: world.installation)
      let visitor = try await world.signedIn()
      for (address, name) in [("/chiffres?chiffre=contacts.count", "Un"), ("/chiffres?chiffre=contacts.count&par=canal", "Deux")] {
        _ = try await keep(visitor, address, name, ("partagee", "oui"), ("epinglee", "oui"), ("fiche_ca", "oui"))
      }
      try await world.installation.database.write { connection in
        try connection.execute("UPDATE saved_view SET query = 'chiffre=contacts.disparu' WHERE name = 'Un'")
        try connection.execute("UPDATE saved_view SET query = 'chiffre=contacts.count&par=couleur' WHERE name = 'Deux'")
      }
      for page in ["/chiffres", "/aujourdhui", "/chiffres/fiche"] {
        let answer = try await visitor.get(page)
        #expect(answer.status == 200 && answer.text.components(separatedBy: "Ce chiffre n’existe plus").count == 3, "\(page)")
      }
    }
  }

  @Test func whoDoesNotShareKeepsForThemselves() async throws {
    try await withSite { world in
      try await SmallWorld.bring(into: world.installation)
      let member = try await world.signedIn(.ca)
      let form = try await member.get("/vues/nouvelle?liste=chiffres&requete=chiffre%3Dcontacts.count")
      #expect(form.text.contains("epinglee") && !form.text.contains("partagee") && !form.text.contains("fiche_ca"))
      #expect(try await keep(member, "/chiffres?chiffre=contacts.count", "À moi", ("epinglee", "oui"), ("fiche_ca", "oui")).status == 303)
      #expect(try await member.get("/chiffres/fiche").text.contains("La fiche est vide"))
      // A period under way keeps its name, and goes on with the calendar.
      for period in ["2026-2027", "2026-T4", "2026-S2", "2025-2026"] {
        let view = try await keep(member, "/chiffres?chiffre=contacts.count&periode=\(period)", "Vue \(period)")
        #expect(view.location?.contains("periode=\(period)") == true, "\(view.location ?? "")")
      }
      let stranger = try await world.signedIn(.facilitateur)
      #expect(try await stranger.get("/vues/nouvelle?liste=chiffres&requete=chiffre%3Dcontacts.count").status == 403)
      #expect(try await stranger.get("/chiffres/fiche").status == 403)
    }
  }

  /// A picture and a sheet for those who write letters and slides.
  @Test func chartsAndSheetsAreFiles() async throws {
    let tools =
      ProcessInfo.processInfo.environment["MAILLAGE_TOOLS"].map { URL(filePath: $0) } ?? TestDatabases.root.appending(path: ".tools")
    let compiler = TypstCompiler(tools: tools, templates: TestDatabases.root.appending(path: "Typst"), patience: .seconds(600))
    try await withSite(compiler: compiler) { world in
      try await SmallWorld.bring(into: world.installation)
      let visitor = try await world.signedIn()
      let page = try await visitor.get("/chiffres?chiffre=contacts.count&par=canal&annee=2026")
      let picture = try #require(page.links(to: "/chiffres.png").first)
      let image = try await visitor.get(picture)
      #expect(image.status == 200 && image.headers[.contentType] == "image/png")
      _ = try await keep(visitor, "/chiffres?chiffre=contacts.count&par=canal", "Canaux", ("partagee", "oui"), ("fiche_ca", "oui"))
      let sheet = try await visitor.get("/chiffres/fiche")
      let pdf = try await visitor.get(try #require(sheet.links(to: "/chiffres/fiche/rapport.pdf").first))
      #expect(pdf.status == 200 && pdf.headers[.contentType] == "application/pdf" && pdf.text.hasPrefix("%PDF-"))
    }
  }
}
