import Store

/// A dated state that made a structure enter a stage or a facet.
struct StateEntry: Hashable, Sendable {
  /// From the stage before (DIR-12): which one, and the days since the team entered it.
  struct Step: Hashable, Sendable {
    let from: Stage
    let days: Int
  }

  let state: DatedState
  let target: StateCode
  /// Of an entry into a stage that is not the team's first one.
  var step: Step?
}

extension StateTimeline {
  /// What each dated state made the structure enter, in the order given (DIR-12): the first stage counts, a stage or facet in
  /// which the structure was the day before does not, nor does the stage that a pause had interrupted.
  func entries() -> [StateEntry] {
    let entries = states.flatMap { state in targets(of: state).map { StateEntry(state: state, target: $0) } }
    let steps = steps(of: entries)
    return entries.map { entry in
      var entry = entry
      entry.step = steps[entry]
      return entry
    }
  }

  /// For each entry into a stage, the stage before it on the team's own way. A pause is no step of the way: the days that it takes are
  /// between the stages on its two sides. The stage in which the team already was is not before itself.
  private func steps(of entries: [StateEntry]) -> [StateEntry: StateEntry.Step] {
    let way = entries.compactMap { entry -> (entry: StateEntry, stage: Stage)? in
      guard case .stage(let stage) = entry.target, stage != .enPause else { return nil }
      return (entry, stage)
    }
    .sorted { ($0.entry.state.span.since, rank($0.entry.state)) < ($1.entry.state.span.since, rank($1.entry.state)) }
    var steps: [StateEntry: StateEntry.Step] = [:]
    for (before, after) in zip(way, way.dropFirst()) where before.stage != after.stage {
      steps[after.entry] = .init(
        from: before.stage, days: after.entry.state.span.since.days(since: before.entry.state.span.since))
    }
    return steps
  }

  private func targets(of state: DatedState) -> [StateCode] {
    switch state.code {
    case .stage(let stage): return stageLeft(for: stage, on: state.span.since) == stage ? [] : [state.code]
    case .facet(let facet):
      let isDeclaredOpen = states.contains { $0.code == .stage(.ouverte) && $0.span.since == state.span.since }
      let opens = facet == .aci && !isDeclaredOpen && stageLeft(for: .ouverte, on: state.span.since) != .ouverte
      return (isNew(facet, by: state) ? [state.code] : []) + (opens ? [.stage(.ouverte)] : [])
    }
  }

  /// The stage of the day before; a pause stands for the stage that it interrupted, except for another pause.
  private func stageLeft(for next: Stage, on day: CivilDate) -> Stage? {
    let stage = stage(on: day.previous)
    guard stage == .enPause, next != .enPause else { return stage }
    return latestStage(begunBy: day.previous, ignoringPauses: true)?.code.resultingStage
  }

  private func isNew(_ facet: Facet, by state: DatedState) -> Bool {
    let eve = state.span.since.previous
    switch facet {
    // Acts of one day: each is one more.
    case .aciAvenant, .aciFin: return true
    case .aci: return activeACI(on: eve) == nil
    default: return !states.contains { $0.code == state.code && $0 != state && $0.span.contains(eve) }
    }
  }
}
