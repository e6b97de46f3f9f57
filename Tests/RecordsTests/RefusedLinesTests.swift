import Foundation
import Records
import Store
import Tables
import TestSupport
import Testing

/// What an import refuses comes back as a file that can be mended and brought again.
@Suite struct RefusedLinesTests {
  private func withBooks(
    _ engine: Engine, _ body: (_ bring: (any RecordKind, String) async throws -> (ImportOutcome, RefusedLines)) async throws -> Void
  ) async throws {
    try await withDatabase(engine) { database in
      _ = try await BookRecords.model.migrate(database)
      let importer = Importer(database: database, ids: IdentifierSource(), now: { TestClock.now })
      try await body { kind, text in
        let table = try CSV.read(Array(text.utf8))
        let outcome = try await importer.run(kind, table: table, fileName: "livres.csv", options: ImportOptions())
        return (outcome, RefusedLines(outcome, of: table, kind))
      }
    }
  }

  private func text(_ lines: RefusedLines) -> String {
    String(decoding: CSV.write(header: lines.header, rows: lines.rows), as: UTF8.self)
  }

  @Test(arguments: Engine.allCases)
  func theCellsStandAsTheyStoodWithAllTheReasons(_ engine: Engine) async throws {
    try await withBooks(engine) { bring async throws in
      let (_, refused) = try await bring(
        BookRecords(),
        """
        Titre;Cote du rayon;pages;prete
        Soigner; A ; 100 ;non
        =Tenir;B;zéro;peut-être;de trop

        ;C
        """)
      #expect(refused.header == ["Titre", "Cote du rayon", "pages", "prete", "", "motif"])
      #expect(
        refused.rows == [
          [
            "=Tenir", "B", "zéro", "peut-être", "de trop",
            "Pages\u{A0}: « zéro » n’est pas un nombre entier\u{202F}; Prêté\u{A0}: « peut-être » : répondez par oui ou non",
          ],
          ["", "C", "", "", "", "Titre\u{A0}: obligatoire"],
        ])
    }
  }

  @Test(arguments: Engine.allCases)
  func aMendedFileComesInAndItsReasonsAreNotRead(_ engine: Engine) async throws {
    try await withBooks(engine) { bring async throws in
      let (_, first) = try await bring(BookRecords(), "titre;pages\nSoigner;cent\nTenir;deux\n")
      // One line is mended; the other is refused again, and its reason takes the place of the one before.
      let (again, second) = try await bring(BookRecords(), text(first).replacing("cent", with: "100").replacing("deux;", with: "9999;"))
      #expect(again.refused.map(\.line) == [3] && again.warnings.isEmpty)
      #expect(second.header == ["titre", "pages", "motif"])
      #expect(second.rows == [["Tenir", "9999", "Pages\u{A0}: 9999 est hors des limites (1 à 5000)"]])
      let (mended, none) = try await bring(BookRecords(), text(second).replacing("9999;", with: "2;"))
      #expect(mended.created == 1 && mended.refused.isEmpty && mended.warnings.isEmpty && none.isEmpty)
    }
  }

  /// The line that was mended is the same as it is without its reason.
  @Test(arguments: Engine.allCases)
  func aReasonMakesNoOtherLine(_ engine: Engine) async throws {
    try await withBooks(engine) { bring async throws in
      #expect(try await bring(BookRecords(), "titre;pages;motif\nSoigner;100;parce que\n").0.created == 1)
      #expect(try await bring(BookRecords(), "titre;pages\nSoigner;100\n").0.unchanged == 1)
    }
  }

  @Test(arguments: Engine.allCases)
  func aKindWithAReasonOfItsOwnKeepsIt(_ engine: Engine) async throws {
    try await withBooks(engine) { bring async throws in
      let (_, refused) = try await bring(Cancellations(), "motif;reference\nUn motif de plus de vingt lettres;A\n;B\n")
      #expect(refused.header == ["motif", "reference", "motif_du_refus"])
      #expect(refused.rows.map(\.last) == ["Motif\u{A0}: 33 caractères : 20 au plus", "Motif\u{A0}: obligatoire"])
      let (mended, _) = try await bring(Cancellations(), "motif;reference;motif_du_refus\nNeige;A;motif : trop long\nGrève;B;\n")
      #expect(mended.created == 2 && mended.warnings.isEmpty)
    }
  }
}

/// Books whose title is called a reason.
private struct Cancellations: RecordKind {
  private let books = BookRecords()
  let name = "annulations"
  let label = "Annulations"
  let fields: [Field<BookRecords.Draft, BookRecords.Context>] = [
    .text("motif", label: "Motif", \.title, isRequired: true, limit: 20), .text("reference", label: "Référence", \.reference),
  ]

  var blank: BookRecords.Draft { books.blank }
  var table: String { books.table }
  var ownedTables: [OwnedTable] { books.ownedTables }

  func context(_ connection: any Connection) throws -> BookRecords.Context { try books.context(connection) }

  func key(of draft: BookRecords.Draft, _ context: BookRecords.Context) -> String? { books.key(of: draft, context) }

  func stored(
    _ connection: any Connection, _ selection: RecordSelection, _ context: BookRecords.Context
  ) throws -> [StoredRecord<BookRecords.Draft>] {
    try books.stored(connection, selection, context)
  }

  func write(
    _ records: [RecordWrite<BookRecords.Draft>], _ connection: any Connection, _ context: BookRecords.Context, ids: IdentifierSource
  ) throws {
    try books.write(records, connection, context, ids: ids)
  }
}
