import Markup
import Records
import WebSupport

/// `/imports/nouveau`: the first step, with the columns that the file may have.
struct ImportFilePage: Sendable {
  /// « Structures ».
  var kind: String
  var title: String
  /// In addresses.
  var code: String
  var columns: [ImportColumn]
  var lists: ReferenceLists
  var csrf: String

  func html() -> HTML {
    """
    \(Breadcrumb([LinkedText("Imports", "/imports")], current: title).html)
    \(PageHeader(title, sentence: "Rien n’est écrit avant votre accord, et un import entier peut être annulé.", actions: [model]).html)
    \(ImportSteps(.file, [.done: "annulable ensuite"]).html)
    \(ImportDrop(action: Link("/imports/nouveau", query: [("sorte", code)]), csrf: csrf).html)
    \(Card("colonnes", "Colonnes du fichier", aside: note, columnTable).html)
    """
  }

  private var model: PageAction {
    PageAction("Modèle de fichier", .download, Link("/imports/modele.csv", query: [("sorte", code)]))
  }

  private var note: HTML {
    """
    <span class="note">L’ordre ne compte pas\u{202F}; ce qui est facultatif peut manquer</span>
    """
  }

  private var columnTable: HTML {
    """
    <div class="tableau simple" tabindex="0" role="region" aria-label="Tableau des colonnes"><table>\
    <caption class="sr">Colonnes que l’on peut importer</caption>
    <thead><tr><th scope="col">Colonne</th><th scope="col">Présence</th><th scope="col">Comment l’écrire</th></tr></thead>
    <tbody>\(each: columns, row)</tbody></table></div>
    """
  }

  private func row(_ column: ImportColumn) -> HTML {
    """
    <tr><th scope="row">\(column.label)<small>\(column.name)</small></th>\
    <td>\(column.isRequired ? Badge.state("Obligatoire", .attention) : Badge.state("Facultative", .none))</td>\
    <td>\(column.help(lists))</td></tr>

    """
  }
}

/// Where a file is given.
struct ImportDrop: Sendable {
  var action: Link
  var csrf: String

  var html: HTML {
    """
    <form class="carte pile" method="post" enctype="multipart/form-data" action="\(action)" \
    aria-labelledby="t-fichier"><header><h2 id="t-fichier">1. Fichier</h2></header>\(hidden("csrf", csrf))
    <label class="depot" for="fichier">\(Icon.document.html)<b>Choisissez un fichier, ou déposez-le ici</b>\
    <span class="note">CSV, XLSX ou ODS, 100\u{A0}Mo au plus\u{202F}; la première ligne nomme les colonnes</span>\
    <input id="fichier" type="file" name="fichier" accept=".csv,.txt,.tsv,.xlsx,.ods" required></label>
    <footer class="rangee"><button class="bouton principal">Lire le fichier</button><a href="/imports">Abandonner</a></footer></form>
    """
  }
}
