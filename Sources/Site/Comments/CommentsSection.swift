import Federation
import HTTPTypes
import Hummingbird
import Markup
import Records
import Store
import WebSupport

/// `/commentaires`: what colleagues say of records, and who watches these.
struct CommentsSection {
  let site: Site

  func add(to routes: RouterGroup<SignedInContext>) {
    routes.get("commentaires") { request, _ in
      // Where a refused form is asked for again, and where signing in leads back to.
      let (record, pages) = try target(request)
      return Response.seeOther(pages.home(of: record))
    }
    routes.post("commentaires", use: write)
    routes.get("commentaires/noms", use: names)
    routes.post("commentaires/suivi", use: watch)
    routes.get("commentaires/{id}/modifier", use: edit)
    routes.post("commentaires/{id}/modifier", use: change)
    routes.post("commentaires/{id}/supprimer") { try await act($0, $1, then: .commentRemoved) { try await $0.mark($1, removed: true) } }
    routes.post("commentaires/{id}/retablir") { try await act($0, $1, then: .commented) { try await $0.mark($1, removed: false) } }
    routes.post("commentaires/{id}/annulation") { try await act($0, $1, then: .undone) { try await $0.undoChange(of: $1) } }
  }

  private func desk(_ context: SignedInContext) -> CommentDesk { site.installation.comments(of: context.session.account) }

  /// The record that the address names.
  private func target(_ request: Request) throws -> (record: Int64, pages: RecordPages) {
    func item(_ name: String) -> String { request.queryItems.last { $0.name == name }?.value ?? "" }
    guard let record = Identifier<Site>(item("fiche"))?.rawValue, Area.ofComments(item("sorte")) != nil,
      let pages = site.recordPages.first(where: { $0.kind == item("sorte") })
    else { throw HTTPError(.notFound) }
    return (record, pages)
  }

  private func id(_ context: SignedInContext) throws -> Identifier<RecordComment> {
    guard let id = Identifier<RecordComment>(try context.parameters.require("id")) else { throw HTTPError(.notFound) }
    return id
  }

  /// What the account may not see is not there.
  private func known<Value>(_ work: () async throws -> Value) async throws -> Value {
    do { return try await work() } catch is CommentDesk.Unknown { throw HTTPError(.notFound) }
  }

  @Sendable private func write(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let form = try await site.form(request, context)
    let (record, pages) = try target(request)
    guard let id = Identifier<RecordComment>(form["commentaire"]) else { throw HTTPError(.badRequest) }
    do {
      let kept = try await known { try await desk(context).write(id, on: record, of: pages.kind, form["mots"]) }
      return .seeOther(pages.home(of: kept).adding(Receipt.parameter, Receipt.commented.rawValue))
    } catch let refusal as Refusal {
      let (_, frame) = try await site.read(request, context) { _, _ in }
      let card = CommentCard(
        remarks: [], watchers: [], isWatched: false, action: .comments(of: record, kind: pages.kind),
        names: .mentionedNames(on: record, kind: pages.kind), next: id.description, csrf: frame.session.csrf)
      return page(
        "Commenter", card.form(text: form["mots"], fault: French.typeset(refusal.sentence)), record, pages, frame,
        status: .unprocessableContent)
    }
  }

  @Sendable private func names(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let (record, pages) = try target(request)
    let words = String((request.queryItems.last { $0.name == "q" }?.value ?? "").prefix(100))
    return try .json(await known { try await desk(context).names(words, on: record, of: pages.kind) })
  }

  @Sendable private func watch(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let form = try await site.form(request, context)
    let (record, pages) = try target(request)
    let isWanted = form["suivre"] == "oui"
    try await known { try await desk(context).watch(record, of: pages.kind, isWanted) }
    return .seeOther(
      pages.home(of: record).adding(Receipt.parameter, (isWanted ? Receipt.watched : .unwatched).rawValue))
  }

  // MARK: - One's own

  @Sendable private func edit(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let comment = try await known { try await desk(context).own(id(context)) }
    return try await editing(comment, comment.text, nil, request, context)
  }

  @Sendable private func change(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let form = try await site.form(request, context)
    let comment = try await known { try await desk(context).own(id(context)) }
    guard let version = Int(form["version"]) else { throw HTTPError(.badRequest) }
    do {
      try await known { try await desk(context).change(comment.id, from: version, to: form["mots"]) }
      return .seeOther(try home(of: comment, .commentChanged))
    } catch let refusal as Refusal {
      return try await editing(comment, form["mots"], French.typeset(refusal.sentence), request, context)
    }
  }

  private func editing(
    _ comment: RecordComment, _ text: String, _ fault: String?, _ request: Request, _ context: SignedInContext
  ) async throws -> Response {
    let (_, frame) = try await site.read(request, context) { _, _ in }
    guard let pages = site.recordPages.first(where: { $0.kind == comment.kind }) else { throw HTTPError(.notFound) }
    let field = CommentField(
      names: .mentionedNames(on: comment.record, kind: comment.kind), label: "Votre commentaire", text: text, fault: fault)
    let form: HTML = """
      <form class="pile fine" method="post" action="\(Link.comment(comment.id).appending("modifier"))" data-garde>\
      \(hidden("csrf", frame.session.csrf))\(hidden("version", String(comment.version)))\(field.html)\
      <div class="rangee"><button class="bouton principal">Enregistrer</button>\
      <a class="bouton discret" href="\(pages.home(of: comment.record))">Annuler</a></div></form>
      """
    return page(
      "Modifier un commentaire", form, comment.record, pages, frame, status: fault == nil ? .ok : .unprocessableContent)
  }

  private func act(
    _ request: Request, _ context: SignedInContext, then receipt: Receipt,
    _ work: @Sendable (CommentDesk, Identifier<RecordComment>) async throws -> Void
  ) async throws -> Response {
    _ = try await site.form(request, context)
    let comment = try await known { try await desk(context).own(id(context)) }
    try await known { try await work(desk(context), comment.id) }
    return .seeOther(try home(of: comment, receipt))
  }

  private func home(of comment: RecordComment, _ receipt: Receipt) throws -> Link {
    guard let pages = site.recordPages.first(where: { $0.kind == comment.kind }) else { throw HTTPError(.notFound) }
    return pages.home(of: comment.record).adding(Receipt.parameter, receipt.rawValue).adding("fiche", comment.id.description)
  }

  /// A form by itself, with the way back.
  private func page(
    _ title: String, _ form: HTML, _ record: Int64, _ pages: RecordPages, _ frame: Frame, status: HTTPResponse.Status
  ) -> Response {
    let content: HTML = """
      \(Breadcrumb([LinkedText(pages.words.list, pages.path), LinkedText("La fiche", pages.home(of: record))], current: title).html)
      \(PageHeader(title).html)
      \(Card("commentaire", "Votre commentaire", form).html)
      """
    return site.page(title, at: pages.place, content, frame, status: status)
  }
}
