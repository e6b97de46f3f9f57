import Foundation
import Records
import Store

extension ReportDesk {
  public static let withdrawnName = "Nom retiré"

  /// Takes a photo, or the name under a quote, out of every edition that has it, and out of the block that it came from. The figures and
  /// the other words stay as they were published; the picture itself is erased. Asked twice, it is done once.
  /// - Throws: `Refusal` when the edition has nothing of the kind there.
  public func erase(_ part: EditionErasure.Part, of block: Int64, in edition: ReportEdition) async throws {
    let (ids, moment) = (installation.ids, installation.now())
    let recorder = Recorder(ids: ids, now: { moment }, actor: actor)
    try await installation.database.write { [actor] connection in
      let blocks = try edition.report(connection).document?.blocks ?? []
      guard let found = blocks.first(where: { $0.id == block }) else { throw Self.nothingToErase }
      guard found.withdrawn?.contains(part) != true else { return }
      guard EditionErasure.part(of: found) == part else { throw Self.nothingToErase }
      let (photo, speaker, people) = (found.photo?.attachment, found.speaker, found.people)
      for edition in try ReportEdition.all(connection) {
        var report = try edition.report(connection)
        let holds = report.document?.blocks.contains { other in
          part == .photo ? other.photo?.attachment == photo : other.id == block && other.speaker == speaker && other.people == people
        }
        guard holds == true else { continue }
        for other in report.document?.blocks ?? [] where part == .name ? other.id == block : other.photo?.attachment == photo {
          report.withdraw(part, of: other.id)
        }
        try connection.execute(
          """
          INSERT INTO report_edition_erasure (edition_id, block_id, part, at, account_id, former_digest)
          VALUES (\(edition.id), \(block), \(part), \(Instant(moment)), \(actor), \(edition.digest))
          """)
        let content = try Self.content(report)
        let heading = ReportEdition.Heading(
          year: edition.year, number: edition.number, at: edition.publishedAt, on: edition.publishedOn)
        let digest = try ReportEdition.digest(heading, content, of: edition.id, connection)
        try connection.execute("UPDATE report_edition SET content = \(content), digest = \(digest) WHERE id = \(edition.id)")
        try recorder.log(.erasure, ReportEdition.auditKind, edition.id.rawValue, connection)
      }
      switch part {
      case .photo: try Self.erase(photo: photo ?? 0, connection)
      case .name where found.nature == .people: try Self.eraseLines(of: block, connection)
      case .name: try Self.erase(name: speaker ?? "", of: block, connection)
      }
      try Self.forget(part, of: block, connection)
      let version: Int? = try connection.value("UPDATE report_block SET version = version + 1 WHERE id = \(block) RETURNING version")
      if let version { try recorder.note(.erasure, "blocs", block, from: [:], to: [:], version: version, connection) }
    }
  }

  static let nothingToErase = Refusal("Cette édition n’a rien à retirer à cet endroit.")

  /// The picture, unless another record has the same one.
  private static func erase(photo: Int64, _ connection: any Connection) throws {
    let digest: String? = try connection.value("SELECT digest FROM attachment WHERE id = \(photo)")
    try connection.execute("DELETE FROM attachment WHERE id = \(photo)")
    guard let digest else { return }
    try connection.execute(
      "DELETE FROM file WHERE digest = \(digest) AND NOT EXISTS (SELECT 1 FROM attachment a WHERE a.digest = \(digest))")
  }

  /// Of the block as it is now, while it still says that name.
  private static func erase(name: String, of block: Int64, _ connection: any Connection) throws {
    try connection.execute(
      """
      UPDATE report_block SET speaker = \(withdrawnName), speaker_role = NULL
      WHERE id = \(block) AND speaker = \(name)
      """)
  }

  /// The list of people is to be made again, without whoever asked.
  private static func eraseLines(of block: Int64, _ connection: any Connection) throws {
    try connection.execute(
      """
      UPDATE report_block SET lines = NULL, taken = NULL, state = \(BlockState.toWrite)
      WHERE id = \(block) AND (lines IS NOT NULL OR taken IS NOT NULL)
      """)
  }

  /// What the block's images kept of it.
  private static func forget(_ part: EditionErasure.Part, of block: Int64, _ connection: any Connection) throws {
    let names = part == .photo ? Recorder.fileProperties : ["speaker", "speakerRole", "lines", "taken"]
    try Recorder.forget(names, of: block, kind: "blocs", connection)
  }
}
