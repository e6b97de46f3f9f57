import Federation
import Markup
import Records
import Store
import WebSupport

/// `/seances/…`: a sitting, its files and what was said of each.
struct CommissionPage {
  let sheet: CommissionSheet
  let frame: Frame
  let writes: Bool

  private var sitting: CommissionSittingListing.Row { sheet.sitting }
  private var lists: ReferenceLists { frame.lists }

  var title: String {
    "\(lists.label(of: sitting.commission, in: .commission)) du \(French.fullDay(sitting.date.description))"
  }

  func html(_ actions: [PageAction]) -> HTML {
    let adding = PageAction(
      "Ajouter un dossier", .add, Link("/dossiers/nouveau", query: [("seance", sitting.reference)]), isPrincipal: true)
    let nothing: HTML = "<p class=\"note\">Aucun dossier pour l’instant.</p>"
    let list: HTML = sheet.files.isEmpty ? nothing : "<ul class=\"liste\">\(each: sheet.files, row)</ul>"
    return """
      \(Breadcrumb([LinkedText("Commissions", "/seances")], current: title).html)
      \(PageHeader(title, detail: detail, actions: (writes ? [adding] : []) + actions).html)
      <div class="duo"><div class="pile">\(Card("dossiers", "Dossiers (\(sheet.files.count))", list).html)</div>\
      <div class="pile">\(Card("fiche", "Séance", Facts(facts).html).html)</div></div>
      """
  }

  private var isOver: Bool { sitting.date <= frame.today }

  private var detail: HTML {
    let days = frame.today.days(since: sitting.date)
    let when = days > 0 ? "Passée" : days == 0 ? "Aujourd’hui" : "Dans \(French.plural(-days, "jour", "jours"))"
    return """
      <div class="rangee">\(Badge.state(when, isOver ? .complete : .start))<small>\(sitting.department ?? "Toute la région")</small></div>
      """
  }

  private var facts: [Facts.Fact] {
    [
      .init("Dépôt avant le", sitting.filingDeadline.map { French.fullDay($0.description) }), .init("Lieu ou visio", sitting.place),
      .init("Avis favorables", sitting.files.judged == 0 ? "Aucun avis noté" : "\(sitting.files.favourable) sur \(sitting.files.judged)"),
    ] + (sheet.note.map { [Facts.Fact("Note", $0)] } ?? []) + [.init("Référence", sitting.reference)]
  }

  private func row(_ file: CommissionFileSummary) -> HTML {
    let filed = file.filedOn.map { "Déposé le \(French.day($0.description))" } ?? "Pas encore déposé"
    let supported = file.isSupported ? "accompagnée avant la séance" : "sans échange noté avant la séance"
    let reason: HTML = file.reason.map { "<small>\($0)</small>" } ?? .empty
    return """
      <li id="d\(file.id.description)"><div class="corps"><a class="titre" href="\(Link.structure(file.team.id))">\(file.team.name)</a>\
      <small>\(filed), \(supported)</small>\(reason)\(writes ? tools(file) : .empty)</div>\
      <div class="fin">\(CommissionWords.badge(file.opinion, lists))</div></li>

      """
  }

  private func tools(_ file: CommissionFileSummary) -> HTML {
    let page = Link.commissionFile(file.id)
    let name = file.team.name
    let opinion: HTML =
      file.opinion != nil
      ? PostButton("Retirer l’avis", action: page.appending("avis-retire"), csrf: frame.session.csrf).html
      : isOver
        ? "<a class=\"bouton petit\" href=\"\(page.appending("avis"))\">Noter l’avis<span class=\"sr\"> sur \(name)</span></a>" : .empty
    return """
      <div class="rangee">\(opinion)<a href="\(page.appending("modifier"))">Modifier<span class="sr"> le dossier de \(name)</span></a> \
      <a href="\(page.appending("historique"))">Historique<span class="sr"> du dossier de \(name)</span></a></div>
      """
  }
}

/// The form of an opinion.
struct CommissionOpinionForm {
  static let title = "Noter l’avis de la commission"

  let file: CommissionFileSummary
  let sent: FormItems
  let fault: (field: String, sentence: String)?
  let frame: Frame

  func html() -> HTML {
    let sitting = "\(frame.lists.label(of: file.commission, in: .commission)) du \(French.fullDay(file.date.description))"
    let view = RecordFormView(
      action: Link.commissionFile(file.id).appending("avis"), csrf: frame.session.csrf, hidden: [], fields: fields,
      submit: "Enregistrer l’avis", cancel: .sitting(file.sitting))
    return """
      \(Breadcrumb([LinkedText("Commissions", "/seances"), LinkedText(sitting, .sitting(file.sitting))], current: "Avis").html)
      \(PageHeader(Self.title, sentence: "\(file.team.name), \(sitting).").html)
      <p class="note">Un avis favorable date l’étape « Projet validé » et le repère « Reconnue en commission » de l’équipe, si elle ne les a pas.</p>
      \(view.refusals)\(view.html)
      """
  }

  private var fields: [FormField] {
    let choices = CommissionOpinion.allCases.map { FormField.Choice($0.rawValue, frame.lists.label($0)) }
    var fields = [
      FormField("avis", "Avis", .choice(choices, none: "Choisir"), value: sent["avis"], isRequired: true),
      FormField("avis_le", "Rendu le", .date, value: sent.value("avis_le") ?? file.date.description, isRequired: true),
      FormField("motif", "Réserves ou motif", .paragraph(limit: 2_000), value: sent["motif"], isWide: true),
    ]
    let focus = fields.firstIndex { $0.name == fault?.field } ?? 0
    fields[focus].error = fault?.sentence
    fields[focus].hasFocus = true
    return fields
  }
}

/// What pages say of commissions.
enum CommissionWords {
  static func badge(_ opinion: CommissionOpinion?, _ lists: ReferenceLists) -> HTML {
    guard let opinion else { return Badge.state("Sans avis", .start) }
    let tone: Badge.Tone =
      switch opinion {
      case .favourable: .complete
      case .withReserves: .confirmed
      case .adjourned: .paused
      case .unfavourable: .ended
      }
    return Badge.state(lists.label(opinion), tone)
  }

  /// On a team's page: where it was presented.
  static func card(_ sheet: StructureSheet, _ frame: Frame) -> HTML {
    guard !sheet.commissionFiles.isEmpty else { return .empty }
    let rows: [HTML] = sheet.commissionFiles.map { file in
      """
      <li><div class="corps"><a href="\(Link.sitting(file.sitting))">\(frame.lists.label(of: file.commission, in: .commission)) du \
      \(French.day(file.date.description))</a>\(file.reason.map { "<small>\($0)</small>" as HTML } ?? .empty)</div>\
      <div class="fin">\(badge(file.opinion, frame.lists))</div></li>

      """
    }
    return Card("commissions", "Commissions", "<ul class=\"liste\">\(rows)</ul>").html
  }

  /// On the page of the day: what has to be ready, and when.
  static func comingCard(_ rows: [CommissionSittingListing.Row], today: CivilDate, _ lists: ReferenceLists) -> HTML {
    guard !rows.isEmpty else { return .empty }
    let items: [HTML] = rows.map { row in
      let deadline = row.filingDeadline.flatMap { $0 >= today ? $0 : nil }
      let words = deadline.map { "Dépôt avant le \(French.day($0.description))" } ?? "Séance le \(French.day(row.date.description))"
      return """
        <li><div class="corps"><a class="titre" href="\(Link.sitting(row.id))">\(lists.label(of: row.commission, in: .commission)) du \
        \(French.day(row.date.description))</a><small>\(row.department ?? "Toute la région"), \
        \(French.plural(row.files.all, "dossier", "dossiers"))</small></div><div class="fin">\(Badge.state(words, deadline == nil ? .start : .attention))</div></li>

        """
    }
    return Card(
      "commissions", "Commissions à préparer", aside: LinkedText("Toutes les séances", "/seances").html, "<ul class=\"liste\">\(items)</ul>"
    ).html
  }
}

extension Link {
  static func sitting(_ id: Identifier<CommissionSitting>) -> Link { "/seances/\(id.description)" }
  /// Leads to its sitting.
  static func commissionFile(_ id: Identifier<CommissionFile>) -> Link { "/dossiers/\(id.description)" }
}
