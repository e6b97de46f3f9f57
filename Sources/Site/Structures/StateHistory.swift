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
  }

  var spans: [Span]

  var html: HTML {
    if spans.isEmpty {
      return EmptyState("Aucune étape datée", "L’équipe compte comme non renseignée tant qu’aucune étape n’a de date.").html
    }
    return DataTable(
      "Étapes et jalons de l’équipe",
      columns: [
        .init("État"), .init("Depuis"), .init("Jusqu’au"), .init("Note", class: "p2"),
      ],
      rows: spans.map(row), hasLinks: false
    ).html
  }

  private func row(_ span: Span) -> HTML {
    """
    <tr><th scope="row">\(Badge.stage(span.state))</th><td>\(French.day(span.since))</td>\
    <td>\(span.until.map(French.day) ?? "en cours")</td><td class="p2">\(span.note ?? "Aucune")</td></tr>

    """
  }
}
