import Foundation
import Records
import Store
import TestSupport
import Testing

@testable import Federation

/// Programmes of support, their teams and their workshops (SUP-12, SUP-08, SUP-09, R3).
@Suite struct ProgrammeTests {
  private struct House {
    let world: Installation
    let direction: Account

    var desk: ProgrammeDesk { ProgrammeDesk(world, actor: direction) }

    func id(_ table: SQL, _ reference: String) async throws -> Int64 {
      let id: Int64? = try await world.database.read { try $0.value("SELECT id FROM \(table) WHERE reference = \(reference)") }
      return try #require(id)
    }

    func enrolment(_ reference: String) async throws -> ProgrammeSheet.Enrolment {
      let id = try await id("programme_enrolment", reference)
      let found = try await world.database.read { try ProgrammeSheet.enrolment(Identifier(rawValue: id), $0)?.enrolment }
      return try #require(found)
    }

    func sheet(_ reference: String) async throws -> ProgrammeSheet {
      let id = try await id("support_programme", reference)
      let sheet = try await world.database.read { try ProgrammeSheet(Identifier(rawValue: id), $0) }
      return try #require(sheet)
    }

    func figure(_ id: String, _ year: Int = 2026, _ filters: [(String, String)] = []) async throws -> Int? {
      try await world.database.read { [world] in
        try FigureQuery(world.model.figures.figure(id), Period(year: year), where: filters.map { Filter($0.0, $0.1) }).total($0).value
      }
    }
  }

  private func withHouse(_ engine: Engine, _ body: (House) async throws -> Void) async throws {
    try await withInstallation(engine) { world async throws in
      let direction = try await world.accounts.create(
        email: "odile@exemple.fr", name: "Odile", role: .direction, password: "un mot de passe")
      try await world.bring(
        "structures",
        """
        reference;type;nom;departement;etat;depuis
        S1;msp;Les Tilleuls;38;ecriture;2025-01-01
        S2;msp;Le Plateau;38;ouverte;2018-01-01
        S3;cpts;Le Silence;69;ecriture;2025-01-01
        S4;msp;Les Ormes;69;ecriture;2025-01-01

        """)
      try await world.bring("organisations", "reference;nature;nom\nO1;ars;ARS\n")
      let programmes = try await world.bring(
        "programmes",
        """
        reference;nom;nature;financeur;debut;fin;places;responsable;etapes
        P1;Écrire son projet;ecriture;ARS;2025-09-01;2026-05-31;2;odile@exemple.fr;Diagnostic|Axes|Écriture
        P2;Démarrer la coordination;coordination;Fonds local;2026-01-01;;;;

        """)
      #expect(programmes.created == 2 && programmes.refused.isEmpty, "\(programmes)")
      #expect(programmes.warnings.count == 1, "a funder that is no record")
      let enrolments = try await world.bring(
        "inscriptions",
        """
        reference;programme;structure;entree_le;etapes;heures_accordees;suite;fin_le;motif
        I1;P1;S1;2025-09-15;2025-10-01 diagnostic;;;;
        I2;Écrire son projet;S3;2025-09-15;;;abandon;2025-12-01;Départ de la porteuse
        I3;P2;S2;2026-01-10;;10;;;

        """)
      #expect(enrolments.created == 3 && enrolments.refused.isEmpty, "\(enrolments)")
      let workshops = try await world.bring(
        "seances_programme",
        """
        reference;programme;numero;objet;date;duree_minutes;lieu;animation;structures;personnes
        W1;P1;1;Diagnostic;2025-10-02;180;Visio;Intervenante;S1|S3;9
        W2;P2;1;;2026-02-03;240;;;S2;
        W3;P2;2;;2026-03-03;420;;;S2;3
        W4;P1;2;;2026-02-10;180;;;;
        W5;P1;3;;2090-02-10;180;;;;

        """)
      #expect(workshops.created == 5 && workshops.refused.isEmpty, "\(workshops)")
      try await body(House(world: world, direction: direction))
    }
  }

  @Test(arguments: Engine.allCases) func aProgrammeHasItsTeamsTheirStepsAndTheirHours(_ engine: Engine) async throws {
    try await withHouse(engine) { house async throws in
      let first = try await house.sheet("P1")
      #expect(first.summary.funder == "ARS" && first.summary.manager == "Odile" && first.summary.placesLeft == 1)
      #expect(first.enrolments.map(\.team.name) == ["Les Tilleuls", "Le Silence"])
      #expect(first.enrolments[0].step?.name == "Diagnostic" && first.enrolments[1].state == .abandoned)
      #expect(first.workshops.map(\.isHeld) == [false, false, true] && first.summary.held.workshops == 1)
      #expect(first.workshops[2].teams == ["Le Silence", "Les Tilleuls"])
      let started = try await house.enrolment("I3")
      #expect(started.hours == 10 && started.minutes == 660)
      // A step once, however often it is sent; the present one is the latest.
      let id = Identifier<ProgrammeEnrolment>(rawValue: try await house.id("programme_enrolment", "I1"))
      let day = try #require(CivilDate(iso: "2026-02-10"))
      #expect(try await house.desk.note("axes", on: day, of: id) == 2)
      #expect(try await house.desk.note("Axes", on: day, of: id) == nil)
      #expect(try await house.enrolment("I1").step?.name == "Axes")
      let ahead = try #require(CivilDate(iso: "2090-01-01"))
      await #expect(throws: FieldRefusal.self) { _ = try await house.desk.note("Écriture", on: ahead, of: id) }
      await #expect(throws: FieldRefusal.self) { _ = try await house.desk.note(" ", on: day, of: id) }
      let over = Identifier<ProgrammeEnrolment>(rawValue: try await house.id("programme_enrolment", "I2"))
      await #expect(throws: Refusal.self) { _ = try await house.desk.note("Axes", on: day, of: over) }
      let editor = house.world.editor(of: EnrolmentRecords(), for: house.direction)
      #expect(try await editor.undo(id.rawValue, version: 2) == .saved(version: 3))
      #expect(try await house.enrolment("I1").step?.name == "Diagnostic")
      // On the team's own page.
      let team = Identifier<Structure>(rawValue: try await house.id("structure", "S1"))
      let page = try await house.world.database.read { try StructureSheet(team, for: house.direction, asOf: day, $0) }
      #expect(Set(try #require(page).programmes.map(\.moment)) == [.enrolment, .workshop, .step])
      for kind in ["programmes", "inscriptions", "seances_programme"] {
        let again = try await house.world.bring(kind, try await house.world.take(kind))
        #expect(again.changed == 0 && again.created == 0 && again.refused.isEmpty && again.unchanged > 0, "\(again)")
      }
    }
  }

  @Test(arguments: Engine.allCases) func whatCannotBeIsRefused(_ engine: Engine) async throws {
    try await withHouse(engine) { house async throws in
      let enrolments = try await house.world.bring(
        "inscriptions",
        """
        reference;programme;structure;entree_le;etapes;suite;fin_le;motif
        A1;P1;S1;2025-10-01;;;;
        A2;P9;S2;2025-10-01;;;;
        A3;P1;S2;2026-06-01;;;;
        A4;P1;S2;2025-10-01;2025-09-30 Axes;;;
        A5;P1;S2;2025-10-01;;;2025-11-01;
        A6;P1;S2;2025-10-01;;terminee;;
        A7;P1;S2;2025-10-01;;abandon;2025-11-01;
        A8;P1;S2;2025-10-01;;terminee;2025-09-01;
        A9;P1;S2;2025-10-01;Axes;;;
        B1;P1;S2;2025-10-01;;;;
        B2;P1;S4;2025-10-01;;;;

        """)
      let told = enrolments.refused.map { "\($0.line) \($0.fault.column)" }
      #expect(
        told == [
          "2 structure", "3 programme", "4 entree_le", "5 etapes", "6 suite", "7 fin_le", "8 motif", "9 fin_le", "10 etapes",
          "12 programme",
        ], "\(told)")
      #expect(enrolments.refused.contains { $0.line == 12 && $0.fault.reason.contains("complet") }, "\(enrolments.refused)")
      let workshops = try await house.world.bring(
        "seances_programme",
        "reference;programme;date;structures;personnes\nC1;P1;2090-01-01;S1;\nC2;P1;2090-01-01;;4\nC3;P1;2025-11-01;S4;\n")
      #expect(workshops.refused.isEmpty == false && workshops.refused.map(\.fault.column).sorted() == ["personnes", "structures"])
      #expect(workshops.warnings.contains { $0.contains("n’est pas inscrite") }, "\(workshops.warnings)")
      let fewer = try await house.world.bring("programmes", "reference;nom;nature;debut;fin;places\nD1;X;paq;2026-02-01;2026-01-01;\n")
      #expect(fewer.refused.map(\.fault.column) == ["fin"])
    }
  }

  /// The last place is one team's, whoever asks at the same time; whoever gives up leaves it.
  @Test(arguments: Engine.allCases) func theLastPlaceGoesToOneTeam(_ engine: Engine) async throws {
    try await withHouse(engine) { house async throws in
      func enrol(_ team: String) async -> Bool {
        let editor = house.world.editor(of: EnrolmentRecords(), for: house.direction)
        let id = house.world.ids.next(ProgrammeEnrolment.self).rawValue
        let entries = ["programme": "P1", "structure": team, "entree_le": "2025-11-03"]
        guard case .saved = try? await editor.create(id, entering: entries, heedsWarnings: false) else { return false }
        return true
      }
      let enrolled = await withTaskGroup(of: Bool.self) { group in
        for _ in 0..<2 { for team in ["S2", "S4", "S3"] { group.addTask { await enrol(team) } } }
        return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
      }
      #expect(enrolled == 1)
      #expect(try await house.sheet("P1").summary.teams.holding == 2)
      let programmes = house.world.editor(of: ProgrammeRecords(), for: house.direction)
      let programme = try await house.id("support_programme", "P1")
      let version = try #require(try await programmes.load(programme)).version
      let fewer = try await programmes.save(programme, entering: ["places": "1"], from: version, heedsWarnings: false)
      guard case .refused(let faults) = fewer else { throw TestSetUpError(description: "\(fewer)") }
      #expect(faults.map(\.column) == ["places"])
      // What comes back out of the bin finds its place taken.
      let editor = house.world.editor(of: EnrolmentRecords(), for: house.direction)
      let first = try await house.id("programme_enrolment", "I1")
      #expect(try await editor.remove(first))
      let others = ["S2", "S4", "S3"]
      var taken = 0
      for team in others where await enrol(team) { taken += 1 }
      #expect(taken == 1)
      await #expect(throws: Refusal.self) { try await editor.restore(first) }
      #expect(try await house.sheet("P1").summary.teams.holding == 2)
    }
  }

  /// R3: a workshop at which the team was, or a step, and nothing that is ahead or that nobody came to.
  @Test(arguments: Engine.allCases) func workshopsAndStepsSupportATeam(_ engine: Engine) async throws {
    try await withHouse(engine) { house async throws in
      #expect(try await house.figure("support.structures", 2025) == 2)
      #expect(try await house.figure("support.structures", 2026) == 1)
      #expect(try await house.figure("support.structures", 2026, [("departement", "38")]) == 1)
      let id = Identifier<ProgrammeEnrolment>(rawValue: try await house.id("programme_enrolment", "I1"))
      let day = try #require(CivilDate(iso: "2026-02-10"))
      _ = try await house.desk.note("Axes", on: day, of: id)
      #expect(try await house.figure("support.structures", 2026) == 2)
      #expect(try await house.figure("programmes.running", 2025) == 1)
      #expect(try await house.figure("programmes.running", 2026) == 2)
      #expect(try await house.figure("programmes.closed", 2026) == 1)
      #expect(try await house.figure("programmes.structures", 2025) == 2)
      #expect(try await house.figure("programmes.structures", 2026) == 2)
      #expect(try await house.figure("programmes.structures", 2026, [("suite", "abandon")]) == 0)
      #expect(try await house.figure("programmes.workshops", 2026) == 2)
      #expect(try await house.figure("programmes.minutes", 2026) == 660)
      #expect(try await house.figure("programmes.minutes", 2026, [("nature_programme", "ecriture")]) == 0)
      #expect(try await house.figure("programmes.participations", 2025) == 9)
      // R10: the team that was only at a workshop was supported before its sitting.
      try await house.world.bring("seances", "reference;commission;date\nC1;ecd;2026-03-02\n")
      try await house.world.bring("dossiers", "reference;seance;structure;avis\nD1;C1;S2;favorable\nD2;C1;S4;favorable\n")
      #expect(try await house.figure("commissions.presented", 2026) == 1)
    }
  }

  /// Two teams that are one keep one enrolment, and its workshops.
  @Test(arguments: Engine.allCases) func mergedTeamsAreEnrolledOnce(_ engine: Engine) async throws {
    try await withHouse(engine) { house async throws in
      let added = try await house.world.bring("inscriptions", "reference;programme;structure;entree_le\nI4;P1;S4;2025-10-01\n")
      #expect(added.created == 1)
      let (kept, merged) = (try await house.id("structure", "S1"), try await house.id("structure", "S4"))
      let merges = house.world.merges(of: StructureRecords(), for: house.direction)
      let preview = try await house.world.database.read { try merges.preview(merged, into: kept, [:], $0) }
      #expect(preview.left.contains { $0.label == "Inscriptions à un programme" && $0.reason.contains("déjà inscrite") })
      let merge = house.world.ids.next(Merge.self)
      #expect(try await merges.apply(merge, merged, into: kept, [:], seen: preview.digest) == .done)
      #expect(try await house.sheet("P1").enrolments.map(\.team.name) == ["Les Tilleuls", "Le Silence"])
      #expect(try await merges.undo(merge).kept.isEmpty)
      #expect(try await house.sheet("P1").enrolments.map(\.team.name) == ["Les Ormes", "Les Tilleuls", "Le Silence"])
    }
  }

  @Test(arguments: Engine.allCases) func whatComesIsTold(_ engine: Engine) async throws {
    try await withHouse(engine) { house async throws in
      func coming(_ day: String) async throws -> [String] {
        let day = try #require(CivilDate(iso: day))
        return try await house.world.database.read { try WorkshopSummary.coming(from: day, days: 14, $0).map(\.reference) }
      }
      // W4 of the 10 February has nobody yet; W2 and W3 were held.
      #expect(try await coming("2026-02-01") == ["W4"])
      #expect(try await coming("2026-03-03") == ["W4"])
      #expect(try await coming("2026-03-15") == [])
      #expect(try await coming("2090-02-01") == ["W5"])
    }
  }
}
