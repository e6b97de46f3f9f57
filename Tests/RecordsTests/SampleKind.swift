import Records
import Store

/// A kind of record that no capability knows: what the mechanisms do, they do for any kind.
struct BookRecords: RecordKind {
  struct Draft: Equatable, Sendable, Codable {
    var reference: String?
    var title: String?
    var bought: CivilDate?
    var pages: Int?
    var isLent: Bool?
    var topics: [String] = []
  }

  struct Context: RecordContext {
    let lists: ReferenceLists
  }

  static let topic = ReferenceList("topic", label: "Sujet", seeds: [.init("sante", "Santé"), .init("droit", "Droit")])

  let name = "livres"
  let label = "Livres"
  let table = "book"
  let ownedTables = [OwnedTable("book_topic", "book_id")]
  let blank = Draft()

  let fields: [Field<Draft, Context>] = [
    .text("titre", label: "Titre", \.title, isRequired: true, limit: 20),
    .date("achat", label: "Date d’achat", \.bought),
    .integer("pages", label: "Pages", \.pages, in: 1...5_000),
    .yesNo("prete", label: "Prêté", \.isLent),
    .several("sujets", label: "Sujets", \.topics, print: { code, _ in code }) { text, reading in try reading.code(of: text, in: topic) },
    .text("reference", label: "Référence", \.reference),
  ]

  func context(_ connection: any Connection) throws -> Context { Context(lists: try ReferenceLists(connection)) }

  func key(of draft: Draft, _ context: Context) -> String? { draft.reference }

  func stored(_ connection: any Connection, _ selection: RecordSelection, _ context: Context) throws -> [StoredRecord<Draft>] {
    let only: SQL = "WHERE removed_at IS NULL \(selection.clause(id: "id", key: "reference"))"
    let topics = try connection.rows("SELECT book_id, topic FROM book_topic ORDER BY topic").map {
      (try $0[0] as Int64, try $0[1] as String)
    }
    return try connection.rows("SELECT id, reference, title, bought, pages, lent FROM book \(only) ORDER BY id").map { row in
      let id: Int64 = try row[0]
      let draft = Draft(
        reference: try row[1], title: try row[2], bought: try row[3], pages: try row[4], isLent: try row[5],
        topics: topics.filter { $0.0 == id }.map(\.1))
      return StoredRecord(id: id, key: draft.reference ?? "", draft: draft)
    }
  }

  func write(_ records: [RecordWrite<Draft>], _ connection: any Connection, _ context: Context, ids: IdentifierSource) throws {
    for record in records {
      let draft = record.draft
      try connection.execute("DELETE FROM book_topic WHERE book_id = \(record.id)")
      try connection.execute(
        """
        INSERT INTO book (id, reference, title, bought, pages, lent) VALUES (\(record.id), \(draft.reference), \(draft.title), \(draft.bought), \(draft.pages), \(draft.isLent))
        ON CONFLICT (id) DO UPDATE SET title = excluded.title, bought = excluded.bought, pages = excluded.pages, lent = excluded.lent
        """)
      try connection.insert(into: "book_topic", draft.topics) { "\(record.id), \($0)" }
    }
  }

  static let facts = FactSet(
    "books",
    bridges: [Bridge("topic", join: "LEFT JOIN book_topic t ON t.book_id = f.id")],
    dimensions: [
      Dimension("sujet", bridge: "topic", expression: "t.topic", list: topic), .yesNo("prete", label: "Prêté", expression: "f.lent"),
    ],
    omissions: [Omission("prete", "oui")]
  ) { period in
    """
    SELECT b.id, b.reference, b.pages, CASE WHEN b.lent THEN 'oui' WHEN NOT b.lent THEN 'non' END AS lent
    FROM book b WHERE b.removed_at IS NULL AND b.bought BETWEEN \(period.from) AND \(period.through)
    """
  }

  static let figures = [
    Figure("livres.count", label: "Livres", definition: "", unit: "livres", of: facts, .count, recordKind: "livres"),
    Figure("livres.pages", label: "Pages", definition: "", unit: "pages", of: facts, .sum(column: "f.pages"), recordKind: "livres"),
    Figure(
      "livres.centaines", label: "Centaines de pages", definition: "", unit: "centaines de pages", scale: 100, of: facts,
      .sum(column: "f.pages"), recordKind: "livres"),
    Figure(
      "livres.classes", label: "Livres classés", definition: "", unit: "livres", of: facts,
      .distinct(.init(bridge: "topic", id: "t.book_id", reference: "f.reference")), recordKind: "livres"),
    Figure(
      "livres.moyenne", label: "Pages par livre", definition: "", unit: "pages", scale: 10, of: facts, .mean(column: "f.pages"),
      recordKind: "livres"),
    Figure(
      "livres.mediane", label: "Pages, médiane", definition: "", unit: "pages", scale: 10, of: facts, .median(column: "f.pages"),
      recordKind: "livres"),
  ]

  static let model = Model([
    Capability(
      "books",
      migrations: [
        Migration(
          "202601010000-books",
          [
            """
            CREATE TABLE book (
              id \(.id) PRIMARY KEY, reference \(.text), title \(.text) NOT NULL, bought \(.date), pages \(.int), lent \(.bool),
              version \(.int) NOT NULL DEFAULT 1, removed_at \(.instant)
            ) \(sqlite: "STRICT", postgres: "")
            """,
            "CREATE UNIQUE INDEX book_reference ON book (reference) WHERE removed_at IS NULL",
            """
            CREATE TABLE book_topic (book_id \(.id) NOT NULL REFERENCES book (id), topic \(.text) NOT NULL, PRIMARY KEY (book_id, topic))
            \(sqlite: "STRICT", postgres: "")
            """,
          ])
      ], lists: [topic], kinds: [BookRecords()], figures: figures)
  ])
}
