import Records
import Store

/// The targets in forms and files (DIR-06).
struct TargetRecords: RecordKind {
  struct Draft: Equatable, Sendable, Codable {
    var label: String?
    var measure: TargetMeasure?
    var type: StructureType?
    var base: Int?
    var baseDate: CivilDate?
    var goal: Int?
    var due: CivilDate?
    var department: String?
    var territory: String?
    var source: String?
    var note: String?
    var reference: String?
  }

  struct Context: RecordContext {
    let lists: ReferenceLists
    let gazetteer: Gazetteer
    /// The codes of territories by what a person writes.
    let territories: [String: String]
  }

  let name = "cibles"
  let label = "Cibles"
  let table = "target"
  let ownedTables: [OwnedTable] = []
  let blank = Draft()

  let fields: [Field<Draft, Context>] = [
    .text("libelle", label: "Libellé", \.label, isRequired: true),
    .coded("mesure", label: "Mesure", \.measure, isRequired: true),
    .coded("type", label: "Type de structure", \.type),
    .amount("base", label: "Valeur de base", \.base),
    .date("base_le", label: "Date de la base", \.baseDate),
    .amount("valeur", label: "Valeur visée", \.goal, isRequired: true),
    .date("echeance", label: "Échéance", \.due, isRequired: true),
    .value("departement", label: "Département", \.department, input: .record(of: Naming.departments.rawValue), print: { code, _ in code }) {
      text, reading in
      try reading.context.gazetteer.department(text)
    },
    .value("territoire", label: "Territoire", \.territory, input: .record(of: Naming.territories.rawValue), print: { code, _ in code }) {
      text, reading in
      let codes = reading.context.territories
      guard let code = codes[Fold.key(text)] ?? text.offeredReference.flatMap({ codes[Fold.key($0)] }) else {
        throw Refusal("« \(text) » n’est pas un territoire")
      }
      return code
    },
    .text("source", label: "Source", \.source),
    .text("commentaire", label: "Commentaire", \.note, limit: 2_000),
    .text("reference", label: "Référence", \.reference, limit: 80),
  ]

  func context(_ connection: any Connection) throws -> Context {
    let territories = try Territory.all(connection)
    let texts = territories.map { (Fold.key($0.code), $0.code) } + territories.map { (Fold.key($0.name), $0.code) }
    return Context(
      lists: try ReferenceLists(connection), gazetteer: try Gazetteer.of(connection),
      territories: Dictionary(texts, uniquingKeysWith: { first, _ in first }))
  }

  func key(of draft: Draft, _ context: Context) -> String? { draft.reference }

  func check(_ draft: inout Draft, isNew: Bool, _ reading: inout Reading<Context>) -> [Fault] {
    var faults: [Fault] = []
    if draft.base != nil, draft.baseDate == nil { faults.append(Fault("base_le", "donnez le jour de la valeur de base")) }
    if draft.measure == .growth, draft.baseDate == nil, draft.base == nil {
      faults.append(Fault("base_le", "donnez le jour depuis lequel compter les structures de plus"))
    }
    if let base = draft.baseDate, let due = draft.due, due <= base {
      faults.append(Fault("echeance", value: due.description, "l’échéance vient après la date de la base"))
    }
    if draft.department != nil, draft.territory != nil {
      faults.append(Fault("territoire", "choisissez un département ou un territoire, pas les deux"))
    }
    if draft.goal == 0 { faults.append(Fault("valeur", value: "0", "visez plus que zéro")) }
    return faults + typeFaults(draft) + amountFaults("base", draft.base, draft.measure) + amountFaults("valeur", draft.goal, draft.measure)
  }

  /// A day long past is welcome for the history, and often a slip.
  func review(_ lines: [ReviewedLine<Draft>], _ reading: inout Reading<Context>, _ connection: any Connection) throws {
    for line in lines where line.draft.due != line.old?.due {
      guard let due = line.draft.due, due < reading.today else { continue }
      reading.warn("l’échéance du \(due) est déjà passée : la cible se lira comme échue", about: "echeance", line: line.line)
    }
  }

  private func typeFaults(_ draft: Draft) -> [Fault] {
    guard let measure = draft.measure, let type = draft.type else { return [] }
    if measure.isShare, type != .cpts { return [Fault("type", value: type.rawValue, "ce sont les CPTS qui couvrent la région")] }
    return type == .isole ? [Fault("type", value: type.rawValue, "un professionnel isolé n’est pas une structure")] : []
  }

  private func amountFaults(_ column: String, _ tenths: Int?, _ measure: TargetMeasure?) -> [Fault] {
    guard let tenths, let measure else { return [] }
    let text = Thousandths.text(tenths * 100)
    if measure.isShare { return tenths <= 1_000 ? [] : [Fault(column, value: text, "une part ne dépasse pas 100 %")] }
    return tenths.isMultiple(of: 10) ? [] : [Fault(column, value: text, "un nombre de structures est un nombre entier")]
  }

  /// A second target for the same thing and day is as often a slip as meant.
  func resemblances(of draft: Draft, _ connection: any Connection) throws -> [Warning] {
    try connection.rows(
      """
      SELECT label, id FROM target WHERE removed_at IS NULL AND measure = \(draft.measure) AND due = \(draft.due)
        AND COALESCE(type, '') = \(draft.type?.rawValue ?? "") AND COALESCE(department, '') = \(draft.department ?? "")
        AND COALESCE(territory, '') = \(draft.territory ?? "") ORDER BY label LIMIT 3
      """
    ).map { row in
      let label: String = try row[0]
      return Warning("« \(label) » vise déjà la même chose pour le même jour", similar: [SimilarRecord(try row[1], label)])
    }
  }

  func stored(_ connection: any Connection, _ selection: RecordSelection, _ context: Context) throws -> [StoredRecord<Draft>] {
    let only: SQL
    if case .keys(let keys) = selection {
      // Without a reference of its own it is known by its identifier, as exports write it.
      let ids = keys.compactMap { Identifier<Target>($0) }
      only = "AND (g.reference IN \(list: keys) OR (g.reference IS NULL AND g.id IN \(list: ids)))"
    } else {
      only = selection.clause(id: "g.id")
    }
    return try connection.rows(
      """
      SELECT g.id, g.label, g.measure, g.type, g.base, g.base_date, g.goal, g.due, g.department, g.territory, g.source, g.note, g.reference
      FROM target g WHERE g.removed_at IS NULL \(only) ORDER BY g.due, g.label, g.id
      """
    ).map { row in
      let id: Identifier<Target> = try row[0]
      let draft = Draft(
        label: try row[1], measure: try row[2], type: try row[3], base: try row[4], baseDate: try row[5], goal: try row[6], due: try row[7],
        department: try row[8], territory: try row[9], source: try row[10], note: try row[11],
        reference: try row[12] ?? id.description)
      return StoredRecord(id: id.rawValue, key: draft.reference ?? "", draft: draft)
    }
  }

  func write(_ records: [RecordWrite<Draft>], _ connection: any Connection, _ context: Context, ids: IdentifierSource) throws {
    try connection.insert(
      into: "target (id, reference, label, measure, type, base, base_date, goal, due, department, territory, source, note)", records,
      suffix: """
        ON CONFLICT (id) DO UPDATE SET reference = excluded.reference, label = excluded.label, measure = excluded.measure,
          type = excluded.type, base = excluded.base, base_date = excluded.base_date, goal = excluded.goal, due = excluded.due,
          department = excluded.department, territory = excluded.territory, source = excluded.source, note = excluded.note
        """
    ) { record in
      let draft = record.draft
      let ownReference = draft.reference == Identifier<Target>(rawValue: record.id).description ? nil : draft.reference
      return """
        \(record.id), \(ownReference), \(draft.label), \(draft.measure), \(draft.type), \(draft.base), \(draft.baseDate), \(draft.goal),
        \(draft.due), \(draft.department), \(draft.territory), \(draft.source), \(draft.note)
        """
    }
  }
}

extension Field where Draft == TargetRecords.Draft, Context == TargetRecords.Context {
  /// A number of structures, or percents with one decimal, in tenths.
  fileprivate static func amount(
    _ name: String, label: String, _ path: any WritableKeyPath<Draft, Int?> & Sendable, isRequired: Bool = false
  ) -> Field {
    .value(
      name, label: label, path, isRequired: isRequired, input: .line(limit: 20), print: { tenths, _ in Thousandths.text(tenths * 100) }
    ) { text, _ in
      let thousandths = try Thousandths.reading(text.replacing("%", with: ""))
      guard thousandths.isMultiple(of: 100) else { throw Refusal("« \(text) » : une décimale au plus") }
      guard thousandths <= 1_000_000_000 else { throw Refusal("« \(text) » est trop grand") }
      return thousandths / 100
    }
  }
}
