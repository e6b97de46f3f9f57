import Foundation
import Records
import Store
import TestSupport
import Testing

@testable import Federation

/// The register, consents, and whose time is over.
@Suite struct PersonalDataTests {
  private func withWorld(_ engine: Engine, _ body: (Installation) async throws -> Void) async throws {
    try await withInstallation(engine, now: { Self.now }) { world async throws in
      try await world.bring("structures", "reference;type;nom;departement\nM1;msp;MSP Une;38\n")
      try await world.bring(
        "personnes", "reference;nom\nP1;Ancienne\nP2;Fidèle\nP3;Bavarde\nP4;Nouvelle\nP5;Muette\nP6;Limite\n")
      try await body(world)
    }
  }

  private static let now: Date = (try? Instant(sqlValue: .text("2026-11-22T09:00:00.000Z")))?.date ?? Date()

  @Test(arguments: Engine.allCases)
  func whoeverHasBeenSilentForThreeYearsIsDueThisQuarter(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      try await world.bring(
        "fonctions",
        """
        personne;structure;fonction;depuis;jusqua
        P1;M1;membre;2015-01-01;2021-06-30
        P2;M1;membre;2015-01-01;
        P3;M1;membre;2015-01-01;2021-06-30
        P5;M1;membre;2015-01-01;2021-06-30
        P6;M1;membre;2015-01-01;2023-12-31

        """)
      try await world.bring(
        "echanges",
        "date;canal;personnes\n2020-01-01;visio;P1\n2025-02-01;telephone;P3\n2022-05-04;visio;P5\n2021-01-01;visio;P4\n")
      let today = try #require(CivilDate(iso: "2026-11-22"))
      let due = try #require(try await world.database.read { try Retention(on: today, $0) })
      #expect(due.months == 36 && due.through == CivilDate(iso: "2026-12-31"))
      // Nobody who holds a function or was heard from; who only entered yesterday has time.
      #expect(due.rows.map(\.name) == ["Nouvelle", "Ancienne", "Muette", "Limite"])
      #expect(due.rows.map(\.due.description) == ["2024-01-01", "2024-06-30", "2025-05-04", "2026-12-31"])
      let earlier = try await world.database.read { try Retention(on: .firstDay(of: 2026), $0)?.rows.map(\.name) }
      #expect(earlier == ["Nouvelle", "Ancienne", "Muette"])
      // The months are the register's.
      let register = try await world.take("finalites")
      #expect(try await world.bring("finalites", register.replacing(";36;", with: ";60;")).changed == 1)
      let later = try await world.database.read { try Retention(on: today, $0)?.rows.map(\.name) }
      #expect(later == ["Nouvelle", "Ancienne"])
      // Whoever asked again is heard from.
      let asked = "reference;recu_le;canal;nom;commune;personne\nPC1;2026-02-01;telephone;Ancienne;38185;P1\n"
      #expect(try await world.bring("premiers_contacts", asked).created == 1)
      #expect(try await world.database.read { try Retention(on: today, $0)?.rows.map(\.name) } == ["Nouvelle"])
      // A consent, or an account that is open, is a sign of life.
      try await world.bring(
        "consentements", "personne;finalite;donne_le;recueil;texte\nP1;lettres;2026-01-05;courriel;J’accepte\n")
      try await world.bring("personnes", "reference;nom;courriel\nP4;Nouvelle;nouvelle@exemple.fr\n")
      _ = try await world.accounts.create(email: "nouvelle@exemple.fr", name: "N", role: .expert, password: "un mot de passe")
      #expect(try await world.database.read { try Retention(on: today, $0)?.rows.isEmpty } == true)
    }
  }

  /// A request that led nowhere has its time as well; what became a person or a team goes with them.
  @Test(arguments: Engine.allCases)
  func requestsThatLedNowhereAreErasedInTheirQuarter(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      let direction = try await world.accounts.create(
        email: "odile@exemple.fr", name: "Odile", role: .direction, password: "un mot de passe")
      let claire = try await world.accounts.create(
        email: "claire@exemple.fr", name: "Claire", role: .chargeMission, password: "un mot de passe")
      try await world.bring("structures", "reference;type;nom;departement\nM1;msp;Une;38\n")
      try await world.bring("personnes", "reference;nom;courriel\nP1;Connue;connue@exemple.fr\n")
      let asked = """
        reference;recu_le;canal;nom;prenom;courriel;telephone;commune;demande;etat;repondu_le;reponse;personne;structure
        PC1;2025-01-10;formulaire;Zorbelin;Solène;zorbelin@exemple.fr;0476554433;38185;Zorbelin cherche;sans_suite;2025-02-10;Écrit à Zorbelin;;
        PC2;2025-01-10;telephone;Connue;;;;;;oriente;;;P1;
        PC3;2025-01-10;telephone;Enéquipe;;;;;;projet;;;;M1
        PC4;2025-01-10;telephone;Réponse;;;;;;sans_suite;2026-02-01;;;
        PC5;2025-12-31;telephone;Quelconque;;connue@exemple.fr;;;;a_traiter;;;;
        PC6;2026-01-01;telephone;Récente;;;;;;a_traiter;;;;

        """
      let outcome = try await world.bring("premiers_contacts", asked)
      #expect(outcome.created == 6, "\(outcome)")
      let first: Int64? = try await world.database.read { try $0.value("SELECT id FROM first_contact WHERE reference = 'PC1'") }
      let contact = try #require(first)
      _ = try await world.comments(of: claire).write(world.ids.next(), on: contact, of: "premiers_contacts", "Zorbelin a rappelé")
      try await world.database.write { [outbox = world.outbox] connection in
        for address in ["zorbelin@exemple.fr", "connue@exemple.fr"] {
          _ = try outbox.post(OutgoingMail(to: [.init(address)], subject: "Reçu", text: "Bonjour \(address)"), as: .notice, connection)
        }
      }
      let today = try #require(CivilDate(iso: "2026-11-22"))
      func due() async throws -> [String] {
        try await world.database.read { try FirstContactRetention(on: today, $0)?.rows.map(\.name) ?? [] }
      }
      #expect(try await due() == ["Solène Zorbelin", "Quelconque"])
      let rows = try await world.database.read { try FirstContactRetention(on: today, $0)?.rows ?? [] }
      #expect(rows.map(\.due.description) == ["2026-02-10", "2026-12-31"])
      let before = try await world.values("first_contacts.count", Period(year: 2025))
      let desk = PersonalDataDesk(world, actor: direction)
      let ids = rows.map(\.id)
      await #expect(throws: FieldRefusal.self) { try await desk.erase(ids, confirmedBy: "oui") }
      await #expect(throws: Refusal.self) { try await PersonalDataDesk(world, actor: claire).erase(ids, confirmedBy: "anonymiser") }
      let recent: Int64? = try await world.database.read { try $0.value("SELECT id FROM first_contact WHERE reference = 'PC6'") }
      await #expect(throws: Refusal.self) {
        try await desk.erase(ids + [Identifier(rawValue: try #require(recent))], confirmedBy: "anonymiser")
      }
      #expect(try await due().count == 2)
      try await desk.erase(ids, confirmedBy: "anonymiser")
      #expect(try await due().isEmpty)
      #expect(try await world.values("first_contacts.count", Period(year: 2025)) == before)
      let file = FileManager.default.temporaryDirectory.appending(path: "demandes-\(UUID().uuidString).jsonl")
      defer { try? FileManager.default.removeItem(at: file) }
      _ = try await world.model.backUp(world.database, to: file)
      let kept = Fold.key(String(decoding: try Data(contentsOf: file), as: UTF8.self))
      for secret in ["zorbelin", "0476554433", "quelconque"] { #expect(!kept.contains(secret), "\(secret)") }
      // Somebody of the directory has the address: messages to them are theirs.
      #expect(kept.contains("bonjour connue@exemple.fr") && kept.contains("demande anonymisee"))
      let faults = try await world.database.read { [model = world.model] in try model.faults($0, today: today) }
      #expect(faults.isEmpty)
    }
  }

  @Test(arguments: Engine.allCases)
  func theRegisterComesWithTheDatabaseAndIsTheFederations(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      let sheets = try await world.database.read { try Processing.all($0) }
      #expect(
        sheets.map(\.code).sorted() == [
          "annuaire", "benevolat", "commentaires", "comptes", "courriels", "courriels_listes", "courriels_recus", "frais",
          "premiers_contacts",
          "publication",
          "rapport",
        ])
      let file = try await world.take("finalites")
      let outcome = try await world.bring("finalites", file)
      #expect(outcome.unchanged == 11, "\(outcome)")
      // A sheet that was thrown away does not come back by itself.
      let editor = world.editor(
        of: ProcessingRecords(),
        for: try await world.accounts.create(email: "o@exemple.fr", name: "Odile", role: .direction, password: "un mot de passe"))
      _ = try await editor.remove(try #require(sheets.first { $0.code == "courriels" }).id.rawValue)
      _ = try await world.model.migrate(world.database)
      #expect(try await world.database.read { try Processing.all($0).count } == 10)
    }
  }

  @Test(arguments: Engine.allCases)
  func aConsentIsGivenForAPurposeAndTakenBack(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      let header = "personne;finalite;donne_le;recueil;texte;champs;retire_le\n"
      let good = "P1;publication;2026-01-02;courriel;J’accepte;nom|photo;\nP1;lettres;2026-01-02;oral;La lettre;;2026-05-01\n"
      #expect(try await world.bring("consentements", header + good).created == 2)
      let file = try await world.take("consentements")
      #expect(try await world.bring("consentements", file).unchanged == 2)
      let person: Identifier<Person>? = try await world.database.read { try $0.value("SELECT id FROM person WHERE reference = 'P1'") }
      let id = try #require(person)
      func published(_ day: String) async throws -> Set<String> {
        let day = try #require(CivilDate(iso: day))
        return try await world.database.read { try Consent.published(of: id, on: day, $0) }
      }
      #expect(try await published("2026-01-01").isEmpty)
      #expect(try await published("2026-01-02") == ["nom", "photo"])
      _ = try await world.bring("consentements", header + "P1;publication;2026-01-02;;;;2026-06-01\n")
      #expect(try await published("2026-05-31") == ["nom", "photo"])
      #expect(try await published("2026-06-01").isEmpty)
      for (line, column) in [
        ("P1;publication;2026-02-02;courriel;J’accepte;;", "champs"), ("P1;lettres;2026-02-02;courriel;J’accepte;nom;", "champs"),
        ("P1;lettres;2026-12-02;courriel;J’accepte;;", "donne_le"), ("P1;lettres;2026-02-02;courriel;J’accepte;;2026-02-01", "retire_le"),
        ("P1;lettres;2026-02-02;courriel;;;", "texte"), ("P9;lettres;2026-02-02;courriel;Oui;;", "personne"),
      ] {
        let outcome = try await world.bring("consentements", header + line + "\n")
        #expect(outcome.refused.map(\.fault.column) == [column], "\(line)")
      }
    }
  }
}
