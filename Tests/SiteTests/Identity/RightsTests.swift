import Federation
import Foundation
import TestSupport
import Testing

@testable import Site

struct RightsTests {
  /// What is read is what is decided, role by role.
  @Test func theTableSaysWhatTheProgramDoes() async throws {
    try await withSite { world in
      let page = try await world.signedIn(.assistance).get("/droits")
      #expect(page.status == 200 && TagBalance.fault(in: page.text) == nil)
      let rows = page.text.components(separatedBy: "<th scope=\"row\">").dropFirst().map { $0.replacing(/<[^>]+>/, with: "|") }
      #expect(rows.count == Role.allCases.count)
      for (row, role) in zip(rows, Role.allCases) {
        #expect(row.hasPrefix(role.label))
        let cells = row.split(separator: "|", omittingEmptySubsequences: true).map(String.init).filter { $0.contains(where: \.isLetter) }
        let closed = cells.filter { $0 == "Fermé" }.count
        #expect(closed == Area.allCases.filter { role.scope(.read, $0) == .none && role.scope(.write, $0) == .none }.count, "\(role)")
      }
      let referent = try #require(rows.first { $0.hasPrefix(Role.referent.label) })
      #expect(referent.contains("Lit ce qui est de son territoire") && referent.contains("Écrit ce qui lui revient"))
      #expect(try await world.signedIn(.ca).get("/droits").status == 403)
      #expect(try await world.signedIn(.technique).get("/comptes").text.contains("href=\"/droits\""))
    }
  }
}
