import Records
import Store

extension StateTimeline {
  /// Facets that only a team whose project is validated can have.
  private static let needValidation: Set<Facet> = [.reconnue, .sisa, .aci, .aciAvenant]

  /// Why a state does not go with the others on its day (R2): something to say, never to refuse.
  func contradiction(of state: DatedState) -> String? {
    switch state.code {
    case .stage(let stage): earlyFacet(at: stage, from: state.span.since)
    case .facet(let facet): contradiction(of: facet, over: state.span)
    }
  }

  /// A stage before `valide` that begins while a facet says more.
  private func earlyFacet(at stage: Stage, from day: CivilDate) -> String? {
    guard isBeforeValidation(stage) else { return nil }
    let facets = states.compactMap { state -> Facet? in
      guard case .facet(let facet) = state.code, Self.needValidation.contains(facet) else { return nil }
      let isInForce = facet == .aci ? activeACI(on: day) != nil : state.span.contains(day)
      return state.span.since < day && isInForce ? facet : nil
    }
    return facets.first.map { "l’étape « \(stage.rawValue) » contredit le repère « \($0.rawValue) », en vigueur ce jour-là" }
  }

  private func contradiction(of facet: Facet, over span: Span) -> String? {
    let day = span.since
    if [.aciAvenant, .aciFin].contains(facet), !hasSignedACI(by: day) {
      return "le repère « \(facet.rawValue) » est donné sans ACI signé à cette date"
    }
    guard states.contains(where: { $0.code.resultingStage != nil }) else { return nil }
    guard let stage = stage(on: day, ignoringPauses: true) else {
      return hasBegun(by: day) ? nil : "le repère « \(facet.rawValue) » est antérieur à la première étape"
    }
    let isContradicted = stage == .fermee ? facet != .aciFin : Self.needValidation.contains(facet) && isBeforeValidation(stage)
    return isContradicted ? "le repère « \(facet.rawValue) » contredit l’étape « \(stage.rawValue) », en cours ce jour-là" : nil
  }

  private func isBeforeValidation(_ stage: Stage) -> Bool { !isAtLeast(stage, .valide) }

  private func hasSignedACI(by day: CivilDate) -> Bool {
    states.contains { $0.code == .facet(.aci) && $0.span.since <= day }
  }
}
