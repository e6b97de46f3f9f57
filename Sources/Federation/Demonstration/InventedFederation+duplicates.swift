import Records
import Store
import Tables

/// What a directory of some years holds twice, and what became of teams in others.
extension InventedFederation {
  /// Small federations are for trying other things.
  private var hasDuplicates: Bool { size.teams >= 200 }

  /// The earlier team whose e-mail address and name, otherwise written, a team bears as well.
  /// - Parameter index: of the one that was entered again.
  func original(of index: Int, _ type: StructureType, _ department: String) -> Team? {
    guard hasDuplicates, index == 180 else { return nil }
    return teams.first { $0.type == type && $0.department == department }
  }

  /// Whether somebody was entered again, of the same team as the first of all.
  func repeatsFirstPerson(_ index: Int) -> Bool { hasDuplicates && index == teams.count }

  /// A part of a light team that joined a larger one of its département.
  func successionTable() -> Table {
    let pair = teams.lazy.filter { $0.type == .espClap || $0.type == .esp }.compactMap { light in
      teams.first { $0.type == .msp && $0.department == light.department }.map { (light, $0) }
    }.first
    let day = CivilDate.firstDay(of: today.year - 1).adding(months: 3).description
    return Table(
      header: ["structure", "nature", "vers", "date", "partie"],
      rows: numbered(pair.map { [[$0.reference, SuccessionNature.joins.rawValue, $1.reference, day, "oui"]] } ?? []))
  }
}
