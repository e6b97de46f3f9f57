import Foundation
import Records
import Store
import TestSupport
import Testing

@testable import Federation

/// The file of a département before a meeting of its partners (INS-03).
@Suite struct DepartmentFileTests {
  private struct House {
    let world: Installation
    let direction, referent, other: Account

    func file(_ code: String = "38", for reader: Account? = nil) async throws -> DepartmentFile? {
      let day = try #require(CivilDate(iso: "2026-06-01"))
      return try await world.database.read { [direction] in
        try DepartmentFile(code, months: 6, for: reader ?? direction, on: day, $0)
      }
    }
  }

  private func withHouse(_ engine: Engine, _ body: (House) async throws -> Void) async throws {
    try await withInstallation(engine) { world async throws in
      try await world.bring("territoires", "code;nom;departement;depuis\nest;Est;38;2000-01-01\ncentre;Centre;69;2000-01-01\n")
      try await world.bring(
        "structures",
        """
        reference;type;nom;departement;etat;depuis
        S1;msp;Le Projet;38;contact;2025-01-01
        S2;msp;Les Tilleuls;38;ouverte;2018-01-01
        S3;msp;Le Silence;38;ouverte;2018-01-01
        S4;msp;La Close;38;fermee;2018-01-01
        S5;msp;Ailleurs;69;ecriture;2018-01-01

        """)
      try await world.bring("etats", "structure;etat;depuis\nS1;ecriture;2026-02-01\n")
      try await world.bring("personnes", "reference;nom;prenom\nP1;Quintarel;Zoé\n")
      try await world.bring(
        "fonctions", "personne;structure;fonction;depuis\nP1;S1;porteur_de_projet;2025-01-01\nP1;S1;membre;2025-01-01\n")
      try await world.bring(
        "echanges",
        """
        reference;date;canal;structures;themes;objet;auteur;visibilite
        E1;2026-03-03;telephone;S1;montage_msp|protocoles;Locaux à trouver;Claire;
        E2;2026-04-04;reunion;S1;montage_msp;Statuts;Claire;
        E3;2026-05-05;reunion;S1;juridique_comptable;Conflit tungstène;Claire;confidentielle
        E4;2024-05-05;reunion;S1;covid;Ancien;Claire;
        E5;2024-05-05;reunion;S3;covid;Ancien aussi;Claire;

        """)
      try await world.bring(
        "taches", "titre;echeance;structure;reference\nRappeler le notaire;2026-07-01;S2;T1\nÀ garder pour nous;2026-07-02;S1;T2\n")
      try await world.bring(
        "facilitations",
        """
        reference;demandee_le;structures;type_facilitation;date;etat
        F1;2026-01-05;S1;conseil_sisa;2026-02-01;tenue
        F2;2026-01-05;S1;mediation;2026-02-01;tenue
        F3;2024-01-05;S1;peps;2024-02-01;tenue

        """)
      try await world.bring(
        "comptes_rendus",
        "reference;titre;date;nature\nCR1;Conseil;2026-03-10;ca\nCR2;Partenaires;2026-03-11;partenaires\n")
      let decided = try await world.bring(
        "decisions",
        "reference;compte_rendu;texte;structures;tache\nD1;CR1;Entre nous;S1;T2\nD2;CR2;Soutenir le dossier;S1;\n")
      #expect(decided.created == 2, "\(decided)")
      func account(_ name: String, _ role: Role, _ territory: String? = nil) async throws -> Account {
        try await world.accounts.create(
          email: "\(name)@exemple.fr", name: name, role: role, territory: territory, password: "un mot de passe")
      }
      try await body(
        House(
          world: world, direction: try await account("odile", .direction), referent: try await account("nadia", .referent, "est"),
          other: try await account("paul", .referent, "centre")))
    }
  }

  @Test(arguments: Engine.allCases) func itTellsWhatIsKnownOfEachProject(_ engine: Engine) async throws {
    try await withHouse(engine) { house async throws in
      let file = try #require(try await house.file())
      #expect(file.projects.map(\.name) == ["Le Projet"] && file.others.map(\.name) == ["Les Tilleuls"])
      let project = try #require(file.projects.first)
      #expect(project.stage == .ecriture && project.since?.description == "2026-02-01")
      #expect(project.people.map(\.name) == ["Zoé Quintarel"] && project.people.map(\.function) == ["porteur_de_projet"])
      #expect(project.exchanges.map(\.subject) == ["Statuts", "Locaux à trouver", "Ancien"])
      #expect(project.needs.map(\.theme) == ["montage_msp", "protocoles"] && project.needs.map(\.count) == [2, 1])
      #expect(project.facilitations.map(\.type) == ["conseil_sisa"])
      #expect(project.entries.map(\.state) == [.stage(.ecriture)])
      #expect(file.others.first?.tasks.map(\.title) == ["Rappeler le notaire"])
      #expect(try await house.file("99") == nil)
    }
  }

  /// Whoever asks, nothing of it was said in confidence, nor by the federation to itself.
  @Test(arguments: Engine.allCases) func nothingConfidentialIsEverInIt(_ engine: Engine) async throws {
    try await withHouse(engine) { house async throws in
      let project = try #require(try await house.file()?.projects.first)
      #expect(!project.exchanges.contains { $0.subject?.contains("tungstène") ?? false })
      #expect(!project.needs.contains { $0.theme == "juridique_comptable" })
      #expect(project.decisions.map(\.body) == ["Soutenir le dossier"] && project.tasks.isEmpty)
      #expect(!project.facilitations.contains { $0.type == "mediation" })
    }
  }

  /// A referent has the files of their own territory.
  @Test(arguments: Engine.allCases) func aReferentReadsThoseOfTheirTerritory(_ engine: Engine) async throws {
    try await withHouse(engine) { house async throws in
      let own = try #require(try await house.file(for: house.referent))
      #expect(own.projects.first?.exchanges.count == 3 && own.projects.first?.facilitations.isEmpty ?? false)
      #expect(own.others.isEmpty && own.projects.first?.tasks.isEmpty ?? false)
      #expect(try await house.file(for: house.other) == nil)
      #expect(try await house.file("69", for: house.other) != nil)
    }
  }
}
