import Records
import Store

/// How one is reached. A form refuses what is plainly something else; of a file it is told, for the rest of the line is worth having.
extension Field {
  /// However it is spelt: abroad, with an extension, two of them.
  /// - Parameter takesShort: « 15 », « 3114 », « 116117 »: a service has such a number, nobody else.
  static func phone(_ path: any WritableKeyPath<Draft, String?> & Sendable, takesShort: Bool = false) -> Field {
    contact(
      "telephone", label: "Téléphone", path, limit: 40,
      "n’est pas un numéro de téléphone complet : il faut dix chiffres, ou + et l’indicatif du pays"
    ) { PhoneNumber.stands(in: $0) || (takesShort && PhoneNumber.isShort($0)) }
  }

  /// With `https://` before it, `http://`, or nothing: no other address is ever opened from a page.
  static func website(_ path: any WritableKeyPath<Draft, String?> & Sendable) -> Field {
    contact("site_web", label: "Site web", path, limit: 200, "n’est pas l’adresse d’un site : écrivez-la comme https://www.exemple.fr") {
      $0.wholeMatch(of: /(?i)(https?:\/\/)?[\p{L}\p{N}-]+(\.[\p{L}\p{N}-]+)*\.\p{L}{2,}(:[0-9]+)?([\/?#]\S*)?/) != nil
    }
  }

  private static func contact(
    _ name: String, label: String, _ path: any WritableKeyPath<Draft, String?> & Sendable, limit: Int, _ fault: String,
    _ isOne: @escaping @Sendable (String) -> Bool
  ) -> Field {
    .value(name, label: label, path, input: .line(limit: limit), print: { text, _ in text }) { text, reading in
      guard text.count <= limit else { throw Refusal("\(text.count) caractères : \(limit) au plus") }
      if !isOne(text) {
        let sentence = "« \(text) » \(fault)"
        guard !reading.isForm else { throw Refusal(sentence) }
        reading.warn(sentence, about: name)
      }
      return text
    }
  }
}

/// Numbers that can be dialled, as people write them.
enum PhoneNumber {
  /// Whether a whole number stands in a text: a French one of ten digits, or one with the code of its country, of 8 to 15.
  static func stands(in text: String) -> Bool {
    let parts = text.split(separator: /[^0-9+(). \-\u{A0}\u{202F}]+/)
    return ([text[...]] + parts).contains { part in
      let number = part.replacing("(0)", with: "").replacing(/[^0-9+]/, with: "")
      // Two French ones may stand side by side.
      return number.wholeMatch(of: /(0[1-9][0-9]{8})+|(\+|00)33[1-9][0-9]{8}|(\+|00)(?!33)[1-9][0-9]{7,14}/) != nil
    }
  }

  /// « 15 », « 3114 », « 116117 ».
  static func isShort(_ text: String) -> Bool {
    text.replacing(/[ .]/, with: "").wholeMatch(of: /1[0-9]|[13][0-9]{3}|11[68][0-9]{3}/) != nil
  }
}
