import Foundation
import Records
import Store

/// The list of who was erased, beside the database and its archives: whoever restores an archive of before has them forgotten again.
///
/// It holds identifiers, never a name. One line an erasure; several programs may write it, each adds what it knows.
public struct ErasureList: Sendable {
  public let file: URL

  public init(_ file: URL) {
    self.file = file
  }

  /// Nothing while there is no such file.
  /// - Throws: `Refusal` for a line that is none of ours: half a list would forget half of the people.
  public func read() throws -> [Erasure] {
    guard FileManager.default.fileExists(atPath: file.path) else { return [] }
    return try String(decoding: Data(contentsOf: file), as: UTF8.self).split(separator: "\n").enumerated().map { index, line in
      guard let erasure = Erasure(line: line) else {
        throw Refusal("La liste des effacements « \(file.path) » est abîmée à la ligne \(index + 1)\u{A0}: retrouvez-en une copie.")
      }
      return erasure
    }
  }

  /// Adds those that are not there yet.
  /// - Throws: `FileError`, `Refusal`.
  public func keep(_ erasures: [Erasure]) throws {
    let known = try read()
    let new = erasures.filter { erasure in !known.contains { $0.kind == erasure.kind && $0.record == erasure.record } }
    guard !new.isEmpty else { return }
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    let lines = try (known + new).map { try $0.line() + "\n" }
    _ = try WholeFile.write(to: file) { try $0.write(Data(lines.joined().utf8)) }
  }
}
