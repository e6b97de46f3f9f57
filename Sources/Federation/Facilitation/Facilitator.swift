import Records
import Store

/// A person of the directory who helps teams as a peer: what they know, how far they go, and when (FAC-04).
public enum Facilitator {
  /// Days on which nobody asks them, both included.
  public struct Absence: Hashable, Comparable, Sendable, Codable {
    public let since: CivilDate
    public let through: CivilDate

    public static func < (left: Self, right: Self) -> Bool { (left.since, left.through) < (right.since, right.through) }

    /// As forms and files show it: `01/07/2026 au 31/08/2026`.
    var text: String { since == through ? since.written : "\(since.written) au \(through.written)" }

    /// - Throws: `Refusal`.
    static func reading(_ text: String) throws -> Absence {
      let ends = text.lowercased().split(whereSeparator: \.isWhitespace).filter { !["le", "du"].contains($0) }
        .split(separator: "au").map { $0.joined(separator: " ") }
      guard ends.count <= 2, let days = try? ends.map(CivilDate.reading), let first = days.first, let last = days.last else {
        throw Refusal("« \(text.prefix(80)) » : écrivez une période, par exemple 01/07/2026 au 31/08/2026")
      }
      let absence = Absence(since: first, through: last)
      guard absence.since <= absence.through else { throw Refusal("« \(text.prefix(80)) » : la fin vient avant le début") }
      return absence
    }
  }
}

/// Whether somebody is asked.
public enum FacilitatorState: String, CodedValue {
  case active = "actif"
  case paused = "pause"

  public static let list = ReferenceList("facilitator_state", label: "Disponibilité", of: FacilitatorState.self)

  public var label: String { self == .active ? "Actif" : "En pause" }
}

/// How much somebody is asked, beside the others of the network.
public enum FacilitatorUse: String, CodedValue {
  /// Twice the mean of those who are active, or more; two facilitations at least.
  case heavy = "forte"
  case none = "aucune"

  public static let list = ReferenceList("facilitator_use", label: "Sollicitation", of: FacilitatorUse.self)

  public var label: String { self == .heavy ? "Très sollicité cette année" : "Pas encore sollicité cette année" }
}

extension ReferenceList {
  /// What a facilitator knows from experience.
  public static let expertise = ReferenceList(
    "facilitator_expertise", label: "Expertise",
    seeds: [
      Seed("projet_sante", "Projet de santé"), Seed("coordination", "Coordination"), Seed("aci", "ACI"),
      Seed("juridique", "Juridique et statuts"), Seed("immobilier", "Immobilier"), Seed("systeme_information", "Système d’information"),
      Seed("cpts", "CPTS"), Seed("pluripro", "Exercice pluriprofessionnel"), Seed("protocoles", "Protocoles"),
      Seed("demarche_qualite", "Démarche qualité"), Seed("mediation", "Médiation"), Seed("peps", "PEPS"),
      Seed("elus", "Dialogue avec les élus"),
      Seed("etudiants", "Étudiants"),
    ])
}

extension Facilitator {
  static let migration = Migration(
    "202611231220-facilitators",
    [
      """
      CREATE TABLE facilitator (
        id \(.id) PRIMARY KEY, person_id \(.id) NOT NULL REFERENCES person (id), department \(.text), commune \(.text) REFERENCES commune (code),
        radius \(.int) CHECK (radius > 0), training \(.text), paused_since \(.date), note \(.text),
        version \(.int) NOT NULL DEFAULT 1, removed_at \(.instant)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      "CREATE UNIQUE INDEX facilitator_person ON facilitator (person_id) WHERE removed_at IS NULL",
      """
      CREATE TABLE facilitator_expertise (
        facilitator_id \(.id) NOT NULL REFERENCES facilitator (id), expertise \(.text) NOT NULL, PRIMARY KEY (facilitator_id, expertise)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      """
      CREATE TABLE facilitator_absence (
        facilitator_id \(.id) NOT NULL REFERENCES facilitator (id), since \(.date) NOT NULL, until \(.date) NOT NULL, CHECK (since < until),
        PRIMARY KEY (facilitator_id, since, until)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      // Whoever has helped a team already is one; the number is the person's, which no other record of this table will be given.
      """
      INSERT INTO facilitator (id, person_id)
      SELECT p.id, p.id FROM person p WHERE p.removed_at IS NULL AND p.id IN (SELECT x.person_id FROM facilitation_person x)
      """,
    ])
}
