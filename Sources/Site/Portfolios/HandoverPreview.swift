import Federation
import Markup
import Records
import Store
import WebSupport

/// What is about to change hands, to whom and when: nothing has yet.
struct HandoverPreview {
  static let title = "Relire la passation"
  /// The field that says which button was clicked.
  static let step = "etape"
  static let confirmed = "confirmer"
  static let back = "modifier"
  /// Tasks that go today all the same when the teams wait for a day, and the box that says so.
  static let waiting = "taches_gardees"
  static let atOnce = "tout_de_suite"

  let order: Handover.Order
  /// `nil` for nobody.
  let to: String?
  let isOwn: Bool
  let path: Link
  let form: FormItems
  let csrf: String
  let today: CivilDate

  /// Teams wait for their day, tasks do not: they stay where they are unless somebody says so.
  private var isAhead: Bool { order.since > today }
  private var day: String { French.fullDay(order.since.description) }
  private var tasks: String { French.plural(order.tasks.count, "tâche ou rendez-vous", "tâches et rendez-vous") }

  func html() -> HTML {
    """
    \(Breadcrumb([LinkedText("Passer la main", path)], current: Self.title).html)
    \(PageHeader(Self.title, sentence: "Rien n’a encore changé de main.").html)
    <form class="carte ordre pile" method="post" action="\(path)">\(each: hidden, { "<input type=\"hidden\" name=\"\($0.name)\" value=\"\($0.value)\">" })
    \(Facts(facts).html)\(isAhead && !order.tasks.isEmpty ? tasksToday : .empty)
    <footer class="rangee"><button class="bouton principal" name="\(Self.step)" value="\(Self.confirmed)">Passer la main</button>\
    <button class="bouton" name="\(Self.step)" value="\(Self.back)">Modifier</button></footer></form>
    """
  }

  private var facts: [Facts.Fact] {
    var facts = [Facts.Fact("À qui", to ?? "Personne pour l’instant\u{A0}: le suivi est vacant")]
    if !order.teams.isEmpty {
      facts.append(.init("Équipes", "\(French.plural(order.teams.count, "équipe", "équipes")), à partir du \(day)"))
    }
    if !order.tasks.isEmpty {
      let when =
        isAhead ? "\(isOwn ? "restent à vous" : "restent où elles sont"), sauf si vous cochez la case ci-dessous" : "tout de suite"
      facts.append(.init("Tâches et rendez-vous", "\(tasks), \(when)"))
    }
    return facts
  }

  private var tasksToday: HTML {
    """
    <div class="coches"><label><input type="checkbox" name="\(Self.atOnce)" value="oui"> \
    Passer aussi dès aujourd’hui \(tasks)</label></div>
    <p class="note">Une tâche change de main le jour où vous la passez. Sans cette coche, revenez ici le \(day) pour passer ce qui restera à faire.</p>
    """
  }

  private var hidden: [(name: String, value: String)] {
    var items: [(name: String, value: String)] = [("csrf", csrf)]
    for name in ["passation", "compte", "depuis"] { items.append((name, form[name])) }
    for team in order.teams { items.append(("equipes", team.description)) }
    for task in order.tasks { items.append((isAhead ? Self.waiting : "taches", task.description)) }
    return items
  }
}
