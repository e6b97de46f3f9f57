import Records
import Store

/// A block of the report of a year as it is being drafted: one place of an ordered outline.
public struct ReportBlock: Sendable {
  public let id: Identifier<ReportBlock>
  public let year: Int
  /// Its place: smaller ones stand before it.
  public let rank: Int
  public let nature: BlockNature
  public let title: String?
  public let text: String?
  public let speaker: String?
  public let speakerRole: String?
  /// The identities of figures, in the order in which they are shown.
  public let figures: [String]
  public let dimension: String?
  /// Crossed with the first one.
  public let secondDimension: String?
  public let form: ChartForm?
  /// High points or people, one a line.
  let lines: String?
  /// The codes of what was ticked of `BlockOffer`.
  let taken: [String]
  public let alternative: String?
  public let credit: String?
  /// It stands in « L’essentiel » too.
  public let isEssential: Bool
  public let state: BlockState
  /// Who is in charge of it.
  public let author: String?
  public let authorID: Identifier<Account>?
  public let due: CivilDate?
  /// The block of an earlier year that it stands in for.
  public let copiedFrom: Identifier<ReportBlock>?
  /// Its comments that are not settled.
  public let openComments: Int
  /// A picture is joined to it.
  public let hasPicture: Bool

  /// The whole outline of a year, in its order.
  public static func all(of year: Int, _ connection: any Connection) throws -> [ReportBlock] {
    try read("b.year = \(year)", connection)
  }

  /// `nil` when it is not there or in the bin.
  public static func one(_ id: Identifier<ReportBlock>, _ connection: any Connection) throws -> ReportBlock? {
    try read("b.id = \(id)", connection).first
  }

  private static func read(_ condition: SQL, _ connection: any Connection) throws -> [ReportBlock] {
    try connection.rows(
      """
      SELECT b.id, b.year, b.rank, b.nature, b.title, b.body, b.speaker, b.speaker_role, b.figures, b.dimension, b.form, b.alternative, b.credit,
        b.essential, b.state, COALESCE(a.name, b.author), b.account_id, b.due, b.copied_from,
        (SELECT count(*) FROM report_comment c WHERE c.block_id = b.id AND c.settled_at IS NULL),
        (SELECT count(*) FROM attachment t JOIN file f ON f.digest = t.digest
          WHERE t.record_id = b.id AND t.kind = 'blocs' AND t.removed_at IS NULL AND f.type LIKE 'image/%'),
        b.second_dimension, b.lines, b.taken
      FROM report_block b LEFT JOIN account a ON a.id = b.account_id
      WHERE \(condition) AND b.removed_at IS NULL ORDER BY b.rank, b.id
      """
    ).map { row in
      let (figures, taken): (String?, String?) = (try row[8], try row[23])
      return ReportBlock(
        id: try row[0], year: try row[1], rank: try row[2], nature: try row[3], title: try row[4], text: try row[5], speaker: try row[6],
        speakerRole: try row[7], figures: figures.map(ReportBlockRecords.figures) ?? [], dimension: try row[9],
        secondDimension: try row[21],
        form: try row[10], lines: try row[22], taken: taken.map(ReportBlockRecords.figures) ?? [],
        alternative: try row[11], credit: try row[12], isEssential: try row[13], state: try row[14], author: try row[15],
        authorID: try row[16], due: try row[17], copiedFrom: try row[18], openComments: try row[19],
        hasPicture: try row[20] as Int > 0)
    }
  }

  /// The years that have an outline, the newest first.
  public static func years(_ connection: any Connection) throws -> [Int] {
    try connection.rows("SELECT DISTINCT year FROM report_block WHERE removed_at IS NULL ORDER BY year DESC").map { try $0[0] }
  }

  /// What one calls it: its title, else what it is.
  public var name: String {
    title ?? (nature == .quote ? speaker.map { "Citation : \($0)" } : nil) ?? nature.label
  }

  /// A photo of which nobody has joined the picture: a publication leaves it out.
  public var lacksPicture: Bool { nature == .photo && !hasPicture }

  /// Figures stand between brackets in texts alone.
  var hasBracketsOutsideItsText: Bool { [title, speaker, speakerRole, alternative, credit].contains { $0?.contains("[[") ?? false } }

  /// Not read, not written or without its picture: who publishes says that they know.
  public var isUnfinished: Bool { isOpen || lacksPicture }

  /// Whether somebody has still to work on it.
  public var isOpen: Bool { nature.isWritten && state != .approved }
}

/// What somebody says of a block to those who write it.
public struct ReportComment: Sendable {
  public let id: Identifier<ReportComment>
  public let author: String
  public let at: Instant
  public let text: String
  /// Who settled it.
  public let settledBy: String?

  /// Those of a block, the open ones first, then as they came.
  public static func all(of block: Identifier<ReportBlock>, _ connection: any Connection) throws -> [ReportComment] {
    try connection.rows(
      """
      SELECT c.id, a.name, c.at, c.text, s.name FROM report_comment c
      JOIN account a ON a.id = c.account_id LEFT JOIN account s ON s.id = c.settled_by
      WHERE c.block_id = \(block) ORDER BY CASE WHEN c.settled_at IS NULL THEN 0 ELSE 1 END, c.id
      """
    ).map { ReportComment(id: try $0[0], author: try $0[1], at: try $0[2], text: try $0[3], settledBy: try $0[4]) }
  }
}

extension ReportBlock {
  static let partsMigration = Migration(
    "202611220420-report-blocks",
    [
      "ALTER TABLE report_block ADD COLUMN second_dimension \(.text)", "ALTER TABLE report_block ADD COLUMN lines \(.text)",
      "ALTER TABLE report_block ADD COLUMN taken \(.text)",
    ])

  static let migration = Migration(
    "202611220210-report-blocks",
    [
      """
      CREATE TABLE report_block (
        id \(.id) PRIMARY KEY, reference \(.text), year \(.int) NOT NULL, rank \(.int) NOT NULL, nature \(.text) NOT NULL,
        title \(.text), body \(.text), speaker \(.text), speaker_role \(.text), figures \(.text), dimension \(.text), form \(.text),
        alternative \(.text), credit \(.text), essential \(.bool) NOT NULL, state \(.text) NOT NULL,
        account_id \(.id) REFERENCES account (id), author \(.text), due \(.date),
        copied_from \(.id) REFERENCES report_block (id),
        version \(.int) NOT NULL DEFAULT 1, removed_at \(.instant), CHECK (account_id IS NULL OR author IS NULL)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      "CREATE UNIQUE INDEX report_block_reference ON report_block (reference) WHERE removed_at IS NULL",
      "CREATE INDEX report_block_year ON report_block (year, rank)",
      """
      CREATE TABLE report_comment (
        id \(.id) PRIMARY KEY, block_id \(.id) NOT NULL REFERENCES report_block (id), account_id \(.id) NOT NULL REFERENCES account (id),
        at \(.instant) NOT NULL, text \(.text) NOT NULL, settled_at \(.instant), settled_by \(.id) REFERENCES account (id),
        CHECK ((settled_at IS NULL) = (settled_by IS NULL))
      ) \(sqlite: "STRICT", postgres: "")
      """,
      "CREATE INDEX report_comment_block ON report_comment (block_id)",
    ])
}
