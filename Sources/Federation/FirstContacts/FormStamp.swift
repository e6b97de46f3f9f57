import Crypto
import Foundation
import Store

/// What a public form carries to show when this site made it: nobody else can, and nobody sends it without having opened it.
struct FormStamp: Sendable {
  /// Holds the key that signs; archives leave it out.
  static let table = "form_key"

  private let key: String

  /// Makes a key when a restored database has none.
  static func of(_ database: any Database) async throws -> FormStamp {
    let stored: String? = try await database.read { try $0.value("SELECT secret FROM form_key WHERE id = 1") }
    if let stored { return FormStamp(key: stored) }
    let made = Secret.make()
    return FormStamp(
      key: try await database.write { connection in
        try connection.execute("INSERT INTO form_key (id, secret) VALUES (1, \(made)) ON CONFLICT (id) DO NOTHING")
        return try connection.value("SELECT secret FROM form_key WHERE id = 1") ?? made
      })
  }

  /// `nil` while a restored database has no key: nothing that was signed is good any more.
  init?(_ connection: any Connection) throws {
    let stored: String? = try connection.value("SELECT secret FROM form_key WHERE id = 1")
    guard let stored else { return nil }
    key = stored
  }

  private init(key: String) { self.key = key }

  /// - Parameter subject: what the form is about, and what it says: of another one, the stamp is worth nothing.
  func make(_ subject: String, at moment: Date) -> String {
    let time = String(Int64(moment.timeIntervalSince1970 * 1_000))
    return "\(time).\(signature(time, subject))"
  }

  /// Seconds since the form was made; `nil` when this site did not make it.
  func age(of stamp: String, _ subject: String, at moment: Date) -> TimeInterval? {
    let parts = stamp.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, let time = Int64(parts[0]), let code = Array(hexadecimal: parts[1]) else { return nil }
    let isOurs = HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: Self.signed(parts[0], subject), using: symmetricKey)
    return isOurs ? moment.timeIntervalSince1970 - Double(time) / 1_000 : nil
  }

  private var symmetricKey: SymmetricKey { SymmetricKey(data: Data(key.utf8)) }

  private func signature(_ time: String, _ subject: String) -> String {
    HMAC<SHA256>.authenticationCode(for: Self.signed(time, subject), using: symmetricKey).withUnsafeBytes { $0.hexadecimal }
  }

  private static func signed(_ time: String, _ subject: String) -> Data { Data("\(time)\n\(subject)".utf8) }
}

extension [UInt8] {
  /// The bytes that pairs of hexadecimal digits stand for; `nil` when they are none.
  fileprivate init?(hexadecimal text: String) {
    let digits = text.utf8.compactMap { Character(UnicodeScalar($0)).hexDigitValue }
    guard digits.count == text.utf8.count, digits.count.isMultiple(of: 2) else { return nil }
    self = stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] * 16 + digits[$0 + 1]) }
  }
}
