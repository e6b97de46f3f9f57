/// A file that somebody gives us as a table, whatever its format.
public enum TableFile {
  /// Reads CSV, XLSX or ODS. The content tells which, not the name: files are renamed, and names lie.
  ///
  /// Of a workbook the first visible sheet is read.
  /// - Throws: `TableError`.
  public static func read(_ bytes: [UInt8]) throws -> Table {
    if bytes.starts(with: compoundFile) { throw TableError.otherExcel }
    guard bytes.starts(with: zipStart) || bytes.starts(with: emptyZIP) else { return try text(bytes) }
    let archive = try ZIPArchive(bytes)
    if let type = try archive.data("mimetype", limit: 1_000) {
      guard type.starts(with: "application/vnd.oasis.opendocument.spreadsheet".utf8) else { throw TableError.notATable }
      return try ODS.read(archive)
    }
    return try XLSX.read(archive)
  }

  private static let zipStart: [UInt8] = [0x50, 0x4B, 3, 4]
  private static let emptyZIP: [UInt8] = [0x50, 0x4B, 5, 6]
  private static let compoundFile: [UInt8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]

  private static func text(_ bytes: [UInt8]) throws -> Table {
    do {
      return try CSV.read(bytes)
    } catch TableError.notText {
      throw TableError.notATable
    }
  }
}
