import Hummingbird

/// What a form sent, name by name.
public struct FormItems: Sendable {
  private let items: [(name: String, value: String)]

  init(_ text: String) {
    items = Request.items(text)
  }

  /// A form that nobody has filled in yet.
  public static let none = FormItems("")

  /// The first value of that name, empty when there is none.
  public subscript(_ name: String) -> String { items.first { $0.name == name }?.value ?? "" }
}

extension Request {
  /// - Throws: `HTTPError` 413 when the form is longer than any of ours.
  public func form() async throws -> FormItems {
    do {
      return FormItems(String(buffer: try await body.collect(upTo: 65_536)))
    } catch {
      throw HTTPError(.contentTooLarge)
    }
  }
}
