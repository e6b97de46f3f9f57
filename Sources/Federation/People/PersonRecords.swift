import Records
import Store

/// People in files (DIR-04). The column `structures` names the teams a person is a member of.
struct PersonRecords: RecordKind {
  struct Draft: Equatable, Sendable, Codable {
    var reference: String?
    var lastName: String?
    var firstName: String?
    var profession: String?
    var commune: String?
    var email: String?
    var phone: String?
    var rpps: String?
    var structures: [Identifier<Structure>] = []
  }

  struct Context: StructureContext {
    let lists: ReferenceLists
    let gazetteer: Gazetteer
    let structures: StructureIndex
  }

  /// The function that the column `structures` gives, from no known day on.
  static let membership = "membre"
  /// Who is in a team, since nobody knows when.
  private static let isMember: SQL = """
    removed_at IS NULL AND function = \(membership) AND since = \(CivilDate.distantPast) AND until = \(CivilDate.openEnd)
    """

  let name = "personnes"
  let label = "Personnes"
  let table = "person"
  let ownedTables = [OwnedTable("person_function", "person_id")]
  let blank = Draft()
  var searched: SearchSource? { Person.searchSource }
  var merging: MergeRules<Draft>? { Person.merging }

  let fields: [Field<Draft, Context>] = [
    .text("reference", label: "Référence", \.reference, isRequired: true, limit: 80),
    .text("nom", label: "Nom", \.lastName, isRequired: true),
    .text("prenom", label: "Prénom", \.firstName),
    .listed("profession", label: "Profession", \.profession, in: .profession),
    .value("commune", label: "Commune", \.commune, input: .record(of: "communes"), print: { code, _ in code }) { text, reading in
      try reading.context.gazetteer.commune(text, in: nil).code
    },
    .value("courriel", label: "Courriel", \.email, print: { address, _ in address }) { text, _ in try EmailAddress.reading(text) },
    .phone(\.phone),
    .value("rpps", label: "RPPS", \.rpps, print: { number, _ in number }) { text, reading in
      let number = text.filter { !$0.isWhitespace }
      // The register's own examples do not all pass the key: warn, never refuse.
      if !Registration.isRPPS(number) { reading.warn("« \(text) » ne ressemble pas à un numéro RPPS (onze chiffres, clé comprise)") }
      return number
    },
    .structures(\.structures),
  ]

  func context(_ connection: any Connection) throws -> Context {
    Context(lists: try ReferenceLists(connection), gazetteer: try Gazetteer.of(connection), structures: try StructureIndex(connection))
  }

  func key(of draft: Draft, _ context: Context) -> String? { draft.reference }

  /// Somebody of the same name: likely one person entered twice, and else somebody whom a form must tell apart.
  func resemblances(of draft: Draft, _ connection: any Connection) throws -> [Warning] {
    guard let last = draft.lastName else { return [] }
    let folds = [PersonFolds.name(last: last, first: draft.firstName), Fold.key("\(draft.firstName ?? "") \(last)")]
    return try connection.rows(
      """
      SELECT p.reference, p.last_name, p.first_name, l.label, c.name, p.id FROM person p
      LEFT JOIN reference_value l ON l.list = \(ReferenceList.profession.name) AND l.code = p.profession
      LEFT JOIN commune c ON c.code = p.commune
      WHERE p.removed_at IS NULL AND p.name_fold IN \(list: folds) ORDER BY p.reference LIMIT 3
      """
    ).map { row in
      let (last, first, profession, town): (String, String?, String?, String?) = (try row[1], try row[2], try row[3], try row[4])
      let told = [profession, town].compactMap(\.self).joined(separator: ", ")
      let (reference, name): (String, String) = (try row[0], [first, last].compactMap(\.self).joined(separator: " "))
      let sentence = "\(name) est déjà dans l’annuaire (\(reference)\(told.isEmpty ? "" : ", \(told)"))"
      return Warning(sentence, similar: [SimilarRecord(try row[5], reference)])
    }
  }

  func stored(_ connection: any Connection, _ selection: RecordSelection, _ context: Context) throws -> [StoredRecord<Draft>] {
    var structures: [Int64: [Identifier<Structure>]] = [:]
    let memberships = try connection.rows(
      """
      SELECT person_id, structure_id FROM person_function
      WHERE \(Self.isMember) \(selection.clause(id: "person_id")) ORDER BY structure_id
      """)
    for row in memberships { structures[try row[0], default: []].append(try row[1]) }
    return try connection.rows(
      """
      SELECT id, reference, last_name, first_name, profession, commune, email, phone, rpps FROM person
      WHERE removed_at IS NULL \(selection.clause(id: "id", key: "reference")) ORDER BY reference
      """
    ).map { row in
      let id: Int64 = try row[0]
      let draft = Draft(
        reference: try row[1], lastName: try row[2], firstName: try row[3], profession: try row[4], commune: try row[5],
        email: try row[6], phone: try row[7], rpps: try row[8], structures: structures[id] ?? [])
      return StoredRecord(id: id, key: try row[1], draft: draft)
    }
  }

  func settle(_ ids: [Int64], _ drafts: [Draft], _ connection: any Connection) throws { try Erasure.expectNone(of: ids, connection) }

  /// The teams, which are functions like any other.
  func heldByParts(_ ids: [Int64], _ connection: any Connection) throws -> [Int64: Draft] {
    var drafts: [Int64: Draft] = [:]
    let memberships = try connection.rows(
      """
      SELECT person_id, structure_id FROM person_function WHERE \(Self.isMember) AND person_id IN \(list: ids) ORDER BY structure_id
      """)
    for row in memberships { drafts[try row[0], default: Draft()].structures.append(try row[1]) }
    return drafts
  }

  func write(_ records: [RecordWrite<Draft>], _ connection: any Connection, _ context: Context, ids: IdentifierSource) throws {
    try connection.insert(
      into: "person (id, reference, last_name, first_name, name_fold, profession, commune, email, phone, rpps)", records,
      suffix: """
        ON CONFLICT (id) DO UPDATE SET last_name = excluded.last_name, first_name = excluded.first_name,
          name_fold = excluded.name_fold, profession = excluded.profession, commune = excluded.commune, email = excluded.email,
          phone = excluded.phone, rpps = excluded.rpps
        """
    ) { record in
      let draft = record.draft
      let fold = PersonFolds.name(last: draft.lastName ?? "", first: draft.firstName)
      return """
        \(record.id), \(draft.reference), \(draft.lastName), \(draft.firstName), \(fold), \(draft.profession), \(draft.commune),
        \(draft.email), \(draft.phone), \(draft.rpps)
        """
    }
    for record in records {
      for gone in Set(record.old?.structures ?? []).subtracting(record.draft.structures) {
        try connection.execute(
          "DELETE FROM person_function WHERE person_id = \(record.id) AND structure_id = \(gone) AND \(Self.isMember)")
      }
    }
    let memberships = records.flatMap { record in
      Set(record.draft.structures).subtracting(record.old?.structures ?? []).sorted().map { (record.id, $0) }
    }
    // Whoever left the team and comes back without a date is in it as before.
    try connection.insert(
      into: "person_function (id, person_id, structure_id, function, since, until)", memberships,
      suffix: """
        ON CONFLICT (person_id, structure_id, function, since) WHERE removed_at IS NULL DO UPDATE SET until = excluded.until
        """
    ) {
      "\(ids.next(Person.self)), \($0), \($1), \(Self.membership), \(CivilDate.distantPast), \(CivilDate.openEnd)"
    }
  }
}
