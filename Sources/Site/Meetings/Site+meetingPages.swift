import Federation
import Markup
import Records
import Store
import WebSupport

extension Site {
  /// Writing minutes, and changing them.
  var meetingPages: RecordPages {
    RecordPages(
      site: self, kind: "comptes_rendus", path: "/comptes-rendus", place: .meetings, area: .meetings,
      words: RecordWords(list: "Comptes rendus", new: "Nouveau compte rendu", change: "Modifier le compte rendu") {
        $0["titre", default: "Compte rendu"]
      },
      layouts: [
        .init("titre", isWide: true), .init("date"), .init("nature"),
        .init("duree_minutes", label: "Durée", unit: "min", help: "Elle donne les heures bénévoles d’un conseil ou d’un bureau."),
        .init("lieu", isWide: true),
        .init("presents", help: "Personnes de l’annuaire, comptes, ou noms séparés par une virgule."), .init("excuses"), .init("invites"),
        .init("organisations"), .init("ordre_du_jour"),
        .init("texte", help: "Collez-le depuis un traitement de texte s’il y est déjà : titres, listes et gras sont gardés."),
      ],
      defaults: { ["date": $0.today.description, "presents": $0.session.account.email] },
      objections: { entries, account in
        guard let kind = entries["nature"].flatMap(MeetingKind.init(rawValue:)), MeetingKind.closed(to: account.role).contains(kind) else {
          return [:]
        }
        return ["nature": "votre rôle ne lit pas les comptes rendus de cette réunion : confiez-le à la direction ou à l’assistance"]
      })
  }

  /// Changing a decision; it is taken on the page of its meeting.
  var decisionPages: RecordPages {
    let layouts: [RecordFormBuilder.Layout] = [
      .init("compte_rendu", help: "Sa référence, au bas de sa page."), .init("texte", isWide: true),
      .init("structures", label: "Équipes concernées"),
    ]
    return RecordPages(
      site: self, kind: "decisions", path: "/decisions", place: .meetings, area: .meetings,
      words: RecordWords(list: "Décisions", new: "Nouvelle décision", change: "Modifier la décision") { _ in "Décision" },
      layouts: layouts, isPart: true,
      shown: { entries, _, _ in
        entries["compte_rendu", default: ""].isEmpty ? nil : layouts.filter { $0.name != "compte_rendu" }
      })
  }
}

extension Link {
  static func meeting(_ id: Identifier<Meeting>) -> Link { "/comptes-rendus/\(id.description)" }
  /// Leads to the minutes that hold it.
  static func decision(_ id: Identifier<DecisionSummary>) -> Link { "/decisions/\(id.description)" }
}

/// What pages say of decisions.
enum DecisionWords {
  static func badge(_ state: DecisionState, _ lists: ReferenceLists) -> HTML {
    let tone: Badge.Tone =
      switch state {
      case .open: .attention
      case .done: .complete
      case .noted: .start
      case .abandoned: .ended
      }
    return Badge.state(lists.label(state), tone)
  }

  /// « Claire Vasseur, pour le 12 janv. 2026 ».
  static func charge(_ decision: DecisionSummary) -> String? {
    guard let assignee = decision.assignee else { return nil }
    if let day = decision.doneOn { return "\(assignee), faite le \(French.day(day.description))" }
    return [assignee, decision.due.map { "pour le \(French.day($0.description))" }].compactMap(\.self).joined(separator: ", ")
  }
}
