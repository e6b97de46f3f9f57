import Records
import Store
import TestSupport
import Testing

@testable import Federation

/// DIR-12: what teams left, which changed their type, which sites opened.
@Suite struct FlowsTests {
  private static let structures = """
    reference;type;nom;departement;commune;etat;depuis
    M1;msp;MSP du Val;38;Grenoble;ecriture;2020-01-01
    C1;cpts;CPTS des Cimes;73;;lettre_intention;2021-03-02
    I1;isole;Cabinet seul;38;;contact;2021-01-01
    """

  private static let states = """
    structure;etat;depuis;jusqua
    M1;valide;2021-02-01;
    M1;aci;2021-06-01;2021-10-31
    M1;en_pause;2021-11-10;2021-11-20
    M1;fermee;2023-05-01;
    C1;valide;2021-05-18;
    C1;aci;2021-10-01;
    C1;aci_fin;2022-12-31;
    C1;aci;2023-01-01;2023-12-31
    C1;aci;2023-12-01;
    I1;fermee;2021-05-01;
    """

  private func withWorld(_ engine: Engine, _ body: (Installation) async throws -> Void) async throws {
    try await withInstallation(engine) { world in
      #expect(try await world.bring("structures", Self.structures).refused.isEmpty)
      let outcome = try await world.bring("etats", Self.states)
      #expect(outcome.refused.isEmpty, "\(outcome)")
      try await body(world)
    }
  }

  @Test(arguments: Engine.allCases) func anExitIsAStageLeftOrAnACIThatEnded(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      let (first, second, third) = (Period(year: 2021), Period(year: 2022), Period(year: 2023))
      // The ACI that M1 signed and that ended the same year is one record: once in the total, under both that it left.
      #expect(
        try await world.values("structures.exits", first, by: ["de"])
          == ["ecriture": 1, "valide": 2, "lettre_intention": 1, "aci": 1])
      #expect(try await world.values("structures.exits", first) == ["": 4])
      #expect(try await world.values("structures.exits", first, by: ["departement"]) == ["38": 2, "73": 2])
      #expect(try await world.values("structures.exits", first, where: [("type", "isole")]) == ["": 1])
      #expect(try await world.values("structures.exits", second, by: ["de", "vers", "type"]) == ["aci aci_fin cpts": 1])
      // An ACI that another one follows has not ended; a team that closes left its stage.
      #expect(try await world.values("structures.exits", third, by: ["de", "vers"]) == ["ouverte fermee": 1])
      let november = try #require(Period("2021-11-01..2021-11-30"))
      #expect(try await world.values("structures.exits", november, by: ["de"]) == ["aci": 1])
      let query = try FigureQuery(world.model.figures.figure("structures.exits"), first, where: [Filter("de", "aci")])
      let listing = try await world.database.read {
        try StateEntryListing(query, search: "", order: .date, descending: false, offset: 0, limit: 10, $0)
      }
      #expect(listing.total == 1 && listing.rows.first?.left.map(\.state.code) == ["valide", "aci"])
      #expect(listing.rows.first?.left.map(\.day.description) == ["2021-06-01", "2021-11-01"])
    }
  }

  @Test(arguments: Engine.allCases) func aConversionIsADatedChangeToAnotherType(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      let types = "structure;type;depuis\nM1;esp;2020-06-01\nM1;msp;2022-03-01\nM1;msp;2022-07-01\nC1;cpts;2022-02-02\n"
      #expect(try await world.bring("types", types).created == 4)
      let all = try #require(Period("2020-01-01..2022-12-31"))
      #expect(try await world.values("structures.conversions", all) == ["": 2])
      #expect(try await world.values("structures.conversions", all, by: ["de", "type"]) == ["msp esp": 1, "esp msp": 1])
      #expect(try await world.values("structures.conversions", Period(year: 2022), by: ["departement"]) == ["38": 1])
      #expect(try await world.values("structures.conversions", Period(year: 2021)) == ["": 0])
      let query = try FigureQuery(world.model.figures.figure("structures.conversions"), all)
      let listing = try await world.database.read {
        try TypeChangeListing(query, search: "val", order: .date, descending: true, offset: 0, limit: 1, $0)
      }
      #expect(listing.total == 2 && listing.rows.count == 1)
      #expect(listing.rows.first?.former == .esp && listing.rows.first?.type == .msp)
    }
  }

  @Test(arguments: Engine.allCases) func aSiteOpensOnItsDay(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      let sites = """
        structure;commune;nom;principal;depuis;jusqua
        M1;Grenoble;Siège;oui;2021-03-01;
        M1;Voiron;;non;2021-09-01;2022-12-31
        M1;Vienne;;non;;
        """
      #expect(try await world.bring("sites", sites).created == 3)
      #expect(try await world.values("structures.sites_opened", Period(year: 2021), by: ["principal"]) == ["oui": 1, "non": 1])
      #expect(try await world.values("structures.sites_opened", Period(year: 2021), by: ["type", "departement"]) == ["msp 38": 2])
      #expect(try await world.values("structures.sites_opened", Period(year: 2022)) == ["": 0])
      let query = try FigureQuery(world.model.figures.figure("structures.sites_opened"), Period(year: 2021))
      let listing = try await world.database.read {
        try SiteListing(query, search: "", order: .date, descending: true, offset: 0, limit: 10, $0)
      }
      #expect(listing.rows.map(\.site) == ["Voiron", "Siège"] && listing.rows.map(\.isMain) == [false, true])
      #expect(listing.rows.first?.through == CivilDate(iso: "2022-12-31"))
    }
  }
}
