import Markup

/// What to think of before a form is saved as it is: told at the top of the page, and in full beside the button that saves it all the same.
public struct RecordWarnings: Sendable {
  public struct Warning: Sendable {
    /// The one that it is about.
    var field: String?
    var sentence: String
    /// Records that it names, to be looked at without leaving the form.
    var records: [LinkedText]

    public init(field: String?, _ sentence: String, records: [LinkedText] = []) {
      (self.field, self.sentence, self.records) = (field, RecordWarnings.sentence(sentence), records)
    }
  }

  private let warnings: [Warning]

  /// - Parameter warnings: as records give them, some about a field of the form.
  public init(_ warnings: [Warning]) {
    self.warnings = warnings
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

  private func item(_ warning: Warning) -> HTML {
    let ways: HTML = "\(each: warning.records, way)"
    guard let field = warning.field else { return "<li>\(warning.sentence)\(ways)</li>" }
    return """
      <li><a href="\(Link("#c-\(field)"))">\(warning.sentence)</a>\(ways)</li>
      """
  }

  /// In a tab of its own: what is typed stays where it is.
  private func way(_ record: LinkedText) -> HTML {
    guard let link = record.link else { return .empty }
    return """
       <a href="\(link)" target="_blank" rel="noopener">Voir \(record.text)<span class="sr"> (nouvel onglet)</span></a>
      """
  }
}
