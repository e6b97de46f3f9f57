import Federation
import Markup
import Records
import WebSupport

/// How far an import has come: file, columns, preview, done.
struct ImportSteps: Sendable {
  enum Step: Int, CaseIterable, Sendable {
    case file, columns, preview, done

    var label: String {
      switch self {
      case .file: "Fichier"
      case .columns: "Colonnes"
      case .preview: "Aperçu"
      case .done: "Terminé"
      }
    }
  }

  let current: Step
  /// What is known of each step, in a few words.
  let notes: [Step: String]

  init(_ current: Step, _ notes: [Step: String]) {
    self.current = current
    self.notes = notes
  }

  var html: HTML {
    """
    <section class="carte" aria-labelledby="t-av"><h2 class="sr" id="t-av">Avancement de l’import</h2>\
    <ol class="parcours">\(each: Step.allCases, step)</ol></section>
    """
  }

  private func step(_ step: Step) -> HTML {
    let isDone = step.rawValue < current.rawValue || (step == current && step == .done)
    return """
      <li\(attribute: "class", isDone ? "fait" : nil)\(attribute: "aria-current", step == current ? "step" : nil)>\
      <b>\(step.label)</b>\(notes[step] ?? "")</li>
      """
  }
}

extension RecordKind {
  /// « des structures », for titles.
  var inTitle: String { "des \(label.prefix(1).lowercased())\(label.dropFirst())" }
}

extension ImportColumn {
  /// How a cell of the column is written.
  var help: String {
    switch input {
    case .line(let limit): "Texte, \(French.number(limit)) caractères au plus"
    case .paragraph(let limit): "Texte, \(French.number(limit)) caractères au plus"
    case .date: "Date, JJ/MM/AAAA ou AAAA-MM-JJ"
    case .number(let range): "Nombre entier, de \(French.number(range.lowerBound)) à \(French.number(range.upperBound))"
    case .yesNo: "oui ou non"
    case .choice(let list, let other):
      "Une valeur de la liste «\u{202F}\(list.label)\u{202F}»" + (other.map { " ou de la liste «\u{202F}\($0.label)\u{202F}»" } ?? "")
    case .choices(let list): "Valeurs de la liste «\u{202F}\(list.label)\u{202F}», séparées par |"
    case .records(of: Naming.tags.rawValue): "Mots, séparés par une virgule ou |"
    case .record: "Référence ou nom"
    case .records: "Références ou noms, séparés par |"
    }
  }
}

/// « A » for the first column, « AA » after « Z », as spreadsheets name them.
func columnLetters(_ index: Int) -> String {
  let letter = String(UnicodeScalar(UInt8(65 + index % 26)))
  return index < 26 ? letter : columnLetters(index / 26 - 1) + letter
}
