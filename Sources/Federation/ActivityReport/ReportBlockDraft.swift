import Records

extension ReportBlockRecords.Draft {
  /// All of it that somebody writes and a reader sees.
  var words: [String?] { [title, text, speaker, speakerRole, alternative, credit, lines, taken] }

  /// The fields, other than the text, in which somebody put a figure between brackets: only a text is read for them.
  var bracketed: [String] {
    let fields = [
      ("titre", title), ("qui", speaker), ("fonction", speakerRole), ("alternative", alternative), ("credit", credit), ("lignes", lines),
    ]
    return fields.filter { $0.1?.contains("[[") ?? false }.map(\.0)
  }

  static let bracketSentence = "un chiffre entre crochets ne se met que dans un texte : écrivez ici des mots seuls"
}
