import Foundation
import Records
import Store
import Synchronization
import TestSupport
import Testing

/// Work that is done later: once for each key, by one runner at a time, again when it fails.
@Suite struct JobsTests {
  @Test(arguments: Engine.allCases)
  func aJobIsPartOfTheOperationThatWantsIt(_ engine: Engine) async throws {
    try await Workshop.with(engine) { workshop async throws in
      _ = try? await workshop.database.write { connection in
        try workshop.queue.ask(TraceJob.self, "jamais", connection)
        throw Refusal("non")
      }
      _ = try await workshop.ask(TraceJob.self, "é « oui »")
      #expect(try await workshop.runner(TraceJob()).runDue() == .init(done: 1))
      #expect(try await workshop.runner(TraceJob()).runDue() == .init())
      #expect(try await workshop.traces() == ["é « oui »"])
      #expect(try await workshop.jobs().isEmpty)
    }
  }

  @Test(arguments: Engine.allCases)
  func aJobWaitsForItsMoment(_ engine: Engine) async throws {
    try await Workshop.with(engine) { workshop async throws in
      _ = try await workshop.ask(TraceJob.self, "b", due: Instant(workshop.clock.now.addingTimeInterval(60)))
      #expect(try await workshop.runner(TraceJob()).runDue() == .init())
      workshop.clock.move(by: .seconds(60))
      #expect(try await workshop.runner(TraceJob()).runDue() == .init(done: 1))
    }
  }

  @Test(arguments: Engine.allCases)
  func whatIsAskedTwiceIsDoneOnce(_ engine: Engine) async throws {
    try await Workshop.with(engine) { workshop async throws in
      let loan = Identifier<TraceJob>(rawValue: 7)
      let day = CivilDate(of: workshop.clock.now, in: .gmt)
      let key = JobKey("prets.rappel", loan, day)
      // At the same moment, too.
      let asked = try await withThrowingTaskGroup { group in
        for _ in 1...8 { group.addTask { try await workshop.ask(TraceJob.self, "rappel", once: key) } }
        return try await group.reduce(into: 0) { $0 += $1 == nil ? 0 : 1 }
      }
      #expect(asked == 1)
      #expect(try await workshop.ask(TraceJob.self, "demain", once: JobKey("prets.rappel", loan, day.next)) != nil)
      #expect(try await workshop.ask(TraceJob.self, "autre règle", once: JobKey("prets.retard", loan, day)) != nil)
      #expect(try await workshop.runner(TraceJob()).runDue() == .init(done: 3))
      // Done jobs go after 30 days; what was asked once stays asked.
      workshop.clock.move(by: .seconds(31 * 86_400))
      #expect(try await workshop.runner(TraceJob()).runDue() == .init())
      #expect(try await workshop.count("job") == 0)
      #expect(try await workshop.ask(TraceJob.self, "rappel", once: key) == nil)
    }
  }

  @Test(arguments: Engine.allCases)
  func runnersAtTheSameTimeShareTheJobs(_ engine: Engine) async throws {
    try await Workshop.with(engine) { workshop async throws in
      let wanted = (100..<160).map(String.init)
      for text in wanted { _ = try await workshop.ask(FreeJob.self, text) }
      let seen = Mutex<[String]>([])
      let job = FreeJob { text, _ in
        seen.withLock { $0.append(text) }
        try await Task.sleep(for: .milliseconds(2))
      }
      let done = try await withThrowingTaskGroup { group in
        for _ in 1...4 { group.addTask { try await workshop.runner(job).runDue().done } }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(seen.withLock { $0.sorted() } == wanted)
      #expect(done.reduce(0, +) == 60 && done.filter { $0 > 0 }.count > 1)
      #expect(workshop.failures.count == 0)
    }
  }

  @Test(arguments: Engine.allCases)
  func aKilledNodesJobComesBackWhenItsLeaseEnds(_ engine: Engine) async throws {
    try await Workshop.with(engine) { workshop async throws in
      _ = try await workshop.ask(TraceJob.self, "repris")
      try await dieInTheMiddle(workshop)
      workshop.clock.move(by: .seconds(59))
      #expect(try await workshop.runner(TraceJob()).runDue() == .init())
      workshop.clock.move(by: .seconds(1))
      #expect(try await workshop.runner(TraceJob()).runDue() == .init(done: 1))
      #expect(try await workshop.traces() == ["repris"])
    }
  }

  @Test(arguments: Engine.allCases)
  func aNodeThatOverstaysItsLeaseWritesNothing(_ engine: Engine) async throws {
    try await Workshop.with(engine) { workshop async throws in
      _ = try await workshop.ask(FreeJob.self, "lent")
      let slow = FreeJob { text, context in
        // While it sleeps, its lease ends and another node does the job.
        workshop.clock.move(by: .seconds(61))
        let other = FreeJob { text, context in
          try await context.complete { _ = try $0.execute("INSERT INTO trace VALUES (\("rapide"))") }
        }
        #expect(try await workshop.runner(other).runDue() == .init(done: 1))
        try await context.complete { _ = try $0.execute("INSERT INTO trace VALUES (\(text))") }
      }
      _ = try await workshop.runner(slow).runDue()
      #expect(try await workshop.traces() == ["rapide"])
      #expect(try await workshop.jobs().isEmpty)
    }
  }

  @Test(arguments: Engine.allCases)
  func aFailureIsTriedAgainWithGrowingDelaysThenGivenUp(_ engine: Engine) async throws {
    try await Workshop.with(engine) { workshop async throws in
      _ = try await workshop.ask(FreeJob.self, "x")
      let job = FreeJob { _, _ in throw Refusal("Le serveur dort.") }
      for delay in [60, 300, 1_800, 7_200, 21_600, 43_200, 86_400, 86_400] {
        #expect(try await workshop.runner(job).runDue() == .init(postponed: 1))
        let due = try await #require(workshop.jobs().first).due
        #expect(due == Instant(workshop.clock.now.addingTimeInterval(Double(delay))))
        workshop.clock.move(by: .seconds(delay - 1))
        #expect(try await workshop.runner(job).runDue() == .init())
        workshop.clock.move(by: .seconds(1))
      }
      #expect(try await workshop.runner(job).runDue() == .init(givenUp: 1))
      let left = try await #require(workshop.jobs().first)
      #expect(left.attempts == 9 && left.error == "Le serveur dort." && left.givenUp == Instant(workshop.clock.now))
      #expect(try await workshop.traces() == ["abandon x"])
      workshop.clock.move(by: .seconds(40 * 86_400))
      #expect(try await workshop.runner(job).runDue() == .init())
      #expect(try await workshop.jobs().count == 1)
    }
  }

  @Test(arguments: Engine.allCases)
  func whatAnUnexpectedErrorHoldsIsNotKept(_ engine: Engine) async throws {
    struct Leak: Error {
      let password = "très-secret"
    }
    try await Workshop.with(engine) { workshop async throws in
      _ = try await workshop.ask(FreeJob.self, "x")
      _ = try await workshop.runner(FreeJob { _, _ in throw Leak() }).runDue()
      #expect(try await workshop.jobs().first?.error == "Erreur inattendue (Leak) : voyez le journal du programme.")
      #expect(workshop.failures.count == 1)
    }
  }

  @Test(arguments: Engine.allCases)
  func aJobThatKillsItsProcessIsGivenUp(_ engine: Engine) async throws {
    try await Workshop.with(engine) { workshop async throws in
      _ = try await workshop.ask(TraceJob.self, "x")
      let schedule = RetrySchedule([.seconds(1)])
      for _ in 1...2 {
        try await dieInTheMiddle(workshop)
        workshop.clock.move(by: .seconds(60))
        _ = try await workshop.database.write { try $0.execute("UPDATE job SET claim_id = NULL, leased_until = NULL") }
      }
      #expect(try await workshop.runner(TraceJob(), schedule: schedule).runDue() == .init(givenUp: 1))
      #expect(try await workshop.traces() == ["abandon x"])
    }
  }

  @Test(arguments: Engine.allCases)
  func jobsThatCannotRunHereWait(_ engine: Engine) async throws {
    try await Workshop.with(engine) { workshop async throws in
      _ = try await workshop.ask(FreeJob.self, "x")
      _ = try await workshop.ask(TraceJob.self, "y")
      let blocked = FreeJob(obstacle: "Rien n’est branché.") { _, _ in }
      #expect(try await workshop.runner(blocked).runDue() == .init())
      #expect(try await workshop.runner(blocked, TraceJob()).runDue() == .init(done: 1))
      #expect(try await workshop.jobs().map(\.attempts) == [0])
      #expect(try await workshop.runner(FreeJob { _, _ in }).runDue() == .init(done: 1))
    }
  }

  @Test(arguments: Engine.allCases)
  func stoppingLetsTheJobUnderWayEnd(_ engine: Engine) async throws {
    try await Workshop.with(engine) { workshop async throws in
      for text in ["a", "b"] { _ = try await workshop.ask(FreeJob.self, text) }
      let (started, signal) = AsyncStream<Void>.makeStream()
      let job = FreeJob { text, context in
        signal.yield()
        try await Task.sleep(for: .milliseconds(50))
        try await context.complete { _ = try $0.execute("INSERT INTO trace VALUES (\(text))") }
      }
      let running = Task { await workshop.runner(job).run(every: .milliseconds(5)) }
      for await _ in started { break }
      running.cancel()
      await running.value
      #expect(try await workshop.traces() == ["a"])
      #expect(workshop.failures.count == 0)
      #expect(try await workshop.runner(job).runDue() == .init(done: 1))
    }
  }
}
