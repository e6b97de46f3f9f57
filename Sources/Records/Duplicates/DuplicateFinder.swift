import Store

/// Two records that may speak of the same thing, and why.
public struct DuplicatePair: Sendable, Equatable {
  public struct Side: Sendable, Equatable {
    public let id: Int64
    public let name: String
    public let detail: String
  }

  public let first: Side
  public let second: Side
  /// « même nom », « même commune »…
  public let reasons: [String]
  /// The likelier the higher.
  public let score: Int
}

/// Two records that somebody has told apart.
public struct DismissedPair: Sendable, Equatable {
  public let first: Int64
  public let second: Int64
  public let at: Instant
  /// `nil` for a command run by hand.
  public let account: Int64?
}

/// Finds records of a kind that resemble each other, and remembers those that are not duplicates.
public enum DuplicateFinder {
  /// From which on a pair is shown.
  private static let least = 50
  /// A value that more records than this have in common tells nobody apart: the switchboard of a building.
  private static let mostSharers = 8
  /// Names are compared by pairs among so many; in larger groups only the same ones are found.
  private static let mostCompared = 1_500

  /// The likeliest first, without those that were told apart.
  public static func pairs(of kind: some RecordKind, _ connection: any Connection) throws -> [DuplicatePair] {
    guard let rules = kind.merging else { return [] }
    let dismissed = Set(try dismissed(kind.name, connection).map { Pair($0.first, $0.second) })
    return found(in: try rules.candidates(connection), but: dismissed)
  }

  struct Pair: Hashable {
    let first: Int64
    let second: Int64

    init(_ one: Int64, _ other: Int64) { (first, second) = (min(one, other), max(one, other)) }
  }

  static func found(in candidates: [DuplicateCandidate], but dismissed: Set<Pair>) -> [DuplicatePair] {
    var asked: Set<Pair> = []
    var pairs: [DuplicatePair] = []
    func judge(_ one: DuplicateCandidate, _ other: DuplicateCandidate) {
      let pair = Pair(one.id, other.id)
      guard asked.insert(pair).inserted, !dismissed.contains(pair), let found = Self.pair(one, other) else { return }
      pairs.append(found)
    }
    func judgeAll(_ group: [DuplicateCandidate]) {
      for (index, one) in group.enumerated() { for other in group[(index + 1)...] { judge(one, other) } }
    }
    for group in groups(candidates, by: { $0.signs.filter { !$0.needsName }.map(\.key) }) {
      if group.count <= mostSharers { judgeAll(group) }
    }
    for group in groups(candidates, by: { [$0.fold] }) where group.count <= mostCompared { judgeAll(group) }
    // Names that are near are sought where something else is shared: a town, a team.
    for group in compared(candidates) {
      for (index, one) in group.enumerated() {
        for other in group[(index + 1)...] where abs(one.key.count - other.key.count) <= 2 {
          if !asked.contains(Pair(one.id, other.id)), NameLikeness(one, other) != .none { judge(one, other) }
        }
      }
    }
    return pairs.sorted { ($1.score, $0.first.name, $0.first.id, $0.second.id) < ($0.score, $1.first.name, $1.first.id, $1.second.id) }
  }

  /// Candidates among whom near names are looked for: two that something tells to be one are together in one of these at least.
  ///
  /// What many share tells little, and costs a comparison for each two of them. Of the signs of a candidate, the commonest are left out
  /// for as long as they could not make a pair by themselves: a pair shares more than that, so something rarer as well.
  static func compared(_ candidates: [DuplicateCandidate]) -> [[DuplicateCandidate]] {
    var sharers: [String: Int] = [:]
    for candidate in candidates { for key in Set(candidate.signs.map(\.key)) { sharers[key, default: 0] += 1 } }
    return groups(candidates) { candidate in
      // Nobody looks for pairs by what a crowd shares; yet it adds to what makes one.
      let crowded = candidate.signs.filter { !$0.needsName && sharers[$0.key, default: 0] > mostSharers }.reduce(0) { $0 + $1.weight }
      let missing = least - candidate.weights.near - crowded
      let commonestFirst = candidate.signs.filter(\.needsName).sorted {
        (sharers[$1.key, default: 0], $0.key) < (sharers[$0.key, default: 0], $1.key)
      }
      var leftOut = 0
      return commonestFirst.drop { sign in
        leftOut += sign.weight
        return leftOut < missing
      }.map(\.key)
    }.filter { $0.count <= mostCompared }
  }

  private static func groups(
    _ candidates: [DuplicateCandidate], by keys: (DuplicateCandidate) -> [String]
  ) -> [[DuplicateCandidate]] {
    var groups: [String: [DuplicateCandidate]] = [:]
    for candidate in candidates { for key in Set(keys(candidate)) { groups[key, default: []].append(candidate) } }
    return groups.values.filter { $0.count > 1 }
  }

  private static func pair(_ one: DuplicateCandidate, _ other: DuplicateCandidate) -> DuplicatePair? {
    let (one, other) = one.id < other.id ? (one, other) : (other, one)
    let names = NameLikeness(one, other)
    var (reasons, score): ([String], Int) = ([], 0)
    switch names {
    case .same: (reasons, score) = (["même nom"], one.weights.same)
    case .near: (reasons, score) = (["noms proches"], one.weights.near)
    case .none: break
    }
    for sign in one.signs where names != .none || !sign.needsName {
      guard other.signs.contains(where: { $0.words == sign.words && $0.value == sign.value }) else { continue }
      score += sign.weight
      if !reasons.contains(sign.words) { reasons.append(sign.words) }
    }
    guard score >= least else { return nil }
    return DuplicatePair(
      first: .init(id: one.id, name: one.name, detail: one.detail), second: .init(id: other.id, name: other.name, detail: other.detail),
      reasons: reasons, score: score)
  }

  // MARK: - Told apart

  /// The latest first.
  public static func dismissed(_ kind: String, _ connection: any Connection) throws -> [DismissedPair] {
    try connection.rows(
      "SELECT first_id, second_id, at, account_id FROM not_duplicate WHERE kind = \(kind) ORDER BY at DESC, first_id, second_id"
    ).map { DismissedPair(first: try $0[0], second: try $0[1], at: try $0[2], account: try $0[3]) }
  }
}

extension MergeEditor {
  /// Remembers that two records are not duplicates, or forgets it.
  public func tell(_ one: Int64, _ other: Int64, areDuplicates: Bool) async throws {
    let pair = DuplicateFinder.Pair(one, other)
    guard pair.first != pair.second else { throw Refusal("Choisissez deux fiches différentes.") }
    try await database.write { connection in
      let known = try connection.first(
        "SELECT 1 FROM not_duplicate WHERE kind = \(kind.name) AND first_id = \(pair.first) AND second_id = \(pair.second)")
      guard (known != nil) == areDuplicates else { return }
      if areDuplicates {
        try connection.execute(
          "DELETE FROM not_duplicate WHERE kind = \(kind.name) AND first_id = \(pair.first) AND second_id = \(pair.second)")
      } else {
        guard try recorder.versions([pair.first, pair.second], of: kind, connection).count == 2 else {
          throw Refusal("L’une de ces deux fiches n’est plus là\u{A0}: elle est peut-être dans la corbeille.")
        }
        try connection.execute(
          """
          INSERT INTO not_duplicate (kind, first_id, second_id, at, account_id)
          VALUES (\(kind.name), \(pair.first), \(pair.second), \(Instant(now())), \(recorder.actor))
          """)
      }
      for record in [pair.first, pair.second] {
        try recorder.log(areDuplicates ? .likening : .tellingApart, kind.name, record, connection)
      }
    }
  }
}
