import Foundation
import Records
import Store
import Synchronization
import TestSupport
import Testing

/// A mail server that does what the test says, and remembers what it took.
private final class Post: Sendable {
  enum Answer {
    case takes
    case failsAfterTaking
    case failsBefore(DeliveryFailure.Kind)
  }

  private let state = Mutex<(answers: [Answer], taken: [PostedMail])>(([], []))

  /// What follows the answers given: it takes.
  init(_ answers: Answer...) {
    state.withLock { $0.answers = answers }
  }

  var taken: [PostedMail] { state.withLock { $0.taken } }

  var job: SendingJob {
    SendingJob { mail throws(DeliveryFailure) in
      let failure = self.state.withLock { state -> DeliveryFailure? in
        switch state.answers.isEmpty ? .takes : state.answers.removeFirst() {
        case .takes:
          state.taken.append(mail)
          return nil
        case .failsAfterTaking:
          state.taken.append(mail)
          return DeliveryFailure(.uncertain, "Coupure.")
        case .failsBefore(let kind): return DeliveryFailure(kind, "Refus.")
        }
      }
      if let failure { throw failure }
    }
  }
}

/// Messages leave with the change that wants them, and no letter leaves twice.
@Suite struct OutboxTests {
  private static let mail = OutgoingMail(
    to: [.init("camille@exemple.fr", name: "Camille « Zoé »")], cc: [.init("equipe@exemple.fr")], replyTo: .init("reponse@exemple.fr"),
    subject: "Réunion", text: "Bonjour,\n", html: "<p>Bonjour,</p>", headers: ["List-Unsubscribe": "<https://exemple.fr/x>"],
    attachments: [
      .init(name: "é.bin", mediaType: "application/octet-stream", content: Array(0...255)), .init(name: "b", mediaType: "", content: []),
    ])

  private func post(_ manner: MailManner, _ workshop: Workshop, once key: JobKey? = nil) async throws -> Identifier<OutgoingMail>? {
    try await workshop.database.write { try workshop.outbox.post(Self.mail, as: manner, once: key, $0) }
  }

  private func posted(_ id: Identifier<OutgoingMail>?, _ workshop: Workshop) async throws -> PostedMail {
    let id = try #require(id)
    return try await #require(workshop.database.read { try PostedMail(id, $0) })
  }

  @Test(arguments: Engine.allCases)
  func aMessageLeavesWholeAndOnce(_ engine: Engine) async throws {
    try await Workshop.with(engine) { workshop async throws in
      _ = try? await workshop.database.write { connection in
        try workshop.outbox.post(Self.mail, as: .letter, connection)
        throw Refusal("non")
      }
      let id = try await post(.letter, workshop)
      #expect(try await posted(id, workshop).state == .waiting)
      let post = Post()
      #expect(try await workshop.runner(post.job).runDue() == .init(done: 1))
      #expect(try await workshop.runner(post.job).runDue() == .init())
      #expect(post.taken.map(\.mail) == [Self.mail])
      #expect(post.taken.map(\.state) == [.underWay])
      let sent = try await posted(id, workshop)
      #expect(sent.state == .sent && sent.reason == nil && sent.messageID == "\(sent.id.description.lowercased())@exemple.fr")
    }
  }

  @Test(arguments: Engine.allCases)
  func aKeyIsPostedOnce(_ engine: Engine) async throws {
    try await Workshop.with(engine) { workshop async throws in
      let key = JobKey("lettres.envoi", Identifier<Post>(rawValue: 1), CivilDate(of: workshop.clock.now, in: .gmt))
      #expect(try await post(.letter, workshop, once: key) != nil)
      #expect(try await post(.letter, workshop, once: key) == nil)
      #expect(try await workshop.count("outbox") == 1)
    }
  }

  @Test(arguments: Engine.allCases, [MailManner.letter, .notice])
  func whatTheServerHasSurelyNotTakenIsTriedAgain(_ engine: Engine, _ manner: MailManner) async throws {
    try await Workshop.with(engine) { workshop async throws in
      let id = try await post(manner, workshop)
      let messageID = try await posted(id, workshop).messageID
      let post = Post(.failsBefore(.temporary), .failsBefore(.temporary))
      for delay in [60, 300] {
        #expect(try await workshop.runner(post.job).runDue() == .init(postponed: 1))
        let waiting = try await posted(id, workshop)
        #expect(waiting.state == .waiting && waiting.reason == "Refus.")
        #expect(try await workshop.jobs().first?.error == "Refus.")
        workshop.clock.move(by: .seconds(delay))
      }
      #expect(try await workshop.runner(post.job).runDue() == .init(done: 1))
      #expect(post.taken.map(\.messageID) == [messageID])
      #expect(try await posted(id, workshop).state == .sent)
    }
  }

  @Test(arguments: Engine.allCases)
  func aRefusedMessageIsNotTriedAgain(_ engine: Engine) async throws {
    try await Workshop.with(engine) { workshop async throws in
      let id = try await post(.notice, workshop)
      let post = Post(.failsBefore(.permanent))
      #expect(try await workshop.runner(post.job).runDue() == .init(done: 1))
      let refused = try await posted(id, workshop)
      #expect(refused.state == .refused && refused.reason == "Refus.")
      #expect(try await workshop.jobs().isEmpty && post.taken.isEmpty)
    }
  }

  @Test(arguments: Engine.allCases)
  func afterTheLastAttemptItIsAbandoned(_ engine: Engine) async throws {
    try await Workshop.with(engine) { workshop async throws in
      let id = try await post(.notice, workshop)
      let post = Post(.failsBefore(.temporary), .failsBefore(.temporary))
      for _ in 1...2 {
        _ = try await workshop.runner(post.job, schedule: RetrySchedule([.seconds(1)])).runDue()
        workshop.clock.move(by: .seconds(1))
      }
      #expect(try await posted(id, workshop).state == .abandoned)
    }
  }

  /// The process dies after the server has taken the message, before that is written.
  private func dieWhileSending(_ workshop: Workshop) async throws {
    try await dieInTheMiddle(workshop)
    try await workshop.database.write { try $0.execute("UPDATE outbox SET state = 'en_cours'") }
    workshop.clock.move(by: .seconds(60))
  }

  @Test(arguments: Engine.allCases)
  func aLetterThatMayHaveLeftIsNotSentAgainByItself(_ engine: Engine) async throws {
    try await Workshop.with(engine) { workshop async throws in
      let id = try await post(.letter, workshop)
      try await dieWhileSending(workshop)
      let post = Post()
      #expect(try await workshop.runner(post.job).runDue() == .init(done: 1))
      #expect(post.taken.isEmpty)
      let uncertain = try await posted(id, workshop)
      #expect(uncertain.state == .uncertain && uncertain.reason != nil)
      #expect(try await workshop.database.read { try PostedMail.list([.uncertain], $0).map(\.id) } == [uncertain.id])
      // A person decides.
      try await workshop.database.write { try workshop.outbox.sendAgain(uncertain.id, $0) }
      #expect(try await workshop.runner(post.job).runDue() == .init(done: 1))
      #expect(post.taken.map(\.messageID) == [uncertain.messageID])
      await #expect(throws: Refusal.self) { try await workshop.database.write { try workshop.outbox.sendAgain(uncertain.id, $0) } }
    }
  }

  @Test(arguments: Engine.allCases)
  func aLetterWhoseConnectionWasCutIsNotSentAgainByItself(_ engine: Engine) async throws {
    try await Workshop.with(engine) { workshop async throws in
      let id = try await post(.letter, workshop)
      let post = Post(.failsAfterTaking)
      for _ in 1...3 {
        _ = try await workshop.runner(post.job).runDue()
        workshop.clock.move(by: .seconds(3_600))
      }
      #expect(post.taken.count == 1)
      let uncertain = try await posted(id, workshop)
      #expect(uncertain.state == .uncertain && uncertain.reason == "Coupure.")
    }
  }

  @Test(arguments: Engine.allCases)
  func aNoticeIsSentOnceMoreAtMost(_ engine: Engine) async throws {
    try await Workshop.with(engine) { workshop async throws in
      let id = try await post(.notice, workshop)
      // Killed after the server has taken it, then cut after the server has taken it again.
      try await dieWhileSending(workshop)
      let post = Post(.failsAfterTaking)
      for _ in 1...3 {
        _ = try await workshop.runner(post.job).runDue()
        workshop.clock.move(by: .seconds(3_600))
      }
      #expect(post.taken.count == 1)
      #expect(try await posted(id, workshop).state == .uncertain)
    }
  }

  @Test(arguments: Engine.allCases)
  func aCutNoticeArrivesWithTheSameMessageID(_ engine: Engine) async throws {
    try await Workshop.with(engine) { workshop async throws in
      let id = try await post(.notice, workshop)
      let post = Post(.failsAfterTaking)
      #expect(try await workshop.runner(post.job).runDue() == .init(postponed: 1))
      workshop.clock.move(by: .seconds(60))
      #expect(try await workshop.runner(post.job).runDue() == .init(done: 1))
      #expect(post.taken.count == 2 && Set(post.taken.map(\.messageID)).count == 1)
      #expect(try await posted(id, workshop).state == .sent)
    }
  }

  @Test(arguments: Engine.allCases)
  func whatASlowNodeSentIsKnownAsSent(_ engine: Engine) async throws {
    try await Workshop.with(engine) { workshop async throws in
      let id = try await post(.letter, workshop)
      let slow = SendingJob { _ throws(DeliveryFailure) in
        workshop.clock.move(by: .seconds(61))
        let others = Post()
        let outcome = try? await workshop.runner(others.job).runDue()
        #expect(outcome == .init(done: 1) && others.taken.isEmpty)
      }
      _ = try await workshop.runner(slow).runDue()
      #expect(try await posted(id, workshop).state == .sent)
    }
  }

  @Test(arguments: Engine.allCases)
  func runnersAtTheSameTimeSendEachMessageOnce(_ engine: Engine) async throws {
    try await Workshop.with(engine) { workshop async throws in
      for _ in 1...30 { _ = try await post(.letter, workshop) }
      let post = Post()
      try await withThrowingTaskGroup { group in
        for _ in 1...4 { group.addTask { _ = try await workshop.runner(post.job).runDue() } }
        try await group.waitForAll()
      }
      #expect(post.taken.count == 30 && Set(post.taken.map(\.id)).count == 30)
      #expect(try await workshop.database.read { try PostedMail.list([.sent], $0).count } == 30)
    }
  }

  @Test(arguments: Engine.allCases)
  func withoutAServerMailWaits(_ engine: Engine) async throws {
    try await Workshop.with(engine) { workshop async throws in
      let id = try await post(.notice, workshop)
      #expect(try await workshop.runner(SendingJob(obstacle: "Aucun serveur.")).runDue() == .init())
      #expect(try await posted(id, workshop).state == .waiting)
      #expect(try await workshop.jobs().map(\.attempts) == [0])
    }
  }

  /// A copy made yesterday does not know what left today.
  @Test(arguments: Engine.allCases)
  func aRestoredLetterIsNotSentAgainByItself(_ engine: Engine) async throws {
    let archive = FileManager.default.temporaryDirectory.appending(path: "archive-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: archive) }
    try await Workshop.with(engine) { workshop async throws in
      let sent = try await post(.letter, workshop)
      _ = try await workshop.runner(Post().job).runDue()
      let cut = try await post(.letter, workshop)
      try await workshop.database.write { _ = try $0.execute("UPDATE outbox SET state = 'en_cours' WHERE id = \(cut)") }
      let waiting = try await post(.letter, workshop)
      let notice = try await post(.notice, workshop)
      let later = Instant(workshop.clock.now.addingTimeInterval(60))
      _ = try await Model([]).backUp(workshop.database, to: archive)
      for target in Engine.allCases {
        try await withDatabase(target) { database async throws in
          _ = try await Model([]).restore(archive, into: database, at: later)
          let restored = Workshop(database: database)
          restored.clock.move(by: .seconds(3_600))
          var states: [PostedMail] = []
          for id in [sent, cut, waiting, notice] { states.append(try await posted(id, restored)) }
          #expect(states.map(\.state) == [.sent, .uncertain, .uncertain, .waiting])
          #expect(states[2].since == later && states[2].reason?.contains("sauvegarde") == true)
          // The notice leaves once more, under the same name, and never a third time.
          let post = Post(.failsAfterTaking)
          for _ in 1...3 {
            _ = try await restored.runner(post.job).runDue()
            restored.clock.move(by: .seconds(3_600))
          }
          #expect(post.taken.map(\.messageID) == [states[3].messageID])
          #expect(try await posted(notice, restored).state == .uncertain)
          let doubted = states[2].id
          try await database.write { try restored.outbox.sendAgain(doubted, $0) }
          _ = try await restored.runner(post.job).runDue()
          #expect(post.taken.map(\.messageID).last == states[2].messageID)
        }
      }
      // The database that was copied goes on as it was.
      let post = Post()
      _ = try await workshop.runner(post.job).runDue()
      #expect(Set(post.taken.map(\.id)) == Set([waiting, notice].compactMap(\.self)))
    }
  }

  @Test(arguments: Engine.allCases)
  func sentNoticesAreForgottenAndLettersKept(_ engine: Engine) async throws {
    try await Workshop.with(engine) { workshop async throws in
      let notice = try #require(try await post(.notice, workshop))
      let letter = try await post(.letter, workshop)
      _ = try await workshop.runner(Post().job).runDue()
      workshop.clock.move(by: .seconds(31 * 86_400))
      _ = try await workshop.runner(Post().job).runDue()
      #expect(try await workshop.database.read { try PostedMail(notice, $0)?.state } == nil)
      #expect(try await posted(letter, workshop).mail.attachments.count == 2)
      #expect(try await workshop.count("outbox_attachment") == 2)
    }
  }
}
