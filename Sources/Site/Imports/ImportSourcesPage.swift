import Markup
import Records
import WebSupport

/// `/imports/logiciel`: the first step with a file that another program exported, and what such files become.
struct ImportSourcesPage: Sendable {
  struct Source: Sendable {
    var program: String
    var content: String
    /// « Échanges », « Tâches et rendez-vous ».
    var kinds: [String]
  }

  static let title = "Importer un fichier d’un autre logiciel"

  var sources: [Source]
  var csrf: String

  func html() -> HTML {
    """
    \(Breadcrumb([LinkedText("Imports", "/imports")], current: Self.title).html)
    \(PageHeader(Self.title, sentence: "Le fichier est reconnu à ses titres de colonnes. Rien n’est écrit avant votre accord.").html)
    \(ImportSteps(.file, [.done: "annulable ensuite"]).html)
    \(ImportDrop(action: "/imports/logiciel", csrf: csrf).html)
    \(Card("exports", "Fichiers reconnus", aside: note, table).html)
    """
  }

  private var note: HTML {
    """
    <span class="note">Commencez par les organisations, puis les personnes, puis le reste</span>
    """
  }

  private var table: HTML {
    """
    <div class="tableau simple"><table><caption class="sr">Exports d’autres logiciels</caption>
    <thead><tr><th scope="col">Fichier</th><th scope="col">Devient</th></tr></thead>
    <tbody>\(each: sources, row)</tbody></table></div>
    """
  }

  private func row(_ source: Source) -> HTML {
    """
    <tr><th scope="row">\(source.program)\u{A0}: \(source.content)</th><td>\(source.kinds.joined(separator: " ou "))</td></tr>

    """
  }
}
