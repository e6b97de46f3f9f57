import Federation
import HTTPTypes
import Hummingbird
import Markup
import Records
import Store
import Tables
import WebSupport

/// `/imports`: a file becomes records in four steps, and can be taken back.
struct ImportsSection {
  let site: Site

  private static let pageSize = 50

  func add(to routes: RouterGroup<SignedInContext>) {
    routes.get("imports", use: list)
    routes.get("imports/nouveau") { try await new($0, $1) }
    routes.post("imports/nouveau", use: receive)
    routes.get("imports/modele.csv", use: model)
    routes.get("imports/logiciel") { try await sources($0, $1) }
    routes.post("imports/logiciel", use: recognise)
    routes.get("imports/{id}") { try await show($0, $1) }
    routes.post("imports/{id}/annuler", use: undo)
    routes.get("imports/{id}/colonnes") { try await columns($0, $1) }
    routes.post("imports/{id}/colonnes", use: choose)
    routes.post("imports/{id}/sorte", use: change)
    routes.get("imports/{id}/valeurs") { try await values($0, $1) }
    routes.post("imports/{id}/valeurs", use: say)
    routes.get("imports/{id}/apercu", use: preview)
    routes.post("imports/{id}/apercu", use: accept)
    routes.get("imports/{id}/refusees.csv", use: refused)
    routes.post("imports/{id}/abandonner", use: throwAway)
  }

  var installation: Installation { site.installation }

  func files(_ context: SignedInContext) -> WaitingFiles { installation.waitingFiles(of: context.session.account) }

  /// - Throws: `HTTPError` 404 when there is no such kind, 403 when it is not the role's to import.
  func kind(_ name: String, _ context: SignedInContext) throws -> any RecordKind {
    guard let kind = installation.model.kinds.first(where: { $0.name == name }) else { throw HTTPError(.notFound) }
    guard context.session.account.role.mayImport(name) else { throw HTTPError(.forbidden) }
    return kind
  }

  static func identifier(_ context: SignedInContext) throws -> Identifier<Import> {
    guard let id = Identifier<Import>(try context.parameters.require("id")) else { throw HTTPError(.notFound) }
    return id
  }

  static func title(_ kind: any RecordKind) -> String { "Importer \(kind.inTitle)" }

  // MARK: - What may be imported, and what was

  @Sendable private func list(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let number = max(1, min(request.queryItems.first { $0.name == "page" }.flatMap { Int($0.value) } ?? 1, 10_000))
    let kinds = installation.importKinds(for: context.session.account.role)
    let labels = Dictionary(uniqueKeysWithValues: kinds.map { ($0.name, $0.label) })
    let files = files(context)
    let (page, frame) = try await site.read(request, context) { connection, frame in
      let start = (number - 1) * Self.pageSize
      let (past, total) = try PastImport.page(of: kinds.map(\.name), from: start, limit: Self.pageSize, connection)
      guard !past.isEmpty || number == 1 else { throw Elsewhere(link: "/imports") }
      let names = try Account.names(connection)
      return ImportListPage(
        kinds: kinds.map { kind in
          .init(
            label: kind.label, link: Link("/imports/nouveau", query: [("sorte", kind.name)]),
            required: kind.importColumns.filter(\.isRequired).map(\.label))
        },
        waiting: try files.all(connection).filter { labels[$0.kind] != nil }.map {
          .init(fileName: $0.name, link: .importation($0.id), kind: labels[$0.kind] ?? "", until: frame.moment($0.expiresAt))
        },
        rows: past.map { Self.row($0, labels, names, frame) },
        pagination: Pagination(
          from: past.isEmpty ? 0 : start + 1, to: start + past.count, of: total,
          previous: number > 1 ? Link("/imports", query: [("page", String(number - 1))]) : nil,
          next: start + past.count < total ? Link("/imports", query: [("page", String(number + 1))]) : nil))
    }
    return site.page("Imports", at: .imports, page.html(), frame, messages: Self.messages(request))
  }

  private static func row(
    _ past: PastImport, _ labels: [String: String], _ names: [Int64: String], _ frame: Frame
  ) -> ImportListPage.Row {
    ImportListPage.Row(
      fileName: past.fileName, link: .importation(past.id), kind: labels[past.kind] ?? past.kind, by: author(past, names),
      at: frame.moment(past.at),
      counts: """
        \(French.plural(past.created, "ajoutée", "ajoutées")), \(French.plural(past.changed, "modifiée", "modifiées")), \
        \(French.plural(past.unchanged, "inchangée", "inchangées")), \(French.plural(past.refused, "refusée", "refusées"))
        """, state: badge(past.state))
  }

  static func author(_ past: PastImport, _ names: [Int64: String]) -> String {
    past.account.map { names[$0] ?? "Compte supprimé" } ?? "Commande"
  }

  static func badge(_ state: PastImport.State) -> HTML {
    switch state {
    case .inPlace: Badge.state("En place", .good)
    case .undone: Badge.state("Annulé", .ended)
    case .partlyUndone(let kept): Badge.state("Annulé sauf \(French.plural(kept, "fiche", "fiches"))", .attention)
    }
  }

  /// What has just been done, as the address of the page says it.
  static func messages(_ request: Request) -> [Message] {
    switch request.queryItems.last(where: { $0.name == Receipt.parameter })?.value {
    case "abandon": [Message(.success, "Le fichier est abandonné, rien n’a été écrit.")]
    case "importe": [Message(.success, "L’import est terminé.")]
    default: []
    }
  }

  // MARK: - The first step

  private func new(
    _ request: Request, _ context: SignedInContext, messages: [Message] = [], status: HTTPResponse.Status = .ok
  ) async throws -> Response {
    let kind = try askedKind(request, context)
    let (page, frame) = try await site.read(request, context) { _, frame in
      ImportFilePage(
        kind: kind.label, title: Self.title(kind), code: kind.name, columns: kind.importColumns, lists: frame.lists,
        csrf: frame.session.csrf)
    }
    return site.page(page.title, at: .imports, page.html(), frame, messages: messages, status: status)
  }

  private func askedKind(_ request: Request, _ context: SignedInContext) throws -> any RecordKind {
    guard let name = request.queryItems.last(where: { $0.name == "sorte" })?.value else { throw Elsewhere(link: "/imports") }
    return try kind(name, context)
  }

  @Sendable private func receive(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let kind = try askedKind(request, context)
    return try await receive(request, context) {
      try await files(context).keep($0.bytes, named: $0.name, as: kind)
    } again: {
      try await new(request, context, messages: [$0], status: $1)
    }
  }

  /// - Parameter again: the page of the form, with what is wrong.
  func receive(
    _ request: Request, _ context: SignedInContext, keep: (UploadedForm.File) async throws -> Identifier<Import>,
    again: (Message, HTTPResponse.Status) async throws -> Response
  ) async throws -> Response {
    do {
      let form = try await site.upload(request, context, limit: WaitingFile.sizeLimit)
      guard let file = form.file else { throw Refusal("Choisissez d’abord un fichier.") }
      return .seeOther(Link.importation(try await keep(file)).appending("colonnes"))
    } catch is UploadTooLarge {
      return try await again(Message(.error, "Ce fichier dépasse 100\u{A0}Mo\u{A0}: coupez-le en plusieurs."), .contentTooLarge)
    } catch let refusal as Refusal {
      return try await again(Message(.error, French.typeset(refusal.sentence)), .unprocessableContent)
    }
  }

  /// The titles of the columns, the required ones first, to be filled in.
  @Sendable private func model(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let kind = try askedKind(request, context)
    let columns = kind.importColumns
    let titles = (columns.filter(\.isRequired) + columns.filter { !$0.isRequired }).map(\.name)
    return .download(CSV.write(header: titles, rows: []), named: "modele-\(kind.name).csv", type: "text/csv; charset=utf-8")
  }
}

extension Link {
  static func importation(_ id: Identifier<Import>) -> Link { "/imports/\(id.description)" }
}
