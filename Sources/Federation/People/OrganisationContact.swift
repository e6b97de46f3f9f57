import Records
import Store

extension ReferenceList {
  /// What a person does in an organisation that is not a team (DIR-11).
  public static let organisationFunction = ReferenceList(
    "organisation_function", label: "Fonction dans l’organisation",
    seeds: [
      Seed("direction", "Direction"), Seed("direction_adjointe", "Direction adjointe"), Seed("delegue", "Délégué départemental"),
      Seed("referent_exercice_coordonne", "Référent de l’exercice coordonné"), Seed("charge_mission", "Chargé de mission"),
      Seed("presidence", "Présidence"), Seed("elu", "Élu"), Seed("medecin_conseil", "Médecin-conseil"),
      Seed("coordination", "Coordination"), Seed("enseignement", "Enseignement"), Seed("support", "Support client"),
      Seed("secretariat", "Secrétariat"), Seed("autre", "Autre"),
    ])
}

/// A person's function in an organisation, with the départements followed (DIR-11).
public struct OrganisationContact: Sendable, Equatable {
  public let id: Identifier<OrganisationContact>
  public let organisation: String
  public let personID: Identifier<Person>
  public let person: String
  /// A code of `ReferenceList.organisationFunction`.
  public let function: String
  public let since: CivilDate?
  /// The last day included; `nil` when it has no end.
  public let through: CivilDate?

  /// Who follows a département on a day. A contact without départements follows those of the organisation.
  public static func following(
    _ department: String, on day: CivilDate, _ connection: any Connection
  ) throws -> [OrganisationContact] {
    try contacts(where: "\(follows(department)) AND k.since <= \(day) AND \(day) < k.until", connection)
  }

  /// The functions that were held for a département and that nobody holds on the day: each with who held it last.
  public static func vacancies(
    in department: String, on day: CivilDate, _ connection: any Connection
  ) throws -> [OrganisationContact] {
    let ended = try contacts(where: "\(follows(department)) AND k.until <= \(day)", connection)
    let held = Set(try following(department, on: day, connection).map(\.post))
    var last: [String: OrganisationContact] = [:]
    for contact in ended where !held.contains(contact.post) {
      if let other = last[contact.post], other.through ?? .openEnd >= contact.through ?? .openEnd { continue }
      last[contact.post] = contact
    }
    return last.values.sorted { ($0.organisation, $0.function) < ($1.organisation, $1.function) }
  }

  /// Those of one organisation, the present ones first.
  static func of(_ organisation: Identifier<Organisation>, _ connection: any Connection) throws -> [OrganisationContact] {
    try contacts(where: "o.id = \(organisation)", connection).sorted { ($0.through ?? .openEnd) > ($1.through ?? .openEnd) }
  }

  /// Whose contact it is, in the bin or not.
  public static func organisation(
    of contact: Identifier<OrganisationContact>, _ connection: any Connection
  ) throws -> Identifier<Organisation>? {
    try connection.value("SELECT organisation_id FROM organisation_contact WHERE id = \(contact)")
  }

  /// Two people may hold it one after the other, or together.
  private var post: String { "\(organisation)|\(function)" }

  private static func follows(_ department: String) -> SQL {
    """
    (EXISTS (SELECT 1 FROM organisation_contact_department d WHERE d.contact_id = k.id AND d.department = \(department))
      OR (NOT EXISTS (SELECT 1 FROM organisation_contact_department d WHERE d.contact_id = k.id)
        AND EXISTS (SELECT 1 FROM organisation_department d WHERE d.organisation_id = o.id AND d.department = \(department))))
    """
  }

  private static func contacts(where condition: SQL, _ connection: any Connection) throws -> [OrganisationContact] {
    try connection.rows(
      """
      SELECT o.name, COALESCE(p.first_name || ' ' || p.last_name, p.last_name), k.function, k.since, k.until, k.id, p.id
      FROM organisation_contact k
      JOIN organisation o ON o.id = k.organisation_id AND o.removed_at IS NULL
      JOIN person p ON p.id = k.person_id AND p.removed_at IS NULL
      WHERE k.removed_at IS NULL AND \(condition) ORDER BY o.name_fold, k.function, p.name_fold, k.since
      """
    ).map { row in
      let (since, until): (CivilDate, CivilDate) = (try row[3], try row[4])
      return OrganisationContact(
        id: try row[5], organisation: try row[0], personID: try row[6], person: try row[1], function: try row[2],
        since: since == .distantPast ? nil : since,
        through: until == .openEnd ? nil : until.previous)
    }
  }

  static let migration = Migration(
    "202611211418-people",
    [
      """
      CREATE TABLE organisation_contact (
        id \(.id) PRIMARY KEY, organisation_id \(.id) NOT NULL REFERENCES organisation (id),
        person_id \(.id) NOT NULL REFERENCES person (id), function \(.text) NOT NULL,
        since \(.date) NOT NULL, until \(.date) NOT NULL,
        version \(.int) NOT NULL DEFAULT 1, removed_at \(.instant), CHECK (since < until)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      """
      CREATE UNIQUE INDEX organisation_contact_key ON organisation_contact (organisation_id, person_id, function, since)
      WHERE removed_at IS NULL
      """,
      "CREATE INDEX organisation_contact_person ON organisation_contact (person_id)",
      """
      CREATE TABLE organisation_contact_department (
        contact_id \(.id) NOT NULL REFERENCES organisation_contact (id), department \(.text) NOT NULL REFERENCES department (code),
        PRIMARY KEY (contact_id, department)
      ) \(sqlite: "STRICT", postgres: "")
      """,
    ])
}
