import Federation
import HTTPTypes
import Hummingbird
import Markup
import Records
import Store
import WebSupport

/// `/rapports/2023/editions/1/retrait`: what somebody who asks to be forgotten has taken out of a published report, by the direction.
struct ErasureSection {
  let site: Site

  func add(to routes: RouterGroup<SignedInContext>) {
    routes.get("rapports/{year}/editions/{number}/retrait", use: ask)
    routes.post("rapports/{year}/editions/{number}/retrait", use: erase)
  }

  @Sendable private func ask(_ request: Request, _ context: SignedInContext) async throws -> Response {
    func item(_ name: String) -> String? { request.queryItems.last { $0.name == name }?.value }
    let ((edition, block), frame) = try await found(item("bloc") ?? "", request, context)
    guard let part = EditionErasure.part(of: block) else { throw HTTPError(.notFound) }
    let people = EditionErasure.people(of: block)
    // By their place: an address holds no name.
    let place = item("personne").flatMap(Int.init) ?? (people.count == 1 ? 1 : 0)
    let page = ErasurePage(
      edition: EditionLabel(edition), block: block, part: part, people: people,
      person: people.indices.contains(place - 1) ? people[place - 1] : nil, csrf: frame.session.csrf)
    return site.page(page.title, at: .report, page.html(), frame)
  }

  @Sendable private func erase(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let form = try await site.form(request, context)
    let ((edition, block), _) = try await found(form["bloc"], request, context)
    // Of what was taken out meanwhile nothing is left to do.
    if let part = EditionErasure.part(of: block) {
      let person = form["personne"].isEmpty ? nil : form["personne"]
      try await ReportDesk(site.installation, actor: context.session.account.id).erase(part, of: block.id, person: person, in: edition)
    }
    return .seeOther(.edition(edition.year, edition.number))
  }

  /// - Throws: `HTTPError` 404 where the edition has nothing that may be taken out nor was, 403 for whoever is not the direction.
  private func found(
    _ block: String, _ request: Request, _ context: SignedInContext
  ) async throws -> ((ReportEdition, WrittenReport.Block), Frame) {
    let (year, number) = try EditionsSection.address(context)
    let found = try await site.read(request, context) { connection, _ -> (ReportEdition, WrittenReport.Block) in
      guard let edition = try ReportEdition.all(of: year, connection).first(where: { $0.number == number }),
        let id = Identifier<ReportBlock>(block),
        let block = try edition.report(connection).document?.blocks.first(where: { $0.id == id.rawValue }),
        EditionErasure.part(of: block) != nil || !(block.withdrawn ?? []).isEmpty
      else { throw HTTPError(.notFound) }
      return (edition, block)
    }
    guard context.session.account.role.erasesFromEditions else { throw HTTPError(.forbidden) }
    return found
  }
}

extension Role {
  /// What was published is taken back by whoever answers for it.
  var erasesFromEditions: Bool { self == .direction }
}

/// What taking it out does, before it is done; before that, whom it is about.
struct ErasurePage: Sendable {
  let edition: EditionLabel
  let block: WrittenReport.Block
  let part: EditionErasure.Part
  /// Whom the block names.
  let people: [ReportPerson]
  /// Which of them it is about; `nil` for a photo, or until one is chosen.
  let person: ReportPerson?
  let csrf: String

  var title: String { part == .photo ? "Retirer une photo d’une édition" : "Retirer un nom d’une édition" }

  func html() -> HTML {
    """
    \(Breadcrumb([LinkedText("Rapport d’activité \(edition.year)", .report(edition.year)), LinkedText(edition.name.capitalizedFirst, edition.link)], current: title).html)
    \(PageHeader(title, sentence: French.typeset("Pour une personne qui demande à ne plus y figurer.")).html)
    \(part == .name && person == nil ? choice : confirmation)
    """
  }

  private var name: String { Identifier<ReportBlock>(rawValue: block.id).description }

  private var choice: HTML {
    let address = edition.link.appending("retrait").setting("bloc", name)
    let names = people.enumerated().map { place, person in
      LinkedText([person.name, person.role].compactMap(\.self).joined(separator: ", "), address.setting("personne", String(place + 1)))
    }
    return """
      <section class="carte pile" aria-label="Choix de la personne"><div class="recit"><p>Qui demande à ne plus figurer\u{A0}? Les autres restent. \
      Rien n’est retiré avant votre confirmation.</p></div>
      <ul class="liste">\(each: names, row)</ul>
      <a class="bouton" href="\(edition.link)">Annuler</a></section>
      """
  }

  private func row(_ name: LinkedText) -> HTML {
    """
    <li><div class="corps">\(name.html)</div></li>
    """
  }

  private var confirmation: HTML {
    """
    <section class="carte pile" aria-label="Confirmation"><div class="recit">\(person.map(leaving) ?? photo)\
    <p>Les chiffres et les autres textes restent tels qu’ils ont été publiés. Le retrait, sa date et votre nom sont écrits sur l’édition. \
    <b>Il ne se reprend pas.</b></p></div>
    <form class="rangee" method="post" action="\(edition.link.appending("retrait"))">\(hidden("csrf", csrf))\(hidden("bloc", name))\
    \(person.map(chosen))<button class="bouton danger">\(button)</button> \
    <a class="bouton" href="\(edition.link)">Annuler</a></form></section>
    """
  }

  private var button: String { person.map { "Retirer \($0.name)" } ?? "Retirer et effacer la photo" }

  private func chosen(_ person: ReportPerson) -> HTML { hidden("personne", person.name) }

  private var photo: HTML {
    """
    <p>La photo \(block.title.map { "« \($0) » " }.map(French.typeset) ?? "")est effacée, avec sa légende et son crédit, de toutes les éditions qui la \
    montrent, du bloc d’où elle vient et de son historique\u{A0}; les autres images de ce bloc sont effacées avec elle, des éditions aussi. \
    À sa place, on lit «\u{202F}Photo retirée\u{202F}». Si la même image est jointe à une fiche hors du rapport, elle y reste.</p>
    """
  }

  private func leaving(_ person: ReportPerson) -> HTML {
    """
    <p><b>\(person.name)</b> ne signe plus de citation et n’est plus parmi les personnes d’un «\u{202F}Qui est qui\u{202F}»\u{A0}: dans aucune \
    édition, aucun bloc ni son historique, quelle que soit l’année. Les autres personnes restent\u{A0}; ce qui est dit reste, signé \
    «\u{202F}Nom retiré\u{202F}». Une autre personne qui porte exactement ce nom est retirée aussi. \
    Relisez les textes, les titres et les commentaires qui parlent de cette personne\u{A0}: ils ne changent pas.</p>
    """
  }
}

extension EditionErasure {
  /// « Photo retirée le 3 juin 2024 par Odile Marchandet. »
  func sentence(_ frame: Frame) -> String {
    "\(part == .photo ? "Photo retirée" : "Nom retiré") le \(frame.moment(at))\(author.map { " par \($0)" } ?? "")."
  }
}
