import Foundation
import Markup
import Records
import WebSupport

/// A file where it is: a picture, the pages of a PDF or a text.
struct AttachmentLook: Sendable {
  let name: String
  let type: FileType
  let link: Link
  /// Of a text.
  let text: [UInt8]?
  /// Back to its record.
  let way: [LinkedText]

  /// In characters.
  static let most = 100_000

  func html() -> HTML {
    """
    \(Breadcrumb(way, current: name).html)
    \(PageHeader(name, actions: actions).html)
    \(content)
    """
  }

  private var actions: [PageAction] {
    let save = PageAction("Télécharger", .download, link)
    return type == .pdf ? [PageAction("Ouvrir seul", .document, link.appending("contenu")), save] : [save]
  }

  private var content: HTML {
    guard let text else { return type == .pdf ? document : picture }
    let words = Self.decoded(text)
    let rest: HTML =
      words.count > Self.most ? "<p class=\"note\">Le début du fichier\u{A0}: téléchargez-le pour lire la suite.</p>" : .empty
    return "\(rest)<pre class=\"carte brut\" tabindex=\"0\" aria-label=\"\(name)\">\(String(words.prefix(Self.most)))</pre>"
  }

  private var picture: HTML { "<figure class=\"photo carte\"><img src=\"\(link)\" alt=\"\(name)\"></figure>" }

  /// Where a browser has no reader of its own, as on many telephones, the links above lead to one.
  private var document: HTML {
    """
    <iframe class="document" src="\(link.appending("contenu"))" title="\(name)"></iframe>
    <p class="note">Si rien ne s’affiche, ouvrez le document seul ou téléchargez-le.</p>
    """
  }

  /// What is no UTF-8 was written by an older Windows.
  static func decoded(_ bytes: [UInt8]) -> String {
    let whole = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
    return (String(bytes: whole, encoding: .utf8) ?? String(bytes: whole, encoding: .windowsCP1252) ?? "")
      .replacing("\r\n", with: "\n").replacing("\r", with: "\n")
  }
}
