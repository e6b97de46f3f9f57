/// An address that is safe to follow: a path of this site, or an `http`, `https`, `mailto` or `tel` address.
///
/// A literal is written by a programmer and its interpolated values are percent-encoded, so that each one stays inside its
/// segment: `"/structures/\(reference)"`. Whatever comes from users goes through ``init(untrusted:)``.
public struct Link: Sendable, Hashable {
  /// The address as an attribute or a `Location` header takes it, in ASCII.
  public let address: String

  /// Accepts an address typed by someone, or nothing when it could do harm or means nothing.
  public init?(untrusted text: String) {
    // Judged as it will be sent: among other letters, a slash that carries an accent is no slash to `hasPrefix`, but one to browsers.
    let sent = PercentEncoding.encodingNonASCII(text)
    guard Self.isSafe(sent) else { return nil }
    address = sent
  }

  /// Accepts only a path of this site, as the address to come back to after signing in.
  public init?(ownPath text: String) {
    guard let link = Link(untrusted: text), link.isOwn else { return nil }
    self = link
  }

  /// Writes to an e-mail address.
  public init?(email text: String) {
    let parts = text.split(separator: "@", omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty, !text.utf8.contains(where: Self.isControl) else {
      return nil
    }
    address = "mailto:\(PercentEncoding.encoding(String(parts[0])))@\(PercentEncoding.encoding(String(parts[1])))"
  }

  /// Calls a telephone number, whatever its spaces and dots.
  public init?(phone text: String) {
    let digits = text.filter { $0.isASCII && $0.isNumber }
    guard digits.count >= 3 else { return nil }
    address = text.drop(while: { $0 == " " }).hasPrefix("+") ? "tel:+\(digits)" : "tel:\(digits)"
  }

  /// Opens, on the same device, the application that works out the codes of a second factor.
  /// - Parameters:
  ///   - key: the secret, in base 32.
  ///   - issuer, account: what the application shows beside the code.
  public init(timedCode key: String, issuer: String, account: String) {
    let (issuer, account) = (PercentEncoding.encoding(issuer), PercentEncoding.encoding(account))
    address = "otpauth://totp/\(issuer):\(account)?secret=\(PercentEncoding.encoding(key))&issuer=\(issuer)"
  }

  /// Whether the address stays on this site.
  public var isOwn: Bool {
    address.hasPrefix("/") || address.hasPrefix("?") || address.hasPrefix("#")
  }

  init(checked address: String) {
    self.address = address
  }

  /// - Parameter text: in ASCII.
  private static func isSafe(_ text: String) -> Bool {
    // Browsers drop tabs and line ends and read a backslash as a slash: "/\t/host" and "/\host" would leave the site.
    guard !text.utf8.contains(where: isControl), !text.utf8.contains(UInt8(ascii: "\\")) else { return false }
    if text.hasPrefix("/") { return !text.hasPrefix("//") }
    if text.hasPrefix("?") || text.hasPrefix("#") { return true }
    let scheme = text.prefix { $0 != ":" }.lowercased()
    let rest = text.dropFirst(scheme.count)
    switch scheme {
    case "http", "https": return rest.hasPrefix("://") && rest.count > 3 && !rest.hasPrefix(":///")
    case "mailto", "tel": return rest.count > 1
    default: return false
    }
  }

  private static func isControl(_ byte: UInt8) -> Bool { byte <= 32 || byte == 127 }
}

extension Link: ExpressibleByStringInterpolation {
  /// Takes an address written in the source code. Debug builds stop when it is not a safe one; others lead nowhere.
  public init(stringLiteral value: String) {
    let link = Link(untrusted: value)
    if link == nil { assertionFailure("Not a safe link: \(value)") }
    self = link ?? Link(checked: "#")
  }

  /// Takes an address written in the source code, with values percent-encoded.
  public init(stringInterpolation interpolation: Interpolation) {
    self.init(stringLiteral: interpolation.address)
  }

  /// Collects the literal parts and the encoded values of a ``Link`` literal.
  public struct Interpolation: StringInterpolationProtocol {
    var address = ""

    public init(literalCapacity: Int, interpolationCount: Int) {
      address.reserveCapacity(literalCapacity + interpolationCount * 16)
    }

    public mutating func appendLiteral(_ literal: String) {
      address += literal
    }

    /// Inserts a text, with everything but letters, digits, `-`, `.`, `_` and `~` encoded.
    public mutating func appendInterpolation(_ text: String) {
      address += PercentEncoding.encoding(text)
    }

    /// Inserts a number.
    public mutating func appendInterpolation(_ number: Int) {
      address += String(number)
    }
  }
}

extension Link: CustomStringConvertible {
  public var description: String { address }
}
