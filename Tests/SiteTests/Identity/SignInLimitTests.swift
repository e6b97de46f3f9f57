import Federation
import Foundation
import HTTPTypes
import Store
import TestSupport
import Testing
import WebSupport

@testable import Site

struct SignInLimitTests {
  @Test(arguments: Engine.allCases) func theWaitIsSaidToPeopleAndToMachines(_ engine: Engine) async throws {
    try await withSite(engine) { world async throws in
      try await world.account(.direction)
      for email in ["direction@exemple.fr", "personne@exemple.fr"] {
        for _ in 0..<5 { #expect(try await world.visitor.signIn(email, "un mot de passe faux").status == 422) }
        let answer = try await world.visitor.signIn(email, SiteWorld.password, next: "/echanges")
        #expect(answer.status == 429)
        #expect(answer.headers[.retryAfter] == "900")
        #expect(answer.text.contains("Trop de tentatives. Recommencez dans 15\u{A0}minutes."))
        #expect(answer.cookie("maillage") == nil)
        // Nothing typed is lost but the password.
        #expect(answer.text.contains("value=\"\(email)\"") && answer.field("suite") == "/echanges")
        #expect(TagBalance.fault(in: answer.text) == nil)
      }
      #expect(try await world.visitor.get("/connexion").status == 200)
    }
  }

  @Test func machinesBehindAProxyAreCountedApart() async throws {
    try await withSite { world async throws in
      try await world.account(.direction)
      let forwarded = try #require(HTTPField.Name("X-Forwarded-For"))
      for number in 0..<40 {
        // Whatever a client writes itself stands before what the proxy adds.
        let answer = try await world.visitor.signIn(
          "n\(number)@exemple.fr", "un mot de passe faux", headers: [forwarded: "10.1.1.\(number), 192.0.2.7"])
        #expect(answer.status == 422)
      }
      let right = { (headers: HTTPFields) in
        try await world.visitor.stranger().signIn("direction@exemple.fr", SiteWorld.password, headers: headers).status
      }
      #expect(try await right([forwarded: "192.0.2.7"]) == 429)
      #expect(try await right([forwarded: "192.0.2.8"]) == 303)
      #expect(try await right([:]) == 303)
    }
  }

  @Test func whenTooManySignInTheFormSaysSo() async throws {
    try await withInstallation(.sqlite) { plain in
      let crowded = Installation(
        database: plain.database, geography: TestDatabases.geography, ids: plain.ids,
        hasher: PasswordHasher(memory: 8, passes: 1, waiting: 0), now: plain.now)
      try await serve(crowded) { world async throws in
        let answer = try await world.visitor.signIn("direction@exemple.fr", SiteWorld.password)
        #expect(answer.status == 503 && answer.headers[.retryAfter] == "5")
        #expect(answer.text.contains("Trop de personnes se connectent en ce moment."))
        #expect(answer.text.contains("value=\"direction@exemple.fr\""))
      }
    }
  }
}

struct TrustedProxiesTests {
  private func client(_ proxies: TrustedProxies, _ peer: String?, _ forwarded: String...) throws -> String? {
    let name = try #require(HTTPField.Name("X-Forwarded-For"))
    var fields = HTTPFields()
    fields[values: name] = forwarded
    return proxies.client(forwarded: fields, peer: peer)
  }

  @Test func onlyTrustedMachinesSpeakForOthers() throws {
    let proxies = try #require(TrustedProxies("10.0.0.0/8, 2001:db8::1"))
    #expect(try client(proxies, "192.0.2.7") == "192.0.2.7")
    #expect(try client(proxies, "192.0.2.7", "198.51.100.1") == "192.0.2.7")
    #expect(try client(proxies, "127.0.0.1", "198.51.100.1") == "198.51.100.1")
    #expect(try client(proxies, nil, "198.51.100.1") == "198.51.100.1")
    #expect(try client(proxies, "10.2.3.4", "6.6.6.6, 198.51.100.1", "10.9.9.9") == "198.51.100.1")
    #expect(try client(proxies, "2001:db8::1", "198.51.100.1:4711") == "198.51.100.1")
    #expect(try client(proxies, "::ffff:10.0.0.1", "198.51.100.1") == "198.51.100.1")
    #expect(try client(.local, "10.2.3.4", "198.51.100.1") == "10.2.3.4")
    // What is no address ends the reading where it stands; a proxy that says nothing stands for everybody.
    #expect(try client(proxies, "127.0.0.1", "198.51.100.1, <script>") == nil)
    #expect(try client(proxies, "127.0.0.1", "") == nil)
    #expect(try client(proxies, "10.2.3.4") == nil)
    #expect(try client(proxies, "n’importe quoi") == nil)
  }

  /// One office changes its address of version 6 as it likes within its network.
  @Test func aNetworkOfVersionSixIsOnePlace() throws {
    let one = try client(.local, "127.0.0.1", "2001:db8:1:2::3")
    #expect(try client(.local, "127.0.0.1", "[2001:db8:1:2:ffff::9]:443") == one)
    #expect(try client(.local, "127.0.0.1", "2001:db8:1:3::3") != one)
  }

  @Test(arguments: ["10.0.0.0/33", "10.0.0", "proxy.example", "10.0.0.1/x", "10.0.0.1/8/8", "::1/129"])
  func whatIsNoAddressIsRefused(_ list: String) {
    #expect(TrustedProxies(list) == nil)
  }
}
