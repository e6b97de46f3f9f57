import Foundation
import Records
import Store
import Synchronization
import Tables
import TestSupport
import Testing

/// The machine's clock is set back by an hour: nothing runs or leaves twice, and the trail keeps its order.
@Suite struct ClockSetBackTests {
  private static let hour = Duration.seconds(3_600)

  @Test(arguments: Engine.allCases)
  func aJobUnderWayIsNotTakenByAnotherRunner(_ engine: Engine) async throws {
    try await Workshop.with(engine) { workshop async throws in
      _ = try await workshop.ask(FreeJob.self, "une fois")
      let job = FreeJob { text, context in
        workshop.clock.move(by: .zero - Self.hour)
        #expect(try await workshop.runner(TraceJob(), FreeJob { _, _ in Issue.record("taken twice") }).runDue() == .init())
        try await context.complete { _ = try $0.execute("INSERT INTO trace VALUES (\(text))") }
      }
      #expect(try await workshop.runner(job).runDue() == .init(done: 1))
      #expect(try await workshop.runner(job).runDue() == .init())
      workshop.clock.move(by: Self.hour + Self.hour)
      #expect(try await workshop.runner(job).runDue() == .init())
      #expect(try await workshop.traces() == ["une fois"])
    }
  }

  @Test(arguments: Engine.allCases)
  func whatWaitsOrWasLeftByADeadProcessRunsOnceAndLater(_ engine: Engine) async throws {
    try await Workshop.with(engine) { workshop async throws in
      _ = try await workshop.ask(TraceJob.self, "mort")
      try await dieInTheMiddle(workshop)
      _ = try await workshop.ask(TraceJob.self, "prévu", due: Instant(workshop.clock.now.addingTimeInterval(600)))
      workshop.clock.move(by: .zero - Self.hour)
      #expect(try await workshop.runner(TraceJob()).runDue() == .init())
      workshop.clock.move(by: Self.hour + .seconds(60))
      #expect(try await workshop.runner(TraceJob()).runDue() == .init(done: 1))
      workshop.clock.move(by: .seconds(540))
      #expect(try await workshop.runner(TraceJob()).runDue() == .init(done: 1))
      #expect(try await workshop.traces() == ["mort", "prévu"])
    }
  }

  @Test(arguments: Engine.allCases)
  func aJobThatFailedIsTriedAgainOnceForEachDelay(_ engine: Engine) async throws {
    try await Workshop.with(engine) { workshop async throws in
      _ = try await workshop.ask(FreeJob.self, "x")
      let runs = Mutex(0)
      let job = FreeJob { _, _ in
        runs.withLock { $0 += 1 }
        workshop.clock.move(by: .zero - Self.hour)
        throw Refusal("Pas encore.")
      }
      #expect(try await workshop.runner(job).runDue() == .init(postponed: 1))
      #expect(try await workshop.runner(job).runDue() == .init())
      workshop.clock.move(by: .seconds(60))
      #expect(try await workshop.runner(job).runDue() == .init(postponed: 1))
      #expect(try await workshop.runner(job).runDue() == .init())
      #expect(runs.withLock { $0 } == 2)
    }
  }

  @Test(arguments: Engine.allCases)
  func noMessageLeavesTwice(_ engine: Engine) async throws {
    try await Workshop.with(engine) { workshop async throws in
      let taken = Mutex<[Identifier<OutgoingMail>]>([])
      let sending = SendingJob { mail throws(DeliveryFailure) in
        taken.withLock { $0.append(mail.id) }
        workshop.clock.move(by: .zero - Self.hour)
      }
      let mail = OutgoingMail(to: [.init("camille@exemple.fr")], subject: "Réunion", text: "Bonjour,\n")
      let key = JobKey("lettres.envoi", Identifier<Workshop>(rawValue: 1), CivilDate(of: workshop.clock.now, in: .gmt))
      let due = Instant(workshop.clock.now.addingTimeInterval(600))
      let ids = try await workshop.database.write { connection in
        [
          try workshop.outbox.post(mail, as: .letter, once: key, connection), try workshop.outbox.post(mail, as: .notice, connection),
          try workshop.outbox.post(mail, as: .letter, due: due, connection),
        ].compactMap(\.self)
      }
      for _ in 0..<8 {
        _ = try await workshop.runner(sending).runDue()
        workshop.clock.move(by: .seconds(1_800))
      }
      workshop.clock.move(by: Self.hour + Self.hour)
      _ = try await workshop.runner(sending).runDue()
      #expect(taken.withLock { $0.sorted() } == ids.sorted())
      #expect(try await workshop.database.write { try workshop.outbox.post(mail, as: .letter, once: key, $0) } == nil)
    }
  }

  @Test(arguments: Engine.allCases)
  func theTrailKeepsTheOrderOfWhatWasDone(_ engine: Engine) async throws {
    try await withDatabase(engine) { database async throws in
      let clock = MovingClock()
      let now: @Sendable () -> Date = { clock.now }
      _ = try await BookRecords.model.migrate(database)
      let importer = Importer(database: database, ids: IdentifierSource(now: now), now: now)
      for pages in 1...4 {
        let text = "reference;titre;pages\nA;Soigner;\(pages)\nB\(pages);Tenir;\(pages)\n"
        let table = try CSV.read(Array(text.utf8))
        let outcome = try await importer.run(BookRecords(), table: table, fileName: "livres.csv", options: ImportOptions())
        #expect(outcome.refused.isEmpty)
        clock.move(by: .zero - Self.hour)
      }
      let (books, moments, history) = try await database.read { connection in
        let books: [String] = try connection.rows("SELECT reference FROM book ORDER BY id").map { try $0[0] }
        let moments: [Instant] = try connection.rows("SELECT at FROM event ORDER BY id").map { try $0[0] }
        let first: Int64 = try connection.value("SELECT MIN(id) FROM book") ?? 0
        return (books, moments, try RecordHistory(first, of: BookRecords(), connection).entries)
      }
      #expect(books == ["A", "B1", "B2", "B3", "B4"])
      #expect(moments.count == 4 && zip(moments, moments.dropFirst()).allSatisfy { $0 > $1 })
      #expect(history.dropLast().map { $0.changes.map(\.after) } == [["4"], ["3"], ["2"]] && history.last?.isCreation == true)
    }
  }
}
