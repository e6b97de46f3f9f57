import Federation
import HTTPTypes
import Hummingbird
import Markup
import Records
import Store
import WebSupport

/// What the pages say of one kind of record.
struct RecordWords: Sendable {
  /// « Structures », « Nouvelle structure », « Modifier la structure ».
  let list: String
  let new: String
  let change: String
  /// What a record is called in titles, from the texts of its fields.
  let title: @Sendable (Entries) -> String
}

/// The pages by which people make a record of one kind, change it, follow what happened to it and throw it away.
struct RecordPages: Sendable {
  let site: Site
  /// The name of the record kind.
  let kind: String
  let path: Link
  let place: Place
  let area: Area
  let words: RecordWords
  let layouts: [RecordFormBuilder.Layout]
  /// Whether a record has a page of its own; else the list is where one comes back to.
  var hasOwnPage = true
  /// Records that are added on the page of another one only.
  var isPart = false
  /// What a new record is before anybody typed.
  var defaults: @Sendable (Frame) -> Entries = { _ in [:] }
  /// What the form shows of `layouts` for a record that is as these texts say; the rest of it is sent along unseen.
  var shown: @Sendable (Entries, Frame, any Connection) throws -> [RecordFormBuilder.Layout]? = { _, _, _ in nil }
  /// What helps to fill it in, under the form.
  var aid: @Sendable (Int64?, Entries, Frame, any Connection) throws -> HTML = { _, _, _, _ in .empty }
  /// What is so whatever the form says, because of who sends it.
  var imposed: (@Sendable (Account, any Connection) throws -> Entries)?
  /// What the role of whoever enters it does not allow, by field: no rule of the record itself.
  var objections: @Sendable (Entries, Account) -> [String: String] = { _, _ in [:] }
  var more: FormPart?
  /// What the page that follows a new record tells.
  var made = Receipt.created
  /// Whether two of its records can become one.
  var isMerged = false
  /// The fields that make sense of many records at a time, each with what its form says.
  var batched: [RecordFormBuilder.Layout] = []
  /// The fields of one value that a list changes where they stand.
  var cells: Set<String> = []
  /// The records of the list that an address asks for, for who changes all of them at a time.
  var selected: @Sendable (Request, Frame, any Connection) throws -> [Int64] = { _, _, _ in [] }

  /// A part of the form for a new record that is not the record's own: it becomes another record beside it.
  struct FormPart: Sendable {
    let names: [String]
    /// The field that it stands before.
    let before: String
    let html: @Sendable (_ entries: Entries, _ faults: [String: String], Frame, any Connection) throws -> HTML
    /// Why it is refused, by name.
    let faults: @Sendable (Entries) -> [String: String]
    /// Once the record is saved. Called again when a form is sent twice.
    let save: @Sendable (_ record: Int64, Entries, SignedInContext) async throws -> Void
  }

  func add(to routes: RouterGroup<SignedInContext>) {
    let path = RouterPath(String(path.address.dropFirst()))
    routes.get("\(path)/nouveau") { request, context in try await new(site.installation.model.kind(kind), request, context) }
    routes.post("\(path)/nouveau") { request, context in try await create(site.installation.model.kind(kind), request, context) }
    routes.get("\(path)/{id}/modifier") { request, context in try await edit(site.installation.model.kind(kind), request, context) }
    routes.post("\(path)/{id}/modifier") { request, context in try await save(site.installation.model.kind(kind), request, context) }
    routes.get("\(path)/{id}/historique") { request, context in try await history(site.installation.model.kind(kind), request, context) }
    routes.post("\(path)/{id}/historique") { request, context in try await undo(site.installation.model.kind(kind), request, context) }
    routes.post("\(path)/{id}/corbeille") { request, context in try await remove(site.installation.model.kind(kind), request, context) }
    routes.post("\(path)/{id}/retablir") { request, context in try await restore(site.installation.model.kind(kind), request, context) }
  }

  /// What one may do from a record's page: to change it, to see what happened, and to throw it away.
  func actions(_ id: Int64, _ frame: Frame) -> [PageAction] {
    guard frame.session.account.role.scope(.write, area) != .none else { return [] }
    return [
      PageAction("Modifier", .edit, link(id).appending("modifier")), PageAction("Historique", .clock, link(id).appending("historique")),
    ]
  }

  // MARK: - Making

  private func new<Kind: RecordKind>(_ kind: Kind, _ request: Request, _ context: SignedInContext) async throws -> Response {
    let known = Dictionary(request.queryItems, uniquingKeysWith: { _, last in last })
    let draft = FormState(id: site.installation.ids.next(Site.self).rawValue, entries: known, usesDefaults: true)
    return try await formPage(kind, draft, request, context)
  }

  private func create<Kind: RecordKind>(_ kind: Kind, _ request: Request, _ context: SignedInContext) async throws -> Response {
    let form = try await site.form(request, context)
    guard let id = form.value("fiche").flatMap(Identifier<Kind>.init)?.rawValue else { throw HTTPError(.badRequest) }
    try await expectWriting(nil, request, context)
    try await site.restore(kind, id, self, form, context)
    let meant = try await site.meant(RecordFormBuilder.entries(kind, layouts, form), of: kind)
    let entries = try await imposing(meant.entries, context)
    let sent = Self.sentAlong.union(more?.names ?? [])
    let others = Dictionary(form.items.filter { sent.contains($0.name) }, uniquingKeysWith: { _, last in last })
    var state = FormState(id: id, entries: entries.merging(others) { entry, _ in entry })
    state.faults = (more?.faults(state.entries) ?? [:]).merging(objections(entries, context.session.account)) { first, _ in first }
    let editor = site.installation.editor(of: kind, for: context.session.account)
    let accepted = Set(form.all(Self.accepted))
    let outcome: RecordEditor<Kind>.Outcome
    var (receipt, known) = (made, 1)
    switch try await site.installation.database.read({ try RecordForm.standing(of: id, kind, $0) }) {
    case .missing:
      outcome = try await editor.create(
        id, entering: entries, heedsWarnings: true, accepted: accepted, isTrial: !state.faults.isEmpty)
    case .inBin: return try await site.goneForm(kind, id, self, request, form, context)
    case .saved:
      // Whoever comes back to the form of a record that is made, and saves it again, changes that record.
      try await expectWriting(id, request, context)
      guard state.faults.isEmpty else { return try await formPage(kind, state, request, context, status: .unprocessableContent) }
      var again = entries
      if again["reference", default: ""].isEmpty { again["reference"] = nil }
      var changed = try await editor.save(id, entering: again, from: known, heedsWarnings: true, accepted: accepted)
      if case .conflict = changed {
        // What one wrote oneself since is no conflict: of the form, what differs from what it first made is saved over it.
        let first = try await editor.entries(id, at: known)
        state.entries = again.filter { $0.value != first[$0.key, default: ""] }
        known = try await editor.ownVersion(id)
        changed = try await editor.save(id, entering: state.entries, from: known, heedsWarnings: true, accepted: accepted)
      }
      // Sent twice as it is: what the first told is told.
      outcome = changed == .unchanged ? .saved(version: 1) : changed
      if changed != .unchanged { receipt = .changed }
    }
    if case .saved = outcome {
      guard state.faults.isEmpty else { return try await formPage(kind, state, request, context, status: .unprocessableContent) }
      try await more?.save(id, state.entries, context)
      if form.value("suite_action") == "autre" { return .seeOther(after(path.appending("nouveau"), made: id, receipt)) }
      if let back = form.value("retour").flatMap(Link.init(ownPath:)) { return .seeOther(after(back, made: id, receipt)) }
      return .seeOther(after(page(of: id), made: id, receipt))
    }
    // Two versions are set against the one that is known; else the form is again that of a new record, with all its parts.
    if case .conflict = outcome { state.version = known }
    return try await answer(outcome, kind, state, meant, request, context, done: .created)
  }

  private func imposing(_ entries: Entries, _ context: SignedInContext) async throws -> Entries {
    guard let imposed else { return entries }
    let account = context.session.account
    return try await site.installation.database.read { try entries.merging(imposed(account, $0)) { _, imposed in imposed } }
  }

  /// What a form calls the marks of the doubts that it showed.
  static let accepted = "accepte"

  // MARK: - Changing

  private func edit<Kind: RecordKind>(_ kind: Kind, _ request: Request, _ context: SignedInContext) async throws -> Response {
    let id = try recordID(context)
    let (form, _) = try await site.read(request, context) { connection, _ in try RecordForm(kind, id, connection) }
    guard let form else { throw HTTPError(.notFound) }
    let only = request.queryItems.last { $0.name == Self.onlyField }?.value
    let state = FormState(
      id: id, version: form.version, entries: form.entries, only: only.flatMap { cells.contains($0) ? $0 : nil })
    return try await formPage(kind, state, request, context)
  }

  private func save<Kind: RecordKind>(_ kind: Kind, _ request: Request, _ context: SignedInContext) async throws -> Response {
    let id = try recordID(context)
    let form = try await site.form(request, context)
    guard let version = form.value("version").flatMap({ Int($0) }) else { throw HTTPError(.badRequest) }
    let only = form.value(Self.onlyField)
    guard only.map(cells.contains) ?? true else { throw HTTPError(.badRequest) }
    try await expectWriting(id, request, context)
    try await site.restore(kind, id, self, form, context)
    let meant = try await site.meant(RecordFormBuilder.entries(kind, layouts(only), form), of: kind)
    let entries = try await imposing(meant.entries, context)
    let objections = objections(entries, context.session.account)
    guard objections.isEmpty else {
      let state = FormState(id: id, version: version, entries: entries, faults: objections, only: only)
      return try await formPage(kind, state, request, context, status: .unprocessableContent)
    }
    let editor = site.installation.editor(of: kind, for: context.session.account)
    let outcome = try await editor.save(
      id, entering: entries, from: version, heedsWarnings: true, accepted: Set(form.all(Self.accepted)))
    if let only, request.headers[.accept]?.hasPrefix("application/json") == true {
      return try await cellAnswer(outcome, kind, id, only, request, context)
    }
    if case .gone = outcome { return try await site.goneForm(kind, id, self, request, form, context) }
    let state = FormState(id: id, version: version, entries: entries, only: only)
    return try await answer(outcome, kind, state, meant, request, context, done: .changed)
  }

  /// To the record when it is saved, else the form again with what was typed.
  private func answer<Kind: RecordKind>(
    _ outcome: RecordEditor<Kind>.Outcome, _ kind: Kind, _ state: FormState, _ meant: MeantEntries, _ request: Request,
    _ context: SignedInContext, done: Receipt
  ) async throws -> Response {
    var state = state
    switch outcome {
    case .saved(let version):
      let page = link(state.id, after: done)
      return .seeOther(done == .changed ? site.page(page, after: version, of: state.id, kind: self.kind) : page)
    case .unchanged: return .seeOther(link(state.id, after: .unchanged))
    case .gone: throw Missing(sentence: "Cette fiche a été mise à la corbeille pendant votre saisie.")
    case .warned(let warnings): state.warnings = warnings
    case .refused(let faults):
      state.faults.merge(meant.faults(faults)) { "\($0) ; \($1)" }
    case .conflict(let conflicts):
      return try await conflictPage(
        kind, state, conflicts.map { ($0.name, $0.label, $0.mine, $0.theirs) }, request, context)
    }
    return try await formPage(kind, state, request, context, status: .unprocessableContent)
  }

  /// What a form page shows.
  private struct FormState {
    let id: Int64
    /// `nil` for a new record.
    var version: Int?
    var entries: Entries
    var faults: [String: String] = [:]
    var warnings: [Warning] = []
    var usesDefaults = false
    /// The one field that the form shows.
    var only: String?
  }

  /// What a form sends along of where it was opened.
  private static let sentAlong: Set = ["retour"]

  private func formPage<Kind: RecordKind>(
    _ kind: Kind, _ state: FormState, _ request: Request, _ context: SignedInContext, status: HTTPResponse.Status = .ok
  ) async throws -> Response {
    let isNew = state.version == nil
    let layouts = layouts(state.only)
    let ((fields, part, files, unseen), frame) = try await site.read(request, context) { connection, frame in
      guard try frame.session.account.mayWrite(area, isNew ? nil : state.id, connection) else { throw closed(to: frame.session.account) }
      let entries = state.usesDefaults ? defaults(frame).merging(state.entries) { _, known in known } : state.entries
      let chosen = state.only == nil ? try shown(entries, frame, connection) : nil
      // What says which fields are shown is sent along, for the form that comes back.
      let kept = chosen.map { chosen in layouts.map(\.name).filter { name in !chosen.contains { $0.name == name } } } ?? []
      // What has no page of its own shows its files beside its form.
      let margin =
        try isNew || hasOwnPage || state.only != nil ? nil : site.margin(of: state.id, kind: kind.name, frame, connection)
      let files: HTML = margin.map { margin -> HTML in "\(margin.files)\(margin.comments)" } ?? .empty
      let help = try aid(isNew ? nil : state.id, entries, frame, connection)
      return (
        try RecordFormBuilder(layouts: chosen ?? layouts, lists: frame.lists)
          .fields(kind, entries, faults: state.faults, warnings: state.warnings, connection),
        try isNew ? more?.html(entries, state.faults, frame, connection) : nil, "\(help)\(files)" as HTML,
        kept.map { (name: $0, value: entries[$0, default: ""]) }.filter { !$0.value.isEmpty }
      )
    }
    let record = page(of: state.id)
    var view = RecordFormView(
      action: isNew ? path.appending("nouveau") : link(state.id).appending("modifier"), csrf: frame.session.csrf,
      hidden: isNew ? [("fiche", Identifier<Kind>(rawValue: state.id).description)] : [("version", String(state.version ?? 0))],
      fields: fields, submit: state.warnings.isEmpty ? "Enregistrer" : "Enregistrer quand même", cancel: isNew ? path : record)
    view.warnings = RecordWarnings(
      state.warnings.map { warning in
        .init(
          field: warning.column, warning.sentence, records: warning.similar.map { LinkedText($0.label, page(of: $0.id)) })
      })
    view.hidden += state.warnings.map { (Self.accepted, $0.mark) }
    if let only = state.only { view.hidden.append((Self.onlyField, only)) }
    view.hidden += unseen
    view.hidden += state.entries.filter { Self.sentAlong.contains($0.key) }.map { ($0.key, $0.value) }
    if isNew, more != nil { view.otherSubmits = [("suite_action", "autre", "Enregistrer et en ajouter un autre")] }
    view.more = part ?? .empty
    view.moreBefore = more?.before
    // Faults of what is no field of this form must be told all the same.
    let visible = Set(fields.map(\.name))
    let parts = Set(more?.names ?? [])
    let others = state.faults.filter { !visible.contains($0.key) }.sorted { $0.key < $1.key }.map { name, reason in
      let sentence = French.typeset(French.ended(reason))
      let way: HTML = parts.contains(name) ? "<a href=\"\(Link("#c-\(name)"))\">\(sentence)</a>" : HTML(text: sentence)
      return Message(.error, content: "Rien n’est enregistré\u{A0}: \(way)")
    }
    let title = isNew ? words.new : words.change
    let content: HTML = """
      \(breadcrumb(isNew ? nil : state.entries, record, current: title).html)
      \(PageHeader(title).html)
      \(view.refusals)\(each: others, \.html)\(view.warnings.summary)
      \(view.html)
      \(files)\(isNew || state.only != nil ? .empty : bin(link(state.id), frame.session.csrf))\(isNew || !isMerged ? .empty : merging(state.id))
      """
    return site.page(title, at: place, content, frame, messages: Receipt.messages(request, csrf: frame.session.csrf), status: status)
  }

  private func bin(_ record: Link, _ csrf: String) -> HTML {
    PostButton("Mettre à la corbeille", action: record.appending("corbeille"), csrf: csrf, isDangerous: true).html
  }

  private func merging(_ record: Int64) -> HTML {
    let link = path.appending("fusionner").adding("a", Identifier<Site>(rawValue: record).description)
    return "<p>\(LinkedText("Fusionner avec une autre fiche", link).html)</p>"
  }

  // MARK: - Two people, one form

  private func conflictPage<Kind: RecordKind>(
    _ kind: Kind, _ state: FormState, _ conflicts: [(name: String, label: String, mine: String, theirs: String)], _ request: Request,
    _ context: SignedInContext
  ) async throws -> Response {
    let ((current, fields), frame) = try await site.read(request, context) { connection, frame in
      let naming = conflicts.flatMap { [($0.name, $0.mine), ($0.name, $0.theirs)] }
      let texts = try FieldTexts(kind, layouts + batched, naming: naming, frame.lists, connection)
      let fields = conflicts.map { conflict in
        ConflictView.Field(
          name: conflict.name, label: conflict.label, mine: (conflict.mine, texts(conflict.name, conflict.mine)),
          theirs: (conflict.theirs, texts(conflict.name, conflict.theirs)))
      }
      return (try RecordForm(kind, state.id, connection), fields)
    }
    guard let current, let version = current.version else { throw HTTPError(.notFound) }
    let named = Set(conflicts.map(\.name))
    // Only what this person changed is sent again: what the others changed beside it stays.
    let base = try await site.installation.editor(of: kind, for: context.session.account).entries(state.id, at: state.version ?? 0)
    let mine = state.entries.filter { !named.contains($0.key) && $0.value != base[$0.key, default: ""] }
    let view = ConflictView(
      action: link(state.id).appending("modifier"), csrf: frame.session.csrf, version: version,
      kept: mine.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }, tokenFields: tokenFields(kind), conflicts: fields,
      cancel: page(of: state.id))
    let title = "Deux saisies en même temps"
    let content: HTML = """
      \(breadcrumb(current.entries, page(of: state.id), current: title).html)
      \(PageHeader(title, sentence: "Une autre personne a enregistré cette fiche pendant que vous la modifiiez. Rien n’est perdu : choisissez, champ par champ.").html)
      \(view.html)
      """
    return site.page(title, at: place, content, frame, status: .conflict)
  }

  private func tokenFields<Kind: RecordKind>(_ kind: Kind) -> Set<String> {
    Set(kind.fields.filter(\.input.hasTokens).map(\.name))
  }
}
