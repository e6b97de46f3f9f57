import Markup

/// What would be here, why it is empty, and what to do about it.
public struct EmptyState: Sendable {
  public var title: String
  public var explanation: String
  public var action: LinkedText?

  public init(_ title: String, _ explanation: String, action: LinkedText? = nil) {
    self.title = title
    self.explanation = explanation
    self.action = action
  }

  public var html: HTML {
    """
    <div class="vide">\(Self.drawing)<h2>\(title)</h2><p>\(explanation)</p>\(action.flatMap(button))</div>
    """
  }

  private func button(_ action: LinkedText) -> HTML? {
    guard let link = action.link else { return nil }
    return """
      <a class="bouton" href="\(link)">\(action.text)</a>
      """
  }

  private static let drawing: HTML = """
    <svg viewBox="0 0 80 48" aria-hidden="true"><path d="M8 38L24 14l16 18 16-20 16 24" fill="none" stroke="currentColor" \
    stroke-width="2" stroke-dasharray="3 4"/><g fill="currentColor"><circle cx="8" cy="38" r="4"/>\
    <circle cx="24" cy="14" r="4"/><circle cx="56" cy="12" r="4"/><circle cx="72" cy="36" r="4"/></g>\
    <circle cx="40" cy="32" r="6" fill="var(--mirabelle)"/></svg>
    """
}
