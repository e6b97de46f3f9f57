import Federation
import Foundation
import Records
import Store
import TestSupport
import Testing

@testable import Site

/// The views that people keep of their lists.
struct ViewTests {
  private func save(
    _ visitor: Visitor, _ name: String, _ list: String, _ query: String, _ more: (String, String)...
  ) async throws -> Answer {
    let form = try await visitor.get("/vues/nouvelle?liste=\(list)&requete=\(encoded(query))")
    return try await visitor.post(
      "/vues", [("csrf", form.field("csrf") ?? ""), ("liste", list), ("requete", query), ("nom", name)] + more)
  }

  /// The views over a list, those that others share among them.
  private func tabs(_ page: Answer) -> [String] {
    let bar = page.text.components(separatedBy: "aria-label=\"Vues\">").dropFirst().first?.components(separatedBy: "</nav>").first ?? ""
    return bar.matches(of: /<a [^>]*>([^<]*)<\/a>/).map { unescaped(String($0.1)) }
  }

  private func current(_ page: Answer) -> String? {
    page.text.firstMatch(of: /aria-current="page">([^<]*)<\/a>/).map { unescaped(String($0.1)) }
  }

  @Test(arguments: Engine.allCases) func aViewIsKeptOpenedRenamedAndThrownAway(_ engine: Engine) async throws {
    try await withSite(engine) { world in
      try await SmallWorld.bring(into: world.installation)
      let visitor = try await world.signedIn()
      let list = try await visitor.get("/structures?type=msp&tri=-nom&colonnes=nom&colonnes=commune&page=1")
      let offer = try #require(list.links(to: "/vues/nouvelle").first)
      #expect(offer.contains("liste=structures"))
      let form = try await visitor.get(offer)
      let items = form.formItems.filter { !["partagee", "defaut"].contains($0.0) }
      let kept = try await visitor.post("/vues", items.map { $0.0 == "nom" ? ("nom", " MSP par commune ") : $0 })
      let address = "/structures?tri=-nom&type=msp&colonnes=nom&colonnes=commune"
      #expect(kept.location == "\(address)&fait=vue_enregistree")
      let opened = try await visitor.get(kept.location ?? "")
      #expect(opened.text.contains("La vue est enregistrée.") && current(opened) == "MSP par commune")
      #expect(tabs(try await visitor.get("/structures")) == ["Toutes", "MSP par commune"])
      #expect(try await visitor.get("/structures").links(to: "/structures?tri").contains(address))
      // The same in another order is the same view; another page of it as well; more filters are not.
      #expect(current(try await visitor.get("/structures?type=msp&colonnes=nom,commune&tri=-nom")) == "MSP par commune")
      #expect(current(try await visitor.get("\(address)&type=esp")) != "MSP par commune")

      let view = try #require(opened.links(to: "/vues/").first)
      let sheet = try await visitor.get(view)
      let csrf = try #require(sheet.field("csrf"))
      #expect(sheet.field("nom") == "MSP par commune" && TagBalance.fault(in: sheet.text) == nil)
      #expect(try await visitor.post(view, [("csrf", csrf), ("nom", "Nos MSP")]).location == "\(address)&fait=vue_enregistree")
      #expect(tabs(try await visitor.get("/structures")) == ["Toutes", "Nos MSP"])
      let empty = try await visitor.post(view, [("csrf", csrf), ("nom", " ")])
      #expect(empty.status == 422 && empty.text.contains("Donnez à la vue un nom de 1 à 60 caractères."))
      #expect(try await visitor.post("\(view)/corbeille", []).status == 403)

      let gone = try await visitor.post("\(view)/corbeille", [("csrf", csrf)])
      let after = try await visitor.get(gone.location ?? "")
      #expect(after.text.contains("La vue est supprimée.") && !tabs(after).contains("Nos MSP"))
      #expect(after.actions(to: "/vues/") == ["\(view)/retablir"])
      #expect(try await visitor.get(view).status == 404)
      #expect(try await visitor.post("\(view)/retablir", [("csrf", csrf)]).status == 303)
      #expect(tabs(try await visitor.get("/structures")) == ["Toutes", "Nos MSP"])
    }
  }

  /// The name of one's own view gives it another address: no two of a list are called the same.
  @Test func aNameStandsForOneView() async throws {
    try await withSite { world in
      try await SmallWorld.bring(into: world.installation)
      let visitor = try await world.signedIn()
      #expect(try await save(visitor, "À revoir", "structures", "type=msp").status == 303)
      #expect(try await save(visitor, "Autre", "structures", "type=cds").status == 303)
      #expect(
        try await save(visitor, "À revoir", "structures", "type=esp&page=3&csrf=x").location == "/structures?type=esp&fait=vue_enregistree")
      #expect(try await save(visitor, "À revoir", "echanges", "canal=visio").status == 303)
      let page = try await visitor.get("/structures?type=esp")
      #expect(tabs(page) == ["Toutes", "À revoir", "Autre"] && current(page) == "À revoir")
      let taken = try await visitor.post(
        try #require(page.links(to: "/vues/").first), [("csrf", page.field("csrf") ?? ""), ("nom", "Autre")])
      #expect(taken.status == 422 && taken.text.contains("Une autre vue de cette liste a déjà ce nom."))
      #expect(tabs(try await visitor.get("/echanges")) == ["Tous", "À revoir"])
      // What narrows nothing is no view, and too much is refused.
      #expect(try await save(visitor, "Rien", "structures", "page=2&vue=toutes").status == 400)
      #expect(try await save(visitor, "Trop", "structures", (1...101).map { "q=\($0)" }.joined(separator: "&")).status == 400)
      #expect(try await save(visitor, "Ailleurs", "inconnue", "q=x").status == 404)
      for number in 1...28 { #expect(try await save(visitor, "Vue \(number)", "structures", "q=\(number)").status == 303) }
      #expect(try await save(visitor, "Une de plus", "structures", "q=x").text.contains("déjà 30 vues"))
    }
  }

  @Test(arguments: Engine.allCases) func aViewIsOnesOwnUntilItIsShared(_ engine: Engine) async throws {
    try await withSite(engine) { world async throws in
      try await SmallWorld.bring(into: world.installation)
      let (writer, reader) = (try await world.signedIn(.chargeMission), try await world.signedIn(.ca))
      #expect(try await save(writer, "La mienne", "structures", "type=msp").status == 303)
      #expect(try await save(writer, "Pour tous", "structures", "type=cpts", ("partagee", "oui")).status == 303)
      #expect(try await save(writer, "Appels", "echanges", "canal=telephone", ("partagee", "oui")).status == 303)
      #expect(tabs(try await writer.get("/structures")) == ["Toutes", "La mienne", "Pour tous"])
      #expect(tabs(try await reader.get("/structures")) == ["Toutes", "Pour tous"])

      let csrf = try await reader.get("/structures").field("csrf") ?? ""
      let own = try #require(try await writer.get("/structures?type=msp").links(to: "/vues/").first)
      let shared = try #require(try await writer.get("/structures?type=cpts").links(to: "/vues/").first)
      let closed = try #require(try await writer.get("/echanges?canal=telephone").links(to: "/vues/").first)
      // Somebody else's, and a shared one of a list that the role does not open: as if there were none.
      for view in [own, closed] {
        #expect(try await reader.get(view).status == 404)
        for deed in ["", "/corbeille", "/retablir"] {
          #expect(try await reader.post(view + deed, [("csrf", csrf), ("nom", "Prise")]).status == 404, "\(view)\(deed)")
        }
      }
      // A shared one is read, and nobody else's to change.
      let sheet = try await reader.get(shared)
      #expect(sheet.text.contains("partagée par Odile Marchandet") && sheet.field("nom") == nil)
      #expect(try await reader.post("\(shared)/corbeille", [("csrf", csrf)]).status == 400)
      #expect(try await reader.post(shared, [("csrf", csrf), ("nom", "Prise"), ("defaut", "oui")]).status == 303)
      #expect(tabs(try await writer.get("/structures")) == ["Toutes", "La mienne", "Pour tous"])
      #expect(try await reader.get("/structures").location == "/structures?type=cpts")
      #expect(try await writer.get("/structures").status == 200)
      // Whoever only reads keeps views for themselves.
      #expect(try await save(reader, "Imposée", "structures", "type=cds", ("partagee", "oui")).status == 400)
      #expect(!(try await reader.get("/vues/nouvelle?liste=structures&requete=type%3Dcds").text.contains("partagee")))
      // No longer shared, it opens nobody else's list; direction may take a shared one away.
      let mine = try await writer.get(shared).field("csrf") ?? ""
      #expect(try await writer.post(shared, [("csrf", mine), ("nom", "Pour tous")]).status == 303)
      #expect(try await reader.get("/structures").status == 200)
      #expect(try await writer.post(shared, [("csrf", mine), ("nom", "Pour tous"), ("partagee", "oui")]).status == 303)
      let direction = try await world.signedIn()
      let power = try await direction.get(shared).field("csrf") ?? ""
      #expect(try await direction.post("\(shared)/corbeille", [("csrf", power)]).status == 303)
      #expect(tabs(try await reader.get("/structures?type=esp")) == ["Toutes"])
    }
  }

  @Test func aListOpensWithTheViewOfItsReader() async throws {
    try await withSite { world in
      try await SmallWorld.bring(into: world.installation)
      let visitor = try await world.signedIn()
      #expect(try await save(visitor, "MSP", "structures", "type=msp", ("defaut", "oui")).status == 303)
      #expect(try await visitor.get("/structures").location == "/structures?type=msp")
      let view = try await visitor.get("/structures?type=msp")
      #expect(current(view) == "MSP" && view.rowTitles == ["Maison de santé de l’Œillet"])
      // Everything is one click away, and stays.
      let whole = try #require(view.links(to: "/structures?vue=toutes").first)
      let page = try await visitor.get(whole)
      #expect(page.rowTitles.count == 4 && current(page) == "Toutes")
      #expect(page.links(to: "/structures?vue=toutes").contains { $0.contains("tri=") })
      #expect(try await visitor.get("/structures.csv").csvRows.count == 4)
      #expect(try await visitor.get("/structures?fait=corbeille").status == 200)
      #expect(try await visitor.get("/echanges").status == 200)
      // Another one takes its place; none at all when it is thrown away.
      #expect(try await save(visitor, "CPTS", "structures", "type=cpts", ("defaut", "oui")).status == 303)
      #expect(try await visitor.get("/structures").location == "/structures?type=cpts")
      let cpts = try await visitor.get("/structures?type=cpts")
      let address = try #require(cpts.links(to: "/vues/").first)
      #expect(try await visitor.post("\(address)/corbeille", [("csrf", cpts.field("csrf") ?? "")]).status == 303)
      #expect(try await visitor.get("/structures").status == 200)
    }
  }

  @Test func aViewOfWhatIsThereNoMoreSaysSoAndShowsTheRest() async throws {
    try await withSite { world in
      try await SmallWorld.bring(into: world.installation)
      let territories = "code;nom;departement;depuis\nest;Est;38;2020-01-01\n"
      let brought = try await world.installation.bring("territoires", territories)
      #expect(brought.created == 1)
      let visitor = try await world.signedIn()
      #expect(try await save(visitor, "Est en CPTS", "structures", "territoire=est&type=cpts&colonnes=nom&colonnes=ancienne").status == 303)
      let address = "/structures?territoire=est&type=cpts&colonnes=nom&colonnes=ancienne"
      #expect(current(try await visitor.get(address)) == "Est en CPTS")
      try await world.installation.database.write { connection in
        try connection.execute("DELETE FROM territory_span")
        try connection.execute("DELETE FROM territory_department")
        try connection.execute("DELETE FROM territory")
      }
      let page = try await visitor.get(address)
      #expect(page.status == 200 && page.rowTitles == ["CPTS Bièvre"])
      #expect(page.text.contains("La vue «\u{202F}Est en CPTS\u{202F}» demande ce qui n’existe plus\u{202F}; le reste est affiché."))
      #expect(page.text.contains("Le filtre «\u{202F}territoire\u{A0}: est\u{202F}» n’existe pas\u{A0}: il n’est pas appliqué."))
      #expect(current(page) == "Est en CPTS" && page.links(to: "/structures.csv") == ["/structures.csv?type=cpts&colonnes=nom"])
    }
  }

  /// Who did what with a view is on record.
  @Test(arguments: Engine.allCases) func theTrailKnowsOfViews(_ engine: Engine) async throws {
    try await withSite(engine) { world in
      try await SmallWorld.bring(into: world.installation)
      let visitor = try await world.signedIn()
      #expect(try await save(visitor, "MSP", "structures", "type=msp").status == 303)
      let page = try await visitor.get("/structures?type=msp")
      let view = try #require(page.links(to: "/vues/").first)
      let csrf = page.field("csrf") ?? ""
      #expect(try await visitor.post(view, [("csrf", csrf), ("nom", "Nos MSP")]).status == 303)
      #expect(try await visitor.post("\(view)/corbeille", [("csrf", csrf)]).status == 303)
      let trail: [String] = try await world.installation.database.read { connection in
        try connection.rows(
          """
          SELECT e.operation || ' ' || i.version || ' ' || (CASE WHEN e.account_id IS NULL THEN 'nul' ELSE 'compte' END)
          FROM event e JOIN image i ON i.event_id = e.id WHERE e.kind = 'vues' ORDER BY e.id
          """
        ).map { try $0[0] }
      }
      #expect(trail == ["saisie 1 compte", "saisie 2 compte", "corbeille 3 compte"])
    }
  }
}
