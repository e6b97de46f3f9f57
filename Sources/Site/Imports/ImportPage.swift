import Markup
import WebSupport

/// `/imports/…`: the last step, and what was imported once.
struct ImportPage: Sendable {
  struct Record: Sendable {
    var title: String
    var link: Link?
    var isNew: Bool
  }

  struct Kept: Sendable {
    var key: String
    var link: Link?
    var reason: String
  }

  var title: String
  var path: Link
  var facts: [Facts.Fact]
  var created: Int
  var changed: Int
  var unchanged: Int
  var refused: Int
  /// Where the refused lines can still be fetched.
  var refusedFile: Link?
  var mayBeUndone: Bool
  /// All that the import brought is taken back.
  var isUndone: Bool
  var records: [Record]
  var list: LinkedText?
  /// What undoing has just kept, and why.
  var kept: [Kept]
  var csrf: String

  func html() -> HTML {
    """
    \(Breadcrumb([LinkedText("Imports", "/imports")], current: title).html)
    \(PageHeader(title, detail: .empty, actions: actions).html)
    \(ImportSteps(.done, [.done: isUndone ? "annulé" : "annulable"]).html)
    \(kept.isEmpty ? .empty : keptCard)
    \(Card("bilan", "4. Terminé", content).html)
    \(records.isEmpty ? .empty : recordCard)
    """
  }

  private var actions: [PageAction] {
    [PageAction("Importer un autre fichier", .add, "/imports")]
  }

  private var content: HTML {
    """
    <div class="pile">\(figures)
    \(Facts(facts).html)
    \(refusedFile.map(refusedNote))
    \(mayBeUndone ? undo : .empty)</div>
    """
  }

  private var figures: HTML {
    KeyFigure.row([
      KeyFigure("Ajoutées", value: French.number(created), link: nil), KeyFigure("Modifiées", value: French.number(changed), link: nil),
      KeyFigure("Inchangées", value: French.number(unchanged), link: nil),
      KeyFigure("Laissées de côté", value: French.number(refused), link: nil),
    ])
  }

  private func refusedNote(_ link: Link) -> HTML {
    """
    <p><a href="\(link)">Télécharger les lignes laissées de côté (.csv)</a>, à corriger et à importer à nouveau.</p>
    """
  }

  private var undo: HTML {
    """
    <form class="entete" method="post" action="\(path.appending("annuler"))">\(hidden("csrf", csrf))\
    <p class="note">En annulant, les fiches ajoutées disparaissent et les fiches modifiées reviennent à leur état d’avant. Celles qui ont \
    changé depuis sont gardées et listées.</p><button class="bouton danger">Annuler cet import</button></form>
    """
  }

  private var keptCard: HTML {
    Card(
      "gardees", "Gardées, car elles ont changé ou servent depuis",
      """
      <div class="tableau simple" tabindex="0" role="region" aria-label="Fiches gardées"><table><caption class="sr">Fiches gardées</caption>
      <thead><tr><th scope="col">Fiche</th><th scope="col">Raison</th></tr></thead><tbody>\(each: kept, keptRow)</tbody></table></div>
      """
    ).html
  }

  private func keptRow(_ kept: Kept) -> HTML {
    """
    <tr><th scope="row">\(LinkedText(kept.key, kept.link).html)</th><td>\(French.typeset(kept.reason))</td></tr>

    """
  }

  private var recordCard: HTML {
    let note: HTML = """
      <span class="note">Les \(French.number(records.count)) premières</span>
      """
    return Card(
      "fiches", "Fiches de cet import", aside: records.count < created + changed ? note : .empty,
      """
      <ul class="liste">\(each: records, recordItem)</ul>
      \(list.map { "<p>\($0.html)</p>" as HTML })
      """
    ).html
  }

  private func recordItem(_ record: Record) -> HTML {
    """
    <li><div class="corps">\(LinkedText(record.title, record.link).html)</div>\
    \(record.isNew ? Badge.state("Ajoutée", .good) : Badge.state("Modifiée", .underWay))</li>
    """
  }
}
