import Federation
import HTTPTypes
import Hummingbird
import Markup
import Records
import Store
import Tables
import WebSupport

/// The steps of one file, from its columns to what it writes.
extension ImportsSection {
  /// As many lines of each sort as a person looks through; the counts are of all of them.
  private static let mostLines = 100
  private static let mostNewLines = 20

  /// The waiting file of the address, with its kind.
  /// - Throws: `Elsewhere` when it has been imported already; `Missing` when it is not kept, or not this person's.
  func file(_ context: SignedInContext, evenImported: Bool = false) async throws -> (WaitingFile, any RecordKind) {
    let (id, files) = (try Self.identifier(context), files(context))
    let (file, isImported) = try await installation.database.read { connection in
      (try files.file(id, connection), try PastImport(id, connection) != nil)
    }
    if isImported, !evenImported { throw Elsewhere(link: .importation(id)) }
    guard let file else {
      throw Missing(sentence: "Ce fichier n’est pas gardé, ou ne l’est plus\u{A0}: déposez-le à nouveau depuis la page des imports.")
    }
    return (file, try kind(file.kind, context))
  }

  // MARK: - Columns

  func columns(
    _ request: Request, _ context: SignedInContext, chosen: [String]? = nil, messages: [Message] = [],
    status: HTTPResponse.Status = .ok
  ) async throws -> Response {
    let ((file, kind), files) = (try await file(context), files(context))
    let (page, frame) = try await site.read(request, context) { connection, frame in
      let choices = try files.choices(file, kind, connection)
      return ImportColumnsPage(
        title: Self.title(kind), path: .importation(file.id), fileName: file.name, lines: Self.lines(file),
        until: frame.moment(file.expiresAt),
        choices: choices.indices.map { index in
          guard let chosen, chosen.indices.contains(index), chosen[index] != choices[index].field else { return choices[index] }
          return ColumnMatch(title: choices[index].title, field: chosen[index], origin: chosen[index].isEmpty ? .none : .guess)
        },
        samples: choices.indices.map { index in
          file.samples.compactMap { $0.indices.contains(index) && !$0[index].isEmpty ? $0[index] : nil }
        },
        fields: kind.importColumns, recognised: recognised(file, kind, context), csrf: frame.session.csrf)
    }
    return site.page(page.title, at: .imports, page.html(), frame, messages: messages, status: status)
  }

  static func lines(_ file: WaitingFile) -> String { French.plural(file.lineCount, "ligne lue", "lignes lues") }

  static func columns(_ file: WaitingFile) -> String {
    "\(file.columns?.count { !$0.isEmpty } ?? 0) sur \(file.header.count) reprises"
  }

  @Sendable func choose(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let form = try await site.form(request, context)
    let (file, kind) = try await file(context)
    let chosen = file.header.indices.map { form["colonne_\($0)"] }
    do {
      try await files(context).choose(chosen, for: file, kind)
      return .seeOther(try await afterColumns(file, kind, context))
    } catch let refusal as Refusal {
      let message = Message(.error, French.typeset(refusal.sentence))
      return try await columns(request, context, chosen: chosen, messages: [message], status: .unprocessableContent)
    }
  }

  // MARK: - Preview

  @Sendable func preview(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let (file, kind) = try await file(context)
    guard file.columns != nil else { throw Elsewhere(link: Link.importation(file.id).appending("colonnes")) }
    let createsValues = Self.createsValues(request)
    let answer = try await files(context).preview(file, kind, createsValues: createsValues)
    return try await page(file, kind, answer, createsValues: createsValues, request, context)
  }

  private static func createsValues(_ request: Request) -> Bool {
    request.queryItems.contains { $0.name == "creer_valeurs" && $0.value == "1" }
  }

  private func page(
    _ file: WaitingFile, _ kind: any RecordKind, _ answer: WaitingFiles.Answer, createsValues: Bool, leavesRefused: Bool = false,
    _ request: Request, _ context: SignedInContext, messages: [Message] = [], status: HTTPResponse.Status = .ok
  ) async throws -> Response {
    let outcome = answer.outcome
    let (changed, new) = (outcome.preview.prefix(Self.mostLines), outcome.newLines.prefix(Self.mostNewLines))
    let names = ImportLineNames(answer.table, of: Set(changed.map(\.line) + new))
    let labels = Dictionary(kind.importColumns.map { ($0.name, $0.label) }, uniquingKeysWith: { first, _ in first })
    let files = files(context)
    let (hasValues, frame) = try await site.read(request, context) { connection, _ in
      try files.questions(file, kind, connection).isEmpty == false
    }
    let page = ImportPreviewPage(
      title: Self.title(kind), path: .importation(file.id), fileName: file.name, lines: Self.lines(file),
      columns: Self.columns(file), outcome: outcome, leftOut: answer.leftOut, hasValues: hasValues,
      new: new.map { names.line($0, link: nil, changes: []) },
      changed: changed.map { names.line($0.line, link: link(to: $0.record, of: kind.name), changes: $0.changes) },
      refused: outcome.refused.prefix(Self.mostLines).map {
        .init(
          line: $0.line, column: labels[$0.fault.column] ?? $0.fault.column, value: String($0.fault.value.prefix(200)),
          reason: French.typeset($0.fault.reason.prefix(1).uppercased() + $0.fault.reason.dropFirst() + "."))
      }, createsValues: createsValues, leavesRefused: leavesRefused, csrf: frame.session.csrf)
    return site.page(page.title, at: .imports, page.html(), frame, messages: messages, status: status)
  }

  /// The page of a record, when its kind has pages.
  func link(to record: Int64, of kind: String) -> Link? {
    guard let pages = site.recordPages.first(where: { $0.kind == kind }) else { return nil }
    let link = pages.path.appending(Identifier<Site>(rawValue: record).description)
    return pages.hasOwnPage ? link : link.appending("modifier")
  }

  // MARK: - Writing

  @Sendable func accept(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let form = try await site.form(request, context)
    let (file, kind) = try await file(context)
    let (createsValues, leavesRefused) = (form["creer_valeurs"] == "1", form["laisser_refusees"] == "1")
    let accepted = AcceptedPreview(form)
    let answer = try await files(context).write(
      file, kind, leavesRefused: leavesRefused, createsValues: createsValues, accepted: accepted.fingerprint)
    if answer.outcome.importID != nil {
      return .seeOther(Link.importation(file.id).adding(Receipt.parameter, "importe"))
    }
    if answer.outcome.isOutdated {
      let differences = accepted.differences(from: AcceptedPreview(answer.outcome))
      let message = Message(
        .warning,
        content: """
          <b>Les fiches ont changé depuis votre aperçu\u{A0}: rien n’a été écrit.</b> \(differences.joined(separator: " ")) \
          Voici l’aperçu d’à présent.
          """)
      return try await page(
        file, kind, answer, createsValues: createsValues, leavesRefused: leavesRefused, request, context, messages: [message],
        status: .conflict)
    }
    let again = try await files(context).preview(file, kind, createsValues: createsValues)
    let message = Message(
      .error, "Rien n’est importé\u{A0}: des lignes sont refusées. Corrigez-les, ou cochez la case pour les laisser de côté.")
    return try await page(
      file, kind, again, createsValues: createsValues, request, context, messages: [message], status: .unprocessableContent)
  }

  @Sendable func refused(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let (file, kind) = try await file(context, evenImported: true)
    let lines = try await files(context).refusedLines(file, kind, createsValues: Self.createsValues(request) || file.createsValues)
    return .download(
      CSV.write(header: lines.header, rows: lines.rows), named: "lignes-refusees-\(kind.name).csv", type: "text/csv; charset=utf-8")
  }

  @Sendable func throwAway(_ request: Request, _ context: SignedInContext) async throws -> Response {
    _ = try await site.form(request, context)
    try await files(context).throwAway(Self.identifier(context))
    return .seeOther(Link("/imports", query: [(Receipt.parameter, "abandon")]))
  }
}

/// What the lines of a file are called: by the columns that name records, else by their first cell.
struct ImportLineNames {
  private let rows: [Int: Table.Row]
  private let header: [String]

  init(_ table: Table, of lines: Set<Int>) {
    header = table.header
    rows = Dictionary(table.rows.filter { lines.contains($0.number) }.map { ($0.number, $0) }, uniquingKeysWith: { first, _ in first })
  }

  func line(_ number: Int, link: Link?, changes: [FieldChange]) -> ImportPreviewPage.Line {
    let reference = cell("reference", number)
    let name = ["nom", "titre", "objet"].lazy.compactMap { cell($0, number) }.first
    let full = [cell("prenom", number), name].compactMap(\.self).joined(separator: " ")
    let first = rows[number]?.cells.first { !$0.isEmpty } ?? French.unknown
    let shown = full.isEmpty ? first : full
    // Two of one subject are told apart by their day and their team.
    let told = [full.isEmpty ? nil : reference, cell("date", number), cell("structures", number) ?? cell("structure", number)]
    let detail = told.compactMap(\.self).filter { $0 != shown }.map { $0.replacing("|", with: ", ") }.joined(separator: " · ")
    return .init(number: number, name: shown, detail: detail.isEmpty ? nil : detail, link: link, changes: changes)
  }

  private func cell(_ column: String, _ line: Int) -> String? {
    guard let position = header.firstIndex(of: column), let cells = rows[line]?.cells, cells.indices.contains(position) else { return nil }
    return cells[position].isEmpty ? nil : String(cells[position].prefix(120))
  }
}
