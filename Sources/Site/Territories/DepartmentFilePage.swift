import Federation
import Markup
import Records
import Store
import WebSupport

/// The file of a département before a meeting of its partners, as people read it; its words stand on paper too.
struct DepartmentFilePage: Sendable {
  let file: DepartmentFile
  let months: Int
  let frame: Frame
  let hasPaper: Bool

  static let monthsOffered = [3, 6, 12]

  var title: String { "Dossier de réunion\u{A0}: \(file.name) (\(file.code))" }
  var since: String { "depuis le \(French.fullDay(file.since.description))" }

  private var own: Link { .departmentFile(file.code) }
  private var period: (String, String) { ("mois", String(months)) }

  // MARK: - Words

  func standing(_ team: DepartmentFile.Team) -> String {
    let stage = team.stage.map { frame.lists.label($0) } ?? "Étape non renseignée"
    return team.since.map { "\(stage), depuis le \(French.fullDay($0.description))" } ?? stage
  }

  /// Each line of what is known of a team, under its label; nothing for what there is none of.
  /// - Parameter notes: whether what was noted of exchanges is told, and not only that there was one.
  func lines(_ team: DepartmentFile.Team, notes: Bool) -> [(label: String, items: [String])] {
    let lists = frame.lists
    let people = team.people.map { "\($0.name), \(French.inSentence(lists.label(of: $0.function, in: .function)))" }
    let entries = team.entries.map { "\(lists.coded($0.state).label), le \(French.day($0.date.description))" }
    let exchanges = team.exchanges.map { exchange -> String in
      let words = notes ? ExchangeSummary.heading(of: exchange.subject).map { "\u{A0}: \($0)" } ?? "" : ""
      return "\(French.day(exchange.date.description)), \(French.inSentence(lists.label(exchange.channel)))\(words)"
    }
    let facilitations = team.facilitations.map { facilitation in
      "\(FacilitationWords.title(facilitation.type, lists)), \(French.day(facilitation.day.description)) (\(French.inSentence(lists.label(facilitation.state))))"
    }
    let decisions = team.decisions.map { decision in
      "\(French.day(decision.date.description))\u{A0}: \(ExchangeSummary.heading(of: decision.body) ?? decision.body) (\(French.inSentence(lists.label(decision.state))))"
    }
    let tasks = team.tasks.map { task in
      "\(task.title), pour le \(French.day(task.due.description))\(task.assignee.map { " (\($0))" } ?? "")"
    }
    return [
      ("Qui la porte", people), ("Ce qui a changé", entries), ("Besoins exprimés", team.needs.prefix(5).map(need)),
      ("Derniers échanges", exchanges), ("Facilitations", facilitations), ("Décidé en réunion", decisions), ("Prochaines étapes", tasks),
    ].filter { !$0.1.isEmpty }.map { (label: $0.0, items: $0.1) }
  }

  func need(_ need: (theme: String, count: Int)) -> String {
    let label = frame.lists.label(of: need.theme, in: .theme)
    return need.count > 1 ? "\(label) (\(need.count)\u{A0}échanges)" : label
  }

  /// Where the team is, and who follows it.
  func place(_ team: DepartmentFile.Team) -> String {
    [team.commune, team.follower.map { "suivie par \($0)" }].compactMap(\.self).joined(separator: ", ")
  }

  var summary: String {
    let needs = file.needs.prefix(5).map(need).joined(separator: ", ")
    let count = French.plural(file.projects.count, "projet en cours", "projets en cours")
    let others =
      file.others.isEmpty ? "" : ", \(French.plural(file.others.count, "autre équipe dont parler", "autres équipes dont parler"))"
    return "\(count)\(others)." + (needs.isEmpty ? "" : " Besoins exprimés \(since)\u{A0}: \(needs).")
  }

  static let rules = """
    Les notes confidentielles, les médiations et ce que décident le bureau, le conseil d’administration et l’équipe salariée n’y sont jamais.
    """

  // MARK: - Page

  var html: HTML {
    let tabs = Self.monthsOffered.map { number in
      Tabs.Tab("\(number) derniers mois", own.setting("mois", String(number)), isCurrent: number == months)
    }
    let none = EmptyState("Aucun projet en cours", "Toutes les équipes du département sont ouvertes ou fermées.")
    let others: HTML = file.others.isEmpty ? .empty : "<h2>Autres équipes dont parler</h2>\(each: file.others, card)"
    return """
      \(Breadcrumb([LinkedText("Départements", "/departements"), LinkedText(file.name, .department(file.code))], current: "Dossier de réunion").html)
      \(PageHeader(title, detail: "<p>\(summary)</p>", actions: actions).html)
      \(Tabs("Depuis quand", tabs).html)
      <div class="pile"><h2>Projets en cours</h2>\(file.projects.isEmpty ? none.html : "\(each: file.projects, card)")\(others)</div>
      <p class="note">\(Self.rules)</p>
      """
  }

  private var actions: [PageAction] {
    let minutes = PageAction(
      "Noter le compte rendu", .add,
      Link(
        "/comptes-rendus/nouveau",
        query: [
          ("titre", "Rencontre des partenaires, \(file.name)"), ("nature", MeetingKind.partners.rawValue), ("date", file.day.description),
        ]))
    let paper = Link.department(file.code).appending("dossier.pdf")
    let pdf =
      hasPaper
      ? [
        PageAction("PDF à remettre", .download, Link(paper, query: [period])),
        PageAction("PDF de travail", .download, Link(paper, query: [period, ("notes", "oui")])),
      ] : []
    return pdf + (frame.session.account.role.scope(.write, .meetings) == .all ? [minutes] : [])
  }

  private func card(_ team: DepartmentFile.Team) -> HTML {
    let facts = lines(team, notes: true)
    let list = facts.map { fact -> HTML in
      "<dt>\(fact.label)</dt><dd>\(each: fact.items, separator: "<br>", { HTML(text: $0) })</dd>\n"
    }
    let nothing: HTML = "<p class=\"note\">Rien de noté \(since).</p>"
    let place = self.place(team)
    return """
      <section class="carte"><header><h3>\(Badge.type(frame.lists.coded(team.type), beside: team.name))\
      <a href="\(Link.structure(team.id))">\(team.name)</a></h3>\(Badge.stage(team.stage.map { frame.lists.coded($0) }))</header>
      <p class="note">\(standing(team))\(place.isEmpty ? "" : "\u{A0}; \(place)")</p>
      \(facts.isEmpty ? nothing : "<dl class=\"defs\">\(list)</dl>")</section>

      """
  }
}

extension Link {
  static func departmentFile(_ code: String) -> Link { .department(code).appending("dossier") }
}
