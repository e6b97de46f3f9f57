import Store

extension Person {
  /// The person of the directory whose address an account has; of an address that several share, nobody: a mailbox is not a person.
  static func of(_ account: Account) -> SQL {
    """
    SELECT MIN(o.id) FROM person o WHERE o.removed_at IS NULL AND LOWER(o.email) = LOWER(\(account.email)) HAVING count(*) = 1
    """
  }
}

extension Account {
  func person(_ connection: any Connection) throws -> Identifier<Person>? { try connection.value(Person.of(self)) }
}
