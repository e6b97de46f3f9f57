import Drawing
import Markup
import WebSupport

/// What the départements of the map are shaded by (DIR-07).
enum MapGround: String, CaseIterable, Sendable {
  case coverage = "couverture"
  case teams = "equipes"
  case plain = "aucun"

  /// The name in the address.
  static let item = "fond"

  /// The first one is shown when none is asked for.
  static func offered(hasCoverage: Bool) -> [MapGround] { hasCoverage ? [.coverage, .teams, .plain] : [.plain, .teams] }

  var label: String {
    switch self {
    case .coverage: "Population couverte"
    case .teams: "Nombre d’équipes"
    case .plain: "Aucun"
    }
  }

  /// What the legend says of some shades.
  /// - Parameter most: what the darkest stands for, where it is a number.
  func steps(most: Int) -> [(share: Double, label: String)] {
    switch self {
    case .coverage: [(0.2, "jusqu’à 20 %"), (0.5, "50 %"), (0.8, "80 %"), (1, "100 %")]
    case .teams:
      [0.25, 0.5, 1].map { share in (share, Int((Double(most) * share).rounded())) }.filter { $0.1 > 0 }.map { ($0.0, French.number($0.1)) }
    case .plain: []
    }
  }
}

extension StructureMap {
  private static let shapes: [(PointMap.Shape, String)] = [
    (.circle, "MSP"), (.triangle, "ESP, ESP-CLAP"), (.square, "CPTS"), (.diamond, "Centre de santé"),
  ]
  private static let fills: [(PointMap.Fill, String)] = [
    (.full, "sous ACI, en fonctionnement"), (.tinted, "validé, sans ACI"), (.hollow, "en projet"),
  ]

  /// - Parameter most: how many teams the darkest département has.
  static func legends(_ ground: MapGround, most: Int) -> [PointMap.Legend] {
    let steps = ground.steps(most: most)
    let kinds = [
      PointMap.Legend("Type", shapes.map { (.point($0.0, .full), $0.1) }),
      PointMap.Legend("Situation", fills.map { (.point(.circle, $0.0), $0.1) }),
    ]
    return kinds + (steps.isEmpty ? [] : [PointMap.Legend(ground.label, steps.map { (.shade($0.share), French.typeset($0.label)) })])
  }

  /// - Parameter most: how many teams the darkest département has.
  static func legend(_ ground: MapGround, most: Int) -> HTML {
    """
    <div class="cles-carte">\(each: legends(ground, most: most), separator: "\n", \.html)</div>
    """
  }
}
