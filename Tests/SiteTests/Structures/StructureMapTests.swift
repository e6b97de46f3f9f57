import Federation
import Foundation
import Store
import TestSupport
import Testing

@testable import Site

/// `/carte` (DIR-07).
struct StructureMapTests {
  @Test(arguments: Engine.allCases) func theMapAndItsTableShowTheTeamsOfTheList(_ engine: Engine) async throws {
    try await withDemonstration(engine) { _, visitor in
      let page = try await visitor.get("/carte")
      #expect(TagBalance.fault(in: page.text) == nil)
      let list = try await visitor.get("/structures")
      let total = try #require(list.text.firstMatch(of: /<strong role="status">(\d+) structures/)?.1)
      #expect(page.text.contains("<strong role=\"status\">\(total) équipes aujourd’hui</strong>"))
      let points = page.text.components(separatedBy: "<g class=\"points\">").last?.components(separatedBy: "</g>").first ?? ""
      let unplaced = page.text.firstMatch(of: /<summary>(\d+) équipes? n/).flatMap { Int($0.1) } ?? 0
      #expect(String(points.components(separatedBy: "<a href=\"/structures/").count - 1 + unplaced) == total)
      // The share that is covered opens its communes.
      let share = try #require(page.links(to: "/communes?chiffre=coverage.population_share").first)
      #expect(try await visitor.get(share).status == 200)
      // Each number of the table opens a list of as many.
      let cells = page.text.matches(of: /<td class="n[^"]*"><a href="([^"]+)">([0-9]+)<\/a>/)
      #expect(cells.count > 20)
      for cell in cells.suffix(8) {
        let opened = try await visitor.get(String(cell.1).replacing("&amp;", with: "&"))
        #expect(opened.text.contains("<strong role=\"status\">\(cell.2) structure"), "\(cell.1)")
      }
    }
  }

  @Test func filtersAndYearsNarrowTheMapAndItsFiles() async throws {
    try await withDemonstration { _, visitor in
      let page = try await visitor.get("/carte?type=cpts&departement=38&annee=2024")
      #expect(page.text.contains("au 31 décembre 2024") && page.text.contains("value=\"2024\""))
      let networks = try await visitor.get("/carte?type=cpts").text
      let points = networks.components(separatedBy: "<g class=\"points\">").last?.components(separatedBy: "</g>").first ?? ""
      #expect(points.contains("class=\"pc ") && !points.contains("class=\"pm "))
      let csv = try await visitor.get("/carte.csv?type=cpts&departement=38&annee=2024").text
      let lines = csv.split(whereSeparator: \.isNewline).map { $0.split(separator: ";", omittingEmptySubsequences: false) }
      // Of the kinds that the filter leaves out nothing is counted.
      #expect(lines.first?.dropFirst() == ["CPTS", "Équipes", "Couverture"])
      let houses = try await visitor.get("/carte.csv?type=msp").text
      #expect(houses.contains("Département;MSP;Équipes") && !houses.contains("Couverture"))
      let sum = try #require(lines.last)
      #expect(sum[0] == "Ensemble" && sum[1] == sum[2])
      #expect(lines.dropFirst().dropLast().reduce(0) { $0 + (Int($1[2]) ?? 0) } == Int(sum[2]))
      let svg = try await visitor.get("/carte.svg?type=cpts")
      let drawn = svg.text.components(separatedBy: "<g class=\"points\">").last?.components(separatedBy: "</g>").first ?? ""
      #expect(svg.text.hasPrefix("<svg xmlns=") && drawn.contains("class=\"pc ") && !drawn.contains("class=\"pm "))
      // It goes its way alone: it says what it shows.
      #expect(
        svg.text.contains("class=\"titre\"") && svg.text.contains("Type\u{A0}: CPTS") && svg.text.contains(">validé, sans ACI</text>"))
    }
  }

  @Test func aNumberOfANarrowedMapOpensThatManyTeams() async throws {
    try await withSite { world in
      try await SmallWorld.bring(into: world.installation)
      try await world.installation.bring(
        "structures",
        "reference;type;nom;departement\nK1;esp;ESP du Pré;38\nK2;esp_clap;ESP-CLAP du Bois;38\nK3;esp_clap;ESP-CLAP du Lac;38\n")
      let visitor = try await world.signedIn()
      for address in ["/carte?type=esp", "/carte?type=esp_clap", "/carte"] {
        let cells = try await visitor.get(address).text.matches(of: /<td class="n[^"]*"><a href="([^"]+)">([0-9]+)<\/a>/)
        #expect(!cells.isEmpty)
        for cell in cells {
          let opened = try await visitor.get(String(cell.1).replacing("&amp;", with: "&"))
          #expect(opened.recordCount == Int(cell.2), "\(address) \(cell.1)")
        }
      }
    }
  }

  @Test func noYearIsDrawnBeyondThoseOfTheFederation() async throws {
    try await withSite { world in
      try await SmallWorld.bring(into: world.installation)
      let page = try await world.signedIn().get("/carte?annee=9999")
      #expect(page.text.components(separatedBy: "<option").count < 40)
    }
  }

  @Test func whatCannotBeDoneIsSaidAndNoFileHidesIt() async throws {
    try await withDemonstration { _, visitor in
      let page = try await visitor.get("/carte?type=licorne&annee=1900")
      #expect(page.text.contains("n’existe pas") && page.text.contains("Carte des équipes"))
      for ending in ["csv", "svg", "json"] { #expect(try await visitor.get("/carte.\(ending)?type=licorne").status == 400, "\(ending)") }
      #expect(try await visitor.get("/carte?q=zzzz").text.contains("0 équipe"))
    }
  }

  @Test func aTeamWithoutATownIsNamedBesideTheMap() async throws {
    try await withSite { world in
      try await SmallWorld.bring(into: world.installation)
      try await world.installation.bring(
        "structures", "reference;type;nom;departement;commune\nSC1;msp;MSP <sans> commune;38;\n")
      let page = try await world.signedIn().get("/carte")
      #expect(page.text.contains("n’est pas sur la carte") || page.text.contains("ne sont pas sur la carte"))
      #expect(page.text.contains("MSP &lt;sans&gt; commune") && !page.text.contains("<sans>"))
    }
  }

  @Test func coverageIsForThoseWhoReadFigures() async throws {
    try await withSite { world in
      try await SmallWorld.bring(into: world.installation)
      let reader = try #require(Role.allCases.first { $0.areas.contains(.directory) && !$0.areas.contains(.figures) })
      #expect(try await !world.signedIn(reader).get("/carte").text.contains("Couverture"))
      #expect(try await world.signedIn().get("/carte").text.contains("Couverture"))
    }
  }

  private struct Collection: Decodable {
    struct Feature: Decodable {
      struct Geometry: Decodable { let type: String }
      struct Properties: Decodable {
        let nom: String
        let lien: String?
        let part: Double?
        let valeur: String?
        let forme: String?
        let remplissage: String?
      }

      let type: String
      let geometry: Geometry
      let properties: Properties
    }

    let type: String
    let features: [Feature]
  }

  private func collection(_ address: String, _ visitor: Visitor) async throws -> Collection {
    let answer = try await visitor.get(address)
    #expect(answer.status == 200)
    return try JSONDecoder().decode(Collection.self, from: Data(answer.text.utf8))
  }

  /// What the script of the page draws is what the drawing shows.
  @Test func theCollectionHoldsWhatTheDrawingShows() async throws {
    try await withDemonstration { _, visitor in
      for question in ["", "?type=cpts&departement=38&annee=2024"] {
        let page = try await visitor.get("/carte" + question).text
        let points = page.components(separatedBy: "<g class=\"points\">").last?.components(separatedBy: "</g>").first ?? ""
        let found = try await collection("/carte.json" + question, visitor)
        let teams = found.features.filter { $0.geometry.type == "Point" }
        #expect(found.type == "FeatureCollection" && teams.count == points.components(separatedBy: "<a href=\"/structures/").count - 1)
        #expect(teams.allSatisfy { page.contains("href=\"\($0.properties.lien ?? "?")\"") && $0.properties.forme != nil })
        #expect(found.features.count - teams.count == 12)
      }
    }
  }

  @Test func theGroundIsChosenAndStaysInTheAddress() async throws {
    try await withDemonstration { world, visitor in
      let shares = try await collection("/carte.json", visitor).features.compactMap(\.properties.valeur)
      #expect(shares.count == 12 && shares.allSatisfy { $0.hasSuffix("%") })
      let teams = try await collection("/carte.json?fond=equipes", visitor).features.filter { $0.geometry.type != "Point" }
      #expect(teams.compactMap(\.properties.part).max() == 1 && teams.allSatisfy { Int($0.properties.valeur ?? "") != nil })
      #expect(try await collection("/carte.json?fond=aucun", visitor).features.allSatisfy { $0.properties.part == nil })
      let page = try await visitor.get("/carte?fond=equipes&type=msp")
      #expect(TagBalance.fault(in: page.text) == nil && page.text.contains("<option value=\"equipes\" selected>"))
      #expect(page.text.contains("name=\"fond\" value=\"equipes\""), "the filters keep it")
      #expect(page.links(to: "/structures?").allSatisfy { !$0.contains("fond=") })
      #expect(try await visitor.get("/carte?fond=lune").text.contains("lune"))
      // Coverage is for those who read figures, as a ground too.
      let reader = try #require(Role.allCases.first { $0.areas.contains(.directory) && !$0.areas.contains(.figures) })
      let other = try await world.visitor.stranger().signedIn(reader)
      #expect(try await collection("/carte.json", other).features.allSatisfy { $0.properties.part == nil })
      #expect(try await other.get("/carte.json?fond=couverture").status == 400)
      #expect(try await other.get("/carte?fond=couverture").status == 200)
    }
  }
}
