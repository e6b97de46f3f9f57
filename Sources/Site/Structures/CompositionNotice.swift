import Federation
import WebSupport

/// What a team lacks of the composition that its region asks of its kind, in a sentence (DIR-08).
struct CompositionNotice {
  let standing: CompositionStanding
  /// The team's type, as the federation calls it.
  let type: String

  var message: Message? { standing.rule == .short ? Message(.warning, words) : nil }

  private var words: String {
    let parts: [(CompositionStanding.Part, String, String)] = [
      (standing.practitioners, "médecin généraliste", "médecins généralistes"), (standing.paramedicals, "paramédical", "paramédicaux"),
    ]
    let asked = parts.filter { $0.0.minimum > 0 }.map { French.plural($0.0.minimum, $0.1, $0.2) }.joined(separator: " et ")
    let counted = parts.filter { $0.0.isShort }.map { French.plural($0.0.number ?? 0, $0.1, $0.2) }.joined(separator: " et ")
    let source = standing.source.isEmpty ? "" : " (\(standing.source))"
    return "Composition minimale d’une équipe de type \(type)\u{A0}: \(asked)\(source). Derniers effectifs\u{A0}: \(counted)."
  }
}
