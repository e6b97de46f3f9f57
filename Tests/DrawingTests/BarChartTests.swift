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
