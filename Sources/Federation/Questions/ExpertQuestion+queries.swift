import Records
import Store

/// What lists and pages say of a question.
public struct QuestionSummary: Sendable {
  public let id: Identifier<ExpertQuestion>
  public let reference: String
  public let team: (id: Identifier<Structure>, name: String)
  /// A code of `ReferenceList.questionDomain`.
  public let domain: String
  public let receivedOn: CivilDate
  public let body: String
  /// With the address that a message goes to.
  public let expert: (id: Identifier<Person>, reference: String, name: String, email: String?)?
  public let organisation: (id: Identifier<Organisation>, name: String)?
  public let manner: QuestionManner?
  public let sentOn: CivilDate?
  public let answer: String?
  public let answeredOn: CivilDate?
  public let minutes: Int?
  public let isMember: Bool?
  public let shared: String?
  public let sharedOn: CivilDate?
  public let state: QuestionState

  /// The first line of what is asked.
  public var heading: String { ExchangeSummary.heading(of: body) ?? "Question" }

  /// In cents; `nil` while something of it is not known.
  public func amount(_ settings: Settings) -> Int? {
    ExpertQuestion.amount(minutes, isMember: isMember, on: answeredOn, settings)
  }

  static let columns: [SQL] = [
    "q.id", "q.reference", "s.id", "s.name", "q.domain", "q.received_on", "q.body", "p.id", "p.reference", Person.fullName, "p.email",
    "o.id",
    "o.name", "q.manner", "q.sent_on", "q.answer", "q.answered_on", "q.minutes", "q.member", "q.shared", "q.shared_on", "q.state",
  ]

  static let tables: SQL = """
    FROM expert_question q JOIN structure s ON s.id = q.structure_id AND s.removed_at IS NULL
    LEFT JOIN person p ON p.id = q.expert_id LEFT JOIN organisation o ON o.id = q.organisation_id
    """

  init(_ row: Row) throws {
    (id, reference, team) = (try row[0], try row[1], (try row[2], try row[3]))
    (domain, receivedOn, body) = (try row[4], try row[5], try row[6])
    let (expert, organisation): (Identifier<Person>?, Identifier<Organisation>?) = (try row[7], try row[11])
    self.expert = try expert.map { ($0, try row[8], try row[9], try row[10]) }
    self.organisation = try organisation.map { ($0, try row[12]) }
    (manner, sentOn, answer, answeredOn) = (try row[13], try row[14], try row[15], try row[16])
    (minutes, isMember, shared, sharedOn, state) = (try row[17], try row[18], try row[19], try row[20], try row[21])
  }

  /// `nil` when there is no such question that the reader may see.
  public static func one(
    _ id: Identifier<ExpertQuestion>, for reader: Account, _ connection: any Connection
  ) throws -> QuestionSummary? {
    try connection.first(
      """
      SELECT \(columns.joined(by: ", ")) \(tables) WHERE q.id = \(id) AND q.removed_at IS NULL AND \(ExpertQuestion.readable(by: reader))
      """
    ).map(QuestionSummary.init)
  }
}

/// One page of questions: the records of a figure that the reader may see, searched, sorted and cut.
public struct QuestionListing: Sendable {
  public enum Order: String, CaseIterable, Sendable {
    case received = "recue"
    case name = "equipe"
  }

  public let rows: [QuestionSummary]
  public let total: Int

  public init(
    _ query: FigureQuery, for reader: Account, search: String, order: Order, descending: Bool, offset: Int, limit: Int,
    _ connection: any Connection
  ) throws {
    let words = SearchQuery(search)
    let matches: SQL =
      search.isEmpty
      ? ""
      : """
      AND (\(words.finds("q.id", in: ExpertQuestion.searchSource)) OR q.structure_id IN (\(words.records(of: Structure.searchSource))))
      """
    let page = try CountedPage(
      QuestionSummary.columns,
      "\(QuestionSummary.tables) WHERE q.id IN \(query.recordIDs) AND \(ExpertQuestion.readable(by: reader)) \(matches)",
      order:
        "\(order == .received ? "q.received_on" as SQL : "s.name_fold") \(descending ? "DESC" as SQL : "ASC"), q.received_on DESC, q.id DESC",
      offset: offset, limit: limit, connection)
    total = page.total
    rows = try page.rows.map(QuestionSummary.init)
  }
}

/// A question on its team's page.
public struct TeamQuestion: Sendable {
  public let id: Identifier<ExpertQuestion>
  /// A code of `ReferenceList.questionDomain`.
  public let domain: String
  public let receivedOn: CivilDate
  public let state: QuestionState

  /// Rows beside a team's dated states: domain, day, day, nothing, 15, question, state, nothing.
  static func rows(of team: Identifier<Structure>, for reader: Account) -> SQL {
    let isOpen: SQL = reader.role.scope(.read, .questions) == .all ? "1 = 1" : "1 = 0"
    return """
      SELECT q.domain, q.received_on, q.received_on, NULL, 15, q.id, q.state, NULL FROM expert_question q
      WHERE q.structure_id = \(team) AND q.removed_at IS NULL AND \(isOpen)
      """
  }

  /// The latest first.
  static func all(in rows: [Row]) throws -> [TeamQuestion] {
    try rows.map { TeamQuestion(id: try $0[5], domain: try $0[0], receivedOn: try $0[1], state: try $0[6]) }
  }
}
