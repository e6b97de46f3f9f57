import Foundation
import Records
import Tables

/// Where `--refusees` puts the lines that an import refuses.
struct RefusedFile {
  private enum Format: String {
    case csv, xlsx
  }

  let path: String
  private let format: Format

  /// - Throws: `Refusal`, before anything is imported: what is refused afterwards would have nowhere to go.
  init(at path: String) throws {
    let url = URL(fileURLWithPath: path)
    guard let format = Format(rawValue: url.pathExtension.lowercased()) else {
      throw Refusal("Le fichier des lignes refusées doit finir par .csv ou .xlsx.")
    }
    guard (try? FileManager.default.attributesOfItem(atPath: path)) == nil else {
      throw Refusal("Le fichier « \(path) » existe déjà : les lignes refusées ne l’effacent pas.")
    }
    guard FileManager.default.isWritableFile(atPath: url.deletingLastPathComponent().path) else {
      throw Refusal("Le fichier « \(path) » ne peut pas être écrit : vérifiez le dossier.")
    }
    self.path = path
    self.format = format
  }

  /// - Returns: `false` when no line is refused: no file is made.
  func write(_ lines: RefusedLines) throws -> Bool {
    guard !lines.isEmpty else { return false }
    try Data(try bytes(lines)).write(to: URL(fileURLWithPath: path), options: .withoutOverwriting)
    return true
  }

  private func bytes(_ lines: RefusedLines) throws -> [UInt8] {
    switch format {
    case .csv: return CSV.write(header: lines.header, rows: lines.rows)
    case .xlsx:
      do {
        return try XLSX.write(sheet: "Lignes refusées", header: lines.header, rows: lines.rows.map { $0.map { .text($0) } })
      } catch let error as TableError {
        throw Refusal(error.description)
      }
    }
  }
}
