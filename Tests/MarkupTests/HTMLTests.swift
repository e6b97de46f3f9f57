import Markup
import Testing

struct HTMLTests {
  @Test func escapesTextInContent() {
    let name = "<b>R&D</b> \"l'équipe\" 👩🏽‍⚕️ \u{202E}مرحبا"
    let html: HTML = """
      <p>\(name)</p>
      """
    #expect(html.description == "<p>&lt;b&gt;R&amp;D&lt;/b&gt; &quot;l&#39;équipe&quot; 👩🏽‍⚕️ \u{202E}مرحبا</p>")
  }

  @Test func escapesTextInAttributes() {
    let title = "\" onclick=\"alert(1)"
    let html: HTML = """
      <p title="\(title)" data-id='\(title)'></p>
      """
    let escaped = "&quot; onclick=&quot;alert(1)"
    #expect(html.description == "<p title=\"\(escaped)\" data-id='\(escaped)'></p>")
  }

  @Test func insertsHTMLAsItIs() {
    let part: HTML = "<i>oui</i>"
    let none: HTML? = nil
    let html: HTML = "<p>\(part)\(none)\([part, part])</p>"
    #expect(html.description == "<p><i>oui</i><i>oui</i><i>oui</i></p>")
  }

  @Test func writesNumbersAndPartsOfText() {
    let words = "un deux".split(separator: " ")
    let html: HTML = "\(42) \(words[1])"
    #expect(html.description == "42 deux")
  }

  @Test func writesOnePieceForEachElement() {
    let html: HTML = "<ul>\(each: ["a", "<"], separator: ", ", HTML.init(text:))</ul>"
    #expect(html.description == "<ul>a, &lt;</ul>")
  }

  @Test func writesAttributesWhenTheyHold() {
    let none: String? = nil
    let noLink: Link? = nil
    let link: Link? = "/structures?type=msp&tri=nom"
    let html: HTML = """
      <input\(attribute: "checked", if: true)\(attribute: "disabled", if: false)\(attribute: "value", "a\"b")>\
      <a \(attribute: "href", link)\(attribute: "title", none)></a><a\(attribute: "href", noLink)></a>
      """
    #expect(html.description == "<input checked value=\"a&quot;b\"><a href=\"/structures?type=msp&amp;tri=nom\"></a><a></a>")
  }

  @Test func trustsOnlyWhatIsCalledUnsafe() {
    #expect(HTML(unsafe: "<hr>").description == "<hr>")
    #expect(HTML(text: "<hr>").description == "&lt;hr&gt;")
    #expect(HTML.empty.isEmpty)
  }

  @Test func keepsBytesOfLongTexts() {
    let name = String(repeating: "é<", count: 5000)
    #expect(HTML(text: name).bytes.count == 5000 * 6)
  }
}
