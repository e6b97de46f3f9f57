import Foundation
import Records
import Store
import TestSupport
import Testing

@testable import Federation

/// People, their functions, organisations, and both in exchanges.
@Suite struct PeopleTests {
  private static let structures = "reference;type;nom;departement\nM1;msp;MSP du Val;38\nC1;cpts;CPTS des Cimes;73\n"
  private static let people = """
    reference;nom;prenom;profession;commune;courriel;rpps;structures
    P1;Ferrand;Zoé;Infirmier;38185;zoe@exemple.fr;10000001916;M1|C1
    P2;Ferrand;Alix;medecin_generaliste;73065;;123;M1
    P3;Ferrand;Alix;;;;;

    """

  private func withPeople(_ engine: Engine, _ body: (Installation) async throws -> Void) async throws {
    try await withInstallation(engine) { world in
      try await world.bring("structures", Self.structures)
      try await world.bring("personnes", Self.people)
      try await world.bring("organisations", "reference;nature;nom;departements\nARS;ars;ARS Auvergne;38|73\n")
      try await body(world)
    }
  }

  @Test(arguments: Engine.allCases)
  func peopleAndFunctionsGoOutAndComeBack(_ engine: Engine) async throws {
    try await withPeople(engine) { world async throws in
      let functions = try await world.bring(
        "fonctions",
        """
        personne;structure;fonction;depuis;jusqua
        P1;M1;coordinateur;2021-01-01;2022-12-31
        zoe@exemple.fr;C1;leader;2022-01-01;
        Zoé Ferrand;C1;Maître de stage;;
        """)
      #expect(functions.created == 3 && functions.refused.isEmpty)
      #expect(try await world.take("fonctions").contains("P1;M1;coordinateur;2021-01-01;2022-12-31"))
      for kind in ["personnes", "fonctions", "organisations"] {
        let file = try await world.take(kind)
        let outcome = try await world.bring(kind, file)
        #expect(outcome.created == 0 && outcome.changed == 0 && outcome.refused.isEmpty && outcome.unchanged > 0, "\(kind)")
      }
      let faults = try await world.database.read { [model = world.model] in try model.faults($0, today: .lastDay(of: 2021)) }
      #expect(faults.isEmpty)
    }
  }

  @Test(arguments: Engine.allCases)
  func aNameThatTwoPeopleShareNamesNobody(_ engine: Engine) async throws {
    try await withPeople(engine) { world async throws in
      let outcome = try await world.bring(
        "fonctions",
        "personne;structure;fonction;depuis;jusqua\nAlix Ferrand;M1;leader;;\nP9;M1;leader;;\nP1;M1;leader;2022-01-01;2021-01-01\nP1;M1;chef;;\n"
      )
      #expect(outcome.refused.map(\.fault.column) == ["personne", "personne", "jusqua", "fonction"])
    }
  }

  @Test(arguments: Engine.allCases)
  func aDoubtfulRPPSWarnsAndIsKept(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      let outcome = try await world.bring(
        "personnes", "reference;nom;rpps;courriel\nA;Un;10000001916;\nB;Deux;10000001917;\nC;Trois;;faux\n")
      #expect(outcome.warnings == ["ligne 3 : « 10000001917 » ne ressemble pas à un numéro RPPS (onze chiffres, clé comprise)"])
      #expect(outcome.refused.map(\.fault.column) == ["courriel"])
    }
  }

  @Test(arguments: Engine.allCases)
  func membershipsLeaveWithTheColumn(_ engine: Engine) async throws {
    try await withPeople(engine) { world async throws in
      _ = try await world.bring("personnes", "reference;nom;structures\nP1;;C1\n")
      #expect(try await world.take("fonctions").components(separatedBy: "P1;").count == 2)
    }
  }

  @Test(arguments: Engine.allCases)
  func exchangesKnowPeopleOrKeepTheirNames(_ engine: Engine) async throws {
    try await withPeople(engine) { world async throws in
      let file = """
        date;canal;structures;personnes;organisations
        2021-03-01;telephone;M1;zoe@exemple.fr|Inconnu Total;ARS Auvergne
        2021-03-02;telephone;M1;Ferrand Zoé|inconnu  total;Mairie
        2021-03-03;visio;;P2;
        """
      let outcome = try await world.bring("echanges", file)
      #expect(outcome.created == 3 && outcome.warnings.count == 3)
      let year = Period(year: 2021)
      #expect(try await world.values("contacts.people", year) == ["": 3])
      #expect(try await world.values("contacts.people", year, by: ["canal"]) == ["telephone": 2, "visio": 1])
      // R14: without a team, the exchange lies where the person does.
      #expect(try await world.values("contacts.count", year, by: ["departement"]) == ["38": 2, "73": 1])
      #expect(try await world.values("support.structures", year) == ["": 1])
      // The same lines are recognised once the name has become a person.
      try await world.bring("personnes", "reference;nom\nP7;Inconnu Total\n")
      #expect(try await world.bring("echanges", file).unchanged == 3)
    }
  }
}
