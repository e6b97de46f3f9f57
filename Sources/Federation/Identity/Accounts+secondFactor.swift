import Foundation
import Records
import Store

extension AttemptLimit {
  /// Codes tried for one account: of a million, five in a quarter of an hour.
  static let code = AttemptLimit(name: "connexion.code", count: 5, window: 900)
}

extension Accounts {
  private static let wrongCode = FieldRefusal(
    "code", "Ce code ne convient pas. Un code ne sert qu’une fois : attendez le suivant, et vérifiez l’heure du téléphone.")
  private static let isOnAlready = Refusal("La double authentification est déjà active.")

  /// Makes a secret for the account's telephone, in force once a code has shown that it knows it.
  /// - Throws: `Refusal` when one is in force.
  public func beginSecondFactor(of account: Identifier<Account>) async throws {
    try await database.write { [now] connection in
      guard try !SecondFactor.isOn(account, connection) else { throw Self.isOnAlready }
      try SecondFactor.begin(for: account, at: now(), connection)
    }
  }

  /// Forgets a secret that was shown and not confirmed: all is as it was before. One in force stays.
  public func abandonSecondFactor(of account: Identifier<Account>) async throws {
    try await database.write { connection in
      if try !SecondFactor.isOn(account, connection) { try SecondFactor.remove(of: account, connection) }
    }
  }

  /// Puts the secret in force. The account's other sessions end, for they were opened without a code.
  /// - Returns: the session's fresh secret, and the recovery codes, which nobody can read again.
  /// - Throws: `FieldRefusal` (`actuel`, `code`), `TooManyAttempts`, `TooManyWaiting`, `Refusal` when there is nothing to confirm.
  public func confirmSecondFactor(
    in session: Session, password: String, code: String
  ) async throws -> (secret: String, recoveryCodes: [String]) {
    try await expectPassword(password, in: session, field: "actuel")
    let account = session.account.id
    return try await withCode(code, of: account) { [now] connection in
      let made: Instant? = try connection.value(
        "SELECT made_at FROM second_factor WHERE account_id = \(account) AND confirmed_at IS NULL")
      guard let made, SecondFactor.isFresh(made, at: now()) else {
        throw Refusal("Ce secret n’est plus valable : recommencez l’activation.")
      }
      try connection.execute("UPDATE second_factor SET confirmed_at = \(Instant(now())) WHERE account_id = \(account)")
      try note(.secondFactorOn, on: account, by: account, connection)
      try endSessions(of: account, but: session.id, connection)
      return (try Session.renew(session.id, connection), try SecondFactor.makeRecoveryCodes(for: account, connection))
    }
  }

  /// - Returns: ten others; the earlier ones are worth nothing any more.
  /// - Throws: `FieldRefusal` (`code`), `TooManyAttempts`.
  public func renewRecoveryCodes(of account: Identifier<Account>, code: String) async throws -> [String] {
    try await withCode(code, of: account) { connection in
      guard try SecondFactor.isOn(account, connection) else { throw Self.wrongCode }
      try note(.recoveryCodes, on: account, by: account, connection)
      return try SecondFactor.makeRecoveryCodes(for: account, connection)
    }
  }

  /// Goes back to the password alone, as the account's owner asks who knows it; the other sessions end.
  /// - Returns: the session's fresh secret.
  /// - Throws: `FieldRefusal` (`actuel`), `TooManyAttempts`, `TooManyWaiting`, `Refusal`.
  public func endSecondFactor(in session: Session, password: String) async throws -> String {
    try await expectPassword(password, in: session, field: "actuel")
    let account = session.account.id
    return try await database.write { connection in
      let wasOn = try SecondFactor.isOn(account, connection)
      try SecondFactor.remove(of: account, connection)
      if wasOn { try note(.secondFactorOff, on: account, by: account, connection) }
      try endSessions(of: account, but: session.id, connection)
      return try Session.renew(session.id, connection)
    }
  }

  /// Whether the secret of a cookie is that of somebody whose code is still to come.
  public func awaitsCode(secret: String) async throws -> Bool {
    try await database.read { [now] in try WaitingEntrance.find(secret, at: now(), $0) != nil }
  }

  /// Lets somebody in who waited at the door with a code, under a fresh secret.
  /// - Returns: `nil` when nobody waits under that secret any more.
  /// - Throws: `FieldRefusal` (`code`), `TooManyAttempts`.
  public func signIn(waiting secret: String, code: String, from origin: Origin) async throws -> Entrance? {
    guard let waiting = try await database.read({ [now] in try WaitingEntrance.find(secret, at: now(), $0) }) else { return nil }
    return try await withCode(code, of: waiting.account) { [ids, now] connection in
      guard try WaitingEntrance.use(secret, connection) else { return nil }
      let opened = try Session.open(
        for: waiting.account, from: origin, byLink: waiting.byLink, at: now(), ids: ids, connection)
      return Entrance(secret: opened, awaitsCode: false)
    }
  }

  /// Runs work that asks for a code. The try is counted before the code is looked at, and the code is used up with the work.
  private func withCode<Value: Sendable>(
    _ code: String, of account: Identifier<Account>, _ work: @escaping @Sendable (any Connection) throws -> Value
  ) async throws -> Value {
    let attempt = Attempt(.code, account.description)
    _ = try await database.write { [ids, now] in try Attempt.take([attempt], at: now(), ids: ids, $0) }
    return try await database.write { [now] connection in
      guard try SecondFactor.accept(code, of: account, at: now(), connection) else { throw Self.wrongCode }
      try attempt.clear(connection)
      return try work(connection)
    }
  }
}

extension AccountManager {
  /// For somebody who has lost the telephone and the recovery codes: the passkeys that it may hold go too, and whoever has their
  /// sessions is out.
  /// - Throws: `Refusal`.
  public func removeSecondFactor(of id: Identifier<Account>) async throws {
    guard id != actor?.id else { throw Refusal("La vôtre se désactive depuis « Mon compte ».") }
    try await change(id) { account, connection in
      guard account.hasSecondFactor || account.passkeys > 0 else { return }
      try SecondFactor.remove(of: id, connection)
      try connection.execute("DELETE FROM passkey WHERE account_id = \(id)")
      try accounts.endEverything(of: id, at: nil, connection)
      if account.hasSecondFactor { try accounts.note(.secondFactorOff, on: id, by: actor?.id, connection) }
      if account.passkeys > 0 { try accounts.note(.passkeyRemoval, on: id, by: actor?.id, connection) }
    }
  }
}

extension Accounts {
  /// The same by command, when nobody is left who could do it in the browser.
  /// - Throws: `Refusal`.
  public func removeSecondFactor(ofEmail email: String) async throws {
    let email = Self.normalised(email)
    let id = try await database.read { connection in
      let id: Identifier<Account>? = try connection.value("SELECT id FROM account WHERE email = \(email)")
      guard let id else { throw Refusal("Aucun compte n’a l’adresse « \(email) ».") }
      let has: Bool? = try connection.value("SELECT \(SecondFactor.inForce) OR \(Passkey.existing) FROM account a WHERE a.id = \(id)")
      guard has == true else { throw Refusal("Ce compte n’a ni double authentification ni clé d’accès.") }
      return id
    }
    try await manager(nil).removeSecondFactor(of: id)
  }
}
