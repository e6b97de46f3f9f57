import Markup
import Records
import WebSupport

/// The second step: what each column of the file is for.
struct ImportColumnsPage: Sendable {
  var title: String
  /// The address of the waiting file.
  var path: Link
  var fileName: String
  var lines: String
  var until: String
  var choices: [ColumnMatch]
  /// The first cells of each column.
  var samples: [[String]]
  var fields: [ImportColumn]
  /// The export of another program that it was recognised as.
  var recognised: Recognised?
  var csrf: String

  struct Recognised: Sendable {
    /// « export Pipedrive (activités) ».
    var name: String
    var advice: String?
    /// Fields that are worked out from other columns.
    var filled: [String]
    /// The other kinds that such a file may become.
    var others: [(label: String, code: String)]
  }

  func html() -> HTML {
    """
    \(Breadcrumb([LinkedText("Imports", "/imports")], current: title).html)
    \(PageHeader(title, sentence: "\(fileName), gardé jusqu’au \(until).").html)
    \(ImportSteps(.columns, [.file: lines, .columns: matched, .done: "annulable ensuite"]).html)
    \(recognised.map(recognition))
    <form class="carte" method="post" action="\(path.appending("colonnes"))" aria-labelledby="t-colonnes">\
    <header><h2 id="t-colonnes">2. Colonnes</h2><span class="note">D’après les titres\u{202F}; corrigez si besoin</span></header>\
    \(hidden("csrf", csrf))
    <div class="tableau simple"><table><caption class="sr">Colonnes du fichier et champs de Maillage</caption>
    <thead><tr><th scope="col">Dans le fichier</th><th scope="col" class="p2">Premières lignes</th><th scope="col">Dans Maillage</th>\
    <th scope="col" class="p2">Résultat</th></tr></thead>
    <tbody>\(each: choices.indices, row)</tbody></table></div>
    <p class="note">Obligatoires\u{A0}: \(fields.filter(\.isRequired).map(\.label).joined(separator: ", ")).</p>
    <footer class="rangee"><button class="bouton principal">Voir l’aperçu</button></footer></form>
    \(PostButton("Abandonner ce fichier", action: path.appending("abandonner"), csrf: csrf).html)
    """
  }

  private func recognition(_ source: Recognised) -> HTML {
    Card(
      "reconnu", "Reconnu\u{A0}: \(source.name)",
      """
      <div class="pile">\(source.advice.map { "<p>\(French.typeset($0))</p>" as HTML })\
      \(source.filled.isEmpty ? .empty : filled(source.filled))\
      <div class="rangee">\(each: source.others, other)</div></div>
      """
    ).html
  }

  private func filled(_ labels: [String]) -> HTML {
    """
    <p>Rempli d’après d’autres colonnes\u{A0}: \(labels.joined(separator: ", ")).</p>
    """
  }

  private func other(_ kind: (label: String, code: String)) -> HTML {
    PostButton(
      "Importer plutôt comme\u{A0}: \(kind.label)", action: path.appending("sorte"), csrf: csrf, hidden: [("sorte", kind.code)]
    ).html
  }

  private var matched: String {
    "\(choices.count { !$0.field.isEmpty }) sur \(choices.count) reconnues"
  }

  private func row(_ index: Int) -> HTML {
    let choice = choices[index]
    let (title, id) = (choice.title.isEmpty ? "Sans titre" : choice.title, "colonne_\(index)")
    return """
      <tr><th scope="row">\(title)<small>Colonne \(columnLetters(index))</small></th>\
      <td class="p2">\(each: samples[index], separator: "<br>", HTML.init(text:))</td>\
      <td><label class="sr" for="\(id)">Champ pour \(title)</label><select id="\(id)" name="\(id)">\
      <option value="">Ne pas importer</option>\(each: fields, { option($0, choice.field) })</select></td>\
      <td class="p2">\(result(choice))</td></tr>

      """
  }

  private func option(_ field: ImportColumn, _ chosen: String) -> HTML {
    """
    <option value="\(field.name)"\(attribute: "selected", if: field.name == chosen)>\(field.label)\(field.isRequired ? " (obligatoire)" : "")\
    </option>
    """
  }

  private func result(_ choice: ColumnMatch) -> HTML {
    switch choice.origin {
    case .title, .source: Badge.state("Reconnue", .good)
    case .memory: Badge.state("Comme la dernière fois", .good)
    case .guess: Badge.state("Supposée, à vérifier", .attention)
    case .none: Badge.state("Laissée de côté", .none)
    }
  }
}
