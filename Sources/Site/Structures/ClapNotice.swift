import Federation
import Store
import WebSupport

/// What the rule of ESP-CLAP asks of a team, in a sentence (R11).
struct ClapNotice {
  let standing: ClapStanding
  let states: [StructureSheet.State]
  let today: CivilDate

  var message: Message? { words.map { Message($0.kind, $0.text) } }

  private var words: (kind: Message.Kind, text: String)? {
    switch standing.rule {
    case .none: nil
    case .preferMSP:
      (
        .warning,
        "Trois médecins généralistes\u{A0}: MSP à privilégier. Présentez les deux modèles, puis notez-le dans l’historique des étapes."
      )
    case .endless:
      since(.modelesPresentes).map {
        (.information, "Les deux modèles ont été présentés le \($0). Le financement ESP-CLAP n’a pas de terme.")
      }
    case .information: information
    case .commitmentDue:
      (.warning, "\(year)\u{A0}: l’engagement à devenir MSP est attendu au plus tard le \(end(ofYear: 4)).")
    case .committed:
      (
        .information,
        "Engagement à devenir MSP pris le \(since(.engagementMSP) ?? ""). L’année d’écriture suit, à partir du \(start(ofYear: 5))."
      )
    case .writing: (.warning, "\(year)\u{A0}: année d’écriture, dernière année financée, jusqu’au \(end(ofYear: 5)).")
    case .unfundable: (.error, "Cette ESP-CLAP n’est plus finançable depuis le \(start(ofYear: 6)).")
    case .exempt: (.information, "Dérogation à la règle de financement des ESP-CLAP, \(exemption).")
    case .unknown:
      (.warning, "Le nombre de médecins généralistes est inconnu\u{A0}: ajoutez un effectif daté pour suivre la règle des ESP-CLAP.")
    }
  }

  private var information: (kind: Message.Kind, text: String) {
    guard standing.start != nil else {
      return (
        .information, "Quatre médecins généralistes ou plus\u{A0}: le financement ESP-CLAP durera cinq ans à partir de l’ouverture."
      )
    }
    return (
      .information, "\(year) de financement ESP-CLAP. L’engagement à devenir MSP sera attendu au plus tard le \(end(ofYear: 4))."
    )
  }

  /// « 4e année » of running.
  private var year: String {
    guard let start = standing.start else { return "" }
    let number = (1...100).first { start.adding(months: 12 * $0) > today } ?? 100
    return number == 1 ? "1re année" : "\(number)e année"
  }

  private func end(ofYear year: Int) -> String { standing.end(ofYear: year).map { French.fullDay($0.description) } ?? "" }
  private func start(ofYear year: Int) -> String { standing.end(ofYear: year - 1).map { French.fullDay($0.next.description) } ?? "" }

  private func act(_ facet: Federation.Facet) -> StructureSheet.State? {
    states.last { $0.code == .facet(facet) && $0.since <= today && $0.through.map { today <= $0 } ?? true }
  }

  private func since(_ facet: Federation.Facet) -> String? { act(facet).map { French.fullDay($0.since.description) } }

  private var exemption: String {
    act(.derogationClap)?.through.map { "jusqu’au \(French.fullDay($0.description))" } ?? "sans date de fin"
  }
}
