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
    let asked = request.queryItems.last { $0.name == "bloc" }?.value ?? ""
    let ((edition, block, part), frame) = try await found(asked, request, context)
    let page = ErasurePage(edition: EditionLabel(edition), block: block, part: part, csrf: frame.session.csrf)
    return site.page(page.title, at: .report, page.html(), frame)
  }

  @Sendable private func erase(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let form = try await site.form(request, context)
    let ((edition, block, part), _) = try await found(form["bloc"], request, context)
    try await ReportDesk(site.installation, actor: context.session.account.id).erase(part, of: block.id, in: edition)
    return .seeOther(.edition(edition.year, edition.number))
  }

  /// - Throws: `HTTPError` 404 where the edition has nothing that may be taken out, 403 for whoever is not the direction.
  private func found(
    _ block: String, _ request: Request, _ context: SignedInContext
  ) async throws -> ((ReportEdition, WrittenReport.Block, EditionErasure.Part), Frame) {
    let (year, number) = try EditionsSection.address(context)
    let found = try await site.read(request, context) { connection, _ -> (ReportEdition, WrittenReport.Block, EditionErasure.Part) in
      guard let edition = try ReportEdition.all(of: year, connection).first(where: { $0.number == number }),
        let id = Identifier<ReportBlock>(block),
        let block = try edition.report(connection).document?.blocks.first(where: { $0.id == id.rawValue }),
        let part = EditionErasure.part(of: block)
      else { throw HTTPError(.notFound) }
      return (edition, block, part)
    }
    guard context.session.account.role.erasesFromEditions else { throw HTTPError(.forbidden) }
    return found
  }
}

extension Role {
  /// What was published is taken back by whoever answers for it.
  var erasesFromEditions: Bool { self == .direction }
}

/// What taking it out does, before it is done.
struct ErasurePage: Sendable {
  let edition: EditionLabel
  let block: WrittenReport.Block
  let part: EditionErasure.Part
  let csrf: String

  var title: String { part == .photo ? "Retirer une photo d’une édition" : "Retirer un nom d’une édition" }

  func html() -> HTML {
    """
    \(Breadcrumb([LinkedText("Rapport d’activité \(edition.year)", .report(edition.year)), LinkedText(edition.name.capitalizedFirst, edition.link)], current: title).html)
    \(PageHeader(title, sentence: French.typeset("Pour une personne qui demande à ne plus y figurer.")).html)
    <section class="carte pile" aria-label="Confirmation"><div class="recit">\(part == .photo ? photo : name)\
    <p>Les chiffres et les autres textes restent tels qu’ils ont été publiés. Le retrait, sa date et votre nom sont écrits sur l’édition. \
    <b>Il ne se reprend pas.</b></p></div>
    <form class="rangee" method="post" action="\(edition.link.appending("retrait"))">\(hidden("csrf", csrf))\
    \(hidden("bloc", Identifier<ReportBlock>(rawValue: block.id).description))\
    <button class="bouton danger">\(part == .photo ? "Retirer et effacer la photo" : "Retirer le nom")</button> \
    <a class="bouton" href="\(edition.link)">Annuler</a></form></section>
    """
  }

  private var photo: HTML {
    """
    <p>La photo \(block.title.map { "« \($0) » " }.map(French.typeset) ?? "")est effacée, avec sa légende et son crédit, de toutes les éditions qui la \
    montrent et du bloc d’où elle vient. À sa place, on lit «\u{202F}Photo retirée\u{202F}».</p>
    """
  }

  private var name: HTML {
    """
    <p>\(block.speaker ?? "") n’est plus cité dans les éditions de ce rapport\u{A0}: ce qui est dit reste, signé «\u{202F}Nom retiré\u{202F}». \
    Relisez aussi les textes qui parlent de cette personne.</p>
    """
  }
}

extension EditionErasure {
  /// « Photo retirée le 3 juin 2024 par Odile Marchandet. »
  func sentence(_ frame: Frame) -> String {
    "\(part == .photo ? "Photo retirée" : "Nom retiré") le \(frame.moment(at))\(author.map { " par \($0)" } ?? "")."
  }
}
