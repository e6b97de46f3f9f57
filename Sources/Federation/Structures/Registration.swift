import Records

/// Numbers that public registers give, checked by their key.
enum Registration {
  /// FINESS: nine characters, Luhn once Corsica's `2A` and `2B` are read as 21 and 22.
  /// - Throws: `Refusal`.
  static func finess(_ text: String) throws -> String {
    let number = text.filter { !$0.isWhitespace }.uppercased()
    let digits = number.replacing("A", with: "1").replacing("B", with: "2")
    guard digits.count == 9, digits.allSatisfy(\.isDigit), number.dropFirst(2).allSatisfy(\.isDigit), luhn(digits) else {
      throw Refusal("« \(text) » n’est pas un numéro FINESS (neuf caractères, clé comprise)")
    }
    return number
  }

  /// SIRET: fourteen digits, Luhn, or for La Poste a sum of digits that is a multiple of five.
  /// - Throws: `Refusal`.
  static func siret(_ text: String) throws -> String {
    let number = text.filter { !$0.isWhitespace }
    let isPost = number.hasPrefix("356000000") && number.compactMap(\.wholeNumberValue).reduce(0, +) % 5 == 0
    guard number.count == 14, number.allSatisfy(\.isDigit), luhn(number) || isPost else {
      throw Refusal("« \(text) » n’est pas un numéro SIRET (quatorze chiffres, clé comprise)")
    }
    return number
  }

  /// RPPS: eleven digits, Luhn. A warning only: not every number in use passes.
  static func isRPPS(_ number: String) -> Bool {
    number.count == 11 && number.allSatisfy(\.isDigit) && luhn(number)
  }

  private static func luhn(_ digits: String) -> Bool {
    let sum = digits.reversed().enumerated().reduce(0) { sum, pair in
      let digit = pair.element.wholeNumberValue ?? 0
      guard pair.offset % 2 == 1 else { return sum + digit }
      return sum + (digit * 2 > 9 ? digit * 2 - 9 : digit * 2)
    }
    return sum % 10 == 0
  }
}

extension Character {
  fileprivate var isDigit: Bool { isASCII && isNumber }
}

/// An address of electronic mail, in the lower case in which it is compared.
public enum EmailAddress {
  /// - Throws: `Refusal` unless it looks like one address.
  public static func reading(_ text: String) throws -> String {
    let address = text.lowercased()
    guard address.count <= 254, address.wholeMatch(of: /[^@\s<>,;"]+@[^@\s<>,;"]+\.[^@\s<>,;".]{2,}/) != nil else {
      throw Refusal("« \(text) » n’est pas une adresse de courriel")
    }
    return address
  }
}
