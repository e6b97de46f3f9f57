import Records
import Store
import Tables

/// Somebody at a meeting: of the directory, of the house, or a name that is neither's.
enum Attendee: Hashable, Sendable, Codable {
  case person(Identifier<Person>)
  case account(Identifier<Account>)
  case name(String)

  init(_ person: Identifier<Person>?, _ account: Identifier<Account>?, _ name: String?) {
    self = person.map(Self.person) ?? account.map(Self.account) ?? .name(name ?? "")
  }

  var columns: (person: Identifier<Person>?, account: Identifier<Account>?, name: String?) {
    switch self {
    case .person(let id): (id, nil, nil)
    case .account(let id): (nil, id, nil)
    case .name(let name): (nil, nil, name)
    }
  }
}

extension Field where Draft == MeetingRecords.Draft, Context == MeetingRecords.Context {
  /// People found by reference, address or name, then accounts; others are kept as they are written, with a warning.
  static func attendees(
    _ name: String, label: String, _ path: any WritableKeyPath<Draft, [Attendee]> & Sendable
  ) -> Field {
    Field(
      name, label: label, input: .records(of: Naming.people.rawValue),
      parse: { text, draft, reading in
        var attendees: [Attendee] = []
        for part in text.split(separator: "|").map(\.withoutSpacesAround) where !part.isEmpty {
          let attendee = try Self.attendee(part, &reading)
          if !attendees.contains(attendee) { attendees.append(attendee) }
        }
        draft[keyPath: path] = attendees
      },
      print: { draft, context in
        draft[keyPath: path].map { attendee in
          switch attendee {
          case .person(let id): context.people.reference(of: id)
          case .account(let id): context.accounts.reference(of: id)
          case .name(let name): name
          }
        }.joined(separator: "|")
      },
      merge: { new, old in if !new[keyPath: path].isEmpty { old[keyPath: path] = new[keyPath: path] } },
      clear: { $0[keyPath: path] = [] })
  }

  private static func attendee(_ text: String, _ reading: inout Reading<Context>) throws -> Attendee {
    if let person = reading.context.people.identifier(text) {
      reading.tell(of: text, reading.context.people.successorReference(text))
      return .person(person)
    }
    if let account = reading.context.accounts.identifier(text) { return .account(account) }
    guard text.count <= 200 else { throw Refusal("\(text.count) caractères : 200 au plus") }
    let namesakes = reading.context.people.namesakes(text)
    guard !reading.isForm || namesakes.isEmpty else { throw Refusal(Naming.doubt(text, namesakes)) }
    reading.warn("« \(text) » : personne inconnue, gardée comme un nom")
    return .name(text)
  }
}
