import Federation
import Foundation
import HTTPTypes
import Hummingbird
import Markup
import Records
import Store
import WebSupport

/// `/structures/fusionner` and the like: two records of one kind compared, merged after a preview, and put back apart.
struct MergeSection {
  let pages: RecordPages

  var site: Site { pages.site }

  func add(to routes: RouterGroup<SignedInContext>) {
    let path = RouterPath(String(pages.path.address.dropFirst()))
    routes.get("\(path)/fusionner") { request, context in try await choose(kind, request, context) }
    routes.get("\(path)/fusionner/apercu") { request, context in
      try await preview(kind, MergeForm(request.queryItems), request, context)
    }
    routes.post("\(path)/fusionner") { request, context in try await apply(kind, request, context) }
    routes.get("\(path)/fusions/{id}") { request, context in try await show(kind, [], request, context) }
    routes.post("\(path)/fusions/{id}/defaire") { request, context in try await undo(kind, request, context) }
  }

  private var kind: any RecordKind {
    get throws { try site.installation.model.kind(pages.kind) }
  }

  private var mergePath: Link { pages.path.appending("fusionner") }

  private func editor<Kind: RecordKind>(_ kind: Kind, _ context: SignedInContext) -> MergeEditor<Kind> {
    site.installation.merges(of: kind, for: context.session.account)
  }

  // MARK: - Choosing

  private func choose<Kind: RecordKind>(_ kind: Kind, _ request: Request, _ context: SignedInContext) async throws -> Response {
    let items = request.queryItems
    if let other = items.last(where: { $0.name == "avec" })?.value { return try await sought(other, items, request, context) }
    guard items.contains(where: { $0.name == "b" }) else { return try await otherPage(items, nil, request, context) }
    let form = try MergeForm(items)
    let editor = editor(kind, context)
    let (page, frame) = try await site.read(request, context) { connection, frame -> MergeChoicePage in
      let preview = try editor.preview(form.merged, into: form.kept, form.choices, connection)
      let texts = try texts(kind, preview, frame, connection)
      return MergeChoicePage(
        breadcrumb: breadcrumb("Fusionner"), form: form,
        sides: (try side(form.first, kind, connection), try side(form.second, kind, connection)), rows: preview.rows,
        courses: preview.courses, text: { texts($0.name, $1) }, action: mergePath.appending("apercu"), cancel: pages.duplicatesPath)
    }
    return site.page("Fusionner", at: pages.place, page.html(), frame)
  }

  /// Who comes from one record names the other one.
  private func otherPage(
    _ items: [(name: String, value: String)], _ fault: String?, _ request: Request, _ context: SignedInContext
  ) async throws -> Response {
    guard let first = items.last(where: { $0.name == "a" }).flatMap({ Identifier<Site>($0.value) }) else { throw HTTPError(.notFound) }
    let (title, frame) = try await site.read(request, context) { connection, _ in
      try RecordTitles.titles(of: [first.rawValue], kind: pages.kind, connection)[first.rawValue]
    }
    guard let title else { throw HTTPError(.notFound) }
    let field = FormField(
      "avec", "Avec quelle fiche\u{202F}?",
      .completed(.init(source: Naming(rawValue: pages.kind) == nil ? nil : Link("/suggestions").appending(pages.kind))),
      value: items.last { $0.name == "avec" }?.value ?? "", isRequired: true, help: "Commencez son nom, ou donnez sa référence.",
      error: fault)
    let content: HTML = """
      \(breadcrumb("Fusionner").html)
      \(PageHeader("Fusionner deux fiches", sentence: title).html)
      <form class="carte pile" method="get" action="\(mergePath)"><input type="hidden" name="a" value="\(first.description)">\(field.html)\
      <footer class="rangee"><button class="bouton principal">Comparer</button><a href="\(pages.link(first.rawValue))">Abandonner</a></footer></form>
      """
    return site.page("Fusionner", at: pages.place, content, frame, status: fault == nil ? .ok : .unprocessableContent)
  }

  private func sought(
    _ text: String, _ items: [(name: String, value: String)], _ request: Request, _ context: SignedInContext
  ) async throws -> Response {
    let kind = pages.kind
    let (found, doubt) = try await site.installation.database.read { connection -> (Int64?, String?) in
      guard let naming = Naming(rawValue: kind), let table = RecordTitles.table(of: kind) else { return (nil, nil) }
      let (texts, doubt) = try naming.meant(by: [text], connection)
      let reference = texts.first ?? text
      let named = reference.last == ")" ? reference.split(separator: "(").last.map { String($0.dropLast()) } : nil
      let id: Int64? = try connection.value(
        "SELECT id FROM \(table) WHERE removed_at IS NULL AND reference IN \(list: [reference, named].compactMap(\.self)) LIMIT 1")
      return (id, doubt)
    }
    guard let found else {
      return try await otherPage(items, French.typeset(doubt ?? "aucune fiche n’a ce nom ou cette référence"), request, context)
    }
    guard let first = items.last(where: { $0.name == "a" }).flatMap({ Identifier<Site>($0.value) }) else { throw HTTPError(.notFound) }
    return .seeOther(pages.mergePath(first.rawValue, found))
  }

  private func side<Kind: RecordKind>(_ id: Int64, _ kind: Kind, _ connection: any Connection) throws -> MergeChoicePage.Side {
    guard let table = RecordTitles.table(of: kind.name) else { throw HTTPError(.notFound) }
    let name = try RecordTitles.titles(of: [id], kind: kind.name, connection)[id] ?? "Fiche"
    let reference: String? = try connection.value("SELECT reference FROM \(table) WHERE id = \(id)")
    return .init(name: name, reference: reference ?? "", link: pages.link(id))
  }

  private func texts(
    _ kind: some RecordKind, _ preview: MergePreview, _ frame: Frame, _ connection: any Connection
  ) throws -> MergeTexts {
    let shown = preview.rows.flatMap { [($0.name, $0.kept), ($0.name, $0.merged)] }
    let places = Set(shown.filter { $0.0 == MergeTexts.sites }.flatMap { $0.1.split(separator: "|").map(String.init) })
    return MergeTexts(
      fields: try FieldTexts(kind, pages.layouts + pages.batched, naming: shown, frame.lists, connection),
      communes: try Naming.communes.names(of: places.sorted(), connection).mapValues(\.name))
  }

  // MARK: - Merging

  private func preview<Kind: RecordKind>(
    _ kind: Kind, _ form: MergeForm, _ request: Request, _ context: SignedInContext, isStale: Bool = false
  ) async throws -> Response {
    let editor = editor(kind, context)
    let id = site.installation.ids.next(Merge.self)
    let (page, frame) = try await site.read(request, context) { connection, frame -> MergePreviewPage in
      let preview = try editor.preview(form.merged, into: form.kept, form.choices, connection)
      let texts = try texts(kind, preview, frame, connection)
      let (kept, merged) = (try side(form.kept, kind, connection), try side(form.merged, kind, connection))
      return MergePreviewPage(
        breadcrumb: breadcrumb("Aperçu de la fusion"),
        sentence:
          "La fiche \(kept.name) (\(kept.reference)) est gardée\u{202F}; \(merged.name) (\(merged.reference)) est réunie à elle, et sa référence y mène désormais.",
        isStale: isStale, preview: preview, facts: preview.rows.compactMap { Self.fact($0, texts) },
        action: mergePath, csrf: frame.session.csrf, hidden: form.items + [("fusion", id.description), ("vu", preview.digest)],
        back: form.items.reduce(mergePath) { $0.adding($1.name, $1.value) })
    }
    return site.page("Aperçu de la fusion", at: pages.place, page.html(), frame, status: isStale ? .conflict : .ok)
  }

  private static func fact(_ row: MergePreview.Row, _ texts: MergeTexts) -> Facts.Fact? {
    let values =
      switch row.choice {
      case .kept: [row.kept]
      case .merged: [row.merged]
      case .both: [row.kept, row.merged]
      }
    let shown = values.filter { !$0.isEmpty }.map { texts(row.name, $0) }
    return shown.isEmpty ? nil : Facts.Fact(row.label, shown.map { LinkedText($0) })
  }

  private func apply<Kind: RecordKind>(_ kind: Kind, _ request: Request, _ context: SignedInContext) async throws -> Response {
    let items = try await site.form(request, context)
    guard let id = Identifier<Merge>(items["fusion"]) else { throw HTTPError(.badRequest) }
    let form = try MergeForm(items.items)
    let outcome = try await editor(kind, context).apply(id, form.merged, into: form.kept, form.choices, seen: items["vu"])
    guard outcome == .done else { return try await preview(kind, form, request, context, isStale: true) }
    return .seeOther(pages.sheet(of: id).adding(Receipt.parameter, Receipt.merged.rawValue))
  }

  // MARK: - What was merged

  private func show<Kind: RecordKind>(
    _ kind: Kind, _ kept: [UnmergeOutcome.Kept], _ request: Request, _ context: SignedInContext
  ) async throws -> Response {
    guard let id = Identifier<Merge>(try context.parameters.require("id")) else { throw HTTPError(.notFound) }
    let kinds = site.installation.model.kinds
    let (html, frame) = try await site.read(request, context) { connection, frame -> HTML in
      guard let merge = try DoneMerge(id, of: kind.name, connection) else { throw HTTPError(.notFound) }
      let sides = (kept: try side(merge.kept, kind, connection), merged: try side(merge.merged, kind, connection))
      let author = try merge.account.map { try Account.names(connection)[$0] ?? "un compte supprimé" }
      let counts = try merge.counts(connection)
      let followed = kinds.compactMap { kind in counts[kind.name].map { Facts.Fact(kind.label, French.number($0)) } }
      let undoing: HTML =
        if let moment = merge.undoneAt {
          Message(.information, "Cette fusion est défaite depuis le \(frame.moment(moment)).").html
        } else if let obstacle = try merge.obstacle(kind.table, connection) {
          Message(.information, French.typeset(obstacle)).html
        } else {
          """
          <p class="note">Défaire remet les deux fiches comme elles étaient. Ce qui a changé depuis reste où il est, et vous est nommé.</p>\
          \(PostButton("Défaire la fusion", action: pages.sheet(of: id).appending("defaire"), csrf: frame.session.csrf).html)
          """
        }
      let facts = [
        Facts.Fact("Fiche gardée", "\(sides.kept.name) (\(sides.kept.reference))", sides.kept.link),
        Facts.Fact("Fiche fusionnée", "\(sides.merged.name) (\(sides.merged.reference))", merge.undoneAt == nil ? nil : sides.merged.link),
        Facts.Fact("Fusionnées", "le \(frame.moment(merge.at)), par \(author ?? "une commande de l’administrateur")"),
      ]
      return """
        \(breadcrumb("Fusion").html)
        \(PageHeader("Fusion", sentence: "\(sides.merged.name) et \(sides.kept.name)").html)
        \(kept.isEmpty ? .empty : try keptMessage(kept, connection))\
        \(Card("fusion", "Les deux fiches", Facts(facts).html).html)
        \(followed.isEmpty ? .empty : Card("suites", "Ce qui a suivi", Facts(followed).html).html)
        <div class="pile">\(undoing)</div>
        """
    }
    return site.page("Fusion", at: pages.place, html, frame, messages: Receipt.messages(request))
  }

  private func keptMessage(_ kept: [UnmergeOutcome.Kept], _ connection: any Connection) throws -> HTML {
    var titles: [Int64: String] = [:]
    for (kind, some) in Dictionary(grouping: kept.prefix(100), by: \.kind) {
      titles.merge(try RecordTitles.titles(of: some.map(\.id), kind: kind, connection)) { $1 }
    }
    let rows: [HTML] = kept.prefix(100).map { one in
      let page = site.recordPages.first { $0.kind == one.kind && $0.hasOwnPage }
      let title = [titles[one.id] ?? "Fiche", one.field].compactMap(\.self).joined(separator: ", ")
      return "<li>\(LinkedText(title, page?.link(one.id)).html)\u{A0}: \(one.reason)</li>"
    }
    let count = French.plural(kept.count, "élément reste avec la fiche gardée", "éléments restent avec la fiche gardée")
    return Message(.warning, content: "<strong>\(count).</strong><ul class=\"liste\">\(rows)</ul>").html
  }

  private func undo<Kind: RecordKind>(_ kind: Kind, _ request: Request, _ context: SignedInContext) async throws -> Response {
    _ = try await site.form(request, context)
    guard let id = Identifier<Merge>(try context.parameters.require("id")) else { throw HTTPError(.notFound) }
    let outcome = try await editor(kind, context).undo(id)
    guard !outcome.kept.isEmpty else {
      return .seeOther(pages.sheet(of: id).adding(Receipt.parameter, Receipt.unmerged.rawValue))
    }
    return try await show(kind, outcome.kept, request, context)
  }

  private func breadcrumb(_ current: String) -> Breadcrumb {
    Breadcrumb([LinkedText(pages.words.list, pages.path), LinkedText("Doublons", pages.duplicatesPath)], current: current)
  }
}

/// The values of two records as people read them, the places among them by their names.
struct MergeTexts: Sendable {
  /// The field of the places that a file names.
  static let sites = "sites"

  let fields: FieldTexts
  let communes: [String: String]

  func callAsFunction(_ field: String, _ text: String) -> String {
    guard field == Self.sites, !text.isEmpty else { return fields(field, text) }
    return text.split(separator: "|").map { communes[String($0)] ?? String($0) }.joined(separator: ", ")
  }
}

extension RecordPages {
  /// What is kept of a merge, with its way back.
  func sheet(of merge: Identifier<Merge>) -> Link { path.appending("fusions").appending(merge.description) }
}

extension Site {
  /// The page of the record that took the place of a merged one.
  /// - Throws: `HTTPError` when there is none.
  func elsewhere(_ record: Int64, _ pages: RecordPages) async throws -> Elsewhere {
    let kept = try await installation.database.read { try Merge.successor(of: record, kind: pages.kind, $0) }
    guard let kept else { throw HTTPError(.notFound) }
    return Elsewhere(link: pages.link(kept))
  }
}
