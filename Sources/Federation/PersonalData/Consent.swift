import Records
import Store

/// That somebody agreed to something, on a day, to a text; and that they took it back (GDPR, article 7).
public struct Consent: Sendable {
  public let id: Identifier<Consent>
  /// A code of `ReferenceList.consentPurpose`.
  public let purpose: String
  public let givenOn: CivilDate
  /// A code of `ReferenceList.consentMethod`.
  public let method: String
  /// What the person was shown.
  public let wording: String
  /// Codes of `ReferenceList.publishedField`: what of them may be published.
  public let fields: [String]
  public let withdrawnOn: CivilDate?
  /// Who noted it; `nil` for a file that a command read.
  public let author: String?

  public func holds(on day: CivilDate) -> Bool { givenOn <= day && withdrawnOn.map { day < $0 } ?? true }

  /// Those of a person, the latest first.
  public static func all(of person: Identifier<Person>, _ connection: any Connection) throws -> [Consent] {
    try connection.rows(
      """
      SELECT c.id, c.purpose, c.given_on, c.method, c.wording, c.fields, c.withdrawn_on, (
        SELECT MIN(a.name) FROM image i JOIN event e ON e.id = i.event_id JOIN account a ON a.id = e.account_id
        WHERE i.kind = 'consentements' AND i.record_id = c.id AND i.created)
      FROM consent c WHERE c.person_id = \(person) AND c.removed_at IS NULL ORDER BY c.given_on DESC, c.id DESC
      """
    ).map { row in
      Consent(
        id: try row[0], purpose: try row[1], givenOn: try row[2], method: try row[3], wording: try row[4],
        fields: (try row[5] as String).split(separator: "|").map(String.init), withdrawnOn: try row[6], author: try row[7])
    }
  }

  /// What of a person may be published on a day: nothing that they have not agreed to, field by field.
  public static func published(of person: Identifier<Person>, on day: CivilDate, _ connection: any Connection) throws -> Set<String> {
    Set(
      try all(of: person, connection).filter { $0.purpose == ConsentRecords.publication && $0.holds(on: day) }.flatMap(\.fields))
  }

  /// Whose consent it is, in the bin or not.
  public static func person(of consent: Int64, _ connection: any Connection) throws -> Identifier<Person>? {
    try connection.value("SELECT person_id FROM consent WHERE id = \(consent)")
  }

  static let migration = Migration(
    "202611221251-personal-data",
    [
      """
      CREATE TABLE consent (
        id \(.id) PRIMARY KEY, person_id \(.id) NOT NULL REFERENCES person (id), purpose \(.text) NOT NULL, given_on \(.date) NOT NULL,
        method \(.text) NOT NULL, wording \(.text) NOT NULL, fields \(.text) NOT NULL, withdrawn_on \(.date),
        version \(.int) NOT NULL DEFAULT 1, removed_at \(.instant), CHECK (withdrawn_on >= given_on)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      "CREATE INDEX consent_person ON consent (person_id)",
      "CREATE UNIQUE INDEX consent_key ON consent (person_id, purpose, given_on) WHERE removed_at IS NULL",
    ])
}

extension ReferenceList {
  /// What one agrees to; the register has a sheet for each.
  public static let consentPurpose = ReferenceList(
    "consent_purpose", label: "Finalité du consentement",
    seeds: [
      Seed(ConsentRecords.publication, "Publication de coordonnées ou d’une photo"), Seed("lettres", "Lettre d’information"),
      Seed("mesure_ouverture", "Mesure de l’ouverture des lettres"), Seed("invitations", "Invitations aux évènements"),
      Seed(Unsubscription.purpose, "Courriels écrits à plusieurs personnes"),
    ])

  public static let consentMethod = ReferenceList(
    "consent_method", label: "Recueil du consentement",
    seeds: [
      Seed("formulaire_papier", "Formulaire signé"), Seed("formulaire_en_ligne", "Formulaire en ligne"), Seed("courriel", "Courriel"),
      Seed("oral", "De vive voix"),
    ])

  public static let publishedField = ReferenceList(
    "published_field", label: "Ce qui peut être publié",
    seeds: [
      Seed("nom", "Nom et prénom"), Seed("photo", "Photo"), Seed("profession", "Profession"), Seed("equipe", "Équipe"),
      Seed("courriel", "Courriel"), Seed("telephone", "Téléphone"),
    ])
}
