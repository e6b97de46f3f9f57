import Federation
import Foundation
import HTTPTypes
import Hummingbird
import Store
import TestSupport
import Testing
import WebSupport

@testable import Site

/// Who opens which page: the whole route table, signed out and under every role.
struct AccessTests {
  /// A route without a sample would be a door that nobody tries.
  @Test func everyRouteIsAsked() async throws {
    try await withDemonstration { world, direction in
      let paths = try await routes(direction).map { String($0.address.prefix { $0 != "?" }) }
      let table = Site(world.installation, files: StaticFiles(folders: []), isSecure: false).router().routes.filter { $0.method != .head }
      #expect(table.count > 20)
      // Each path belongs to the route that says most of it.
      let asked = Set(paths.compactMap { path in Self.route(of: path, among: table.filter { $0.method == .get }.map { "\($0.path)" }) })
      for route in table where !Self.others.contains(route.description) {
        guard route.method == .post else {
          #expect(route.method == .get && asked.contains("\(route.path)"), "\(route)")
          continue
        }
        // What a form does, nobody does who has not signed in.
        let path = "\(route.path)".split(separator: "/").map { $0.hasPrefix("{") ? "0000000000000" : String($0) }.joined(separator: "/")
        let answer = try await world.visitor.stranger().post("/\(path)", [("nom", "X")])
        #expect(answer.status == 401 || (answer.status == 303 && answer.location?.hasPrefix("/connexion") == true), "\(route)")
      }
    }
  }

  private static func route(of path: String, among routes: [String]) -> String? {
    let wanted = path.split(separator: "/")
    func matches(_ route: String) -> Bool {
      let parts = route.split(separator: "/")
      let isOpen = parts.last == "**"
      guard isOpen ? wanted.count >= parts.count : wanted.count == parts.count else { return false }
      return zip(parts, wanted).allSatisfy { $0 == "**" || $0.hasPrefix("{") || $0 == $1 }
    }
    func literals(_ route: String) -> Int {
      route.split(separator: "/").reduce(0) { $0 + ($1 == "**" ? 0 : $1.hasPrefix("{") ? 1 : 3) }
    }
    return routes.filter(matches).max { literals($0) < literals($1) }
  }

  @Test func everyRoleOpensItsAreasAndNothingElse() async throws {
    try await withDemonstration { world, direction in
      let routes = try await routes(direction)
      for role in Role.allCases {
        let visitor = try await world.visitor.stranger().signedIn(role)
        for route in routes {
          let isOpen = route.area.map { role.scope(route.verb, $0) != .none } ?? true
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
    if role.areas.contains(.tasks) { return "/aujourdhui" }
    if role.areas.contains(.ownFacilitations) { return "/mon-espace" }
    if role.areas.contains(.directory) { return "/structures" }
    if role.areas.contains(.questions) { return "/questions" }
    return role.areas.contains(.accounts) ? "/comptes" : role.areas.contains(.sheets) ? "/departements" : "/accueil"
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

  /// Words are looked for in what the reader may read: how many others hold them would tell what these say.
  @Test func aSearchSaysNothingOfWhatIsHidden() async throws {
    try await withDemonstration { world, direction in
      let referent = try await world.visitor.stranger().signedIn(.referent)
      let address = "/echanges?annee=2025&q=maison"
      let mine = try #require(try await referent.get(address).recordCount)
      #expect(try #require(try await direction.get(address).recordCount) > mine)
      for words in ["maison", "zzz"] {
        let text = try await referent.get("/echanges?annee=2025&q=\(words)").text
        #expect(!text.contains("pour vous"), "\(words)")
      }
      // Nothing of a day before the first exchange: here, no words are asked for.
      #expect(try await referent.get("/echanges?annee=2025&territoire=ouest").text.contains("pour vous"))
    }
  }

  /// Nor does the directory say when teams were last heard from: in its columns, its order and its files.
  @Test(arguments: [Role.communication, .tresorerie, .ca]) func withoutTheContactLogTheDirectorySaysNothingOfIt(_ role: Role) async throws {
    try await withDemonstration { world, direction in
      let reader = try await world.visitor.stranger().signedIn(role)
      #expect(try await direction.get("/structures.csv").text.contains("Dernier échange"))
      for query in ["", "?chiffre=support.overdue", "?chiffre=support.unmet"] {
        let (page, file) = (try await reader.get("/structures\(query)").text, try await reader.get("/structures.csv\(query)").text)
        for words in ["Dernier échange", "À recontacter avant", "Dernière rencontre", "tri=echange", "tri=relance", "tri=rencontre"] {
          #expect(!page.contains(words) && !file.contains(words), "\(query) \(words)")
        }
        let width = try await direction.get("/structures.csv").csvRows.first?.count ?? 0
        if !file.hasPrefix("<!") { #expect(try await reader.get("/structures.csv\(query)").csvRows.allSatisfy { $0.count == width - 1 }) }
      }
      let plain = try await reader.get("/structures").rowTitles
      for key in ["echange", "relance", "rencontre"] {
        #expect(try await reader.get("/structures?tri=\(key)").rowTitles == plain, "\(key)")
      }
      // Figures are those of the federation: their lists hold the same teams, in the order of their names.
      guard role.areas.contains(.figures) else { return }
      let overdue = try await reader.get("/structures?chiffre=support.overdue")
      #expect(try await direction.get("/structures?chiffre=support.overdue").recordCount == overdue.recordCount)
      #expect(try await reader.get("/structures?chiffre=support.overdue&tri=nom").rowTitles == overdue.rowTitles)
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
        // Beside what else happened with the team, they are others.
        let words =
          count < 2
          ? ["1 échange, non visible", "1 autre échange, non visible"]
          : ["\(count) échanges, non visibles", "\(count) autres échanges, non visibles"]
        #expect(words.contains { mine.contains("\($0) pour vous") })
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
