import Foundation
import Markup
import Testing
import WebSupport

@testable import Site

/// What people type and paste, on the page and on paper.
struct ReportTextTests {
  private static let figures = ["contacts.count": LinkedText("1\u{202F}173", "/echanges?annee=2025")]

  @Test(arguments: [
    ("<script>alert(1)</script> et <b>gras</b>", ["<script>", "<b>"], "&lt;script&gt;"),
    ("<div onclick=\"x()\">bloc</div>", ["<div"], "&lt;div onclick"),
    ("[ici](javascript:alert(1))", ["javascript:", "<a "], "<p>ici</p>"),
    ("[ici](data:text/html;base64,AAAA)", ["data:", "<a "], "<p>ici</p>"),
    ("<https://exemple.fr/a>", [], "<a href=\"https://exemple.fr/a\""),
    ("![alerte](https://exemple.fr/p.png)", ["<img", "exemple.fr"], "alerte"),
    ("`[[contacts.count]]`", ["1\u{202F}173"], "[[contacts.count]]"),
    ("```\n[[contacts.count]]\n```", ["1\u{202F}173"], "[[contacts.count]]"),
    ("**[[contacts.count]]**", [], "<strong><a href=\"/echanges?annee=2025\">1\u{202F}173</a></strong>"),
    ("[[oups]]", [], "<mark>[[oups]]</mark>"),
    ("a\nb", [], "a<br>b"), ("- un\n- deux", ["<p>"], "<li>un</li>"), ("# Titre", ["<h1"], "<h3>Titre</h3>"),
    ("Pourquoi ? « Oui »", [], "Pourquoi\u{202F}? «\u{202F}Oui\u{202F}»"),
  ])
  func nothingThatIsTypedIsMarkup(_ text: String, absent: [String], present: String) {
    let html = String(decoding: ReportText(text, Self.figures).html.bytes, as: UTF8.self)
    #expect(html.contains(present), "\(html)")
    for part in absent { #expect(!html.contains(part), "\(html)") }
    #expect(TagBalance.fault(in: html) == nil)
  }

  /// A link does not stand in another: the number is its words.
  @Test(arguments: ["[voir [[contacts.count]] échanges](https://exemple.fr)", "[[[contacts.count]]](https://exemple.fr)"])
  func aFigureInALinkIsItsWords(_ text: String) {
    let html = String(decoding: ReportText(text, Self.figures).html.bytes, as: UTF8.self)
    #expect(html.components(separatedBy: "<a ").count == 2 && html.contains("1\u{202F}173") && !html.contains("/echanges"), "\(html)")
  }

  /// On paper the same words, and no address that leads nowhere.
  @Test func paperSaysTheSame() {
    func text(_ node: PaperNode) -> String {
      (node.text ?? "") + (node.content ?? []).map(text).joined() + (node.items ?? []).flatMap { $0 }.map(text).joined()
    }
    let source = "[[contacts.count]] <b>x</b> `[[contacts.count]]` [a](javascript:x) [b](/structures) [c](https://exemple.fr)"
    let paper = ReportText(source, Self.figures).paper
    #expect(paper.map(text).joined() == "1\u{202F}173 <b>x</b> [[contacts.count]] a b c")
    #expect(paper[0].content?.compactMap(\.url) == ["https://exemple.fr"])
    let nested = ReportText("- a\n\n  ## b\n> # c", [:]).paper
    #expect(nested.first?.items?.first?.contains { $0.kind == "heading" } == true)
  }
}
