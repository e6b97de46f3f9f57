import Federation
import Store
import TestSupport
import Testing

@testable import Site

struct BudgetTests {
  /// At most eight statements a page, the session's own included.
  @Test(arguments: Engine.allCases) func pagesKeepToEightStatements(_ engine: Engine) async throws {
    let counter = StatementCounter()
    try await withDemonstration(engine, counting: counter) { _, visitor in
      let structure = try #require(try await visitor.get("/structures?tri=-echange").records(of: "/structures/").first)
      let exchange = try #require(try await visitor.get("/echanges").records(of: "/echanges/").first)
      for page in [
        "/structures", structure, structure + "?o=etapes", "/echanges", exchange, "/structures?departement=38&type=msp&q=maison",
        "/structures?chiffre=support.overdue", "/etats?vers=aci&departement=38", "/effectifs?profession=infirmier&departement=38",
        "/etats?chiffre=structures.stage_days&tri=duree", "/structures?chiffre=structures.professionals_mean",
      ] {
        counter.reset()
        #expect(try await visitor.get(page).status == 200)
        #expect(counter.count > 0)
        #expect(counter.count <= 8, "\(page.prefix(12)): \(counter.count) statements")
      }
    }
  }

  /// A page asks the same number of questions whatever the number of rows it shows.
  @Test func statementsDoNotGrowWithTheRows() async throws {
    let counter = StatementCounter()
    try await withDemonstration(counting: counter) { _, visitor in
      for (few, many) in [("/structures?q=DEMO-00", "/structures"), ("/echanges?canal=visite", "/echanges")] {
        counter.reset()
        _ = try await visitor.get(few)
        let small = counter.count
        counter.reset()
        _ = try await visitor.get(many)
        #expect(counter.count <= small, "\(many)")
      }
    }
  }
}
