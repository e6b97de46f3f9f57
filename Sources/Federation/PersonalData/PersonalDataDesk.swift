import Foundation
import Records
import Store

/// What the direction does with people's own data: forgets them, at their demand or when their time is over.
public struct PersonalDataDesk: Sendable {
  private let installation: Installation
  private let actor: Account

  /// How many are anonymised at a time: each is looked for in the whole database.
  public static let mostAtOnce = 50
  /// What somebody types to say that they mean it.
  public static let word = "anonymiser"

  public init(_ installation: Installation, actor: Account) {
    self.installation = installation
    self.actor = actor
  }

  public struct Order: Sendable {
    public let people: [Identifier<Person>]
    /// The codes of the texts to mend.
    public let texts: [String]
    public let accounts: [Identifier<Account>]
    public let reason: Erasure.Reason

    public init(
      _ people: [Identifier<Person>], texts: [String] = [], accounts: [Identifier<Account>] = [], because reason: Erasure.Reason
    ) {
      (self.people, self.texts, self.accounts, self.reason) = (people, texts, accounts, reason)
    }
  }

  private func expectMeant(_ word: String) throws {
    guard actor.role.scope(.write, .personalData) == .all else { throw Refusal("Seule la direction anonymise une personne.") }
    guard Fold.key(word.trimmingCharacters(in: .whitespaces)) == Self.word else {
      throw FieldRefusal("mot", "Écrivez le mot « \(Self.word) » pour confirmer.")
    }
  }

  /// Anonymises requests whose time is over, all or none. It cannot be taken back; an older archive brings them back to the list of those
  /// to erase.
  /// - Throws: `FieldRefusal` (`mot`), `Refusal`.
  public func erase(_ contacts: [Identifier<FirstContact>], confirmedBy word: String) async throws {
    try expectMeant(word)
    guard !contacts.isEmpty else { throw Refusal("Aucune demande n’est cochée.") }
    try await installation.database.write { [installation, actor] connection in
      let moment = installation.now()
      let recorder = Recorder(ids: installation.ids, now: { moment }, actor: actor.id.rawValue)
      try FirstContact.erase(contacts, on: Settings(connection).today(moment), recorder, connection)
    }
  }

  /// Anonymises all of them or nobody. It cannot be taken back.
  /// - Parameter word: `PersonalDataDesk.word`, however it is typed.
  /// - Returns: whether the list beside the database has them too; else an older archive would bring them back.
  /// - Throws: `FieldRefusal` (`mot`), `Refusal`.
  public func erase(_ order: Order, confirmedBy word: String) async throws -> Bool {
    try expectMeant(word)
    guard !order.people.isEmpty else { throw Refusal("Personne n’est coché.") }
    guard order.people.count <= Self.mostAtOnce else { throw Refusal("Cochez \(Self.mostAtOnce) personnes au plus à la fois.") }
    guard !order.accounts.contains(actor.id) else {
      throw Refusal("On n’anonymise pas son propre compte : demandez-le à un autre compte de direction.")
    }
    let moment = installation.now()
    try await installation.database.write { [installation, actor] connection in
      let eraser = PersonEraser(
        model: installation.model, ids: installation.ids, moment: moment, actor: actor.id.rawValue, connection: connection)
      let own = try order.people.count == 1 ? Set(PersonAccount.all(of: order.people[0], connection).map(\.id)) : []
      for account in order.accounts where own.contains(account) { _ = try eraser.close(account, because: order.reason) }
      if !order.accounts.isEmpty { try installation.accounts.expectDirection(connection) }
      for person in order.people { _ = try eraser.erase(person, because: order.reason, mending: order.texts) }
    }
    return await installation.keepErasures()
  }
}

/// An account that is likely a person's own: it has their address, or their name.
public struct PersonAccount: Sendable {
  public let id: Identifier<Account>
  public let name: String
  public let email: String
  /// Whether it is by the address, which is one person's.
  public let isCertain: Bool

  static func all(of person: Identifier<Person>, _ connection: any Connection) throws -> [PersonAccount] {
    guard let named = try NamedPerson(person, connection) else { return [] }
    return try all(of: named, connection)
  }

  static func all(of person: NamedPerson, _ connection: any Connection) throws -> [PersonAccount] {
    try connection.rows(
      """
      SELECT a.id, a.name, a.email FROM account a
      WHERE NOT EXISTS (SELECT 1 FROM erasure e WHERE e.kind = 'comptes' AND e.record_id = a.id) ORDER BY a.id
      """
    ).compactMap { row in
      let (name, email): (String, String) = (try row[1], try row[2])
      guard person.isReached(at: email) || person.isCalled(name) else { return nil }
      return PersonAccount(id: try row[0], name: name, email: email, isCertain: person.isReached(at: email))
    }
  }
}

extension Installation {
  /// Writes whom the database has forgotten to the list beside it.
  /// - Returns: whether it is written; where no list is kept, there is nothing to write.
  public func keepErasures() async -> Bool {
    guard let erasureList else { return true }
    do {
      try erasureList.keep(try await database.read { try Erasure.all($0) })
      return true
    } catch {
      return false
    }
  }

  /// Forgets again, in a database restored from an archive, whom the list knows and the archive does not.
  /// - Returns: how many.
  public func forgetAgain(_ list: [Erasure], _ connection: any Connection) throws -> Int {
    var count = 0
    for erasure in list where try Erasure.of(erasure.record, kind: erasure.kind, connection) == nil {
      let eraser = PersonEraser(
        model: model, ids: ids, moment: erasure.at.date, actor: erasure.account, connection: connection)
      switch erasure.kind {
      case Erasure.accounts:
        try Erasure.accountSeries.pass(erasure.number, connection)
        if try eraser.close(Identifier(rawValue: erasure.record), because: erasure.reason, number: erasure.number) != nil { count += 1 }
      default:
        try Erasure.personSeries.pass(erasure.number, connection)
        guard try connection.first("SELECT 1 FROM person WHERE id = \(erasure.record)") != nil else { continue }
        _ = try eraser.erase(
          Identifier(rawValue: erasure.record), because: erasure.reason, mending: erasure.texts, number: erasure.number)
        count += 1
      }
    }
    return count
  }
}
