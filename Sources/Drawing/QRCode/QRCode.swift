import Markup

/// A QR code of a short text (ISO/IEC 18004), for cameras: bytes, error correction M, versions 1 to 10. Black on white whatever the theme,
/// with the quiet margin that cameras ask for.
public struct QRCode: Sendable {
  /// Row by row, dark ones true.
  let modules: [[Bool]]

  /// - Returns: `nil` when the text is longer than the largest version takes, 213 bytes.
  public init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard let version = QRVersion.smallest(holding: bytes.count) else { return nil }
    let codewords = version.codewords(of: bytes)
    let drawings = (0..<8).map { QRMatrix(version, codewords, mask: $0) }
    guard let best = drawings.min(by: { $0.penalty < $1.penalty }) else { return nil }
    modules = best.modules
  }

  /// - Parameter label: what it is, for those who do not see it.
  public func html(_ label: String) -> HTML {
    let side = modules.count + 2 * Self.margin
    return """
      <svg class="qr" viewBox="0 0 \(side) \(side)" width="\(side * 4)" height="\(side * 4)" role="img" aria-label="\(label)" \
      shape-rendering="crispEdges"><rect width="\(side)" height="\(side)" fill="#fff"/><path d="\(path)" fill="#000"/></svg>
      """
  }

  private static let margin = 4

  /// A stroke for each run of dark modules.
  private var path: String {
    var path = ""
    for (y, row) in modules.enumerated() {
      var x = 0
      while x < row.count {
        let length = row[x...].prefix { $0 }.count
        if length > 0 { path += "M\(x + Self.margin) \(y + Self.margin)h\(length)v1h-\(length)z" }
        x += max(1, length)
      }
    }
    return path
  }
}
