import Records
import Store

/// What notices are about, as the database says it.
public enum NoticeMatter: String, Sendable, CaseIterable {
  case mention
  case comment = "commentaire"
  case stage = "etape"
  case exchange = "echange"

  var choice: NoticeChoice {
    switch self {
    case .mention: .mention
    case .comment: .comment
    case .stage: .stage
    case .exchange: .exchange
    }
  }
}

/// What somebody chooses of what they are told, on their own account.
public enum NoticeChoice: String, Sendable, CaseIterable {
  case mention
  case comment = "commentaire"
  case stage = "etape"
  case exchange = "echange"
  /// One letter a day, when there is something new.
  case digest = "synthese"
  /// A letter at once when somebody calls them.
  case promptMention = "mention_courriel"

  var isUsual: Bool { self != .promptMention }

  static let migration = Migration(
    "202611221313-notice-choices",
    [
      """
      CREATE TABLE notice_choice (
        account_id \(.id) NOT NULL REFERENCES account (id), choice \(.text) NOT NULL, chosen \(.bool) NOT NULL,
        PRIMARY KEY (account_id, choice)
      ) \(sqlite: "STRICT", postgres: "")
      """
    ])

  /// Those of the accounts that want it.
  func chosen(by accounts: [Int64], _ connection: any Connection) throws -> Set<Int64> {
    guard !accounts.isEmpty else { return [] }
    let others = try connection.rows(
      """
      SELECT account_id FROM notice_choice
      WHERE choice = \(rawValue) AND chosen = \(!isUsual) AND account_id IN \(list: accounts)
      """
    ).map { try $0[0] as Int64 }
    return isUsual ? Set(accounts).subtracting(others) : Set(others)
  }

  /// All that an account wants.
  public static func all(of account: Identifier<Account>, _ connection: any Connection) throws -> Set<NoticeChoice> {
    var chosen = Set(allCases.filter(\.isUsual))
    for row in try connection.rows("SELECT choice, chosen FROM notice_choice WHERE account_id = \(account)") {
      guard let choice = NoticeChoice(rawValue: try row[0]) else { continue }
      if try row[1] { chosen.insert(choice) } else { chosen.remove(choice) }
    }
    return chosen
  }

  /// From now on.
  static func keep(_ chosen: Set<NoticeChoice>, of account: Identifier<Account>, _ connection: any Connection) throws {
    try connection.execute("DELETE FROM notice_choice WHERE account_id = \(account)")
    try connection.insert(
      into: "notice_choice (account_id, choice, chosen)", allCases.filter { chosen.contains($0) != $0.isUsual }
    ) { "\(account), \($0.rawValue), \(chosen.contains($0))" }
  }
}
