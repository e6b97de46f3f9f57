import Crypto
import Foundation
import Store

/// What a file would do, line by line, in one digest: the preview that somebody accepts is the one that is written, or none is.
struct PlanDigest {
  private var hash = SHA256()

  /// - Parameter details: in texts that mean the same to whoever reads them, never identifiers made on the way.
  mutating func add(_ line: Int, _ verdict: String, _ details: [String] = []) {
    hash.update(data: Data(([String(line), verdict] + details).joined(separator: "\u{1F}").utf8))
    hash.update(data: Data([10]))
  }

  mutating func add(_ line: Int, _ verdict: String, _ changes: [FieldChange]) {
    add(line, verdict, changes.flatMap { [$0.label, $0.before, $0.after] })
  }

  var text: String { hash.finalize().hexadecimal }
}
