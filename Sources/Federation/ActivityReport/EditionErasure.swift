import Records
import Store

/// What somebody who asked to be forgotten had taken out of a published edition: a photo, or their name under a quote or in a list of
/// people. Its figures stay.
public struct EditionErasure: Sendable {
  public enum Part: String, Codable, Sendable, SQLCodable {
    case photo = "photo"
    case name = "nom"
  }

  /// What may be taken out of a block of an edition.
  public static func part(of block: WrittenReport.Block) -> Part? {
    switch block.nature {
    case .photo where block.photo != nil: .photo
    case .quote, .people: people(of: block).isEmpty ? nil : .name
    default: nil
    }
  }

  /// Whom a block names, once each: those among whom one is taken out.
  public static func people(of block: WrittenReport.Block) -> [ReportPerson] {
    let named: [ReportPerson] =
      switch block.nature {
      case .quote: block.speaker.map { [ReportPerson(name: $0, role: block.speakerRole)] } ?? []
      case .people: block.people ?? []
      default: []
      }
    var known: Set<String> = [Fold.key(ReportDesk.withdrawnName)]
    return named.filter { known.insert(Fold.key($0.name)).inserted }
  }

  public let part: Part
  public let at: Instant
  /// Who did it, by the name of the account.
  public let author: String?

  /// Those of an edition, as they came: one a request, of however many blocks it was.
  public static func all(in edition: ReportEdition, _ connection: any Connection) throws -> [EditionErasure] {
    let rows = try connection.rows(
      """
      SELECT e.part, e.at, a.name FROM report_edition_erasure e LEFT JOIN account a ON a.id = e.account_id
      WHERE e.edition_id = \(edition.id) ORDER BY e.at, e.block_id
      """)
    var erasures: [EditionErasure] = []
    for row in rows {
      let (mark, at, author): (String, Instant, String?) = (try row[0], try row[1], try row[2])
      guard let part = Part(mark: mark) else { continue }
      let isTold = erasures.contains { $0.part == part && $0.at == at && $0.author == author }
      if !isTold { erasures.append(EditionErasure(part: part, at: at, author: author)) }
    }
    return erasures
  }

  /// Notes what was taken out of a block, before the edition's content may change.
  static func note(
    _ part: Part, of block: Int64, in edition: ReportEdition, at moment: Instant, by actor: Int64?, _ connection: any Connection
  ) throws {
    let anyMark = "\(part.rawValue)%"
    let earlier: Int? = try connection.value(
      "SELECT count(*) FROM report_edition_erasure WHERE edition_id = \(edition.id) AND block_id = \(block) AND part LIKE \(anyMark)")
    try connection.execute(
      """
      INSERT INTO report_edition_erasure (edition_id, block_id, part, at, account_id, former_digest)
      VALUES (\(edition.id), \(block), \(part.mark(after: earlier ?? 0)), \(moment), \(actor), \(edition.digest))
      """)
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

extension EditionErasure.Part {
  /// Of one list of people several may be taken out, one after the other: « nom », « nom 2 ».
  fileprivate func mark(after earlier: Int) -> String { earlier == 0 ? rawValue : "\(rawValue) \(earlier + 1)" }

  fileprivate init?(mark: String) {
    self.init(rawValue: String(mark.prefix { $0 != " " }))
  }
}
