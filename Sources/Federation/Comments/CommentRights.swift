import Foundation
import Records
import Store

extension Role {
  /// Those who work for the federation: they speak to each other on the records that they read.
  public var isStaff: Bool {
    switch self {
    case .direction, .chargeMission, .assistance, .communication, .tresorerie: true
    default: false
    }
  }
}

extension Area {
  /// That of the records on which the staff comment, by the name of their kind.
  public static func ofComments(_ kind: String) -> Area? {
    switch kind {
    case "structures", "personnes", "organisations": .directory
    case "echanges": .exchanges
    case "taches": .tasks
    case "premiers_contacts": .firstContacts
    case "facilitations": .facilitations
    default: nil
    }
  }
}

extension Account {
  /// The records of a kind that the account may read: where they are, under which condition, and the name of their identifier there.
  /// `nil` when the kind is closed to it.
  /// - Parameter binned: those in the bin instead.
  func open(_ kind: String, binned: Bool = false) -> (rows: SQL, id: SQL)? {
    guard let area = Area.ofComments(kind) ?? Area.ofAttachments(kind), role.scope(.read, area) != .none else { return nil }
    let state: SQL = binned ? "IS NOT NULL" : "IS NULL"
    return switch kind {
    case "echanges": ("exchange e WHERE e.removed_at \(state) AND \(Exchange.readable(by: self))", "e.id")
    case "taches": ("todo t WHERE t.removed_at \(state) AND \(ToDo.readable(by: self))", "t.id")
    case "premiers_contacts": ("first_contact c WHERE c.removed_at \(state) AND \(FirstContact.readable(by: self))", "c.id")
    case "facilitations": ("facilitation f WHERE f.removed_at \(state) AND \(Facilitation.readable(by: self))", "f.id")
    case "comptes_rendus": ("meeting m WHERE m.removed_at \(state) AND \(Meeting.readable("m.id", by: self))", "m.id")
    case "frais": ("expense_claim c WHERE c.removed_at \(state) AND \(ExpenseClaim.readable(by: self))", "c.id")
    case "relectures": ("project_reading r WHERE r.removed_at \(state)", "r.id")
    case "blocs": ("report_block b WHERE b.removed_at \(state)", "b.id")
    case "personnes": ("person p WHERE p.removed_at \(state)", "p.id")
    case "organisations": ("organisation o WHERE o.removed_at \(state)", "o.id")
    default: ("structure s WHERE s.removed_at \(state)", "s.id")
    }
  }

  func mayRead(_ record: Int64, kind: String, binned: Bool = false, _ connection: any Connection) throws -> Bool {
    guard let open = open(kind, binned: binned) else { return false }
    return try connection.first("SELECT 1 FROM \(open.rows) AND \(open.id) = \(record)") != nil
  }

  /// Whether the account may read and write the comments of a record.
  public func mayComment(_ record: Int64, kind: String, binned: Bool = false, _ connection: any Connection) throws -> Bool {
    guard role.isStaff, Area.ofComments(kind) != nil else { return false }
    return try mayRead(record, kind: kind, binned: binned, connection)
  }

  /// The same person under another of their roles.
  func acting(as role: Role) -> Account {
    Account(
      id: id, email: email, name: name, role: role, roles: roles, territory: territory, departments: departments, day: day,
      standsFor: standsFor)
  }
}

/// Who of the staff a comment or a notice may reach.
struct Colleagues: Sendable {
  /// Whoever comes in, under their ordinary roles.
  let accounts: [Account]

  /// - Parameter only: all of the staff without it.
  init(_ only: [Int64]? = nil, at moment: Date, _ connection: any Connection) throws {
    let today = try Settings(connection).today(moment)
    let among: SQL = only.map { "AND a.id IN \(list: $0)" } ?? ""
    accounts = try connection.rows(
      """
      SELECT a.id, a.email, a.name, a.role, \(Account.furtherRoles), a.territory, a.departments FROM account a
      WHERE a.closed_at IS NULL \(among) ORDER BY a.id
      """
    ).map { row in
      let role: Role = try row[3]
      return Account(
        id: try row[0], email: try row[1], name: try row[2], role: role, roles: Account.roles(role, try row[4]), territory: try row[5],
        departments: Account.departments(try row[6]), day: today)
    }.filter { $0.roles.contains(where: \.isStaff) }
  }

  /// Those who may read a record, under one of their roles.
  func readers(of record: Int64, kind: String, _ connection: any Connection) throws -> [Account] {
    let questions = accounts.flatMap { account in
      account.roles.filter(\.isStaff).compactMap { role -> SQL? in
        guard let open = account.acting(as: role).open(kind) else { return nil }
        return "SELECT z.id FROM account z, \(open.rows) AND \(open.id) = \(record) AND z.id = \(account.id)"
      }
    }
    guard !questions.isEmpty else { return [] }
    // So many at a time, as engines bear questions of so many parts.
    var readers: Set<Int64> = []
    for start in stride(from: 0, to: questions.count, by: 50) {
      let some = questions[start..<min(start + 50, questions.count)]
      readers.formUnion(try connection.rows(Array(some).joined(by: " UNION ALL ")).map { try $0[0] as Int64 })
    }
    return accounts.filter { readers.contains($0.id.rawValue) }
  }
}

/// Whom a text calls: « @Claire Vasseur », or « @claire@exemple.fr » where two bear one name.
struct Mentions {
  private(set) var accounts: [Account] = []
  /// Names that several bear.
  private(set) var shared: [String] = []

  init(in text: String, among all: [Account]) {
    for piece in CommentText.pieces(of: text, mentioning: all.flatMap { [$0.name, $0.email] }) {
      guard case .mention(let words) = piece else { continue }
      let name = String(words.dropFirst())
      let called = all.filter { [$0.name, $0.email].contains { Fold.key($0) == Fold.key(name) } }
      if called.count > 1 { shared.append(name) }
      for account in called where called.count == 1 && !accounts.contains(where: { $0.id == account.id }) { accounts.append(account) }
    }
  }
}
