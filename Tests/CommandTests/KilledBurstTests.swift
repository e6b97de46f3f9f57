import Foundation
import Store
import Synchronization
import TestSupport
import Testing

@testable import Federation

/// Story 30: programs killed in the middle of a burst of saves. What was acknowledged is there afterwards, nothing is half there.
///
/// A hundred kills over both engines; `MAILLAGE_KILLS` asks for more, `MAILLAGE_KILLS_SEED` for the moments of an earlier run.
struct KilledBurstTests {
  private static let kills = setting("MAILLAGE_KILLS").map { Int($0) } ?? 100
  private static let seed = setting("MAILLAGE_KILLS_SEED") ?? .random(in: 0...(.max))

  private static func setting(_ name: String) -> UInt64? { ProcessInfo.processInfo.environment[name].flatMap { UInt64($0) } }

  @Test(arguments: Engine.allCases) func whatWasAcknowledgedOutlivesTheProgram(_ engine: Engine) async throws {
    var random = SeededRandom(seed: Self.seed)
    let burst = try await Burst(engine)
    var (kills, round) = (0, 0)
    while kills < (Self.kills + 1) / 2 {
      round += 1
      let moment = Duration.milliseconds(Int.random(in: 20...500, using: &random))
      kills += try await burst.round(killedAfter: moment, "seed \(Self.seed), \(engine), round \(round), \(moment)")
    }
    #expect(burst.ledger.acknowledged.count > kills / 4, "seed \(Self.seed): nothing much was under way")
  }
}

/// One federation, whose people and commands work all at once until everything is killed.
private struct Burst {
  let ledger = Ledger()
  private let program: Program
  private let browser = Browser()

  /// What came back before the kill.
  final class Ledger: Sendable {
    struct State {
      /// Numbers of files.
      var acknowledged: Set<Int> = []
      var interrupted: Set<Int> = []
      var open: Set<String> = []
      var closed: Set<String> = []
      var running: [Int: RunningProgram] = [:]
      var next = 0
      var isOver = false
    }

    private let state = Mutex(State())

    var acknowledged: Set<Int> { update { $0.acknowledged } }
    var isOver: Bool { update { $0.isOver } }

    func update<Value: Sendable>(_ body: (inout State) throws -> Value) rethrows -> Value { try state.withLock { try body(&$0) } }

    /// Starts the program that brings a file; `nil` when all is over.
    func start(_ number: Int, _ body: () throws -> RunningProgram) rethrows -> RunningProgram? {
      try update { state in
        guard !state.isOver else { return nil }
        let running = try body()
        state.running[number] = running
        return running
      }
    }
  }

  init(_ engine: Engine) async throws {
    program = try await Program.ready(engine)
    try await program.makeAccount()
    let structures = (["reference;type;nom;departement"] + (0..<10).map { "S\($0);msp;Équipe \($0);38" }).joined(separator: "\n")
    try #require(try await program.run("import", "structures", try file(structures)).status == 0)
  }

  /// - Returns: how many programs were killed.
  func round(killedAfter moment: Duration, _ what: String) async throws -> Int {
    let server = try await Server.start(program)
    try await expectSessions(server, what)
    ledger.update { $0.isOver = false }
    let killed = try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<2 { group.addTask { try await keepImporting(what) } }
      for _ in 0..<2 { group.addTask { await keepTheDoor(server) } }
      try await Task.sleep(for: moment)
      let running = ledger.update { state in
        state.isOver = true
        return Array(state.running.values)
      }
      // All at once, as when the machine goes.
      for process in running + [server.process] where process.isRunning { kill(process.identifier, SIGKILL) }
      await server.process.end()
      return try await group.reduce(1, +)
    }
    try await expectEntries(what)
    return killed
  }

  /// Imports one small file after the other, each by a program of its own.
  /// - Returns: how many of the programs were killed.
  private func keepImporting(_ what: String) async throws -> Int {
    while true {
      let number = ledger.update { state in
        state.next += 1
        return state.next
      }
      let path = try file(Self.content(number))
      let running: RunningProgram? = try ledger.start(number) { try program.start(["import", "echanges", path, "--json"]) }
      guard let running else { return 0 }
      await running.end()
      ledger.update { _ = $0.running.removeValue(forKey: number) }
      let outcome = running.outcome
      if outcome.status == SIGKILL {
        ledger.update { _ = $0.interrupted.insert(number) }
        return 1
      }
      #expect(outcome.status == 0, "\(what): \(outcome.errors)")
      #expect(try outcome.importAnswer().counts == [Self.size, 0, 0], "\(what)")
      ledger.update { _ = $0.acknowledged.insert(number) }
    }
  }

  /// Signs in again and again, and out every other time, until nobody answers any more.
  private func keepTheDoor(_ server: Server) async -> Int {
    var stays = false
    while !ledger.isOver {
      guard let answer = try? await browser.signIn(server, Program.email, Program.password), answer.status == 303,
        let secret = answer.cookie("maillage")
      else { return 0 }
      ledger.update { _ = $0.open.insert(secret) }
      stays.toggle()
      if stays { continue }
      // Neither open nor closed until the answer comes.
      ledger.update { _ = $0.open.remove(secret) }
      guard let isOut = try? await browser.signOut(server, secret), isOut else { return 0 }
      ledger.update { _ = $0.closed.insert(secret) }
    }
    return 0
  }

  private func expectSessions(_ server: Server, _ what: String) async throws {
    let (open, closed) = ledger.update { state in
      defer { (state.open, state.closed) = ([], []) }
      return (state.open, state.closed)
    }
    for secret in open { #expect(try await browser.isSignedIn(server, secret), "\(what): a session that was opened before is lost") }
    for secret in closed { #expect(try await !browser.isSignedIn(server, secret), "\(what): a session that was closed before is open") }
  }

  /// Every acknowledged file is there, every other one is wholly there or not at all; then the interrupted ones are entered again.
  private func expectEntries(_ what: String) async throws {
    let check = try await program.run("check")
    #expect(check.status == 0, "\(what): \(check.text)\(check.errors)")
    let stored = Set(try await program.run("export", "echanges").lines.dropFirst())
    let (acknowledged, interrupted) = ledger.update { ($0.acknowledged, $0.interrupted) }
    var present = acknowledged
    for number in acknowledged {
      #expect(stored.isSuperset(of: Self.lines(number)), "\(what): file \(number) was acknowledged")
    }
    for number in interrupted {
      let found = stored.intersection(Self.lines(number)).count
      #expect(found == 0 || found == Self.size, "\(what): \(found) entries of file \(number)")
      if found > 0 { present.insert(number) }
    }
    #expect(stored.count == present.count * Self.size, "\(what)")
    try await expectTrail(files: present.count, what)
    for number in interrupted {
      let again = try await program.run("import", "echanges", try file(Self.content(number)), "--json").importAnswer()
      #expect(again.counts == (present.contains(number) ? [0, 0, Self.size] : [Self.size, 0, 0]), "\(what)")
    }
    ledger.update { state in
      state.acknowledged.formUnion(interrupted)
      state.interrupted.subtract(interrupted)
    }
  }

  /// The trail has one event a file, and one image an entry.
  private func expectTrail(files: Int, _ what: String) async throws {
    let database = try program.location.open()
    let counts = try await database.read { connection in
      try [
        "SELECT count(*) FROM import WHERE kind = 'echanges' AND created > 0",
        "SELECT count(*) FROM event WHERE kind = 'echanges' AND EXISTS (SELECT 1 FROM image i WHERE i.event_id = event.id)",
        "SELECT count(*) FROM image WHERE kind = 'echanges'",
      ].map { try connection.value($0, as: Int.self) }
    }
    await database.close()
    #expect(counts == [files, files, files * Self.size], "\(what)")
  }

  private static let size = 5

  private static func content(_ number: Int) -> String {
    (["date;canal;structures;personnes;themes;objet;duree_minutes;nouvelle_equipe;reference"]
      + (0..<size).map { "2024-03-0\($0 + 1);visio;S\($0)|S\($0 + 1);Ève \(number);covid|cpts;Objet \(number);15;oui;E\(number)-\($0)" })
      .joined(separator: "\n")
  }

  /// As the export prints them.
  private static func lines(_ number: Int) -> [String] {
    (0..<size).map {
      "2024-03-0\($0 + 1);visio;S\($0)|S\($0 + 1);;Ève \(number);covid|cpts;;Objet \(number);15;;equipe;oui;E\(number)-\($0)"
    }
  }
}
