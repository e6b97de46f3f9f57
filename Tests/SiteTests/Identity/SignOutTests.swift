import Federation
import Foundation
import HTTPTypes
import Store
import Synchronization
import TestSupport
import Testing
import WebSupport

@testable import Site

struct SignOutTests {
  @Test func signingOutEndsTheSessionEverywhere() async throws {
    try await withSite { world in
      let visitor = try await world.signedIn()
      let thief = world.visitor.stranger()
      thief.setCookie("maillage", visitor.cookies["maillage"])
      let token = try await visitor.get("/structures").field("csrf") ?? ""
      let answer = try await visitor.post("/deconnexion", [("csrf", token)])
      #expect(answer.status == 303)
      #expect(answer.location == "/connexion")
      #expect(visitor.cookies["maillage"] == nil)
      #expect(try await visitor.get("/structures").status == 303)
      #expect(try await thief.get("/structures").status == 303)
    }
  }

  @Test func signingOutNeedsTheTokenOfTheSession() async throws {
    try await withSite { world in
      let visitor = try await world.signedIn()
      let other = try await world.visitor.stranger().signedIn("direction@exemple.fr", SiteWorld.password)
      let foreign = try await other.get("/structures").field("csrf") ?? ""
      #expect(foreign.count == 64)
      for form in [[], [("csrf", "")], [("csrf", foreign)]] {
        #expect(try await visitor.post("/deconnexion", form).status == 403)
      }
      let token = try await visitor.get("/structures").field("csrf") ?? ""
      #expect(try await visitor.post("/deconnexion", [("csrf", token)], headers: [.secFetchSite: "cross-site"]).status == 403)
      #expect(try await visitor.get("/deconnexion").status == 404)
      #expect(try await visitor.get("/structures").status == 200)
    }
  }

  @Test func sessionsEndByThemselves() async throws {
    let hours = Mutex(0)
    let now: @Sendable () -> Date = { TestClock.now.addingTimeInterval(Double(hours.withLock { $0 }) * 3600) }
    try await withSite(now: now) { world in
      let visitor = try await world.signedIn()
      hours.withLock { $0 = 11 }
      #expect(try await visitor.get("/structures").status == 200)
      hours.withLock { $0 = 12 }
      #expect(try await visitor.get("/structures").status == 303)
    }
  }

  @Test func oneReturnsToThePageThatWasAskedFor() async throws {
    try await withSite { world in
      try await world.account(.direction)
      let refused = try await world.visitor.get("/structures?q=%C3%A9t%C3%A9&type=msp")
      let door = try #require(refused.location)
      #expect(refused.status == 303 && door.hasPrefix("/connexion?suite="))
      let form = try await world.visitor.get(door)
      let next = form.field("suite")
      #expect(next == "/structures?q=%C3%A9t%C3%A9&type=msp")
      let answer = try await world.visitor.post(
        "/connexion",
        [
          ("courriel", "direction@exemple.fr"), ("mot_de_passe", SiteWorld.password), ("csrf", form.field("csrf") ?? ""),
          ("suite", next ?? ""),
        ])
      #expect(answer.location == next)
    }
  }

  @Test func theWayBackSurvivesAWrongPassword() async throws {
    try await withSite { world in
      try await world.account(.direction)
      let answer = try await world.visitor.signIn("direction@exemple.fr", "un mot de passe faux", next: "/echanges?annee=2025")
      #expect(answer.status == 422)
      #expect(answer.field("suite") == "/echanges?annee=2025")
    }
  }

  @Test(arguments: [
    "//ailleurs.example", "https://ailleurs.example", "http:ailleurs.example", "/\\ailleurs.example", "\\\\ailleurs.example",
    "/\t/ailleurs.example", "javascript:alert(1)", "data:text/html,x", "ailleurs.example", " /structures", "/\n/ailleurs.example",
    "/structures\r\nSet-Cookie: a=b", "///ailleurs.example", "mailto:x@ailleurs.example", "", "//\u{FE0F}ailleurs.example/x",
    "//\u{34F}ailleurs.example/x",
  ]) func noAddressLeadsElsewhere(_ next: String) async throws {
    try await withSite { world in
      try await world.account(.direction)
      let form = try await world.visitor.get("/connexion?suite=\(encoded(next))")
      #expect(form.status == 200)
      #expect(form.field("suite") == nil)
      let answer = try await world.visitor.post(
        "/connexion",
        [
          ("courriel", "direction@exemple.fr"), ("mot_de_passe", SiteWorld.password), ("csrf", form.field("csrf") ?? ""), ("suite", next),
        ])
      #expect(answer.status == 303)
      #expect(answer.location == "/")
      #expect(answer.cookie("a") == nil)
    }
  }

  @Test func theDoorSaysHowToMakeTheFirstAccount() async throws {
    try await withSite { world in
      let before = try await world.visitor.get("/connexion")
      #expect(before.text.contains("Aucun compte n’existe encore"))
      #expect(before.text.contains("<code>maillage user create</code>"))
      try await world.account(.technique)
      #expect(try await !world.visitor.get("/connexion").text.contains("Aucun compte n’existe encore"))
    }
  }
}
