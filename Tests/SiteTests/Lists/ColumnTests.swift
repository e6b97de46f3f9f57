import Federation
import Foundation
import Records
import Store
import TestSupport
import Testing

@testable import Site

/// The columns that a reader chooses, on the page and in its files.
struct ColumnTests {
  /// The headings of the page's table.
  private func headings(_ page: Answer) -> [String] {
    let head = page.text.components(separatedBy: "<thead>").last?.components(separatedBy: "</thead>").first ?? ""
    // But for the box that ticks them all.
    return head.components(separatedBy: "<th scope=\"col\"").dropFirst().filter { !$0.contains("data-tout") }.map { part in
      unescaped(String(part.drop { $0 != ">" }.dropFirst()).replacing(/<[^>]*>/, with: ""))
    }
  }

  /// Rows of the page, cell by cell, as words.
  private func rows(_ page: Answer) -> [[String]] {
    let body = page.text.components(separatedBy: "<tbody>").last?.components(separatedBy: "</tbody>").first ?? ""
    return body.components(separatedBy: "<tr>").dropFirst().map { row in
      row.matches(of: /<t[hd][^>]*>(.*?)<\/t[hd]>/.dotMatchesNewlines()).filter { !$0.1.contains("type=\"checkbox\"") }.map { cell in
        unescaped(String(cell.1).replacing(/<small.*<\/small>/.dotMatchesNewlines(), with: "").replacing(/<[^>]*>/, with: ""))
      }
    }
  }

  @Test(arguments: Engine.allCases) func pageAndFilesHoldExactlyTheColumnsAskedForInTheirOrder(_ engine: Engine) async throws {
    try await withSite(engine) { world in
      try await SmallWorld.bring(into: world.installation)
      let visitor = try await world.signedIn()
      let address = "?colonnes=reference&colonnes=etape&colonnes=nom&colonnes=departement&type=msp&type=esp"
      let page = try await visitor.get("/structures\(address)")
      #expect(headings(page) == ["Référence", "Étape", "Structure", "Département"])
      let expected = [
        ["S3", "Premier contact", "Équipe des Tilleuls", "38"], ["S1", "Ouverte", "Maison de santé de l’Œillet", "69"],
      ]
      #expect(rows(page) == expected)
      let file = try await visitor.get("/structures.csv\(address)")
      #expect(
        file.text.hasPrefix("\u{FEFF}Référence;Étape;Nom;Département\r\n") || file.text.hasPrefix("Référence;Étape;Nom;Département\r\n"))
      #expect(file.csvRows == expected)
      #expect(try await visitor.get("/structures.xlsx\(address)").status == 200)
      // The page's own link to its file says the same, and no column hides on a narrow page or on paper.
      let link = try #require(page.links(to: "/structures.csv").first)
      #expect(try await visitor.get(link).csvRows == expected)
      #expect(!page.text.contains("class=\"p3") && !page.text.contains("class=\"p2"))
      #expect(
        try await visitor.get("/structures.csv?colonnes=etape,departement&q=s3").csvRows == [
          ["Équipe des Tilleuls", "Premier contact", "38"]
        ])
    }
  }

  @Test func anUnknownColumnIsSaidAndLeftOut() async throws {
    try await withSite { world in
      try await SmallWorld.bring(into: world.installation)
      let visitor = try await world.signedIn()
      let page = try await visitor.get("/structures?colonnes=zzz&colonnes=commune")
      #expect(page.status == 200 && headings(page) == ["Structure", "Commune"])
      #expect(page.text.contains("La colonne «\u{202F}zzz\u{202F}» n’existe pas dans cette liste\u{A0}: elle n’est pas affichée."))
      #expect(page.links(to: "/structures.csv") == ["/structures.csv?colonnes=nom&colonnes=commune"])
      let file = try await visitor.get("/structures.csv?colonnes=nom&colonnes=commune")
      #expect(file.status == 200 && !file.csvRows.isEmpty && file.csvRows.allSatisfy { $0.count == 2 })
      // A file cannot say what it lacks.
      for suffix in ["csv", "json"] {
        let refused = try await visitor.get("/structures.\(suffix)?colonnes=zzz&colonnes=commune")
        #expect(refused.status == 400 && refused.text.contains("zzz"))
      }
      // Nothing that exists: the list as it is.
      let usual = try await visitor.get("/structures?colonnes=%3Cb%3E")
      #expect(headings(usual) == headings(try await visitor.get("/structures")) && !usual.text.contains("<b>\u{202F}"))
    }
  }

  /// The form of the page is a plain one: what it sends is its own address.
  @Test func theMenuOffersEveryColumnAndKeepsTheFilters() async throws {
    try await withSite { world in
      try await SmallWorld.bring(into: world.installation)
      let page = try await world.signedIn().get("/structures?type=msp&tri=-nom&colonnes=commune")
      #expect(page.text.contains("<input type=\"hidden\" name=\"type\" value=\"msp\">"))
      #expect(page.text.contains("name=\"colonnes\" value=\"commune\" checked> Commune</label>"))
      #expect(page.text.contains("name=\"colonnes\" value=\"phase\"> Phase</label>"))
      #expect(page.text.contains("name=\"colonnes\" value=\"nom\" checked disabled> Nom</label>"))
      // One place towards the front.
      #expect(page.links(to: "/structures?tri=-nom&type=msp&colonnes=commune&colonnes=nom").count == 1)
      #expect(page.links(to: "/structures?tri=-nom&type=msp").contains("/structures?tri=-nom&type=msp"))
      #expect(TagBalance.fault(in: page.text) == nil)
    }
  }

  /// A column that a role may not read is none of its list.
  @Test func whatARoleDoesNotReadIsNoColumn() async throws {
    try await withDemonstration { world, _ in
      let reader = try await world.visitor.stranger().signedIn(.communication)
      let page = try await reader.get("/structures?colonnes=nom&colonnes=echange")
      #expect(headings(page) == ["Structure"] && page.text.contains("La colonne «\u{202F}echange\u{202F}» n’existe pas"))
      #expect(try await reader.get("/structures.csv?colonnes=nom&colonnes=echange").status == 400)
    }
  }

  @Test(arguments: [
    ("/echanges", "date,objet,natures,reference"), ("/personnes", "reference,nom,courriel"), ("/organisations", "nature,nom"),
    ("/etats", "nom,entree"), ("/effectifs", "nombre,nom,profession"), ("/communes", "nom,code,cpts"),
  ]) func everyListHasThem(_ list: String, _ columns: String) async throws {
    try await withDemonstration { _, visitor in
      let page = try await visitor.get("\(list)?colonnes=\(columns)")
      let file = try await visitor.get("\(list).csv?colonnes=\(columns)")
      let count = columns.split(separator: ",").count
      #expect(headings(page).count == count)
      #expect(!file.csvRows.isEmpty && file.csvRows.count == page.recordCount)
      let header = file.text.prefix { $0 != "\r\n" }.split(separator: ";")
      #expect(header.count == count)
    }
  }
}
