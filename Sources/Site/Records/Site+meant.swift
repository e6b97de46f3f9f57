import Federation
import Records
import Store

/// The entries of a form, once what was typed beside the suggestions is understood.
struct MeantEntries: Sendable {
  fileprivate(set) var entries: Entries
  /// By field, which records may be meant: it is told in place of « unknown ».
  fileprivate(set) var doubts: [String: String] = [:]

  /// Why fields were refused, by name.
  func faults(_ faults: [Fault]) -> [String: String] {
    Dictionary(faults.map { ($0.column, doubts[$0.column] ?? $0.reason) }) { $0 == $1 ? $0 : "\($0) ; \($1)" }
  }
}

extension Site {
  /// Teams are named by any part of their name that is theirs alone, as the suggestions under the field show them.
  func meant(_ entries: Entries, of kind: some RecordKind) async throws -> MeantEntries {
    let fields = kind.fields.filter { $0.input.namedKind == Naming.structures.rawValue }.map(\.name).filter {
      !entries[$0, default: ""].isEmpty
    }
    guard !fields.isEmpty else { return MeantEntries(entries: entries) }
    return try await installation.database.read { connection in
      var meant = MeantEntries(entries: entries)
      for field in fields {
        let (texts, doubt) = try Naming.structures.meant(by: entries[field, default: ""].split(separator: "|").map(String.init), connection)
        meant.entries[field] = texts.joined(separator: "|")
        meant.doubts[field] = doubt
      }
      return meant
    }
  }
}
