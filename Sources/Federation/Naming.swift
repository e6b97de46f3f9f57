import Records
import Store

/// How records of one kind are named in forms: what one types of them, and what a reference stands for.
public enum Naming: String, CaseIterable, Sendable {
  case structures, organisations
  case people = "personnes"
  /// The people who help teams, by the references of people.
  case facilitators = "facilitateurs"
  case accounts = "comptes"
  case departments = "departements"
  case communes
  case territories = "territoires"
  /// The words that gather teams: each is its own reference.
  case tags = "etiquettes"

  /// A record as forms offer it.
  public struct Name: Sendable, Equatable {
    /// As fields print it.
    public let reference: String
    public let name: String

    /// What the field reads back, whatever else bears the same name.
    public var offered: String { reference == name ? name : "\(name) (\(reference))" }
  }

  /// The names that hold all the words, those that begin with them first.
  public func suggestions(_ words: String, limit: Int = 12, _ connection: any Connection) throws -> [Name] {
    guard let column = folded else { return try unfolded(words, limit, connection) }
    // A form that opens offers the first ones, which an index holds.
    guard !words.isEmpty else { return try names(connection, "ORDER BY n.sort, n.reference LIMIT \(limit)") }
    // Communes are folded to their words, without the hyphens between them.
    let key = self == .communes ? Fold.words(words).joined(separator: " ") : Fold.key(words)
    let start = key.filter { $0 != "%" && $0 != "_" } + "%"
    return try names(
      connection,
      """
      WHERE \(SQL.search(words, in: column))
      ORDER BY CASE WHEN \(column) LIKE \(start) THEN 0 ELSE 1 END, \(column), n.reference LIMIT \(limit)
      """)
  }

  /// What somebody typed in a form, each text that names one record by a part of its name replaced by that one's reference.
  /// - Returns: the texts, and a sentence on the first of which several records are near: nobody's choice is guessed.
  public func meant(by texts: [String], _ connection: any Connection) throws -> (texts: [String], doubt: String?) {
    let known = try names(of: texts + texts.compactMap(\.offeredReference), connection)
    var doubt: String?
    let meant = try texts.map { text in
      let isKnown = known[text] != nil || text.offeredReference.map { known[$0] != nil } ?? false
      guard !isKnown, !Fold.words(text).isEmpty else { return text }
      let found = try suggestions(text, connection)
      let whole = found.filter { Fold.key($0.name) == Fold.key(text) }
      let near = whole.isEmpty ? found : whole
      if near.count > 1 { doubt = doubt ?? Self.doubt(text, near.map(\.offered)) }
      return near.count == 1 ? near[0].reference : text
    }
    return (meant, doubt)
  }

  /// What is told of a text that several names answer.
  static func doubt(_ text: String, _ offered: [String]) -> String {
    let told = offered.prefix(3).joined(separator: ", ") + (offered.count > 3 ? "…" : "")
    return "plusieurs fiches répondent à « \(text.prefix(80)) », précisez : \(told)"
  }

  /// The same of tables whose names are not kept folded: of the few dozens that they are, all are read.
  private func unfolded(_ words: String, _ limit: Int, _ connection: any Connection) throws -> [Name] {
    let (start, sought) = (Fold.key(words), Fold.words(words))
    let found = try names(connection, "").map { (name: $0, fold: Fold.key($0.name)) }.filter { candidate in
      sought.allSatisfy { Fold.words(candidate.name.name).joined(separator: " ").contains($0) }
    }
    let sorted = found.sorted { left, right in
      let (first, second) = (left.fold.hasPrefix(start), right.fold.hasPrefix(start))
      return first == second ? (left.fold, left.name.reference) < (right.fold, right.name.reference) : first
    }
    return sorted.prefix(limit).map(\.name)
  }

  /// The column of names as they are compared, where there is one.
  private var folded: SQL? {
    switch self {
    case .structures, .organisations, .people, .facilitators, .communes: "n.fold"
    case .accounts, .departments, .territories, .tags: nil
    }
  }

  /// The names of what fields have printed, by reference; what is no record's is not there.
  public func names(of references: [String], _ connection: any Connection) throws -> [String: Name] {
    guard !references.isEmpty else { return [:] }
    let found = try names(connection, "WHERE n.reference IN \(list: references)")
    return Dictionary(found.map { ($0.reference, $0) }, uniquingKeysWith: { first, _ in first })
  }

  private func names(_ connection: any Connection, _ clauses: SQL) throws -> [Name] {
    try connection.rows("SELECT n.reference, n.name FROM (\(all)) n \(clauses)").map { Name(reference: try $0[0], name: try $0[1]) }
  }

  private static let peopleRows: SQL = """
    SELECT reference, CASE WHEN first_name IS NULL THEN last_name ELSE first_name || ' ' || last_name END AS name,
      name_fold AS fold, name_fold AS sort
    FROM person WHERE removed_at IS NULL
    """

  private var all: SQL {
    switch self {
    case .structures: "SELECT reference, name, search_fold AS fold, name_fold AS sort FROM structure WHERE removed_at IS NULL"
    case .organisations: "SELECT reference, name, name_fold AS fold, name_fold AS sort FROM organisation WHERE removed_at IS NULL"
    case .people: Self.peopleRows
    case .facilitators: "\(Self.peopleRows) AND id IN (SELECT person_id FROM facilitator WHERE removed_at IS NULL)"
    case .accounts: "SELECT email AS reference, name FROM account"
    case .departments: "SELECT code AS reference, name FROM department"
    case .communes: "SELECT code AS reference, name, name_fold AS fold, code AS sort FROM commune"
    case .territories: "SELECT code AS reference, name, name AS sort FROM territory"
    case .tags:
      """
      SELECT DISTINCT g.tag AS reference, g.tag AS name, g.tag AS sort
      FROM structure_tag g JOIN structure s ON s.id = g.structure_id AND s.removed_at IS NULL
      """
    }
  }
}

extension String {
  /// The reference in « Nom (référence) », as forms offer it.
  var offeredReference: String? {
    guard hasSuffix(")"), let open = lastIndex(of: "(") else { return nil }
    return String(self[index(after: open)...].dropLast())
  }
}

extension Account {
  /// Who the accounts are, by their identifiers.
  public static func names(_ connection: any Connection) throws -> [Int64: String] {
    let rows = try connection.rows("SELECT id, name FROM account")
    return Dictionary(uniqueKeysWithValues: try rows.map { (try $0[0] as Int64, try $0[1] as String) })
  }

  /// Those who may be given something to do, by their names.
  public static func withTasks(_ connection: any Connection) throws -> [(id: Identifier<Account>, name: String)] {
    try connection.rows("SELECT id, name, role FROM account WHERE closed_at IS NULL ORDER BY name, id")
      .filter { row in (try row[2] as Role).areas.contains(.tasks) }.map { (try $0[0], try $0[1]) }
  }

  /// Whether the account may make a record of an area, or change one.
  /// - Parameter id: of the record, when there is one already.
  public func mayWrite(_ area: Area, _ id: Int64?, _ connection: any Connection) throws -> Bool {
    guard let id else { return [.all, .own].contains(role.scope(.write, area)) }
    return try !writable(area, among: [id], connection).isEmpty
  }

  /// Those of an area's records that the account may change.
  public func writable(_ area: Area, among ids: [Int64], _ connection: any Connection) throws -> Set<Int64> {
    switch role.scope(.write, area) {
    case .all:
      guard let hidden = hidden(in: area) else { return Set(ids) }
      let rows = try connection.rows("SELECT k.id FROM (\(hidden)) k WHERE k.id IN \(list: ids)")
      return Set(ids).subtracting(try rows.map { try $0[0] as Int64 })
    case .own where area == .tasks:
      let rows = try connection.rows("SELECT t.id FROM todo t WHERE t.id IN \(list: ids) AND \(ToDo.readable(by: self))")
      return Set(try rows.map { try $0[0] as Int64 })
    case .own where area == .expenses:
      let rows = try connection.rows(
        "SELECT c.id FROM expense_claim c WHERE c.removed_at IS NULL AND c.id IN \(list: ids) AND \(ExpenseClaim.ownOpen(of: self))")
      return Set(try rows.map { try $0[0] as Int64 })
    case .own, .none, .ownTerritory, .ownDepartments: return []
    }
  }
}

extension Installation {
  /// Changes records in somebody's name.
  public func editor<Kind: RecordKind>(of kind: Kind, for account: Account) -> RecordEditor<Kind> {
    RecordEditor(kind, database, ids: ids, now: now, actor: account.id.rawValue)
  }

  /// Changes many records of an area at a time in somebody's name: those that they may change.
  public func batches<Kind: RecordKind>(of kind: Kind, in area: Area, for account: Account) -> BatchEditor<Kind> {
    BatchEditor(kind, database, ids: ids, now: now, actor: account.id.rawValue) { try account.writable(area, among: $0, $1) }
  }

  /// Merges records of a kind in somebody's name.
  public func merges<Kind: RecordKind>(of kind: Kind, for account: Account) -> MergeEditor<Kind> {
    MergeEditor(kind, among: model.kinds, database, ids: ids, now: now, actor: account.id.rawValue)
  }
}
