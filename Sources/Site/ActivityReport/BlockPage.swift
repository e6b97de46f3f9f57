import Federation
import Markup
import Records
import Store
import WebSupport

/// `/blocs/…`: one block of a report that is being written, as it will be printed, with what people say of it.
struct BlockPage: Sendable {
  struct Comment: Sendable {
    var text: String
    /// « Claire Vasseur, 21 nov. 2026 à 11 h 05 »
    var signature: String
    /// Who settled it.
    var settledBy: String?
    /// Where it is settled, while it is open.
    var action: Link
  }

  var title: String
  var year: Int
  var link: Link
  var nature: String
  /// `nil` for what records make.
  var state: BlockState?
  var facts: Facts
  var piece: HTML
  /// Why it cannot be published as it is.
  var faults: [String]
  /// What stood in its place a year before.
  var former: FormerText?
  var comments: [Comment]
  var files: HTML = .empty
  var actions: [PageAction] = []
  /// The identity of the comment that somebody may write.
  var newComment = ""
  var typed = ""
  var error: String?
  var csrf: String

  func html() -> HTML {
    """
    \(breadcrumb.html)
    \(PageHeader(title, detail: detail, actions: actions).html)
    \(each: faults, fault)\(error.map { Message(.error, $0).html })
    <div class="duo"><div class="pile">
    <section class="carte pile" aria-labelledby="t-bloc"><header><h2 id="t-bloc">Comme il sera imprimé</h2></header>\(piece)</section>
    \(files)\(former?.html)</div>
    <div class="pile">\(Card("suivi", "Suivi", facts.html).html)\(talk)</div></div>
    """
  }

  private var breadcrumb: Breadcrumb {
    Breadcrumb(
      [LinkedText("Rapport d’activité \(year)", .report(year)), LinkedText("Rédaction", .drafting(year))], current: title)
  }

  private var detail: HTML {
    """
    <div class="rangee">\(state.map { $0.badge() })<small>\(nature)</small></div>
    """
  }

  private func fault(_ sentence: String) -> HTML { Message(.warning, sentence).html }

  // MARK: - Comments

  private var talk: HTML {
    Card(
      "commentaires", "Commentaires",
      """
      \(comments.isEmpty ? .empty : list)\
      <form class="pile" method="post" action="\(link.appending("commentaires"))">\(hidden("csrf", csrf))\(hidden("commentaire", newComment))\
      <div class="champ"><label for="c-commentaire">Dire quelque chose</label>\
      <textarea id="c-commentaire" name="texte" rows="3" required>
      \(typed)</textarea></div><div class="rangee"><button class="bouton">Commenter</button></div></form>
      """
    ).html
  }

  private var list: HTML {
    """
    <ul class="liste">\(each: comments, comment)</ul>
    """
  }

  private func comment(_ comment: Comment) -> HTML {
    """
    <li><div class="corps"><p class="texte">\(comment.text)</p><small>\(comment.signature)\
    \(comment.settledBy.map { ", réglé par \($0)" } ?? "")</small></div>\(comment.settledBy == nil ? settle(comment) : .empty)</li>
    """
  }

  private func settle(_ comment: Comment) -> HTML {
    PostButton("Régler", action: comment.action, csrf: csrf).html
  }
}

/// The text of the year before, to be written again.
struct FormerText: Sendable {
  var year: Int
  var text: String

  var html: HTML {
    Card(
      "precedent", "En \(year)",
      """
      <div class="recit">\(ReportText(text).html)</div><p class="note">Les chiffres de \(String(year)) sont entre crochets, comme ils étaient écrits.</p>
      """
    ).html
  }

  /// `nil` when nothing was written in its place.
  init?(of block: Identifier<ReportBlock>?, _ connection: any Connection) throws {
    guard let block, let former = try ReportBlock.one(block, connection), let text = former.text, !text.isEmpty else { return nil }
    (year, self.text) = (former.year, text)
  }
}

extension BlockPage {
  init(
    _ block: ReportBlock, _ registry: FigureRegistry, _ frame: Frame, _ places: ReportPlaces, _ connection: any Connection
  ) throws {
    let document = try WrittenReport(previewing: block, today: frame.today, registry, frame.lists, connection)
    let links = frame.records
    let chapters = ReportChapters(
      period: ActivityReport.period(block.year, today: frame.today), figures: document.figures, document: document,
      links: { links($0, where: $1, registry) }, photos: { .attachment(Identifier(rawValue: $0.attachment)) }, drafting: nil, places: places
    )
    let empty =
      switch block.nature {
      case .photo: EmptyState("La photo est à joindre", "Joignez-la ci-dessous.")
      case .teamMap: EmptyState("Aucune équipe à dessiner", "Les équipes de l’année viendront ici toutes seules.")
      case .targets: EmptyState("Aucune cible de cette année", "Celles que la fédération se donne viennent ici toutes seules.")
      default:
        EmptyState("Ce texte est à écrire", French.typeset("« Modifier » ouvre le texte ; les chiffres s’y insèrent tout seuls."))
      }
    let shown: HTML = block.nature == .chapter ? "<h3>\(block.title ?? "")</h3>" : chapters.all.first?.content ?? .empty
    self.init(
      title: French.typeset(block.name), year: block.year, link: .block(block.id), nature: block.nature.label,
      state: block.nature.isWritten ? block.state : nil,
      facts: Facts([
        .init("Rédaction", block.author ?? "Personne encore"), .init("Pour le", block.due.map { French.day($0.description) } ?? "–"),
        .init("Dans l’essentiel", block.isEssential ? "Oui" : "Non"),
      ]),
      piece: shown.isEmpty ? empty.html : shown,
      faults: try BlockFault.all(in: [block], registry, frame.lists, connection).map { French.typeset($0.sentence) },
      former: try FormerText(of: block.copiedFrom, connection),
      comments: try ReportComment.all(of: block.id, connection).map { comment in
        Comment(
          text: comment.text, signature: "\(comment.author), \(frame.moment(comment.at))", settledBy: comment.settledBy,
          action: Link.block(block.id).appending("commentaires").appending(comment.id.description))
      }, csrf: frame.session.csrf)
  }
}
