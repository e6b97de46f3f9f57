import Drawing
import Federation
import Records
import Store
import WebSupport

/// What a report says of where the teams are and of what the federation wants to reach.
extension ReportChapters {
  func teamMap(_ block: WrittenReport.Block) -> ReportChapter.Piece.Content? {
    guard let teams = block.teams, let table = teamTable() else { return nil }
    let others = Set(teams.map(\.department)).subtracting(places.departments).sorted()
    let outlines = (places.departments + others).compactMap { places.outlines[$0] }.drawnTogether
    let codes = Set(outlines.map(\.code))
    let placed = teams.filter { $0.longitude != nil && $0.latitude != nil && (codes.isEmpty || codes.contains($0.department)) }
    guard !placed.isEmpty else { return .table(table) }
    let title = "\(block.title ?? block.nature.label), \(period.phrase(isState: true))"
    let counted = figure(ReportTeam.figure, period, by: Array(ReportTeam.dimensions.prefix(1)))
    let areas = outlines.map { outline in
      let count = teams.count { $0.department == outline.code }
      return PointMap.Area(
        outline.name, outline: outline.positions, share: nil, note: nil, sentence: French.plural(count, "équipe", "équipes"),
        link: count == 0 ? nil : counted.flatMap { links($0, [Filter(ReportTeam.dimensions[0], outline.code)]) })
    }
    // Those in operation under the others, which are fewer.
    let points = placed.map(point).sorted { ($0.fill == .full ? 0 : 1) < ($1.fill == .full ? 0 : 1) }
    return .places(
      ReportTeamMap(
        title: title, map: PointMap("\(title)\u{A0}: les mêmes nombres sont dans le tableau", areas: areas, points: points), table: table,
        missing: teams.count - placed.count))
  }

  /// An edition opens its own records, by the table; a team as it is now is not what it shows.
  private func point(_ team: ReportTeam) -> PointMap.Point {
    PointMap.Point(
      "\(team.name) (\(team.words))", PointMap.Shape(team.type), PointMap.Fill(team.situation),
      at: .init(longitude: team.longitude ?? 0, latitude: team.latitude ?? 0),
      link: isFile || isFrozen ? nil : .structure(Identifier(rawValue: team.structure)))
  }

  func targets(_ block: WrittenReport.Block) -> FigureTable {
    FigureTable(
      "\(block.title ?? block.nature.label), \(period.phrase(isState: true))", rowTitle: "Cible",
      columns: ["Départ", "Atteint", "Visé", "Pour le", "Part"],
      rows: (block.targets ?? []).map { target in
        let isGrowth = target.measure == .growth
        func amount(_ tenths: Int?, isGrowth: Bool = false) -> String {
          tenths.map { TargetsPage.amount($0, target.measure, isGrowth: isGrowth) } ?? French.unknown
        }
        return .init(
          LinkedText(target.label, nil, note: target.scope),
          [
            LinkedText(amount(target.base), nil, note: target.base == nil ? nil : target.baseDate.map { French.day($0) }),
            LinkedText(amount(target.reached, isGrowth: isGrowth)), LinkedText(amount(target.goal, isGrowth: isGrowth)),
            LinkedText(French.day(target.due)), LinkedText(target.share.map { French.percent($0, places: 0) } ?? French.unknown),
          ])
      })
  }
}
