import Records
import Store

/// An address at which a message of ours did not arrive, for good: letters leave it out until somebody tries again.
public struct UnreachableAddress: Sendable {
  public let address: String
  public let since: CivilDate
  /// What its server said.
  public let reason: String

  /// The latest first.
  public static func all(limit: Int, _ connection: any Connection) throws -> [UnreachableAddress] {
    try connection.rows("SELECT address, since, reason FROM unreachable_address ORDER BY since DESC, address LIMIT \(limit)").map {
      UnreachableAddress(address: try $0[0], since: try $0[1], reason: try $0[2])
    }
  }

  /// Those among some addresses.
  static func among(_ addresses: [String], _ connection: any Connection) throws -> Set<String> {
    guard !addresses.isEmpty else { return [] }
    let keys = addresses.map { $0.lowercased() }
    return Set(try connection.rows("SELECT address FROM unreachable_address WHERE address IN \(list: keys)").map { try $0[0] as String })
  }

  /// Believes a report of a message that we sent to that address, and no other.
  static func note(_ mail: IncomingMail, on day: CivilDate, _ connection: any Connection) throws {
    guard let reported = mail.reportedID, !mail.failures.isEmpty,
      let id: Identifier<OutgoingMail> = try connection.value("SELECT id FROM outbox WHERE message_id = \(reported)"),
      let sent = try PostedMail(id, connection)?.mail
    else { return }
    let written = Set((sent.to + sent.cc).map { $0.address.lowercased() })
    for failure in mail.failures where written.contains(failure.address) {
      try connection.execute(
        """
        INSERT INTO unreachable_address (address, since, reason) VALUES (\(failure.address), \(day), \(failure.reason))
        ON CONFLICT (address) DO UPDATE SET since = excluded.since, reason = excluded.reason
        """)
    }
  }
}
