import Records
import Store
import TestSupport
import Testing

@testable import Federation

/// What is found by words, by codes and by numbers, in which order, and by whom: the same on both engines.
@Suite struct SearchTests {
  private static let structures = """
    reference;type;nom;departement;commune;etat;depuis;finess;siret;telephone;courriel
    S-0001;msp;Maison de santé de l’Œillet;69;Tarare;ouverte;2020-01-01;FINESS;732 829 320 00074;04 74 05 12 34;accueil@oeillet.exemple
    S-0002;cpts;CPTS Bièvre;38;Voiron;ecriture;2024-05-01;;;+33 4 76 05 00 00;
    S-0003;esp;Tarare soins;69;Givors;contact;2025-03-01;;;;
    S-0004;msp;Ancienne maison;69;Tarare;fermee;2025-01-01;;;;
    S-0005;cds;Centre Saint-Martin 100 %;01;Belley;ouverte;2021-06-01;;;;
    S-0006;isole;Cabinet de la Bièvre;38;Voiron;;;;;;

    """
  private static let people = """
    reference;nom;prenom;profession;commune;courriel;telephone
    P1;Tarare;Zoé;infirmier;Grenoble;zoe.tarare@exemple.fr;06.11.22.33.44
    P2;Aubert;Noémie;medecin_generaliste;Tarare;;0033 4 76 99 88 77

    """
  private static let organisations = "reference;nature;nom;commune\nO1;ars;Agence régionale de santé;Lyon\n"
  private static let exchanges = """
    date;canal;structures;objet;reference
    2026-02-03;telephone;S-0002;Accès aux soins;E1
    2025-03-04;courriel;S-0001;Étapes de création de la maison;E2
    2026-03-05;visite;;Sans équipe;E3

    """
  private static let tasks = """
    titre;echeance;structure;affectee_a;etat;reference
    Rappeler pour les soins;2026-12-01;S-0001;camille@exemple.fr;;T1
    Classer les soins;2026-01-01;;quelqu’un;faite;T2

    """

  private func account(_ role: Role, territory: String? = nil) -> Account {
    Account(id: Identifier(rawValue: 1), email: "camille@exemple.fr", name: "Camille", role: role, territory: territory)
  }

  private func withWorld(_ engine: Engine, _ body: (Installation) async throws -> Void) async throws {
    try await withInstallation(engine) { world async throws in
      try await world.bring("territoires", "code;nom;departement;depuis\nest;Est des Alpes;38;2020-01-01\n")
      #expect(try await world.bring("structures", Self.structures.replacing("FINESS", with: "690000120")).created == 6)
      #expect(try await world.bring("personnes", Self.people).created == 2)
      #expect(try await world.bring("organisations", Self.organisations).created == 1)
      #expect(try await world.bring("echanges", Self.exchanges).created == 3)
      #expect(try await world.bring("taches", Self.tasks).created == 2)
      try await body(world)
    }
  }

  private func results(
    _ words: String, _ world: Installation, for reader: Account? = nil, limit: Int = 5
  ) async throws -> SearchResults {
    let (query, reader, today) = (SearchQuery(words), reader ?? account(.direction), CivilDate(iso: "2026-11-21") ?? .distantPast)
    return try await world.database.read { try SearchResults(query, for: reader, on: today, limit: limit, $0) }
  }

  /// « structures: A, B » for each kind, in order.
  private func titles(_ words: String, _ world: Installation, for reader: Account? = nil) async throws -> [String: [String]] {
    let found = try await results(words, world, for: reader).groups.map { ($0.kind.rawValue, $0.hits.map(\.title)) }
    return Dictionary(uniqueKeysWithValues: found)
  }

  @Test(arguments: Engine.allCases) func facilitationsAreFoundByTheirWordsAndTheirTeams(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      try await world.bring(
        "facilitations",
        """
        reference;demandee_le;besoin;structures;type_facilitation
        F1;2026-03-01;Rédiger une charte;S-0002;conseil_juridique
        F2;2026-04-01;Choisir un logiciel;S-0001;si_choix

        """)
      #expect(try await titles("charte", world)["facilitations"] == ["conseil_juridique"])
      #expect(try await titles("oeillet", world)["facilitations"] == ["si_choix"])
      #expect(try await titles("F2", world)["facilitations"] == ["si_choix"])
      #expect(try await titles("charte", world, for: account(.communication))["facilitations"] == nil)
      #expect(try await titles("charte", world, for: account(.facilitateur)).isEmpty)
    }
  }

  @Test(arguments: Engine.allCases)
  func wordsInAnyOrderEvenUnfinished(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      // What is done with the team is found by the team.
      let house = [
        "structures": ["Maison de santé de l’Œillet"], "echanges": ["Étapes de création de la maison"],
        "taches": ["Rappeler pour les soins"],
      ]
      for words in ["oeillet sante mais", "ŒILLET", "l’oeillet", "l'œillet maison", "maison sante tarare oei", "oeillet"] {
        #expect(try await titles(words, world) == house, "\(words)")
      }
      #expect(try await titles("st martin", world)["structures"] == ["Centre Saint-Martin 100 %"])
      #expect(try await titles("alpes est", world) == ["territoires": ["Est des Alpes"]])
      for nothing in ["zzz", "%", "_", "🩺", "", "   ", "œillet zzz", String(repeating: "a", count: 10_000), "\u{202E}", "'; DROP TABLE"] {
        #expect(try await titles(nothing, world).isEmpty, "\(nothing.prefix(20))")
      }
    }
  }

  @Test(arguments: Engine.allCases)
  func whatBeginsWithTheWordsStandsFirst(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      let found = try await results("tarare", world)
      let structures = try #require(found.groups.first { $0.kind == .structures })
      #expect(structures.hits.map(\.title) == ["Tarare soins", "Ancienne maison", "Maison de santé de l’Œillet"])
      #expect(structures.total == 3 && structures.count("liste") == 2 && structures.count("fermee") == 1)
      #expect(found.groups.first { $0.kind == .people }?.hits.map(\.title) == ["Zoé Tarare", "Noémie Aubert"])
      #expect(found.groups.first { $0.kind == .people }?.hits.map(\.detail) == ["Grenoble", "Tarare"])
      #expect(try await results("bievre", world).groups.first { $0.kind == .structures }?.count("isole") == 1)
      // The latest exchange first; what is left to do before what is done.
      #expect(try await titles("soins", world)["taches"] == ["Rappeler pour les soins", "Classer les soins"])
      let exchanges = try #require(try await results("e", world).groups.first { $0.kind == .exchanges })
      #expect(exchanges.hits.map(\.mark) == ["2026-03-05", "2026-02-03", "2025-03-04"])
      #expect(exchanges.count("2026") == 2 && exchanges.count("2025") == 1)
      #expect(try await results("s", world, limit: 2).groups.first?.hits.count == 2)
    }
  }

  /// A word of very many teams: their exchanges are not all looked into, which is said.
  @Test(arguments: Engine.allCases)
  func whatWasNotLookedIntoIsSaid(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      let teams = (0..<40).map { "Z\($0);msp;Zénith \($0);38" }.joined(separator: "\n")
      try await world.bring("structures", "reference;type;nom;departement\n\(teams)\n")
      try await world.bring("echanges", "date;canal;structures;reference\n2026-01-05;visio;Z0;EZ0\n2026-01-06;visio;Z39;EZ39\n")
      let groups = try await results("zenith", world).groups
      #expect(groups.first { $0.kind == .structures }.map { $0.total == 40 && !$0.isCut } == true)
      #expect(groups.first { $0.kind == .exchanges }?.isCut == true && groups.first { $0.kind == .tasks }?.isCut == true)
      let one = try await results("zenith 39", world).groups
      #expect(one.first { $0.kind == .exchanges }.map { $0.total == 1 && !$0.isCut } == true)
    }
  }

  @Test(arguments: Engine.allCases)
  func codesAndNumbersInAnySpelling(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      for (typed, title) in [
        ("690000120", "Maison de santé de l’Œillet"), ("69 000 012 0", "Maison de santé de l’Œillet"),
        ("73282932000074", "Maison de santé de l’Œillet"), ("732 829 320 00074", "Maison de santé de l’Œillet"),
        ("s0001", "Maison de santé de l’Œillet"), ("S-0001", "Maison de santé de l’Œillet"),
        ("04 74 05 12 34", "Maison de santé de l’Œillet"), ("+33474051234", "Maison de santé de l’Œillet"),
        ("04.76.05.00.00", "CPTS Bièvre"), ("+33 (0)4 76 05 00 00", "CPTS Bièvre"),
        ("accueil@oeillet.exemple", "Maison de santé de l’Œillet"),
        ("38563", "Cabinet de la Bièvre"), ("zoe.tarare@exemple.fr", "Zoé Tarare"), ("0611223344", "Zoé Tarare"),
        ("+33 6 11 22 33 44", "Zoé Tarare"),
        ("04 76 99 88 77", "Noémie Aubert"), ("P2", "Noémie Aubert"), ("O1", "Agence régionale de santé"), ("e3", "Sans équipe"),
      ] {
        let first = try await results(typed, world).groups.compactMap { $0.hits.first(where: \.isExact)?.title }
        #expect(first.first == title, "\(typed)")
      }
      // While one types.
      for (typed, title) in [("0474 05", "Maison de santé de l’Œillet"), ("accueil@oei", "Maison de santé de l’Œillet")] {
        let hits = try await results(typed, world).groups.first?.hits
        #expect(hits?.map(\.title) == [title], "\(typed)")
      }
      // What stands behind the @ is everybody's.
      #expect(try await titles("exemple", world).isEmpty)
    }
  }

  @Test(arguments: Engine.allCases)
  func nobodyFindsWhatTheyMayNotRead(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      for role in Role.allCases {
        let reader = account(role, territory: "est")
        for words in ["s", "soins", "tarare", "sans"] {
          for group in try await results(words, world, for: reader).groups {
            #expect(role.scope(.read, group.kind.area) != .none)
          }
        }
      }
      // The exchange with a team of their territory; no task but their own.
      let referent = account(.referent, territory: "est")
      let found = try await results("soins", world, for: referent)
      #expect(found.groups.first { $0.kind == .exchanges }?.hits.map(\.title) == ["Accès aux soins"])
      #expect(found.groups.first { $0.kind == .exchanges }?.total == 1)
      #expect(!found.groups.contains { $0.kind == .tasks })
      #expect(try await results("oeillet", world, for: referent).groups.map(\.kind) == [.structures])
      #expect(try await results("sans équipe", world, for: referent).groups.isEmpty)
      #expect(try await results("e3", world, for: referent).groups.isEmpty)
      #expect(try await results("maison", world, for: account(.technique)).groups.isEmpty)
    }
  }

  @Test(arguments: Engine.allCases)
  func firstContactsAreFoundByThoseWhoReadThem(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      let file = """
        reference;recu_le;canal;nom;prenom;courriel;commune;demande
        PC1;2025-03-02;formulaire;Barandon;Adèle;adele@exemple.fr;38185;Ouvrir un cabinet
        PC2;2025-04-10;telephone;Barandon;Basile;;69243;

        """
      #expect(try await world.bring("premiers_contacts", file).created == 2)
      let found = try #require(try await results("barandon", world).groups.first)
      #expect(found.kind == .firstContacts && found.total == 2 && found.hits.map(\.title) == ["Basile Barandon", "Adèle Barandon"])
      #expect(found.hits.last?.detail == "Grenoble" && found.hits.last?.mark == "2025-03-02" && found.hits.last?.code == "a_traiter")
      #expect(try await titles("adele@exemple.fr", world) == ["premiers_contacts": ["Adèle Barandon"]])
      #expect(try await titles("ouvrir cabinet", world)["premiers_contacts"] == ["Adèle Barandon"])
      // Whoever looks after a territory finds those of theirs; others none, and no count of them.
      #expect(try await titles("barandon", world, for: account(.referent, territory: "est")) == ["premiers_contacts": ["Adèle Barandon"]])
      #expect(try await results("barandon", world, for: account(.technique)).groups.isEmpty)
    }
  }

  @Test(arguments: Engine.allCases)
  func whatIsFoundFollowsEveryChange(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      let renamed = try await world.bring("structures", "reference;type;nom;departement\nS-0003;esp;Équipe des Érables;69\n")
      #expect(renamed.changed == 1)
      #expect(try await titles("erables", world)["structures"] == ["Équipe des Érables"])
      #expect(try await titles("tarare soins", world)["structures"] == nil)
      _ = try await world.importer.undo(try #require(renamed.importID), world.model.kinds)
      #expect(try await titles("erables", world).isEmpty)
      #expect(try await titles("tarare soins", world)["structures"] == ["Tarare soins"])

      let reader = account(.direction)
      let person = try #require(try await results("aubert", world).groups.first?.hits.first)
      let editor = world.editor(of: PersonRecords(), for: reader)
      #expect(try await editor.remove(person.id))
      #expect(try await titles("aubert", world).isEmpty)
      try await editor.restore(person.id)
      #expect(try await titles("aubert", world) == ["personnes": ["Noémie Aubert"]])

      let brought = try await world.bring("organisations", "reference;nature;nom\nO2;cpam;Caisse des Vignes\n")
      #expect(try await titles("vignes", world) == ["organisations": ["Caisse des Vignes"]])
      _ = try await world.importer.undo(try #require(brought.importID), world.model.kinds)
      #expect(try await titles("vignes", world).isEmpty)
      let left: Int? = try await world.database.read { try $0.value("SELECT count(*) FROM search_word WHERE word = 'vignes'") }
      #expect(left == 0)
    }
  }

  @Test(arguments: Engine.allCases)
  func whatIsStoredIsCheckedAndMended(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      func faults() async throws -> [String] {
        try await world.database.read { [model = world.model] in try model.faults($0, today: .lastDay(of: 2021)) }
      }
      let fault = "Les mots par lesquels on retrouve les fiches ne sont plus à jour."
      #expect(try await faults().isEmpty)
      for damage in [
        "DELETE FROM search_word WHERE word = 'oeillet'",
        "INSERT INTO search_word (kind, word, record) VALUES ('personnes', 'intrus', 7)",
        "UPDATE search_word SET word = 'oeillets' WHERE word = 'oeillet' AND kind = 'structures'",
      ] as [SQL] {
        try await world.database.write { _ = try $0.execute(damage) }
        #expect(try await faults() == [fault])
        _ = try await world.model.migrate(world.database)
        #expect(try await faults().isEmpty)
      }
      #expect(try await titles("oeillet", world)["structures"] == ["Maison de santé de l’Œillet"])
    }
  }

  /// A list asks the same words: what the search counts, it shows.
  @Test(arguments: Engine.allCases)
  func listsFindTheSameRecords(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      let (reader, today) = (account(.direction), try #require(CivilDate(iso: "2026-11-21")))
      let registry = world.model.figures
      for words in ["tarare", "soins", "maison", "04 76 99 88 77", "e", "saint", "bievre", "de", "oeillet maison"] {
        let found = try await results(words, world)
        @Sendable func total(_ kind: SearchResults.Kind, _ share: String) -> Int {
          found.groups.first { $0.kind == kind }?.count(share) ?? 0
        }
        try await world.database.read { connection in
          let teams = try StructureListing(
            FigureQuery(registry.figure("structures.count"), Period(asOf: today)), for: account(.direction), search: words, order: .name,
            descending: false,
            offset: 0, limit: 50, connection)
          #expect(teams.total == total(.structures, "liste"), "\(words)")
          let people = try PersonListing(
            search: words, professions: [], functions: [], on: today, offset: 0, limit: 50, connection)
          #expect(people.total == total(.people, "liste"), "\(words)")
          let partners = try OrganisationListing(search: words, natures: [], offset: 0, limit: 50, connection)
          #expect(partners.total == total(.organisations, "liste"), "\(words)")
          for year in [2025, 2026] {
            let log = try ExchangeListing(
              FigureQuery(registry.figure("contacts.count"), Period(year: year)), for: reader, search: words, order: .date,
              descending: true, offset: 0, limit: 50, connection)
            #expect(log.total == total(.exchanges, String(year)), "\(words) \(year)")
          }
        }
      }
    }
  }
}
