import Hummingbird
import Records
import Tables
import WebSupport

/// The files that a list gives itself as: exactly the rows it shows, on all its pages.
enum TableFileFormat: String, CaseIterable, Sendable {
  case csv, xlsx

  /// A large workbook takes seconds and goes through a temporary file.
  private static let queue = BlockingQueue("files of lists")

  /// - Throws: `TableError` when the rows do not fit a workbook.
  func download(_ name: String, title: String, header: [String], rows: [[XLSX.Cell]]) async throws -> Response {
    let bytes = try await Self.queue.run { try content(title: title, header: header, rows: rows) }
    return .download(bytes, named: "\(name).\(rawValue)", type: type)
  }

  private func content(title: String, header: [String], rows: [[XLSX.Cell]]) throws -> [UInt8] {
    switch self {
    case .csv: CSV.write(header: header, rows: rows.map { $0.map(\.plainText) })
    case .xlsx: try XLSX.write(sheet: title, header: header, rows: rows)
    }
  }

  /// In the menu of a list's files.
  var label: String {
    switch self {
    case .csv: "Texte séparé (.csv)"
    case .xlsx: "Tableur (.xlsx)"
    }
  }

  private var type: String {
    switch self {
    case .csv: "text/csv; charset=utf-8"
    case .xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    }
  }
}

extension XLSX.Cell {
  init(_ text: String?) { self = .text(text ?? "") }
  init(_ number: Int?) { self = number.map(XLSX.Cell.integer) ?? .text("") }

  fileprivate var plainText: String {
    switch self {
    case .text(let text), .date(let text): text
    case .integer(let number): String(number)
    // As French spreadsheets read them.
    case .decimal(let number): String(number).replacing(".", with: ",")
    }
  }
}
