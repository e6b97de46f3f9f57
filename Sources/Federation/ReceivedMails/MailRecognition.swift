import Records
import Store

/// Whom the directory knows at some addresses, and what follows for a message between them.
struct MailRecognition {
  struct Team: Hashable, Sendable {
    let id: Identifier<Structure>
    let name: String
  }

  struct Member: Sendable {
    let id: Identifier<Person>
    let name: String
    var teams: [(team: Team, since: CivilDate, until: CivilDate)] = []
  }

  private var people: [String: [Member]] = [:]
  private var structures: [String: [Team]] = [:]
  private var organisations: [String: [(id: Identifier<Organisation>, name: String)]] = [:]
  private var staff: Set<String> = []

  init(_ addresses: [String], _ connection: any Connection) throws {
    for row in try connection.rows(
      """
      SELECT 1 AS part, LOWER(p.email) AS address, p.id AS id, \(Person.fullName) AS name, s.id AS team, s.name AS team_name,
        f.since AS since, f.until AS until
      FROM person p LEFT JOIN person_function f ON f.person_id = p.id AND f.removed_at IS NULL
      LEFT JOIN structure s ON s.id = f.structure_id AND s.removed_at IS NULL
      WHERE p.removed_at IS NULL AND LOWER(p.email) IN \(list: addresses)
      UNION ALL SELECT 2, LOWER(s.email), s.id, s.name, NULL, NULL, NULL, NULL FROM structure s
      WHERE s.removed_at IS NULL AND LOWER(s.email) IN \(list: addresses)
      UNION ALL SELECT 3, LOWER(o.email), o.id, o.name, NULL, NULL, NULL, NULL FROM organisation o
      WHERE o.removed_at IS NULL AND LOWER(o.email) IN \(list: addresses)
      UNION ALL SELECT 4, a.email, a.id, a.role, NULL, NULL, NULL, NULL FROM account a
      WHERE a.closed_at IS NULL AND a.email IN \(list: addresses)
      ORDER BY 1, 4, 3, 6, 5, 7
      """)
    { try add(row) }
  }

  private mutating func add(_ row: Row) throws {
    let (part, address, name): (Int, String, String) = (try row[0], try row[1], try row[3])
    switch part {
    case 1:
      let id: Identifier<Person> = try row[2]
      var known = people[address, default: []]
      let index = known.firstIndex { $0.id == id } ?? known.count
      if index == known.count { known.append(Member(id: id, name: name)) }
      if let team: Identifier<Structure> = try row[4] {
        known[index].teams.append((Team(id: team, name: try row[5]), try row[6], try row[7]))
      }
      people[address] = known
    case 2: structures[address, default: []].append(Team(id: try row[2], name: name))
    case 3: organisations[address, default: []].append((try row[2], name))
    default: if Role(rawValue: name)?.isStaff == true { staff.insert(address) }
    }
  }

  /// What a message between somebody of the staff and others is about.
  struct Outcome: Sendable {
    var people: [Member] = []
    var organisations: [Identifier<Organisation>] = []
    /// The team that each names by itself.
    var teams: Set<Team> = []
    /// All those that may be meant.
    var candidates: Set<Team> = []
    /// Why nobody but a person can say.
    var reason: ReceivedMail.Reason?
  }

  func outcome(_ addresses: [String], on day: CivilDate) -> Outcome {
    var outcome = Outcome()
    var ambiguous: [Set<Team>] = []
    var isShared = false
    for address in addresses where !staff.contains(address) {
      let members = people[address] ?? []
      isShared = isShared || members.count > 1
      outcome.people += members
      outcome.organisations += (organisations[address] ?? []).map(\.id)
      outcome.teams.formUnion(structures[address] ?? [])
      for member in members {
        let teams = Set(member.teams.filter { $0.since <= day && day < $0.until }.map(\.team))
        outcome.candidates.formUnion(teams)
        if teams.count == 1 { outcome.teams.formUnion(teams) } else if teams.count > 1 { ambiguous.append(teams) }
      }
    }
    outcome.candidates.formUnion(outcome.teams)
    if isShared {
      outcome.reason = .severalPeople
    } else if ambiguous.contains(where: { $0.isDisjoint(with: outcome.teams) }) {
      outcome.reason = .severalTeams
    } else if outcome.teams.isEmpty, outcome.organisations.isEmpty {
      outcome.reason = outcome.people.isEmpty ? .nobody : .noTeam
    }
    return outcome
  }
}
