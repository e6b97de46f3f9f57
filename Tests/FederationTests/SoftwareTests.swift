import Records
import Store
import TestSupport
import Testing

@testable import Federation

/// DIR-14: a team's shared software and its level, as known on a day.
struct SoftwareTests {
  private static let structures = """
    reference;type;nom;departement;etat;depuis;logiciel;niveau_logiciel;logiciel_depuis
    A;msp;Avancé;38;ouverte;2018-01-01;Trame;avance;2022-03-01
    B;msp;Standard;38;ouverte;2018-01-01;Trame;Niveau standard (labellisé ANS);
    C;msp;Sans niveau;69;ouverte;2018-01-01;Fil;;
    D;msp;Rien;69;ouverte;2018-01-01;;;

    """

  @Test(arguments: Engine.allCases) func itIsADimensionAsOfADay(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      #expect(try await world.bring("structures", Self.structures).refused.isEmpty)
      func count(_ day: String, by dimension: String) async throws -> [String: Int] {
        try await world.values("structures.count", Period(asOf: try #require(CivilDate(iso: day))), by: [dimension])
      }
      #expect(try await count("2022-02-28", by: "logiciel") == ["Trame": 1, "Fil": 1, "non_renseigne": 2])
      #expect(try await count("2022-03-01", by: "logiciel") == ["Trame": 2, "Fil": 1, "non_renseigne": 1])
      #expect(try await count("2022-03-01", by: "niveau_logiciel") == ["avance": 1, "standard": 1, "non_renseigne": 2])
      let both = Period(asOf: try #require(CivilDate(iso: "2022-03-01")))
      #expect(
        try await world.values("structures.count", both, where: [("logiciel", "Trame"), ("niveau_logiciel", "standard")])[""] == 1)
      let query = try FigureQuery(world.model.figures.figure("structures.count"), both)
      let listing = try await world.database.read {
        try StructureListing(
          query, for: Account(id: Identifier(rawValue: 1), email: "odile@exemple.fr", name: "Odile", role: .direction, territory: nil),
          search: "", order: .name, descending: false, offset: 0, limit: 10, $0)
      }
      #expect(listing.rows.map(\.software) == ["Trame", nil, "Fil", "Trame"])
      #expect(listing.rows.map(\.softwareLevel) == ["avance", nil, nil, "standard"])
    }
  }

  @Test(arguments: Engine.allCases) func aFileComesBackUnchanged(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      #expect(try await world.bring("structures", Self.structures).refused.isEmpty)
      let again = try await world.bring("structures", Self.structures)
      #expect(again.unchanged == 4 && again.refused.isEmpty, "\(again)")
      // An empty cell keeps what was; a level that the list does not have is refused, with the list.
      let kept = try await world.bring("structures", "reference;type;nom;departement;niveau_logiciel\nA;;;;\n")
      #expect(kept.unchanged == 1)
      let unknown = try await world.bring("structures", "reference;type;nom;departement;niveau_logiciel\nA;;;;premium\n")
      #expect(unknown.refused.map(\.fault.column) == ["niveau_logiciel"])
    }
  }
}
