import Federation
import Foundation
import HTTPTypes
import Hummingbird
import Markup
import Records
import Store
import WebSupport

/// `/lots/…`: many records of one list changed at a time: what, its preview, its receipt, and the way back.
struct BatchSection {
  let pages: RecordPages

  var site: Site { pages.site }

  func add(to routes: RouterGroup<SignedInContext>) {
    let path = RouterPath(String(pages.batchPath.address.dropFirst()))
    routes.post(path) { request, context in try await choose(kind, request, context) }
    routes.post("\(path)/apercu") { request, context in try await preview(kind, request, context) }
    routes.post("\(path)/application") { request, context in try await apply(kind, request, context) }
    routes.get("\(path)/{id}") { request, context in try await show(kind, request, context) }
    routes.post("\(path)/{id}/annulation") { request, context in try await undo(kind, request, context) }
  }

  private var kind: any RecordKind {
    get throws { try site.installation.model.kind(pages.kind) }
  }

  func editor<Kind: RecordKind>(_ kind: Kind, _ account: Account) -> BatchEditor<Kind> {
    site.installation.batches(of: kind, in: pages.area, for: account)
  }

  private func choose(_ kind: some RecordKind, _ request: Request, _ context: SignedInContext) async throws -> Response {
    let form = try BatchForm(try await site.form(request, context), of: pages)
    guard form.field != BatchForm.bin else { return try await previewPage(kind, form, .bin, request, context) }
    return try await choicePage(kind, form, request, context)
  }

  /// - Parameter refused: the change that could not be, and why.
  private func choicePage(
    _ kind: some RecordKind, _ form: BatchForm, _ request: Request, _ context: SignedInContext,
    refused: (change: BatchChange, reason: String)? = nil
  ) async throws -> Response {
    let isSeveral = isSeveral(form.field, kind)
    var layout = layout(form.field)
    layout.isSingle = true
    let ((fields, count), frame) = try await site.read(request, context) { [layout] connection, frame in
      let fields = try RecordFormBuilder(layouts: [layout], lists: frame.lists).fields(
        kind, [layout.name: refused?.change.value ?? ""], faults: refused.map { [layout.name: $0.reason] } ?? [:], connection)
      let count = try form.records(pages, frame, connection).count
      try Batch.expectPossible(count)
      return (fields, count)
    }
    var shown = fields
    for index in shown.indices {
      if isSeveral { shown[index].isRequired = true }
      if !shown[index].isRequired { shown[index].help = shown[index].help ?? Self.emptying(shown[index]) }
    }
    if isSeveral { shown.insert(Self.actionField(refused?.change.action ?? .add), at: 0) }
    let view = RecordFormView(
      action: pages.batchPath.appending("apercu"), csrf: frame.session.csrf, hidden: form.hidden, fields: shown, submit: "Voir l’aperçu",
      cancel: form.list)
    let label = layout.label ?? form.field
    let content: HTML = """
      \(breadcrumb("Changer par lot", form.list).html)
      \(PageHeader("\(label)\u{A0}: \(French.plural(count, "fiche", "fiches"))", sentence: "Vous verrez ce qui change avant que rien ne soit enregistré.").html)
      \(view.refusals)\(view.html)
      """
    return site.page(label, at: pages.place, content, frame, status: refused == nil ? .ok : .unprocessableContent)
  }

  /// What nothing does, in the words that the field has for nothing.
  private static func emptying(_ field: FormField) -> String {
    if case .choice(_, let none) = field.control { return "«\u{202F}\(none)\u{202F}» vide le champ dans toutes les fiches." }
    return "Laissé vide, le champ est vidé dans toutes les fiches."
  }

  private static func actionField(_ action: BatchChange.Action) -> FormField {
    FormField(
      "action", "Que faire\u{202F}?",
      .segments([.init(BatchChange.Action.add.rawValue, "Ajouter"), .init(BatchChange.Action.remove.rawValue, "Retirer")]),
      value: action.rawValue, isRequired: true)
  }

  func layout(_ field: String) -> RecordFormBuilder.Layout { pages.batched.first { $0.name == field } ?? .init(field) }

  private func isSeveral(_ field: String, _ kind: some RecordKind) -> Bool {
    kind.fields.first { $0.name == field }?.input.hasTokens ?? false
  }

  private func preview(_ kind: some RecordKind, _ request: Request, _ context: SignedInContext) async throws -> Response {
    let items = try await site.form(request, context)
    let form = try BatchForm(items, of: pages)
    let change = try change(items, form, items[form.field].trimmingCharacters(in: .whitespacesAndNewlines), kind)
    do {
      return try await previewPage(kind, form, change, request, context)
    } catch let refusal as Refusal {
      return try await choicePage(kind, form, request, context, refused: (change, refusal.sentence))
    }
  }

  func change(_ items: FormItems, _ form: BatchForm, _ value: String, _ kind: some RecordKind) throws -> BatchChange {
    guard form.field != BatchForm.bin else { return .bin }
    guard isSeveral(form.field, kind) else { return BatchChange(.set, form.field, value) }
    guard let action = BatchChange.Action(rawValue: items["action"]), [.add, .remove].contains(action) else { throw HTTPError(.badRequest) }
    return BatchChange(action, form.field, value)
  }

  func previewPage(
    _ kind: some RecordKind, _ form: BatchForm, _ change: BatchChange, _ request: Request, _ context: SignedInContext,
    isStale: Bool = false
  ) async throws -> Response {
    let id = site.installation.ids.next(Batch.self)
    let editor = editor(kind, context.session.account)
    let (page, frame) = try await site.read(request, context) { connection, frame in
      let preview = try editor.preview(change, of: form.records(pages, frame, connection), connection)
      let changed = preview.firstChanged
      let shown: [(String, String)] = changed.flatMap(\.changes).flatMap { [($0.name, $0.before), ($0.name, $0.after)] }
      let texts = try FieldTexts(
        kind, pages.layouts + pages.batched, naming: shown + [(change.field, change.value)], frame.lists, connection)
      let titles = try RecordTitles.titles(of: changed.map(\.id) + preview.firstRefused.map(\.id), kind: kind.name, connection)
      return BatchPreviewPage(
        breadcrumb: breadcrumb("Aperçu", form.list), sentence: BatchWords.sentence(change, label(change), texts),
        counts: BatchWords.ahead(preview), isStale: isStale,
        warnings: preview.warnings.map { French.typeset($0.prefix(1).uppercased() + $0.dropFirst() + ".") },
        rows: changed.map { .init(title: Self.title($0.id, titles), changes: Self.changes($0, texts)) },
        refused: preview.firstRefused.map { .init(title: Self.title($0.id, titles), reason: French.typeset($0.reason)) },
        moreRows: preview.changed - changed.count, moreRefused: preview.refused - preview.firstRefused.count,
        action: pages.batchPath.appending("application"), csrf: frame.session.csrf,
        hidden: form.hidden + [
          ("action", change.action.rawValue), ("valeur", change.value), ("vu", preview.digest), ("lot", id.description),
        ],
        submit: preview.changed == 0 ? nil : "Appliquer à \(French.plural(preview.changed, "fiche", "fiches"))", list: form.list)
    }
    return site.page("Aperçu avant de changer", at: pages.place, page.html(), frame, status: isStale ? .conflict : .ok)
  }

  private static func changes(_ record: BatchPreview.Changed, _ texts: FieldTexts) -> [FieldChangeView] {
    record.changes.map { change in
      FieldChangeView(
        label: change.label, before: change.before.isEmpty ? "" : texts(change.name, change.before), after: texts(change.name, change.after)
      )
    }
  }

  func label(_ change: BatchChange) -> String { layout(change.field).label ?? change.field }

  static func title(_ id: Int64, _ titles: [Int64: String]) -> String {
    titles[id].map { $0.count > 80 ? "\($0.prefix(79))…" : $0 } ?? "Fiche"
  }

  func breadcrumb(_ current: String, _ list: Link) -> Breadcrumb {
    Breadcrumb([LinkedText(pages.words.list, list)], current: current)
  }
}
