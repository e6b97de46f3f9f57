import Federation
import Foundation
import HTTPTypes
import Hummingbird
import Markup
import Records
import Store
import WebSupport

/// `/pieces`: the files of records, read and joined by those who read and change the record.
struct AttachmentsSection {
  let site: Site

  func add(to routes: RouterGroup<SignedInContext>) {
    routes.get("pieces") { request, _ in
      // Where a refused form is asked for again, and where signing in leads back to.
      let (record, pages) = try target(request)
      return Response.seeOther(pages.home(of: record))
    }
    routes.post("pieces", use: join)
    routes.get("pieces/{id}", use: send)
    routes.get("pieces/{id}/apercu", use: look)
    routes.get("pieces/{id}/contenu", use: sendFramed)
    routes.post("pieces/{id}/retirer") { try await mark($0, $1, removed: true) }
    routes.post("pieces/{id}/retablir") { try await mark($0, $1, removed: false) }
  }

  private var installation: Installation { site.installation }

  /// The record that the address names.
  private func target(_ request: Request) throws -> (record: Int64, pages: RecordPages) {
    func item(_ name: String) -> String { request.queryItems.last { $0.name == name }?.value ?? "" }
    guard let record = Identifier<Site>(item("fiche"))?.rawValue, Area.ofAttachments(item("sorte")) != nil,
      let pages = site.recordPages.first(where: { $0.kind == item("sorte") })
    else { throw HTTPError(.notFound) }
    return (record, pages)
  }

  /// - Throws: `HTTPError` 404 unless it is one of the account's to read.
  private func attachment(_ context: SignedInContext) async throws -> Attachment {
    let account = context.session.account
    let id = Identifier<Attachment>(try context.parameters.require("id"))
    let found = try await installation.database.read { connection -> Attachment? in
      guard let id, let file = try Attachment(id, connection) else { return nil }
      return try account.mayReadFiles(of: file.record, kind: file.kind, connection) ? file : nil
    }
    guard let found else { throw HTTPError(.notFound) }
    return found
  }

  private func bytes(of file: Attachment, _ context: SignedInContext) async throws -> [UInt8] {
    guard let bytes = try await installation.attachments(of: context.session.account).content(of: file.id) else {
      throw HTTPError(.notFound)
    }
    return bytes
  }

  /// Never shown by the browser as a page of the site: saved, and of no power if opened all the same.
  @Sendable private func send(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let file = try await attachment(context)
    guard !file.isRemoved else { throw Missing(sentence: "Cette pièce jointe est dans la corbeille.") }
    return .attachment(try await bytes(of: file, context), named: file.name, type: file.type.rawValue)
  }

  /// A PDF for the browser's own reader, in the frame of its page: told by its bytes when it came, and never taken for anything else.
  @Sendable private func sendFramed(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let file = try await attachment(context)
    guard !file.isRemoved, file.type == .pdf else { throw HTTPError(.notFound) }
    return .framed(try await bytes(of: file, context), named: file.name, type: file.type.rawValue)
  }

  /// What a page can show, with the way back to its record. Other files are for other programs: they are only saved.
  @Sendable private func look(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let file = try await attachment(context)
    guard !file.isRemoved, file.type.isShown, let pages = site.recordPages.first(where: { $0.kind == file.kind }) else {
      throw HTTPError(.notFound)
    }
    let text = file.type == .text ? try await bytes(of: file, context) : nil
    let (_, frame) = try await site.read(request, context) { _, _ in }
    let look = AttachmentLook(
      name: file.name, type: file.type, link: .attachment(file.id), text: text,
      way: [LinkedText(pages.words.list, pages.path), LinkedText("La fiche", pages.home(of: file.record))])
    var response = site.page(file.name, at: pages.place, look.html(), frame)
    if file.type == .pdf { response.headers[.contentSecurityPolicy] = ContentPolicy.framingPage }
    return response
  }

  @Sendable private func join(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let account = context.session.account
    let (record, pages) = try target(request)
    let mayWrite = try await installation.database.read { try account.mayWriteFiles(of: record, kind: pages.kind, $0) }
    guard mayWrite else { throw HTTPError(.notFound) }
    do {
      // One more than a record holds: too many are refused, not cut.
      let form = try await site.upload(request, context, limit: Attachments.sizeLimit, files: Attachments.limit + 1)
      guard !form.files.isEmpty else { throw Refusal("Choisissez d’abord un fichier.") }
      try await installation.attachments(of: account).add(
        form.files.map { ($0.name, $0.bytes) }, to: record, of: installation.model.kind(pages.kind))
      let receipt = form.files.count > 1 ? Receipt.attachedSeveral : .attached
      return .seeOther(pages.home(of: record).adding(Receipt.parameter, receipt.rawValue))
    } catch is UploadTooLarge {
      let sentence = "Cet envoi dépasse \(AttachmentCard.most)\u{A0}Mo : joignez les fichiers un par un, ou réduisez-les."
      return try await refusal(sentence, .contentTooLarge, record, pages, request, context)
    } catch let refusal as Refusal {
      return try await self.refusal(refusal.sentence, .unprocessableContent, record, pages, request, context)
    }
  }

  /// The form again, by itself, with the way back.
  private func refusal(
    _ sentence: String, _ status: HTTPResponse.Status, _ record: Int64, _ pages: RecordPages, _ request: Request,
    _ context: SignedInContext
  ) async throws -> Response {
    let (_, frame) = try await site.read(request, context) { _, _ in }
    let title = "Joindre des fichiers"
    let card = AttachmentCard(files: [], action: .attachments(of: record, kind: pages.kind), csrf: frame.session.csrf)
    let content: HTML = """
      \(Breadcrumb([LinkedText(pages.words.list, pages.path), LinkedText("La fiche", pages.home(of: record))], current: title).html)
      \(PageHeader(title).html)
      \(card.html)
      """
    let message = Message(.error, French.typeset("Rien n’est joint. \(sentence)"))
    return site.page(title, at: pages.place, content, frame, messages: [message], status: status)
  }

  private func mark(_ request: Request, _ context: SignedInContext, removed: Bool) async throws -> Response {
    _ = try await site.form(request, context)
    let (file, account) = (try await attachment(context), context.session.account)
    let mayWrite = try await installation.database.read { try account.mayWriteFiles(of: file.record, kind: file.kind, $0) }
    guard mayWrite, let pages = site.recordPages.first(where: { $0.kind == file.kind }) else { throw HTTPError(.forbidden) }
    try await installation.attachments(of: account).mark(file.id, removed: removed, of: installation.model.kind(file.kind))
    let receipt = removed ? Receipt.detached : .attached
    return .seeOther(
      pages.home(of: file.record).adding(Receipt.parameter, receipt.rawValue).adding("fiche", file.id.description))
  }
}

extension RecordPages {
  /// Where a record and its files are shown: its own page, or its form.
  func home(of record: Int64) -> Link { hasOwnPage ? link(record) : link(record).appending("modifier") }
}

extension Response {
  /// A file that somebody joined: to be saved under its name, whatever its signs, and of no power if a browser opens it.
  static func attachment(_ bytes: [UInt8], named name: String, type: String) -> Response {
    file(bytes, named: name, type: type, "attachment", policy: "sandbox; default-src 'none'")
  }

  /// The same, in a frame of one of our own pages.
  static func framed(_ bytes: [UInt8], named name: String, type: String) -> Response {
    file(bytes, named: name, type: type, "inline", policy: ContentPolicy.framedFile)
  }

  private static func file(_ bytes: [UInt8], named name: String, type: String, _ disposition: String, policy: String) -> Response {
    let plain = String(name.unicodeScalars.map { $0.isASCII && $0 != "\"" && $0 != "\\" && $0.value >= 32 ? Character($0) : "_" })
    let allowed = CharacterSet(charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
    let encoded = name.addingPercentEncoding(withAllowedCharacters: allowed) ?? "fichier"
    var headers: HTTPFields = [.contentType: type, .cacheControl: "private, no-store"]
    headers[.contentDisposition] = "\(disposition); filename=\"\(plain)\"; filename*=UTF-8''\(encoded)"
    headers[.contentSecurityPolicy] = policy
    return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
  }
}
