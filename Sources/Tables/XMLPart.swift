import Foundation

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// What is done with the elements of a part, in the order of the file.
protocol XMLHandler {
  mutating func start(_ name: String, _ attributes: [String: String]) throws
  mutating func text(_ text: String) throws
  mutating func end(_ name: String) throws
}

extension XMLHandler {
  mutating func text(_ text: String) throws {}
  mutating func end(_ name: String) throws {}
}

/// Thrown by a handler that has all it wants.
struct EnoughRead: Error {}

/// One XML file of a workbook, read as events: no tree in memory.
enum XMLPart {
  /// How element names are given to the handler. Attribute names always keep their prefix.
  enum Names { case local, prefixed }

  static let depthLimit = 64
  static let attributeLimit = 100

  /// - Throws: `TableError`, and what the handler throws.
  static func read<Handler: XMLHandler>(_ data: Data, names: Names = .local, into handler: Handler) throws -> Handler {
    try refuseDocumentType(data)
    try refuseCrowdedElements(data)
    let events = XMLEvents(handler, names)
    // As a stream: given all at once, more than 10 MB is an error of the parser of Linux (2026-11-21).
    let parser = XMLParser(stream: InputStream(data: data))
    parser.shouldResolveExternalEntities = false
    parser.delegate = events
    let isComplete = parser.parse()
    switch events.failure {
    // The parser of Linux is content with a document that stops in the middle (2026-11-21).
    case nil: guard isComplete, events.isClosed else { throw TableError.damaged }
    case is EnoughRead: break
    case let failure?: throw failure
    }
    return events.handler
  }

  /// A document type can only stand before the first element; entities (billion laughs, files of the server) need one.
  /// Anything here but spaces, comments and instructions in ASCII is refused, so that no encoding hides one.
  private static func refuseDocumentType(_ data: Data) throws {
    var rest = data[...]
    if rest.starts(with: [0xEF, 0xBB, 0xBF]) { rest = rest.dropFirst(3) }
    while true {
      rest = rest.drop { [0x20, 0x09, 0x0A, 0x0D].contains($0) }
      if rest.starts(with: "<!--".utf8) {
        rest = try skip(rest.dropFirst(4), past: "-->")
      } else if rest.starts(with: "<?".utf8) {
        rest = try skip(rest.dropFirst(2), past: "?>")
      } else if rest.starts(with: "<!".utf8) {
        throw TableError.documentType
      } else if rest.first == UInt8(ascii: "<") {
        return
      } else {
        throw TableError.damaged
      }
    }
  }

  /// The parser compares each attribute of an element with all others: a hundred thousand would keep it busy for minutes.
  ///
  /// No attribute holds a `<`, so none is missed; in comments, what looks like an element is counted as one.
  private static func refuseCrowdedElements(_ data: Data) throws {
    let isCrowded = data.withUnsafeBytes { bytes in
      var openQuote: UInt8?
      var quotes: Int?
      for byte in bytes {
        if byte == UInt8(ascii: "<") {
          (openQuote, quotes) = (nil, 0)
        } else if let count = quotes {
          if let quote = openQuote {
            if byte == quote { openQuote = nil }
          } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
            if count == attributeLimit { return true }
            (openQuote, quotes) = (byte, count + 1)
          } else if byte == UInt8(ascii: ">") {
            quotes = nil
          }
        }
      }
      return false
    }
    guard !isCrowded else { throw TableError.crowdedElement }
  }

  private static func skip(_ data: Data, past mark: String) throws -> Data {
    guard let found = data.range(of: Data(mark.utf8)) else { throw TableError.damaged }
    return data[found.upperBound...]
  }
}

/// Hands the parser's events to a handler that may throw.
private final class XMLEvents<Handler: XMLHandler>: NSObject, XMLParserDelegate {
  var handler: Handler
  var failure: (any Error)?
  /// Whether the first element came to its end.
  private(set) var isClosed = false
  private var depth = 0
  private let names: XMLPart.Names

  init(_ handler: Handler, _ names: XMLPart.Names) {
    self.handler = handler
    self.names = names
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?, attributes: [String: String]
  ) {
    depth += 1
    attempt(parser) {
      guard depth <= XMLPart.depthLimit else { throw TableError.crowdedElement }
      try handler.start(given(name), attributes)
    }
  }

  func parser(_ parser: XMLParser, foundCharacters text: String) {
    attempt(parser) { try handler.text(text) }
  }

  func parser(_ parser: XMLParser, foundCDATA data: Data) {
    attempt(parser) { try handler.text(String(decoding: data, as: UTF8.self)) }
  }

  func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
    depth -= 1
    isClosed = depth == 0
    attempt(parser) { try handler.end(given(name)) }
  }

  /// Events can still come after the parser was told to stop.
  private func attempt(_ parser: XMLParser, _ work: () throws -> Void) {
    guard failure == nil else { return }
    do {
      try work()
    } catch {
      failure = error
      parser.abortParsing()
    }
  }

  private func given(_ name: String) -> String {
    guard names == .local, let colon = name.utf8.firstIndex(of: UInt8(ascii: ":")) else { return name }
    return String(name[name.index(after: colon)...])
  }
}
