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
  var csrf: String

  func html() -> HTML {
    """
    \(Breadcrumb([LinkedText("Imports", "/imports")], current: title).html)
    \(PageHeader(title, sentence: "\(fileName), gardé jusqu’au \(until).").html)
    \(ImportSteps(.columns, [.file: lines, .columns: recognised, .done: "annulable ensuite"]).html)
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

  private var recognised: String {
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
    case .title: Badge.state("Reconnue", .good)
    case .memory: Badge.state("Comme la dernière fois", .good)
    case .guess: Badge.state("Supposée, à vérifier", .attention)
    case .none: Badge.state("Laissée de côté", .none)
    }
  }
}
