import Markup
import WebSupport

extension Icon {
  /// The drawing of a channel of exchange, by its code.
  static func channel(_ code: String) -> Icon {
    switch code {
    case "telephone": .telephone
    case "courriel": .letter
    case "reunion": .people
    case "visio": .video
    case "visite": .place
    case "formulaire": .document
    default: .exchange
    }
  }
}
