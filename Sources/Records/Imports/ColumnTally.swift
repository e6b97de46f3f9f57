import Store
import Tables

/// The different values of one column of a file, for people to say what each means.
struct ColumnTally: Codable, Sendable {
  /// In the order of the file.
  private(set) var values: [String] = []
  private(set) var counts: [Int] = []
  private(set) var blanks = 0
  /// Whether there are more values than anybody says the meaning of one by one.
  private(set) var isPartial = false

  private static let most = 60
  private static let longest = 120

  /// One for each column.
  static func of(_ table: Table) -> [ColumnTally] {
    var tallies = Array(repeating: ColumnTally(), count: table.header.count)
    var places = Array(repeating: [String: Int](), count: table.header.count)
    for row in table.rows {
      for position in tallies.indices {
        let text = position < row.cells.count ? CellText.cleaned(row.cells[position]) : ""
        tallies[position].add(text, &places[position])
      }
    }
    return tallies
  }

  private mutating func add(_ text: String, _ places: inout [String: Int]) {
    if text.isEmpty {
      blanks += 1
    } else if isPartial, places[text] == nil {
      return
    } else if let place = places[text] {
      counts[place] += 1
    } else if values.count == Self.most || text.count > Self.longest {
      isPartial = true
    } else {
      places[text] = values.count
      values.append(text)
      counts.append(1)
    }
  }
}
