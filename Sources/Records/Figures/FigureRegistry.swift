import Store

/// All figures that the program knows.
public struct FigureRegistry: Sendable {
  public let figures: [Figure]

  public init(_ figures: [Figure]) {
    self.figures = figures
  }

  /// - Throws: `Refusal` when there is no such figure.
  public func figure(_ id: String) throws -> Figure {
    guard let figure = figures.first(where: { $0.id == id }) else {
      throw Refusal("Le chiffre « \(id) » n’existe pas ; chiffres connus : \(figures.map(\.id).joined(separator: ", ")).")
    }
    return figure
  }

  /// Turns what a person wrote (`canal=Téléphone`) into a filter on a code.
  /// - Throws: `Refusal` when the dimension or the value does not exist.
  public func filter(
    _ dimensionCode: String, _ text: String, for figure: Figure, _ lists: ReferenceLists, _ connection: any Connection
  ) throws -> Filter {
    guard let dimension = figure.factSet.dimension(dimensionCode) else {
      throw Refusal("Le chiffre « \(figure.id) » n’a pas la dimension « \(dimensionCode) ».")
    }
    let wanted = Fold.key(text)
    let values = try dimension.values(lists, connection) + [.unknown]
    guard let value = values.first(where: { Fold.key($0.code) == wanted || Fold.key($0.label) == wanted }) else {
      throw Refusal("« \(text) » n’est pas une valeur de « \(dimensionCode) » ; valeurs : \(values.map(\.code).joined(separator: ", ")).")
    }
    return Filter(dimensionCode, value.code)
  }
}
