import Records
import Store

/// What is done with the register as a whole, in somebody's name. Each operation is one transaction and one event.
public struct VolunteerDesk: Sendable {
  private let installation: Installation
  private let actor: Account

  public init(_ installation: Installation, actor: Account) {
    (self.installation, self.actor) = (installation, actor)
  }

  private var recorder: Recorder { Recorder(ids: installation.ids, now: installation.now, actor: actor.id.rawValue) }

  /// Takes the lines of a year from facilitations that were held and from minutes. Done twice, it is done once.
  /// - Returns: how many lines are new, changed or gone.
  /// - Throws: `Refusal` when the year is closed.
  public func collect(_ year: Int) async throws -> Int {
    try await installation.database.write { [installation, actor] connection in
      guard try !VolunteerYear.closed(connection).contains(year) else {
        throw Refusal("Rien n’est relevé\u{A0}: \(VolunteerYear.isClosed(year)).")
      }
      let editor = JointEditor(ids: installation.ids, now: installation.now, actor: actor.id.rawValue)
      let today = try Settings(connection).today(installation.now())
      return try HoursOfSources(.year(year), today: today, ids: installation.ids, editor, connection).bring(about: nil)
    }
  }

  /// Nothing of the year moves from then on.
  /// - Throws: `Refusal`.
  public func close(_ year: Int) async throws {
    try await installation.database.write { [installation, actor, recorder] connection in
      let settings = try Settings(connection)
      let today = settings.today(installation.now())
      if try VolunteerYear.closed(connection).contains(year) { return }
      guard year < today.year else {
        throw Refusal("L’année \(year) n’est pas finie\u{A0}: elle se clôt à partir du 1er janvier \(year + 1).")
      }
      let accounts = try VolunteerAccounts(year, settings, connection)
      guard accounts.waiting == 0 else {
        throw Refusal("Des lignes de \(year) ne sont encore que proposées (\(accounts.waiting))\u{A0}: validez-les ou refusez-les d’abord.")
      }
      let id = installation.ids.next(VolunteerHours.self)
      try connection.execute(
        """
        INSERT INTO volunteer_year_closure (id, year, closed_at, closed_by, rate, travel)
        VALUES (\(id), \(year), \(Instant(installation.now())), \(actor.id), \(accounts.rate), \(accounts.countsTravel))
        """)
      try recorder.note(.yearClosed, Self.auditKind, id.rawValue, from: [:], to: ["annee": String(year)], version: 1, connection)
    }
  }

  /// The year may change again; that it was closed, and by whom, stays known.
  /// - Throws: `Refusal` when it is not closed.
  public func reopen(_ year: Int) async throws {
    try await installation.database.write { [installation, actor, recorder] connection in
      let closed = try connection.first("SELECT id FROM volunteer_year_closure WHERE year = \(year) AND reopened_at IS NULL")
      guard let closed else { throw Refusal("L’exercice \(year) n’est pas clos.") }
      let id: Int64 = try closed[0]
      try connection.execute(
        """
        UPDATE volunteer_year_closure SET reopened_at = \(Instant(installation.now())), reopened_by = \(actor.id), version = version + 1
        WHERE id = \(id)
        """)
      try recorder.note(.yearReopened, Self.auditKind, id, from: ["clos": "oui"], to: ["clos": "non"], version: 2, connection)
    }
  }

  /// What the audit trail calls a year of the register.
  static let auditKind = "exercices_benevoles"
}

extension Operation {
  static let yearClosed = Operation(rawValue: "exercice clos")
  static let yearReopened = Operation(rawValue: "exercice rouvert")
}
