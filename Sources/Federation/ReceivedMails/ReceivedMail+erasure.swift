import Foundation
import Records
import Store

extension ReceivedMail {
  /// Empties what nobody needs any more: its text, its addresses and its files.
  static func purge(at now: Date, _ connection: any Connection) throws {
    let settings = try Settings(connection)
    let today = settings.today(now)
    func limit(_ setting: Setting) -> Instant { Instant(now.addingTimeInterval(-86_400 * Double(settings.integer(setting, on: today)))) }
    let over: SQL = """
      SELECT id FROM received_mail WHERE erased_at IS NULL
        AND (settled_at < \(limit(.settledMailDays)) OR state = 'attente' AND received_at < \(limit(.waitingMailDays)))
      """
    try connection.execute("DELETE FROM received_mail_party WHERE mail_id IN (\(over))")
    try connection.execute("DELETE FROM received_mail_file WHERE mail_id IN (\(over))")
    try connection.execute(
      """
      UPDATE received_mail SET sender = '', sender_name = NULL, subject = '', body = '', detail = NULL, erased_at = \(Instant(now)),
        settled_at = COALESCE(settled_at, \(Instant(now))), state = CASE WHEN state = 'attente' THEN 'ecarte' ELSE state END
      WHERE id IN (\(over))
      """)
  }
}

extension PersonTraces {
  /// Addresses and names beside the texts, which are searched as all others are.
  func clearReceivedMails() throws {
    for row in try connection.rows("SELECT id, sender, COALESCE(sender_name, '') FROM received_mail WHERE erased_at IS NULL") {
      let (id, address, name): (Int64, String, String) = (try row[0], try row[1], try row[2])
      guard person.isReached(at: address) || person.isCalled(name) else { continue }
      try connection.execute("UPDATE received_mail SET sender = \(PersonTraces.nowhere), sender_name = \(title) WHERE id = \(id)")
    }
    for row in try connection.rows("SELECT mail_id, position, address, COALESCE(name, '') FROM received_mail_party") {
      let (mail, position, address, name): (Int64, Int, String, String) = (try row[0], try row[1], try row[2], try row[3])
      guard person.isReached(at: address) || person.isCalled(name) else { continue }
      try connection.execute(
        """
        UPDATE received_mail_party SET address = \(PersonTraces.nowhere), name = \(title) WHERE mail_id = \(mail) AND position = \(position)
        """)
    }
    for row in try connection.rows("SELECT mail_id, position, name FROM received_mail_file") {
      let (mail, position, name): (Int64, Int, String) = (try row[0], try row[1], try row[2])
      guard person.isNamed(in: name) else { continue }
      try connection.execute(
        "UPDATE received_mail_file SET name = \(Self.fileName(like: name)) WHERE mail_id = \(mail) AND position = \(position)")
    }
    for row in try connection.rows("SELECT address FROM unreachable_address") {
      let address: String = try row[0]
      if person.isReached(at: address) { try connection.execute("DELETE FROM unreachable_address WHERE address = \(address)") }
    }
  }
}
