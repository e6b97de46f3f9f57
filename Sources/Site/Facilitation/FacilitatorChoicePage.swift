import Federation
import Markup
import Records
import Store
import WebSupport

/// `/facilitations/…/facilitateurs`: who may help, the best first, and why (FAC-04).
struct FacilitatorChoicePage {
  static let title = "Choisir les facilitateurs"
  /// What a form calls those who are ticked.
  static let chosen = "facilitateur"

  let sheet: FacilitationSheet
  let proposal: FacilitatorProposal
  let frame: Frame
  /// What a form that was refused had sent.
  var sent = FormItems.none
  var fault: (field: String, sentence: String)?
  let showsAll: Bool

  private static let first = 8
  private var link: Link { .facilitation(sheet.summary.id) }
  private var lists: ReferenceLists { frame.lists }

  func html() -> HTML {
    let title = FacilitationWords.title(sheet.summary.type, lists)
    let shown = showsAll ? proposal.candidates : Array(proposal.candidates.prefix(Self.first))
    let more: HTML =
      shown.count < proposal.candidates.count
      ? "<p>\(LinkedText("Voir les \(French.number(proposal.candidates.count)) facilitateurs", Link(link.appending("facilitateurs"), query: [("tous", "oui")])).html)</p>"
      : .empty
    let form: HTML = """
      <form class="pile" method="post" action="\(link.appending("facilitateurs"))">\(hidden("csrf", frame.session.csrf))
      \(each: shown, card)\(more)\(asking)
      <div class="rangee"><button class="bouton principal" name="quoi" value="inviter">Inviter par courriel</button> \
      <button class="bouton" name="quoi" value="nommer">Nommer sans écrire</button> <a class="bouton" href="\(link)">Annuler</a></div></form>
      """
    let nobody = EmptyState(
      "Personne à proposer", "Ajoutez des facilitateurs au réseau, ou voyez plus bas pourquoi ceux que vous avez sont écartés.",
      action: LinkedText("Les facilitateurs", FacilitatorList.words.path))
    return """
      \(Breadcrumb([LinkedText("Facilitations", "/facilitations"), LinkedText(title, link)], current: Self.title).html)
      \(PageHeader(Self.title, detail: detail).html)
      \(shown.isEmpty ? nobody.html : form)\(leftOut)\(order)
      """
  }

  /// How they are asked.
  private var asking: HTML {
    let last =
      proposal.wantedBy.map { min($0, frame.today.adding(days: Invitation.patience)) } ?? frame.today.adding(days: Invitation.patience)
    var fields = [
      FormField(
        "places", "Personnes cherchées", .number(1...Invitation.mostPlaces), value: sent.value("places") ?? "1", isRequired: true,
        help: "Les premières qui acceptent."),
      FormField(
        "reponse_avant", "Réponse au plus tard le", .date, value: sent.value("reponse_avant") ?? max(last, frame.today).description,
        isRequired: true),
    ]
    if sheet.summary.date == nil {
      for number in 1...Self.slots {
        let (day, time) = ("creneau_\(number)", "creneau_\(number)_heure")
        fields.append(FormField(day, "Date possible \(number)", .date, value: sent[day]))
        fields.append(FormField(time, "Heure \(number)", .line(type: "time"), value: sent[time]))
      }
    }
    fields.append(
      FormField(
        "message", "Un mot pour eux", .paragraph(limit: 2_000), value: sent["message"], isWide: true,
        help: "Le courriel dit déjà l’objet, l’équipe et le lieu\u{202F}; la page du lien dit aussi le besoin."))
    for index in fields.indices where fields[index].name == fault?.field {
      (fields[index].error, fields[index].hasFocus) = (fault?.sentence, true)
    }
    return Card("demande", "Ce que dit l’invitation", "<div class=\"champs\">\(each: fields, \.html)</div>").html
  }

  /// How many moments the form has room for.
  static let slots = 3

  private var detail: HTML {
    let wanted = proposal.wanted.map { lists.label(of: $0, in: .expertise) }.joined(separator: ", ")
    let day = proposal.day.map { "le \(French.fullDay($0.description))" } ?? "date à fixer"
    let place = proposal.isByVideo ? "en visio" : proposal.place.map { "à \($0)" } ?? "lieu non renseigné"
    return """
      <p>Attendu\u{A0}: \(wanted.isEmpty ? "aucune expertise en particulier (dites le type de la demande)" : wanted)\u{202F}; \(day), \(place).</p>
      """
  }

  private func card(_ candidate: FacilitatorProposal.Candidate) -> HTML {
    let facilitator = candidate.facilitator
    let fits = !candidate.matched.isEmpty && candidate.isNear
    let badge =
      fits
      ? Badge.state("Très adapté", .good)
      : candidate.matched.isEmpty ? Badge.state("À confirmer", .paused) : Badge.state("Adapté", .underWay)
    let profession = facilitator.profession.map { lists.label(of: $0, in: .profession) }
    let words = [profession, facilitator.commune].compactMap(\.self).joined(separator: ", ")
    let reasons: [HTML] = reasons(candidate).map { reason in
      reason.isGood ? "<span class=\"jeton ok\">\(reason.words)</span>" : "<span class=\"jeton\">\(reason.words)</span>"
    }
    return """
      <label class="carte candidat"><input type="checkbox" name="\(Self.chosen)" value="\(facilitator.id.description)"\
      \(attribute: "checked", if: sent.all(Self.chosen).contains(facilitator.id.description))><span><b>\(facilitator.name)</b><br><small>\(words)</small></span>\
      \(badge)<span class="raisons">\(reasons)</span></label>

      """
  }

  private func reasons(_ candidate: FacilitatorProposal.Candidate) -> [(words: String, isGood: Bool)] {
    let facilitator = candidate.facilitator
    var reasons = candidate.matched.map { (words: lists.label(of: $0, in: .expertise), isGood: true) }
    if !proposal.isByVideo {
      let far =
        candidate.kilometres.map { "\(French.number($0))\u{A0}km" } ?? (candidate.isOfDepartment ? "Même département" : "Distance inconnue")
      let limit = candidate.isNear ? "" : facilitator.radius.map { ", au-delà de ses \($0)\u{A0}km" } ?? ""
      reasons.append((far + limit, candidate.isNear))
    }
    if proposal.day != nil { reasons.append(("Pas d’absence ce jour-là", true)) }
    if candidate.knowsTeam { reasons.append(("A déjà aidé cette équipe", true)) }
    if candidate.experience > 0 {
      reasons.append((French.plural(candidate.experience, "facilitation de ce type", "facilitations de ce type"), true))
    }
    reasons.append((facilitator.load == 0 ? "Aucune cette année" : "\(French.number(facilitator.load)) cette année", facilitator.load == 0))
    reasons.append(
      (facilitator.lastHeld.map { "Dernière le \(French.day($0.description))" } ?? "Pas encore sollicité", facilitator.lastHeld == nil))
    return reasons
  }

  private var leftOut: HTML {
    guard !proposal.leftOut.isEmpty else { return .empty }
    let rows: [HTML] = proposal.leftOut.map { candidate in
      let words =
        switch candidate.reason {
        case .named: "déjà nommé"
        case .ownTeam(let team): "fait partie de l’équipe (\(team))"
        case .paused(let day): "en pause depuis le \(French.fullDay(day.description))"
        case .absent(let day): "absent jusqu’au \(French.fullDay(day.description))"
        case nil: ""
        }
      return "<li><a href=\"\(Link.facilitator(candidate.facilitator.id))\">\(candidate.facilitator.name)</a> <small>\(words)</small></li>"
    }
    return Card("ecartes", "Écartés", "<ul class=\"liste\">\(rows)</ul>").html
  }

  private var order: HTML {
    """
    <p class="note">Classés par expertises attendues, puis proximité, charge de l’année, ancienneté de la dernière facilitation, distance à vol \
    d’oiseau, expérience de ce type, et nom.</p>
    """
  }
}
