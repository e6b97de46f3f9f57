import Federation
import HTTPTypes
import Hummingbird
import Markup
import Records
import Store
import WebSupport

/// What happened to a record, and what is taken back of it; the bin, and the way out of it.
extension RecordPages {
  /// - Parameter refusal: why a change was not taken back.
  func history<Kind: RecordKind>(
    _ kind: Kind, _ request: Request, _ context: SignedInContext, refusal: String? = nil
  ) async throws -> Response {
    let id = try recordID(context)
    let (found, frame) = try await site.read(request, context) { connection, frame in
      guard try frame.session.account.mayWrite(area, id, connection) else { throw closed(to: frame.session.account) }
      return try RecordForm(kind, id, connection).map { form in
        let history = try RecordHistory(id, of: kind, connection)
        let shown = history.entries.flatMap(\.changes).flatMap { [($0.name, $0.before), ($0.name, $0.after)] }
        let texts = try FieldTexts(kind, layouts + batched, naming: shown, frame.lists, connection)
        return (form, history, texts, try Account.names(connection))
      }
    }
    guard let (form, history, texts, names) = found else { throw HTTPError(.notFound) }
    let undone = history.undone
    let page = RecordHistoryPage(
      breadcrumb: breadcrumb(form.entries, page(of: id), current: "Historique"), title: words.title(form.entries),
      entries: history.entries.map { entry in
        .init(
          entry, isUndone: undone.contains(entry.version), texts, at: frame.moment(entry.at),
          by: entry.account.map { names[$0] ?? "Compte supprimé" }
        ) { kind, merge in
          site.recordPages.first { $0.kind == kind && $0.isMerged }?.sheet(of: merge)
        }
      },
      action: link(id).appending("historique"), batches: batchPath, csrf: frame.session.csrf)
    let refused = refusal.map { [Message(.error, French.typeset(French.ended("Rien n’est changé : \($0)")))] } ?? []
    return site.page(
      "Historique", at: place, page.html(), frame, messages: refused + Receipt.messages(request),
      status: refusal == nil ? .ok : .conflict)
  }

  func undo<Kind: RecordKind>(_ kind: Kind, _ request: Request, _ context: SignedInContext) async throws -> Response {
    let id = try recordID(context)
    let form = try await site.form(request, context)
    guard let version = form.value("version").flatMap({ Int($0) }) else { throw HTTPError(.badRequest) }
    try await expectWriting(id, request, context)
    switch try await site.installation.editor(of: kind, for: context.session.account).undo(id, version: version) {
    case .saved: return .seeOther(link(id).appending("historique").adding(Receipt.parameter, Receipt.undone.rawValue))
    case .unchanged, .warned: return .seeOther(link(id).appending("historique").adding(Receipt.parameter, Receipt.unchanged.rawValue))
    case .gone: throw HTTPError(.notFound)
    case .refused(let faults):
      let reasons = faults.map(\.reason).joined(separator: " ; ")
      return try await history(kind, request, context, refusal: "cette modification ne peut pas être annulée, \(reasons)")
    case .conflict(let conflicts):
      let labels = conflicts.map { "« \($0.label) »" }.joined(separator: ", ")
      let have = conflicts.count == 1 ? "a changé" : "ont changé"
      return try await history(
        kind, request, context, refusal: "\(labels) \(have) encore depuis ; annulez d’abord la modification plus récente")
    }
  }

  func remove<Kind: RecordKind>(_ kind: Kind, _ request: Request, _ context: SignedInContext) async throws -> Response {
    let id = try recordID(context)
    _ = try await site.form(request, context)
    try await expectWriting(id, request, context)
    guard try await site.installation.editor(of: kind, for: context.session.account).remove(id) else { throw HTTPError(.notFound) }
    return .seeOther(
      path.adding(Receipt.parameter, Receipt.removed.rawValue).adding("fiche", Identifier<Kind>(rawValue: id).description))
  }

  func restore<Kind: RecordKind>(_ kind: Kind, _ request: Request, _ context: SignedInContext) async throws -> Response {
    let id = try recordID(context)
    _ = try await site.form(request, context)
    try await expectWriting(id, request, context)
    try await site.installation.editor(of: kind, for: context.session.account).restore(id)
    return .seeOther(link(id, after: .restored))
  }
}
