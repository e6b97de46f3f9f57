import Foundation
import Store

/// Why a message was not handed over.
public struct DeliveryFailure: Error, Sendable {
  public enum Kind: Sendable {
    /// It was not taken, and may be later.
    case temporary
    /// It will never be.
    case permanent
    /// It may have been taken.
    case uncertain
  }

  public let kind: Kind
  /// One French sentence.
  public let reason: String

  public init(_ kind: Kind, _ reason: String) {
    self.kind = kind
    self.reason = reason
  }
}

/// Sends one message of the outbox.
public struct SendingJob: JobKind {
  public struct Parameters: Codable, Sendable {
    let mail: Identifier<OutgoingMail>
  }

  /// Hands a message over to a mail server.
  public typealias Send = @Sendable (PostedMail) async throws(DeliveryFailure) -> Void

  public static let name = "courriel.envoi"
  public let obstacle: String?
  private let send: Send

  /// - Parameter send: returns when the server has taken the message; within the lease of a job.
  public init(_ send: @escaping Send) {
    self.send = send
    obstacle = nil
  }

  /// For an installation that cannot send mail.
  /// - Parameter obstacle: why not, one French sentence.
  public init(obstacle: String) {
    self.obstacle = obstacle
    send = { _ throws(DeliveryFailure) in throw DeliveryFailure(.temporary, obstacle) }
  }

  public func run(_ parameters: Parameters, _ context: JobContext) async throws {
    guard let mail = try await begin(parameters.mail, context) else { return }
    do throws(DeliveryFailure) {
      try await send(mail)
    } catch {
      let state = Self.state(of: mail, after: error)
      try await context.database.insist { [now = context.now] connection in
        let change = MailStep(state, error.reason, doubts: error.kind == .uncertain ? 1 : 0, at: Instant(now()))
        try change.apply(to: mail.id, where: "state = 'en_cours'", connection)
      }
      if state == .waiting { throw Refusal(error.reason) }
      return
    }
    // In whatever state it is: another node may have called it uncertain, when this one was slow; now it is known.
    try await context.database.insist { [now = context.now] connection in
      try MailStep(.sent, nil, at: Instant(now())).apply(to: mail.id, where: "state <> 'envoye'", connection)
    }
  }

  /// The message, `en_cours` from now on, so that a crash leaves a trace before anything has left; `nil` when there is nothing to send.
  private func begin(_ id: Identifier<OutgoingMail>, _ context: JobContext) async throws -> PostedMail? {
    try await context.database.insist { [now = context.now] connection -> PostedMail? in
      guard let mail = try PostedMail(id, connection) else { return nil }
      let moment = Instant(now())
      switch mail.state {
      case .waiting: try MailStep(.underWay, mail.reason, at: moment).apply(to: id, connection)
      case .underWay where mail.mayLeaveTwice: try MailStep(.underWay, mail.reason, doubts: 1, at: moment).apply(to: id, connection)
      case .underWay:
        let reason = "Le programme s’est arrêté pendant l’envoi."
        try MailStep(.uncertain, reason, at: moment).apply(to: id, connection)
        return nil
      case .sent, .refused, .uncertain, .abandoned: return nil
      }
      return try PostedMail(id, connection)
    }
  }

  private static func state(of mail: PostedMail, after failure: DeliveryFailure) -> MailState {
    switch failure.kind {
    case .temporary: .waiting
    case .permanent: .refused
    case .uncertain: mail.mayLeaveTwice ? .waiting : .uncertain
    }
  }

  public func giveUp(_ parameters: Parameters, _ context: JobContext, _ connection: any Connection) throws {
    guard let mail = try PostedMail(parameters.mail, connection) else { return }
    let isCertain = mail.state == .waiting && mail.doubts == 0
    let change = MailStep(isCertain ? .abandoned : .uncertain, mail.reason, at: Instant(context.now()))
    try change.apply(to: mail.id, where: "state IN ('attente', 'en_cours')", connection)
  }

  /// Letters are part of the federation's records; notices are not.
  public func sweep(before limit: Instant, _ connection: any Connection) throws {
    try connection.execute("DELETE FROM outbox WHERE state = 'envoye' AND manner = 'avis' AND since < \(limit)")
  }
}

/// A step of a message.
private struct MailStep {
  let state: MailState
  let reason: String?
  let doubts: Int
  let moment: Instant

  init(_ state: MailState, _ reason: String?, doubts: Int = 0, at moment: Instant) {
    self.state = state
    self.reason = reason
    self.doubts = doubts
    self.moment = moment
  }

  func apply(to id: Identifier<OutgoingMail>, where condition: SQL = "true", _ connection: any Connection) throws {
    try connection.execute(
      """
      UPDATE outbox SET state = \(state), since = \(moment), reason = \(reason), doubts = doubts + \(doubts)
      WHERE id = \(id) AND \(condition)
      """)
  }
}

extension PostedMail {
  /// Whether it may be handed over once more although it may have left already.
  fileprivate var mayLeaveTwice: Bool { manner == .notice && doubts == 0 }
}
