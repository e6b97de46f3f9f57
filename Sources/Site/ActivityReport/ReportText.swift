import Markdown
import Federation
import Markup
import WebSupport

/// A text of the report with its figures in it, for the page and for paper.
struct ReportText: Sendable {
  private let blocks: [MarkdownText.Block]
  /// What stands for each reference, by what was written between the brackets.
  private let figures: [String: LinkedText]
  /// What several of its numbers would say beside them (where they were taken from), said once under it.
  private let notes: [String]

  init(_ source: String, _ figures: [String: LinkedText] = [:]) {
    blocks = MarkdownText(source).blocks
    let shared = Dictionary(grouping: figures.values.compactMap(\.note), by: \.self).filter { $1.count > 1 }.keys
    notes = shared.sorted()
    self.figures = figures.mapValues { figure in
      figure.note.map(shared.contains) == true ? LinkedText(figure.text, figure.link) : figure
    }
  }

  private init(_ blocks: [MarkdownText.Block], _ figures: [String: LinkedText]) {
    self.blocks = blocks
    self.figures = figures
    notes = []
  }

  /// The same with figures that open nothing.
  private var unlinked: ReportText { ReportText(blocks, figures.mapValues { LinkedText($0.text, note: $0.note) }) }

  var html: HTML { "\(each: blocks, separator: "\n", blockHTML)\(each: notes, noteHTML)" }

  private func noteHTML(_ note: String) -> HTML { "<p><small class=\"note\">\(sentence(note))</small></p>" }

  private func sentence(_ note: String) -> String { "\(note.capitalizedFirst)." }

  private func blockHTML(_ block: MarkdownText.Block) -> HTML {
    switch block {
    case .paragraph(let content): "<p>\(each: content, inlineHTML)</p>"
    // The chapter has the second level, its blocks the third.
    case .heading(let level, let content) where level < 3: "<h3>\(each: content, inlineHTML)</h3>"
    case .heading(_, let content): "<h4>\(each: content, inlineHTML)</h4>"
    case .list(nil, let items): "<ul>\(each: items, item)</ul>"
    case .list(let start?, let items): "<ol start=\"\(start)\">\(each: items, item)</ol>"
    case .quote(let content): "<blockquote>\(each: content, blockHTML)</blockquote>"
    case .code(let text): "<p>\(typeset(text))</p>"
    case .rule: "<hr>"
    }
  }

  /// Short items are lines, not paragraphs.
  private func item(_ content: [MarkdownText.Block]) -> HTML {
    if content.count == 1, case .paragraph(let line) = content[0] { return "<li>\(each: line, inlineHTML)</li>" }
    return "<li>\(each: content, blockHTML)</li>"
  }

  private func inlineHTML(_ inline: MarkdownText.Inline) -> HTML {
    switch inline {
    case .text(let text): return "\(each: FigureReference.parts(of: text), partHTML)"
    case .emphasis(let content): return "<em>\(each: content, inlineHTML)</em>"
    case .strong(let content): return "<strong>\(each: content, inlineHTML)</strong>"
    case .link(let address, let content):
      guard let link = Link(untrusted: address) else { return "\(each: content, inlineHTML)" }
      // The figures in it are its words: no link stands in another.
      return """
        <a href="\(link)">\(each: content, unlinked.inlineHTML)</a>
        """
    case .code(let text): return HTML(text: typeset(text))
    case .lineBreak: return "<br>"
    }
  }

  private func partHTML(_ part: FigureReference.Part) -> HTML {
    switch part {
    case .text(let text): HTML(text: typeset(text))
    case .reference(let written): figures[written]?.html ?? "<mark>[[\(written)]]</mark>"
    }
  }

  private func typeset(_ text: String) -> String { French.typeset(text) }
}

/// A piece of a text as the template of the paper reads it: values alone, of which nothing is markup.
struct PaperNode: Encodable, Sendable {
  var kind: String
  var text: String?
  var level: Int?
  var start: Int?
  var url: String?
  var content: [PaperNode]?
  var items: [[PaperNode]]?
}

extension ReportText {
  var paper: [PaperNode] { blocks.map(paperBlock) + notes.map { PaperNode(kind: "note", text: sentence($0)) } }

  private func paperBlock(_ block: MarkdownText.Block) -> PaperNode {
    switch block {
    case .paragraph(let content): PaperNode(kind: "paragraph", content: content.flatMap(paperInline))
    case .heading(let level, let content): PaperNode(kind: "heading", level: level < 3 ? 2 : 3, content: content.flatMap(paperInline))
    case .list(let start, let items): PaperNode(kind: "list", start: start, items: items.map { $0.map(paperBlock) })
    case .quote(let content): PaperNode(kind: "quote", items: [content.map(paperBlock)])
    case .code(let text): PaperNode(kind: "paragraph", content: [PaperNode(kind: "text", text: typeset(text))])
    case .rule: PaperNode(kind: "rule")
    }
  }

  private func paperInline(_ inline: MarkdownText.Inline) -> [PaperNode] {
    switch inline {
    case .text(let text): return FigureReference.parts(of: text).map(paperPart)
    case .code(let text): return [PaperNode(kind: "text", text: typeset(text))]
    case .emphasis(let content): return [PaperNode(kind: "emphasis", content: content.flatMap(paperInline))]
    case .strong(let content): return [PaperNode(kind: "strong", content: content.flatMap(paperInline))]
    case .link(let address, let content):
      // An address of this site leads nowhere from paper.
      guard let link = Link(untrusted: address), !link.isOwn else { return content.flatMap(paperInline) }
      return [PaperNode(kind: "link", url: link.address, content: content.flatMap(paperInline))]
    case .lineBreak: return [PaperNode(kind: "break")]
    }
  }

  private func paperPart(_ part: FigureReference.Part) -> PaperNode {
    switch part {
    case .text(let text): PaperNode(kind: "text", text: typeset(text))
    case .reference(let written): PaperNode(kind: "text", text: figures[written].map { $0.html.text } ?? "[[\(written)]]")
    }
  }
}
