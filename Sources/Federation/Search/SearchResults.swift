import Records
import Store

/// What the whole house knows of some words, as far as one may read: the scope of each kind is inside its question, so that nobody
/// learns of what is hidden from them, not even by a count.
public struct SearchResults: Sendable {
  /// In the order in which they are shown.
  public enum Kind: String, CaseIterable, Sendable {
    case structures
    case people = "personnes"
    case organisations
    case exchanges = "echanges"
    case facilitations
    case tasks = "taches"
    case meetings = "comptes_rendus"
    case decisions
    case programmes
    case firstContacts = "premiers_contacts"
    case territories = "territoires"

    var area: Area {
      switch self {
      case .structures, .people, .organisations, .programmes, .territories: .directory
      case .exchanges: .exchanges
      case .facilitations: .facilitations
      case .tasks: .tasks
      case .meetings, .decisions: .meetings
      case .firstContacts: .firstContacts
      }
    }
  }

  /// A record, with what tells it from others.
  public struct Hit: Sendable, Equatable {
    public let id: Int64
    public let title: String
    /// Its type, profession, nature, channel or state; of a territory its own code.
    public let code: String?
    /// A place or a team.
    public let detail: String?
    /// Which list shows a structure; the day of an exchange, a task or a first contact.
    public let mark: String?
    /// A code, number or address of it was typed.
    public let isExact: Bool
  }

  public struct Group: Sendable {
    public let kind: Kind
    public let hits: [Hit]
    /// How many each of the kind's lists shows, the greatest code first: years for exchanges, `liste`, `fermee`… for structures.
    public let shares: [(code: String, count: Int)]
    /// There are more than were read.
    public let isCut: Bool

    public var total: Int { shares.reduce(0) { $0 + $1.count } }

    public func count(_ share: String) -> Int { shares.first { $0.code == share }?.count ?? 0 }
  }

  /// Those that hold something.
  public let groups: [Group]

  /// - Parameters:
  ///   - limit: how many records of each kind.
  ///   - only: a single kind.
  public init(
    _ query: SearchQuery, for reader: Account, on day: CivilDate, limit: Int, only: Kind? = nil, _ connection: any Connection
  ) throws {
    let open = Kind.allCases.filter { (only ?? $0) == $0 && reader.role.scope(.read, $0.area) != .none }
    guard !query.hasNoWords, !open.isEmpty else {
      groups = []
      return
    }
    let rows = try connection.kept(Self.statement(query, for: reader, of: open, on: day, limit: limit, connection)) { $0 }
    groups = try open.compactMap { kind in try Self.group(kind, query, try rows.filter { try $0[0] == kind.rawValue }, limit) }
  }

  private static func statement(
    _ query: SearchQuery, for reader: Account, of open: [Kind], on day: CivilDate, limit: Int, _ connection: any Connection
  ) throws -> SQL {
    let rarest = try query.rarest(of: sources(open), connection)
    func plain(_ kind: Kind, _ source: SearchSource) -> SearchTables {
      SearchTables(kind: kind, candidates: query.records(of: source, limit: SearchTables.mostRows, rarest: rarest))
    }
    // Exchanges and tasks are also found by their teams.
    let structures = plain(.structures, Structure.searchSource)
    var (tables, rows): ([SearchTables], [SQL]) = ([structures], [])
    func add(_ table: SearchTables, _ branch: SearchBranch) {
      if table.kind != .structures { tables.append(table) }
      rows += table.rows(branch)
    }
    for kind in open {
      switch kind {
      case .structures: add(structures, Structure.found(by: query, on: day, limit: limit, structures))
      case .people:
        let people = plain(kind, Person.searchSource)
        add(people, Person.found(by: query, on: day, limit: limit, people))
      case .organisations:
        let organisations = plain(kind, Organisation.searchSource)
        add(organisations, Organisation.found(by: query, limit: limit, organisations))
      case .exchanges:
        let candidates = Exchange.candidates(
          of: query, for: reader, teams: SearchTables.teams(structures), limit: SearchTables.mostRows, rarest)
        let exchanges = SearchTables(kind: kind, candidates: candidates, isCut: SearchTables.areTeamsCut(structures))
        add(exchanges, Exchange.found(by: query, limit: limit, exchanges))
      case .facilitations:
        let candidates = Facilitation.candidates(
          of: query, for: reader, teams: SearchTables.teams(structures), limit: SearchTables.mostRows, rarest)
        let facilitations = SearchTables(kind: kind, candidates: candidates, isCut: SearchTables.areTeamsCut(structures))
        add(facilitations, Facilitation.found(by: query, limit: limit, facilitations))
      case .tasks:
        let candidates = ToDo.candidates(
          of: query, for: reader, teams: SearchTables.teams(structures), limit: SearchTables.mostRows, rarest)
        let tasks = SearchTables(kind: kind, candidates: candidates, isCut: SearchTables.areTeamsCut(structures))
        add(tasks, ToDo.found(by: query, limit: limit, tasks))
      case .meetings, .decisions:
        let source = kind == .meetings ? Meeting.searchSource : Meeting.decisionSource
        let found = SearchTables(
          kind: kind, candidates: Meeting.candidates(of: query, in: source, for: reader, limit: SearchTables.mostRows, rarest))
        add(
          found,
          kind == .meetings ? Meeting.found(by: query, limit: limit, found) : Meeting.foundDecisions(by: query, limit: limit, found))
      case .programmes:
        let programmes = plain(kind, SupportProgramme.searchSource)
        add(programmes, SupportProgramme.found(by: query, limit: limit, programmes))
      case .firstContacts:
        let candidates = FirstContact.candidates(of: query, for: reader, limit: SearchTables.mostRows, rarest)
        let contacts = SearchTables(kind: kind, candidates: candidates)
        add(contacts, FirstContact.found(by: query, limit: limit, contacts))
      case .territories: rows.append(Territory.searched)
      }
    }
    return "WITH \(tables.map(\.definition).joined(by: ", ")) \(rows.joined(by: " UNION ALL "))"
  }

  private static func sources(_ kinds: [Kind]) -> [SearchSource] {
    let asked = kinds.contains(.structures) ? kinds : kinds + [.structures]
    return asked.compactMap { kind -> SearchSource? in
      switch kind {
      case .structures: return Structure.searchSource
      case .people: return Person.searchSource
      case .organisations: return Organisation.searchSource
      case .exchanges: return Exchange.searchSource
      case .facilitations: return Facilitation.searchSource
      case .tasks: return ToDo.searchSource
      case .meetings: return Meeting.searchSource
      case .decisions: return Meeting.decisionSource
      case .programmes: return SupportProgramme.searchSource
      case .firstContacts: return FirstContact.searchSource
      case .territories: return nil
      }
    }
  }

  private static func group(_ kind: Kind, _ query: SearchQuery, _ rows: [Row], _ limit: Int) throws -> Group? {
    var hits: [(hit: Hit, standing: Int, sort: String)] = []
    var (shares, isCut): ([(code: String, count: Int)], Bool) = ([], false)
    for row in rows {
      let standing: Int = try row[7]
      switch try row[1] as Int {
      case 1: shares.append((try row[3], try row[2]))
      case 2: isCut = standing == 1
      default:
        let sort: String? = try row[8]
        let hit = Hit(
          id: try row[2], title: try row[3], code: try row[4], detail: try row[5], mark: try row[6], isExact: standing == 0)
        hits.append((hit, standing, sort ?? ""))
      }
    }
    if kind == .territories {
      // A few dozen names at most, which no index needs to hold.
      hits = hits.filter { query.matches("\($0.hit.title) \($0.hit.code ?? "")") }
      shares = hits.isEmpty ? [] : [("liste", hits.count)]
    }
    // Where not everything was looked into, nothing found is not nothing there.
    guard !shares.isEmpty || isCut else { return nil }
    let latestFirst = [.exchanges, .facilitations, .meetings, .decisions, .programmes, .firstContacts].contains(kind)
    hits.sort { left, right in
      if left.standing != right.standing { return left.standing < right.standing }
      if left.sort != right.sort { return latestFirst ? left.sort > right.sort : left.sort < right.sort }
      return latestFirst ? left.hit.id > right.hit.id : left.hit.id < right.hit.id
    }
    return Group(
      kind: kind, hits: hits.prefix(limit).map(\.hit), shares: shares.sorted { $0.code > $1.code }, isCut: isCut)
  }
}

extension Territory {
  /// All of them, as rows of a search.
  static let searched: SQL = """
    SELECT 'territoires', 0, CAST(0 AS \(.int)), r.name, r.code, NULL, NULL, CAST(3 AS \(.int)), r.name FROM territory r
    """
}
