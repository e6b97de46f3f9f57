import Store
import Testing

@testable import Records

/// The digests of lines without a reference are stored and cannot be made again: they never change.
struct LineDigestTests {
  private static let texts = [
    "Zoé", "zoe", "L’Haÿ-les-Roses", "Œuvre, CŒUR", "  deux \t\n mots\u{A0}et  trois ", "l´été", "ﬁn", "№ ℡ Ⅷ", "İstanbul", "",
  ]

  @Test func aLineHasTheDigestThatItHadInNovember2026() {
    #expect(
      LineDigest.of([("date", "2021-05-04"), ("objet", "Réunion à L’Haÿ"), ("note", "  ")])
        == "dee5da2415ded8a043a8bb1258bad3dc05d67ea7dde57bdd65fbe12b24c72079")
  }

  @Test func linesThatReadAlikeAreOne() {
    for text in Self.texts { #expect(LineDigest.of([("a", text)]) == LineDigest.of([("a", Fold.key(text))]), "\(text)") }
    #expect(LineDigest.of([("a", "x"), ("b", "y")]) != LineDigest.of([("a", "y"), ("b", "x")]))
  }
}
