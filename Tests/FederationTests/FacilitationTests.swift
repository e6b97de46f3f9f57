import Foundation
import Records
import Store
import TestSupport
import Testing

@testable import Federation

/// Facilitations, from the request to the write-up and the figures (FAC-01 to FAC-03, FAC-07, FAC-08; R3 to R6).
@Suite struct FacilitationTests {
  private static let structures = """
    reference;type;nom;departement;etat;depuis
    S1;msp;Les Tilleuls;38;ouverte;2018-01-01
    S2;cpts;Le Plateau;69;ouverte;2018-01-01
    S3;msp;Le Projet;38;ecriture;2018-01-01
    S4;msp;Le Silence;38;ecriture;2018-01-01

    """

  private struct House {
    let world: Installation
    let direction: Account

    var desk: FacilitationDesk { FacilitationDesk(world, actor: direction) }

    func id(_ reference: String) async throws -> Identifier<Facilitation> {
      let id: Identifier<Facilitation>? = try await world.database.read {
        try $0.value("SELECT id FROM facilitation WHERE reference = \(reference)")
      }
      return try #require(id)
    }

    func sheet(_ reference: String) async throws -> FacilitationSheet {
      let id = try await id(reference)
      let today = try #require(CivilDate(iso: "2026-06-01"))
      let sheet = try await world.database.read { [direction] in try FacilitationSheet(id, for: direction, on: today, $0) }
      return try #require(sheet)
    }

    func state(_ reference: String) async throws -> FacilitationState { try await sheet(reference).summary.state }
  }

  private func withHouse(_ engine: Engine, _ body: (House) async throws -> Void) async throws {
    try await withInstallation(engine) { world async throws in
      let direction = try await world.accounts.create(
        email: "odile@exemple.fr", name: "Odile", role: .direction, password: "un mot de passe")
      try await world.bring("structures", Self.structures)
      try await world.bring("territoires", "code;nom;departement;depuis\nest;Est;38;2000-01-01\ncentre;Centre;69;2000-01-01\n")
      try await world.bring("personnes", "reference;nom;prenom\nP1;Quintarel;Zoé\nP2;Lantieri;Hervé\n")
      try await body(House(world: world, direction: direction))
    }
  }

  /// Partners are records or names, follow a merge of theirs, and come back from a file as they went.
  @Test(arguments: Engine.allCases) func partnersTakePart(_ engine: Engine) async throws {
    try await withHouse(engine) { house async throws in
      try await house.world.bring("organisations", "reference;nature;nom\nO1;ars;ARS\nO2;commune;Mairie de Voiron\n")
      let outcome = try await house.world.bring(
        "facilitations", "reference;demandee_le;besoin;partenaires\nF1;2026-01-05;Réunion publique;O1|Mairie de Voiron|Le club\n")
      #expect(outcome.created == 1 && outcome.warnings.contains { $0.contains("Le club") }, "\(outcome)")
      let partners = try await house.sheet("F1").partners
      #expect(partners.map(\.name) == ["ARS", "Le club", "Mairie de Voiron"] && partners.map { $0.id == nil } == [false, true, false])
      let again = try await house.world.bring("facilitations", try await house.world.take("facilitations"))
      #expect(again.unchanged == 1 && again.refused.isEmpty, "\(again)")
    }
  }

  /// Nobody is at two meetings of a day without somebody having thought of it.
  @Test(arguments: Engine.allCases) func twoMeetingsOfADayAreTold(_ engine: Engine) async throws {
    try await withHouse(engine) { house async throws in
      try await house.world.bring("facilitateurs", "personne\nP1\n")
      try await house.world.bring(
        "facilitations",
        "reference;demandee_le;besoin;facilitateurs;date;heure\nF1;2026-10-05;Un besoin;P1;2026-12-04;12:30\nF2;2026-10-06;Autre;P1;;\n")
      let editor = house.world.editor(of: FacilitationRecords(), for: house.direction)
      let id = try await house.id("F2")
      let told = try await editor.save(id.rawValue, entering: ["date": "2026-12-04"], from: 1, heedsWarnings: true)
      guard case .warned(let warnings) = told else { return #expect(Bool(false), "\(told)") }
      #expect(warnings.contains { $0.sentence.contains("Zoé Quintarel a déjà une facilitation ce jour-là à 12:30") }, "\(warnings)")
      #expect(
        try await editor.save(
          id.rawValue, entering: ["date": "2026-12-04"], from: 1, heedsWarnings: true, accepted: Set(warnings.map(\.mark)))
          == .saved(version: 2))
      #expect(try await editor.save(id.rawValue, entering: ["date": "2026-12-05"], from: 2, heedsWarnings: true) == .saved(version: 3))
    }
  }

  /// The state of a request follows from what is known of it, until somebody says that it was held.
  @Test(arguments: Engine.allCases) func itAdvancesByWhatIsKnown(_ engine: Engine) async throws {
    try await withHouse(engine) { house async throws in
      let outcome = try await house.world.bring(
        "facilitations",
        """
        reference;demandee_le;demandeur;structures;type_facilitation;pour;facilitateurs;date;heure;etat;themes;besoin
        F1;2026-01-05;P1;S1;;;;;;;;Statuts
        F2;2026-01-05;Inconnue;S1;conseil_sisa;;;;;;cpts;
        F3;2026-01-05;;S2;reunion_publique;;P2|Inconnu;;;proposee;;
        F4;2026-01-05;;S1;conseil_sisa;;P2;2026-03-01;14h30;;;

        """)
      #expect(outcome.created == 4 && outcome.refused.isEmpty, "\(outcome)")
      let states = [FacilitationState.requested, .qualified, .assigned, .dated]
      for (number, state) in states.enumerated() { #expect(try await house.state("F\(number + 1)") == state) }
      let first = try await house.sheet("F1")
      #expect(first.summary.audience == .msp && first.requester?.name == "Zoé Quintarel" && first.need == "Statuts")
      let second = try await house.sheet("F2")
      #expect(second.summary.family == .advice && second.requester?.name == "Inconnue" && second.themes == ["cpts"])
      #expect(try await house.sheet("F3").summary.audience == .cpts)
      #expect(try await house.sheet("F3").summary.facilitators.map(\.name).sorted() == ["Hervé Lantieri", "Inconnu"])
      #expect(try await house.sheet("F4").summary.time == "14:30")
      let again = try await house.world.bring("facilitations", try await house.world.take("facilitations"))
      #expect(again.unchanged == 4 && again.refused.isEmpty, "\(again)")
    }
  }

  @Test(arguments: Engine.allCases) func badLinesAreRefused(_ engine: Engine) async throws {
    try await withHouse(engine) { house async throws in
      let outcome = try await house.world.bring(
        "facilitations",
        """
        reference;demandee_le;structures;date;heure;duree_minutes;etat;motif;bilan;satisfaction;type_facilitation
        A1;;S1;2999-01-01;;;tenue;;;;
        A2;;S1;;;;tenue;;;;
        A3;;S1;2026-01-02;;0;tenue;;;;
        A4;;S1;2026-01-02;;2400;tenue;;;;
        A5;;S1;;;;annulee;;;;
        A6;;S1;;;;reportee;;;;
        A7;;S1;;;;;;Trop tôt;;
        A8;;S1;2026-01-02;;;tenue;;;6;
        A9;2999-01-01;S1;;;;;;;;
        A10;;S1;;25:00;;;;;;
        A11;;Nulle;;;;;;;;
        A12;;S1;;12:00;;;;;;

        """)
      #expect(outcome.created == 0)
      #expect(
        outcome.refused.map(\.fault.column) == [
          "date", "date", "duree_minutes", "duree_minutes", "motif", "motif", "bilan", "satisfaction", "demandee_le", "heure", "structures",
          "date",
        ], "\(outcome.refused)")
      // A type of one's own needs its family.
      let lone = try await house.world.bring(
        "facilitations", "reference;structures;type_facilitation\nB1;S1;Accueil de stagiaires\n", ImportOptions(createsValues: true))
      #expect(lone.refused.map(\.fault.column) == ["famille"])
      let told = try await house.world.bring(
        "facilitations", "reference;structures;type_facilitation;famille\nB1;S1;Accueil de stagiaires;conseils\n",
        ImportOptions(createsValues: true))
      #expect(told.created == 1)
    }
  }

  @Test(arguments: Engine.allCases) func itIsHeldPutOffAndGivenUp(_ engine: Engine) async throws {
    try await withHouse(engine) { house async throws in
      try await house.world.bring(
        "facilitations", "reference;demandee_le;structures;date;type_facilitation\nF1;2026-01-05;S1;2026-03-01;peps\n")
      let id = try await house.id("F1")
      await #expect(throws: FieldRefusal.self) { try await house.desk.postpone(id, because: " ") }
      try await house.desk.postpone(id, because: "L’équipe attend son ACI.")
      #expect(try await house.state("F1") == .postponed)
      #expect(try await house.sheet("F1").summary.date == nil)
      try await house.desk.cancel(id, because: "Plus besoin")
      #expect(try await house.state("F1") == .cancelled)
      await #expect(throws: Refusal.self) { try await house.desk.cancel(id, because: "Encore") }
      try await house.desk.reopen(id)
      #expect(try await house.state("F1") == .qualified)
      let (past, ahead) = (try #require(CivilDate(iso: "2026-03-01")), try #require(CivilDate(iso: "2998-03-01")))
      await #expect(throws: FieldRefusal.self) { try await house.desk.hold(id, on: ahead, minutes: nil) }
      try await house.desk.hold(id, on: past, minutes: 90)
      let held = try await house.sheet("F1")
      #expect(held.summary.state == .held && held.summary.minutes == 90)
      await #expect(throws: Refusal.self) { try await house.desk.hold(id, on: past, minutes: 90) }
    }
  }

  @Test(arguments: Engine.allCases) func itsNextStepsBecomeTasks(_ engine: Engine) async throws {
    try await withHouse(engine) { house async throws in
      try await house.world.bring("facilitations", "reference;structures;date;etat\nF1;S1;2026-03-01;tenue\nF2;S1;2026-03-01;\n")
      let (id, due) = (try await house.id("F1"), try #require(CivilDate(iso: "2026-12-01")))
      let task = house.world.ids.next(ToDo.self)
      func writeUp(_ text: String, _ title: String = "Rappeler") -> FacilitationDesk.WriteUp {
        .init(
          report: text, minutes: 120, satisfaction: 5, feedback: nil,
          steps: [.init(id: task, title: title, due: due, account: house.direction.id)])
      }
      await #expect(throws: FieldRefusal.self) { try await house.desk.write(writeUp(" "), of: id, from: 1) }
      await #expect(throws: FieldRefusal.self) { try await house.desk.write(writeUp("Bien", " "), of: id, from: 1) }
      await #expect(throws: Refusal.self) { try await house.desk.write(writeUp("Bien"), of: house.id("F2"), from: 1) }
      // A double click.
      for _ in 0..<2 { try await house.desk.write(writeUp("## Suite\n\nBien"), of: id, from: 1) }
      let sheet = try await house.sheet("F1")
      #expect(sheet.summary.state == .written && sheet.tasks.map(\.title) == ["Rappeler"] && sheet.satisfaction == 5)
      // Whoever began from an older one is told, and nothing is written.
      await #expect(throws: Refusal.self) {
        try await house.desk.write(
          .init(report: "Autre", minutes: nil, satisfaction: nil, feedback: nil, steps: []), of: id, from: 1)
      }
      #expect(try await house.sheet("F1").report == "## Suite\n\nBien")
      // The task leaves and comes back with it.
      let editor = house.world.editor(of: FacilitationRecords(), for: house.direction)
      _ = try await editor.remove(id.rawValue)
      #expect(!(try await house.world.take("taches").contains("Rappeler")))
      _ = try await editor.restore(id.rawValue)
      #expect(try await house.world.take("taches").contains("Rappeler"))
    }
  }

  /// R4: once in the total, once for each département, territory and type; without a team, where it was held.
  @Test(arguments: Engine.allCases) func heldOnesAreCountedOnce(_ engine: Engine) async throws {
    try await withHouse(engine) { house async throws in
      let world = house.world
      let outcome = try await world.bring(
        "facilitations",
        """
        reference;demandee_le;structures;type_facilitation;date;etat;commune;phase;bilan;motif
        F1;2024-12-20;S1|S2;conseil_sisa;2025-02-01;tenue;;;;
        F2;2025-01-02;S1;conseil_sisa;2025-03-01;tenue;;;Fait;
        F3;2025-01-02;;sensibilisation_etudiants;2025-03-01;tenue;13055;;;
        F4;2025-01-02;S3;conseil_aci;;;;;;
        F5;2025-01-02;S3;conseil_aci;2025-05-01;annulee;;;;Plus besoin
        F6;2025-01-02;S3;conseil_aci;2025-06-01;tenue;;mature;;

        """)
      #expect(outcome.created == 6 && outcome.refused.isEmpty, "\(outcome)")
      #expect(try await world.values("facilitations.count", Period(year: 2025))[""] == 4)
      #expect(try await world.values("facilitations.requests", Period(year: 2025))[""] == 5)
      #expect(try await world.values("facilitations.structures", Period(year: 2025))[""] == 3)
      #expect(try await world.values("facilitations.count", Period(year: 2025), by: ["departement"]) == ["38": 3, "69": 1, "13": 1])
      #expect(
        try await world.values("facilitations.count", Period(year: 2025), by: ["territoire"]) == [
          "est": 3, "centre": 1, "non_renseigne": 1,
        ])
      #expect(try await world.values("facilitations.count", Period(year: 2025), by: ["pour"]) == ["msp": 3, "aucun": 1])
      #expect(
        try await world.values("facilitations.count", Period(year: 2025), by: ["famille"]) == ["conseils": 3, "sensibilisation": 1])
      // R6: that of the teams on the day, unless somebody knows better.
      #expect(
        try await world.values("facilitations.count", Period(year: 2025), by: ["phase"]) == [
          "avant_aci": 2, "mature": 1, "non_renseigne": 1,
        ])
      // R3: a team without an exchange is supported by what was held with it, not by what was asked for.
      try await world.bring("facilitations", "reference;demandee_le;structures\nF7;2025-02-02;S4\n")
      try await world.bring("echanges", "date;canal;structures\n2025-04-01;telephone;S1\n")
      #expect(try await world.values("support.structures", Period(year: 2025))[""] == 3)
      #expect(try await world.values("support.structures", Period(year: 2025), by: ["departement"]) == ["38": 2, "69": 1])
      let faults = try await world.database.read { [model = world.model] in
        try model.faults($0, today: try #require(CivilDate(iso: "2026-01-31")))
      }
      #expect(faults.isEmpty, "\(faults)")
    }
  }

  @Test(arguments: Engine.allCases) func theWorkAroundItIsTied(_ engine: Engine) async throws {
    try await withHouse(engine) { house async throws in
      try await house.world.bring("facilitations", "reference;demandee_le;structures;date;etat\nF1;2026-01-05;S1;2026-03-01;tenue\n")
      try await house.world.bring(
        "echanges",
        """
        reference;date;canal;structures;duree_minutes
        E1;2026-02-01;telephone;S1;25
        E2;2026-02-02;telephone;S1;10
        E3;2025-02-02;telephone;S1;10
        E4;2026-02-02;telephone;S2;10

        """)
      let id = try await house.id("F1")
      #expect(try await house.sheet("F1").work.count == 2)
      let exchange = try await house.world.database.read {
        try $0.value("SELECT id FROM exchange WHERE reference = 'E1'", as: Identifier<Exchange>.self)
      }
      let first = try #require(exchange)
      for _ in 0..<2 { try await house.desk.tie(first, to: id) }
      #expect(try await house.sheet("F1").tied.compactMap(\.minutes) == [25])
      try await house.desk.tie(first, to: id, isTied: false)
      #expect(try await house.sheet("F1").tied.isEmpty)
      await #expect(throws: Refusal.self) { try await house.desk.tie(Identifier(rawValue: 1), to: id) }
    }
  }

  /// R7, R8: a facilitation that was held is a meeting with its teams; one that is only ahead is none.
  @Test(arguments: Engine.allCases) func aTeamIsMetByWhatWasHeld(_ engine: Engine) async throws {
    try await withHouse(engine) { house async throws in
      let world = house.world
      try await world.bring("echanges", "date;canal;structures\n2025-01-10;reunion;S3\n")
      func late(_ figure: String, _ day: String) async throws -> Int {
        let date = try #require(CivilDate(iso: day))
        return try await world.values(figure, Period(asOf: date), where: [("type", "msp"), ("departement", "38")])[""] ?? 0
      }
      let overdue = try await late("support.overdue", "2025-04-01")
      let unmet = try await late("support.unmet", "2025-08-01")
      #expect(overdue == 1 && unmet == 3)
      try await world.bring("facilitations", "reference;demandee_le;structures;date;etat\nF1;2025-02-01;S3;2025-03-20;tenue\n")
      #expect(try await late("support.overdue", "2025-04-01") == 0)
      #expect(try await late("support.overdue", "2025-04-21") == 1)
      #expect(try await late("support.unmet", "2025-08-01") == 2)
      #expect(try await late("support.unmet", "2025-03-19") == 2)
    }
  }
}
