import Records
import Store

/// A coordination territory: a set of départements that changes with time (DIR-03).
public struct Territory: Sendable {
  public let code: String
  public let name: String

  /// All of them, by name.
  public static func all(_ connection: any Connection) throws -> [Territory] {
    try connection.rows("SELECT code, name FROM territory ORDER BY name, code").map { Territory(code: try $0[0], name: try $0[1]) }
  }
}

extension Capability {
  static func territories(_ geography: Geography) -> Capability {
    Capability(
      "territories",
      migrations: [Territory.migration, Zoning.migration],
      lists: [.zoning],
      settings: [.departments],
      kinds: [TerritoryRecords(), ZoningRecords()],
      derived: [
        DerivedData("geography", version: 3, rebuild: geography.load) { connection in
          let count: Int = try connection.value("SELECT count(*) FROM commune") ?? 0
          return count > 30_000 ? [] : ["Les communes de France manquent : relancez « maillage migrate »."]
        },
        DerivedData("territory_span", version: 1, rebuild: { try TerritorySpans.rebuild($0) }, faults: TerritorySpans.faults),
      ])
  }
}

extension Setting {
  /// The denominator of coverage, and the départements that pages offer.
  public static let departments = Setting(
    "departements", help: "Codes des départements de la fédération, séparés par des espaces", default: ""
  ) { text, connection in
    let codes = text.split { ",; ".contains($0) }.map { $0.uppercased() }
    let known: [String] = try connection.rows("SELECT code FROM department WHERE code IN \(list: codes)").map { try $0[0] }
    if let unknown = codes.first(where: { !known.contains($0) }) {
      throw Refusal("« \(unknown) » n’est pas un code de département : donnez-les séparés par des espaces (exemple : 01 03 2A).")
    }
    return codes.joined(separator: " ")
  }
}

extension Settings {
  /// The federation's own départements on a day; empty when it has not said which.
  public func departments(on day: CivilDate) -> [String] {
    text(.departments, on: day).split(separator: " ").map(String.init)
  }
}

/// Which territory each département belongs to, day by day: a later beginning ends what was before.
enum TerritorySpans {
  struct Row: Hashable {
    let department: String
    let span: Span
    let territory: String
  }

  static func rebuild(_ connection: any Connection, departments: [String]? = nil) throws {
    let rows = try computed(connection).filter { departments?.contains($0.department) ?? true }
    if let departments {
      try connection.execute("DELETE FROM territory_span WHERE department IN \(list: departments)")
    } else {
      try connection.execute("DELETE FROM territory_span")
    }
    try connection.insert(into: "territory_span (department, since, until, territory)", rows) {
      "\($0.department), \($0.span.since), \($0.span.until), \($0.territory)"
    }
  }

  static func faults(_ connection: any Connection) throws -> [String] {
    let stored = try connection.rows("SELECT department, since, until, territory FROM territory_span").map {
      Row(department: try $0[0], span: Span(since: try $0[1], until: try $0[2]), territory: try $0[3])
    }
    return Set(stored) == Set(try computed(connection)) ? [] : ["Les périodes des territoires ne sont plus à jour."]
  }

  private static func computed(_ connection: any Connection) throws -> [Row] {
    let declared = try connection.rows(
      "SELECT department, since, until, territory FROM territory_department WHERE removed_at IS NULL ORDER BY department, since, territory"
    ).map { Row(department: try $0[0], span: Span(since: try $0[1], until: try $0[2]), territory: try $0[3]) }
    return zip(declared.indices, declared).compactMap { index, row in
      let following = declared.dropFirst(index + 1).first { $0.department == row.department }
      let until = min(row.span.until, following?.span.since ?? .openEnd)
      guard row.span.since < until else { return nil }
      return Row(department: row.department, span: Span(since: row.span.since, until: until), territory: row.territory)
    }
  }
}
