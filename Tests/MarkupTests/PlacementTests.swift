import Testing

@testable import Markup

#if DEBUG
  struct PlacementTests {
    typealias Value = HTML.Interpolation.Value

    @Test(arguments: [
      ("<p>", Value.text), ("<p>", .html), ("<p>", .number), ("<p title=\"", .text), ("<p title='il y a ", .number),
      ("<a href=\"", .link), ("<a href=\"#t-", .number), ("<script src=\"", .link), ("<script></script>", .text),
      ("<style></style><p>", .text), ("<!-- note --><p>", .text), ("<input required>", .text), ("<p data-a=\"<script>\">", .text),
    ])
    func acceptsAValueThatEscapingMakesSafe(literal: String, value: Value) {
      #expect(fault(after: literal, value) == nil)
    }

    @Test(arguments: [
      ("<script>", Value.text), ("<SCRIPT type=\"module\">", .number), ("<style>", .html), ("<script>if (a < b) ", .text),
      ("<p title=", .text), ("<p title=a", .text), ("<p ", .text), ("<", .text), ("<p title=\"", .html), ("<!-- ", .text),
      ("<a href=\"", .text), ("<a href=\"/structures/", .text), ("<a href=\"", .number), ("<a href=\"javascript:", .link),
      ("<form ACTION=\"", .text), ("<img src='", .text), ("<button formaction=\"", .text), ("<p style=\"", .text),
      ("<p style=\"width:", .number), ("<p onclick=\"", .text), ("<iframe srcdoc=\"", .text),
    ])
    func refusesAValueThatNothingMakesSafe(literal: String, value: Value) {
      #expect(fault(after: literal, value) != nil)
    }

    @Test(arguments: [("<p", "title", Value.text), ("<p ", "href", .link), ("<input required", "checked", .number)])
    func acceptsAttributes(literal: String, name: String, value: Value) {
      #expect(fault(after: literal, attribute: name, value) == nil)
    }

    @Test(arguments: [
      ("<p>", "title", Value.text), ("<p title=\"", "class", .text), ("<a ", "href", .text), ("<p ", "style", .text),
      ("<p ", "onclick", .text),
    ])
    func refusesAttributes(literal: String, name: String, value: Value) {
      #expect(fault(after: literal, attribute: name, value) != nil)
    }

    @Test func namesTheAttributeAndTheRemedy() throws {
      let message = try #require(fault(after: "<a href=", .text))
      #expect(message.contains("href=\"\\(value)\""))
    }

    @Test func stopsADebugBuild() async {
      await #expect(processExitsWith: .failure) {
        let address = "javascript:alert(1)"
        let html: HTML = "<a href=\"\(address)\">"
        _ = html
      }
    }

    private func fault(after literal: String, _ value: Value) -> String? {
      var placement = Placement()
      placement.read(literal)
      return placement.fault(of: value)
    }

    private func fault(after literal: String, attribute name: String, _ value: Value) -> String? {
      var placement = Placement()
      placement.read(literal)
      return placement.fault(ofAttribute: name, value)
    }
  }
#endif
