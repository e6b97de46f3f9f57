import Foundation
import FoundationXML
import Markup
import Testing

@testable import Drawing

struct PointMapTests {
  private let ain = [(5.0, 46.0), (6, 46), (6, 47), (5, 47), (5, 46)].map { DepartmentMap.Position(longitude: $0.0, latitude: $0.1) }

  private func map(_ points: [PointMap.Point]) -> PointMap {
    let area = PointMap.Area(
      "Ain", outline: [ain], share: 0.5, note: "50\u{A0}%", sentence: "3 équipes", link: "/structures?departement=01")
    return PointMap("Carte", areas: [area], points: points)
  }

  private func point(_ name: String, _ shape: PointMap.Shape = .circle, _ longitude: Double = 5.5) -> PointMap.Point {
    PointMap.Point(name, shape, .full, at: .init(longitude: longitude, latitude: 46.5), link: "/structures/1")
  }

  @Test func whatStandsInOneTownIsDrawnApart() {
    let html = map((0..<12).map { point("Équipe \($0)") }).html.description
    let centres = html.matches(of: /cx="([-0-9.]+)" cy="([-0-9.]+)"/).map { (Double($0.1) ?? 0, Double($0.2) ?? 0) }
    #expect(centres.count == 12)
    for (index, first) in centres.enumerated() {
      for second in centres.dropFirst(index + 1) {
        #expect(hypot(first.0 - second.0, first.1 - second.1) > 7)
      }
    }
  }

  /// The style sheet scales points: a displacement of their own would be scaled too.
  @Test func noPointIsMovedByATransformation() {
    #expect(!map(PointMap.Shape.allCases.map { point("A", $0) }).html.description.contains("transform"))
  }

  @Test func eachPointAndEachAreaIsALinkThatSaysWhatItIs() {
    let html = map(PointMap.Shape.allCases.map { point("<b>\($0)</b>", $0) }).html.description
    #expect(html.components(separatedBy: "<a ").count == 6)
    #expect(html.contains("<title>&lt;b&gt;circle&lt;/b&gt;</title>") && html.contains("<title>Ain\u{A0}: 3 équipes</title>"))
    #expect(html.contains("fill-opacity=\"0.28\"") && html.contains("50\u{A0}%</tspan>"))
    for shape in PointMap.Shape.allCases { #expect(html.contains("class=\"\(shape.rawValue) aci\"")) }
  }

  @Test func aFileHasColoursAndNoLinks() throws {
    let file = map([point("Équipe & co", .diamond)]).svg
    #expect(file.hasPrefix("<svg xmlns=") && file.contains("<style>") && !file.contains("<a "))
    let parser = XMLParser(data: Data(file.utf8))
    #expect(parser.parse(), "\(parser.parserError.debugDescription)")
  }

  @Test func withoutOutlinesThePointsMakeThePlane() {
    let map = PointMap("Carte", areas: [], points: [point("A", .circle, 5), point("B", .square, 6)])
    #expect(map.html.description.contains("cx=\"4\"") && map.html.description.contains("<rect class=\"pc aci\" x=\"791\""))
    #expect(PointMap("Carte", areas: [], points: []).html.description.contains("<svg"))
  }
}
