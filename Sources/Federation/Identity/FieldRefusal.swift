/// A clear French sentence about one field of a form, shown beside it.
public struct FieldRefusal: Error, Equatable {
  /// The name of the field.
  public let field: String
  public let sentence: String

  public init(_ field: String, _ sentence: String) {
    self.field = field
    self.sentence = sentence
  }
}
