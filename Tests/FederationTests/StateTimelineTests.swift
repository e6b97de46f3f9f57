import Records
import Store
import Testing

@testable import Federation

/// R2 and R6, day by day.
@Suite struct StateTimelineTests {
  private func day(_ text: String) throws -> CivilDate { try #require(CivilDate(iso: text)) }

  /// States written `code since` or `code since..lastDay`, asked on some days.
  private func states(
    _ type: StructureType, _ declared: [String], on days: [String], rules: StateRules = StateRules()
  ) throws -> [StructureSpan.State] {
    let spans = StateTimeline(types: TypeHistory(type), states: try declared.map(state), rules: rules).spans()
    #expect(spans.first?.span.since == .distantPast && spans.last?.span.until == .openEnd)
    #expect(zip(spans, spans.dropFirst()).allSatisfy { $0.span.until == $1.span.since && $0.state != $1.state })
    return try days.map { text in
      let day = try day(text)
      return try #require(spans.first { $0.span.contains(day) }).state
    }
  }

  private func state(_ text: String) throws -> DatedState {
    let words = text.split(separator: " ").map(String.init)
    let days = words[1].split(separator: ".").map(String.init)
    let until = days.count > 1 ? try day(days[1]).next : .openEnd
    return DatedState(code: try #require(StateCode(words[0])), span: Span(since: try day(days[0]), until: until))
  }

  @Test(arguments: [
    // The first stage, each next one, and the ACI with the opening that it brings.
    (["contact 2020-01-01", "ecriture 2020-06-01", "aci 2021-01-01"], ["contact 2020", "ecriture 2020", "aci 2021", "ouverte 2021"]),
    (["ouverte 2021-01-01", "aci 2021-01-01"], ["ouverte 2021", "aci 2021"]),
    (["ouverte 2020-01-01", "aci 2021-01-01"], ["ouverte 2020", "aci 2021"]),
    // A stage reached on the day of a further one was reached.
    (["ecriture 2020-01-01", "valide 2021-01-01", "ouverte 2021-01-01"], ["ecriture 2020", "valide 2021", "ouverte 2021"]),
    // Twice the same, in a row or one within the other; and a stage that was really left.
    (["ecriture 2020-01-01..2020-12-31", "ecriture 2021-01-01"], ["ecriture 2020"]),
    (["ecriture 2020-01-01", "ecriture 2021-01-01"], ["ecriture 2020"]),
    (["ecriture 2020-01-01..2020-12-31", "ecriture 2021-03-01"], ["ecriture 2020", "ecriture 2021"]),
    (["contact 2020-01-01", "ecriture 2020-06-01", "contact 2021-01-01"], ["contact 2020", "ecriture 2020", "contact 2021"]),
    // A pause is entered, what it interrupted is not entered again.
    (["ecriture 2020-01-01", "en_pause 2020-06-01..2020-12-31", "valide 2021-03-01"], ["ecriture 2020", "en_pause 2020", "valide 2021"]),
    (["ecriture 2020-01-01..2020-05-31", "en_pause 2020-06-01", "ecriture 2021-01-01"], ["ecriture 2020", "en_pause 2020"]),
    (["ecriture 2020-01-01", "en_pause 2020-06-01", "valide 2021-03-01"], ["ecriture 2020", "en_pause 2020", "valide 2021"]),
    (["ouverte 2020-01-01", "en_pause 2020-06-01", "aci 2021-03-01"], ["ouverte 2020", "en_pause 2020", "aci 2021"]),
    // An ACI signed again while it runs is the same; after its end it is another. Amendments are acts.
    (["aci 2016-01-01", "aci 2021-01-01"], ["aci 2016", "ouverte 2016"]),
    (["aci 2016-01-01", "aci_fin 2020-01-01", "aci 2021-01-01"], ["aci 2016", "ouverte 2016", "aci_fin 2020", "aci 2021"]),
    (["aci_avenant 2020-01-01", "aci_avenant 2021-01-01"], ["aci_avenant 2020", "aci_avenant 2021"]),
    (["sisa 2020-01-01", "sisa 2021-01-01"], ["sisa 2020"]),
    (["fir 2020-01-01..2020-12-31", "fir 2022-01-01..2022-12-31"], ["fir 2020", "fir 2022"]),
  ]) func entriesAreWhatTheTeamWasNotInTheDayBefore(_ declared: [String], _ expected: [String]) throws {
    let timeline = StateTimeline(types: TypeHistory(.msp), states: try declared.map(state), rules: StateRules())
    #expect(timeline.entries().map { "\($0.target.code) \($0.state.span.since.year)" } == expected)
  }

  @Test func aCPTSGoesFromLetterToACI() throws {
    let states = try states(
      .cpts, ["lettre_intention 2021-03-02", "valide 2022-01-18", "aci 2022-10-01"],
      on: ["2021-03-01", "2021-12-31", "2022-06-30", "2022-12-31"])
    #expect(states.map(\.isCounted) == [false, true, true, true])
    #expect(states.map(\.stage) == [nil, .lettreIntention, .valide, .ouverte])
    #expect(states.map(\.situation) == [nil, .projet, .horsACI, .aci])
    #expect(states.map(\.phase) == [nil, .emergence, .avantACI, .demarrage])
  }

  @Test func anMSPMaturesTwelveMonthsAfterItsACI() throws {
    let states = try states(
      .msp, ["contact 2019-01-10", "ecriture 2019-06-01", "ouverte 2020-01-01", "aci 2020-02-29"],
      on: ["2019-01-10", "2019-06-01", "2020-01-01", "2020-02-29", "2021-02-27", "2021-02-28"])
    #expect(states.map(\.phase) == [.emergence, .ecriture, .avantACI, .demarrage, .demarrage, .mature])
    #expect(states.map(\.situation) == [.projet, .projet, .horsACI, .aci, .aci, .aci])
  }

  @Test func aLaterSISAStartsTheTeamToo() throws {
    let phases = try states(.msp, ["aci 2020-01-01", "sisa 2020-09-01"], on: ["2021-01-01", "2021-08-31", "2021-09-01"]).map(\.phase)
    #expect(phases == [.demarrage, .demarrage, .mature])
  }

  @Test func aSISAWithoutACIIsStillBeforeACI() throws {
    #expect(try states(.msp, ["valide 2020-01-01", "sisa 2020-02-01"], on: ["2020-03-01"]).map(\.phase) == [.avantACI])
  }

  @Test func anEndedACIIsHorsACIAndStaysOpen() throws {
    for end in [["aci 2020-01-01..2021-12-31"], ["aci 2020-01-01", "aci_fin 2022-01-01"]] {
      let states = try states(.msp, end, on: ["2021-12-31", "2022-01-01"])
      #expect(states.map(\.situation) == [.aci, .horsACI])
      #expect(states.map(\.stage) == [.ouverte, .ouverte])
      #expect(states.map(\.phase) == [.mature, .avantACI])
    }
  }

  @Test(arguments: [StructureType.esp, .espClap, .cds])
  func otherTeamsRunFromTheirOpening(_ type: StructureType) throws {
    let states = try states(
      type, ["contact 2020-01-01", "ecriture 2020-02-01", "valide 2020-03-01", "ouverte 2020-04-01", "fermee 2022-01-01"],
      on: ["2020-01-01", "2020-02-01", "2020-03-01", "2020-04-01", "2021-04-01", "2022-01-01"])
    #expect(states.map(\.situation) == [.projet, .projet, .projet, .fonctionnement, .fonctionnement, .clos])
    #expect(states.map(\.phase) == [.emergence, .ecriture, .avantACI, .demarrage, .mature, .clos])
  }

  @Test func theThresholdOfRunningIsASetting() throws {
    var rules = StateRules()
    rules.runningStage = DatedValues(.valide)
    #expect(try states(.cds, ["valide 2020-03-01"], on: ["2020-03-01"], rules: rules).map(\.situation) == [.fonctionnement])
  }

  /// What is in force on the day a phase begins holds for the whole of it.
  @Test func aStartLastsAsLongAsTheSettingSaidThatDay() throws {
    var rules = StateRules()
    rules.startMonths = DatedValues(12, [(try day("2021-01-01"), 6), (try day("2022-01-01"), 24)])
    let days = ["2021-05-31", "2021-06-01", "2021-07-31", "2021-08-01", "2023-12-31", "2024-01-01"]
    func phases(_ opening: String) throws -> [Phase?] { try states(.esp, ["ouverte \(opening)"], on: days, rules: rules).map(\.phase) }
    #expect(try phases("2020-06-01") == [.demarrage, .mature, .mature, .mature, .mature, .mature])
    #expect(try phases("2021-02-01") == [.demarrage, .demarrage, .demarrage, .mature, .mature, .mature])
    #expect(try phases("2022-01-01") == [nil, nil, nil, nil, .demarrage, .mature])
    // The ACI and the SISA each by its own day.
    let both = try states(.msp, ["aci 2020-12-01", "sisa 2021-01-01"], on: ["2021-11-30", "2021-12-01"], rules: rules).map(\.phase)
    #expect(both == [.demarrage, .mature])
  }

  @Test func theThresholdOfRunningIsThatOfTheDay() throws {
    var rules = StateRules()
    rules.runningStage = DatedValues(.ouverte, [(try day("2021-01-01"), .valide), (try day("2023-01-01"), .ouverte)])
    let days = ["2020-12-31", "2021-01-01", "2022-12-31", "2023-01-01"]
    #expect(
      try states(.cds, ["valide 2020-03-01"], on: days, rules: rules).map(\.situation)
        == [.projet, .fonctionnement, .fonctionnement, .projet])
    #expect(try states(.msp, ["valide 2020-03-01"], on: days, rules: rules).allSatisfy { $0.situation == .horsACI })
  }

  @Test func aPauseKeepsSituationAndPhase() throws {
    let states = try states(
      .msp, ["ecriture 2020-01-01", "en_pause 2020-06-01..2020-12-31", "valide 2021-03-01"],
      on: ["2020-05-31", "2020-06-01", "2020-12-31", "2021-01-01", "2021-03-01"])
    #expect(states.map(\.stage) == [.ecriture, .enPause, .enPause, .ecriture, .valide])
    #expect(states.map(\.situation) == [.projet, .projet, .projet, .projet, .horsACI])
    #expect(states.map(\.phase) == [.ecriture, .ecriture, .ecriture, .ecriture, .avantACI])
  }

  @Test func aPauseStopsTheClockOfThePhase() throws {
    let phases = try states(.msp, ["aci 2020-01-01", "en_pause 2020-06-01"], on: ["2020-06-01", "2022-06-01"]).map(\.phase)
    #expect(phases == [.demarrage, .demarrage])
  }

  @Test func aStructureWithoutStageCountsAtEveryDate() throws {
    for declared in [[], ["fir 2020-01-01"]] {
      let states = try states(.msp, declared, on: ["1950-01-01", "2030-01-01"])
      #expect(states.allSatisfy { $0.isCounted && $0.stage == nil && $0.situation == nil && $0.phase == nil })
    }
  }

  @Test func aStageThatEndedWithoutANextOneIsUnknown() throws {
    let states = try states(.msp, ["ecriture 2020-01-01..2020-05-31"], on: ["2020-05-31", "2020-06-01"])
    #expect(states.map(\.stage) == [.ecriture, nil])
    #expect(states.map(\.isCounted) == [true, true])
  }

  @Test func theFurthestStageOfADayWins() throws {
    #expect(try states(.msp, ["ouverte 2020-01-01", "valide 2020-01-01"], on: ["2020-01-01"]).map(\.stage) == [.ouverte])
  }

  @Test func aPhaseSetByHandWins() throws {
    let correction = DatedPhase(phase: .mature, span: Span(since: try day("2021-06-01"), until: try day("2021-09-01")))
    let state = DatedState(code: .stage(.ecriture), span: Span(since: try day("2021-01-01"), until: .openEnd))
    let pause = DatedState(code: .stage(.enPause), span: Span(since: try day("2021-08-01"), until: .openEnd))
    let spans = StateTimeline(types: TypeHistory(.msp), states: [state, pause], corrections: [correction]).spans()
    #expect(spans.map(\.state.phase) == [nil, .ecriture, .mature, .mature, .ecriture])
    #expect(spans.map(\.state.stage) == [nil, .ecriture, .ecriture, .enPause, .enPause])
  }

  @Test(arguments: [
    (["contact 2021-01-01"], "reconnue 2021-02-01", true),
    (["contact 2021-01-01", "valide 2021-02-01"], "reconnue 2021-02-01", false),
    (["ecriture 2021-01-01"], "sisa 2021-02-01", true),
    (["ecriture 2021-01-01"], "association 2021-02-01", false),
    (["valide 2021-01-01"], "aci_avenant 2021-02-01", true),
    (["valide 2021-01-01", "aci 2021-02-01"], "aci_fin 2021-03-01", false),
    (["valide 2021-01-01", "fermee 2021-02-01"], "fir 2021-03-01", true),
    (["valide 2021-01-01"], "fir 2020-03-01", true),
    (["aci 2021-01-01"], "ecriture 2021-03-01", true),
    (["aci 2021-01-01", "aci_fin 2021-02-01"], "ecriture 2021-03-01", false),
    ([], "reconnue 2021-02-01", false),
  ])
  func aFacetThatContradictsTheStageIsTold(_ stored: [String], _ added: String, _ contradicts: Bool) throws {
    let states = try (stored + [added]).map { text in
      let words = text.split(separator: " ").map(String.init)
      return DatedState(code: try #require(StateCode(words[0])), span: Span(since: try day(words[1]), until: .openEnd))
    }
    let timeline = StateTimeline(types: TypeHistory(.msp), states: states)
    #expect((timeline.contradiction(of: try #require(states.last)) != nil) == contradicts)
  }
}
