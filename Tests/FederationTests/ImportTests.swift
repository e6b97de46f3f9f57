import Records
import Store
import TestSupport
import Testing

@testable import Federation

/// Files as federations bring them: what is accepted, refused, warned of.
@Suite struct ImportTests {
  private static let teams = "reference;type;nom;departement\nM1;msp;MSP du Val;38\nC1;cpts;CPTS des Cimes;73\n"

  private func refusals(_ outcome: ImportOutcome) -> [String] {
    outcome.refused.map { "\($0.line) \($0.fault.column) \($0.fault.reason)" }
  }

  @Test(arguments: Engine.allCases)
  func columnsAndValuesAreFoundByCodeOrLabel(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      let outcome = try await world.bring(
        "structures",
        """
        Référence,TYPE,Nom,DÉPARTEMENT,Commune,Etat,Depuis,Courriel
        A,MSP,L’Été,isere,grenoble,Projet de santé en écriture,1/9/2021,Accueil@Exemple.FR
        B,Esp-Clap,Sud,1,Bourg en Bresse,,,
        """)
      #expect(refusals(outcome).isEmpty)
      #expect(outcome.created == 2)
      let file = try await world.take("structures")
      #expect(file.contains("A;msp;L’Été;38;38185;;;;ecriture;2021-09-01;;;;accueil@exemple.fr"))
      #expect(file.contains("B;esp_clap;Sud;01;01053"))
    }
  }

  @Test(arguments: Engine.allCases)
  func everyFaultOfALineIsSaidAndNothingIsKept(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      let outcome = try await world.bring(
        "structures",
        """
        reference;type;nom;departement;commune;etat;depuis;finess;siret;courriel;nb_professionnels
        A;msp;Bonne;38;;;;010000024;77220148900022;;3
        B;hopital;;99;Nulle-Part;contact;31/02/2021;010000025;12345;pas une adresse;beaucoup
        A;msp;Encore;38;;;;;;;
        C;esp;Faux départ;38;;faisabilite;2021-01-01;;;;
        D;msp;Sans date;38;;contact;;;;;
        """)
      #expect(outcome.importID == nil)
      #expect(Set(outcome.refused.map(\.line)) == [3, 4, 5, 6])
      let third = outcome.refused.filter { $0.line == 3 }.map(\.fault.column)
      #expect(third == ["type", "departement", "depuis", "finess", "siret", "courriel", "nb_professionnels", "nom", "commune"])
      #expect(refusals(outcome).contains("4 reference déjà donnée à la ligne 2"))
      #expect(refusals(outcome).contains("5 etat l’étape « faisabilite » n’existe pas pour le type « esp »"))
      #expect(refusals(outcome).contains("6 depuis obligatoire quand l’état est donné"))
      #expect(try await world.values("structures.count", Period(year: 2021)) == ["": 0])
    }
  }

  @Test(arguments: Engine.allCases)
  func refusedLinesCanBeLeftOutOnPurpose(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      let outcome = try await world.bring(
        "structures", Self.teams + "X;hopital;Clinique;38\n", ImportOptions(leavesRefused: true))
      #expect(outcome.created == 2 && outcome.refused.count == 1 && outcome.importID != nil)
      #expect(try await world.values("structures.count", Period(year: 2021)) == ["": 2])
    }
  }

  @Test(arguments: Engine.allCases)
  func aDryRunSaysWhatWouldHappenAndWritesNothing(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      try await world.bring("structures", Self.teams)
      let outcome = try await world.bring(
        "structures", "reference;type;nom;departement\nM1;msp;Autre nom;38\nC1;;;\nN;cds;Neuf;38\n", ImportOptions(isDryRun: true))
      #expect(outcome.importID == nil && outcome.refused.isEmpty)
      #expect([outcome.created, outcome.changed, outcome.unchanged] == [1, 1, 1])
      #expect(try await world.take("structures").contains("MSP du Val"))
    }
  }

  @Test(arguments: Engine.allCases)
  func anEmptyCellKeepsTheOldValue(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      try await world.bring("structures", "reference;type;nom;departement;telephone;notes\nM1;msp;MSP du Val;38;04 76 00 00 00;=1+1\n")
      let outcome = try await world.bring("structures", "reference;type;nom;departement;telephone;notes\nM1;;;;;nouvelle\n")
      #expect(outcome.changed == 1)
      #expect(try await world.take("structures").contains("04 76 00 00 00"))
      #expect(try await world.take("structures").contains("nouvelle"))
    }
  }

  @Test(arguments: Engine.allCases)
  func whatIsExportedComesBackUnchanged(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      try await world.bring(
        "structures",
        """
        reference;type;nom;departement;commune;sites;etat;depuis;telephone;communes_couvertures;notes;logiciel
        M1;msp;"MSP ""du Val""; <b>";38;38185;Grenoble|Annexe nord;valide;2021-01-05;+33 4 76 00 00 00;38185|69381;=SOMME(A1);'+33
        C1;cpts;CPTS;73;;;aci;2020-01-01;;;-1;
        """)
      try await world.bring("etats", "structure;etat;depuis;jusqua;note\nM1;sisa;2021-02-01;2022-01-31;à revoir\nM1;aci;2021-03-01;;\n")
      try await world.bring("territoires", "code;nom;departement;depuis;jusqua\nest;Est;38;2020-01-01;2022-12-31\n")
      try await world.bring(
        "echanges",
        """
        date;canal;structures;themes;organisations;personnes;objet;auteur;nouvelle_equipe;reference
        2021-05-04;telephone;C1|M1;cpts|covid;ARS|CPAM;Zoé B.|Alix C.;"deux
        lignes";Claire;oui;E1
        2021-05-04;courriel;M1;;;;;;;
        """)
      for kind in ["structures", "etats", "territoires", "echanges"] {
        let file = try await world.take(kind)
        let outcome = try await world.bring(kind, file)
        #expect(outcome.created == 0 && outcome.changed == 0 && outcome.refused.isEmpty && outcome.unchanged > 0, "\(kind)")
        #expect(try await world.take(kind) == file)
      }
    }
  }

  @Test(arguments: Engine.allCases)
  func aLineWithoutReferenceIsRecognisedTheSecondTime(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      try await world.bring("structures", Self.teams)
      let first = "date;canal;structures;duree_minutes\n2021-05-04;telephone;M1;10\n2021-05-04;telephone;M1;10\n"
      #expect(try await world.bring("echanges", first).created == 2)
      // The same two facts, their columns in another order, and a third one like them.
      let again = try await world.bring(
        "echanges",
        "canal,date,duree_minutes,structures\n"
          + String(repeating: "Telephone,2021-05-04,10,m1\n", count: 3))
      #expect(again.created == 1 && again.unchanged == 2)
      #expect(try await world.values("contacts.count", Period(year: 2021)) == ["": 3])
    }
  }

  @Test(arguments: Engine.allCases)
  func statesWaitForTheirStructures(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      let outcome = try await world.bring("etats", "structure;etat;depuis\nM1;contact;2021-01-01\n")
      #expect(refusals(outcome) == ["2 structure la structure « M1 » est inconnue : vérifiez son nom, ou ajoutez-la d’abord à l’annuaire"])
      try await world.bring("structures", Self.teams)
      #expect(try await world.bring("etats", "structure;etat;depuis\nM1;contact;2021-01-01\n").created == 1)
      let wrong = try await world.bring(
        "etats", "structure;etat;depuis;jusqua\nM1;formalisation;2021-01-01;\nM1;aci;2022-01-01;2021-01-01\n")
      #expect(wrong.refused.map(\.fault.column) == ["etat", "jusqua"])
    }
  }

  @Test(arguments: Engine.allCases)
  func openListsGrowOnlyWhenAsked(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      let file = "date;canal;themes;reference\n2021-01-01;visio;Accès aux soins|cpts;A\n2021-01-02;visio;accès aux SOINS;B\n"
      let refused = try await world.bring("echanges", file)
      #expect(refused.refused.count == 2 && refused.importID == nil)
      #expect(try await world.bring("echanges", file, ImportOptions(createsValues: true)).created == 2)
      #expect(try await world.values("contacts.count", Period(year: 2021), by: ["theme"]) == ["acces_aux_soins": 2, "cpts": 1])
      let closed = try await world.bring("echanges", "date;canal\n2021-01-01;pigeon\n", ImportOptions(createsValues: true))
      #expect(closed.refused.count == 1)
    }
  }

  @Test(arguments: Engine.allCases)
  func whatIsStrangeButPossibleIsWarnedOf(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      let twins = try await world.bring(
        "structures", Self.teams + "M2;msp;msp du val;38\nM3;msp;MSP du Val;73\n")
      #expect(twins.warnings == ["ligne 4 : « msp du val » porte le même nom que M1"])
      let late = try await world.bring("structures", "reference;type;nom;departement\nM4;msp;MSP DU VÁL;38\n")
      #expect(late.warnings.count == 1 && late.created == 1)
      try await world.bring("etats", "structure;etat;depuis\nM1;contact;2021-06-01\n")
      let early = try await world.bring(
        "echanges", "date;canal;structures;auteur;personnes\n2021-01-01;visio;M1;Inconnue;Zoé\n2030-01-01;visio;M1;;\n")
      #expect(early.created == 2)
      #expect(early.warnings.count == 4)
    }
  }

  /// A structure that changed its type keeps the stage that it had under the other one.
  @Test(arguments: Engine.allCases)
  func aStageOfAFormerTypeComesBackUnchanged(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      try await world.bring("structures", "reference;type;nom;departement;etat;depuis\nA;msp;A;38;pre_projet;2020-01-01\n")
      #expect(try await world.bring("structures", "reference;type;nom;departement\nA;esp;;\n").changed == 1)
      for kind in ["structures", "etats"] {
        let again = try await world.bring(kind, try await world.take(kind))
        #expect(again.unchanged == 1 && again.refused.isEmpty, "\(kind) \(again)")
      }
      #expect(
        try await world.bring("structures", "reference;type;nom;departement;etat;depuis\nA;;;;pre_projet;2021-01-01\n").refused.count == 1)
    }
  }

  @Test(arguments: Engine.allCases)
  func aLineFeedIsKeptHoweverItIsWritten(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      try await world.bring(
        "structures", "reference;type;nom;departement;notes\r\nA;msp;A;38;\"Réunion\r\nSuite\rFin\nEncore\r\r\nÉtoile\"\r\n")
      let notes: String? = try await world.database.read { try $0.value("SELECT notes FROM structure") }
      #expect(notes?.unicodeScalars.map(String.init).joined() == "Réunion\nSuite\nFin\nEncore\n\nÉtoile")
      #expect(try await world.bring("structures", try await world.take("structures")).unchanged == 1)
    }
  }

  /// A record in the bin is written by its identifier, and is still meant by it.
  @Test(arguments: Engine.allCases)
  func whatRefersToTheBinComesBackUnchanged(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      try await world.bring("structures", Self.teams)
      try await world.bring("personnes", "reference;nom;structures\nP1;Ferrand;M1|C1\nP2;Reste;C1\n")
      try await world.bring("organisations", "reference;nature;nom\nO1;ars;ARS\n")
      try await world.bring("echanges", "date;canal;structures;personnes;organisations;reference\n2021-05-04;visio;M1|C1;P1;O1;E1\n")
      try await world.bring("taches", "titre;echeance;structure;reference\nRappeler;2021-05-04;M1;T1\n")
      for (table, reference) in [("structure", "M1"), ("person", "P1"), ("organisation", "O1")] {
        let id: Int64? = try await world.database.read {
          try $0.value("SELECT id FROM \(SQL(unsafeText: table)) WHERE reference = \(reference)")
        }
        let (database, ids, now) = (world.database, world.ids, world.now)
        let removed =
          switch table {
          case "structure": try await RecordEditor(StructureRecords(), database, ids: ids, now: now, actor: nil).remove(try #require(id))
          case "person": try await RecordEditor(PersonRecords(), database, ids: ids, now: now, actor: nil).remove(try #require(id))
          default: try await RecordEditor(OrganisationRecords(), database, ids: ids, now: now, actor: nil).remove(try #require(id))
          }
        #expect(removed)
      }
      for kind in ["personnes", "echanges", "taches"] {
        let file = try await world.take(kind)
        let again = try await world.bring(kind, file)
        #expect(again.unchanged == 1 && again.refused.isEmpty && again.warnings.isEmpty, "\(kind) \(again)")
        #expect(try await world.take(kind) == file)
      }
    }
  }

  @Test func fewNamesakesAreNamed() async throws {
    try await withInstallation(.sqlite) { world async throws in
      let lines = (1...6).map { "S\($0);msp;Partout;38\n" }.joined()
      let outcome = try await world.bring("structures", "reference;type;nom;departement\n" + lines)
      #expect(
        outcome.warnings.suffix(3) == [
          "ligne 5 : « Partout » porte le même nom que S1, S2, S3",
          "ligne 6 : « Partout » porte le même nom que S1, S2, S3 et 1 autre",
          "ligne 7 : « Partout » porte le même nom que S1, S2, S3 et 2 autres",
        ])
    }
  }

  @Test func headersThatDoNotFitAreRefusedInOneSentence() async throws {
    try await withInstallation(.sqlite) { world async throws in
      await #expect(throws: Refusal("La colonne obligatoire « nom » manque dans la première ligne du fichier.")) {
        try await world.bring("structures", "reference;type;departement\nA;msp;38\n")
      }
      await #expect(throws: Refusal("La colonne « type » est donnée deux fois.")) {
        try await world.bring("structures", "reference;type;Type;nom;departement\nA;msp;msp;X;38\n")
      }
      let extra = try await world.bring("structures", "reference;type;nom;departement;couleur\nA;msp;X;38;vert\n")
      #expect(extra.warnings == ["la colonne « couleur » est inconnue et n’est pas lue"])
    }
  }

  @Test func namesOfFiveHundredCharactersAreRefused() async throws {
    try await withInstallation(.sqlite) { world async throws in
      let outcome = try await world.bring(
        "structures", "reference;type;nom;departement\nA;msp;\(String(repeating: "é", count: 500));38\n")
      #expect(refusals(outcome) == ["2 nom 500 caractères : 200 au plus"])
    }
  }

  @Test(arguments: Engine.allCases)
  func aCommuneIsFoundByCodeOrByNameInItsDepartment(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      let outcome = try await world.bring(
        "structures",
        """
        reference;type;nom;departement;commune
        A;msp;A;69;Saint Martin en Haut
        B;msp;B;1;1053
        C;msp;C;38;Lyon
        D;msp;D;69;69381
        E;msp;E;38;Grenoble (38185)
        F;msp;F;07;Grenoble (38100)
        """)
      #expect(outcome.created == 0)
      // A postal code is the INSEE code of some other commune.
      #expect(
        refusals(outcome) == [
          "4 commune la commune « Lyon » est inconnue dans le département 38",
          "7 commune la commune « Grenoble (38100) » est inconnue dans le département 07",
        ])
    }
  }
}

/// Taking imports of the domain back, with all that follows from them.
@Suite struct ImportUndoTests {
  @Test(arguments: Engine.allCases)
  func statesAndTerritoriesAreAgainAsTheyWere(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      try await world.bring("structures", "reference;type;nom;departement;etat;depuis\nM1;msp;MSP du Val;38;contact;2020-01-01\n")
      try await world.bring("territoires", "code;nom;departement;depuis\nouest;Ouest;38;2020-01-01\n")
      let year = Period(year: 2021)
      let before = try await world.values("structures.count", year, by: ["etape", "territoire"])
      let files = try await [world.take("structures"), world.take("etats"), world.take("territoires")]
      let imports = [
        try await world.bring(
          "structures", "reference;type;nom;departement;etat;depuis;communes_couvertures\nM1;;Autre;73;ecriture;2020-06-01;73065\n"),
        try await world.bring("etats", "structure;etat;depuis\nM1;valide;2021-01-01\n"),
        try await world.bring("territoires", "code;nom;departement;depuis\nest;Est;38;2021-01-01\nest;Est;73;2020-01-01\n"),
        try await world.bring("echanges", "date;canal;structures\n2021-05-01;visio;M1\n"),
      ]
      #expect(try await world.values("structures.count", year, by: ["etape", "territoire"]) == ["valide est": 1])
      for outcome in imports.reversed() {
        let undone = try await world.importer.undo(try #require(outcome.importID), world.model.kinds)
        #expect(undone.kept.isEmpty, "\(undone.kept)")
      }
      #expect(try await world.values("structures.count", year, by: ["etape", "territoire"]) == before)
      #expect(try await [world.take("structures"), world.take("etats"), world.take("territoires")] == files)
      let faults = try await world.database.read { [model = world.model] in try model.faults($0, today: .lastDay(of: 2021)) }
      #expect(faults.isEmpty)
    }
  }
}
