import Markup

/// What to think of before a form is saved as it is: told at the top of the page, and in full beside the button that saves it all the same.
public struct RecordWarnings: Sendable {
  private let warnings: [(field: String?, sentence: String)]

  /// - Parameter warnings: as records give them, some about a field of the form.
  public init(_ warnings: [(field: String?, sentence: String)]) {
    self.warnings = warnings.map { ($0.field, Self.sentence($0.sentence)) }
  }

  public static func sentence(_ text: String) -> String {
    let read = French.withDays(text)
    return French.typeset(French.ended(read.prefix(1).uppercased() + read.dropFirst()))
  }

  /// For the top of the page, with the way down to the button.
  public var summary: HTML? {
    guard !warnings.isEmpty else { return nil }
    return Message(
      .warning,
      content: """
        <strong>Rien n’est encore enregistré\u{A0}: vérifiez, puis \
        <a href="#a-verifier">«\u{202F}Enregistrer quand même\u{202F}»</a>.</strong>\(items)
        """
    ).html
  }

  /// For the end of the form.
  var list: HTML? {
    guard !warnings.isEmpty else { return nil }
    return """
      <div id="a-verifier">\(Message(.warning, content: "<strong>À vérifier avant d’enregistrer</strong>\(items)").html)</div>
      """
  }

  private var items: HTML {
    """
    <ul class="liste">\(each: warnings, item)</ul>
    """
  }

  private func item(_ warning: (field: String?, sentence: String)) -> HTML {
    guard let field = warning.field else { return "<li>\(warning.sentence)</li>" }
    return """
      <li><a href="\(Link("#c-\(field)"))">\(warning.sentence)</a></li>
      """
  }
}
