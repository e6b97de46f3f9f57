import Records

/// The words and the order of a dimension's values.
struct DimensionNames: Sendable {
  let dimension: Dimension
  private let labels: [String: String]
  private let order: [String: Int]

  init(_ dimension: Dimension, _ known: [ReferenceValue]) {
    self.dimension = dimension
    let values = known + [dimension.unknown]
    labels = Dictionary(values.map { ($0.code, $0.label) }, uniquingKeysWith: { first, _ in first })
    order = Dictionary(values.enumerated().map { ($0.element.code, $0.offset) }, uniquingKeysWith: { first, _ in first })
  }

  func label(_ code: String) -> String { labels[code] ?? code }

  func ordered(_ codes: Set<String>) -> [String] {
    codes.sorted { (order[$0] ?? .max, $0) < (order[$1] ?? .max, $1) }
  }
}
