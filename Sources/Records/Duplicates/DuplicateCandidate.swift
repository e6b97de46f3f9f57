import Store

/// What a record is compared by, to find those that speak of the same thing.
public struct DuplicateCandidate: Sendable {
  /// Something that two records have in common.
  public struct Sign: Sendable {
    /// « même FINESS »
    public let words: String
    public let weight: Int
    public let value: String
    /// It says nothing unless the names are alike as well: whole towns share a département.
    public let needsName: Bool

    /// Told apart from the same value of another sign.
    var key: String { "\(words) \(value)" }

    public init(_ words: String, _ weight: Int, _ value: String, needsName: Bool = false) {
      self.words = words
      self.weight = weight
      self.value = value
      self.needsName = needsName
    }
  }

  public let id: Int64
  public let name: String
  /// What it is beside its name: « MSP, Voiron ».
  public let detail: String
  public let signs: [Sign]
  let fold: String
  /// The words by which names are told apart, in the order of the alphabet.
  let key: [UInt8]
  /// The numbers in a name: teams that differ by one are two.
  let digits: String
  let weights: Weights

  /// What a name is worth among records of the kind.
  public struct Weights: Sendable {
    public let same: Int
    public let near: Int

    public init(same: Int, near: Int) {
      self.same = same
      self.near = near
    }
  }

  /// - Parameter common: words of names that say nothing of one record: « maison », « santé ».
  public init(_ id: Int64, name: String, detail: String, weights: Weights, common: Set<String> = [], signs: [Sign?]) {
    self.id = id
    self.name = name
    self.detail = detail
    self.weights = weights
    self.signs = signs.compactMap(\.self).filter { !$0.value.isEmpty }
    let words = Fold.words(name)
    let telling = words.filter { !common.contains($0) }
    fold = words.joined(separator: " ")
    key = Array((telling.isEmpty ? words : telling).sorted().joined(separator: " ").utf8)
    digits = words.joined().filter(\.isNumber)
  }
}

/// How alike two names are.
enum NameLikeness {
  case same, near, none

  init(_ one: DuplicateCandidate, _ other: DuplicateCandidate) {
    if one.fold == other.fold {
      self = .same
    } else if one.digits == other.digits, Self.areNear(one.key, other.key) {
      self = .near
    } else {
      self = .none
    }
  }

  /// A letter in short names, two in longer ones.
  private static func areNear(_ one: [UInt8], _ other: [UInt8]) -> Bool {
    if one == other { return true }
    let length = min(one.count, other.count)
    let most = length < 5 ? 0 : length < 10 ? 1 : 2
    guard most > 0, abs(one.count - other.count) <= most else { return false }
    return distance(one, other, most: most) <= most
  }

  /// How many letters are to be changed, added or left out; anything above `most` once that is passed.
  static func distance(_ one: [UInt8], _ other: [UInt8], most: Int) -> Int {
    var row = Array(0...other.count)
    for (line, letter) in one.enumerated() {
      var corner = row[0]
      row[0] = line + 1
      var least = row[0]
      for column in other.indices {
        let cost = letter == other[column] ? corner : 1 + min(corner, row[column], row[column + 1])
        corner = row[column + 1]
        row[column + 1] = cost
        least = min(least, cost)
      }
      if least > most { return most + 1 }
    }
    return row[other.count]
  }
}
