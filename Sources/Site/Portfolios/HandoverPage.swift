import Federation
import Foundation
import Markup
import Records
import Store
import WebSupport

/// Handing a portfolio over: what there is, what goes, to whom and when; or letting somebody stand in for a while.
struct HandoverPage {
  struct Choice: Sendable {
    var account = ""
    var since: String
    var teams: Set<String>
    var tasks: Set<String>
    var deputy = ""
    var from: String
    var through = ""
    /// What was refused, by the name of its field.
    var fault: (field: String, sentence: String)?
  }

  let portfolio: Portfolio
  let isOwn: Bool
  let name: String
  /// Where the forms go, and who is handed over.
  let path: Link
  let standIn: Link
  /// Where the whole lists are.
  let teamList: Link
  let taskList: Link?
  let accounts: [FormField.Choice]
  let choice: Choice
  /// The identifier of what the form makes: sent twice, it is done once.
  let id: String
  let csrf: String
  let today: CivilDate

  /// Chosen, and not left out: nobody is nobody's default.
  static let nobody = FormField.Choice("personne", "Personne pour l’instant\u{A0}: le suivi est vacant")

  func html() -> HTML {
    """
    \(breadcrumb.html)
    \(PageHeader("Passer la main", sentence: sentence).html)
    \(standInCard)\(portfolio.handovers.isEmpty ? .empty : past)\(isEmpty ? nothing : handover)
    """
  }

  private var breadcrumb: Breadcrumb {
    isOwn
      ? Breadcrumb([LinkedText("Mon compte", "/compte")], current: "Passer la main")
      : Breadcrumb([LinkedText("Comptes", "/comptes"), LinkedText(name, path.withoutLast)], current: "Passer la main")
  }

  private var sentence: String {
    isOwn
      ? "Ce que vous suivez et avez à faire, à confier à quelqu’un d’autre\u{A0}: pour de bon, ou le temps d’une absence."
      : "Ce que \(name) suit et a à faire, à confier à quelqu’un d’autre\u{A0}: pour de bon, ou le temps d’une absence."
  }

  private var isEmpty: Bool { portfolio.teams.isEmpty && portfolio.tasks.isEmpty }

  private var nothing: HTML {
    EmptyState("Rien à passer", "Aucune équipe suivie, aucune tâche ni rendez-vous à venir.").html
  }

  /// Each with its way back.
  private var past: HTML {
    let rows: [HTML] = portfolio.handovers.map { done in
      let (from, to) = (done.fromName ?? "Personne", done.toName ?? "personne pour l’instant")
      let text = "\(PortfolioWords.content(done.teams, done.tasks)), de \(from) à \(to)"
      let moves = PortfolioWords.moves(done.teams, done.tasks, since: done.since, at: done.at)
      let state = done.undoneAt == nil ? "" : ", annulée depuis"
      return """
        <li><div class="corps"><a class="titre" href="\(Link.handover(done.id))">\(text)</a>\
        <small>\(moves.prefix(1).uppercased() + moves.dropFirst())\(state)</small></div></li>
        """
    }
    return Card("passees", "Passations depuis un an", "<ul class=\"liste\">\(rows)</ul>").html
  }

  // MARK: - For good

  private var tasks: [Agenda.Entry] { portfolio.tasks.filter { $0.nature == .task } }
  private var appointments: [Agenda.Entry] { portfolio.tasks.filter { $0.nature == .appointment } }

  private var handover: HTML {
    """
    <form class="carte ordre pile" method="post" action="\(path)" data-garde>\(hidden("csrf", csrf))\(hidden("passation", id))
    <h2>Pour de bon</h2>
    <ul class="rangee">\(each: numbers, { "<li class=\"jeton\">\($0.html)</li>" })</ul>
    <div class="champs">
    \(field("compte", "À qui\u{202F}?", .choice([Self.nobody] + accounts, none: "Choisissez"), choice.account, isRequired: true).html)\(field("depuis", "À partir du", .date, choice.since, isRequired: true).html)\
    \(group("equipes", "Équipes suivies", teamChoices, choice.teams))\(group("taches", "Tâches", tasks.map(taskChoice), choice.tasks))\
    \(group("taches", "Rendez-vous à venir", appointments.map(taskChoice), choice.tasks, id: "rendez-vous"))</div>
    <p class="note">Les équipes changent de main le jour choisi\u{202F}; les tâches et rendez-vous, tout de suite. Qui suit une équipe en lit \
    les notes confidentielles. Vous relisez tout avant que rien ne change.</p>
    <footer class="rangee"><button class="bouton principal">Relire avant de passer la main</button><a href="\(path.withoutLast)">Annuler</a></footer></form>
    """
  }

  private var numbers: [LinkedText] {
    [
      portfolio.teams.isEmpty ? nil : LinkedText(French.plural(portfolio.teams.count, "équipe suivie", "équipes suivies"), teamList),
      tasks.isEmpty ? nil : LinkedText(French.plural(tasks.count, "tâche", "tâches"), taskList),
      appointments.isEmpty ? nil : LinkedText(French.plural(appointments.count, "rendez-vous", "rendez-vous"), taskList),
    ].compactMap(\.self)
  }

  private var teamChoices: [FormField.Choice] {
    portfolio.teams.map { .init($0.id.description, "\($0.name), depuis le \(French.fullDay($0.since.description))") }
  }

  private func taskChoice(_ task: Agenda.Entry) -> FormField.Choice {
    let team = task.teams.isEmpty ? "" : ", \(task.teams.map(\.name).joined(separator: ", "))"
    return .init(task.id.description, "\(task.title)\(team), \(French.day(task.due.description))")
  }

  private func group(
    _ name: String, _ label: String, _ choices: [FormField.Choice], _ chosen: Set<String>, id: String? = nil
  ) -> HTML {
    if choices.isEmpty { return .empty }
    return """
      <fieldset class="champ large"><legend>\(label) (\(choices.count))</legend><div class="coches">\
      \(choices.count > 2 ? Self.all(isOn: choices.allSatisfy { chosen.contains($0.value) }) : .empty)\(each: choices, { tick(name, $0, isOn: chosen.contains($0.value)) })</div></fieldset>
      """
  }

  /// One box for all of a group, where a script ticks them.
  private static func all(isOn: Bool) -> HTML {
    """
    <label data-tout><input type="checkbox" data-tout\(attribute: "checked", if: isOn)> Tout cocher ou décocher</label>
    """
  }

  private func tick(_ name: String, _ choice: FormField.Choice, isOn: Bool) -> HTML {
    """
    <label><input type="checkbox" name="\(name)" value="\(choice.value)"\(attribute: "checked", if: isOn)> \(choice.label)</label>
    """
  }

  // MARK: - For a while

  private var standInCard: HTML {
    let list: HTML = "<ul class=\"liste\">\(portfolio.delegations.map(delegation))</ul>"
    return """
      \(portfolio.delegations.isEmpty ? .empty : Card("remplacements", "Remplacements", list).html)
      <form class="carte pile" method="post" action="\(standIn)" data-garde>\(hidden("csrf", csrf))\(hidden("remplacement", id))
      <h2>Le temps d’une absence</h2>
      <div class="champs">\(field("remplacant", "Remplacé par", .choice(accounts, none: "Choisissez"), choice.deputy, isRequired: true).html)\
      \(field("du", "Du", .date, choice.from, isRequired: true).html)\
      \(field("jusqua", "Jusqu’au", .date, choice.through, isRequired: true, help: "Dernier jour compris.").html)</div>
      <p class="note">Ces jours-là, la personne qui remplace voit sur sa page du jour les tâches, les rendez-vous et les équipes à recontacter, \
      et peut rayer les tâches. Rien ne change de main, aucune note confidentielle ne lui est ouverte, et tout s’arrête de soi-même le soir du dernier jour.</p>
      <footer class="rangee"><button class="bouton">Enregistrer le remplacement</button></footer></form>
      """
  }

  private func delegation(_ delegation: Delegation) -> HTML {
    let end = PostButton(
      delegation.since > today ? "Supprimer" : "Mettre fin",
      action: Link("/remplacements").appending(delegation.id.description).appending("fin"),
      csrf: csrf, hidden: [("retour", path.address)])
    return """
      <li><div class="corps"><span class="titre">\(delegation.deputy)</span><small>\(PortfolioWords.stretch(delegation.since, delegation.through))</small></div>\
      <div class="fin">\(end.html)</div></li>

      """
  }

  private func field(
    _ name: String, _ label: String, _ control: FormField.Control, _ value: String, isRequired: Bool = false, help: String? = nil
  ) -> FormField {
    var field = FormField(name, label, control, value: value, isRequired: isRequired, help: help)
    if choice.fault?.field == name { field.error = choice.fault?.sentence }
    return field
  }

  private func hidden(_ name: String, _ value: String) -> HTML {
    """
    <input type="hidden" name="\(name)" value="\(value)">
    """
  }
}

extension Link {
  /// The page above: `/compte` of `/compte/passation`.
  fileprivate var withoutLast: Link {
    Link(ownPath: String(address.prefix(upTo: address.lastIndex(of: "/") ?? address.endIndex))) ?? "/comptes"
  }
}

/// What pages say of hand-overs and stand-ins.
enum PortfolioWords {
  /// « du 3 au 14 mars 2026 ».
  static func stretch(_ since: CivilDate, _ through: CivilDate) -> String {
    "du \(French.fullDay(since.description)) au \(French.fullDay(through.description))"
  }

  /// « 12 équipes et 5 tâches ».
  static func content(_ teams: Int, _ tasks: Int) -> String {
    let parts = [
      teams > 0 ? French.plural(teams, "équipe", "équipes") : nil,
      tasks > 0 ? French.plural(tasks, "tâche ou rendez-vous", "tâches et rendez-vous") : nil,
    ].compactMap(\.self)
    return parts.joined(separator: " et ")
  }

  /// « à partir du 10 décembre 2026 »; where the teams wait for a day and tasks do not, « les équipes le 10 décembre 2026, les tâches tout
  /// de suite ».
  static func moves(_ teams: Int, _ tasks: Int, since: CivilDate, at moment: Instant?) -> String {
    let day = French.fullDay(since.description)
    guard tasks > 0, let moment, since > CivilDate(of: moment.date, in: .gmt) else { return "à partir du \(day)" }
    return teams > 0 ? "les équipes à partir du \(day), les tâches et rendez-vous tout de suite" : "tout de suite"
  }

  /// What somebody is told on their page of the day.
  static func message(_ notice: PortfolioNotice, today: CivilDate) -> Message {
    let other = notice.other ?? "personne pour l’instant"
    switch notice.matter {
    case .absent:
      let verb = notice.since > today ? "vous remplacera" : "vous remplace"
      return Message(.information, "\(other) \(verb), \(notice.through.map { stretch(notice.since, $0) } ?? "").")
    case .deputy:
      let verb = notice.since > today ? "Vous remplacerez" : "Vous remplacez"
      let shown = notice.since > today ? "" : " Ses tâches sont avec les vôtres."
      return Message(.information, "\(verb) \(other), \(notice.through.map { stretch(notice.since, $0) } ?? "").\(shown)")
    case .handed(let id, let teams, let tasks):
      let text = "\(content(teams, tasks)) à \(other), \(moves(teams, tasks, since: notice.since, at: notice.at))"
      return Message(.information, content: "Vous avez passé la main\u{A0}: \(LinkedText(text, .handover(id)).html).")
    case .received(let id, let teams, let tasks):
      let text = "\(content(teams, tasks)), \(moves(teams, tasks, since: notice.since, at: notice.at))"
      let from = notice.other.map { "\($0) vous a passé la main" } ?? "Un suivi vacant vous est confié"
      return Message(.information, content: "\(from)\u{A0}: \(LinkedText(text, .handover(id)).html).")
    }
  }
}

extension Link {
  static func handover(_ id: Identifier<Handover>) -> Link { "/passations/\(id.description)" }
}
