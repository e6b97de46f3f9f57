/// A size of code, at error correction M (ISO/IEC 18004, tables 1, 7, 9 and E.1).
struct QRVersion: Sendable {
  let number: Int
  /// Bytes of correction after each block.
  private let correction: Int
  /// The number of bytes of each block of data.
  private let blocks: [Int]
  /// Where the centres of the small squares lie, on both axes.
  let alignment: [Int]

  var side: Int { 17 + 4 * number }

  private static let all: [QRVersion] = [
    QRVersion(number: 1, correction: 10, blocks: [16], alignment: []),
    QRVersion(number: 2, correction: 16, blocks: [28], alignment: [6, 18]),
    QRVersion(number: 3, correction: 26, blocks: [44], alignment: [6, 22]),
    QRVersion(number: 4, correction: 18, blocks: [32, 32], alignment: [6, 26]),
    QRVersion(number: 5, correction: 24, blocks: [43, 43], alignment: [6, 30]),
    QRVersion(number: 6, correction: 16, blocks: [27, 27, 27, 27], alignment: [6, 34]),
    QRVersion(number: 7, correction: 18, blocks: [31, 31, 31, 31], alignment: [6, 22, 38]),
    QRVersion(number: 8, correction: 22, blocks: [38, 38, 39, 39], alignment: [6, 24, 42]),
    QRVersion(number: 9, correction: 22, blocks: [36, 36, 36, 37, 37], alignment: [6, 26, 46]),
    QRVersion(number: 10, correction: 26, blocks: [43, 43, 43, 43, 44], alignment: [6, 28, 50]),
  ]

  static func smallest(holding count: Int) -> QRVersion? { all.first { $0.header + 8 * count <= 8 * $0.capacity } }

  private var capacity: Int { blocks.reduce(0, +) }

  /// Bits before the text: what it is made of, and its length.
  private var header: Int { 4 + lengthBits }
  private var lengthBits: Int { number < 10 ? 8 : 16 }

  /// The text with its corrections, in the order in which they are drawn.
  func codewords(of bytes: [UInt8]) -> [UInt8] {
    var bits: [Bool] = []
    func append(_ value: Int, _ count: Int) { for bit in (0..<count).reversed() { bits.append(value >> bit & 1 == 1) } }
    append(0b0100, 4)
    append(bytes.count, lengthBits)
    for byte in bytes { append(Int(byte), 8) }
    append(0, min(4, 8 * capacity - bits.count))
    append(0, (8 - bits.count % 8) % 8)
    var data = stride(from: 0, to: bits.count, by: 8).map { start in bits[start..<start + 8].reduce(UInt8(0)) { $0 << 1 | ($1 ? 1 : 0) } }
    while data.count < capacity { data.append(data.count % 2 == (bits.count / 8) % 2 ? 0xEC : 0x11) }
    return interleaved(data)
  }

  private func interleaved(_ data: [UInt8]) -> [UInt8] {
    var (parts, start): ([ArraySlice<UInt8>], Int) = ([], 0)
    for length in blocks {
      parts.append(data[start..<start + length])
      start += length
    }
    let checks = parts.map { ReedSolomon.remainder(of: Array($0), correction) }
    let longest = blocks.max() ?? 0
    let mixed = (0..<longest).flatMap { index in parts.filter { $0.count > index }.map { $0[$0.startIndex + index] } }
    return mixed + (0..<correction).flatMap { index in checks.map { $0[index] } }
  }
}

/// Bytes from which lost ones can be found again, over the field of 256 elements of the polynomial 0x11D.
enum ReedSolomon {
  private static let exponents: [UInt8] = {
    var (powers, value): ([UInt8], Int) = ([], 1)
    for _ in 0..<255 {
      powers.append(UInt8(value))
      value <<= 1
      if value > 255 { value ^= 0x11D }
    }
    return powers
  }()

  private static let logarithms: [UInt8: Int] = Dictionary(uniqueKeysWithValues: exponents.enumerated().map { ($1, $0) })

  private static func product(_ left: UInt8, _ right: UInt8) -> UInt8 {
    guard let first = logarithms[left], let second = logarithms[right] else { return 0 }
    return exponents[(first + second) % 255]
  }

  /// What is left of a message divided by the generator of that degree.
  static func remainder(of message: [UInt8], _ degree: Int) -> [UInt8] {
    // The leading coefficient, which is 1, is left out.
    var generator = Array(repeating: UInt8(0), count: degree - 1) + [1]
    for power in 0..<degree {
      for index in generator.indices {
        generator[index] = product(generator[index], exponents[power]) ^ (index + 1 < degree ? generator[index + 1] : 0)
      }
    }
    var rest = Array(repeating: UInt8(0), count: degree)
    for byte in message {
      let factor = byte ^ rest.removeFirst()
      rest.append(0)
      for index in rest.indices { rest[index] ^= product(generator[index], factor) }
    }
    return rest
  }
}
