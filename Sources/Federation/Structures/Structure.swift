import Records
import Store

/// A team of coordinated primary care: MSP, CPTS, ESP, centre de santé (DIR-01).
public enum Structure {}

extension Capability {
  static let structures = Capability(
    "structures",
    migrations: [
      Structure.migration, Structure.rhythmMigration, Structure.spanMigration, Structure.entryMigration, PhaseRecords.migration,
      StructureSite.migration,
      Headcount.migration, Structure.typeMigration, Structure.entryStepMigration, Follower.migration, Structure.mergeMigration,
      Succession.migration, Software.migration, StructureTag.migration,
    ],
    lists: [
      StructureType.list, Stage.list, Facet.list, Situation.list, Phase.list, StructureQuality.list, ClapRule.list,
      SuccessionNature.list, .softwareLevel, Composition.list,
    ],
    settings: [.startMonths, .runningStage, .splitCities, .uncoveringStages, .unchangedStage, .clapYear]
      + Composition.settings,
    kinds: [
      StructureRecords(), StateRecords(), PhaseRecords(), SiteRecords(), HeadcountRecords(), TypeRecords(), FollowerRecords(),
      SuccessionRecords(),
    ],
    figures: Structure.figures + [Headcount.figure] + StateEntry.figures + [StateExit.figure, TypeChange.figure, StructureSite.figure]
      + Coverage.figures,
    derived: [
      DerivedData(
        "structure_span", version: 2, followsSettings: true, rebuild: StructureSpans.rebuild, faults: StructureSpans.faults),
      DerivedData("structure_type", version: 1, rebuild: { try CurrentTypes.settle($0) }, faults: CurrentTypes.faults),
      DerivedData("structure_entry", version: 2, rebuild: StateEntries.rebuild, faults: StateEntries.faults),
      DerivedData("structure_fold", version: 2, rebuild: StructureFolds.rebuild, faults: StructureFolds.faults),
    ])
}

extension Structure {
  static let migration = Migration(
    "202611211020-structures",
    [
      """
      CREATE TABLE structure (
        id \(.id) PRIMARY KEY, reference \(.text) NOT NULL, type \(.text) NOT NULL,
        name \(.text) NOT NULL, name_fold \(.text) NOT NULL, search_fold \(.text) NOT NULL,
        department \(.text) NOT NULL REFERENCES department (code), commune \(.text) REFERENCES commune (code),
        address \(.text), postcode \(.text), finess \(.text), siret \(.text), phone \(.text), email \(.text), website \(.text),
        software \(.text), professionals \(.int), doctors \(.int), population \(.int), notes \(.text),
        version \(.int) NOT NULL DEFAULT 1, removed_at \(.instant)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      "CREATE UNIQUE INDEX structure_reference ON structure (reference) WHERE removed_at IS NULL",
      "CREATE INDEX structure_name ON structure (name_fold, id)",
      // A site is a commune when its name is one, else what was written.
      """
      CREATE TABLE structure_site (
        structure_id \(.id) NOT NULL REFERENCES structure (id), position \(.int) NOT NULL, place \(.text) NOT NULL,
        PRIMARY KEY (structure_id, position)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      """
      CREATE TABLE coverage_claim (
        structure_id \(.id) NOT NULL REFERENCES structure (id), commune \(.text) NOT NULL REFERENCES commune (code),
        since \(.date) NOT NULL, until \(.date) NOT NULL,
        PRIMARY KEY (structure_id, commune, since)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      // What was declared; `structure_span` is what follows from it.
      """
      CREATE TABLE structure_state (
        id \(.id) PRIMARY KEY, structure_id \(.id) NOT NULL REFERENCES structure (id), state \(.text) NOT NULL,
        since \(.date) NOT NULL, until \(.date) NOT NULL, note \(.text),
        version \(.int) NOT NULL DEFAULT 1, removed_at \(.instant), CHECK (since < until)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      "CREATE UNIQUE INDEX structure_state_key ON structure_state (structure_id, state, since) WHERE removed_at IS NULL",
      """
      CREATE TABLE structure_span (
        structure_id \(.id) NOT NULL REFERENCES structure (id), since \(.date) NOT NULL, until \(.date) NOT NULL,
        counted \(.bool) NOT NULL, stage \(.text), situation \(.text), phase \(.text),
        PRIMARY KEY (structure_id, since)
      ) \(sqlite: "STRICT", postgres: "")
      """,
    ])
}

extension Structure {
  /// R7: the team's own rhythm of follow-up, over that of its phase.
  static let rhythmMigration = Migration(
    "202611211331-structures", ["ALTER TABLE structure ADD COLUMN follow_up_months \(.int) CHECK (follow_up_months >= 0)"])
}

extension Structure {
  /// Every list, page and figure asks what structures are on a day: the index answers alone.
  static let spanMigration = Migration(
    "202611220030-structures",
    [
      """
      CREATE INDEX structure_span_day ON structure_span (structure_id, until, since, counted, type, stage, situation, phase)
      """
    ])
}

/// The columns by which structures are sorted and found.
enum StructureFolds {
  static func search(name: String, reference: String, commune: String?, finess: String?) -> String {
    Fold.searchText([name, reference, commune, finess])
  }

  static func rebuild(_ connection: any Connection) throws {
    for row in try computed(connection) {
      try connection.execute("UPDATE structure SET name_fold = \(row.name), search_fold = \(row.search) WHERE id = \(row.id)")
    }
  }

  static func faults(_ connection: any Connection) throws -> [String] {
    let isStale = try computed(connection).contains { $0.name != $0.storedName || $0.search != $0.storedSearch }
    return isStale ? ["Les textes de recherche des structures ne sont plus à jour."] : []
  }

  private static func computed(
    _ connection: any Connection
  ) throws -> [(id: Identifier<Structure>, name: String, search: String, storedName: String, storedSearch: String)] {
    try connection.rows(
      """
      SELECT s.id, s.name, s.reference, c.name, s.finess, s.name_fold, s.search_fold
      FROM structure s LEFT JOIN commune c ON c.code = s.commune
      """
    ).map { row in
      let name: String = try row[1]
      let search = search(name: name, reference: try row[2], commune: try row[3], finess: try row[4])
      return (id: try row[0], name: Fold.key(name), search: search, storedName: try row[5], storedSearch: try row[6])
    }
  }
}
