import Records
import Store

/// Where the federation wants to be on a day (DIR-06, R16): so many structures open, or such a share of the region covered.
public struct Target: Sendable {
  /// A département or a territory.
  public struct Area: Sendable, Equatable {
    public enum Kind: String, Sendable {
      case department = "departement"
      case territory = "territoire"
    }

    public let kind: Kind
    public let code: String
    public let name: String
  }

  public let id: Identifier<Target>
  public let label: String
  public let measure: TargetMeasure
  /// Structures of that type only.
  public let type: StructureType?
  /// Where one came from, in tenths of a structure or of a percent; `nil` when it is counted on its day, or not said.
  public let base: Int?
  public let baseDate: CivilDate?
  /// Likewise.
  public let goal: Int
  public let due: CivilDate
  /// `nil` for the whole federation.
  public let area: Area?
  public let source: String?
  public let note: String?

  /// The nearest due date first, and the situations that count as open on the day.
  static func all(
    where condition: SQL, on day: CivilDate, _ connection: any Connection
  ) throws -> (targets: [Target], open: [String]) {
    let rows = try connection.rows(
      """
      SELECT g.id, g.label, g.measure, g.type, g.base, g.base_date, g.goal, g.due, g.department, d.name, g.territory, t.name, g.source, g.note,
        \(Setting.openSituations.value(on: day))
      FROM target g LEFT JOIN department d ON d.code = g.department LEFT JOIN territory t ON t.code = g.territory
      WHERE g.removed_at IS NULL AND \(condition) ORDER BY g.due, g.label, g.id
      """)
    let open: String? = try rows.first.map { try $0[14] }
    let targets = try rows.map { row in
      let (department, departmentName): (String?, String?) = (try row[8], try row[9])
      let (territory, territoryName): (String?, String?) = (try row[10], try row[11])
      let area =
        department.map { Area(kind: .department, code: $0, name: departmentName ?? $0) }
        ?? territory.map { Area(kind: .territory, code: $0, name: territoryName ?? $0) }
      return Target(
        id: try row[0], label: try row[1], measure: try row[2], type: try row[3], base: try row[4], baseDate: try row[5], goal: try row[6],
        due: try row[7], area: area, source: try row[12], note: try row[13])
    }
    return (targets, open?.split(separator: " ").map(String.init) ?? [])
  }

  static let migration = Migration(
    "202611220310-targets",
    [
      """
      CREATE TABLE target (
        id \(.id) PRIMARY KEY, reference \(.text), label \(.text) NOT NULL, measure \(.text) NOT NULL, type \(.text),
        base \(.int) CHECK (base >= 0), base_date \(.date), goal \(.int) NOT NULL CHECK (goal >= 0), due \(.date) NOT NULL,
        department \(.text) REFERENCES department (code), territory \(.text) REFERENCES territory (code),
        source \(.text), note \(.text),
        version \(.int) NOT NULL DEFAULT 1, removed_at \(.instant),
        CHECK (base_date < due), CHECK (base IS NULL OR base_date IS NOT NULL), CHECK (department IS NULL OR territory IS NULL)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      "CREATE UNIQUE INDEX target_reference ON target (reference) WHERE removed_at IS NULL",
    ])
}

extension Capability {
  static let targets = Capability(
    "targets", migrations: [Target.migration], lists: [TargetMeasure.list], settings: [.openSituations], kinds: [TargetRecords()])
}

extension Setting {
  /// What a target calls open; the other situations but the closed one are planned.
  static let openSituations = Setting(
    "cibles_ouvertes", help: "Situations qui comptent comme ouvertes dans les cibles, séparées par des espaces",
    default: [Situation.horsACI, .aci, .fonctionnement].map(\.rawValue).joined(separator: " ")
  ) { text, _ in
    let codes = text.split(separator: " ").map(String.init)
    let known = Situation.allCases.filter { $0 != .clos && $0 != .projet }.map(\.rawValue)
    guard !codes.isEmpty, codes.allSatisfy(known.contains) else {
      throw Refusal("Donnez une ou plusieurs situations, séparées par des espaces ; possible : \(known.joined(separator: ", ")).")
    }
    return codes.joined(separator: " ")
  }
}
