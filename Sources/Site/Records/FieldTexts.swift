import Federation
import Markup
import Records
import Store
import WebSupport

/// The values of fields as people read them, from what the fields print: labels for codes, names for references, French dates.
struct FieldTexts: Sendable {
  private let inputs: [String: FieldInput]
  private let layouts: [String: RecordFormBuilder.Layout]
  private let lists: ReferenceLists
  /// By the kind of record, then by reference.
  private let names: [String: [String: String]]

  /// - Parameter texts: what will be asked for, so that the names in it are read at once.
  init(
    _ kind: some RecordKind, _ layouts: [RecordFormBuilder.Layout], naming texts: [(String, String)], _ lists: ReferenceLists,
    _ connection: any Connection
  ) throws {
    let inputs = Dictionary(uniqueKeysWithValues: kind.fields.map { ($0.name, $0.input) })
    var references: [String: Set<String>] = [:]
    for (field, text) in texts {
      if let named = inputs[field]?.namedKind { references[named, default: []].formUnion(text.parts) }
    }
    var names: [String: [String: String]] = [:]
    for (named, references) in references {
      names[named] = try Naming(rawValue: named)?.names(of: references.sorted(), connection).mapValues(\.name)
    }
    self.inputs = inputs
    self.layouts = Dictionary(layouts.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    self.lists = lists
    self.names = names
  }

  func callAsFunction(_ field: String, _ text: String) -> String {
    guard !text.isEmpty else { return layouts[field]?.empty ?? French.unknown }
    switch inputs[field] {
    case .choice(let list, let other?) where !lists.values(of: list).contains { $0.code == text }: return lists.label(of: text, in: other)
    case .choice(let list, _), .choices(let list): return text.parts.map { lists.label(of: $0, in: list) }.joined(separator: ", ")
    case .record(let kind), .records(let kind): return text.parts.map { names[kind]?[$0] ?? $0 }.joined(separator: ", ")
    case .date: return (try? CivilDate.reading(text)).map { French.day($0.description) } ?? text
    case .number: return number(text, field)
    case .yesNo: return text.prefix(1).uppercased() + text.dropFirst()
    case .line, .paragraph: return text
    // What no field of a form prints: states with their days, files.
    case nil: return French.withDays(text.parts.joined(separator: ", "))
    }
  }

  private func number(_ text: String, _ field: String) -> String {
    let unit = layouts[field]?.unit
    guard let number = Int(text) else { return text }
    if number == 0, let zero = layouts[field]?.zero { return zero }
    return unit == "min" ? French.minutes(number) : French.number(number) + (unit.map { "\u{A0}\($0)" } ?? "")
  }
}

extension FieldInput {
  /// The kind of record that it names.
  var namedKind: String? {
    switch self {
    case .record(let kind), .records(let kind): kind
    default: nil
    }
  }
}

extension String {
  fileprivate var parts: [String] { split(separator: "|").map(String.init) }
}
