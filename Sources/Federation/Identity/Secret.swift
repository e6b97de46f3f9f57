import Crypto
import Foundation

/// Random texts that open something, and the digests that are kept of them: reading the database does not give the secret back.
enum Secret {
  /// 256 random bits, in letters that need no quoting.
  static func make() -> String {
    SymmetricKey(size: .bits256).withUnsafeBytes { hexadecimal($0) }
  }

  static func digest(_ secret: String) -> String { hexadecimal(SHA256.hash(data: Data(secret.utf8))) }

  private static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
