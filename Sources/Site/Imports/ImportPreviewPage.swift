import Markup
import Records
import WebSupport

/// The third step: what the file would do, before anything is written.
struct ImportPreviewPage: Sendable {
  /// One line of the file, as people know it.
  struct Line: Sendable {
    var number: Int
    var name: String
    /// Reference, day and teams, as far as the file gives them.
    var detail: String?
    var link: Link?
    var changes: [FieldChange]
  }

  struct Refusal: Sendable {
    var line: Int
    var column: String
    var value: String
    var reason: String
  }

  var title: String
  var path: Link
  var fileName: String
  var lines: String
  var columns: String
  var outcome: ImportOutcome
  /// How many lines are none of those to import, by what was said of their values.
  var leftOut: Int
  /// Whether something can be said of the values of the file.
  var hasValues: Bool
  var new: [Line]
  var changed: [Line]
  var refused: [Refusal]
  var createsValues: Bool
  var leavesRefused: Bool
  var csrf: String

  func html() -> HTML {
    """
    \(Breadcrumb([LinkedText("Imports", "/imports")], current: title).html)
    \(PageHeader(title, sentence: "\(fileName). Rien n’est encore écrit.").html)
    \(ImportSteps(.preview, [.file: lines, .columns: columns, .preview: toReview, .done: "annulable ensuite"]).html)
    \(Card("apercu", "3. Aperçu", aside: "<span class=\"note\">Rien n’est encore écrit</span>", "\(figures)\(setAside)").html)
    \(changed.isEmpty ? .empty : changedCard)
    \(new.isEmpty ? .empty : newCard)
    \(refused.isEmpty ? .empty : refusedCard)
    \(outcome.warnings.isEmpty ? .empty : warningCard)
    \(accept)
    \(PostButton("Abandonner ce fichier", action: path.appending("abandonner"), csrf: csrf).html)
    """
  }

  private var toReview: String {
    outcome.refusedCount == 0 ? "prêt à importer" : "\(French.plural(outcome.refusedCount, "ligne", "lignes")) à revoir"
  }

  private var figures: HTML {
    KeyFigure.row([
      KeyFigure("Nouvelles", value: French.number(outcome.created), link: new.isEmpty ? nil : "#t-nouvelles"),
      KeyFigure("Modifiées", value: French.number(outcome.changed), link: changed.isEmpty ? nil : "#t-modifiees"),
      KeyFigure("Inchangées", value: French.number(outcome.unchanged), link: nil, note: "déjà présentes à l’identique"),
      KeyFigure("Refusées", value: French.number(outcome.refusedCount), link: refused.isEmpty ? nil : "#t-refusees"),
    ])
  }

  private var setAside: HTML {
    if leftOut == 0 { return .empty }
    return """

      <p class="note">\(French.plural(leftOut, "ligne n’est pas à importer", "lignes ne sont pas à importer"))\u{A0}: elles sont d’une autre \
      sorte, ou vous les avez laissées de côté.</p>
      """
  }

  // MARK: - Lines

  private var changedCard: HTML {
    Card(
      "modifiees", "Modifiées", aside: shown(changed.count, of: outcome.changed),
      """
      <div class="tableau simple" tabindex="0" role="region" aria-label="Lignes qui modifient une fiche"><table>\
      <caption class="sr">Lignes qui modifient une fiche</caption>
      <thead><tr><th scope="col" class="n">Ligne</th><th scope="col">Fiche</th><th scope="col">Ancien, puis nouveau</th></tr></thead>
      <tbody>\(each: changed, changedRow)</tbody></table></div>
      """
    ).html
  }

  private func changedRow(_ line: Line) -> HTML {
    """
    <tr><td class="n">\(French.number(line.number))</td><th scope="row">\(LinkedText(line.name, line.link).html)\(line.detail.map(small))</th>\
    <td>\(each: line.changes, separator: "<br>", change)</td></tr>

    """
  }

  private func change(_ change: FieldChange) -> HTML {
    """
    <span class="note">\(change.label)\u{A0}:</span> <del><span class="sr">avant </span>\(shown(change.before))</del> \
    \(Icon.arrow.html) <ins><span class="sr">après </span>\(shown(change.after))</ins>
    """
  }

  private func shown(_ text: String) -> String { text.isEmpty ? French.unknown : text.replacing("|", with: ", ") }

  private var newCard: HTML {
    Card(
      "nouvelles", "Nouvelles", aside: shown(new.count, of: outcome.created),
      """
      <div class="tableau simple"><table><caption class="sr">Lignes qui créent une fiche</caption>
      <thead><tr><th scope="col" class="n">Ligne</th><th scope="col">Fiche</th></tr></thead>
      <tbody>\(each: new, newRow)</tbody></table></div>
      """
    ).html
  }

  private func newRow(_ line: Line) -> HTML {
    """
    <tr><td class="n">\(French.number(line.number))</td><th scope="row">\(line.name)\(line.detail.map(small))</th></tr>

    """
  }

  private func small(_ text: String) -> HTML {
    """
    <small>\(text)</small>
    """
  }

  private func shown(_ count: Int, of total: Int) -> HTML {
    if count >= total { return .empty }
    return """
      <span class="note">\(French.plural(count, "ligne affichée", "lignes affichées")) sur \(French.number(total))</span>
      """
  }

  // MARK: - What is refused

  private var refusedCard: HTML {
    let count = outcome.refusedCount
    let message = Message(
      .error,
      content: """
        <b>\(count == 1 ? "Une ligne est refusée." : "\(French.number(count)) lignes sont refusées.")</b> \
        Corrigez-\(count == 1 ? "la" : "les") dans le fichier puis déposez-le à nouveau, ou laissez-\(count == 1 ? "la" : "les") de côté. \
        <a href="\(refusedFile)">Télécharger ces lignes (.csv)</a>
        """)
    return Card(
      "refusees", "Refusées", aside: shown(refused.count, of: outcome.refused.count),
      """
      \(message.html)
      <div class="tableau simple" tabindex="0" role="region" aria-label="Lignes refusées"><table><caption class="sr">Lignes refusées</caption>
      <thead><tr><th scope="col" class="n">Ligne</th><th scope="col">Colonne et valeur</th><th scope="col">Raison</th></tr></thead>
      <tbody>\(each: refused, refusal)</tbody></table></div>
      """
    ).html
  }

  private var refusedFile: Link {
    Link(path.appending("refusees.csv"), query: createsValues ? [("creer_valeurs", "1")] : [])
  }

  private func refusal(_ refusal: Refusal) -> HTML {
    """
    <tr><td class="n">\(French.number(refusal.line))</td><th scope="row">\(refusal.column)\
    <small>\(refusal.value.isEmpty ? "(vide)" : "«\u{202F}\(refusal.value)\u{202F}»")</small></th><td>\(refusal.reason)</td></tr>

    """
  }

  private var warningCard: HTML {
    let most = 100
    return Card(
      "remarques", "Remarques", aside: shown(min(most, outcome.warnings.count), of: outcome.warnings.count),
      """
      <ul class="liste">\(each: outcome.warnings.prefix(most), warning)</ul>
      """
    ).html
  }

  private func warning(_ text: String) -> HTML {
    """
    <li><div class="corps">\(French.typeset(text.prefix(1).uppercased() + text.dropFirst()))</div></li>
    """
  }

  // MARK: - Accepting

  private var accept: HTML {
    """
    <section class="carte pile" aria-labelledby="t-accord"><header><h2 id="t-accord">Importer</h2></header>
    <form class="rangee" method="get" action="\(path.appending("apercu"))"><label class="rangee serre">\
    <input type="checkbox" name="creer_valeurs" value="1"\(attribute: "checked", if: createsValues)>\
    <span>Créer dans les listes les valeurs inconnues</span></label><button class="bouton">Recalculer l’aperçu</button></form>
    \(outcome.created + outcome.changed == 0 ? nothing : form)</section>
    """
  }

  private var nothing: HTML {
    """
    <p>Il n’y a rien à importer\u{A0}: aucune ligne acceptée n’ajoute ni ne change quelque chose.</p>
    <div class="rangee"><a class="bouton" href="\(path.appending("colonnes"))">Revoir les colonnes</a>\(values)</div>
    """
  }

  private var form: HTML {
    let count = outcome.created + outcome.changed
    return """
      <form class="pile" method="post" action="\(path.appending("apercu"))">\(hidden("csrf", csrf))\
      \(each: AcceptedPreview(outcome).fields, { hidden($0.name, $0.value) })\(hidden("creer_valeurs", createsValues ? "1" : ""))
      \(refused.isEmpty ? .empty : leaving)
      <footer class="rangee"><button class="bouton principal">Importer \(French.plural(count, "ligne", "lignes"))</button>\
      <a class="bouton" href="\(path.appending("colonnes"))">Revoir les colonnes</a>\(values)</footer></form>
      """
  }

  private var values: HTML {
    if !hasValues { return .empty }
    return """
      <a class="bouton" href="\(path.appending("valeurs"))">Dire ce que veulent dire les valeurs</a>
      """
  }

  private var leaving: HTML {
    let count = outcome.refusedCount
    return """
      <label class="rangee serre"><input type="checkbox" name="laisser_refusees" value="1" required\(attribute: "checked", if: leavesRefused)>\
      <span>\(count == 1
        ? "Importer sans la ligne refusée, qui restera à télécharger"
        : "Importer sans les \(French.number(count)) lignes refusées, qui resteront à télécharger")</span></label>
      """
  }
}
