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

  var html: HTML {
    """
    <ul class="liste">\(each: entries, row)</ul>
    """
  }

  private func row(_ entry: Agenda.Entry) -> HTML {
    let link = Link.task(entry.id)
    let done = PostButton("Fait", action: link.appending("fait"), csrf: csrf)
    return """
      <li><div class="corps"><a class="titre" href="\(link.appending("modifier"))">\(entry.title)</a>\(detail(entry))</div>\
      <div class="fin">\(Self.due(entry.due, today: today))\(done.html)</div></li>

      """
  }

  private func detail(_ entry: Agenda.Entry) -> HTML {
    let time = entry.time.map { "à \($0.replacing(":", with: "\u{A0}h\u{A0}"))" }
    let words = [entry.nature == .appointment ? "Rendez-vous" : nil, time, showsAssignee ? entry.assignee ?? "Sans personne" : nil]
      .compactMap(\.self).joined(separator: ", ")
    guard let team = entry.team else { return words.isEmpty ? .empty : "<small>\(words)</small>" }
    return """
      <small>\(LinkedText(team.name, .structure(team.id)).html)\(words.isEmpty ? "" : ", \(words)")</small>
      """
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
