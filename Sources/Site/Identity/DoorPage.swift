import Markup
import WebSupport

/// What stands before the house: a whole document, for there is no navigation before signing in.
struct DoorPage: Sendable {
  var title: String
  /// One sentence under the title.
  var note: String
  var messages: [Message] = []
  var theme: Theme?

  func html(_ content: HTML) -> HTML {
    Skeleton(title: title, theme: theme).html(
      """
      <div class="connexion">
      <main id="contenu">
      \(Brand.link("/", onDark: false))
      <div class="pile fine"><h1>\(title)</h1>\
      <p class="note">\(note)</p></div>
      \(each: messages, \.html)
      \(content)
      </main>
      \(aside)
      </div>
      """)
  }

  private var aside: HTML {
    """
    <aside class="nuit" aria-label="Maillage"><img src="/assets/maille.svg" alt="">\
    <div><b>Un seul carnet de bord pour la fédération.</b>\
    <p>Chaque échange noté aujourd’hui évite une recherche demain et nourrit le rapport d’activité.</p></div></aside>
    """
  }
}

/// A hidden field of a form.
func hidden(_ name: String, _ value: String) -> HTML {
  """
  <input type="hidden" name="\(name)" value="\(value)">
  """
}
