import Federation
import HTTPTypes
import Records
import Store
import TestSupport
import Testing

@testable import Site

/// The lists as their addresses ask for them.
struct ListTests {
  private func titles(_ visitor: Visitor, _ address: String) async throws -> [String] {
    let answer = try await visitor.get(address)
    #expect(answer.status == 200, "\(address)")
    #expect(answer.recordCount == answer.rowTitles.count, "\(address)")
    return answer.rowTitles
  }

  @Test(arguments: [
    ("", ["Centre de santé 100 %", "CPTS Bièvre", "Équipe des Tilleuls", "Maison de santé de l’Œillet"]),
    ("type=msp", ["Maison de santé de l’Œillet"]),
    ("type=msp&type=cpts", ["CPTS Bièvre", "Maison de santé de l’Œillet"]),
    ("departement=38", ["CPTS Bièvre", "Équipe des Tilleuls"]),
    ("departement=38&type=cpts", ["CPTS Bièvre"]),
    ("departement=69&departement=01&type=cds", ["Centre de santé 100 %"]),
    ("etape=fermee", ["Ancienne maison"]),
    ("situation=clos", ["Ancienne maison"]),
    ("phase=emergence", ["Équipe des Tilleuls"]),
    ("territoire=non_renseigne&type=esp", ["Équipe des Tilleuls"]),
    ("annee=2024", ["Centre de santé 100 %", "CPTS Bièvre", "Maison de santé de l’Œillet"]),
    ("date=2020-06-01", ["Maison de santé de l’Œillet"]),
    ("annee=1990", []),
  ]) func filtersStandInTheAddress(_ query: String, _ expected: [String]) async throws {
    try await withSite { world in
      try await SmallWorld.bring(into: world.installation)
      #expect(try await titles(try await world.signedIn(), "/structures?\(query)") == expected)
    }
  }

  @Test(arguments: [
    ("oeillet", 1), ("%C5%92ILLET", 1), ("sante", 2), ("SANT%C3%89", 2), ("tarare", 1), ("s3", 1), ("100%20%25", 1), ("%25", 0), ("_", 0),
    ("l'oeillet", 1), ("l%E2%80%99%C5%93illet", 1), ("zzz", 0), ("%20%20", 4), ("maison%20de%20sant%C3%A9", 1),
    // A sign alone is no word. A browser writes the spaces of a form as plus signs.
    ("maison+de+sante", 1), ("Centre+de+sant%C3%A9+100+%25", 1),
  ]) func theSearchForgetsAccentsAndCase(_ words: String, _ expected: Int) async throws {
    try await withSite { world in
      try await SmallWorld.bring(into: world.installation)
      #expect(try await titles(try await world.signedIn(), "/structures?q=\(words)").count == expected)
    }
  }

  @Test(arguments: [
    ("tri=nom", ["Centre de santé 100 %", "CPTS Bièvre", "Équipe des Tilleuls", "Maison de santé de l’Œillet"]),
    ("tri=-nom", ["Maison de santé de l’Œillet", "Équipe des Tilleuls", "CPTS Bièvre", "Centre de santé 100 %"]),
    ("tri=professionnels", ["Équipe des Tilleuls", "Maison de santé de l’Œillet", "Centre de santé 100 %", "CPTS Bièvre"]),
    ("tri=-professionnels", ["Centre de santé 100 %", "Maison de santé de l’Œillet", "Équipe des Tilleuls", "CPTS Bièvre"]),
    ("tri=echange", ["CPTS Bièvre", "Équipe des Tilleuls", "Maison de santé de l’Œillet", "Centre de santé 100 %"]),
    ("tri=etape", ["Équipe des Tilleuls", "CPTS Bièvre", "Centre de santé 100 %", "Maison de santé de l’Œillet"]),
    ("tri=departement", ["Centre de santé 100 %", "CPTS Bièvre", "Équipe des Tilleuls", "Maison de santé de l’Œillet"]),
    ("tri=inconnu", ["Centre de santé 100 %", "CPTS Bièvre", "Équipe des Tilleuls", "Maison de santé de l’Œillet"]),
  ]) func oneSortsByWhatTheColumnsShow(_ query: String, _ expected: [String]) async throws {
    try await withSite { world in
      try await SmallWorld.bring(into: world.installation)
      #expect(try await titles(try await world.signedIn(), "/structures?\(query)") == expected)
    }
  }

  @Test(arguments: [
    ("", ["Échange sans objet", "Sans équipe", "Étapes de création", "Accès aux soins"]),
    ("annee=2025", ["L’an dernier"]),
    ("canal=telephone", ["Échange sans objet", "Accès aux soins"]),
    ("theme=cpts", ["Accès aux soins"]),
    ("theme=non_renseigne", ["Échange sans objet", "Sans équipe"]),
    ("departement=38", ["Étapes de création", "Accès aux soins"]),
    ("departement=non_renseigne", ["Sans équipe"]),
    ("departement=69&type=cpts", []),
    ("nature=gestion&nature=juridique", ["Échange sans objet", "Accès aux soins"]),
    ("auteur=noe_pralong", ["Sans équipe"]),
    ("tri=duree", ["Étapes de création", "Accès aux soins", "Échange sans objet", "Sans équipe"]),
    ("tri=date", ["Accès aux soins", "Étapes de création", "Sans équipe", "Échange sans objet"]),
    ("q=CREATION", ["Étapes de création"]),
    ("q=bievre", ["Accès aux soins"]),
    ("q=etapes+de", ["Étapes de création"]),
    ("date=2026-03-04", ["Étapes de création", "Accès aux soins"]),
  ]) func theContactLogIsAskedTheSameWay(_ query: String, _ expected: [String]) async throws {
    try await withSite { world in
      try await SmallWorld.bring(into: world.installation)
      #expect(try await titles(try await world.signedIn(), "/echanges?\(query)") == expected)
    }
  }

  @Test func longListsAreCutIntoPages() async throws {
    try await withSite { world in
      try await world.installation.bring("structures", SmallWorld.teams(120))
      let visitor = try await world.signedIn()
      var seen: [String] = []
      var address: String? = "/structures?type=msp"
      while let current = address {
        let page = try await visitor.get(current)
        #expect(page.recordCount == 120)
        seen += page.rowTitles
        address = page.links(to: "/structures?").first { page.text.contains("href=\"\($0.replacing("&", with: "&amp;"))\" rel=\"next\"") }
      }
      #expect(seen == (1...120).map { "Équipe \(SmallWorld.padded($0))" })
      for page in ["0", "-3", "abc", "1"] {
        #expect(try await visitor.get("/structures?page=\(page)").rowTitles.first == "Équipe 001", "\(page)")
      }
      for beyond in ["4", "999"] {
        #expect(try await visitor.get("/structures?type=msp&page=\(beyond)").location == "/structures?type=msp&page=3")
      }
      #expect(try await visitor.get("/structures?q=001&page=2").location == "/structures?q=001")
      #expect(try await visitor.get("/structures?page=99999999999999999999").status == 200)
    }
  }

  @Test(arguments: [
    "/structures?type=inconnu", "/structures?departement=999&type=msp", "/echanges?canal=pigeon", "/echanges?theme=%3Cb%3E",
  ])
  func anUnknownFilterValueIsSaidAndLeftOut(_ address: String) async throws {
    try await withSite { world in
      try await SmallWorld.bring(into: world.installation)
      let answer = try await world.signedIn().get(address)
      #expect(answer.status == 200)
      #expect(answer.text.contains("<div class=\"message attention\" role=\"status\">"))
      #expect(answer.text.contains("n’existe pas\u{A0}: il n’est pas appliqué."))
      #expect(answer.rowTitles.count == (address.contains("type=msp") ? 1 : 4))
      #expect(!answer.text.contains("<b>\u{A0}"))
    }
  }

  @Test(arguments: [
    "/structures", "/structures?q=sante&tri=-nom", "/structures?type=msp&departement=69", "/structures?annee=2024&tri=-professionnels",
    "/echanges", "/echanges?canal=telephone&tri=duree", "/echanges?annee=2025", "/echanges?q=etapes", "/echanges?theme=zzz",
  ]) func theFileHoldsTheRowsOfTheList(_ address: String) async throws {
    try await withSite { world in
      try await SmallWorld.bring(into: world.installation)
      let visitor = try await world.signedIn()
      let list = try await visitor.get(address)
      let link = try #require(list.links(to: address.hasPrefix("/structures") ? "/structures.csv" : "/echanges.csv").first)
      let file = try await visitor.get(link)
      #expect(file.status == 200)
      #expect(file.headers[.contentType] == "text/csv; charset=utf-8")
      let name = address.hasPrefix("/structures") ? "structures-" : "echanges-"
      #expect(file.headers[.contentDisposition]?.hasPrefix("attachment; filename=\"\(name)") == true)
      let column = address.hasPrefix("/structures") ? 0 : 2
      #expect(file.csvRows.map { $0[column].isEmpty ? "Échange sans objet" : $0[column] } == list.rowTitles)
    }
  }

  @Test func theFileIsNotCutIntoPages() async throws {
    try await withSite { world in
      try await world.installation.bring("structures", SmallWorld.teams(120))
      #expect(try await world.signedIn().get("/structures.csv?page=2").csvRows.count == 120)
    }
  }
}
