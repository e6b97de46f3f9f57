import Foundation
import Markup

/// Things where they stand, over the départements: the shape of a point is one quality, its fill another, and the départements may be
/// shaded by a share. Whatever it shows must stand in a table beside it.
public struct PointMap: Sendable {
  /// A département behind the points.
  public struct Area: Sendable {
    public var name: String
    /// Closed lines; islands have one of their own.
    public var outline: [[DepartmentMap.Position]]
    /// From 0 to 1: the more, the darker.
    public var share: Double?
    /// Under its name: « 88 % ».
    public var note: String?
    /// What is said of it: « 34 équipes, 88 % des habitants couverts ».
    public var sentence: String
    public var link: Link?

    public init(_ name: String, outline: [[DepartmentMap.Position]], share: Double?, note: String?, sentence: String, link: Link?) {
      self.name = name
      self.outline = outline
      self.share = share
      self.note = note
      self.sentence = sentence
      self.link = link
    }
  }

  public enum Shape: String, Sendable, CaseIterable {
    case circle = "pm"
    case triangle = "pe"
    case square = "pc"
    case diamond = "pd"
  }

  public enum Fill: String, Sendable, CaseIterable {
    case full = "aci"
    case tinted = "hors"
    case hollow = "proj"
  }

  public struct Point: Sendable {
    public var name: String
    public var shape: Shape
    public var fill: Fill
    public var position: DepartmentMap.Position
    public var link: Link?

    public init(_ name: String, _ shape: Shape, _ fill: Fill, at position: DepartmentMap.Position, link: Link?) {
      self.name = name
      self.shape = shape
      self.fill = fill
      self.position = position
      self.link = link
    }
  }

  public var title: String
  public var areas: [Area]
  /// Drawn in this order, the last on top.
  public var points: [Point]
  /// Small marks under the points: communes that are covered.
  public var dots: [DepartmentMap.Position] = []
  /// Of a single département the page says the name.
  public var showsNames = true
  /// Of the drawing; in a smaller one the same points are larger.
  public var width = 800.0

  public init(_ title: String, areas: [Area], points: [Point]) {
    self.title = title
    self.areas = areas
    self.points = points
  }

  /// The drawing of a page, whose style sheet colours it.
  public var html: HTML {
    let plane = plane
    return """
      <svg viewBox="0 0 \(ChartNumber.coordinate(plane.width)) \(ChartNumber.coordinate(plane.height))" role="group" aria-label="\(title)">
      \(drawing(plane))</svg>
      """
  }

  /// The same as a file, with colours of its own and without links.
  public var svg: String { file() }

  /// - Parameters:
  ///   - over: what stands above the map, so many points high, in negative heights.
  ///   - under: what stands below it.
  func file(over: HTML = .empty, _ top: Double = 0, under: HTML = .empty, _ bottom: Double = 0) -> String {
    let plane = plane
    var bare = self
    bare.areas = areas.map { area in
      var area = area
      area.link = nil
      return area
    }
    bare.points = points.map { point in
      var point = point
      point.link = nil
      return point
    }
    let file: HTML = """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 \(ChartNumber.coordinate(-top)) \(ChartNumber.coordinate(plane.width)) \
      \(ChartNumber.coordinate(plane.height + top + bottom))"><title>\(title)</title>\(Self.style)
      \(over)\(bare.drawing(plane))\(under)</svg>

      """
    return file.description
  }

  /// A point of the legend by itself.
  public static func sign(_ shape: Shape, _ fill: Fill) -> HTML {
    """
    <svg viewBox="-9 -9 18 18" aria-hidden="true">\(mark(shape, fill, 0, 0))</svg>
    """
  }

  /// How dark a share is.
  static func opacity(_ share: Double) -> String {
    let hundredths = 6 + Int((min(1, max(0, share)) * 44).rounded())
    return "0.\(hundredths < 10 ? "0" : "")\(hundredths)"
  }

  /// The colours of the screen's light theme, which paper takes too: without variables, of which programs that draw know nothing, and
  /// without the shorthand for fonts, in which some take a weight for a size.
  private static let style: HTML = """
    <style>text{font-family:Inter,sans-serif;font-size:15px;font-weight:600;fill:#13272c;text-anchor:middle;paint-order:stroke;stroke:#fff;stroke-width:4px}\
    .part{font-size:12px;font-weight:500;fill:#4a6066}\
    .titre,.cle{text-anchor:start;stroke:none}.titre{font-size:20px}.cle{font-size:14px;font-weight:500}.cles{font-weight:700}.dep path{fill:#fff;stroke:#7f9299;stroke-width:1.2;stroke-linejoin:round}\
    .couv path,.s3{fill:#7a4fa3}\
    .pm,.pe,.pc,.pd{stroke-width:2.2}.pm{stroke:#0b6b7d;fill:#0b6b7d}.pe{stroke:#bd7d0b;fill:#bd7d0b}\
    .pc{stroke:#7a4fa3;fill:#7a4fa3}.pd{stroke:#2c7a49;fill:#2c7a49}\
    .aci{stroke:#fff;stroke-width:1.2}.hors{fill-opacity:.38}.proj{fill:#fff}</style>
    """

  /// Of the map itself.
  var height: Double { plane.height }

  private var plane: MapPlane {
    let outlines = areas.flatMap(\.outline).joined()
    return MapPlane(outlines.isEmpty ? points.map(\.position) : Array(outlines), width: width)
  }

  private func drawing(_ plane: MapPlane) -> HTML {
    """
    \(each: areas, { shape($0, plane) })\(each: dots, { Self.dot(plane.point($0)) })\
    <g class="dep" pointer-events="none" aria-hidden="true">\(each: showsNames ? areas : [], { label($0, plane) })</g>
    <g class="points">\(each: Array(zip(points, places(plane))), { Self.point($0.0, $0.1) })</g>
    """
  }

  private func shape(_ area: Area, _ plane: MapPlane) -> HTML {
    guard !area.outline.isEmpty else { return .empty }
    let opacity = area.share.map(Self.opacity)
    let content: HTML = """
      <title>\(area.name)\u{A0}: \(area.sentence)</title><path\(attribute: "fill-opacity", opacity) d="\(plane.path(area.outline))"/>
      """
    let name = "dep\(area.share == nil ? "" : " couv")"
    guard let link = area.link else { return "<g class=\"\(name)\">\(content)</g>\n" }
    return "<a class=\"\(name)\" href=\"\(link)\">\(content)</a>\n"
  }

  /// Under the points, of which a name must hide none.
  private func label(_ area: Area, _ plane: MapPlane) -> HTML {
    guard !area.outline.isEmpty else { return .empty }
    let middle = plane.middle(area.outline)
    let (x, y) = (ChartNumber.coordinate(middle.x), ChartNumber.coordinate(middle.y))
    return """
      <text x="\(x)" y="\(y)">\(area.name)\(area.note.map { "<tspan class=\"part\" x=\"\(x)\" dy=\"14\">\($0)</tspan>" as HTML })</text>
      """
  }

  private static func point(_ point: Point, _ place: (x: Double, y: Double)) -> HTML {
    let content: HTML = "<title>\(point.name)</title>\(mark(point.shape, point.fill, place.x, place.y))"
    guard let link = point.link else { return "<g>\(content)</g>\n" }
    return "<a href=\"\(link)\">\(content)</a>\n"
  }

  private static func dot(_ place: (x: Double, y: Double)) -> HTML {
    """
    <circle class="s3" fill-opacity="0.3" cx="\(ChartNumber.coordinate(place.x))" cy="\(ChartNumber.coordinate(place.y))" r="3"/>
    """
  }

  static func mark(_ shape: Shape, _ fill: Fill, _ x: Double, _ y: Double) -> HTML {
    let name = "\(shape.rawValue) \(fill.rawValue)"
    // In coordinates of the drawing: the style sheet enlarges points on a telephone, each about its own middle.
    func number(_ value: Double) -> String { ChartNumber.coordinate(value) }
    return switch shape {
    case .circle: "<circle class=\"\(name)\" cx=\"\(number(x))\" cy=\"\(number(y))\" r=\"5.5\"/>"
    case .triangle: "<path class=\"\(name)\" d=\"M\(number(x)) \(number(y - 7.5))l7 12.2h-14z\"/>"
    case .square: "<rect class=\"\(name)\" x=\"\(number(x - 5))\" y=\"\(number(y - 5))\" width=\"10\" height=\"10\"/>"
    case .diamond: "<path class=\"\(name)\" d=\"M\(number(x)) \(number(y - 7.5))l7.5 7.5-7.5 7.5-7.5-7.5z\"/>"
    }
  }

  /// Where the points are drawn: those of one town around its middle, each to be seen and followed.
  private func places(_ plane: MapPlane) -> [(x: Double, y: Double)] {
    var standing: [DepartmentMap.Position: Int] = [:]
    return points.map { point in
      let (x, y) = plane.point(point.position)
      let number = standing[point.position, default: 0]
      standing[point.position] = number + 1
      guard number > 0 else { return (x, y) }
      // A sunflower's spiral: as close as they can stand without covering each other.
      return (x + 11 * Self.spiral[number % Self.spiral.count].x, y + 11 * Self.spiral[number % Self.spiral.count].y)
    }
  }

  private static let spiral: [(x: Double, y: Double)] = (0..<400).map { number in
    let (angle, radius) = (Double(number) * 2.399_963, Double(number).squareRoot())
    return (radius * cos(angle), radius * sin(angle))
  }
}
