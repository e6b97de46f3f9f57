import Markup
import Testing

struct TextTests {
  @Test func aReaderSeesTheTextAlone() {
    let nasty = "1 < 2 & \"3\" > '0' &amp;lt;"
    let html: HTML = """
      <p class="\(nasty)">Dont <a href="/a">\(nasty)</a>\u{A0}: <b>12</b></p>
      """
    #expect(html.text == "Dont \(nasty)\u{A0}: 12")
    #expect(HTML.empty.text.isEmpty)
  }
}
