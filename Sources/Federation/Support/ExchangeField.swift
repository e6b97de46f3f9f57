import Records
import Store

/// What fields need to know to name an exchange.
protocol ExchangeContext: RecordContext {
  var exchanges: NameIndex<Exchange> { get }
}

extension Field where Context: ExchangeContext {
  /// The exchange of which a record was born.
  static func exchange(_ path: any WritableKeyPath<Draft, Identifier<Exchange>?> & Sendable) -> Field {
    .value("echange", label: "Échange", path, print: { id, context in context.exchanges.reference(of: id) }) { text, reading in
      guard let exchange = reading.context.exchanges.identifier(text) else {
        throw Refusal("« \(text.prefix(80)) » : aucun échange de cette référence")
      }
      return exchange
    }
  }
}

extension NameIndex<Exchange> {
  /// By their references; one without is known by its identifier.
  init(exchanges connection: any Connection) throws { try self.init("1 = 1", connection) }

  /// Those that a form names, and those that its record holds.
  init(exchanges connection: any Connection, named texts: [String], or held: SQL) throws {
    try self.init(
      """
      e.id IN (SELECT id FROM exchange WHERE reference IN \(list: texts) AND removed_at IS NULL
        UNION ALL SELECT value FROM \(list: texts.compactMap { Identifier<Exchange>($0) }) i UNION ALL \(held))
      """, connection)
  }

  private init(_ condition: SQL, _ connection: any Connection) throws {
    self.init(
      try connection.rows("SELECT e.id, e.reference FROM exchange e WHERE \(condition)").map { row in
        let id: Identifier<Exchange> = try row[0]
        return Entry(id: id, reference: try row[1] ?? id.description, email: nil, names: [id.description])
      })
  }
}
