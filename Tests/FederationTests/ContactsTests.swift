import Records
import Store
import TestSupport
import Testing

@testable import Federation

/// DIR-11: who does what in an organisation, from when to when, for which départements.
@Suite struct ContactsTests {
  private static let contacts = """
    organisation;personne;fonction;depuis;jusqua;departements
    ARS;P1;Délégué départemental;2020-01-01;2022-12-31;38
    ARS;P2;delegue;2021-01-01;;73
    ARS;P3;direction;;;
    CPAM de l’Isère;Alix Ferrand;referent_exercice_coordonne;2021-01-01;2021-12-31;
    CPAM;P3;referent_exercice_coordonne;2022-02-01;;

    """

  private func withContacts(_ engine: Engine, _ body: (Installation, ImportOutcome) async throws -> Void) async throws {
    try await withInstallation(engine) { world in
      try await world.bring("personnes", "reference;nom;prenom\nP1;Sorlin;Zoé\nP2;Ferrand;Alix\nP3;Quintarel;\n")
      try await world.bring(
        "organisations", "reference;nature;nom;departements\nARS;ars;ARS Auvergne;38|73\nCPAM;cpam;CPAM de l’Isère;38\n")
      let outcome = try await world.bring("contacts", Self.contacts)
      #expect(outcome.created == 5 && outcome.refused.isEmpty, "\(outcome)")
      try await body(world, outcome)
    }
  }

  private func names(
    _ world: Installation, _ day: String,
    _ query: @escaping @Sendable (CivilDate, any Connection) throws -> [OrganisationContact]
  ) async throws -> [String] {
    let day = try #require(CivilDate(iso: day))
    return try await world.database.read { try query(day, $0).map { "\($0.function) \($0.person)" } }
  }

  @Test(arguments: Engine.allCases)
  func aDepartmentHasItsContactsOfTheDay(_ engine: Engine) async throws {
    try await withContacts(engine) { world, _ async throws in
      #expect(
        try await names(world, "2022-06-30") { try OrganisationContact.following("38", on: $0, $1) }
          == ["delegue Zoé Sorlin", "direction Quintarel", "referent_exercice_coordonne Quintarel"])
      #expect(
        try await names(world, "2023-06-30") { try OrganisationContact.following("73", on: $0, $1) }
          == ["delegue Alix Ferrand", "direction Quintarel"])
      #expect(try await names(world, "2023-06-30") { try OrganisationContact.following("01", on: $0, $1) } == [])
    }
  }

  @Test(arguments: Engine.allCases)
  func aFunctionThatEndedIsVacantUntilSomebodyHoldsIt(_ engine: Engine) async throws {
    try await withContacts(engine) { world, _ async throws in
      #expect(
        try await names(world, "2022-01-15") { try OrganisationContact.vacancies(in: "38", on: $0, $1) }
          == ["referent_exercice_coordonne Alix Ferrand"])
      #expect(try await names(world, "2022-02-01") { try OrganisationContact.vacancies(in: "38", on: $0, $1) } == [])
      #expect(
        try await names(world, "2023-01-01") { try OrganisationContact.vacancies(in: "38", on: $0, $1) } == ["delegue Zoé Sorlin"])
      #expect(try await names(world, "2023-01-01") { try OrganisationContact.vacancies(in: "73", on: $0, $1) } == [])
    }
  }

  @Test(arguments: Engine.allCases)
  func contactsGoOutComeBackAndAreUndone(_ engine: Engine) async throws {
    try await withContacts(engine) { world, first async throws in
      let file = try await world.take("contacts")
      #expect(file.contains("ARS;P1;delegue;2020-01-01;2022-12-31;38"))
      let again = try await world.bring("contacts", file)
      #expect(again.unchanged == 5 && again.created == 0 && again.changed == 0 && again.refused.isEmpty, "\(again)")
      let change = try await world.bring(
        "contacts", "organisation;personne;fonction;depuis;jusqua;departements\nARS;P2;delegue;2021-01-01;2023-06-30;38|73\n")
      #expect(change.changed == 1)
      _ = try await world.importer.undo(try #require(change.importID), world.model.kinds)
      #expect(try await world.take("contacts") == file)
      let undone = try await world.importer.undo(try #require(first.importID), world.model.kinds)
      #expect(undone.undone == 5 && undone.kept.isEmpty)
      let refused = try await world.bring(
        "contacts",
        "organisation;personne;fonction;depuis;jusqua;departements\nRien;P1;direction;;;\nARS;P9;direction;;;\nARS;P1;chef;;;\nARS;P1;direction;2022-01-01;2021-01-01;99\n"
      )
      #expect(refused.refused.map(\.fault.column) == ["organisation", "personne", "fonction", "departements", "jusqua"])
      let faults = try await world.database.read { [model = world.model] in try model.faults($0, today: .lastDay(of: 2022)) }
      #expect(faults.isEmpty)
    }
  }
}
