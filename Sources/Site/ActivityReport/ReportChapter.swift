import Drawing
import Federation
import Markup
import Records
import Store
import WebSupport

/// A chapter of the written report as a page shows it.
struct ReportChapter: Sendable {
  struct Piece: Sendable {
    enum Content: Sendable {
      case text(ReportText)
      case cards([KeyFigure])
      /// With its numbers, for paper, when the drawing alone does not say them all.
      case chart(any Chart, data: FigureTable? = nil)
      case table(FigureTable)
      case places(ReportTeamMap)
      case quote(ReportText, speaker: String)
      case photo(ReportPhoto)
      case moments([YearMoment], opensLinks: Bool)
      case people([ReportPerson])
      /// It was taken out of the edition.
      case withdrawn(String)
      /// Nobody has written it yet.
      case missing
    }

    /// Its own, over texts; drawings and tables bear theirs.
    var title: String?
    var content: Content
    /// Where it is written, for those who may.
    var editor: Link?
    /// Where it is taken out of the edition, for those who may.
    var withdrawal: Link?
    /// Where the same is asked of the records: there a drawing is had as a picture, and its numbers as a table.
    var explorer: LinkedText?
  }

  /// Unique on the page.
  var id: String
  /// `nil` for what stands before the first chapter.
  var title: String?
  var pieces: [Piece]
  /// Of its texts, that which has come least far.
  var state: BlockState?
  var editor: Link?

  var html: HTML {
    """
    <article id="\(id)" class="carte pile"\(attribute: "aria-labelledby", title.map { _ in "t-\(id)" })>\(title.map(heading))
    \(content)</article>
    """
  }

  /// Without its title.
  var content: HTML { "\(each: pieces, separator: "\n", piece)" }

  private func heading(_ title: String) -> HTML {
    """
    <header><h2 id="t-\(id)">\(title)</h2>\(state == nil && editor == nil ? .empty : aside)</header>
    """
  }

  private var aside: HTML {
    """
    <span class="rangee ecran">\(state.map { $0.badge() })\(editor.map(edit))</span>
    """
  }

  private func edit(_ link: Link) -> HTML { PageAction("Modifier", .edit, link, isSmall: true).button }

  private func piece(_ piece: Piece) -> HTML {
    switch piece.content {
    case .text(let text):
      return """
        <div class="recit">\(piece.title.map(subtitle))\(text.html)</div>
        """
    case .cards(let cards): return "\(piece.title.map(subtitle))\(KeyFigure.row(cards))"
    case .chart(let chart, _): return "\(chart.html)\(piece.explorer.map(explore))"
    case .table(let table): return "\(table.html)\(piece.explorer.map(explore))"
    case .places(let map): return "\(map.html)\(piece.explorer.map(explore))"
    case .quote(let text, let speaker):
      return """
        <div class="recit"><blockquote>\(text.html)<small>\(speaker)</small></blockquote></div>\(piece.withdrawal.map { withdraw($0, "Retirer ce nom") })
        """
    case .photo(let photo):
      return """
        \(photo.html)\(piece.withdrawal.map { withdraw($0, "Retirer cette photo") })
        """
    case .moments(let moments, let opensLinks):
      return """
        \(piece.title.map(subtitle))\(Timeline(moments.map { .init($0, opensLinks: opensLinks) }).html)
        """
    case .people(let people):
      return """
        \(piece.title.map(subtitle))<ul class="grille">\(each: people, person)</ul>\(piece.withdrawal.map { withdraw($0, "Retirer un nom") })
        """
    case .withdrawn(let words): return "<p class=\"note\">\(words)</p>"
    case .missing: return missing(piece)
    }
  }

  private func subtitle(_ title: String) -> HTML { "<h3>\(title)</h3>" }

  private func withdraw(_ link: Link, _ words: String) -> HTML {
    """
    <p class="note ecran">\(LinkedText(words, link).html)</p>
    """
  }

  private func person(_ person: ReportPerson) -> HTML {
    """
    <li><b>\(person.name)</b>\(person.words.map { "<br><small>\($0)</small>" as HTML })</li>

    """
  }

  private func explore(_ link: LinkedText) -> HTML {
    """
    <p class="note ecran">\(link.html)</p>
    """
  }

  private func missing(_ piece: Piece) -> HTML {
    """
    <div class="rangee ecran">\(BlockState.toWrite.badge(piece.title.map { "\($0)\u{A0}: à écrire" }))\
    \(piece.editor.map { PageAction("Écrire", .edit, $0, isSmall: true).button })</div>
    """
  }
}

extension ReportPerson {
  /// What they do, in one line.
  var words: String? {
    let known = [role, detail].compactMap(\.self)
    return known.isEmpty ? nil : French.typeset(known.joined(separator: ", "))
  }
}

extension Timeline.Entry {
  init(_ moment: YearMoment, opensLinks: Bool) {
    let link = moment.link.flatMap { Link(untrusted: $0) }
    self.init(
      date: moment.date, icon: .event, title: French.typeset(moment.title), link: link.flatMap { opensLinks || !$0.isOwn ? $0 : nil },
      text: moment.text.map(French.typeset))
  }
}

/// A photo with what it shows in words and whose it is.
struct ReportPhoto: Sendable {
  /// Of the picture, for the paper.
  var attachment: Int64
  var type: String
  /// `nil` in a file by itself, which holds no pictures.
  var link: Link?
  var alternative: String
  var title: String?
  var credit: String?

  var html: HTML {
    """
    <figure class="photo">\(link.map(picture) ?? described)<figcaption>\(caption)</figcaption></figure>
    """
  }

  private func picture(_ link: Link) -> HTML {
    """
    <img src="\(link)" alt="\(alternative)" loading="lazy">
    """
  }

  private var described: HTML { "<p class=\"note\">Photo\u{A0}: \(alternative)</p>" }

  /// « La journée régionale. Photo : Claire Vasseur »
  var caption: String {
    [title, credit.map { "Photo\u{A0}: \($0)" }].compactMap(\.self).joined(separator: ". ")
  }

  /// What the paper's template calls it.
  var fileName: String {
    let ending = FileType(rawValue: type)?.endings.first ?? "png"
    return "photo-\(Identifier<Attachment>(rawValue: attachment).description).\(ending)"
  }
}

extension BlockState {
  func badge(_ words: String? = nil) -> HTML { Badge.state(words ?? label, tone) }

  /// In a list of contents: the shape alone, with its word for those who do not see it.
  var mark: HTML {
    """
    <span class="\(tone.rawValue) nu"><span class="sr">\(label)</span></span>
    """
  }

  private var tone: Badge.Tone {
    switch self {
    case .toWrite: .start
    case .draft: .underWay
    case .inReview: .confirmed
    case .approved: .good
    }
  }

  static func leastAdvanced(_ states: some Sequence<BlockState>) -> BlockState? {
    allCases.first { state in states.contains(state) }
  }
}
