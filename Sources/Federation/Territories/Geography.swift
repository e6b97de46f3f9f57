import Foundation
import Records
import Store
import Synchronization
import Tables

/// Départements and communes of France, read from the project's own open data files.
public struct Geography: Sendable {
  let folder: URL

  /// - Parameter folder: where `departements.csv`, `communes.csv` and `arrondissements.csv` are.
  public init(folder: URL) {
    self.folder = folder
  }

  /// Replaces what the database knows of France.
  func load(_ connection: any Connection) throws {
    let departments = try rows("departements.csv").map { (code: $0[0], name: $0[1]) }
    try connection.insert(
      into: "department (code, name)", departments, suffix: "ON CONFLICT (code) DO UPDATE SET name = excluded.name"
    ) { "\($0.code), \($0.name)" }
    let communes = try rows("communes.csv").map { Unit(code: $0[0], name: $0[1], department: $0[2], city: nil, cells: $0) }
    let cities = Dictionary(uniqueKeysWithValues: communes.map { ($0.code, $0.department) })
    // A municipal arrondissement of Paris, Lyon or Marseille is a unit of its own, within its city (R1).
    let districts = try rows("arrondissements.csv").map { cells in
      Unit(code: cells[0], name: cells[1], department: cities[cells[2]] ?? "", city: cells[2], cells: cells)
    }
    try connection.insert(
      into: "commune (code, name, name_fold, department, city, latitude, longitude, population)", communes + districts,
      suffix: """
        ON CONFLICT (code) DO UPDATE SET name = excluded.name, name_fold = excluded.name_fold, department = excluded.department,
          latitude = excluded.latitude, longitude = excluded.longitude, population = excluded.population
        """
    ) { unit in
      """
      \(unit.code), \(unit.name), \(Fold.words(unit.name).joined(separator: " ")), \(unit.department), \(unit.city), \
      \(Double(unit.cells[3])), \(Double(unit.cells[4])), \(Int(unit.cells[5]))
      """
    }
  }

  private struct Unit {
    let code: String
    let name: String
    let department: String
    let city: String?
    /// As in the file: latitude, longitude and population are columns 4 to 6 of both.
    let cells: [String]
  }

  private func rows(_ name: String) throws -> [[String]] {
    let file = folder.appending(path: name)
    guard let data = try? Data(contentsOf: file) else {
      throw Refusal("Le fichier \(name) est introuvable : le dossier Assets/geography est-il à côté du programme ?")
    }
    let table = try CSV.read(Array(data))
    return table.rows.map { $0.cells + Array(repeating: "", count: max(0, table.header.count - $0.cells.count)) }
  }
}

/// The communes and départements, ready to be found by what a person writes.
struct Gazetteer: Sendable {
  private var departments: [String: String] = [:]
  private var communes: [String: Commune] = [:]
  /// Codes by the words of the name, with its article and without.
  private var byName: [String: [String]] = [:]
  private var byBareName: [String: [String]] = [:]

  struct Commune: Sendable {
    let code: String
    let name: String
    let department: String

    /// As forms offer it.
    fileprivate var offered: String { "\(name) (\(code))" }
  }

  /// A program opens only databases that hold its own files' France, so it reads it once.
  private static let known = Mutex<Gazetteer?>(nil)

  static func of(_ connection: any Connection) throws -> Gazetteer {
    if let gazetteer = known.withLock({ $0 }) { return gazetteer }
    let gazetteer = try Gazetteer(reading: connection)
    // One that is being filled is not France yet.
    if !gazetteer.communes.isEmpty { known.withLock { $0 = gazetteer } }
    return gazetteer
  }

  private init(reading connection: any Connection) throws {
    for row in try connection.rows("SELECT code, name FROM department") {
      let code: String = try row[0]
      departments[Fold.key(code)] = code
      departments[Fold.key(try row[1] as String)] = code
      // A spreadsheet takes the zero off « 01 ».
      if code.hasPrefix("0") { departments[String(code.dropFirst())] = code }
    }
    for row in try connection.rows("SELECT code, name, department, name_fold FROM commune") {
      let commune = Commune(code: try row[0], name: try row[1], department: try row[2])
      communes[commune.code] = commune
      let name: String = try row[3]
      byName[name, default: []].append(commune.code)
      byBareName[Self.withoutArticle(name.split(separator: " ")).joined(separator: " "), default: []].append(commune.code)
    }
  }

  /// - Throws: `Refusal`.
  func department(_ text: String) throws -> String {
    guard let code = departments[Fold.key(text)] ?? text.offeredReference.flatMap({ departments[Fold.key($0)] }) else {
      throw Refusal("« \(text) » n’est pas un département")
    }
    return code
  }

  func commune(code: String) -> Commune? { communes[code] }

  /// A commune as forms offer it, « Tarare (69243) ».
  ///
  /// Files write a postal code there as often, which is the INSEE code of some other commune: the name must be the commune's own.
  func offered(_ text: String) -> Commune? {
    guard let commune = text.offeredReference.flatMap({ communes[$0.uppercased()] }), let open = text.lastIndex(of: "("),
      Fold.words(String(text[..<open])) == Fold.words(commune.name)
    else { return nil }
    return commune
  }

  /// A commune by INSEE code or by name, sought in the département first.
  /// - Throws: `Refusal` when there is none, or several of that name.
  func commune(_ text: String, in department: String?) throws -> Commune {
    // « 1004 » is what a spreadsheet leaves of « 01004 ».
    if let commune = communes[text.uppercased()] ?? communes["0" + text] ?? offered(text) { return commune }
    let words = Fold.words(text)
    func named(_ codes: [String]?) -> [Commune] {
      (codes ?? []).compactMap { communes[$0] }.filter { department == nil || $0.department == department }
    }
    let whole = named(byName[words.joined(separator: " ")])
    let candidates = whole.isEmpty ? named(byBareName[Self.withoutArticle(words).joined(separator: " ")]) : whole
    guard candidates.count <= 1 else {
      let choice = candidates.sorted { $0.code < $1.code }.prefix(6).map(\.offered).joined(separator: ", ")
      throw Refusal("plusieurs communes s’appellent « \(text) » : donnez le code INSEE, \(choice)\(candidates.count > 6 ? "…" : "")")
    }
    if let only = candidates.first { return only }
    guard let department else { throw Refusal("la commune « \(text) » est inconnue") }
    throw Refusal("la commune « \(text) » est inconnue dans le département \(department)")
  }

  /// « Le Mans » is « Mans » in many a spreadsheet.
  private static func withoutArticle<Word: StringProtocol>(_ words: [Word]) -> [Word] {
    words.count > 1 && ["le", "la", "les", "l", "aux", "las", "los"].contains(words[0]) ? Array(words.dropFirst()) : words
  }
}
