import Foundation
import Records
import Store
import TestSupport
import Testing

@testable import Federation

/// First contacts: what the staff do with them (SUP-04).
@Suite struct FirstContactTests {
  static let file = """
    reference;recu_le;canal;nom;prenom;profession;courriel;telephone;commune;projet;demande;etat;charge;repondu_le;reponse
    P1;2025-03-02;formulaire;Barandon;Adèle;infirmier;adele@exemple.fr;;38185;oui;Par où commencer ?;a_traiter;;;
    P2;2025-04-10;telephone;Corlier;;;;04 76 00 00 01;74010;non;;oriente;Quelqu’un;2025-04-12;Vers la CPTS
    P3;2024-05-01;formulaire;Valon;Basile;;basile@exemple.fr;;38185;;;sans_suite;;2024-05-03;

    """

  private struct House {
    let world: Installation
    let claire: Account
    let today: CivilDate

    var desk: FirstContactDesk { FirstContactDesk(world, actor: claire) }

    func contact(_ reference: String) async throws -> Identifier<FirstContact> {
      let id: Identifier<FirstContact>? = try await world.database.read {
        try $0.value("SELECT id FROM first_contact WHERE reference = \(reference)")
      }
      return try #require(id)
    }

    func sheet(_ id: Identifier<FirstContact>) async throws -> FirstContactSheet {
      let sheet = try await world.database.read { [claire] in try FirstContactSheet(id, for: claire, $0) }
      return try #require(sheet)
    }

    /// Teams, people and exchanges, in the bin or not.
    func counts() async throws -> [Int] {
      try await world.database.read { connection in
        try ["structure", "person", "exchange"].map { table in
          try connection.value("SELECT count(*) FROM \(SQL(unsafeText: table))") ?? -1
        }
      }
    }

    func conversion() -> Identifier<FirstContactSheet.Conversion> { world.ids.next(FirstContactSheet.Conversion.self) }
  }

  private func withHouse(_ engine: Engine, _ body: (House) async throws -> Void) async throws {
    try await withInstallation(engine) { world async throws in
      try await world.bring("territoires", "code;nom;departement;depuis\nest;Est;38;2020-01-01\nnord;Nord;74;2020-01-01\n")
      #expect(try await world.bring("premiers_contacts", Self.file).created == 3)
      let claire = try await world.accounts.create(
        email: "claire@exemple.fr", name: "Claire", role: .direction, password: "un mot de passe")
      try await body(
        House(world: world, claire: claire, today: try await world.database.read { try Settings($0).today(world.now()) }))
    }
  }

  private static let order = FirstContactDesk.Order(team: .new(name: "Projet de Grenoble", type: .msp), person: .new)

  @Test(arguments: Engine.allCases) func aFileComesBackAsItWas(_ engine: Engine) async throws {
    try await withHouse(engine) { house async throws in
      let file = try await house.world.take("premiers_contacts")
      #expect(try await house.world.bring("premiers_contacts", file).unchanged == 3)
      let columns = "reference;recu_le;canal;nom;repondu_le;etat\n"
      for line in ["P9;2999-01-01;telephone;A;;", "P9;2025-01-02;telephone;A;2025-01-01;oriente", "P9;2025-01-02;pigeon;A;;"] {
        #expect(try await house.world.bring("premiers_contacts", "\(columns)\(line)\n").refused.count == 1, "\(line)")
      }
    }
  }

  @Test(arguments: Engine.allCases) func itBecomesATeamInOneOperationAndComesBackWhole(_ engine: Engine) async throws {
    try await withHouse(engine) { house async throws in
      let (id, conversion) = (try await house.contact("P1"), house.conversion())
      for _ in 0..<2 { try await house.desk.convert(id, as: conversion, Self.order) }
      #expect(try await house.counts() == [1, 1, 1])
      let sheet = try await house.sheet(id)
      #expect(sheet.summary.state == .project && sheet.summary.team?.name == "Projet de Grenoble")
      // Nobody has answered yet.
      #expect(sheet.summary.answeredOn == nil)
      #expect(try await house.world.take("suivis").contains(";\(house.today);claire@exemple.fr;"))
      #expect(sheet.person?.name == "Adèle Barandon" && sheet.summary.assignee == "Claire" && sheet.conversion?.account == "Claire")
      let team = try await house.world.take("structures")
      #expect(team.contains(";msp;Projet de Grenoble;38;38185;") && team.contains(";contact;2025-03-02;"))
      #expect(try await house.world.take("fonctions").contains(";porteur_de_projet;2025-03-02;"))
      let exchange = try await house.world.take("echanges")
      #expect(exchange.contains("2025-03-02;formulaire;") && exchange.contains("Par où commencer ?"))
      let events = try await house.world.database.read {
        try $0.value("SELECT count(*) FROM event WHERE operation = 'devenu une équipe'", as: Int.self)
      }
      #expect(events == 1)
      // Somebody else had the page open.
      await #expect(throws: Refusal.self) { try await house.desk.convert(id, as: house.conversion(), Self.order) }
      #expect(try await house.desk.undo(id).isEmpty)
      #expect(try await house.counts() == [0, 0, 0])
      #expect(try await !house.world.take("suivis").contains("claire"))
      let before = try await house.sheet(id)
      #expect(before.summary.state == .waiting && before.summary.assignee == nil && before.conversion == nil)
      await #expect(throws: Refusal.self) { try await house.desk.undo(id) }
      try await house.desk.convert(id, as: house.conversion(), Self.order)
      #expect(try await house.world.database.read { try house.world.model.faults($0, today: house.today) }.isEmpty)
    }
  }

  @Test(arguments: Engine.allCases) func whoeverHasTakenItFollowsTheTeamUnlessNobodyIsToYet(_ engine: Engine) async throws {
    try await withHouse(engine) { house async throws in
      let (first, third) = (try await house.contact("P1"), try await house.contact("P3"))
      // Taken by somebody of the staff, turned into a team by another.
      try await house.desk.take(first)
      let other = try await house.world.accounts.create(
        email: "noe@exemple.fr", name: "Noé", role: .assistance, password: "un mot de passe")
      try await FirstContactDesk(house.world, actor: other).convert(first, as: house.conversion(), Self.order)
      #expect(try await house.world.take("suivis").contains("claire@exemple.fr"))
      let order = FirstContactDesk.Order(team: .new(name: "Autre projet", type: .msp), person: .new, isFollowed: false)
      try await house.desk.convert(third, as: house.conversion(), order)
      #expect(try await house.world.take("suivis").split(whereSeparator: \.isNewline).count == 2)
      // An answer that was noted has its day.
      let editor = house.world.editor(of: FirstContactRecords(), for: house.claire)
      _ = try await editor.change(first.rawValue, as: .entry) { $0.answer = "Rendez-vous pris." }
      #expect(try await house.sheet(first).summary.answeredOn == house.today)
    }
  }

  /// A federation whose list of functions has no such one has a member.
  @Test(arguments: Engine.allCases) func withoutThatFunctionThePersonIsAMember(_ engine: Engine) async throws {
    try await withHouse(engine) { house async throws in
      try await house.world.database.write {
        try $0.execute("DELETE FROM reference_value WHERE list = 'function' AND code = \(FirstContactDesk.leading)")
      }
      let id = try await house.contact("P1")
      try await house.desk.convert(id, as: house.conversion(), Self.order)
      #expect(try await house.world.take("fonctions").contains(";membre;"))
      #expect(try await house.desk.undo(id).isEmpty)
      #expect(try await house.counts() == [0, 0, 0])
    }
  }

  @Test(arguments: Engine.allCases) func whatChangedSinceStays(_ engine: Engine) async throws {
    try await withHouse(engine) { house async throws in
      let id = try await house.contact("P1")
      try await house.desk.convert(id, as: house.conversion(), Self.order)
      let note = try await house.world.take("echanges").replacing("Premier contact", with: "Autre chose")
      #expect(try await house.world.bring("echanges", note).changed == 1)
      let kept = try await house.desk.undo(id)
      #expect(Set(kept.map(\.kind)).isSuperset(of: ["echanges", "structures"]))
      #expect(try await house.sheet(id).summary.state == .waiting)
    }
  }

  @Test(arguments: Engine.allCases) func somebodyAndATeamThatAreKnownAreTaken(_ engine: Engine) async throws {
    try await withHouse(engine) { house async throws in
      try await house.world.bring(
        "structures", "reference;type;nom;departement;commune\nM1;msp;MSP Une;38;38185\nM2;msp;MSP Deux;38;38185\n")
      try await house.world.bring("personnes", "reference;nom;prenom;courriel\nA1;Barandon;Adèle;adele@exemple.fr\nA2;Barandon;Adèle;\n")
      let id = try await house.contact("P1")
      let sheet = try await house.sheet(id)
      #expect(sheet.people.map(\.reference) == ["A1", "A2"] && sheet.people.map(\.hasSameEmail) == [true, false])
      #expect(sheet.teams.map(\.reference) == ["M2", "M1"])
      let gone = try #require(sheet.teams.first { $0.reference == "M2" })
      #expect(try await house.world.editor(of: StructureRecords(), for: house.claire).remove(gone.id.rawValue))
      for (text, field) in [("M2", "structure"), ("Inconnue", "structure")] {
        let order = FirstContactDesk.Order(team: .known(text), person: .nobody)
        let refusal = await #expect(throws: FieldRefusal.self) { try await house.desk.convert(id, as: house.conversion(), order) }
        #expect(refusal?.field == field)
      }
      let order = FirstContactDesk.Order(team: .known("MSP Une"), person: .known("A1"))
      try await house.desk.convert(id, as: house.conversion(), order)
      #expect(try await house.counts() == [2, 2, 1])
      #expect(try await house.sheet(id).summary.team?.name == "MSP Une")
      #expect(try await !house.world.take("personnes").contains("adele@exemple.fr;;;M1"))
      #expect(try await house.world.take("fonctions").contains("A1;M1;porteur_de_projet;2025-03-02;"))
      // The team that it became is thrown away: it may become another one.
      let team = try #require(try await house.sheet(id).summary.team)
      #expect(try await house.world.editor(of: StructureRecords(), for: house.claire).remove(team.id.rawValue))
      #expect(try await house.sheet(id).summary.team == nil)
      try await house.desk.convert(id, as: house.conversion(), Self.order)
      #expect(try await house.sheet(id).summary.team?.name == "Projet de Grenoble")
    }
  }

  @Test(arguments: Engine.allCases) func itIsTakenOnceAndAnsweredOnADay(_ engine: Engine) async throws {
    try await withHouse(engine) { house async throws in
      let id = try await house.contact("P1")
      try await house.desk.take(id)
      let other = try await house.world.accounts.create(
        email: "noe@exemple.fr", name: "Noé", role: .assistance, password: "un mot de passe")
      await #expect(throws: Refusal.self) { try await FirstContactDesk(house.world, actor: other).take(id) }
      #expect(try await house.sheet(id).summary.state == .underWay)
      let editor = house.world.editor(of: FirstContactRecords(), for: house.claire)
      _ = try await editor.change(id.rawValue, as: .entry) { $0.state = .directed }
      #expect(try await house.sheet(id).summary.answeredOn == house.today)
      await #expect(throws: Refusal.self) { try await house.desk.take(id) }
    }
  }

  @Test(arguments: Engine.allCases) func figuresCountThemByOutcomeAndPlace(_ engine: Engine) async throws {
    try await withHouse(engine) { house async throws in
      func values(_ dimension: String, _ year: Int) async throws -> [String: Int] {
        try await house.world.database.read { connection in
          let figure = try house.world.model.figures.figure("first_contacts.count")
          let values = try FigureQuery(figure, Period(year: year), by: [dimension]).values(connection)
          return Dictionary(uniqueKeysWithValues: values.map { ($0.codes.joined(), $0.value ?? -1) })
        }
      }
      #expect(try await values("departement", 2025) == ["38": 1, "74": 1])
      #expect(try await values("territoire", 2025) == ["est": 1, "nord": 1])
      #expect(try await values("etat", 2025) == ["a_traiter": 1, "oriente": 1])
      #expect(try await values("charge", 2025) == ["Quelqu’un": 1, "non_renseigne": 1])
      #expect(try await values("etat", 2024) == ["sans_suite": 1])
    }
  }

  @Test(arguments: Engine.allCases) func aReferentSeesThoseOfTheirTerritory(_ engine: Engine) async throws {
    try await withHouse(engine) { house async throws in
      @Sendable func reader(_ territory: String?, _ role: Role) -> Account {
        Account(id: Identifier(rawValue: 7), email: "x@exemple.fr", name: "X", role: role, territory: territory)
      }
      func waiting(_ account: Account) async throws -> [String] {
        try await house.world.database.read { try WaitingFirstContacts(for: account, limit: 9, $0) }.rows.map(\.reference)
      }
      #expect(try await waiting(reader("est", .referent)) == ["P1"])
      #expect(try await waiting(reader("nord", .referent)) == [])
      #expect(try await waiting(reader("nord", .chargeMission)) == [])
      #expect(try await waiting(reader(nil, .chargeMission)) == ["P1"])
      #expect(try await waiting(reader(nil, .ca)) == [])
      let other = try await house.contact("P2")
      #expect(try await house.world.database.read { try FirstContactSheet(other, for: reader("est", .referent), $0) } == nil)
      #expect(try await house.world.database.read { try FirstContactSheet(other, for: reader("nord", .referent), $0) } != nil)
    }
  }
}
