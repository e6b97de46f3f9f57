import Records
import Store
import Tables

extension InventedFederation {
  /// Two teams in three are followed by the staff; a post has been vacant for four months.
  func followerTable() -> Table {
    let start = CivilDate.firstDay(of: today.year - 1).description
    let rows = teams.enumerated().filter { $0.offset % 3 != 2 && $0.element.type != .isole }.flatMap { index, team -> [[String]] in
      let follower: Role = index % 5 == 0 ? .direction : .chargeMission
      let followed = [team.reference, start, Self.name(of: follower)]
      guard index % 13 == 4 else { return [followed] }
      return [followed, [team.reference, today.adding(months: -4).description, ""]]
    }
    return Table(header: ["structure", "depuis", "compte"], rows: numbered(rows))
  }

  /// Somebody is away for a fortnight.
  func standInTable() -> Table {
    let days = [today.adding(days: -2), today.adding(days: 12)].map(\.description)
    return Table(
      header: ["compte", "remplacant", "depuis", "jusqua"],
      rows: numbered([[Self.name(of: .assistance), Self.name(of: .chargeMission)] + days]))
  }
}
