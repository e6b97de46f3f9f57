import Markup

/// States and types: a word, a shape and a colour, in that order of importance.
public enum Badge {
  /// How far along or how pressing a state is; each tone has its own shape.
  public enum Tone: String, Sendable {
    case start = "etat"
    case underWay = "etat e2"
    case confirmed = "etat e3"
    case complete = "etat e4"
    case good = "etat ok"
    case attention = "etat alerte"
    case ended = "etat arret"
    case paused = "etat pause"
    case none = "etat sans"
  }

  public static func state(_ label: String, _ tone: Tone) -> HTML {
    """
    <span class="\(tone.rawValue)">\(label)</span>
    """
  }

  /// Beside what few may read.
  public static let confidential = state("Note confidentielle", .attention)

  public static func stage(_ stage: CodedLabel?) -> HTML {
    coded(stage, tone: stageTone)
  }

  public static func situation(_ situation: CodedLabel?) -> HTML {
    coded(situation, tone: situationTone)
  }

  /// The type of a structure, in short: « MSP ».
  public static func type(_ type: CodedLabel) -> HTML {
    """
    <span class="\(typeClass(type.code))">\(type.label)</span>
    """
  }

  /// The type before a name; nothing when the name begins with it, as « CPTS du Grand Pré » does.
  public static func type(_ type: CodedLabel, beside name: String) -> HTML {
    name.hasPrefix(type.label + " ") ? .empty : "\(Self.type(type)) "
  }

  private static func coded(_ value: CodedLabel?, tone: (String) -> Tone) -> HTML {
    guard let value else { return state(French.unknown, .none) }
    return state(value.label, tone(value.code))
  }

  private static func stageTone(_ code: String) -> Tone {
    switch code {
    case "faisabilite", "pre_projet", "formalisation", "lettre_intention", "ecriture": .underWay
    case "valide": .confirmed
    case "ouverte": .complete
    case "en_pause": .paused
    case "fermee": .ended
    default: .start
    }
  }

  private static func situationTone(_ code: String) -> Tone {
    switch code {
    case "projet": .underWay
    case "hors_aci": .confirmed
    case "aci", "fonctionnement": .complete
    case "clos": .ended
    default: .none
    }
  }

  /// How the type of a code is drawn: four borders as well as four colours.
  public static func typeClass(_ code: String) -> String {
    switch code {
    case "msp", "cpts", "esp", "cds": "type \(code)"
    case "esp_clap": "type esp"
    default: "type"
    }
  }
}
