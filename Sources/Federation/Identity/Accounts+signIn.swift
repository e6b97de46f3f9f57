import Foundation
import Records
import Store

/// Where a request comes from.
public struct Origin: Sendable {
  /// The network address of whoever asks; `nil` for a command on the machine itself.
  public let client: String?
  /// In plain words, « Firefox sur Windows ».
  public let browser: String?

  public init(client: String?, browser: String? = nil) {
    self.client = client
    self.browser = browser
  }

  public static let here = Origin(client: nil)
}

extension Accounts {
  /// Opens a session, or what waits for the code of the telephone; `nil` when address or password is wrong, without saying which.
  /// - Throws: `TooManyAttempts` before anything is looked at, `TooManyWaiting`.
  public func signIn(email: String, password: String, from origin: Origin = .here) async throws -> Entrance? {
    let email = Self.normalised(email)
    let byAddress = Attempt(.address, email)
    let attempts = [byAddress] + (origin.client.map { [Attempt(.client, $0)] } ?? [])
    let (entries, known) = try await database.write { [ids, now] connection in
      let entries = try Attempt.take(attempts, at: now(), ids: ids, connection)
      let known = try connection.first("SELECT id, password_hash FROM account WHERE email = \(email) AND closed_at IS NULL").map {
        (id: try $0[0] as Identifier<Account>, hash: try $0[1] as String)
      }
      return (entries, known)
    }
    do {
      // Somebody invited has no password yet: that takes as long as a wrong one.
      guard try await hasher.verify(password, against: known.flatMap { $0.hash.isEmpty ? nil : $0.hash }), let known else { return nil }
      return try await database.write { connection in
        try Attempt.forget(entries, connection)
        try byAddress.clear(connection)
        return try admit(known.id, from: origin, connection)
      }
    } catch {
      // No fault of theirs: a wrong password is an answer.
      try await database.write { try Attempt.forget(entries, $0) }
      throw error
    }
  }

  /// An address as people type it, as it is kept.
  static func normalised(_ email: String) -> String {
    email.trimmingCharacters(in: .whitespacesAndNewlines).lowercased()
  }
}
