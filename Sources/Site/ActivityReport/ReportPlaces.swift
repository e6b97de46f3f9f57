import Drawing
import Federation
import Records
import Store
import WebSupport

/// The départements as the maps of a report draw them.
struct ReportPlaces: Sendable {
  var outlines: [String: DepartmentOutlines.Outline] = [:]
  /// The federation's own, drawn even where nothing is counted; those that have a number when it has not said.
  var departments: [String] = []

  /// `nil` where no outline is known of what there is to show.
  func map(_ figure: ReportFigure, _ dimension: ReportDimension, _ title: String, _ links: ReportPageBuilder.Links) -> DepartmentMap? {
    let codes = departments + dimension.codes.filter { !departments.contains($0) }
    guard codes.contains(where: { outlines[$0] != nil }) else { return nil }
    return DepartmentMap(
      title, valueTitle: figure.manner.isShare ? "Part" : figure.manner.unit.capitalizedFirst,
      departments: codes.map { code in
        let outline = outlines[code]
        return DepartmentMap.Department(
          code, outline?.name ?? dimension.label(code), outline: outline?.positions ?? [],
          ChartValue(
            part: figure.values.first { $0.codes == [code] }, of: figure.total, link: links(figure, [Filter(dimension.code, code)])))
      })
  }
}

extension Site {
  /// - Parameter departments: the federation's own.
  func places(_ departments: [String]) -> ReportPlaces {
    ReportPlaces(outlines: installation.outlines.all(), departments: departments)
  }
}
