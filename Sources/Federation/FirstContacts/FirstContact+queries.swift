import Records
import Store

/// What lists and pages say of a first contact.
public struct FirstContactSummary: Sendable {
  public let id: Identifier<FirstContact>
  public let reference: String
  public let receivedOn: CivilDate
  public let channel: Channel
  public let name: String
  /// A code of `ReferenceList.profession`.
  public let profession: String?
  public let email: String?
  public let phone: String?
  public let commune: String?
  public let department: String?
  public let hasProject: Bool?
  public let request: String?
  public let state: FirstContactState
  /// The name of whoever has taken it.
  public let assignee: String?
  public let answeredOn: CivilDate?
  public let answer: String?
  /// The team that it became, unless that one is in the bin.
  public let team: (id: Identifier<Structure>, name: String)?

  /// Days until it was answered, or waited for an answer so far.
  public func days(on today: CivilDate) -> Int { (answeredOn ?? max(today, receivedOn)).days(since: receivedOn) }

  static let fullName: SQL = "CASE WHEN c.first_name IS NULL THEN c.last_name ELSE c.first_name || ' ' || c.last_name END"

  static let columns: [SQL] = [
    "c.id", "c.reference", "c.received_on", "c.channel", fullName, "c.profession", "c.email", "c.phone", "k.name", "k.department",
    "c.has_project", "c.request", "c.state", "COALESCE(a.name, c.assignee)", "c.answered_on", "c.answer", "s.id", "s.name",
  ]

  static let tables: SQL = """
    FROM first_contact c LEFT JOIN commune k ON k.code = c.commune LEFT JOIN account a ON a.id = c.account_id
    LEFT JOIN structure s ON s.id = c.structure_id AND s.removed_at IS NULL
    """

  init(_ row: Row) throws {
    (id, reference, receivedOn, channel, name) = (try row[0], try row[1], try row[2], try row[3], try row[4])
    (profession, email, phone, commune, department) = (try row[5], try row[6], try row[7], try row[8], try row[9])
    (hasProject, request, state, assignee) = (try row[10], try row[11], try row[12], try row[13])
    (answeredOn, answer) = (try row[14], try row[15])
    let (teamID, teamName): (Identifier<Structure>?, String?) = (try row[16], try row[17])
    team = teamID.flatMap { id in teamName.map { (id: id, name: $0) } }
  }
}

/// One page of first contacts: the records of a figure, searched, sorted and cut.
public struct FirstContactListing: Sendable {
  public enum Order: String, CaseIterable, Sendable {
    case date
    case name = "nom"
    case state = "etat"
  }

  /// What `/premiers-contacts` shows.
  public let rows: [FirstContactSummary]
  public let total: Int
  /// Those that the question is about, when the reader sees only some.
  public let whole: Int?

  public init(
    _ query: FigureQuery, for reader: Account, search: String, order: Order, descending: Bool, offset: Int, limit: Int,
    _ connection: any Connection
  ) throws {
    let matches: SQL = search.isEmpty ? "" : "AND \(SearchQuery(search).finds("c.id", in: FirstContact.searchSource))"
    let direction: SQL = descending ? "DESC" : "ASC"
    let page = try CountedPage(
      FirstContactSummary.columns,
      "\(FirstContactSummary.tables) WHERE c.id IN \(query.recordIDs) AND \(FirstContact.readable(by: reader)) \(matches)",
      order: "\(Self.expression(order)) \(direction), c.received_on DESC, c.id DESC", offset: offset, limit: limit, connection)
    total = page.total
    rows = try page.rows.map(FirstContactSummary.init)
    let seesAll = reader.role.scope(.read, .firstContacts) == .all
    whole = seesAll || !search.isEmpty ? nil : try query.total(connection).value
  }

  private static func expression(_ order: Order) -> SQL {
    switch order {
    case .date: "c.received_on"
    case .name: "c.last_name"
    case .state:
      "CASE c.state WHEN 'a_traiter' THEN 0 WHEN 'en_cours' THEN 1 WHEN 'projet' THEN 2 WHEN 'oriente' THEN 3 ELSE 4 END"
    }
  }
}

/// The first contacts that wait for somebody, the oldest first.
public struct WaitingFirstContacts: Sendable {
  public let rows: [FirstContactSummary]
  public let total: Int

  /// Whoever looks after a territory sees those of that one and those from nowhere; the others all of them. What somebody took shows
  /// to them alone.
  public init(for reader: Account, limit: Int, _ connection: any Connection) throws {
    guard reader.role.scope(.read, .firstContacts) != .none else {
      (rows, total) = ([], 0)
      return
    }
    let area: SQL = reader.territory.map { "AND (c.commune IS NULL OR \(FirstContact.isOf(territory: $0)))" } ?? ""
    let page = try CountedPage(
      FirstContactSummary.columns,
      """
      \(FirstContactSummary.tables) WHERE c.removed_at IS NULL AND \(FirstContact.readable(by: reader))
        AND ((c.state = 'a_traiter' AND c.account_id IS NULL \(area))
          OR (c.state IN ('a_traiter', 'en_cours') AND c.account_id IN \(list: [reader.id] + reader.standsFor)))
      """, order: "c.received_on, c.id", offset: 0, limit: limit, connection)
    total = page.total
    rows = try page.rows.map(FirstContactSummary.init)
  }
}

/// One first contact, whole, with whoever is likely known already.
public struct FirstContactSheet: Sendable {
  /// Somebody of the directory with the same address, or the same name.
  public struct KnownPerson: Sendable {
    public let id: Identifier<Person>
    public let reference: String
    public let name: String
    public let hasSameEmail: Bool
  }

  /// A team of the same commune, or with the same address.
  public struct KnownTeam: Sendable {
    public let id: Identifier<Structure>
    public let reference: String
    public let name: String
    public let type: StructureType
  }

  /// How it became a team.
  public struct Conversion: Sendable {
    public let id: Identifier<Conversion>
    public let at: Instant
    public let account: String?
  }

  public let summary: FirstContactSummary
  public let version: Int
  /// Whoever has taken it, by an account; not where only a name is known.
  public let assignee: Identifier<Account>?
  public let lastName: String
  public let firstName: String?
  /// INSEE code.
  public let communeCode: String?
  public let consent: String?
  public let consentedOn: CivilDate?
  public let person: (id: Identifier<Person>, name: String)?
  public let conversion: Conversion?
  public let people: [KnownPerson]
  public let teams: [KnownTeam]

  /// `nil` when there is no such first contact that the reader may see.
  public init?(_ id: Identifier<FirstContact>, for reader: Account, _ connection: any Connection) throws {
    let more: [SQL] = [
      "c.last_name", "c.first_name", "c.commune", "c.consent", "c.consented_on", "p.id", Person.fullName, "c.version",
      "c.account_id",
    ]
    let found = try connection.first(
      """
      SELECT \((FirstContactSummary.columns + more).joined(by: ", ")) \(FirstContactSummary.tables)
      LEFT JOIN person p ON p.id = c.person_id AND p.removed_at IS NULL
      WHERE c.id = \(id) AND c.removed_at IS NULL AND \(FirstContact.readable(by: reader))
      """)
    guard let row = found else { return nil }
    summary = try FirstContactSummary(row)
    let next = FirstContactSummary.columns.count
    (lastName, firstName, communeCode) = (try row[next], try row[next + 1], try row[next + 2])
    (consent, consentedOn) = (try row[next + 3], try row[next + 4])
    let personID: Identifier<Person>? = try row[next + 5]
    person = try personID.map { (id: $0, name: try row[next + 6]) }
    (version, assignee) = (try row[next + 7], try row[next + 8])
    conversion = try connection.first(
      """
      SELECT v.id, v.applied_at, a.name FROM first_contact_conversion v LEFT JOIN account a ON a.id = v.account_id
      WHERE v.first_contact_id = \(id) AND v.undone_at IS NULL ORDER BY v.id DESC LIMIT 1
      """
    ).map { Conversion(id: try $0[0], at: try $0[1], account: try $0[2]) }
    let folds = [PersonFolds.name(last: lastName, first: firstName), Fold.key("\(firstName ?? "") \(lastName)")]
    let (email, commune) = (summary.email ?? "", communeCode ?? "")
    people = try connection.rows(
      """
      SELECT p.id, p.reference, \(Person.fullName), CASE WHEN p.email = \(email) THEN 1 ELSE 0 END AS same FROM person p
      WHERE p.removed_at IS NULL AND ((p.email = \(email) AND p.email <> '') OR p.name_fold IN \(list: folds))
      ORDER BY same DESC, p.id LIMIT 5
      """
    ).map { KnownPerson(id: try $0[0], reference: try $0[1], name: try $0[2], hasSameEmail: try $0[3] as Int == 1) }
    teams = try connection.rows(
      """
      SELECT s.id, s.reference, s.name, s.type FROM structure s
      WHERE s.removed_at IS NULL AND ((s.commune = \(commune) AND s.commune <> '') OR (s.email = \(email) AND s.email <> ''))
      ORDER BY s.name_fold, s.id LIMIT 6
      """
    ).map { KnownTeam(id: try $0[0], reference: try $0[1], name: try $0[2], type: try $0[3]) }
  }
}
