import ArgumentParser
import Dispatch
import Federation
import Foundation
import Logging
import Records
import Store

struct JobsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "jobs", abstract: "Fait ce que les opérations ont laissé à faire : courriels, rappels…",
    subcommands: [RunJobsCommand.self, RunJobsOnceCommand.self, ListJobsCommand.self])
}

struct RunJobsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Fait les travaux à mesure, jusqu’à ce qu’on l’arrête ; plusieurs peuvent tourner ensemble.")

  func run() async throws {
    try await withInstallation { installation in
      let runner = try installation.runner()
      let running = Task { await runner.run() }
      let stops = [SIGINT, SIGTERM].map { number in
        signal(number, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: number)
        source.setEventHandler { running.cancel() }
        source.resume()
        return source
      }
      for obstacle in runner.obstacles.values.sorted() { say(obstacle) }
      say("Les travaux sont faits à mesure.")
      await running.value
      for stop in stops { stop.cancel() }
    }
  }

  /// Without a buffer, so that whoever waits for it sees it at once.
  private func say(_ sentence: String) {
    try? FileHandle.standardOutput.write(contentsOf: Data("\(sentence)\n".utf8))
  }
}

struct RunJobsOnceCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "once", abstract: "Fait les travaux échus, puis s’arrête.")

  func run() async throws {
    try await withInstallation { installation in
      let runner = try installation.runner()
      let outcome = try await runner.runDue()
      print("Travaux faits : \(outcome.done), remis à plus tard : \(outcome.postponed), abandonnés : \(outcome.givenUp).")
      let waiting = try await installation.database.read { try Job.open($0).filter { $0.givenUp == nil }.map(\.kind) }
      for (kind, obstacle) in runner.obstacles where waiting.contains(kind) { print(obstacle) }
    }
  }
}

struct ListJobsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Montre les travaux qui attendent ou sont abandonnés, et les courriels qui ne sont pas partis.")

  func run() async throws {
    try await withInstallation { installation in
      let obstacles = try installation.runner().obstacles
      let (jobs, mails) = try await installation.database.read {
        (try Job.open($0), try PostedMail.list([.refused, .uncertain, .abandoned], $0))
      }
      for job in jobs {
        let state = job.givenUp.map { "abandonné le \($0)" } ?? "prévu le \(job.due)"
        let reason = [job.givenUp == nil ? obstacles[job.kind] : nil, job.error].compactMap(\.self).first ?? ""
        print("\(job.id)  \(job.kind)  \(state)  essais : \(job.attempts)  \(reason)")
      }
      for mail in mails { print("\(mail.id)  courriel  \(mail.state.label) (\(mail.since))  \(mail.reason ?? "")") }
      if jobs.isEmpty && mails.isEmpty { print("Rien n’attend.") }
    }
  }
}

extension Installation {
  /// With the mail server that the environment names.
  fileprivate func runner() throws -> JobRunner {
    let logger = Logger(label: "maillage.jobs")
    return jobRunner(try SendingJob(now: now), reading: try MailboxJob(into: MailReceiver(self))) { failure in
      let subject = [failure.kind, failure.job?.description].compactMap(\.self).joined(separator: " ")
      // A refusal may name people, and « maillage jobs list » shows it.
      let cause = failure.error is Refusal ? "refused" : String(reflecting: failure.error)
      logger.warning("job failed: \(subject) \(cause)")
    }
  }
}
