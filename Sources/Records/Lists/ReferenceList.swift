import Store

/// A list of values that records choose from: themes, channels, stages…
///
/// Labels and order are data that a federation edits. The values of a closed list are fixed, because rules are
/// written on their codes; an open list can grow.
public struct ReferenceList: Sendable {
  /// Lower-case ASCII, the name in the database.
  public let name: String
  /// What one value is called, e.g. « Thème ».
  public let label: String
  public let isClosed: Bool
  /// What a new federation starts with, in order.
  public let seeds: [Seed]

  public struct Seed: Sendable {
    public let code: String
    public let label: String

    public init(_ code: String, _ label: String) {
      self.code = code
      self.label = label
    }
  }

  public init(_ name: String, label: String, isClosed: Bool = false, seeds: [Seed]) {
    self.name = name
    self.label = label
    self.isClosed = isClosed
    self.seeds = seeds
  }

  /// The closed list of an enumeration's cases.
  public init<Code: CodedValue>(_ name: String, label: String, of type: Code.Type) {
    self.init(name, label: label, isClosed: true, seeds: type.allCases.map { Seed($0.rawValue, $0.label) })
  }
}

/// A code on which rules are written: an enumeration stored by its raw value.
public protocol CodedValue: RawRepresentable, CaseIterable, Sendable, Hashable, Codable, SQLCodable where RawValue == String {
  /// The list in which the federation names the codes.
  static var list: ReferenceList { get }
  /// What a new federation calls it; later the federation's own label is shown (`ReferenceLists`).
  var label: String { get }
}

/// One value of a list, as the federation has it now.
public struct ReferenceValue: Sendable, Equatable {
  public let code: String
  public let label: String

  public init(code: String, label: String) {
    self.code = code
    self.label = label
  }

  /// The code of "no value", in figures and filters.
  public static let unknown = ReferenceValue(code: "non_renseigne", label: "Non renseigné")
}

/// All lists of a federation, read at once.
public struct ReferenceLists: Sendable {
  private var valuesByList: [String: [ReferenceValue]] = [:]
  private var codes: [String: [String: String]] = [:]
  private var labels: [String: [String: String]] = [:]

  init() {}

  public init(_ connection: any Connection) throws {
    for row in try connection.rows("SELECT list, code, label FROM reference_value ORDER BY list, position, code") {
      add(ReferenceValue(code: try row[1], label: try row[2]), to: try row[0])
    }
  }

  public func values(of list: ReferenceList) -> [ReferenceValue] {
    valuesByList[list.name] ?? []
  }

  public func label(of code: String, in list: ReferenceList) -> String {
    labels[list.name]?[code] ?? code
  }

  public func label<Code: CodedValue>(_ value: Code) -> String {
    label(of: value.rawValue, in: Code.list)
  }

  /// The code of what a person wrote: the code itself or the label, compared folded.
  public func code(of text: String, in list: ReferenceList) -> String? {
    codes[list.name]?[Fold.key(text)]
  }

  mutating func add(_ value: ReferenceValue, to list: String) {
    valuesByList[list, default: []].append(value)
    labels[list, default: [:]][value.code] = value.label
    codes[list, default: [:]][Fold.key(value.label)] = value.code
    codes[list, default: [:]][Fold.key(value.code)] = value.code
  }
}

extension ReferenceList {
  static let migration = Migration(
    "202611211000-reference-lists",
    [
      """
      CREATE TABLE reference_value (
        list \(.text) NOT NULL, code \(.text) NOT NULL, label \(.text) NOT NULL, position \(.int) NOT NULL,
        PRIMARY KEY (list, code)
      ) \(sqlite: "STRICT", postgres: "")
      """
    ])

  /// What the audit trail calls a value, and how often it was changed.
  static let identityMigration = Migration(
    "202611211733-reference-lists",
    [
      "ALTER TABLE reference_value ADD COLUMN id \(.id)",
      "ALTER TABLE reference_value ADD COLUMN version \(.int) NOT NULL DEFAULT 1",
      """
      UPDATE reference_value SET id = (
        SELECT count(*) FROM reference_value o
        WHERE o.list < reference_value.list OR (o.list = reference_value.list AND o.code <= reference_value.code))
      """,
      "CREATE UNIQUE INDEX reference_value_id ON reference_value (id)",
    ])

  /// Adds the seeds that are not there yet, after the others: a federation's own labels and order stay.
  func seed(_ connection: any Connection) throws {
    for seed in seeds { try append(ReferenceValue(code: seed.code, label: seed.label), connection) }
  }

  /// Adds a value after the others, unless its code is there already.
  func append(_ value: ReferenceValue, _ connection: any Connection) throws {
    try connection.execute(
      """
      INSERT INTO reference_value (id, list, code, label, position)
      SELECT (SELECT COALESCE(MAX(o.id), 0) + 1 FROM reference_value o), \(name), \(value.code), \(value.label),
        COALESCE(MAX(position), 0) + 1
      FROM reference_value WHERE list = \(name)
      ON CONFLICT (list, code) DO NOTHING
      """)
  }
}
