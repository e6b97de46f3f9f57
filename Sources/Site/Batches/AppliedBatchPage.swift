import Markup
import WebSupport

/// The receipt of a batch: what it did, to which records, and the way back.
struct AppliedBatchPage {
  struct Record {
    let title: String
    let link: Link
  }

  /// What was not taken back, and why.
  struct Kept {
    let title: String
    let link: Link
    let reason: String
  }

  let breadcrumb: Breadcrumb
  /// « Nature : « ARS » ».
  let sentence: String
  /// « 480 fiches changées, 12 inchangées, 3 refusées. »
  let counts: String
  /// « Le 21 nov. 2026 à 14 h 05, par Odile Marchandet. »
  let act: String
  /// What has been taken back of it, in a sentence.
  let undone: String?
  var kept: [Kept] = []
  let records: [Record]
  let more: Int
  /// `nil` once nothing is left to take back.
  let undo: PostButton?
  let list: Link

  func html() -> HTML {
    """
    \(breadcrumb.html)
    \(PageHeader("Changement par lot", sentence: sentence).html)
    \(outcome)\
    \(kept.isEmpty ? .empty : keptMessage)
    <div class="rangee">\(undo.map(\.html))<a href="\(list)">Revenir à la liste</a></div>
    \(records.isEmpty ? .empty : recordCard)
    """
  }

  /// One message: what was done or, once all of it was taken back, that.
  private var outcome: HTML {
    guard undo == nil, let undone else {
      return "\(Message(.success, content: "<strong>\(counts)</strong> \(act)").html)\(undone.map { Message(.information, $0).html })"
    }
    return Message(.success, content: "<strong>\(undone)</strong> À l’origine\u{A0}: \(counts) \(act)").html
  }

  private var keptMessage: HTML {
    Message(
      .warning,
      content: """
        <strong>\(French.plural(kept.count, "fiche reste comme elle est", "fiches restent comme elles sont")).</strong>\
        <ul class="liste">\(each: kept.prefix(100), keptItem)</ul>
        """
    ).html
  }

  private func keptItem(_ kept: Kept) -> HTML {
    """
    <li>\(LinkedText(kept.title, kept.link).html)\u{A0}: \(kept.reason)</li>
    """
  }

  private var recordCard: HTML {
    Card(
      "fiches", undo == nil ? "Fiches remises comme avant" : "Fiches changées", "<ul class=\"liste\">\(each: records, record)</ul>\(rest)"
    ).html
  }

  private func record(_ record: Record) -> HTML {
    """
    <li>\(LinkedText(record.title, record.link).html)</li>

    """
  }

  private var rest: HTML {
    if more <= 0 { return .empty }
    return """
      <p class="note">Et \(French.plural(more, "autre fiche", "autres fiches")).</p>
      """
  }
}
