import Store
import Tables

/// What a form sends: the text of each field that it shows, as a file's cell holds it. An empty text takes the value away.
public typealias Entries = [String: String]

/// What a form speaks of: the record that it shows, and what was entered. A file may name any of a federation's people; a form names
/// a few, and waits for no more than these to be read.
public struct FormScope: Sendable {
  /// The record whose own words are printed; `nil` for a new one.
  public let record: Int64?
  private let entries: Entries

  init(record: Int64?, _ entries: Entries) {
    self.record = record
    self.entries = entries
  }

  /// What was entered in a field, each of several by itself.
  public func texts(_ field: String) -> [String] {
    entries[field, default: ""].split(separator: "|").map(\.withoutSpacesAround).filter { !$0.isEmpty }
  }
}

/// A record as a form shows it.
public struct RecordForm<Kind: RecordKind>: Sendable {
  public let kind: Kind
  /// The version that the form sends back; `nil` for a new record.
  public let version: Int?
  public let entries: Entries

  /// An empty form.
  /// - Parameter entries: what is known beforehand.
  public init(new kind: Kind, _ entries: Entries = [:]) {
    self.kind = kind
    self.entries = entries
    version = nil
  }

  /// Whether the record that a form is to make is there already.
  public enum Standing: Sendable {
    case missing, saved, inBin
  }

  public static func standing(of id: Int64, _ kind: Kind, _ connection: any Connection) throws -> Standing {
    let removed = try connection.value(
      "SELECT CASE WHEN removed_at IS NULL THEN 0 ELSE 1 END FROM \(SQL(unsafeText: kind.table)) WHERE id = \(id)", as: Int.self)
    return removed.map { $0 == 1 ? .inBin : .saved } ?? .missing
  }

  /// Whether a record waits in the bin.
  public static func isInBin(_ kind: Kind, _ id: Int64, _ connection: any Connection) throws -> Bool {
    try connection.first("SELECT 1 FROM \(SQL(unsafeText: kind.table)) WHERE id = \(id) AND removed_at IS NOT NULL") != nil
  }

  /// The form of a stored record; `nil` when it is not there or in the bin.
  public init?(_ kind: Kind, _ id: Int64, _ connection: any Connection) throws {
    let context = try kind.context(connection, for: FormScope(record: id, [:]))
    let stored = try connection.value(
      "SELECT version FROM \(SQL(unsafeText: kind.table)) WHERE id = \(id) AND removed_at IS NULL", as: Int.self)
    guard let stored, let record = try kind.stored(connection, .ids([id]), context).first else { return nil }
    self.kind = kind
    version = stored
    entries = Self.entries(kind, record.draft, context)
  }

  private static func entries(_ kind: Kind, _ draft: Kind.Draft, _ context: Kind.Context) -> Entries {
    Dictionary(uniqueKeysWithValues: kind.fields.map { ($0.name, $0.print(draft, context)) })
  }

  /// What would keep a stored record from saying what is entered; nothing is written.
  public static func faults(
    entering entries: Entries, _ kind: Kind, _ id: Int64, today: CivilDate, _ connection: any Connection
  ) throws -> [Fault] {
    var reading = Reading(context: try kind.context(connection), today: today, isForm: true)
    guard var draft = try kind.stored(connection, .ids([id]), reading.context).first?.draft else { return [] }
    let unread = kind.enter(entries, in: &draft, &reading)
    return kind.faults(in: &draft, isNew: false, unread: unread, &reading)
  }
}

extension RecordKind {
  /// Takes what a form sends over into a draft. What stands there already is not read again.
  /// - Returns: what could not be read.
  func enter(_ entries: Entries, in draft: inout Draft, _ reading: inout Reading<Context>) -> [Fault] {
    var faults: [Fault] = []
    for field in fields {
      guard let text = entries[field.name], text != field.print(draft, reading.context) else { continue }
      do {
        if text.isEmpty { field.clear(&draft) } else { try field.parse(text, &draft, &reading) }
      } catch let refusal as Refusal {
        faults.append(Fault(field.name, value: text, refusal.sentence))
      } catch {
        faults.append(Fault(field.name, value: text, "\(error)"))
      }
    }
    return faults
  }

  /// What keeps a draft from being stored.
  /// - Parameter unread: what could not be read of what was entered: it is not blamed again for being missing.
  func faults(in draft: inout Draft, isNew: Bool, unread: [Fault], _ reading: inout Reading<Context>) -> [Fault] {
    let blamed = Set(unread.map(\.column))
    let missing = fields.filter { $0.isRequired && $0.print(draft, reading.context).isEmpty }.map { Fault($0.name, "obligatoire") }
    return unread + (missing + check(&draft, isNew: isNew, &reading)).filter { !blamed.contains($0.column) }
  }
}
