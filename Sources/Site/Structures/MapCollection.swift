/// A map as GeoJSON (RFC 7946): départements first, then teams, in degrees. The names of properties are French, as all that leaves the house.
struct MapCollection: Encodable, Sendable {
  struct Feature: Encodable, Sendable {
    private let type = "Feature"
    private let geometry: Geometry
    private let properties: Properties

    init(_ geometry: Geometry, _ properties: Properties) {
      self.geometry = geometry
      self.properties = properties
    }
  }

  /// What is not said is left out.
  struct Properties: Encodable, Sendable {
    let nom: String
    let lien: String?
    var code: String?
    /// From 0 to 1, how dark it is.
    var part: Double?
    var valeur: String?
    var phrase: String?
    var type: String?
    var situation: String?
    var commune: String?
    var forme: String?
    var remplissage: String?
  }

  enum Geometry: Encodable, Sendable {
    case point(longitude: Double, latitude: Double)
    /// Closed lines, each a part of its own.
    case area([[(longitude: Double, latitude: Double)]])

    private enum Key: String, CodingKey {
      case type, coordinates
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: Key.self)
      switch self {
      case .point(let longitude, let latitude):
        try container.encode("Point", forKey: .type)
        try container.encode([longitude, latitude], forKey: .coordinates)
      case .area(let lines):
        try container.encode("MultiPolygon", forKey: .type)
        try container.encode(lines.map { [$0.map { [$0.longitude, $0.latitude] }] }, forKey: .coordinates)
      }
    }
  }

  private let type = "FeatureCollection"
  private let features: [Feature]

  init(_ features: [Feature]) {
    self.features = features
  }
}
