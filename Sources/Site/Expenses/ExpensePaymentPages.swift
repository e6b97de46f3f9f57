import Federation
import Markup
import Records
import Store
import Tables
import WebSupport

/// `/remboursements`: what is approved and waits to be paid, and what was paid before.
struct ExpensePaymentsPage {
  static let title = "Paiement des notes de frais"

  let preview: ExpensePayment.Preview
  let payments: [ExpensePayment]
  let frame: Frame

  func html() -> HTML {
    """
    \(Breadcrumb([LinkedText("Notes de frais", "/frais")], current: Self.title).html)
    \(PageHeader(Self.title, sentence: "Les notes approuvées se paient ensemble, par un fichier pour la trésorerie.").html)
    <div class="pile">\(waiting)\(past)</div>
    """
  }

  private var waiting: HTML {
    guard !preview.lines.isEmpty else {
      return Card("a-payer", "À payer", "<p class=\"note\">Aucune note approuvée n’attend d’être payée.</p>").html
    }
    let words = "\(French.plural(preview.lines.count, "note", "notes")), \(French.euros(preview.total))"
    let paying = PostButton(
      "Payer \(words)", action: .expensePayments, csrf: frame.session.csrf, hidden: [("liste", preview.mark)])
    return Card(
      "a-payer", "À payer\u{A0}: \(words)",
      """
      \(ExpensePaymentPage.table("Notes à payer", preview.lines, total: preview.total))\
      <p class="note">Le paiement prend un numéro et la date du jour. Le virement se fait à la banque\u{A0}: aucun compte bancaire n’est gardé ici.</p>\
      <div class="rangee">\(paying.html)</div>
      """
    ).html
  }

  private var past: HTML {
    guard !payments.isEmpty else { return .empty }
    let rows: [HTML] = payments.map { payment in
      """
      <li><div class="corps"><a class="titre" href="\(Link.expensePayment(payment.id))">Paiement n°\u{A0}\(payment.number)</a>\
      <small>\(French.day(payment.paidOn.description)), \(French.plural(payment.count, "note", "notes")), par \(payment.madeBy)</small></div>\
      <div class="fin">\(French.euros(payment.total))\(payment.reopenedAt == nil ? .empty : Badge.state("Rouvert", .ended))</div></li>

      """
    }
    return Card("paiements", "Paiements", "<ul class=\"liste\">\(rows)</ul>").html
  }
}

/// `/remboursements/…`: one batch, its lines and its files.
struct ExpensePaymentPage {
  let payment: ExpensePayment
  let lines: [ExpensePayment.Line]
  let frame: Frame
  var fault: String?
  var reason = ""

  private var link: Link { .expensePayment(payment.id) }

  var title: String { "Paiement n°\u{A0}\(payment.number)" }

  func html() -> HTML {
    let files = TableFileFormat.allCases.map { PageAction($0.label, .download, link.appending("lignes.\($0.rawValue)")) }
    return """
      \(Breadcrumb([LinkedText("Notes de frais", "/frais"), LinkedText("Paiements", .expensePayments)], current: title).html)
      \(PageHeader(title, detail: detail, actions: files).html)
      \(reopened)
      <div class="pile">\(Card("lignes", "Lignes", Self.table("Notes payées", lines, total: payment.total)).html)\(reopening)</div>
      """
  }

  private var detail: HTML {
    """
    <p>\(French.fullDay(payment.paidOn.description)), \(French.plural(payment.count, "note", "notes")), \(French.euros(payment.total)), par \(payment.madeBy).</p>
    """
  }

  private var reopened: HTML {
    guard let at = payment.reopenedAt else { return .empty }
    let words = "Rouvert le \(frame.moment(at)) par \(payment.reopenedBy ?? French.unknown)\u{A0}: \(payment.reason ?? "")"
    return Message(.warning, French.ended(words)).html
  }

  private var reopening: HTML {
    guard frame.session.account.role == .direction, payment.reopenedAt == nil, !payment.isFollowed else { return .empty }
    var field = FormField("motif", "Motif", .line(limit: 500), value: reason, isRequired: true)
    if let fault { (field.error, field.hasFocus) = (fault, true) }
    return Card(
      "reouverture", "Rouvrir ce paiement",
      """
      <form class="pile" method="post" action="\(link.appending("reouverture"))">\(hidden("csrf", frame.session.csrf))\
      <p>Ses notes seront à nouveau à payer. Le numéro et les lignes restent connus.</p><div class="champs">\(field.html)</div>\
      <div class="rangee"><button class="bouton petit danger">Rouvrir le paiement</button></div></form>
      """
    ).html
  }

  static func table(_ caption: String, _ lines: [ExpensePayment.Line], total: Int) -> HTML {
    let rows = lines.map { line in
      FigureTable.Row(
        LinkedText(line.name, .expense(line.claim)),
        [LinkedText(French.day(line.date.description)), LinkedText(French.euros(line.amount))])
    }
    let sum = FigureTable.Row(LinkedText("Total"), [LinkedText(""), LinkedText(French.euros(total))])
    return FigureTable(caption, rowTitle: "Personne", columns: ["Date", "Montant"], rows: rows, total: sum).html
  }

  static let header = ["Paiement", "Payé le", "Nom", "Référence", "Montant (€)", "Communication"]

  func rows() -> [[XLSX.Cell]] {
    lines.map { line in
      [
        .integer(payment.number), .date(payment.paidOn.description), .text(line.name), .text(line.reference),
        ExpenseWords.cell(line.amount),
        .text("Frais \(line.reference) du \(line.date.written)"),
      ]
    }
  }
}

/// `/abandons-frais/…`: what was given up in a year, by person.
struct ExpenseWaiversPage {
  let waivers: ExpenseWaivers
  let frame: Frame

  var title: String { "Abandons de frais en \(String(waivers.year))" }

  func html() -> HTML {
    let tabs = waivers.years.map { Tabs.Tab(String($0), .expenseWaivers($0), isCurrent: $0 == waivers.year) }
    let files = TableFileFormat.allCases.map {
      PageAction($0.label, .download, Link.expenseWaivers(waivers.year).appending("dons.\($0.rawValue)"))
    }
    return """
      \(Breadcrumb([LinkedText("Notes de frais", "/frais")], current: title).html)
      \(PageHeader(title, detail: "<p>Ce que des personnes ont donné à la fédération en renonçant à leur remboursement. Le reçu fiscal n’est pas établi ici.</p>", actions: waivers.people.isEmpty ? [] : files).html)
      \(Tabs("Années", tabs).html)
      \(people)
      """
  }

  private var people: HTML {
    guard !waivers.people.isEmpty else {
      return EmptyState("Aucun abandon de frais cette année", "Une note approuvée peut être abandonnée en don, sur sa page.").html
    }
    let rows: [HTML] = waivers.people.map { person in
      let claims: [HTML] = person.claims.map { claim in
        """
        <small><a href="\(Link.expense(claim.id))">\(claim.purpose), \(French.day(claim.date.description))</a>, \(French.euros(claim.total))</small>
        """
      }
      return """
        <li><div class="corps"><span class="titre">\(person.name)</span>\(claims)</div>\
        <div class="fin"><strong>\(French.euros(ExpenseWaivers.sum(person.claims)))</strong></div></li>

        """
    }
    return Card("dons", "Par personne\u{A0}: \(French.euros(waivers.total))", "<ul class=\"liste\">\(rows)</ul>").html
  }

  static let header = ["Année", "Nom", "Notes", "Montant (€)"]

  func rows() -> [[XLSX.Cell]] {
    waivers.people.map { person in
      [.integer(waivers.year), .text(person.name), .integer(person.claims.count), ExpenseWords.cell(ExpenseWaivers.sum(person.claims))]
    }
  }
}
