import Federation
import HTTPTypes
import Hummingbird
import Markup
import Records
import Store
import WebSupport

/// What was imported, and taking it back.
extension ImportsSection {
  private static let mostRecords = 50

  func show(
    _ request: Request, _ context: SignedInContext, kept: [UndoOutcome.Kept] = [], messages: [Message] = []
  ) async throws -> Response {
    let (id, files) = (try Self.identifier(context), files(context))
    let (found, frame) = try await site.read(request, context) { connection, frame in
      let past = try PastImport(id, connection)
      let records = try past.map {
        try ImportedRecord.first(Self.mostRecords, of: id, kind: $0.kind, for: frame.session.account, connection)
      }
      return (past: past, file: try files.file(id, connection), names: try Account.names(connection), records: records ?? [])
    }
    guard let past = found.past else {
      guard let file = found.file else { throw HTTPError(.notFound) }
      throw Elsewhere(link: Link.importation(id).appending(file.columns == nil ? "colonnes" : "apercu"))
    }
    let kind = try kind(past.kind, context)
    let pages = site.recordPages.first { $0.kind == past.kind }
    let page = ImportPage(
      title: past.fileName, path: .importation(id), facts: Self.facts(past, kind, found.names, frame), created: past.created,
      changed: past.changed, unchanged: past.unchanged, refused: past.refused,
      refusedFile: found.file != nil && past.refused > 0 ? Link.importation(id).appending("refusees.csv") : nil,
      mayBeUndone: !past.isUndone, isUndone: past.isUndone,
      records: found.records.map { .init(title: $0.title, link: link(to: $0.id, of: past.kind), isNew: $0.isNew) },
      list: pages.map { LinkedText("Ouvrir la liste\u{A0}: \($0.words.list)", $0.path) },
      kept: kept.map { .init(key: $0.key, link: link(to: $0.id, of: past.kind), reason: $0.reason) }, csrf: frame.session.csrf)
    return site.page(page.title, at: .imports, page.html(), frame, messages: messages + Self.messages(request))
  }

  private static func facts(_ past: PastImport, _ kind: any RecordKind, _ names: [Int64: String], _ frame: Frame) -> [Facts.Fact] {
    let state =
      switch past.state {
      case .inPlace: "En place"
      case .undone(let moment): "Annulé le \(frame.moment(moment))"
      case .partlyUndone(let kept): "Annulé, sauf \(French.plural(kept, "fiche gardée", "fiches gardées"))"
      }
    return [
      .init("Fichier", past.fileName), .init("Fiches", kind.label), .init("Importé par", author(past, names)),
      .init("Importé le", frame.moment(past.at)), .init("État", state), .init("Numéro", past.id.description),
    ]
  }

  /// What was new goes, what was there is as before.
  private static func undone(_ count: Int, _ past: PastImport) -> String {
    if past.changed == 0 { return French.plural(count, "fiche retirée", "fiches retirées") }
    let restored = "\(French.plural(count, "fiche remise", "fiches remises")) comme avant"
    return past.created == 0 ? restored : "\(restored), ou retirées si elles étaient nouvelles"
  }

  @Sendable func undo(_ request: Request, _ context: SignedInContext) async throws -> Response {
    _ = try await site.form(request, context)
    let id = try Self.identifier(context)
    guard let past = try await installation.database.read({ try PastImport(id, $0) }) else { throw HTTPError(.notFound) }
    _ = try kind(past.kind, context)
    guard !past.isUndone else { return .seeOther(.importation(id)) }
    let outcome = try await installation.importer(for: context.session.account).undo(id, installation.model.kinds)
    let done = "L’import est annulé\u{A0}: \(Self.undone(outcome.undone, past))"
    let message =
      outcome.kept.isEmpty
      ? Message(.success, "\(done).")
      : Message(
        .warning, "\(done), \(French.plural(outcome.kept.count, "fiche gardée", "fiches gardées"))\u{A0}: voyez pourquoi ci-dessous.")
    return try await show(request, context, kept: outcome.kept, messages: [message])
  }
}

extension PastImport {
  var isUndone: Bool { if case .undone = state { true } else { false } }
}
