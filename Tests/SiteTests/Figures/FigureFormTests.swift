import Drawing
import Federation
import Foundation
import TestSupport
import Testing

@testable import Site

/// The forms in which the parts of a figure are drawn.
struct FigureFormTests {
  private static let channels = "/chiffres?chiffre=contacts.count&annee=2025&par=canal"

  @Test func theFormIsChosenInTheAddress() async throws {
    try await withDemonstration { _, visitor in
      let bars = try await visitor.get(Self.channels).text
      #expect(bars.contains("name=\"forme\"") && bars.contains("<option value=\"barres\" selected>Barres</option>"))
      #expect(bars.contains("<option value=\"radar\">Radar</option>") && !bars.contains("class=\"etoile\""))
      let radar = try await visitor.get(Self.channels + "&forme=radar").text
      #expect(radar.contains("class=\"etoile\"") && radar.contains("<option value=\"radar\" selected>"))
      #expect(TagBalance.fault(in: radar) == nil)
      // Beside the year before, unless the page does not compare.
      #expect(radar.contains("class=\"l2\""))
      let alone = try await visitor.get(Self.channels + "&forme=radar&comparer=aucune&graphique=parts").text
      #expect(alone.contains("class=\"etoile\"") && !alone.contains("class=\"l2\""))
      let themes = try await visitor.get("/chiffres?chiffre=contacts.count&annee=2025&par=theme&forme=nuage").text
      #expect(themes.contains("class=\"nuage\"") && themes.contains("<option value=\"nuage\" selected>Nuage de mots</option>"))
      #expect(TagBalance.fault(in: themes) == nil)
    }
  }

  /// Bars in the place of another form say why.
  @Test func whatDoesNotSuitSaysSo() async throws {
    func chart(_ count: Int) -> PartsChart {
      PartsChart(
        title: "T", rowTitle: "R", valueTitle: "V", series: ["2025"], rows: (0..<count).map { .init("\($0)", [ChartValue(Double($0))]) },
        isRatio: false)
    }
    #expect(chart(12).excuse(.radar) == nil && chart(30).excuse(.bars) == nil)
    #expect(chart(13).excuse(.radar)?.contains("de 3 à 12 valeurs") == true && chart(13).excuse(.radar)?.contains("il y en a 13") == true)
    #expect(chart(2).excuse(.radar)?.contains("il y en a 2") == true && chart(5).excuse(.cloud) != nil)
    try await withDemonstration { _, visitor in
      let page = try await visitor.get("/chiffres?chiffre=structures.professionals_mean&par=departement&forme=nuage").text
      #expect(page.contains("Un nuage de mots montre au moins 8 quantités"))
      #expect(try await !visitor.get(Self.channels + "&forme=radar").text.contains("Un radar montre"))
    }
  }

  @Test func whatDoesNotSuitIsBars() async throws {
    try await withDemonstration { _, visitor in
      for question in [
        "chiffre=contacts.count&annee=2025&par=canal&forme=zzz", "chiffre=contacts.count&annee=2025&par=canal&puis=type&forme=radar",
        "chiffre=contacts.count&annee=2025&forme=radar", "chiffre=structures.professionals_mean&par=departement&forme=nuage",
      ] {
        let page = try await visitor.get("/chiffres?\(question)")
        #expect(page.status == 200 && !page.text.contains("message erreur"), "\(question)")
        #expect(!page.text.contains("class=\"etoile\"") && !page.text.contains("class=\"nuage\""), "\(question)")
      }
      let crossed = try await visitor.get("/chiffres?chiffre=contacts.count&annee=2025&par=canal&puis=type").text
      #expect(!crossed.contains("name=\"forme\""))
    }
  }

  @Test func filesAndViewsKeepIt() async throws {
    try await withDemonstration { _, visitor in
      let page = try await visitor.get(Self.channels + "&forme=radar&graphique=parts")
      let file = try #require(page.links(to: "/chiffres.svg?").first { $0.contains("forme=radar") })
      let svg = try await visitor.get(file)
      #expect(svg.status == 200 && svg.text.contains("class=\"etoile\"") && svg.text.contains("<style>"))
      #expect(try await visitor.get("/chiffres.svg?chiffre=contacts.count&annee=2025&par=canal&forme=zzz").status == 200)
      let offer = try #require(page.links(to: "/vues/nouvelle?liste=chiffres").first)
      let form = try await visitor.get(offer)
      let boxes: Set = ["nom", "partagee", "epinglee", "fiche_ca", "csrf"]
      let kept = try await visitor.post(
        "/vues",
        form.formItems.filter { !boxes.contains($0.0) } + [
          ("csrf", form.field("csrf") ?? ""), ("nom", "Radar"), ("partagee", "oui"), ("fiche_ca", "oui"),
        ])
      let back = try #require(kept.location)
      #expect(back.contains("graphique=parts&forme=radar"))
      #expect(try await visitor.get(back).text.contains("Modifier la vue"))
      #expect(try await visitor.get("/chiffres/fiche?periode=2025").text.contains("class=\"etoile\""))
    }
  }

  @Test func aBlockOfTheReportChoosesItsForm() async throws {
    try await withDemonstration { world, visitor in
      let table = """
        annee;nature;titre;chiffres;dimension;presentation
        2024;chapitre;Formes;;;
        2024;graphique;Les canaux en radar;contacts.count;canal;radar
        2024;graphique;Les thèmes en mots;contacts.count;theme;nuage
        2024;graphique;Un radar de rien;structures.count;multi_sites;radar

        """
      try await world.installation.bring("blocs", table)
      let report = try await visitor.get("/rapports/2024")
      #expect(report.status == 200 && TagBalance.fault(in: report.text) == nil)
      #expect(report.text.components(separatedBy: "class=\"etoile\"").count == 2 && report.text.contains("class=\"nuage\""))
      #expect(report.text.contains("Un radar de rien, ") && report.text.contains("forme=radar") && report.text.contains("forme=nuage"))
    }
  }
}
