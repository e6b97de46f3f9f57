import Federation
import HTTPTypes
import Store
import TestSupport
import Testing
import WebSupport

@testable import Site

struct AccountPageTests {
  private static let new = "un autre mot de passe correct"

  @Test(arguments: Engine.allCases) func onesOwnPageSaysWhoAndWhere(_ engine: Engine) async throws {
    try await withDemonstration(engine) { world, _ async throws in
      let visitor = world.visitor.stranger()
      try await visitor.signIn(
        "referent@demonstration.example", "demonstration-referent",
        headers: [.userAgent: "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"])
      let page = try await visitor.get("/compte")
      #expect(page.status == 200)
      for text in [
        "referent@demonstration.example", "Référent de territoire", "<dt>Territoire</dt><dd>Est</dd>", "Firefox sur Windows",
        "21 nov. 2026 à 11\u{A0}h\u{A0}00", "cette session",
      ] {
        #expect(page.text.contains(text), "\(text)")
      }
      #expect(try await visitor.get("/structures").links(to: "/compte").filter { $0 != "/comptes-rendus" } == ["/compte"])
    }
  }

  @Test func theOtherSessionsAreEndedOneByOneOrAllTogether() async throws {
    try await withSite { world async throws in
      let visitor = try await world.signedIn()
      let others = [
        try await world.visitor.stranger().signedIn("direction@exemple.fr", SiteWorld.password),
        try await world.visitor.stranger().signedIn("direction@exemple.fr", SiteWorld.password),
      ]
      let page = try await visitor.get("/compte")
      let forms = page.actions(to: "/compte/sessions/").filter { $0 != "/compte/sessions/fin" }
      #expect(forms.count == 2)
      let csrf = page.field("csrf") ?? ""
      // Without the token of this very session nothing happens, and a sentence says so.
      for form in [[], [("csrf", "x")], [("csrf", try await others[0].get("/compte").field("csrf") ?? "")]] {
        let refused = try await visitor.post(forms[0], form)
        #expect(refused.status == 403 && refused.text.contains("Ce formulaire a expiré"))
      }
      let done = try await visitor.post(forms[0], [("csrf", csrf)])
      #expect(done.location == "/compte?fait=session")
      #expect(try await visitor.get("/compte?fait=session").text.contains("La session est fermée."))
      let left = [try await others[0].get("/structures").status, try await others[1].get("/structures").status]
      #expect(left.sorted() == [200, 303])
      // Twice is once.
      #expect(try await visitor.post(forms[0], [("csrf", csrf)]).status == 303)
      #expect(try await visitor.post("/compte/sessions/x/fin", [("csrf", csrf)]).status == 404)
      let out = try await visitor.post("/compte/sessions/fin", [("csrf", csrf)])
      #expect(out.location == "/connexion?fait=deconnexion" && visitor.cookies["maillage"] == nil)
      #expect(try await visitor.get("/connexion?fait=deconnexion").text.contains("Toutes vos sessions sont fermées."))
      for other in others { #expect(try await other.get("/structures").status == 303) }
    }
  }

  @Test func thePasswordIsChangedByWhoKnowsIt() async throws {
    try await withSite { world async throws in
      let visitor = try await world.signedIn()
      let page = try await visitor.get("/compte")
      let change = { (old: String, new: String, again: String) in
        try await visitor.post(
          "/compte/mot-de-passe", [("csrf", page.field("csrf") ?? ""), ("ancien", old), ("nouveau", new), ("encore", again)])
      }
      let wrong = try await change("un mot de passe faux", Self.new, Self.new)
      #expect(wrong.status == 422 && wrong.text.contains("Ce n’est pas votre mot de passe actuel."))
      #expect(wrong.text.contains("aria-invalid=\"true\" aria-describedby=\"e-ancien\"") && !wrong.text.contains(Self.new))
      #expect(try await change(SiteWorld.password, "court", "court").text.contains("au moins 12 caractères"))
      #expect(try await change(SiteWorld.password, Self.new, "autre").text.contains("Les deux saisies"))
      #expect(
        try await change(SiteWorld.password, SiteWorld.password, SiteWorld.password).text.contains("même mot de passe\u{A0}: choisissez"))
      let done = try await change(SiteWorld.password, Self.new, Self.new)
      #expect(done.location == "/compte?fait=mot-de-passe")
      #expect(try await visitor.get("/compte?fait=mot-de-passe").text.contains("Votre mot de passe est changé."))
      #expect(try await world.visitor.stranger().signIn("direction@exemple.fr", SiteWorld.password).status == 422)
      #expect(try await world.visitor.stranger().signIn("direction@exemple.fr", Self.new).status == 303)
      #expect(try await visitor.get("/compte?fait=%3Cscript%3E").status == 200)
    }
  }

  @Test(arguments: [
    ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox sur Linux"),
    (
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0",
      "Edge sur Windows"
    ),
    (
      "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
      "Safari sur iPhone"
    ),
    ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36", "Chrome sur Android"),
    ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)", "Un navigateur sur Mac"), ("curl/8.0", nil), ("<script>", nil), ("", nil),
  ]) func browsersAreNamedAsPeopleKnowThem(_ userAgent: String, _ name: String?) {
    #expect(BrowserName.plain(userAgent) == name)
  }
}
