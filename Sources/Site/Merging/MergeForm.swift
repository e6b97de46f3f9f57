import Federation
import HTTPTypes
import Hummingbird
import Records
import Store
import WebSupport

/// Two records, which of them is kept, and whose value each field takes: what the addresses and forms of a merge carry.
struct MergeForm: Sendable {
  let first: Int64
  let second: Int64
  let keepsFirst: Bool
  /// By field: that of `a`, of `b`, or both.
  private let picks: [String: String]

  static let both = "deux"
  private static let prefix = "c_"

  /// - Throws: `HTTPError` when no two records are meant.
  init(_ items: [(name: String, value: String)]) throws {
    func item(_ name: String) -> String? { items.last { $0.name == name }?.value }
    guard let a = item("a").flatMap({ Identifier<Site>($0) }), let b = item("b").flatMap({ Identifier<Site>($0) }) else {
      throw HTTPError(.notFound)
    }
    (first, second) = (a.rawValue, b.rawValue)
    keepsFirst = item("garder") != "b"
    let picked = items.filter { $0.name.hasPrefix(Self.prefix) && ["a", "b", Self.both].contains($0.value) }
    picks = Dictionary(picked.map { (String($0.name.dropFirst(Self.prefix.count)), $0.value) }, uniquingKeysWith: { _, last in last })
  }

  var kept: Int64 { keepsFirst ? first : second }
  var merged: Int64 { keepsFirst ? second : first }

  var choices: [String: MergeChoice] {
    picks.mapValues { pick in
      switch pick {
      case Self.both: .both
      default: (pick == "a") == keepsFirst ? .kept : .merged
      }
    }
  }

  static func name(_ field: String) -> String { prefix + field }

  /// The word of a choice, by the side that it takes.
  func pick(_ choice: MergeChoice) -> String {
    switch choice {
    case .both: Self.both
    case .kept: keepsFirst ? "a" : "b"
    case .merged: keepsFirst ? "b" : "a"
    }
  }

  /// What the next step sends again.
  var items: [(name: String, value: String)] {
    [
      ("a", Identifier<Site>(rawValue: first).description), ("b", Identifier<Site>(rawValue: second).description),
      ("garder", keepsFirst ? "a" : "b"),
    ] + picks.sorted { $0.key < $1.key }.map { (Self.prefix + $0.key, $0.value) }
  }
}
