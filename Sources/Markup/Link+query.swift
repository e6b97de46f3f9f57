/// The query of an address: filters, sort and page live there, so links add and remove items of the current address.
extension Link {
  /// A path with query items; a name may be repeated.
  public init(_ path: Link, query items: [(String, String)]) {
    self = items.isEmpty ? path : path.replacingQuery(path.query.map { ($0.name, $0.value) } + items)
  }

  /// The query items, decoded, in the order of the address.
  public var query: [(name: String, value: String)] {
    // An address is ASCII: its bytes are read, where walking its characters is most of the work of a page full of links.
    parts.query.utf8.split(separator: UInt8(ascii: "&")).map { item in
      let pair = item.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
      return (PercentEncoding.decoding(pair[0]), pair.count > 1 ? PercentEncoding.decoding(pair[1]) : "")
    }
  }

  /// The same address without its query and its fragment, as the action of a form.
  public var withoutQuery: Link {
    let path = parts.path
    return Link(checked: path.isEmpty ? "?" : path)
  }

  /// The page below this one, without its query.
  public func appending(_ segment: String) -> Link {
    let path = address.utf8.contains { $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") } ? parts.path : address
    return Link(checked: path + "/" + PercentEncoding.encoding(segment))
  }

  /// The same address with one more item.
  public func adding(_ name: String, _ value: String) -> Link {
    if address.utf8.allSatisfy({ $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") }) {
      return Link(checked: address + "?" + PercentEncoding.encoding(name) + "=" + PercentEncoding.encoding(value))
    }
    return replacingQuery(query.map { ($0.name, $0.value) } + [(name, value)])
  }

  /// The same address with this item once, in the place of all items of this name.
  public func setting(_ name: String, _ value: String) -> Link {
    removing(name).adding(name, value)
  }

  /// The same address without the items of this name.
  public func removing(_ name: String) -> Link {
    replacingQuery(query.filter { $0.name != name }.map { ($0.name, $0.value) })
  }

  /// The same address without this item, other values of the same name kept.
  public func removing(_ name: String, _ value: String) -> Link {
    replacingQuery(query.filter { $0.name != name || $0.value != value }.map { ($0.name, $0.value) })
  }

  private func replacingQuery(_ items: [(String, String)]) -> Link {
    let parts = parts
    let query = items.map { "\(PercentEncoding.encoding($0))=\(PercentEncoding.encoding($1))" }.joined(separator: "&")
    let address = query.isEmpty ? parts.path : "\(parts.path)?\(query)"
    // An address made of a query alone means "this page": without its last item it must not become empty.
    return Link(checked: address.isEmpty && parts.fragment.isEmpty ? "?" : address + parts.fragment)
  }

  private var parts: (path: String, query: Substring, fragment: String) {
    let bytes = address.utf8
    let end = bytes.firstIndex(of: UInt8(ascii: "#")) ?? bytes.endIndex
    let mark = bytes[..<end].firstIndex(of: UInt8(ascii: "?")) ?? end
    let query = mark == end ? end : bytes.index(after: mark)
    return (String(address[..<mark]), address[query..<end], String(address[end...]))
  }
}
