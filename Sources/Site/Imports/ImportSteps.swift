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
  /// As many values as a line of the table bears.
  private static let mostValues = 30

  /// How a cell of the column is written.
  func help(_ lists: ReferenceLists) -> String {
    func values(_ lists: [ReferenceList], _ known: ReferenceLists) -> String {
      let labels = lists.flatMap { known.values(of: $0) }.map(\.label)
      return labels.prefix(Self.mostValues).joined(separator: ", ") + (labels.count > Self.mostValues ? "…" : "")
    }
    return switch input {
    case .line(let limit): "Texte, \(French.number(limit)) caractères au plus"
    case .paragraph(let limit): "Texte, \(French.number(limit)) caractères au plus"
    case .date: "Date, JJ/MM/AAAA ou AAAA-MM-JJ"
    case .number(let range): "Nombre entier, de \(French.number(range.lowerBound)) à \(French.number(range.upperBound))"
    case .yesNo: "oui ou non"
    case .choice(let list, let other): "Au choix\u{A0}: \(values([list] + [other].compactMap(\.self), lists))"
    case .choices(let list): "Au choix, séparées par |\u{A0}: \(values([list], lists))"
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
