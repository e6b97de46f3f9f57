import Foundation
import Records
import Store

/// Somebody behind the chosen records, and whether they get the letter.
public struct Addressee: Sendable {
  public let name: String
  public let values: MergeValues
  public let address: String?
  public let person: Identifier<Person>?
  /// The team, or the organisation, whose own address it is.
  public let structure: Identifier<Structure>?
  public let organisation: Identifier<Organisation>?
  /// The teams on whose pages the letter will stand.
  let teams: [Identifier<Structure>]
  /// Why they get none.
  public fileprivate(set) var exclusion: Letter.Exclusion?
}

/// Who is behind the records of a list on a day: people, each once, and the own addresses of teams and organisations.
public struct LetterAudience: Sendable {
  public let addressees: [Addressee]

  public var recipients: [Addressee] { addressees.filter { $0.exclusion == nil } }
  public var others: [Addressee] { addressees.filter { $0.exclusion != nil } }

  /// What was shown, to be compared with what is sent.
  public func digest(_ letter: LetterSheet) -> String {
    let lines = addressees.map {
      "\($0.name)\t\($0.address ?? "")\t\($0.exclusion?.rawValue ?? "")\t\($0.values.teams.joined(separator: "|"))"
    }
    return Secret.digest(([letter.subject, letter.body] + letter.files.map(\.digest) + lines).joined(separator: "\n"))
  }

  /// - Parameter choice: codes of functions, and `Letter.ownAddress`; nothing to choose for people.
  public init(_ letter: LetterSheet, on day: CivilDate, _ connection: any Connection) throws {
    let ids = letter.records
    let found: [Addressee]
    switch letter.audience {
    case .people: found = try Self.people(ids, on: day, connection)
    case .structures:
      found = try Self.members(
        ids, letter.choice, connection, of: .structures,
        held: """
          SELECT f.person_id, f.structure_id AS root FROM person_function f
          WHERE f.removed_at IS NULL AND f.since <= \(day) AND \(day) < f.until AND f.structure_id IN \(list: ids)
            AND f.function IN \(list: letter.choice)
          """)
    case .organisations:
      found = try Self.members(
        ids, letter.choice, connection, of: .organisations,
        held: """
          SELECT k.person_id, k.organisation_id AS root FROM organisation_contact k
          WHERE k.removed_at IS NULL AND k.since <= \(day) AND \(day) < k.until AND k.organisation_id IN \(list: ids)
            AND k.function IN \(list: letter.choice)
          """)
    }
    addressees = try Self.judged(found, isList: letter.origin == .list, on: day, connection)
  }

  // MARK: - Who

  /// With the teams that each works in.
  private static func people(_ ids: [Int64], on day: CivilDate, _ connection: any Connection) throws -> [Addressee] {
    var teams: [Int64: [Team]] = [:]
    for row in try connection.rows(
      """
      SELECT DISTINCT f.person_id, s.id, s.name, s.name_fold FROM person_function f
      JOIN structure s ON s.id = f.structure_id AND s.removed_at IS NULL
      WHERE f.removed_at IS NULL AND f.since <= \(day) AND \(day) < f.until AND f.person_id IN \(list: ids) ORDER BY s.name_fold, s.id
      """
    ) { teams[try row[0], default: []].append(Team(id: try row[1], name: try row[2])) }
    return try connection.rows(
      "SELECT p.id, \(personColumns) FROM person p WHERE p.id IN \(list: ids) ORDER BY p.name_fold, p.id"
    ).map { try Addressee(person: $0, teams: teams[$0[0]] ?? []) }
  }

  private static let personColumns: SQL = """
    p.first_name, p.last_name, p.email, p.removed_at, CASE WHEN p.id IN (\(Erasure.forgottenPeople)) THEN 1 ELSE 0 END
    """

  /// Those who have one of the functions in the records, then the records' own addresses, and the records where nobody has one.
  /// - Parameter held: the people, and the records in which they have one.
  private static func members(
    _ ids: [Int64], _ choice: [String], _ connection: any Connection, of audience: Letter.Audience, held: SQL
  ) throws -> [Addressee] {
    let isTeam = audience == .structures
    let table: SQL = isTeam ? "structure" : "organisation"
    let records = try connection.rows("SELECT id, name, email, removed_at FROM \(table) WHERE id IN \(list: ids) ORDER BY name_fold, id")
      .map {
        (id: try $0[0] as Int64, name: try $0[1] as String, email: try $0[2] as String?, isRemoved: (try $0[3] as String?) != nil)
      }
    let present = Dictionary(records.filter { !$0.isRemoved }.map { ($0.id, $0.name) }, uniquingKeysWith: { first, _ in first })
    var (people, roots, served): ([Row], [Int64: [Int64]], Set<Int64>) = ([], [:], [])
    for row in try connection.rows(
      """
      SELECT p.id, \(personColumns), h.root FROM (\(held)) h JOIN person p ON p.id = h.person_id
      WHERE p.merged_into IS NULL ORDER BY p.name_fold, p.id, h.root
      """
    ) {
      let (person, root): (Int64, Int64) = (try row[0], try row[6])
      guard present[root] != nil else { continue }
      served.insert(root)
      if roots[person] == nil { people.append(row) }
      roots[person, default: []].append(root)
    }
    let found = try people.map { row in
      let own = Set(roots[try row[0]] ?? []).sorted { (present[$0] ?? "", $0) < (present[$1] ?? "", $1) }
      return try Addressee(person: row, teams: isTeam ? own.map { Team(id: Identifier(rawValue: $0), name: present[$0] ?? "") } : [])
    }
    let takesOwn = choice.contains(Letter.ownAddress)
    let asksFunctions = choice.contains { $0 != Letter.ownAddress }
    return found
      + records.compactMap { record in
        let isUnserved = asksFunctions && !served.contains(record.id)
        guard record.isRemoved || takesOwn || isUnserved else { return nil }
        let exclusion: Letter.Exclusion? = record.isRemoved ? .binned : takesOwn ? nil : .nobody
        let team = isTeam ? Team(id: Identifier(rawValue: record.id), name: record.name) : nil
        return Addressee(
          name: record.name, values: MergeValues(firstName: nil, lastName: nil, teams: [team?.name].compactMap(\.self)),
          address: takesOwn ? record.email : nil, person: nil, structure: team?.id,
          organisation: isTeam ? nil : Identifier(rawValue: record.id), teams: [team?.id].compactMap(\.self), exclusion: exclusion)
      }
  }

  fileprivate struct Team {
    let id: Identifier<Structure>
    let name: String
  }

  // MARK: - Whether

  /// Each address once, the first that has it; nobody who has said no to letters of lists.
  private static func judged(
    _ found: [Addressee], isList: Bool, on day: CivilDate, _ connection: any Connection
  ) throws -> [Addressee] {
    let opposition = isList ? try Opposition(found, on: day, connection) : nil
    let unreachable = try UnreachableAddress.among(found.compactMap { $0.address?.trimmingCharacters(in: .whitespaces) }, connection)
    var seen: Set<String> = []
    return found.map { addressee in
      guard addressee.exclusion == nil else { return addressee }
      var judged = addressee
      let text = addressee.address?.trimmingCharacters(in: .whitespaces) ?? ""
      if text.isEmpty {
        judged.exclusion = .noAddress
      } else if text.utf8.allSatisfy({ $0 < 128 }), let address = try? EmailAddress.reading(text) {
        // Servers take no other letters in an address.
        if opposition?.concerns(addressee, address) == true {
          judged.exclusion = .opposed
        } else if unreachable.contains(address) {
          judged.exclusion = .unreachable
        } else if !seen.insert(address).inserted {
          judged.exclusion = .double
        }
      } else {
        judged.exclusion = .badAddress
      }
      return judged
    }
  }
}

extension Addressee {
  /// - Parameter row: the identifier, and `personColumns`.
  fileprivate init(person row: Row, teams: [LetterAudience.Team]) throws {
    let (first, last, removed, isErased): (String?, String, String?, Int) = (try row[1], try row[2], try row[4], try row[5])
    self.init(
      name: [first, last].compactMap(\.self).joined(separator: " "),
      values: MergeValues(firstName: first, lastName: last, teams: teams.map(\.name)), address: try row[3], person: try row[0],
      structure: nil, organisation: nil, teams: teams.map(\.id), exclusion: isErased == 1 ? .erased : removed == nil ? nil : .binned)
  }
}

/// Who of some people has said no to letters of lists.
struct Opposition {
  private let people: Set<Int64>
  private let addresses: Set<String>

  init(_ addressees: [Addressee], on day: CivilDate, _ connection: any Connection) throws {
    try self.init(people: addressees.compactMap { $0.person?.rawValue }, addresses: addressees.compactMap(\.address), on: day, connection)
  }

  init(people: [Int64], addresses: [String], on day: CivilDate, _ connection: any Connection) throws {
    let keys = addresses.map { $0.trimmingCharacters(in: .whitespaces).lowercased() }
    let rows = try connection.rows(
      """
      SELECT c.person_id, NULL AS address FROM consent c
      WHERE c.removed_at IS NULL AND c.purpose = \(Unsubscription.purpose) AND c.withdrawn_on <= \(day) AND c.person_id IN \(list: people)
        AND NOT EXISTS (
          SELECT 1 FROM consent d WHERE d.person_id = c.person_id AND d.purpose = c.purpose AND d.removed_at IS NULL
            AND d.given_on <= \(day) AND (d.withdrawn_on IS NULL OR d.withdrawn_on > \(day)))
      UNION ALL SELECT NULL, o.address FROM letter_opposition o WHERE o.address IN \(list: keys)
      """)
    self.people = Set(try rows.compactMap { try $0[0] as Int64? })
    self.addresses = Set(try rows.compactMap { try $0[1] as String? })
  }

  /// A person's wish is theirs wherever they are written to; an address's is that of whoever reads it for a team or an organisation.
  func concerns(_ addressee: Addressee, _ address: String) -> Bool {
    addressee.person.map { people.contains($0.rawValue) } ?? addresses.contains(address)
  }

  func concerns(person: Int64?, _ address: String) -> Bool { person.map(people.contains) ?? addresses.contains(address.lowercased()) }
}
