import CCmark

/// A text that somebody wrote in Markdown, as values: read once for the page and for paper, which each write it in their own way.
///
/// Nothing of it is markup of a page: HTML inside it is the text that it is, and a picture is its description. An end of line stays one,
/// for people press Enter to begin a line.
public struct MarkdownText: Sendable, Equatable {
  public indirect enum Block: Sendable, Equatable {
    case paragraph([Inline])
    /// From 1.
    case heading(level: Int, [Inline])
    /// - Parameter start: the number of the first item; `nil` for bullets.
    case list(start: Int?, [[Block]])
    case quote([Block])
    case code(String)
    case rule
  }

  public indirect enum Inline: Sendable, Equatable {
    case text(String)
    case emphasis([Inline])
    case strong([Inline])
    /// The address is as it was typed: whoever writes it decides whether it is safe.
    case link(String, [Inline])
    case code(String)
    case lineBreak
  }

  public let blocks: [Block]

  public init(blocks: [Block]) {
    self.blocks = blocks
  }

  public init(_ source: String) {
    var source = source
    blocks = source.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) { characters in
        guard let document = cmark_parse_document(characters.baseAddress, characters.count, CMARK_OPT_VALIDATE_UTF8) else { return [] }
        defer { cmark_node_free(document) }
        return Self.children(document).flatMap { Self.blocks($0, depth: 0) }
      }
    }
  }

  /// The pieces of plain text in it, in their order: neither code nor addresses.
  public var words: [String] { blocks.flatMap(Self.words) }

  private static func words(_ block: Block) -> [String] {
    switch block {
    case .paragraph(let content), .heading(_, let content): content.flatMap(words)
    case .list(_, let items): items.flatMap { $0.flatMap(words) }
    case .quote(let content): content.flatMap(words)
    case .code, .rule: []
    }
  }

  private static func words(_ inline: Inline) -> [String] {
    switch inline {
    case .text(let text): [text]
    case .emphasis(let content), .strong(let content), .link(_, let content): content.flatMap(words)
    case .code, .lineBreak: []
    }
  }

  /// Deeper than anybody writes: what lies below is left out, so that no text can exhaust the stack.
  private static let deepest = 40

  private static func children(_ node: OpaquePointer) -> [OpaquePointer] {
    var children: [OpaquePointer] = []
    var next = cmark_node_first_child(node)
    while let child = next {
      children.append(child)
      next = cmark_node_next(child)
    }
    return children
  }

  private static func literal(_ node: OpaquePointer) -> String {
    cmark_node_get_literal(node).map { String(cString: $0) } ?? ""
  }

  private static func blocks(_ node: OpaquePointer, depth: Int) -> [Block] {
    guard depth < deepest else { return [] }
    func inside() -> [Block] { children(node).flatMap { blocks($0, depth: depth + 1) } }
    switch cmark_node_get_type(node) {
    case CMARK_NODE_PARAGRAPH: return [.paragraph(inlines(of: node, depth: depth + 1))]
    case CMARK_NODE_HEADING: return [.heading(level: Int(cmark_node_get_heading_level(node)), inlines(of: node, depth: depth + 1))]
    case CMARK_NODE_LIST:
      let isOrdered = cmark_node_get_list_type(node) == CMARK_ORDERED_LIST
      let items = children(node).map { item in children(item).flatMap { blocks($0, depth: depth + 2) } }
      return [.list(start: isOrdered ? Int(cmark_node_get_list_start(node)) : nil, items)]
    case CMARK_NODE_BLOCK_QUOTE: return [.quote(inside())]
    case CMARK_NODE_CODE_BLOCK: return [.code(literal(node).trimmingNewline)]
    case CMARK_NODE_HTML_BLOCK: return [.paragraph([.text(literal(node).trimmingNewline)])]
    case CMARK_NODE_THEMATIC_BREAK: return [.rule]
    default: return inside()
    }
  }

  private static func inlines(of node: OpaquePointer, depth: Int) -> [Inline] {
    guard depth < deepest else { return [] }
    var inlines: [Inline] = []
    for inline in children(node).flatMap({ Self.inline($0, depth: depth) }) {
      // The parser cuts a text at each bracket.
      if case .text(let last)? = inlines.last, case .text(let next) = inline {
        inlines[inlines.count - 1] = .text(last + next)
      } else {
        inlines.append(inline)
      }
    }
    return inlines
  }

  private static func inline(_ node: OpaquePointer, depth: Int) -> [Inline] {
    func inside() -> [Inline] { inlines(of: node, depth: depth + 1) }
    switch cmark_node_get_type(node) {
    case CMARK_NODE_TEXT, CMARK_NODE_HTML_INLINE: return [.text(literal(node))]
    case CMARK_NODE_SOFTBREAK, CMARK_NODE_LINEBREAK: return [.lineBreak]
    case CMARK_NODE_CODE: return [.code(literal(node))]
    case CMARK_NODE_EMPH: return [.emphasis(inside())]
    case CMARK_NODE_STRONG: return [.strong(inside())]
    case CMARK_NODE_LINK: return [.link(cmark_node_get_url(node).map { String(cString: $0) } ?? "", inside())]
    default: return inside()
    }
  }
}

extension String {
  fileprivate var trimmingNewline: String { hasSuffix("\n") ? String(dropLast()) : self }
}
