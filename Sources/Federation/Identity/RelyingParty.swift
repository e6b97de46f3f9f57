import Foundation

/// The site as authenticators know it: a passkey is made for its name, and opens nothing under another one (WebAuthn).
public struct RelyingParty: Sendable, Equatable {
  /// The name of the host, without scheme or port.
  public let id: String
  /// The one address that answers may come from; `nil` on the machine itself, where any port is ours.
  private let origin: String?

  /// - Parameter siteURL: where people reach the site; without it, only the machine itself has passkeys.
  /// - Returns: `nil` where browsers have none: without https, or under a number instead of a name.
  init?(siteURL: String?) {
    let url = siteURL.flatMap { URL(string: $0) }
    let host = url?.host()?.lowercased()
    let scheme = url?.scheme?.lowercased()
    if siteURL == nil || (scheme == "http" && ["localhost", "127.0.0.1", "::1", "[::1]"].contains(host)) {
      (id, origin) = (Self.ownMachine, nil)
      return
    }
    guard scheme == "https", let host, host.contains(where: \.isLetter), !host.contains(":") else { return nil }
    let port = url?.port.flatMap { $0 == 443 ? nil : ":\($0)" } ?? ""
    (id, origin) = (host, "https://\(host)\(port)")
  }

  /// Whether an answer comes from the site's own pages.
  func accepts(_ origin: String) -> Bool {
    if let expected = self.origin { return origin == expected }
    guard let url = URL(string: origin), url.path.isEmpty, url.query == nil else { return false }
    return url.host() == Self.ownMachine && ["http", "https"].contains(url.scheme)
  }

  private static let ownMachine = "localhost"
}
