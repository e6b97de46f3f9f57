import Federation
import HTTPTypes
import Hummingbird
import Markup
import Records
import Store
import Tables
import WebSupport

/// `/seances` and `/dossiers` (SUP-10).
struct CommissionsSection {
  let site: Site

  func add(to routes: RouterGroup<SignedInContext>) {
    CommissionSittingList(site: site).add(to: routes)
    CommissionFileList(site: site).add(to: routes)
    routes.get("seances/{id}") { request, context in
      try await show(Self.id(context, CommissionSitting.self), request, context)
    }
    routes.get("dossiers/{id}", use: showFile)
  }

  func addWriting(to routes: RouterGroup<SignedInContext>) {
    routes.get("dossiers/{id}/avis") { try await form(FormItems.none, $0, $1) }
    routes.post("dossiers/{id}/avis", use: give)
    routes.post("dossiers/{id}/avis-retire", use: takeBack)
  }

  private static func id<Subject>(_ context: SignedInContext, _ subject: Subject.Type) throws -> Identifier<Subject> {
    guard let id = Identifier<Subject>(try context.parameters.require("id")) else { throw HTTPError(.notFound) }
    return id
  }

  private func show(
    _ id: Identifier<CommissionSitting>, _ request: Request, _ context: SignedInContext,
    messages: [Message] = [], status: HTTPResponse.Status = .ok
  ) async throws -> Response {
    let (page, frame) = try await site.read(request, context) { connection, frame -> CommissionPage? in
      try CommissionSheet(id, connection).map { sheet in
        CommissionPage(
          sheet: sheet, frame: frame, writes: frame.session.account.role.scope(.write, .directory) == .all)
      }
    }
    guard let page else { throw HTTPError(.notFound) }
    return site.page(
      page.title, at: .commissions, page.html(site.sittingPages.actions(id.rawValue, frame)), frame,
      messages: messages + Receipt.messages(request, path: "/dossiers", csrf: frame.session.csrf), status: status)
  }

  private func sitting(of file: Identifier<CommissionFile>) async throws -> Identifier<CommissionSitting> {
    let sitting = try await site.installation.database.read { try CommissionSheet.sitting(ofFile: file.rawValue, $0) }
    guard let sitting else { throw HTTPError(.notFound) }
    return sitting
  }

  /// A file is read on the page of its sitting.
  @Sendable private func showFile(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let sitting = try await sitting(of: Self.id(context, CommissionFile.self))
    let told = request.queryItems.filter { Receipt.items.contains($0.name) }
    return .seeOther(told.reduce(Link.sitting(sitting)) { $0.adding($1.name, $1.value) })
  }

  /// - Parameter sent: what was refused; nothing at first.
  private func form(
    _ sent: FormItems, fault: (field: String, sentence: String)? = nil, messages: [Message] = [], _ request: Request,
    _ context: SignedInContext, status: HTTPResponse.Status = .ok
  ) async throws -> Response {
    let id = try Self.id(context, CommissionFile.self)
    let (page, frame) = try await site.read(request, context) { connection, frame in
      try CommissionSheet.file(id, connection).map { CommissionOpinionForm(file: $0, sent: sent, fault: fault, frame: frame) }
    }
    guard let page else { throw HTTPError(.notFound) }
    return site.page(CommissionOpinionForm.title, at: .commissions, page.html(), frame, messages: messages, status: status)
  }

  @Sendable private func give(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let sent = try await site.form(request, context)
    let id = try Self.id(context, CommissionFile.self)
    do {
      guard let opinion = CommissionOpinion(rawValue: sent["avis"]) else { throw FieldRefusal("avis", "Choisissez l’avis rendu.") }
      let day = sent["avis_le"].withoutSpacesAround
      guard let given = try? CivilDate.reading(day) else { throw FieldRefusal("avis_le", "Donnez le jour de l’avis.") }
      try await CommissionDesk(site.installation, actor: context.session.account).give(opinion, on: given, because: sent["motif"], to: id)
      return .seeOther(Link.commissionFile(id).setting(Receipt.parameter, Receipt.changed.rawValue))
    } catch let refusal as FieldRefusal {
      return try await form(
        sent, fault: (refusal.field, French.typeset(refusal.sentence)), request, context, status: .unprocessableContent)
    } catch let refusal as Refusal {
      let message = Message(.error, French.typeset(French.ended(refusal.sentence)))
      return try await form(sent, messages: [message], request, context, status: .unprocessableContent)
    }
  }

  @Sendable private func takeBack(_ request: Request, _ context: SignedInContext) async throws -> Response {
    _ = try await site.form(request, context)
    let id = try Self.id(context, CommissionFile.self)
    do {
      let kept = try await CommissionDesk(site.installation, actor: context.session.account).takeBack(id)
      guard !kept.isEmpty else { return .seeOther(Link.commissionFile(id).setting(Receipt.parameter, Receipt.changed.rawValue)) }
      let words = kept.map { "\($0.kept.key)\u{A0}: \($0.kept.reason)" }.joined(separator: " ; ")
      return try await show(
        sitting(of: id), request, context,
        messages: [Message(.warning, French.typeset("Ce qui a changé depuis reste comme il est. \(words)"))])
    } catch let refusal as Refusal {
      return try await show(
        sitting(of: id), request, context, messages: [Message(.error, French.typeset(French.ended(refusal.sentence)))],
        status: .unprocessableContent)
    }
  }
}

extension Site {
  /// Writing a sitting down, and changing it.
  var sittingPages: RecordPages {
    RecordPages(
      site: self, kind: "seances", path: "/seances", place: .commissions, area: .directory,
      words: RecordWords(list: "Commissions", new: "Nouvelle séance", change: "Modifier la séance") { _ in "Séance de commission" },
      layouts: [
        .init("commission", isSegmented: true), .init("date"), .init("depot_avant", help: "Rappelé à l’avance sur la page du jour."),
        .init("departement", help: "Vide : toute la région."), .init("lieu", isWide: true), .init("note", isWide: true),
      ])
  }

  /// A team's file before a sitting; its opinion is noted on the page of the sitting.
  var commissionFilePages: RecordPages {
    let layouts: [RecordFormBuilder.Layout] = [
      .init("seance", help: "Sa référence, au bas de sa page."), .init("structure"), .init("depose_le", help: "Vide : pas encore déposé."),
    ]
    return RecordPages(
      site: self, kind: "dossiers", path: "/dossiers", place: .commissions, area: .directory,
      words: RecordWords(list: "Commissions", new: "Nouveau dossier", change: "Modifier le dossier") { _ in "Dossier de commission" },
      layouts: layouts, isPart: true,
      shown: { entries, _, _ in
        entries["seance", default: ""].isEmpty ? nil : layouts.filter { $0.name != "seance" }
      })
  }
}
