import Foundation
import HTTPTypes
import Hummingbird
import Markup
import NIOCore
import Records
import Store
import WebSupport

/// What a list's cell is told of the value that it sent.
private struct CellAnswer: Encodable {
  /// The value as the list shows it.
  var texte: String?
  /// Why nothing is saved.
  var faute: String?
  /// Where it can be settled.
  var lien: String?
}

extension RecordPages {
  /// The same outcomes as those of a form, for a script that shows them in the cell.
  func cellAnswer<Kind: RecordKind>(
    _ outcome: RecordEditor<Kind>.Outcome, _ kind: Kind, _ id: Int64, _ field: String, _ request: Request, _ context: SignedInContext
  ) async throws -> Response {
    let form = link(id).appending("modifier").adding(Self.onlyField, field).address
    switch outcome {
    case .saved, .unchanged:
      let (text, _) = try await site.read(request, context) { connection, frame in
        let text = try RecordForm(kind, id, connection)?.entries[field] ?? ""
        return try FieldTexts(kind, layouts(field), naming: [(field, text)], frame.lists, connection)(field, text)
      }
      return try Self.json(CellAnswer(texte: text), .ok)
    case .gone: return try Self.json(CellAnswer(faute: "Cette fiche est dans la corbeille."), .gone)
    case .refused(let faults):
      return try Self.json(
        CellAnswer(faute: Self.sentence(faults.map(\.reason)), lien: link(id).appending("modifier").address), .unprocessableContent)
    case .warned(let sentences): return try Self.json(CellAnswer(faute: Self.sentence(sentences), lien: form), .unprocessableContent)
    case .conflict(let conflicts):
      let texts = "Une autre personne a enregistré entre-temps\u{A0}: «\u{202F}\(conflicts.first?.theirs ?? "")\u{202F}»."
      return try Self.json(CellAnswer(faute: texts, lien: form), .conflict)
    }
  }

  private static func sentence(_ reasons: [String]) -> String {
    let text = reasons.joined(separator: " ; ")
    return French.typeset(text.prefix(1).uppercased() + text.dropFirst() + ".")
  }

  private static func json(_ answer: CellAnswer, _ status: HTTPResponse.Status) throws -> Response {
    Response(
      status: status, headers: [.contentType: "application/json", .cacheControl: "private, no-store"],
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: try JSONEncoder().encode(answer))))
  }
}
