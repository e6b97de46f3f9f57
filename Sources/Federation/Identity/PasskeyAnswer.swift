import Crypto
import Foundation

/// What is wrong with an authenticator's answer. Readers are told one sentence for all of it: who tries must learn nothing.
enum PasskeyFault: Error, Equatable {
  case malformed, purpose, origin, site, absent, flags, key, signature
}

/// What a browser says of the question that its authenticator answered.
struct PasskeyClientData {
  /// To be looked for among those that were asked.
  let challenge: String

  private struct Written: Decodable {
    let type: String
    let challenge: String
    let origin: String
    let crossOrigin: Bool?
  }

  /// - Throws: `PasskeyFault` unless it is an answer of that type, given on the site's own pages.
  init(_ bytes: [UInt8], type: String, for site: RelyingParty) throws {
    guard let written = try? JSONDecoder().decode(Written.self, from: Data(bytes)) else { throw PasskeyFault.malformed }
    guard written.type == type else { throw PasskeyFault.purpose }
    guard site.accepts(written.origin), written.crossOrigin != true else { throw PasskeyFault.origin }
    challenge = written.challenge
  }
}

/// What an authenticator says and signs.
struct AuthenticatorData {
  /// Somebody was recognised: by a finger, a face, a code.
  let isVerified: Bool
  /// The passkey can be on several devices of its owner.
  let isBackupEligible: Bool
  /// How often it has signed; always 0 for those that do not count.
  let counter: Int
  /// The passkey that was made, when one was.
  let made: (credential: [UInt8], key: CBOR)?

  /// - Throws: `PasskeyFault` unless it is made for the site, with somebody in front of it.
  init(_ bytes: [UInt8], for site: RelyingParty) throws {
    guard bytes.count >= 37 else { throw PasskeyFault.malformed }
    guard Array(bytes[..<32]) == Array(SHA256.hash(data: Data(site.id.utf8))) else { throw PasskeyFault.site }
    let flags = bytes[32]
    func has(_ flag: UInt8) -> Bool { flags & flag != 0 }
    guard has(0x01) else { throw PasskeyFault.absent }
    // What is copied elsewhere can be.
    guard has(0x08) || !has(0x10) else { throw PasskeyFault.flags }
    (isVerified, isBackupEligible) = (has(0x04), has(0x08))
    counter = bytes[33..<37].reduce(0) { $0 << 8 | Int($1) }
    var rest = bytes[37...]
    do {
      made = try has(0x40) ? Self.credential(&rest) : nil
      if has(0x80) { guard case .map = try CBOR.next(of: &rest) else { throw PasskeyFault.malformed } }
    } catch {
      throw PasskeyFault.malformed
    }
    guard rest.isEmpty else { throw PasskeyFault.malformed }
  }

  /// The longest that WebAuthn allows.
  static let longestCredential = 1_023

  private static func credential(_ rest: inout ArraySlice<UInt8>) throws -> (credential: [UInt8], key: CBOR) {
    // After the model of the authenticator, which nobody asked for.
    let head = Array(rest.prefix(18))
    guard head.count == 18 else { throw PasskeyFault.malformed }
    let length = Int(head[16]) << 8 | Int(head[17])
    rest = rest.dropFirst(18)
    guard (1...longestCredential).contains(length), length <= rest.count else { throw PasskeyFault.malformed }
    let identity = Array(rest.prefix(length))
    rest = rest.dropFirst(length)
    return (identity, try CBOR.next(of: &rest))
  }
}

/// What a browser sends after making a passkey.
public struct PasskeyAttestation: Sendable {
  let clientData: [UInt8]
  let object: [UInt8]

  /// - Parameters: in base 64 for addresses, as browsers' scripts write them.
  /// - Returns: `nil` for anything else, or longer than any authenticator's.
  public init?(clientData: String, object: String) {
    guard let clientData = Base64URL.bytes(clientData, upTo: 4_096), let object = Base64URL.bytes(object, upTo: 65_536) else { return nil }
    (self.clientData, self.object) = (clientData, object)
  }

  /// - Throws: `PasskeyFault`. The attestation itself, which nobody asked for, is not looked at.
  func read(for site: RelyingParty) throws -> AuthenticatorData {
    guard let content = try? CBOR(object), let bytes = content[.text("authData")]?.bytes else { throw PasskeyFault.malformed }
    return try AuthenticatorData(bytes, for: site)
  }
}

/// What a browser sends to enter with a passkey.
public struct PasskeyAssertion: Sendable {
  /// In base 64 for addresses.
  let credential: String
  let clientData: [UInt8]
  let authenticatorData: [UInt8]
  let signature: [UInt8]
  /// Whose the authenticator says it is.
  let holder: [UInt8]

  /// - Returns: `nil` unless all of it is in base 64 for addresses, and no longer than any authenticator's.
  public init?(credential: String, clientData: String, authenticatorData: String, signature: String, holder: String) {
    guard let identity = Base64URL.bytes(credential, upTo: AuthenticatorData.longestCredential), !identity.isEmpty,
      let client = Base64URL.bytes(clientData, upTo: 4_096), let said = Base64URL.bytes(authenticatorData, upTo: 4_096),
      let signature = Base64URL.bytes(signature, upTo: 1_024), let holder = Base64URL.bytes(holder, upTo: 64)
    else { return nil }
    self.credential = Base64URL.text(identity)
    (self.clientData, self.authenticatorData, self.signature, self.holder) = (client, said, signature, holder)
  }

  /// What was signed.
  var message: [UInt8] { authenticatorData + Array(SHA256.hash(data: Data(clientData))) }
}

/// Bytes in letters that stand in addresses (RFC 4648, section 5), without filling at the end.
enum Base64URL {
  static func text(_ bytes: some Sequence<UInt8>) -> String {
    Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
  }

  static func bytes(_ text: String, upTo limit: Int) -> [UInt8]? {
    guard text.utf8.count <= limit * 4 / 3 + 4, !text.contains(where: { "+/=".contains($0) }) else { return nil }
    let filling = String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
    let plain = text.replacing("-", with: "+").replacing("_", with: "/") + filling
    guard let data = Data(base64Encoded: plain), data.count <= limit else { return nil }
    return Array(data)
  }
}
