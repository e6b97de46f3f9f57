import Foundation
import Store
import TestSupport
import Testing

/// What is exported can be brought back, and nothing changes.
struct RoundTripTests {
  private static let files: [(kind: String, text: String)] = [
    (
      "territoires",
      "code;nom;departement;depuis;jusqua\nest;\"L’Est ; et \"\"plus\"\"\";38;2018-01-01;2019-12-31\nouest;Ouest;38;2020-01-01;\nest;\"L’Est ; et \"\"plus\"\"\";73;2018-01-01;"
    ),
    (
      "structures",
      """
      reference;type;nom;departement;commune;adresse;code_postal;sites;etat;depuis;finess;siret;telephone;courriel;site_web;logiciel;nb_professionnels;nb_medecins;population;communes_couvertures;notes;niveau_logiciel;logiciel_depuis
      S1;msp;"=Maison ""A"" ; l’Œuf";38;Grenoble;"1, rue
      du Pré";38000;Voiron|Le Bourg;contact;2019-02-01;380000018;73282932000074;+33 4 76 00 00 00;A@Exemple.FR;exemple.fr;-Logiciel;12;3;0;38185|38563;"Deux
      lignes";avance;2021-02-03
      S2;cpts;@CPTS;2A;;;;;;;2A0000014;;04 76;;;;;;;;' apostrophe;;
      S3;isole;'=déjà gardé;01;;;;;;;;;;;;;;;;;;;
      """
    ),
    (
      "etats",
      "structure;etat;depuis;jusqua;note\nS1;faisabilite;2020-01-01;2020-12-31;Étude ; rapide\nS1;aci;2022-01-01;;\nS1;sisa;2021-06-01;;=note\nS2;formalisation;01/03/2023;;"
    ),
    (
      "sites",
      """
      structure;commune;nom;adresse;code_postal;principal;depuis;jusqua
      S1;Grenoble;Siège;"1 ; rue
      du Pré";38000;oui;2020-01-01;
      S1;38563;;;;;;2023-12-31
      S2;2A004;=Annexe;;;non;01/02/2022;
      """
    ),
    (
      "effectifs",
      "structure;date;nombre;profession;source\nS1;2022-01-01;12;;Enquête\nS1;2022-01-01;3;Infirmier;=ARS\nS2;01/06/2023;0;;\"Appel ; mail\""
    ),
    ("types", "structure;type;depuis\nS1;esp_clap;2018-01-01\nS1;MSP;01/02/2021\nS2;cpts;2015-01-01"),
    ("personnes", "reference;nom;prenom\nP1;Quintarel;Zoé\nP2;Sorlin;"),
    ("organisations", "reference;nature;nom;departements\nARS;ars;ARS du Sud;38|73"),
    (
      "contacts",
      "organisation;personne;fonction;depuis;jusqua;departements\nARS;P1;direction;2020-01-01;2022-12-31;73|38\nARS du Sud;Zoé Quintarel;elu;;;"
    ),
    (
      "cibles",
      "reference;libelle;mesure;type;base;base_le;valeur;echeance;departement;territoire;source\nC1;=Centres ouverts;ouvertes;cds;41;31/12/2020;54;2026-12-31;;;Plan\n;Couverture;part_population;;;;83,8;2026-12-31;;est;"
    ),
    (
      "echanges",
      """
      date;canal;structures;organisations;personnes;themes;nature;objet;duree_minutes;auteur;nouvelle_equipe;reference
      2024-01-02;telephone;S2|S1;"ARS ; ARA|CPAM";"Zoé ""Z"" Quintarel";covid|cpts;gestion;"=Objet
      en deux lignes";0;+Auteur;oui;E1
      2024-01-02;visio;S1;;;;;Sans référence;;;non;
      2024-01-02;visio;S1;;;;;Sans référence;;;non;
      2024-01-03;visite;;;;;;;1440;;;E2
      """
    ),
  ]

  @Test(arguments: Engine.allCases) func anExportComesBackUnchanged(_ engine: Engine) async throws {
    let program = try await Program.ready(engine)
    for (kind, text) in Self.files {
      let answer = try await program.run("import", kind, try file(text), "--json").importAnswer()
      #expect(answer.refused.isEmpty && answer.created > 0, "\(kind) \(answer.refused)")
    }
    for (kind, text) in Self.files {
      let first = try await program.run("export", kind)
      #expect(first.status == 0 && first.output.prefix(3) == Data([0xEF, 0xBB, 0xBF]), "\(kind)")
      let path = try file(first.output)
      let answer = try await program.run("import", kind, path, "--json").importAnswer()
      #expect(answer.created == 0 && answer.changed == 0 && answer.refused.isEmpty, "\(kind) \(answer)")
      #expect(answer.unchanged > 0, "\(kind)")
      #expect(try await program.run("export", kind).output == first.output, "\(kind)")
      let source = try await program.run("import", kind, try file(text), "--json").importAnswer()
      #expect(source.created == 0 && source.changed == 0, "\(kind) \(source)")
    }
    #expect(try await program.run("check").status == 0)
  }

  /// From one engine to the other by files alone.
  @Test(arguments: Engine.allCases) func anotherDatabaseTakesTheExportsAsTheyAre(_ engine: Engine) async throws {
    let program = try await Program.ready(engine)
    for (kind, text) in Self.files { _ = try await program.run("import", kind, try file(text)) }
    let other = try await Program.ready(engine == .sqlite ? .postgres : .sqlite)
    for (kind, _) in Self.files {
      let export = try await program.run("export", kind).output
      let answer = try await other.run("import", kind, try file(export), "--json").importAnswer()
      #expect(answer.refused.isEmpty && answer.created > 0, "\(kind) \(answer.refused)")
      #expect(try await other.run("export", kind).output == export, "\(kind)")
    }
  }

  @Test func anExportIsWrittenWhereItIsAsked() async throws {
    let program = try await Program.ready(.sqlite)
    _ = try await program.run("import", "structures", try file("reference;type;nom;departement\nS1;msp;a;38\n"))
    let path = try temporaryFolder().appending(path: "structures.csv").path
    let run = try await program.run("export", "structures", "--output", path)
    #expect(run.status == 0 && run.output.isEmpty && run.errors.isEmpty)
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == (try await program.run("export", "structures").output))
    for bad in ["/proc/rien/x.csv", "/"] {
      let refused = try await program.run("export", "structures", "--output", bad)
      #expect(refused.isRefusal, "\(refused.errors)")
    }
    #expect(try await program.run("export", "chats").isRefusal)
  }
}
