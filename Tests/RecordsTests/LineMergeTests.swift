import Testing

@testable import Records

/// Two people in one long text.
struct LineMergeTests {
  private static let base = "un\n\ndeux\n\ntrois"
  /// What each of them wrote, and what comes of both; nothing where they wrote in the same lines.
  private static let cases: [(mine: String, theirs: String, both: String?)] = [
    ("début\n\nun\n\ndeux\n\ntrois", "un\n\ndeux\n\ntrois\n\nfin", "début\n\nun\n\ndeux\n\ntrois\n\nfin"),
    ("un\n\n2\n\ntrois", "un\n\ndeux\n\n3", "un\n\n2\n\n3"), ("un\n\n2\n\ntrois", "un\n\nII\n\ntrois", nil),
    ("un\n\n2\n\ntrois", "un\n\n2\n\ntrois\n\nquatre", "un\n\n2\n\ntrois\n\nquatre"), ("un\n\ntrois", "un\n\n2\n\ntrois", nil),
    ("un\n\ndeux\n\n3", "un\n\ndeux\n\ntrois\n\nfin", "un\n\ndeux\n\n3\n\nfin"), ("", "un\n\ndeux\n\ntrois\n\nfin", "\n\nfin"),
    ("un\n\ndeux\n\ntrois\n\na", "un\n\ndeux\n\ntrois\n\nb", nil), (base, "autre", "autre"), ("autre", base, "autre"),
  ]

  @Test(arguments: cases) func bothAreKeptWhereTheyDoNotMeet(_ texts: (mine: String, theirs: String, both: String?)) {
    #expect(LineMerge.merged(base: Self.base, mine: texts.mine, theirs: texts.theirs) == texts.both)
    #expect((LineMerge.merged(base: Self.base, mine: texts.theirs, theirs: texts.mine) == nil) == (texts.both == nil))
  }

  @Test func aTextThatWasEmptyIsNoPlaceForTwo() {
    #expect(LineMerge.merged(base: "", mine: "a", theirs: "b") == nil)
    #expect(LineMerge.merged(base: "", mine: "a", theirs: "a") == "a")
  }
}
