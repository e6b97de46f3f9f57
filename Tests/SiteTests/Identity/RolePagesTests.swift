import Federation
import HTTPTypes
import Store
import TestSupport
import Testing

@testable import Site

struct RolePagesTests {
  /// Somebody with three roles, signed in under the ordinary one.
  private func withPerson(_ engine: Engine = .sqlite, _ body: @Sendable (SiteWorld, Visitor) async throws -> Void) async throws {
    try await withSite(engine) { world in
      try await world.installation.accounts.create(
        email: "camille@exemple.fr", name: "Camille Roussel", role: .ca, others: [.communication, .technique], password: SiteWorld.password)
      try await body(world, try await world.visitor.stranger().signedIn("camille@exemple.fr", SiteWorld.password))
    }
  }

  @Test(arguments: Engine.allCases) func theRoleIsSeenAndChosenOnEveryPage(_ engine: Engine) async throws {
    try await withPerson(engine) { world, visitor async throws in
      #expect(try await visitor.get("/").location == "/structures")
      let page = try await visitor.get("/structures")
      #expect(page.text.contains("rôle\u{A0}: Conseil d’administration</span>"))
      for label in ["Travailler comme Communication", "Travailler comme Administration technique"] { #expect(page.text.contains(label)) }
      #expect(!page.text.contains("Travailler comme Conseil") && TagBalance.fault(in: page.text) == nil)
      #expect(try await visitor.get("/taches").status == 403)
      let (before, csrf) = (visitor.cookies["maillage"], page.field("csrf") ?? "")
      for items in [[], [("csrf", "x"), ("role", "communication")]] {
        #expect(try await visitor.post("/compte/role", items).status == 403)
      }
      for role in ["direction", "", "roi"] {
        #expect(try await visitor.post("/compte/role", [("csrf", csrf), ("role", role)]).status == 400, "\(role)")
      }
      #expect(visitor.cookies["maillage"] == before)
      let changed = try await visitor.post("/compte/role", [("csrf", csrf), ("role", "communication")])
      #expect(changed.location == "/" && visitor.cookies["maillage"] != before)
      let thief = world.visitor.stranger()
      thief.setCookie("maillage", before)
      #expect(try await thief.get("/structures").status == 303)
      #expect(try await visitor.get("/").location == "/aujourdhui")
      let day = try await visitor.get("/aujourdhui")
      #expect(day.status == 200 && day.text.contains("rôle\u{A0}: Communication</span>"))
      // The other roles' pages are as shut as to anybody.
      #expect(try await visitor.get("/comptes").status == 403)
      // A form of before is not one of this session any more.
      #expect(try await visitor.post("/compte/role", [("csrf", csrf), ("role", "technique")]).status == 403)
      let fresh = day.field("csrf") ?? ""
      #expect(try await visitor.post("/compte/role", [("csrf", fresh), ("role", "technique")]).location == "/")
      #expect(try await visitor.get("/").location == "/comptes")
      #expect(try await visitor.get("/taches").status == 403)
      #expect(try await visitor.get("/compte").text.contains("<dt>Autres rôles</dt><dd>Conseil d’administration, Communication</dd>"))
    }
  }

  @Test func whoHasOneRoleHasNothingToChoose() async throws {
    try await withSite { world async throws in
      let page = try await world.signedIn().get("/structures")
      #expect(page.text.contains("rôle\u{A0}: Direction</span>") && !page.text.contains("Travailler comme"))
    }
  }

  @Test func furtherRolesAreGivenOnTheAccountsPage() async throws {
    try await withSite { world async throws in
      let direction = try await world.signedIn()
      try await world.account(.ca)
      let sheets = try await direction.get("/comptes?role=ca").links(to: "/comptes/").filter { $0 != "/comptes/nouveau" }
      let sheet = try #require(sheets.first)
      let page = try await direction.get(sheet)
      let csrf = page.field("csrf") ?? ""
      #expect(page.text.contains("name=\"autre\" value=\"communication\"") && !page.text.contains(" checked>"))
      let items = [("csrf", csrf), ("role", "ca"), ("autre", "communication"), ("autre", "referent"), ("autre", "roi")]
      let refused = try await direction.post("\(sheet)/role", items)
      #expect(refused.status == 422 && refused.text.contains("choisissez-le") && refused.text.contains("value=\"referent\" checked"))
      let done = try await direction.post("\(sheet)/role", [("csrf", csrf), ("role", "ca"), ("autre", "communication")])
      #expect(done.location == "\(sheet)?fait=role")
      let after = try await direction.get(sheet)
      #expect(after.text.contains("<dt>Rôle</dt><dd>Conseil d’administration, Communication</dd>"))
      #expect(after.text.contains("value=\"communication\" checked"))
      #expect(try await direction.get("/comptes?role=communication").recordCount == 1)
      #expect(try await direction.get("/comptes?role=assistance").recordCount == 0)
    }
  }

  @Test func theBinIsInTheMenuOfThoseWhoMayOpenIt() async throws {
    try await withDemonstration { world, _ in
      for role in Role.allCases {
        let visitor = try await world.visitor.stranger().signedIn(role)
        let isOpen = try await visitor.get("/corbeille").status == 200
        #expect(isOpen == [.direction, .chargeMission, .assistance, .communication].contains(role), "\(role)")
        #expect(try await visitor.get("/compte").links(to: "/corbeille").isEmpty == !isOpen, "\(role)")
      }
    }
  }
}
