import Records
import Store

/// What lists say of a claim.
public struct ExpenseSummary: Sendable {
  public let id: Identifier<ExpenseClaim>
  public let reference: String
  public let person: Identifier<Person>
  /// The person's.
  public let personReference: String
  public let name: String
  public let date: CivilDate
  public let purpose: String
  /// In cents.
  public let total: Int
  public let state: ExpenseState
  public let waivedOn: CivilDate?

  static let columns: [SQL] = [
    "c.id", "c.reference", "p.id", "p.reference", Person.fullName, "c.date", "c.purpose", "c.total", "c.state", "c.waived_on",
  ]
  static let tables: SQL = "FROM expense_claim c JOIN person p ON p.id = c.person_id"

  init(_ row: Row) throws {
    (id, reference, person, personReference, name) = (try row[0], try row[1], try row[2], try row[3], try row[4])
    (date, purpose, total, state, waivedOn) = (try row[5], try row[6], try row[7], try row[8], try row[9])
  }
}

/// One page of claims, and what all of them come to.
public struct ExpenseListing: Sendable {
  public enum Order: String, CaseIterable, Sendable {
    case date
    case name = "nom"
    case total = "montant"
    case state = "etat"
  }

  public struct Filters: Sendable {
    public var states: [String] = []
    /// References.
    public var people: [String] = []
    public var years: [String] = []

    public init() {}
  }

  public let rows: [ExpenseSummary]
  public let total: Int
  /// In cents, on all pages.
  public let sum: Int

  public init(
    _ filters: Filters, for reader: Account, search: String, order: Order, descending: Bool, offset: Int, limit: Int,
    _ connection: any Connection
  ) throws {
    let words = SearchQuery(search)
    let parts: [SQL] = [
      filters.states.isEmpty ? "" : "AND c.state IN \(list: filters.states)",
      filters.people.isEmpty ? "" : "AND p.reference IN \(list: filters.people)",
      filters.years.isEmpty ? "" : "AND substr(c.date, 1, 4) IN \(list: filters.years)",
      search.isEmpty
        ? ""
        : "AND (\(words.finds("c.id", in: ExpenseClaim.searchSource)) OR c.person_id IN (\(words.records(of: Person.searchSource))))",
    ]
    let source: SQL = """
      \(ExpenseSummary.tables) WHERE c.removed_at IS NULL AND \(ExpenseClaim.readable(by: reader)) \(parts.joined(by: " "))
      """
    let direction: SQL = descending ? "DESC" : "ASC"
    let page = try CountedPage(
      ExpenseSummary.columns + ["CAST(SUM(c.total) OVER () AS \(.int))"], source,
      order: "\(Self.expression(order)) \(direction) NULLS LAST, c.date DESC, c.id DESC", offset: offset, limit: limit, connection)
    total = page.total
    rows = try page.rows.map(ExpenseSummary.init)
    sum = try page.rows.first.map { try $0[ExpenseSummary.columns.count] } ?? 0
  }

  private static func expression(_ order: Order) -> SQL {
    switch order {
    case .date: "c.date"
    case .name: "p.name_fold"
    case .total: "c.total"
    case .state: "(SELECT v.position FROM reference_value v WHERE v.list = 'expense_state' AND v.code = c.state)"
    }
  }

  /// The years and the people of the claims that an account reads, the latest year first.
  public static func choices(
    for reader: Account, _ connection: any Connection
  ) throws -> (years: [ReferenceValue], people: [ReferenceValue]) {
    let among: SQL = "\(ExpenseSummary.tables) WHERE c.removed_at IS NULL AND \(ExpenseClaim.readable(by: reader))"
    let rows = try connection.rows(
      """
      SELECT 0, substr(c.date, 1, 4), '' AS name \(among) GROUP BY substr(c.date, 1, 4)
      UNION ALL SELECT 1, p.reference, \(Person.fullName) \(among) GROUP BY p.id, p.reference, p.first_name, p.last_name ORDER BY 1, 3, 2 DESC
      """)
    let values = try rows.map { row in (isYear: try row[0] as Int == 0, code: try row[1] as String, label: try row[2] as String) }
    return (
      values.filter(\.isYear).map { ReferenceValue(code: $0.code, label: $0.code) },
      values.filter { !$0.isYear }.map { ReferenceValue(code: $0.code, label: $0.label) }
    )
  }

  /// What waits for a decision, the longest waiting first: none for whoever may not take it.
  public static func waiting(for reader: Account, limit: Int, _ connection: any Connection) throws -> (rows: [ExpenseSummary], total: Int) {
    guard reader.role.scope(.publish, .expenses) == .all else { return ([], 0) }
    let page = try CountedPage(
      ExpenseSummary.columns,
      "\(ExpenseSummary.tables) WHERE c.removed_at IS NULL AND c.state = 'envoyee' AND NOT \(ExpenseDesk.isOwn(of: reader))",
      order: "c.sent_on, c.id", offset: 0, limit: limit, connection)
    return (try page.rows.map(ExpenseSummary.init), page.total)
  }
}

/// One claim, whole.
public struct ExpenseSheet: Sendable {
  public let summary: ExpenseSummary
  public let version: Int
  public let origin: String?
  public let destination: String?
  /// In tenths of a kilometre, and thousandths of a euro.
  public let distance: Int?
  public let rate: Int?
  public let otherPurpose: String?
  public let halfDays: Int?
  /// In cents, for half a day.
  public let indemnity: Int?
  public let lines: [ExpenseLine]
  public let reason: String?
  public let sentOn: CivilDate?
  public let decidedOn: CivilDate?
  public let decidedBy: String?
  public let payment: (id: Identifier<ExpensePayment>, number: Int, on: CivilDate)?
  public let facilitation: (id: Identifier<Facilitation>, type: String?)?
  public let meeting: (id: Identifier<Meeting>, date: CivilDate)?
  /// Whether it is the reader's own.
  public let isOwn: Bool
  /// Lines above the amount from which a receipt is asked for, while no file is joined.
  public let unproved: [ExpenseLine]

  /// `nil` when there is no such claim that the reader may see.
  public init?(_ id: Identifier<ExpenseClaim>, for reader: Account, _ settings: Settings, _ connection: any Connection) throws {
    let more: [SQL] = [
      "c.version", "c.origin", "c.destination", "c.distance", "c.rate", "c.tolls", "c.parking", "c.train", "c.meals", "c.other",
      "c.other_purpose", "c.half_days", "c.indemnity", "c.reason", "c.sent_on", "c.decided_on", "a.name", "y.id", "y.number", "y.paid_on",
      "f.id", "f.type", "m.id", "m.date", "CASE WHEN \(ExpenseDesk.isOwn(of: reader)) THEN 1 ELSE 0 END",
      "(SELECT count(*) FROM attachment z WHERE z.kind = 'frais' AND z.record_id = c.id AND z.removed_at IS NULL)",
    ]
    guard
      let row = try connection.first(
        """
        SELECT \((ExpenseSummary.columns + more).joined(by: ", ")) \(ExpenseSummary.tables)
        LEFT JOIN account a ON a.id = c.decided_by LEFT JOIN expense_payment y ON y.id = c.payment_id
        LEFT JOIN facilitation f ON f.id = c.facilitation_id AND f.removed_at IS NULL AND \(ExpenseClaim.knows(reader))
        LEFT JOIN meeting m ON m.id = c.meeting_id AND m.removed_at IS NULL
        WHERE c.id = \(id) AND c.removed_at IS NULL AND \(ExpenseClaim.readable(by: reader))
        """)
    else { return nil }
    summary = try ExpenseSummary(row)
    let next = ExpenseSummary.columns.count
    (version, origin, destination) = (try row[next], try row[next + 1], try row[next + 2])
    (distance, rate) = (try row[next + 3], try row[next + 4])
    let spent: [Int?] = try (5...9).map { try row[next + $0] }
    (otherPurpose, halfDays, indemnity) = (try row[next + 10], try row[next + 11], try row[next + 12])
    lines = ExpenseClaim.lines(distance, rate, spent, halfDays, indemnity)
    (reason, sentOn, decidedOn, decidedBy) = (try row[next + 13], try row[next + 14], try row[next + 15], try row[next + 16])
    if let id: Identifier<ExpensePayment> = try row[next + 17] {
      payment = (id, try row[next + 18], try row[next + 19])
    } else {
      payment = nil
    }
    if let id: Identifier<Facilitation> = try row[next + 20] {
      facilitation = (id, try row[next + 21])
    } else {
      facilitation = nil
    }
    if let id: Identifier<Meeting> = try row[next + 22] {
      meeting = (id, try row[next + 23])
    } else {
      meeting = nil
    }
    isOwn = try row[next + 24] as Int == 1
    let files: Int = try row[next + 25]
    unproved = files > 0 ? [] : ExpenseDesk.unproved(lines, settings, on: summary.date)
  }
}

/// What people have given up in a year, as a gift to the federation.
public struct ExpenseWaivers: Sendable {
  public let year: Int
  /// With their claims in the order of their days.
  public let people: [(id: Identifier<Person>, name: String, claims: [ExpenseSummary])]
  /// The years in which something was given up, with the current one, the latest first.
  public let years: [Int]

  /// In cents.
  public var total: Int { people.reduce(0) { $0 + Self.sum($1.claims) } }

  public static func sum(_ claims: [ExpenseSummary]) -> Int { claims.reduce(0) { $0 + $1.total } }

  public init(_ year: Int, on today: CivilDate, _ connection: any Connection) throws {
    self.year = year
    let rows = try connection.rows(
      """
      SELECT \(ExpenseSummary.columns.joined(by: ", ")) \(ExpenseSummary.tables)
      WHERE c.removed_at IS NULL AND c.state = 'abandonnee' ORDER BY p.name_fold, p.id, c.date, c.id
      """
    ).map(ExpenseSummary.init)
    years = Set(rows.compactMap { $0.waivedOn?.year } + [today.year, year]).sorted(by: >)
    var people: [(id: Identifier<Person>, name: String, claims: [ExpenseSummary])] = []
    for claim in rows where claim.waivedOn?.year == year {
      if people.last?.id == claim.person {
        people[people.count - 1].claims.append(claim)
      } else {
        people.append((claim.person, claim.name, [claim]))
      }
    }
    self.people = people
  }
}

extension ExpenseClaim {
  /// That a reader may be told of a facilitation `f`: whoever reads their own claims only, of those in which they helped.
  static func knows(_ reader: Account) -> SQL {
    guard reader.role.scope(.read, .expenses) == .own else { return "1 = 1" }
    return "f.id IN (SELECT y.facilitation_id FROM facilitation_person y WHERE y.person_id IN (\(Person.of(reader))))"
  }

  /// The facilitations that a form offers: the one that it was opened from and, to whoever writes their own, those of the last year in
  /// which they helped.
  public static func facilitations(
    offeredTo account: Account, named reference: String, on today: CivilDate, _ connection: any Connection
  ) throws -> [(reference: String, date: CivilDate?, team: String?)] {
    let isOwn = account.role.scope(.write, .expenses) == .own
    guard isOwn || !reference.isEmpty else { return [] }
    let recent: SQL = isOwn ? "OR (f.state IN \(FacilitationState.heldCodes) AND f.date >= \(today.adding(months: -12)))" : ""
    return try connection.rows(
      """
      SELECT f.reference, f.date, (SELECT MIN(s.name) FROM facilitation_structure x JOIN structure s ON s.id = x.structure_id
        WHERE x.facilitation_id = f.id)
      FROM facilitation f WHERE f.removed_at IS NULL AND (f.reference = \(reference) \(recent)) AND \(knows(account))
      ORDER BY f.date DESC, f.id DESC LIMIT 40
      """
    ).map { (try $0[0], try $0[1], try $0[2]) }
  }
}

/// What a claim begins with when it is asked for from a facilitation: texts of its form.
public struct ExpensePrefill: Sendable {
  public let entries: [(name: String, value: String)]

  /// `nil` when there is no such facilitation.
  /// - Parameter own: the reference of the only person for whom it may be.
  public init?(_ id: Identifier<Facilitation>, own: String?, on today: CivilDate, _ connection: any Connection) throws {
    let teams: SQL = "FROM facilitation_structure x JOIN structure s ON s.id = x.structure_id WHERE x.facilitation_id = f.id"
    let rows = try connection.rows(
      """
      SELECT f.reference, f.date, f.mode, p.reference, o.name, d.name, o.latitude, o.longitude, d.latitude, d.longitude,
        (SELECT MIN(s.name) \(teams))
      FROM facilitation f LEFT JOIN facilitation_person y ON y.facilitation_id = f.id
      LEFT JOIN person p ON p.id = y.person_id AND p.removed_at IS NULL AND NOT \(Person.isOnPayroll)
      LEFT JOIN facilitator w ON w.person_id = p.id AND w.removed_at IS NULL
      LEFT JOIN commune o ON o.code = COALESCE(w.commune, p.commune)
      LEFT JOIN commune d ON d.code = COALESCE(f.commune, CASE WHEN (SELECT count(*) \(teams)) = 1 THEN (SELECT MIN(s.commune) \(teams)) END)
      WHERE f.id = \(id) AND f.removed_at IS NULL
      ORDER BY CASE WHEN EXISTS (SELECT 1 FROM expense_claim c WHERE c.person_id = p.id AND c.facilitation_id = f.id AND c.removed_at IS NULL)
        THEN 1 ELSE 0 END, p.name_fold, p.id
      """)
    let names: [String?] = try rows.map { try $0[3] }
    let chosen = own.flatMap { own in names.firstIndex(of: own) } ?? (own == nil ? rows.indices.first : nil)
    guard let row = chosen.map({ rows[$0] }) else { return nil }
    let (date, mode): (CivilDate?, FacilitationMode?) = (try row[1], try row[2])
    let team: String? = try row[10]
    var entries: [(name: String, value: String?)] = [
      ("facilitation", try row[0]), ("personne", try row[3]), ("date", date.flatMap { $0 <= today ? $0.description : nil }),
      ("objet", team.map { "Facilitation, \($0)" } ?? "Facilitation"),
    ]
    if mode != .video, let ends = try Road.Ends(row[6], row[7], row[8], row[9]) {
      let tenths = Int((ends.kilometres * 20).rounded())
      entries += [("depart", try row[4]), ("arrivee", try row[5]), ("km", tenths > 0 ? Thousandths.text(tenths * 100) : nil)]
    }
    self.entries = entries.compactMap { entry in entry.value.map { (name: entry.name, value: String($0.prefix(200))) } }
  }
}
