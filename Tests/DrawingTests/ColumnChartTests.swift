import Markup
import Testing

@testable import Drawing

struct ColumnChartTests {
  private let chart = ColumnChart(
    "Échanges par an", series: ["Téléphone", "Courriel"],
    columns: [
      .init("2020", [ChartValue(102, link: "/echanges?annee=2020&canal=telephone"), ChartValue(31)]),
      .init("2021", [ChartValue(1118), ChartValue(nil)]),
    ])

  @Test func saysAllItsValuesInWords() {
    let html = chart.html.description
    let name =
      "Échanges par an. 2020\u{00A0}: 133, Téléphone 102, Courriel 31\u{202F}; "
      + "2021\u{00A0}: 1\u{202F}118, Téléphone 1\u{202F}118, Courriel Non renseigné"
    #expect(html.contains("aria-label=\"\(name)\""))
    #expect(html.contains("<figcaption>Échanges par an</figcaption>"))
    #expect(html.contains("<desc>Colonnes empilées"))
  }

  @Test func holdsItsValuesInATable() {
    let html = chart.html.description
    #expect(html.contains("<summary>Voir les données</summary>"))
    #expect(html.contains("<th scope=\"row\">2020</th><td class=\"n\"><a href=\"/echanges?annee=2020&amp;canal=telephone\">102</a></td>"))
    #expect(html.contains("<td class=\"n\">Non renseigné</td>"))
  }

  @Test func isAGroupWhenItHasLinksAndAnImageOtherwise() {
    #expect(chart.html.description.contains("role=\"group\""))
    #expect(
      chart.html.description.contains("<a href=\"/echanges?annee=2020&amp;canal=telephone\" aria-label=\"2020, Téléphone\u{00A0}: 102\">"))
    let plain = ColumnChart("Structures", series: ["Structures"], columns: [.init("2021", [ChartValue(3)])])
    #expect(plain.html.description.contains("role=\"img\""))
    #expect(!plain.html.description.contains("class=\"legende\""))
  }

  @Test func aYearThatIsNotOverTakesTwoLines() {
    func drawn(_ label: String) -> String {
      ColumnChart("Structures", series: ["Structures"], columns: [.init("2025", [ChartValue(2)]), .init(label, [ChartValue(3)])]).html
        .description
    }
    let html = drawn("2026, au 4 mars")
    #expect(html.contains(">2026</text>") && html.contains(">au 4 mars</text>") && html.contains("aria-label=\"Structures. "))
    #expect(html.contains("2026, au 4 mars\u{00A0}: 3") && html.contains("0 0 340 236") && drawn("2026").contains("0 0 340 220"))
  }

  @Test func partsStackedSeries() throws {
    let html = chart.html.description
    let bars = html.matches(of: /<rect class="s(\d)" x="([\d.]+)" y="([\d.]+)" width="[\d.]+" height="([\d.]+)"/).map { bar in
      (series: String(bar.1), x: Double(bar.2) ?? 0, top: Double(bar.3) ?? 0, height: Double(bar.4) ?? 0)
    }
    // Two of 2020, and of 2021 the one that is known.
    #expect(bars.map(\.series) == ["1", "2", "1"])
    let (telephone, courriel, next) = (bars[0], bars[1], bars[2])
    #expect(telephone.x == courriel.x && courriel.x < next.x)
    // The second one stands on the first, two units above it, and as high as its share.
    let gap = telephone.top - (courriel.top + courriel.height)
    #expect(abs(gap - ColumnChart.Frame.gap) < 0.2)
    #expect(telephone.top + telephone.height == next.top + next.height)
    #expect(abs((courriel.height + gap) / telephone.height - 31.0 / 102) < 0.02)
    #expect(abs(next.height / telephone.height - 1118.0 / 102) < 0.2)
    #expect(!html.contains("style="))
  }

  @Test func drawsFourSeriesAndKeepsAllInTheTable() {
    let names = ["a", "b", "c", "d", "e", "f"]
    let chart = ColumnChart(
      "Six", series: names, columns: [.init("2021", [1, 50, 2, 40, 3, 30].map { ChartValue($0) })])
    let folded = chart.folded
    #expect(folded.series == ["b", "d", "f", "Autres"])
    #expect(folded.columns[0].values.map(\.amount) == [50, 40, 30, 6])
    for name in names { #expect(chart.html.description.contains("<th scope=\"col\" class=\"n\">\(name)</th>")) }
  }

  @Test func acceptsMissingAndEmptyValues() {
    let chart = ColumnChart("Vide", series: ["a", "b"], columns: [.init("2021", [ChartValue(2)]), .init("2022", [])])
    #expect(chart.html.description.contains("2022\u{00A0}: Non renseigné"))
    #expect(ColumnChart("Rien", series: [], columns: []).html.description.contains("<figure"))
    let zero = ColumnChart("Zéro", series: ["a"], columns: [.init("2021", [ChartValue(0, link: "/echanges")])])
    #expect(zero.html.description.contains(">0</text>"))
  }

  @Test func escapesEveryText() {
    let nasty = "<script>alert(1)</script>\""
    let chart = ColumnChart(
      nasty, series: [nasty, nasty], columns: [.init(nasty, [ChartValue(1, text: nasty, link: "/a"), ChartValue(2, text: nasty)])],
      rowTitle: nasty)
    #expect(!chart.html.description.contains("<script"))
  }
}
