/// A piece of HTML whose interpolated values are escaped, never trusted.
///
///     func row(_ team: Team) -> HTML { """
///       <li><a href="\(team.link)">\(team.name)</a> \(badge(team.stage))</li>
///       """ }
///
/// A `String` or an `Int` is escaped, a value of type `HTML` inserts raw, and a URL attribute takes only a ``Link``.
/// Debug builds stop on a value that no escaping could make safe, such as one inside `<script>` or after an unquoted `=`.
public struct HTML: Sendable, Hashable {
  /// The document, encoded in UTF-8 and ready to be sent.
  public private(set) var bytes: [UInt8]

  /// Trusts a text as HTML, without any check: the only way around escaping.
  public init(unsafe text: String) {
    bytes = Array(text.utf8)
  }

  /// Shows a text as it is, with its special characters escaped.
  public init(text: String) {
    bytes = []
    bytes.appendEscaped(text)
  }

  /// Nothing at all.
  public static let empty = HTML(unsafe: "")

  /// Whether there is nothing to show.
  public var isEmpty: Bool { bytes.isEmpty }
}

extension HTML: ExpressibleByStringInterpolation {
  /// Takes HTML written in the source code.
  public init(stringLiteral value: String) {
    bytes = Array(value.utf8)
  }

  /// Takes HTML written in the source code with its interpolated values, already escaped.
  public init(stringInterpolation interpolation: Interpolation) {
    bytes = interpolation.bytes
  }
}

extension HTML: CustomStringConvertible {
  /// The same document as a string, for tests and files.
  public var description: String { String(decoding: bytes, as: UTF8.self) }
}
