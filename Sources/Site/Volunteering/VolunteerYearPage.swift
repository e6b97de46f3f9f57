import Federation
import Markup
import Records
import Store
import Tables
import WebSupport

/// `/benevolat/…`: what was given in a year, its value, and both sides of the accounts (GOV-05).
struct VolunteerYearPage {
  let accounts: VolunteerAccounts
  let years: [Int]
  let frame: Frame

  private var year: Int { accounts.year }
  private var lists: ReferenceLists { frame.lists }
  private var path: Link { .volunteerYear(year) }

  var title: String { "Bénévolat en \(year)" }

  func html() -> HTML {
    let role = frame.session.account.role
    let collecting =
      role.scope(.write, .volunteering) == .all && !accounts.isClosed
      ? PostButton("Relever les heures des rencontres", action: path.appending("releve"), csrf: frame.session.csrf).html : .empty
    return """
      \(Breadcrumb([LinkedText("Heures bénévoles", "/heures")], current: String(year)).html)
      \(PageHeader(title, detail: detail, actions: files).html)
      \(Tabs("Années", years.map { Tabs.Tab(String($0), .volunteerYear($0), isCurrent: $0 == year) }).html)
      \(accounts.rate == nil ? Message(.information, Self.noRate).html : .empty)
      \(KeyFigure.row(figures))
      <div class="duo"><div class="pile">\(activityCard)\(accountCard)</div>\
      <div class="pile">\(closing(mayClose: role.scope(.publish, .volunteering) == .all, collecting))\(peopleCard)</div></div>
      """
  }

  static let noRate =
    "La valeur d’une heure n’est pas fixée pour cette année\u{A0}: les heures sont comptées, et rien n’est valorisé. L’administration technique la pose par le réglage « heures_taux_horaire »."

  private var detail: HTML {
    """
    <div class="rangee">\(accounts.isClosed ? Badge.state("Exercice clos", .complete) : Badge.state("Exercice ouvert", .underWay))\
    <small>\(accounts.countsTravel ? "Trajets compris" : "Sans les trajets")</small></div>
    """
  }

  private var files: [PageAction] {
    accounts.parts.isEmpty
      ? [] : TableFileFormat.allCases.map { PageAction($0.label, .download, path.appending("comptes.\($0.rawValue)")) }
  }

  private var figures: [KeyFigure] {
    [
      KeyFigure("Heures validées", value: VolunteerWords.hours(accounts.minutes), link: list([])),
      KeyFigure("Bénévoles", value: French.number(accounts.people.count), link: nil),
      KeyFigure(
        "Valeur", value: accounts.value.map(French.euros) ?? French.unknown, link: nil,
        note: accounts.rate.map { "\(French.euros($0)) l’heure" }),
      KeyFigure(
        "À valider", value: French.number(accounts.waiting),
        link: accounts.waiting == 0 ? nil : Link("/heures", query: [("annee", String(year)), ("etat", VolunteerState.proposed.rawValue)])),
    ]
  }

  private func list(_ more: [(String, String)]) -> Link {
    Link("/heures", query: [("chiffre", "volunteers.hours"), ("annee", String(year))] + more)
  }

  private var activityCard: HTML {
    guard !accounts.parts.isEmpty else {
      return Card("activites", "Par activité", "<p class=\"note\">Aucune ligne validée pour cette année.</p>").html
    }
    let rows = accounts.parts.map { part in
      FigureTable.Row(
        LinkedText(lists.label(of: part.activity, in: .volunteerActivity)),
        [
          LinkedText(VolunteerWords.hours(part.minutes), list([("activite", part.activity)])),
          LinkedText(part.value.map(French.euros) ?? French.unknown),
        ])
    }
    let total = FigureTable.Row(
      LinkedText("Total"),
      [LinkedText(VolunteerWords.hours(accounts.minutes), list([])), LinkedText(accounts.value.map(French.euros) ?? French.unknown)])
    return Card(
      "activites", "Par activité",
      FigureTable("Heures bénévoles validées", rowTitle: "Activité", columns: ["Heures", "Valeur"], rows: rows, total: total).html
    ).html
  }

  /// What the accountant writes: the same amount on both sides.
  private var accountCard: HTML {
    guard let value = accounts.value, !accounts.parts.isEmpty else { return .empty }
    let rows = VolunteerAccountLine.sides.map { side in
      let sides = [French.euros(value), "–"].map { LinkedText($0) }
      return FigureTable.Row(LinkedText("\(side.account) \(side.label)"), side.isDebit ? sides : sides.reversed())
    }
    let note: HTML =
      "<p class=\"note\">Emploi des contributions volontaires en nature (86) et ces contributions (87), au pied du compte de résultat. Le fichier donne le détail par activité.</p>"
    return Card(
      "comptes", "Pour la comptabilité",
      "\(FigureTable("Classes 86 et 87", rowTitle: "Compte", columns: ["Débit", "Crédit"], rows: rows).html)\(note)"
    ).html
  }

  private var peopleCard: HTML {
    guard !accounts.people.isEmpty else { return .empty }
    let rows: [HTML] = accounts.people.map { person in
      """
      <li><div class="corps"><a href="\(Link.volunteer(person.id, year))">\(person.name)</a></div>\
      <div class="fin">\(VolunteerWords.hours(person.minutes))</div></li>

      """
    }
    return Card("benevoles", "Par bénévole", "<ul class=\"liste\">\(rows)</ul>").html
  }

  private func closing(mayClose: Bool, _ collecting: HTML) -> HTML {
    let csrf = frame.session.csrf
    let isOver = year < frame.today.year
    let words =
      accounts.isClosed
      ? "Rien de cet exercice ne bouge plus\u{A0}: ni ligne, ni taux, ni trajets."
      : isOver
        ? "Une fois clos, plus rien de cet exercice ne bouge." : "L’exercice se clôt une fois l’année finie."
    let turn: HTML =
      !mayClose || !isOver
      ? .empty
      : accounts.isClosed
        ? PostButton("Rouvrir l’exercice", action: path.appending("reouverture"), csrf: csrf).html
        : PostButton("Clore l’exercice \(year)", action: path.appending("cloture"), csrf: csrf).html
    let history: [HTML] = accounts.closures.map { closure in
      let reopened = closure.reopenedAt.map { "Rouvert le \(frame.moment($0)), par \(closure.reopenedBy ?? French.unknown)" }
      return """
        <li><div class="corps"><span>Clos le \(frame.moment(closure.at)), par \(closure.by)</span>\(reopened.map { "<small>\($0)</small>" as HTML } ?? .empty)</div></li>

        """
    }
    let list: HTML = history.isEmpty ? .empty : "<ul class=\"liste\">\(history)</ul>"
    return Card("exercice", "Exercice", "<p>\(words)</p><div class=\"rangee\">\(collecting)\(turn)</div>\(list)").html
  }
}

/// A line of the file for the accountant.
struct VolunteerAccountLine {
  /// The two accounts of the French chart for volunteer time (ANC 2018-06).
  static let sides = [
    (account: "864", label: "Personnel bénévole", isDebit: true),
    (account: "875", label: "Bénévolat", isDebit: false),
  ]

  static let header = ["Compte", "Libellé", "Activité", "Heures", "Taux horaire (€)", "Débit (€)", "Crédit (€)"]

  static func rows(_ accounts: VolunteerAccounts, _ lists: ReferenceLists) -> [[XLSX.Cell]] {
    sides.flatMap { side in
      accounts.parts.map { part in
        let value = part.value.map { XLSX.Cell.decimal(Double($0) / 100) } ?? .text("")
        return [
          .text(side.account), .text(side.label), .text(lists.label(of: part.activity, in: .volunteerActivity)),
          .decimal((Double(part.minutes) / 60 * 100).rounded() / 100), accounts.rate.map { .decimal(Double($0) / 100) } ?? .text(""),
          side.isDebit ? value : .text(""), side.isDebit ? .text("") : value,
        ]
      }
    }
  }
}
