import Markup
import WebSupport

/// `/rapports/2023/publication`: what publishing does, before it is done.
struct PublicationPage: Sendable {
  var year: Int
  /// The edition that would be made; nothing when none can.
  var number: Int?
  /// Since the latest edition.
  var changes = 0
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
    libellés et les fiches derrière chacun. Elle ne pourra plus être modifiée ni retirée.</p>\(number > 1 ? correction : .empty)</div>
    <form class="rangee" method="post" action="\("/rapports/\(year)/editions" as Link)">\
    <input type="hidden" name="csrf" value="\(csrf)"><input type="hidden" name="numero" value="\(number)">\
    <button class="bouton principal">\(Icon.report.html) Publier l’édition \(number)</button> \
    <a class="bouton" href="\(Link.report(year))">Annuler</a></form></section>
    """
  }

  private var correction: HTML {
    """
    <p>Les éditions précédentes restent, avec un renvoi vers celle-ci. Depuis la dernière\u{A0}: \
    <a href="\(Link.reportChanges(year))">\(PublicationPanel.count(changes))</a>.</p>
    """
  }
}
