import Markup

/// What just happened, or what needs attention. It stays on the page until the next one.
public struct Message: Sendable {
  public enum Kind: Sendable {
    case information, success, warning, error
  }

  public var kind: Kind
  public var content: HTML

  public init(_ kind: Kind, _ text: String) {
    self.init(kind, content: HTML(text: text))
  }

  public init(_ kind: Kind, content: HTML) {
    self.kind = kind
    self.content = content
  }

  public var html: HTML {
    """
    <div class="\(className)" role="\(kind == .error ? "alert" : "status")">\(icon.html)<div>\(content)</div></div>
    """
  }

  private var className: String {
    switch kind {
    case .information: "message"
    case .success: "message succes"
    case .warning: "message attention"
    case .error: "message erreur"
    }
  }

  private var icon: Icon {
    switch kind {
    case .information: .information
    case .success: .check
    case .warning, .error: .warning
    }
  }
}
