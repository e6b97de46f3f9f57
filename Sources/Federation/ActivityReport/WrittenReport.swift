import Records
import Store

/// What people wrote and chose for the report of a year, with the figures that it takes: part of what a publication freezes.
///
/// Published editions keep it as JSON: a property is never renamed, and one that is added is optional.
public struct WrittenReport: Sendable, Codable {
  public struct Block: Sendable, Codable {
    public let id: Int64
    public let nature: BlockNature
    public fileprivate(set) var title: String?
    public let text: String?
    public fileprivate(set) var speaker: String?
    public fileprivate(set) var speakerRole: String?
    public let figures: [String]
    public let dimension: String?
    public let form: ChartForm?
    public fileprivate(set) var photo: Photo?
    public fileprivate(set) var credit: String?
    public let isEssential: Bool
    /// What somebody who asked to be forgotten had taken out of an edition.
    public var withdrawn: [EditionErasure.Part]?
    public let secondDimension: String?
    /// By date.
    public let moments: [YearMoment]?
    public fileprivate(set) var people: [ReportPerson]?
    /// Of a map, by name.
    public let teams: [ReportTeam]?
    /// The nearest due date first.
    public let targets: [ReportTarget]?

    /// There is something to print.
    public var isFilled: Bool {
      switch nature {
      case .chapter, .figures, .chart: true
      case .text, .quote: !(text ?? "").isEmpty
      case .timeline: !(moments ?? []).isEmpty
      case .people: !(people ?? []).isEmpty || withdrawn?.contains(.name) == true
      case .photo: photo != nil || withdrawn?.contains(.photo) == true
      case .teamMap: !(teams ?? []).isEmpty
      case .targets: !(targets ?? []).isEmpty
      }
    }
  }

  public struct Photo: Sendable, Codable {
    public let attachment: Int64
    public let type: String
    /// For who does not see it.
    public let alternative: String
  }

  public private(set) var blocks: [Block]
  /// Those that only the blocks ask for.
  public let figures: [ReportFigure]
  public let references: [FigureReference]

  /// `nil` for a year that nobody drafts.
  /// - Parameters:
  ///   - period: the year, or as much of it as is over.
  ///   - made: the figures that the report has anyway.
  init?(
    _ period: Period, years: [Period], made: [ReportFigure], _ registry: FigureRegistry, _ lists: ReferenceLists,
    _ connection: any Connection
  ) throws {
    let outline = try ReportBlock.all(of: period.year, connection)
    guard !outline.isEmpty else { return nil }
    try self.init(outline, period, years: years, made: made, registry, lists, connection)
  }

  /// One block by itself, as the report will print it.
  public init(
    previewing block: ReportBlock, today: CivilDate, _ registry: FigureRegistry, _ lists: ReferenceLists, _ connection: any Connection
  ) throws {
    let years = (block.year - 4...block.year).map { ActivityReport.period($0, today: today) }
    try self.init([block], ActivityReport.period(block.year, today: today), years: years, made: [], registry, lists, connection)
  }

  private init(
    _ outline: [ReportBlock], _ period: Period, years: [Period], made: [ReportFigure], _ registry: FigureRegistry, _ lists: ReferenceLists,
    _ connection: any Connection
  ) throws {
    let photos = try Self.photos(outline, connection)
    let offers = try Self.offers(outline, connection)
    let natures = Set(outline.map(\.nature))
    let teams = natures.contains(.teamMap) ? try ReportTeam.all(period, registry, lists, connection) : []
    let targets = natures.contains(.targets) ? try ReportTarget.all(period, registry, lists, connection) : []
    blocks = outline.map { Block($0, photo: photos[$0.id.rawValue], offers[$0.nature] ?? [:], teams, targets) }
    let check = FigureReferenceCheck(registry, lists, connection)
    references = outline.flatMap { FigureReference.all(in: $0.text ?? "") }.reduce(into: []) { references, written in
      // One that names nothing is told where it is written, and stops the publication.
      if !references.contains(where: { $0.written == written }), let reference = try? check.reference(written) {
        references.append(reference)
      }
    }
    var questions: [FigureQuery] = []
    func ask(_ id: String, _ period: Period, by dimensions: [String] = []) throws {
      // A figure that was retired since it was chosen is told with its block.
      guard let figure = try? registry.figure(id), let query = try? FigureQuery(figure, period, by: dimensions) else { return }
      let known = made.contains { $0.answers(id, period, dimensions) }
      let asked = questions.contains { $0.figure.id == id && $0.period == period && $0.dimensions.map(\.code) == dimensions }
      if !known, !asked { questions.append(query) }
    }
    for reference in references {
      if reference.aspect != .former { try ask(reference.figure, period, by: reference.dimensions) }
      if reference.aspect != .value { try ask(reference.figure, period.previous, by: reference.dimensions) }
    }
    if natures.contains(.teamMap) {
      for dimensions in ReportTeam.breakdowns { try ask(ReportTeam.figure, period, by: dimensions) }
    }
    for block in blocks {
      for id in block.figures {
        switch block.nature {
        case .figures:
          try ask(id, period)
          try ask(id, period.previous)
        case .chart:
          for period in block.form == .years ? years : [period] { try ask(id, period, by: block.dimension.map { [$0] } ?? []) }
          if let first = block.dimension, let second = block.secondDimension {
            try ask(id, period, by: [second])
            try ask(id, period, by: [first, second])
          }
        default: break
        }
      }
    }
    figures = try ReportFigure.all(questions, from: made.count + 1, lists, connection)
  }

  /// What the records offer to the blocks that have ticked some of it.
  private static func offers(
    _ outline: [ReportBlock], _ connection: any Connection
  ) throws -> [BlockNature: [String: BlockOffer]] {
    var offers: [BlockNature: [String: BlockOffer]] = [:]
    for block in outline where !block.taken.isEmpty && offers[block.nature] == nil {
      let all = try BlockOffer.all(for: block.nature, of: block.year, connection)
      offers[block.nature] = Dictionary(all.map { ($0.code, $0) }, uniquingKeysWith: { first, _ in first })
    }
    return offers
  }

  private static func photos(_ outline: [ReportBlock], _ connection: any Connection) throws -> [Int64: Photo] {
    let blocks = outline.filter { $0.nature == .photo }
    guard !blocks.isEmpty else { return [:] }
    let alternatives = Dictionary(blocks.map { ($0.id.rawValue, $0.alternative ?? "") }, uniquingKeysWith: { first, _ in first })
    let rows = try connection.rows(
      """
      SELECT t.record_id, t.id, f.type FROM attachment t JOIN file f ON f.digest = t.digest
      WHERE t.kind = 'blocs' AND t.removed_at IS NULL AND t.record_id IN \(list: blocks.map(\.id.rawValue)) AND f.type LIKE 'image/%'
      ORDER BY t.id
      """)
    // The last one joined.
    return try rows.reduce(into: [:]) { photos, row in
      let block: Int64 = try row[0]
      photos[block] = Photo(attachment: try row[1], type: try row[2], alternative: alternatives[block] ?? "")
    }
  }

  private init(blocks: [Block], figures: [ReportFigure], references: [FigureReference]) {
    (self.blocks, self.figures, self.references) = (blocks, figures, references)
  }

  /// Takes photos, or somebody's name, out of every block that has them; what else it says stays.
  /// - Returns: the blocks that had them.
  mutating func withdraw(_ subject: EditionErasure.Subject) -> [Int64] {
    var found: [Int64] = []
    for index in blocks.indices {
      switch subject {
      case .photos(let owners):
        guard blocks[index].photo != nil, owners.contains(blocks[index].id) else { continue }
        (blocks[index].photo, blocks[index].title, blocks[index].credit) = (nil, nil, nil)
      case .person(let person):
        let isSigned = blocks[index].speaker.map { person.isCalled($0) } ?? false
        let others = blocks[index].people?.filter { !person.isCalled($0.name) }
        guard isSigned || others?.count != blocks[index].people?.count else { continue }
        if isSigned { (blocks[index].speaker, blocks[index].speakerRole) = (nil, nil) }
        blocks[index].people = others
      }
      found.append(blocks[index].id)
      let withdrawn = blocks[index].withdrawn ?? []
      blocks[index].withdrawn = withdrawn.contains(subject.part) ? withdrawn : withdrawn + [subject.part]
    }
    return found
  }

  /// As it is printed: without what nobody has written yet, nor chapters that hold nothing else.
  public var printed: WrittenReport {
    let filled = blocks.filter(\.isFilled)
    let kept = filled.enumerated().filter { index, block in
      block.nature != .chapter || (index + 1 < filled.count && filled[index + 1].nature != .chapter)
    }.map(\.element)
    return WrittenReport(blocks: kept, figures: figures, references: references)
  }

  /// « L’essentiel »: the blocks that are marked so, under their chapters.
  public var essential: WrittenReport {
    let marked = blocks.filter { $0.nature == .chapter || $0.isEssential }
    return WrittenReport(blocks: marked, figures: figures, references: references).printed
  }
}

extension WrittenReport.Block {
  init(
    _ block: ReportBlock, photo: WrittenReport.Photo?, _ offers: [String: BlockOffer], _ teams: [ReportTeam], _ targets: [ReportTarget]
  ) {
    let taken = block.taken.compactMap { offers[$0] }
    // What was typed is checked where it is typed; of a line that cannot be read the others say their own all the same.
    let typed = block.nature == .timeline ? BlockLines(moments: block.lines ?? "", of: block.year).parts : []
    let named = block.nature == .people ? BlockLines(people: block.lines ?? "").parts : []
    // Who is ticked and typed too stands once, as it was typed: « Chargée de mission » where the account says its role.
    let typedNames = Set(named.map { Fold.key($0.name) })
    let ticked = taken.compactMap(\.person).filter { !typedNames.contains(Fold.key($0.name)) }
    let moments = (typed + taken.compactMap(\.moment)).enumerated().sorted { ($0.element.date, $0.offset) < ($1.element.date, $1.offset) }
    self.init(
      id: block.id.rawValue, nature: block.nature, title: block.title, text: block.text, speaker: block.speaker,
      speakerRole: block.speakerRole, figures: block.figures, dimension: block.dimension, form: block.form, photo: photo,
      credit: block.credit, isEssential: block.isEssential, secondDimension: block.secondDimension,
      moments: block.nature == .timeline ? moments.map(\.element) : nil,
      people: block.nature == .people ? ticked + named : nil, teams: block.nature == .teamMap ? teams : nil,
      targets: block.nature == .targets ? targets : nil)
  }
}

/// What a block says otherwise than it did.
public struct BlockChange: Sendable {
  public enum Effect: Sendable { case added, removed, rewritten, moved }

  /// 0 for the order of all.
  public let id: Int64
  public let name: String
  public let effect: Effect

  /// Where what is printed of two reports differs, block by block.
  public static func between(_ old: WrittenReport?, _ new: WrittenReport?) -> [BlockChange] {
    let (before, after) = (old?.printed.blocks ?? [], new?.printed.blocks ?? [])
    let (olds, news) = (Dictionary(before.map { ($0.id, $0) }) { $1 }, Dictionary(after.map { ($0.id, $0) }) { $1 })
    let present = after.compactMap { block -> BlockChange? in
      guard let former = olds[block.id] else { return BlockChange(id: block.id, name: block.name, effect: .added) }
      return former.says(block) ? nil : BlockChange(id: block.id, name: block.name, effect: .rewritten)
    }
    // Only those on both sides can have changed places; which of them went and which stayed, nobody can tell.
    let isReordered = before.map(\.id).filter { news[$0] != nil } != after.map(\.id).filter { olds[$0] != nil }
    let order = isReordered ? [BlockChange(id: 0, name: "Ordre des blocs", effect: .moved)] : []
    return present + before.filter { news[$0.id] == nil }.map { BlockChange(id: $0.id, name: $0.name, effect: .removed) } + order
  }
}

extension WrittenReport.Block {
  public var name: String { title ?? (nature == .quote ? speaker.map { "Citation : \($0)" } : nil) ?? nature.label }

  /// What was taken out of one of them is no difference.
  fileprivate func says(_ other: WrittenReport.Block) -> Bool {
    let gone = Set((withdrawn ?? []) + (other.withdrawn ?? []))
    guard gone.isEmpty else { return kept(without: gone).says(other.kept(without: gone)) }
    let saysTheSame = title == other.title && text == other.text && speaker == other.speaker && speakerRole == other.speakerRole
    let showsTheSame =
      figures == other.figures && dimension == other.dimension && secondDimension == other.secondDimension && form == other.form
      && moments == other.moments && people == other.people && targets == other.targets && teams == other.teams
    let isPictured =
      photo?.attachment == other.photo?.attachment && photo?.alternative == other.photo?.alternative && credit == other.credit
    return saysTheSame && showsTheSame && isPictured && isEssential == other.isEssential
  }

  private func kept(without parts: Set<EditionErasure.Part>) -> WrittenReport.Block {
    var copy = self
    copy.withdrawn = nil
    if parts.contains(.photo) { (copy.photo, copy.title, copy.credit) = (nil, nil, nil) }
    // Whoever stays in a list of people is named on both sides.
    if parts.contains(.name) { (copy.speaker, copy.speakerRole) = (nil, nil) }
    return copy
  }
}
