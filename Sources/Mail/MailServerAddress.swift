import Foundation

/// What the address of a mail server says: `smtp://…`, `imaps://…`.
struct MailServerAddress {
  enum Encryption {
    case none
    /// `STARTTLS`, without which nothing is said.
    case required
    /// From the first byte.
    case immediate
  }

  let host: String
  let port: Int
  let encryption: Encryption
  let verifies: Bool
  let certificates: String?
  let user: String?
  let password: String?
  /// Decoded, with its first stroke.
  let path: String

  /// - Parameters:
  ///   - schemes: that of a connection which STARTTLS encrypts, and that of one which is encrypted from the start.
  ///   - ports: theirs, unless the address says another.
  init?(_ address: String, schemes: (String, String), ports: (Int, Int)) {
    guard let parts = URLComponents(string: address), let host = parts.host, !host.isEmpty, let scheme = parts.scheme,
      [schemes.0, schemes.1].contains(scheme), parts.fragment == nil
    else { return nil }
    let isImmediate = scheme == schemes.1
    var encryption = isImmediate ? Encryption.immediate : .required
    var verifies = true
    var certificates: String?
    for item in parts.queryItems ?? [] {
      switch (item.name, item.value) {
      case ("tls", "aucun") where !isImmediate: encryption = .none
      case ("tls", "non_verifie"): verifies = false
      case ("tls", "verifie"): break
      case ("ca", let file?) where !file.isEmpty: certificates = file
      default: return nil
      }
    }
    let isHere = ["127.0.0.1", "localhost", "[::1]"].contains(host)
    guard encryption != .none || parts.password == nil || isHere else { return nil }
    self.host = host
    port = parts.port ?? (isImmediate ? ports.1 : ports.0)
    (self.encryption, self.verifies, self.certificates) = (encryption, verifies, certificates)
    user = parts.user.flatMap { $0.isEmpty ? nil : $0 }
    (password, path) = (parts.password, parts.path)
  }
}
