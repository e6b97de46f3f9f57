import Foundation
import Records
import Store
import TestSupport
import Testing

@testable import Federation

/// Who is proposed for a facilitation, in which order, and why (FAC-04).
@Suite struct FacilitatorProposalTests {
  private static let structures = "reference;type;nom;departement;commune;etat;depuis\nS1;cpts;Le Plateau;38;38185;ouverte;2018-01-01\n"

  private func proposal(_ world: Installation) async throws -> FacilitatorProposal {
    let direction = Account(id: Identifier(rawValue: 1), email: "a@exemple.fr", name: "A", role: .direction, territory: nil)
    let today = try #require(CivilDate(iso: "2026-06-01"))
    let found = try await world.database.read { connection in
      let id: Identifier<Facilitation>? = try connection.value("SELECT id FROM facilitation WHERE reference = 'F1'")
      return try id.flatMap { try FacilitatorProposal($0, for: direction, on: today, connection) }
    }
    return try #require(found)
  }

  @Test(arguments: Engine.allCases) func theBestStandFirstAndOthersAreLeftOut(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      try await world.bring("structures", Self.structures)
      let people = ["Un", "Deux", "Trois", "Quatre", "Cinq", "Six", "Sept"].enumerated().map { "P\($0.offset + 1);\($0.element);" }
      try await world.bring("personnes", "reference;nom;structures\n\(people.dropLast().joined(separator: "\n"))\nP7;Sept;S1\n")
      let profiles = """
        personne;expertises;commune;rayon_km;absences;en_pause_depuis
        P1;cpts;38185;50;;
        P2;cpts|juridique;38185;50;;
        P3;cpts|juridique;38185;50;;
        P4;cpts|juridique;73065;10;;
        P5;cpts|juridique;38185;50;01/09/2026 au 30/09/2026;
        P6;cpts|juridique;38185;50;;2026-05-01
        P7;cpts|juridique;38185;50;;

        """
      #expect(try await world.bring("facilitateurs", profiles).refused.isEmpty)
      let outcome = try await world.bring(
        "facilitations",
        """
        reference;demandee_le;besoin;structures;type_facilitation;facilitateurs;date;etat
        F1;2026-05-05;Statuts;S1;conseil_juridique;;2026-09-15;
        F2;2026-01-05;Autre;;conseil_juridique;P2;2026-02-01;tenue

        """)
      #expect(outcome.created == 2, "\(outcome)")
      let proposal = try await proposal(world)
      #expect(proposal.wanted == ["cpts", "juridique"])
      #expect(proposal.candidates.map(\.facilitator.reference) == ["P3", "P2", "P4", "P1"])
      #expect(proposal.candidates.map(\.isNear) == [true, true, false, true])
      #expect(proposal.candidates[1].experience == 1 && proposal.candidates[0].kilometres == 0)
      let reasons = Dictionary(proposal.leftOut.map { ($0.facilitator.reference, $0.reason) }, uniquingKeysWith: { first, _ in first })
      #expect(reasons["P5"] == .absent(try #require(CivilDate(iso: "2026-09-30"))))
      #expect(reasons["P6"] == .paused(try #require(CivilDate(iso: "2026-05-01"))) && reasons["P7"] == .ownTeam("Le Plateau"))
    }
  }

  /// A large network costs no more statements than a small one.
  @Test(arguments: Engine.allCases) func fiveHundredAreReadAtOnce(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      try await world.bring("structures", Self.structures)
      let numbers = 1...500
      try await world.bring("personnes", "reference;nom\n" + numbers.map { "P\($0);Nom\($0)\n" }.joined())
      try await world.bring(
        "facilitateurs", "personne;expertises\n" + numbers.map { "P\($0);\($0 % 2 == 0 ? "cpts" : "juridique")\n" }.joined())
      try await world.bring(
        "facilitations", "reference;demandee_le;besoin;structures;type_facilitation\nF1;2026-05-05;Un;S1;conseil_juridique\n")
      #expect(try await proposal(world).candidates.count == 500)
    }
  }
}
