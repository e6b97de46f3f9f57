import Records
import Store
import Tables

/// Where the teams are, and how many they are.
extension InventedFederation {
  /// Main sites, and secondary ones that opened later.
  func siteTable() -> Table {
    let rows = teams.enumerated().filter { $0.offset % 3 == 0 && $0.element.type == .msp }.flatMap { index, team -> [[String]] in
      let places = team.places
      guard places.count > 1 else { return [] }
      let opened = CivilDate.firstDay(of: today.year - 3).adding(months: index % 30).description
      return [[team.reference, places[0], "Site principal", "oui", ""], [team.reference, places[1], "Site secondaire", "non", opened]]
    }
    return Table(header: ["structure", "commune", "nom", "principal", "depuis"], rows: numbered(rows))
  }

  /// Some of the communes where there are teams are on the lists of public policy.
  func zoningTable() -> Table {
    let places = Set(teams.compactMap(\.places.first)).sorted()
    let rows = places.enumerated().flatMap { index, commune -> [[String]] in
      [(4, "zip"), (5, "pvd"), (9, "zac")].filter { index % $0.0 == 0 }.map { [$0.1, commune] }
    }
    return Table(header: ["zonage", "commune"], rows: numbered(rows))
  }

  /// Three teams in five answer the yearly question on their professionals: all of them, and how many of some professions.
  func headcountTable() -> Table {
    let rows = teams.enumerated().filter { $0.offset % 5 < 3 && $0.element.type != .isole }.flatMap { index, team in
      (today.year - 2...today.year).flatMap { year -> [[String]] in
        let day = CivilDate.firstDay(of: year).adding(months: 5)
        guard day <= today, team.hasBegun(by: day) else { return [] }
        let number = 6 + index % 19 + 2 * (year - today.year + 2)
        let parts = [(number, ""), (number / 3, "infirmier"), (number / 4, "medecin_generaliste"), (1 + index % 3, "kinesitherapeute")]
        return parts.map { [team.reference, day.description, String($0), $1, "Enquête annuelle"] }
      }
    }
    return Table(header: ["structure", "date", "nombre", "profession", "source"], rows: numbered(rows))
  }
}
