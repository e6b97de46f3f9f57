import Federation
import Markup
import Records
import Store
import WebSupport

extension Site {
  /// `/etapes/…`: the dated stages and marks of teams, which their team's page shows.
  var stateParts: PartSection {
    PartSection(site: self, path: "etapes", list: "/structures") { state, connection in
      try StructureSheet.team(ofState: state, connection).map { Link.structure($0).adding("o", "etapes") }
    }
  }

  /// Dating a stage or a mark of a team, and mending it.
  var statePages: RecordPages {
    let layouts: [RecordFormBuilder.Layout] = [
      .init("structure"), .init("etat", label: "Étape ou repère"), .init("depuis", label: "Depuis le"),
      .init("jusqua", label: "Jusqu’au", help: "Dernier jour compris ; vide : l’étape suivante la termine, un repère dure."),
      .init("note", isWide: true),
    ]
    return RecordPages(
      site: self, kind: "etats", path: "/etapes", place: .structures, area: .directory,
      words: RecordWords(list: "Structures", new: "Nouvelle étape", change: "Modifier l’étape") { _ in "Étapes d’une équipe" },
      layouts: layouts,
      isPart: true,
      shown: { entries, _, _ in
        // A state stays with its team, which the form is told where it is opened.
        entries["structure", default: ""].isEmpty ? nil : layouts.filter { $0.name != "structure" }
      },
      aid: { _, entries, _, connection in
        let team = entries["structure", default: ""]
        let name = try Naming.structures.names(of: [team], connection)[team]
        return name.map { "<p class=\"note\">Équipe\u{A0}: \($0.offered)</p>" } ?? .empty
      })
  }
}
