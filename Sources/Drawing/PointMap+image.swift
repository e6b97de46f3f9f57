import Markup

extension PointMap {
  /// What the signs of a map say, in one line: « Type », then a sign with its word for each.
  public struct Legend: Sendable {
    public enum Sign: Sendable {
      case point(Shape, Fill)
      /// Of a département, from 0 to 1.
      case shade(Double)
    }

    public let title: String
    public let keys: [(sign: Sign, label: String)]

    public init(_ title: String, _ keys: [(sign: Sign, label: String)]) {
      (self.title, self.keys) = (title, keys)
    }

    /// Beside a map on a page.
    public var html: HTML {
      """
      <ul class="legende"><li><b>\(title)</b></li>\(each: keys, { "<li>\(Self.drawing($0.sign))\($0.label)</li>" })</ul>
      """
    }

    private static func drawing(_ sign: Sign) -> HTML {
      switch sign {
      case .point(let shape, let fill): PointMap.sign(shape, fill)
      case .shade(let share):
        """
        <svg viewBox="0 0 10 10" aria-hidden="true"><rect class="s3" fill-opacity="\(PointMap.opacity(share))" width="10" height="10"/></svg>
        """
      }
    }

    /// Under a map that goes its way alone.
    fileprivate func drawing(at y: Double) -> HTML {
      let name = PointMap.text(title, "cle cles", x: PointMap.margin, y: y)
      var x = PointMap.margin + 14 + PointMap.letters * LetterWidth.of(title)
      let signs = keys.map { key -> HTML in
        defer { x += 30 + PointMap.letters * LetterWidth.of(key.label) }
        let mark: HTML =
          switch key.sign {
          case .point(let shape, let fill): PointMap.mark(shape, fill, x + 8, y - 5)
          case .shade(let share):
            """
            <rect class="s3" fill-opacity="\(PointMap.opacity(share))" x="\(ChartNumber.coordinate(x + 2))" \
            y="\(ChartNumber.coordinate(y - 11))" width="12" height="12"/>
            """
          }
        return "\(mark)\(PointMap.text(key.label, "cle", x: x + 20, y: y))"
      }
      return "\(name)\(signs)"
    }
  }

  private static let margin = 8.0
  /// Of the words of a legend.
  private static let letters = 14.0
  private static let line = 25.0
  private static let titleLetters = 20.0

  private static func text(_ text: String, _ name: String, x: Double, y: Double) -> HTML {
    """
    <text class="\(name)" x="\(ChartNumber.coordinate(x))" y="\(ChartNumber.coordinate(y))">\(text)</text>
    """
  }

  /// The map by itself, for paper and for files: with what its signs say under it, and in a file with its title over it.
  /// - Parameters:
  ///   - heading: cut between words where the drawing ends.
  ///   - alternative: what it shows, for those who do not see it.
  public func image(_ heading: String, _ legends: [Legend], alternative: String) -> ChartImage {
    let lines = LetterWidth.lines(heading, upTo: Int(width / (0.64 * Self.titleLetters)))
    let top = 10 + Self.line * Double(lines.count)
    let title: HTML = """
      \(each: lines.enumerated(), { Self.text($0.element, "titre", x: Self.margin, y: Self.line * Double($0.offset + 1) - top - 3) })
      """
    let bottom = legends.isEmpty ? 0 : 8 + Self.line * Double(legends.count)
    let keys: HTML = """
      \(each: legends.enumerated(), { $0.element.drawing(at: height + Self.line * Double($0.offset + 1)) })
      """
    return ChartImage(
      title: heading, alternative: "\(heading). \(alternative)", svg: file(under: keys, bottom),
      titledSVG: file(over: title, top, under: keys, bottom), width: width)
  }
}
