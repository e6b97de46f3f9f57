import Foundation
import Records
import Store

/// A letter with all that its page shows: as a draft, while it can be called back, and ever after.
public struct LetterSheet: Sendable {
  public struct File: Sendable, Equatable {
    public let name: String
    public let digest: String
    /// In bytes.
    public let size: Int
  }

  public let id: Identifier<Letter>
  public let account: Identifier<Account>
  public let author: String
  let authorAddress: String
  public let audience: Letter.Audience
  public let origin: Letter.Origin
  /// Codes of functions, and `Letter.ownAddress`.
  public let choice: [String]
  public let subject: String
  public let body: String
  public let state: Letter.State
  public let savedAt: Instant
  public let heldUntil: Instant?
  /// Whether it is noted in the log when it leaves.
  public let notes: Bool
  public let exchange: Identifier<Exchange>?
  public let records: [Int64]
  public let files: [File]

  /// `nil` when there is none; a draft is its author's alone.
  public init?(_ id: Identifier<Letter>, for reader: Account, _ connection: any Connection) throws {
    try self.init(id, connection)
    guard state != .draft || account == reader.id else { return nil }
  }

  init?(_ id: Identifier<Letter>, _ connection: any Connection) throws {
    let found = try connection.first(
      """
      SELECT l.account_id, a.name, a.email, l.audience, l.origin, l.choice, l.subject, l.body, l.state, l.saved_at, l.held_until, l.notes,
        l.exchange_id
      FROM letter l JOIN account a ON a.id = l.account_id WHERE l.id = \(id)
      """)
    guard let row = found else { return nil }
    self.id = id
    (account, author, authorAddress) = (try row[0], try row[1], try row[2])
    (audience, origin) = (try row[3], try row[4])
    choice = (try row[5] as String).split(separator: "|").map(String.init)
    (subject, body, state) = (try row[6], try row[7], try row[8])
    (savedAt, heldUntil, notes, exchange) = (try row[9], try row[10], try row[11], try row[12])
    // In one statement: a file's row has a name.
    var (records, files): ([Int64], [File]) = ([], [])
    for row in try connection.rows(
      """
      SELECT 0 AS position, record_id, NULL AS name, NULL AS digest FROM letter_record WHERE letter_id = \(id)
      UNION ALL SELECT x.position, f.size, x.name, x.digest FROM letter_file x JOIN file f ON f.digest = x.digest WHERE x.letter_id = \(id)
      ORDER BY 1, 2
      """
    ) {
      if let name: String = try row[2] {
        files.append(File(name: name, digest: try row[3], size: try row[1]))
      } else {
        records.append(try row[1])
      }
    }
    (self.records, self.files) = (records, files)
  }

  /// Why it cannot be sent, by field of its form.
  public var faults: [String: String] {
    var faults = LetterText.faults(subject: subject, body: body)
    if audience != .people, choice.isEmpty { faults["choix"] = "Cochez à qui vous écrivez." }
    let size = files.reduce(0) { $0 + $1.size }
    if files.count > Letter.mostFiles {
      faults["fichiers"] = "\(files.count) fichiers : \(Letter.mostFiles) au plus."
    } else if size > Letter.sizeLimit {
      faults["fichiers"] = Self.tooMuch
    }
    return faults
  }

  static let tooMuch = "Les fichiers dépassent \(Letter.sizeLimit / 1_000_000) Mo en tout : joignez-en moins, ou réduisez-les."
}

/// One of those to whom a letter was written, and what became of it.
public struct LetterRecipient: Sendable {
  public enum State: String, CaseIterable, Sendable {
    case waiting = "attente"
    case sent = "parti"
    case uncertain = "incertain"
    case refused = "refuse"
    case recalled = "rappele"
    /// They get none.
    case excluded = "exclu"

    public var label: String {
      switch self {
      case .waiting: "En attente"
      case .sent: "Parti"
      case .uncertain: "Incertain"
      case .refused: "Refusé"
      case .recalled: "Rappelé"
      case .excluded: "Non destinataire"
      }
    }
  }

  public let name: String
  public let address: String?
  public let values: MergeValues
  public let person: Identifier<Person>?
  public let structure: Identifier<Structure>?
  public let organisation: Identifier<Organisation>?
  public let exclusion: Letter.Exclusion?
  public let state: State
  /// What the server said.
  public let reason: String?
  let id: Int64

  /// Those of a letter that was said to be sent, in their order.
  public static func all(of letter: LetterSheet, _ connection: any Connection) throws -> [LetterRecipient] {
    try connection.rows(
      """
      SELECT r.id, r.name, r.first_name, r.last_name, r.teams, r.address, r.person_id, r.structure_id, r.organisation_id, r.exclusion,
        o.state, o.reason
      FROM letter_recipient r LEFT JOIN outbox o ON o.id = r.mail_id WHERE r.letter_id = \(letter.id) ORDER BY r.position
      """
    ).map { row in
      let teams: String = try row[4]
      let (exclusion, mail): (Letter.Exclusion?, MailState?) = (try row[9], try row[10])
      return LetterRecipient(
        name: try row[1], address: try row[5],
        values: MergeValues(firstName: try row[2], lastName: try row[3], teams: teams.split(separator: "\n").map(String.init)),
        person: try row[6], structure: try row[7], organisation: try row[8], exclusion: exclusion,
        state: exclusion != nil ? .excluded : state(mail, letter.state), reason: try row[11], id: try row[0])
    }
  }

  private static func state(_ mail: MailState?, _ letter: Letter.State) -> State {
    switch mail {
    case nil: letter == .recalled ? .recalled : letter == .uncertain ? .uncertain : .waiting
    case .waiting, .underWay: .waiting
    case .sent: .sent
    case .uncertain: .uncertain
    case .refused, .abandoned: .refused
    }
  }
}

/// A letter where it stands among others.
public struct LetterSummary: Sendable {
  public let id: Identifier<Letter>
  public let subject: String
  public let author: String
  public let state: Letter.State
  public let savedAt: Instant
  public let sentOn: CivilDate?
  /// How many get it.
  public let recipients: Int
  /// Of how many records a draft is to reach the people.
  public let records: Int

  /// Those that were sent or called back, and the reader's own drafts, the latest first.
  public static func page(
    for reader: Account, offset: Int, limit: Int, _ connection: any Connection
  ) throws -> (rows: [LetterSummary], total: Int) {
    let shown: SQL = "(l.state <> 'brouillon' OR l.account_id = \(reader.id))"
    let total: Int = try connection.value("SELECT count(*) FROM letter l WHERE \(shown)") ?? 0
    return (try list("\(shown) ORDER BY l.saved_at DESC, l.id DESC LIMIT \(limit) OFFSET \(offset)", connection), total)
  }

  private static func list(_ condition: SQL, _ connection: any Connection) throws -> [LetterSummary] {
    try connection.rows(
      """
      SELECT l.id, l.subject, a.name, l.state, l.saved_at, l.sent_on,
        (SELECT count(*) FROM letter_recipient r WHERE r.letter_id = l.id AND r.exclusion IS NULL),
        (SELECT count(*) FROM letter_record x WHERE x.letter_id = l.id)
      FROM letter l JOIN account a ON a.id = l.account_id WHERE \(condition)
      """
    ).map { row in
      LetterSummary(
        id: try row[0], subject: try row[1], author: try row[2], state: try row[3], savedAt: try row[4], sentOn: try row[5],
        recipients: try row[6], records: try row[7])
    }
  }
}

/// A letter of a list on the timeline of a team to whose people it was sent: the log has those that were noted there.
public struct TeamLetter: Sendable {
  public let id: Identifier<Letter>
  public let subject: String
  public let date: CivilDate
  public let author: String
  /// How many got it, of all teams.
  public let recipients: Int

  /// Rows beside a team's dated states: subject, date, date, author, 6, letter, recipients, nothing.
  static func rows(of team: Identifier<Structure>, for reader: Account) -> SQL {
    """
    SELECT l.subject, l.sent_on, l.sent_on, a.name, 6, l.id,
      (SELECT count(*) FROM letter_recipient r WHERE r.letter_id = l.id AND r.exclusion IS NULL) || '', NULL
    FROM letter l JOIN account a ON a.id = l.account_id
    WHERE \(reader.role.scope(.read, .letters) == .all ? "l.state = 'envoye'" as SQL : "1 = 0") AND l.exchange_id IS NULL AND l.id IN (
      SELECT t.letter_id FROM letter_team t WHERE t.structure_id = \(team)
      UNION SELECT t.letter_id FROM letter_team t JOIN structure m ON m.id = t.structure_id WHERE m.merged_into = \(team))
    """
  }

  /// The latest first.
  static func all(in rows: [Row]) throws -> [TeamLetter] {
    try rows.map { row in
      let count: String = try row[6]
      return TeamLetter(id: try row[5], subject: try row[0], date: try row[1], author: try row[3], recipients: Int(count) ?? 0)
    }
  }
}
