import Testing

@testable import Store

struct BacklogTests {
  @Test func whatComesFirstLeavesFirst() {
    var backlog = Backlog<Int>()
    #expect(backlog.next() == nil)
    for number in 0..<500 {
      backlog.append(number * 2)
      backlog.append(number * 2 + 1)
      #expect(backlog.next() == number)
    }
    #expect(backlog.count == 500)
    for number in 500..<1_000 { #expect(backlog.next() == number) }
    #expect(backlog.next() == nil && backlog.places == 0)
  }

  /// As under a load that never lets up.
  @Test func aBacklogThatNeverEndsKeepsNoPlaceOfWhatHasGone() {
    var backlog = Backlog<Int>()
    for number in 0..<100 { backlog.append(number) }
    for number in 0..<100_000 {
      backlog.append(100 + number)
      #expect(backlog.next() == number)
      if number % 1_000 == 0 { #expect(backlog.places <= 2 * backlog.count + 64) }
    }
  }
}
