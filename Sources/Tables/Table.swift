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
