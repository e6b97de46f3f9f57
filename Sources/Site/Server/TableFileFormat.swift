import Hummingbird
import Tables
import WebSupport

/// The files that a list gives itself as: exactly the rows it shows, on all its pages.
enum TableFileFormat: String, CaseIterable, Sendable {
  case csv, xlsx

  /// - Throws: `TableError` when the rows do not fit a workbook.
  func download(_ name: String, title: String, header: [String], rows: [[XLSX.Cell]]) throws -> Response {
    switch self {
    case .csv:
      let bytes = CSV.write(header: header, rows: rows.map { $0.map(\.plainText) })
      return .download(bytes, named: "\(name).csv", type: "text/csv; charset=utf-8")
    case .xlsx:
      let bytes = try XLSX.write(sheet: title, header: header, rows: rows)
      return .download(bytes, named: "\(name).xlsx", type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
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
    case .decimal(let number): String(number)
    }
  }
}
