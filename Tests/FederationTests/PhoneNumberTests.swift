import Records
import Store
import TestSupport
import Testing

@testable import Federation

/// A number that nobody can dial is no way to reach anybody.
struct PhoneNumberTests {
  @Test(arguments: [
    "04 75 33 12 44", "0475331244", "04.75.33.12.44", "04/75/33/12/44", "+33 4 75 33 12 44", "+33 (0)4 75 33 12 44", "0033475331244",
    "+41 22 345 67 89", "0041 22 345 67 89", "+687 12 34 56", "0 800 123 456", "04 75 33 12 44 poste 12", "Accueil\u{A0}: 04 75 33 12 44",
    "04 75 33 12 44 / 06 11 22 33 44", "04 75 33 12 44 06 11 22 33 44",
  ])
  func wholeNumbersAreTaken(_ text: String) {
    #expect(PhoneNumber.stands(in: text))
  }

  @Test(arguments: [
    "06 12", "04 75 33 12", "04 75 33 12 44 5", "appelez-moi", "+33 4 75 33 12", "+1 234", "+1234567890123456", "15", "3114",
    "", "+", "12345678",
  ])
  func othersAreNot(_ text: String) {
    #expect(!PhoneNumber.stands(in: text))
  }

  @Test func servicesHaveShortOnes() {
    for text in ["15", "3114", "36 46", "116117", "116 117"] { #expect(PhoneNumber.isShort(text), "\(text)") }
    for text in ["06 12", "1", "123", "5555", "999999", ""] { #expect(!PhoneNumber.isShort(text), "\(text)") }
  }

  /// A form refuses, a file is told; what was there before keeps nobody from changing the rest.
  @Test(arguments: Engine.allCases) func anOldOneStaysUntilSomebodyChangesIt(_ engine: Engine) async throws {
    try await withInstallation(engine) { world in
      let outcome = try await world.bring("structures", "reference;type;nom;departement;telephone\nA;msp;MSP A;38;04 75 33 12\n")
      #expect(outcome.created == 1 && outcome.warnings.count == 1 && outcome.warnings[0].contains("numéro de téléphone complet"))
      let found: Int64? = try await world.database.read { try $0.value("SELECT id FROM structure") }
      let id = try #require(found)
      func faults(_ entries: Entries) async throws -> [String] {
        try await world.database.read { connection in
          let today = try Settings(connection).today(world.now())
          return try RecordForm.faults(entering: entries, StructureRecords(), id, today: today, connection).map(\.column)
        }
      }
      #expect(try await faults(["nom": "MSP B", "telephone": "04 75 33 12"]) == [])
      #expect(try await faults(["telephone": "04 75 33 13"]) == ["telephone"])
      #expect(try await faults(["telephone": "3114"]) == [])
    }
  }
}
