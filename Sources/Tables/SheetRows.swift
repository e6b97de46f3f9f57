/// The rows of a sheet as they come, within limits that keep a small file from filling the memory.
struct SheetRows {
  static let rowLimit = 1_048_576
  static let columnLimit = 16_384
  static let cellLimit = 10_000_000

  private var rows: [Table.Row] = []
  private var cellsLeft: Int
  /// Merged cells may overlap in a file made for it: what they take to hide is counted too.
  private var hidingLeft: Int

  init(cellLimit: Int = Self.cellLimit) {
    (cellsLeft, hidingLeft) = (cellLimit, cellLimit)
  }

  /// Cells that are empty at the end of a row are left out, and a row that shows nothing altogether.
  mutating func append(_ cells: [String], number: Int, times: Int = 1) throws {
    guard let last = cells.lastIndex(where: { !$0.isEmpty }) else { return }
    let (size, overflows) = (last + 1).multipliedReportingOverflow(by: times)
    guard !overflows, size <= cellsLeft, times <= Self.rowLimit, number <= Self.rowLimit - times + 1 else {
      throw TableError.tooManyCells
    }
    cellsLeft -= size
    let kept = Array(cells[...last])
    guard !Self.isBlank(kept) else { return }
    for number in number..<number + times { rows.append(Table.Row(number: number, cells: kept)) }
  }

  /// Empties what merged cells hide: all but the cell at the top left.
  mutating func hide(_ area: SheetArea) throws {
    var index = rows.partitioningIndex { $0.number >= area.rows.lowerBound }
    while index < rows.count, rows[index].number <= area.rows.upperBound {
      let row = rows[index]
      let isTop = row.number == area.rows.lowerBound
      let first = area.columns.lowerBound + (isTop ? 1 : 0)
      let end = min(area.columns.upperBound, row.cells.count) + 1
      hidingLeft -= max(1, end - first)
      guard hidingLeft >= 0 else { throw TableError.tooManyCells }
      if first < end {
        var cells = row.cells
        for column in first..<end { cells[column - 1] = "" }
        rows[index] = Table.Row(number: row.number, cells: cells)
      }
      index += 1
    }
  }

  /// - Throws: `TableError.empty` when the first row names no column.
  func table() throws -> Table {
    guard let header = rows.first, header.number == 1, !Self.isBlank(header.cells) else { throw TableError.empty }
    return Table(header: header.cells, rows: rows.dropFirst().filter { !Self.isBlank($0.cells) })
  }

  private static func isBlank(_ cells: [String]) -> Bool {
    cells.allSatisfy { $0.allSatisfy(\.isWhitespace) }
  }
}

/// A place in a sheet, columns and rows counted from 1.
struct SheetArea {
  let columns: ClosedRange<Int>
  let rows: ClosedRange<Int>

  /// Reads `A1:B3`.
  init?(_ text: String) {
    let corners = text.split(separator: ":").map(Self.corner)
    guard corners.count == 2, let first = corners[0], let last = corners[1], first.column <= last.column, first.row <= last.row else {
      return nil
    }
    columns = first.column...last.column
    rows = first.row...last.row
  }

  /// The column of a reference such as `AB12`.
  static func column(_ reference: String) -> Int? {
    var column = 0
    for byte in reference.utf8 {
      guard (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) else { break }
      column = column * 26 + Int(byte - UInt8(ascii: "A")) + 1
      guard column <= SheetRows.columnLimit else { return nil }
    }
    return column > 0 ? column : nil
  }

  private static func corner(_ reference: Substring) -> (column: Int, row: Int)? {
    guard let column = column(String(reference)), let row = Int(reference.drop { $0.isLetter }), row > 0 else { return nil }
    return (column, row)
  }
}

extension [Table.Row] {
  fileprivate func partitioningIndex(where isPast: (Table.Row) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if isPast(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
