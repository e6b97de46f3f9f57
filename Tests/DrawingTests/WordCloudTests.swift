import Foundation
import FoundationXML
import Markup
import Testing

@testable import Drawing

struct WordCloudTests {
  private static let names = [
    "Questions juridiques et/ou comptables", "Montage MSP", "ACI", "Logiciel", "Coordination", "Projet de santé", "Soins non programmés",
    "Prévention",
    "Protocole", "Gouvernance",
  ]

  private func cloud(_ count: Int, _ value: (Int) -> ChartValue) -> WordCloud {
    let words = (0..<count).map { BarChart.Bar(Self.names[$0 % Self.names.count] + ($0 < 10 ? "" : " \($0)"), value($0)) }
    return WordCloud("Échanges par thème", rowTitle: "Thème", valueTitle: "Échanges", words: words)
  }

  @Test(arguments: [1, 8, 25, 60]) func wordsStandInsideAndApart(_ count: Int) {
    for cloud in [cloud(count) { ChartValue(1_000 / ($0 + 1)) }, cloud(count) { _ in ChartValue(7) }] {
      let layout = cloud.layout
      #expect(layout.places.count == count)
      for (index, place) in layout.places.enumerated() {
        #expect(place.x - place.width / 2 >= -0.001 && place.x + place.width / 2 <= CloudLayout.width + 0.001)
        #expect(place.y - place.height / 2 >= -0.001 && place.y + place.height / 2 <= layout.height + 0.001)
        #expect(!layout.places.dropFirst(index + 1).contains(where: place.touches))
      }
    }
  }

  @Test func theSurfaceOfLettersGrowsWithTheNumber() {
    let words = [("Douze", 400), ("Treize", 100), ("Rien", 0)].map { BarChart.Bar($0.0, ChartValue($0.1)) }
    let cloud = WordCloud("Nuage", rowTitle: "Mot", valueTitle: "Fois", words: words)
    let sizes = cloud.layout.places.map(\.size)
    #expect(sizes.count == 2 && abs(sizes[0] - 2 * sizes[1]) < 0.01)
    // The table holds the zero, which has no size.
    let html = cloud.html.description
    #expect(html.contains("<th scope=\"row\">Rien</th><td class=\"n\">0</td>") && !html.contains(">Rien</text>"))
  }

  @Test func theSameWordsAlwaysStandAlike() {
    let first = cloud(30) { ChartValue(300 - 7 * $0, link: "/echanges?theme=\($0)") }.html.description
    #expect(first == cloud(30) { ChartValue(300 - 7 * $0, link: "/echanges?theme=\($0)") }.html.description)
    #expect(first.components(separatedBy: "<a href=\"/echanges?theme=").count - 1 == 60, "in the drawing and in the table")
    #expect(first.contains("role=\"group\"") && !first.contains("style="))
  }

  @Test func whatIsNotKnownIsLeftOutAndToldSo() {
    let html = cloud(12) { $0 < 3 ? ChartValue(nil, text: "masqué") : ChartValue($0) }.html.description
    #expect(html.components(separatedBy: "<text class=\"v\"").count - 1 == 9)
    #expect(html.contains(">Sans nombre connu, dans le tableau seulement\u{A0}: 3.</text>"))
    #expect(html.contains("<td class=\"n\">masqué</td>"))
    let many = cloud(75) { ChartValue($0 + 1) }
    #expect(many.drawn.count == 60 && many.html.description.contains(">Les 60 plus grands sont dessinés\u{A0}; le tableau a tout.</text>"))
    #expect(many.html.description.components(separatedBy: "<th scope=\"row\">").count - 1 == 75)
  }

  @Test func survivesAnything() {
    #expect(cloud(0) { ChartValue($0) }.html.description.contains("<figure"))
    let nasty = "<script>alert(1)</script>\""
    let words = [nasty, String(repeating: "abcdefghij ", count: 40), "", "漢字"].map { BarChart.Bar($0, ChartValue(3)) }
    let image = WordCloud(nasty, rowTitle: nasty, valueTitle: nasty, words: words).image
    let parser = XMLParser(data: Data(image.titledSVG.utf8))
    #expect(!image.titledSVG.contains("<script") && parser.parse(), "\(parser.parserError.debugDescription)")
  }
}
