import Store

extension Setting {
  /// An amount that a federation fixes, in euros; nothing until it has.
  public static func euros(_ name: String, help: String, default value: String = "", decimals: Int = 2) -> Setting {
    Setting(name, help: "\(help), en euros (exemple : 12,50 ; vide : non fixé)", default: value) { text, _ in
      guard !text.allSatisfy(\.isWhitespace) else { return "" }
      let amount = try Thousandths.reading(text)
      guard amount <= 10_000_000, decimals > 2 || amount.isMultiple(of: 10) else {
        throw Refusal("Donnez un montant en euros de 10 000 au plus, avec \(decimals) décimales au plus.")
      }
      return Thousandths.text(amount)
    }
  }
}

extension Settings {
  /// For settings made by `Setting.euros`: thousandths of a euro; `nil` while the federation has fixed none.
  public func thousandths(_ setting: Setting, on day: CivilDate) -> Int? { try? Thousandths.reading(text(setting, on: day)) }

  /// The same in cents.
  public func cents(_ setting: Setting, on day: CivilDate) -> Int? { thousandths(setting, on: day).map { $0 / 10 } }
}
