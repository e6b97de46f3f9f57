import Drawing
import Federation

extension DepartmentOutlines.Outline {
  /// Its lines, as drawings take them.
  var positions: [[DepartmentMap.Position]] {
    lines.map { line in line.map { DepartmentMap.Position(longitude: $0.longitude, latitude: $0.latitude) } }
  }
}

extension [DepartmentOutlines.Outline] {
  /// Overseas is too far away to be seen beside the rest; its numbers stand in the table.
  var drawnTogether: [DepartmentOutlines.Outline] {
    let home = filter { $0.code.utf8.count == 2 }
    return home.isEmpty ? self : home
  }
}
