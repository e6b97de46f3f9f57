import Foundation
import Markup

/// Départements with one number each, as an accessible figure: the more, the darker. The table under it holds the same numbers.
public struct DepartmentMap: Chart {
  /// Where a place lies, in degrees.
  public struct Position: Sendable, Hashable {
    public var longitude: Double
    public var latitude: Double

    public init(longitude: Double, latitude: Double) {
      self.longitude = longitude
      self.latitude = latitude
    }
  }

  public struct Department: Sendable {
    public var code: String
    public var name: String
    /// Closed lines; islands have one of their own.
    public var outline: [[Position]]
    public var value: ChartValue

    public init(_ code: String, _ name: String, outline: [[Position]], _ value: ChartValue) {
      self.code = code
      self.name = name
      self.outline = outline
      self.value = value
    }
  }

  public var title: String
  /// What is counted: « Structures ».
  public var valueTitle: String
  public var departments: [Department]

  public init(_ title: String, valueTitle: String, departments: [Department]) {
    self.title = title
    self.valueTitle = valueTitle
    self.departments = departments
  }

  public var html: HTML { figure.html }
  public var image: ChartImage { ChartImage(figure) }

  private var figure: ChartFigure {
    let plane = MapPlane(drawn.flatMap(\.outline).joined())
    return ChartFigure(
      title: title, description: "Chaque département est d’autant plus foncé que son nombre est grand.", width: plane.width,
      height: plane.height, summary: summary, hasLinks: drawn.contains { $0.value.link != nil },
      drawing: drawn.map { shape($0, plane) } + drawn.map { number($0, plane) }, header: ["Département", valueTitle],
      rows: departments.map(row), drawingClass: "geo")
  }

  /// The outlines overseas are too far away to be seen beside others; their numbers stand in the table.
  private var drawn: [Department] {
    let home = departments.filter { $0.code.utf8.count == 2 }
    return (home.isEmpty ? departments : home).filter { !$0.outline.isEmpty }
  }

  private var summary: String {
    departments.map { "\($0.name)\u{00A0}: \($0.value.spoken)" }.joined(separator: "\u{202F}; ")
  }

  private func shape(_ department: Department, _ plane: MapPlane) -> HTML {
    let largest = max(1, drawn.map(\.value.height).max() ?? 1)
    let shade = 10 + Int(department.value.height / largest * 60)
    let path: HTML = """
      <path d="\(plane.path(department.outline))" fill-opacity="0.\(shade)"/>
      """
    return """
      \(department.value.shape(path, named: "\(department.name)\u{00A0}: \(department.value.spoken)"))

      """
  }

  private func number(_ department: Department, _ plane: MapPlane) -> HTML {
    let middle = plane.middle(department.outline)
    return """
      <text aria-hidden="true" x="\(ChartNumber.coordinate(middle.x))" y="\(ChartNumber.coordinate(middle.y + 4))">\(department.value.text)</text>

      """
  }

  private func row(_ department: Department) -> HTML {
    """
    <tr><th scope="row">\(department.name)</th>\(department.value.cell)</tr>

    """
  }
}

/// Degrees onto a drawing of some width: at this latitude a degree of longitude is shorter than one of latitude, by its cosine.
///
/// Points are rounded to the unit and those that fall on the one before are left out, so that a border drawn twice stays one line.
struct MapPlane {
  let width: Double
  let height: Double
  private let west: Double
  private let north: Double
  private let scale: Double
  private let narrowing: Double

  init(_ positions: some Sequence<DepartmentMap.Position>, width: Double = 400) {
    self.width = width
    var (west, east, south, north) = (180.0, -180.0, 90.0, -90.0)
    for position in positions {
      (west, east) = (min(west, position.longitude), max(east, position.longitude))
      (south, north) = (min(south, position.latitude), max(north, position.latitude))
    }
    let isEmpty = west > east
    self.west = isEmpty ? 0 : west
    self.north = isEmpty ? 0 : north
    narrowing = cos((south + north) / 2 * .pi / 180)
    let across = isEmpty ? 1 : max(0.01, (east - west) * narrowing)
    let down = isEmpty ? 0.5 : max(0.01, north - south)
    // A margin for the lines; a country higher than wide keeps to a square.
    scale = (width - 8) / max(across, down)
    height = (down * scale + 8).rounded(.up)
  }

  func point(_ position: DepartmentMap.Position) -> (x: Double, y: Double) {
    ((position.longitude - west) * narrowing * scale + 4, (north - position.latitude) * scale + 4)
  }

  func path(_ outline: [[DepartmentMap.Position]]) -> String {
    outline.map { line in
      var points: [String] = []
      for position in line {
        let (x, y) = point(position)
        let text = "\(Int(x.rounded())),\(Int(y.rounded()))"
        if points.last != text { points.append(text) }
      }
      // What is closed again is drawn so; an island smaller than a point is not seen.
      if points.count > 1, points.first == points.last { points.removeLast() }
      return points.count > 2 ? "M\(points.joined(separator: " "))z" : ""
    }.joined()
  }

  /// The middle of the largest part's surface, where its number stands.
  func middle(_ outline: [[DepartmentMap.Position]]) -> (x: Double, y: Double) {
    let middles = outline.map(surface)
    guard let largest = middles.max(by: { $0.area < $1.area }), largest.area > 0 else {
      return outline.first?.first.map(point) ?? (0, 0)
    }
    return (largest.x, largest.y)
  }

  private func surface(_ line: [DepartmentMap.Position]) -> (area: Double, x: Double, y: Double) {
    let points = line.map(point)
    var (area, x, y) = (0.0, 0.0, 0.0)
    for (from, to) in zip(points, points.dropFirst() + points.prefix(1)) {
      let cross = from.x * to.y - to.x * from.y
      area += cross / 2
      x += (from.x + to.x) * cross / 6
      y += (from.y + to.y) * cross / 6
    }
    return area == 0 ? (0, 0, 0) : (abs(area), x / area, y / area)
  }
}
