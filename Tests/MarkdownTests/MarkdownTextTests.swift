import Markdown
import Testing

@Suite struct MarkdownTextTests {
  @Test func aTextIsReadOnce() {
    let text = MarkdownText("## Titre\n\nUn *mot* et **un [[autre]]**\nà la ligne, [ici](https://exemple.fr).\n\n- un\n- deux\n\n3. trois")
    #expect(
      text.blocks == [
        .heading(level: 2, [.text("Titre")]),
        .paragraph([
          .text("Un "), .emphasis([.text("mot")]), .text(" et "), .strong([.text("un [[autre]]")]), .lineBreak, .text("à la ligne, "),
          .link("https://exemple.fr", [.text("ici")]), .text("."),
        ]),
        .list(start: nil, [[.paragraph([.text("un")])], [.paragraph([.text("deux")])]]),
        .list(start: 3, [[.paragraph([.text("trois")])]]),
      ])
  }

  /// HTML is no markup here, and a picture is its description.
  @Test func nothingOfAPagePasses() {
    #expect(MarkdownText("<script>x</script>").blocks == [.paragraph([.text("<script>x</script>")])])
    #expect(MarkdownText("a <b>c</b> ![vue](https://exemple.fr/p.png)").blocks == [.paragraph([.text("a <b>c</b> vue")])])
    #expect(MarkdownText("").blocks == [])
  }

  /// Whatever is nested a thousand times is read without exhausting the stack.
  @Test func depthHasAnEnd() {
    #expect(MarkdownText(String(repeating: "> ", count: 5_000) + "fond").blocks.count == 1)
    #expect(!MarkdownText(String(repeating: "*", count: 5_000) + "a" + String(repeating: "*", count: 5_000)).blocks.isEmpty)
  }
}
