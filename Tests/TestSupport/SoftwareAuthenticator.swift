import Crypto
import Foundation

/// A telephone that keeps one passkey, reduced to what tests need: it answers as authenticators do, or wrongly where a test says so.
public struct SoftwareAuthenticator: Sendable {
  public struct Made: Sendable {
    public var clientData: String
    public var object: String
  }

  public struct Shown: Sendable {
    public var credential: String
    public var clientData: String
    public var authenticatorData: String
    public var signature: String
    public var holder: String

    /// As the page's script sends it.
    public var items: [(String, String)] {
      [
        ("cle", credential), ("donnees", clientData), ("preuve", authenticatorData), ("signature", signature), ("titulaire", holder),
      ]
    }
  }

  public var site: String
  public var origin: String
  /// It recognises its owner.
  public var isVerifying = true
  public var isPresent = true
  public var isBackupEligible = false
  public var isBackedUp = false
  /// Signatures made; 0 for one that does not count.
  public var counter: UInt32 = 1
  public var credential = Array(SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) })
  private let key = P256.Signing.PrivateKey()

  public init(_ site: String = "maillage.exemple.fr") {
    self.site = site
    origin = "https://\(site)"
  }

  /// What it answers to the question of making a passkey.
  public func make(_ challenge: String, type: String = "webauthn.create") -> Made {
    let point = Array(key.publicKey.rawRepresentation)
    var data = head(0x40)
    data += [UInt8](repeating: 0, count: 16)
    data += [UInt8(credential.count >> 8), UInt8(credential.count & 255)]
    data += credential
    // The point of the curve, as COSE writes it.
    data += [0xA5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32]
    data += point[..<32]
    data += [0x22, 0x58, 32]
    data += point[32...]
    var object: [UInt8] = [0xA3]
    for text in ["fmt", "none", "attStmt"] { object += Self.text(text) }
    object.append(0xA0)
    object += Self.text("authData")
    object += [0x59, UInt8(data.count >> 8), UInt8(data.count & 255)]
    object += data
    return Made(clientData: Self.letters(clientData(type, challenge)), object: Self.letters(object))
  }

  /// What it answers to the question of who is there.
  /// - Parameter holder: whose it is, as it was told when the passkey was made.
  public func show(_ challenge: String, holder: String, type: String = "webauthn.get") throws -> Shown {
    let (data, client) = (head(0), clientData(type, challenge))
    let signature = try key.signature(for: data + Array(SHA256.hash(data: client)))
    return Shown(
      credential: Self.letters(credential), clientData: Self.letters(client), authenticatorData: Self.letters(data),
      signature: Self.letters(Array(signature.derRepresentation)), holder: holder)
  }

  private func head(_ flags: UInt8) -> [UInt8] {
    var all = flags
    for (flag, isSet) in [(0x01, isPresent), (0x04, isVerifying), (0x08, isBackupEligible), (0x10, isBackedUp)] as [(UInt8, Bool)] {
      if isSet { all |= flag }
    }
    let count: [UInt8] = withUnsafeBytes(of: counter.bigEndian) { Array($0) }
    return Array(SHA256.hash(data: Data(site.utf8))) + [all] + count
  }

  private func clientData(_ type: String, _ challenge: String) -> [UInt8] {
    Array("{\"type\":\"\(type)\",\"challenge\":\"\(challenge)\",\"origin\":\"\(origin)\",\"crossOrigin\":false}".utf8)
  }

  private static func text(_ text: String) -> [UInt8] { [0x60 | UInt8(text.utf8.count)] + Array(text.utf8) }

  public static func letters(_ bytes: [UInt8]) -> String {
    Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
  }
}
