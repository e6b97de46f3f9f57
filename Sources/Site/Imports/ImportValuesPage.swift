import Markup
import Records
import WebSupport

/// The end of the second step: what the values of the file mean in the lists of the federation.
struct ImportValuesPage: Sendable {
  var title: String
  /// The address of the waiting file.
  var path: Link
  var fileName: String
  var lines: String
  var columns: String
  var questions: [ValueQuestion]
  var csrf: String

  func html() -> HTML {
    """
    \(Breadcrumb([LinkedText("Imports", "/imports")], current: title).html)
    \(PageHeader(title, sentence: "\(fileName). Vos réponses seront proposées au prochain fichier de la même provenance.").html)
    \(ImportSteps(.columns, [.file: lines, .columns: columns, .done: "annulable ensuite"]).html)
    <form class="carte" method="post" action="\(path.appending("valeurs"))" aria-labelledby="t-valeurs">\
    <header><h2 id="t-valeurs">2. Valeurs</h2><span class="note">Ce que veut dire, ici, ce qui est écrit dans le fichier</span></header>\
    \(hidden("csrf", csrf))
    \(each: questions, question)
    <footer class="rangee"><button class="bouton principal">Voir l’aperçu</button>\
    <a class="bouton" href="\(path.appending("colonnes"))">Revoir les colonnes</a></footer></form>
    \(PostButton("Abandonner ce fichier", action: path.appending("abandonner"), csrf: csrf).html)
    """
  }

  private func question(_ question: ValueQuestion) -> HTML {
    """
    <div class="tableau simple"><table><caption>\(question.field.label)\
    <small>\(question.title.map { "Colonne «\u{202F}\($0)\u{202F}»" } ?? "Aucune colonne du fichier ne le dit")</small></caption>
    <thead><tr><th scope="col">Dans le fichier</th><th scope="col">Dans Maillage</th><th scope="col" class="p2">Résultat</th></tr></thead>
    <tbody>\(each: question.values.indices, { row($0, question) })</tbody></table></div>

    """
  }

  private func row(_ index: Int, _ question: ValueQuestion) -> HTML {
    let (value, field) = (question.values[index], question.field)
    let id = "sens_\(field.name)_\(index)"
    return """
      <tr><th scope="row">\(Self.name(value, question))\(value.count.map { "<small>\(French.plural($0, "ligne", "lignes"))</small>" as HTML })</th>\
      <td>\(hidden("champ", field.name))\(hidden("texte", value.text))\
      <label class="sr" for="\(id)">\(field.label) pour \(Self.name(value, question))</label>\
      \(question.options.isEmpty ? line(id, value) : choice(id, value, question))</td><td class="p2">\(result(value, question))</td></tr>

      """
  }

  private static func name(_ value: ValueQuestion.Value, _ question: ValueQuestion) -> String {
    if question.title == nil { return "Toutes les lignes" }
    switch value.text {
    case "": return "(vide)"
    case ValueMeaning.others: return "Toutes les autres valeurs"
    default: return value.text
    }
  }

  private func line(_ id: String, _ value: ValueQuestion.Value) -> HTML {
    """
    <input id="\(id)" name="sens" value="\(value.meaning)" maxlength="200">
    """
  }

  private func choice(_ id: String, _ value: ValueQuestion.Value, _ question: ValueQuestion) -> HTML {
    let isForAll = question.title == nil
    return """
      <select id="\(id)" name="sens">\(option("", isForAll ? "À choisir" : "Comme c’est écrit", value))\
      \(each: question.options, { option($0.code, $0.label, value) })\
      \(question.field.isRequired ? .empty : option(ValueMeaning.nothing, "Laisser la case vide", value))\
      \(isForAll ? .empty : option(ValueMeaning.leavesLine, "Ne pas importer ces lignes", value))</select>
      """
  }

  private func option(_ code: String, _ label: String, _ value: ValueQuestion.Value) -> HTML {
    """
    <option value="\(code)"\(attribute: "selected", if: code == value.meaning)>\(label)</option>
    """
  }

  private func result(_ value: ValueQuestion.Value, _ question: ValueQuestion) -> HTML {
    switch value.meaning {
    case "": question.title == nil && !question.field.isRequired ? .empty : Badge.state("À associer", .attention)
    case ValueMeaning.leavesLine: Badge.state("Lignes laissées de côté", .none)
    case ValueMeaning.nothing: Badge.state("Case vide", .none)
    default: Badge.state("Associée", .good)
    }
  }
}
