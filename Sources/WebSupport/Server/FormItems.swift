import Foundation
import Hummingbird

/// What a form sent, in the order of its fields.
public struct FormItems: Sendable {
  public let items: [(name: String, value: String)]

  init(_ text: String) {
    items = text.formItems
  }

  public init(items: [(name: String, value: String)]) {
    self.items = items
  }

  /// A form that nobody has filled in yet.
  public static let none = FormItems("")

  /// The first value of that name, empty when there is none.
  public subscript(_ name: String) -> String { value(name) ?? "" }

  /// The first value of that name; `nil` when the form has no such field.
  public func value(_ name: String) -> String? { items.first { $0.name == name }?.value }

  public func all(_ name: String) -> [String] { items.filter { $0.name == name }.map(\.value) }
}

extension String {
  /// Items as forms write them: `+` is a space.
  public var formItems: [(name: String, value: String)] {
    split(separator: "&").map { item in
      let pair = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      return (Self.decoded(pair[0]), pair.count > 1 ? Self.decoded(pair[1]) : "")
    }
  }

  private static func decoded(_ item: Substring) -> String {
    guard item.utf8.contains(where: { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "%") }) else { return String(item) }
    let spaced = item.replacing("+", with: " ")
    return spaced.removingPercentEncoding ?? String(spaced)
  }
}

extension Request {
  /// - Throws: `HTTPError` 413 when the form is longer than any of ours.
  public func form() async throws -> FormItems {
    do {
      return FormItems(String(buffer: try await body.collect(upTo: 1_000_000)))
    } catch {
      throw HTTPError(.contentTooLarge)
    }
  }
}
