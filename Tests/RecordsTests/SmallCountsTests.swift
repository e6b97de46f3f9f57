import Testing

@testable import Records

/// Small numbers of people (R22), on cells alone.
struct SmallCountsTests {
  private static let manner = FigureManner(unit: "personnes", scale: 1, isRatio: false, isShare: false, moreIsBetter: true, isState: false)

  private func values(_ numbers: [(String, Int)]) -> [FigureValue] {
    numbers.map { FigureValue(Self.manner, codes: $0.0.split(separator: " ").map(String.init), value: $0.1) }
  }

  /// « 12 », « < » for a small one, « x » for one kept back beside it.
  private func said(_ values: [FigureValue]) -> [String] {
    values.map { value in
      switch value.suppression {
      case .small: "<"
      case .complementary: "x"
      case nil: value.value.map { "\($0)" } ?? "?"
      }
    }
  }

  private static let lines: [([Int], [String])] = [
    ([68, 39, 7], ["68", "x", "<"]), ([11, 12], ["11", "12"]), ([10], ["<"]), ([0], ["0"]), ([1, 10, 40], ["<", "<", "40"]),
    // Nothing is no secret and hides none; the smallest of the others does.
    ([0, 5, 30, 20], ["0", "<", "30", "x"]), ([5, 0], ["<", "0"]), ([20, 20, 3], ["x", "20", "<"]),
  ]

  @Test(arguments: lines)
  func aLineHasNoSingleUnknown(_ numbers: [Int], _ expected: [String]) {
    #expect(said(SmallCounts.line(values(numbers.enumerated().map { ("k\($0.offset)", $0.element) }))) == expected)
  }

  /// Three territories of seven départements: less its others, the first would give its only small one. The second, all of whose parts are
  /// said, would not hide it.
  @Test func whatGathersOneSecretIsOneToo() {
    let numbers = [("T1", "a", 20), ("T1", "b", 5), ("T2", "c", 30), ("T2", "d", 40), ("T3", "e", 90), ("T3", "f", 3), ("T3", "g", 2)]
    let territories = values([("T1", 25), ("T2", 70), ("T3", 95)])
    let parts = values(numbers.map { ("\($0.0) \($0.1)", $0.2) })
    let finer = SmallCounts.line(values(numbers.map { ($0.1, $0.2) }))
    #expect(said(finer) == ["20", "<", "30", "40", "90", "<", "<"])
    #expect(said(SmallCounts.gathering(territories, parts: parts, of: finer)) == ["x", "70", "x"])
    #expect(said(SmallCounts.gathering(territories, parts: parts, of: values(numbers.map { ($0.1, $0.2 + 20) }))) == ["25", "70", "95"])
  }

  @Test func whatWasPublishedStaysPublished() {
    let taken = FigureValue(Self.manner, codes: ["a"], value: 4, source: "Rapport 2019")
    #expect(SmallCounts.line([taken]).first?.value == 4)
  }

  /// Rows × columns, as numbers; margins are their sums.
  private func crossing(_ cells: [[Int]]) -> (cells: [[String]], margins: [[String]]) {
    let width = cells[0].count
    let all = values(cells.enumerated().flatMap { row, line in line.enumerated().map { ("r\(row) c\($0.offset)", $0.element) } })
    let rows = SmallCounts.line(values(cells.enumerated().map { ("r\($0.offset)", $0.element.reduce(0, +)) }))
    let columns = SmallCounts.line(values((0..<width).map { column in ("c\(column)", cells.reduce(0) { $0 + $1[column] }) }))
    let kept = said(SmallCounts.crossing(all, rows: rows, columns: columns))
    guard !kept.isEmpty else { return ([], []) }
    return (cells.indices.map { Array(kept[($0 * width)..<(($0 + 1) * width)]) }, [said(rows), said(columns)])
  }

  private static let tables: [[[Int]]] = [
    [[50, 60, 70], [40, 3, 30], [80, 90, 20]], [[4, 50], [60, 70]], [[4, 50, 60], [70, 80, 90], [20, 30, 5]],
    [[0, 4], [50, 60]], [[4, 0], [0, 50]], [[2, 3], [20, 90]], [[3, 40], [50, 0]], [[12, 0, 0], [0, 15, 2], [0, 0, 40]],
    [[100, 200, 300, 400], [1, 500, 600, 700], [800, 900, 15, 25]], [[9, 9], [9, 9]], [[0, 0], [0, 0]], [[100, 7]], [[100], [7]],
  ]

  /// Whatever is kept back, no line has a single unknown: no subtraction gives it.
  @Test(arguments: tables) func noLineOfACrossingHasASingleUnknown(_ cells: [[Int]]) {
    let (kept, margins) = crossing(cells)
    // Where it takes more than cells, nothing is said.
    if kept.isEmpty { return }
    for (row, line) in kept.enumerated() { #expect(!isSolved(line, margins[0][row]), "\(kept) \(margins)") }
    for column in cells[0].indices { #expect(!isSolved(kept.map { $0[column] }, margins[1][column]), "\(kept) \(margins)") }
    for (line, numbers) in zip(kept, cells) {
      for (said, number) in zip(line, numbers) {
        #expect((1...10).contains(number) ? said == "<" : number == 0 ? said == "0" : ["x", "\(number)"].contains(said))
      }
    }
  }

  @Test func aCrossingThatMarginsGiveAwayIsNotSaid() {
    #expect(crossing([[12, 0, 0], [0, 15, 2], [0, 0, 40]]).cells.isEmpty)
    #expect(!crossing([[100, 7]]).cells.isEmpty)
  }

  private func isSolved(_ line: [String], _ margin: String) -> Bool {
    // Where only one number is there, it is the margin, which is then kept back as well.
    let unknown = (line + [margin]).filter { ["<", "x"].contains($0) }.count
    return unknown == 1
  }
}
