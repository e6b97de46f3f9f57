import Federation
import Markup
import Records
import Store
import WebSupport

/// Turns what is known of a structure into its page.
struct StructurePageBuilder {
  let sheet: StructureSheet
  let lists: ReferenceLists
  let today: CivilDate
  let showsExchanges: Bool
  /// Whether the reader may change what is said of the team.
  var writes = false
  /// The day before which the timeline lies; `nil` for the latest.
  var before: CivilDate?
  /// Whether the reader may say who follows the team.
  var saysFollower = false

  /// - Parameter older: the day before which the rest of the timeline lies.
  func page(exchanges: [ExchangeSummary], older: CivilDate?, showsHistory: Bool) -> StructurePage {
    StructurePage(
      breadcrumb: breadcrumb, name: sheet.name, reference: sheet.reference, type: lists.coded(sheet.type),
      stage: sheet.stage.map { lists.coded($0) },
      situation: sheet.situation.map { lists.coded($0) }, place: place,
      notices: [
        sheet.clap.flatMap { ClapNotice(standing: $0, states: sheet.states, today: today).message },
        sheet.composition.flatMap { CompositionNotice(standing: $0, type: lists.label(sheet.type)).message },
      ].compactMap(\.self),
      rail: LifeCycleRail(steps: steps, marks: marks), tabs: tabs(showsHistory),
      content: content(exchanges, older, showsHistory), facts: facts, phone: sheet.phone, email: sheet.email,
      website: sheet.website, sites: sheet.sites.map(site))
  }

  private func site(_ site: StructureSite) -> StructurePage.Site {
    let commune = site.commune == site.name ? nil : site.commune
    let address = [site.address, [site.postcode, commune].compactMap(\.self).joined(separator: " ")].compactMap(\.self)
    let since = site.since.map { "\($0 <= today ? "Depuis le" : "À partir du") \(French.fullDay($0.description))" }
    let through = site.through.map { "jusqu’au \(French.fullDay($0.description))" }
    let dates = [since, through].compactMap(\.self).joined(separator: ", ")
    return StructurePage.Site(
      name: site.name, address: address.filter { !$0.isEmpty }.joined(separator: ", ").nonEmpty, isMain: site.isMain,
      isClosed: site.through.map { $0 < today } ?? false,
      dates: dates.nonEmpty.map { $0.prefix(1).uppercased() + $0.dropFirst() })
  }

  private var breadcrumb: Breadcrumb {
    let department = Link("/structures", query: [("departement", sheet.department.code)])
    return Breadcrumb([LinkedText("Structures", "/structures"), LinkedText(sheet.department.name, department)], current: sheet.name)
  }

  private var place: String {
    [sheet.commune ?? sheet.department.name, "(\(sheet.department.code))"].joined(separator: " ")
  }

  /// The rail of the type. A pause or a closing is shown where it stopped the team, before the stages that it did not reach.
  private var steps: [LifeCycleRail.Step] {
    let way = sheet.type.stages.filter { !Self.stops.contains($0) }
    let reached = Set(sheet.states.filter { $0.since <= today }.compactMap(\.code.resultingStage))
    let behind = way.prefix((way.lastIndex { reached.contains($0) } ?? -1) + 1)
    let stop = sheet.stage.flatMap { Self.stops.contains($0) ? $0 : nil }
    return behind.map { step($0, .done) } + (stop.map { [step($0, .current)] } ?? [])
      + way.dropFirst(behind.count).map { step($0, .toCome, note: stop == .fermee ? "non atteinte" : nil) }
  }

  /// What interrupts the way of a team, wherever it stands.
  private static let stops: Set<Stage> = [.enPause, .fermee]

  private func step(_ stage: Stage, _ progress: LifeCycleRail.Step.Progress, note: String? = nil) -> LifeCycleRail.Step {
    let entries = sheet.states.filter { $0.code.resultingStage == stage && $0.since <= today }.map(\.since)
    let isCurrent = stage == sheet.stage
    // A team that stopped before stopped for another reason: the stop that lasts is the last one.
    let date = Self.stops.contains(stage) ? entries.max() : entries.min()
    return LifeCycleRail.Step(
      label: lists.label(stage), progress: isCurrent ? .current : progress, date: date?.description, note: isCurrent ? nil : note)
  }

  private var marks: [LifeCycleRail.Mark] {
    sheet.states.reversed().compactMap { state in
      guard case .facet(let facet) = state.code, state.since <= today else { return nil }
      return LifeCycleRail.Mark(label: lists.label(facet), date: state.since.description)
    }
  }

  private func tabs(_ showsHistory: Bool) -> [Tabs.Tab] {
    let link = Link.structure(sheet.id)
    let timeline = Tabs.Tab("Fil d’activité", link, isCurrent: !showsHistory, count: sheet.exchangeCounts.visible)
    let history = Tabs.Tab(
      "Historique des étapes", link.adding("o", "etapes"), isCurrent: showsHistory, count: sheet.states.count + sheet.typeChanges.count)
    return showsExchanges ? [timeline, history] : [history]
  }

  private func content(_ exchanges: [ExchangeSummary], _ older: CivilDate?, _ showsHistory: Bool) -> StructurePage.Content {
    guard showsHistory else {
      return .timeline(
        timeline(exchanges, older), older: older.map { Link.structure(sheet.id).adding("avant", $0.description) },
        hidden: sheet.exchangeCounts.all - sheet.exchangeCounts.visible)
    }
    let states = sheet.states.map { state in
      StateHistory.Span(
        state: lists.coded(state.code), since: state.since.description, until: end(of: state)?.description, note: state.note,
        link: writes ? Link("/etapes").appending(Identifier<Site>(rawValue: state.id).description).appending("modifier") : nil)
    }
    let adding = PageAction(
      "Ajouter une étape ou un repère", .add, Link("/etapes/nouveau", query: [("structure", sheet.reference)]), opensDialog: true,
      isSmall: true)
    return .history((states + types).sorted { $0.since > $1.since }, adding: writes ? adding : nil)
  }

  /// The exchanges of the page, and the decisions and letters of the same days, the latest first.
  private func timeline(_ exchanges: [ExchangeSummary], _ older: CivilDate?) -> [Timeline.Entry] {
    func isShown(_ day: CivilDate) -> Bool { (older.map { day >= $0 } ?? true) && (before.map { day < $0 } ?? true) }
    let decisions = sheet.decisions.filter { isShown($0.date) }.map { decision in
      Timeline.Entry(
        date: decision.date.description, icon: .governance, tone: .purple,
        title: ExchangeSummary.heading(of: decision.body) ?? decision.body,
        link: .decision(decision.id), text: "Décision\u{A0}: \(decision.meeting)", badge: DecisionWords.badge(decision.state, lists))
    }
    let letters = sheet.letters.filter { isShown($0.date) }.map { letter in
      Timeline.Entry(
        date: letter.date.description, icon: .letter, tone: .purple, title: letter.subject, link: .letter(letter.id),
        author: letter.author, text: "Courriel à une liste\u{A0}: \(French.plural(letter.recipients, "destinataire", "destinataires"))")
    }
    let facilitations = sheet.facilitations.filter { isShown($0.day) }.map { facilitation in
      Timeline.Entry(
        date: facilitation.day.description, icon: .facilitation, tone: .honey, title: FacilitationWords.title(facilitation.type, lists),
        link: .facilitation(facilitation.id), text: facilitation.facilitators.map { "Facilitation, avec \($0)" } ?? "Facilitation",
        badge: FacilitationWords.badge(facilitation.state, lists))
    }
    let commissions = sheet.commissionFiles.filter { isShown($0.date) && $0.date <= today }.map { file in
      Timeline.Entry(
        date: file.date.description, icon: .governance, tone: .purple, title: lists.label(of: file.commission, in: .commission),
        link: .sitting(file.sitting), text: "Dossier présenté en commission", badge: CommissionWords.badge(file.opinion, lists))
    }
    let programmes = ProgrammeWords.entries(sheet.programmes.filter { isShown($0.date) && $0.date <= today }, lists)
    let introductions = sheet.introductions.filter { isShown($0.date) }.map { IntroductionWords.entry($0, lists) }
    let readings = sheet.readings.filter { isShown($0.day) }.map { ReadingWords.entry($0, on: today, lists) }
    let questions = sheet.questions.filter { isShown($0.receivedOn) }.map { QuestionWords.entry($0, lists) }
    let entries = [
      exchanges.map(entry), facilitations, letters, decisions, commissions, programmes, introductions, readings, questions,
    ].flatMap(\.self)
    return entries.enumerated().sorted { ($0.element.date, $1.offset) > ($1.element.date, $0.offset) }.map(\.element)
  }

  /// Each type that the team took on, until the eve of the next one.
  private var types: [StateHistory.Span] {
    sheet.typeChanges.map { change in
      let next = sheet.typeChanges.last { $0.since > change.since }
      return StateHistory.Span(
        state: CodedLabel(change.type.rawValue, "Type\u{A0}: \(lists.label(change.type))"), since: change.since.description,
        until: next?.since.previous.description)
    }
  }

  /// The day declared, else for a stage the eve of the next one: the team is no longer in it.
  private func end(of state: StructureSheet.State) -> CivilDate? {
    guard state.through == nil, case .stage(let stage) = state.code else { return state.through }
    let others = sheet.states.filter { $0.since > state.since && $0.code.resultingStage.map { $0 != stage } ?? false }
    return others.map(\.since).min()?.previous
  }

  private func entry(_ exchange: ExchangeSummary) -> Timeline.Entry {
    let others = exchange.teams.filter { $0.id != sheet.id }.map(\.name)
    let channel = lists.label(exchange.channel)
    return Timeline.Entry(
      date: exchange.date.description, icon: .channel(exchange.channel.rawValue), title: exchange.heading ?? channel,
      link: .exchange(exchange.id), author: exchange.author,
      text: others.isEmpty ? nil : "Avec aussi\u{A0}: \(others.joined(separator: ", "))",
      themes: exchange.themes.map { lists.label(of: $0, in: .theme) }, minutes: exchange.minutes,
      badge: exchange.isConfidential ? Badge.confidential : nil)
  }

  /// What is said of follow-up, to those who read the contact log.
  private var followUp: [Facts.Fact] {
    guard showsExchanges else { return [] }
    let due = sheet.followUp.due.map { "avant le \(French.fullDay($0.description))" }
    let coming = sheet.followUp.appointment.map { "Prévu le \(French.fullDay($0.description))" }
    let next =
      sheet.followUp.isOverdue(on: today) ? due.map { "En retard\u{A0}: \($0)" } : due.map { $0.prefix(1).uppercased() + $0.dropFirst() }
    return [
      .init(
        "À recontacter", coming ?? next ?? (sheet.followUp.lastExchange == nil ? "Aucun échange pour l’instant" : "Aucune relance prévue")),
      .init("Dernière rencontre", sheet.followUp.lastMeeting.map { French.fullDay($0.description) } ?? "Jamais"),
    ]
  }

  /// Whether somebody of the team has read what the record says.
  private var confirmed: Facts.Fact {
    let words = sheet.confirmation.map { "Le \(French.fullDay($0.date.description)), par \($0.by)" } ?? "Pas encore"
    return .init("Fiche confirmée", words, writes ? SheetReviewsSection.asking.adding("equipe", sheet.id.description) : nil)
  }

  /// Who of the staff follows the team.
  private var followed: Facts.Fact {
    let form = Link("/suivis/nouveau", query: [("structure", sheet.reference)])
    let words = sheet.follower.map { follower in
      "\(follower.name ?? "Personne"), depuis le \(French.fullDay(follower.since.description))"
    }
    return .init("Suivie par", words ?? "Personne", saysFollower ? form : nil)
  }

  private var professionals: String? {
    guard let number = sheet.professionals.map(French.number), let count = sheet.headcount else {
      return sheet.professionals.map(French.number)
    }
    return "\(number) au \(French.fullDay(count.date.description)) (\(count.source))"
  }

  /// As they were counted, for a team whose funding depends on it.
  private var practitioners: String? {
    guard let clap = sheet.clap, let number = clap.practitioners, let count = clap.count else { return nil }
    return "\(French.number(number)) au \(French.fullDay(count.date.description)) (\(count.source))"
  }

  private var software: String? {
    let level = sheet.softwareLevel.map { lists.label(of: $0, in: .softwareLevel) }
    let since = sheet.softwareSince.map { "depuis le \(French.fullDay($0.description))" }
    return [sheet.software, level, since].compactMap(\.self).joined(separator: ", ").nonEmpty
  }

  private var facts: [Facts.Fact] {
    let known: [(String, String?)] = [
      ("Référence", sheet.reference), ("Département", "\(sheet.department.name) (\(sheet.department.code))"),
      ("Territoire", sheet.territory),
      ("Phase", sheet.phase.map { lists.label($0) }),
      ("Professionnels", professionals), ("Médecins généralistes", practitioners), ("Dont médecins", sheet.doctors.map(French.number)),
      ("Population", sheet.population.map(French.number)), ("Logiciel", software), ("FINESS", sheet.finess),
      ("SIRET", sheet.siret), ("Étiquettes", sheet.tags.joined(separator: ", ").nonEmpty),
      ("Adresse", [sheet.address, sheet.postcode, sheet.commune].compactMap(\.self).joined(separator: ", ")), ("Notes", sheet.notes),
    ]
    // What is seldom known is left out rather than repeated as unknown.
    let optional: Set = ["Médecins généralistes", "Dont médecins", "Population", "SIRET", "Étiquettes", "Notes", "Logiciel"]
    return followUp + [followed, confirmed] + known.filter { $0.1 != nil || !optional.contains($0.0) }.map { Facts.Fact($0.0, $0.1) }
  }
}

extension String {
  fileprivate var nonEmpty: String? { isEmpty ? nil : self }
}
