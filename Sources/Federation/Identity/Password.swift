import CArgon2
import Crypto
import Foundation
import Records

/// Passwords hashed by Argon2id; the encoded form carries salt and costs (PHC string format).
public struct PasswordHasher: Sendable {
  private let memory: UInt32
  private let passes: UInt32
  private let queue: HashingQueue

  /// Argon2 could not work: most often, it was given no memory.
  public struct Failure: Error {
    /// Argon2's own.
    let code: Int32
  }

  /// - Parameters:
  ///   - memory: in KiB; 19 MiB and two passes are OWASP's first choice, about 30 ms.
  ///   - waiting: how many may wait for their turn: about two seconds' worth.
  public init(memory: UInt32 = 19_456, passes: UInt32 = 2, waiting: Int = 64) {
    self.memory = memory
    self.passes = passes
    queue = HashingQueue(capacity: waiting)
  }

  /// Hashing blocks for tens of milliseconds, so it has a thread of its own.
  /// - Throws: `TooManyWaiting`, `Failure`.
  public func hash(_ password: String) async throws -> String {
    try await queue.run { try encoded(password) }
  }

  /// `true` when the password is the one hashed. Takes as long when there is nothing to compare with, so that the time
  /// of an answer does not tell which accounts exist.
  /// - Throws: `TooManyWaiting`; `Failure`, so that a right password is not called wrong.
  public func verify(_ password: String, against encoded: String?) async throws -> Bool {
    try await queue.run {
      let bytes = Self.bytes(of: password)
      guard let encoded else {
        _ = try self.encoded(password)
        return false
      }
      let status = argon2id_verify(encoded, bytes, bytes.count)
      guard status != ARGON2_MEMORY_ALLOCATION_ERROR.rawValue else { throw Failure(code: status) }
      return status == ARGON2_OK.rawValue
    }
  }

  private func encoded(_ password: String) throws -> String {
    let salt = SymmetricKey(size: .bits128).withUnsafeBytes { Array($0) }
    let bytes = Self.bytes(of: password)
    var output = [CChar](repeating: 0, count: argon2_encodedlen(passes, memory, 1, 16, 32, Argon2_id))
    let status = argon2id_hash_encoded(passes, memory, 1, bytes, bytes.count, salt, salt.count, 32, &output, output.count)
    guard status == ARGON2_OK.rawValue else { throw Failure(code: status) }
    return String(decoding: output.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// The same letters typed on two keyboards are the same password.
  private static func bytes(of password: String) -> [UInt8] {
    Array(password.precomposedStringWithCompatibilityMapping.utf8)
  }

  /// - Throws: `Refusal` when the password is too easy or too long.
  public static func check(_ password: String) throws {
    guard password.count >= 12 else { throw Refusal("Le mot de passe doit avoir au moins 12 caractères.") }
    guard password.utf8.count <= 1_000 else { throw Refusal("Le mot de passe est trop long.") }
  }
}
