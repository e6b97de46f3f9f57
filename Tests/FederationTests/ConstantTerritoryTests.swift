import Foundation
import Records
import Store
import TestSupport
import Testing

@testable import Federation

/// R21: a territory as it was on the day of each record, or as it is now for all years.
struct ConstantTerritoryTests {
  @Test(arguments: Engine.allCases) func yearsCompareLikeWithLike(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      // Savoie went from the east to the west in 2022, and is to go back one day.
      try await world.bring(
        "territoires",
        "code;nom;departement;depuis;jusqua\nest;Est;73;2020-01-01;2021-12-31\nouest;Ouest;73;2022-01-01;2099-12-31\nest;Est;73;2100-01-01;\nouest;Ouest;38;2020-01-01;\n"
      )
      try await world.bring(
        "structures",
        "reference;type;nom;departement;etat;depuis\nA;msp;Du Val;38;ecriture;2020-01-01\nB;msp;Du Lac;73;ecriture;2020-01-01\n")
      try await world.bring(
        "echanges", "date;canal;structures;reference\n2021-02-01;visio;A;E1\n2021-03-01;visio;B;E2\n2022-03-01;visio;B;E3\n")
      for figure in ["contacts.count", "structures.count"] {
        func values(_ year: Int, _ dimension: String) async throws -> [String: Int] {
          try await world.values(figure, Period(year: year), by: [dimension])
        }
        #expect(try await values(2021, "territoire") == ["est": 1, "ouest": 1])
        #expect(try await values(2021, "territoire_constant") == ["ouest": 2])
        #expect(try await values(2022, "territoire") == values2022[figure])
        #expect(try await values(2022, "territoire_constant") == values2022[figure])
      }
      // A quarter and a school year, each beside the same a year before.
      for (period, count) in [(Period(quarter: 1, of: 2022), 1), (Period(schoolYearFrom: 2021), 1)] {
        let now: [String: Int] = try await world.values("contacts.count", period, by: ["territoire_constant"])
        let before: [String: Int] = try await world.values("contacts.count", period.previous, by: ["territoire_constant"])
        #expect(now == ["ouest": count] && before == ["ouest": 2])
      }
    }
  }

  private let values2022: [String: [String: Int]] = ["contacts.count": ["ouest": 1], "structures.count": ["ouest": 2]]

  /// The day changes at midnight in Paris, in winter and in summer.
  @Test(arguments: Engine.allCases) func todayIsThatOfParis(_ engine: Engine) async throws {
    let moments = [
      ("2026-01-15 22:59:59", "2026-01-15"), ("2026-01-15 23:00:00", "2026-01-16"), ("2026-03-28 23:30:00", "2026-03-29"),
      ("2026-03-29 00:59:59", "2026-03-29"), ("2026-03-29 22:00:00", "2026-03-30"), ("2026-07-01 21:59:59", "2026-07-01"),
      ("2026-07-01 22:00:00", "2026-07-02"), ("2026-10-24 22:30:00", "2026-10-25"), ("2026-10-25 22:30:00", "2026-10-25"),
      ("2027-03-28 22:30:00", "2027-03-29"), ("2028-10-29 22:30:00", "2028-10-29"), ("2026-12-31 23:00:00", "2027-01-01"),
    ]
    let zone = try #require(TimeZone(identifier: "Europe/Paris"))
    try await withInstallation(engine) { world async throws in
      for (moment, day) in moments {
        let expression = SQL.parisDay(sqlite: "'\(SQL(unsafeText: moment))'", postgres: "TIMESTAMPTZ '\(SQL(unsafeText: moment))+00'")
        let found: String? = try await world.database.read { try $0.value("SELECT \(expression)") }
        #expect(found == day, "\(moment)")
      }
      let before = CivilDate(of: Date(), in: zone)
      let now: CivilDate? = try await world.database.read { try $0.value("SELECT \(SQL.parisDay())") }
      #expect([before, CivilDate(of: Date(), in: zone)].contains(now))
    }
  }
}
