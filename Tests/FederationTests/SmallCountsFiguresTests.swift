import Records
import Store
import TestSupport
import Testing

@testable import Federation

/// Small numbers of people (R22), of what is recorded.
struct SmallCountsFiguresTests {
  /// R22: what programs are told of people; teams are never kept back.
  @Test(arguments: Engine.allCases)
  func fewPeopleAreKeptBack(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      let many = (1...30).map { "2024-01-01;\($0 <= 18 ? "telephone" : $0 <= 29 ? "visio" : "visite");Personne \($0);;P\($0)" }
      try await world.bring("echanges", (["date;canal;personnes;structures;reference"] + many).joined(separator: "\n"))
      #expect(try await world.said("contacts.people", by: []) == ["30"])
      #expect(try await world.said("contacts.people", by: ["canal"]) == ["18", "complementary", "small"])
      // Narrowed, it gives nothing that is kept back without the filter: neither the second number nor what several are less another.
      #expect(try await world.said("contacts.people", by: [], of: ["telephone"]) == ["18"])
      #expect(try await world.said("contacts.people", by: [], of: ["visio"]) == ["complementary"])
      #expect(try await world.said("contacts.people", by: [], of: ["visite"]) == ["small"])
      #expect(try await world.said("contacts.people", by: [], of: ["telephone", "visio"]) == ["complementary"])
      #expect(try await world.said("contacts.people", by: ["departement"], of: ["telephone", "visio"]) == ["complementary"])
      #expect(try await world.said("contacts.people", by: ["departement", "theme"], of: ["telephone"]) == ["complementary"])
      #expect(try await world.said("contacts.count", by: [], of: ["telephone", "visio"]) == ["29"])
      #expect(try await world.said("contacts.count", by: ["canal"]).sorted() == ["1", "11", "18"])
      // The database itself is not changed, nor what the command line says.
      #expect(try await world.values("contacts.people", Period(year: 2024), by: ["canal"]) == ["telephone": 18, "visio": 11, "visite": 1])
    }
  }

  /// People are met by several channels: of those, the numbers of a breakdown say how many a filter would leave out, and no more.
  @Test(arguments: Engine.allCases)
  func thoseWhomSeveralPartsLeaveOutAreNotFew(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      let met: [(String, [Int])] = [
        ("telephone", Array(13...25) + [46, 47]), ("visio", Array(1...15) + Array(41...45)), ("visite", Array(1...40)),
      ]
      let lines = met.flatMap { channel, people in people.map { "2024-01-01;\(channel);Personne \($0);\(channel)\($0)" } }
      try await world.bring("echanges", (["date;canal;personnes;reference"] + lines).joined(separator: "\n"))
      #expect(try await world.said("contacts.people", by: []) == ["47"])
      #expect(try await world.said("contacts.people", by: ["canal"]).sorted() == ["15", "20", "40"])
      // All but seven: as the breakdown says it.
      #expect(try await world.said("contacts.people", by: [], of: ["visite"]) == ["40"])
      #expect(try await world.said("contacts.people", by: [], of: ["telephone", "visio"]) == ["32"])
      #expect(try await world.said("contacts.people", by: [], of: ["visio", "visite"]) == ["complementary"])
    }
  }
}

extension Installation {
  /// What is said of a figure of 2024: its numbers, or why they are kept back.
  fileprivate func said(_ figure: String, by dimensions: [String], of channels: [String] = []) async throws -> [String] {
    let query = try FigureQuery(
      try model.figures.figure(figure), Period(year: 2024), by: dimensions, where: channels.map { Filter("canal", $0) })
    return try await database.read { connection in
      try FigureRow.disclosed(query, connection).map { row in
        row.value.value.map(String.init) ?? row.value.suppression?.rawValue ?? "?"
      }
    }
  }
}
