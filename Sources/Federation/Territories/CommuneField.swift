import Records
import Store

/// What fields need to know to name communes.
protocol CommuneContext: RecordContext {
  var gazetteer: Gazetteer { get }
}

extension Field where Context: CommuneContext {
  /// A commune, by what a form offers, by its INSEE code or by its name: a name is looked up once the rest of the record is known.
  static func commune(_ path: any WritableKeyPath<Draft, String?> & Sendable) -> Field {
    .value("commune", label: "Commune", path, input: .record(of: "communes"), print: { code, _ in code }) { text, reading in
      guard text.count <= 200 else { throw Refusal("\(text.count) caractères : 200 au plus") }
      return reading.context.gazetteer.offered(text)?.code ?? text
    }
  }
}
