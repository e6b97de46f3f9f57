import Records
import Store

/// A page of the people of the directory.
public struct PersonListing: Sendable {
  public struct Row: Sendable {
    public let id: Identifier<Person>
    public let reference: String
    public let name: String
    public let profession: String?
    public let commune: String?
    public let email: String?
    public let phone: String?
    /// What the person does on the day, and where.
    public fileprivate(set) var functions: [PersonFunction] = []
  }

  public let rows: [Row]
  public let total: Int

  /// - Parameters:
  ///   - search: words of the name, a town, a number or an address.
  ///   - professions, functions: codes; any of each, all when empty.
  ///   - quality: codes of `PersonQuality`; all of them are to complete.
  ///   - seek: where the page begins.
  ///   - most: where counting stops, one further.
  public init(
    search: String, professions: [String], functions: [String], quality: [String] = [], on day: CivilDate, descending: Bool = false,
    seek: ListSeek? = nil,
    offset: Int, limit: Int, countingTo most: Int? = nil, _ connection: any Connection
  ) throws {
    var conditions: [SQL] = ["p.removed_at IS NULL"]
    if !search.isEmpty { conditions.append(SearchQuery(search).finds("p.id", in: Person.searchSource)) }
    if !professions.isEmpty {
      let known: SQL = "p.profession IN \(list: professions)"
      conditions.append(professions.contains(ReferenceValue.unknown.code) ? "(\(known) OR p.profession IS NULL)" : known)
    }
    conditions += quality.compactMap(PersonQuality.init).map(\.condition)
    if !functions.isEmpty {
      conditions.append(
        """
        p.id IN (SELECT f.person_id FROM person_function f WHERE f.removed_at IS NULL AND f.since <= \(day) AND \(day) < f.until
          AND f.function IN \(list: functions))
        """)
    }
    let among: SQL = "FROM person p LEFT JOIN commune c ON c.code = p.commune WHERE \(conditions.joined(by: " AND "))"
    total = try ListCount.of(among, upTo: most, connection)
    let slice = ListSlice(by: ["name_fold", "id"], of: "person", as: "p", descending: descending, seek, offset: offset, limit: limit)
    var rows = try connection.rows(
      """
      SELECT p.id, p.reference, \(Person.fullName), p.profession, c.name, p.email, p.phone
      \(among) \(slice.condition) \(slice.end)
      """
    ).map { row in
      Row(
        id: try row[0], reference: try row[1], name: try row[2], profession: try row[3], commune: try row[4], email: try row[5],
        phone: try row[6])
    }
    let functions = try PersonFunction.all(
      where: "f.person_id IN \(list: rows.map(\.id)) AND f.since <= \(day) AND \(day) < f.until", connection)
    for index in rows.indices { rows[index].functions = functions[rows[index].id] ?? [] }
    self.rows = slice.ordered(rows)
  }
}

/// What a person does in a team, from when to when.
public struct PersonFunction: Sendable, Equatable {
  public let structure: Identifier<Structure>
  public let team: String
  /// A code of `ReferenceList.function`.
  public let function: String
  public let since: CivilDate?
  /// The last day included; `nil` when it has no end.
  public let through: CivilDate?

  /// The latest first.
  static func all(where condition: SQL, _ connection: any Connection) throws -> [Identifier<Person>: [PersonFunction]] {
    var found: [Identifier<Person>: [PersonFunction]] = [:]
    let rows = try connection.rows(
      """
      SELECT f.person_id, s.id, s.name, f.function, f.since, f.until FROM person_function f
      JOIN structure s ON s.id = f.structure_id AND s.removed_at IS NULL
      WHERE f.removed_at IS NULL AND \(condition) ORDER BY f.until DESC, f.since DESC, s.name_fold, f.function
      """)
    for row in rows {
      let (since, until): (CivilDate, CivilDate) = (try row[4], try row[5])
      found[try row[0], default: []].append(
        PersonFunction(
          structure: try row[1], team: try row[2], function: try row[3], since: since == .distantPast ? nil : since,
          through: until == .openEnd ? nil : until.previous))
    }
    return found
  }
}

/// Somebody who is in a team on a day.
public struct TeamMember: Sendable, Equatable {
  public let person: Identifier<Person>
  public let name: String
  /// A code of `ReferenceList.profession`.
  public let profession: String?
  /// Codes of `ReferenceList.function`.
  public var functions: [String]

  /// Those of a team, as rows beside its dated states: function, since, until, name, 2, person, profession, fold of the name.
  static func rows(of team: Identifier<Structure>, on day: CivilDate) -> SQL {
    """
    SELECT f.function, f.since, f.until, \(Person.fullName), 2, p.id, p.profession, p.name_fold FROM person_function f
    JOIN person p ON p.id = f.person_id AND p.removed_at IS NULL
    WHERE f.structure_id = \(team) AND f.removed_at IS NULL AND f.since <= \(day) AND \(day) < f.until
    """
  }

  /// Whoever has a function beside membership stands before the others.
  static func all(in rows: [Row]) throws -> [TeamMember] {
    let held = try rows.map { row in
      let (function, fold): (String, String) = (try row[0], try row[7])
      let member = TeamMember(person: try row[5], name: try row[3], profession: try row[6], functions: [function])
      return (member: member, order: (function == PersonRecords.membership ? 1 : 0, fold, function))
    }
    var members: [TeamMember] = []
    for one in held.sorted(by: { $0.order < $1.order }) {
      if let known = members.firstIndex(where: { $0.person == one.member.person }) {
        members[known].functions += one.member.functions
      } else {
        members.append(one.member)
      }
    }
    return members
  }
}

/// Everything the page of one person shows.
public struct PersonSheet: Sendable {
  public let id: Identifier<Person>
  public let reference: String
  public let name: String
  public let profession: String?
  public let commune: String?
  public let email: String?
  public let phone: String?
  public let rpps: String?
  /// Since when messages come back from the address.
  public let unreachableSince: CivilDate?
  public let functions: [PersonFunction]
  /// The latest exchanges with the person that the reader may see.
  public let exchanges: [ExchangeSummary]
  public let consents: [Consent]

  /// `nil` when there is no such person.
  public init?(_ id: Identifier<Person>, for reader: Account, _ connection: any Connection) throws {
    let found = try connection.first(
      """
      SELECT p.reference, \(Person.fullName), p.profession, c.name, p.email, p.phone, p.rpps,
        (SELECT u.since FROM unreachable_address u WHERE u.address = LOWER(p.email))
      FROM person p LEFT JOIN commune c ON c.code = p.commune WHERE p.id = \(id) AND p.removed_at IS NULL
      """)
    guard let row = found else { return nil }
    self.id = id
    (reference, name, profession, commune) = (try row[0], try row[1], try row[2], try row[3])
    (email, phone, rpps, unreachableSince) = (try row[4], try row[5], try row[6], try row[7])
    functions = try PersonFunction.all(where: "f.person_id = \(id)", connection)[id] ?? []
    exchanges = try ExchangeSummary.page(
      "e.id IN (SELECT x.exchange_id FROM exchange_person x WHERE x.person_id = \(id))", for: reader, .latest(30), connection)
    consents = try Consent.all(of: id, connection)
  }
}

extension Person {
  /// Of `person p`: « Prénom Nom ».
  static let fullName: SQL = "COALESCE(p.first_name || ' ', '') || p.last_name"
}
