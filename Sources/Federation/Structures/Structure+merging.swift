import Records
import Store

extension Structure {
  static let mergeMigration = Migration("202611221101-structures", Merge.column(of: "structure"))

  static let merging = MergeRules<StructureRecords.Draft>(
    ownTables: ["structure_site", StructureTag.table, "coverage_claim", "structure_span", "structure_entry"],
    rows: [
      MergedRows("Comptes", table: "account", column: "structure_id"),
      MergedRows("Liens pour confirmer la fiche", table: "sheet_request", column: "structure_id"),
      MergedRows("Réponses à « confirmez votre fiche »", table: "sheet_answer", column: "structure_id"),
    ],
    unchosen: ["reference", "etat", "depuis"], several: ["sites", "etiquettes", "communes_couvertures"], partProperties: ["states"],
    conform: { draft, record, connection in
      // Dated changes of type that came along say which is the present one: a choice would write over the latest.
      let dated: StructureType? = try connection.value(
        "SELECT type FROM structure WHERE id = \(record) AND original_type IS NOT NULL")
      if let dated { draft.type = dated }
    },
    candidates: candidates)

  /// What the names of teams have in common.
  private static let commonWords: Set = [
    "msp", "maison", "maisons", "de", "sante", "pluriprofessionnelle", "pluridisciplinaire", "pole", "centre", "cds", "cpts", "communaute",
    "professionnelle", "territoriale", "esp", "clap", "equipe", "soins", "primaires", "la", "le", "les", "du", "des", "d", "l", "et", "en",
  ]

  @Sendable private static func candidates(_ connection: any Connection) throws -> [DuplicateCandidate] {
    let types = try ReferenceLists(connection)
    return try connection.rows(
      """
      SELECT s.id, s.name, s.type, c.name, s.department, s.commune, s.finess, s.siret, s.email, s.phone, s.reference
      FROM structure s LEFT JOIN commune c ON c.code = s.commune WHERE s.removed_at IS NULL ORDER BY s.id
      """
    ).map { row in
      let (type, town, department): (StructureType, String?, String) = (try row[2], try row[3], try row[4])
      let (finess, siret, email, phone): (String?, String?, String?, String?) = (try row[6], try row[7], try row[8], try row[9])
      let place = [town, town == nil ? "commune non renseignée" : nil].compactMap(\.self).joined()
      return DuplicateCandidate(
        try row[0], name: try row[1], detail: "\(types.label(type)), \(place) (\(department)), \(try row[10] as String)",
        weights: .init(same: 45, near: 25), common: commonWords,
        signs: [
          .init("même département", 20, department, needsName: true),
          (try row[5] as String?).map { .init("même commune", 15, $0, needsName: true) },
          finess.map { .init("même FINESS", 100, $0) }, siret.map { .init("même SIRET", 90, $0) },
          email.map { .init("même courriel", 60, $0.lowercased()) }, .phone(phone, 45),
        ])
    }
  }
}

extension DuplicateCandidate.Sign {
  /// The nine digits of a French number, however it is written.
  static func phone(_ text: String?, _ weight: Int) -> DuplicateCandidate.Sign? {
    guard let digits = text?.filter({ $0.isASCII && $0.isNumber }), digits.count >= 9 else { return nil }
    return .init("même téléphone", weight, String(digits.suffix(9)))
  }
}
