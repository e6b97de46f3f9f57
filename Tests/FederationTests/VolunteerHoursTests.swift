import Foundation
import Records
import Store
import TestSupport
import Testing

@testable import Federation

/// The register of volunteer time (FAC-06, GOV-05, R19).
@Suite struct VolunteerHoursTests {
  private static let people = """
    reference;nom;prenom;commune;courriel
    P1;Quintarel;Zoé;38185;zoe@exemple.fr
    P2;Lantieri;Hervé;38421;
    P3;Barandon;Adèle;;adele@exemple.fr

    """

  private func lines(_ world: Installation, _ condition: SQL = "h.removed_at IS NULL") async throws -> [VolunteerLine] {
    try await world.database.read { connection in
      try connection.rows(
        "SELECT \(VolunteerLine.columns.joined(by: ", ")) \(VolunteerLine.tables) WHERE \(condition) ORDER BY h.date, p.reference, h.id"
      ).map(VolunteerLine.init)
    }
  }

  /// A file that says something else of one line.
  private func change(
    _ world: Installation, _ line: VolunteerLine, _ columns: String, _ values: String, _ options: ImportOptions = ImportOptions()
  ) async throws -> ImportOutcome {
    try await world.bring(
      "heures",
      """
      reference;personne;activite;date;\(columns)
      \(line.reference);\(line.personReference);\(line.activity);\(line.date);\(values)

      """, options)
  }

  private static func day(_ text: String) -> CivilDate { CivilDate(iso: text) ?? .distantPast }

  private func direction(_ world: Installation) async throws -> Account {
    try await world.accounts.create(email: "d@exemple.fr", name: "Odile", role: .direction, password: "quatre mots bien longs")
  }

  private func held(_ world: Installation, _ more: String = "") async throws {
    try await world.bring("personnes", Self.people)
    let outcome = try await world.bring(
      "facilitations",
      """
      reference;demandee_le;besoin;facilitateurs;date;duree_minutes;etat;commune;modalite
      F1;2025-01-05;Un;P1|P2;2025-03-01;90;tenue;38185;sur_place
      F2;2025-01-05;Deux;P1;2025-04-01;60;tenue;69123;visio
      F3;2025-01-06;Trois;P1|Inconnue;2025-05-01;;tenue;;
      F4;2025-01-06;Quatre;P1;2090-03-01;60;;;
      \(more)
      """)
    #expect(outcome.refused.isEmpty, "\(outcome.refused)")
  }

  /// What a file says comes back unchanged, and a bad line says why.
  @Test(arguments: Engine.allCases) func linesComeAndGoInFiles(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      _ = try await direction(world)
      try await world.bring("personnes", Self.people + "P4;Marchandet;Odile;;d@exemple.fr\n")
      let outcome = try await world.bring(
        "heures",
        """
        reference;personne;activite;date;presence_minutes;trajet_minutes;objet;etat;motif
        H1;P1;bureau;2025-03-01;120;40;Budget;validee;
        H2;Hervé Lantieri;representation;2025-03-02;60;;;;
        H3;P1;bureau;2025-03-03;0;;;;
        H4;P1;bureau;2025-03-04;2400;;;;
        H5;P1;bureau;2025-03-05;1000;600;;;
        H6;P1;bureau;2090-01-01;60;;;;
        H7;P4;bureau;2025-03-06;60;;;;
        H8;P1;bureau;2025-03-07;;;;;
        H9;P1;bureau;2025-03-08;60;;;refusee;
        H10;P9;bureau;2025-03-09;60;;;;
        H11;P1;autre;2025-03-01;30;;;refusee;Déjà noté

        """, ImportOptions(leavesRefused: true))
      #expect(outcome.created == 3, "\(outcome)")
      #expect(
        outcome.refused.map(\.fault.column) == [
          "presence_minutes", "presence_minutes", "trajet_minutes", "date", "personne", "presence_minutes", "motif", "personne",
        ], "\(outcome.refused)")
      #expect(outcome.warnings.contains { $0.contains("Zoé Quintarel a déjà des heures le 01/03/2025") }, "\(outcome.warnings)")
      let again = try await world.bring("heures", try await world.take("heures"))
      #expect(again.unchanged == 3 && again.refused.isEmpty && again.created == 0, "\(again)")
      // Only what is validated counts.
      #expect(try await world.values("volunteers.hours", Period(year: 2025))[""] == 160)
      #expect(try await world.values("volunteers.lines", Period(year: 2025))[""] == 3)
      #expect(try await world.values("volunteers.people", Period(year: 2025))[""] == 1)
      #expect(try await world.values("volunteers.hours", Period(year: 2025), by: ["activite"]) == ["bureau": 160])
      // Travel counts by the setting of the day of the line.
      let february = Self.day("2025-02-01")
      try await world.settings.set("heures_trajet_compte", to: "non", since: february)
      #expect(try await world.values("volunteers.hours", Period(year: 2025))[""] == 120)
    }
  }

  /// Whoever helped has a line, with the way there and back where both places are known.
  @Test(arguments: Engine.allCases) func facilitationsGiveTheirLines(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      try await held(world)
      let all = try await lines(world)
      #expect(all.map(\.personReference) == ["P1", "P2", "P1", "P1"] && all.map(\.minutes) == [90, 90, 60, nil])
      #expect(all.allSatisfy { $0.state == .proposed && $0.activity == "facilitation" })
      // From the commune itself; from another one of the département; by video; without a place.
      #expect(all[0].travel == 0 && all[2].travel == 0 && all[3].travel == nil)
      let travel = try #require(all[1].travel)
      #expect(travel > 0 && travel < 240 && travel.isMultiple(of: 5))
      // Done twice it is done once.
      let account = try await direction(world)
      #expect(try await VolunteerDesk(world, actor: account).collect(2025) == 0)
      try await world.bring("facilitations", "reference;demandee_le;besoin;duree_minutes\nF1;2025-01-05;Encore;90\n")
      #expect(try await lines(world).count == 4)
    }
  }

  /// A line that nobody has validated is led along; what somebody decided, or corrected, stays, and the difference shows.
  @Test(arguments: Engine.allCases) func linesFollowTheirFacilitation(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      try await held(world)
      let file = try await world.take("heures")
      let line = try #require(try await lines(world).first { $0.personReference == "P2" })
      #expect(file.contains(line.reference))
      #expect(try await change(world, line, "etat", "validee").changed == 1)
      let other = try #require(try await lines(world).first { $0.date.description == "2025-04-01" })
      #expect(try await change(world, other, "trajet_minutes", "35").changed == 1)
      try await world.bring(
        "facilitations",
        """
        reference;demandee_le;besoin;duree_minutes;date
        F1;2025-01-05;Un;150;2025-03-04
        F2;2025-01-05;Deux;45;2025-04-02

        """)
      let all = try await lines(world)
      #expect(all.map(\.date.description) == ["2025-03-01", "2025-03-04", "2025-04-02", "2025-05-01"])
      #expect(all[0].minutes == 90 && all[0].state == .validated && all[0].difference == .date(Self.day("2025-03-04")))
      #expect(all[1].minutes == 150 && all[1].difference == nil)
      #expect(all[2].minutes == 45 && all[2].travel == 35)
      // Not held after all: what was only proposed goes, what was validated stays and says so.
      let account = try await direction(world)
      let facilitation: Identifier<Facilitation> = try #require(
        try await world.database.read { try $0.value("SELECT id FROM facilitation WHERE reference = 'F1'") })
      try await FacilitationDesk(world, actor: account).reopen(facilitation)
      #expect(try await lines(world).map(\.personReference) == ["P2", "P1", "P1"])
      #expect(try await lines(world)[0].difference == .gone)
      try await FacilitationDesk(world, actor: account).hold(facilitation, on: Self.day("2025-03-04"), minutes: 60)
      #expect(try await lines(world).map(\.minutes) == [90, 60, 45, nil])
      // Once more, as it was: the line comes back all the same, and its history can be read.
      try await FacilitationDesk(world, actor: account).reopen(facilitation)
      try await FacilitationDesk(world, actor: account).hold(facilitation, on: Self.day("2025-03-04"), minutes: 60)
      let back = try #require(try await lines(world).first { $0.minutes == 60 })
      let history = try await world.database.read { try RecordHistory(back.id.rawValue, of: VolunteerHoursRecords(), $0).entries.count }
      #expect(history >= 4)
    }
  }

  /// With their facilitation they go to the bin and come back.
  @Test(arguments: Engine.allCases) func linesGoToTheBinWithTheirFacilitation(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      try await held(world)
      let account = try await direction(world)
      let editor = world.editor(of: FacilitationRecords(), for: account)
      let id: Int64 = try #require(try await world.database.read { try $0.value("SELECT id FROM facilitation WHERE reference = 'F1'") })
      #expect(try await editor.remove(id))
      #expect(try await lines(world).count == 2)
      try await editor.restore(id)
      #expect(try await lines(world).count == 4)
    }
  }

  /// Two records of one person are one: their lines follow, and nothing is counted twice.
  @Test(arguments: Engine.allCases) func linesFollowTheirPersonInAMerge(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      try await held(world)
      let ids = try await world.database.read { connection in
        try ["P2", "P3"].map { try connection.value("SELECT id FROM person WHERE reference = \($0)", as: Int64.self) ?? 0 }
      }
      let editor = MergeEditor(PersonRecords(), among: world.model.kinds, world.database, ids: world.ids, now: world.now, actor: nil)
      let preview = try await world.database.read { try editor.preview(ids[0], into: ids[1], [:], $0) }
      let merge = world.ids.next(Merge.self)
      #expect(try await editor.apply(merge, ids[0], into: ids[1], [:], seen: preview.digest) == .done)
      #expect(try await lines(world).map(\.personReference) == ["P1", "P3", "P1", "P1"])
      _ = try await editor.undo(merge)
      #expect(try await lines(world).map(\.personReference) == ["P1", "P2", "P1", "P1"])
    }
  }

  /// The board and the bureau, by who was there.
  @Test(arguments: Engine.allCases) func minutesGiveTheirLines(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      try await world.bring("personnes", Self.people)
      try await world.accounts.create(email: "adele@exemple.fr", name: "Adèle", role: .ca, password: "quatre mots bien longs")
      try await world.bring(
        "comptes_rendus",
        """
        reference;titre;date;nature;presents;excuses;duree_minutes
        CR1;Conseil;2025-03-10;ca;P1|adele@exemple.fr;P2;120
        CR2;Bureau;2025-03-11;bureau;P2;;
        CR3;Équipe;2025-03-12;equipe;P1;;60

        """)
      let all = try await lines(world)
      #expect(all.map(\.personReference) == ["P1", "P3", "P2"] && all.map(\.minutes) == [120, 120, nil])
      #expect(all.map(\.activity) == ["conseil_administration", "conseil_administration", "bureau"])
      try await world.bring("comptes_rendus", "reference;titre;date;nature;duree_minutes\nCR2;Bureau;2025-03-11;bureau;45\n")
      #expect(try await lines(world).last?.minutes == 45)
    }
  }

  /// Nothing of a closed year moves: no line, no rate; the direction opens it again, and both are known.
  @Test(arguments: Engine.allCases) func aClosedYearIsClosed(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      try await held(world)
      let account = try await direction(world)
      let desk = VolunteerDesk(world, actor: account)
      await #expect(throws: Refusal.self) { try await desk.close(2026) }
      await #expect(throws: Refusal.self) { try await desk.close(2025) }
      await #expect(throws: Refusal.self) { try await desk.reopen(2025) }
      let all = try await lines(world)
      for line in all {
        #expect(try await change(world, line, "etat;motif", line.minutes == nil ? "refusee;Durée inconnue" : "validee;").changed == 1)
      }
      try await world.settings.set("heures_taux_horaire", to: "20,5")
      try await desk.close(2025)
      try await desk.close(2025)
      try await world.settings.set("heures_taux_horaire", to: "99")
      try await world.settings.set("heures_trajet_compte", to: "non")
      let closed = try await accounts(world)
      let travel = all.reduce(0) { $0 + ($1.travel ?? 0) }
      #expect(closed.isClosed && closed.rate == 2_050 && closed.minutes == 240 + travel && closed.closures.count == 1)
      #expect(try await world.values("volunteers.hours", Period(year: 2025))[""] == 240 + travel)
      // By a file, a form, the bin, a batch that is taken back, or a facilitation that changes.
      let outcome = try await change(world, all[0], "presence_minutes", "10", ImportOptions(leavesRefused: true))
      #expect(outcome.refused.map(\.fault.reason) == ["l’exercice 2025 est clos : la direction peut le rouvrir"])
      let editor = world.editor(of: VolunteerHoursRecords(), for: account)
      guard
        case .refused = try await editor.save(
          all[0].id.rawValue, entering: ["objet": "Autre"], from: 2, heedsWarnings: false)
      else {
        Issue.record("a closed line was changed")
        return
      }
      await #expect(throws: Refusal.self) {
        _ = try await editor.save(all[0].id.rawValue, entering: ["date": "2026-01-05"], from: 2, heedsWarnings: false)
      }
      await #expect(throws: Refusal.self) { _ = try await editor.remove(all[0].id.rawValue) }
      await #expect(throws: Refusal.self) { _ = try await desk.collect(2025) }
      try await world.bring("facilitations", "reference;demandee_le;besoin;duree_minutes\nF1;2025-01-05;Un;300\n")
      #expect(try await accounts(world).minutes == 240 + travel)
      try await desk.reopen(2025)
      let open = try await accounts(world)
      #expect(!open.isClosed && open.rate == 9_900 && open.minutes == 240 && open.closures.first?.reopenedBy == "Odile")
      #expect(try await editor.remove(all[0].id.rawValue))
      let events: [String] = try await world.database.read {
        try $0.rows("SELECT operation FROM event WHERE kind = 'exercices_benevoles' ORDER BY id").map { try $0[0] }
      }
      #expect(events == ["exercice clos", "exercice rouvert"])
    }
  }

  private func accounts(_ world: Installation) async throws -> VolunteerAccounts {
    try await world.database.read { try VolunteerAccounts(2025, Settings($0), $0) }
  }

  /// A year is worth what its parts are worth, each rounded once; without a rate nothing is made up.
  @Test(arguments: Engine.allCases) func theYearIsValued(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      try await world.bring("personnes", Self.people)
      try await world.bring(
        "heures",
        """
        reference;personne;activite;date;presence_minutes;etat
        H1;P1;bureau;2025-03-01;100;validee
        H2;P2;bureau;2025-03-01;100;validee
        H3;P1;formation;2025-12-31;61;validee
        H4;P1;formation;2024-12-31;600;validee
        H5;P1;formation;2025-01-01;600;

        """)
      let unvalued = try await accounts(world)
      #expect(unvalued.value == nil && unvalued.parts.allSatisfy { $0.value == nil })
      for text in ["dix", "-3", "12,345", "1000000"] {
        await #expect(throws: Refusal.self, "\(text)") { try await world.settings.set("heures_taux_horaire", to: text) }
      }
      try await world.settings.set("heures_taux_horaire", to: "18,47", since: Self.day("2025-01-01"))
      let accounts = try await accounts(world)
      #expect(accounts.parts.map(\.activity) == ["bureau", "formation"] && accounts.parts.map(\.minutes) == [200, 61])
      // 200 × 18,47 / 60 = 61,5666…; 61 × 18,47 / 60 = 18,7778…
      #expect(accounts.parts.map(\.value) == [6_157, 1_878] && accounts.value == 8_035 && accounts.waiting == 1)
      #expect(accounts.people.map(\.minutes) == [161, 100])
    }
  }

  /// Whoever is anonymised keeps no name on the lines, which count as before.
  @Test(arguments: Engine.allCases) func anErasureLeavesTheHours(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      try await world.bring("personnes", Self.people)
      try await world.bring(
        "heures",
        "reference;personne;activite;date;presence_minutes;etat;objet\nH1;P2;bureau;2025-03-01;100;validee;Bureau de Hervé Lantieri\n")
      let account = try await direction(world)
      let person: Identifier<Person> = try #require(
        try await world.database.read { try $0.value("SELECT id FROM person WHERE reference = 'P2'") })
      let dossier = try #require(try await world.database.read { try PersonDossier(person, $0) })
      #expect(dossier.held.contains { $0.matter == .hours && $0.count == 1 })
      #expect(dossier.texts.map(\.label) == ["Objet d’heures bénévoles"])
      let export = try await world.database.read { connection in
        let file = try PersonExport(
          dossier, federation: "Essai", on: .lastDay(of: 2025), ReferenceLists(connection), words: { $0.rawValue }, connection
        ).file()
        return String(decoding: file, as: UTF8.self)
      }
      #expect(export.contains("heuresBenevoles") && export.contains("Bureau de Hervé Lantieri"))
      let order = PersonalDataDesk.Order([person], texts: dossier.texts.map(\.code), because: .demand)
      _ = try await PersonalDataDesk(world, actor: account).erase(order, confirmedBy: "anonymiser")
      let line = try #require(try await lines(world).first)
      #expect(!line.name.contains("Lantieri") && line.purpose?.contains("Lantieri") == false && line.counted == 100)
      #expect(try await world.values("volunteers.hours", Period(year: 2025))[""] == 100)
    }
  }
}
