import Federation
import HTTPTypes
import Store
import TestSupport
import Testing
import WebSupport

@testable import Site

struct SignInTests {
  @Test(arguments: Engine.allCases) func theRightPasswordOpensTheSite(_ engine: Engine) async throws {
    try await withSite(engine) { world in
      try await world.account(.direction)
      let answer = try await world.visitor.signIn("direction@exemple.fr", SiteWorld.password)
      #expect(answer.status == 303)
      #expect(answer.location == "/")
      #expect(try await world.visitor.get("/").location == "/aujourdhui")
      let page = try await world.visitor.get("/structures")
      #expect(page.status == 200)
      #expect(page.text.contains("Odile Marchandet"))
      #expect(page.text.contains("Direction"))
    }
  }

  @Test func addressesAreReadAsPeopleTypeThem() async throws {
    try await withSite { world in
      try await world.account(.direction)
      #expect(try await world.visitor.signIn(" Direction@Exemple.FR ", SiteWorld.password).status == 303)
      #expect(try await world.visitor.get("/connexion").location == "/")
    }
  }

  @Test func aWrongPasswordAndAnUnknownAddressAreAnsweredAlike() async throws {
    try await withSite { world in
      try await world.account(.direction)
      let wrong = try await world.visitor.signIn("direction@exemple.fr", "un mot de passe faux")
      let unknown = try await world.visitor.stranger().signIn("personne@exemple.fr", "un mot de passe faux")
      #expect(wrong.status == 422)
      #expect(wrong.text.contains("L’adresse ou le mot de passe ne convient pas."))
      #expect(anonymous(wrong, "direction@exemple.fr") == anonymous(unknown, "personne@exemple.fr"))
      #expect(unknown.status == wrong.status)
      #expect(wrong.cookie("maillage") == nil && unknown.cookie("maillage") == nil)
      #expect(try await world.visitor.get("/structures").status == 303)
    }
  }

  /// The page without what may differ: the token, and the address that was typed.
  private func anonymous(_ answer: Answer, _ email: String) -> String {
    answer.text.replacing(answer.field("csrf") ?? "", with: "").replacing(email, with: "")
  }

  @Test func whatWasTypedComesBackButThePassword() async throws {
    try await withSite { world in
      let answer = try await world.visitor.signIn("\"><script>alert(1)</script>", "un mot de passe faux")
      #expect(answer.status == 422)
      #expect(!answer.text.contains("<script>alert"))
      #expect(answer.text.contains("&lt;script&gt;alert(1)"))
      #expect(!answer.text.contains("un mot de passe faux"))
    }
  }

  @Test func theFormMustBeTheOneThatThisBrowserAskedFor() async throws {
    try await withSite { world in
      try await world.account(.direction)
      let good = [("courriel", "direction@exemple.fr"), ("mot_de_passe", SiteWorld.password)]
      let foreign = try await world.visitor.stranger().get("/connexion").field("csrf") ?? ""
      _ = try await world.visitor.get("/connexion")
      for token in [[], [("csrf", "")], [("csrf", foreign)], [("csrf", "x")]] {
        let answer = try await world.visitor.post("/connexion", good + token)
        #expect(answer.status == 403, "\(token)")
        #expect(answer.cookie("maillage") == nil)
      }
      // Without any cookie, no token is the right one.
      let stranger = world.visitor.stranger()
      #expect(try await stranger.post("/connexion", good + [("csrf", foreign)]).status == 403)
      #expect(try await stranger.post("/connexion", good + [("csrf", "")]).status == 403)
      // A short token planted as cookie and form is no proof either.
      let planted = world.visitor.stranger()
      planted.setCookie("maillage-formulaire", "x")
      planted.setCookie(SiteCookies(isSecure: false).form, "x")
      #expect(try await planted.post("/connexion", good + [("csrf", "x")]).status == 403)
    }
  }

  @Test(arguments: ["cross-site", "same-site"]) func formsOfOtherSitesAreRefused(_ origin: String) async throws {
    try await withSite { world in
      try await world.account(.direction)
      let answer = try await world.visitor.signIn("direction@exemple.fr", SiteWorld.password, headers: [.secFetchSite: origin])
      #expect(answer.status == 403)
      #expect(answer.cookie("maillage") == nil)
    }
  }

  @Test func browsersOfThisSiteAreLetThrough() async throws {
    try await withSite { world in
      try await world.account(.direction)
      let answer = try await world.visitor.signIn("direction@exemple.fr", SiteWorld.password, headers: [.secFetchSite: "same-origin"])
      #expect(answer.status == 303)
    }
  }

  @Test func everySignInMakesAFreshSession() async throws {
    try await withSite { world in
      try await world.account(.direction)
      let planted = String(repeating: "a", count: 64)
      world.visitor.setCookie("maillage", planted)
      #expect(try await world.visitor.get("/structures").status == 303)
      try await world.visitor.signIn("direction@exemple.fr", SiteWorld.password)
      let first = world.visitor.cookies["maillage"] ?? ""
      #expect(first.count == 64 && first != planted)
      let thief = world.visitor.stranger()
      thief.setCookie("maillage", planted)
      #expect(try await thief.get("/structures").status == 303)
      let other = try await world.visitor.stranger().signedIn("direction@exemple.fr", SiteWorld.password)
      #expect(other.cookies["maillage"] != first)
    }
  }

  @Test func cookiesStayInTheBrowser() async throws {
    try await withSite { world in
      try await world.account(.direction)
      let form = try await world.visitor.get("/connexion")
      let signedIn = try await world.visitor.signIn("direction@exemple.fr", SiteWorld.password)
      for cookie in [form.cookies.first, signedIn.cookie("maillage")] {
        let cookie = try #require(cookie)
        #expect(cookie.contains("HttpOnly"))
        #expect(cookie.contains("SameSite=Lax"))
        #expect(cookie.contains("Path=/"))
        #expect(!cookie.contains("Secure"))
        #expect(!cookie.contains("Domain"))
      }
    }
  }

  @Test func overHttpsCookiesAreSecureAndBoundToTheHost() async throws {
    try await withSite(isSecure: true) { world in
      try await world.account(.direction)
      let form = try await world.visitor.get("/connexion")
      let signedIn = try await world.visitor.signIn("direction@exemple.fr", SiteWorld.password)
      #expect(signedIn.status == 303)
      for cookie in [form.cookies.first, signedIn.cookie("__Host-maillage")] {
        let cookie = try #require(cookie)
        #expect(cookie.hasPrefix("__Host-"))
        for part in ["Secure", "HttpOnly", "SameSite=Lax", "Path=/"] { #expect(cookie.contains(part), "\(part)") }
        #expect(!cookie.contains("Domain"))
      }
      #expect(try await world.visitor.get("/structures").status == 200)
      // The plain name is nobody's session here.
      let plain = world.visitor.stranger()
      plain.setCookie("maillage", world.visitor.cookies["__Host-maillage"])
      #expect(try await plain.get("/structures").status == 303)
    }
  }
}
