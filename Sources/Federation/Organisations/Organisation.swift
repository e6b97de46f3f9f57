import Records
import Store

/// Somebody a federation works with that is not a team: ARS, CPAM, commune, school… (DIR-11).
public enum Organisation {}

extension ReferenceList {
  /// The kinds of organisation.
  public static let organisationNature = ReferenceList(
    "organisation_nature", label: "Nature d’organisation",
    seeds: [
      Seed("ars", "ARS"), Seed("ars_delegation", "Délégation départementale de l’ARS"), Seed("cpam", "CPAM"), Seed("dcgdr", "DCGDR"),
      Seed("msa", "MSA"), Seed("conseil_departemental", "Conseil départemental"), Seed("conseil_regional", "Conseil régional"),
      Seed("commune", "Commune"), Seed("epci", "Intercommunalité"), Seed("prefecture", "Préfecture"),
      Seed("contrat_local_sante", "Contrat local de santé"), Seed("dac", "Dispositif d’appui à la coordination"),
      Seed("urps", "URPS"), Seed("grades", "GRADeS"), Seed("structure_appui", "Structure régionale d’appui"),
      Seed("hopital", "Établissement de santé"), Seed("ecole", "École ou faculté"), Seed("editeur", "Éditeur de logiciel"),
      Seed("cabinet_juridique", "Cabinet juridique"), Seed("association", "Association"), Seed("federation", "Fédération"),
      Seed("gestionnaire_cds", "Gestionnaire de centres de santé"), Seed("autre", "Autre"),
    ])
}

extension Capability {
  static let organisations = Capability(
    "organisations", migrations: [Organisation.migration, Organisation.mergeMigration], lists: [.organisationNature],
    kinds: [OrganisationRecords()],
    derived: [
      DerivedData("organisation_fold", version: 1, rebuild: OrganisationFolds.rebuild, faults: OrganisationFolds.faults)
    ])
}

extension Organisation {
  static let migration = Migration(
    "202611211025-organisations",
    [
      """
      CREATE TABLE organisation (
        id \(.id) PRIMARY KEY, reference \(.text) NOT NULL, nature \(.text) NOT NULL, name \(.text) NOT NULL,
        name_fold \(.text) NOT NULL, address \(.text), postcode \(.text), commune \(.text) REFERENCES commune (code),
        phone \(.text), email \(.text), version \(.int) NOT NULL DEFAULT 1, removed_at \(.instant)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      "CREATE UNIQUE INDEX organisation_reference ON organisation (reference) WHERE removed_at IS NULL",
      "CREATE INDEX organisation_name ON organisation (name_fold)",
      // The départements that it follows.
      """
      CREATE TABLE organisation_department (
        organisation_id \(.id) NOT NULL REFERENCES organisation (id), department \(.text) NOT NULL REFERENCES department (code),
        PRIMARY KEY (organisation_id, department)
      ) \(sqlite: "STRICT", postgres: "")
      """,
    ])
}

enum OrganisationFolds {
  static func rebuild(_ connection: any Connection) throws {
    for row in try stale(connection) {
      try connection.execute("UPDATE organisation SET name_fold = \(row.fold) WHERE id = \(row.id)")
    }
  }

  static func faults(_ connection: any Connection) throws -> [String] {
    try stale(connection).isEmpty ? [] : ["Les textes de recherche des organisations ne sont plus à jour."]
  }

  private static func stale(_ connection: any Connection) throws -> [(id: Identifier<Organisation>, fold: String)] {
    try connection.rows("SELECT id, name, name_fold FROM organisation").compactMap { row in
      let fold = Fold.key(try row[1] as String)
      return fold == (try row[2] as String) ? nil : (try row[0], fold)
    }
  }
}
