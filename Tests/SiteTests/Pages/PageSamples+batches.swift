import Markup
import WebSupport

@testable import Federation
@testable import Records
@testable import Site

extension PageSamples {
  /// The list of somebody who ticks its rows and changes values in it.
  var tickedList: HTML {
    var columns = StructureColumns(lists: lists)
    columns.rhythm = { _, text in EditableCell(text, label: "Suivi", "/structures/1/modifier?champ=rythme_suivi").html }
    let choice = ColumnChoice(["nom", "etape", "suivi"], of: columns.columns)
    var frame = structureFrame(choice)
    let bar = BatchBar(
      action: "/lots/structures", csrf: write("jeton"), list: "/structures?type=msp", whole: write("Toute la liste (480)"),
      actions: [.init("logiciel", write("Logiciel")), .init("corbeille", "Mettre à la corbeille", .close)])
    frame.batch = bar
    return html(frame, "Structures", choice, structureRows, lead: bar.cell("1", write("Tilleuls")))
  }

  var batchPreview: BatchPreviewPage {
    BatchPreviewPage(
      breadcrumb: Breadcrumb([LinkedText("Structures", "/structures")], current: "Aperçu"), sentence: write("Logiciel : vider"),
      counts: "480 fiches à changer, 12 inchangées, 3 refusées.", isStale: true, warnings: [write("À vérifier.")],
      rows: [
        .init(title: write("Les Quatre Chemins"), changes: [.init(label: "Logiciel", before: write("Un"), after: write("Deux"))]),
        .init(title: write("Sans logiciel"), changes: [.init(label: "Logiciel", before: "", after: "")]),
      ], refused: [.init(title: write("Tilleuls"), reason: write("Commune : inconnue"))], moreRows: 478, moreRefused: 2,
      action: "/lots/structures/application", csrf: write("jeton"), hidden: [("valeur", write("Deux"))], submit: "Appliquer à 480 fiches",
      list: "/structures?type=msp")
  }

  var appliedBatch: AppliedBatchPage {
    AppliedBatchPage(
      breadcrumb: Breadcrumb([LinkedText("Structures", "/structures")], current: "Changement par lot"), sentence: write("Logiciel : vider"),
      counts: "2 fiches changées.", act: write("Le 21 nov. 2026, par Odile Marchandet."),
      undone: "1 fiche est à nouveau comme avant le lot.",
      kept: [.init(title: write("Tilleuls"), link: "/structures/2", reason: write("modifiée depuis"))],
      records: [.init(title: write("Les Quatre Chemins"), link: "/structures/1/historique")], more: 1,
      undo: PostButton("Annuler ce lot", action: "/lots/structures/1/annulation", csrf: write("jeton")), list: "/structures")
  }
}
