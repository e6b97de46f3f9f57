import Records
import Store

/// The sites of structures with their dates, in files (DIR-01, DIR-02).
struct SiteRecords: RecordKind {
  struct Draft: Equatable, Sendable, Codable {
    var structure: Identifier<Structure>?
    /// As written, then the INSEE code once the line is checked.
    var commune: String?
    var name: String?
    var address: String?
    var postcode: String?
    var isMain: Bool?
    var since: CivilDate?
    /// The last day included.
    var through: CivilDate?
  }

  struct Context: StructureContext {
    struct Home: Sendable {
      let commune: String?
      let department: String
    }

    let lists: ReferenceLists
    let gazetteer: Gazetteer
    let structures: StructureIndex
    let homes: [Identifier<Structure>: Home]
    /// The key of each structure's main site that has no end.
    var mainSites: [Identifier<Structure>: String]

    /// Sought in the structure's département first: a team may have a site beyond its border.
    /// - Throws: `Refusal`.
    func commune(_ text: String, of structure: Identifier<Structure>?) throws -> Gazetteer.Commune {
      let home = structure.flatMap { homes[$0]?.department }
      return try (try? gazetteer.commune(text, in: home)) ?? gazetteer.commune(text, in: nil)
    }
  }

  let name = "sites"
  let label = "Sites des structures"
  let table = "site"
  let ownedTables: [OwnedTable] = []
  let keyColumn = "commune"
  let blank = Draft()
  var root: RecordRoot<Draft>? { RecordRoot(StructureRecords(), "structure_id", \.structure) }
  var links: [RecordLink<Draft>] {
    // A team has one main site: that of the merged one is one of the others.
    [.one(to: "structures", table: table, column: "structure_id", \.structure, yield: { $0.isMain = false })]
  }

  let fields: [Field<Draft, Context>] = [
    .structure(\.structure, isRequired: true),
    .text("commune", label: "Commune", \.commune, isRequired: true),
    .text("nom", label: "Nom", \.name),
    .text("adresse", label: "Adresse", \.address),
    .text("code_postal", label: "Code postal", \.postcode, limit: 10),
    .yesNo("principal", label: "Site principal", \.isMain),
    .date("depuis", label: "Depuis", \.since),
    .date("jusqua", label: "Jusqu’à", \.through),
  ]

  func context(_ connection: any Connection) throws -> Context {
    var homes: [Identifier<Structure>: Context.Home] = [:]
    for row in try connection.rows("SELECT id, commune, department FROM structure WHERE removed_at IS NULL") {
      homes[try row[0]] = .init(commune: try row[1], department: try row[2])
    }
    var mainSites: [Identifier<Structure>: String] = [:]
    for row in try connection.rows(
      "SELECT structure_id, commune, name FROM site WHERE main AND until = \(CivilDate.openEnd) AND removed_at IS NULL")
    {
      let structure: Identifier<Structure> = try row[0]
      mainSites[structure] = Self.key(structure, try row[1], try row[2])
    }
    return Context(
      lists: try ReferenceLists(connection), gazetteer: try Gazetteer.of(connection), structures: try StructureIndex(connection),
      homes: homes, mainSites: mainSites)
  }

  /// Two sites of a team in one commune are told apart by their names.
  private static func key(_ structure: Identifier<Structure>, _ commune: String, _ name: String?) -> String {
    "\(structure)|\(commune)|\(Fold.key(name ?? ""))"
  }

  func key(of draft: Draft, _ context: Context) -> String? {
    guard let structure = draft.structure, let text = draft.commune else { return nil }
    return Self.key(structure, (try? context.commune(text, of: structure))?.code ?? text, draft.name)
  }

  func check(_ draft: inout Draft, isNew: Bool, _ reading: inout Reading<Context>) -> [Fault] {
    var faults = Fault.ofPeriod(since: draft.since, through: draft.through)
    guard let structure = draft.structure, let text = draft.commune else { return faults }
    do {
      let commune = try reading.context.commune(text, of: structure)
      draft.commune = commune.code
      faults += checkMain(Self.key(structure, commune.code, draft.name), draft, structure, commune, &reading)
    } catch {
      faults.append(Fault("commune", "\(error)"))
    }
    return faults
  }

  /// The commune of the main site is the structure's own, which gives it its département.
  private func checkMain(
    _ key: String, _ draft: Draft, _ structure: Identifier<Structure>, _ commune: Gazetteer.Commune, _ reading: inout Reading<Context>
  ) -> [Fault] {
    let others = reading.context.mainSites[structure].map { $0 != key } ?? false
    guard draft.isMain == true, draft.through == nil else {
      if !others { reading.context.mainSites[structure] = nil }
      return []
    }
    if others { return [Fault("principal", "la structure a déjà un site principal : donnez d’abord une fin à celui-ci")] }
    guard let home = reading.context.homes[structure] else { return [] }
    if let own = home.commune, own != commune.code {
      let name = reading.context.gazetteer.commune(code: own)?.name ?? own
      return [Fault("principal", "la structure est à \(name) : changez d’abord sa commune")]
    }
    if commune.department != home.department {
      reading.warn("\(commune.name) est dans le département \(commune.department), pas \(home.department)")
    }
    reading.context.mainSites[structure] = key
    return []
  }

  func stored(_ connection: any Connection, _ selection: RecordSelection, _ context: Context) throws -> [StoredRecord<Draft>] {
    let only = selection.clause(id: "x.id", first: "x.structure_id", Structure.self)
    return try connection.rows(
      """
      SELECT x.id, x.structure_id, x.commune, x.name, x.address, x.postcode, x.main, x.since, x.until
      FROM site x JOIN structure s ON s.id = x.structure_id AND s.removed_at IS NULL
      WHERE x.removed_at IS NULL \(only) ORDER BY s.reference, x.commune, x.name NULLS FIRST
      """
    ).map { row in
      let (since, until): (CivilDate, CivilDate) = (try row[7], try row[8])
      let draft = Draft(
        structure: try row[1], commune: try row[2], name: try row[3], address: try row[4], postcode: try row[5], isMain: try row[6],
        since: since == .distantPast ? nil : since, through: until == .openEnd ? nil : until.previous)
      return StoredRecord(id: try row[0], key: key(of: draft, context) ?? "", draft: draft)
    }
  }

  func write(_ records: [RecordWrite<Draft>], _ connection: any Connection, _ context: Context, ids: IdentifierSource) throws {
    try connection.insert(
      into: "site (id, structure_id, commune, name, address, postcode, main, since, until)", records,
      suffix: """
        ON CONFLICT (id) DO UPDATE SET structure_id = excluded.structure_id, name = excluded.name, address = excluded.address, postcode = excluded.postcode,
          main = excluded.main, since = excluded.since, until = excluded.until
        """
    ) { record in
      let draft = record.draft
      return """
        \(record.id), \(draft.structure), \(draft.commune), \(draft.name), \(draft.address), \(draft.postcode),
        \(draft.isMain ?? false), \(draft.since ?? .distantPast), \(draft.through?.next ?? .openEnd)
        """
    }
  }
}
