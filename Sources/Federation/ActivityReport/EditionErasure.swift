import Records
import Store

/// What somebody who asked to be forgotten had taken out of a published edition: a photo, or the name under a quote. Its figures stay.
public struct EditionErasure: Sendable {
  public enum Part: String, Codable, Sendable, SQLCodable {
    case photo = "photo"
    case name = "nom"
  }

  /// What may be taken out of a block of an edition.
  public static func part(of block: WrittenReport.Block) -> Part? {
    switch block.nature {
    case .photo where block.photo != nil: .photo
    case .quote where block.speaker != nil: .name
    case .people where !(block.people ?? []).isEmpty: .name
    default: nil
    }
  }

  public let part: Part
  public let at: Instant
  /// Who did it, by the name of the account.
  public let author: String?

  /// Those of an edition, as they came.
  public static func all(in edition: ReportEdition, _ connection: any Connection) throws -> [EditionErasure] {
    try connection.rows(
      """
      SELECT e.part, e.at, a.name FROM report_edition_erasure e LEFT JOIN account a ON a.id = e.account_id
      WHERE e.edition_id = \(edition.id) ORDER BY e.at, e.block_id
      """
    ).map { EditionErasure(part: try $0[0], at: try $0[1], author: try $0[2]) }
  }

  /// An edition's content changes only with a row that says from which digest: whoever held the former one finds what became of it.
  static let migration = Migration(
    "202611220410-activity-report",
    [
      """
      CREATE TABLE report_edition_erasure (
        edition_id \(.id) NOT NULL REFERENCES report_edition (id) DEFERRABLE INITIALLY DEFERRED,
        block_id \(.id) NOT NULL, part \(.text) NOT NULL, at \(.instant) NOT NULL, account_id \(.id), former_digest \(.text) NOT NULL,
        PRIMARY KEY (edition_id, block_id, part)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      "\(sqlite: "DROP TRIGGER report_edition_no_update", postgres: "DROP TRIGGER report_edition_append_only ON report_edition")",
      """
      \(sqlite: """
        CREATE TRIGGER report_edition_no_update BEFORE UPDATE ON report_edition
        WHEN NEW.id IS NOT OLD.id OR NEW.year IS NOT OLD.year OR NEW.number IS NOT OLD.number OR NEW.published_at IS NOT OLD.published_at
          OR NEW.published_on IS NOT OLD.published_on OR NEW.account_id IS NOT OLD.account_id
          OR NOT EXISTS (SELECT 1 FROM report_edition_erasure e WHERE e.edition_id = OLD.id AND e.former_digest = OLD.digest)
        BEGIN SELECT RAISE(ABORT, 'report_edition is append-only'); END
        """,
        postgres: """
          CREATE FUNCTION refuse_change_but_erasure() RETURNS trigger LANGUAGE plpgsql AS
          $$ BEGIN
            IF TG_OP = 'UPDATE'
              AND (NEW.id, NEW.year, NEW.number, NEW.published_at, NEW.published_on, NEW.account_id)
                IS NOT DISTINCT FROM (OLD.id, OLD.year, OLD.number, OLD.published_at, OLD.published_on, OLD.account_id)
              AND EXISTS (SELECT 1 FROM report_edition_erasure e WHERE e.edition_id = OLD.id AND e.former_digest = OLD.digest)
            THEN RETURN NEW; END IF;
            RAISE EXCEPTION 'report_edition is append-only';
          END $$
          """)
      """,
      """
      \(sqlite: "CREATE INDEX report_edition_erasure_digest ON report_edition_erasure (former_digest)",
        postgres: """
          CREATE TRIGGER report_edition_append_only BEFORE UPDATE OR DELETE ON report_edition
          FOR EACH ROW EXECUTE FUNCTION refuse_change_but_erasure()
          """)
      """,
    ] + Migration.appendOnly("report_edition_erasure"))
}

extension Operation {
  public static let erasure = Operation(rawValue: "effacement")
}
