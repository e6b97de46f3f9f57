import Markup

/// What Ctrl K opens over any page: one field, and under it what the reader may do and what is found as one types (a combobox with
/// its list, as ARIA 1.2 describes them). The script fills the list; without it the field of the header asks the page of the search.
enum Palette {
  static func html(_ search: Layout.Search) -> HTML {
    """
    <dialog class="palette" id="palette" aria-label="Rechercher et agir"><form method="get" action="\(search.action)">\
    <label class="avec-ico"><span class="sr">Rechercher ou agir</span>\(Icon.search.html)\
    <input type="search" name="q" role="combobox" aria-expanded="false" aria-controls="palette-liste" aria-autocomplete="list" \
    autocomplete="off" maxlength="200" placeholder="Nom, ville, numéro, mot ou action…"></label>
    <div class="choisir" id="palette-liste" role="listbox" aria-label="Propositions" hidden></div>
    <p class="note" role="status"></p>
    <footer><span><kbd>↑</kbd> <kbd>↓</kbd> choisir</span>\
    <span><kbd>Entrée</kbd> ouvrir la fiche de ce nom, ou tout chercher</span><span><kbd>Échap</kbd> fermer</span></footer>
    </form></dialog>

    """
  }
}
