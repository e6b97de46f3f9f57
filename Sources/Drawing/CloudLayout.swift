import Foundation

/// Where the words of a cloud stand: each in turn as near to the middle as those before it leave room. The same words always stand alike.
struct CloudLayout {
  struct Place {
    /// Its middle.
    let x: Double
    let y: Double
    let width: Double
    let height: Double
    /// Of its letters.
    let size: Double

    var baseline: Double { y + size * 0.35 }

    func touches(_ other: Place) -> Bool {
      abs(x - other.x) < (width + other.width) / 2 && abs(y - other.y) < (height + other.height) / 2
    }

    fileprivate func moved(x: Double, y: Double) -> Place {
      Place(x: self.x + x, y: self.y + y, width: width, height: height, size: size)
    }
  }

  static let width = 480.0
  /// Of the text before it is enlarged.
  static let letters = 12.0
  private static let largest = 44.0
  /// What can still be read on a small screen.
  private static let smallest = 13.0
  private static let margin = 4.0

  let places: [Place]
  let height: Double

  /// - Parameter words: the largest first, all above zero.
  init(_ words: [(text: String, amount: Double)]) {
    let most = words.first?.amount ?? 1
    // The surface grows with the number: each side by its root.
    let measured = words.map { (letters: max(0.5, LetterWidth.of($0.text)), share: ($0.amount / most).squareRoot()) }
    let room = Self.width - 2 * Self.margin
    let scale = measured.map { room / ($0.letters * $0.share) }.min().map { min(Self.largest, $0) } ?? Self.largest
    var placed: [Place] = []
    for word in measured {
      let size = min(max(Self.smallest, scale * word.share), room / word.letters)
      placed.append(Self.place(width: size * word.letters + 2 * Self.margin, height: size * 1.2 + Self.margin, size: size, among: placed))
    }
    let top = placed.map { $0.y - $0.height / 2 }.min() ?? 0
    let bottom = placed.map { $0.y + $0.height / 2 }.max() ?? 60
    places = placed.map { $0.moved(x: Self.width / 2, y: -top) }
    height = (bottom - top).rounded(.up)
  }

  /// Along a spiral, wider than it is high and kept inside the frame, to the first place that is free: downwards there is always one.
  private static func place(width: Double, height: Double, size: Double, among placed: [Place]) -> Place {
    let aside = max(0, (Self.width - width) / 2)
    var angle = 0.0
    while true {
      let x = min(max(2 * angle * cos(angle), -aside), aside)
      let place = Place(x: x, y: 1.2 * angle * sin(angle), width: width, height: height, size: size)
      if !placed.contains(where: place.touches) { return place }
      angle += 0.3
    }
  }
}
