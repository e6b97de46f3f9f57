import Foundation
import Markup
import Testing

@testable import Drawing

struct LineChartTests {
  private func chart(_ series: [String], _ values: [[Double?]]) -> LineChart {
    LineChart(
      "Professionnels par structure", series: series,
      columns: values.enumerated().map { year, values in
        .init(String(2021 + year), values.map { ChartValue($0, link: $0 == nil ? nil : "/structures?annee=\(2021 + year)") })
      })
  }

  @Test func breaksWhereNobodyKnows() {
    let html = chart(["Moyenne"], [[4], [5], [nil], [6], [7]]).html.description
    let path = html.firstMatch(of: /<path class="l1" d="([^"]*)"/).map { String($0.1) } ?? ""
    #expect(path.filter { $0 == "M" }.count == 2 && path.filter { $0 == "L" }.count == 2)
    #expect(html.components(separatedBy: "<circle").count - 1 == 4 && html.contains(">?</text>"))
    #expect(html.contains("<td class=\"n\">Non renseigné</td>") && html.contains("2023\u{A0}: Non renseigné"))
    #expect(html.contains("<a href=\"/structures?annee=2021\" aria-label=\"2021\u{A0}: 4\">") && html.contains("role=\"group\""))
    #expect(!html.contains("class=\"legende\""))
  }

  @Test func higherIsHigher() {
    let html = chart(["Moyenne"], [[1], [8]]).html.description
    let heights = html.matches(of: /<circle class="s1" cx="[\d.]+" cy="([\d.]+)"/).map { Double($0.1) ?? 0 }
    #expect(heights.count == 2 && heights[0] > heights[1])
  }

  @Test func drawsFourLinesAndKeepsAllInTheTable() {
    let html = chart(["a", "b", "c", "d", "e"], [[1, 9, 8, 7, 6], [1, 2, 3, 4, 5]]).html.description
    #expect(html.components(separatedBy: "<path class=\"l").count - 1 == 4 && html.contains("Les 4 plus hautes"))
    #expect(html.contains("class=\"legende\"") && html.contains("<th scope=\"col\" class=\"n\">a</th>"))
    #expect(html.contains("2021, b\u{A0}: 9"))
  }

  @Test func survivesAnything() {
    #expect(chart([], []).html.description.contains("<figure"))
    #expect(!chart(["a"], [[nil]]).html.description.contains("<path class=\"l"))
    #expect(chart(["a"], [[0]]).image.svg.contains("stroke:#0b6b7d"))
    let nasty = "<script>\""
    #expect(!LineChart(nasty, series: [nasty], columns: [.init(nasty, [ChartValue(1, text: nasty)])]).html.description.contains("<script"))
  }
}
