import Records
import WebSupport

/// The preview that somebody had before their eyes, as its form sends it back: to write that and nothing else, and to say what
/// differs when the records have changed in the meantime.
struct AcceptedPreview: Sendable {
  let fingerprint: String
  private let counts: [String]
  /// The lines that change a record, each with the mark of what it changes.
  private let lines: [Int: String]

  private static let names = ["nouvelles", "modifiees", "inchangees", "refusees"]
  private static let labels = ["Nouvelles", "Modifiées", "Inchangées", "Refusées"]
  private static let mostLinesNamed = 20

  init(_ outcome: ImportOutcome) {
    fingerprint = outcome.fingerprint
    counts = [outcome.created, outcome.changed, outcome.unchanged, outcome.refusedCount].map(String.init)
    lines = Dictionary(outcome.preview.map { ($0.line, $0.mark) }, uniquingKeysWith: { first, _ in first })
  }

  init(_ form: FormItems) {
    fingerprint = form["empreinte"]
    counts = Self.names.map { form[$0] }
    let pairs = form["lignes"].split(separator: " ").compactMap { item -> (Int, String)? in
      let parts = item.split(separator: "-")
      return parts.count == 2 ? Int(parts[0]).map { ($0, String(parts[1])) } : nil
    }
    lines = Dictionary(pairs, uniquingKeysWith: { first, _ in first })
  }

  /// The hidden fields that carry it.
  var fields: [(name: String, value: String)] {
    let marks = lines.sorted { $0.key < $1.key }.map { "\($0.key)-\($0.value)" }.joined(separator: " ")
    var fields: [(name: String, value: String)] = [("empreinte", fingerprint), ("lignes", marks)]
    for (name, count) in zip(Self.names, counts) { fields.append((name, count)) }
    return fields
  }

  private static func shown(_ count: String) -> String { Int(count).map(French.number) ?? count }

  /// What is no longer as it was accepted, in sentences.
  func differences(from now: AcceptedPreview) -> [String] {
    let changed = counts.indices.filter { counts[$0] != now.counts[$0] && !counts[$0].isEmpty }
    var sentences = changed.map { "\(Self.labels[$0])\u{A0}: \(Self.shown(now.counts[$0])) au lieu de \(Self.shown(counts[$0]))." }
    let others = Set(lines.keys).union(now.lines.keys).filter { lines[$0] != now.lines[$0] }.sorted()
    if !others.isEmpty {
      let named = others.prefix(Self.mostLinesNamed).map(String.init).joined(separator: ", ")
      sentences.append("Lignes qui ne changent plus la même chose\u{A0}: \(named)\(others.count > Self.mostLinesNamed ? "…" : "").")
    }
    return sentences.isEmpty ? ["Des lignes donnent autre chose qu’avant."] : sentences
  }
}

extension ImportOutcome {
  /// How many lines are refused, each with one reason or several.
  var refusedCount: Int { Set(refused.map(\.line)).count }
}
