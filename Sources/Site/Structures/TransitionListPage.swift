import Markup
import WebSupport

/// `/etats`: the entries of teams into stages and marks, newest first.
struct TransitionListPage: Sendable {
  struct Row: Sendable {
    /// ISO text.
    var date: String
    var name: String
    var link: Link
    var type: CodedLabel
    var place: String?
    var targets: [CodedLabel]
    /// The stage before, and the days since the team entered it.
    var step: (from: CodedLabel, days: Int)?
    var note: String?
  }

  var list: ListFrame
  var rows: [Row]
  /// The list is that of the time between two stages.
  var showsSteps = false

  func html() -> HTML {
    list.html(
      "Étapes franchies", sentence: "Entrées des équipes dans une étape ou un repère daté\u{A0}: ACI, SISA, locaux…",
      columns: [.init("Date", key: "date"), .init("Structure", key: "nom"), .init("Entrée dans")]
        + (showsSteps ? [.init("Étape précédente", class: "p2"), .init("Durée", key: "duree", class: "p2 n")] : []) + [
          .init("Note", class: "p3")
        ],
      rows: rows.map(row),
      empty: EmptyState("Aucune étape franchie", "Choisissez une autre année, ou importez les états des structures."),
      unmatched: "Aucune étape ne correspond")
  }

  private func row(_ row: Row) -> HTML {
    """
    <tr><td><time datetime="\(row.date)">\(French.day(row.date))</time></td>\
    <th scope="row"><a href="\(row.link)">\(row.name)</a><small>\(Badge.type(row.type)) \(row.place ?? "")</small>\
    \(showsSteps ? row.step.map(folded) : nil)</th>\
    <td>\(each: row.targets, separator: " ", Badge.stage)</td>\(showsSteps ? step(row) : .empty)\
    <td class="p3">\(row.note ?? "Aucune")</td></tr>

    """
  }

  private func folded(_ step: (from: CodedLabel, days: Int)) -> HTML {
    """
    <small class="repli">\(days(step)) après\u{A0}: \(step.from.label)</small>
    """
  }

  private func step(_ row: Row) -> HTML {
    """
    <td class="p2">\(Badge.stage(row.step?.from))</td><td class="p2 n">\(row.step.map(days) ?? French.unknown)</td>
    """
  }

  private func days(_ step: (from: CodedLabel, days: Int)) -> String { French.plural(step.days, "jour", "jours") }
}
