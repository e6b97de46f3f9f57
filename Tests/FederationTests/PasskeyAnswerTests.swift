import Foundation
import TestSupport
import Testing

@testable import Federation

/// What authenticators write, without an account.
struct PasskeyAnswerTests {
  private static let challenge = Base64URL.text([UInt8](repeating: 9, count: 32))

  private func site(_ url: String?) throws -> RelyingParty { try #require(RelyingParty(siteURL: url)) }

  /// Real answers, in the three ways of signing.
  @Test(arguments: RecordedPasskey.all) func recordedAnswersAreAccepted(_ recorded: RecordedPasskey) throws {
    let site = try site("http://127.0.0.1")
    let attestation = try #require(PasskeyAttestation(clientData: recorded.madeClientData, object: recorded.object))
    let made = try attestation.read(for: site)
    #expect(made.isVerified && made.counter == 1 && !made.isBackupEligible)
    #expect(made.made.map { Base64URL.text($0.credential) } == recorded.credential)
    let key = try PasskeyPublicKey(cose: try #require(made.made).key)
    #expect(key.algorithm == recorded.algorithm)
    let asked = try PasskeyClientData(attestation.clientData, type: "webauthn.create", for: site)
    #expect(asked.challenge == Base64URL.text([UInt8](repeating: 7, count: 32)))

    let shown = try #require(
      PasskeyAssertion(
        credential: recorded.credential, clientData: recorded.clientData, authenticatorData: recorded.authenticatorData,
        signature: recorded.signature, holder: RecordedPasskey.holder))
    let said = try AuthenticatorData(shown.authenticatorData, for: site)
    #expect(said.isVerified && said.counter == 2 && said.made == nil)
    #expect(try PasskeyClientData(shown.clientData, type: "webauthn.get", for: site).challenge == Self.challenge)
    #expect(String(decoding: shown.holder, as: UTF8.self) == "0000000000001")
    #expect(key.accepts(shown.signature, of: shown.message))
    // One bit of any of it, and it is worth nothing.
    for place in shown.signature.indices {
      var forged = shown.signature
      forged[place] ^= 1
      #expect(!key.accepts(forged, of: shown.message), "\(place)")
    }
    for place in shown.message.indices {
      var forged = shown.message
      forged[place] ^= 1
      #expect(!key.accepts(shown.signature, of: forged), "\(place)")
    }
    #expect(!key.accepts([], of: shown.message))
    for other in RecordedPasskey.all where other.algorithm != recorded.algorithm {
      let object = try #require(PasskeyAttestation(clientData: other.madeClientData, object: other.object)).read(for: site)
      #expect(try !PasskeyPublicKey(cose: try #require(object.made).key).accepts(shown.signature, of: shown.message))
    }
  }

  @Test func anotherSiteIsTold() throws {
    let recorded = RecordedPasskey.all[0]
    let other = try site("https://maillage.exemple.fr")
    let shown = try #require(Base64URL.bytes(recorded.clientData, upTo: 4_096))
    #expect(throws: PasskeyFault.origin) { try PasskeyClientData(shown, type: "webauthn.get", for: other) }
    #expect(throws: PasskeyFault.purpose) { try PasskeyClientData(shown, type: "webauthn.create", for: try site(nil)) }
    let data = try #require(Base64URL.bytes(recorded.authenticatorData, upTo: 4_096))
    #expect(throws: PasskeyFault.site) { try AuthenticatorData(data, for: other) }
    for text in ["", "{}", "[]", "{\"type\":\"webauthn.get\"}", "\u{0}"] {
      #expect(throws: PasskeyFault.malformed) { try PasskeyClientData(Array(text.utf8), type: "webauthn.get", for: other) }
    }
    let framed = "{\"type\":\"webauthn.get\",\"challenge\":\"x\",\"origin\":\"https://maillage.exemple.fr\",\"crossOrigin\":true}"
    #expect(throws: PasskeyFault.origin) { try PasskeyClientData(Array(framed.utf8), type: "webauthn.get", for: other) }
  }

  @Test func aSiteHasANameAndHttps() throws {
    for (url, id) in [
      ("https://maillage.exemple.fr", "maillage.exemple.fr"), ("https://Maillage.Exemple.fr:8443/", "maillage.exemple.fr"),
      ("http://localhost:8080", "localhost"), ("http://127.0.0.1", "localhost"), (nil, "localhost"),
    ] as [(String?, String)] { #expect(RelyingParty(siteURL: url)?.id == id, "\(url ?? "")") }
    for url in ["http://maillage.exemple.fr", "https://192.0.2.7", "https://[2001:db8::1]", "ftp://maillage.exemple.fr", "x"] {
      #expect(RelyingParty(siteURL: url) == nil, "\(url)")
    }
    let plain = try site("https://maillage.exemple.fr")
    #expect(plain.accepts("https://maillage.exemple.fr"))
    for origin in [
      "http://maillage.exemple.fr", "https://maillage.exemple.fr:8443", "https://maillage.exemple.fr.evil.example",
      "https://evil.maillage.exemple.fr", "https://maillage.exemple.fr/", "null", "", "http://localhost",
    ] { #expect(!plain.accepts(origin), "\(origin)") }
    #expect(try site("https://maillage.exemple.fr:8443").accepts("https://maillage.exemple.fr:8443"))
    let own = try site(nil)
    #expect(own.accepts("http://localhost:8184") && own.accepts("http://localhost"))
    for origin in ["http://localhost.evil.example", "http://127.0.0.1", "file://localhost", "http://localhost/x", "localhost"] {
      #expect(!own.accepts(origin), "\(origin)")
    }
  }

  @Test func flagsAreThoseThatCanBe() throws {
    let site = try site("https://maillage.exemple.fr")
    func read(_ change: (inout SoftwareAuthenticator) -> Void) throws -> AuthenticatorData {
      var telephone = SoftwareAuthenticator()
      change(&telephone)
      let made = telephone.make("x")
      return try #require(PasskeyAttestation(clientData: made.clientData, object: made.object)).read(for: site)
    }
    #expect(try read { _ in }.isVerified)
    #expect(try !read { $0.isVerifying = false }.isVerified)
    #expect(try read { ($0.isBackupEligible, $0.isBackedUp) = (true, true) }.isBackupEligible)
    #expect(try read { $0.counter = .max }.counter == 4_294_967_295)
    #expect(throws: PasskeyFault.absent) { try read { $0.isPresent = false } }
    #expect(throws: PasskeyFault.flags) { try read { $0.isBackedUp = true } }
    #expect(throws: PasskeyFault.malformed) { try read { $0.credential = [] } }
    #expect(throws: PasskeyFault.malformed) { try read { $0.credential = .init(repeating: 1, count: 1_024) } }
  }

  /// Cut anywhere, an answer is refused, and nothing worse.
  @Test func whatIsCutOrGoesOnIsRefused() throws {
    let site = try site(nil)
    for recorded in RecordedPasskey.all {
      let object = try #require(Base64URL.bytes(recorded.object, upTo: 65_536))
      for length in object.indices {
        let cut = PasskeyAttestation(clientData: recorded.madeClientData, object: Base64URL.text(object[..<length]))
        #expect(throws: PasskeyFault.malformed) { try #require(cut).read(for: site) }
      }
      let longer = PasskeyAttestation(clientData: recorded.madeClientData, object: Base64URL.text(object + [0]))
      #expect(throws: PasskeyFault.malformed) { try #require(longer).read(for: site) }
      let data = try #require(Base64URL.bytes(recorded.authenticatorData, upTo: 4_096))
      for length in data.indices { #expect(throws: PasskeyFault.malformed) { try AuthenticatorData(Array(data[..<length]), for: site) } }
      #expect(throws: PasskeyFault.malformed) { try AuthenticatorData(data + [0], for: site) }
    }
  }

  @Test(
    arguments: [
      ([0x00], .integer(0)), ([0x18, 0x64], .integer(100)), ([0x20], .integer(-1)), ([0x39, 0x01, 0x00], .integer(-257)),
      ([0x42, 1, 2], .bytes([1, 2])), ([0x62, 0xC3, 0xA9], .text("é")), ([0x82, 1, 0x20], .array([.integer(1), .integer(-1)])),
      ([0xA1, 0x61, 0x61, 0xF5], .map([.text("a"): .simple(21)])), ([0x1A, 0x7F, 0xFF, 0xFF, 0xFF], .integer(2_147_483_647)),
    ] as [([UInt8], CBOR)]) func itemsAreRead(_ bytes: [UInt8], _ item: CBOR) throws
  {
    #expect(try CBOR(bytes) == item)
  }

  @Test(
    arguments: [
      [], [0x18], [0x1C], [0x1F], [0x41], [0x5F, 0xFF], [0x62, 0xC3], [0x61, 0xFF], [0x81], [0x9A, 0x7F, 0xFF, 0xFF, 0xFF],
      [0xBA, 0x7F, 0xFF, 0xFF, 0xFF], [0xA2, 1, 1, 1, 2], [0xC0, 1], [0xF9, 0, 0], [0xFF],
      [0x1B, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
      [0x5A, 0xFF, 0xFF, 0xFF, 0xFF], [0x00, 0x00],
    ] as [[UInt8]]) func whatIsNoItemIsRefused(_ bytes: [UInt8])
  {
    #expect(throws: CBOR.Malformed.self) { try CBOR(bytes) }
  }

  /// No stack is deep enough for whoever nests a million lists.
  @Test func nestingHasAnEnd() {
    #expect(throws: CBOR.Malformed.self) { try CBOR([UInt8](repeating: 0x81, count: 60_000) + [0]) }
  }

  @Test func keysAreOfTheirKind() throws {
    let made = try #require(PasskeyAttestation(clientData: RecordedPasskey.all[0].madeClientData, object: RecordedPasskey.all[0].object))
    guard case .map(let right) = try #require(try made.read(for: try site(nil)).made).key else {
      throw TestSetUpError(description: "no map")
    }
    let wrong: [(CBOR, CBOR?)] = [
      (.integer(1), .integer(1)), (.integer(3), .integer(-8)), (.integer(3), .integer(-35)), (.integer(3), nil),
      (.integer(-1), .integer(2)),
      (.integer(-2), .bytes([1])), (.integer(-2), .bytes(.init(repeating: 0xFF, count: 32))), (.integer(-3), nil),
    ]
    for (key, value) in wrong {
      var changed = right
      changed[key] = value
      #expect(throws: PasskeyFault.key, "\(key)") { try PasskeyPublicKey(cose: .map(changed)) }
    }
    #expect(throws: PasskeyFault.key) { try PasskeyPublicKey(cose: .integer(1)) }
  }

  @Test func whatIsNotInItsLettersIsRefused() {
    #expect(Base64URL.bytes("_-8", upTo: 2) == [0xFF, 0xEF] && Base64URL.text([0xFF, 0xEF]) == "_-8")
    for text in ["+/8", "_-8=", "a", "é", "a b", "AAAAA"] { #expect(Base64URL.bytes(text, upTo: 100) == nil, "\(text)") }
    #expect(Base64URL.bytes(String(repeating: "A", count: 200), upTo: 100) == nil)
    #expect(PasskeyAttestation(clientData: "e30", object: String(repeating: "A", count: 900_000)) == nil)
    #expect(PasskeyAssertion(credential: "", clientData: "e30", authenticatorData: "", signature: "", holder: "") == nil)
  }
}
