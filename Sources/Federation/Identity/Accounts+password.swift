import Records
import Store

extension Accounts {
  /// Gives the account of a session another password; its other sessions end, for one of them may be the reason.
  /// - Throws: `FieldRefusal` (`ancien`, `nouveau`, `encore`), `TooManyAttempts`, `TooManyWaiting`.
  public func changePassword(in session: Session, from old: String, to new: String, again: String) async throws {
    let account = session.account.id
    try Self.check(new, again: again)
    let byOwner = Attempt(.ownPassword, account.description)
    let (entries, hash) = try await database.write { [ids, now] connection in
      let entries = try Attempt.take([byOwner], at: now(), ids: ids, connection)
      return (entries, try connection.value("SELECT password_hash FROM account WHERE id = \(account)", as: String.self))
    }
    let newHash: String
    do {
      guard try await hasher.verify(old, against: hash) else {
        throw FieldRefusal("ancien", "Ce n’est pas votre mot de passe actuel.")
      }
      guard old != new else { throw FieldRefusal("nouveau", "C’est le même mot de passe : choisissez-en un autre.") }
      newHash = try await hasher.hash(new)
    } catch let error as TooManyWaiting {
      try await database.write { try Attempt.forget(entries, $0) }
      throw error
    }
    try await database.write { connection in
      try byOwner.clear(connection)
      try connection.execute("UPDATE account SET password_hash = \(newHash) WHERE id = \(account)")
      try connection.execute("DELETE FROM session WHERE account_id = \(account) AND id <> \(session.id)")
      try note(.passwordChange, on: account, by: account, connection)
    }
  }

  private static func check(_ new: String, again: String) throws {
    do {
      try PasswordHasher.check(new)
    } catch let refusal as Refusal {
      throw FieldRefusal("nouveau", refusal.sentence)
    }
    guard new == again else { throw FieldRefusal("encore", "Les deux saisies du nouveau mot de passe diffèrent.") }
  }
}
