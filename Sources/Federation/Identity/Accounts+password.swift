import Records
import Store

extension Accounts {
  /// Gives the account of a session another password; its other sessions end, for one of them may be the reason. In a session
  /// that a link has just opened, the present password is not asked for.
  /// - Throws: `FieldRefusal` (`ancien`, `nouveau`, `encore`), `TooManyAttempts`, `TooManyWaiting`.
  public func changePassword(in session: Session, from old: String, to new: String, again: String) async throws {
    let account = session.account.id
    try Self.check(new, again: again)
    try await expectPassword(old, in: session, field: "ancien")
    guard session.isFreshByLink || old != new else {
      throw FieldRefusal("nouveau", "C’est le même mot de passe : choisissez-en un autre.")
    }
    try await set(try await hasher.hash(new), of: account, keeping: session.id, by: account)
  }

  /// Makes sure that whoever asks for something grave is the account's owner, and not somebody who found a session open. In a
  /// session that a link has just opened, the mailbox has said so.
  /// - Parameter field: the field of the form that holds the password.
  /// - Throws: `FieldRefusal`, `TooManyAttempts`, `TooManyWaiting`.
  func expectPassword(_ password: String, in session: Session, field: String) async throws {
    if session.isFreshByLink { return }
    let account = session.account.id
    let attempt = Attempt(.ownPassword, account.description)
    let (entries, hash) = try await database.write { [ids, now] connection in
      let entries = try Attempt.take([attempt], at: now(), ids: ids, connection)
      return (entries, try connection.value("SELECT password_hash FROM account WHERE id = \(account)", as: String.self))
    }
    do {
      guard try await hasher.verify(password, against: hash) else {
        throw FieldRefusal(field, "Ce n’est pas votre mot de passe actuel.")
      }
    } catch let error where !(error is FieldRefusal) {
      // No fault of theirs.
      try await database.write { try Attempt.forget(entries, $0) }
      throw error
    }
    try await database.write { try attempt.clear($0) }
  }

  /// Gives an account a password without asking for the present one, by command; all its sessions end.
  /// - Throws: `Refusal`, `TooManyWaiting`.
  public func resetPassword(ofEmail email: String, to new: String) async throws {
    let email = Self.normalised(email)
    try PasswordHasher.check(new)
    let row = try await database.read { try $0.first("SELECT id, closed_at FROM account WHERE email = \(email)") }
    guard let row else { throw Refusal("Aucun compte n’a l’adresse « \(email) ».") }
    if try row[1] as Instant? != nil { throw Refusal("Le compte « \(email) » est fermé : rouvrez-le d’abord depuis la page « Comptes ».") }
    try await set(try await hasher.hash(new), of: try row[0], keeping: nil, by: nil)
  }

  private func set(
    _ hash: String, of account: Identifier<Account>, keeping session: Identifier<Session>?, by actor: Identifier<Account>?
  ) async throws {
    try await database.write { connection in
      try connection.execute("UPDATE account SET password_hash = \(hash) WHERE id = \(account)")
      try endSessions(of: account, but: session, connection)
      try AccountLink.end(nil, of: account, at: Instant(now()), connection)
      try note(.passwordChange, on: account, by: actor, connection)
    }
  }

  static func check(_ new: String, again: String) throws {
    do {
      try PasswordHasher.check(new)
    } catch let refusal as Refusal {
      throw FieldRefusal("nouveau", refusal.sentence)
    }
    guard new == again else { throw FieldRefusal("encore", "Les deux saisies du nouveau mot de passe diffèrent.") }
  }
}
