import Federation
import Foundation
import HTTPTypes
import Hummingbird
import Markup
import Records
import Store
import WebSupport

/// `/courriels`: what was written to the people behind lists, and writing to them (COM-05).
struct LettersSection {
  static let path: Link = "/courriels"
  static let templates: Link = "/modeles-courriels"
  static let title = "Courriels"
  /// What the bar of a list calls it.
  static let action = "ecrire"
  private static let pageSize = 50
  /// More than a letter may carry, so that what is a little too much is refused with what was typed.
  private static let readLimit = 4 * Letter.sizeLimit

  let site: Site

  func add(to routes: RouterGroup<SignedInContext>) {
    routes.get("courriels", use: list)
    routes.get("courriels/{id}", use: show)
    routes.get("modeles-courriels", use: listTemplates)
  }

  func addWriting(to routes: RouterGroup<SignedInContext>) {
    routes.get("courriels/nouveau", use: begin)
    routes.post("courriels/nouveau", use: beginFromList)
    routes.get("courriels/{id}/modifier", use: edit)
    routes.post("courriels/{id}", use: save)
    routes.post("courriels/{id}/envoi", use: send)
    routes.post("courriels/{id}/rappel", use: recall)
    routes.post("courriels/{id}/reprise", use: writeAgain)
    routes.post("courriels/{id}/abandon", use: discard)
  }

  private func desk(_ context: SignedInContext) -> LetterDesk { LetterDesk(site.installation, actor: context.session.account) }

  private func id(_ context: SignedInContext) throws -> Identifier<Letter> {
    guard let id = Identifier<Letter>(try context.parameters.require("id")) else { throw HTTPError(.notFound) }
    return id
  }

  // MARK: - Lists

  @Sendable private func list(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let number = max(1, min(10_000, request.queryItems.last { $0.name == "page" }.flatMap { Int($0.value) } ?? 1))
    let offset = (number - 1) * Self.pageSize
    let ((rows, total), frame) = try await site.read(request, context) { connection, frame in
      try LetterSummary.page(for: frame.session.account, offset: offset, limit: Self.pageSize, connection)
    }
    let pagination = Pagination(
      from: min(offset + 1, total), to: offset + rows.count, of: total,
      previous: number > 1 ? Self.path.adding("page", String(number - 1)) : nil,
      next: offset + rows.count < total ? Self.path.adding("page", String(number + 1)) : nil)
    let page = LetterListPage(letters: rows.map { .init($0, frame) }, pagination: pagination)
    return site.page(Self.title, at: .letters, page.html(), frame, messages: Receipt.messages(request))
  }

  @Sendable private func listTemplates(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let (templates, frame) = try await site.read(request, context) { connection, _ in try LetterTemplate.all(connection) }
    let page = LetterTemplatesPage(templates: templates)
    return site.page(
      LetterTemplatesPage.title, at: .letters, page.html(), frame,
      messages: Receipt.messages(request, path: Self.templates, csrf: frame.session.csrf))
  }

  // MARK: - Writing

  /// From the page of one record.
  @Sendable private func begin(_ request: Request, _ context: SignedInContext) async throws -> Response {
    func item(_ name: String) -> String { request.queryItems.last { $0.name == name }?.value ?? "" }
    guard let audience = Letter.Audience(rawValue: item("sorte")), let record = Identifier<Site>(item("fiche"))?.rawValue else {
      throw Missing(sentence: "Un courriel s’écrit depuis une liste ou depuis une fiche.")
    }
    return try await form(LetterForm(new: site.installation.ids.next(), audience, .record, [record]), request, context)
  }

  /// From the bar of a list: the ticked rows, or all of them.
  @Sendable private func beginFromList(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let items = try await site.form(request, context)
    let list = Link(ownPath: items[BatchBar.Names.list])?.withoutQuery
    guard let pages = site.recordPages.first(where: { $0.path == list }), let audience = Letter.Audience(rawValue: pages.kind) else {
      throw HTTPError(.badRequest)
    }
    let chosen = try BatchForm(items, of: pages, for: Self.action)
    let (records, _) = try await site.read(request, context) { connection, frame in try chosen.records(pages, frame, connection) }
    guard records.count <= Batch.mostRecords else { throw Refusal("Cette liste est trop longue : filtrez-la, puis recommencez.") }
    return try await form(LetterForm(new: site.installation.ids.next(), audience, .list, records), request, context)
  }

  @Sendable private func edit(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let letter = try await draft(id(context), context)
    return try await form(LetterForm(letter), request, context)
  }

  private func draft(_ id: Identifier<Letter>, _ context: SignedInContext) async throws -> LetterSheet {
    let account = context.session.account
    let letter = try await site.installation.database.read { try LetterSheet(id, for: account, $0) }
    guard let letter, letter.state == .draft else { throw Missing(sentence: "Ce brouillon n’existe plus, ou il est parti.") }
    return letter
  }

  private func form(
    _ form: LetterForm, _ request: Request, _ context: SignedInContext, status: HTTPResponse.Status = .ok
  ) async throws -> Response {
    let (content, frame) = try await site.read(request, context) { connection, frame in
      form.html(try LetterTemplate.all(connection), frame)
    }
    let obstacle = site.installation.obstacle(toLettersFrom: form.origin).map {
      Message(.warning, content: "<strong>\($0)</strong> Ce que vous écrivez ici est gardé comme brouillon.")
    }
    return site.page(LetterForm.title, at: .letters, content, frame, messages: obstacle.map { [$0] } ?? [], status: status)
  }

  /// Keeps what was typed whatever it is, then shows who would get it; the form again where something cannot be sent.
  @Sendable private func save(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let id = try id(context)
    let uploaded = try await site.upload(request, context, limit: Self.readLimit, files: Letter.mostFiles + 1)
    let items = uploaded.items
    let account = context.session.account
    let (known, templates) = try await site.installation.database.read {
      (try LetterSheet(id, for: account, $0), items[LetterForm.button] == LetterForm.takeTemplate ? try LetterTemplate.all($0) : [])
    }
    let template = templates.first { $0.id.description == items["modele"] }
    let hidden = try LetterForm.Subject(items, known)
    let content = LetterDesk.Content(
      hidden.audience, from: hidden.origin, records: hidden.records, choice: items.all("choix").filter { !$0.isEmpty },
      subject: template?.subject ?? items["objet"].tidied, body: template?.body ?? items["message"].tidied, kept: Set(items.all("pieces")))
    let faults = try await desk(context).save(id, content, adding: uploaded.files.map { ($0.name, $0.bytes) })
    if items[LetterForm.button] == LetterForm.takeTemplate { return .seeOther(.letter(id).appending("modifier")) }
    guard !faults.isEmpty else { return .seeOther(.letter(id)) }
    var again = LetterForm(try await draft(id, context))
    again.faults = faults.mapValues(French.typeset)
    return try await form(again, request, context, status: .unprocessableContent)
  }

  // MARK: - Reading and sending

  @Sendable private func show(_ request: Request, _ context: SignedInContext) async throws -> Response {
    try await page(request, context)
  }

  private func page(
    _ request: Request, _ context: SignedInContext, messages: [Message] = [], status: HTTPResponse.Status = .ok
  ) async throws -> Response {
    let id = try id(context)
    let now = site.installation.now()
    let (shown, frame) = try await site.read(request, context) { connection, frame -> (LetterSheet, String, HTML)? in
      guard let letter = try LetterSheet(id, for: frame.session.account, connection) else { return nil }
      guard letter.state == .draft else {
        let page = LetterPage(letter: letter, recipients: try LetterRecipient.all(of: letter, connection), now: now, frame: frame)
        return (letter, page.subject, page.html())
      }
      let audience = try LetterAudience(letter, on: frame.today, connection)
      return (letter, LetterPreviewPage.title, LetterPreviewPage(letter: letter, audience: audience, frame: frame).html())
    }
    guard let (letter, title, content) = shown else { throw HTTPError(.notFound) }
    var response = site.page(title, at: .letters, content, frame, messages: messages + Receipt.messages(request), status: status)
    // Once more when the hold is over, with or without a script.
    if letter.state == .held, let until = letter.heldUntil {
      response.headers[.refresh] = String(max(5, Int(until.date.timeIntervalSince(now)) + 6))
    }
    return response
  }

  @Sendable private func send(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let items = try await site.form(request, context)
    let id = try id(context)
    do {
      switch try await desk(context).send(id, seen: items["vu"]) {
      case .held: return .seeOther(.letter(id))
      case .stale:
        let sentence = "Les destinataires ou le texte ont changé depuis l’aperçu\u{A0}: rien n’est parti. Relisez, puis envoyez."
        return try await page(request, context, messages: [Message(.warning, sentence)], status: .conflict)
      }
    } catch let refusal as Refusal {
      return try await page(
        request, context, messages: [Message(.error, French.typeset(refusal.sentence))], status: .unprocessableContent)
    }
  }

  @Sendable private func recall(_ request: Request, _ context: SignedInContext) async throws -> Response {
    _ = try await site.form(request, context)
    do {
      try await desk(context).recall(id(context))
    } catch let refusal as Refusal {
      return try await page(request, context, messages: [Message(.error, French.typeset(refusal.sentence))], status: .conflict)
    }
    return .seeOther(.letter(try id(context)))
  }

  @Sendable private func writeAgain(_ request: Request, _ context: SignedInContext) async throws -> Response {
    _ = try await site.form(request, context)
    do {
      return .seeOther(Link.letter(try await desk(context).writeAgain(id(context))).appending("modifier"))
    } catch let refusal as Refusal {
      return try await page(request, context, messages: [Message(.error, French.typeset(refusal.sentence))], status: .conflict)
    }
  }

  @Sendable private func discard(_ request: Request, _ context: SignedInContext) async throws -> Response {
    _ = try await site.form(request, context)
    try await desk(context).discard(id(context))
    return .seeOther(Self.path)
  }
}

extension HTTPField.Name {
  fileprivate static let refresh = HTTPField.Name("Refresh").unsafelyUnwrapped
}

extension Link {
  static func letter(_ id: Identifier<Letter>) -> Link { "/courriels/\(id.description)" }
}

extension RecordPages {
  /// Writing to the people of ticked records, for those who may.
  func letterAction(_ frame: Frame) -> BatchBar.Action? {
    guard Letter.Audience(rawValue: kind) != nil, frame.session.account.role.scope(.write, .letters) == .all else { return nil }
    return .init(LettersSection.action, "Écrire", .letter, to: LettersSection.path.appending("nouveau"))
  }

  /// Writing to the people of one record, from its page.
  func letterAction(_ record: Int64, _ frame: Frame) -> PageAction? {
    guard letterAction(frame) != nil else { return nil }
    let id = Identifier<Site>(rawValue: record).description
    return PageAction("Écrire", .letter, Link(LettersSection.path.appending("nouveau"), query: [("sorte", kind), ("fiche", id)]))
  }
}

extension Site {
  /// Texts that are used again.
  var letterTemplatePages: RecordPages {
    RecordPages(
      site: self, kind: "modeles_courriel", path: LettersSection.templates, place: .letters, area: .letters,
      words: RecordWords(list: LetterTemplatesPage.title, new: "Nouveau modèle de courriel", change: "Modifier le modèle") {
        $0["nom"] ?? "Modèle"
      },
      layouts: [
        .init("nom", isWide: true, help: "Comment vous le retrouvez\u{A0}: «\u{202F}Invitation à la réunion de territoire\u{202F}»."),
        .init("objet", isWide: true), .init("message", isWide: true, help: LetterForm.help),
      ],
      hasOwnPage: false, isPart: true)
  }
}
