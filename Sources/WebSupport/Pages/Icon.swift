import Markup

/// A drawing of the sprite `Assets/icones.svg`, always beside words.
public enum Icon: String, Sendable, CaseIterable {
  case today = "accueil"
  case structure
  case people = "personnes"
  case person = "personne"
  case map = "carte"
  case place = "lieu"
  case exchange = "echange"
  case facilitation
  case event = "evenement"
  case training = "formation"
  case toolbox = "outils"
  case lending = "pret"
  case infographic = "infographie"
  case letter = "lettre"
  case indicator = "indicateur"
  case report = "rapport"
  case membership = "adhesion"
  case governance = "gouvernance"
  case funding = "finance"
  case search = "recherche"
  case add = "plus"
  case down = "bas"
  case right = "droite"
  case menu
  case close = "croix"
  case check = "coche"
  case warning = "alerte"
  case clock = "horloge"
  case telephone
  case information = "info"
  case download = "telecharger"
  case print = "imprimer"
  case star = "etoile"
  case edit = "crayon"
  case more = "points"
  case arrow = "fleche"
  case video = "visio"
  case document
  case link = "lien"
  case filter = "filtre"
  case columns = "colonnes"
  case target = "cible"
  case eye = "oeil"
  case signOut = "sortie"
  case theme
  case bell = "cloche"
  case bin = "corbeille"
  case passkey = "cle"

  public var html: HTML {
    let drawing: Link = "/assets/icones.svg#\(rawValue)"
    return """
      <svg class="ico" aria-hidden="true"><use href="\(drawing)"/></svg>
      """
  }
}
