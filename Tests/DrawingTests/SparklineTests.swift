import Drawing
import Markup
import Testing

struct SparklineTests {
  @Test func aLineSaysItsPoints() {
    let html = Sparkline([
      .init("2023", 2, text: "2"), .init("2024", nil, text: "Non renseigné"), .init("2025", 8, text: "8 <b>"),
    ]).html.description
    #expect(html.contains("aria-label=\"2023\u{A0}: 2\u{202F}; 2024\u{A0}: Non renseigné\u{202F}; 2025\u{A0}: 8 &lt;b&gt;\""))
    // From nothing at the bottom, over what is not known, to the most at the top.
    #expect(html.contains("points=\"4,22 84,4\"") && html.contains("cx=\"84\" cy=\"4\""))
  }

  @Test func oneNumberIsNoLine() {
    #expect(Sparkline([.init("2025", 8, text: "8"), .init("2024", nil, text: "masqué")]).html.isEmpty && Sparkline([]).html.isEmpty)
    let flat = Sparkline([.init("2024", 0, text: "0"), .init("2025", 0, text: "0")]).html.description
    #expect(flat.contains("points=\"4,16 84,16\""))
  }
}
