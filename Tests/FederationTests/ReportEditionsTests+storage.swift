import Foundation
import Records
import Store
import TestSupport
import Testing

@testable import Federation

/// Editions as they are kept: in archives, beside figures of other versions, and in the form that a reader of them knows.
extension ReportEditionsTests {
  private static let pairs = Engine.allCases.flatMap { from in Engine.allCases.map { (from, $0) } }

  @Test(arguments: pairs)
  func editionsAreInArchives(_ from: Engine, _ to: Engine) async throws {
    let archive = FileManager.default.temporaryDirectory.appending(path: "archive-\(UUID().uuidString).jsonl")
    defer { try? FileManager.default.removeItem(at: archive) }
    try await withWorld(from) { world, _ async throws in
      let edition = try await ReportDesk(world).publish(2023)
      try await world.bring("echanges", "date;canal;structures;reference\n2023-09-01;visite;N1;E5\n")
      _ = try await ReportDesk(world).publish(2023)
      _ = try await world.model.backUp(world.database, to: archive)
      try await withDatabase(to) { database async throws in
        _ = try await world.model.restore(archive, into: database)
        let again = Installation(database: database, geography: TestDatabases.geography, ids: world.ids, now: world.now)
        let restored = try await database.read { try ReportEdition.all(of: 2023, $0) }
        #expect(restored.map(\.number) == [2, 1] && restored.last?.digest == edition.digest)
        #expect(try await whole(try #require(restored.last), again) == whole(edition, world))
        #expect(try await changes(since: try #require(restored.first), again) == [])
        #expect(try await faults(again) == [])
        await #expect(throws: DatabaseError.self) { try await database.write { try $0.execute("DELETE FROM report_edition") } }
        try await again.bring("echanges", "date;canal;structures;reference\n2023-09-02;visite;N1;E6\n")
        #expect(try await ReportDesk(again).publish(2023).number == 3)
      }
    }
  }

  /// Every number of an edition has as many records as it says, or they add up to it.
  @Test(arguments: Engine.allCases)
  func everyNumberIsItsRecords(_ engine: Engine) async throws {
    try await withInstallation(engine, holding: .demonstration) { world async throws in
      let edition = try await ReportDesk(world).publish(2025, acceptsUnread: true)
      let reader = Account(id: Identifier(rawValue: 1), email: "", name: "", role: .direction, territory: nil)
      let checked = try await world.database.read { [model = world.model] connection in
        var checked = 0
        for figure in try edition.report(connection).figures where figure.total.source == nil {
          let numbers = [(nil, figure.total)] + figure.values.filter { $0.source == nil }.map { ([$0.codes], $0) }
          for (cells, value) in numbers {
            let listing = try EditionListing(
              edition, figure, cells: cells, for: reader, model.kind(figure.recordKind), offset: 0, limit: 10_000, connection)
            #expect(listing.rows.count == listing.whole && listing.total == listing.whole)
            #expect((figure.sumsAmounts ? listing.sum : listing.whole) == value.value, "\(figure.id) \(figure.period.label) \(value.codes)")
            #expect(listing.sum == listing.rows.reduce(0) { $0 + ($1.amount ?? 0) })
            checked += 1
          }
        }
        return checked
      }
      #expect(checked > 50)
    }
  }

  @Test(arguments: Engine.allCases)
  func aReferentReadsTheNamesOfTheirTerritory(_ engine: Engine) async throws {
    try await withWorld(engine) { world, _ async throws in
      let edition = try await ReportDesk(world).publish(2023)
      try await remove(exchange: "E3", world)
      func listing(_ role: Role, _ territory: String?) async throws -> (shown: [String?], total: Int, whole: Int) {
        let reader = Account(id: Identifier(rawValue: 1), email: "", name: "", role: role, territory: territory)
        return try await world.database.read { [model = world.model] connection in
          let figure = try edition.report(connection).exchangesByTheme
          let listing = try EditionListing(
            edition, figure, cells: nil, for: reader, model.kind("echanges"), offset: 0, limit: 50, connection)
          let changes = try ReportChanges(since: edition, model, connection)
          let visible = try changes.entries(for: reader, model, connection).count
          #expect(changes.count == 1 && visible == (role == .communication || territory == "ouest" ? 0 : 1))
          return (listing.rows.map(\.name.label), listing.total, listing.whole)
        }
      }
      #expect(try await listing(.direction, nil).shown == ["Statuts", "Projet", "Locaux"])
      let east = try await listing(.referent, "est")
      #expect(east.shown == ["Projet", "Locaux"] && east.total == 2 && east.whole == 3)
      #expect(try await listing(.referent, "ouest").shown == ["Statuts", "Projet"])
      #expect(try await listing(.communication, nil) == ([], 0, 3))
    }
  }

  /// A value taken over has no records: its correction is a modification by itself.
  @Test(arguments: Engine.allCases)
  func aValueTakenOverIsCorrected(_ engine: Engine) async throws {
    try await withWorld(engine) { world, _ async throws in
      try await world.bring("series", "figure;periode;valeur;source\ncontacts.count;2020;148;Rapport 2020\n")
      let edition = try await ReportDesk(world).publish(2023)
      try await world.bring("series", "figure;periode;valeur;source\ncontacts.count;2020;149;Rapport 2020\n")
      let count = try await world.database.read { [model = world.model] in try ReportChanges(since: edition, model, $0).count }
      #expect(count == 1)
      #expect(try await values(since: edition, world) == ["contacts.count 2020 148 149"])
      #expect(try await ReportDesk(world).publish(2023).number == 2)
    }
  }

  /// Editions are read for ever: what they hold keeps its names.
  @Test func theFormOfAnEditionStays() throws {
    let manner = "{\"isRatio\":false,\"isShare\":false,\"isState\":false,\"moreIsBetter\":true,\"scale\":1,\"unit\":\"échanges\"}"
    let figure = """
      {"definition":"d","dimensions":[{"code":"canal","label":"Canal","values":[{"code":"visio","label":"Visio","position":3}]}],"id":"contacts.count",\
      "label":"Échanges","manner":\(manner),"number":2,"period":{"from":"2023-01-01","label":"2023","through":"2023-12-31"},"recordKind":"echanges","sumsAmounts":false,\
      "total":{"codes":[],"source":"Rapport","value":4},"values":[{"codes":["visio"],"value":3}]}
      """
    let period = "{\"from\":\"2023-01-01\",\"label\":\"2023\",\"through\":\"2023-12-31\"}"
    let key = "{\"current\":\(figure),\"previous\":\(figure)}"
    let text = """
      {"exchanges":\(key),"exchangesByChannel":[\(figure)],"exchangesByTheme":\(figure),"minutes":\(key),"newTeams":\(key),"period":\(period),\
      "previousPeriod":\(period),"professionals":\(key),"structures":\(key),"structuresByDepartment":\(figure),"teams":\(key)}
      """
    let report = try JSONDecoder().decode(ActivityReport.self, from: Data(text.utf8))
    #expect(report.figures.count == 1 && report.exchanges.current.total.source == "Rapport")
    #expect(report.exchangesByChannel[0].dimensions[0].label("visio") == "Visio" && report.period == Period(year: 2023))
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    #expect(String(decoding: try encoder.encode(report), as: UTF8.self) == text)
  }
}
