import Foundation
import TestSupport
import Testing

@testable import Store

/// A process killed in the middle of an import leaves all of it or nothing.
struct KilledImportTests {
  private static let count = 30_000

  /// When the process is killed.
  private enum Moment: Sendable {
    /// After a share of the time that a whole import takes.
    case after(Double)
    /// That many milliseconds after the first rows reached the database.
    case writing(Int)
  }

  @Test(arguments: Engine.allCases) func aKilledImportLeavesAllOrNothing(_ engine: Engine) async throws {
    let exchanges = try file(Self.exchanges)
    var duration = Duration.zero
    let moments: [Moment] = [
      .writing(.random(in: 20...150)), .writing(0), .writing(.random(in: 150...600)), .after(.random(in: 0.05...0.6)),
      .after(.random(in: 0.6...1)),
    ]
    var emptyHanded = 0
    for (index, moment) in moments.enumerated() {
      let program = try await prepared(engine)
      let running = try program.start(["import", "echanges", exchanges])
      try await wait(for: moment, running, program, duration)
      await running.kill()
      let kept = try await count(program)
      #expect(kept == 0 || kept == Self.count, "\(moment): \(kept) exchanges")
      if kept == 0 { emptyHanded += 1 }
      let check = try await program.run("check")
      #expect(check.status == 0, "\(moment): \(check.text)\(check.errors)")
      // Once is enough for the import run again, whose time is that of a whole one.
      if index == 0 {
        let start = ContinuousClock.now
        let again = try await program.run("import", "echanges", exchanges, "--json").importAnswer()
        #expect(again.counts == (kept == 0 ? [Self.count, 0, 0] : [0, 0, Self.count]), "\(moment)")
        duration = ContinuousClock.now - start
        #expect(try await count(program) == Self.count)
      }
    }
    // Otherwise the test has killed nothing but processes that had finished.
    #expect(emptyHanded >= 1)
  }

  private static var exchanges: String {
    let lines = (1...count).map { number in
      let day = "2024-\(String(101 + number % 12).dropFirst())-\(String(101 + number % 28).dropFirst())"
      return "\(day);telephone;S\(number % 100);cpts|covid;Objet \(number);15;E\(number)"
    }
    return (["date;canal;structures;themes;objet;duree_minutes;reference"] + lines).joined(separator: "\n")
  }

  private func prepared(_ engine: Engine) async throws -> Program {
    let program = try await Program.ready(engine)
    let structures = (["reference;type;nom;departement"] + (0..<100).map { "S\($0);msp;Équipe \($0);38" }).joined(separator: "\n")
    #expect(try await program.run("import", "structures", try file(structures)).status == 0)
    return program
  }

  private func count(_ program: Program) async throws -> Int? {
    let run = try await program.run("figures", "--year", "2024", "--figure", "contacts.count", "--format", "json")
    return try run.figureRows().first?.count
  }

  private func wait(for moment: Moment, _ running: RunningProgram, _ program: Program, _ duration: Duration) async throws {
    switch moment {
    case .after(let share): try await Task.sleep(for: duration * share)
    case .writing(let milliseconds):
      while running.isRunning, try !hasBegunWriting(program.location) { try await Task.sleep(for: .milliseconds(2)) }
      try await Task.sleep(for: .milliseconds(milliseconds))
    }
  }

  /// Rows that nobody else can see yet already take room.
  private func hasBegunWriting(_ location: DatabaseLocation) throws -> Bool {
    switch location {
    case .sqlite(let path):
      let size = try? FileManager.default.attributesOfItem(atPath: path + "-wal")[.size] as? Int
      return (size ?? 0) > 500_000
    case .postgres(let address):
      let connection = try PostgresConnection(address, setUp: "SELECT 1")
      return try connection.value("SELECT pg_relation_size('exchange')", as: Int.self) ?? 0 > 100_000
    }
  }
}
