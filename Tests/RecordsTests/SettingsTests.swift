import Foundation
import Store
import TestSupport
import Testing

@testable import Records

/// What a federation sets for itself, with the days from which it holds.
@Suite struct SettingsTests {
  private struct Office {
    let database: any Database
    let settings: SettingEditor

    init(_ database: any Database) {
      self.database = database
      settings = SettingEditor(BookRecords.model, database, ids: IdentifierSource(), now: { TestClock.now }, actor: 7)
    }

    func read() async throws -> Settings { try await database.read { try Settings($0) } }

    /// What the audit trail holds of settings: who, which operation, what it was and what it is.
    func trail() async throws -> [String] {
      try await database.read { connection in
        try connection.rows(
          """
          SELECT e.operation, e.kind, e.account_id, i.version, i.created, i.change FROM event e
          JOIN image i ON i.event_id = e.id AND i.record_id = e.subject_id ORDER BY e.id
          """
        ).map {
          "\(try $0[0] as String) \(try $0[1] as String) \(try $0[2] as Int) \(try $0[3] as Int) \(try $0[4] as Bool) \(try $0[5] as String)"
        }
      }
    }
  }

  private func withOffice(_ engine: Engine, _ body: (Office) async throws -> Void) async throws {
    try await withDatabase(engine) { database in
      _ = try await BookRecords.model.migrate(database)
      try await body(Office(database))
    }
  }

  private func day(_ text: String) throws -> CivilDate { try #require(CivilDate(iso: text)) }

  @Test(arguments: Engine.allCases)
  func settingsRefuseWhatTheyCannotBe(_ engine: Engine) async throws {
    try await withOffice(engine) { office async throws in
      try await office.settings.set("nom", to: "  Fédération du Sud ")
      try await office.settings.set("fuseau", to: "Indian/Reunion")
      let settings = try await office.read()
      #expect(settings.text(.federationName, on: .openEnd) == "Fédération du Sud")
      // 21 November 2026 at 21:00 UTC is already the 22nd on Réunion.
      #expect(settings.today(Date(timeInterval: 11 * 3600, since: TestClock.now)).day == 22)
      for (name, value) in [("fuseau", "Lune/Nord"), ("nom", " "), ("couleur", "bleu"), ("demonstration", "oui")] {
        await #expect(throws: Refusal.self) { try await office.settings.set(name, to: value) }
      }
    }
  }

  @Test(arguments: Engine.allCases)
  func aValueHoldsFromItsDayToTheNext(_ engine: Engine) async throws {
    try await withOffice(engine) { office async throws in
      let (first, second) = (try day("2020-01-01"), try day("2024-05-01"))
      try await office.settings.set("nom", to: "Nouvelle", since: second)
      try await office.settings.set("nom", to: "Ancienne", since: first)
      func names() async throws -> [String] {
        let settings = try await office.read()
        let preferences = try await office.database.read { try Preferences($0).settings }
        return [.distantPast, first.previous, first, second.previous, second, .openEnd].map { day in
          #expect(preferences.text(.federationName, on: day) == settings.text(.federationName, on: day))
          return settings.text(.federationName, on: day)
        }
      }
      #expect(try await names() == ["Ma fédération", "Ma fédération", "Ancienne", "Ancienne", "Nouvelle", "Nouvelle"])
      // Without a date, since ever: what has one takes over all the same.
      try await office.settings.set("nom", to: "Première")
      #expect(try await names() == ["Première", "Première", "Ancienne", "Ancienne", "Nouvelle", "Nouvelle"])
      try await office.settings.remove("nom", since: first)
      #expect(try await names() == ["Première", "Première", "Première", "Première", "Nouvelle", "Nouvelle"])
      await #expect(throws: Refusal.self) { try await office.settings.remove("nom", since: first) }
      await #expect(throws: Refusal.self) { try await office.settings.remove("couleur", since: first) }
    }
  }

  @Test(arguments: Engine.allCases)
  func everyChangeIsInTheAuditTrail(_ engine: Engine) async throws {
    try await withOffice(engine) { office async throws in
      try await office.settings.set("nom", to: "A")
      try await office.settings.set("nom", to: " A ")
      try await office.settings.set("nom", to: "B")
      try await office.settings.set("nom", to: "C", since: day("2024-05-01"))
      try await office.settings.remove("nom", since: day("2024-05-01"))
      #expect(
        try await office.trail() == [
          """
          reglage reglages 7 1 true {"after":{"depuis":"0001-01-01","reglage":"nom","valeur":"A"},\
          "before":{"depuis":null,"reglage":null,"valeur":null}}
          """,
          #"reglage reglages 7 2 false {"after":{"valeur":"B"},"before":{"valeur":"A"}}"#,
          """
          reglage reglages 7 1 true {"after":{"depuis":"2024-05-01","reglage":"nom","valeur":"C"},\
          "before":{"depuis":null,"reglage":null,"valeur":null}}
          """,
          """
          reglage reglages 7 2 false {"after":{"depuis":null,"reglage":null,"valeur":null},\
          "before":{"depuis":"2024-05-01","reglage":"nom","valeur":"C"}}
          """,
        ])
    }
  }

  /// A database of before, whose settings had no dates.
  @Test(arguments: Engine.allCases)
  func settingsWithoutDatesHoldSinceEver(_ engine: Engine) async throws {
    try await withDatabase(engine) { database async throws in
      _ = try await Migrator([Setting.migrations[0]]).migrate(database)
      try await database.write {
        try $0.execute("INSERT INTO setting VALUES ('nom', 'Fédération du Sud'), ('fuseau', 'Indian/Reunion')")
      }
      _ = try await BookRecords.model.migrate(database)
      let settings = try await database.read { try Settings($0) }
      for day in [CivilDate.distantPast, .openEnd] {
        #expect(settings.text(.federationName, on: day) == "Fédération du Sud")
        #expect(settings.text(.timeZone, on: day) == "Indian/Reunion")
      }
    }
  }
}
