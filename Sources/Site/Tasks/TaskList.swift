import Federation
import Markup
import Records
import Store
import WebSupport

/// Tasks and appointments as a list, each with what one does with it.
struct TaskList {
  let entries: [Agenda.Entry]
  let today: CivilDate
  let csrf: String
  /// The names of those who have to do them: useful when they are not all the reader's.
  var showsAssignee = false
  /// Whether the teams are told: not on a team's own page.
  var showsTeams = true
  /// Where one comes back to once a task is done; the tasks' page when there is none.
  var back: Link?
  /// What is done with ticked tasks.
  var batch: BatchBar?
  /// A value that is changed where it stands.
  var cell: (_ field: String, _ label: String, Identifier<ToDo>, String) -> HTML = { HTML(text: $3) }

  var html: HTML {
    """
    <ul class="liste">\(each: entries, row)</ul>
    """
  }

  private func row(_ entry: Agenda.Entry) -> HTML {
    let link = Link.task(entry.id)
    let done = PostButton("Fait", action: link.appending("fait"), csrf: csrf, hidden: back.map { [("retour", $0.address)] } ?? [])
    let end: HTML =
      entry.doneOn.map { Badge.state("Faite le \(French.dayAndMonth($0.description))", .complete) }
      ?? "\(Self.due(entry.due, today: today))\(done.html)"
    return """
      <li>\(batch?.box(entry.id.description, entry.title))<div class="corps"><a class="titre" href="\(link.appending("modifier"))">\(entry.title)</a>\(detail(entry))</div>\
      <div class="fin">\(end)</div></li>

      """
  }

  private func detail(_ entry: Agenda.Entry) -> HTML {
    let time = entry.time.map { "à \($0.replacing(":", with: "\u{A0}h\u{A0}"))" }
    let teams = showsTeams ? entry.teams.map { LinkedText($0.name, .structure($0.id)).html } : []
    let nature: HTML? = entry.nature == .appointment ? "Rendez-vous" : nil
    let assignee = showsAssignee ? cell("affectee_a", "Confiée à", entry.id, entry.assignee ?? "Sans personne") : nil
    let due = batch == nil ? nil : cell("echeance", "Échéance", entry.id, French.day(entry.due.description))
    let words = teams + [nature, time.map { HTML(text: $0) }, assignee, due].compactMap(\.self)
    return words.isEmpty ? .empty : "<small>\(each: words, separator: ", ", { $0 })</small>"
  }

  /// What is left to do with a team or after an exchange, on its page.
  static func card(_ title: String, _ entries: [Agenda.Entry], on page: Link, showsTeams: Bool, _ frame: Frame) -> HTML? {
    guard !entries.isEmpty else { return nil }
    let list = TaskList(
      entries: entries, today: frame.today, csrf: frame.session.csrf, showsAssignee: true, showsTeams: showsTeams, back: page)
    return Card("taches", title, list.html).html
  }

  /// « En retard de 3 jours », « Aujourd’hui », « Lundi 24 nov. ».
  static func due(_ day: CivilDate, today: CivilDate) -> HTML {
    if day == today { return Badge.state("Aujourd’hui", .attention) }
    guard day > today else { return Badge.state("En retard de \(French.plural(today.days(since: day), "jour", "jours"))", .ended) }
    let words = French.longDay(day.description).split(separator: " ").prefix(2).joined(separator: " ")
    let isNear = day.days(since: today) < 7
    return Badge.state(isNear ? words.prefix(1).uppercased() + words.dropFirst() : French.day(day.description), .start)
  }
}

extension Link {
  static func task(_ id: Identifier<ToDo>) -> Link { "/taches/\(id.description)" }
}
