import Foundation
import Store

/// Names, orders and adds the values of a federation's lists: each change in one transaction, with its event.
public struct ListEditor: Sendable {
  private let model: Model
  private let database: any Database
  private let recorder: Recorder

  /// - Parameter actor: the account that acts; `nil` for a command run by hand.
  public init(
    _ model: Model, _ database: any Database, ids: IdentifierSource, now: @escaping @Sendable () -> Date, actor: Int64?
  ) {
    self.model = model
    self.database = database
    recorder = Recorder(ids: ids, now: now, actor: actor)
  }

  /// - Throws: `Refusal` when there is no such list.
  public func list(_ name: String) throws -> ReferenceList {
    guard let list = model.lists.first(where: { $0.name == name }) else {
      throw Refusal("La liste « \(name) » n’existe pas ; listes : \(model.lists.map(\.name).joined(separator: ", ")).")
    }
    return list
  }

  /// Gives a value another label, another place, or both. Its code never changes: records hold it.
  /// - Parameter position: 1 is the first.
  /// - Throws: `Refusal`.
  public func set(_ name: String, _ code: String, label: String? = nil, position: Int? = nil) async throws {
    let list = try list(name)
    try await database.write { connection in
      let rows = try rows(of: list, connection)
      guard let old = rows.first(where: { $0.code == code }) else {
        throw Refusal("La valeur « \(code) » n’existe pas ; codes de la liste : \(rows.map(\.code).joined(separator: ", ")).")
      }
      let label = try label.map { try Self.label($0, among: rows.filter { $0.code != code }) } ?? old.label
      let position = try position.map { try Self.position($0, among: rows) } ?? old.position
      guard label != old.label || position != old.position else { return }
      try connection.execute("UPDATE reference_value SET label = \(label), version = version + 1 WHERE id = \(old.id)")
      try place(old.id, at: position, among: rows, connection)
      let change = Change(from: properties(list, old.code, old.label, old.position), to: properties(list, code, label, position))
      try recorder.log(.list, "listes", old.id, change, version: old.version + 1, connection)
    }
  }

  /// Adds a value to an open list; its code is made from its label unless one is given.
  /// - Throws: `Refusal`, for a closed list too: rules are written on its codes.
  public func add(_ name: String, label: String, code: String? = nil, position: Int? = nil) async throws {
    let list = try list(name)
    guard !list.isClosed else { throw Refusal("La liste « \(name) » est fermée : ses valeurs se renomment, il ne s’en ajoute pas.") }
    try await database.write { connection in
      let rows = try rows(of: list, connection)
      let label = try Self.label(label, among: rows)
      let code = code ?? Fold.code(label)
      guard !code.isEmpty, code == Fold.code(code), code != ReferenceValue.unknown.code else {
        throw Refusal("« \(code) » n’est pas un code : lettres sans accent en minuscules, chiffres et _.")
      }
      guard !rows.contains(where: { $0.code == code || Fold.key($0.label) == code }) else {
        throw Refusal("La liste a déjà une valeur « \(code) ».")
      }
      try list.append(ReferenceValue(code: code, label: label), connection)
      let all = try self.rows(of: list, connection)
      guard let new = all.first(where: { $0.code == code }) else { return }
      let position = try position.map { try Self.position($0, among: all) } ?? new.position
      try place(new.id, at: position, among: all, connection)
      let change = Change(from: [:], to: properties(list, code, label, position))
      try recorder.log(.list, "listes", new.id, change, version: new.version, connection)
    }
  }

  private struct Value {
    let id: Int64
    let code: String
    let label: String
    /// Counted, for what is stored may have gaps.
    let position: Int
    let version: Int
  }

  private func rows(of list: ReferenceList, _ connection: any Connection) throws -> [Value] {
    let rows = try connection.rows("SELECT id, code, label, version FROM reference_value WHERE list = \(list.name) ORDER BY position, code")
    return try rows.enumerated().map { index, row in
      Value(id: try row[0], code: try row[1], label: try row[2], position: index + 1, version: try row[3])
    }
  }

  /// What people write in files is found by label as well as by code: two values cannot share one.
  private static func label(_ text: String, among others: [Value]) throws -> String {
    let label = text.trimmingCharacters(in: .whitespacesAndNewlines)
    guard !label.isEmpty, label.count <= 200 else { throw Refusal("Donnez un libellé de 1 à 200 caractères.") }
    guard !others.contains(where: { [Fold.key($0.label), $0.code].contains(Fold.key(label)) }) else {
      throw Refusal("Une autre valeur de la liste s’appelle déjà « \(label) ».")
    }
    return label
  }

  private static func position(_ position: Int, among rows: [Value]) throws -> Int {
    guard (1...rows.count).contains(position) else { throw Refusal("Donnez une position de 1 à \(rows.count).") }
    return position
  }

  private func place(_ id: Int64, at position: Int, among rows: [Value], _ connection: any Connection) throws {
    var order = rows.map(\.id).filter { $0 != id }
    order.insert(id, at: position - 1)
    for (index, id) in order.enumerated() {
      try connection.execute("UPDATE reference_value SET position = \(index + 1) WHERE id = \(id) AND position <> \(index + 1)")
    }
  }

  private func properties(_ list: ReferenceList, _ code: String, _ label: String, _ position: Int) -> Properties {
    ["liste": .text(list.name), "code": .text(code), "libelle": .text(label), "position": .int(position)]
  }
}
