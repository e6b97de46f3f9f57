import Records
import Store

/// What fields need to know to name somebody of the directory.
protocol PersonContext: RecordContext {
  var people: PersonIndex { get }
}

extension Field where Context: PersonContext {
  /// Somebody of the directory, by reference, address or name.
  static func person(_ path: any WritableKeyPath<Draft, Identifier<Person>?> & Sendable) -> Field {
    .value(
      "personne", label: "Personne", path, isRequired: true, input: .record(of: Naming.people.rawValue),
      print: { id, context in context.people.reference(of: id) }, parse: { text, reading in try reading.person(text) })
  }
}

extension Reading where Context: PersonContext {
  /// - Throws: `Refusal` when nobody is meant, or several.
  mutating func person(_ text: String) throws -> Identifier<Person> {
    guard let person = context.people.identifier(text) else {
      let doubts = context.people.namesakes(text)
      throw Refusal(
        doubts.isEmpty ? "« \(text.prefix(80)) » : personne inconnue, ajoutez-la d’abord à l’annuaire" : Naming.doubt(text, doubts))
    }
    tell(of: text, context.people.successorReference(text))
    return person
  }
}
