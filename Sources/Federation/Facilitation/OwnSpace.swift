import Foundation
import Records
import Store

/// What a facilitator finds when they sign in: what they are asked, what is ahead, what is left to write, what they gave (FAC-04, FAC-06).
public struct OwnSpace: Sendable {
  /// An invitation that waits for its answer.
  public struct Request: Sendable {
    public let id: Identifier<Invitation>
    /// A code of `ReferenceList.facilitationType`.
    public let type: String?
    public let teams: String?
    public let mode: FacilitationMode?
    /// The town.
    public let place: String?
    public let department: String?
    public let need: String?
    /// What whoever asks says besides.
    public let message: String?
    public let author: String?
    public let through: CivilDate
    public let date: CivilDate?
    /// `HH:MM`
    public let time: String?
    /// Moments to choose among, ahead.
    public fileprivate(set) var slots: [InvitationBoard.Slot] = []
    /// Codes of the expertises that it asks for and they have.
    public let matched: [String]
    /// Whether they helped one of its teams before.
    public let knowsTeam: Bool
    /// From where they leave, as the crow flies.
    public let kilometres: Int?
  }

  public struct Meeting: Sendable {
    public let id: Identifier<Facilitation>
    public let date: CivilDate?
    public let time: String?
    public let state: FacilitationState
    public let type: String?
    public let teams: String?
    public let mode: FacilitationMode?
    public let place: String?
  }

  public let person: Identifier<Person>
  public let reference: String
  /// Their profile in the network; `nil` for whoever has none.
  public let facilitator: Identifier<Facilitator>?
  public let pausedSince: CivilDate?
  /// The most urgent first.
  public let requests: [Request]
  /// Those with a day first, the nearest first.
  public let ahead: [Meeting]
  /// Held, or over by its day, without a write-up: the oldest first.
  public let unwritten: [Meeting]
  public let year: Int
  /// Held in the year.
  public let held: Int
  public let teams: Int
  /// Those of the year, the latest first.
  public let lines: [VolunteerLine]

  public var minutes: Int { lines.filter { $0.state != .refused }.reduce(0) { $0 + $1.counted } }
  public var waitingMinutes: Int { lines.filter { $0.state == .proposed }.reduce(0) { $0 + $1.counted } }

  /// `nil` when the account's address is nobody's in the directory, or several people's.
  public init?(of account: Account, at now: Date, _ settings: Settings, _ connection: any Connection) throws {
    let today = settings.today(now)
    let found = try connection.first(
      """
      SELECT p.id, p.reference, w.id, w.paused_since, k.latitude, k.longitude,
        (SELECT \(onSQLite: "group_concat(x.expertise, '|')", onPostgres: "string_agg(x.expertise, '|')") FROM facilitator_expertise x
          WHERE x.facilitator_id = w.id)
      FROM person p LEFT JOIN facilitator w ON w.person_id = p.id AND w.removed_at IS NULL
      LEFT JOIN commune k ON k.code = COALESCE(w.commune, p.commune) WHERE p.id = (\(Person.of(account)))
      """)
    guard let row = found else { return nil }
    (person, reference, facilitator, pausedSince) = (try row[0], try row[1], try row[2], try row[3])
    let expertises = (try row[6] as String? ?? "").split(separator: "|").map(String.init)
    requests = try Self.requests(
      of: person, knowing: expertises, from: Position(try row[4], try row[5]), moment: (today, settings.clock(now)), connection)
    let all = try Self.meetings(of: person, connection)
    let isOver = { (meeting: Meeting) in meeting.state == .dated && meeting.date.map { $0 < today } ?? false }
    ahead = all.filter { $0.state.isAhead && !isOver($0) }.sorted { ($0.date ?? .openEnd) < ($1.date ?? .openEnd) }
    unwritten = all.filter { $0.state == .held || isOver($0) }.sorted { ($0.date ?? today) < ($1.date ?? today) }
    year = today.year
    (held, teams) = try Self.heldCounts(of: person, in: today.year, connection)
    lines = try VolunteerSheet.lines(of: person, in: today.year, connection)
  }

  private static func requests(
    of person: Identifier<Person>, knowing expertises: [String], from home: Position?, moment: (CivilDate, String),
    _ connection: any Connection
  ) throws -> [Request] {
    let joinedThemes: SQL = """
      (SELECT \(onSQLite: "group_concat(h.theme, '|')", onPostgres: "string_agg(h.theme, '|')") FROM facilitation_theme h
        WHERE h.facilitation_id = f.id)
      """
    let helped: SQL = """
      SELECT 1 FROM facilitation_person y JOIN facilitation g ON g.id = y.facilitation_id AND g.removed_at IS NULL
      JOIN facilitation_structure b ON b.facilitation_id = g.id
      JOIN facilitation_structure c ON c.structure_id = b.structure_id AND c.facilitation_id = f.id
      WHERE y.person_id = \(person) AND g.id <> f.id AND g.state IN \(FacilitationState.heldCodes)
      """
    var requests = try connection.rows(
      """
      SELECT i.id, f.type, \(Facilitation.teamNames), f.mode, k.name, k.department, f.need, l.message, a.name, i.through, f.date, f.at,
        f.audience, \(joinedThemes), CASE WHEN EXISTS (\(helped)) THEN 1 ELSE 0 END, k.latitude, k.longitude
      FROM facilitation_invitation i JOIN facilitation f ON f.id = i.facilitation_id AND f.removed_at IS NULL
      JOIN person r ON r.id = i.person_id
      LEFT JOIN facilitation_call l ON l.facilitation_id = f.id LEFT JOIN account a ON a.id = i.account_id
      LEFT JOIN commune k ON k.code = COALESCE(f.commune, (
        SELECT MIN(s.commune) FROM facilitation_structure x JOIN structure s ON s.id = x.structure_id AND s.removed_at IS NULL
        WHERE x.facilitation_id = f.id))
      WHERE COALESCE(r.merged_into, r.id) = \(person) AND i.answer IS NULL AND i.through >= \(moment.0)
        AND f.state NOT IN \(FacilitationState.heldCodes) AND f.state <> \(FacilitationState.cancelled) AND \(Invitation.placesLeft) > 0
      ORDER BY i.through, i.id
      """
    ).map { row in
      let themes = (try row[13] as String? ?? "").split(separator: "|").map(String.init)
      let asked = Facilitator.expertises(for: try row[1], try row[12], themes: themes)
      let there = Position(try row[15], try row[16])
      return Request(
        id: try row[0], type: try row[1], teams: try row[2], mode: try row[3], place: try row[4], department: try row[5], need: try row[6],
        message: try row[7], author: try row[8], through: try row[9], date: try row[10], time: try row[11],
        matched: expertises.filter(asked.contains).sorted(), knowsTeam: try row[14] == 1,
        kilometres: there.flatMap { there in home.map { $0.kilometres(to: there) } })
    }
    for row in try connection.rows(
      """
      SELECT i.id, o.id, o.date, o.at FROM facilitation_slot o JOIN facilitation_invitation i ON i.facilitation_id = o.facilitation_id
      WHERE i.id IN \(list: requests.map(\.id)) ORDER BY o.date, o.at
      """)
    {
      let slot = Invitation.Slot(date: try row[2], time: try row[3])
      let id: Identifier<Invitation> = try row[0]
      guard (slot.date, slot.time) > moment, let index = requests.firstIndex(where: { $0.id == id }) else { continue }
      requests[index].slots.append(.init(id: try row[1], slot: slot, isAhead: true))
    }
    return requests
  }

  /// Those that are not written up yet, nor cancelled.
  private static func meetings(of person: Identifier<Person>, _ connection: any Connection) throws -> [Meeting] {
    try connection.rows(
      """
      SELECT f.id, f.date, f.at, f.state, f.type, \(Facilitation.teamNames), f.mode, COALESCE(f.place, k.name)
      FROM facilitation f LEFT JOIN commune k ON k.code = f.commune
      WHERE f.removed_at IS NULL AND f.state NOT IN ('bilan', 'annulee')
        AND f.id IN (SELECT y.facilitation_id FROM facilitation_person y WHERE y.person_id = \(person))
      ORDER BY f.date, f.at, f.id
      """
    ).map { row in
      Meeting(
        id: try row[0], date: try row[1], time: try row[2], state: try row[3], type: try row[4], teams: try row[5], mode: try row[6],
        place: try row[7])
    }
  }

  private static func heldCounts(
    of person: Identifier<Person>, in year: Int, _ connection: any Connection
  ) throws -> (meetings: Int, teams: Int) {
    let row = try connection.first(
      """
      SELECT count(DISTINCT f.id), count(DISTINCT x.structure_id) FROM facilitation f
      JOIN facilitation_person y ON y.facilitation_id = f.id AND y.person_id = \(person)
      LEFT JOIN facilitation_structure x ON x.facilitation_id = f.id
      WHERE f.removed_at IS NULL AND f.state IN \(FacilitationState.heldCodes)
        AND f.date BETWEEN \(CivilDate.firstDay(of: year)) AND \(CivilDate.lastDay(of: year))
      """)
    return try row.map { (try $0[0], try $0[1]) } ?? (0, 0)
  }
}

/// A team that a facilitator helps, as they read it: no confidential note.
public struct HelpedTeam: Sendable {
  public struct Contact: Sendable {
    public let name: String
    /// A code of `ReferenceList.function`.
    public let function: String
    public let phone: String?
    public let email: String?
  }

  /// What was written is for the staff.
  public struct Exchange: Sendable {
    public let date: CivilDate
    public let channel: Channel
    /// Codes.
    public let themes: [String]
  }

  public let id: Identifier<Structure>
  public let name: String
  public let type: StructureType
  public let stage: Stage?
  public let address: String?
  public let phone: String?
  public let email: String?
  public let website: String?
  public fileprivate(set) var contacts: [Contact] = []
  /// The latest five.
  public fileprivate(set) var exchanges: [Exchange] = []

  /// Those of a facilitation that the reader may see.
  static func all(of id: Identifier<Facilitation>, on day: CivilDate, _ connection: any Connection) throws -> [HelpedTeam] {
    let own: SQL = "SELECT x.structure_id FROM facilitation_structure x WHERE x.facilitation_id = \(id)"
    var teams = try connection.rows(
      """
      SELECT s.id, s.name, COALESCE(p.type, s.type), p.stage, s.address, COALESCE(s.postcode || ' ', '') || COALESCE(k.name, ''), s.phone,
        s.email, s.website
      FROM structure s LEFT JOIN commune k ON k.code = s.commune
      LEFT JOIN structure_span p ON p.structure_id = s.id AND p.since <= \(day) AND \(day) < p.until
      WHERE s.removed_at IS NULL AND s.id IN (\(own)) ORDER BY s.name_fold, s.id
      """
    ).map { row in
      let address = [try row[4] as String?, try row[5] as String?].compactMap(\.self).filter { !$0.isEmpty }
      return HelpedTeam(
        id: try row[0], name: try row[1], type: try row[2], stage: try row[3],
        address: address.isEmpty ? nil : address.joined(separator: ", "),
        phone: try row[6], email: try row[7], website: try row[8])
    }
    for row in try connection.rows(
      """
      SELECT g.structure_id, \(Person.fullName), g.function, p.phone, p.email FROM person_function g
      JOIN person p ON p.id = g.person_id AND p.removed_at IS NULL
      WHERE g.removed_at IS NULL AND g.since <= \(day) AND \(day) < g.until AND g.structure_id IN (\(own)) ORDER BY p.name_fold, p.id
      """)
    {
      let team: Identifier<Structure> = try row[0]
      guard let index = teams.firstIndex(where: { $0.id == team }) else { continue }
      teams[index].contacts.append(
        Contact(name: try row[1], function: try row[2], phone: try row[3], email: try row[4]))
    }
    for index in teams.indices {
      teams[index].exchanges = try connection.rows(
        """
        SELECT e.date, e.channel, (
          SELECT \(onSQLite: "group_concat(h.theme, '|')", onPostgres: "string_agg(h.theme, '|')") FROM exchange_theme h
          WHERE h.exchange_id = e.id)
        FROM exchange e WHERE e.removed_at IS NULL AND e.visibility = \(Visibility.team)
          AND e.id IN (SELECT x.exchange_id FROM exchange_structure x WHERE x.structure_id = \(teams[index].id))
        ORDER BY e.date DESC, e.id DESC LIMIT 5
        """
      ).map { row in
        Exchange(
          date: try row[0], channel: try row[1], themes: (try row[2] as String? ?? "").split(separator: "|").map(String.init).sorted())
      }
    }
    return teams
  }
}

/// One of their own facilitations, as a facilitator reads it.
public struct OwnFacilitation: Sendable {
  public let sheet: FacilitationSheet
  public let teams: [HelpedTeam]
  /// Who follows it for the federation.
  public let coordinator: (id: Identifier<Account>, name: String, email: String)?

  /// Whether it may be written up: it was held, or its day is over.
  public func isOver(on today: CivilDate) -> Bool {
    sheet.summary.state.isHeld || (sheet.summary.state == .dated && sheet.summary.date.map { $0 <= today } ?? false)
  }

  /// `nil` when there is no such facilitation of theirs.
  public init?(_ id: Identifier<Facilitation>, of account: Account, on today: CivilDate, _ connection: any Connection) throws {
    guard account.role.scope(.read, .ownFacilitations) == .own,
      let sheet = try FacilitationSheet(id, for: account, on: today, connection)
    else { return nil }
    self.sheet = sheet
    teams = try HelpedTeam.all(of: id, on: today, connection)
    coordinator = try connection.first(
      """
      SELECT a.id, a.name, a.email FROM facilitation f JOIN account a ON a.id = f.account_id AND a.closed_at IS NULL WHERE f.id = \(id)
      """
    ).map { (try $0[0], try $0[1], try $0[2]) }
  }
}
