import CZlib
import Foundation

/// The entries of a ZIP file, as far as spreadsheets need it: stored or deflated, everything in one file below 4 GB.
///
/// Written here because an upload is hostile until shown otherwise: every size is checked before memory is taken
/// for it, and nothing is ever written to disk.
struct ZIPArchive {
  static let entryLimit = 10_000
  /// Of all entries together.
  static let sizeLimit = 400 << 20
  /// Above this size an entry may not inflate to more than `ratioLimit` times what it takes in the file.
  static let ratioFreeSize = 10 << 20
  static let ratioLimit = 200

  private struct Entry {
    let isDeflated: Bool
    let checksum: Int
    let packedSize: Int
    let size: Int
    let start: Int
  }

  private let bytes: [UInt8]
  /// By lower-cased name: in a workbook, names that differ by case are the same part.
  private let entries: [String: Entry]

  /// - Throws: `TableError`.
  init(_ bytes: [UInt8]) throws {
    self.bytes = bytes
    let end = try Self.endRecord(in: bytes)
    let count = try bytes.uint16(at: end + 10)
    let start = try bytes.uint32(at: end + 16)
    guard count < 0xFFFF, start < 0xFFFF_FFFF else { throw TableError.zip64 }
    let isWhole = try bytes.uint16(at: end + 4) == 0 && bytes.uint16(at: end + 6) == 0 && bytes.uint16(at: end + 8) == count
    guard isWhole, start <= end else { throw TableError.damaged }
    guard count <= Self.entryLimit else { throw TableError.tooManyEntries }
    entries = try Self.entries(in: bytes, from: start, to: end, count: count)
  }

  func contains(_ name: String) -> Bool { entries[name.lowercased()] != nil }

  /// The content of an entry, `nil` when there is none of that name.
  func data(_ name: String, limit: Int = sizeLimit) throws -> Data? {
    guard let entry = entries[name.lowercased()] else { return nil }
    guard entry.size <= limit else { throw TableError.tooLarge }
    let data = try entry.isDeflated ? inflated(entry) : Data(bytes[entry.start..<entry.start + entry.size])
    let checksum = data.withUnsafeBytes { crc32(0, $0.bindMemory(to: UInt8.self).baseAddress, UInt32($0.count)) }
    guard data.isEmpty || Int(checksum) == entry.checksum else { throw TableError.wrongChecksum }
    return data
  }

  /// The last record of the file; only a comment can follow it.
  private static func endRecord(in bytes: [UInt8]) throws -> Int {
    var position = bytes.count - 22
    let lowest = max(0, position - 0xFFFF)
    while position >= lowest {
      if try bytes.uint32(at: position) == 0x0605_4B50, try position + 22 + bytes.uint16(at: position + 20) <= bytes.count {
        return position
      }
      position -= 1
    }
    throw TableError.damaged
  }

  private static func entries(in bytes: [UInt8], from start: Int, to end: Int, count: Int) throws -> [String: Entry] {
    var entries: [String: Entry] = [:]
    var total = 0
    var position = start
    for _ in 0..<count {
      guard try bytes.uint32(at: position) == 0x0201_4B50 else { throw TableError.damaged }
      let nameEnd = try position + 46 + bytes.uint16(at: position + 28)
      guard nameEnd <= end else { throw TableError.damaged }
      let nameBytes = bytes[position + 46..<nameEnd]
      let entry = try entry(at: position, name: nameBytes, in: bytes, before: start)
      total += entry.size
      guard total <= sizeLimit else { throw TableError.tooLarge }
      let name = String(decoding: nameBytes, as: UTF8.self).lowercased()
      guard isSafe(name) else { throw TableError.unsafeName }
      guard entries.updateValue(entry, forKey: name) == nil else { throw TableError.damaged }
      position = try nameEnd + bytes.uint16(at: position + 30) + bytes.uint16(at: position + 32)
    }
    guard position <= end else { throw TableError.damaged }
    return entries
  }

  /// Reads one line of the central directory, which alone is believed; the entry's own header only says where it starts.
  private static func entry(at position: Int, name: ArraySlice<UInt8>, in bytes: [UInt8], before directory: Int) throws -> Entry {
    let flags = try bytes.uint16(at: position + 8)
    let method = try bytes.uint16(at: position + 10)
    let packedSize = try bytes.uint32(at: position + 20)
    let size = try bytes.uint32(at: position + 24)
    let header = try bytes.uint32(at: position + 42)
    guard flags & 0x2041 == 0 else { throw TableError.encrypted }
    guard method == 0 || method == 8 else { throw TableError.unsupportedCompression }
    guard packedSize < 0xFFFF_FFFF, size < 0xFFFF_FFFF, header < 0xFFFF_FFFF else { throw TableError.zip64 }
    guard size <= sizeLimit else { throw TableError.tooLarge }
    guard size <= ratioFreeSize || size <= packedSize * ratioLimit else { throw TableError.suspiciousCompression }
    let nameEnd = header + 30 + name.count
    guard try bytes.uint32(at: header) == 0x0403_4B50, try bytes.uint16(at: header + 26) == name.count, nameEnd <= directory,
      bytes[header + 30..<nameEnd] == name
    else { throw TableError.damaged }
    let start = try nameEnd + bytes.uint16(at: header + 28)
    guard start + packedSize <= directory, method == 8 || packedSize == size else { throw TableError.damaged }
    return Entry(
      isDeflated: method == 8, checksum: try bytes.uint32(at: position + 16), packedSize: packedSize, size: size, start: start)
  }

  /// Nothing is extracted, so no name could do harm; but no spreadsheet writes such names.
  private static func isSafe(_ name: String) -> Bool {
    !name.hasPrefix("/") && !name.utf8.contains(0) && !name.split { $0 == "/" || $0 == "\\" }.contains("..")
  }

  /// Inflates into exactly the size that was announced, never more.
  private func inflated(_ entry: Entry) throws -> Data {
    var stream = z_stream()
    guard inflateInit2_(&stream, -MAX_WBITS, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else { throw TableError.damaged }
    defer { inflateEnd(&stream) }
    // One byte at least: zlib wants somewhere to write even when nothing comes.
    var data = Data(count: max(entry.size, 1))
    let status = bytes.withUnsafeBufferPointer { input in
      data.withUnsafeMutableBytes { output in
        let packed = UnsafeBufferPointer(rebasing: input[entry.start..<entry.start + entry.packedSize])
        stream.next_in = UnsafeMutablePointer(mutating: packed.baseAddress)
        stream.avail_in = UInt32(packed.count)
        stream.next_out = output.bindMemory(to: UInt8.self).baseAddress
        stream.avail_out = UInt32(output.count)
        return inflate(&stream, Z_FINISH)
      }
    }
    guard status == Z_STREAM_END, Int(stream.total_out) == entry.size else { throw TableError.damaged }
    return entry.size == 0 ? Data() : data
  }
}

extension [UInt8] {
  fileprivate func uint16(at position: Int) throws -> Int {
    guard position >= 0, position + 2 <= count else { throw TableError.damaged }
    return Int(self[position]) | Int(self[position + 1]) << 8
  }

  fileprivate func uint32(at position: Int) throws -> Int {
    try uint16(at: position) | uint16(at: position + 2) << 16
  }
}
