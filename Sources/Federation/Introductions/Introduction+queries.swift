import Records
import Store

/// What lists and pages say of an introduction.
public struct IntroductionSummary: Sendable {
  public let id: Identifier<Introduction>
  public let reference: String
  public let date: CivilDate
  public let team: (id: Identifier<Structure>, name: String)
  public let other: (id: Identifier<Structure>, name: String)?
  public let person: (id: Identifier<Person>, name: String)?
  public let organisation: (id: Identifier<Organisation>, name: String)?
  public let purpose: String?
  public let result: IntroductionResult
  public let note: String?

  /// Whom the team met, in their order.
  public var partners: [String] { [other?.name, person?.name, organisation?.name].compactMap(\.self) }

  static let columns: [SQL] = [
    "i.id", "i.reference", "i.date", "s.id", "s.name", "o.id", "o.name", "p.id", Person.fullName, "g.id", "g.name", "i.purpose",
    "i.result", "i.note",
  ]

  static let tables: SQL = """
    FROM introduction i JOIN structure s ON s.id = i.structure_id LEFT JOIN structure o ON o.id = i.other_id
    LEFT JOIN person p ON p.id = i.person_id LEFT JOIN organisation g ON g.id = i.organisation_id
    """

  init(_ row: Row) throws {
    (id, reference, date, team) = (try row[0], try row[1], try row[2], (try row[3], try row[4]))
    let (other, person, organisation): (Identifier<Structure>?, Identifier<Person>?, Identifier<Organisation>?) = (
      try row[5], try row[7], try row[9]
    )
    self.other = try other.map { ($0, try row[6]) }
    self.person = try person.map { ($0, try row[8]) }
    self.organisation = try organisation.map { ($0, try row[10]) }
    (purpose, result, note) = (try row[11], try row[12], try row[13])
  }
}

/// One page of introductions: the records of a figure, searched, sorted and cut.
public struct IntroductionListing: Sendable {
  public enum Order: String, CaseIterable, Sendable {
    case date
    case name = "equipe"
  }

  public let rows: [IntroductionSummary]
  public let total: Int

  public init(
    _ query: FigureQuery, search: String, order: Order, descending: Bool, offset: Int, limit: Int, _ connection: any Connection
  ) throws {
    let words = SearchQuery(search)
    let teams = words.records(of: Structure.searchSource)
    let matches: SQL =
      search.isEmpty
      ? "" : "AND (\(words.finds("i.id", in: Introduction.searchSource)) OR i.structure_id IN (\(teams)) OR i.other_id IN (\(teams)))"
    let page = try CountedPage(
      IntroductionSummary.columns, "\(IntroductionSummary.tables) WHERE i.id IN \(query.recordIDs) \(matches)",
      order: "\(order == .date ? "i.date" as SQL : "s.name_fold") \(descending ? "DESC" as SQL : "ASC"), i.date DESC, i.id DESC",
      offset: offset, limit: limit, connection)
    total = page.total
    rows = try page.rows.map(IntroductionSummary.init)
  }
}

/// An introduction on the page of one of its teams: whom it met.
public struct TeamIntroduction: Sendable {
  public enum Partner: Sendable {
    case structure(Identifier<Structure>)
    case person(Identifier<Person>)
    case organisation(Identifier<Organisation>)
  }

  public let id: Identifier<Introduction>
  public let date: CivilDate
  public let name: String
  public let partner: Partner
  public let purpose: String?
  public let result: IntroductionResult

  /// Rows beside a team's dated states: whom it met, day, day, purpose, 13, introduction, result, which record that is.
  static func rows(of team: Identifier<Structure>) -> SQL {
    """
    SELECT COALESCE(o.name, \(Person.fullName), g.name), i.date, i.date, i.purpose, 13, i.id, i.result,
      CASE WHEN o.id IS NOT NULL THEN 's:' || o.id WHEN p.id IS NOT NULL THEN 'p:' || p.id ELSE 'o:' || g.id END
    FROM introduction i
    LEFT JOIN structure o ON o.id = CASE WHEN i.structure_id = \(team) THEN i.other_id ELSE i.structure_id END
    LEFT JOIN person p ON p.id = i.person_id LEFT JOIN organisation g ON g.id = i.organisation_id
    WHERE i.removed_at IS NULL AND (i.structure_id = \(team) OR i.other_id = \(team))
    """
  }

  /// The latest first.
  static func all(in rows: [Row]) throws -> [TeamIntroduction] {
    try rows.compactMap { row in
      let parts = (try row[7] as String).split(separator: ":")
      guard parts.count == 2, let number = Int64(parts[1]) else { return nil }
      let partner: Partner =
        switch parts[0] {
        case "s": .structure(Identifier(rawValue: number))
        case "p": .person(Identifier(rawValue: number))
        default: .organisation(Identifier(rawValue: number))
        }
      return TeamIntroduction(
        id: try row[5], date: try row[1], name: try row[0], partner: partner, purpose: try row[3], result: try row[6])
    }
  }
}
