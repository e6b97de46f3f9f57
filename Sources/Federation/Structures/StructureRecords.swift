import Foundation
import Records
import Store

/// Structures in files (DIR-01).
struct StructureRecords: RecordKind {
  struct Draft: Equatable, Sendable, Codable {
    var reference: String?
    var type: StructureType?
    var name: String?
    var department: String?
    var commune: String?
    var address: String?
    var postcode: String?
    var sites: [String] = []
    /// The stage of this line, moved into `states` once it is checked.
    var stage: String?
    var since: CivilDate?
    /// Sorted, once each.
    var states: [StateKey] = []
    var finess: String?
    var siret: String?
    var phone: String?
    var email: String?
    var website: String?
    var software: String?
    /// Sorted, once each.
    var tags: [String] = []
    /// Code of the level at which the software is shared.
    var softwareLevel: String?
    var softwareSince: CivilDate?
    var professionals: Int?
    var doctors: Int?
    var population: Int?
    /// The communes of the latest perimeter, and the day from which it holds; `nil` = since ever.
    var coverage: [String] = []
    var coverageSince: CivilDate?
    /// The earliest first; its last one is what `coverage` says, once that is checked.
    var perimeters: [Perimeter] = []
    var notes: String?
    /// Civil months between two exchanges (R7); 0 = no follow-up, `nil` = as the team's phase says.
    var followUpMonths: Int?
  }

  /// A dated state by what identifies it.
  struct StateKey: Hashable, Comparable, Sendable, Codable {
    let state: String
    let since: CivilDate

    static func < (left: Self, right: Self) -> Bool { (left.since, left.state) < (right.since, right.state) }

    var datedState: DatedState? {
      StateCode(state).map { DatedState(code: $0, span: Span(since: since, until: .openEnd)) }
    }
  }

  /// The communes that a CPTS claims from a day on, until its next perimeter (R1).
  struct Perimeter: Equatable, Sendable, Codable {
    /// `nil` = since ever.
    var since: CivilDate?
    /// Sorted, once each.
    var communes: [String]
  }

  struct Namesake {
    /// `nil` for one that the same file makes.
    let id: Int64?
    let reference: String
  }

  struct Context: CommuneContext {
    let lists: ReferenceLists
    let gazetteer: Gazetteer
    /// The structures of one name in one département.
    var namesakes: [String: [Namesake]]
    /// The communes of main sites that have no end, by the structure's reference.
    let mainSites: [String: String]
    /// The dated states that were given an end or a note since they were made, by the structure's reference.
    let completedStates: [String: Set<StateKey>]
    /// The tags in use, by their folds.
    var tags: [String: String]
  }

  let name = "structures"
  let label = "Structures"
  let table = "structure"
  let caption = RecordCaption(reference: "t.reference", label: "t.name", fold: "t.name_fold")
  let ownedTables = [
    "structure_site", StructureTag.table, "site", "headcount", "coverage_claim", "structure_type", "structure_state", "phase_correction",
    "structure_span",
    "structure_entry",
  ].map {
    OwnedTable($0, "structure_id")
  }
  let blank = Draft()
  var searched: SearchSource? { Structure.searchSource }
  var merging: MergeRules<Draft>? { Structure.merging }

  let fields: [Field<Draft, Context>] = [
    .text("reference", label: "Référence", \.reference, isRequired: true, limit: 80),
    .coded("type", label: "Type", \.type, isRequired: true),
    .text("nom", label: "Nom", \.name, isRequired: true),
    .value(
      "departement", label: "Département", \.department, isRequired: true, input: .record(of: "departements"), print: { code, _ in code }
    ) { text, reading in
      try reading.context.gazetteer.department(text)
    },
    .commune(\.commune),
    .text("adresse", label: "Adresse", \.address),
    .text("code_postal", label: "Code postal", \.postcode, limit: 10),
    .places("sites", label: "Sites", \.sites),
    .state,
    .stateDate,
    .value("finess", label: "FINESS", \.finess, print: { number, _ in number }) { text, _ in try Registration.finess(text) },
    .value("siret", label: "SIRET", \.siret, print: { number, _ in number }) { text, _ in try Registration.siret(text) },
    .phone(\.phone, takesShort: true),
    .value("courriel", label: "Courriel", \.email, print: { address, _ in address }) { text, _ in try EmailAddress.reading(text) },
    .website(\.website),
    .text("logiciel", label: "Logiciel", \.software),
    .listed("niveau_logiciel", label: "Niveau du logiciel", \.softwareLevel, in: .softwareLevel),
    .date("logiciel_depuis", label: "Logiciel depuis", \.softwareSince),
    .integer("nb_professionnels", label: "Nombre de professionnels", \.professionals, in: 0...100_000),
    .integer("nb_medecins", label: "Nombre de médecins", \.doctors, in: 0...100_000),
    .integer("population", label: "Population", \.population, in: 0...20_000_000),
    .places("communes_couvertures", label: "Communes couvertes", \.coverage, input: .records(of: "communes")),
    .date("perimetre_depuis", label: "Périmètre depuis", \.coverageSince),
    .tags,
    .text("notes", label: "Notes", \.notes, limit: 5_000),
    .integer("rythme_suivi", label: "Rythme de suivi (mois)", \.followUpMonths, in: 0...60),
  ]

  func context(_ connection: any Connection) throws -> Context {
    var namesakes: [String: [Namesake]] = [:]
    for row in try connection.rows("SELECT name_fold, department, id, reference FROM structure WHERE removed_at IS NULL") {
      namesakes["\(try row[0] as String)|\(try row[1] as String)", default: []].append(Namesake(id: try row[2], reference: try row[3]))
    }
    var mainSites: [String: String] = [:]
    for row in try connection.rows(
      """
      SELECT s.reference, x.commune FROM site x JOIN structure s ON s.id = x.structure_id
      WHERE x.main AND x.until = \(CivilDate.openEnd) AND x.removed_at IS NULL AND s.removed_at IS NULL
      """)
    { mainSites[try row[0]] = try row[1] as String }
    var completed: [String: Set<StateKey>] = [:]
    for row in try connection.rows(
      """
      SELECT s.reference, t.state, t.since FROM structure_state t JOIN structure s ON s.id = t.structure_id
      WHERE (t.until <> \(CivilDate.openEnd) OR t.note IS NOT NULL) AND t.removed_at IS NULL AND s.removed_at IS NULL
      """)
    { completed[try row[0], default: []].insert(StateKey(state: try row[1], since: try row[2])) }
    return Context(
      lists: try ReferenceLists(connection), gazetteer: try Gazetteer.of(connection), namesakes: namesakes, mainSites: mainSites,
      completedStates: completed, tags: try StructureTag.known(connection))
  }

  func key(of draft: Draft, _ context: Context) -> String? { draft.reference }

  func check(_ draft: inout Draft, isNew: Bool, _ reading: inout Reading<Context>) -> [Fault] {
    var faults: [Fault] = []
    faults += resolvePlaces(&draft, &reading)
    // Only the stage of this line: those that are stored belong to the type that the team had then.
    if let type = draft.type, let stage = draft.stage.flatMap(StateCode.init)?.resultingStage, !type.stages.contains(stage),
      !draft.holdsState
    {
      faults.append(Fault("etat", "l’étape « \(stage.rawValue) » n’existe pas pour le type « \(type.rawValue) »"))
    }
    faults += takeState(&draft, isForm: reading.isForm)
    if !isNew { faults += lostStates(draft, reading.context) }
    if isNew { warnOfNamesakes(draft, &reading) }
    return faults
  }

  /// A stage that comes with a structure may contradict its facets as well.
  func review(_ lines: [ReviewedLine<Draft>], _ reading: inout Reading<Context>, _ connection: any Connection) throws {
    for line in lines {
      guard let type = line.draft.type else { continue }
      let timeline = StateTimeline(types: TypeHistory(type), states: line.draft.states.compactMap(\.datedState))
      let new = Set(line.draft.states).subtracting(line.old?.states ?? [])
      for state in new.sorted() where state.since > reading.today {
        let stage = StateCode(state.state)?.resultingStage.map { "l’étape « \(reading.context.lists.label($0)) » est datée" }
        let said = stage ?? "le repère « \(reading.context.lists.label(of: state.state, in: Facet.list)) » est daté"
        reading.warn("\(said) du \(state.since), un jour à venir", about: "depuis", line: line.line)
      }
      for sentence in new.sorted().compactMap(\.datedState).compactMap(timeline.contradiction) {
        reading.warn(sentence, about: "etat", line: line.line)
      }
    }
  }

  /// The same name in the same département, stored or earlier in the file: likely one team entered twice.
  private func warnOfNamesakes(_ draft: Draft, _ reading: inout Reading<Context>) {
    guard let name = draft.name, let department = draft.department, let reference = draft.reference else { return }
    let others = reading.context.namesakes["\(Fold.key(name))|\(department)", default: []]
    if !others.isEmpty {
      let stored = others.prefix(Self.mostNames).compactMap { other in other.id.map { SimilarRecord($0, other.reference) } }
      reading.warn("« \(name) » porte le même nom que \(Self.firstNames(others.map(\.reference)))", similar: stored)
    }
    reading.context.namesakes["\(Fold.key(name))|\(department)", default: []].append(Namesake(id: nil, reference: reference))
  }

  private static let mostNames = 3

  /// A few of them: each line of a file of twenty thousand namesakes would else name all those before it.
  private static func firstNames(_ references: [String]) -> String {
    let rest = references.count - mostNames
    return references.prefix(mostNames).joined(separator: ", ") + (rest > 0 ? " et \(rest) \(rest == 1 ? "autre" : "autres")" : "")
  }

  /// Names of communes become codes, in the structure's département; a site that is no commune stays as written.
  private func resolvePlaces(_ draft: inout Draft, _ reading: inout Reading<Context>) -> [Fault] {
    var faults: [Fault] = []
    let gazetteer = reading.context.gazetteer
    if let text = draft.commune {
      do {
        let commune = try gazetteer.commune(text, in: draft.department)
        draft.commune = commune.code
        if let department = draft.department, commune.department != department {
          reading.warn("\(commune.name) est dans le département \(commune.department), pas \(department)")
        }
        if let main = draft.reference.flatMap({ reading.context.mainSites[$0] }), main != commune.code {
          let place = gazetteer.commune(code: main)?.name ?? main
          reading.warn("le site principal est à \(place), pas à \(commune.name) : corrigez aussi les sites")
        }
      } catch {
        faults.append(Fault("commune", "\(error)"))
      }
    }
    draft.sites = draft.sites.map { (try? gazetteer.commune($0, in: draft.department))?.code ?? $0 }
    draft.coverage = draft.coverage.map { text in
      do {
        // A CPTS may lie over several départements: its own first, then all.
        return try ((try? gazetteer.commune(text, in: draft.department)) ?? gazetteer.commune(text, in: nil)).code
      } catch {
        faults.append(Fault("communes_couvertures", value: text, "\(error)"))
        return text
      }
    }
    draft.coverage = Set(draft.coverage).sorted()
    if faults.isEmpty { faults += takePerimeter(&draft) }
    return faults
  }

  /// Other communes since another day are a new perimeter; other communes alone, or another day alone, mend the latest one.
  private func takePerimeter(_ draft: inout Draft) -> [Fault] {
    let asked = Perimeter(since: draft.coverageSince, communes: draft.coverage)
    guard let last = draft.perimeters.last else {
      if !asked.communes.isEmpty { draft.perimeters = [asked] }
      return asked.communes.isEmpty && asked.since != nil ? [Fault("perimetre_depuis", "donnez aussi les communes de ce périmètre")] : []
    }
    let isNew = asked.communes != last.communes && asked.since != last.since
    let before = isNew ? last.since : draft.perimeters.dropLast().last?.since
    let isFirst = !isNew && draft.perimeters.count == 1
    guard isFirst || asked.since.map({ $0 > before ?? .distantPast }) ?? false else {
      let day = before.map { " du \($0)" } ?? ""
      return [Fault("perimetre_depuis", "donnez un jour après celui du périmètre précédent\(day)")]
    }
    if !isNew { draft.perimeters.removeLast() }
    draft.perimeters.append(asked)
    // A CPTS that never claimed anything has no perimeter.
    if draft.perimeters.count == 1, asked.communes.isEmpty { (draft.perimeters, draft.coverageSince) = ([], nil) }
    return []
  }

  /// A state that has an end or a note is not taken back with the entry that made it: they would be lost.
  private func lostStates(_ draft: Draft, _ context: Context) -> [Fault] {
    let completed = context.completedStates[draft.reference ?? "", default: []]
    return completed.subtracting(draft.states).sorted().map { state in
      let label =
        StateCode(state.state)?.resultingStage.map { context.lists.label($0) } ?? context.lists.label(of: state.state, in: Facet.list)
      return Fault(
        "etat", value: state.state,
        "« \(label) » du \(state.since) a une fin ou une note : corrigez-la dans l’historique des étapes de l’équipe")
    }
  }

  /// A form sends what was changed: a date alone mends that of the stage which it shows, where a file would have to name it.
  private func takeState(_ draft: inout Draft, isForm: Bool) -> [Fault] {
    defer { (draft.stage, draft.since) = (nil, nil) }
    let shown = isForm ? draft.latestStage : nil
    switch (draft.stage, draft.since) {
    case (let state?, let since?): draft.states = Set(draft.states + [StateKey(state: state, since: since)]).sorted()
    case (.some, nil) where shown != nil:
      return [Fault("depuis", "donnez le jour où l’équipe y entre : celui-ci est celui de l’étape d’avant")]
    case (.some, nil): return [Fault("depuis", "obligatoire quand l’état est donné")]
    case (nil, let since?) where shown != nil:
      let moved = StateKey(state: shown?.state ?? "", since: since)
      guard !draft.states.contains(moved) else { return [Fault("depuis", "l’équipe y est déjà entrée ce jour-là")] }
      draft.states = Set(draft.states.filter { $0 != shown } + [moved]).sorted()
    case (nil, .some): return [Fault("etat", "obligatoire quand une date est donnée")]
    case (nil, nil): break
    }
    return []
  }
}

extension Field where Draft == StructureRecords.Draft {
  /// Several places separated by `|`, in the order written.
  fileprivate static func places(
    _ name: String, label: String, _ path: any WritableKeyPath<Draft, [String]> & Sendable, input: FieldInput = .paragraph(limit: 5_000)
  ) -> Field {
    Field(
      name, label: label, input: input,
      parse: { text, draft, _ in
        let parts = text.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
        draft[keyPath: path] = parts.reduce(into: []) { places, part in if !places.contains(part) { places.append(part) } }
      },
      print: { draft, _ in draft[keyPath: path].joined(separator: "|") },
      merge: { new, old in if !new[keyPath: path].isEmpty { old[keyPath: path] = new[keyPath: path] } },
      clear: { $0[keyPath: path] = [] })
  }

  /// A file shows the latest stage; read back, it is one that is already there.
  fileprivate static var state: Field {
    Field(
      "etat", label: "Étape", input: .choice(Stage.list, or: Facet.list),
      parse: { text, draft, reading in draft.stage = try StateRecords.state(text, &reading).code },
      print: { draft, _ in draft.stage ?? draft.latestStage?.state ?? "" },
      merge: { new, old in old.stage = new.stage },
      clear: { $0.stage = nil })
  }

  fileprivate static var stateDate: Field {
    Field(
      "depuis", label: "Depuis", input: .date,
      parse: { text, draft, _ in draft.since = try .reading(text) },
      print: { draft, _ in (draft.since ?? draft.latestStage?.since)?.description ?? "" },
      merge: { new, old in old.since = new.since },
      clear: { $0.since = nil })
  }
}

extension StructureRecords.Draft {
  /// Whether the state of this line is stored already.
  fileprivate var holdsState: Bool {
    guard let stage, let since else { return false }
    return states.contains(StructureRecords.StateKey(state: stage, since: since))
  }

  var latestStage: StructureRecords.StateKey? {
    states.filter { StateCode($0.state)?.resultingStage != nil }.max()
  }
}
