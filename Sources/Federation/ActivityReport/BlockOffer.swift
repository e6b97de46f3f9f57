import Records
import Store

/// What the records offer to a block, to be ticked rather than typed again.
public struct BlockOffer: Sendable {
  /// Under which the block keeps it.
  public let code: String
  public let moment: YearMoment?
  public let person: ReportPerson?

  /// What may be ticked: the dates on which teams were recognised, opened or signed their ACI; the people of the house.
  public static func all(for nature: BlockNature, of year: Int, _ connection: any Connection) throws -> [BlockOffer] {
    switch nature {
    case .timeline: try moments(of: year, connection)
    case .people: try people(connection)
    default: []
    }
  }

  /// Those that may be ticked, by the nature of the blocks that have ticked some.
  static func codes(for outline: [ReportBlock], _ connection: any Connection) throws -> [BlockNature: Set<String>] {
    var codes: [BlockNature: Set<String>] = [:]
    for block in outline where !block.taken.isEmpty && codes[block.nature] == nil {
      codes[block.nature] = Set(try all(for: block.nature, of: block.year, connection).map(\.code))
    }
    return codes
  }

  private static let targets: [(code: String, phrase: String)] = [
    (Facet.reconnue.rawValue, "reconnue en commission"), (Stage.ouverte.rawValue, "ouverture"), (Facet.aci.rawValue, "ACI signé"),
  ]

  private static func moments(of year: Int, _ connection: any Connection) throws -> [BlockOffer] {
    let period = Period(year: year)
    return try connection.rows(
      """
      SELECT t.id, v.target, t.since, s.id, s.name FROM structure_entry v
      JOIN structure_state t ON t.id = v.state_id JOIN structure s ON s.id = t.structure_id
      WHERE v.target IN \(list: targets.map(\.code)) AND t.since >= \(period.from) AND t.since <= \(period.through)
        AND t.removed_at IS NULL AND s.removed_at IS NULL ORDER BY t.since, s.name_fold, t.id, v.target
      """
    ).map { row in
      let (state, target): (Identifier<DatedState>, String) = (try row[0], try row[1])
      let (day, structure): (CivilDate, Identifier<Structure>) = (try row[2], try row[3])
      let phrase = targets.first { $0.code == target }?.phrase ?? target
      return BlockOffer(
        code: "\(state.description):\(target)",
        moment: YearMoment(
          date: day.description, title: "\(try row[4] as String)\u{A0}: \(phrase)", link: "/structures/\(structure.description)"),
        person: nil)
    }
  }

  /// Those who work in the house or sit on its board, by their roles.
  private static let roles: [Role] = [.direction, .chargeMission, .assistance, .communication, .tresorerie, .referent, .ca]

  private static func people(_ connection: any Connection) throws -> [BlockOffer] {
    let rows = try connection.rows("SELECT a.id, a.name, a.role FROM account a WHERE a.closed_at IS NULL ORDER BY a.name, a.id")
    let people = try rows.compactMap { row -> (rank: Int, offer: BlockOffer)? in
      let (id, role): (Identifier<Account>, Role) = (try row[0], try row[2])
      guard let rank = roles.firstIndex(of: role) else { return nil }
      return (rank, BlockOffer(code: id.description, moment: nil, person: ReportPerson(name: try row[1], role: role.label)))
    }
    return people.sorted { $0.rank < $1.rank }.map(\.offer)
  }
}
