/// How many records a list holds. Counting stops somewhere, for a count may cost more than the page.
public enum Total: Sendable, Hashable {
  case exactly(Int)
  case moreThan(Int)

  public var isZero: Bool { self == .exactly(0) }

  /// « 312 », « plus de 1 000 ».
  public var text: String {
    switch self {
    case .exactly(let count): French.number(count)
    case .moreThan(let count): "plus de \(French.number(count))"
    }
  }

  /// « 312 structures », « Plus de 1 000 structures ».
  public func sentence(_ one: String, _ many: String) -> String {
    switch self {
    case .exactly(let count): French.plural(count, one, many)
    case .moreThan(let count): "Plus de \(French.number(count)) \(many)"
    }
  }
}
