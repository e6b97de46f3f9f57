import Federation
import Foundation
import HTTPTypes
import Hummingbird
import Markup
import Records
import Store
import WebSupport

/// Files that other programs export, and what the values of a file mean.
extension ImportsSection {
  private func importable(_ context: SignedInContext) -> [String: String] {
    let kinds = installation.importKinds(for: context.session.account.role)
    return Dictionary(uniqueKeysWithValues: kinds.map { ($0.name, $0.label) })
  }

  func sources(
    _ request: Request, _ context: SignedInContext, messages: [Message] = [], status: HTTPResponse.Status = .ok
  ) async throws -> Response {
    let labels = importable(context)
    let (page, frame) = try await site.read(request, context) { _, frame in
      ImportSourcesPage(
        sources: Installation.importSources.compactMap { source in
          let kinds = source.targets.compactMap { labels[$0.kind] }
          return kinds.isEmpty ? nil : .init(program: source.program, content: source.content, kinds: kinds)
        }, csrf: frame.session.csrf)
    }
    return site.page(ImportSourcesPage.title, at: .imports, page.html(), frame, messages: messages, status: status)
  }

  @Sendable func recognise(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let kinds = Array(importable(context).keys)
    return try await receive(request, context) {
      try await files(context).recognise($0.bytes, named: $0.name, among: kinds)
    } again: {
      try await sources(request, context, messages: [$0], status: $1)
    }
  }

  func recognised(_ file: WaitingFile, _ kind: any RecordKind, _ context: SignedInContext) -> ImportColumnsPage.Recognised? {
    guard let source = files(context).source(file) else { return nil }
    let labels = importable(context)
    return .init(
      name: "export \(source.program) (\(source.content))", advice: source.advice, filled: files(context).filled(file, kind),
      others: source.targets.compactMap { target in
        target.kind == file.kind ? nil : labels[target.kind].map { ($0, target.kind) }
      })
  }

  @Sendable func change(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let form = try await site.form(request, context)
    let (file, _) = try await file(context)
    let other = try kind(form["sorte"], context)
    do {
      try await files(context).change(file, to: other)
      return .seeOther(Link.importation(file.id).appending("colonnes"))
    } catch let refusal as Refusal {
      let message = Message(.error, French.typeset(refusal.sentence))
      return try await columns(request, context, messages: [message], status: .unprocessableContent)
    }
  }

  // MARK: - Values

  /// Where a file goes once its columns are known.
  func afterColumns(_ file: WaitingFile, _ kind: any RecordKind, _ context: SignedInContext) async throws -> Link {
    let files = files(context)
    let asks = try await installation.database.read { connection in
      guard let file = try files.file(file.id, connection) else { return false }
      let questions = try files.questions(file, kind, connection)
      return questions.contains { $0.title == nil } || (file.source != nil && !questions.isEmpty)
    }
    return Link.importation(file.id).appending(asks ? "valeurs" : "apercu")
  }

  func values(
    _ request: Request, _ context: SignedInContext, messages: [Message] = [], status: HTTPResponse.Status = .ok
  ) async throws -> Response {
    let ((file, kind), files) = (try await file(context), files(context))
    guard file.columns != nil else { throw Elsewhere(link: Link.importation(file.id).appending("colonnes")) }
    let (page, frame) = try await site.read(request, context) { connection, frame in
      ImportValuesPage(
        title: Self.title(kind), path: .importation(file.id), fileName: file.name, lines: Self.lines(file), columns: Self.columns(file),
        questions: try files.questions(file, kind, connection), csrf: frame.session.csrf)
    }
    guard !page.questions.isEmpty else { throw Elsewhere(link: Link.importation(file.id).appending("apercu")) }
    return site.page(page.title, at: .imports, page.html(), frame, messages: messages, status: status)
  }

  @Sendable func say(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let form = try await site.form(request, context)
    let (file, kind) = try await file(context)
    let answers = zip(form.all("champ"), zip(form.all("texte"), form.all("sens"))).map {
      (field: $0, value: $1.0, meaning: $1.1.trimmingCharacters(in: .whitespaces))
    }
    do {
      try await files(context).say(answers, of: file, kind)
      return .seeOther(Link.importation(file.id).appending("apercu"))
    } catch let refusal as Refusal {
      let message = Message(.error, French.typeset(refusal.sentence))
      return try await values(request, context, messages: [message], status: .unprocessableContent)
    }
  }
}
