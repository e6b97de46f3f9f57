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
    try filter(dimensionCode, text, for: figure) { try $0.values(lists, connection) }
  }

  /// - Parameter read: gives the possible values of a dimension, for who reads them once for several filters.
  /// - Throws: `Refusal` when the dimension or the value does not exist.
  public func filter(
    _ dimensionCode: String, _ text: String, for figure: Figure, read: (Dimension) throws -> [ReferenceValue]
  ) throws -> Filter {
    guard let dimension = figure.factSet.dimension(dimensionCode) else {
      throw Refusal("Le chiffre « \(figure.id) » n’a pas la dimension « \(dimensionCode) ».")
    }
    let values = try read(dimension)
    guard let code = values.codesByText[Fold.key(text)] else {
      let codes = (values + [.unknown]).map(\.code).joined(separator: ", ")
      throw Refusal("« \(text) » n’est pas une valeur de « \(dimensionCode) » ; valeurs : \(codes).")
    }
    return Filter(dimensionCode, code)
  }
}

extension [ReferenceValue] {
  /// The code by each text that a person may write for it, folded: the code itself or the label; « non renseigné » too.
  var codesByText: [String: String] {
    // Codes first: a label that is the code of another value does not hide it.
    let texts = (self + [.unknown]).map { (Fold.key($0.code), $0.code) } + (self + [.unknown]).map { (Fold.key($0.label), $0.code) }
    return Dictionary(texts, uniquingKeysWith: { first, _ in first })
  }
}
