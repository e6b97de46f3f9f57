import Markup
import WebSupport

/// What went wrong, in words that help, with the number that finds it in the logs.
struct ErrorPage: Sendable {
  var status: Int
  var reference: String?
  /// What exactly was refused, when it can be said better than by the status alone.
  var sentence: String?
  /// What happened, when it can be said better than by the status alone.
  var ownTitle: String?
  var home: Link = "/"

  func html() -> HTML {
    """
    <section class="carte" aria-labelledby="t-erreur"><div class="vide">\(drawing)\
    <h1 id="t-erreur">\(title)</h1><p>\(explanation)</p>\(reference.map(number))\
    <a class="bouton principal" href="\(home)">Revenir à l’accueil</a></div></section>
    """
  }

  /// The title of the document as of the page.
  var title: String {
    if let ownTitle { return ownTitle }
    return switch status {
    case 403: "Cette page n’est pas ouverte à votre rôle"
    case 404: "Cette page n’existe pas"
    case 413: "Cet envoi est trop volumineux"
    case 429: "Trop de tentatives"
    case 400..<500: "Cette demande n’a pas pu être lue"
    case 503: "Le site est très demandé"
    default: "Une erreur est survenue"
    }
  }

  private var explanation: String {
    if let sentence { return sentence }
    return switch status {
    case 403: "Si vous en avez besoin, demandez à la direction d’ouvrir votre accès."
    case 404: "Vérifiez l’adresse, ou cherchez la fiche depuis l’accueil."
    case 413: "Raccourcissez ce que vous envoyez, puis recommencez."
    case 429: "Patientez quelques minutes, puis recommencez."
    case 400..<500: "Revenez à la page précédente et recommencez."
    default: "Elle est notée. Recommencez dans un moment\u{202F}; si elle revient, transmettez ce numéro."
    }
  }

  private func number(_ reference: String) -> HTML {
    """
    <p>Numéro de référence\u{00A0}: <b>\(reference)</b></p>
    """
  }

  private var drawing: HTML {
    """
    <svg viewBox="0 0 80 48" aria-hidden="true"><path d="M8 38L24 14l16 18m16-20 16 24" fill="none" stroke="currentColor" \
    stroke-width="2" stroke-dasharray="3 4"/><g fill="currentColor"><circle cx="8" cy="38" r="4"/>\
    <circle cx="24" cy="14" r="4"/><circle cx="56" cy="12" r="4"/><circle cx="72" cy="36" r="4"/></g>\
    <circle cx="40" cy="32" r="6" fill="var(--mirabelle)"/></svg>
    """
  }
}
