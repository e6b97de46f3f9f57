import Foundation
import Store

/// Changes the settings of a federation and what is computed from them: each change in one transaction, with its event.
public struct SettingEditor: Sendable {
  private let model: Model
  private let database: any Database
  private let ids: IdentifierSource
  private let recorder: Recorder

  /// - Parameter actor: the account that acts; `nil` for a command run by hand.
  public init(
    _ model: Model, _ database: any Database, ids: IdentifierSource, now: @escaping @Sendable () -> Date, actor: Int64?
  ) {
    self.model = model
    self.database = database
    self.ids = ids
    recorder = Recorder(ids: ids, now: now, actor: actor)
  }

  /// Gives a value, from a day on or since ever; it holds until the day of the next one.
  /// - Throws: `Refusal`.
  public func set(_ name: String, to text: String, since day: CivilDate? = nil) async throws {
    let setting = try setting(name)
    try await database.write { connection in
      try change(setting, to: try setting.normalise(text, connection), since: day ?? .distantPast, connection)
    }
  }

  /// Takes back the value that was given from a day on: the one before it goes on.
  /// - Throws: `Refusal` when no value was given from that day.
  public func remove(_ name: String, since day: CivilDate) async throws {
    let setting = try setting(name)
    try await database.write { connection in
      guard try change(setting, to: nil, since: day, connection) else {
        throw Refusal("Le réglage « \(name) » n’a pas de valeur depuis le \(day).")
      }
    }
  }

  /// Gives a value that the program chooses and nobody may: whether the database is a demonstration.
  public func setUnchecked(_ setting: Setting, to value: String) async throws {
    try await database.write { try change(setting, to: value, since: .distantPast, $0) }
  }

  private func setting(_ name: String) throws -> Setting {
    guard let setting = model.settings.first(where: { $0.name == name }) else {
      throw Refusal("Le réglage « \(name) » n’existe pas ; réglages : \(model.settings.map(\.name).joined(separator: ", ")).")
    }
    return setting
  }

  /// - Returns: `false` when it is so already.
  @discardableResult
  private func change(_ setting: Setting, to value: String?, since day: CivilDate, _ connection: any Connection) throws -> Bool {
    let row = try connection.first("SELECT id, version, value FROM setting_value WHERE name = \(setting.name) AND since = \(day)")
    let old: String? = try row?[2]
    guard old != value else { return false }
    let id: Identifier<Setting> = try row?[0] ?? ids.next()
    if let value {
      try connection.execute(
        """
        INSERT INTO setting_value (id, name, since, value) VALUES (\(id), \(setting.name), \(day), \(value))
        ON CONFLICT (name, since) DO UPDATE SET value = excluded.value, version = setting_value.version + 1
        """)
    } else {
      try connection.execute("DELETE FROM setting_value WHERE id = \(id)")
    }
    func properties(_ value: String?) -> Properties {
      guard let value else { return [:] }
      return ["reglage": .text(setting.name), "depuis": .text(day.description), "valeur": .text(value)]
    }
    try recorder.log(
      .setting, "reglages", id.rawValue, Change(from: properties(old), to: properties(value)),
      version: try row.map { try $0[1] + 1 } ?? 1, connection)
    if setting.changesDerivedData {
      for derived in model.capabilities.flatMap(\.derived) where derived.followsSettings { try derived.rebuild(connection) }
    }
    return true
  }
}
