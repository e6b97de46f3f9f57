import Foundation
import Markup
import Testing

@testable import Drawing

struct DepartmentMapTests {
  private func square(_ west: Double, _ south: Double, _ size: Double = 1) -> [DepartmentMap.Position] {
    [(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)].map {
      .init(longitude: west + $0.0 * size, latitude: south + $0.1 * size)
    }
  }

  private func map(_ departments: [DepartmentMap.Department]) -> String {
    DepartmentMap("Structures par département", valueTitle: "Structures", departments: departments).html.description
  }

  @Test func eachDepartmentIsALinkWithItsNumber() {
    let html = map([
      .init("01", "Ain", outline: [square(5, 46)], ChartValue(10, link: "/structures?departement=01")),
      .init("38", "Isère", outline: [square(5, 45)], ChartValue(0, link: "/structures?departement=38")),
      .init("974", "La Réunion", outline: [square(55, -21)], ChartValue(2, link: "/structures?departement=974")),
    ])
    #expect(html.contains("role=\"group\"") && html.contains("<title>Structures par département</title><desc>"))
    #expect(
      html.contains("<title>Ain\u{A0}: 10</title>") && html.contains("fill-opacity=\"0.70\"") && html.contains("fill-opacity=\"0.10\""))
    // What lies overseas stands in the table alone.
    #expect(html.components(separatedBy: "<path").count == 3)
    #expect(html.components(separatedBy: "<tr>").count == 5)
    #expect(html.components(separatedBy: "/structures?departement=974").count == 2)
  }

  @Test func linesAreSharedAndClosed() throws {
    let (north, south) = ([square(5, 46)], [square(5, 45)])
    let plane = MapPlane((north + south).joined())
    #expect(plane.height == 400)
    let paths = [north, south].map(plane.path)
    #expect(paths.allSatisfy { $0.hasPrefix("M") && $0.hasSuffix("z") })
    let points = paths.map { Set($0.dropFirst().dropLast().split(separator: " ")) }
    #expect(points.allSatisfy { $0.count == 4 } && points[0].intersection(points[1]).count == 2)
    #expect(plane.path([square(5, 45, 0.0001)]).isEmpty)
    let middle = plane.middle(south)
    #expect(abs(middle.y - 298) < 1)
  }

  @Test func nothingToDrawBreaksNothing() {
    #expect(map([]).contains("<svg"))
    #expect(map([.init("01", "Ain", outline: [], ChartValue(3))]).contains("<td class=\"n\">3</td>"))
  }
}
