import Foundation
import Records
import Store

/// What is done with the plan of a report while it is drafted. Each operation is one transaction and one event.
public struct ReportDrafting: Sendable {
  private let installation: Installation
  private let actor: Identifier<Account>
  private let editor: RecordEditor<ReportBlockRecords>
  private let kind: ReportBlockRecords

  public init(_ installation: Installation, actor: Identifier<Account>) {
    self.installation = installation
    self.actor = actor
    kind = ReportBlockRecords(installation.model.figures)
    editor = RecordEditor(kind, installation.database, ids: installation.ids, now: installation.now, actor: actor.rawValue)
  }

  /// Where the plan of a year comes from.
  public enum Plan: String, Sendable {
    case standard = "modele"
    /// That of the year before: its texts are to be written again, and stand beside while they are.
    case lastYear = "precedent"
  }

  /// Far enough apart that a block finds its place between two others.
  static let step = 1_000

  /// Begins the drafting of a year. Asked twice, it is done once.
  /// - Throws: `Refusal` when there is no plan to take over.
  public func open(_ year: Int, _ plan: Plan) async throws {
    try ReportDesk.requireReal(year)
    try await editor.write(as: .outlining, about: Int64(year), isJudged: false) { [kind, ids = installation.ids] connection, context in
      guard try ReportBlock.all(of: year, connection).isEmpty else { return [] }
      var drafts =
        switch plan {
        case .standard: try DefaultOutline(connection).blocks
        case .lastYear: try Self.plan(of: year - 1, kind, connection, context)
        }
      guard !drafts.isEmpty else { throw Refusal("Le rapport \(year - 1) n’a pas de plan à reprendre.") }
      for index in drafts.indices {
        drafts[index].year = year
        drafts[index].rank = (index + 1) * Self.step
      }
      return drafts.map { RecordWrite(id: ids.next(ReportBlock.self).rawValue, isNew: true, old: nil, draft: $0) }
    }
  }

  /// What stays from one year to the next: chapters, figures, who writes what. Photos are of their year.
  private static func plan(
    of year: Int, _ kind: ReportBlockRecords, _ connection: any Connection, _ context: ReportBlockRecords.Context
  ) throws -> [ReportBlockRecords.Draft] {
    let outline = try ReportBlock.all(of: year, connection).filter { $0.nature != .photo }
    let stored = try kind.stored(connection, .ids(outline.map(\.id.rawValue)), context)
    let drafts = Dictionary(stored.map { ($0.id, $0.draft) }, uniquingKeysWith: { first, _ in first })
    return outline.compactMap { block in
      guard let former = drafts[block.id.rawValue] else { return nil }
      return ReportBlockRecords.Draft(
        nature: former.nature, title: former.title, figures: former.figures, dimension: former.dimension, form: former.form,
        isEssential: former.isEssential, author: former.author, copiedFrom: block.id, secondDimension: former.secondDimension,
        // Who does what is to be checked, not typed again; dates are of their year.
        lines: former.nature == .people ? former.lines : nil, taken: former.nature == .people ? former.taken : nil)
    }
  }

  public enum Direction: String, Sendable {
    case up = "monter"
    case down = "descendre"
  }

  /// Puts a block before or after its neighbour; a chapter goes with all that stands in it.
  /// - Throws: `Refusal` when it is no longer there.
  public func move(_ id: Identifier<ReportBlock>, _ direction: Direction) async throws {
    try await editor.write(as: .ordering, about: id.rawValue, isJudged: false) { [kind] connection, context in
      guard let block = try ReportBlock.one(id, connection) else { throw Refusal("Ce bloc n’existe plus.") }
      let outline = try ReportBlock.all(of: block.year, connection)
      let order = Self.moved(id, direction, in: outline).map(\.id.rawValue)
      let stored = try kind.stored(connection, .ids(order), context)
      let drafts = Dictionary(stored.map { ($0.id, $0.draft) }, uniquingKeysWith: { first, _ in first })
      guard order != outline.map(\.id.rawValue) else { return [] }
      return order.enumerated().compactMap { index, id in
        guard let old = drafts[id] else { return nil }
        var draft = old
        draft.rank = (index + 1) * Self.step
        return RecordWrite(id: id, isNew: false, old: old, draft: draft)
      }
    }
  }

  static func moved(_ id: Identifier<ReportBlock>, _ direction: Direction, in outline: [ReportBlock]) -> [ReportBlock] {
    guard let place = outline.firstIndex(where: { $0.id == id }) else { return outline }
    guard outline[place].nature == .chapter else {
      let other = direction == .up ? place - 1 : place + 1
      guard outline.indices.contains(other) else { return outline }
      var order = outline
      order.swapAt(place, other)
      return order
    }
    // Chapters with what stands in them, and before the first one whatever has no chapter.
    var parts: [[ReportBlock]] = [[]]
    for block in outline {
      if block.nature == .chapter { parts.append([block]) } else { parts[parts.count - 1].append(block) }
    }
    guard let part = parts.firstIndex(where: { $0.first?.id == id }) else { return outline }
    let other = direction == .up ? part - 1 : part + 1
    guard parts.indices.contains(other), other > 0 else { return outline }
    parts.swapAt(part, other)
    return parts.flatMap(\.self)
  }

  /// Where a block stands that is put after another one, or at the end.
  public static func rank(after block: ReportBlock?, in outline: [ReportBlock]) -> Int {
    guard let block, let next = outline.first(where: { ($0.rank, $0.id) > (block.rank, block.id) }) else {
      return (outline.map(\.rank).max() ?? 0) + step
    }
    return (block.rank + next.rank) / 2
  }
}

extension ReportDrafting {
  public static let longestComment = 2_000

  /// Says something of a block to those who write it. The form carries the comment's identifier: sent twice, it is said once.
  /// - Throws: `Refusal`.
  public func comment(_ id: Identifier<ReportComment>, on block: Identifier<ReportBlock>, _ text: String) async throws {
    let text = PastedText.cleaned(text)
    guard !text.isEmpty else { throw Refusal("Écrivez d’abord votre commentaire.") }
    guard text.count <= Self.longestComment else { throw Refusal("\(text.count) caractères : \(Self.longestComment) au plus.") }
    let moment = installation.now()
    let recorder = Recorder(ids: installation.ids, now: { moment }, actor: actor.rawValue)
    try await installation.database.write { [actor, kind] connection in
      guard try connection.first("SELECT 1 FROM report_comment WHERE id = \(id)") == nil else { return }
      guard try ReportBlock.one(block, connection) != nil else { throw Refusal("Ce bloc n’existe plus.") }
      try recorder.log(.commenting, kind.name, block.rawValue, connection)
      try connection.execute(
        """
        INSERT INTO report_comment (id, block_id, account_id, at, text)
        VALUES (\(id), \(block), \(actor), \(Instant(moment)), \(text))
        """)
    }
  }

  /// Puts a comment aside, signed and dated; it can be read all the same.
  public func settle(_ id: Identifier<ReportComment>, on block: Identifier<ReportBlock>) async throws {
    let moment = installation.now()
    let recorder = Recorder(ids: installation.ids, now: { moment }, actor: actor.rawValue)
    try await installation.database.write { [actor, kind] connection in
      let open = try connection.first(
        "SELECT 1 FROM report_comment WHERE id = \(id) AND block_id = \(block) AND settled_at IS NULL")
      guard open != nil else { return }
      try recorder.log(.settling, kind.name, block.rawValue, connection)
      try connection.execute("UPDATE report_comment SET settled_at = \(Instant(moment)), settled_by = \(actor) WHERE id = \(id)")
    }
  }
}
