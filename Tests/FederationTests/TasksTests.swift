import Foundation
import Records
import Store
import Synchronization
import TestSupport
import Testing

@testable import Federation

/// Tasks and appointments: files, what is done with them, who sees them, the morning message.
@Suite struct TasksTests {
  private static let teams = "reference;type;nom;departement\nM1;msp;MSP du Val;38\n"
  private static let file = """
    titre;echeance;heure;nature;structure;affectee_a;etat;reference
    Rappeler la coordinatrice;2026-03-01;;;M1;claire@exemple.fr;;T1
    Réunion de projet;2026-03-02;14h30;rendez-vous;M1;Claire;;T2
    Trier les courriels;2026-02-20;;;;claire@exemple.fr;faite;T3
    Commander des guides;2026-03-01;;;;Quelqu’un d’autre;;T4

    """

  private func withTasks(
    _ engine: Engine, _ body: (Installation, (claire: Account, camille: Account)) async throws -> Void
  ) async throws {
    try await withInstallation(engine) { world async throws in
      try await world.bring("structures", Self.teams)
      let claire = try await world.accounts.create(
        email: "claire@exemple.fr", name: "Claire", role: .communication, password: "un mot de passe")
      let camille = try await world.accounts.create(
        email: "camille@exemple.fr", name: "Camille", role: .chargeMission, password: "un mot de passe")
      let outcome = try await world.bring("taches", Self.file)
      #expect(outcome.created == 4 && outcome.refused.isEmpty && outcome.warnings.count == 1)
      try await body(world, (claire, camille))
    }
  }

  private func id(_ reference: String, _ world: Installation) async throws -> Identifier<ToDo> {
    let id: Identifier<ToDo>? = try await world.database.read { try $0.value("SELECT id FROM todo WHERE reference = \(reference)") }
    return try #require(id)
  }

  private func titles(_ world: Installation, of account: Identifier<Account>?, for reader: Account, on day: String) async throws
    -> [[String]]
  {
    let today = try #require(CivilDate(iso: day))
    let agenda = try await world.database.read { try Agenda(of: account, today: today, for: reader, $0) }
    return [agenda.late, agenda.today, agenda.coming].map { $0.map(\.title) }
  }

  @Test(arguments: Engine.allCases)
  func aFileOfTasksComesBackAsItWas(_ engine: Engine) async throws {
    try await withTasks(engine) { world, _ async throws in
      let file = try await world.take("taches")
      #expect(file.contains("Réunion de projet;2026-03-02;14:30;;rendez_vous;M1;claire@exemple.fr;a_faire"))
      #expect(try await world.bring("taches", file).unchanged == 4)
      let wrong = try await world.bring(
        "taches",
        "titre;echeance;heure;etat;faite_le\nA;2026-02-30;;;\nB;2026-01-01;25h;;\nC;2026-01-01;;faite;2099-01-01\n;2026-01-01;;;\n")
      #expect(Set(wrong.refused.map(\.line)) == [2, 3, 4, 5])
    }
  }

  @Test(arguments: Engine.allCases)
  func theAgendaHoldsWhatIsOpenAndMayBeSeen(_ engine: Engine) async throws {
    try await withTasks(engine) { world, people async throws in
      let mine = [[], ["Rappeler la coordinatrice"], ["Réunion de projet"]]
      #expect(try await titles(world, of: people.claire.id, for: people.claire, on: "2026-03-01") == mine)
      // Without a name it is everybody's, which only some may see.
      #expect(try await titles(world, of: nil, for: people.claire, on: "2026-03-01") == mine)
      #expect(
        try await titles(world, of: nil, for: people.camille, on: "2026-03-02")
          == [["Rappeler la coordinatrice", "Commander des guides"], ["Réunion de projet"], []])
    }
  }

  @Test(arguments: Engine.allCases)
  func whatIsDoneWithATaskIsInItsHistory(_ engine: Engine) async throws {
    try await withTasks(engine) { world, people async throws in
      let desk = ToDoDesk(world, actor: people.claire.id)
      let (task, day) = (try await id("T1", world), try #require(CivilDate(iso: "2026-03-01")))
      try await desk.postpone(task, to: day.adding(days: 2), today: day)
      await #expect(throws: Refusal("La nouvelle échéance est déjà passée.")) {
        try await desk.postpone(task, to: day.previous, today: day)
      }
      try await desk.handOver(task, to: people.camille.id)
      #expect(try await titles(world, of: people.camille.id, for: people.camille, on: "2026-03-03")[1] == ["Rappeler la coordinatrice"])
      try await desk.complete(task, on: day)
      await #expect(throws: Refusal.self) { try await desk.complete(task, on: day) }
      await #expect(throws: Refusal.self) { try await desk.cancel(task) }
      try await desk.reopen(task)
      try await desk.cancel(task)
      let history = try await world.database.read { try RecordHistory(task.rawValue, of: ToDoRecords(), $0).entries }
      #expect(
        history.map(\.operation) == [.cancellation, .reopening, .completion, .handOver, .postponement, .fileImport])
      #expect(history.dropLast().allSatisfy { $0.account == people.claire.id.rawValue })
      await #expect(throws: Refusal("Cette tâche n’existe plus.")) { try await desk.cancel(Identifier(rawValue: 1)) }
    }
  }

  @Test(arguments: Engine.allCases)
  func theMorningMessageComesOnceADay(_ engine: Engine) async throws {
    let clock = MovingClock()
    try clock.set("2026-03-01T05:30:00Z")
    try await withInstallation(engine, now: { clock.now }) { world async throws in
      try await world.bring("structures", Self.teams)
      try await world.accounts.create(email: "claire@exemple.fr", name: "Claire", role: .direction, password: "un mot de passe")
      try await world.bring("taches", Self.file)
      let sent = Mutex<[OutgoingMail]>([])
      let runner = world.jobRunner(SendingJob { mail throws(DeliveryFailure) in sent.withLock { $0.append(mail.mail) } })
      _ = try await runner.runDue()
      // Half past six in Paris: the day has begun.
      #expect(sent.withLock { $0 }.map(\.subject) == ["Une tâche pour aujourd’hui"])
      #expect(sent.withLock { $0 }.first?.text.contains("- Rappeler la coordinatrice (MSP du Val)") == true)
      for _ in 0..<3 { _ = try await runner.runDue() }
      #expect(sent.withLock { $0 }.count == 1)
      try clock.set("2026-03-02T03:00:00Z")
      _ = try await runner.runDue()
      #expect(sent.withLock { $0 }.count == 1)
      try clock.set("2026-03-02T05:00:00Z")
      _ = try await runner.runDue()
      #expect(sent.withLock { $0 }.count == 2)
      #expect(sent.withLock { $0 }.last?.text.contains("En retard\u{A0}:\n- Rappeler la coordinatrice") == true)
      // Set back, the clock brings no day twice.
      try clock.set("2026-03-01T06:00:00Z")
      _ = try await runner.runDue()
      #expect(sent.withLock { $0 }.count == 2)
      try await world.settings.set("rappel_taches", to: "non")
      try await world.bring("taches", "titre;echeance;affectee_a\nAutre;2026-03-05;Claire\n")
      try clock.set("2026-03-05T08:00:00Z")
      _ = try await runner.runDue()
      #expect(sent.withLock { $0 }.count == 2)
    }
  }
}
