import Store

/// A value that changes on given days.
public struct DatedValues<Value: Sendable>: Sendable {
  /// What holds before the first change.
  private let initial: Value
  /// In the order of their days.
  public let changes: [(since: CivilDate, value: Value)]

  public init(_ initial: Value, _ changes: [(since: CivilDate, value: Value)] = []) {
    self.initial = initial
    self.changes = changes
  }

  /// The value in force on a day.
  public subscript(day: CivilDate) -> Value {
    changes.last { $0.since <= day }?.value ?? initial
  }

  public func map<Other>(_ transform: (Value) -> Other) -> DatedValues<Other> {
    DatedValues<Other>(transform(initial), changes.map { ($0.since, transform($0.value)) })
  }
}
