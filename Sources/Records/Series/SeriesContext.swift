import Store

/// The figures that a series can speak of, and the values of their dimensions by what a person writes.
struct SeriesContext: RecordContext {
  let lists: ReferenceLists
  private let figures: FigureRegistry
  /// By fact set and dimension; every folded code and label.
  private var codes: [String: [String: [String: String]]] = [:]

  init(_ figures: FigureRegistry, _ connection: any Connection) throws {
    self.figures = figures
    lists = try ReferenceLists(connection)
    for factSet in figures.figures.map(\.factSet) where codes[factSet.name] == nil {
      codes[factSet.name] = Dictionary(
        uniqueKeysWithValues: try factSet.dimensions.map { ($0.code, try $0.values(lists, connection).codesByText) })
    }
  }

  /// - Throws: `Refusal` when there is no such figure.
  func figure(_ text: String) throws -> Figure {
    let wanted = Fold.key(text)
    let named = figures.figures.filter { Fold.key($0.label) == wanted }
    return try figures.figures.first { $0.id == wanted } ?? (named.count == 1 ? named[0] : figures.figure(text))
  }

  func figure(id: String?) -> Figure? { figures.figures.first { $0.id == id } }

  /// - Throws: `Refusal` when the figure has no such dimension, or the dimension no such value.
  func code(of text: String, in dimension: String, of figure: Figure) throws -> String {
    guard let codes = codes[figure.factSet.name]?[dimension] else {
      throw Refusal(
        "« \(figure.id) » n’a pas la dimension « \(dimension) » ; possible : \(figure.factSet.dimensions.map(\.code).joined(separator: ", "))"
      )
    }
    guard let code = codes[Fold.key(text)] else { throw Refusal("« \(text) » n’est pas une valeur de « \(dimension) »") }
    return code
  }

  /// The list that may grow by what a line says of a dimension.
  func openList(of dimension: String, of figure: Figure) -> ReferenceList? {
    figure.factSet.dimension(dimension)?.list.flatMap { $0.isClosed ? nil : $0 }
  }

  /// The cell that a line speaks of; `nil` while one of its values is unknown.
  func cell(of figure: Figure, _ texts: [String: String]) -> SeriesCell? {
    var codes: [String: String] = [:]
    for (dimension, text) in texts {
      let known = try? code(of: text, in: dimension, of: figure)
      // A new value has the code that its list will give it.
      guard let code = known ?? openList(of: dimension, of: figure).map({ _ in Fold.code(text) }) else { return nil }
      codes[dimension] = code
    }
    return SeriesCell(codes: codes)
  }
}
