import Foundation
import HTTPTypes
import Hummingbird

/// What a form with files sent: its fields, and the files.
public struct UploadedForm: Sendable {
  public struct File: Sendable {
    /// As the browser gave it: anything.
    public let name: String
    public let bytes: [UInt8]
  }

  public let items: FormItems
  public let files: [File]

  /// The first one; `nil` when none was chosen.
  public var file: File? { files.first }
}

/// The files are larger than may be sent.
public struct UploadTooLarge: Error {}

extension Request {
  /// Reads `multipart/form-data` (RFC 7578) as it arrives: a file is held once, and what is too large is refused before it is read.
  ///
  /// - Parameters:
  ///   - limit: of all files together, in bytes.
  ///   - files: how many are taken; others are passed over.
  ///   - accept: judges the fields that come before the file, before any of the file is kept.
  /// - Throws: `UploadTooLarge`; `HTTPError` 400 for what is no such form.
  public func upload(limit: Int, files: Int = 1, accept: (FormItems) throws -> Void) async throws -> UploadedForm {
    guard let boundary = headers[.contentType].flatMap(MultipartParser.boundary) else { throw HTTPError(.badRequest) }
    let announced = headers[.contentLength].flatMap { Int($0) } ?? 0
    guard announced <= limit + MultipartParser.fieldLimit else { throw UploadTooLarge() }
    var parser = MultipartParser(boundary: boundary, fileLimit: limit, mostFiles: files, announced: announced)
    var isAccepted = false
    for try await buffer in body {
      try buffer.withUnsafeReadableBytes { try parser.read($0) }
      if parser.hasFile, !isAccepted {
        try accept(parser.items)
        isAccepted = true
      }
    }
    guard parser.isComplete else { throw HTTPError(.badRequest) }
    if !isAccepted { try accept(parser.items) }
    return UploadedForm(items: parser.items, files: parser.files)
  }
}

/// The parts of a multipart body, from pieces cut anywhere.
struct MultipartParser {
  private enum State {
    /// Before the first part, or in one that is passed over.
    case skipping
    case headers
    case field(String)
    case file(String)
    case done
  }

  /// Of all fields together, with the lines around them.
  static let fieldLimit = 1_000_000
  private static let headerLimit = 16_384
  private static let partLimit = 1_000

  private let delimiter: [UInt8]
  private let fileLimit: Int
  private let mostFiles: Int
  private var state = State.skipping
  /// What has come and is not understood yet.
  private var rest: [UInt8] = [13, 10]
  private var value: [UInt8] = []
  private var fields: [(name: String, value: String)] = []
  private var fieldBytes = 0
  private var parts = 0
  /// Of the file that is being read.
  private var fileName = ""
  private var fileBytes: [UInt8] = []
  private var begunFiles = 0
  private var keptBytes = 0
  /// Those that have come whole: not the field of a file that was left empty.
  private(set) var files: [UploadedForm.File] = []

  /// - Parameter announced: how long the whole body is said to be; 0 when nobody said.
  init(boundary: String, fileLimit: Int, mostFiles: Int = 1, announced: Int = 0) {
    delimiter = Array("\r\n--\(boundary)".utf8)
    self.fileLimit = fileLimit
    self.mostFiles = mostFiles
    // A single file grows to its size at once, rather than by copies of itself.
    if mostFiles == 1 { fileBytes.reserveCapacity(min(announced, fileLimit)) }
  }

  /// `multipart/form-data; boundary=…`
  static func boundary(of contentType: String) -> String? {
    guard contentType.lowercased().hasPrefix("multipart/form-data") else { return nil }
    let boundary = parameters(of: contentType)["boundary"] ?? ""
    return (1...70).contains(boundary.utf8.count) ? boundary : nil
  }

  var items: FormItems { FormItems(items: fields) }
  /// A file has begun.
  var hasFile: Bool { begunFiles > 0 }
  var isComplete: Bool { if case .done = state { true } else { false } }

  var file: UploadedForm.File? { files.first }

  mutating func read(_ piece: UnsafeRawBufferPointer) throws {
    if case .done = state { return }
    rest.append(contentsOf: piece)
    while try step() {}
  }

  /// - Returns: whether there may be more to understand.
  private mutating func step() throws -> Bool {
    switch state {
    case .done: return false
    case .headers: return try readHeaders()
    case .skipping, .field, .file:
      guard let start = position(of: delimiter) else {
        // The end of what has come may be the beginning of a delimiter.
        let safe = max(0, rest.count - delimiter.count - 1)
        try take(safe)
        rest.removeFirst(safe)
        return false
      }
      guard rest.count >= start + delimiter.count + 2 else { return false }
      try take(start)
      try endPart()
      let next = start + delimiter.count
      state = rest[next] == UInt8(ascii: "-") && rest[next + 1] == UInt8(ascii: "-") ? .done : .headers
      rest.removeFirst(next)
      return true
    }
  }

  /// Takes the first bytes of the rest as content.
  private mutating func take(_ count: Int) throws {
    switch state {
    case .field:
      fieldBytes += count
      guard fieldBytes <= Self.fieldLimit else { throw HTTPError(.contentTooLarge) }
      value += rest[..<count]
    case .file:
      guard keptBytes + fileBytes.count + count <= fileLimit else { throw UploadTooLarge() }
      fileBytes += rest[..<count]
    case .skipping, .headers, .done: break
    }
  }

  private mutating func endPart() throws {
    switch state {
    case .field(let name): fields.append((name, String(decoding: value, as: UTF8.self)))
    case .file where !fileName.isEmpty || !fileBytes.isEmpty:
      files.append(UploadedForm.File(name: fileName, bytes: fileBytes))
      keptBytes += fileBytes.count
      fileBytes = []
    default: break
    }
    value = []
    parts += 1
    guard parts <= Self.partLimit else { throw HTTPError(.badRequest) }
  }

  private mutating func readHeaders() throws -> Bool {
    guard let end = position(of: Array("\r\n\r\n".utf8)) else {
      guard rest.count <= Self.headerLimit else { throw HTTPError(.badRequest) }
      return false
    }
    let lines = String(decoding: rest[..<end], as: UTF8.self).components(separatedBy: "\r\n")
    rest.removeFirst(end + 4)
    let disposition = lines.first { $0.lowercased().hasPrefix("content-disposition:") } ?? ""
    let parameters = Self.parameters(of: disposition)
    guard let name = parameters["name"] else { throw HTTPError(.badRequest) }
    if let file = parameters["filename"] {
      // Of more files than are taken, the first ones.
      state = begunFiles < mostFiles ? .file(name) : .skipping
      if begunFiles < mostFiles { fileName = file }
      begunFiles += 1
    } else {
      state = .field(name)
    }
    return true
  }

  private func position(of pattern: [UInt8]) -> Int? {
    rest.withUnsafeBufferPointer { bytes in
      let last = bytes.count - pattern.count
      var index = 0
      while index <= last {
        guard let found = bytes[index...last].firstIndex(of: pattern[0]) else { return nil }
        if pattern.indices.allSatisfy({ bytes[found + $0] == pattern[$0] }) { return found }
        index = found + 1
      }
      return nil
    }
  }

  /// `; name="a"; filename="b"`: browsers write `%22` for a quote in a name, older ones a backslash before it.
  private static func parameters(of line: String) -> [String: String] {
    var parameters: [String: String] = [:]
    for match in line.matches(of: /;\s*([A-Za-z*]+)=(?:"((?:[^"\\]|\\.)*)"|([^;\s]*))/) {
      let quoted = match.2.map { String($0).replacing("\\\"", with: "\"").replacing("%22", with: "\"") }
      parameters[match.1.lowercased()] = quoted ?? match.3.map(String.init) ?? ""
    }
    return parameters
  }
}
