import CCurlShim

/// Why a server has not taken a message, or may not have.
public struct SMTPFailure: Error, Sendable {
  public enum Kind: Sendable, CaseIterable {
    /// The server says no for now (4xx).
    case temporary
    /// The server will never take this message (5xx).
    case permanent
    /// Nobody answers there, or the connection was lost before the text began.
    case unreachable
    /// No encrypted connection with a server that proves its name.
    case certificate
    /// The server refuses the user or the password, or wants one.
    case authentication
    /// The connection was lost after the text began: the server may have taken the message.
    case uncertain
  }

  public let kind: Kind
  /// The server's reply code; 0 when it said nothing.
  public let reply: Int
  /// The server's own words, on one line, code included.
  public let words: String
  /// libcurl's code.
  let code: Int

  init(code: Int, reply: Int, words: String, hasStarted: Bool) {
    kind = Self.kind(code: code, reply: reply, hasStarted: hasStarted)
    self.reply = reply
    self.words = words
    self.code = code
  }

  private static func kind(code: Int, reply: Int, hasStarted: Bool) -> Kind {
    switch (code, reply) {
    case (35, _), (58...60, _), (64, _), (66, _), (77, _), (83, _), (90, _), (91, _): .certificate
    case (_, 400..<500): .temporary
    case (67, _), (_, 530), (_, 534), (_, 535), (_, 538): .authentication
    case (_, 500..<600): .permanent
    case _ where hasStarted: .uncertain
    default: .unreachable
    }
  }
}

extension SMTPFailure: CustomStringConvertible, CustomDebugStringConvertible {
  /// A French sentence.
  public var description: String {
    let words = words.isEmpty ? "" : " (« \(words) »)"
    return switch kind {
    case .temporary: "Le serveur de courriel demande de réessayer plus tard\(words)."
    case .permanent: "Le serveur de courriel refuse le message\(words)."
    case .unreachable: "Le serveur de courriel ne répond pas."
    case .certificate: "La connexion chiffrée avec le serveur de courriel ne s’établit pas, ou son certificat n’est pas reconnu."
    case .authentication: "Le serveur de courriel refuse l’identifiant ou le mot de passe\(words)."
    case .uncertain: "La connexion s’est coupée pendant l’envoi : le message est peut-être parti."
    }
  }

  public var debugDescription: String { "SMTPFailure \(kind) [libcurl \(code)] \(words)" }
}
