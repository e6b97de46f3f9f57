import Foundation
import Records
import Store
import TestSupport
import Testing

@testable import Federation

/// Sittings of commissions, their opinions and what follows from them (SUP-10, R10).
@Suite struct CommissionTests {
  private struct House {
    let world: Installation
    let direction: Account

    var desk: CommissionDesk { CommissionDesk(world, actor: direction) }

    func file(_ reference: String) async throws -> Identifier<CommissionFile> {
      let id: Identifier<CommissionFile>? = try await world.database.read {
        try $0.value("SELECT id FROM commission_file WHERE reference = \(reference)")
      }
      return try #require(id)
    }

    func team(_ reference: String, on day: String = "2026-06-01") async throws -> StructureSheet {
      let day = try #require(CivilDate(iso: day))
      let sheet = try await world.database.read { [direction] connection -> StructureSheet? in
        let id: Identifier<Structure>? = try connection.value("SELECT id FROM structure WHERE reference = \(reference)")
        return try id.flatMap { try StructureSheet($0, for: direction, asOf: day, connection) }
      }
      return try #require(sheet)
    }

    func opinion(_ reference: String) async throws -> CommissionOpinion? {
      let id = try await file(reference)
      return try await world.database.read { try CommissionSheet.file(id, $0)?.opinion }
    }

    func figure(_ id: String, _ year: Int = 2026) async throws -> FigureValue {
      try await world.database.read { [world] in
        try FigureQuery(world.model.figures.figure(id), Period(year: year)).total($0)
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
        S4;msp;Les Ormes;38;ecriture;2025-01-01

        """)
      try await world.bring("echanges", "reference;date;canal;structures\nE1;2025-12-01;visio;S1|S4\nE2;2026-03-02;visio;S3\n")
      let sittings = try await world.bring(
        "seances",
        """
        reference;commission;date;departement;depot_avant
        C1;ecd;2026-03-02;38;2026-02-10
        C2;CATS;2026-05-04;;
        C3;ecd;2090-01-01;38;2089-12-01

        """)
      #expect(sittings.created == 3 && sittings.refused.isEmpty, "\(sittings)")
      let files = try await world.bring(
        "dossiers",
        "reference;seance;structure;depose_le\nD1;C1;S1;2026-02-01\nD2;C1;S2;\nD3;C3;S1;\nD4;C1;S3;\nD5;C2;S1;2026-04-01\nD6;C1;S4;2026-02-20\n"
      )
      #expect(files.created == 6 && files.refused.isEmpty, "\(files)")
      #expect(files.warnings.count == 1, "filed after the deadline")
      try await body(House(world: world, direction: direction))
    }
  }

  @Test(arguments: Engine.allCases) func aFavourableOpinionDatesTheStateOfTheTeam(_ engine: Engine) async throws {
    try await withHouse(engine) { house async throws in
      let file = try await house.file("D1")
      let day = try #require(CivilDate(iso: "2026-03-05"))
      for _ in 0..<2 { try await house.desk.give(.withReserves, on: day, because: "Locaux", to: file) }
      let team = try await house.team("S1")
      #expect(team.stage == .valide)
      let states = team.states.filter { $0.since == day }
      #expect(Set(states.map(\.code)) == [.stage(.valide), .facet(.reconnue)])
      #expect(states.allSatisfy { $0.note == "ECD du 2026-03-02, avec réserves" })
      #expect(team.commissionFiles.map(\.opinion).contains(.withReserves))
      await #expect(throws: Refusal.self) { try await house.desk.give(.favourable, on: day, because: "", to: file) }
      // Taken back, the states go with it; once more, there is nothing to take back.
      #expect(try await house.desk.takeBack(file).isEmpty)
      let back = try await house.team("S1")
      #expect(back.stage == .ecriture && back.states.count == 1)
      #expect(try await house.opinion("D1") == nil)
      await #expect(throws: Refusal.self) { _ = try await house.desk.takeBack(file) }
    }
  }

  /// A team that has gone further keeps its stage, and another opinion dates nothing.
  @Test(arguments: Engine.allCases) func onlyWhatIsMissingIsDated(_ engine: Engine) async throws {
    try await withHouse(engine) { house async throws in
      try await house.desk.give(.favourable, on: nil, because: "", to: house.file("D2"))
      let open = try await house.team("S2")
      #expect(open.stage == .ouverte && open.states.map(\.code).contains(.facet(.reconnue)) && open.states.count == 2)
      try await house.desk.give(.adjourned, on: nil, because: "À signer", to: house.file("D4"))
      #expect(try await house.team("S3").states.count == 1)
      // What was changed since stays, and is told.
      let file = try await house.file("D1")
      try await house.desk.give(.favourable, on: nil, because: "", to: file)
      try await house.world.bring("etats", "structure;etat;depuis;note\nS1;valide;2026-03-02;Lettre reçue\n")
      #expect(try await house.desk.takeBack(file).map(\.kind) == ["etats"])
      #expect(try await house.team("S1").stage == .valide)
    }
  }

  @Test(arguments: Engine.allCases) func anOpinionComesAfterTheFilingAndTheSitting(_ engine: Engine) async throws {
    try await withHouse(engine) { house async throws in
      let early = try #require(CivilDate(iso: "2026-03-01"))
      let file = try await house.file("D1")
      await #expect(throws: FieldRefusal.self) { try await house.desk.give(.favourable, on: early, because: "", to: file) }
      let ahead = try await house.file("D3")
      await #expect(throws: FieldRefusal.self) { try await house.desk.give(.favourable, on: nil, because: "", to: ahead) }
      let outcome = try await house.world.bring(
        "dossiers",
        """
        reference;seance;structure;depose_le;avis;avis_le
        A1;C1;S4;2026-03-03;;
        A2;C3;S4;;favorable;
        A3;C1;S4;;favorable;2026-03-01
        A4;C1;S4;;;2026-03-04
        A5;C9;S4;;;
        A6;C1;S4;;favorable;2999-03-04

        """)
      #expect(outcome.refused.map(\.fault.column) == ["depose_le", "avis", "avis_le", "avis", "seance", "avis_le"], "\(outcome.refused)")
      let late = try await house.world.bring("seances", "reference;commission;date;depot_avant\nB1;ecd;2026-01-05;2026-01-06\n")
      #expect(late.refused.map(\.fault.column) == ["depot_avant"])
      for kind in ["seances", "dossiers"] {
        let again = try await house.world.bring(kind, try await house.world.take(kind))
        #expect(again.unchanged == (kind == "seances" ? 3 : 6) && again.refused.isEmpty, "\(again)")
      }
    }
  }

  /// R10: once a team and year by its last opinion, among the teams that were supported before the sitting.
  @Test(arguments: Engine.allCases) func theRateOfRecognitionCountsEachTeamOnceAYear(_ engine: Engine) async throws {
    try await withHouse(engine) { house async throws in
      #expect(try await house.figure("commissions.files").value == 5)
      try await house.desk.give(.adjourned, on: nil, because: "", to: house.file("D1"))
      try await house.desk.give(.unfavourable, on: nil, because: "", to: house.file("D6"))
      // Neither was supported before: nobody spoke with one, and with the other on the day itself.
      try await house.desk.give(.favourable, on: nil, because: "", to: house.file("D2"))
      try await house.desk.give(.favourable, on: nil, because: "", to: house.file("D4"))
      #expect(try await house.figure("commissions.presented").value == 2)
      #expect(try await house.figure("commissions.recognition").value == 0)
      try await house.desk.give(.favourable, on: nil, because: "", to: house.file("D5"))
      #expect(try await house.figure("commissions.presented").value == 2)
      let rate = try await house.figure("commissions.recognition")
      #expect(rate.share?.numerator == 1 && rate.share?.denominator == 2)
      #expect(try await house.figure("commissions.files", 2025).value ?? 0 == 0)
    }
  }

  @Test(arguments: Engine.allCases) func whatComesIsTold(_ engine: Engine) async throws {
    try await withHouse(engine) { house async throws in
      func coming(_ day: String) async throws -> [String] {
        let day = try #require(CivilDate(iso: day))
        return try await house.world.database.read { try CommissionSittingListing.coming(from: day, days: 30, $0).map(\.reference) }
      }
      #expect(try await coming("2026-02-01") == ["C1"])
      #expect(try await coming("2026-03-02") == ["C1"])
      #expect(try await coming("2026-03-03") == [])
      #expect(try await coming("2089-11-15") == ["C3"])
    }
  }
}
