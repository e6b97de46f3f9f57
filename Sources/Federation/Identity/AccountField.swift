import Records
import Store

/// What fields that name an account need to know.
protocol AccountContext: RecordContext {
  var accounts: NameIndex<Account> { get }
}

extension Field where Context: AccountContext {
  /// Who somebody is: an account, or a name when nobody of it signs in.
  static func account(
    _ name: String, label: String, _ path: any WritableKeyPath<Draft, Named<Account>?> & Sendable
  ) -> Field {
    .value(
      name, label: label, path, input: .record(of: Naming.accounts.rawValue),
      print: { named, context in
        switch named {
        case .record(let id): context.accounts.reference(of: id)
        case .name(let name): name
        }
      },
      parse: { text, reading in
        if let id = reading.context.accounts.identifier(text) { return .record(id) }
        guard text.count <= 200 else { throw Refusal("\(text.count) caractères : 200 au plus") }
        reading.warn("« \(text) » n’a pas de compte, gardé comme un nom")
        return .name(text)
      })
  }
}

extension Named {
  /// As two columns hold it: the record, or the name.
  init?(_ record: Identifier<Subject>?, _ name: String?) {
    guard let named = record.map(Self.record) ?? name.map(Self.name) else { return nil }
    self = named
  }

  var columns: (record: Identifier<Subject>?, name: String?) {
    switch self {
    case .record(let id): (id, nil)
    case .name(let name): (nil, name)
    }
  }
}

extension NameIndex where Subject == Account {
  init(accounts connection: any Connection) throws {
    self.init(
      try connection.rows("SELECT id, email, name FROM account ORDER BY id").map {
        Entry(id: try $0[0], reference: try $0[1], email: nil, names: [try $0[2]])
      })
  }
}
