import Foundation

/// A server that takes our mail, and how to speak to it. The password is in no description of it.
public struct SMTPServer: Sendable {
  enum Encryption {
    case none
    /// `STARTTLS`, without which nothing is said.
    case required
    /// From the first byte (`smtps:`).
    case immediate
  }

  let host: String
  let port: Int
  let encryption: Encryption
  let verifies: Bool
  let certificates: String?
  let user: String?
  let password: String?
  let patience: Patience

  /// How long a sending may take.
  public struct Patience: Sendable {
    let connection: Duration
    let total: Duration

    /// - Parameter total: until the server has answered to the whole message, attachments included.
    public init(connection: Duration = .seconds(15), total: Duration = .seconds(300)) {
      self.connection = connection
      self.total = total
    }
  }

  /// Reads `smtp://utilisateur:motdepasse@hôte:port` (encrypted by STARTTLS, port 587 unless given) or `smtps://…` (encrypted from
  /// the start, 465), with what is percent-encoded in them decoded. After `?`:
  /// `tls=aucun`: no encryption, and then no password unless the server is this machine;
  /// `tls=non_verifie`: encryption without a check of the certificate; `ca=FICHIER`: the authorities to trust, instead of the system's.
  ///
  /// `nil` for anything else.
  public init?(_ address: String, patience: Patience = Patience()) {
    guard let parts = URLComponents(string: address), let host = parts.host, !host.isEmpty, ["smtp", "smtps"].contains(parts.scheme),
      ["", "/"].contains(parts.path), parts.fragment == nil
    else { return nil }
    let isImmediate = parts.scheme == "smtps"
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
    self.port = parts.port ?? (isImmediate ? 465 : 587)
    self.encryption = encryption
    self.verifies = verifies
    self.certificates = certificates
    user = parts.user.flatMap { $0.isEmpty ? nil : $0 }
    password = parts.password
    self.patience = patience
  }
}

extension SMTPServer: CustomStringConvertible, CustomReflectable {
  public var description: String { "\(encryption == .immediate ? "smtps" : "smtp")://\(host):\(port)" }

  /// Without it, `dump` and the description of whatever holds a server would show the password.
  public var customMirror: Mirror { Mirror(self, children: ["address": description]) }
}
