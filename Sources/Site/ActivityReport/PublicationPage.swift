import Markup
import WebSupport

/// `/rapports/2023/publication`: what publishing does, before it is done.
struct PublicationPage: Sendable {
  var year: Int
  /// The edition that would be made; nothing when none can.
  var number: Int?
  /// Since the latest edition.
  var changes = 0
  /// Texts that nobody has approved: they can be published all the same.
  var unread = 0
  /// Those that nobody has written: they are left out.
  var unwritten = 0
  /// Photos of which nobody has joined the picture: they are left out too.
  var emptyPhotos = 0
  var csrf: String
  /// Why it was not done.
  var error: String?

  static func action(_ year: Int, isCorrection: Bool) -> PageAction {
    PageAction(
      isCorrection ? "Publier une édition corrigée" : "Publier", .report, "/rapports/\(year)/publication", isPrincipal: !isCorrection)
  }

  var title: String { (number ?? 1) > 1 ? "Publier une édition corrigée du rapport \(year)" : "Publier le rapport d’activité \(year)" }

  func html() -> HTML {
    """
    \(Breadcrumb([LinkedText("Rapport d’activité \(year)", .report(year))], current: "Publication").html)
    \(PageHeader(title).html)
    \(error.map { Message(.error, $0).html })
    \(number.map(question))
    """
  }

  private func question(_ number: Int) -> HTML {
    """
    <section class="carte pile" aria-label="Confirmation"><div class="recit"><p>L’édition \(number) gardera les chiffres d’aujourd’hui, leurs \
    libellés et les fiches derrière chacun, et les textes tels qu’ils sont. Elle ne pourra plus être modifiée ni retirée.</p>\
    \(unread + unwritten + emptyPhotos > 0 ? drafts : .empty)\(number > 1 ? correction : .empty)</div>
    <form class="rangee" method="post" action="\("/rapports/\(year)/editions" as Link)">\
    <input type="hidden" name="csrf" value="\(csrf)"><input type="hidden" name="numero" value="\(number)">\
    <button class="bouton principal">\(Icon.report.html) Publier l’édition \(number)</button> \
    <a class="bouton" href="\(Link.report(year))">Annuler</a></form></section>
    """
  }

  private var drafts: HTML {
    let parts = [
      unread > 0 ? "\(French.plural(unread, "bloc n’est pas relu", "blocs ne sont pas relus"))" : nil,
      unwritten > 0 ? "\(French.plural(unwritten, "bloc à écrire sera laissé de côté", "blocs à écrire seront laissés de côté"))" : nil,
      emptyPhotos > 0
        ? "\(French.plural(emptyPhotos, "photo dont l’image n’est pas jointe sera laissée", "photos dont l’image n’est pas jointe seront laissées")) de côté"
        : nil,
    ].compactMap(\.self)
    return """
      <p>\(parts.joined(separator: ", "))\u{A0}: \(LinkedText("voir la rédaction", .drafting(year)).html).</p>
      """
  }

  private var correction: HTML {
    """
    <p>Les éditions précédentes restent, avec un renvoi vers celle-ci. Depuis la dernière\u{A0}: \
    <a href="\(Link.reportChanges(year))">\(PublicationPanel.count(changes))</a>.</p>
    """
  }
}
