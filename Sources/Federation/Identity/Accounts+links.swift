import Foundation
import Records
import Store

extension AttemptLimit {
  /// Links asked for by one address, whether an account has it or not: nobody's mailbox is filled.
  static let linkAddress = AttemptLimit(name: "lien.adresse", count: 3, window: 900)
  static let linkClient = AttemptLimit(name: "lien.poste", count: 20, window: 900)
}

extension Accounts {
  /// Whether links can be sent: somebody has said where the site is reached.
  public var sendsLinks: Bool { letters.site != nil }

  /// Sends a link that signs in once to whoever has an open account of that address; does nothing else otherwise, and says
  /// nothing of it.
  /// - Throws: `FieldRefusal` (`courriel`), `TooManyAttempts`, `Refusal` when links cannot be sent at all.
  public func requestLink(email: String, from origin: Origin) async throws {
    guard sendsLinks else { throw Refusal.noSiteAddress }
    guard let email = try? EmailAddress.reading(Self.normalised(email)) else {
      throw FieldRefusal("courriel", "Saisissez votre adresse de courriel, par exemple prenom.nom@exemple.fr.")
    }
    let attempts = [Attempt(.linkAddress, email)] + (origin.client.map { [Attempt(.linkClient, $0)] } ?? [])
    try await database.write { [ids, now, letters] connection in
      let moment = now()
      _ = try Attempt.take(attempts, at: moment, ids: ids, connection)
      let known = try connection.first("SELECT id, name FROM account WHERE email = \(email) AND closed_at IS NULL").map {
        (id: try $0[0] as Identifier<Account>, name: try $0[1] as String)
      }
      guard let known else { return }
      let secret = try AccountLink.make(.signIn, for: known.id, at: moment, connection)
      try letters.sendLink(.init(email, name: known.name), secret: secret, at: moment, connection)
    }
  }

  /// What a link is worth: shown before anything is done, for mail scanners follow links.
  public func link(_ secret: String) async throws -> AccountLink.State {
    try await database.read { [now] in try AccountLink.state(secret, at: now(), $0).0 }
  }

  /// Signs in by a link, which is used up.
  /// - Throws: `LinkRefusal`.
  public func signIn(link secret: String, from origin: Origin) async throws -> Entrance {
    try await database.write { [now] connection in
      let account = try AccountLink.use(secret, as: .signIn, at: now(), connection)
      return try admit(account, from: origin, byLink: true, connection)
    }
  }

  /// Takes an invitation up: the account gets its password, and its person is in.
  /// - Throws: `LinkRefusal`, `FieldRefusal` (`nouveau`, `encore`), `TooManyWaiting`.
  public func accept(invitation secret: String, password: String, again: String, from origin: Origin) async throws -> Entrance {
    // Not even looked at by somebody who has no invitation: hashing costs.
    guard case .open(.invitation, _, _) = try await link(secret) else { throw LinkRefusal(state: try await link(secret)) }
    try Self.check(password, again: again)
    let hash = try await hasher.hash(password)
    return try await database.write { [now] connection in
      let account = try AccountLink.use(secret, as: .invitation, at: now(), connection)
      try connection.execute("UPDATE account SET password_hash = \(hash) WHERE id = \(account)")
      try note(.passwordChange, on: account, by: account, connection)
      return try admit(account, from: origin, connection)
    }
  }
}
