import Records
import Store

/// People or organisations ready to be found by what a file gives: a reference, an e-mail address or a name.
struct NameIndex<Subject>: Sendable {
  struct Entry: Sendable {
    let id: Identifier<Subject>
    let reference: String
    let email: String?
    /// The name in the orders in which people write it.
    let names: [String]
  }

  private var references: [Identifier<Subject>: String] = [:]
  /// As people write the name last: what sentences call them.
  private var names: [Identifier<Subject>: String] = [:]
  private var byReference: [String: Identifier<Subject>] = [:]
  private var byName: [String: [Identifier<Subject>]] = [:]
  private let binned: BinnedRecords<Subject>

  init(_ entries: [Entry], binned: BinnedRecords<Subject> = BinnedRecords()) {
    self.binned = binned
    for entry in entries {
      references[entry.id] = entry.reference
      names[entry.id] = entry.names.last
      byReference[entry.reference] = entry.id
      if let email = entry.email { byName[email, default: []].append(entry.id) }
      for name in Set(entry.names.map { Fold.key($0) }) { byName[name, default: []].append(entry.id) }
    }
  }

  /// `nil` when nobody, or more than one, is meant.
  func identifier(_ text: String) -> Identifier<Subject>? {
    if let exact = byReference[text] { return exact }
    if let id = binned.identifier(text) { return id }
    if let offered = text.offeredReference.flatMap({ byReference[$0] }) { return offered }
    let named = byName[Fold.key(text)] ?? []
    return named.count == 1 ? named[0] : nil
  }

  /// Those who bear a name that more than one bears, as forms offer them; nobody when it is one's alone.
  func namesakes(_ text: String) -> [String] {
    let named = byName[Fold.key(text)] ?? []
    return named.count < 2 ? [] : named.map { id in names[id].map { "\($0) (\(reference(of: id)))" } ?? reference(of: id) }.sorted()
  }

  /// As people write it; the reference of a record that is not read.
  func name(of id: Identifier<Subject>) -> String { names[id] ?? reference(of: id) }

  func reference(of id: Identifier<Subject>) -> String { references[id] ?? binned.reference(of: id) }

  /// The reference of the record that took the place of the one that a text names; `nil` when it names none that was merged.
  func successorReference(_ text: String) -> String? {
    byReference[text] == nil ? binned.successor(text).map(reference) : nil
  }
}

extension SearchSource {
  /// Identifiers of the records of a kind that the texts of a form may name, in the bin or not; `nil` when all of them may be meant.
  func named<Subject>(_ texts: [String], _ subject: Subject.Type) -> SQL? {
    let ids = texts.compactMap { Identifier<Subject>($0) }
    return candidates(for: texts + texts.compactMap(\.offeredReference)).map { "\($0) UNION ALL SELECT value FROM \(list: ids) i" }
  }
}

/// Somebody named in a file: a record when one is meant, else the name as it was written.
enum Named<Subject>: Hashable, Comparable, Sendable, Codable {
  case record(Identifier<Subject>)
  case name(String)

  /// The record's number, or one made from the name, so that the same name is the same person in a count.
  var number: Int64 {
    switch self {
    case .record(let id): id.rawValue
    case .name(let name):
      // FNV-1a on the folded name, kept negative: a record's number never is.
      Int64(bitPattern: Fold.key(name).utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 } | 1 << 63)
    }
  }

  static func < (left: Self, right: Self) -> Bool {
    switch (left, right) {
    case (.record(let left), .record(let right)): left < right
    case (.name(let left), .name(let right)): left < right
    case (.record, .name): true
    case (.name, .record): false
    }
  }
}
