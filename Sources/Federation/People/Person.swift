import Records
import Store

/// A professional or anybody else a federation knows by name (DIR-04).
public enum Person {}

extension ReferenceList {
  public static let profession = ReferenceList(
    "profession", label: "Profession",
    seeds: [
      Seed("medecin_generaliste", "Médecin généraliste"), Seed("medecin_specialiste", "Médecin spécialiste"),
      Seed("infirmier", "Infirmier"), Seed("ipa", "Infirmier en pratique avancée"), Seed("kinesitherapeute", "Masseur-kinésithérapeute"),
      Seed("pharmacien", "Pharmacien"), Seed("orthophoniste", "Orthophoniste"), Seed("sage_femme", "Sage-femme"),
      Seed("chirurgien_dentiste", "Chirurgien-dentiste"), Seed("podologue", "Pédicure-podologue"), Seed("dieteticien", "Diététicien"),
      Seed("psychologue", "Psychologue"), Seed("ergotherapeute", "Ergothérapeute"), Seed("psychomotricien", "Psychomotricien"),
      Seed("orthoptiste", "Orthoptiste"), Seed("assistant_medical", "Assistant médical"), Seed("mediateur", "Médiateur en santé"),
      Seed("coordinateur", "Coordinateur"), Seed("autre", "Autre"),
    ])

  /// What a person does in a team.
  public static let function = ReferenceList(
    "function", label: "Fonction",
    seeds: [
      Seed("membre", "Membre"), Seed("coordinateur", "Coordinateur"), Seed("leader", "Leader"), Seed("gerant", "Gérant de SISA"),
      Seed("cogerant", "Cogérant de SISA"), Seed("president", "Président"), Seed("referent_qualite", "Référent qualité"),
      Seed("referent_si", "Référent système d’information"), Seed("maitre_de_stage", "Maître de stage"),
      Seed("porteur_de_projet", "Porteur de projet"),
    ])
}

extension Capability {
  static let people = Capability(
    "people", migrations: [Person.migration, OrganisationContact.migration, Person.mergeMigration],
    lists: [.profession, .function, .organisationFunction, PersonQuality.list],
    kinds: [PersonRecords(), FunctionRecords(), ContactRecords()],
    derived: [DerivedData("person_fold", version: 1, rebuild: PersonFolds.rebuild, faults: PersonFolds.faults)])
}

extension Person {
  static let migration = Migration(
    "202611211026-people",
    [
      """
      CREATE TABLE person (
        id \(.id) PRIMARY KEY, reference \(.text) NOT NULL, last_name \(.text) NOT NULL, first_name \(.text),
        name_fold \(.text) NOT NULL, profession \(.text), commune \(.text) REFERENCES commune (code), email \(.text),
        phone \(.text), rpps \(.text), version \(.int) NOT NULL DEFAULT 1, removed_at \(.instant)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      "CREATE UNIQUE INDEX person_reference ON person (reference) WHERE removed_at IS NULL",
      "CREATE INDEX person_name ON person (name_fold, id)",
      // A person may hold several functions in several teams, each with its dates.
      """
      CREATE TABLE person_function (
        id \(.id) PRIMARY KEY, person_id \(.id) NOT NULL REFERENCES person (id),
        structure_id \(.id) NOT NULL REFERENCES structure (id), function \(.text) NOT NULL,
        since \(.date) NOT NULL, until \(.date) NOT NULL,
        version \(.int) NOT NULL DEFAULT 1, removed_at \(.instant), CHECK (since < until)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      """
      CREATE UNIQUE INDEX person_function_key ON person_function (person_id, structure_id, function, since) WHERE removed_at IS NULL
      """,
      "CREATE INDEX person_function_structure ON person_function (structure_id)",
    ])
}

/// The column by which people are sorted and found: last name, then first name.
enum PersonFolds {
  static func name(last: String, first: String?) -> String {
    Fold.key([last, first ?? ""].joined(separator: " "))
  }

  static func rebuild(_ connection: any Connection) throws {
    for row in try stale(connection) { try connection.execute("UPDATE person SET name_fold = \(row.fold) WHERE id = \(row.id)") }
  }

  static func faults(_ connection: any Connection) throws -> [String] {
    try stale(connection).isEmpty ? [] : ["Les textes de recherche des personnes ne sont plus à jour."]
  }

  private static func stale(_ connection: any Connection) throws -> [(id: Identifier<Person>, fold: String)] {
    try connection.rows("SELECT id, last_name, first_name, name_fold FROM person").compactMap { row in
      let fold = name(last: try row[1], first: try row[2])
      return fold == (try row[3] as String) ? nil : (try row[0], fold)
    }
  }
}

typealias PersonIndex = NameIndex<Person>

extension NameIndex where Subject == Person {
  /// - Parameter only: a subquery of identifiers: no other one is spoken of.
  init(people connection: any Connection, only: SQL? = nil) throws {
    let among: SQL = only.map { "AND id IN (\($0))" } ?? ""
    self.init(
      try connection.rows("SELECT id, reference, email, last_name, first_name FROM person WHERE removed_at IS NULL \(among) ORDER BY id")
        .map {
          row in
          let (last, first): (String, String?) = (try row[3], try row[4])
          let names = first.map { ["\(last) \($0)", "\($0) \(last)"] } ?? [last]
          return Entry(id: try row[0], reference: try row[1], email: try row[2], names: names)
        }, binned: try BinnedRecords("SELECT id, reference, merged_into FROM person WHERE removed_at IS NOT NULL \(among)", connection))
  }
}
