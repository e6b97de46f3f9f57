import Crypto
import Foundation

/// A row as a JSON array. Booleans are 0 and 1, for SQLite knows no others; bytes are base 64. The columns say what is what.
enum ArchiveRow {
  static func line(_ values: [SQLValue]) throws -> Data {
    let items: [Any] = values.map { value in
      switch value {
      case .null: NSNull()
      case .bool(let flag): flag ? 1 : 0
      case .int(let number): number
      case .real(let number): number
      case .text(let text): text
      case .blob(let bytes): Data(bytes).base64EncodedString()
      }
    }
    return try JSONSerialization.data(withJSONObject: items, options: .withoutEscapingSlashes)
  }

  /// - Throws: `ArchiveError.damaged` when the row does not fit its columns.
  static func values(_ line: Data, _ kinds: [Schema.Kind]) throws -> [SQLValue] {
    guard let items = try? JSONSerialization.jsonObject(with: line) as? [Any], items.count == kinds.count else {
      throw ArchiveError.damaged
    }
    return try zip(items, kinds).map { item, kind in
      if item is NSNull { return .null }
      switch (kind, item) {
      case (.text, let text as String): return .text(text)
      case (.blob, let text as String): return .blob(Array(Data(base64Encoded: text) ?? Data()))
      case (.integer, let number as NSNumber): return .int(number.int64Value)
      case (.bool, let number as NSNumber): return .bool(number.int64Value != 0)
      case (.real, let number as NSNumber): return .real(number.doubleValue)
      default: throw ArchiveError.damaged
      }
    }
  }
}

/// Writes one JSON value a line and keeps the digest of what it wrote.
struct LineWriter {
  private let sink: FileSink
  private let encoder = JSONEncoder()
  private var hash = SHA256()
  private var buffer = Data()
  var rows = 0

  init(_ sink: FileSink) {
    self.sink = sink
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  }

  mutating func write(_ value: some Encodable) throws {
    try write(line: try encoder.encode(value))
  }

  mutating func write(line: Data) throws {
    var line = line
    line.append(10)
    hash.update(data: line)
    buffer.append(line)
    if buffer.count > 1 << 20 { try flush() }
  }

  mutating func flush() throws {
    try sink.write(buffer)
    buffer.removeAll(keepingCapacity: true)
  }

  var digest: String { hash.finalize().hexadecimal }
}

/// The lines of a file, read piece by piece.
struct ArchiveLines: Sendable {
  private let file: URL

  init(_ file: URL) throws {
    var status = stat()
    // Opening a pipe would wait for somebody to write into it.
    guard stat(file.path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { throw ArchiveError.notAFile }
    guard FileManager.default.isReadableFile(atPath: file.path) else { throw ArchiveError.notAnArchive }
    self.file = file
  }

  var first: Data? {
    var first: Data?
    try? forEach(from: 0) { line in
      first = line
      return false
    }
    return first
  }

  func forEach(_ body: (Data) throws -> Void) throws {
    try forEach(from: 0) { line in
      try body(line)
      return true
    }
  }

  /// With where in the file the next line begins.
  func forEachWithOffset(_ body: (Data, UInt64) throws -> Void) throws {
    var next: UInt64 = 0
    try forEach { line in
      next += UInt64(line.count) + 1
      try body(line, next)
    }
  }

  /// Until `body` says no.
  func forEach(from position: UInt64, _ body: (Data) throws -> Bool) throws {
    let handle = try FileHandle(forReadingFrom: file)
    defer { try? handle.close() }
    try handle.seek(toOffset: position)
    var rest = Data()
    while let piece = try handle.read(upToCount: 1 << 20), !piece.isEmpty {
      rest.append(piece)
      var start = rest.startIndex
      while let end = rest[start...].firstIndex(of: 10) {
        guard try body(Data(rest[start..<end])) else { return }
        start = end + 1
      }
      rest = Data(rest[start...])
    }
    if !rest.isEmpty { _ = try body(rest) }
  }
}
