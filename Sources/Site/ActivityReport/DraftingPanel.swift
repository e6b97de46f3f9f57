import Federation
import Markup
import WebSupport

/// How far the drafting of a report has come, above the report itself.
struct DraftingPanel: Sendable {
  struct Fault: Sendable {
    var block: String
    var sentence: String
    var link: Link
  }

  var year: Int
  /// Of the blocks that somebody writes.
  var approved: Int
  var written: Int
  var faults: [Fault]
  /// The reader may write, and the year has no plan yet.
  var isWaiting = false
  /// The year has an edition: what is written now is for the next one.
  var isPublished = false

  var html: HTML {
    if isWaiting { return waiting }
    if isPublished { return "\(published)\(each: faults, { html($0) })" }
    return """
      <div class="message ecran" role="status">\(Icon.edit.html)<div>\(LinkedText("Rédaction du rapport", .drafting(year)).html)\u{A0}: \
      \(progress).</div></div>\(each: faults, { html($0) })
      """
  }

  /// « 12 blocs relus sur 18 »
  var progress: String {
    "\(French.plural(approved, "bloc relu", "blocs relus")) sur \(French.number(written))"
  }

  private var published: HTML {
    Message(
      .information, content: "Ce qui change dans \(LinkedText("la rédaction", .drafting(year)).html) paraîtra avec une édition corrigée."
    ).html
  }

  private var waiting: HTML {
    Message(
      .information,
      content: """
        Ce rapport n’a que ses chiffres. \(LinkedText("Commencer sa rédaction", .drafting(year)).html)\u{A0}: chapitres, textes, citations, photos.
        """
    ).html
  }

  func html(_ fault: Fault) -> HTML {
    Message(.warning, content: "<b>\(fault.block).</b> \(fault.sentence) \(LinkedText("Corriger le bloc", fault.link).html)").html
  }
}

extension DraftingPanel {
  init(_ year: Int, _ outline: [ReportBlock], _ faults: [BlockFault]) {
    let written = outline.filter(\.nature.isWritten)
    self.init(
      year: year, approved: written.count { $0.state == .approved }, written: written.count,
      faults: faults.map { .init(block: $0.block, sentence: French.typeset($0.sentence), link: .block($0.id)) })
  }

  /// A line that fills up.
  var gauge: HTML {
    """
    <div><b>\(progress)</b><svg class="jauge" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">\
    <rect width="\(written == 0 ? 100 : approved * 100 / written)" height="8"/></svg></div>
    """
  }
}

extension Link {
  static func drafting(_ year: Int) -> Link { "/rapports/\(year)/redaction" }
}
