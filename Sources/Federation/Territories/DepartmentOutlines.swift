import Foundation
import Records
import Store
import Synchronization

/// The outlines of France's départements, read from the project's own open data file when a map is first drawn.
public final class DepartmentOutlines: Sendable {
  public struct Outline: Sendable {
    public let code: String
    public let name: String
    /// Closed lines of (longitude, latitude).
    public let lines: [[(longitude: Double, latitude: Double)]]
  }

  private let folder: URL
  private let known = Mutex<[String: Outline]?>(nil)

  /// - Parameter folder: where `departements.geojson` is.
  init(folder: URL) {
    self.folder = folder
  }

  /// By code; nothing when the file is not there, for a page is worth reading without its map.
  public func all() -> [String: Outline] {
    known.withLock { known in
      if let known { return known }
      let read = Self.read(folder.appending(path: "departements.geojson"))
      known = read
      return read
    }
  }

  private static func read(_ file: URL) -> [String: Outline] {
    guard let data = try? Data(contentsOf: file), let collection = try? JSONDecoder().decode(Collection.self, from: data) else {
      return [:]
    }
    let outlines = collection.features.map { feature -> Outline in
      let lines = feature.geometry.polygons.compactMap(\.first)
      return Outline(
        code: feature.properties.code, name: feature.properties.nom,
        lines: lines.map { line in line.filter { $0.count > 1 }.map { (longitude: $0[0], latitude: $0[1]) } })
    }
    return Dictionary(outlines.map { ($0.code, $0) }, uniquingKeysWith: { first, _ in first })
  }

  private struct Collection: Decodable {
    struct Feature: Decodable {
      struct Properties: Decodable {
        let code: String
        let nom: String
      }

      let properties: Properties
      let geometry: Geometry
    }

    let features: [Feature]
  }

  /// A polygon is its outer line and its holes, which are other départements' own land at this scale.
  private struct Geometry: Decodable {
    let polygons: [[[[Double]]]]

    private enum Key: String, CodingKey {
      case type, coordinates
    }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Key.self)
      polygons =
        try container.decode(String.self, forKey: .type) == "Polygon"
        ? [container.decode([[[Double]]].self, forKey: .coordinates)]
        : container.decode([[[[Double]]]].self, forKey: .coordinates)
    }
  }
}

extension Geography {
  public var outlines: DepartmentOutlines { DepartmentOutlines(folder: folder) }
}
