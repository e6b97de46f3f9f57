import Foundation
import Records
import Store
import TestSupport
import Testing

@testable import Federation

/// DIR-06, R16: targets beside what is there, on any day.
@Suite struct TargetsTests {
  private static let targets = """
    reference;libelle;mesure;type;base;base_le;valeur;echeance;departement;territoire;source
    CDS;Centres de santé;ouvertes;cds;;;54;2023-12-31;;;Plan régional
    MSP;Maisons de santé;ouvertes;MSP;140;2020-12-31;177;2023-12-31;;;
    ESP;Équipes de soins primaires;Structures ouvertes ou en projet;esp;;;80;2022-12-31;;;
    PLUS;Maisons de plus;croissance;msp;;2015-12-31;40;2023-12-31;Moselle;;
    COM;Communes;part_communes;;41,2 %;2019-12-31;55,9;2023-12-31;;;
    POP;Habitants;part_population;cpts;;;100;2023-12-31;57;;
    """

  private func sample(_ name: String) throws -> String {
    try String(contentsOf: TestDatabases.root.appending(path: "samples/grand-est-2021/\(name).csv"), encoding: .utf8)
  }

  private func progress(_ world: Installation, _ day: String) async throws -> [String: TargetProgress] {
    let period = Period(asOf: try #require(CivilDate(iso: day)))
    return try await world.database.read { [registry = world.model.figures] connection in
      let all = try TargetProgress.all(period, registry, connection)
      return Dictionary(uniqueKeysWithValues: all.map { ($0.target.label, $0) })
    }
  }

  /// The numbers that the federation of Grand Est printed.
  @Test(arguments: Engine.allCases) func grandEstBesideItsTargets(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      try await world.settings.set("departements", to: "08 10 51 52 54 55 57 67 68 88")
      #expect(try await world.bring("structures", sample("structures")).refused.isEmpty)
      #expect(try await world.bring("etats", sample("etats")).refused.isEmpty)
      let brought = try await world.bring("cibles", Self.targets)
      #expect(brought.created == 6 && brought.refused.isEmpty, "\(brought.refused)")
      let found = try await progress(world, "2021-12-31")
      let centres = try #require(found["Centres de santé"])
      #expect(centres.open?.value.value == 45 && centres.planned?.value.value == 8)
      #expect(centres.missing == 90 && centres.missingWithPlans == 10)
      let houses = try #require(found["Maisons de santé"])
      #expect(houses.present.value.value == 153 && houses.planned?.value.value == 54 && houses.target.base == 1_400)
      #expect(houses.missing == 240 && houses.missingWithPlans == 0)
      let teams = try #require(found["Équipes de soins primaires"])
      #expect(teams.present.value.value == 78 && teams.open?.value.value == 25 && teams.planned?.value.value == 53)
      #expect(teams.missing == 20 && teams.reachedWithPlans == nil)
      // How many more, in one département, than on the day of the base.
      let more = try #require(found["Maisons de plus"])
      let (now, then) = (try #require(more.present.value.value), try #require(more.countedBase?.value.value))
      #expect(more.target.area?.name == "Moselle" && more.reached == (now - then) * 10 && now > then)
      let communes = try #require(found["Communes"])
      #expect(communes.present.value.value == 0 && communes.target.goal == 559 && communes.target.base == 412 && communes.missing == 559)
      #expect(try #require(found["Habitants"]).missing == 1_000)
      // Each number is the number of the records that its list shows.
      for one in found.values {
        for count in [one.present, one.open, one.planned, one.countedBase].compactMap(\.self) where count.value.share == nil {
          let records = try await world.database.read { try count.query.records($0)[[]] ?? [] }
          #expect(records.count == count.value.value, "\(one.target.label)")
        }
      }
      // What a federation calls open is its own.
      try await world.settings.set("cibles_ouvertes", to: "aci fonctionnement")
      let strict = try #require(try await progress(world, "2021-12-31")["Maisons de santé"])
      #expect(strict.present.value.value == 130 && strict.planned?.value.value == 77)
      await #expect(throws: Refusal.self) { try await world.settings.set("cibles_ouvertes", to: "clos") }
      let faults = try await world.database.read { [model = world.model] in try model.faults($0, today: .lastDay(of: 2022)) }
      #expect(faults.isEmpty)
    }
  }

  @Test(arguments: Engine.allCases) func theSampleOfGrandEst(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      for kind in ["structures", "etats", "cibles"] { #expect(try await world.bring(kind, sample(kind)).refused.isEmpty, "\(kind)") }
      let found = try await progress(world, "2021-12-31")
      let missing = found.mapValues { [$0.missing, $0.missingWithPlans] }
      #expect(missing["Centres de santé ouverts"] == [90, 10] && missing["Maisons de santé ouvertes"] == [240, 0])
      // No département of the federation's own, so nobody to cover.
      #expect(missing["Habitants couverts par une CPTS"] == [nil, nil])
    }
  }

  /// A year whose numbers were taken over whole, or by type, has no situations to add up; and before the first record nobody counted.
  @Test(arguments: Engine.allCases) func whatNobodyCountedIsNotNothing(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      try await world.bring(
        "structures",
        """
        reference;type;nom;departement;etat;depuis
        M1;msp;Maison;38;ouverte;2020-03-01
        C1;cds;Centre;38;ouverte;2021-06-01
        """)
      let series = "figure;periode;valeur;source;dimensions\nstructures.count;2019;45;R19;\nstructures.count;2020;30;R20;type=cds\n"
      #expect(try await world.bring("series", series).created == 2)
      let targets = """
        libelle;mesure;type;base;base_le;valeur;echeance;departement
        Toutes;ouvertes;;;;60;2023-12-31;
        Centres;ouvertes;cds;;;54;2023-12-31;
        Isère;ouvertes_projet;cds;;;5;2023-12-31;38
        Maisons;ouvertes;msp;;;4;2023-12-31;
        Comptée;croissance;cds;;2018-12-31;3;2023-12-31;
        Déclarée;croissance;msp;0;2020-12-31;3;2023-12-31;
        """
      #expect(try await world.bring("cibles", targets).created == 6)
      func missing(_ day: String) async throws -> [String: Int] { try await progress(world, day).compactMapValues(\.missing) }
      #expect(try await missing("2018-12-31").isEmpty)
      let whole = try await progress(world, "2019-12-31")
      #expect(whole.values.allSatisfy { $0.missing == nil && $0.present.value.value == nil && $0.open?.value.value == nil })
      // Of the houses all is known, the centres of the region were taken over.
      #expect(try await missing("2020-12-31") == ["Maisons": 30, "Déclarée": 20])
      // The growth of centres has no base, that of houses begins at the end of the year.
      #expect(try await missing("2020-06-30") == ["Toutes": 590, "Centres": 540, "Isère": 50, "Maisons": 30])
      let now = try await progress(world, "2021-12-31")
      #expect(now["Centres"]?.missing == 530 && now["Isère"]?.present.value.value == 1 && now["Toutes"]?.missing == 580)
      let growth = try #require(now["Comptée"])
      #expect(growth.present.value.value == 1 && growth.countedBase?.value.value == nil && growth.missing == nil)
    }
  }

  @Test(arguments: Engine.allCases) func coverageIsThatOfTheArea(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      try await world.settings.set("departements", to: "38 73")
      try await world.bring(
        "structures", "reference;type;nom;departement;etat;depuis;communes_couvertures\nC1;cpts;CPTS;38;ouverte;2020-01-01;38185|73065\n")
      try await world.bring("territoires", "code;nom;departement;depuis\nest;Est;73;2018-01-01\n")
      try await world.bring(
        "cibles",
        """
        libelle;mesure;valeur;echeance;departement;territoire;base_le
        Isère;part_population;50;2023-12-31;38;;
        Est;part_communes;100;2023-12-31;;Est;2019-12-31
        Tout;part_population;100;2023-12-31;;;
        """)
      let found = try await progress(world, "2021-12-31")
      for (label, figure, filters) in [
        ("Isère", "coverage.population_share", [("departement", "38")]), ("Est", "coverage.communes_share", [("territoire", "est")]),
        ("Tout", "coverage.population_share", []),
      ] {
        let value = try await world.values(figure, Period(asOf: try #require(CivilDate(iso: "2021-12-31"))), where: filters)[""]
        #expect(found[label]?.present.value.value == value && (value ?? 0) > 0, "\(label)")
      }
      #expect(found["Est"]?.countedBase?.value.value == 0 && found["Est"]?.present.value.share?.numerator == 1)
      #expect(try await progress(world, "2019-12-31")["Tout"]?.present.value.value == 0)
    }
  }

  @Test(arguments: Engine.allCases) func targetsGoOutComeBackAndAreUndone(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      try await world.bring("cibles", Self.targets)
      let file = try await world.take("cibles")
      #expect(file.contains("41,2") && file.contains("CDS"))
      let again = try await world.bring("cibles", file)
      #expect(again.unchanged == 6 && again.created == 0 && again.changed == 0 && again.refused.isEmpty, "\(again)")
      let change = try await world.bring("cibles", "reference;libelle;mesure;valeur;echeance\nCDS;Centres;ouvertes;60;2024-12-31\n")
      #expect(change.changed == 1)
      _ = try await world.importer.undo(try #require(change.importID), world.model.kinds)
      #expect(try await world.take("cibles") == file)
    }
  }

  @Test(arguments: Engine.allCases) func whatMakesNoSenseIsRefused(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      let outcome = try await world.bring(
        "cibles",
        """
        libelle;mesure;type;base;base_le;valeur;echeance;departement;territoire
        Sans mesure;;cds;;;54;2023-12-31;;
        Finie avant;ouvertes;cds;;2023-12-31;54;2022-12-31;;
        Trop;part_population;;;;100,1;2023-12-31;;
        Négative;ouvertes;cds;;;-3;2023-12-31;;
        Demie;ouvertes;cds;;;3,5;2023-12-31;;
        Sans jour;ouvertes;cds;12;;30;2023-12-31;;
        Croissance;croissance;msp;;;30;2023-12-31;;
        Qui couvre;part_communes;msp;;;30;2023-12-31;;
        Isolé;ouvertes;isole;;;30;2023-12-31;;
        Sans échéance;ouvertes;msp;;;30;;;
        Ailleurs;ouvertes;msp;;;30;2023-12-31;Atlantide;Lune
        Centième;part_communes;;;;30,25;2023-12-31;;
        Rien;ouvertes;msp;;;0;2023-12-31;;
        """)
      #expect(outcome.created == 0)
      #expect(
        outcome.refused.map { "\($0.line) \($0.fault.column)" } == [
          "2 mesure", "3 echeance", "4 valeur", "5 valeur", "6 valeur", "7 base_le", "8 base_le", "9 type", "10 type", "11 echeance",
          "12 departement", "12 territoire", "13 valeur", "14 valeur",
        ])
      #expect(outcome.refused.first { $0.line == 4 }?.fault.reason == "une part ne dépasse pas 100 %")
      try await world.bring("territoires", "code;nom;departement;depuis\nest;Est;73;2018-01-01\n")
      let both = try await world.bring(
        "cibles", "libelle;mesure;valeur;echeance;departement;territoire\nDeux;ouvertes;5;2023-12-31;73;est\n")
      #expect(both.refused.map(\.fault.column) == ["territoire"])
    }
  }
}
