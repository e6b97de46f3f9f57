/// A value of a list: the code that addresses and classes use, the words that people read.
public struct CodedLabel: Sendable, Hashable {
  public var code: String
  public var label: String

  public init(_ code: String, _ label: String) {
    self.code = code
    self.label = label
  }
}
