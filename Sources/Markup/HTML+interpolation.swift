extension HTML {
  /// Collects the literal parts and the escaped values of an ``HTML`` literal.
  public struct Interpolation: StringInterpolationProtocol {
    var bytes: [UInt8] = []
    #if DEBUG
      private var placement = Placement()
    #endif

    public init(literalCapacity: Int, interpolationCount: Int) {
      bytes.reserveCapacity(literalCapacity + interpolationCount * 24)
    }

    public mutating func appendLiteral(_ literal: String) {
      #if DEBUG
        placement.read(literal)
      #endif
      var literal = literal
      literal.withUTF8 { bytes.append(contentsOf: $0) }
    }

    /// Inserts a text, escaped.
    public mutating func appendInterpolation(_ text: String) {
      admit(.text)
      bytes.appendEscaped(text)
    }

    /// Inserts a part of a text, escaped.
    public mutating func appendInterpolation(_ text: Substring) {
      appendInterpolation(String(text))
    }

    /// Inserts a number in digits, for machines; what people read goes through `French.number`.
    public mutating func appendInterpolation(_ number: Int) {
      admit(.number)
      bytes.append(contentsOf: String(number).utf8)
    }

    /// Inserts an address: the only value that `href`, `src` and `action` take.
    public mutating func appendInterpolation(_ link: Link) {
      admit(.link)
      bytes.appendEscaped(link.address)
    }

    /// Inserts a piece of HTML as it is.
    public mutating func appendInterpolation(_ html: HTML) {
      admit(.html)
      bytes.append(contentsOf: html.bytes)
    }

    /// Inserts a piece of HTML as it is, or nothing.
    public mutating func appendInterpolation(_ html: HTML?) {
      if let html { appendInterpolation(html) }
    }

    /// Inserts pieces of HTML one after the other.
    public mutating func appendInterpolation(_ pieces: [HTML]) {
      for piece in pieces { appendInterpolation(piece) }
    }

    /// Inserts one piece of HTML for each element. Inlined, so that the elements are not handled as values of an unknown type.
    @inlinable public mutating func appendInterpolation<S: Sequence>(
      each elements: S, separator: HTML = .empty, _ view: (S.Element) throws -> HTML
    ) rethrows {
      var isFirst = true
      for element in elements {
        if !isFirst { appendInterpolation(separator) }
        isFirst = false
        appendInterpolation(try view(element))
      }
    }

    private mutating func admit(_ kind: Value) {
      #if DEBUG
        if let fault = placement.fault(of: kind) { assertionFailure(fault) }
      #endif
    }
  }
}

extension HTML.Interpolation {
  /// Writes ` name` when the condition holds: `<input type="checkbox"\(attribute: "checked", if: isOn)>`.
  public mutating func appendInterpolation(attribute name: StaticString, if condition: Bool) {
    admitAttribute(name, of: .number)
    if condition { startAttribute(name) }
  }

  /// Writes ` name="value"`, or nothing without a value.
  public mutating func appendInterpolation(attribute name: StaticString, _ value: String?) {
    admitAttribute(name, of: .text)
    if let value { writeAttribute(name, value) }
  }

  /// Writes ` name="address"`, or nothing without a link.
  public mutating func appendInterpolation(attribute name: StaticString, _ link: Link?) {
    admitAttribute(name, of: .link)
    if let link { writeAttribute(name, link.address) }
  }

  /// Writes each attribute that has a value: what several tags have in common, said once.
  public mutating func appendInterpolation(attributes: KeyValuePairs<StaticString, String?>) {
    for (name, value) in attributes { appendInterpolation(attribute: name, value) }
  }

  private mutating func writeAttribute(_ name: StaticString, _ value: String) {
    startAttribute(name)
    bytes.append(contentsOf: "=\"".utf8)
    bytes.appendEscaped(value)
    bytes.append(UInt8(ascii: "\""))
  }

  private mutating func startAttribute(_ name: StaticString) {
    if bytes.last != UInt8(ascii: " ") { bytes.append(UInt8(ascii: " ")) }
    bytes.append(contentsOf: name.description.utf8)
  }

  private mutating func admitAttribute(_ name: StaticString, of kind: Value) {
    #if DEBUG
      if let fault = placement.fault(ofAttribute: name.description, kind) { assertionFailure(fault) }
    #endif
  }
}

extension HTML.Interpolation {
  /// The kinds of values that a literal takes, which do not all fit everywhere.
  enum Value {
    case text, number, link, html
  }
}
