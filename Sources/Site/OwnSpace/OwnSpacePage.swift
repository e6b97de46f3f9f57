import Federation
import Markup
import Records
import Store
import WebSupport

/// `/mon-espace`: what a facilitator is asked, will do, has to write and gave, pleasant on a phone (FAC-04, FAC-06).
struct OwnSpacePage {
  static let title = "Mon espace"

  let space: OwnSpace
  let frame: Frame

  private var lists: ReferenceLists { frame.lists }
  private var firstName: String { frame.session.account.name.split(separator: " ").first.map(String.init) ?? "" }

  func html() -> HTML {
    let profile = PageAction("Mes disponibilités", .edit, "/mon-espace/profil")
    return """
      \(PageHeader("Bonjour \(firstName)", sentence: sentence, actions: space.facilitator == nil ? [] : [profile]).html)
      <div class="duo"><div class="pile">\(requests)\(unwritten)</div><div class="pile">\(agenda)\(hours)</div></div>
      """
  }

  private var sentence: String {
    let asked = space.requests.count
    let reports = space.unwritten.count
    let parts = [
      asked == 0 ? nil : asked == 1 ? "une demande attend votre réponse" : "\(asked) demandes attendent votre réponse",
      reports == 0 ? nil : reports == 1 ? "un bilan reste à écrire" : "\(reports) bilans restent à écrire",
    ].compactMap(\.self)
    let words = parts.isEmpty ? "Rien ne vous attend aujourd’hui." : French.ended(parts.joined(separator: ", et "))
    return words.prefix(1).uppercased() + words.dropFirst()
  }

  // MARK: - What they are asked

  private var requests: HTML {
    guard !space.requests.isEmpty else {
      return Card("demandes", "Demandes", "<p class=\"note\">Aucune demande n’attend votre réponse.</p>").html
    }
    return """
      <section class="carte accent" id="demandes" aria-labelledby="t-demandes"><header><h2 id="t-demandes">Demandes \
      <span class="compteur">\(French.number(space.requests.count))</span></h2>\
      <span class="note">Vous pouvez décliner sans vous justifier</span></header>
      \(each: space.requests, request)</section>
      """
  }

  private func request(_ request: OwnSpace.Request) -> HTML {
    let team = [request.teams, request.place.map { place in request.department.map { "\(place) (\($0))" } ?? place }]
      .compactMap(\.self).joined(separator: ", ")
    let days = request.through.days(since: frame.today)
    let badge = Badge.state(
      days == 0 ? "Avant ce soir" : "Avant le \(French.dayAndMonth(request.through.description))", days <= 3 ? .attention : .start)
    let need: HTML = request.need.map { "<blockquote><p class=\"texte\">\($0)</p></blockquote>" } ?? .empty
    let message: HTML = request.message.map { "<p class=\"texte\">\($0)</p>" } ?? .empty
    let facts = [
      Facts.Fact("Quand", request.date.map { Self.moment($0, request.time) } ?? "À fixer ensemble"),
      Facts.Fact("Où", request.mode == .video ? "En visio" : request.place), Facts.Fact("Demandé par", request.author),
    ]
    let slots = request.slots.map { FormField.Choice($0.id.description, Self.moment($0.slot.date, $0.slot.time)) }
    let moments: HTML =
      request.date == nil && !slots.isEmpty
      ? FormField(Self.name(PublicInvitationPage.slot, request.id), "Ce qui me va", .ticks(slots, chosen: []), isWide: true).html : .empty
    let word = FormField(Self.name("mot", request.id), "Un mot pour la fédération", .paragraph(limit: 1_000), isWide: true)
    return """
      <form class="demande" method="post" action="\(Link("/mon-espace/demandes").appending(request.id.description))">\
      \(hidden("csrf", frame.session.csrf))<div class="rangee"><div><h3>\(FacilitationWords.title(request.type, lists))</h3>\
      <p class="note">\(team.isEmpty ? "Sans équipe" : team)</p></div>\(badge)</div>
      \(message)\(need)\(why(request))\(Facts(facts).html)
      \(moments)<details><summary class="bouton petit discret">Ajouter un mot \(Icon.down.html)</summary>\(word.html)</details>
      <div class="actions deux-boutons"><button class="bouton principal grand" name="reponse" value="oui">\(Icon.check.html) J’accepte</button>\
      <button class="bouton grand" name="reponse" value="non">Je décline</button></div></form>

      """
  }

  /// What a field is called, for there may be several requests on the page.
  static func name(_ field: String, _ id: Identifier<Invitation>) -> String { "\(field)_\(id)" }

  /// Why they were thought of.
  private func why(_ request: OwnSpace.Request) -> HTML {
    var tokens: [HTML] = request.matched.map { "<span class=\"jeton ok\">\(lists.label(of: $0, in: .expertise))</span>" }
    if request.knowsTeam { tokens.append("<span class=\"jeton ok\">Vous avez déjà aidé cette équipe</span>") }
    if let distance = request.kilometres, request.mode != .video {
      tokens.append("<span class=\"jeton\">\(French.number(distance))\u{A0}km à vol d’oiseau</span>")
    }
    return tokens.isEmpty ? .empty : "<div><p class=\"note\"><b>Pourquoi vous</b></p><div class=\"raisons\">\(tokens)</div></div>"
  }

  static func moment(_ date: CivilDate, _ time: String?) -> String {
    [French.longDay(date.description), PublicInvitationPage.clock(time)].compactMap(\.self).joined(separator: " ")
  }

  // MARK: - What is to be written, and what is ahead

  private var unwritten: HTML {
    let rows: [HTML] = space.unwritten.map { meeting in
      let late = meeting.date.map { frame.today.days(since: $0) } ?? 0
      return """
        <li><div class="corps"><a class="titre" href="\(Link.ownFacilitation(meeting.id).appending("bilan"))">\
        \(FacilitationWords.title(meeting.type, lists))</a>\
        <small>\(meeting.teams ?? "Sans équipe"), \(meeting.date.map { French.day($0.description) } ?? "")</small></div>\
        <div class="fin">\(Badge.state(late > 14 ? "Attendu" : "À écrire", late > 14 ? .ended : .attention))</div></li>

        """
    }
    let content: HTML = rows.isEmpty ? "<p class=\"note\">Tous vos bilans sont écrits, merci.</p>" : "<ul class=\"liste\">\(rows)</ul>"
    return Self.anchored("bilans", Card("bilans", "Bilans à écrire", content))
  }

  private var agenda: HTML {
    let rows: [HTML] = space.ahead.map { meeting in
      let day = meeting.date.map { French.dayAndMonth($0.description).split(separator: " ") } ?? ["?"]
      let place = [
        PublicInvitationPage.clock(meeting.time), meeting.mode == .video ? "en visio" : meeting.place, meeting.teams,
      ].compactMap(\.self).joined(separator: ", ")
      let spoken = meeting.date.map { French.fullDay($0.description) } ?? "Date à fixer"
      return """
        <li><span class="jour" aria-hidden="true"><b>\(String(day.first ?? ""))</b>\(day.count > 1 ? String(day[1]) : "à fixer")</span>\
        <div class="corps"><a class="titre" href="\(Link.ownFacilitation(meeting.id))">\(FacilitationWords.title(meeting.type, lists))</a>\
        <small><span class="sr">\(spoken) </span>\(place.isEmpty ? "Lieu à préciser" : place)</small></div></li>

        """
    }
    let content: HTML =
      rows.isEmpty ? "<p class=\"note\">Aucune facilitation à venir.</p>" : "<ul class=\"liste\">\(rows)</ul>"
    return Self.anchored("agenda", Card("agenda", "Agenda", content))
  }

  // MARK: - Hours

  private var hours: HTML {
    let waiting = space.waitingMinutes
    let figures = [
      KeyFigure(
        "Heures bénévoles", value: VolunteerWords.hours(space.minutes), link: "/mon-espace/heures",
        note: waiting == 0 ? "toutes validées" : "dont \(VolunteerWords.hours(waiting)) à valider"),
      KeyFigure(
        "Facilitations", value: French.number(space.held), link: nil,
        note: space.teams == 0 ? "cette année" : "pour \(French.plural(space.teams, "équipe", "équipes"))"),
    ]
    let noting = PageAction("Déclarer des heures", .add, "/mon-espace/heures/nouveau")
    let claims = PageAction("Mes frais", .funding, "/frais")
    return """
      <section class="pile" id="heures" aria-labelledby="t-heures"><h2 id="t-heures">Heures et frais \(String(space.year))</h2>
      \(KeyFigure.row(figures))<div class="rangee">\(noting.button) \(claims.button)</div></section>
      """
  }

  /// So that shortcuts lead there.
  private static func anchored(_ id: String, _ card: Card) -> HTML { "<div id=\"\(id)\">\(card.html)</div>" }

  /// Who signs in with an address that is nobody's.
  static func unknown(_ frame: Frame) -> HTML {
    """
    \(PageHeader(title).html)
    \(EmptyState(
      "Votre compte n’est pas encore relié à votre fiche",
      "Demandez à la fédération d’inscrire votre adresse, \(frame.session.account.email), sur votre fiche de l’annuaire, et sur elle seule.").html)
    """
  }
}

extension Link {
  static func ownFacilitation(_ id: Identifier<Facilitation>) -> Link { "/mon-espace/facilitations/\(id.description)" }
}
