import Foundation
import Records
import Store

/// Somebody of the directory as texts may name them: by their names, an earlier one among them, their addresses and numbers.
///
/// Certain is what names nobody else: first and last name side by side, an address, a telephone or RPPS number. A last name alone, or
/// behind an initial, may be another person's: it is shown to a human and never changed without them.
public struct NamedPerson: Sendable {
  /// The record, and those that were merged into it.
  let ids: [Int64]
  /// Folded words, in either order.
  private let fullNames: Set<[String]>
  private let lastNames: Set<[String]>
  private let firstNames: Set<[String]>
  private let emails: Set<String>
  /// The digits of telephone and RPPS numbers.
  private let numbers: Set<String>
  /// The first word of each name: most texts hold none of them.
  private let starts: Set<String>

  /// Where a text names the person.
  struct Mention {
    let range: Range<String.Index>
    let isCertain: Bool
    let replacement: String
  }

  /// What takes the place of a name in a text.
  public static let replacement = "une personne"

  init(
    ids: [Int64], names: [(first: String?, last: String)], emails: [String] = [], numbers: [String] = []
  ) {
    self.ids = ids
    var (full, lasts, firsts): (Set<[String]>, Set<[String]>, Set<[String]>) = ([], [], [])
    for name in names {
      let last = Fold.words(name.last)
      guard !last.isEmpty else { continue }
      lasts.insert(last)
      let first = Fold.words(name.first ?? "")
      guard !first.isEmpty else { continue }
      firsts.insert(first)
      full.formUnion([first + last, last + first])
    }
    fullNames = full
    lastNames = lasts
    firstNames = firsts
    self.emails = Set(emails.map { Fold.key($0) }.filter { $0.contains("@") })
    // Shorter ones stand in any text.
    self.numbers = Set(numbers.map(Self.national).filter { $0.count >= 9 })
    starts = Set((full.union(lasts)).compactMap(\.first))
  }

  /// The record of that identifier with those that were merged into it, by their present names and those that their histories keep.
  /// - Returns: `nil` when there is no such record.
  init?(_ person: Identifier<Person>, _ connection: any Connection) throws {
    let rows = try connection.rows(
      """
      WITH RECURSIVE family (id) AS (
        SELECT id FROM person WHERE id = \(person)
        UNION SELECT p.id FROM person p JOIN family f ON p.merged_into = f.id)
      SELECT p.id, p.first_name, p.last_name, p.email, p.phone, p.rpps, NULL FROM person p JOIN family f ON f.id = p.id
      UNION ALL SELECT i.record_id, NULL, NULL, NULL, NULL, NULL, i.change FROM image i JOIN family f ON f.id = i.record_id
      WHERE i.kind = 'personnes'
      """)
    guard !rows.isEmpty else { return nil }
    var (firsts, lasts, emails, numbers, ids): (Set<String>, Set<String>, [String], [String], Set<Int64>) = ([], [], [], [], [])
    for row in rows {
      ids.insert(try row[0])
      var known = PastPerson(firstName: try row[1], lastName: try row[2], email: try row[3], phone: try row[4], rpps: try row[5])
      func gather() {
        if let first = known.firstName { firsts.insert(first) }
        if let last = known.lastName { lasts.insert(last) }
        emails += [known.email].compactMap(\.self)
        numbers += [known.phone, known.rpps].compactMap(\.self)
      }
      gather()
      guard let change = try row[6] as String? else { continue }
      let image = try JSONDecoder().decode(PastImage.self, from: Data(change.utf8))
      for past in [image.before, image.after] {
        known = past
        gather()
      }
    }
    let names = lasts.flatMap { last in firsts.isEmpty ? [(first: nil, last: last)] : firsts.map { (first: $0 as String?, last: last) } }
    self.init(ids: ids.sorted(), names: names, emails: emails, numbers: numbers)
  }

  private struct PastImage: Decodable {
    let before: PastPerson
    let after: PastPerson
  }

  private struct PastPerson: Decodable {
    let firstName: String?
    let lastName: String?
    let email: String?
    let phone: String?
    let rpps: String?
  }

  /// The names as people write them, for what knows people by name alone.
  var writtenNames: [String] { fullNames.map { $0.joined(separator: " ") }.sorted() }

  /// Whether somebody else of the directory is called so.
  func hasHomonym(_ connection: any Connection) throws -> Bool {
    guard !fullNames.isEmpty else { return false }
    return try connection.rows("SELECT p.id, \(Person.fullName) FROM person p WHERE p.removed_at IS NULL AND p.id NOT IN \(list: ids)")
      .contains { isCalled(try $0[1]) }
  }

  /// The digits of a number, a French telephone as one dials it at home.
  private static func national(_ number: String) -> String {
    let digits = number.filter { $0.isASCII && $0.isNumber }
    for (prefix, count) in [("33", 11), ("0033", 13)] where digits.hasPrefix(prefix) && digits.count == count {
      return "0" + digits.dropFirst(prefix.count)
    }
    return digits
  }

  // MARK: - In texts

  /// Whether a text surely names the person.
  func isNamed(in text: String) -> Bool { mentions(in: text).contains(where: \.isCertain) }

  /// Whether an address or a number is the person's own.
  func isReached(at address: String) -> Bool { emails.contains(Fold.key(address)) }

  /// Whether words typed to find somebody are the person's and nobody's beside.
  func isSought(by words: String) -> Bool {
    let sought = Fold.words(words)
    let own = Set((lastNames.union(firstNames)).flatMap(\.self))
    return isNamed(in: words) || (lastNames.contains { Set($0).isSubset(of: sought) } && sought.allSatisfy(own.contains))
  }

  /// Whether a whole name is the person's.
  func isCalled(_ name: String) -> Bool { fullNames.contains(Fold.words(name)) }

  /// The text without the person.
  /// - Parameter certainOnly: what may be another's stays.
  func mended(_ text: String, certainOnly: Bool = false) -> String {
    var mended = text
    for mention in mentions(in: text).reversed() where mention.isCertain || !certainOnly {
      var (range, replacement) = (mention.range, mention.replacement)
      if replacement == Self.replacement, let joined = Self.joined(to: mended[..<range.lowerBound]) {
        range = joined.start..<range.upperBound
        replacement = joined.words
      }
      mended.replaceSubrange(range, with: replacement)
    }
    return mended
  }

  /// What takes the place of a name together with the little word before it: « d’une personne », « qu’une personne »; without the
  /// article of a title.
  private static func joined(to text: Substring) -> (start: String.Index, words: String)? {
    guard text.last?.isWhitespace == true else { return nil }
    let word = String(text.dropLast().reversed().prefix(while: \.isLetter).reversed())
    guard let first = word.first else { return nil }
    let words: String
    switch word.lowercased() {
    case "de", "du": words = "\(first)’\(replacement)"
    case "que", "lorsque", "puisque", "jusque": words = "\(word.dropLast())’\(replacement)"
    case "au": words = "\(first.isUppercase ? "À" : "à") \(replacement)"
    case "le", "la": words = first.isUppercase ? replacement.prefix(1).uppercased() + replacement.dropFirst() : replacement
    default: return nil
    }
    return (text.index(text.endIndex, offsetBy: -word.count - 1), words)
  }

  /// Where a text names the person, in its order, none over another.
  func mentions(in text: String) -> [Mention] {
    var found: [Mention] = []
    let pieces = TextWord.all(in: text)
    var index = 0
    while index < pieces.count {
      guard let (length, isCertain) = match(pieces, at: index) else {
        index += 1
        continue
      }
      var start = index
      // « Dr Martin », « J. Martin »: what stands before goes with it.
      if !isCertain, start > 0, initials.contains(pieces[start - 1].fold) { start -= 1 }
      if start > 0, Self.titles.contains(pieces[start - 1].fold) { start -= 1 }
      let range = pieces[start].range.lowerBound..<pieces[index + length - 1].range.upperBound
      found.append(Mention(range: range, isCertain: isCertain, replacement: Self.replacement))
      index += length
    }
    let reached = addresses(in: text)
    return (found.filter { mention in !reached.contains { $0.range.overlaps(mention.range) } } + reached).sorted {
      $0.range.lowerBound < $1.range.lowerBound
    }
  }

  private static let titles: Set = ["dr", "docteur", "docteure", "pr", "professeur", "professeure", "m", "mr", "mme", "monsieur", "madame"]

  private var initials: Set<String> { Set(firstNames.compactMap { $0.first?.first.map(String.init) }) }

  private func match(_ pieces: [TextWord], at index: Int) -> (length: Int, isCertain: Bool)? {
    guard starts.contains(pieces[index].fold) else { return nil }
    func stands(_ words: [String]) -> Bool {
      index + words.count <= pieces.count && zip(words, pieces[index...]).allSatisfy { $0 == $1.fold }
    }
    if let full = fullNames.filter(stands).max(by: { $0.count < $1.count }) { return (full.count, true) }
    // « petit » is a word, « Petit » may be a name.
    guard pieces[index].isCapital, let last = lastNames.filter(stands).max(by: { $0.count < $1.count }) else { return nil }
    return (last.count, false)
  }

  private func addresses(in text: String) -> [Mention] {
    var found: [Mention] = []
    for email in emails {
      var rest = text.startIndex..<text.endIndex
      while let range = text.range(of: email, options: [.caseInsensitive, .diacriticInsensitive], range: rest) {
        found.append(Mention(range: range, isCertain: true, replacement: "adresse retirée"))
        rest = range.upperBound..<text.endIndex
      }
    }
    guard !numbers.isEmpty, text.count(where: { $0.isASCII && $0.isNumber }) >= 9 else { return found }
    // French telephones one by one, and what is written in one piece.
    let pattern = /(?:(?:\+|00)33[ .\u{A0}\u{202F}\-]?|0)[1-9](?:[ .\u{A0}\u{202F}\-]?[0-9]{2}){4}(?![0-9])|[0-9]{9,}/
    for match in text.matches(of: pattern) {
      guard numbers.contains(Self.national(String(match.output))) else { continue }
      found.append(Mention(range: match.range, isCertain: true, replacement: "numéro retiré"))
    }
    return found
  }
}

/// A word of a text, where it stands, and as it is compared.
private struct TextWord {
  let range: Range<String.Index>
  let fold: String
  let isCapital: Bool

  static func all(in text: String) -> [TextWord] {
    var words: [TextWord] = []
    var start: String.Index?
    func end(at index: String.Index) {
      guard let from = start else { return }
      let word = text[from..<index]
      words.append(
        TextWord(range: from..<index, fold: Fold.words(String(word)).joined(), isCapital: word.first?.isUppercase == true))
      start = nil
    }
    for index in text.indices {
      let character = text[index]
      if character.isLetter || character.isNumber { start = start ?? index } else { end(at: index) }
    }
    end(at: text.endIndex)
    return words
  }
}
