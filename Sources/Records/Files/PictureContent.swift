/// Takes out of a photo whatever is not the picture: a telephone writes into each of them where, when and with what it was
/// taken, and editors write words, a small copy from before it was cut, and whole other pictures behind it.
enum PictureContent {
  /// - Returns: `nil` for what claims to be a picture and cannot be followed; other files as they are.
  static func alone(_ bytes: [UInt8], _ type: FileType) -> [UInt8]? {
    switch type {
    case .jpeg: jpeg(bytes)
    case .png: png(bytes)
    default: bytes
    }
  }

  private static func jpeg(_ bytes: [UInt8]) -> [UInt8]? {
    var result = Array(bytes.prefix(2))
    var (index, hasImage, hasSide) = (2, false, false)
    while index + 4 <= bytes.count {
      let marker = bytes[index + 1]
      guard bytes[index] == 0xFF else { return nil }
      if marker == 0xFF {
        index += 1
        continue
      }
      if marker == 0xD9 { break }
      let end = index + 2 + (Int(bytes[index + 2]) << 8 | Int(bytes[index + 3]))
      guard marker >= 0xC0, !(0xD0...0xD8).contains(marker), end >= index + 4, end <= bytes.count else { return nil }
      let content = bytes[index + 4..<end]
      if marker == 0xE1, !hasSide, let side = ExifOrientation.read(content) {
        result += ExifOrientation.segment(side)
        hasSide = true
      } else if isShown(marker, content) {
        result += bytes[index..<end]
      }
      index = end
      if marker == 0xDA {
        hasImage = true
        index = self.end(ofScan: bytes, from: index)
        result += bytes[end..<index]
      }
    }
    // One that was cut off shows what there is of it. Nothing behind the end is kept.
    return hasImage ? result + [0xFF, 0xD9] : nil
  }

  /// Of what applications add, the picture needs its form, its colours and how these are written.
  private static func isShown(_ marker: UInt8, _ content: ArraySlice<UInt8>) -> Bool {
    switch marker {
    case 0xE0: content.starts(with: Array("JFIF\0".utf8))
    case 0xE2: content.starts(with: Array("ICC_PROFILE\0".utf8))
    case 0xEE: content.starts(with: Array("Adobe".utf8))
    case 0xE1...0xEF, 0xFE: false
    default: true
    }
  }

  /// Where the image's own data, which has markers of its own, is followed by another part.
  private static func end(ofScan bytes: [UInt8], from start: Int) -> Int {
    bytes.withUnsafeBufferPointer { bytes in
      var index = start
      while index + 1 < bytes.count {
        if bytes[index] == 0xFF, bytes[index + 1] != 0, bytes[index + 1] != 0xFF, !(0xD0...0xD7).contains(bytes[index + 1]) { return index }
        index += 1
      }
      return bytes.count
    }
  }

  /// The parts that show, beside those that every program must know: transparency, colours, size, movement.
  private static let shown: Set = [
    "tRNS", "gAMA", "cHRM", "sRGB", "iCCP", "cICP", "sBIT", "bKGD", "pHYs", "acTL", "fcTL", "fdAT",
  ]

  private static func png(_ bytes: [UInt8]) -> [UInt8]? {
    var result = Array(bytes.prefix(8))
    var (index, hasImage) = (8, false)
    while index + 12 <= bytes.count {
      let end = index + 12 + bytes[index..<index + 4].reduce(0) { $0 << 8 | Int($1) }
      guard end <= bytes.count else { return nil }
      let name = String(decoding: bytes[index + 4..<index + 8], as: UTF8.self)
      guard (index == 8) == (name == "IHDR") else { return nil }
      if name.first?.isUppercase == true || shown.contains(name) { result += bytes[index..<end] }
      if name == "IDAT" { hasImage = true }
      if name == "IEND" { return hasImage ? result : nil }
      index = end
    }
    return nil
  }
}

/// Which side of a photo is up: all that is kept of its Exif part.
enum ExifOrientation {
  private static let beginning = Array("Exif\0\0".utf8)

  /// - Parameter content: of an application's part of a photo.
  /// - Returns: 2…8; `nil` for a photo that stands upright, and for what cannot be followed.
  static func read(_ content: ArraySlice<UInt8>) -> UInt8? {
    guard content.starts(with: beginning) else { return nil }
    let tiff = Array(content.dropFirst(beginning.count))
    let isLittle = tiff.first == UInt8(ascii: "I")
    func number(at index: Int, _ size: Int) -> Int? {
      guard index + size <= tiff.count else { return nil }
      let part = tiff[index..<index + size]
      return (isLittle ? Array(part.reversed()) : Array(part)).reduce(0) { $0 << 8 | Int($1) }
    }
    guard let directory = number(at: 4, 4), let count = number(at: directory, 2) else { return nil }
    for entry in 0..<count {
      let position = directory + 2 + entry * 12
      guard let tag = number(at: position, 2) else { return nil }
      guard tag == 0x0112 else { continue }
      return number(at: position + 8, 2).flatMap { (2...8).contains($0) ? UInt8($0) : nil }
    }
    return nil
  }

  /// A part that says this and nothing else.
  static func segment(_ side: UInt8) -> [UInt8] {
    [0xFF, 0xE1, 0, 34] + beginning + Array("MM".utf8) + [0, 42, 0, 0, 0, 8]
      + [0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, side, 0, 0, 0, 0, 0, 0]
  }
}
