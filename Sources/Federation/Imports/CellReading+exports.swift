import Foundation
import Markdown
import Records
import Store

/// How the cells of other programs' exports are read, whichever the program.
extension CellReading {
  /// The day of a moment: what follows a date is its hour.
  static let day = CellReading { cell, _ in
    let date = cell.prefix { $0.isNumber || "-/.".contains($0) }
    let rest = cell.dropFirst(date.count)
    return rest.isEmpty || rest.hasPrefix(" ") || rest.hasPrefix("T") ? String(date) : cell
  }

  /// The first of several, separated by commas.
  static let first = CellReading { cell, _ in
    (cell.split(separator: ",").first.map(String.init) ?? cell).trimmingCharacters(in: .whitespaces)
  }

  /// Minutes, of « 01:30 » or « 01:30:00 ».
  static let minutes = CellReading { cell, _ in
    let parts = cell.split(separator: ":").map { Int($0) }
    guard parts.count > 1, let hours = parts[0], let minutes = parts[1] else { return cell }
    return String(hours * 60 + minutes)
  }

  /// Minutes begun, of seconds.
  static let minutesOfSeconds = CellReading { cell, _ in Int(cell).map { String(($0 + 59) / 60) } ?? cell }

  /// The words of a note, which both programs keep as a page.
  static let plainText = CellReading { cell, _ in words(cell) }

  /// A subject, with the note that another column gives on the lines below.
  static func subject(with titles: [String]) -> CellReading {
    CellReading { cell, row in
      let note = words(row.cell(titles))
      return cell.isEmpty || note == cell ? note : note.isEmpty ? cell : "\(cell)\n\(note)"
    }
  }

  private static func words(_ text: String) -> String {
    text.firstMatch(of: /<[A-Za-z\/!]|&[A-Za-z#0-9]+;/) == nil
      ? text : HTMLReading.text(text).trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// The département of a postal code, alone or within an address.
  static let department = CellReading { cell, _ in
    guard let code = cell.firstMatch(of: /\b[0-9]{5}\b/).map({ String($0.output) }) else { return "" }
    switch code.prefix(2) {
    case "97", "98": return String(code.prefix(3))
    case "20": return code < "20200" ? "2A" : "2B"
    default: return String(code.prefix(2))
    }
  }

  /// Whatever follows the first name when the program keeps a person's name in one cell.
  static func lastName(of titles: [String]) -> CellReading {
    CellReading { cell, row in
      guard cell.isEmpty || cell == row.cell(titles) else { return cell }
      let words = row.cell(titles).split(separator: " ")
      return (words.count > 1 ? Array(words.dropFirst()) : words).joined(separator: " ")
    }
  }

  static func firstName(of titles: [String]) -> CellReading {
    CellReading { cell, row in
      let words = row.cell(titles).split(separator: " ")
      guard cell.isEmpty || cell == row.cell(titles) else { return cell }
      return words.count > 1 ? String(words[0]) : ""
    }
  }

  /// The reference that a record of the other program bears here.
  static func reference(_ prefix: String) -> CellReading {
    CellReading { cell, _ in cell.isEmpty ? "" : reference(cell, prefix) }
  }

  fileprivate static func reference(_ cell: String, _ prefix: String) -> String {
    prefix + (cell.hasPrefix("zcrm_") ? String(cell.dropFirst(5)) : cell)
  }
}

/// Where lines of another program name a record: the columns with its number there, and those with its name.
struct ForeignName: Sendable {
  let prefix: String
  let numbers: [String]
  let names: [String]

  fileprivate func references(_ row: SourceRow) -> [String] {
    numbers.map { row.cell([$0]) }.filter { !$0.isEmpty }.map { CellReading.reference($0, prefix) }
  }

  fileprivate func texts(_ row: SourceRow) -> [String] { names.map { row.cell([$0]) }.filter { !$0.isEmpty } }

  /// What of the line stands among these references and folded names, as a field reads it.
  fileprivate func known(_ row: SourceRow, among known: Set<String>) -> String? {
    references(row).first(where: known.contains) ?? texts(row).first { known.contains(Fold.key($0)) }
  }
}

extension CellReading {
  /// The team that a line names, by its number there when it was imported, else by its name; nothing for a partner or a person.
  static func team(_ names: ForeignName) -> CellReading {
    CellReading(prepare: { connection in
      let directory = try Directory(connection)
      let others = directory.partners.union(directory.people)
      return { _, row in
        if let team = names.known(row, among: directory.teams) { return team }
        guard names.known(row, among: others) == nil else { return "" }
        return names.texts(row).first ?? names.references(row).first ?? ""
      }
    })
  }

  /// The organisation of the directory that a line names and that is no team.
  static func partner(_ names: ForeignName) -> CellReading {
    CellReading(prepare: { connection in
      let directory = try Directory(connection)
      return { _, row in
        names.known(row, among: directory.teams) == nil ? names.known(row, among: directory.partners) ?? "" : ""
      }
    })
  }

  /// The person that a line names, by number when they were imported, else by name.
  static func person(_ names: ForeignName) -> CellReading {
    CellReading(prepare: { connection in
      let people = try Directory(connection).people
      return { _, row in names.references(row).first(where: people.contains) ?? names.texts(row).first ?? "" }
    })
  }
}

/// By what lines of other programs may name records: references, and folded names.
private struct Directory: Sendable {
  let teams: Set<String>
  let partners: Set<String>
  let people: Set<String>

  init(_ connection: any Connection) throws {
    func known(_ statement: SQL) throws -> Set<String> {
      try connection.rows(statement).reduce(into: []) { known, row in
        known.insert(try row[0])
        if let name: String = try row[1] { known.insert(Fold.key(name)) }
      }
    }
    // References of merged records lead to those that are kept.
    teams = try known(
      "SELECT reference, CASE WHEN removed_at IS NULL THEN name END FROM structure WHERE removed_at IS NULL OR merged_into IS NOT NULL")
    partners = try known(
      "SELECT reference, CASE WHEN removed_at IS NULL THEN name END FROM organisation WHERE removed_at IS NULL OR merged_into IS NOT NULL")
    people = Set(
      try connection.rows("SELECT reference FROM person WHERE removed_at IS NULL OR merged_into IS NOT NULL").map { try $0[0] as String })
  }
}
