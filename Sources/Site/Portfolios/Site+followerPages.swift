import Federation
import Markup
import Records
import Store
import WebSupport

extension Site {
  /// `/suivis/…`: who follows a team, which the team's page shows.
  var followerParts: PartSection {
    PartSection(site: self, path: "suivis", list: "/structures") { record, connection in
      try Follower.team(of: record, connection).map(Link.structure)
    }
  }

  /// Saying who follows a team from a day on: the direction's alone, for who follows a team reads its confidential notes.
  var followerPages: RecordPages {
    let layouts: [RecordFormBuilder.Layout] = [
      .init("structure"), .init("compte", label: "Suivie par", help: "Vide : personne, le suivi est vacant."),
      .init("depuis", label: "À partir du"), .init("note", isWide: true),
    ]
    return RecordPages(
      site: self, kind: "suivis", path: "/suivis", place: .structures, area: .portfolios,
      words: RecordWords(list: "Structures", new: "Qui suit l’équipe", change: "Modifier le suivi") { $0["structure", default: "Suivi"] },
      layouts: layouts,
      isPart: true,
      defaults: { frame in ["depuis": frame.today.description] },
      shown: { entries, _, _ in
        entries["structure", default: ""].isEmpty ? nil : layouts.filter { $0.name != "structure" }
      },
      aid: { _, entries, _, connection in
        let team = entries["structure", default: ""]
        let name = try Naming.structures.names(of: [team], connection)[team]
        return name.map { "<p class=\"note\">Équipe\u{A0}: \($0.offered)</p>" } ?? .empty
      })
  }
}
