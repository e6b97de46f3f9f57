import Federation
import Markup
import Records
import Store
import WebSupport

/// What colleagues say of one record, on its page, and where one joins in.
struct CommentCard: Sendable {
  struct Remark: Sendable {
    var author: String
    /// « 21 nov. 2026 à 11 h 05, modifié ».
    var note: String
    var pieces: [CommentText.Piece]
    /// Of one's own, whom it meant to call and did not.
    var uncalled: [String] = []
    /// Where one's own is changed and taken back.
    var link: Link?
  }

  var remarks: [Remark]
  var watchers: [String]
  var isWatched: Bool
  /// Where a new one is sent.
  var action: Link
  /// Whom one may call.
  var names: Link
  /// Of the next comment, so that a form sent twice says it once.
  var next: String
  var csrf: String

  var html: HTML {
    let list: HTML = remarks.isEmpty ? .empty : "<ul class=\"liste\">\(each: remarks, item)</ul>"
    return Card("commentaires", "Commentaires entre collègues", aside: watching, "\(list)\(form(text: ""))\(watched)").html
  }

  private var watching: HTML {
    let label = isWatched ? "Ne plus suivre" : "Suivre les nouveautés"
    return PostButton(label, action: action.withPath("suivi"), csrf: csrf, hidden: [("suivre", isWatched ? "non" : "oui")]).html
  }

  private var watched: HTML {
    if watchers.isEmpty { return .empty }
    return """
      <p class="note">Préviendra aussi\u{A0}: \(watchers.joined(separator: ", "))</p>
      """
  }

  private func item(_ remark: Remark) -> HTML {
    """
    <li><div class="corps"><strong>\(remark.author)</strong> <small>\(remark.note)</small>\
    <p class="texte" dir="auto">\(each: remark.pieces, Self.piece)</p>\(remark.uncalled.isEmpty ? .empty : Self.uncalled(remark.uncalled))\(remark.link.map(acts))</div></li>

    """
  }

  private static func uncalled(_ names: [String]) -> HTML {
    let quoted = names.map { "«\u{202F}\($0)\u{202F}»" }.joined(separator: ", ")
    return Message(
      .warning, "Personne n’est prévenu pour \(quoted)\u{A0}: aucun compte n’a ce nom. Pour prévenir, modifiez le commentaire."
    ).html
  }

  static func piece(_ piece: CommentText.Piece) -> HTML {
    switch piece {
    case .text(let text): HTML(text: text)
    case .mention(let name): "<b>\(name)</b>"
    case .address(let address): Self.link(address)
    }
  }

  private static func link(_ address: String) -> HTML {
    guard let link = Link(untrusted: address) else { return HTML(text: address) }
    return """
      <a href="\(link)" rel="noopener noreferrer nofollow">\(address)</a>
      """
  }

  private func acts(_ link: Link) -> HTML {
    """
    <div class="rangee"><a class="note" href="\(link.appending("modifier"))">Modifier<span class="sr"> mon commentaire</span></a>\
    <form method="post" action="\(link.appending("supprimer"))">\(hidden("csrf", csrf))\
    <button class="bouton petit discret">Supprimer<span class="sr"> mon commentaire</span></button></form></div>
    """
  }

  /// - Parameter fault: why the text was refused.
  func form(text: String, fault: String? = nil) -> HTML {
    """
    <form class="pile fine" method="post" action="\(action)" data-garde>\(hidden("csrf", csrf))\(hidden("commentaire", next))\
    \(CommentField(names: names, label: "Ajouter un commentaire", text: text, fault: fault).html)\
    <div class="rangee"><button class="bouton\(fault == nil ? "" : " principal")">Commenter</button></div></form>
    """
  }
}

/// The text of a comment, where « @ » calls a colleague.
struct CommentField: Sendable {
  let names: Link
  let label: String
  let text: String
  let fault: String?

  var html: HTML {
    """
    <div class="champ"><label for="c-texte">\(label)</label><div class="menu">\
    <textarea id="c-texte" name="mots" rows="2" required data-noms="\(names.address)" aria-describedby="a-texte\(fault == nil ? "" : " e-texte")"\
    \(attribute: "aria-invalid", fault == nil ? nil : "true")>
    \(text)</textarea></div>\
    <small id="a-texte">«\u{202F}@Prénom Nom\u{202F}» prévient un collègue. Rien sur la santé d’un patient.</small>\
    \(fault.map(refusal))</div>
    """
  }

  private func refusal(_ sentence: String) -> HTML {
    """
    <span class="erreur" id="e-texte">\(sentence)</span>
    """
  }
}

extension Site {
  /// What stands beside a record, as its reader may see and change it; nothing of what its kind does not have.
  func margin(
    of record: Int64, kind: String, _ frame: Frame, _ connection: any Connection
  ) throws -> (files: HTML, comments: HTML) {
    let reader = frame.session.account
    let margin = try RecordMargin(of: record, kind: kind, for: reader, connection)
    return (
      try attachmentCard(margin, of: record, kind: kind, frame, connection),
      reader.role.isStaff && Area.ofComments(kind) != nil ? commentCard(margin, of: record, kind: kind, frame).html : .empty
    )
  }

  private func attachmentCard(
    _ margin: RecordMargin, of record: Int64, kind: String, _ frame: Frame, _ connection: any Connection
  ) throws -> HTML {
    guard let area = Area.ofAttachments(kind) else { return .empty }
    let mayWrite = try frame.session.account.mayWrite(area, record, connection)
    return AttachmentCard(
      files: margin.files.map { file in
        let note = [French.fileSize(file.size), file.author ?? "", frame.moment(file.addedAt)].filter { !$0.isEmpty }
        return AttachmentCard.File(
          name: file.name, link: .attachment(file.id), isShown: FileType(named: file.name)?.isShown == true,
          note: note.joined(separator: ", "))
      }, action: mayWrite ? .attachments(of: record, kind: kind) : nil, csrf: frame.session.csrf
    ).html
  }

  private func commentCard(_ margin: RecordMargin, of record: Int64, kind: String, _ frame: Frame) -> CommentCard {
    CommentCard(
      remarks: margin.remarks.map { remark in
        CommentCard.Remark(
          author: remark.author, note: frame.moment(remark.at) + (remark.editedAt == nil ? "" : ", modifié"),
          pieces: CommentText.pieces(of: remark.text, mentioning: remark.mentioned),
          uncalled: remark.isMine ? CommentText.calls(of: remark.text, mentioningNobodyOf: remark.mentioned) : [],
          link: remark.isMine ? .comment(remark.id) : nil)
      }, watchers: margin.watchers, isWatched: margin.isWatched, action: .comments(of: record, kind: kind),
      names: .mentionedNames(on: record, kind: kind), next: installation.ids.next(RecordComment.self).description, csrf: frame.session.csrf)
  }
}

extension Link {
  static let comments: Link = "/commentaires"

  static func comment(_ id: Identifier<RecordComment>) -> Link { comments.appending(id.description) }

  /// Where comments are sent that are about a record.
  static func comments(of record: Int64, kind: String) -> Link { comments.about(record, kind) }

  /// Whom a comment on a record may call.
  static func mentionedNames(on record: Int64, kind: String) -> Link { comments.appending("noms").about(record, kind) }

  /// A form beside the one of this address, about the same record.
  fileprivate func withPath(_ segment: String) -> Link { Link(withoutQuery.appending(segment), query: query.map { ($0.name, $0.value) }) }

  private func about(_ record: Int64, _ kind: String) -> Link {
    Link(self, query: [("sorte", kind), ("fiche", Identifier<Site>(rawValue: record).description)])
  }
}
