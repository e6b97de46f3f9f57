import Federation
import Testing

struct ExchangeHeadingTests {
  @Test(
    arguments: [
      ("Appel du maire", "Appel du maire"), ("\n  \nPremière ligne\nseconde", "Première ligne"), ("", nil), (" \n ", nil),
    ] as [(String, String?)]) func itIsTheFirstLine(_ subject: String, _ heading: String?)
  {
    #expect(ExchangeSummary.heading(of: subject) == heading)
  }

  @Test func aLongLineIsCutBetweenWords() throws {
    let heading = try #require(ExchangeSummary.heading(of: String(repeating: "mot ", count: 100)))
    #expect(heading.count <= 120 && heading.hasSuffix("mot…"))
    let whole = try #require(ExchangeSummary.heading(of: String(repeating: "x", count: 300)))
    #expect(whole.count == 120)
    #expect(ExchangeSummary.heading(of: nil) == nil)
  }
}
