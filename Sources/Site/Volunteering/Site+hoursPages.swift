import Federation
import Markup
import Records
import Store
import WebSupport

extension Site {
  /// Noting volunteer time, correcting what a meeting gave, validating it.
  var hoursPages: RecordPages {
    // Only a meeting may leave it unsaid.
    var presence = RecordFormBuilder.Layout("presence_minutes", label: "Présence", unit: "min", help: "120 pour deux heures.")
    presence.isNeeded = true
    return RecordPages(
      site: self, kind: "heures", path: "/heures", place: .volunteering, area: .volunteering,
      words: RecordWords(list: "Heures bénévoles", new: "Noter des heures bénévoles", change: "Modifier la ligne d’heures") { _ in
        "Heures bénévoles"
      },
      layouts: [
        .init("personne", help: "Une personne de l’annuaire qui n’est pas salariée de la fédération."), .init("activite"), .init("date"),
        presence,
        .init("trajet_minutes", label: "Trajet, aller et retour", unit: "min"),
        .init("objet", isWide: true, help: "La réunion, le dossier, l’équipe rencontrée. Rien sur la santé de quiconque."),
        .init("etat", help: "Seules les lignes validées comptent.", isSegmented: true),
        .init("motif", isWide: true, help: "À dire si vous refusez la ligne."),
      ],
      hasOwnPage: false, defaults: { ["date": $0.today.description, "etat": VolunteerState.proposed.rawValue] },
      batched: [
        .init("etat", label: "État"), .init("motif", label: "Motif du refus"), .init("activite", label: "Activité"),
        .init("trajet_minutes", label: "Trajet, aller et retour", unit: "min"),
      ],
      cells: ["presence_minutes", "trajet_minutes", "activite"],
      selected: { request, frame, connection in try HoursList(site: self).selected(request, frame, connection) })
  }
}

extension Link {
  static func hours(_ id: Identifier<VolunteerHours>) -> Link { "/heures/\(id.description)" }
  static func volunteer(_ id: Identifier<Person>, _ year: Int) -> Link {
    Link("/benevoles/\(id.description)", query: [("annee", String(year))])
  }
  static func volunteerYear(_ year: Int) -> Link { "/benevolat/\(String(year))" }
}

/// What pages say of volunteer time.
enum VolunteerWords {
  static func badge(_ state: VolunteerState, _ lists: ReferenceLists) -> HTML {
    let tone: Badge.Tone =
      switch state {
      case .proposed: .attention
      case .validated: .complete
      case .refused: .ended
      }
    return Badge.state(lists.label(state), tone)
  }

  /// « 12,5 h »
  static func hours(_ minutes: Int) -> String { "\(French.number(minutes, scale: 60))\u{A0}h" }

  /// The meeting that gave the line; a way to it for those who read it.
  static func source(_ line: VolunteerLine, _ frame: Frame) -> LinkedText? {
    let role = frame.session.account.role
    switch line.source {
    case nil: return nil
    case .gone: return LinkedText("Rencontre retirée")
    case .facilitation(let id, let type, _, _):
      return LinkedText(FacilitationWords.title(type, frame.lists), role.areas.contains(.facilitations) ? .facilitation(id) : nil)
    case .meeting(let id, _, let date):
      let isOpen = role.areas.contains(.meetings) && MeetingKind.closed(to: role).allSatisfy { $0 != .board && $0 != .bureau }
      return LinkedText("Réunion du \(French.day(date.description))", isOpen ? .meeting(id) : nil)
    }
  }

  /// What for, in the words of whoever wrote it, else by the meeting it comes from.
  static func purpose(_ line: VolunteerLine, _ frame: Frame) -> String? { line.purpose ?? source(line, frame)?.text }

  static func difference(_ line: VolunteerLine) -> String? {
    switch line.difference {
    case nil: nil
    case .gone: "La rencontre n’est plus là"
    case .minutes(let minutes): "La rencontre dure maintenant \(French.minutes(minutes))"
    case .date(let date): "La rencontre est maintenant le \(French.day(date.description))"
    }
  }

  /// « 2 h, trajet 1 h 10 »
  static func duration(_ line: VolunteerLine) -> String {
    let presence = line.minutes.map(French.minutes) ?? "Durée à dire"
    return line.travel.map { $0 > 0 ? "\(presence), trajet \(French.minutes($0))" : presence } ?? presence
  }
}
