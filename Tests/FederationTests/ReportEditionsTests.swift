import Foundation
import Records
import Store
import TestSupport
import Testing

@testable import Federation

/// A published report never moves, and says what has changed since.
@Suite struct ReportEditionsTests {
  private static let structures = """
    reference;type;nom;departement;etat;depuis;nb_professionnels
    M1;msp;MSP du Val;38;ecriture;2020-01-01;10
    M2;msp;MSP du Lac;73;ouverte;2021-05-01;5
    C1;cpts;CPTS des Cimes;73;contact;2022-03-02;
    N1;msp;MSP sans échange;38;contact;2022-01-01;2
    """

  private static let exchanges = """
    date;canal;structures;themes;duree_minutes;objet;reference
    2022-11-01;telephone;M1;cpts;10;Avant;E0
    2023-02-01;telephone;M1;montage_msp|juridique_comptable;25;Statuts;E1
    2023-03-05;courriel;M1|C1;cpts;10;Projet;E2
    2023-06-01;visio;M2;;;Locaux;E3
    2024-01-09;visio;M2;autres;60;Après;E4
    """

  func withWorld(_ engine: Engine, _ body: (Installation, MovingClock) async throws -> Void) async throws {
    let clock = MovingClock()
    try clock.set("2024-05-15T08:00:00Z")
    try await withInstallation(engine, now: { clock.now }) { world in
      try await world.bring("territoires", "code;nom;departement;depuis\nest;Est;73;2020-01-01\nouest;Ouest;38;2020-01-01")
      try await world.bring("structures", Self.structures)
      try await world.bring("echanges", Self.exchanges)
      try await body(world, clock)
    }
  }

  /// Everything that an edition holds, in a form that compares.
  func whole(_ edition: ReportEdition, _ world: Installation) async throws -> String {
    try await world.database.read { connection in
      let content: String? = try connection.value("SELECT content FROM report_edition WHERE id = \(edition.id)")
      let records = try connection.rows(
        "SELECT figure, cell, record_id, fact_id, amount FROM report_edition_record WHERE edition_id = \(edition.id) ORDER BY 1, 2, 3, 4")
      let names = try connection.rows(
        "SELECT kind, record_id, reference, label, date FROM report_edition_source WHERE edition_id = \(edition.id) ORDER BY 1, 2")
      return "\(content ?? "")\n\(records.map(\.values))\n\(names.map(\.values))"
    }
  }

  /// « echanges E5 added », one text a changed record.
  func changes(since edition: ReportEdition, _ world: Installation) async throws -> [String] {
    let reader = Account(id: Identifier(rawValue: 1), email: "", name: "", role: .direction, territory: nil)
    return try await world.database.read { [model = world.model] connection in
      let changes = try ReportChanges(since: edition, model, connection)
      let entries = try changes.entries(for: reader, model, connection)
      #expect(entries.count == changes.count)
      return entries.map { "\($0.name.kind) \($0.name.reference ?? "?") \($0.effect)" }
    }
  }

  func values(since edition: ReportEdition, _ world: Installation) async throws -> [String] {
    try await world.database.read { [model = world.model] connection in
      try ReportChanges(since: edition, model, connection).values.map { change in
        let place = ([change.figure.id, change.figure.period.label] + change.parts).joined(separator: " ")
        return "\(place) \(change.before?.value ?? 0) \(change.after?.value ?? 0)"
      }
    }
  }

  func faults(_ world: Installation) async throws -> [String] {
    try await world.database.read { [model = world.model] in try model.faults($0, today: .lastDay(of: 2024)) }
  }

  func remove(exchange reference: String, _ world: Installation) async throws {
    let id: Int64? = try await world.database.read { try $0.value("SELECT id FROM exchange WHERE reference = \(reference)") }
    let editor = RecordEditor(ExchangeRecords(), world.database, ids: world.ids, now: world.now, actor: nil)
    #expect(try await editor.remove(try #require(id)))
  }

  /// The story: published on 15 May, an exchange of the year is added in June.
  @Test(arguments: Engine.allCases)
  func anExchangeAddedLaterIsOneModificationAndTheEditionStays(_ engine: Engine) async throws {
    try await withWorld(engine) { world, clock async throws in
      let edition = try await ReportDesk(world).publish(2023)
      #expect(edition.year == 2023 && edition.number == 1 && !edition.isCorrected)
      #expect(edition.publishedOn == CivilDate(iso: "2024-05-15") && edition.publishedAt == Instant(clock.now))
      let before = try await whole(edition, world)
      #expect(try await changes(since: edition, world) == [])
      try clock.set("2024-06-03T08:00:00Z")
      // A file joined to an exchange writes nothing of it.
      let joined: Int64? = try await world.database.read { try $0.value("SELECT id FROM exchange WHERE reference = 'E1'") }
      try await Attachments(database: world.database, ids: world.ids, now: world.now, account: nil)
        .add([("a.txt", Array("a".utf8))], to: try #require(joined), of: ExchangeRecords())
      #expect(try await changes(since: edition, world) == [])
      // With a team that had none in the year: it enters two figures more, and is no second modification.
      try await world.bring("echanges", "date;canal;structures;duree_minutes;reference\n2023-09-01;visite;N1;30;E5\n")
      #expect(try await whole(edition, world) == before)
      #expect(try await changes(since: edition, world) == ["echanges E5 added"])
      #expect(
        try await values(since: edition, world) == [
          "contacts.count 2023 3 4", "contacts.count 2023 Sans thème 1 2", "contacts.count 2023 Visite 0 1",
          "contacts.minutes 2023 35 65", "contacts.structures 2023 3 4", "contacts.new_structures 2023 1 2",
        ])
      let entries = try await world.database.read { [model = world.model] connection in
        let reader = Account(id: Identifier(rawValue: 1), email: "", name: "", role: .direction, territory: nil)
        return try ReportChanges(since: edition, model, connection).entries(for: reader, model, connection)
      }
      #expect(entries.first?.changedOn == CivilDate(iso: "2024-06-03") && entries.first?.name.isThere == true)
      #expect(
        Set(entries.first?.figures ?? []) == ["Échanges", "Temps d’échange", "Équipes contactées", "Nouvelles équipes"])
      let corrected = try await ReportDesk(world).publish(2023)
      #expect(corrected.number == 2 && corrected.isCorrected)
      #expect(try await changes(since: corrected, world) == [])
      #expect(try await whole(edition, world) == before)
      #expect(try await faults(world) == [])
      #expect(try await world.database.read { try ReportEdition.all(of: 2023, $0).map(\.number) } == [2, 1])
    }
  }

  @Test(arguments: Engine.allCases)
  func whateverChangesTheEditionDoesNotMove(_ engine: Engine) async throws {
    try await withWorld(engine) { world, _ async throws in
      let brought = try await world.bring("echanges", "date;canal;structures;objet\n2023-10-01;visite;C1;À reprendre\n")
      let edition = try await ReportDesk(world).publish(2023)
      let before = try await whole(edition, world)
      try await world.database.write { connection in
        try connection.execute("UPDATE reference_value SET label = 'Coup de fil' WHERE list = 'channel' AND code = 'telephone'")
        try connection.execute("UPDATE reference_value SET label = 'Autrement dit' WHERE list = 'theme' AND code = 'cpts'")
        try connection.execute("UPDATE department SET name = 'Isère renommée' WHERE code = '38'")
      }
      #expect(try await changes(since: edition, world) == [])
      try await world.bring("territoires", "code;nom;departement;depuis\nouest;Grand Ouest;73;2021-01-01")
      try await world.settings.set("nom", to: "Un autre nom")
      #expect(try await changes(since: edition, world) == [])
      // A name alone moves nothing; another département does.
      try await world.bring("structures", "reference;type;nom;departement\nM2;;MSP rebaptisée;\nC1;;;38\n")
      #expect(try await changes(since: edition, world) == ["structures C1 moved"])
      try await remove(exchange: "E1", world)
      _ = try await world.importer.undo(try #require(brought.importID), world.model.kinds)
      #expect(
        try await changes(since: edition, world) == ["echanges E1 removed", "echanges ? removed", "structures C1 moved"])
      #expect(try await whole(edition, world) == before)
      // What a record was called then stays with the edition.
      let labels = try await world.database.read { connection in
        let kept = try connection.rows("SELECT label FROM report_edition_source WHERE edition_id = \(edition.id)")
        return try kept.map { try $0[0] as String? }
      }
      #expect(labels.contains("MSP du Lac") && labels.contains("Statuts") && labels.contains("À reprendre"))
      let words = try await world.database.read { try edition.report($0) }
      #expect(words.exchangesByChannel.last?.dimensions.first?.label("telephone") == "Téléphone")
      #expect(words.structuresByDepartment.dimensions.first?.label("38") == "Isère (38)")
      #expect(try await faults(world) == [])
    }
  }

  @Test(arguments: Engine.allCases)
  func eachChangedRecordCountsOnce(_ engine: Engine) async throws {
    try await withWorld(engine) { world, _ async throws in
      let edition = try await ReportDesk(world).publish(2023)
      // Its theme and duration, in one exchange; its words alone, in another; a team for another team in a third.
      try await world.bring(
        "echanges",
        "date;canal;structures;themes;duree_minutes;objet;reference\n;;;covid;40;;E1\n;;;;;Projet de santé;E2\n;;N1;;;;E3\n")
      #expect(try await changes(since: edition, world) == ["echanges E1 moved", "echanges E2 edited", "echanges E3 moved"])
      // From one year to another one of the chart.
      try await world.bring("echanges", "date;canal;reference\n2022-06-01;;E3\n")
      #expect(try await changes(since: edition, world) == ["echanges E3 moved", "echanges E1 moved", "echanges E2 edited"])
      // Words alone are worth a corrected edition, which knows them.
      let corrected = try await ReportDesk(world).publish(2023)
      #expect(corrected.number == 2)
      #expect(try await changes(since: corrected, world) == [])
      try await world.bring("echanges", "date;canal;objet;reference\n;;Autre objet;E2\n")
      #expect(try await changes(since: corrected, world) == ["echanges E2 edited"])
      #expect(try await ReportDesk(world).publish(2023).number == 3)
      // A year that the report does not speak of.
      try await world.bring("echanges", "date;canal;structures;reference\n2024-02-01;visio;M1;E9\n")
      #expect(try await changes(since: edition, world).count == 3)
    }
  }

  /// The first exchange ever is of a year beyond the chart: no fact of the report has changed, the team has.
  @Test(arguments: Engine.allCases)
  func aTeamThatIsNoLongerNewIsOneModification(_ engine: Engine) async throws {
    try await withWorld(engine) { world, _ async throws in
      let edition = try await ReportDesk(world).publish(2023)
      try await world.bring("echanges", "date;canal;structures;reference\n2012-02-01;visio;C1;E9\n")
      #expect(try await changes(since: edition, world) == ["structures C1 removed"])
      #expect(try await values(since: edition, world) == ["contacts.new_structures 2023 1 0"])
    }
  }

  @Test(arguments: Engine.allCases)
  func thresholdsAndStatesMoveWhatTheyMove(_ engine: Engine) async throws {
    try await withWorld(engine) { world, _ async throws in
      let edition = try await ReportDesk(world).publish(2023)
      try await world.bring("etats", "structure;etat;depuis\nM2;aci;2023-03-01\nC1;formalisation;2024-02-01\n")
      #expect(try await changes(since: edition, world) == ["structures M2 moved"])
      #expect(
        try await values(since: edition, world) == [
          "structures.count 2023 Savoie (73) ACI 0 1", "structures.count 2023 Savoie (73) Hors ACI 1 0",
        ])
      try await world.bring("effectifs", "structure;date;nombre;source\nM1;2022-06-01;14;Enquête\n")
      #expect(try await changes(since: edition, world) == ["structures M2 moved", "structures M1 moved"])
    }
  }

  @Test(arguments: Engine.allCases)
  func aYearThatIsNotOverOrHasNothingIsRefused(_ engine: Engine) async throws {
    try await withWorld(engine) { world, clock async throws in
      let desk = ReportDesk(world)
      for year in [2024, 2025] {
        let sentence = "L’année \(year) n’est pas finie : son rapport se publie à partir du 1er janvier \(year + 1)."
        await #expect(throws: Refusal(sentence)) { try await desk.publish(year) }
      }
      await #expect(throws: Refusal.self) { try await desk.publish(20) }
      // Midnight in Paris, not in Greenwich.
      try clock.set("2024-12-31T22:59:59Z")
      await #expect(throws: Refusal.self) { try await desk.publish(2024) }
      try clock.set("2024-12-31T23:00:00Z")
      #expect(try await desk.publish(2024).publishedOn == CivilDate(iso: "2025-01-01"))
      await #expect(throws: Refusal.self) { try await desk.publish(1990) }
    }
  }

  @Test(arguments: Engine.allCases)
  func nothingIsPublishedTwice(_ engine: Engine) async throws {
    try await withWorld(engine) { world, _ async throws in
      let desk = ReportDesk(world)
      let numbers = try await withThrowingTaskGroup(of: Int.self) { group in
        for _ in 0..<8 { group.addTask { try await desk.publish(2023, as: 1).number } }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(numbers == Array(repeating: 1, count: 8))
      #expect(try await world.database.read { try ReportEdition.all($0).count } == 1)
      let events: Int? = try await world.database.read { try $0.value("SELECT count(*) FROM event WHERE operation = 'publication'") }
      #expect(events == 1)
      await #expect(throws: Refusal("Rien n’a changé depuis l’édition 1 du rapport 2023 : elle est toujours exacte.")) {
        try await desk.publish(2023)
      }
      await #expect(throws: Refusal("La prochaine édition du rapport 2023 est l’édition 2.")) { try await desk.publish(2023, as: 3) }
      // Words are a reason too.
      try await world.database.write {
        _ = try $0.execute("UPDATE reference_value SET label = 'Appel' WHERE list = 'channel' AND code = 'telephone'")
      }
      #expect(try await desk.publish(2023, as: 2).number == 2)
    }
  }

  @Test(arguments: Engine.allCases)
  func thePublicationIsInTheAuditTrail(_ engine: Engine) async throws {
    try await withWorld(engine) { world, _ async throws in
      let account = try await world.accounts.create(
        email: "odile@exemple.fr", name: "Odile Marchandet", role: .direction, password: "un mot de passe")
      let edition = try await ReportDesk(world, actor: account.id).publish(2023)
      #expect(edition.author == "Odile Marchandet")
      let event = try await world.database.read {
        try $0.first("SELECT account_id, subject_id, at FROM event WHERE operation = 'publication' AND kind = 'rapports'")
      }
      let row = try #require(event)
      #expect(try row[0] as Int64 == account.id.rawValue && row[1] as Int64 == edition.id.rawValue)
      #expect(try row[2] as Instant == edition.publishedAt)
    }
  }

  @Test(arguments: Engine.allCases)
  func anEditionCannotBeChangedAndWhatIsAddedToItIsFound(_ engine: Engine) async throws {
    try await withWorld(engine) { world, _ async throws in
      let edition = try await ReportDesk(world).publish(2023)
      for statement in [
        "UPDATE report_edition SET number = 9", "DELETE FROM report_edition", "UPDATE report_edition_record SET amount = 9",
        "DELETE FROM report_edition_record", "DELETE FROM report_edition_source", "UPDATE report_edition_source SET version = 9",
      ] as [SQL] {
        await #expect(throws: DatabaseError.self) { try await world.database.write { try $0.execute(statement) } }
      }
      #expect(try await faults(world) == [])
      // An erasure empties what records were called, and nothing else.
      try await world.database.write { _ = try $0.execute("UPDATE report_edition_source SET label = NULL") }
      #expect(try await faults(world) == [])
      try await world.database.write {
        _ = try $0.execute("INSERT INTO report_edition_record VALUES (\(edition.id), 1, '38|projet', 1, 1, 1, NULL)")
      }
      #expect(try await faults(world) == ["L’édition 1 du rapport 2023 ne correspond plus à son empreinte."])
    }
  }
}
