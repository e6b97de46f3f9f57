import GRDB
import TestSupport
import Testing

@testable import Store

struct PreparedTextsTests {
  /// A server that runs for months meets ever new filters, orders and searches.
  @Test func aConnectionKeepsSoManyPreparedStatementsAndNoMore() async throws {
    try await withDatabase(.sqlite) { database in
      let kept = try await database.write { connection -> Int in
        let own = try #require(connection as? Store.SQLiteConnection)
        var statements: [Forgotten] = []
        for number in 0..<(3 * PreparedTexts.limit) {
          let text = "SELECT \(number)"
          // One that is being read is not let go under its reader.
          try connection.forEach("SELECT 1 UNION ALL SELECT 2") { _ in
            let found: Int? = try connection.value(SQL(unsafeText: text))
            #expect(found == number)
          }
          statements.append(Forgotten(try own.database.cachedStatement(sql: text)))
        }
        return statements.count { $0.statement != nil }
      }
      #expect(kept > 0 && kept <= PreparedTexts.limit)
    }
  }

  private struct Forgotten {
    weak var statement: Statement?

    init(_ statement: Statement) { self.statement = statement }
  }
}
