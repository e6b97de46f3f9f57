import Foundation
import Markup
import Testing

@testable import Drawing

struct CrossChartTests {
  private func chart(_ layout: CrossChart.Layout, series: [String] = ["MSP", "CPTS"], _ rows: [CrossChart.Row]) -> String {
    CrossChart("Structures par département et type", rowTitle: "Département", series: series, rows: rows, layout: layout).html.description
  }

  private func rectangles(_ html: String) -> [(series: String, x: Double, y: Double, width: Double)] {
    html.matches(of: /<rect class="s(\d)" x="([\d.]+)" y="([\d.]+)" width="([\d.]+)"/).map {
      (String($0.1), Double($0.2) ?? 0, Double($0.3) ?? 0, Double($0.4) ?? 0)
    }
  }

  private let rows: [CrossChart.Row] = [
    .init("Isère", [ChartValue(30, link: "/structures?departement=38&type=msp"), ChartValue(10)]),
    .init("Drôme", [ChartValue(0), ChartValue(20)]),
  ]

  @Test func stacksPartsOfAWhole() {
    let html = chart(.stacked, rows)
    let bars = rectangles(html)
    #expect(bars.map(\.series) == ["1", "2", "2"])
    #expect(bars[0].y == bars[1].y && bars[1].x > bars[0].x + bars[0].width && bars[2].y > bars[1].y)
    #expect(bars[0].x == bars[2].x)
    #expect(html.contains("Barres empilées") && html.contains("<title>Isère, MSP\u{A0}: 30</title>") && html.contains("role=\"group\""))
    // The table holds the zero that is not drawn, and the total.
    #expect(html.contains("<th scope=\"row\">Drôme</th><td class=\"n\">0</td><td class=\"n\">20</td><td class=\"n\">20</td>"))
  }

  @Test func groupsWhatMakesNoWhole() {
    let html = chart(.grouped, rows)
    let bars = rectangles(html)
    #expect(bars.map(\.series) == ["1", "2", "1", "2"])
    #expect(Set(bars.map(\.x)).count == 1 && bars.map(\.y) == bars.map(\.y).sorted())
    #expect(bars[2].width == 0 && html.contains("Une barre par série"))
  }

  @Test func foldsSeriesOfAWholeAndKeepsTheLargestOfOthers() {
    let names = ["a", "b", "c", "d", "e", "f"]
    let row = CrossChart.Row("Isère", [1, 50, 2, 40, 3, 30].map { ChartValue($0) })
    let stacked = chart(.stacked, series: names, [row])
    #expect(stacked.contains("Isère, Autres\u{A0}: 6") == false && stacked.contains("</svg>Autres</li>"))
    #expect(rectangles(stacked).map(\.series).suffix(4) == ["1", "2", "3", "4"])
    let grouped = chart(.grouped, series: names, [row])
    #expect(!grouped.contains("Autres") && grouped.contains("dont le dessin n’a pas la place"))
    for html in [stacked, grouped] { for name in names { #expect(html.contains("<th scope=\"col\" class=\"n\">\(name)</th>")) } }
  }

  @Test(arguments: [CrossChart.Layout.stacked, .grouped]) func survivesAnything(_ layout: CrossChart.Layout) {
    #expect(chart(layout, series: [], []).contains("<figure"))
    #expect(chart(layout, [.init("Vide", [])]).contains("Vide\u{A0}: Non renseigné"))
    let nasty = "<script>alert(1)</script>\""
    #expect(!chart(layout, series: [nasty], [.init(nasty, [ChartValue(1, text: nasty, link: "/a")])]).contains("<script"))
    let many = chart(
      layout, (1...60).map { .init("Ligne \($0) au nom beaucoup trop long pour le dessin", [ChartValue($0), ChartValue(1_000_000)]) })
    #expect(rectangles(many).allSatisfy { $0.x + $0.width <= 650 })
    #expect(many.components(separatedBy: "<th scope=\"row\">").count - 1 == 60 && many.contains("et 20 autres lignes dont le dessin"))
  }
}

extension CrossChartTests {
  /// Two periods side by side make nothing together.
  @Test func periodsHaveNoTotal() {
    let chart = CrossChart(
      "Échanges par canal", rowTitle: "Canal", series: ["2026", "2025"], rows: [.init("Visio", [ChartValue(3), ChartValue(4)])],
      layout: .grouped, hasTotal: false)
    let html = chart.html.description
    #expect(!html.contains("Total") && html.contains("aria-label=\"Échanges par canal. Visio\u{A0}: 2026 3, 2025 4\""))
    #expect(html.contains("<th scope=\"row\">Visio</th><td class=\"n\">3</td><td class=\"n\">4</td></tr>"))
  }

  @Test func aLongLabelStandsOnTwoLinesAndIsWhole() {
    let label = "Questions juridiques et/ou comptables"
    #expect(ChartLabel.lines(label) == ["Questions juridiques", "et/ou comptables"])
    #expect(ChartLabel.lines("Montage MSP") == ["Montage MSP"])
    let html = chart(.stacked, [.init(label, [ChartValue(1), ChartValue(2)])])
    #expect(html.contains(">Questions juridiques</tspan>") && html.contains(">et/ou comptables</tspan>") && !html.contains("…"))
    let longest = chart(.stacked, [.init(String(repeating: "abcdefghij ", count: 9) + "fin", [ChartValue(1)])])
    #expect(longest.contains("…</tspan>") && longest.contains("<title>abcdefghij abcdefghij"))
  }

  @Test func aFileSaysItsTitle() {
    let image = BarChart(
      "Échanges par thème, du 1er janv. au 31 déc. 2025, en Isère et en Savoie, par téléphone et par courriel", rowTitle: "a",
      valueTitle: "b", bars: [.init("Visio", ChartValue(3))], isWide: true
    ).image
    #expect(image.titledSVG.contains("<text class=\"t\" x=\"0\"") && image.titledSVG.contains("viewBox=\"0 -48 650 81\""))
    #expect(!image.svg.contains("class=\"t\"") && image.svg.contains("viewBox=\"0 0 650 33\""))
  }
}
