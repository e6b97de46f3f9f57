import Federation
import Hummingbird
import Markup
import Records
import Store
import WebSupport

extension BatchSection {
  /// Does what was previewed, then shows the receipt; the preview again when it would not do the same any more.
  func apply(_ kind: some RecordKind, _ request: Request, _ context: SignedInContext) async throws -> Response {
    let items = try await site.form(request, context)
    let form = try BatchForm(items, of: pages)
    guard let id = Identifier<Batch>(items["lot"]) else { throw HTTPError(.badRequest) }
    let change = try change(items, form, items["valeur"], kind)
    let (records, _) = try await site.read(request, context) { connection, frame in try form.records(pages, frame, connection) }
    switch try await editor(kind, context.session.account).apply(id, change, to: records, seen: items["vu"]) {
    case .applied: return .seeOther(pages.batchPath.appending(id.description).adding("retour", form.list.address))
    case .stale: return try await previewPage(kind, form, change, request, context, isStale: true)
    }
  }

  /// The receipt of a batch.
  func show(_ kind: some RecordKind, _ request: Request, _ context: SignedInContext) async throws -> Response {
    let back = request.queryItems.last { $0.name == "retour" }?.value
    return try await batchPage(kind, back, [], request, context)
  }

  /// Takes a batch back, and says what stays as it is.
  func undo(_ kind: some RecordKind, _ request: Request, _ context: SignedInContext) async throws -> Response {
    let items = try await site.form(request, context)
    let id = try batchID(context)
    let (found, _) = try await site.read(request, context) { connection, frame in
      try batch(id, frame.session.account, connection)
    }
    let page = pages.batchPath.appending(id.description).adding("retour", items["retour"])
    guard found.undoneAt == nil else { return .seeOther(page) }
    let outcome = try await editor(kind, context.session.account).undo(id, site.installation.model.kinds)
    guard !outcome.kept.isEmpty else { return .seeOther(page.adding(Receipt.parameter, Receipt.undone.rawValue)) }
    return try await batchPage(kind, items["retour"], outcome.kept, request, context)
  }

  private func batchID(_ context: SignedInContext) throws -> Identifier<Batch> {
    guard let id = Identifier<Batch>(try context.parameters.require("id")) else { throw HTTPError(.notFound) }
    return id
  }

  /// One's own, or anybody's for those who may change every record of the area.
  private func batch(_ id: Identifier<Batch>, _ account: Account, _ connection: any Connection) throws -> AppliedBatch {
    guard let batch = try AppliedBatch(id, of: pages.kind, connection),
      batch.account == account.id.rawValue || account.role.scope(.write, pages.area) == .all
    else { throw HTTPError(.notFound) }
    return batch
  }

  private func batchPage(
    _ kind: some RecordKind, _ back: String?, _ kept: [UndoOutcome.Kept], _ request: Request, _ context: SignedInContext
  ) async throws -> Response {
    let id = try batchID(context)
    let list = back.flatMap(Link.init(ownPath:)).flatMap { $0.withoutQuery == pages.path ? $0 : nil } ?? pages.path
    let (page, frame) = try await site.read(request, context) { connection, frame in
      let batch = try batch(id, frame.session.account, connection)
      let texts = try FieldTexts(kind, pages.batched, naming: [(batch.change.field, batch.change.value)], frame.lists, connection)
      // Under another role, or given to somebody else since, they are nobody's to read here.
      let mine = try frame.session.account.writable(pages.area, among: batch.firstRecords, connection)
      let shown = batch.firstRecords.filter(mine.contains)
      let titles = try RecordTitles.titles(
        of: shown + kept.filter { $0.reason != UndoOutcome.reserved }.prefix(100).map(\.id), kind: kind.name, connection)
      let author = try batch.account.flatMap { try Account.names(connection)[$0] } ?? "un compte supprimé"
      return AppliedBatchPage(
        breadcrumb: breadcrumb("Changement par lot", list), sentence: BatchWords.sentence(batch.change, label(batch.change), texts),
        counts: BatchWords.done(batch.changed, batch.unchanged, batch.refused),
        act: "Le \(frame.moment(batch.at)), par \(author).", undone: Self.undone(batch, frame),
        kept: kept.map { .init(title: titles[$0.id] ?? $0.key, link: pages.page(of: $0.id), reason: $0.reason) },
        records: shown.map { .init(title: Self.title($0, titles), link: historyLink($0)) },
        more: batch.changed - shown.count,
        undo: batch.undoneAt == nil
          ? PostButton(
            "Annuler ce lot", action: pages.batchPath.appending(id.description).appending("annulation"), csrf: frame.session.csrf,
            hidden: [("retour", list.address)]) : nil,
        list: list)
    }
    return site.page("Changement par lot", at: pages.place, page.html(), frame, messages: page.undo == nil ? [] : Receipt.messages(request))
  }

  /// Where each change can be seen, and taken back alone.
  private func historyLink(_ id: Int64) -> Link { pages.link(id).appending("historique") }

  private static func undone(_ batch: AppliedBatch, _ frame: Frame) -> String? {
    if let moment = batch.undoneAt { return "Ce lot est annulé depuis le \(frame.moment(moment))." }
    return batch.undone == 0 ? nil : "\(French.plural(batch.undone, "fiche est", "fiches sont")) à nouveau comme avant le lot."
  }
}
