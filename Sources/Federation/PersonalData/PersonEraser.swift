import Foundation
import Records
import Store

/// Takes somebody out of the whole database, in the caller's transaction. Facts stay: an exchange that took place is counted as before,
/// with « Personne anonymisée n° 12 ».
struct PersonEraser {
  let model: Model
  let ids: IdentifierSource
  let moment: Date
  /// The account that erases; the one of back then when an archive is restored.
  let actor: Int64?
  let connection: any Connection

  var recorder: Recorder { Recorder(ids: ids, now: { [moment] in moment }, actor: actor) }

  /// - Parameters:
  ///   - texts: the codes of the texts to mend (`NamingText.code`).
  ///   - number: the one of back then.
  /// - Returns: those of the record and of the records merged into it.
  /// - Throws: `Refusal`.
  func erase(
    _ id: Identifier<Person>, because reason: Erasure.Reason, mending texts: [String], number: Int? = nil
  ) throws -> [Erasure] {
    guard let person = try NamedPerson(id, connection) else { throw Refusal("Cette personne n’existe pas.") }
    guard try Erasure.of(id.rawValue, connection) == nil else { throw Refusal("Cette personne est déjà anonymisée.") }
    // An archive may be of a time when it was merged: then it is forgotten alone.
    guard try number != nil || connection.first("SELECT 1 FROM person WHERE id = \(id) AND merged_into IS NOT NULL") == nil else {
      throw Refusal("Cette fiche a été fusionnée : anonymisez celle qui a été gardée, les deux le sont ensemble.")
    }
    let taken = try number ?? Erasure.personSeries.take(connection)
    let known = try Set(connection.rows(Erasure.forgottenPeople).map { try $0[0] as Int64 })
    // The one that was asked for stands first, with the texts.
    let erasures = ([id.rawValue] + person.ids.filter { $0 != id.rawValue }).filter { !known.contains($0) }.map { record in
      Erasure(
        id: ids.next(), kind: Erasure.people, record: record, number: taken, at: Instant(moment), account: actor, reason: reason,
        texts: record == id.rawValue ? texts : [])
    }
    for erasure in erasures { try erasure.insert(connection) }
    // While the person's record still has its name.
    let isAlone = try !person.hasHomonym(connection)
    try FirstContact.forget(person, as: erasures[0].title, recorder, connection)
    try mend(texts, naming: person, as: erasures[0])
    try empty(person, as: erasures[0])
    try PersonTraces(person: person, title: erasures[0].title, connection: connection).clear()
    // A signature is a name alone: where two people have it, somebody who reads the page of the report takes it away.
    for name in isAlone ? person.writtenNames : [] {
      let subject = EditionErasure.Subject.person(try ForgottenPerson(name, connection))
      try ReportDesk.withdraw(subject, at: moment, by: actor, recorder, connection)
    }
    return erasures
  }

  /// The records themselves, which stay behind the facts that name them, and are in no list any more.
  private func empty(_ person: NamedPerson, as erasure: Erasure) throws {
    try connection.execute(
      """
      UPDATE person SET reference = \(erasure.reference), last_name = \(erasure.title), first_name = NULL, email = NULL, phone = NULL,
        rpps = NULL, name_fold = \(PersonFolds.name(last: erasure.title, first: nil)),
        removed_at = COALESCE(removed_at, \(Instant(moment)))
      WHERE id IN \(list: person.ids)
      """)
    try recorder.noteErasure(of: person.ids, PersonRecords(), connection)
    for id in person.ids {
      try Recorder.forget(["reference", "lastName", "firstName", "email", "phone", "rpps"], of: id, kind: Erasure.people, connection)
    }
    // What was agreed to is over with whoever agreed.
    let today = try Settings(connection).today(moment)
    try connection.execute(
      """
      UPDATE consent SET withdrawn_on = CASE WHEN given_on > \(today) THEN given_on ELSE \(today) END, version = version + 1
      WHERE withdrawn_on IS NULL AND person_id IN \(list: person.ids)
      """)
    // Nobody asks them any more, nor knows when they were away.
    try connection.execute(
      """
      DELETE FROM facilitator_absence WHERE facilitator_id IN (SELECT w.id FROM facilitator w WHERE w.person_id IN \(list: person.ids))
      """)
    try connection.execute(
      """
      UPDATE facilitator SET department = NULL, commune = NULL, radius = NULL, training = NULL, note = NULL,
        removed_at = COALESCE(removed_at, \(Instant(moment)))
      WHERE person_id IN \(list: person.ids)
      """)
    let profiles: [Int64] = try connection.rows("SELECT id FROM facilitator WHERE person_id IN \(list: person.ids) ORDER BY id").map {
      try $0[0]
    }
    if !profiles.isEmpty {
      try recorder.noteErasure(of: profiles, FacilitatorRecords(), connection)
      for id in profiles {
        try Recorder.forget(
          ["department", "commune", "radius", "absences", "training", "note"], of: id, kind: FacilitatorRecords().name, connection)
      }
    }
    // Published editions keep what the records behind their figures were called.
    try connection.execute(
      """
      UPDATE report_edition_source SET reference = \(erasure.reference), label = CASE WHEN label IS NULL THEN NULL ELSE \(erasure.title) END,
        fold = CASE WHEN fold IS NULL THEN NULL ELSE \(Fold.key(erasure.title)) END
      WHERE kind = 'personnes' AND record_id IN \(list: person.ids)
      """)
  }

  // MARK: - Texts that somebody ticked

  private func mend(_ codes: [String], naming person: NamedPerson, as erasure: Erasure) throws {
    var changed: [String: Set<Int64>] = [:]
    var comments: Set<Int64> = []
    for code in codes {
      let parts = code.split(separator: ":").map(String.init)
      guard parts.count == 3, let place = TextPlace.place(parts[0]) else { continue }
      if place.code == TextPlace.typedName.code {
        guard let owner = Identifier<Exchange>(parts[1]), let number = Int64(parts[2]) else { continue }
        try renameTyped(in: owner, number, person, erasure)
        changed["echanges", default: []].insert(owner.rawValue)
      } else if let owner = Identifier<Person>(parts[1])?.rawValue, let row = Identifier<Person>(parts[2])?.rawValue,
        try mend(place, row, person, erasure)
      {
        if let kind = place.kind { changed[kind, default: []].insert(place.isPart ? owner : row) }
        if place.table == RecordComment.table { comments.insert(row) }
      }
    }
    for (name, records) in changed.sorted(by: { $0.key < $1.key }) {
      try recorder.noteErasure(of: records.sorted(), model.kind(name), connection)
    }
    if !comments.isEmpty { changed[RecordComment.auditKind] = comments }
    guard !changed.isEmpty else { return }
    // What the histories of those records keep of the texts goes as well, last names alone included.
    try Recorder.forget(connection) { kind, record, text in
      changed[kind]?.contains(record) == true && !person.mentions(in: text).isEmpty
    }
  }

  /// - Returns: whether the text named the person.
  private func mend(_ place: TextPlace, _ row: Int64, _ person: NamedPerson, _ erasure: Erasure) throws -> Bool {
    if place.code == TextPlace.tag.code { return try mendTags(of: row, person) }
    let (table, column) = (SQL(unsafeText: place.table), SQL(unsafeText: place.column))
    let text: String? = try connection.value("SELECT \(column) FROM \(table) WHERE id = \(row) AND \(column) IS NOT NULL")
    guard let text else { return false }
    // Whoever signs a whole field keeps a name of their own there, so that two authors stay two.
    let mended = person.isCalled(text) ? erasure.title : person.mended(text)
    guard mended != text else { return false }
    try connection.execute("UPDATE \(table) SET \(column) = \(mended) WHERE id = \(row)")
    if let folded = place.folded {
      try connection.execute("UPDATE \(table) SET \(SQL(unsafeText: folded.column)) = \(folded.fold(mended)) WHERE id = \(row)")
    }
    return true
  }

  /// - Returns: whether one of the team's tags named the person.
  private func mendTags(of team: Int64, _ person: NamedPerson) throws -> Bool {
    let tags: [String] = try connection.rows("SELECT tag FROM structure_tag WHERE structure_id = \(team)").map { try $0[0] }
    let naming = tags.filter { !person.mentions(in: $0).isEmpty }
    for tag in naming {
      try connection.execute("DELETE FROM structure_tag WHERE structure_id = \(team) AND tag = \(tag)")
      try connection.execute(
        """
        INSERT INTO structure_tag (structure_id, tag) VALUES (\(team), \(String(person.mended(tag).prefix(StructureTag.longest))))
        ON CONFLICT DO NOTHING
        """)
    }
    return !naming.isEmpty
  }

  /// A name that is nobody's record: counted as one person before, and as one after.
  private func renameTyped(in exchange: Identifier<Exchange>, _ number: Int64, _ person: NamedPerson, _ erasure: Erasure) throws {
    let name: String? = try connection.value(
      "SELECT name FROM exchange_person WHERE exchange_id = \(exchange) AND number = \(number) AND name IS NOT NULL")
    guard let name, !person.mentions(in: name).isEmpty else { return }
    // Several spellings were several people in the count: they stay so, each with the place that it had.
    let renamed = "\(erasure.title) (\(Identifier<Person>(rawValue: number & Int64.max)))"
    try connection.execute(
      """
      UPDATE exchange_person SET name = \(renamed), number = \(Named<Person>.name(renamed).number)
      WHERE exchange_id = \(exchange) AND number = \(number)
      """)
  }

  // MARK: - Accounts

  /// Closes an account and leaves a number where its person was; what they did stays done, by « Compte fermé n° 3 ».
  func close(_ id: Identifier<Account>, because reason: Erasure.Reason, number: Int? = nil) throws -> Erasure? {
    guard let row = try connection.first("SELECT name, email FROM account WHERE id = \(id)"),
      try Erasure.of(id.rawValue, kind: Erasure.accounts, connection) == nil
    else { return nil }
    let (name, email): (String, String) = (try row[0], try row[1])
    let erasure = Erasure(
      id: ids.next(), kind: Erasure.accounts, record: id.rawValue, number: try number ?? Erasure.accountSeries.take(connection),
      at: Instant(moment), account: actor, reason: reason)
    try erasure.insert(connection)
    for table in [
      "session", "account_link", "waiting_entrance", "personal_key", "second_factor_use", "second_factor_key", "recovery_code",
      "second_factor", "passkey", "record_watcher", "notice", "notice_choice",
    ] {
      try connection.execute("DELETE FROM \(SQL(unsafeText: table)) WHERE account_id = \(id)")
    }
    // The domain is nobody's (RFC 2606).
    try connection.execute(
      """
      UPDATE account SET name = \(erasure.title), email = \("compte-ferme-\(erasure.number)@anonyme.invalid"), password_hash = '',
        closed_at = COALESCE(closed_at, \(Instant(moment))), version = version + 1 WHERE id = \(id)
      """)
    try connection.execute(
      "UPDATE exchange SET author = \(erasure.title), author_code = \(Fold.code(erasure.title)) WHERE author_id = \(id)")
    try Recorder.forget(["nom", "courriel", "cle_acces"], of: id.rawValue, kind: Accounts.auditKind, connection)
    let person = NamedPerson(ids: [], names: [Self.parts(of: name)], emails: [email])
    try renameMentions(of: id, [name, email], as: erasure.title)
    try Recorder.forget(connection) { kind, _, text in ["echanges", RecordComment.auditKind].contains(kind) && person.isNamed(in: text) }
    // Messages and jobs know the account by its address.
    try PersonTraces(person: NamedPerson(ids: [], names: [], emails: [email]), title: erasure.title, connection: connection).clear()
    try recorder.log(.erasure, Accounts.auditKind, id.rawValue, connection)
    return erasure
  }

  /// « @Claire Vasseur » calls nobody any more.
  private func renameMentions(of account: Identifier<Account>, _ names: [String], as title: String) throws {
    for row in try connection.rows(
      "SELECT m.id, m.text FROM comment m JOIN comment_mention x ON x.comment_id = m.id WHERE x.account_id = \(account)")
    {
      let (comment, text): (Int64, String) = (try row[0], try row[1])
      let pieces = CommentText.pieces(of: text, mentioning: names).map { piece -> String in
        switch piece {
        case .text(let text), .address(let text): text
        case .mention: "@\(title)"
        }
      }
      try connection.execute("UPDATE comment SET text = \(pieces.joined()) WHERE id = \(comment)")
    }
  }

  /// An account has one name: its last word is taken for the last name.
  static func parts(of name: String) -> (first: String?, last: String) {
    let words = name.split(separator: " ")
    return (words.count > 1 ? words.dropLast().joined(separator: " ") : nil, words.last.map(String.init) ?? name)
  }
}
