import Records
import Store

/// A target as the report of a year says it (DIR-06, R16), on the last day that the report is about: part of what a publication freezes.
///
/// Published editions keep it as JSON: a property is never renamed, and one that is added is optional.
public struct ReportTarget: Sendable, Codable, Hashable {
  public let label: String
  public let measure: TargetMeasure
  /// What is counted, where: « Structures ouvertes, MSP, Isère ».
  public let scope: String
  /// Where one came from, in tenths of a structure or of a percent, and since when; `nil` when nobody knows or said.
  public let base: Int?
  public let baseDate: String?
  /// Likewise in tenths; `nil` when nobody knows.
  public let reached: Int?
  public let goal: Int
  public let due: String

  /// How much of the goal was reached, from 0 up; `nil` when nobody knows, or when the goal is nothing.
  public var share: Double? {
    guard goal > 0 else { return nil }
    return reached.map { max(0, Double($0) / Double(goal)) }
  }

  /// Those that were under way in the period: begun when it ends, and not due before it begins.
  static func all(
    _ period: Period, _ registry: FigureRegistry, _ lists: ReferenceLists, _ connection: any Connection
  ) throws -> [ReportTarget] {
    try TargetProgress.all(period, registry, connection).compactMap { progress in
      let target = progress.target
      guard target.due >= period.from, target.baseDate.map({ $0 <= period.through }) ?? true else { return nil }
      return ReportTarget(
        label: target.label, measure: target.measure, scope: target.scope(lists), base: progress.base,
        baseDate: target.baseDate?.description,
        reached: progress.reached, goal: target.goal, due: target.due.description)
    }
  }
}

extension Target {
  /// What is counted, where.
  public func scope(_ lists: ReferenceLists) -> String {
    [lists.label(measure), type.map { lists.label($0) }, area?.name ?? "toute la région"].compactMap(\.self).joined(separator: ", ")
  }
}
