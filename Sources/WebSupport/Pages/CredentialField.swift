import Markup

/// A field of the forms that open an account: an address, a password, a code, which browsers keep and fill in.
public struct CredentialField: Sendable {
  public enum Kind: Sendable {
    case text
    case email
    case password
    /// Chosen anew: browsers propose one and keep it.
    case newPassword
    /// Six digits from a telephone, which some browsers fill in by themselves.
    case code
  }

  public var name: String
  public var label: String
  public var kind: Kind
  public var value: String
  public var help: HTML
  public var error: String?
  public var isRequired: Bool
  public var hasFocus: Bool

  public init(
    _ name: String, _ label: String, _ kind: Kind = .text, value: String = "", help: HTML = .empty, error: String? = nil,
    isRequired: Bool = true, hasFocus: Bool = false
  ) {
    self.name = name
    self.label = label
    self.kind = kind
    self.value = value
    self.help = help
    self.error = error
    self.isRequired = isRequired
    self.hasFocus = hasFocus
  }

  public var html: HTML {
    """
    <div class="champ"><label for="\(name)">\(label)</label>\
    <input id="\(name)" name="\(name)" type="\(type)"\(attribute: "value", isSecret ? nil : value)\
    \(attribute: "autocomplete", autocomplete)\(attribute: "inputmode", kind == .code ? "numeric" : nil)\
    \(attribute: "required", if: isRequired)\(attribute: "autofocus", if: hasFocus)\
    \(attribute: "aria-invalid", error == nil ? nil : "true")\(attribute: "aria-describedby", descriptions)>\
    \(error.map(fault))\(help.isEmpty ? .empty : note)</div>
    """
  }

  private var isSecret: Bool { kind == .password || kind == .newPassword }

  private var type: String {
    switch kind {
    case .text, .code: "text"
    case .email: "email"
    case .password, .newPassword: "password"
    }
  }

  private var autocomplete: String {
    switch kind {
    case .text: "off"
    case .email: "email"
    case .password: "current-password"
    case .newPassword: "new-password"
    case .code: "one-time-code"
    }
  }

  private var descriptions: String? {
    let names = (error == nil ? [] : ["e-\(name)"]) + (help.isEmpty ? [] : ["a-\(name)"])
    return names.isEmpty ? nil : names.joined(separator: " ")
  }

  private func fault(_ sentence: String) -> HTML {
    """
    <span class="erreur" id="e-\(name)">\(sentence)</span>
    """
  }

  private var note: HTML {
    """
    <small id="a-\(name)">\(help)</small>
    """
  }
}
