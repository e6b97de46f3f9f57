import Drawing
import Federation
import Markup
import Records
import Store
import WebSupport

/// The federation's départements with the teams of each, as the page of the day shows them.
struct DayMap {
  let map: DepartmentMap

  /// `nil` when no outline is known of what there is to show.
  /// - Parameter departments: the federation's own; those that have teams when it has not said.
  init?(_ counts: [FigureValue], departments: [String], opensDirectory: Bool, _ outlines: [String: DepartmentOutlines.Outline]) {
    var byCode: [String: Int] = [:]
    for count in counts { if let code = count.codes.first { byCode[code] = count.value ?? 0 } }
    let codes = departments.isEmpty ? byCode.keys.sorted() : departments
    let drawn = codes.compactMap { outlines[$0] }.map { outline -> DepartmentMap.Department in
      let count = byCode[outline.code] ?? 0
      let lines = outline.lines.map { line in
        line.map { DepartmentMap.Position(longitude: $0.longitude, latitude: $0.latitude) }
      }
      let link = opensDirectory ? Link("/structures", query: [("departement", outline.code)]) : nil
      return DepartmentMap.Department(outline.code, outline.name, outline: lines, ChartValue(count, link: link))
    }
    guard !drawn.isEmpty else { return nil }
    map = DepartmentMap("Structures par département", valueTitle: "Structures", departments: drawn)
  }

  static func query(_ registry: FigureRegistry, on day: CivilDate) throws -> FigureQuery {
    try FigureQuery(registry.figure("structures.count"), Period(asOf: day), by: ["departement"])
  }
}
