import Records
import Store

extension StructureRecords {
  func stored(_ connection: any Connection, _ selection: RecordSelection, _ context: Context) throws -> [StoredRecord<Draft>] {
    let only: SQL = "WHERE s.removed_at IS NULL \(selection.clause(id: "s.id", key: "s.reference"))"
    let sites = try connection.rows(
      "SELECT p.structure_id, p.place FROM structure_site p JOIN structure s ON s.id = p.structure_id \(only) ORDER BY p.structure_id, p.position"
    )
    let claims = try connection.rows(
      """
      SELECT p.structure_id, p.commune, p.since, p.until FROM coverage_claim p JOIN structure s ON s.id = p.structure_id \(only)
      ORDER BY p.structure_id, p.since, p.commune
      """
    )
    let tags = try connection.rows("SELECT p.structure_id, p.tag FROM structure_tag p JOIN structure s ON s.id = p.structure_id \(only)")
    let states = try connection.rows(
      "SELECT p.structure_id, p.state, p.since FROM structure_state p JOIN structure s ON s.id = p.structure_id \(only) AND p.removed_at IS NULL"
    )
    var drafts: [Int64: Draft] = [:]
    for row in sites { drafts[try row[0], default: Draft()].sites.append(try row[1]) }
    for (id, rows) in Dictionary(grouping: try claims.map { try Claim($0) }, by: \.structure) {
      drafts[id, default: Draft()].perimeters = Claim.perimeters(rows)
    }
    for row in tags { drafts[try row[0], default: Draft()].tags.append(try row[1]) }
    for row in states { drafts[try row[0], default: Draft()].states.append(StateKey(state: try row[1], since: try row[2])) }
    return try connection.rows(
      """
      SELECT s.id, s.reference, s.type, s.name, s.department, s.commune, s.address, s.postcode, s.finess, s.siret, s.phone, s.email,
        s.website, s.software, s.professionals, s.doctors, s.population, s.notes, s.follow_up_months, s.software_level,
        s.software_since
      FROM structure s \(only) ORDER BY s.reference
      """
    ).map { row in
      let id: Int64 = try row[0]
      var draft = drafts[id] ?? Draft()
      draft.states.sort()
      draft.tags.sort()
      (draft.coverage, draft.coverageSince) = (draft.perimeters.last?.communes ?? [], draft.perimeters.last?.since)
      (draft.reference, draft.type, draft.name, draft.department) = (try row[1], try row[2], try row[3], try row[4])
      (draft.commune, draft.address, draft.postcode, draft.finess) = (try row[5], try row[6], try row[7], try row[8])
      (draft.siret, draft.phone, draft.email, draft.website) = (try row[9], try row[10], try row[11], try row[12])
      (draft.software, draft.professionals, draft.doctors) = (try row[13], try row[14], try row[15])
      (draft.population, draft.notes, draft.followUpMonths) = (try row[16], try row[17], try row[18])
      (draft.softwareLevel, draft.softwareSince) = (try row[19], try row[20])
      return StoredRecord(id: id, key: try row[1], draft: draft)
    }
  }

  func write(_ records: [RecordWrite<Draft>], _ connection: any Connection, _ context: Context, ids: IdentifierSource) throws {
    try connection.insert(
      into: """
        structure (id, reference, type, name, name_fold, search_fold, department, commune, address, postcode, finess, siret, phone,
          email, website, software, professionals, doctors, population, notes, follow_up_months,
          software_level, software_since)
        """,
      records,
      suffix: """
        ON CONFLICT (id) DO UPDATE SET type = excluded.type, name = excluded.name, name_fold = excluded.name_fold,
          search_fold = excluded.search_fold, department = excluded.department, commune = excluded.commune,
          address = excluded.address, postcode = excluded.postcode, finess = excluded.finess, siret = excluded.siret,
          phone = excluded.phone, email = excluded.email, website = excluded.website, software = excluded.software,
          professionals = excluded.professionals, doctors = excluded.doctors, population = excluded.population,
          notes = excluded.notes, follow_up_months = excluded.follow_up_months,
          software_level = excluded.software_level, software_since = excluded.software_since
        """
    ) { record in
      let draft = record.draft
      let commune = draft.commune.flatMap { context.gazetteer.commune(code: $0) }
      let search = StructureFolds.search(
        name: draft.name ?? "", reference: draft.reference ?? "", commune: commune?.name, finess: draft.finess)
      return """
        \(record.id), \(draft.reference), \(draft.type), \(draft.name), \(Fold.key(draft.name ?? "")), \(search), \(draft.department),
        \(draft.commune), \(draft.address), \(draft.postcode), \(draft.finess), \(draft.siret), \(draft.phone), \(draft.email),
        \(draft.website), \(draft.software), \(draft.professionals), \(draft.doctors), \(draft.population), \(draft.notes),
        \(draft.followUpMonths), \(draft.softwareLevel), \(draft.softwareSince)
        """
    }
    for record in records where record.old.map({ $0.type != record.draft.type }) ?? false {
      try CurrentTypes.correct(record.draft.type, of: record.id, connection)
    }
    try writeSites(records, connection)
    try writeTags(records, connection)
    try writeClaims(records, connection)
    try writeStates(records, connection, ids)
  }

  private func writeSites(_ records: [RecordWrite<Draft>], _ connection: any Connection) throws {
    let changed = records.filter { $0.draft.sites != $0.old?.sites ?? [] }
    try connection.execute("DELETE FROM structure_site WHERE structure_id IN \(list: changed.map(\.id))")
    let rows = changed.flatMap { record in record.draft.sites.enumerated().map { (record.id, $0.offset, $0.element) } }
    try connection.insert(into: "structure_site", rows) { "\($0), \($1), \($2)" }
  }

  private func writeTags(_ records: [RecordWrite<Draft>], _ connection: any Connection) throws {
    let changed = records.filter { $0.draft.tags != $0.old?.tags ?? [] }
    try connection.execute("DELETE FROM structure_tag WHERE structure_id IN \(list: changed.map(\.id))")
    try connection.insert(into: "structure_tag", changed.flatMap { record in record.draft.tags.map { (record.id, $0) } }) { "\($0), \($1)" }
  }

  private func writeClaims(_ records: [RecordWrite<Draft>], _ connection: any Connection) throws {
    let changed = records.filter { $0.draft.perimeters != $0.old?.perimeters ?? [] }
    try connection.execute("DELETE FROM coverage_claim WHERE structure_id IN \(list: changed.map(\.id))")
    let rows = changed.flatMap { Claim.all(of: $0.id, $0.draft.perimeters) }
    try connection.insert(into: "coverage_claim", rows) { "\($0.structure), \($0.commune), \($0.since), \($0.until)" }
  }

  private func writeStates(_ records: [RecordWrite<Draft>], _ connection: any Connection, _ ids: IdentifierSource) throws {
    for record in records {
      // One that has an end or a note is not taken back: `check` says so.
      for gone in Set(record.old?.states ?? []).subtracting(record.draft.states) {
        try connection.execute(
          """
          DELETE FROM structure_state
          WHERE structure_id = \(record.id) AND state = \(gone.state) AND since = \(gone.since) AND until = \(CivilDate.openEnd) AND note IS NULL
          """)
      }
    }
    let rows = records.flatMap { record in Set(record.draft.states).subtracting(record.old?.states ?? []).map { (record.id, $0) } }
    try connection.insert(into: "structure_state (id, structure_id, state, since, until)", rows) { id, key in
      "\(ids.next(DatedState.self)), \(id), \(key.state), \(key.since), \(CivilDate.openEnd)"
    }
  }

  func announce(_ writes: [RecordWrite<Draft>], _ writing: Writing, _ connection: any Connection) throws {
    let entries = writes.flatMap { write -> [(structure: Int64, state: String, since: CivilDate)] in
      // Nobody watches a team that is only just made.
      guard let old = write.old else { return [] }
      return Set(write.draft.states).subtracting(old.states).map { (write.id, $0.state, $0.since) }
    }
    try NoticeEvent.stages(entries, writing, connection)
  }

  /// The type, which its dated changes give, and the dated states.
  func heldByParts(_ ids: [Int64], _ connection: any Connection) throws -> [Int64: Draft] {
    var drafts: [Int64: Draft] = [:]
    for row in try connection.rows("SELECT id, type FROM structure WHERE id IN \(list: ids)") {
      drafts[try row[0], default: Draft()].type = try row[1]
    }
    let states = try connection.rows(
      "SELECT structure_id, state, since FROM structure_state WHERE removed_at IS NULL AND structure_id IN \(list: ids) ORDER BY since, state"
    )
    for row in states { drafts[try row[0], default: Draft()].states.append(StateKey(state: try row[1], since: try row[2])) }
    return drafts
  }

  /// One commune of one perimeter, as it is stored.
  private struct Claim {
    let structure: Int64
    let commune: String
    let since: CivilDate
    let until: CivilDate

    init(structure: Int64, commune: String, since: CivilDate, until: CivilDate) {
      (self.structure, self.commune, self.since, self.until) = (structure, commune, since, until)
    }

    init(_ row: Row) throws {
      self.init(structure: try row[0], commune: try row[1], since: try row[2], until: try row[3])
    }

    static func all(of structure: Int64, _ perimeters: [Perimeter]) -> [Claim] {
      zip(perimeters, perimeters.dropFirst().map { $0.since ?? .distantPast } + [.openEnd]).flatMap { perimeter, until in
        perimeter.communes.map { Claim(structure: structure, commune: $0, since: perimeter.since ?? .distantPast, until: until) }
      }
    }

    /// Of one structure's claims in the order of their days: where none goes on, a perimeter without communes begins.
    static func perimeters(_ claims: [Claim]) -> [Perimeter] {
      var (perimeters, end): ([Perimeter], CivilDate?) = ([], nil)
      func day(_ date: CivilDate) -> CivilDate? { date == .distantPast ? nil : date }
      for claim in claims {
        if perimeters.last?.since != day(claim.since) || perimeters.isEmpty {
          if let end, end < claim.since { perimeters.append(Perimeter(since: end, communes: [])) }
          perimeters.append(Perimeter(since: day(claim.since), communes: []))
        }
        perimeters[perimeters.count - 1].communes.append(claim.commune)
        end = claim.until
      }
      if let end, end != .openEnd { perimeters.append(Perimeter(since: end, communes: [])) }
      return perimeters
    }
  }

  func settle(_ ids: [Int64], _ drafts: [Draft], _ connection: any Connection) throws {
    try StateTimelines.rebuild(connection, structures: ids.map { Identifier(rawValue: $0) })
  }
}
