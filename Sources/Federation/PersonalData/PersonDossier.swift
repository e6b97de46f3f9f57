import Foundation
import Records
import Store

/// Everything that is held on somebody, in every table: what the page of their data shows and what they are given (GDPR, article 15).
public struct PersonDossier: Sendable {
  /// So many rows of one kind, and what they are.
  public struct Held: Sendable {
    public let matter: Matter
    public let count: Int
  }

  public enum Matter: String, CaseIterable, Sendable {
    case functions, contacts, exchanges, meetings = "reunions", facilitations, facilitators = "facilitateurs", hours = "heures",
      expenses = "frais", introductions = "mises_en_relation", questions,
      firstContacts = "premiers_contacts", letters = "courriels",
      history, merged,
      imports, editions,
      words
    case messages, jobs, views, fileNames = "fichiers", waiting
  }

  public let id: Identifier<Person>
  public let reference: String
  public let name: String
  public let profession: String?
  public let commune: String?
  public let email: String?
  public let phone: String?
  public let rpps: String?
  public let isInBin: Bool
  public let held: [Held]
  public let texts: [NamingText]
  public let consents: [Consent]
  public let accounts: [PersonAccount]
  /// Other people of the directory who bear the same name.
  public let homonyms: [(id: Identifier<Person>, name: String)]
  /// The fields of the report and of its editions that name the person.
  public let signatures: Int
  public let person: NamedPerson

  /// Those that surely name the person; where somebody else bears the name, no text does.
  public var tickedTexts: [NamingText] { homonyms.isEmpty ? texts.filter(\.isCertain) : [] }

  /// `nil` when there is no such person, when they are merged into another, and once they are anonymised.
  public init?(_ id: Identifier<Person>, _ connection: any Connection) throws {
    let found = try connection.first(
      """
      SELECT p.reference, \(Person.fullName), p.profession, c.name, p.email, p.phone, p.rpps, p.removed_at, p.first_name, p.last_name
      FROM person p LEFT JOIN commune c ON c.code = p.commune
      WHERE p.id = \(id) AND p.merged_into IS NULL AND p.id NOT IN (\(Erasure.forgottenPeople))
      """)
    guard let row = found, let person = try NamedPerson(id, connection) else { return nil }
    self.id = id
    self.person = person
    (reference, name, profession, commune) = (try row[0], try row[1], try row[2], try row[3])
    (email, phone, rpps) = (try row[4], try row[5], try row[6])
    isInBin = (try row[7] as String?) != nil
    let traces = try Traces(person, connection)
    held = Matter.allCases.compactMap { matter in traces.counts[matter].flatMap { $0 > 0 ? Held(matter: matter, count: $0) : nil } }
    (accounts, homonyms, signatures) = (traces.accounts, traces.homonyms, traces.signatures)
    texts = try NamingText.all(naming: person, connection)
    consents = try Consent.all(of: id, connection)
  }
}

/// What is counted of somebody in one statement, and what a text must be read for.
private struct Traces {
  var counts: [PersonDossier.Matter: Int] = [:]
  var accounts: [PersonAccount] = []
  var homonyms: [(id: Identifier<Person>, name: String)] = []
  var signatures = 0
  /// Requests that only bear the name.
  private var named = 0

  init(_ person: NamedPerson, _ connection: any Connection) throws {
    typealias Matter = PersonDossier.Matter
    let ids: SQL = "IN \(list: person.ids)"
    let counted: [(Matter, SQL)] = [
      (.functions, "person_function t WHERE t.removed_at IS NULL AND t.person_id \(ids)"),
      (.contacts, "organisation_contact t WHERE t.removed_at IS NULL AND t.person_id \(ids)"),
      (.exchanges, "exchange_person t WHERE t.person_id \(ids)"), (.meetings, "meeting_attendee t WHERE t.person_id \(ids)"),
      (
        .facilitations,
        """
        facilitation t WHERE t.requester_id \(ids)
          OR t.id IN (SELECT y.facilitation_id FROM facilitation_person y WHERE y.person_id \(ids))
        """
      ),
      (.facilitators, "facilitator t WHERE t.removed_at IS NULL AND t.person_id \(ids)"),
      (.hours, "volunteer_hours t WHERE t.removed_at IS NULL AND t.person_id \(ids)"),
      (.expenses, "expense_claim t WHERE t.removed_at IS NULL AND t.person_id \(ids)"),
      (.questions, "expert_question t WHERE t.removed_at IS NULL AND t.expert_id \(ids)"),
      (.introductions, "introduction t WHERE t.removed_at IS NULL AND t.person_id \(ids)"),
      (.letters, "letter_recipient t WHERE t.person_id \(ids)"),
      (.history, "image t WHERE t.kind = 'personnes' AND t.record_id \(ids)"),
      (.merged, "person t WHERE t.merged_into \(ids)"),
      (.imports, "import_line t WHERE t.kind = 'personnes' AND t.record_id \(ids)"),
      (.editions, "report_edition_source t WHERE t.kind = 'personnes' AND t.record_id \(ids)"),
      (.words, "search_word t WHERE t.kind = 'personnes' AND t.record \(ids)"), (.waiting, "import_file t"),
    ]
    let read: [(String, SQL)] = [
      (Matter.messages.rawValue, "id, content || COALESCE(' ' || reason, '') FROM outbox"),
      (Matter.jobs.rawValue, "id, parameters || COALESCE(' ' || error, '') FROM job"),
      (Matter.views.rawValue, "id, name || '&q=' || query FROM saved_view"), (Matter.fileNames.rawValue, "id, name FROM attachment"),
      (Matter.fileNames.rawValue, "letter_id, name FROM letter_file"),
      (Matter.fileNames.rawValue, "id, file_name FROM import"),
      (Matter.firstContacts.rawValue, "t.id, \(FirstContact.signs) FROM first_contact t"),
      ("bloc", "id, COALESCE(speaker, '') || ' ; ' || COALESCE(lines, '') FROM report_block"),
      ("edition", "id, content FROM report_edition"),
      ("personne", "p.id, \(Person.fullName) FROM person p WHERE p.removed_at IS NULL"),
      (
        "compte",
        "a.id, a.name || '\n' || a.email FROM account a WHERE NOT EXISTS (SELECT 1 FROM erasure e WHERE e.kind = 'comptes' AND e.record_id = a.id)"
      ),
    ]
    let counts = counted.map { "SELECT \($0.0.rawValue) AS matter, count(*) AS number, NULL AS text FROM \($0.1)" as SQL }
    let texts = read.map { "SELECT \($0.0), \($0.1)" as SQL }
    try connection.forEach((counts + texts).joined(by: " UNION ALL ")) { row in
      let (matter, number, text): (String, Int64, String?) = (try row[0], try row[1], try row[2])
      guard let text else {
        if let matter = Matter(rawValue: matter) { self.counts[matter] = Int(number) }
        return
      }
      take(matter, number, text, person)
    }
    if homonyms.isEmpty, named > 0 { self.counts[.firstContacts, default: 0] += named }
  }

  private mutating func take(_ matter: String, _ number: Int64, _ text: String, _ person: NamedPerson) {
    switch matter {
    case "personne":
      if !person.ids.contains(number), person.isCalled(text) { homonyms.append((Identifier(rawValue: number), text)) }
    case "compte":
      let parts = text.split(separator: "\n").map(String.init)
      guard parts.count == 2, person.isReached(at: parts[1]) || person.isCalled(parts[0]) else { return }
      accounts.append(
        PersonAccount(id: Identifier(rawValue: number), name: parts[0], email: parts[1], isCertain: person.isReached(at: parts[1])))
    case PersonDossier.Matter.firstContacts.rawValue:
      switch FirstContact.belonging(text, to: person) {
      case .certain: counts[.firstContacts, default: 0] += 1
      case .byName: named += 1
      case nil: break
      }
    case "bloc", "edition": if person.isNamed(in: text.withoutEscapedBreaks) { signatures += 1 }
    case PersonDossier.Matter.views.rawValue:
      let words = text.split(separator: "&").compactMap { $0.split(separator: "=").last.map(String.init) }
      let isSought = words.contains { person.isSought(by: $0.replacing("+", with: " ").removingPercentEncoding ?? $0) }
      if isSought { counts[.views, default: 0] += 1 }
    default:
      if let matter = PersonDossier.Matter(rawValue: matter), person.isNamed(in: text.withoutEscapedBreaks) {
        counts[matter, default: 0] += 1
      }
    }
  }
}
