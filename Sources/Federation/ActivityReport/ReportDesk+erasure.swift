import Foundation
import Records
import Store

extension ReportDesk {
  public static let withdrawnName = "Nom retiré"
  /// What is read of a photo that is no longer there, where its kind asks for words.
  static let withdrawnPhoto = "Photo retirée"

  /// Takes a photo, or somebody's name, out of every edition that has it, and out of the blocks of every year with their histories.
  /// The figures and the other words stay as they were published; pictures themselves are erased. Asked twice, it is done once.
  /// - Parameter person: whom a list of people names.
  /// - Throws: `Refusal` when the edition has nothing of the kind there, or when nobody of its list was chosen.
  public func erase(
    _ part: EditionErasure.Part, of block: Int64, person: String? = nil, in edition: ReportEdition
  ) async throws {
    let (ids, moment) = (installation.ids, installation.now())
    let recorder = Recorder(ids: ids, now: { moment }, actor: actor)
    try await installation.database.write { [actor] connection in
      let blocks = try edition.report(connection).document?.blocks ?? []
      guard let found = blocks.first(where: { $0.id == block }) else { throw Self.nothingToErase }
      guard let subject = try EditionErasure.Subject(part, of: found, person, connection) else { return }
      try Self.withdraw(subject, at: moment, by: actor, recorder, connection)
    }
  }

  /// Out of every edition, and of the blocks of every year with their histories.
  static func withdraw(
    _ subject: EditionErasure.Subject, at moment: Date, by actor: Int64?, _ recorder: Recorder, _ connection: any Connection
  ) throws {
    for edition in try ReportEdition.all(connection) {
      var report = try edition.report(connection)
      let withdrawn = report.withdraw(subject)
      guard !withdrawn.isEmpty else { continue }
      for block in withdrawn {
        try EditionErasure.note(subject.part, of: block, in: edition, at: Instant(moment), by: actor, connection)
      }
      let content = try Self.content(report)
      let heading = ReportEdition.Heading(
        year: edition.year, number: edition.number, at: edition.publishedAt, on: edition.publishedOn)
      let digest = try ReportEdition.digest(heading, content, of: edition.id, connection)
      try connection.execute("UPDATE report_edition SET content = \(content), digest = \(digest) WHERE id = \(edition.id)")
      try recorder.log(.erasure, ReportEdition.auditKind, edition.id.rawValue, connection)
    }
    for block in try subject.forget(connection) {
      let version: Int? = try connection.value("UPDATE report_block SET version = version + 1 WHERE id = \(block) RETURNING version")
      if let version { try recorder.note(.erasure, "blocs", block, from: [:], to: [:], version: version, connection) }
    }
  }

  static let nothingToErase = Refusal("Cette édition n’a rien à retirer à cet endroit.")
  static let nobodyChosen = Refusal("Choisissez la personne à retirer.")
}
