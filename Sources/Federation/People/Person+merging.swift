import Records
import Store

extension Person {
  static let mergeMigration = Migration("202611221102-people", Merge.column(of: "person"))

  static let merging = MergeRules<PersonRecords.Draft>(
    ownTables: [], unchosen: ["reference", "structures"], partProperties: ["structures"], candidates: candidates)

  /// Homonyms are many: a name alone tells nothing.
  @Sendable private static func candidates(_ connection: any Connection) throws -> [DuplicateCandidate] {
    let lists = try ReferenceLists(connection)
    var teams: [Int64: [(id: Int64, name: String)]] = [:]
    let members = try connection.rows(
      """
      SELECT DISTINCT f.person_id, s.id, s.name FROM person_function f JOIN structure s ON s.id = f.structure_id AND s.removed_at IS NULL
      WHERE f.removed_at IS NULL ORDER BY s.name
      """)
    for row in members { teams[try row[0], default: []].append((try row[1], try row[2])) }
    return try connection.rows(
      """
      SELECT p.id, \(fullName), p.profession, c.name, p.commune, p.rpps, p.email, p.phone, p.reference
      FROM person p LEFT JOIN commune c ON c.code = p.commune WHERE p.removed_at IS NULL ORDER BY p.id
      """
    ).map { row in
      let (id, profession, town, commune): (Int64, String?, String?, String?) = (try row[0], try row[2], try row[3], try row[4])
      let (rpps, email): (String?, String?) = (try row[5], try row[6])
      let own = teams[id] ?? []
      let told = [
        profession.map { lists.label(of: $0, in: .profession) } ?? "Profession non renseignée", town, own.first?.name, try row[8],
      ]
      return DuplicateCandidate(
        id, name: try row[1], detail: told.compactMap(\.self).joined(separator: ", "), weights: .init(same: 40, near: 20),
        signs: [
          commune.map { .init("même commune", 20, $0, needsName: true) },
          profession.map { .init("même profession", 5, $0, needsName: true) },
          rpps.map { .init("même numéro RPPS", 100, $0) }, email.map { .init("même courriel", 60, $0.lowercased()) },
          .phone(try row[7], 30),
        ] + own.map { .init("même équipe", 20, String($0.id), needsName: true) })
    }
  }
}
