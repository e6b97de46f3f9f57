import Foundation
import Records
import Store

/// The end of an address that somebody without an account is sent: what it is about, and the signature of the house, which nobody else
/// makes. Whether it still serves is said by the record behind it.
struct SignedLink<Subject> {
  private let stamp: FormStamp
  private let purpose: String

  /// - Parameter purpose: signed with it: of another purpose, a link is worth nothing.
  /// - Returns: `nil` while a restored database has no key.
  init?(_ purpose: String, _ connection: any Connection) throws {
    guard let stamp = try FormStamp(connection) else { return nil }
    (self.stamp, self.purpose) = (stamp, purpose)
  }

  private func signed(_ id: Identifier<Subject>) -> String { "\(purpose) \(id)" }

  func token(_ id: Identifier<Subject>, sent moment: Date) -> String { "\(id)-\(stamp.make(signed(id), at: moment))" }

  /// What a token stands for; `nil` when this house did not make it.
  func subject(of token: String) -> Identifier<Subject>? {
    let parts = token.split(separator: "-", maxSplits: 1).map(String.init)
    guard parts.count == 2, let id = Identifier<Subject>(parts[0]), stamp.age(of: parts[1], signed(id), at: .distantPast) != nil else {
      return nil
    }
    return id
  }
}
