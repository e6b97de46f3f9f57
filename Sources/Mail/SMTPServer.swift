import Foundation

/// A server that takes our mail, and how to speak to it. The password is in no description of it.
public struct SMTPServer: Sendable {
  typealias Encryption = MailServerAddress.Encryption

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
    guard let parts = MailServerAddress(address, schemes: ("smtp", "smtps"), ports: (587, 465)), ["", "/"].contains(parts.path) else {
      return nil
    }
    (host, port, encryption, verifies) = (parts.host, parts.port, parts.encryption, parts.verifies)
    (certificates, user, password) = (parts.certificates, parts.user, parts.password)
    self.patience = patience
  }
}

extension SMTPServer: CustomStringConvertible, CustomReflectable {
  public var description: String { "\(encryption == .immediate ? "smtps" : "smtp")://\(host):\(port)" }

  /// Without it, `dump` and the description of whatever holds a server would show the password.
  public var customMirror: Mirror { Mirror(self, children: ["address": description]) }
}
