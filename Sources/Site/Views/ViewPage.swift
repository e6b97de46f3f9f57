import Federation
import Markup
import WebSupport

/// The form of a view: its name, whether others have it, whether the list opens with it.
struct ViewPage: Sendable {
  static let newTitle = "Enregistrer la vue"

  let words: ListWords
  /// `nil` for a new one.
  var view: SavedView?
  let action: Link
  var hidden: [(name: String, value: String)] = []
  /// The list as the view has it.
  let back: Link
  let entry: SavedViewDesk.Entry
  /// Of the name.
  let fault: String?
  let mayShare: Bool
  let mayPlace: Bool
  /// The name and what others see; whoever may not still chooses what their own list opens with.
  var mayChange = true
  let csrf: String

  func html() -> HTML {
    """
    \(Breadcrumb([LinkedText(words.title, words.path)], current: view?.name ?? Self.newTitle).html)
    \(PageHeader(view?.name ?? Self.newTitle, sentence: sentence).html)
    \(form.refusals)\(form.html)
    \(view == nil || !mayChange ? .empty : removal)
    """
  }

  private var sentence: String {
    if let view, !mayChange { return "Vue de la liste « \(words.title) », partagée par \(view.ownerName).".typeset }
    if isFigure {
      return French.typeset(
        "Une vue garde le chiffre, sa ventilation, ses filtres et sa période ; l’année en cours avance avec le calendrier.")
    }
    let kept = "Une vue garde les filtres, l’ordre et les colonnes de la liste « \(words.title) », jamais ses lignes."
    return "\(kept) Chacun y voit ce que son rôle lui ouvre.".typeset
  }

  private var form: RecordFormView {
    var name = FormField(
      "nom", "Nom de la vue", .line(limit: 60), value: entry.name, isRequired: true, isWide: true,
      help: view == nil ? "Le nom d’une de vos vues de cette liste la remplace." : nil, error: fault)
    name.hasFocus = view == nil || fault != nil
    var form = RecordFormView(
      action: action, csrf: csrf, hidden: hidden, fields: mayChange ? [name] : [], submit: "Enregistrer", cancel: back)
    let sharing = mayShare && mayChange ? box("partagee", shareLabel, entry.isShared) : .empty
    form.more = """
      <fieldset class="coches"><legend class="sr">Usage</legend>\(sharing)\
      \(isFigure ? figureBoxes : box("defaut", "Ouvrir ma liste avec cette vue", entry.isDefault))</fieldset>
      """
    return form
  }

  private var isFigure: Bool { words.name == FigureList.words.name }

  private var shareLabel: String {
    "La partager avec tous ceux qui \(isFigure ? "lisent les chiffres" : "ouvrent cette liste")"
  }

  private var figureBoxes: HTML {
    let sheet = mayPlace ? box("fiche_ca", "Mettre dans la fiche pour le CA (vue partagée)", entry.isOnSheet) : .empty
    return "\(box("epinglee", "Épingler sur ma page du jour", entry.isPinned))\(sheet)"
  }

  private func box(_ name: String, _ label: String, _ isOn: Bool) -> HTML {
    """
    <label><input type="checkbox" name="\(name)" value="oui"\(attribute: "checked", if: isOn)> \(label)</label>
    """
  }

  private var removal: HTML {
    PostButton("Supprimer la vue", action: action.appending("corbeille"), csrf: csrf, isDangerous: true).html
  }
}

extension String {
  fileprivate var typeset: String { French.typeset(self) }
}
