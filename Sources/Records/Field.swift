import Foundation
import Store
import Tables

/// What fields need to know to read and write their values: the lists, and whatever the record kind adds.
public protocol RecordContext: Sendable {
  var lists: ReferenceLists { get }
}

/// How a person enters a field in a form.
public enum FieldInput: Sendable {
  case line(limit: Int = 200)
  case paragraph(limit: Int)
  case date
  case number(ClosedRange<Int>)
  case yesNo
  /// A value of a list, or of a second one whose values go with them.
  case choice(ReferenceList, or: ReferenceList? = nil)
  /// Several values of a list.
  case choices(ReferenceList)
  /// Another record, by what the kind of that name says of it.
  case record(of: String)
  case records(of: String)
}

/// One field of a record, declared once: import and export columns and forms are made from it.
public struct Field<Draft: Sendable, Context: RecordContext>: Sendable {
  /// The column's name in files and the parameter's name in forms.
  public let name: String
  public let label: String
  public let isRequired: Bool
  public let input: FieldInput
  /// Reads a text that is not empty into the draft.
  /// - Throws: `Refusal` with the reason.
  let parse: @Sendable (String, inout Draft, inout Reading<Context>) throws -> Void
  /// The value as a file holds it; empty when there is none. What it prints, it reads back.
  let print: @Sendable (Draft, Context) -> String
  /// Takes the new draft's value over into the old one, when there is one: an empty cell keeps what was.
  let merge: @Sendable (_ new: Draft, _ old: inout Draft) -> Void
  /// Takes the value away, as a form does whose field was emptied.
  let clear: @Sendable (inout Draft) -> Void

  public init(
    _ name: String, label: String, isRequired: Bool = false, input: FieldInput = .line(),
    parse: @escaping @Sendable (String, inout Draft, inout Reading<Context>) throws -> Void,
    print: @escaping @Sendable (Draft, Context) -> String,
    merge: @escaping @Sendable (_ new: Draft, _ old: inout Draft) -> Void,
    clear: @escaping @Sendable (inout Draft) -> Void
  ) {
    self.name = name
    self.label = label
    self.isRequired = isRequired
    self.input = input
    self.parse = parse
    self.print = print
    self.merge = merge
    self.clear = clear
  }
}

/// What is known and gathered while a file is read.
public struct Reading<Context: RecordContext>: Sendable {
  public var context: Context
  /// The federation's current day.
  public let today: CivilDate
  /// Unknown values of open lists become new values instead of refusals.
  let createsValues: Bool
  /// Whether somebody is in front of a form, and chooses, rather than a file.
  public let isForm: Bool
  /// Values to add, with the lines that ask for them.
  private(set) var newValues: [(list: ReferenceList, value: ReferenceValue, lines: Set<Int>)] = []
  private var told: [(line: Int, warning: Warning)] = []
  var line = 0

  init(context: Context, today: CivilDate, createsValues: Bool = false, isForm: Bool = false) {
    self.context = context
    self.today = today
    self.createsValues = createsValues
    self.isForm = isForm
  }

  /// Something to tell without refusing the line.
  /// - Parameters:
  ///   - column: the field that it is about, beside which a form says it.
  ///   - line: the one being read when none is given.
  ///   - similar: records that it names.
  public mutating func warn(_ sentence: String, about column: String? = nil, line: Int? = nil, similar: [SimilarRecord] = []) {
    told.append((line ?? self.line, Warning(column: column, sentence, similar: similar)))
  }

  /// What was told, without the lines.
  var cautions: [Warning] { told.map(\.warning) }
  var sentences: [String] { cautions.map(\.sentence) }

  /// In the order of the lines.
  var warnings: [String] {
    let inOrder = told.enumerated().sorted { ($0.element.line, $0.offset) < ($1.element.line, $1.offset) }
    return inOrder.map { "ligne \($0.element.line) : \($0.element.warning.sentence)" }
  }

  /// The code of a value of `list`, which grows when that was asked.
  /// - Throws: `Refusal` when the list has no such value.
  public mutating func code(of text: String, in list: ReferenceList) throws -> String {
    if let code = context.lists.code(of: text, in: list) { return code }
    guard !isForm else { return try context.lists.meant(text, in: list) }
    let newCode = Fold.code(text)
    if let index = newValues.firstIndex(where: { $0.list.name == list.name && $0.value.code == newCode }) {
      newValues[index].lines.insert(line)
      return newCode
    }
    guard !list.isClosed else {
      throw Refusal("« \(text) » n’existe pas ; valeurs possibles : \(context.lists.values(of: list).map(\.label).joined(separator: ", "))")
    }
    guard createsValues else {
      throw Refusal(
        "« \(text) » est inconnu dans la liste « \(list.label) » (à l’import, « créer les valeurs » l’y ajoute ; plusieurs valeurs se séparent par |)"
      )
    }
    guard !newCode.isEmpty, newCode != ReferenceValue.unknown.code, text.count <= 200 else {
      throw Refusal("« \(text.prefix(80)) » ne peut pas devenir une valeur de liste")
    }
    if context.lists.code(of: newCode, in: list) == nil {
      newValues.append((list, ReferenceValue(code: newCode, label: text), [line]))
    }
    return newCode
  }
}

extension Field {
  /// A line of text, trimmed, at most `limit` characters.
  public static func text(
    _ name: String, label: String, _ path: any WritableKeyPath<Draft, String?> & Sendable, isRequired: Bool = false, limit: Int = 200
  ) -> Field {
    .value(
      name, label: label, path, isRequired: isRequired, input: limit > 200 ? .paragraph(limit: limit) : .line(limit: limit),
      print: { text, _ in text }
    ) { text, _ in
      guard text.count <= limit else { throw Refusal("\(text.count) caractères : \(limit) au plus") }
      return text
    }
  }

  public static func date(
    _ name: String, label: String, _ path: any WritableKeyPath<Draft, CivilDate?> & Sendable, isRequired: Bool = false
  ) -> Field {
    .value(name, label: label, path, isRequired: isRequired, input: .date, print: { date, _ in date.description }) { text, _ in
      try .reading(text)
    }
  }

  public static func integer(
    _ name: String, label: String, _ path: any WritableKeyPath<Draft, Int?> & Sendable, in range: ClosedRange<Int>,
    isRequired: Bool = false
  ) -> Field {
    .value(name, label: label, path, isRequired: isRequired, input: .number(range), print: { number, _ in String(number) }) { text, _ in
      let digits = text.filter { !$0.isWhitespace }
      guard let number = Int(digits) else { throw Refusal("« \(text) » n’est pas un nombre entier") }
      guard range.contains(number) else { throw Refusal("\(number) est hors des limites (\(range.lowerBound) à \(range.upperBound))") }
      return number
    }
  }

  public static func yesNo(_ name: String, label: String, _ path: any WritableKeyPath<Draft, Bool?> & Sendable) -> Field {
    .value(name, label: label, path, input: .yesNo, print: { flag, _ in flag ? "oui" : "non" }) { text, _ in
      switch Fold.key(text) {
      case "oui", "o", "1", "vrai": true
      case "non", "n", "0", "faux": false
      default: throw Refusal("« \(text) » : répondez par oui ou non")
      }
    }
  }

  /// One value of a closed list on which rules are written.
  public static func coded<Code: CodedValue>(
    _ name: String, label: String, _ path: any WritableKeyPath<Draft, Code?> & Sendable, isRequired: Bool = false
  ) -> Field {
    .value(name, label: label, path, isRequired: isRequired, input: .choice(Code.list), print: { code, _ in code.rawValue }) {
      text, reading in
      guard let code = Code(rawValue: try reading.code(of: text, in: Code.list)) else { throw Refusal("« \(text) » n’existe pas") }
      return code
    }
  }

  /// One value of a list that the federation edits.
  public static func listed(
    _ name: String, label: String, _ path: any WritableKeyPath<Draft, String?> & Sendable, in list: ReferenceList,
    isRequired: Bool = false
  ) -> Field {
    .value(name, label: label, path, isRequired: isRequired, input: .choice(list), print: { code, _ in code }) { text, reading in
      try reading.code(of: text, in: list)
    }
  }

  /// Several values, separated by `|`, kept once each and in order.
  public static func several<Value: Hashable & Comparable & Sendable>(
    _ name: String, label: String, _ path: any WritableKeyPath<Draft, [Value]> & Sendable, input: FieldInput = .line(limit: 2_000),
    print: @escaping @Sendable (Value, Context) -> String,
    parse: @escaping @Sendable (String, inout Reading<Context>) throws -> Value?
  ) -> Field {
    Field(
      name, label: label, input: input,
      parse: { text, draft, reading in
        var values = Set<Value>()
        for part in text.split(separator: "|") {
          let part = part.withoutSpacesAround
          if !part.isEmpty, let value = try parse(part, &reading) { values.insert(value) }
        }
        draft[keyPath: path] = values.sorted()
      },
      print: { draft, context in draft[keyPath: path].map { print($0, context) }.joined(separator: "|") },
      merge: { new, old in if !new[keyPath: path].isEmpty { old[keyPath: path] = new[keyPath: path] } },
      clear: { $0[keyPath: path] = [] })
  }

  /// One value kept in an optional property.
  public static func value<Value: Sendable>(
    _ name: String, label: String, _ path: any WritableKeyPath<Draft, Value?> & Sendable, isRequired: Bool = false,
    input: FieldInput = .line(), print: @escaping @Sendable (Value, Context) -> String,
    parse: @escaping @Sendable (String, inout Reading<Context>) throws -> Value
  ) -> Field {
    Field(
      name, label: label, isRequired: isRequired, input: input,
      parse: { text, draft, reading in draft[keyPath: path] = try parse(text, &reading) },
      print: { draft, context in draft[keyPath: path].map { print($0, context) } ?? "" },
      merge: { new, old in if let value = new[keyPath: path] { old[keyPath: path] = value } },
      clear: { $0[keyPath: path] = nil })
  }
}

extension CivilDate {
  /// A date as files hold it: `AAAA-MM-JJ` or `JJ/MM/AAAA`.
  /// - Throws: `Refusal`.
  public static func reading(_ text: String) throws -> CivilDate {
    // Most files hold this form: a hundred thousand lines must not each pass by a regular expression.
    if let date = CivilDate(iso: text) { return try plausible(date) }
    // A workbook's cell may hold a time that nobody sees.
    let text = text.replacing(/\s[0-9]{2}:[0-9]{2}(:[0-9]{2})?$/, with: "")
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    let iso = parts.count == 3 && parts[2].count == 4 ? "\(parts[2])-\(padded(parts[1]))-\(padded(parts[0]))" : text
    guard let date = CivilDate(iso: iso) else {
      if iso.wholeMatch(of: /[0-9]{4}-[0-9]{2}-[0-9]{2}/) != nil { throw Refusal("le \(text) n’existe pas") }
      throw Refusal("« \(text) » n’est pas une date (AAAA-MM-JJ ou JJ/MM/AAAA)")
    }
    return try plausible(date)
  }

  /// As people write it, `01/07/2026`; `reading` takes it.
  public var written: String { description.split(separator: "-").reversed().joined(separator: "/") }

  private static func plausible(_ date: CivilDate) throws -> CivilDate {
    guard (1900...2100).contains(date.year) else { throw Refusal("l’année \(date.year) n’est pas plausible (1900 à 2100)") }
    return date
  }

  private static func padded(_ part: Substring) -> String {
    part.count == 1 ? "0\(part)" : String(part)
  }
}
