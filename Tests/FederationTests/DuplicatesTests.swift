import Records
import Store
import TestSupport
import Testing

@testable import Federation

/// Records that may speak of the same thing.
struct DuplicatesTests {
  private func found(_ kind: some RecordKind, _ world: Installation) async throws -> [String] {
    try await world.database.read { connection in
      try DuplicateFinder.pairs(of: kind, connection).map { "\($0.first.name) / \($0.second.name): \($0.reasons.joined(separator: ", "))" }
    }
  }

  @Test(arguments: Engine.allCases) func teamsAreFoundByNameAndNumber(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      try await world.bring(
        "structures",
        """
        reference;type;nom;departement;commune;finess;telephone
        A;msp;MSP du Val d’Or;38;Grenoble;;04 76 00 00 01
        B;msp;Maison de santé du Val-d’or;38;Grenoble;;+33 4 76 00 00 01
        C;msp;MSP 12;38;;;
        D;msp;MSP 13;38;;;
        E;cds;Les Cèdres;69;;690000013;
        F;cds;Centre Tony;26;;690000013;
        G;cpts;MSP du Val d’Or;73;;;

        """)
      #expect(
        try await found(StructureRecords(), world) == [
          "MSP du Val d’Or / Maison de santé du Val-d’or: noms proches, même département, même commune, même téléphone",
          "Les Cèdres / Centre Tony: même FINESS",
        ])
    }
  }

  @Test(arguments: Engine.allCases) func peopleAreNotFoundByNameAlone(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      try await world.bring("structures", "reference;type;nom;departement\nA;msp;Du Val;38\n")
      try await world.bring(
        "personnes",
        """
        reference;nom;prenom;profession;commune;courriel;structures
        1;Martin;Anne;infirmier;Grenoble;;A
        2;Martin;Anne;infirmier;Voiron;;
        3;Martin;Anne;;;;A
        4;Lambert;Hugo;infirmier;Grenoble;h@exemple.fr;
        5;Lambert;Hugues;;;H@exemple.fr;
        6;Petit;Zoé;;;;

        """)
      #expect(
        try await found(PersonRecords(), world) == [
          "Anne Martin / Anne Martin: même nom, même équipe", "Hugo Lambert / Hugues Lambert: même courriel",
        ])
    }
  }

  @Test(arguments: Engine.allCases) func aPairThatWasToldApartDoesNotReturn(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      try await world.bring("organisations", "reference;nature;nom\nA;ars;ARS de l’Est\nB;ars;ARS de l'est\n")
      #expect(try await found(OrganisationRecords(), world).count == 1)
      let ids: [Int64] = try await world.database.read { try $0.rows("SELECT id FROM organisation ORDER BY reference").map { try $0[0] } }
      let editor = MergeEditor(
        OrganisationRecords(), among: world.model.kinds, world.database, ids: world.ids, now: world.now, actor: nil)
      // Asked twice, remembered once; in either order.
      try await editor.tell(ids[1], ids[0], areDuplicates: false)
      try await editor.tell(ids[0], ids[1], areDuplicates: false)
      #expect(try await found(OrganisationRecords(), world).isEmpty)
      let pairs = try await world.database.read { try DuplicateFinder.dismissed("organisations", $0) }
      #expect(pairs.map(\.first) == [ids[0]] && pairs.map(\.second) == [ids[1]])
      let events: Int? = try await world.database.read {
        try $0.value("SELECT count(*) FROM event WHERE operation = \(Operation.tellingApart)")
      }
      #expect(events == 2)
      try await editor.tell(ids[0], ids[1], areDuplicates: true)
      #expect(try await found(OrganisationRecords(), world).count == 1)
      await #expect(throws: Refusal.self) { try await editor.tell(ids[0], 12, areDuplicates: false) }
    }
  }
}
