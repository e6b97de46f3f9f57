import Foundation

/// A draft's content, property by property: what images keep and compare.
enum JSONValue: Equatable, Sendable, Codable {
  case null
  case bool(Bool)
  case int(Int)
  case real(Double)
  case text(String)
  case list([JSONValue])
  case object([String: JSONValue])

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .bool(value)
    } else if let value = try? container.decode(Int.self) {
      self = .int(value)
    } else if let value = try? container.decode(Double.self) {
      self = .real(value)
    } else if let value = try? container.decode(String.self) {
      self = .text(value)
    } else if let value = try? container.decode([JSONValue].self) {
      self = .list(value)
    } else {
      self = .object(try container.decode([String: JSONValue].self))
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .null: try container.encodeNil()
    case .bool(let value): try container.encode(value)
    case .int(let value): try container.encode(value)
    case .real(let value): try container.encode(value)
    case .text(let value): try container.encode(value)
    case .list(let values): try container.encode(values)
    case .object(let values): try container.encode(values)
    }
  }
}

/// The properties of a draft by name; one that is `nil` is absent.
typealias Properties = [String: JSONValue]

extension [String: JSONValue] {
  init(of draft: some Encodable) throws {
    self = try JSONDecoder().decode(Self.self, from: JSONEncoder().encode(draft))
  }

  func draft<Draft: Decodable>(_ type: Draft.Type = Draft.self) throws -> Draft {
    try JSONDecoder().decode(type, from: JSONEncoder().encode(self))
  }
}

/// What one operation changed in one record: its properties before and after, changed ones only.
struct Change: Equatable, Sendable, Codable {
  private(set) var before: Properties = [:]
  private(set) var after: Properties = [:]

  init() {}

  init(from old: Properties, to new: Properties) {
    for name in Set(old.keys).union(new.keys) where old[name] != new[name] {
      before[name] = old[name] ?? .null
      after[name] = new[name] ?? .null
    }
  }

  /// The properties as they were before this change.
  func undone(in properties: Properties) -> Properties {
    properties.merging(before) { _, before in before }.filter { $0.value != .null }
  }

  /// Whether the properties are still those that this change gave.
  func holds(in properties: Properties) -> Bool {
    after.allSatisfy { (properties[$0.key] ?? .null) == $0.value }
  }

  /// Whether the properties are those that this change found: it has been taken back.
  func isUndone(in properties: Properties) -> Bool {
    before.allSatisfy { (properties[$0.key] ?? .null) == $0.value }
  }

  func without(_ names: [String]) -> Change {
    var copy = self
    for name in names { (copy.before[name], copy.after[name]) = (nil, nil) }
    return copy
  }

  /// A file joined or taken off, which no draft holds.
  var files: [FieldChange] {
    func name(_ properties: Properties) -> String { if case .text(let name) = properties[Attachments.property] { name } else { "" } }
    let (old, new) = (name(before), name(after))
    return old == new ? [] : [FieldChange(name: Attachments.property, label: "Pièce jointe", before: old, after: new)]
  }

  init(text: String) throws {
    self = try JSONDecoder().decode(Change.self, from: Data(text.utf8))
  }

  func text() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    return String(decoding: try encoder.encode(self), as: UTF8.self)
  }
}
