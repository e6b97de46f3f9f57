import Crypto
import Foundation
import Store

/// Random texts that open something, and the digests that are kept of them: reading the database does not give the secret back.
enum Secret {
  /// 256 random bits, in letters that need no quoting.
  static func make() -> String { bytes().hexadecimal }

  /// 256 random bits.
  static func bytes() -> [UInt8] { SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) } }

  static func digest(_ secret: String) -> String { SHA256.hash(data: Data(secret.utf8)).hexadecimal }
}
