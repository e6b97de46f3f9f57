import Foundation
import Store

/// A value that a federation sets for itself, with the default it starts with.
public struct Setting: Sendable {
  public let name: String
  public let help: String
  public let defaultValue: String
  /// Editing it changes states computed for every record, which are then rebuilt.
  public let changesDerivedData: Bool
  /// The value as it is kept.
  let normalise: @Sendable (String, any Connection) throws -> String

  public init(
    _ name: String, help: String, default defaultValue: String, changesDerivedData: Bool = false,
    normalise: @escaping @Sendable (String, any Connection) throws -> String = { text, _ in text }
  ) {
    self.name = name
    self.help = help
    self.defaultValue = defaultValue
    self.changesDerivedData = changesDerivedData
    self.normalise = normalise
  }

  public static func integer(
    _ name: String, help: String, default value: Int, in range: ClosedRange<Int>, changesDerivedData: Bool = false
  ) -> Setting {
    Setting(name, help: help, default: String(value), changesDerivedData: changesDerivedData) { text, _ in
      guard let number = Int(text), range.contains(number) else {
        throw Refusal("Donnez un nombre entier de \(range.lowerBound) à \(range.upperBound).")
      }
      return String(number)
    }
  }

  /// A question answered by `oui` or `non`.
  public static func yesOrNo(_ name: String, help: String, default value: String) -> Setting {
    Setting(name, help: "\(help) (oui ou non)", default: value) { text, _ in
      guard ["oui", "non"].contains(Fold.key(text)) else { throw Refusal("Répondez par oui ou non.") }
      return Fold.key(text)
    }
  }

  /// The value in force on a day, inside a statement.
  public func value(on day: CivilDate) -> SQL { value(onDayOf: "\(day)") }

  /// The same on the day that an expression gives.
  public func value(onDayOf day: SQL) -> SQL {
    """
    COALESCE((SELECT v.value FROM setting_value v WHERE v.name = \(name) AND v.since <= \(day) ORDER BY v.since DESC LIMIT 1),
      \(defaultValue))
    """
  }

  /// The number in force on a day, inside a statement; for settings made by `Setting.integer`.
  public func integerValue(on day: CivilDate) -> SQL { "CAST(\(value(on: day)) AS \(.int))" }
}

/// A clear French sentence for what is refused; safe to show.
public struct Refusal: Error, CustomStringConvertible, Equatable {
  public let sentence: String

  public init(_ sentence: String) {
    self.sentence = sentence
  }

  public var description: String { sentence }
}

extension Setting {
  public static let federationName = Setting("nom", help: "Nom de la fédération", default: "Ma fédération") { text, _ in
    let name = text.trimmingCharacters(in: .whitespacesAndNewlines)
    guard !name.isEmpty, name.count <= 120 else { throw Refusal("Donnez un nom de 1 à 120 caractères.") }
    return name
  }

  public static let timeZone = Setting("fuseau", help: "Fuseau horaire, qui décide du jour", default: "Europe/Paris") { text, _ in
    guard TimeZone(identifier: text) != nil else { throw Refusal("Le fuseau « \(text) » n’existe pas (exemple : Europe/Paris).") }
    return text
  }

  /// Set by `maillage demo`; only such a database may be reset, and it is never served on a public address.
  public static let isDemonstration = Setting("demonstration", help: "Base de démonstration (oui ou non)", default: "non") { _, _ in
    throw Refusal("Ce réglage est posé par « maillage demo » et ne se modifie pas.")
  }

  static let migrations = [
    Migration(
      "202611211001-settings",
      ["CREATE TABLE setting (name \(.text) PRIMARY KEY, value \(.text) NOT NULL) \(sqlite: "STRICT", postgres: "")"]),
    // A value holds from its day until the next one of its name; the first day of all stands for no date.
    Migration(
      "202611211320-dated-settings",
      [
        """
        CREATE TABLE setting_value (
          id \(.id) PRIMARY KEY, name \(.text) NOT NULL, since \(.date) NOT NULL, value \(.text) NOT NULL,
          version \(.int) NOT NULL DEFAULT 1, UNIQUE (name, since)
        ) \(sqlite: "STRICT", postgres: "")
        """,
        """
        INSERT INTO setting_value (id, name, since, value)
        SELECT row_number() OVER (ORDER BY name), name, '0001-01-01', value FROM setting
        """,
        "DROP TABLE setting",
      ]),
  ]
}
