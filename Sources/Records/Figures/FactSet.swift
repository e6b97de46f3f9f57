import Store

/// A named query: one row per record, from which figures are made.
///
/// `records` is aliased `f` in the statements; it gives `id`, `reference` and whatever its dimensions and measures read.
/// A value that a record can have several of (teams, themes) comes through a bridge, joined only when asked, and
/// measures run over distinct (record, value) pairs, so nothing is counted twice.
public struct FactSet: Sendable {
  public let name: String
  /// Rows during the period, or as of its last day.
  let records: @Sendable (Period) -> SQL
  let bridges: [Bridge]
  public let dimensions: [Dimension]
  /// What is left out unless a filter names it.
  let omissions: [Omission]

  public init(
    _ name: String, bridges: [Bridge] = [], dimensions: [Dimension], omissions: [Omission] = [],
    records: @escaping @Sendable (Period) -> SQL
  ) {
    self.name = name
    self.records = records
    self.bridges = bridges
    self.dimensions = dimensions
    self.omissions = omissions
  }

  public func dimension(_ code: String) -> Dimension? {
    dimensions.first { $0.code == code }
  }

  /// Whether the facts leave something out that this filter, asked for alone, would bring back.
  public func leavesOut(_ filter: Filter) -> Bool { omissions.contains { $0.unless.contains(filter) } }

  /// Other records under the same dimensions.
  public func narrowed(to name: String, records: @escaping @Sendable (Period) -> SQL) -> FactSet {
    FactSet(name, bridges: bridges, dimensions: dimensions, omissions: omissions, records: records)
  }

  /// No facts, for figures whose values are all taken over (`Measure.reported`).
  public static func reported(_ name: String, by dimensions: [Dimension]) -> FactSet {
    FactSet(name, dimensions: dimensions) { _ in "SELECT CAST(0 AS \(.id)) AS id, '' AS reference WHERE 1 = 0" }
  }

  /// The same facts for figures that leave out more of them.
  public func leavingOut(_ others: Omission...) -> FactSet {
    FactSet(name, bridges: bridges, dimensions: dimensions, omissions: omissions + others, records: records)
  }
}

/// A join from a record to the several things it touches.
public struct Bridge: Sendable {
  public let name: String
  let join: SQL

  public init(_ name: String, join: SQL) {
    self.name = name
    self.join = join
  }
}

/// One way to break a figure down; its code is also the filter's name in addresses.
///
/// Two dimensions of one bridge speak of the same thing: exchanges by type and département count an exchange under
/// (CPTS, 44) only when it touches a CPTS of the 44, not when it touches a CPTS and some team of the 44.
public struct Dimension: Sendable {
  public let code: String
  public let label: String
  /// After « par », in the title of a figure: « étape ».
  public let phrase: String
  let bridge: String?
  let expression: SQL
  /// The possible values with their labels, in the order in which a person expects them.
  public let values: @Sendable (ReferenceLists, any Connection) throws -> [ReferenceValue]
  /// Where these are rows of the database: a statement of their codes, their labels, and what they are sorted by.
  private let stored: SQL?
  /// It is for comparing years: beside the dimension as it was, it says little of the list of one day.
  public var comparesYears = false
  /// What no value is called where it means something; « Non renseigné » elsewhere.
  public var unknownLabel: String?
  /// What stands for no value.
  public var unknown: ReferenceValue {
    ReferenceValue(code: ReferenceValue.unknown.code, label: unknownLabel ?? ReferenceValue.unknown.label)
  }
  /// The dimension of which each of its values gathers several: what one says, the other must not give away.
  public var gathers: String?
  /// Where these are a reference list's.
  let list: ReferenceList?

  public init(
    _ code: String, label: String, by phrase: String? = nil, bridge: String? = nil, expression: SQL,
    values: @escaping @Sendable (ReferenceLists, any Connection) throws -> [ReferenceValue]
  ) {
    self.init(code, label: label, by: phrase, bridge: bridge, expression: expression, stored: nil, list: nil, values: values)
  }

  /// A dimension whose values are rows of the database.
  /// - Parameter stored: a statement of their codes, their labels, and what they are sorted by.
  public init(_ code: String, label: String, bridge: String? = nil, expression: SQL, stored: SQL) {
    self.init(code, label: label, by: nil, bridge: bridge, expression: expression, stored: stored, list: nil) { _, connection in
      try connection.rows("SELECT v.* FROM (\(stored)) AS v ORDER BY 3, 1").map {
        ReferenceValue(code: try $0[0], label: try $0[1])
      }
    }
  }

  private init(
    _ code: String, label: String, by phrase: String?, bridge: String?, expression: SQL, stored: SQL?, list: ReferenceList?,
    values: @escaping @Sendable (ReferenceLists, any Connection) throws -> [ReferenceValue]
  ) {
    self.code = code
    self.label = label
    self.phrase = phrase ?? label.lowercased()
    self.bridge = bridge
    self.expression = expression
    self.stored = stored
    self.list = list
    self.values = values
  }

  /// A dimension whose values are those of a reference list.
  public init(_ code: String, bridge: String? = nil, expression: SQL, list: ReferenceList) {
    self.init(code, label: list.label, by: nil, bridge: bridge, expression: expression, stored: nil, list: list) { lists, _ in
      lists.values(of: list)
    }
  }

  /// The possible values of several dimensions, in one statement for all that the database holds: a list has them all in its menus.
  public static func values(
    of dimensions: [Dimension], _ lists: ReferenceLists, _ connection: any Connection
  ) throws -> [String: [ReferenceValue]] {
    var values: [String: [ReferenceValue]] = [:]
    var statements: [SQL] = []
    for dimension in dimensions {
      if let stored = dimension.stored {
        values[dimension.code] = []
        statements.append("SELECT \(dimension.code) AS dimension, v.* FROM (\(stored)) AS v")
      } else {
        values[dimension.code] = try dimension.values(lists, connection)
      }
    }
    guard !statements.isEmpty else { return values }
    let stored = try connection.kept("\(statements.joined(by: " UNION ALL ")) ORDER BY 1, 4, 2") { rows in
      try Dictionary(grouping: rows) { row in try row[0] as String }
        .mapValues { try $0.map { row in ReferenceValue(code: try row[1], label: try row[2]) } }
    }
    return values.merging(stored) { $1 }
  }

  /// A dimension that says yes or no.
  public static func yesNo(_ code: String, label: String, by phrase: String? = nil, expression: SQL) -> Dimension {
    Dimension(code, label: label, by: phrase, expression: expression) { _, _ in
      [ReferenceValue(code: "oui", label: "Oui"), ReferenceValue(code: "non", label: "Non")]
    }
  }
}

/// Records with `value` in `dimension` are left out, unless a filter names one of `unless`.
public struct Omission: Sendable {
  let dimension: String
  let value: String
  let unless: [Filter]

  public init(_ dimension: String, _ value: String, unless others: [Filter] = []) {
    self.dimension = dimension
    self.value = value
    self.unless = [Filter(dimension, value)] + others
  }
}

/// One `dimension = value`. Filters on one dimension add up (or), those on several narrow (and).
public struct Filter: Sendable, Hashable {
  public let dimension: String
  public let value: String

  public init(_ dimension: String, _ value: String) {
    self.dimension = dimension
    self.value = value
  }
}

/// A figure of the report: a named query with one definition.
public struct Figure: Sendable {
  /// `contacts.count`: never changes, it stands in addresses and reports.
  public let id: String
  public let label: String
  /// What is counted and what is not, for the reader.
  public let definition: String
  /// In the plural, « échanges »: what a file says whatever the value.
  public let unit: String
  /// How many of the integers that are its values make one of its unit: 100 for euros, which are stored and summed in cents; 10 for
  /// a mean to a tenth; 1000 for a share to a tenth of a percent.
  public let scale: Int
  public let factSet: FactSet
  let measure: Measure
  /// A state on a day rather than facts during a period.
  public let isState: Bool
  /// Whether a rise is good news.
  public let moreIsBetter: Bool
  /// The record kind of the records behind it, e.g. `structures`.
  public let recordKind: String
  /// What the settings of a day make of the definition; printed after it.
  let basis: (@Sendable (Settings, CivilDate) -> String)?

  /// Its records are all those of the fact set, as those of a sum are: not only some of the things that these touch, nor those of which
  /// something is known.
  public var listsWholeFactSet: Bool {
    if case .distinct = measure { return false }
    return measure.averagedColumn == nil
  }

  /// A mean, a median or a share: its parts make no sum, and without a record there is no value, not 0.
  public var isRatio: Bool { measure.averagedColumn != nil || isShare }

  /// The program keeps no records of what it counts: its values are all taken over, each with its source (REP-08).
  public var isReported: Bool {
    if case .reported = measure { return true }
    return false
  }

  /// Its numbers are of people, each counted once: small ones are kept back where they are shown (R22).
  public var countsPeople: Bool {
    if case .distinct(let subject) = measure { return subject.isPerson }
    return false
  }

  /// A share of a whole, from 0 to 1.
  public var isShare: Bool { measure.wholeColumn != nil }

  /// Its records add what they measure, rather than one each.
  public var sumsAmounts: Bool {
    if case .sum = measure { return true }
    return false
  }

  /// How its values are said.
  public var manner: FigureManner {
    FigureManner(unit: unit, scale: scale, isRatio: isRatio, isShare: isShare, moreIsBetter: moreIsBetter, isState: isState)
  }

  public init(
    _ id: String, label: String, definition: String, unit: String, scale: Int = 1, of factSet: FactSet, _ measure: Measure,
    isState: Bool = false, moreIsBetter: Bool = true, recordKind: String,
    basis: (@Sendable (Settings, CivilDate) -> String)? = nil
  ) {
    self.basis = basis
    self.id = id
    self.label = label
    self.definition = definition
    self.unit = unit
    self.scale = scale
    self.factSet = factSet
    self.measure = measure
    self.isState = isState
    self.moreIsBetter = moreIsBetter
    self.recordKind = recordKind
  }
}

/// How a figure is made of its facts.
public enum Measure: Sendable {
  /// The number of records.
  case count
  /// The sum of a column of the fact set, each record once.
  case sum(column: SQL)
  /// The number of distinct things that the records touch through a bridge.
  case distinct(Subject)
  /// The mean of a column in whole units, over the records where it is known; to the digit that `Figure.scale` says.
  case mean(column: SQL)
  /// The middle value of such a column, or the mean of the two middle ones.
  case median(column: SQL)
  /// The sum of one column over that of another which it is part of, record by record; in parts of `Figure.scale`.
  case share(part: SQL, whole: SQL)

  /// Nothing that the program has records of: without a value that was taken over there is none, which is not 0.
  case reported

  /// What is counted once each.
  public struct Subject: Sendable {
    let bridge: String
    let id: SQL
    let reference: SQL
    /// Narrows which things count.
    let condition: SQL?
    /// R22 speaks of people alone, never of teams.
    let isPerson: Bool

    var conditions: [SQL] { ["\(id) IS NOT NULL", condition].compactMap(\.self) }

    public init(bridge: String, id: SQL, reference: SQL, condition: SQL? = nil, isPerson: Bool = false) {
      self.isPerson = isPerson
      self.bridge = bridge
      self.id = id
      self.reference = reference
      self.condition = condition
    }
  }
}
