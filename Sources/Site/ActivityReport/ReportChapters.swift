import Drawing
import Federation
import Markup
import Records
import Store
import WebSupport

/// Turns the blocks of a written report into chapters, with the figures that the report holds.
struct ReportChapters {
  /// What those who draft see beside the report itself.
  struct Drafting {
    /// Its blocks by their identities.
    let blocks: [Int64: ReportBlock]
    /// The reader may write.
    let isOpen: Bool
    /// The year has an edition: how far its texts have come is told where they are written, no longer in the report.
    var isPublished = false

    /// What nobody has written yet has its place.
    var showsWork: Bool { isOpen && !isPublished }
  }

  let period: Period
  /// All that the report asks.
  let figures: [ReportFigure]
  let document: WrittenReport
  let links: ReportPageBuilder.Links
  let photos: (WrittenReport.Photo) -> Link?
  let drafting: Drafting?
  /// The edition out of which the reader may take what somebody asks to.
  var withdrawals: Link?
  /// Where maps have their outlines from.
  var places = ReportPlaces()
  /// An edition, whose numbers are no longer those of the records.
  var isFrozen = false
  /// A file by itself, in which addresses of the site lead nowhere.
  var isFile = false

  var all: [ReportChapter] {
    var chapters: [ReportChapter] = []
    var states: [[BlockState]] = []
    for block in document.blocks {
      if block.nature == .chapter || chapters.isEmpty {
        let title = block.nature == .chapter ? block.title : nil
        chapters.append(ReportChapter(id: "c-\(name(block.id))", title: title, pieces: [], editor: editor(block.id)))
        states.append([])
      }
      guard block.nature != .chapter else { continue }
      chapters[chapters.count - 1].pieces += pieces(block)
      if drafting?.isPublished != true, block.nature.isWritten, let state = drafting?.blocks[block.id]?.state {
        states[states.count - 1].append(state)
      }
    }
    for index in chapters.indices { chapters[index].state = BlockState.leastAdvanced(states[index]) }
    return chapters
  }

  private func name(_ id: Int64) -> String { Identifier<ReportBlock>(rawValue: id).description }

  private func editor(_ id: Int64) -> Link? {
    drafting?.isOpen == true ? .block(Identifier(rawValue: id)) : nil
  }

  private func pieces(_ block: WrittenReport.Block) -> [ReportChapter.Piece] {
    let editor = editor(block.id)
    guard block.isFilled else {
      // What records make is there as soon as they are.
      return drafting?.showsWork == true && block.nature.isWritten
        ? [ReportChapter.Piece(title: block.name, content: .missing, editor: editor)] : []
    }
    let isOver = [.text, .figures, .timeline, .people].contains(block.nature)
    let withdrawal =
      EditionErasure.part(of: block) == nil
      ? nil : withdrawals.map { $0.appending("retrait").setting("bloc", Identifier<ReportBlock>(rawValue: block.id).description) }
    return content(block).map {
      [
        ReportChapter.Piece(
          title: isOver ? block.title : nil, content: $0, editor: editor, withdrawal: withdrawal, explorer: explorer(block))
      ]
    } ?? []
  }

  /// The same question put to the records as they are now, where a drawing and its numbers are files.
  private func explorer(_ block: WrittenReport.Block) -> LinkedText? {
    guard !isFile, !isFrozen else { return nil }
    let words = "Image et tableau à télécharger"
    let year = [("annee", String(period.year))]
    switch block.nature {
    case .teamMap: return LinkedText(words, Link("/carte", query: year))
    case .targets: return LinkedText("Toutes les cibles", Link("/cibles", query: year))
    case .chart: return figureExplorer(block).map { LinkedText(words, $0) }
    default: return nil
    }
  }

  private func figureExplorer(_ block: WrittenReport.Block) -> Link? {
    guard let figure = block.figures.first else { return nil }
    let dimensions = zip(RecordList.parts, [block.dimension, block.secondDimension].compactMap(\.self)).map { ($0, $1) }
    let drawing = block.form == .years ? [(FigureDrawing.parameter, FigureDrawing.years.rawValue)] : block.form?.figureForm?.items ?? []
    return Link("/chiffres", query: [("chiffre", figure), ("periode", String(period.year))] + dimensions + drawing)
  }

  private func content(_ block: WrittenReport.Block) -> ReportChapter.Piece.Content? {
    switch block.nature {
    case .chapter: nil
    case .text: .text(text(block))
    case .quote: .quote(text(block, isSaid: true), speaker: speaker(block))
    case .figures: .cards(block.figures.compactMap(card))
    case .chart: chart(block)
    case .photo: picture(of: block)
    case .teamMap: teamMap(block)
    case .targets: .table(targets(block))
    case .timeline: .moments(block.moments ?? [], opensLinks: !isFile)
    case .people: (block.people ?? []).isEmpty ? .withdrawn("Noms retirés") : .people(block.people ?? [])
    }
  }

  private func speaker(_ block: WrittenReport.Block) -> String {
    let known = [block.speaker, block.speakerRole].compactMap(\.self)
    return known.isEmpty && block.withdrawn?.contains(.name) == true ? ReportDesk.withdrawnName : known.joined(separator: ", ")
  }

  private func picture(of block: WrittenReport.Block) -> ReportChapter.Piece.Content {
    guard let photo = block.photo else { return .withdrawn("Photo retirée") }
    return .photo(self.photo(photo, of: block))
  }

  private func photo(_ photo: WrittenReport.Photo, of block: WrittenReport.Block) -> ReportPhoto {
    ReportPhoto(
      attachment: photo.attachment, type: photo.type, link: photos(photo), alternative: photo.alternative, title: block.title,
      credit: block.credit)
  }

  // MARK: - Figures

  /// - Parameter isSaid: somebody's words, which stand between guillemets.
  private func text(_ block: WrittenReport.Block, isSaid: Bool = false) -> ReportText {
    let known = Dictionary(document.references.map { ($0.written, $0) }, uniquingKeysWith: { first, _ in first })
    let figures = FigureReference.all(in: block.text ?? "").compactMap { written in
      known[written].flatMap(number).map { (written, $0) }
    }
    let source = block.text ?? ""
    let hasSigns = source.contains("«") || !isSaid
    return ReportText(hasSigns ? source : "«\u{202F}\(source)\u{202F}»", Dictionary(figures, uniquingKeysWith: { first, _ in first }))
  }

  func figure(_ id: String, _ period: Period, by dimensions: [String] = []) -> ReportFigure? {
    figures.first { $0.answers(id, period, dimensions) }
  }

  func number(_ reference: FigureReference) -> LinkedText? {
    let filters = zip(reference.dimensions, reference.codes).map { Filter($0, $1) }
    let wanted = reference.aspect == .former ? period.previous : period
    guard let asked = figure(reference.figure, wanted, by: reference.dimensions) else { return nil }
    let value = asked.value(reference.codes)
    guard reference.aspect == .change else { return LinkedText(value, links(asked, filters), text: value.spoken) }
    guard let former = figure(reference.figure, period.previous, by: reference.dimensions) else { return nil }
    let past = former.value(reference.codes)
    guard let now = value.value, let before = past.value else {
      let isKeptBack = [value, past].contains { $0.suppression != nil }
      return LinkedText(isKeptBack ? "donnée masquée" : French.unknown.lowercased())
    }
    return LinkedText(Trend.spokenChange(now - before, asked.manner))
  }

  private func card(_ id: String) -> KeyFigure? {
    guard let figure = self.figure(id, period) else { return nil }
    let value = figure.total
    let opens = value.source == nil && value.value != nil
    let trend = self.figure(id, period.previous).flatMap { former -> Trend? in
      guard let now = value.value, let before = former.total.value else { return nil }
      return Trend(
        now - before, text: Trend.spokenChange(now - before, figure.manner),
        reference:
          "par rapport \(period.previous.reference(isState: figure.manner.isState)) (\(former.total.phrase(former.total.spoken)))",
        upIsGood: figure.manner.moreIsBetter)
    }
    return KeyFigure(
      figure.label, value: value.spoken, link: opens ? links(figure, []) : nil, trend: trend, note: value.note)
  }
}

extension Link {
  static func block(_ id: Identifier<ReportBlock>) -> Link { "/blocs/\(id.description)" }
}
