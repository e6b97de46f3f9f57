import Records
import Store

/// One dated thing said of a structure: a stage or a facet, from a day on.
struct DatedState: Hashable, Sendable {
  let code: StateCode
  let span: Span
}

/// A phase that a person has set, over the one that follows from stage and facets (R6).
struct DatedPhase: Hashable, Sendable {
  let phase: Phase
  let span: Span
}

/// What the column `etat` holds: a stage, or a facet. `aci` is both: the stage `ouverte` with the ACI facet.
public enum StateCode: Hashable, Sendable, Codable {
  case stage(Stage)
  case facet(Facet)

  init?(_ code: String) {
    if let stage = Stage(rawValue: code) {
      self = .stage(stage)
    } else if let facet = Facet(rawValue: code) {
      self = .facet(facet)
    } else {
      return nil
    }
  }

  public init(from decoder: any Decoder) throws {
    let code = try decoder.singleValueContainer().decode(String.self)
    guard let state = StateCode(code) else {
      throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "not a state"))
    }
    self = state
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(code)
  }

  var code: String {
    switch self {
    case .stage(let stage): stage.rawValue
    case .facet(let facet): facet.rawValue
    }
  }

  /// The stage it puts the structure in.
  public var resultingStage: Stage? {
    switch self {
    case .stage(let stage): stage
    case .facet(let facet): facet == .aci ? .ouverte : nil
    }
  }
}

/// The federation's thresholds for situation and phase.
struct StateRules: Sendable {
  /// Civil months of `demarrage` after ACI, SISA or opening (R6): those in force on that day, for the whole of it.
  var startMonths = DatedValues(12)
  /// From which stage teams that sign no ACI are `fonctionnement` (R2): that of each day.
  var runningStage = DatedValues(Stage.ouverte)

  init() {}

  init(_ settings: Settings) {
    startMonths = settings.integers(of: .startMonths)
    runningStage = settings.values(of: .runningStage).map { Stage(rawValue: $0) ?? .ouverte }
  }
}

extension Setting {
  static let startMonths = Setting.integer(
    "demarrage_mois", help: "Durée de la phase de démarrage, en mois", default: 12, in: 1...60, changesDerivedData: true)

  static let runningStage = Setting(
    "etape_fonctionnement", help: "Étape à partir de laquelle une ESP ou un centre de santé est en fonctionnement (valide ou ouverte)",
    default: Stage.ouverte.rawValue, changesDerivedData: true
  ) { text, _ in
    guard [Stage.valide, .ouverte].map(\.rawValue).contains(text) else { throw Refusal("Choisissez valide ou ouverte.") }
    return text
  }
}

/// A structure's state over a stretch of days.
struct StructureSpan: Hashable, Sendable {
  let span: Span
  let state: State

  struct State: Hashable, Sendable {
    /// `false` before the first dated stage: the structure is then in no count.
    var isCounted: Bool
    var type: StructureType
    var stage: Stage?
    var situation: Situation?
    var phase: Phase?
  }
}

/// Works a structure's states out day by day (R2, R6), as stretches that cover all time.
struct StateTimeline {
  let types: TypeHistory
  var states: [DatedState]
  /// Phases set by hand, which win over what the states say (R6).
  var corrections: [DatedPhase] = []
  var rules = StateRules()

  func spans() -> [StructureSpan] {
    var spans: [StructureSpan] = []
    var previous: StructureSpan.State?
    let days = boundaries()
    for (day, end) in zip(days, days.dropFirst()) {
      let derived = state(on: day, after: previous)
      previous = derived
      let state = corrected(derived, on: day)
      if let last = spans.last, last.state == state {
        spans[spans.count - 1] = StructureSpan(span: Span(since: last.span.since, until: end), state: state)
      } else {
        spans.append(StructureSpan(span: Span(since: day, until: end), state: state))
      }
    }
    return spans
  }

  /// Every day on which something may change.
  private func boundaries() -> [CivilDate] {
    var days: Set<CivilDate> = [.distantPast, .openEnd]
    days.formUnion(rules.runningStage.changes.map(\.since))
    for state in states {
      days.insert(state.span.since)
      days.insert(state.span.until)
      days.insert(state.span.since.adding(months: rules.startMonths[state.span.since]))
    }
    for correction in corrections {
      days.insert(correction.span.since)
      days.insert(correction.span.until)
    }
    return days.union(types.changes.map(\.since)).sorted()
  }

  private func corrected(_ state: StructureSpan.State, on day: CivilDate) -> StructureSpan.State {
    // Of two corrections that overlap, the later one was made knowing the other.
    let correction = corrections.filter { $0.span.contains(day) }.max { $0.span.since < $1.span.since }
    guard state.isCounted, let correction else { return state }
    var state = state
    state.phase = correction.phase
    return state
  }

  private func state(on day: CivilDate, after previous: StructureSpan.State?) -> StructureSpan.State {
    let type = types.type(on: day)
    // A structure of which no stage is known counts at every date, as « non renseigné ».
    guard states.contains(where: { $0.code.resultingStage != nil }) else { return .init(isCounted: true, type: type) }
    guard let stage = stage(on: day) else { return .init(isCounted: previous?.isCounted == true || hasBegun(by: day), type: type) }
    guard stage == .enPause else {
      return .init(isCounted: true, type: type, stage: stage, situation: situation(stage, on: day), phase: phase(stage, on: day))
    }
    let before = self.stage(on: day, ignoringPauses: true)
    return .init(isCounted: true, type: type, stage: stage, situation: before.map { situation($0, on: day) }, phase: previous?.phase)
  }

  func hasBegun(by day: CivilDate) -> Bool {
    states.contains { $0.code.resultingStage != nil && $0.span.since <= day }
  }

  /// The latest stage begun by that day; on one day the one furthest along the rail. A pause that has ended gives way
  /// to the stage before it; another stage that has ended without a next one leaves the stage unknown.
  func stage(on day: CivilDate, ignoringPauses: Bool = false) -> Stage? {
    guard let latest = latestStage(begunBy: day, ignoringPauses: ignoringPauses) else { return nil }
    // The end of an ACI ends the facet, not the opening.
    return latest.span.contains(day) || latest.code == .facet(.aci) ? latest.code.resultingStage : nil
  }

  func latestStage(begunBy day: CivilDate, ignoringPauses: Bool) -> DatedState? {
    let begun = states.filter { state in
      guard let stage = state.code.resultingStage, state.span.since <= day else { return false }
      return stage != .enPause || (!ignoringPauses && state.span.contains(day))
    }
    return begun.max { ($0.span.since, rank($0)) < ($1.span.since, rank($1)) }
  }

  func rank(_ state: DatedState) -> Int {
    state.code.resultingStage.flatMap { Stage.allCases.firstIndex(of: $0) } ?? 0
  }

  private func situation(_ stage: Stage, on day: CivilDate) -> Situation {
    if stage == .fermee { return .clos }
    if types.type(on: day).signsACI {
      if activeACI(on: day) != nil { return .aci }
      return isAtLeast(stage, .valide) ? .horsACI : .projet
    }
    return isAtLeast(stage, rules.runningStage[day]) ? .fonctionnement : .projet
  }

  private func phase(_ stage: Stage, on day: CivilDate) -> Phase {
    if stage == .fermee { return .clos }
    let type = types.type(on: day)
    if type.signsACI, let signed = activeACI(on: day) {
      return isStarting(since: signed, on: day) || sisaDates(by: day).contains { isStarting(since: $0, on: day) } ? .demarrage : .mature
    }
    switch stage {
    case .valide: return .avantACI
    case .ouverte:
      guard !type.signsACI, let opened = openingDate(by: day) else { return .avantACI }
      return isStarting(since: opened, on: day) ? .demarrage : .mature
    case .ecriture: return .ecriture
    default: return .emergence
    }
  }

  func isAtLeast(_ stage: Stage, _ other: Stage) -> Bool {
    (Stage.allCases.firstIndex(of: stage) ?? 0) >= (Stage.allCases.firstIndex(of: other) ?? 0)
  }

  private func isStarting(since start: CivilDate, on day: CivilDate) -> Bool {
    day < start.adding(months: rules.startMonths[start])
  }

  /// When the ACI that is in force was signed; an end, by `jusqua` or by its own mark, takes it away.
  func activeACI(on day: CivilDate) -> CivilDate? {
    let signed = states.filter { $0.code == .facet(.aci) && $0.span.contains(day) }.map(\.span.since).max()
    guard let signed else { return nil }
    let isEnded = states.contains { $0.code == .facet(.aciFin) && $0.span.since >= signed && $0.span.since <= day }
    return isEnded ? nil : signed
  }

  private func sisaDates(by day: CivilDate) -> [CivilDate] {
    states.filter { $0.code == .facet(.sisa) && $0.span.contains(day) }.map(\.span.since)
  }

  private func openingDate(by day: CivilDate) -> CivilDate? {
    states.filter { $0.code.resultingStage == .ouverte && $0.span.since <= day }.map(\.span.since).min()
  }
}
