import Foundation
import HTTPTypes
import Hummingbird
import Markup
import NIOCore
import Records
import Store
import WebSupport

/// What a list's cell is told of the value that it sent.
struct CellAnswer: Encodable {
  /// The value as the list shows it.
  var texte: String?
  /// Why nothing is saved.
  var faute: String?
  /// Where it can be settled.
  var lien: String?
  /// What that way is called, when it is not the record's form.
  var mot: String?
}

extension RecordPages {
  /// The same outcomes as those of a form, for a script that shows them in the cell.
  func cellAnswer<Kind: RecordKind>(
    _ outcome: RecordEditor<Kind>.Outcome, _ kind: Kind, _ id: Int64, _ field: String, _ request: Request, _ context: SignedInContext
  ) async throws -> Response {
    let form = link(id).appending("modifier").adding(Self.onlyField, field).address
    switch outcome {
    case .saved, .unchanged:
      let text = try await text(of: field, kind, request, context) { try RecordForm(kind, id, $0)?.entries[field] ?? "" }
      return try .json(CellAnswer(texte: text))
    case .gone: return try .json(CellAnswer(faute: "Cette fiche est dans la corbeille."), status: .gone)
    case .refused(let faults):
      return try .json(
        CellAnswer(faute: Self.sentence(faults.map(\.reason)), lien: link(id).appending("modifier").address),
        status: .unprocessableContent)
    case .warned(let warnings):
      return try .json(
        CellAnswer(faute: warnings.map { RecordWarnings.sentence($0.sentence) }.joined(separator: " "), lien: form),
        status: .unprocessableContent)
    case .conflict(let conflicts):
      let theirs = try await text(of: field, kind, request, context) { _ in conflicts.first?.theirs ?? "" }
      let sentence = "Une autre personne a enregistré entre-temps\u{A0}: «\u{202F}\(theirs)\u{202F}»."
      return try .json(CellAnswer(faute: sentence, lien: form), status: .conflict)
    }
  }

  private func text(
    of field: String, _ kind: some RecordKind, _ request: Request, _ context: SignedInContext,
    _ printed: @escaping @Sendable (any Connection) throws -> String
  ) async throws -> String {
    try await site.read(request, context) { connection, frame in
      let text = try printed(connection)
      return try FieldTexts(kind, layouts(field), naming: [(field, text)], frame.lists, connection)(field, text)
    }.0
  }

  private static func sentence(_ reasons: [String]) -> String {
    let text = reasons.joined(separator: " ; ")
    return French.typeset(French.ended(text.prefix(1).uppercased() + text.dropFirst()))
  }
}
