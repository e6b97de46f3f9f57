import Federation
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
  /// All of them, with what becomes of each.
  var waiting: [Waiting] = []
  var csrf: String
  /// Why it was not done.
  var error: String?

  struct Waiting: Sendable {
    var name: String
    var link: Link
    var state: BlockState
    /// « Publié tel quel ».
    var fate: String
  }

  /// The tick without which nothing that waits is published.
  static let consent = "quand_meme"

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
    \(waiting.isEmpty ? .empty : list)
    <form class="pile" method="post" action="\("/rapports/\(year)/editions" as Link)">\
    <input type="hidden" name="csrf" value="\(csrf)"><input type="hidden" name="numero" value="\(number)">\
    \(waiting.isEmpty ? .empty : tick)<div class="rangee"><button class="bouton principal">\(Icon.report.html) Publier l’édition \(number)</button> \
    <a class="bouton" href="\(Link.report(year))">Annuler</a></div></form></section>
    """
  }

  private var list: HTML {
    DataTable(
      "Ce qui n’est pas relu", columns: [.init("Bloc"), .init("État"), .init("Dans l’édition")],
      rows: waiting.map { block in
        """
        <tr><th scope="row"><a href="\(block.link)">\(block.name)</a></th><td>\(block.state.badge())</td><td>\(block.fate)</td></tr>

        """
      }
    ).html
  }

  private var tick: HTML {
    """
    <label class="rangee serre"><input type="checkbox" name="\(Self.consent)" value="oui" required>\
    <span>Publier quand même, sans attendre la relecture</span></label>
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

extension PublicationPage.Waiting {
  init(_ block: ReportBlock) {
    let fate = block.lacksPicture ? "Laissé de côté, sans image" : block.state == .toWrite ? "Laissé de côté" : "Publié tel quel"
    self.init(name: French.typeset(block.name), link: .block(block.id), state: block.state, fate: fate)
  }
}
