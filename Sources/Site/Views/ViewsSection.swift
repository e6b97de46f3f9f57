import Federation
import Hummingbird
import Markup
import Records
import Store
import WebSupport

/// `/vues`: the addresses of lists that people keep under a name.
struct ViewsSection {
  let site: Site

  func add(to routes: RouterGroup<SignedInContext>) {
    routes.get("vues/nouvelle", use: showNew)
    routes.post("vues", use: save)
    routes.get("vues/{id}", use: show)
    routes.post("vues/{id}", use: change)
    routes.post("vues/{id}/corbeille", use: remove)
    routes.post("vues/{id}/retablir", use: restore)
  }

  private func desk(_ context: SignedInContext) -> SavedViewDesk { SavedViewDesk(site.installation, actor: context.session.account) }

  /// - Throws: `HTTPError` 404 where there is no such list, 403 where the reader's role does not open it.
  private static func words(_ list: String, _ context: SignedInContext) throws -> ListWords {
    guard let words = (Site.lists + [FigureList.words]).first(where: { $0.name == list }) else { throw HTTPError(.notFound) }
    guard context.session.account.role.areas.contains(words.area) else { throw HTTPError(.forbidden) }
    return words
  }

  // MARK: - A new one

  @Sendable private func showNew(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let items = request.queryItems
    let words = try Self.words(items.last { $0.name == "liste" }?.value ?? "", context)
    let query = try Self.query(items.last { $0.name == "requete" }?.value ?? "", words)
    return try await newPage(words, query, SavedViewDesk.Entry(name: "", isShared: false, isDefault: false), nil, request, context)
  }

  private func newPage(
    _ words: ListWords, _ query: String, _ entry: SavedViewDesk.Entry, _ fault: FieldRefusal?, _ request: Request,
    _ context: SignedInContext
  ) async throws -> Response {
    let (_, frame) = try await site.read(request, context) { _, _ in }
    let page = ViewPage(
      words: words, action: "/vues", hidden: [("liste", words.name), ("requete", query)],
      back: Link(ownPath: "/\(words.name)?\(query)") ?? words.path, entry: entry, fault: fault?.sentence,
      mayShare: context.session.account.role.sharesViews(of: words.area),
      mayPlace: context.session.account.role.sharesViews(of: words.area), csrf: frame.session.csrf)
    return site.page(ViewPage.newTitle, at: words.place, page.html(), frame, status: fault == nil ? .ok : .unprocessableContent)
  }

  @Sendable private func save(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let form = try await site.form(request, context)
    let words = try Self.words(form["liste"], context)
    let query = try Self.query(form["requete"], words)
    let entry = Self.entry(form)
    do {
      try await desk(context).save(entry, of: words.name, in: words.area, query: query)
    } catch let fault as FieldRefusal {
      return try await newPage(words, query, entry, fault, request, context)
    }
    return .seeOther((Link(ownPath: "/\(words.name)?\(query)") ?? words.path).adding(Receipt.parameter, Receipt.viewSaved.rawValue))
  }

  private static func entry(_ form: FormItems) -> SavedViewDesk.Entry {
    var entry = SavedViewDesk.Entry(name: form["nom"], isShared: form["partagee"] == "oui", isDefault: form["defaut"] == "oui")
    entry.isPinned = form["epinglee"] == "oui"
    entry.isOnSheet = form["fiche_ca"] == "oui"
    return entry
  }

  /// What is kept of an address that a form carries: its items, written as the site writes them.
  /// - Throws: `Refusal` when there are too many of them.
  private static func query(_ text: String, _ words: ListWords) throws -> String {
    let query = SavedViewQuery.text(Link(words.path, query: text.formItems.map { ($0.name, $0.value) }))
    guard !query.isEmpty else {
      throw Refusal("Choisissez d’abord ce que la vue doit garder : un filtre, un ordre ou des colonnes.")
    }
    guard query.split(separator: "&").count <= SavedViewQuery.mostItems, query.utf8.count <= 8_000 else {
      throw Refusal("Cette adresse est trop longue pour une vue : retirez des filtres, puis recommencez.")
    }
    return query
  }

  // MARK: - One that is there

  /// - Throws: `HTTPError` 404 when there is none, it is somebody else's, or of a list that the reader's role does not open.
  private func found(
    _ request: Request, _ context: SignedInContext, isRemoved: Bool = false
  ) async throws -> (SavedView, ListWords, Frame) {
    guard let id = Identifier<SavedView>(try context.parameters.require("id")) else { throw HTTPError(.notFound) }
    let (view, frame) = try await site.read(request, context) { connection, frame in
      try SavedView(id, for: frame.session.account, isRemoved: isRemoved, connection)
    }
    guard let view, let words = try? Self.words(view.list, context) else { throw HTTPError(.notFound) }
    return (view, words, frame)
  }

  @Sendable private func show(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let (view, words, frame) = try await found(request, context)
    var entry = SavedViewDesk.Entry(name: view.name, isShared: view.isShared, isDefault: view.isDefault)
    (entry.isPinned, entry.isOnSheet) = (view.isPinned, view.isOnSheet)
    return page(view, words, frame, entry, fault: nil, context)
  }

  private func page(
    _ view: SavedView, _ words: ListWords, _ frame: Frame, _ entry: SavedViewDesk.Entry, fault: FieldRefusal?, _ context: SignedInContext
  ) -> Response {
    let account = context.session.account
    let page = ViewPage(
      words: words, view: view, action: .view(view.id), back: words.link(view), entry: entry, fault: fault?.sentence,
      mayShare: view.isShared || account.role.sharesViews(of: words.area), mayPlace: account.role.sharesViews(of: words.area),
      mayChange: view.mayChange(account), csrf: frame.session.csrf)
    return site.page(view.name, at: words.place, page.html(), frame, status: fault == nil ? .ok : .unprocessableContent)
  }

  @Sendable private func change(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let form = try await site.form(request, context)
    let (view, words, frame) = try await found(request, context)
    var entry = Self.entry(form)
    if !view.mayChange(context.session.account) {
      (entry.name, entry.isShared) = (view.name, view.isShared)
      entry.isOnSheet = form["fiche_ca"] == "oui" && view.isShared
    }
    do {
      try await desk(context).change(view.id, to: entry, in: words.area)
    } catch let fault as FieldRefusal {
      return page(view, words, frame, entry, fault: fault, context)
    }
    return .seeOther(words.link(view).adding(Receipt.parameter, Receipt.viewSaved.rawValue))
  }

  @Sendable private func remove(_ request: Request, _ context: SignedInContext) async throws -> Response {
    _ = try await site.form(request, context)
    let (view, words, _) = try await found(request, context)
    try await desk(context).remove(view.id)
    // The list stays as it is: only its name is gone.
    return .seeOther(
      words.link(view).adding(Receipt.parameter, Receipt.viewRemoved.rawValue).adding("fiche", view.id.description))
  }

  @Sendable private func restore(_ request: Request, _ context: SignedInContext) async throws -> Response {
    _ = try await site.form(request, context)
    let (view, words, _) = try await found(request, context, isRemoved: true)
    try await desk(context).restore(view.id)
    return .seeOther(words.link(view).adding(Receipt.parameter, Receipt.viewSaved.rawValue))
  }
}
