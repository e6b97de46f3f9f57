/// The squares of a code: its fixed patterns, then the codewords under one of the eight masks.
struct QRMatrix: Sendable {
  private(set) var modules: [[Bool]]
  /// Those that no codeword fills.
  private var isFixed: [[Bool]]
  private let side: Int

  init(_ version: QRVersion, _ codewords: [UInt8], mask: Int) {
    side = version.side
    modules = Array(repeating: Array(repeating: false, count: side), count: side)
    isFixed = modules
    drawPatterns(version)
    drawFormat(mask)
    drawNumber(of: version)
    draw(codewords)
    apply(mask)
  }

  private mutating func fix(_ x: Int, _ y: Int, _ isDark: Bool) {
    modules[y][x] = isDark
    isFixed[y][x] = true
  }

  private mutating func drawPatterns(_ version: QRVersion) {
    for index in 0..<side {
      fix(6, index, index % 2 == 0)
      fix(index, 6, index % 2 == 0)
    }
    for (x, y) in [(3, 3), (side - 4, 3), (3, side - 4)] { drawFinder(x, y) }
    let centres = version.alignment
    for x in centres {
      for y in centres where !isCorner(x, y, centres) {
        for dx in -2...2 { for dy in -2...2 { fix(x + dx, y + dy, max(abs(dx), abs(dy)) != 1) } }
      }
    }
  }

  /// Where a large square stands.
  private func isCorner(_ x: Int, _ y: Int, _ centres: [Int]) -> Bool {
    let ends = (centres.first, centres.last)
    return (x, y) == (ends.0, ends.0) || (x, y) == (ends.0, ends.1) || (x, y) == (ends.1, ends.0)
  }

  private mutating func drawFinder(_ x: Int, _ y: Int) {
    for dx in -4...4 {
      for dy in -4...4 where (0..<side).contains(x + dx) && (0..<side).contains(y + dy) {
        fix(x + dx, y + dy, ![2, 4].contains(max(abs(dx), abs(dy))))
      }
    }
  }

  /// The level of correction, which is M, and the mask, twice.
  private mutating func drawFormat(_ mask: Int) {
    let bits = Self.checked(mask, by: 0x537, 10) ^ 0x5412
    func bit(_ index: Int) -> Bool { bits >> index & 1 == 1 }
    for index in 0...5 { fix(8, index, bit(index)) }
    fix(8, 7, bit(6))
    fix(8, 8, bit(7))
    fix(7, 8, bit(8))
    for index in 9..<15 { fix(14 - index, 8, bit(index)) }
    for index in 0..<8 { fix(side - 1 - index, 8, bit(index)) }
    for index in 8..<15 { fix(8, side - 15 + index, bit(index)) }
    fix(8, side - 8, true)
  }

  private mutating func drawNumber(of version: QRVersion) {
    guard version.number >= 7 else { return }
    let bits = Self.checked(version.number, by: 0x1F25, 12)
    for index in 0..<18 {
      let isDark = bits >> index & 1 == 1
      let (far, near) = (side - 11 + index % 3, index / 3)
      fix(far, near, isDark)
      fix(near, far, isDark)
    }
  }

  /// A number followed by its remainder, so that a reader may correct it.
  private static func checked(_ value: Int, by generator: Int, _ degree: Int) -> Int {
    var rest = value
    for _ in 0..<degree { rest = rest << 1 ^ (rest >> (degree - 1) & 1) * generator }
    return value << degree | rest
  }

  /// In columns of two from the right, up and down in turn; the column of the ticks is left out.
  private mutating func draw(_ codewords: [UInt8]) {
    var index = 0
    for pair in stride(from: side - 1, through: 1, by: -2) {
      let right = pair <= 6 ? pair - 1 : pair
      for step in 0..<side {
        let isUpwards = (right + 1) & 2 == 0
        let y = isUpwards ? side - 1 - step : step
        for x in [right, right - 1] where !isFixed[y][x] && index < 8 * codewords.count {
          modules[y][x] = codewords[index / 8] >> (7 - index % 8) & 1 == 1
          index += 1
        }
      }
    }
  }

  private mutating func apply(_ mask: Int) {
    for y in 0..<side {
      for x in 0..<side where !isFixed[y][x] && Self.inverts(mask, x, y) { modules[y][x].toggle() }
    }
  }

  private static func inverts(_ mask: Int, _ x: Int, _ y: Int) -> Bool {
    switch mask {
    case 0: (x + y) % 2 == 0
    case 1: y % 2 == 0
    case 2: x % 3 == 0
    case 3: (x + y) % 3 == 0
    case 4: (x / 3 + y / 2) % 2 == 0
    case 5: x * y % 2 + x * y % 3 == 0
    case 6: (x * y % 2 + x * y % 3) % 2 == 0
    default: ((x + y) % 2 + x * y % 3) % 2 == 0
    }
  }
}

extension QRMatrix {
  /// How hard the squares are to read: runs, blocks, false finders, too much of one colour.
  var penalty: Int {
    let columns = (0..<side).map { x in modules.map { $0[x] } }
    let lines = modules + columns
    return lines.reduce(0) { $0 + Self.runs($1) + Self.finders($1) } + blocks + balance
  }

  private static func runs(_ line: [Bool]) -> Int {
    var (points, length) = (0, 1)
    for index in 1...line.count {
      if index < line.count, line[index] == line[index - 1] {
        length += 1
      } else {
        if length >= 5 { points += length - 2 }
        length = 1
      }
    }
    return points
  }

  private static let finder = [true, false, true, true, true, false, true]
  private static let patterns = [finder + Array(repeating: false, count: 4), Array(repeating: false, count: 4) + finder]

  private static func finders(_ line: [Bool]) -> Int {
    guard line.count >= 11 else { return 0 }
    return (0...(line.count - 11)).reduce(0) { points, start in
      points + (patterns.contains(Array(line[start..<start + 11])) ? 40 : 0)
    }
  }

  private var blocks: Int {
    var points = 0
    for y in 1..<side {
      for x in 1..<side where Set([modules[y][x], modules[y - 1][x], modules[y][x - 1], modules[y - 1][x - 1]]).count == 1 { points += 3 }
    }
    return points
  }

  private var balance: Int {
    let dark = modules.joined().filter { $0 }.count
    return abs(dark * 20 - side * side * 10) / (side * side) * 10
  }
}
