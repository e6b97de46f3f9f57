import Federation
import Foundation
import Markup
import Records
import Store
import WebSupport

/// Turns the fields of a record kind into those of a form, and what a form sends back into their texts.
struct RecordFormBuilder {
  /// What a page says of a field beyond its declaration.
  struct Layout: Sendable {
    let name: String
    var label: String?
    var unit: String?
    var isWide = false
    var help: String?
    /// Short choices side by side.
    var isSegmented = false
    /// What stands in lists for no value, when that means something.
    var empty: String?
    /// What 0 means, when it is no count.
    var zero: String?
    /// One value is entered even where the field has several.
    var isSingle = false
    /// It must be given in this form, whatever the field says.
    var isNeeded = false
    /// What may be chosen, where only the page knows: codes with their words.
    var offered: [FormField.Choice] = []
    /// What is offered is ticked, for it is read rather than looked for.
    var isTicked = false

    init(
      _ name: String, label: String? = nil, unit: String? = nil, isWide: Bool = false, help: String? = nil, isSegmented: Bool = false,
      empty: String? = nil, zero: String? = nil
    ) {
      self.name = name
      self.label = label
      self.unit = unit
      self.isWide = isWide
      self.help = help
      self.isSegmented = isSegmented
      self.empty = empty
      self.zero = zero
    }
  }

  let layouts: [Layout]
  let lists: ReferenceLists

  /// - Parameters:
  ///   - faults: why fields were refused, by name.
  ///   - warnings: what to think of, some of it about a field.
  func fields<Kind: RecordKind>(
    _ kind: Kind, _ entries: Entries, faults: [String: String] = [:], warnings: [Warning] = [], _ connection: any Connection
  ) throws -> [FormField] {
    let declared = Dictionary(uniqueKeysWithValues: kind.fields.map { ($0.name, $0) })
    var fields = try layouts.compactMap { layout in
      try declared[layout.name].map { field in
        let text = entries[field.name, default: ""]
        let (control, value) = try control(layout.isSingle ? field.input.single : field.input, text, layout, connection)
        return FormField(
          field.name, layout.label ?? field.label, control, value: value,
          // A record without a reference is given one.
          isRequired: (field.isRequired || layout.isNeeded) && field.name != "reference",
          isWide: layout.isWide || (field.input.isWide && !layout.isSingle), help: layout.help,
          error: faults[field.name].map(French.typeset),
          warning: warnings.first { $0.column == field.name }.map { RecordWarnings.sentence($0.sentence) })
      }
    }
    // What is refused elsewhere on the page has the cursor.
    let first = fields.firstIndex { $0.error != nil || $0.warning != nil } ?? (faults.isEmpty ? fields.indices.first : nil)
    if let first { fields[first].hasFocus = true }
    return fields
  }

  private func control(
    _ input: FieldInput, _ text: String, _ layout: Layout, _ connection: any Connection
  ) throws -> (FormField.Control, value: String) {
    if layout.isTicked { return Self.ticked(layout.offered, text) }
    if !layout.offered.isEmpty { return Self.offered(layout, input, text) }
    switch input {
    case .line(let limit): return (.line(type: Self.types[layout.name] ?? "text", limit: limit), text)
    case .paragraph(let limit): return (.paragraph(limit: limit), text)
    case .date: return (.date, text)
    case .number(let range):
      if let none = layout.empty, let zero = layout.zero {
        return (Self.rhythm(in: range, none: none, zero: zero, layout.unit, text), text)
      }
      return (.number(range, unit: layout.unit), text)
    case .yesNo: return (.choice([.init("oui", "Oui"), .init("non", "Non")]), text)
    case .choice(let list, let other):
      let choices = (lists.values(of: list) + (other.map { lists.values(of: $0) } ?? [])).map { FormField.Choice($0.code, $0.label) }
      return (layout.isSegmented ? .segments(choices) : .choice(choices), text)
    case .choices(let list):
      let chosen = text.parts
      let offered = lists.values(of: list).filter { !chosen.contains($0.code) }.map { FormField.Choice($0.code, $0.label) }
      return (.tokens(chosen.map { FormField.Choice($0, lists.label(of: $0, in: list)) }, .init(offered)), "")
    case .record(let kind):
      let name = try text.isEmpty ? nil : Naming(rawValue: kind)?.names(of: [text], connection)[text]
      return (.completed(try completion(kind, meant: name == nil ? text : "", connection)), name?.offered ?? text)
    case .records(let kind):
      let names = try Naming(rawValue: kind)?.names(of: text.parts, connection) ?? [:]
      return (.tokens(text.parts.map { FormField.Choice($0, names[$0]?.name ?? $0) }, try completion(kind, connection)), "")
    }
  }

  private static func ticked(_ choices: [FormField.Choice], _ text: String) -> (FormField.Control, value: String) {
    let gone = text.parts.filter { code in !choices.contains { $0.value == code } }
    return (.ticks(choices + gone.map { FormField.Choice($0, "Ne figure plus dans les fiches") }, chosen: Set(text.parts)), "")
  }

  private static func offered(_ layout: Layout, _ input: FieldInput, _ text: String) -> (FormField.Control, value: String) {
    let choices = layout.offered
    guard input.hasTokens else { return (.choice(choices, none: layout.empty ?? French.unknown), text) }
    let chosen = text.parts.map { code in choices.first { $0.value == code } ?? FormField.Choice(code, code) }
    return (.tokens(chosen, .init(choices.filter { !text.parts.contains($0.value) })), "")
  }

  /// Short lists stand in the page; of long ones the page holds the beginning, for browsers without JavaScript.
  /// - Parameter text: what was typed and is no record's reference.
  private func completion(_ kind: String, meant text: String = "", _ connection: any Connection) throws -> FormField.Completion {
    // France's communes are too many for a page: it offers those that bear the name that was typed.
    if kind == Naming.communes.rawValue {
      let meant = try text.isEmpty ? [] : Naming.communes.suggestions(text, connection)
      return FormField.Completion(meant.map { .init($0.reference, $0.offered) }, source: "/suggestions/communes")
    }
    let names = try Naming(rawValue: kind)?.suggestions("", limit: 300, connection) ?? []
    return FormField.Completion(
      names.map { .init($0.reference, $0.offered) }, source: names.count < 300 ? nil : "/suggestions/\(kind)",
      isFree: kind == Naming.tags.rawValue)
  }

  /// The texts of the fields that the form showed, whatever was typed beside the tokens included.
  static func entries<Kind: RecordKind>(_ kind: Kind, _ layouts: [Layout], _ form: FormItems) -> Entries {
    var entries: Entries = [:]
    for field in kind.fields where layouts.contains(where: { $0.name == field.name }) {
      let values = form.all(field.name)
      if field.input.hasTokens {
        guard let typed = form.value(FormField.typedName(field.name)) else { continue }
        let words = typed.split { $0 == "," || $0 == ";" || $0 == "|" }.map { $0.trimmingCharacters(in: .whitespaces) }
        entries[field.name] = (values + words).filter { !$0.isEmpty }.joined(separator: "|")
      } else if let value = values.last {
        entries[field.name] = value.replacing("\r\n", with: "\n").trimmingCharacters(in: .whitespacesAndNewlines)
      }
    }
    return entries
  }

  /// A number of which neither 0 nor no number is a count: people choose words.
  private static func rhythm(
    in range: ClosedRange<Int>, none: String, zero: String, _ unit: String?, _ text: String
  ) -> FormField.Control {
    let usual = Set((Array(1...12) + [18, 24, 36]).filter(range.contains) + [Int(text)].compactMap(\.self)).subtracting([0]).sorted()
    let counts = usual.map { FormField.Choice(String($0), [String($0), unit].compactMap(\.self).joined(separator: "\u{A0}")) }
    return .choice([.init("0", zero)] + counts, none: none)
  }

  private static let types = ["courriel": "email", "telephone": "tel", "heure": "time"]
}

extension FieldInput {
  /// Whether several values are entered, as tokens.
  var hasTokens: Bool {
    switch self {
    case .choices, .records: true
    default: false
    }
  }

  /// How one of its values is entered.
  fileprivate var single: FieldInput {
    switch self {
    case .choices(let list): .choice(list)
    case .records(let kind): .record(of: kind)
    default: self
    }
  }

  fileprivate var isWide: Bool {
    if case .paragraph = self { return true }
    return hasTokens
  }
}

extension String {
  fileprivate var parts: [String] { split(separator: "|").map(String.init) }
}
