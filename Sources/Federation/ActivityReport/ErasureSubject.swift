import Foundation
import Records
import Store

extension EditionErasure {
  /// Whom or what an erasure takes out, wherever it stands.
  enum Subject: Sendable {
    /// Every picture of these blocks: one that was replaced would show again.
    case photos(Set<Int64>)
    case person(ForgottenPerson)

    /// What an edition's block has of the kind; `nil` when it has been taken out of it already.
    /// - Throws: `Refusal`.
    init?(_ part: Part, of block: WrittenReport.Block, _ person: String?, _ connection: any Connection) throws {
      let isDone = block.withdrawn?.contains(part) == true
      switch part {
      case .photo:
        guard let photo = block.photo else {
          if isDone { return nil }
          throw ReportDesk.nothingToErase
        }
        // The same picture may have been joined to several.
        let owners = try connection.rows(
          """
          SELECT DISTINCT o.record_id FROM attachment t JOIN attachment o ON o.digest = t.digest
          WHERE t.id = \(photo.attachment) AND o.kind = 'blocs'
          """
        ).map { try $0[0] as Int64 }
        self = .photos(Set(owners).union([block.id]))
      case .name:
        let people = EditionErasure.people(of: block)
        guard let name = block.nature == .people ? person : people.first?.name else {
          guard people.isEmpty else { throw ReportDesk.nobodyChosen }
          if isDone { return nil }
          throw ReportDesk.nothingToErase
        }
        let forgotten = try ForgottenPerson(name, connection)
        guard people.contains(where: { forgotten.isCalled($0.name) }) else {
          if isDone { return nil }
          throw ReportDesk.nothingToErase
        }
        self = .person(forgotten)
      }
    }

    var part: Part {
      switch self {
      case .photos: .photo
      case .person: .name
      }
    }

    /// Takes it out of the blocks of every year, and out of their histories.
    /// - Returns: the blocks that had it.
    func forget(_ connection: any Connection) throws -> [Int64] {
      switch self {
      case .photos(let blocks): try Self.forget(photosOf: blocks.sorted(), connection)
      case .person(let person): try person.forget(connection)
      }
    }

    /// The pictures, unless another record has the same one, with the words under them: the block waits for another photo.
    private static func forget(photosOf blocks: [Int64], _ connection: any Connection) throws -> [Int64] {
      let rows = try connection.rows(
        """
        SELECT t.id, t.digest FROM attachment t JOIN file f ON f.digest = t.digest
        WHERE t.kind = 'blocs' AND t.record_id IN \(list: blocks) AND f.type LIKE 'image/%'
        """)
      let pictures: [Int64] = try rows.map { try $0[0] }
      let digests: [String] = try rows.map { try $0[1] }
      try connection.execute("DELETE FROM attachment WHERE id IN \(list: pictures)")
      try connection.execute(
        """
        DELETE FROM file WHERE digest IN \(list: digests)
          AND NOT EXISTS (SELECT 1 FROM attachment a WHERE a.digest = file.digest)
          AND NOT EXISTS (SELECT 1 FROM letter_file l WHERE l.digest = file.digest)
          AND NOT EXISTS (SELECT 1 FROM outbox_file o WHERE o.digest = file.digest)
        """)
      // A photo is never without words for who does not see it.
      try connection.execute(
        """
        UPDATE report_block SET title = NULL, credit = NULL, alternative = \(ReportDesk.withdrawnPhoto), state = \(BlockState.draft)
        WHERE id IN \(list: blocks)
        """)
      for block in blocks {
        try Recorder.forget(["title", "alternative", "credit"] + Recorder.fileProperties, of: block, kind: "blocs", connection)
      }
      return blocks
    }
  }
}

/// Somebody who asked to be forgotten, known by their name however it was typed.
struct ForgottenPerson: Sendable {
  /// Their names, an account's earlier and later ones among them.
  private let keys: Set<String>

  /// Somebody who has another name since, or had another one before, is the same person: their account had both.
  init(_ name: String, _ connection: any Connection) throws {
    let key = Fold.key(name)
    let others = try Self.accountNames(connection).values.filter { $0.contains(key) }.flatMap(\.self)
    // An account that went from one person to another has two first names; who marries keeps theirs.
    keys = Set(others.filter { Self.haveOneFirstName($0, key) } + [key]).subtracting([""])
  }

  func isCalled(_ name: String) -> Bool { keys.contains(Fold.key(name)) }

  private static func haveOneFirstName(_ left: String, _ right: String) -> Bool {
    left.split(separator: " ").first == right.split(separator: " ").first
  }

  /// The names that each account has, or is known to have had.
  private static func accountNames(_ connection: any Connection) throws -> [Int64: Set<String>] {
    var names: [Int64: Set<String>] = [:]
    for row in try connection.rows("SELECT id, name FROM account") { names[try row[0], default: []].insert(Fold.key(try row[1] as String)) }
    let images = try connection.rows("SELECT record_id, change FROM image WHERE kind = \(Accounts.auditKind) AND change LIKE '%\"nom\"%'")
    for row in images {
      let (account, text): (Int64, String) = (try row[0], try row[1])
      let image = try JSONDecoder().decode(AccountImage.self, from: Data(text.utf8))
      names[account, default: []].formUnion([image.before.nom, image.after.nom].compactMap { $0.map { Fold.key($0) } })
    }
    return names
  }

  private struct AccountImage: Decodable {
    struct Named: Decodable {
      let nom: String?
    }

    let before: Named
    let after: Named
  }

  private static let signature = ["speaker", "speakerRole"]

  /// Takes them out of every block, copies and the bin included, and out of what the histories keep.
  /// - Returns: the blocks that named them.
  fileprivate func forget(_ connection: any Connection) throws -> [Int64] {
    let accounts = try ownAccounts(connection)
    var forgotten = try takenOut(accounts, connection)
    for (block, names) in try remembered(accounts, connection) { forgotten[block, default: []].formUnion(names) }
    for (block, names) in forgotten { try Recorder.forget(names.sorted(), of: block, kind: "blocs", connection) }
    return forgotten.keys.sorted()
  }

  /// By which blocks tick them.
  private func ownAccounts(_ connection: any Connection) throws -> Set<String> {
    var codes: Set<String> = []
    for row in try connection.rows("SELECT id, name FROM account") {
      let (id, name): (Identifier<Account>, String) = (try row[0], try row[1])
      if isCalled(name) { codes.insert(id.description) }
    }
    return codes
  }

  /// Out of the blocks as they are now.
  /// - Returns: the properties that changed, by block.
  private func takenOut(_ accounts: Set<String>, _ connection: any Connection) throws -> [Int64: Set<String>] {
    let rows = try connection.rows(
      """
      SELECT id, nature, state, speaker, lines, taken FROM report_block
      WHERE speaker IS NOT NULL OR lines IS NOT NULL OR taken IS NOT NULL ORDER BY id
      """)
    var changed: [Int64: Set<String>] = [:]
    for row in rows {
      let (block, nature, former): (Int64, BlockNature, BlockState) = (try row[0], try row[1], try row[2])
      let said = BlockNames(speaker: try row[3], lines: try row[4], taken: try row[5])
      let names = said.properties(naming: self, accounts)
      guard !names.isEmpty else { continue }
      changed[block] = names
      if names.contains("speaker") {
        try connection.execute(
          "UPDATE report_block SET speaker = \(ReportDesk.withdrawnName), speaker_role = NULL WHERE id = \(block)")
      }
      let lines = said.lines.flatMap { without(lines: $0) }
      let ticks = ReportBlockRecords.figures(said.taken ?? "").filter { !accounts.contains($0) }
      let taken: String? = ticks.isEmpty ? nil : ticks.joined(separator: "|")
      let isEmpty = nature == .people && lines == nil && taken == nil
      try connection.execute(
        """
        UPDATE report_block SET lines = \(lines), taken = \(taken), state = \(isEmpty ? BlockState.toWrite : former)
        WHERE id = \(block)
        """)
    }
    return changed
  }

  /// - Returns: the properties that images keep with the name in them, by block.
  private func remembered(_ accounts: Set<String>, _ connection: any Connection) throws -> [Int64: Set<String>] {
    let rows = try connection.rows(
      """
      SELECT record_id, change FROM image WHERE kind = 'blocs'
        AND (change LIKE '%"speaker"%' OR change LIKE '%"lines"%' OR change LIKE '%"taken"%')
      """)
    var kept: [Int64: Set<String>] = [:]
    for row in rows {
      let (block, text): (Int64, String) = (try row[0], try row[1])
      let image = try JSONDecoder().decode(BlockImage.self, from: Data(text.utf8))
      let names = [image.before, image.after].reduce(into: Set<String>()) { $0.formUnion($1.properties(naming: self, accounts)) }
      if !names.isEmpty { kept[block, default: []].formUnion(names) }
    }
    return kept
  }

  /// `nil` when no other line is left.
  private func without(lines: String) -> String? {
    let others = lines.split(separator: "\n", omittingEmptySubsequences: false).filter { !isNamed(in: $0) }.joined(separator: "\n")
    return others.contains { !$0.isWhitespace } ? others : nil
  }

  /// As `BlockLines` reads a line: the name first.
  fileprivate func isNamed(in line: Substring) -> Bool {
    let clean = line.trimmingCharacters(in: .whitespaces).trimmingPrefix("- ")
    return isCalled(String(clean.prefix { $0 != "|" }))
  }

  /// Whom a block names, as it is or as an image keeps it.
  private struct BlockNames: Decodable {
    let speaker: String?
    let lines: String?
    let taken: String?

    func properties(naming person: ForgottenPerson, _ accounts: Set<String>) -> Set<String> {
      var names: Set<String> = []
      if let speaker, person.isCalled(speaker) { names.formUnion(ForgottenPerson.signature) }
      if let lines, lines.split(separator: "\n").contains(where: { person.isNamed(in: $0) }) { names.insert("lines") }
      if let taken, ReportBlockRecords.figures(taken).contains(where: { accounts.contains($0) }) { names.insert("taken") }
      return names
    }
  }

  private struct BlockImage: Decodable {
    let before: BlockNames
    let after: BlockNames
  }
}
