import Records
import Store
import TestSupport
import Testing

@testable import Federation

/// What is computed and stored: `check` tells when it is not what it should be, `migrate` mends it.
@Suite struct DerivedDataTests {
  private func faults(_ world: Installation) async throws -> [String] {
    try await world.database.read { [model = world.model] in try model.faults($0, today: .lastDay(of: 2021)) }
  }

  @Test(arguments: Engine.allCases)
  func whatIsOnTheBridgesOfExchangesIsComputed(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      try await world.bring("structures", "reference;type;nom;departement\nM1;msp;MSP du Val;38\n")
      try await world.bring("personnes", "reference;nom\nP1;Ferrand\n")
      try await world.bring(
        "echanges", "date;canal;structures;personnes;organisations;reference\n2021-05-04;visio;M1;P1|Zoé B.;CPAM;E1\n")
      let file = try await world.take("echanges")
      // As another fold would have left them: two spellings of one name.
      try await world.database.write { connection in
        try connection.execute("UPDATE exchange_structure SET date = '2020-01-01'")
        try connection.execute("UPDATE exchange_person SET number = number + 1")
        try connection.execute("UPDATE exchange_organisation SET number = number - 1")
        try connection.execute("INSERT INTO exchange_organisation SELECT id, 7, NULL, 'cpam' FROM exchange")
      }
      #expect(
        try await faults(world).filter { $0.contains("échanges") } == [
          "Les dates des échanges avec les structures ne sont plus à jour.",
          "Les numéros de qui prend part aux échanges ne sont plus à jour.",
        ])
      _ = try await world.model.migrate(world.database)
      #expect(try await faults(world).isEmpty)
      #expect(Fold.key(try await world.take("echanges")) == Fold.key(file))
    }
  }

  /// The version of what is computed is the same: what it reads has changed under it.
  @Test(arguments: Engine.allCases)
  func whatIsStaleIsMadeAgain(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      try await world.bring("structures", "reference;type;nom;departement;commune;etat;depuis\nM1;msp;MSP;38;38185;contact;2020-01-01\n")
      try await world.database.write { connection in
        try connection.execute("UPDATE commune SET name = 'Grenoble-sur-Isère' WHERE code = '38185'")
        try connection.execute("DELETE FROM structure_span")
      }
      #expect(try await faults(world).count > 1)
      _ = try await world.model.migrate(world.database)
      #expect(try await faults(world).isEmpty)
      let search: String? = try await world.database.read { try $0.value("SELECT search_fold FROM structure") }
      #expect(search?.contains("grenoble sur isere") == true)
    }
  }

  /// A mistaken command leaves a federation's database of an older version as it is.
  @Test(arguments: Engine.allCases)
  func aDemonstrationAsksBeforeItTouchesAnything(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      try await world.bring("structures", "reference;type;nom;departement\nM1;msp;La vraie;38\n")
      let latest = "202611211733-reference-lists"
      try await world.database.write { try $0.execute("DELETE FROM migration WHERE name = \(latest)") }
      for reset in [false, true] {
        await #expect(throws: Refusal.self) { try await Demonstration(world).make(reset: reset, size: .sample) }
      }
      let again: Int? = try await world.database.read { try $0.value("SELECT count(*) FROM migration WHERE name = \(latest)") }
      #expect(again == 0)
      #expect(try await world.database.read { try $0.value("SELECT name FROM structure") } == "La vraie")
    }
  }
}
