import Foundation
import Records
import Store

extension AttemptLimit {
  /// Passkeys shown from one place.
  static let passkeyClient = AttemptLimit(name: "connexion.cle", count: 40, window: 900)
  /// Questions asked from one place: each opening of the page of the door asks one.
  static let challengeClient = AttemptLimit(name: "connexion.defi", count: 200, window: 900)
}

extension Accounts {
  /// The site as authenticators know it; `nil` where browsers have no passkeys.
  public var relyingParty: RelyingParty? { RelyingParty(siteURL: letters.site) }

  private static let noPasskeys = Refusal("Les clés d’accès demandent un site en https, sous son nom : entrez par votre mot de passe.")
  private static let late = Refusal("Le délai est passé : recommencez avec votre clé d’accès.")
  /// One sentence for a key that nobody has, another site's and a forged one.
  private static let opensNothing = Refusal("Cette clé d’accès n’ouvre aucun compte ici : entrez par votre mot de passe.")
  private static let uncounted = Refusal(
    """
    Cette clé d’accès a été refusée : son compteur est revenu en arrière, comme celui d’une clé copiée. Entrez par votre mot de passe, \
    puis retirez-la dans « Mon compte ».
    """)

  // MARK: - At the door

  /// What a browser at the door asks its authenticators.
  /// - Parameter browser: the secret that ties the page of the door to it.
  /// - Throws: `Refusal`, `TooManyAttempts`.
  public func askPasskey(of browser: String, from origin: Origin) async throws -> PasskeyRequest {
    guard let site = relyingParty else { throw Self.noPasskeys }
    return try await database.write { [ids, now] connection in
      _ = try Attempt.take([Attempt(.challengeClient, origin.client ?? "")], at: now(), ids: ids, connection)
      let challenge = try PasskeyChallenge.make(.signIn, for: browser, at: now(), connection)
      return PasskeyRequest(challenge: challenge, rpId: site.id)
    }
  }

  /// Signs in by a passkey. One that has recognised its owner is both factors; after another one the code is asked for where there is one.
  /// - Parameter answer: `nil` for what could not be read.
  /// - Throws: `Refusal`, `TooManyAttempts`.
  public func signIn(passkey answer: PasskeyAssertion?, browser: String, from origin: Origin) async throws -> Entrance {
    guard let site = relyingParty else { throw Self.noPasskeys }
    let entries = try await database.write { [ids, now] connection in
      try Attempt.take([Attempt(.passkeyClient, origin.client ?? "")], at: now(), ids: ids, connection)
    }
    guard let answer, let client = try? PasskeyClientData(answer.clientData, type: "webauthn.get", for: site) else {
      throw Self.opensNothing
    }
    // Used up by whatever comes back: nothing is tried twice on one question.
    let (isOurs, known) = try await database.write { [now] connection in
      let isOurs = try PasskeyChallenge.use(client.challenge, .signIn, of: browser, at: now(), connection)
      return (isOurs, try KnownPasskey(answer.credential, connection))
    }
    guard isOurs else { throw Self.late }
    guard let known, answer.holder == Passkey.handle(of: known.account),
      let said = try? AuthenticatorData(answer.authenticatorData, for: site), said.made == nil,
      said.isBackupEligible == known.isBackupEligible, known.key.accepts(answer.signature, of: answer.message)
    else { throw Self.opensNothing }
    let entrance = try await database.write { connection -> Entrance? in
      guard try count(said, by: known, connection) else { return nil }
      try Attempt.forget(entries, connection)
      guard said.isVerified else { return try admit(known.account, from: origin, connection) }
      let secret = try Session.open(for: known.account, from: origin, at: now(), ids: ids, connection)
      return Entrance(secret: secret, awaitsCode: false)
    }
    guard let entrance else { throw Self.uncounted }
    return entrance
  }

  /// Notes a use of a passkey whose signature was right.
  /// - Returns: `false` when it has signed less often than it had, or as often: there are two of it.
  private func count(_ said: AuthenticatorData, by passkey: KnownPasskey, _ connection: any Connection) throws -> Bool {
    // Of two answers at once, the one that counted less came from elsewhere.
    let isNew = said.counter == 0 && passkey.counter == 0 || said.counter > passkey.counter
    let noted =
      try isNew
      && connection.execute(
        """
        UPDATE passkey SET counter = \(said.counter), used_at = \(Instant(now())), verifies = (verifies OR \(said.isVerified))
        WHERE id = \(passkey.id) AND (counter < \(said.counter) OR \(said.counter) + counter = 0)
        """) == 1
    if !noted { try note(.passkeyDoubt, on: passkey.account, by: nil, connection) }
    return noted
  }

  // MARK: - One's own

  /// What the session's browser asks its authenticators to make, once its owner has shown the password.
  /// - Throws: `FieldRefusal` (`actuel_acces`, `nom_acces`), `TooManyAttempts`, `TooManyWaiting`, `Refusal`.
  public func offerPasskey(named name: String, in session: Session, password: String) async throws -> PasskeyCreation {
    guard let site = relyingParty else { throw Self.noPasskeys }
    _ = try Passkey.name(name, field: "nom_acces")
    let account = session.account
    try await Self.expectRoom(of: account.id, database)
    try await expectPassword(password, in: session, field: "actuel_acces")
    return try await database.write { [now] connection in
      let settings = try Settings(connection)
      let known: [String] = try connection.rows("SELECT credential FROM passkey WHERE account_id = \(account.id)").map { try $0[0] }
      return PasskeyCreation(
        challenge: try PasskeyChallenge.make(.registration, for: session.id.description, at: now(), connection),
        rp: .init(id: site.id, name: settings.text(.federationName, on: settings.today(now()))),
        user: .init(id: Base64URL.text(Passkey.handle(of: account.id)), name: account.email, displayName: account.name),
        excludeCredentials: known.map { .init(id: $0) })
    }
  }

  /// Keeps a passkey that the session's browser has made, and tells its owner by mail.
  /// - Parameter answer: `nil` for what could not be read.
  /// - Returns: the session's fresh secret.
  /// - Throws: `FieldRefusal` (`nom_acces`), `Refusal`.
  public func addPasskey(_ answer: PasskeyAttestation?, named name: String, in session: Session) async throws -> String {
    guard let site = relyingParty else { throw Self.noPasskeys }
    let (name, account) = (try Passkey.name(name, field: "nom_acces"), session.account)
    let unread = Refusal("Cette clé d’accès n’a pas pu être lue : recommencez, ou essayez un autre appareil.")
    guard let answer, let client = try? PasskeyClientData(answer.clientData, type: "webauthn.create", for: site) else { throw unread }
    let isOurs = try await database.write { [now] connection in
      try PasskeyChallenge.use(client.challenge, .registration, of: session.id.description, at: now(), connection)
    }
    guard isOurs else { throw Refusal("Le délai est passé : recommencez l’ajout de la clé d’accès.") }
    guard let said = try? answer.read(for: site), let made = said.made, let key = try? PasskeyPublicKey(cose: made.key) else {
      throw unread
    }
    try await Self.expectRoom(of: account.id, database)
    return try await database.write { connection in
      let moment = Instant(now())
      let added = try connection.execute(
        """
        INSERT INTO passkey (id, account_id, credential, algorithm, public_key, counter, verifies, is_backup_eligible, name, made_at)
        VALUES (\(ids.next(Passkey.self)), \(account.id), \(Base64URL.text(made.credential)), \(key.algorithm.rawValue), \(key.bytes),
          \(said.counter), \(said.isVerified), \(said.isBackupEligible), \(name), \(moment))
        ON CONFLICT DO NOTHING
        """)
      guard added == 1 else { throw Refusal("Cette clé d’accès est déjà enregistrée ici : choisissez-en une autre.") }
      try note(.passkeyCreation, on: account.id, by: account.id, to: [Self.audited: name], connection)
      try letters.tellPasskey(.init(account.email, name: account.name), name, isAdded: true, at: moment.date, connection)
      return try Session.renew(session.id, connection)
    }
  }

  /// What the audit trail calls the name of a passkey.
  private static let audited = "cle_acces"

  private static func expectRoom(of account: Identifier<Account>, _ database: any Database) async throws {
    let count: Int? = try await database.read { try $0.value("SELECT count(*) FROM passkey WHERE account_id = \(account)") }
    guard count ?? 0 < Passkey.mostOfOne else {
      throw Refusal("Vous avez déjà \(Passkey.mostOfOne) clés d’accès : retirez-en une avant d’en ajouter une autre.")
    }
  }

  /// - Throws: `FieldRefusal` (`nom-…`), `Refusal` when the account has no such passkey any more.
  public func renamePasskey(_ id: Identifier<Passkey>, to name: String, of account: Identifier<Account>) async throws {
    let name = try Passkey.name(name, field: "nom-\(id)")
    try await database.write { connection in
      let old = try Self.passkeyName(id, of: account, connection)
      guard old != name else { return }
      try connection.execute("UPDATE passkey SET name = \(name) WHERE id = \(id)")
      try note(.passkeyRenaming, on: account, by: account, from: [Self.audited: old], to: [Self.audited: name], connection)
    }
  }

  /// Takes a passkey back, as the account's owner asks who knows the password.
  /// - Returns: the session's fresh secret.
  /// - Throws: `FieldRefusal` (`actuel-…`), `TooManyAttempts`, `TooManyWaiting`, `Refusal`.
  public func removePasskey(_ id: Identifier<Passkey>, in session: Session, password: String) async throws -> String {
    try await expectPassword(password, in: session, field: "actuel-\(id)")
    let account = session.account
    return try await database.write { connection in
      let name = try Self.passkeyName(id, of: account.id, connection)
      try connection.execute("DELETE FROM passkey WHERE id = \(id)")
      try note(.passkeyRemoval, on: account.id, by: account.id, from: [Self.audited: name], connection)
      try letters.tellPasskey(.init(account.email, name: account.name), name, isAdded: false, at: now(), connection)
      return try Session.renew(session.id, connection)
    }
  }

  private static func passkeyName(
    _ id: Identifier<Passkey>, of account: Identifier<Account>, _ connection: any Connection
  ) throws -> String {
    let name: String? = try connection.value("SELECT name FROM passkey WHERE id = \(id) AND account_id = \(account)")
    guard let name else { throw Refusal("Cette clé d’accès n’est plus là : elle a été retirée.") }
    return name
  }
}
