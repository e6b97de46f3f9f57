import Documents
import Federation
import Foundation
import HTTPTypes
import Records
import Store
import TestSupport
import Testing

@testable import Site

/// `/departements/38`: the sheet of a département (REP-05, REP-10).
struct DepartmentPagesTests {
  /// A partner reads the sheets of the départements that the account names, with no way to records, and nothing else.
  @Test func aPartnerReadsTheSheetsThatAreOpened() async throws {
    try await withDemonstration { world, _ in
      let partner = try await world.visitor.stranger().signedIn(.partenaire)
      #expect(try await partner.get("/").location == "/departements")
      let list = try await partner.get("/departements")
      #expect(Set(list.links(to: "/departements/")) == ["/departements/38", "/departements/73"])
      let sheet = try await partner.get("/departements/38")
      #expect(sheet.status == 200 && sheet.text.contains("Maison de santé"))
      for link in (list.links(to: "/") + sheet.links(to: "/")) where !link.hasPrefix("/assets") {
        #expect([200, 303].contains(try await partner.get(link).status), "\(link)")
      }
      // Whatever the federation says of its own, and whatever the account says of others.
      try await world.installation.settings.set("departements", to: "01 03")
      #expect(try await partner.get("/departements").links(to: "/departements/").isEmpty)
      try await world.installation.settings.set("departements", to: "01 26 38 73")
      for (address, status) in [
        ("/departements/26", 404), ("/departements/26/fiche.pdf", 404), ("/structures", 403), ("/chiffres", 403), ("/carte", 403),
      ] {
        #expect(try await partner.get(address).status == status, "\(address)")
      }
    }
  }

  @Test(arguments: Engine.allCases) func everyNumberOpensWhatItCounts(_ engine: Engine) async throws {
    try await withDemonstration(engine) { _, visitor in
      for address in ["/departements/38", "/departements/38?annee=2025", "/departements/38?periode=2025-T2"] {
        let page = try await visitor.get(address)
        #expect(page.status == 200 && TagBalance.fault(in: page.text) == nil, "\(address)")
        #expect(page.text.contains("Isère (38)") && page.text.contains("populations de 2017"))
        let links = CountedLink.all(in: page.text).map(\.measuredAsCoverage)
        #expect(links.count >= 8, "\(address)")
        for link in Set(links) {
          // Nothing of these is a sum but the professionals and the minutes, whose lists say theirs.
          let total = try await visitor.total(of: link)
          #expect(total == link.number, "\(address): \(link.number) opens \(link.address)")
        }
      }
    }
  }

  @Test func theListIsThatOfTheDepartment() async throws {
    try await withDemonstration { _, visitor in
      let page = try await visitor.get("/departements/38")
      let list = try await visitor.get("/structures?departement=38")
      let total = try #require(list.recordCount)
      let card = try #require(
        page.text.components(separatedBy: "<caption class=\"sr\">Structures, ").last?.components(separatedBy: "</table>").first)
      #expect(card.components(separatedBy: "<tr><th scope=\"row\">").count - 1 == total)
      #expect(page.text.contains("class=\"points\""))
      #expect(page.text.contains("Maisons de santé ouvertes en Isère") && !page.text.contains("Centres de santé ouverts"))
      #expect(try await visitor.get("/departements/01").text.contains("Ain (01)"))
      #expect(try await visitor.get("/departements/XX").status == 404)
      let unknown = try await visitor.get("/departements/38?periode=hier")
      #expect(unknown.status == 200 && unknown.text.contains("cette période n’est pas appliquée"))
      let all = try await visitor.get("/departements")
      #expect(all.rowTitles.count == 12 && all.rowTitles.contains("Isère"))
      // Each share opens the communes behind it.
      let shares = all.links(to: "/communes?")
      #expect(shares.count == 12 && shares.contains { $0.contains("departement=38") })
      #expect(try await visitor.get(try #require(shares.first)).status == 200)
      #expect(try await visitor.get("/carte").links(to: "/departements/").count == 12)
      #expect(try await visitor.get("/territoires").links(to: "/departements").count == 1)
    }
  }

  @Test func coveredCommunesAreOnTheMap() async throws {
    try await withSite { world in
      try await world.installation.settings.set("departements", to: "38 73")
      try await world.installation.bring(
        "structures",
        "reference;type;nom;departement;etat;depuis;communes_couvertures\nC1;cpts;CPTS du Val;38;ouverte;2020-01-01;38185|38421|73065\n")
      let visitor = try await world.signedIn()
      // But the one of the key.
      func dots(_ address: String) async throws -> Int {
        try await visitor.get(address).text.components(separatedBy: "<circle class=\"s3\"").count - 2
      }
      // Each where it lies, from the day the CPTS began.
      #expect(try await dots("/departements/38") == 2)
      #expect(try await dots("/departements/73") == 1)
      #expect(try await dots("/departements/38?annee=2019") == 0)
      #expect(try await visitor.get("/departements/38").text.contains("2 sur "))
    }
  }

  /// The sheet of a quarter says nothing of the days after it.
  @Test func aQuarterEndsWhereItEnds() async throws {
    try await withDemonstration { _, visitor in
      let page = try await visitor.get("/departements/38?periode=2025-T2")
      #expect(page.text.contains("30 juin 2025") && !page.links(to: "/structures?date=2025-06-30").isEmpty)
      #expect(page.links(to: "/structures?annee=2025").isEmpty && !page.links(to: "/structures?annee=2024").isEmpty)
    }
  }

  /// Numbers of coverage open the communes that they count, each with the CPTS that claim it.
  @Test(arguments: Engine.allCases) func coverageOpensItsCommunes(_ engine: Engine) async throws {
    try await withSite(engine) { world in
      try await world.installation.settings.set("departements", to: "38 73")
      try await world.installation.bring(
        "structures",
        """
        reference;type;nom;departement;etat;depuis;communes_couvertures
        C1;cpts;CPTS du Val;38;ouverte;2020-01-01;38185|38421|73065
        C2;cpts;CPTS des Cimes;38;ouverte;2022-01-01;38185
        """)
      let visitor = try await world.signedIn()
      let sheet = try await visitor.get("/departements/38")
      let link = try #require(sheet.links(to: "/communes?chiffre=coverage.communes_share").first)
      let all = try await visitor.get(link)
      #expect(try #require(all.recordCount) > 500)
      let covered = try await visitor.get("/communes?couverte=oui")
      #expect(covered.recordCount == 3 && covered.text.contains("Grenoble<small>38185</small>"))
      #expect(covered.text.contains("CPTS des Cimes</a>, <a ") && covered.text.contains("CPTS du Val</a>"))
      #expect(try await visitor.get("/communes?couverte=oui&departement=73").recordCount == 1)
      #expect(try await visitor.get("/communes?couverte=oui&date=2019-12-31").text.contains("Aucune commune ne correspond"))
      let earlier = try await visitor.get("/communes.csv?couverte=oui&date=2021-12-31&tri=-habitants")
      #expect(earlier.csvRows.first?.last == "CPTS du Val" && earlier.csvRows.count == 3)
      #expect(try await visitor.get("/communes?q=38185").recordCount == 1)
      #expect(try await visitor.get("/communes?q=saint+martin+heres").recordCount == 1)
      #expect(try await visitor.get("/communes?q=%25").text.contains("Aucune commune ne correspond"))
    }
  }

  /// The cells of a row of the table by type and situation.
  private func cells(_ row: String, _ page: String) -> [String] {
    let after = page.components(separatedBy: "<th scope=\"row\">\(row)</th>").dropFirst().first ?? ""
    let line = after.components(separatedBy: "</tr>").first ?? ""
    return line.components(separatedBy: "</td>").dropLast().map { $0.replacing(/<[^>]*>/, with: "") }
  }

  @Test func whatWasTakenOverIsTheWholeAndItsPartsAreUnknown() async throws {
    try await withSite { world in
      let teams = "reference;type;nom;departement;etat;depuis\nA;msp;Maison;38;ouverte;2025-03-01\n"
      try await world.installation.bring("structures", teams)
      let series = "figure;periode;valeur;source;dimensions\nstructures.count;2024;45;Rapport 2024;departement=38\n"
      #expect(try await world.installation.bring("series", series).created == 1)
      let visitor = try await world.signedIn()
      let (unknown, none) = ("Non renseigné", "0")
      let taken = try await visitor.get("/departements/38?annee=2024").text
      #expect(TagBalance.fault(in: taken) == nil && taken.contains("<strong>45</strong>"))
      #expect(cells("Ensemble", taken) == [unknown, unknown, unknown, unknown, "45", unknown])
      #expect(cells("MSP", taken) == [unknown, unknown, unknown, unknown, unknown, unknown])
      // Counted since, beside what was taken over.
      let counted = try await visitor.get("/departements/38?annee=2025").text
      #expect(cells("Ensemble", counted).suffix(2) == ["1", "−44"] && cells("MSP", counted).suffix(2) == ["1", unknown])
      #expect(cells("CPTS", counted) == [none, none, none, none, none, unknown])
      // And before the first record nobody counted.
      let before = try await visitor.get("/departements/38?annee=2023").text
      #expect(cells("Ensemble", before).allSatisfy { $0 == unknown } && !before.contains("<strong>45</strong>"))
    }
  }

  @Test func teamsWithoutADatedStageHaveAColumn() async throws {
    try await withSite { world in
      let teams = "reference;type;nom;departement;etat;depuis\nA;msp;Maison;38;ouverte;2025-03-01\nB;msp;Autre maison;38;;\n"
      try await world.installation.bring("structures", teams)
      let visitor = try await world.signedIn()
      let page = try await visitor.get("/departements/38").text
      #expect(page.contains("<th scope=\"col\" class=\"n\">Non renseigné</th>"))
      let numbers = cells("Ensemble", page).dropLast().compactMap { Int($0) }
      #expect(numbers.count == 6 && numbers.dropLast().reduce(0, +) == 2 && numbers.last == 2)
      for link in CountedLink.all(in: page) where link.address.contains("situation=non_renseigne") {
        #expect(try await visitor.total(of: link) == 1)
      }
      try await world.installation.bring("etats", "structure;etat;depuis\nB;ouverte;2025-04-01\n")
      #expect(try await !visitor.get("/departements/38").text.contains("<th scope=\"col\" class=\"n\">Non renseigné</th>"))
    }
  }

  @Test func aReferentReadsIt() async throws {
    try await withDemonstration { world, _ in
      let referent = try await world.visitor.stranger().signedIn(.referent)
      let page = try await referent.get("/departements/38")
      #expect(page.status == 200)
      // No personal data: neither who wrote nor who works there.
      #expect(!page.text.contains("mailto:") && page.links(to: "/personnes/").isEmpty)
    }
  }

  @Test func paperSaysTheSame() async throws {
    try await withDemonstration { world, _ in
      let tools =
        ProcessInfo.processInfo.environment["MAILLAGE_TOOLS"].map { URL(filePath: $0) } ?? TestDatabases.root.appending(path: ".tools")
      let compiler = TypstCompiler(tools: tools, templates: TestDatabases.root.appending(path: "Typst"), patience: .seconds(600))
      try await serve(world.installation, compiler: compiler) { world in
        let visitor = try await world.visitor.stranger().signedIn(.referent)
        #expect(try await visitor.get("/departements/38").links(to: "/departements/38/fiche.pdf").count == 1)
        // One with everything, and one of which there is next to nothing to say.
        for address in ["/departements/38/fiche.pdf?annee=2025", "/departements/2A/fiche.pdf?periode=2025-T1"] {
          let paper = try await visitor.get(address)
          #expect(paper.status == 200 && paper.headers[.contentType] == "application/pdf", "\(address)")
          #expect(paper.headers[.contentDisposition]?.contains("departement-") == true)
        }
        #expect(try await visitor.get("/departements/38/fiche.pdf?periode=hier").status == 400)
      }
    }
  }
}
