import Foundation
import Hummingbird

/// What a form sent, in the order of its fields.
public struct PostedForm: Sendable {
  public let items: [(name: String, value: String)]

  /// - Throws: `HTTPError` when it is larger than a page's form can be.
  public init(_ request: Request) async throws {
    var request = request
    let body = try await request.collectBody(upTo: 1_000_000)
    items = String(buffer: body).formItems
  }

  /// The last value of that name.
  public subscript(name: String) -> String? { items.last { $0.name == name }?.value }

  public func all(_ name: String) -> [String] { items.filter { $0.name == name }.map(\.value) }
}

extension String {
  /// Items as forms write them: `+` is a space.
  var formItems: [(name: String, value: String)] {
    split(separator: "&").map { item in
      let pair = item.replacing("+", with: " ").split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let parts = pair.map { $0.removingPercentEncoding ?? String($0) }
      return (parts[0], parts.count > 1 ? parts[1] : "")
    }
  }
}
