import Federation
import Markup
import Records
import Store
import WebSupport

/// What a team was before, and what became of it, from its own end.
struct SuccessionCard {
  let team: String
  let successions: [Succession]
  /// Whether the reader may say what became of the team.
  let writes: Bool

  var html: HTML {
    if successions.isEmpty, !writes { return .empty }
    let adding = PageAction(
      "Ajouter une succession", .add, Link("/successions/nouveau", query: [("structure", team)]), opensDialog: true, isSmall: true)
    let none: HTML = "<p class=\"note\">Aucune succession connue.</p>"
    let list: HTML = successions.isEmpty ? none : "<ul class=\"liste\">\(each: successions, row)</ul>"
    return Card("successions", "Successions", aside: writes ? adding.button : .empty, list).html
  }

  /// Of a team that lives on as another, which one, at the top of its page.
  static func notice(_ successions: [Succession], on today: CivilDate) -> Message? {
    guard let next = successions.first(where: { $0.isAfter && !$0.isPartial && $0.date <= today }) else { return nil }
    let other = LinkedText(next.name, .structure(next.other)).html
    return Message(
      .information, content: "\(next.nature.label) <strong>\(other)</strong>, le \(French.fullDay(next.date.description)).")
  }

  private func row(_ succession: Succession) -> HTML {
    let link = Link("/successions").appending(Identifier<Site>(rawValue: succession.id).description).appending("modifier")
    let words = succession.isAfter ? succession.nature.label : succession.nature.reverse
    let way: HTML =
      writes
      ? "<div class=\"fin\"><a href=\"\(link)\">Modifier<span class=\"sr\"> la succession avec \(succession.name)</span></a></div>" : .empty
    return """
      <li><div class="corps"><span>\(words) \(LinkedText(succession.name, .structure(succession.other)).html)</span>\
      <small>\(French.day(succession.date.description))\(succession.isPartial ? ", pour une partie de l’équipe" : "")</small></div>\
      \(way)</li>

      """
  }
}

extension Site {
  /// `/successions/…`: what became of teams, which the pages of both show.
  var successionParts: PartSection {
    PartSection(site: self, path: "successions", list: "/structures", isNamed: true) { succession, connection in
      try Succession.team(of: succession, connection).map { Link.structure($0) }
    }
  }

  /// Saying what became of a team, and mending it.
  var successionPages: RecordPages {
    let layouts: [RecordFormBuilder.Layout] = [
      .init("structure", label: "Équipe"), .init("nature", label: "Ce qui lui arrive"), .init("vers", label: "Autre équipe"),
      .init("date"), .init("partie", label: "Une partie de l’équipe seulement\u{202F}?"), .init("note", isWide: true),
    ]
    return RecordPages(
      site: self, kind: "successions", path: "/successions", place: .structures, area: .directory,
      words: RecordWords(list: "Structures", new: "Nouvelle succession", change: "Modifier la succession") { _ in "Succession" },
      layouts: layouts, isPart: true,
      shown: { entries, _, _ in
        // The form is opened on the page of its first team, and stays with it.
        entries["structure", default: ""].isEmpty ? nil : layouts.filter { $0.name != "structure" }
      },
      aid: { _, entries, _, connection in
        let team = entries["structure", default: ""]
        let name = try Naming.structures.names(of: [team], connection)[team]
        return name.map { "<p class=\"note\">Équipe\u{A0}: \($0.offered)</p>" } ?? .empty
      })
  }
}
