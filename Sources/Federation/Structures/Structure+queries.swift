import Records
import Store

/// One page of the directory: the records of a figure, searched, sorted and cut.
public struct StructureListing: Sendable {
  public struct Row: Sendable {
    public let id: Identifier<Structure>
    public let reference: String
    public let name: String
    public let type: StructureType
    public let commune: String?
    public let department: String
    public let territory: String?
    public let stage: Stage?
    public let situation: Situation?
    public let phase: Phase?
    public let professionals: Int?
    public let lastExchange: CivilDate?
    /// Read only for the lists of the figures on follow-up.
    public let due: CivilDate?
    public let lastMeeting: CivilDate?
    /// When the professionals were counted and who says so: read only for the lists of the figures on them.
    public let headcount: (date: CivilDate, source: String)?
    /// The team's own rhythm of follow-up (R7); `nil` where its phase gives it.
    public let followUpMonths: Int?
    public let phone: String?
    public let email: String?
    public let software: String?
    /// Code of its level.
    public let softwareLevel: String?
  }

  public enum Order: String, CaseIterable, Sendable {
    case name = "nom"
    case stage = "etape"
    case situation
    case department = "departement"
    case professionals = "professionnels"
    case lastExchange = "echange"
    case due = "relance"
    case lastMeeting = "rencontre"
    case headcount = "effectif"
  }

  public let rows: [Row]
  public let total: Int

  /// States are those of the last day of the query's period.
  /// - Parameters:
  ///   - reader: whose list it is: days of notes that are kept from them are not in it.
  ///   - seek: where the page begins in the order of names, the only one that an index holds.
  ///   - most: where counting stops, one further.
  public init(
    _ query: FigureQuery, for reader: Account, search: String, order: Order, descending: Bool, seek: ListSeek? = nil, offset: Int,
    limit: Int, countingTo most: Int? = nil, _ connection: any Connection
  ) throws {
    let day = query.period.through
    func matches(_ id: SQL) -> SQL { search.isEmpty ? "" : "AND \(SearchQuery(search).finds(id, in: Structure.searchSource))" }
    let span: SQL = "JOIN structure_span p ON p.structure_id = s.id AND p.since <= \(day) AND \(day) < p.until"
    // What the figure includes has a state that day: it is looked up once more only where rows are sorted by it.
    let sorted: SQL = order == .name ? "" : span
    func from(_ id: SQL) -> SQL { "FROM structure s \(sorted) WHERE \(query.includes("s.id")) \(matches(id))" }
    let counted = query.rows.map { "\($0) \(matches("f.id"))" as SQL } ?? from("s.id")
    total = try ListCount.of(counted, upTo: most, connection)
    // With the sign SQLite walks the order of the list until the page is full, instead of looking up and sorting all that are found.
    let found: SQL = total > Self.few ? "+s.id" : "s.id"
    let slice = Self.slice(order, descending, seek, offset: offset, limit: limit)
    let followsUp = ["support.overdue", "support.unmet"].contains(query.figure.id)
    let counts = ["structures.professionals", "structures.professionals_mean"].contains(query.figure.id)
    let none: SQL = "CAST(NULL AS text)"
    let (due, lastMeeting) =
      followsUp ? (FollowUp.due(on: day, for: reader), FollowUp.lastMeeting(by: day, for: reader)) : (none, none)
    let (headcountDay, source) = counts ? (Headcount.date(on: day), Headcount.source(on: day)) : (none, none)
    // The page's rows first: the rest is looked up for these alone, not for all that are sorted.
    let shown: [Row] = try connection.kept(
      """
      SELECT s.id, s.name, p.type, c.name, s.department, p.stage, p.situation, \(Headcount.number(on: day)),
        \(FollowUp.lastExchange(by: day, for: reader)), \(due), \(lastMeeting), \(headcountDay), s.reference, p.phase,
        (SELECT r.name FROM territory_span t JOIN territory r ON r.code = t.territory
          WHERE t.department = s.department AND t.since <= \(day) AND \(day) < t.until) AS territory, \(source), s.follow_up_months, s.phone, s.email,
        \(Software.columns(on: day))
      FROM (
        SELECT s.id AS shown, \(Self.sortKey(order, on: day, for: reader)) AS sort_key
        \(from(found)) \(slice.condition) \(slice.end)) k
      JOIN structure s ON s.id = k.shown \(span) LEFT JOIN commune c ON c.code = s.commune ORDER BY \(slice.order)
      """
    ) { try $0.map(Row.init) }
    rows = slice.ordered(shown)
  }

  /// Found rows that are sooner sorted than sought among all.
  private static let few = 200

  /// Whether there is no structure at all, at any date.
  public static func isDirectoryEmpty(_ connection: any Connection) throws -> Bool {
    try connection.first("SELECT 1 FROM structure WHERE removed_at IS NULL LIMIT 1") == nil
  }

  private static func slice(_ order: Order, _ descending: Bool, _ seek: ListSeek?, offset: Int, limit: Int) -> ListSlice {
    guard order == .name else {
      let direction: SQL = descending ? "DESC" : "ASC"
      return ListSlice(order: "sort_key \(direction) NULLS LAST, s.name_fold, s.id", offset: offset, limit: limit)
    }
    // Never empty: without `NULLS LAST` PostgreSQL reads the index instead of sorting.
    return ListSlice(
      by: ["name_fold", "id"], of: "structure", as: "s", descending: descending, seek, offset: offset, limit: limit)
  }

  /// Stages and situations in the order in which the federation lists them.
  private static func sortKey(_ order: Order, on day: CivilDate, for reader: Account) -> SQL {
    switch order {
    case .name: "NULL"
    case .stage: "(SELECT v.position FROM reference_value v WHERE v.list = 'stage' AND v.code = p.stage)"
    case .situation: "(SELECT v.position FROM reference_value v WHERE v.list = 'situation' AND v.code = p.situation)"
    case .department: "s.department"
    case .professionals: Headcount.number(on: day)
    case .lastExchange: FollowUp.lastExchange(by: day, for: reader)
    case .due: FollowUp.due(on: day, for: reader)
    // Who was never met has waited longest.
    case .lastMeeting: "COALESCE(\(FollowUp.lastMeeting(by: day, for: reader)), \(CivilDate.distantPast))"
    case .headcount: Headcount.date(on: day)
    }
  }
}

extension StructureListing.Row {
  fileprivate init(_ row: Store.Row) throws {
    (id, name, type, commune, department) = (try row[0], try row[1], try row[2], try row[3], try row[4])
    (stage, situation, professionals, lastExchange, due) = (try row[5], try row[6], try row[7], try row[8], try row[9])
    lastMeeting = try row[10]
    let counted: CivilDate? = try row[11]
    headcount = try counted.map { ($0, try row[15]) }
    (reference, phase, territory, followUpMonths, phone, email) =
      (try row[12], try row[13], try row[14], try row[16], try row[17], try row[18])
    (software, softwareLevel) = (try row[19], try row[20])
  }
}

/// One structure, whole, as of a day.
public struct StructureSheet: Sendable {
  public struct State: Sendable {
    /// The record's identifier.
    public let id: Int64
    public let code: StateCode
    public let since: CivilDate
    /// The last day included; `nil` when it has no end.
    public let through: CivilDate?
    public let note: String?
  }

  public let id: Identifier<Structure>
  public let reference: String
  public let type: StructureType
  public let name: String
  public let department: (code: String, name: String)
  public let territory: String?
  public let commune: String?
  public let address: String?
  public let postcode: String?
  public let finess: String?
  public let siret: String?
  public let phone: String?
  public let email: String?
  public let website: String?
  public let software: String?
  /// Code of the level at which it is shared.
  public let softwareLevel: String?
  public let softwareSince: CivilDate?
  /// When somebody of the team last confirmed the record, and who; `nil` when nobody ever did.
  public let confirmation: (date: CivilDate, by: String)?
  public let professionals: Int?
  /// When the professionals were counted and who says so; `nil` for a number that is only declared.
  public let headcount: (date: CivilDate, source: String)?
  public let doctors: Int?
  public let population: Int?
  public let notes: String?
  public let stage: Stage?
  public let situation: Situation?
  public let phase: Phase?
  /// Newest first.
  public let states: [State]
  /// Dated changes of type, newest first.
  public let typeChanges: [(type: StructureType, since: CivilDate)]
  /// What it was before and what became of it, the latest first.
  public let successions: [Succession]
  public let sites: [StructureSite]
  /// Its tags, in their order.
  public let tags: [String]
  /// Who is in the team that day, coordination first.
  public let members: [TeamMember]
  /// What is left to do with the team, as far as the reader may see it.
  public let tasks: [Agenda.Entry]
  /// What meetings decided of it, as far as the reader may see it, the latest first.
  public let decisions: [TeamDecision]
  /// Those of lists that were sent to its people.
  public let letters: [TeamLetter]
  /// Those asked for and held with it, the latest first.
  public let facilitations: [TeamFacilitation]
  /// Its files before commissions, the latest first.
  public let commissionFiles: [TeamCommissionFile]
  /// The programmes in which it is or was enrolled, with its steps and workshops, the latest first.
  public let programmes: [TeamProgramme]
  /// Those of its health project, as far as the reader may see them, the latest first.
  public let readings: [TeamReading]
  /// What it asked experts, as far as the reader may see it, the latest first.
  public let questions: [TeamQuestion]
  /// Whom it was put in touch with, the latest first.
  public let introductions: [TeamIntroduction]
  /// Those that the reader may see, and all of them.
  public let exchangeCounts: (visible: Int, all: Int)
  public let followUp: FollowUp
  /// Who follows it and since when; nobody since a day; `nil` when nobody ever did.
  public let follower: (name: String?, since: CivilDate)?
  /// `nil` when the rule of ESP-CLAP does not concern it.
  public let clap: ClapStanding?
  /// `nil` when there is no minimum for teams of its type.
  public let composition: CompositionStanding?

  /// `nil` when there is no such structure.
  public init?(_ id: Identifier<Structure>, for reader: Account, asOf day: CivilDate, _ connection: any Connection) throws {
    let found: [Store.Row] = try connection.kept(
      """
      SELECT s.reference, p.type, s.name, s.department, d.name, r.name, c.name, s.address, s.postcode, s.finess, s.siret, s.phone,
        s.email, s.website, s.software, \(Headcount.number(on: day)), s.doctors, s.population, s.notes, p.stage, p.situation, p.phase,
        (SELECT count(*) FROM exchange_structure x JOIN exchange e ON e.id = x.exchange_id AND e.removed_at IS NULL AND \(Exchange.readable(by: reader))
          WHERE x.structure_id = s.id),
        (SELECT count(*) FROM exchange_structure x JOIN exchange e ON e.id = x.exchange_id AND e.removed_at IS NULL WHERE x.structure_id = s.id),
        \(FollowUp.lastExchange(by: day, for: reader)), \(FollowUp.due(on: day, for: reader)), \(FollowUp.lastMeeting(by: day, for: reader)),
        \(Headcount.date(on: day)), \(Headcount.source(on: day)), \(ToDo.nextAppointment(from: day)),
        (SELECT a.name FROM account a WHERE a.id = \(Follower.account(of: "s.id", on: day))), \(Follower.since(of: "s.id", on: day)),
        \((ClapStanding.columns(on: day) + CompositionStanding.columns(on: day)).joined(by: ", ")), s.software_level, s.software_since,
        \(SheetConfirmation.latest("w.answered_on", by: day)), \(SheetConfirmation.latest("w.answered_by", by: day))
      FROM structure s JOIN department d ON d.code = s.department
      JOIN structure_span p ON p.structure_id = s.id AND p.since <= \(day) AND \(day) < p.until
      LEFT JOIN commune c ON c.code = s.commune
      LEFT JOIN territory_span t ON t.department = s.department AND t.since <= \(day) AND \(day) < t.until
      LEFT JOIN territory r ON r.code = t.territory
      WHERE s.id = \(id) AND s.removed_at IS NULL
      """
    ) { $0 }
    guard let row = found.first else { return nil }
    self.id = id
    (reference, type, name) = (try row[0], try row[1], try row[2])
    department = (try row[3], try row[4])
    (territory, commune, address, postcode) = (try row[5], try row[6], try row[7], try row[8])
    (finess, siret, phone, email, website) = (try row[9], try row[10], try row[11], try row[12], try row[13])
    (software, professionals, doctors, population, notes) = (try row[14], try row[15], try row[16], try row[17], try row[18])
    (stage, situation, phase) = (try row[19], try row[20], try row[21])
    exchangeCounts = (try row[22], try row[23])
    followUp = FollowUp(lastExchange: try row[24], due: try row[25], lastMeeting: try row[26], appointment: try row[29])
    let followedSince: CivilDate? = try row[31]
    follower = try followedSince.map { (try row[30], $0) }
    let counted: CivilDate? = try row[27]
    headcount = try counted.map { ($0, try row[28]) }
    clap = try ClapStanding(row, from: 32)
    let next = 32 + ClapStanding.columns(on: day).count
    composition = try CompositionStanding(row, from: next)
    let last = next + CompositionStanding.columns(on: day).count
    (softwareLevel, softwareSince) = (try row[last], try row[last + 1])
    let confirmed: CivilDate? = try row[last + 2]
    confirmation = try confirmed.map { ($0, try row[last + 3]) }
    let dated: [Store.Row] = try connection.kept(
      """
      SELECT state, since, until, note, 0, id, NULL, NULL
      FROM structure_state WHERE structure_id = \(id) AND removed_at IS NULL
      UNION ALL SELECT type, since, \(CivilDate.openEnd), NULL, 1, CAST(NULL AS \(.id)), NULL, NULL FROM structure_type
      WHERE structure_id = \(id) AND removed_at IS NULL
      UNION ALL \(TeamMember.rows(of: id, on: day)) UNION ALL \(Succession.rows(of: id))
      UNION ALL \(Agenda.Entry.rows(of: id, for: reader)) UNION ALL \(TeamDecision.rows(of: id, for: reader))
      UNION ALL \(TeamLetter.rows(of: id, for: reader)) UNION ALL \(TeamFacilitation.rows(of: id, for: reader))
      UNION ALL \(StructureTag.rows(of: id)) UNION ALL \(TeamCommissionFile.rows(of: id))
      UNION ALL \(TeamProgramme.rows(of: id)) UNION ALL \(TeamIntroduction.rows(of: id))
      UNION ALL \(TeamReading.rows(of: id, for: reader)) UNION ALL \(TeamQuestion.rows(of: id, for: reader)) ORDER BY 2 DESC, 1
      """
    ) { $0 }
    decisions = try TeamDecision.all(in: dated.filter { try $0[4] == 5 })
    facilitations = try TeamFacilitation.all(in: dated.filter { try $0[4] == 7 })
    commissionFiles = try TeamCommissionFile.all(in: dated.filter { try $0[4] == 9 })
    programmes = try TeamProgramme.all(in: dated.filter { try (10...12).contains($0[4] as Int) })
    readings = try TeamReading.all(in: dated.filter { try $0[4] == 14 })
    questions = try TeamQuestion.all(in: dated.filter { try $0[4] == 15 })
    introductions = try TeamIntroduction.all(in: dated.filter { try $0[4] == 13 })
    letters = try TeamLetter.all(in: dated.filter { try $0[4] == 6 })
    tags = try dated.filter { try $0[4] == 8 }.map { try $0[0] }
    tasks = try Agenda.Entry.all(in: dated.filter { try $0[4] == 3 })
    members = try TeamMember.all(in: dated.filter { try $0[4] == 2 })
    states = try dated.compactMap { row in
      guard try row[4] == 0, let code = StateCode(try row[0]) else { return nil }
      let until: CivilDate = try row[2]
      return State(id: try row[5], code: code, since: try row[1], through: until == .openEnd ? nil : until.previous, note: try row[3])
    }
    typeChanges = try dated.filter { try $0[4] == 1 }.map { (try $0[0], try $0[1]) }
    successions = try Succession.all(in: dated.filter { try $0[4] == 4 })
    sites = try StructureSite.all(of: id, connection)
  }

  /// Whose dated state it is, in the bin or not.
  public static func team(ofState state: Int64, _ connection: any Connection) throws -> Identifier<Structure>? {
    try connection.value("SELECT structure_id FROM structure_state WHERE id = \(state)")
  }
}
