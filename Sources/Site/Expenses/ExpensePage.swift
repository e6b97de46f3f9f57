import Federation
import Markup
import Records
import Store
import WebSupport

/// `/frais/…`: what was spent, and what became of it.
struct ExpensePage {
  let sheet: ExpenseSheet
  let frame: Frame
  var files = HTML.empty
  /// Why a form was refused, and what it held.
  var fault: (field: String, sentence: String)?
  var sent = FormItems.none

  private var claim: ExpenseSummary { sheet.summary }
  private var lists: ReferenceLists { frame.lists }
  private var csrf: String { frame.session.csrf }
  private var link: Link { .expense(claim.id) }
  private var role: Role { frame.session.account.role }
  private var decides: Bool { role.scope(.publish, .expenses) == .all && !sheet.isOwn }

  var title: String { "Frais du \(French.day(claim.date.description))" }

  func html(_ actions: [PageAction]) -> HTML {
    """
    \(Breadcrumb([LinkedText("Notes de frais", "/frais")], current: title).html)
    \(PageHeader(title, detail: detail, actions: shown(actions)).html)
    \(refusal)
    <div class="duo"><div class="pile">\(costs)\(files)</div><div class="pile">\(next)\(Card("fiche", "Fiche", Facts(facts).html).html)</div></div>
    """
  }

  /// What was agreed to is not changed, and what was sent is taken back first.
  private func shown(_ actions: [PageAction]) -> [PageAction] {
    if claim.state.isMendable { return actions }
    return claim.state.isOpen || role.scope(.write, .expenses) == .all ? actions.filter { $0.icon != .edit } : []
  }

  private var detail: HTML {
    """
    <div class="rangee">\(ExpenseWords.badge(claim.state, lists))<small>\(claim.name), \(French.euros(claim.total))</small></div>
    """
  }

  private var refusal: HTML {
    guard claim.state == .refused, let reason = sheet.reason else { return .empty }
    return Message(.warning, "Refusée\u{A0}: \(reason)").html
  }

  // MARK: - What was spent

  private var costs: HTML {
    guard !sheet.lines.isEmpty else { return Card("depenses", "Dépenses", "<p class=\"note\">Aucune dépense notée.</p>").html }
    let rows = sheet.lines.map { FigureTable.Row(LinkedText(words($0.nature)), [LinkedText(French.euros($0.amount))]) }
    let total = FigureTable.Row(LinkedText("Total"), [LinkedText(French.euros(claim.total))])
    let table = FigureTable("Dépenses de la note", rowTitle: "Dépense", columns: ["Montant"], rows: rows, total: total)
    let missing: HTML =
      sheet.unproved.isEmpty || claim.state == .paid
      ? .empty
      : "<p class=\"note\">Sans justificatif\u{A0}: \(sheet.unproved.map { $0.nature.label.lowercased() }.joined(separator: ", ")).</p>"
    return Card("depenses", "Dépenses", "\(table.html)\(missing)").html
  }

  private func words(_ nature: ExpenseNature) -> String {
    switch nature {
    case .journey:
      let way = [sheet.origin, sheet.destination].compactMap(\.self).joined(separator: " – ")
      let rate = sheet.rate.map { French.number($0, scale: 1_000) } ?? ""
      return "\(way), \(French.number(sheet.distance ?? 0, scale: 10))\u{A0}km à \(rate)\u{A0}€"
    case .other: return sheet.otherPurpose ?? nature.label
    case .indemnity:
      let days = French.plural(sheet.halfDays ?? 0, "demi-journée", "demi-journées")
      return "\(nature.label), \(days) à \(French.euros(sheet.indemnity ?? 0))"
    default: return nature.label
    }
  }

  private var facts: [Facts.Fact] {
    let opens = role.areas
    let source =
      sheet.facilitation.map {
        LinkedText(FacilitationWords.title($0.type, lists), opens.contains(.facilitations) ? .facilitation($0.id) : nil)
      }
      ?? sheet.meeting.map { meeting in
        let isOpen = opens.contains(.meetings) && MeetingKind.closed(to: role).isEmpty
        return LinkedText("Réunion du \(French.day(meeting.date.description))", isOpen ? .meeting(meeting.id) : nil)
      }
    let decision = [sheet.decidedOn.map { French.fullDay($0.description) }, sheet.decidedBy.map { "par \($0)" }].compactMap(\.self)
    let payment = sheet.payment.map { payment in
      LinkedText(
        "Paiement n°\u{A0}\(payment.number) du \(French.day(payment.on.description))",
        role.scope(.publish, .expenses) == .all ? .expensePayment(payment.id) : nil)
    }
    return [
      .init("Personne", [LinkedText(claim.name, opens.contains(.directory) ? .person(claim.person) : nil)]),
      .init("Pour quoi", claim.purpose), .init("Rattachée à", source.map { [$0] } ?? [LinkedText("Rien d’autre")]),
      .init("Envoyée le", sheet.sentOn.map { French.fullDay($0.description) } ?? "Pas encore"),
      .init("Décidée le", decision.isEmpty ? "Pas encore" : decision.joined(separator: ", ")),
      .init("Paiement", payment.map { [$0] } ?? [LinkedText(claim.state == .waived ? "Aucun" : "Pas encore")]),
      .init("Référence", claim.reference),
    ]
  }

  // MARK: - What comes next

  private var next: HTML {
    switch claim.state {
    case .draft, .refused:
      return Card(
        "suite", "À envoyer",
        "<div class=\"pile\"><p>Une fois envoyée, la note attend son approbation.</p>\(button("Envoyer la note", "envoi"))</div>"
      ).html
    case .sent: return decides ? decision : waiting
    case .approved:
      let waiver = sheet.isOwn || role.scope(.write, .expenses) == .all ? button("Abandonner ces frais en don", "abandon") : HTML.empty
      return Card(
        "suite", "À payer",
        """
        <p>Elle sera payée avec les autres. La personne peut aussi y renoncer\u{A0}: c’est alors un don à la fédération.</p>\
        <div class="rangee">\(waiver)\(decides ? button("Reprendre l’approbation", "reprise-decision") : .empty)</div>
        """
      ).html
    case .waived:
      let day = claim.waivedOn.map { French.fullDay($0.description) } ?? ""
      return Card(
        "suite", "Abandon de frais",
        """
        <p>Le \(day), \(claim.name) renonce au remboursement de \(French.euros(claim.total)) et en fait don à la fédération.</p>\
        \(decides ? button("Reprendre l’abandon", "reprise-decision") : .empty)
        """
      ).html
    case .paid: return .empty
    }
  }

  private var waiting: HTML {
    let words =
      sheet.isOwn && role.scope(.publish, .expenses) == .all
      ? "Cette note est la vôtre\u{A0}: quelqu’un d’autre en décide." : "La note attend son approbation."
    return Card("suite", "En attente", "<p>\(words)</p>\(button("Reprendre pour la corriger", "reprise"))").html
  }

  private var decision: HTML {
    var field = FormField("motif", "Motif d’un refus", .line(limit: 500), value: sent["motif"])
    if fault?.field == "motif" { (field.error, field.hasFocus) = (fault?.sentence, true) }
    let missing: HTML =
      sheet.unproved.isEmpty
      ? .empty
      : Message(
        .warning,
        "Sans justificatif\u{A0}: \(sheet.unproved.map { "\($0.nature.label.lowercased()), \(French.euros($0.amount))" }.joined(separator: " ; "))."
      ).html
    let approving = PostButton(
      sheet.unproved.isEmpty ? "Approuver \(French.euros(claim.total))" : "Approuver sans justificatif",
      action: link.appending("approbation"), csrf: csrf,
      hidden: [("montant", String(claim.total))] + (sheet.unproved.isEmpty ? [] : [("sans_justificatif", "oui")]))
    return Card(
      "suite", "À approuver",
      """
      <div class="pile">\(missing)<div class="rangee">\(approving.html)</div>\
      <form class="pile" method="post" action="\(link.appending("refus"))">\(hidden("csrf", csrf))<div class="champs">\(field.html)</div>\
      <div class="rangee"><button class="bouton petit danger">Refuser</button></div></form>\(button("Reprendre pour la corriger", "reprise"))</div>
      """
    ).html
  }

  private func button(_ label: String, _ path: String) -> HTML {
    PostButton(label, action: link.appending(path), csrf: csrf).html
  }
}
