/// Puts together what two people changed in one long text, line by line.
enum LineMerge {
  /// Lines of the text that both began with, and what took their place.
  private struct Hunk: Equatable {
    let range: Range<Int>
    let lines: [Substring]

    /// In the same lines, or two beginnings of which neither comes first.
    func meets(_ other: Hunk) -> Bool {
      range.overlaps(other.range) || holds(other) || other.holds(self)
        || (range.isEmpty && other.range.isEmpty && range.lowerBound == other.range.lowerBound)
    }

    /// Whether what is added stands within what this one replaces.
    private func holds(_ other: Hunk) -> Bool {
      other.range.isEmpty && range.lowerBound < other.range.lowerBound && other.range.lowerBound < range.upperBound
    }
  }

  /// `nil` where both changed the same lines otherwise.
  static func merged(base: String, mine: String, theirs: String) -> String? {
    let lines = self.lines(base)
    let own = hunks(from: lines, to: self.lines(mine))
    let others = hunks(from: lines, to: self.lines(theirs)).filter { !own.contains($0) }
    guard !own.contains(where: { hunk in others.contains { hunk.meets($0) } }) else { return nil }
    var merged: [Substring] = []
    var next = 0
    for hunk in (own + others).sorted(by: { ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound) }) {
      merged += lines[next..<hunk.range.lowerBound] + hunk.lines
      next = hunk.range.upperBound
    }
    return (merged + lines[next...]).joined(separator: "\n")
  }

  private static func lines(_ text: String) -> [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }

  private static func hunks(from old: [Substring], to new: [Substring]) -> [Hunk] {
    var (removed, added): (Set<Int>, Set<Int>) = ([], [])
    for change in new.difference(from: old) {
      switch change {
      case .remove(let offset, _, _): removed.insert(offset)
      case .insert(let offset, _, _): added.insert(offset)
      }
    }
    var hunks: [Hunk] = []
    var (place, other) = (0, 0)
    while place < old.count || other < new.count {
      let (start, first) = (place, other)
      while removed.contains(place) || added.contains(other) {
        if removed.contains(place) { place += 1 } else { other += 1 }
      }
      if place > start || other > first {
        hunks.append(Hunk(range: start..<place, lines: Array(new[first..<other])))
      } else {
        place += 1
        other += 1
      }
    }
    return hunks
  }
}
