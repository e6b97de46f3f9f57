import Records
import WebSupport

/// What the pages of a batch say of it.
enum BatchWords {
  /// « 480 fiches changées, 12 inchangées, 3 refusées ».
  static func done(_ changed: Int, _ unchanged: Int, _ refused: Int) -> String {
    ([French.plural(changed, "fiche changée", "fiches changées")] + others(unchanged, refused, 0)).joined(separator: ", ") + "."
  }

  /// « 480 fiches à changer, 12 inchangées, 3 refusées ».
  static func ahead(_ preview: BatchPreview) -> String {
    ([French.plural(preview.changed, "fiche à changer", "fiches à changer")]
      + others(preview.unchanged, preview.refused, preview.hidden)).joined(separator: ", ") + "."
  }

  private static func others(_ unchanged: Int, _ refused: Int, _ hidden: Int) -> [String] {
    [
      (unchanged, French.plural(unchanged, "inchangée", "inchangées")), (refused, French.plural(refused, "refusée", "refusées")),
      (hidden, French.plural(hidden, "disparue ou non ouverte à votre rôle", "disparues ou non ouvertes à votre rôle")),
    ].filter { $0.0 > 0 }.map(\.1)
  }

  /// « Thèmes : ajouter Covid ».
  static func sentence(_ change: BatchChange, _ label: String, _ texts: FieldTexts) -> String {
    let value = "«\u{202F}\(texts(change.field, change.value))\u{202F}»"
    switch change.action {
    case .bin: return "Mettre à la corbeille"
    case .set where change.value.isEmpty: return "\(label)\u{A0}: vider"
    case .set: return "\(label)\u{A0}: \(value)"
    case .add: return "\(label)\u{A0}: ajouter \(value)"
    case .remove: return "\(label)\u{A0}: retirer \(value)"
    }
  }
}
