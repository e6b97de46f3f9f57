import Store
import Testing

@testable import Records

/// Finding records that resemble each other among many.
struct DuplicateFinderTests {
  /// A town as generated numbers make it: always the same.
  private struct Dice {
    var state: UInt64

    mutating func roll(_ count: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % count
    }
  }

  private static let names = [
    "Martin", "Martine", "Marlin", "Merlin", "Durand", "Durant", "Dupond", "Dupont", "Lambert", "Lambart", "Petit", "Petite", "Roussel",
    "Rousseau",
  ]

  private func people(_ count: Int) -> [DuplicateCandidate] {
    var dice = Dice(state: 7)
    return (0..<count).map { number in
      let name = "\(["Anne", "Anna", "Hugo", "Hugues"][dice.roll(4)]) \(Self.names[dice.roll(Self.names.count)])"
      let signs: [DuplicateCandidate.Sign?] = [
        dice.roll(3) == 0 ? nil : .init("même commune", 20, String(dice.roll(6)), needsName: true),
        .init("même profession", 5, String(dice.roll(3)), needsName: true),
        dice.roll(2) == 0 ? nil : .init("même équipe", 20, String(dice.roll(8)), needsName: true),
        dice.roll(2) == 0 ? nil : .init("même téléphone", 30, String(dice.roll(count / 6)), needsName: false),
      ]
      return DuplicateCandidate(Int64(number + 1), name: name, detail: "", weights: .init(same: 40, near: 20), signs: signs)
    }
  }

  /// Each with each, where something else than the name is shared.
  private func likeliest(_ candidates: [DuplicateCandidate]) -> Set<[Int64]> {
    var pairs: Set<[Int64]> = []
    for (index, one) in candidates.enumerated() {
      for other in candidates[(index + 1)...] {
        let shared = one.signs.filter { sign in other.signs.contains { $0.key == sign.key } }
        let names = NameLikeness(one, other)
        let score =
          shared.filter { names != .none || !$0.needsName }.reduce(0) { $0 + $1.weight } + (names == .same ? 40 : names == .near ? 20 : 0)
        let isLooked = names == .same || shared.contains(where: \.needsName)
        if score >= 50, isLooked { pairs.insert([one.id, other.id]) }
      }
    }
    return pairs
  }

  @Test func nothingIsMissedByComparingFewer() {
    let candidates = people(400)
    let found = DuplicateFinder.found(in: candidates, but: [])
    let expected = likeliest(candidates)
    #expect(expected.count > 50)
    #expect(Set(found.map { [$0.first.id, $0.second.id] }).isSuperset(of: expected))
    #expect(found.allSatisfy { $0.score >= 50 })
  }

  /// One profession, one town: what a thousand share is no reason to compare each with each.
  @Test func whatManyShareCostsNoComparisons() {
    let candidates = (1...1_000).map { number in
      DuplicateCandidate(
        Int64(number), name: "Personne \(number)", detail: "", weights: .init(same: 40, near: 20),
        signs: [
          .init("même profession", 5, "infirmier", needsName: true), .init("même commune", 20, "38185", needsName: true),
          .init("même équipe", 20, String(number / 4), needsName: true),
        ])
    }
    let comparisons = DuplicateFinder.compared(candidates).reduce(0) { $0 + $1.count * ($1.count - 1) / 2 }
    #expect(comparisons > 0 && comparisons <= 1_000 * 2)
  }
}
