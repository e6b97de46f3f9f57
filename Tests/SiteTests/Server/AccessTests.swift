import Federation
import Foundation
import HTTPTypes
import Store
import TestSupport
import Testing

@testable import Site

/// Who opens which page: the whole route table, signed out and under every role.
struct AccessTests {
  /// One address of the route table, and the area it belongs to.
  private struct Route {
    let address: String
    let area: Area?
    var status = 200
  }

  /// Every page there is; records by one of the demonstration's own.
  private func routes(_ direction: Visitor) async throws -> [Route] {
    let structure = try await direction.get("/structures").records(of: "/structures/").first ?? ""
    // One that a referent of that territory reads as well.
    let exchange = try await direction.get("/echanges?territoire=est").records(of: "/echanges/").first ?? ""
    let account = try await direction.get("/comptes?q=referent").links(to: "/comptes/").first { $0 != "/comptes/nouveau" } ?? ""
    #expect(account.count == 22)
    #expect(structure.count == 25 && exchange.count == 23)
    return [
      Route(address: "/accueil", area: nil), Route(address: "/compte", area: nil),
      Route(address: "/structures", area: .directory), Route(address: "/structures?type=msp", area: .directory),
      Route(address: "/structures.csv", area: .directory), Route(address: structure, area: .directory),
      Route(address: "\(structure)?o=etapes", area: .directory),
      Route(address: "/structures/0000000000000", area: .directory, status: 404),
      Route(address: "/aujourdhui", area: .tasks), Route(address: "/taches", area: .tasks), Route(address: "/taches?de=tous", area: .tasks),
      Route(address: "/etats", area: .directory), Route(address: "/etats.csv", area: .directory),
      Route(address: "/effectifs", area: .directory), Route(address: "/effectifs.csv", area: .directory),
      Route(address: "/echanges", area: .exchanges), Route(address: "/echanges.csv", area: .exchanges),
      Route(address: exchange, area: .exchanges), Route(address: "/echanges/0000000000000", area: .exchanges, status: 404),
      Route(address: "/chiffres", area: .figures), Route(address: "/chiffres?chiffre=contacts.count&par=canal", area: .figures),
      Route(address: "/rapports", area: .figures, status: 303), Route(address: "/rapports/2025", area: .figures),
      Route(address: "/rapports/1", area: .figures, status: 404),
      Route(address: "/droits", area: .rights), Route(address: "/comptes", area: .accounts),
      Route(address: "/comptes/nouveau", area: .accounts),
      Route(address: "/comptes/0000000000000", area: .accounts, status: 404), Route(address: account, area: .accounts),
      Route(address: "/", area: nil, status: 303), Route(address: "/inconnue", area: nil, status: 404),
      Route(address: "/structures/a/b", area: nil, status: 404),
    ]
  }

  @Test func everyRoleOpensItsAreasAndNothingElse() async throws {
    try await withDemonstration { world, direction in
      let routes = try await routes(direction)
      for role in Role.allCases {
        let visitor = try await world.visitor.stranger().signedIn(role)
        for route in routes {
          let isOpen = route.area.map(role.areas.contains) ?? true
          let answer = try await visitor.get(route.address)
          let isElsewhere = route.address == "/accueil" && home(of: role) != "/accueil"
          #expect(answer.status == (isElsewhere ? 303 : isOpen ? route.status : 403), "\(role) \(route.address)")
          if !isOpen { #expect(answer.text.contains("Cette page n’est pas ouverte à votre rôle"), "\(role) \(route.address)") }
        }
        #expect(try await visitor.get("/").location == home(of: role), "\(role)")
      }
    }
  }

  private func home(of role: Role) -> String {
    role.areas.contains(.directory) ? "/structures" : role.areas.contains(.accounts) ? "/comptes" : "/accueil"
  }

  @Test func theNavigationNamesOnlyWhatOpens() async throws {
    try await withDemonstration { world, _ in
      for role in Role.allCases {
        let visitor = try await world.visitor.stranger().signedIn(role)
        let home = try #require(try await visitor.get("/").location)
        let links = try await visitor.get(home).links(to: "/").filter { !$0.hasPrefix("/assets") }
        for link in links {
          #expect([200, 303].contains(try await visitor.get(link).status), "\(role) \(link)")
        }
      }
    }
  }

  @Test func everyNumberThatARoleSeesOpensOrIsNoLink() async throws {
    try await withDemonstration { world, _ in
      for role in Role.allCases where role.areas.contains(.figures) {
        let visitor = try await world.visitor.stranger().signedIn(role)
        for address in ["/rapports/2025", "/chiffres", "/chiffres?chiffre=contacts.count&par=canal&puis=type"] {
          for link in try await visitor.get(address).links(to: "/") where !link.hasPrefix("/assets") {
            #expect([200, 303].contains(try await visitor.get(link).status), "\(role) \(address) \(link)")
          }
        }
      }
    }
  }

  @Test func aReferentReadsTheExchangesOfTheirTerritory() async throws {
    try await withDemonstration { world, direction in
      let referent = try await world.visitor.stranger().signedIn(.referent)
      let all = "/echanges?annee=2025"
      let expected = try await direction.get("/echanges.csv?annee=2025&territoire=est").text.split(whereSeparator: \.isNewline).count - 1
      let whole = try await direction.get("/echanges.csv?annee=2025").text.split(whereSeparator: \.isNewline).count - 1
      #expect(expected > 0 && expected < whole)
      #expect(try await referent.get(all).text.contains("\(expected) échanges sur \(whole) visibles pour vous"))
      #expect(try await referent.get("/echanges.csv?annee=2025").text.split(whereSeparator: \.isNewline).count - 1 == expected)
      let readable = Set(try await referent.get(all).records(of: "/echanges/"))
      #expect(readable.count == min(expected, 50))
      let others = try await direction.get("\(all)&territoire=ouest").records(of: "/echanges/")
      var refused = 0
      for link in others { if try await referent.get(link).status == 404 { refused += 1 } }
      #expect(refused > others.count / 2)
      let team = try #require(try await direction.get("/structures?territoire=ouest&tri=-echange").records(of: "/structures/").first)
      #expect(!(try await direction.get(team).records(of: "/echanges/")).isEmpty)
      for link in try await referent.get(team).records(of: "/echanges/") { #expect(try await referent.get(link).status == 200, "\(link)") }
    }
  }

  /// Without the contact log, a team's page says nothing of what was said with it.
  @Test func aTeamsPageShowsExchangesOnlyToThoseWhoReadThem() async throws {
    try await withDemonstration { world, direction in
      let address = try #require(try await direction.get("/structures?tri=-echange").records(of: "/structures/").first)
      let whole = try await direction.get(address)
      #expect(!whole.records(of: "/echanges/").isEmpty)
      let communication = try await world.visitor.stranger().signedIn(.communication)
      for suffix in ["", "?o=fil", "?avant=2099-01-01"] {
        let narrow = try await communication.get(address + suffix)
        #expect(narrow.status == 200)
        #expect(narrow.links(to: "/echanges").isEmpty, "\(suffix)")
      }
    }
  }

  /// That there are exchanges is no secret: only what they say.
  @Test func aTeamOfAnotherTerritorySaysHowManyExchangesAreHidden() async throws {
    try await withDemonstration { world, direction in
      let referent = try await world.visitor.stranger().signedIn(.referent)
      let teams = try await direction.get("/structures?territoire=ouest&tri=-echange").records(of: "/structures/")
      var hidden = 0
      for team in teams.prefix(20) {
        let (whole, mine) = (try await direction.get(team).text, try await referent.get(team).text)
        #expect(!whole.contains("pour vous"))
        guard mine.contains("Fil d’activité <span class=\"compteur\">0</span>") else { continue }
        let count = leadingNumber(whole.components(separatedBy: "Fil d’activité <span class=\"compteur\">").last ?? "") ?? 0
        #expect(count > 0 && !mine.contains("Rien de noté"))
        #expect(mine.contains(count < 2 ? "1 échange, non visible pour vous" : "\(count) échanges, non visibles pour vous"))
        hidden += 1
      }
      #expect(hidden > 0)
    }
  }

  @Test func signedOutEveryPageLeadsToTheDoor() async throws {
    try await withDemonstration { world, direction in
      for route in try await routes(direction) where route.address != "/" {
        let answer = try await world.visitor.get(route.address)
        #expect(answer.status == 303, "\(route.address)")
        #expect(
          answer.location == "/connexion?suite=\(encoded(route.address).replacing("%2F", with: "/"))"
            || answer.location == "/connexion?suite=\(encoded(route.address))", "\(route.address) \(answer.location ?? "")")
      }
      #expect(try await world.visitor.get("/").location == "/connexion")
      #expect(try await world.visitor.post("/deconnexion", []).location == "/connexion")
      #expect(try await world.visitor.get("/connexion").status == 200)
      #expect(try await world.visitor.get("/sante").status == 200)
      #expect(try await world.visitor.get("/assets/maillage.css").status == 200)
    }
  }

  @Test func anInventedSessionOpensNothing() async throws {
    try await withDemonstration { world, direction in
      for secret in ["", "x", "' OR 1=1 --", String(repeating: "0", count: 64), String(repeating: "f", count: 4_000)] {
        let visitor = world.visitor.stranger()
        visitor.setCookie("maillage", encoded(secret))
        let answer = try await visitor.get("/structures")
        #expect(answer.status == 303, "\(secret.prefix(20))")
      }
      #expect(try await direction.get("/structures").status == 200)
    }
  }
}
