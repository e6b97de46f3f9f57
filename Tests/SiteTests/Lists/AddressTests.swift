import Federation
import HTTPTypes
import Records
import Store
import TestSupport
import Testing

@testable import Site

/// Addresses that ask for what does not exist, and the files of those that do.
struct AddressTests {
  @Test(arguments: ["date=2025-02-30", "annee=1850", "annee=25", "date=hier", "annee=2025-13"])
  func aPeriodThatDoesNotExistIsSaid(_ query: String) async throws {
    try await withSite { world in
      try await SmallWorld.bring(into: world.installation)
      let visitor = try await world.signedIn()
      for list in ["/structures", "/echanges", "/etats", "/chiffres?chiffre=contacts.count"] {
        let answer = try await visitor.get(list + (list.contains("?") ? "&" : "?") + query)
        #expect(answer.status == 200)
        #expect(answer.text.contains("cette période n’est pas appliquée"), "\(list) \(query)")
        #expect(answer.text.contains("<div class=\"message "), "\(list)")
      }
      for list in ["/structures", "/echanges", "/etats"] {
        let file = try await visitor.get("\(list).csv?\(query)")
        #expect(file.status == 400 && file.text.contains("Ce fichier n’a pas été fait"), "\(list)")
        // The file of the page is that of what the page shows.
        let link = try #require(try await visitor.get("\(list)?\(query)&q=e").links(to: "\(list).csv").first)
        #expect(link == "\(list).csv?q=e")
      }
      #expect(try await visitor.get("/chiffres?annee=1850").text.contains("cette période n’est pas appliquée"))
      #expect(!(try await visitor.get("/chiffres?annee=2025").text.contains("cette période")))
    }
  }

  @Test(arguments: [
    "/structures.csv?type=zzz", "/structures.xlsx?etape=ouverte&departement=999", "/echanges.csv?etape=ouverte",
    "/echanges.xlsx?canal=pigeon", "/etats.csv?vers=zzz", "/structures.csv?tipe=msp",
  ])
  func aFileIsNeverMoreThanWasAskedFor(_ address: String) async throws {
    try await withSite { world in
      try await SmallWorld.bring(into: world.installation)
      let answer = try await world.signedIn().get(address)
      #expect(answer.status == 400 && answer.isPage)
      #expect(answer.text.contains("n’existe pas\u{A0}: il n’est pas appliqué."))
    }
  }

  @Test(arguments: [
    "/structures?vue=ZZZZ", "/structures?tri=bidon", "/personnes?structure=zzz", "/personnes?tri=bidon", "/taches?qui=zz",
  ]) func whatIsNotThereIsSaid(_ address: String) async throws {
    try await withSite { world in
      try await SmallWorld.bring(into: world.installation)
      let visitor = try await world.signedIn()
      let text = try await visitor.get(address).text
      #expect(text.contains("n’existe pas\u{A0}: ") && text.contains("pas appliqué"), "\(address)")
      #expect(!(try await visitor.get("/structures?vue=toutes&tri=-nom").text.contains("n’existe pas")))
    }
  }

  @Test func anEmptyListSaysWhy() async throws {
    try await withSite { world in
      let visitor = try await world.signedIn()
      #expect(try await visitor.get("/structures").text.contains("L’annuaire se remplit par import"))
      try await SmallWorld.bring(into: world.installation)
      let before = try await visitor.get("/structures?annee=1950")
      #expect(!before.text.contains("se remplit par import") && before.text.contains("Aucune structure à cette date"))
      #expect(try await visitor.get("/structures?type=esp_clap").text.contains("Aucune structure ne correspond"))
    }
  }

  @Test func aFigureThatCountsNothingSaysSo() async throws {
    try await withSite { world in
      try await world.installation.bring("structures", SmallWorld.teams(1))
      let visitor = try await world.signedIn()
      let overdue = try await visitor.get("/structures?chiffre=support.overdue")
      #expect(overdue.text.contains("<h2>Aucune équipe à recontacter</h2><p>Aucune date de relance n’est passée au 21 nov. 2026.</p>"))
      #expect(overdue.text.contains("Équipes à recontacter, au 21 nov. 2026. Nombre"))
      let contacted = try await visitor.get("/structures?chiffre=contacts.structures&annee=2025")
      #expect(contacted.text.contains("ne compte rien du 1er janv. au 31 déc. 2025."))
      #expect(try await visitor.get("/structures?chiffre=support.overdue&type=cds").text.contains("Aucune structure ne correspond"))
    }
  }

  /// A year that is not over stops today, as in figures.
  @Test func theDirectoryOfAnotherDaySaysWhich() async throws {
    try await withSite { world in
      try await SmallWorld.bring(into: world.installation)
      let visitor = try await world.signedIn()
      for today in ["/structures", "/structures?annee=2026", "/structures?date=2026-11-21"] {
        #expect(!(try await visitor.get(today).text.contains("<p>Telles qu")), "\(today)")
      }
      #expect(try await visitor.get("/structures?annee=2025").text.contains("<p>Telles qu’elles étaient au 31 décembre 2025."))
      #expect(try await visitor.get("/structures?date=2027-01-01").text.contains("<p>Telles qu’on les attend au 1er janvier 2027."))
    }
  }

  /// What narrows a list can be seen and taken away.
  @Test func everyFilterOfTheDirectoryIsShown() async throws {
    try await withSite { world in
      try await SmallWorld.bring(into: world.installation)
      let page = try await world.signedIn().get("/structures?multi_sites=non")
      #expect(page.text.contains("</span>Plusieurs sites\u{A0}: Non</a>"))
      #expect(page.text.contains("<a href=\"/structures\">Tout effacer</a>"))
      #expect(page.text.contains("name=\"multi_sites\" value=\"non\" checked>"))
    }
  }

  /// What an address repeats is applied, and shown, once.
  @Test func aRepeatedFilterIsOne() async throws {
    try await withSite { world in
      try await SmallWorld.bring(into: world.installation)
      let page = try await world.signedIn().get("/structures?type=msp&type=MSP&type=msp&q=sante&q=oeillet&annee=2026&annee=2026")
      #expect(page.links(to: "/structures.csv") == ["/structures.csv?q=oeillet&annee=2026&type=msp"])
      #expect(page.rowTitles == ["Maison de santé de l’Œillet"])
    }
  }

  @Test(arguments: [
    ("/structures.csv", "structures-2026-11-21.csv"), ("/structures.csv?annee=2024&type=msp&departement=69", "structures-2024-msp-69.csv"),
    ("/echanges.xlsx", "echanges-2026.xlsx"),
    ("/echanges.csv?annee=2025&canal=visio&q=%C3%89t%C3%A9%20l'an", "echanges-2025-visio-ete-l-an.csv"),
    ("/structures.csv?chiffre=support.overdue", "structures-support-overdue-2026-11-21.csv"),
    ("/etats.csv?annee=2024&vers=ecriture", "etats-2024-ecriture.csv"),
  ])
  func aFileIsNamedAfterWhatItHolds(_ address: String, _ name: String) async throws {
    try await withSite { world in
      try await SmallWorld.bring(into: world.installation)
      let answer = try await world.signedIn().get(address)
      #expect(answer.headers[.contentDisposition] == "attachment; filename=\"\(name)\"")
    }
  }

  /// What the site gives, `maillage import` takes back: the same exchanges with the same teams.
  @Test(arguments: Engine.allCases) func anExchangeFileIsReadAgainAsItIs(_ engine: Engine) async throws {
    try await withSite(engine) { world in
      try await SmallWorld.bring(into: world.installation)
      let file = try await world.signedIn().get("/echanges.csv")
      #expect(file.csvRows.contains { $0[2] == "Accès aux soins" && $0.contains { Set($0.split(separator: "|")) == ["S1", "S2"] } })
      let report = try await world.installation.bring("echanges", file.text)
      #expect(report.created == 0 && report.changed == 0 && report.unchanged == 4)
      #expect(report.refused.isEmpty)
    }
  }

  @Test func aDirectoryFileNamesItsTeams() async throws {
    try await withSite { world in
      try await SmallWorld.bring(into: world.installation)
      let file = try await world.signedIn().get("/structures.csv?q=tilleuls")
      #expect(
        file.text.contains(
          "Dernier échange;Téléphone;Courriel;Référence;Phase;Territoire;Logiciel;Niveau du logiciel;Rythme de suivi (mois)"))
      #expect(file.csvRows.map { Array($0[10...]) } == [["S3", "Émergence", "", "", "", ""]])
    }
  }

  @Test func badgesDoNotRepeatTheName() async throws {
    try await withSite { world in
      try await SmallWorld.bring(into: world.installation)
      let list = try await world.signedIn().get("/echanges")
      #expect(
        list.text.contains("<span class=\"type\">MSP</span> Maison de santé")
          || list.text.contains("<span class=\"type msp\">MSP</span> Maison de santé"))
      #expect(list.text.contains("CPTS Bièvre") && !list.text.contains("CPTS</span> CPTS"))
    }
  }
}
