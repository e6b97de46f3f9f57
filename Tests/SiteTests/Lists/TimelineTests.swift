import Federation
import Records
import Store
import TestSupport
import Testing

@testable import Site

/// What happened with a team, page after page.
struct TimelineTests {
  /// - Parameter perDay: how many exchanges each of the days holds.
  private func everythingIsReached(perDay: [Int]) async throws {
    try await withSite { world in
      try await SmallWorld.bring(into: world.installation)
      var lines = ["date;canal;structures;objet;reference"]
      for (day, count) in perDay.enumerated() {
        for number in 0..<count { lines.append("2024-01-\(10 + day);telephone;S5;Appel \(day)-\(number);A\(day)-\(number)") }
      }
      let wanted = perDay.reduce(0, +)
      #expect(try await world.installation.bring("echanges", lines.joined(separator: "\n")).created == wanted)
      let visitor = try await world.signedIn()
      let team = try #require(try await visitor.get("/structures?q=S5").records(of: "/structures/").first)
      var seen: [String] = []
      var address: String? = team
      while let current = address, seen.count <= wanted {
        let page = try await visitor.get(current)
        #expect(page.text.contains("Fil d’activité <span class=\"compteur\">\(wanted)</span>"))
        seen += page.records(of: "/echanges/")
        address = page.links(to: "\(team)?avant=").first
      }
      #expect(Set(seen).count == wanted)
      #expect(seen.count == wanted)
    }
  }

  @Test func aTimelineIsReadToItsEnd() async throws {
    try await everythingIsReached(perDay: Array(repeating: 1, count: 19) + Array(repeating: 30, count: 1))
  }

  @Test func aDayThatFallsOnTheCutIsWhole() async throws {
    try await everythingIsReached(perDay: [4, 20, 25, 3])
  }

  @Test func aDayLongerThanAPageIsWhole() async throws {
    try await everythingIsReached(perDay: [2, 70, 1])
  }
}
