import Foundation
import Store
import Synchronization
import TestSupport
import Testing

struct IdentifierTests {
  private typealias ID = Identifier<IdentifierTests>

  @Test(arguments: [0, 1, 31, 32, 0x3F_FFFF, 1 << 40, 910_234_567_890_123_456, Int64.max - 1, .max] as [Int64])
  func thirteenLettersComeBackInEitherCase(value: Int64) {
    let text = ID(rawValue: value).description
    #expect(text.utf8.count == 13)
    #expect(ID(text)?.rawValue == value)
    #expect(ID(text.lowercased())?.rawValue == value)
  }

  @Test func theTextIsCrockfordsBase32() {
    #expect("\(ID(rawValue: 0))" == "0000000000000")
    #expect("\(ID(rawValue: 32 * 32 + 31))" == "000000000010Z")
    #expect("\(ID(rawValue: .max))" == "7ZZZZZZZZZZZZ")
  }

  @Test func textsSortAsTheirIdentifiers() {
    let ids = [0, 9, 10, 31, 32, 1 << 22, 1 << 62, .max].map(ID.init(rawValue:))
    #expect(ids.shuffled().sorted() == ids)
    #expect(ids.map(\.description).shuffled().sorted() == ids.map(\.description))
  }

  @Test(arguments: [
    "", "0", "000000000000", "00000000000000", "8000000000000", "ZZZZZZZZZZZZZ", "000000000000I", "000000000000L", "000000000000O",
    "000000000000U", "000000000000-", " 000000000000", "000000000000\n", "000000000000\0", "00000000000é", "00000000000ß", "00000000000ſ",
    "0000000000ﬆ", "1' OR '1'='1'", "-000000000001",
  ])
  func otherTextsAreRefused(text: String) {
    #expect(ID(text) == nil)
  }

  @Test func filesHoldTheLetters() throws {
    let id = ID(rawValue: 32 * 32 + 31)
    #expect(String(decoding: try JSONEncoder().encode([id]), as: UTF8.self) == #"["000000000010Z"]"#)
    #expect(try JSONDecoder().decode([ID].self, from: Data(#"["000000000010z"]"#.utf8)) == [id])
    #expect(throws: DecodingError.self) { try JSONDecoder().decode([ID].self, from: Data(#"["1055"]"#.utf8)) }
  }

  @Test func aGivenClockAndRandomnessGiveTheSameIdentifiers() {
    func make() -> [ID] {
      let source = IdentifierSource(now: { TestClock.now }, randomBits: { 42 })
      return (0..<3).map { _ in source.next() }
    }
    let first = make()
    #expect(first == make())
    #expect(first.map { $0.rawValue & 0x3F_FFFF } == [42, 43, 44])
    #expect(first[0].rawValue >> 22 == (1_795_255_200 - 1_577_836_800) * 1000)
  }

  @Test func identifiersIncreaseWithinOneMillisecond() {
    let source = IdentifierSource(now: { TestClock.now }, randomBits: { .max })
    let ids: [ID] = (0..<10_000).map { _ in source.next() }
    #expect(zip(ids, ids.dropFirst()).allSatisfy { $0 < $1 })
  }

  @Test func identifiersIncreaseWhenTheClockIsSetBack() {
    let seconds = Mutex([100.0, 50, 0, -1e9, 100, 101, 99, 200])
    let source = IdentifierSource(now: {
      Date(timeIntervalSince1970: 1_795_255_200 + seconds.withLock { $0.removeFirst() })
    })
    let ids: [ID] = (0..<8).map { _ in source.next() }
    #expect(zip(ids, ids.dropFirst()).allSatisfy { $0 < $1 })
  }

  @Test func aClockBeforeTheFirstYearStillGivesIdentifiers() {
    let source = IdentifierSource(now: { .distantPast })
    let ids: [ID] = (0..<3).map { _ in source.next() }
    #expect(ids.allSatisfy { $0.rawValue > 0 })
    #expect(Set(ids).count == 3)
  }

  @Test func concurrentTasksNeverShareAnIdentifier() async {
    let source = IdentifierSource()
    let ids = await withTaskGroup(of: [ID].self) { group in
      for _ in 0..<16 {
        group.addTask { (0..<2_000).map { _ in source.next() } }
      }
      return await group.reduce(into: []) { $0 += $1 }
    }
    #expect(Set(ids).count == 32_000)
  }

  @Test(arguments: Engine.allCases)
  func identifiersSortInTheDatabaseAsTheyWereMade(engine: Engine) async throws {
    let source = IdentifierSource()
    let ids: [ID] = (0..<300).map { _ in source.next() }
    try await withDatabase(engine) { database in
      try await database.run("CREATE TABLE thing (id \(.id) PRIMARY KEY) \(.strict)")
      try await database.write { try $0.insert(into: "thing", ids.shuffled()) { "\($0)" } }
      #expect(try await database.column("SELECT id FROM thing ORDER BY id") == ids)
    }
  }
}
