import Foundation
import Markup
import Testing

@testable import Drawing

struct BarChartTests {
  private let chart = BarChart(
    "Échanges par thème", rowTitle: "Thème", valueTitle: "Échanges",
    bars: [.init("Montage de MSP", ChartValue(540, link: "/echanges?theme=montage_msp")), .init("Covid", ChartValue(0))])

  @Test func saysAllItsValuesInWords() {
    #expect(chart.html.description.contains("aria-label=\"Échanges par thème. Montage de MSP\u{00A0}: 540\u{202F}; Covid\u{00A0}: 0\""))
    #expect(chart.html.description.contains("role=\"group\""))
  }

  @Test func holdsItsValuesInATable() {
    #expect(chart.html.description.contains("<th scope=\"row\">Covid</th><td class=\"n\">0</td>"))
  }

  @Test func shortensLongLabelsInTheDrawingOnly() {
    let label = String(repeating: "très long ", count: 50)
    let html = BarChart("Titre", rowTitle: "a", valueTitle: "b", bars: [.init(label, ChartValue(1))]).html.description
    #expect(html.contains(">\(label)</th>"))
    #expect(html.contains("très long très long très…</text>"))
  }

  @Test func escapesEveryText() {
    let nasty = "<script>alert(1)</script>\""
    let chart = BarChart(nasty, rowTitle: nasty, valueTitle: nasty, bars: [.init(nasty, ChartValue(1, text: nasty, link: "/a"))])
    #expect(!chart.html.description.contains("<script"))
  }

  @Test func survivesNothing() {
    #expect(BarChart("Rien", rowTitle: "a", valueTitle: "b", bars: []).html.description.contains("<figure"))
  }
}

extension BarChartTests {
  @Test func drawsTheFortyLargestAndListsAll() {
    let bars = (1...100).map { BarChart.Bar("Département \($0)", ChartValue($0 == 7 ? 5000 : $0)) }
    let html = BarChart("Cent", rowTitle: "a", valueTitle: "b", bars: bars, isWide: true).html.description
    #expect(html.components(separatedBy: "<rect").count - 1 == BarChart.mostBars)
    #expect(html.components(separatedBy: "<th scope=\"row\">").count - 1 == 100)
    #expect(html.contains("Les 40 plus grandes sont dessinées") && html.contains("graphique large"))
    // In their order: the largest of all stands first, before those from 62 on.
    #expect(
      html.firstRange(of: ">Département 7</text>")?.lowerBound ?? html.endIndex < html.firstRange(of: ">Département 62</text>")?.lowerBound
        ?? html.startIndex)
  }

  @Test func standsByItselfAsAFile() {
    let svg = BarChart("Échanges & temps", rowTitle: "a", valueTitle: "b", bars: [.init("Visio", ChartValue(3))]).image.svg
    #expect(svg.hasPrefix("<svg xmlns=") && svg.contains("<title>Échanges &amp; temps</title>") && svg.contains("fill:#0b6b7d"))
  }

  @Test func keepsEveryBarInsideTheDrawing() {
    for amounts in [[0], [1_000_000], [1, 1_000_000], Array(repeating: 3, count: 40)] {
      let bars = amounts.map { BarChart.Bar(String(repeating: "long ", count: 20), ChartValue($0)) }
      let html = BarChart("Titre", rowTitle: "a", valueTitle: "b", bars: bars, isWide: true).html.description
      let ends = html.matches(of: /<rect class="s1" x="([\d.]+)" y="[\d.]+" width="([\d.]+)"/).map {
        (Double($0.1) ?? 0) + (Double($0.2) ?? 0)
      }
      #expect(ends.count == amounts.count && ends.allSatisfy { $0 <= 650 })
    }
  }
}
