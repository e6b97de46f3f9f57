import Federation
import HTTPTypes
import Hummingbird
import Markup
import Records
import Store
import WebSupport

/// `/premiers-contacts` and the page of each, where it is answered and becomes a team.
struct FirstContactsSection {
  let site: Site

  func add(to routes: RouterGroup<SignedInContext>) {
    FirstContactList(site: site).add(to: routes)
    routes.get("premiers-contacts/{id}") { try await show([], $0, $1) }
  }

  func addWriting(to routes: RouterGroup<SignedInContext>) {
    routes.post("premiers-contacts/{id}/prendre", use: take)
    routes.get("premiers-contacts/{id}/equipe") { try await form(FormItems.none, $0, $1) }
    routes.post("premiers-contacts/{id}/equipe", use: convert)
    routes.post("premiers-contacts/{id}/annulation", use: undo)
  }

  private static func id(_ context: SignedInContext) throws -> Identifier<FirstContact> {
    guard let id = Identifier<FirstContact>(try context.parameters.require("id")) else { throw HTTPError(.notFound) }
    return id
  }

  private func desk(_ context: SignedInContext) -> FirstContactDesk {
    FirstContactDesk(site.installation, actor: context.session.account)
  }

  private func show(
    _ kept: [(kind: String, kept: UndoOutcome.Kept)], _ request: Request, _ context: SignedInContext
  ) async throws -> Response {
    let id = try Self.id(context)
    let (page, frame) = try await site.read(request, context) { connection, frame -> FirstContactPage? in
      let account = frame.session.account
      guard let sheet = try FirstContactSheet(id, for: account, connection) else { return nil }
      var titles: [String: [Int64: String]] = [:]
      for (kind, records) in Dictionary(grouping: kept, by: \.kind) {
        titles[kind] = try RecordTitles.titles(of: records.map(\.kept.id), kind: kind, connection)
      }
      return FirstContactPage(
        sheet: sheet, frame: frame, writes: account.role.scope(.write, .firstContacts) == .all,
        opensDirectory: account.role.areas.contains(.directory),
        comments: try site.margin(of: id.rawValue, kind: "premiers_contacts", frame, connection).comments,
        kept: kept.map { (title: titles[$0.kind]?[$0.kept.id] ?? $0.kept.key, reason: $0.kept.reason) })
    }
    guard let page else { throw HTTPError(.notFound) }
    return site.page(
      page.sheet.summary.name, at: .firstContacts, page.html(site.firstContactPages.actions(id.rawValue, frame)), frame,
      messages: Receipt.messages(request, csrf: frame.session.csrf))
  }

  @Sendable private func take(_ request: Request, _ context: SignedInContext) async throws -> Response {
    _ = try await site.form(request, context)
    let id = try Self.id(context)
    try await desk(context).take(id)
    return .seeOther(Link.firstContact(id).setting(Receipt.parameter, Receipt.changed.rawValue))
  }

  // MARK: - Into a team

  /// - Parameter sent: what was refused; nothing at first.
  private func form(
    _ sent: FormItems, fault: (field: String, sentence: String)? = nil, messages: [Message] = [], _ request: Request,
    _ context: SignedInContext, status: HTTPResponse.Status = .ok
  ) async throws -> Response {
    let id = try Self.id(context)
    let new = site.installation.ids.next(FirstContactSheet.Conversion.self).description
    let (page, frame) = try await site.read(request, context) { connection, frame in
      try FirstContactSheet(id, for: frame.session.account, connection).map { sheet in
        let taken = sheet.assignee ?? (sheet.summary.assignee == nil ? frame.session.account.id : nil)
        let follower = try taken.flatMap { try AccountSummary($0, connection) }
        return ConversionPage(
          sheet: sheet, follower: follower?.followsTeams == true ? follower?.name : nil, conversion: sent.value("conversion") ?? new,
          sent: sent, fault: fault, csrf: frame.session.csrf, lists: frame.lists)
      }
    }
    guard let page else { throw HTTPError(.notFound) }
    return site.page(ConversionPage.title, at: .firstContacts, page.html(), frame, messages: messages, status: status)
  }

  @Sendable private func convert(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let sent = try await site.form(request, context)
    let id = try Self.id(context)
    guard let conversion = Identifier<FirstContactSheet.Conversion>(sent["conversion"]) else { throw HTTPError(.badRequest) }
    do {
      try await desk(context).convert(id, as: conversion, ConversionPage.order(sent))
      return .seeOther(.firstContact(id))
    } catch let refusal as FieldRefusal {
      return try await form(
        sent, fault: (refusal.field, French.typeset(refusal.sentence)), request, context, status: .unprocessableContent)
    } catch let refusal as Refusal {
      let message = Message(.error, French.typeset(French.ended(refusal.sentence)))
      return try await form(sent, messages: [message], request, context, status: .unprocessableContent)
    }
  }

  @Sendable private func undo(_ request: Request, _ context: SignedInContext) async throws -> Response {
    _ = try await site.form(request, context)
    let id = try Self.id(context)
    let kept = try await desk(context).undo(id)
    guard kept.isEmpty else { return try await show(kept, request, context) }
    return .seeOther(Link.firstContact(id).setting(Receipt.parameter, Receipt.undone.rawValue))
  }
}
