import Markup
import WebSupport

/// The dated states of a team, newest first, as they were recorded.
struct StateHistory: Sendable {
  struct Span: Sendable {
    var state: CodedLabel
    /// ISO text; both days are included.
    var since: String
    var until: String?
    var note: String?
    /// Where it is mended, by who may.
    var link: Link?
  }

  var spans: [Span]

  var html: HTML {
    if spans.isEmpty {
      return EmptyState("Aucune étape datée", "L’équipe compte comme non renseignée tant qu’aucune étape n’a de date.").html
    }
    return DataTable(
      "Étapes et jalons de l’équipe",
      columns: [
        .init("Étape ou repère"), .init("Depuis"), .init("Jusqu’au"), .init("Note", class: "p2"),
      ],
      rows: spans.map(row), hasLinks: spans.contains { $0.link != nil }
    ).html
  }

  private func change(_ link: Link, _ span: Span) -> HTML {
    """
     <a class="bouton petit" href="\(link)">Modifier<span class="sr"> \(span.state.label)</span></a>
    """
  }

  private func row(_ span: Span) -> HTML {
    """
    <tr><th scope="row">\(Badge.stage(span.state))\(span.link.map { change($0, span) })</th><td>\(French.day(span.since))</td>\
    <td>\(span.until.map(French.day) ?? "en cours")</td><td class="p2">\(span.note ?? "Aucune")</td></tr>

    """
  }
}
