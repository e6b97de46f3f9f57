import Federation
import Markup
import Records
import Store
import WebSupport

/// `/mon-espace/facilitations/…`: one of their own, with what they need to know of its teams.
struct OwnFacilitationPage {
  let own: OwnFacilitation
  let frame: Frame

  private var sheet: FacilitationSheet { own.sheet }
  private var summary: FacilitationSummary { sheet.summary }
  private var lists: ReferenceLists { frame.lists }

  var title: String { FacilitationWords.title(summary.type, lists) }

  func html() -> HTML {
    let link = Link.ownFacilitation(summary.id)
    let isWritten = sheet.report != nil
    let writing = PageAction(
      isWritten ? "Modifier le bilan" : "Écrire le bilan", .edit, link.appending("bilan"), isPrincipal: !isWritten)
    let claiming = PageAction("Note de frais", .funding, Link.facilitation(summary.id).appending("frais"))
    return """
      \(Breadcrumb([LinkedText(OwnSpacePage.title, "/mon-espace")], current: title).html)
      \(PageHeader(title, detail: FacilitationWords.badge(summary.state, lists), actions: own.isOver(on: frame.today) ? [writing, claiming] : []).html)
      <div class="duo"><div class="pile">\(about)\(report)</div><div class="pile">\(each: own.teams, team)</div></div>
      """
  }

  private var about: HTML {
    let others = summary.facilitators.map(\.name).filter { Fold.key($0) != Fold.key(frame.session.account.name) }
    let place = [sheet.place, summary.commune].compactMap(\.self).joined(separator: ", ")
    let facts: [Facts.Fact] = [
      .init("Quand", summary.date.map { OwnSpacePage.moment($0, summary.time) } ?? "À fixer"),
      .init("Où", summary.mode == .video ? "En visio" : place), .init("Avec", others.joined(separator: ", ")),
      .init("Partenaires", sheet.partners.map { LinkedText($0.name) }), .init("Demandé par", sheet.requester?.name),
      .init("Coordination", own.coordinator.map { "\($0.name)" }, own.coordinator.flatMap { Link(email: $0.email) }),
    ]
    let need: HTML = sheet.need.map { "<div class=\"recit\">\(ReportText($0).html)</div>" } ?? .empty
    return Card("objet", "Ce qui est demandé", "\(need)\(Facts(facts).html)").html
  }

  private var report: HTML {
    guard let report = sheet.report else { return .empty }
    return Card("bilan", "Votre bilan", "<div class=\"recit\">\(ReportText(report).html)</div>").html
  }

  private func team(_ team: HelpedTeam) -> HTML {
    let facts: [Facts.Fact] = [
      .init("Type", lists.label(team.type)), .init("Étape", team.stage.map { lists.label($0) }), .init("Adresse", team.address),
      .init("Téléphone", team.phone, team.phone.flatMap { Link(phone: $0) }),
      .init("Courriel", team.email, team.email.flatMap { Link(email: $0) }),
    ]
    let people: [HTML] = team.contacts.map { contact in
      let ways = [
        contact.phone.map { LinkedText($0, Link(phone: $0)) }, contact.email.map { LinkedText($0, Link(email: $0)) },
      ].compactMap(\.self)
      return """
        <li><div class="corps"><b>\(contact.name)</b><small>\(lists.label(of: contact.function, in: .function))</small>\
        \(ways.isEmpty ? .empty : "<small>\(each: ways, separator: ", ", \.html)</small>" as HTML)</div></li>

        """
    }
    let exchanges: [HTML] = team.exchanges.map { exchange in
      let themes = exchange.themes.map { lists.label(of: $0, in: .theme) }.joined(separator: ", ")
      return """
        <li><div class="corps"><span>\(French.day(exchange.date.description)), \(French.inSentence(lists.label(exchange.channel)))</span>\
        <small>\(themes.isEmpty ? "Thème non renseigné" : themes)</small></div></li>

        """
    }
    let id = "equipe-\(team.id.description)"
    return """
      \(Card(id, team.name, Facts(facts).html).html)\
      \(people.isEmpty ? .empty : Card("\(id)-gens", "Les personnes", "<ul class=\"liste\">\(people)</ul>").html)\
      \(exchanges.isEmpty ? .empty : Card("\(id)-echanges", "Derniers échanges avec la fédération", "<ul class=\"liste\">\(exchanges)</ul>").html)
      """
  }
}
