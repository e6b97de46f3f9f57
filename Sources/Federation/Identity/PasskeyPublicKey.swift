import Crypto
import CryptoExtras
import Foundation

/// The key with which a passkey's signatures are checked, in one of the three ways that authenticators sign (COSE, RFC 9053).
struct PasskeyPublicKey: Sendable, Equatable {
  /// As COSE numbers them; stand in the database, and never change.
  enum Algorithm: Int, CaseIterable, Sendable {
    case es256 = -7
    case eddsa = -8
    case rs256 = -257
  }

  let algorithm: Algorithm
  /// The point, the key itself, or the DER of an RSA key.
  let bytes: [UInt8]

  init(algorithm: Algorithm, bytes: [UInt8]) {
    self.algorithm = algorithm
    self.bytes = bytes
  }

  /// - Throws: `PasskeyFault.key`.
  init(cose: CBOR) throws {
    guard let algorithm = cose[.integer(3)]?.integer.flatMap(Algorithm.init) else { throw PasskeyFault.key }
    self.algorithm = algorithm
    let kind = cose[.integer(1)]?.integer
    do {
      switch algorithm {
      case .es256:
        guard kind == 2, cose[.integer(-1)]?.integer == 1, let x = cose[.integer(-2)]?.bytes, let y = cose[.integer(-3)]?.bytes,
          x.count == 32, y.count == 32
        else { throw PasskeyFault.key }
        bytes = Array(try P256.Signing.PublicKey(rawRepresentation: x + y).rawRepresentation)
      case .eddsa:
        guard kind == 1, cose[.integer(-1)]?.integer == 6, let x = cose[.integer(-2)]?.bytes else { throw PasskeyFault.key }
        bytes = Array(try Curve25519.Signing.PublicKey(rawRepresentation: x).rawRepresentation)
      case .rs256:
        guard kind == 3, let n = cose[.integer(-1)]?.bytes, let e = cose[.integer(-2)]?.bytes, (256...512).contains(n.count), e.count <= 4
        else { throw PasskeyFault.key }
        bytes = Array(try _RSA.Signing.PublicKey(n: n, e: e).derRepresentation)
      }
    } catch {
      throw PasskeyFault.key
    }
  }

  func accepts(_ signature: [UInt8], of message: [UInt8]) -> Bool {
    let isValid: Bool? =
      switch algorithm {
      case .es256:
        try? P256.Signing.PublicKey(rawRepresentation: bytes).isValidSignature(
          P256.Signing.ECDSASignature(derRepresentation: signature), for: message)
      case .eddsa: try? Curve25519.Signing.PublicKey(rawRepresentation: bytes).isValidSignature(signature, for: message)
      case .rs256:
        try? _RSA.Signing.PublicKey(derRepresentation: bytes).isValidSignature(
          _RSA.Signing.RSASignature(rawRepresentation: signature), for: message, padding: .insecurePKCS1v1_5)
      }
    return isValid ?? false
  }
}
