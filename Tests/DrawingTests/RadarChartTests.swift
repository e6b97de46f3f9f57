import Foundation
import FoundationXML
import Markup
import Testing

@testable import Drawing

struct RadarChartTests {
  private func spokes(_ count: Int, _ values: [Double?]...) -> [RadarChart.Spoke] {
    (0..<count).map { axis in
      .init("Axe \(axis) au nom de plusieurs mots", values.map { ChartValue($0[axis % $0.count], link: axis == 0 ? "/echanges" : nil) })
    }
  }

  private func chart(_ spokes: [RadarChart.Spoke], series: [String] = ["2026"]) -> RadarChart? {
    RadarChart("Échanges par canal", rowTitle: "Canal", series: series, spokes: spokes)
  }

  @Test func onlyThreeToTwelveAxesAreARadar() {
    for count in [0, 1, 2, 13, 40] { #expect(chart(spokes(count, [1])) == nil, "\(count)") }
    for count in 3...12 { #expect(chart(spokes(count, [1])) != nil, "\(count)") }
  }

  @Test func pointsStandAsFarOutAsTheyCount() throws {
    let html = try #require(chart(spokes(4, [30, 15, 0, 30]))).html.description
    let points = html.matches(of: /<circle class="s1" cx="([\d.]+)" cy="([\d.]+)"/).map { (Double($0.1) ?? 0, Double($0.2) ?? 0) }
    #expect(points.count == 4)
    let middle = points[2]
    #expect(points[0].0 == middle.0 && points[0].1 < middle.1 && abs(points[1].1 - middle.1) < 0.2)
    #expect(abs((middle.1 - points[0].1) - 2 * (points[1].0 - middle.0)) < 0.3)
    #expect(html.contains("fill-opacity=\"0.14\"") && html.contains("role=\"group\"") && html.contains("<desc>Un axe par ligne"))
    #expect(html.contains("aria-label=\"Échanges par canal. Axe 0 au nom de plusieurs mots\u{A0}: 30"))
    #expect(html.contains("<a href=\"/echanges\" aria-label=\"Axe 0 au nom de plusieurs mots\u{A0}: 30\">"))
    #expect(html.components(separatedBy: "<th scope=\"row\">").count - 1 == 4)
  }

  @Test func whatNobodyKnowsIsAGapAndNoZero() throws {
    let html = try #require(chart(spokes(5, [3, nil, 2, 4, 5]))).html.description
    #expect(html.components(separatedBy: "<circle class=\"s1\"").count - 1 == 4)
    // Three sides are left of five, and no surface.
    let line = try #require(html.firstMatch(of: /<path class="l1" d="([^"]+)"/)?.1)
    #expect(line.count { $0 == "M" } == 3 && !line.contains("z") && !html.contains("fill-opacity"))
    #expect(html.contains(">?</text>") && html.contains("<td class=\"n\">Non renseigné</td>") && html.contains("est ouverte là où"))
    let kept = try #require(chart([.init("A", [ChartValue(nil, text: "<\u{A0}11")])] + spokes(2, [1]))).html.description
    #expect(kept.contains(">&lt;\u{A0}11</text>") && kept.components(separatedBy: "<circle class=\"s1\"").count - 1 == 2)
    #expect(chart(spokes(3, [nil]))?.html.description.contains("<circle class=\"s1\"") == false)
  }

  @Test func twoSeriesStandOneOverTheOther() throws {
    let html = try #require(chart(spokes(6, [1, 2, 3], [3, 2, nil]), series: ["2026", "2025"])).html.description
    #expect(html.contains("class=\"l1\"") && html.contains("class=\"l2\"") && html.contains("</svg>2025</li>"))
    #expect(html.components(separatedBy: "<circle class=\"s2\"").count - 1 == 4)
    #expect(html.contains("<th scope=\"col\" class=\"n\">2025</th>") && !html.contains("<text class=\"v\""))
    let many = try #require(chart(spokes(3, [1], [2], [3], [4], [5], [6]), series: ["a", "b", "c", "d", "e", "f"])).html.description
    #expect(many.contains("Les 4 plus hautes sont dessinées") && !many.contains("class=\"s5\""))
  }

  @Test(arguments: [3, 5, 8, 12]) func labelsStandInsideAndApart(_ count: Int) {
    let long = [
      "Questions juridiques et/ou comptables", "Anticonstitutionnellement", "Visio", "Montage d’une maison de santé pluriprofessionnelle",
    ]
    let frame = RadarChart.Frame(labels: (0..<count).map { (long[$0 % long.count], ChartValue(1_234.5)) }, upTo: 40)
    for (index, label) in frame.labels.enumerated() {
      #expect(label.left >= -frame.width / 2 && label.right <= frame.width / 2 && label.bottom - label.top < frame.height)
      #expect(!label.lines.contains { $0.contains("…") })
      for other in frame.labels.dropFirst(index + 1) {
        let isApart =
          label.right <= other.left || other.right <= label.left || label.bottom <= other.top + 3 || other.bottom <= label.top + 3
        #expect(isApart, "\(label.lines) \(other.lines)")
      }
    }
  }

  @Test func aFileStandsByItself() throws {
    let nasty = "<script>alert(1)</script>\""
    let spokes = (0..<3).map { RadarChart.Spoke("\(nasty)\($0)", [ChartValue(1, text: nasty)]) }
    let image = try #require(chart(spokes)).image
    #expect(!image.titledSVG.contains("<script") && image.titledSVG.contains("class=\"etoile\""))
    let parser = XMLParser(data: Data(image.titledSVG.utf8))
    #expect(parser.parse(), "\(parser.parserError.debugDescription)")
  }
}
