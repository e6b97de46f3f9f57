import Store

extension ReferenceLists {
  /// The code of the only value that a text of a form names by a part of its label.
  /// - Throws: `Refusal` that says which may be meant.
  func meant(_ text: String, in list: ReferenceList) throws -> String {
    let words = Fold.words(text)
    let near = values(of: list).filter { value in
      let label = Fold.words(value.label)
      return !words.isEmpty && words.allSatisfy { word in label.contains { $0.hasPrefix(word) } }
    }
    guard near.count > 1 else {
      guard let only = near.first else { throw refusal(of: text, in: list) }
      return only.code
    }
    let told = near.prefix(3).map(\.label).joined(separator: ", ")
    throw Refusal("plusieurs valeurs répondent à « \(text.prefix(80)) », précisez : \(told)\(near.count > 3 ? "…" : "")")
  }

  /// What a form says of a text that is no value of a list: a short list is told whole, of a long one what resembles most.
  func refusal(of text: String, in list: ReferenceList) -> Refusal {
    let values = values(of: list).map(\.label)
    let asked = String(Fold.key(text).prefix(80))
    let near =
      values.count <= Self.told ? values : Array(values.sorted { Self.distance(asked, $0) < Self.distance(asked, $1) }.prefix(Self.told))
    guard !near.isEmpty else { return Refusal("« \(text) » est inconnu : la liste « \(list.label) » est vide") }
    return Refusal("« \(text) » est inconnu. Choisissez parmi : \(near.joined(separator: ", "))\(near.count < values.count ? "…" : "")")
  }

  private static let told = 6

  /// How far a label is from what was asked: nothing when one holds the other, else what it takes to write one of its words, or all of it, so.
  private static func distance(_ asked: String, _ label: String) -> Int {
    let label = Fold.key(label)
    if label.contains(asked) || asked.contains(label) { return 0 }
    return ([label] + label.split(separator: " ").map(String.init)).map { edits(Array(asked), Array($0)) }.min() ?? .max
  }

  /// Letters added, taken out or replaced (Levenshtein).
  private static func edits(_ first: [Character], _ second: [Character]) -> Int {
    var row = Array(0...second.count)
    for (i, letter) in first.enumerated() {
      var corner = row[0]
      row[0] = i + 1
      for (j, other) in second.enumerated() {
        let replaced = corner + (letter == other ? 0 : 1)
        corner = row[j + 1]
        row[j + 1] = min(replaced, row[j] + 1, row[j + 1] + 1)
      }
    }
    return row[second.count]
  }
}
