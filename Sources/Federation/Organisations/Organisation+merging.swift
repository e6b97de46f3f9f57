import Records
import Store

extension Organisation {
  static let mergeMigration = Migration("202611221103-organisations", Merge.column(of: "organisation"))

  static let merging = MergeRules<OrganisationRecords.Draft>(
    ownTables: ["organisation_department"], unchosen: ["reference"], several: ["departements"], candidates: candidates)

  @Sendable private static func candidates(_ connection: any Connection) throws -> [DuplicateCandidate] {
    let lists = try ReferenceLists(connection)
    return try connection.rows(
      """
      SELECT o.id, o.name, o.nature, c.name, o.commune, o.email, o.phone, o.reference
      FROM organisation o LEFT JOIN commune c ON c.code = o.commune WHERE o.removed_at IS NULL ORDER BY o.id
      """
    ).map { row in
      let (nature, town, commune, email): (String, String?, String?, String?) = (try row[2], try row[3], try row[4], try row[5])
      let told = [lists.label(of: nature, in: .organisationNature), town, try row[7]]
      return DuplicateCandidate(
        try row[0], name: try row[1], detail: told.compactMap(\.self).joined(separator: ", "), weights: .init(same: 50, near: 30),
        signs: [
          .init("même nature", 20, nature, needsName: true), commune.map { .init("même commune", 15, $0, needsName: true) },
          email.map { .init("même courriel", 60, $0.lowercased()) }, .phone(try row[6], 45),
        ])
    }
  }
}
