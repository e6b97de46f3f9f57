import Federation
import Markup
import Records
import Store
import Tables
import WebSupport

extension Site {
  /// Noting what was spent: one form for all of a day, on a telephone too.
  var expensePages: RecordPages {
    let layouts: [RecordFormBuilder.Layout] = [
      .init("personne", help: "Une personne de l’annuaire qui n’est pas salariée de la fédération."), .init("date"),
      .init("objet", isWide: true, help: "La rencontre, la réunion, l’équipe. Rien sur la santé de quiconque."),
      .init("depart", help: "La ville d’où vous partez."), .init("arrivee", help: "La ville où vous allez."),
      .init(
        "km", label: "Kilomètres en voiture", help: "Aller et retour. Proposés d’une facilitation, ils sont à vol d’oiseau : corrigez-les."),
      .init("peage"), .init("parking"), .init("train"), .init("repas"), .init("autre"),
      .init("autre_objet", label: "Autre dépense : laquelle"),
      .init("demi_journees", help: "Une indemnité par demi-journée de présence."), .init("facilitation"), .init("compte_rendu"),
    ]
    return RecordPages(
      site: self, kind: "frais", path: "/frais", place: .expenses, area: .expenses,
      words: RecordWords(list: "Notes de frais", new: "Nouvelle note de frais", change: "Modifier la note de frais") {
        $0["objet"] ?? "Note de frais"
      },
      layouts: layouts, defaults: { ["date": $0.today.description] },
      shown: { entries, frame, connection in
        let account = frame.session.account
        let isOwn = account.role.scope(.write, .expenses) == .own
        // Whoever writes their own only is told at once when nobody knows who they are.
        if isOwn { _ = try ExpenseClaim.ownReference(of: account, connection) }
        let facilitations = try ExpenseClaim.facilitations(
          offeredTo: account, named: entries["facilitation", default: ""], on: frame.today, connection)
        return layouts.compactMap { layout -> RecordFormBuilder.Layout? in
          var layout = layout
          switch layout.name {
          case "personne": return isOwn ? nil : layout
          case "facilitation":
            layout.offered = facilitations.map { FormField.Choice($0.reference, ExpenseWords.facilitation($0.date, $0.team)) }
          case "compte_rendu":
            let reference = entries["compte_rendu", default: ""]
            layout.offered = reference.isEmpty ? [] : [FormField.Choice(reference, reference)]
          default: return layout
          }
          // What it belongs to is chosen where there is a choice, or known by where the form is opened.
          layout.empty = "Aucune"
          return layout.offered.isEmpty ? nil : layout
        }
      },
      imposed: { account, connection in
        account.role.scope(.write, .expenses) == .own ? ["personne": try ExpenseClaim.ownReference(of: account, connection)] : [:]
      })
  }
}

extension Link {
  static func expense(_ id: Identifier<ExpenseClaim>) -> Link { "/frais/\(id.description)" }
  static let expensePayments: Link = "/remboursements"
  static func expensePayment(_ id: Identifier<ExpensePayment>) -> Link { "/remboursements/\(id.description)" }
  static func expenseWaivers(_ year: Int) -> Link { "/abandons-frais/\(String(year))" }
}

/// What pages say of expense claims.
enum ExpenseWords {
  static func badge(_ state: ExpenseState, _ lists: ReferenceLists) -> HTML {
    let tone: Badge.Tone =
      switch state {
      case .draft: .start
      case .sent: .attention
      case .approved: .confirmed
      case .paid: .complete
      case .waived: .good
      case .refused: .ended
      }
    return Badge.state(lists.label(state), tone)
  }

  /// What waits for a decision, on the page of the day.
  static func waitingCard(_ waiting: (rows: [ExpenseSummary], total: Int)) -> HTML {
    guard !waiting.rows.isEmpty else { return .empty }
    let items: [HTML] = waiting.rows.map { claim in
      """
      <li><div class="corps"><a class="titre" href="\(Link.expense(claim.id))">\(claim.name)</a><small>\(claim.purpose), \(French.day(claim.date.description))</small></div>\
      <div class="fin">\(French.euros(claim.total))</div></li>

      """
    }
    let all = LinkedText("Toutes", Link("/frais", query: [("etat", ExpenseState.sent.rawValue)]))
    return Card(
      "frais", "Notes de frais à approuver (\(French.number(waiting.total)))", aside: all.html, "<ul class=\"liste\">\(items)</ul>"
    ).html
  }

  /// « Facilitation du 3 mars, MSP des Tilleuls »
  static func facilitation(_ date: CivilDate?, _ team: String?) -> String {
    [date.map { "Facilitation du \(French.day($0.description))" } ?? "Facilitation", team].compactMap(\.self).joined(separator: ", ")
  }

  /// An amount in a file.
  static func cell(_ cents: Int) -> XLSX.Cell { .decimal(Double(cents) / 100) }
}
