import Federation
import Markup
import Records
import Store
import WebSupport

/// The files of one record, on its page.
struct AttachmentCard: Sendable {
  struct File: Sendable {
    var name: String
    /// The address of the file itself.
    var link: Link
    /// It is looked at on a page of the site; the others are saved.
    var isShown = false
    /// « 2,4 Mo, Claire Vasseur, 21 nov. 2026 à 11 h 05 ».
    var note: String
  }

  var title = "Pièces jointes"
  var files: [File]
  /// Where new ones are sent, for those who may.
  var action: Link?
  var csrf: String

  /// Nothing for a reader of a record without files.
  var html: HTML {
    if files.isEmpty, action == nil { return .empty }
    return Card("pieces", title, "\(files.isEmpty ? .empty : list)\(action.map(form))").html
  }

  private var list: HTML {
    """
    <ul class="liste">\(each: files, item)</ul>
    """
  }

  private func item(_ file: File) -> HTML {
    """
    <li><span class="rond d" aria-hidden="true">\(Icon.document.html)</span><div class="corps"><a href="\(file.isShown ? file.link.appending("apercu") : file.link)">\(file.name)</a>\
    <small>\(file.note)\(file.isShown ? "" : ", se télécharge")</small></div>\(action == nil ? .empty : button(file))</li>
    """
  }

  /// Several on one page: each says what it takes off.
  private func button(_ file: File) -> HTML {
    """
    <form method="post" action="\(file.link.appending("retirer"))">\(hidden("csrf", csrf))\
    <button class="bouton petit discret">Retirer<span class="sr"> \(file.name)</span></button></form>
    """
  }

  /// The form, which is a page of its own once something was refused.
  func form(_ action: Link) -> HTML {
    """
    <form class="pile" method="post" enctype="multipart/form-data" action="\(action)">\(hidden("csrf", csrf))
    <div class="champ"><label for="pieces-fichiers">Ajouter des fichiers</label>\
    <input id="pieces-fichiers" type="file" name="fichiers" multiple required aria-describedby="pieces-aide" accept="\(Self.endings)">\
    <small id="pieces-aide">PDF, image, document bureautique ou texte, \(Self.most)\u{A0}Mo au plus. Rien sur la santé d’un patient.</small>\
    </div><div class="rangee"><button class="bouton">Joindre</button></div></form>
    """
  }

  static let most = Attachments.sizeLimit / 1_000_000
  private static let endings = FileType.allCases.flatMap(\.endings).map { ".\($0)" }.joined(separator: ",")
}

extension Link {
  static let attachments: Link = "/pieces"

  static func attachment(_ id: Identifier<Attachment>) -> Link { attachments.appending(id.description) }

  /// Where files are sent that are to be joined to a record.
  static func attachments(of record: Int64, kind: String) -> Link {
    Link(attachments, query: [("sorte", kind), ("fiche", Identifier<Site>(rawValue: record).description)])
  }
}
