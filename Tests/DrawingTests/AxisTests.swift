import Testing

@testable import Drawing

struct AxisTests {
  private static let axes: [(Double, [Double])] = [
    (0, [0, 1]), (1, [0, 1]), (3, [0, 1, 2, 3]), (4, [0, 1, 2, 3, 4]), (7, [0, 2, 4, 6, 8]), (197, [0, 50, 100, 150, 200]),
    (201, [0, 100, 200, 300]), (12_345, [0, 5000, 10_000, 15_000]),
  ]

  @Test(arguments: axes)
  func startsAtZeroWithRoundTicks(maximum: Double, ticks: [Double]) {
    #expect(Axis(upTo: maximum).ticks == ticks)
  }

  @Test func writesNumbersInFrench() {
    #expect(ChartNumber.text(1_234_567) == "1\u{202F}234\u{202F}567")
    #expect(ChartNumber.text(0.25) == "0,3")
    #expect(ChartNumber.text(-3) == "\u{2212}3")
  }

  @Test func roundsCoordinates() {
    #expect(ChartNumber.coordinate(12.345) == "12.3")
    #expect(ChartNumber.coordinate(-0.44) == "-0.4")
    #expect(ChartNumber.coordinate(100) == "100")
  }
}
