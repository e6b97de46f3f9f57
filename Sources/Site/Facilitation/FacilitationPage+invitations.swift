import Federation
import Markup
import Records
import Store
import WebSupport

/// Who was asked, what they answered, which moment suits whom, and whose calendar knows of the meeting.
extension FacilitationPage {
  var invitations: HTML {
    guard let call = board.call, !board.invitations.isEmpty else { return .empty }
    let left = call.places - board.accepted.count
    let sum =
      summary.state.isAhead && left > 0
      ? "\(French.plural(left, "place", "places")) à prendre, réponse au plus tard le \(French.fullDay(call.through.description))."
      : "\(French.plural(board.accepted.count, "personne a accepté", "personnes ont accepté"))."
    return Card(
      "invitations", "Invitations", "<p>\(sum)</p><ul class=\"liste\">\(each: board.invitations, invitation)</ul>\(slots)"
    ).html
  }

  private func invitation(_ invitation: SentInvitation) -> HTML {
    let name = LinkedText(invitation.name, opensDirectory ? invitation.person.map { .person($0) } : nil).html
    let words: HTML = invitation.words.map { "<small class=\"texte\">«\u{202F}\($0)\u{202F}»</small>" } ?? .empty
    return """
      <li><div class="corps">\(name)<small>invitation du \(French.day(invitation.sentOn.description))</small>\(words)</div>\
      <div class="fin">\(badge(invitation))\(withdrawal(invitation))</div></li>

      """
  }

  private func badge(_ invitation: SentInvitation) -> HTML {
    switch invitation.answer {
    case .accepted: Badge.state("Accepte", .good)
    case .declined: Badge.state("Décline", .paused)
    case .late: Badge.state("Disponible, arrivé trop tard", .underWay)
    case .withdrawn: Badge.state("Sans suite", .paused)
    case nil: invitation.through < frame.today ? Badge.state("Sans réponse", .attention) : Badge.state("En attente", .underWay)
    }
  }

  private func withdrawal(_ invitation: SentInvitation) -> HTML {
    guard writes, invitation.answer == nil else { return .empty }
    return PostButton(
      "Retirer", action: link.appending("invitation-retiree"), csrf: csrf, hidden: [("invitation", invitation.id.description)]
    ).html
  }

  /// The moments that were proposed, with those whom each suits.
  private var slots: HTML {
    guard summary.state.isAhead, summary.date == nil, !board.slots.isEmpty else { return .empty }
    let rows: [HTML] = board.slots.map { slot in
      let names = board.accepted.filter { $0.slots.contains(slot.id) }.map(\.name)
      let words = names.isEmpty ? "personne pour l’instant" : names.joined(separator: ", ")
      let button =
        writes && slot.isAhead
        ? PostButton("Retenir", action: link.appending("creneau"), csrf: csrf, hidden: [("creneau", slot.id.description)]).html : .empty
      let moment = "\(French.longDay(slot.slot.date.description)) \(PublicInvitationPage.clock(slot.slot.time) ?? "")"
      return """
        <li><div class="corps">\(moment)<small>\(slot.isAhead ? words : "passé")</small></div><div class="fin">\(button)</div></li>

        """
    }
    return "<h3>Dates possibles</h3><ul class=\"liste\">\(rows)</ul>"
  }

  /// Whose calendar has the meeting.
  var calendars: HTML {
    let standing = board.calendar
    let told: HTML =
      standing.names.isEmpty
      ? .empty
      : """
      <p class="note">Dans l’agenda de \(standing.names.joined(separator: ", ")). Un changement de date, de lieu ou une annulation leur est \
      envoyé tout seul.</p>
      """
    guard writes, summary.state == .dated, summary.time != nil, summary.date.map({ $0 >= frame.today }) ?? false, standing.names.isEmpty
    else { return told }
    let button = PostButton("Envoyer dans les agendas", action: link.appending("agenda"), csrf: csrf)
    return """
      <div class="rangee">\(button.html)<small>aux facilitateurs, à la coordination et à qui a demandé</small></div>
      """
  }
}
