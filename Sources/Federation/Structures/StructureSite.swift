import Records
import Store

/// One of the places where a team works: dated, or only named in the column `sites` of a file (DIR-01).
///
/// A dated site speaks instead of the undated mention of the same commune or name.
public struct StructureSite: Sendable, Equatable {
  public let name: String
  public let commune: String?
  public let address: String?
  public let postcode: String?
  public let isMain: Bool
  public let since: CivilDate?
  /// The last day included; `nil` when it has no end.
  public let through: CivilDate?

  /// The main site first, closed ones last.
  static func all(of structure: Identifier<Structure>, _ connection: any Connection) throws -> [StructureSite] {
    try connection.rows(
      """
      SELECT COALESCE(x.name, c.name), c.name, x.address, x.postcode, x.main, x.since, x.until
      FROM site x JOIN commune c ON c.code = x.commune WHERE x.structure_id = \(structure) AND x.removed_at IS NULL
      UNION ALL
      SELECT COALESCE(c.name, x.place), c.name, NULL, NULL, \(false), \(CivilDate.distantPast), \(CivilDate.openEnd)
      FROM structure_site x LEFT JOIN commune c ON c.code = x.place WHERE x.structure_id = \(structure) AND \(isOnlyNamed)
      ORDER BY 5 DESC, 7 DESC, 6, 1
      """
    ).map { row in
      let (since, until): (CivilDate, CivilDate) = (try row[5], try row[6])
      return StructureSite(
        name: try row[0], commune: try row[1], address: try row[2], postcode: try row[3], isMain: try row[4],
        since: since == .distantPast ? nil : since, through: until == .openEnd ? nil : until.previous)
    }
  }

  /// How many sites `structure s` has on a day; its own commune is one of them unless they say otherwise.
  static func count(on day: CivilDate) -> SQL {
    """
    ((SELECT count(*) FROM site x WHERE x.structure_id = s.id AND x.removed_at IS NULL AND \(isOpen("x", on: day)))
      + (SELECT count(*) FROM structure_site x WHERE x.structure_id = s.id AND \(isOnlyNamed))
      + CASE WHEN s.commune IS NOT NULL AND NOT \(namesMainSite(on: day)) THEN 1 ELSE 0 END)
    """
  }

  private static func isOpen(_ site: SQL, on day: CivilDate) -> SQL {
    "\(site).since <= \(day) AND \(day) < \(site).until"
  }

  private static let isOnlyNamed: SQL = """
    NOT EXISTS (SELECT 1 FROM site y WHERE y.structure_id = x.structure_id AND y.removed_at IS NULL
      AND (y.commune = x.place OR y.name = x.place))
    """

  /// Whether one of the sites may be the main one: marked so, in the team's commune, or a name that is no commune's.
  private static func namesMainSite(on day: CivilDate) -> SQL {
    """
    (EXISTS (SELECT 1 FROM site y WHERE y.structure_id = s.id AND y.removed_at IS NULL
        AND (y.main OR (y.commune = s.commune AND \(isOpen("y", on: day)))))
      OR EXISTS (SELECT 1 FROM structure_site x WHERE x.structure_id = s.id AND \(isOnlyNamed)
        AND (x.place = s.commune OR NOT EXISTS (SELECT 1 FROM commune c WHERE c.code = x.place))))
    """
  }

  static let migration = Migration(
    "202611211358-structures",
    [
      """
      CREATE TABLE site (
        id \(.id) PRIMARY KEY, structure_id \(.id) NOT NULL REFERENCES structure (id),
        commune \(.text) NOT NULL REFERENCES commune (code), name \(.text), address \(.text), postcode \(.text),
        main \(.bool) NOT NULL, since \(.date) NOT NULL, until \(.date) NOT NULL,
        version \(.int) NOT NULL DEFAULT 1, removed_at \(.instant), CHECK (since < until)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      "CREATE UNIQUE INDEX site_key ON site (structure_id, commune, COALESCE(name, '')) WHERE removed_at IS NULL",
    ])
}
