import Records
import Store

/// How one is reached. A form refuses what is plainly something else; of a file it is told, for the rest of the line is worth having.
extension Field {
  /// However it is spelt: abroad, with an extension, two of them.
  static func phone(_ path: any WritableKeyPath<Draft, String?> & Sendable) -> Field {
    contact("telephone", label: "Téléphone", path, limit: 40, "n’est pas un numéro de téléphone : il faut des chiffres") { text in
      text.contains { $0.isASCII && $0.isNumber }
    }
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
