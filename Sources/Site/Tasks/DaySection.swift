import Drawing
import Federation
import Hummingbird
import Markup
import Records
import Store
import WebSupport

/// `/aujourdhui`: what the day asks for.
struct DaySection {
  let site: Site

  /// How far ahead the page looks.
  private static let days = 14

  func add(to routes: RouterGroup<SignedInContext>) {
    routes.get("aujourdhui", use: show)
  }

  @Sendable private func show(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let account = context.session.account
    let role = account.role
    let registry = site.installation.model.figures
    let outlines = site.installation.outlines
    let (page, frame) = try await site.read(request, context) { connection, frame in
      let agenda = try Agenda(of: account.id, standingFor: account.standsFor, today: frame.today, days: Self.days, for: account, connection)
      let followsUp = role.scope(.read, .exchanges) == .all
      let teams =
        try followsUp
        ? FollowedStructure.due(
          through: frame.today.adding(days: Self.days), on: frame.today, firstOf: [account.id] + account.standsFor, limit: 8, connection)
        : []
      let late = try FigureQuery(registry.figure("support.overdue"), Period(asOf: frame.today))
      let map =
        try role.areas.contains(.figures)
        ? DayMap(
          DayMap.query(registry, on: frame.today).values(connection), departments: frame.departments,
          opensDirectory: role.areas.contains(.directory), outlines.all()) : nil
      func pinned() throws -> [KeyFigure] {
        guard role.areas.contains(.figures) else { return [] }
        let views = try SavedView.all(of: FigureList.words.name, for: account, connection).filter(\.isPinned)
        return views.isEmpty ? [] : try PinnedFigures.cards(views, registry, frame, connection)
      }
      let waiting = try WaitingFirstContacts(for: account, limit: 6, connection)
      let mails = try WaitingMails(for: account, at: site.installation.now(), limit: 3, frame.settings, connection)
      let sittings =
        try role.scope(.write, .directory) == .all ? CommissionSittingListing.coming(from: frame.today, days: 30, connection) : []
      let workshops = try role.scope(.write, .directory) == .all ? WorkshopSummary.coming(from: frame.today, days: 14, connection) : []
      let expenses = try ExpenseListing.waiting(for: account, limit: 4, connection)
      let notices = try PortfolioNotice.all(for: account, on: frame.today, connection)
      return DayPage(
        notices: notices.map { PortfolioWords.message($0, today: frame.today) },
        name: account.name,
        firstName: String(account.name.split(separator: " ").first ?? ""), today: frame.today, agenda: agenda,
        figures: role.areas.contains(.figures) ? try Self.figures(registry, frame, connection) : [], pinned: try pinned(),
        followsUp: followsUp, teams: teams,
        lateTeams: followsUp ? try late.total(connection).value ?? 0 : 0, allLateTeams: followsUp ? frame.records(late) : nil,
        firstContacts: waiting, mails: mails, commissions: CommissionWords.comingCard(sittings, today: frame.today, frame.lists),
        workshops: ProgrammeWords.comingCard(workshops, today: frame.today), expenses: ExpenseWords.waitingCard(expenses),
        csrf: frame.session.csrf,
        notes: role.scope(.write, .exchanges) == .all, map: map?.map)
    }
    let messages = Receipt.messages(request, path: "/taches", csrf: frame.session.csrf)
    return site.page("Aujourd’hui", at: .day, page.html(), frame, messages: page.notices + messages)
  }

  /// The year so far beside the same day a year before.
  private static func figures(_ registry: FigureRegistry, _ frame: Frame, _ connection: any Connection) throws -> [KeyFigure] {
    let (now, before) = (Period(asOf: frame.today), Period(asOf: frame.today.adding(months: -12)))
    return try ["structures.count", "support.structures", "contacts.count", "contacts.new_structures"].map { id in
      let query = try FigureQuery(registry.figure(id), now)
      let value = try query.total(connection)
      let previous = try FigureQuery(registry.figure(id), before).total(connection)
      return KeyFigure(
        query.figure.label, value: value.text, link: value.source == nil ? frame.records(query) : nil,
        trend: Trend(value, since: previous, in: before), note: value.note)
    }
  }
}

/// The page of the day: figures, teams to hear from, tasks and appointments.
struct DayPage {
  /// What has been handed over, and who stands in for whom.
  var notices: [Message] = []
  /// The reader's own: what others have to do says whose it is.
  var name = ""
  let firstName: String
  let today: CivilDate
  let agenda: Agenda
  let figures: [KeyFigure]
  /// The views of figures that the reader has put here.
  var pinned: [KeyFigure] = []
  let followsUp: Bool
  let teams: [FollowedStructure]
  let lateTeams: Int
  let allLateTeams: Link?
  /// Who waits for a first answer.
  let firstContacts: WaitingFirstContacts
  /// What came into the mailbox and nobody has filed.
  let mails: WaitingMails
  /// Sittings to be got ready for.
  var commissions = HTML.empty
  /// Workshops of the coming days, and those of which nobody has said who was there.
  var workshops = HTML.empty
  /// Claims that wait for the reader's approval.
  var expenses = HTML.empty
  let csrf: String
  /// Whether the reader notes exchanges.
  let notes: Bool
  /// Where the teams are.
  let map: DepartmentMap?

  func html() -> HTML {
    """
    \(PageHeader("Bonjour \(firstName)", sentence: sentence).html)
    \(figures.isEmpty ? .empty : keyFigures)\(pinned.isEmpty ? .empty : pinnedFigures)
    <div class="duo"><div class="pile">\(newcomers)\(unfiledMails)\(followsUp ? followUps : .empty)\(tasks)</div><div class="pile">\(appointments)\(expenses)\(workshops)\(commissions)\(map.map(place))</div></div>
    """
  }

  private var sentence: String {
    let waiting = agenda.late.count + agenda.today.count
    let parts = [
      lateTeams > 0 ? French.plural(lateTeams, "équipe est à recontacter", "équipes sont à recontacter") : nil,
      waiting > 0 ? French.plural(waiting, "tâche est en retard ou pour aujourd’hui", "tâches sont en retard ou pour aujourd’hui") : nil,
    ].compactMap(\.self)
    let day = French.longDay(today.description)
    let rest = parts.isEmpty ? "Rien ne presse." : "\(parts.joined(separator: " et "))."
    return "\(day.prefix(1).uppercased())\(day.dropFirst()). \(rest)"
  }

  private var keyFigures: HTML {
    """
    <section aria-labelledby="t-chiffres"><h2 class="sr" id="t-chiffres">Chiffres depuis le 1er janvier</h2>\(KeyFigure.row(figures))</section>
    """
  }

  private var pinnedFigures: HTML {
    """
    <section aria-labelledby="t-epingles"><h2 class="sr" id="t-epingles">Vos vues épinglées</h2>\(KeyFigure.row(pinned))</section>
    """
  }

  /// Those who ask for the first time and wait for somebody.
  private var newcomers: HTML {
    guard !firstContacts.rows.isEmpty else { return .empty }
    let rows: [HTML] = firstContacts.rows.map { row in
      let place = row.commune.map { "\($0) (\(row.department ?? ""))" } ?? "Commune non renseignée"
      return """
        <li><div class="corps"><a class="titre" href="\(Link.firstContact(row.id))">\(row.name)</a><small>\(place)</small></div>\
        <div class="fin">\(FirstContactWords.delay(row, on: today))</div></li>

        """
    }
    let all = LinkedText("Tous les premiers contacts", .waitingFirstContacts(on: today))
    return Card(
      "premiers-contacts", "Premiers contacts à traiter (\(French.number(firstContacts.total)))", aside: all.html,
      "<ul class=\"liste\">\(rows)</ul>"
    ).html
  }

  private var unfiledMails: HTML {
    guard !mails.rows.isEmpty else { return .empty }
    let rows: [HTML] = mails.rows.map { mail in
      """
      <li><div class="corps"><a class="titre" href="\(ReceivedMailsPage.address(of: mail))">\(ReceivedMailPage.title(mail))</a>\
      <small>\(ReceivedMailsPage.sender(mail)). \(French.typeset(mail.reason?.sentence ?? ""))</small></div></li>

      """
    }
    let all = LinkedText("Tous les courriels à classer", ReceivedMailsSection.path)
    return Card(
      "courriels-recus", "\(ReceivedMailsSection.title) (\(French.number(mails.total)))", aside: all.html,
      "<ul class=\"liste\">\(rows)</ul>"
    ).html
  }

  private var followUps: HTML {
    let all = allLateTeams.map { LinkedText("Toutes les équipes en retard", $0).html } ?? .empty
    if teams.isEmpty {
      return Card("relances", "Équipes à recontacter", "<p class=\"note\">Aucune relance dans les deux semaines qui viennent.</p>").html
    }
    return Card("relances", "Équipes à recontacter", aside: all, "<ul class=\"liste\">\(teams.map(team))</ul>").html
  }

  private func team(_ team: FollowedStructure) -> HTML {
    let note = PageAction(
      "Noter", .exchange, Link("/echanges/nouveau", query: [("structures", team.reference)]), opensDialog: true, isSmall: true)
    return """
      <li><div class="corps"><a class="titre" href="\(Link.structure(team.id))">\(team.name)</a>\(follower(team))</div>\
      <div class="fin">\(TaskList.due(team.due, today: today))\(notes ? note.button : .empty)</div></li>

      """
  }

  private func follower(_ team: FollowedStructure) -> HTML {
    team.follower.map { "<small>Suivie par \($0 == name ? "vous" : $0)</small>" } ?? .empty
  }

  /// Whether some of it is of those for whom the reader stands in.
  private var standsIn: Bool {
    (agenda.late + agenda.today + agenda.coming).contains { $0.assignee.map { $0 != name } ?? false }
  }

  private var tasks: HTML {
    let entries = (agenda.late + agenda.today + agenda.coming).filter { $0.nature == .task || $0.due < today }
    let content =
      entries.isEmpty
      ? "<p class=\"note\">Aucune tâche dans les deux semaines qui viennent.</p>"
      : TaskList(entries: entries, today: today, csrf: csrf, showsAssignee: standsIn).html
    return Card("taches", "Vos tâches", aside: LinkedText("Toutes mes tâches", "/taches").html, content).html
  }

  private var appointments: HTML {
    let entries = (agenda.today + agenda.coming).filter { $0.nature == .appointment }
    let content: HTML =
      entries.isEmpty
      ? "<p class=\"note\">Aucun rendez-vous dans les deux semaines qui viennent.</p>"
      : "<ul class=\"liste\">\(entries.map(appointment))</ul>"
    return Card("agenda", "Votre agenda", content).html
  }

  private func place(_ map: DepartmentMap) -> HTML { Card("carte", "Carte des équipes", map.html).html }

  private func appointment(_ entry: Agenda.Entry) -> HTML {
    let day = French.dayAndMonth(entry.due.description).split(separator: " ")
    let time = entry.time.map { $0.replacing(":", with: "\u{A0}h\u{A0}") }
    let place = [
      entry.due == today ? "Aujourd’hui" : nil, time, entry.teams.isEmpty ? nil : entry.teams.map(\.name).joined(separator: ", "),
      standsIn && entry.assignee != name ? entry.assignee.map { "pour \($0)" } : nil,
    ].compactMap(\.self).joined(separator: ", ")
    return """
      <li><span class="jour" aria-hidden="true"><b>\(String(day.first ?? ""))</b>\(String(day.last ?? ""))</span>\
      <div class="corps"><a class="titre" href="\(Link.task(entry.id).appending("modifier"))">\(entry.title)</a>\
      <small><span class="sr">\(French.fullDay(entry.due.description)) </span>\(place)</small></div></li>

      """
  }
}
