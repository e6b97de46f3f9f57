/// A table read from a file: a header and numbered rows of text.
public struct Table: Sendable {
  public struct Row: Sendable {
    /// As a spreadsheet numbers it: the header is 1.
    public let number: Int
    public let cells: [String]

    public init(number: Int, cells: [String]) {
      self.number = number
      self.cells = cells
    }
  }

  public let header: [String]
  /// Blank rows are left out; the others keep their number.
  public let rows: [Row]

  public init(header: [String], rows: [Row]) {
    self.header = header
    self.rows = rows
  }

  init(records: [[String]]) throws {
    guard let header = records.first, header.contains(where: { !$0.isEmpty }) else { throw TableError.empty }
    self.header = header
    rows = records.enumerated().dropFirst().compactMap { index, cells in
      cells.allSatisfy(\.isEmpty) ? nil : Row(number: index + 1, cells: cells)
    }
  }
}

/// Why a file cannot be read as a table.
public enum TableError: Error, Equatable, CustomStringConvertible {
  case empty
  case notText
  case unclosedQuote(line: Int)

  public var description: String {
    switch self {
    case .empty: "Le fichier est vide : la première ligne doit nommer les colonnes."
    case .notText: "Ce fichier n’est pas un texte séparé (CSV)."
    case .unclosedQuote(let line): "Un guillemet ouvert à la ligne \(line) n’est jamais fermé."
    }
  }
}
