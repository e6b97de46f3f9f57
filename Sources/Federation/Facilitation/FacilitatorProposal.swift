import Foundation
import Records
import Store

/// Who may help with a facilitation, the best first, and why; and who is left out, and why (FAC-04).
///
/// The order (docs/rules.md): most expertises matched, near, least load of the year, used longest ago, nearest, most facilitations of the
/// type, name.
public struct FacilitatorProposal: Sendable {
  public struct Candidate: Sendable {
    public let facilitator: FacilitatorSummary
    /// Codes of the expertises that it asks for and they have.
    public let matched: [String]
    /// As the crow flies; `nil` while one of the two places is not known.
    public let kilometres: Int?
    /// Within their radius, or in the same département while one of the two is not known. By video everybody is.
    public let isNear: Bool
    public let isOfDepartment: Bool
    /// Facilitations of this type that they held.
    public let experience: Int
    /// Whether they helped one of its teams before.
    public let knowsTeam: Bool
    /// Why they are left out; `nil` for who is proposed.
    public let reason: Exclusion?
  }

  /// Why somebody is not proposed.
  public enum Exclusion: Sendable, Equatable {
    case named
    case ownTeam(String)
    case paused(CivilDate)
    case absent(CivilDate)
  }

  /// The day on which they have to be free: that of the meeting, else that before which it is wanted.
  public let day: CivilDate?
  public let wantedBy: CivilDate?
  public let isByVideo: Bool
  /// Codes of `ReferenceList.expertise` that it asks for.
  public let wanted: [String]
  /// Where it is held: its own place, else that of its first team.
  public let place: String?
  public let candidates: [Candidate]
  public let leftOut: [Candidate]

  /// `nil` when there is no such facilitation that the reader may see. Two statements, however many there are.
  public init?(_ id: Identifier<Facilitation>, for reader: Account, on today: CivilDate, _ connection: any Connection) throws {
    let found = try connection.first(
      """
      SELECT f.type, f.audience, COALESCE(f.date, f.wanted_by), f.mode, k.name, k.latitude, k.longitude,
        COALESCE(k.department, (SELECT MIN(s.department) FROM facilitation_structure x JOIN structure s ON s.id = x.structure_id
          WHERE x.facilitation_id = f.id)),
        (SELECT \(onSQLite: "group_concat(h.theme, '|')", onPostgres: "string_agg(h.theme, '|')") FROM facilitation_theme h
          WHERE h.facilitation_id = f.id), f.wanted_by
      FROM facilitation f LEFT JOIN commune k ON k.code = COALESCE(f.commune, (
        SELECT MIN(s.commune) FROM facilitation_structure x JOIN structure s ON s.id = x.structure_id AND s.removed_at IS NULL
        WHERE x.facilitation_id = f.id))
      WHERE f.id = \(id) AND f.removed_at IS NULL AND \(Facilitation.readable(by: reader))
      """)
    guard let row = found else { return nil }
    let (type, audience): (String?, FacilitationAudience?) = (try row[0], try row[1])
    let themes = (try row[8] as String? ?? "").split(separator: "|").map(String.init)
    let mode: FacilitationMode? = try row[3]
    let day: CivilDate? = try row[2]
    (self.day, isByVideo, place) = (day, mode == .video, try row[4])
    wanted = Facilitator.expertises(for: type, audience, themes: themes)
    wantedBy = try row[9]
    let asked = wanted
    let here = Position(try row[5], try row[6])
    let department: String? = try row[7]
    let on = day ?? today
    let all = try connection.rows(
      """
      SELECT \((FacilitatorSummary.columns + Self.more(id, on)).joined(by: ", "))
      \(FacilitatorSummary.tables(on: today, counting: Self.counts(id, type))) WHERE w.removed_at IS NULL ORDER BY p.name_fold, w.id
      """
    ).map { row in
      let facilitator = try FacilitatorSummary(row)
      let next = FacilitatorSummary.columns.count
      let (isNamed, team, absentUntil): (Int, String?, CivilDate?) = (try row[next], try row[next + 1], try row[next + 2])
      let home = Position(try row[next + 3], try row[next + 4])
      let kilometres = here.flatMap { here in home.map { here.kilometres(to: $0) } }
      let isOfDepartment = department != nil && facilitator.department == department
      let isNear =
        mode == .video || (facilitator.radius.flatMap { radius in kilometres.map { $0 <= radius } } ?? isOfDepartment)
      let reason: Exclusion? =
        isNamed > 0
        ? .named
        : team.map(Exclusion.ownTeam)
          ?? (facilitator.state(on: on) == .paused ? facilitator.pausedSince.map(Exclusion.paused) : nil)
          ?? (day == nil ? nil : absentUntil.map { .absent($0.previous) })
      return Candidate(
        facilitator: facilitator, matched: facilitator.expertises.filter(asked.contains), kilometres: kilometres, isNear: isNear,
        isOfDepartment: isOfDepartment, experience: try row[next + 5], knowsTeam: try row[next + 6] as Int > 0, reason: reason)
    }
    leftOut = all.filter { $0.reason != nil }
    // As they are read, by name: the sort keeps that order between equals.
    candidates = all.filter { $0.reason == nil }.enumerated().sorted { left, right in
      let (one, other) = (left.element.rank, right.element.rank)
      return one == other ? left.offset < right.offset : one.lexicographicallyPrecedes(other)
    }.map(\.element)
  }

  /// Of each facilitator: named already, own team among its teams, away until, where from, and what they held of it.
  private static func more(_ id: Identifier<Facilitation>, _ day: CivilDate) -> [SQL] {
    [
      "(SELECT count(*) FROM facilitation_person z WHERE z.facilitation_id = \(id) AND z.person_id = w.person_id)",
      """
      (SELECT MIN(s.name) FROM person_function g JOIN structure s ON s.id = g.structure_id
        WHERE g.person_id = w.person_id AND g.removed_at IS NULL AND g.since <= \(day) AND \(day) < g.until
          AND g.structure_id IN (SELECT x.structure_id FROM facilitation_structure x WHERE x.facilitation_id = \(id)))
      """,
      """
      (SELECT MAX(a.until) FROM facilitator_absence a WHERE a.facilitator_id = w.id AND a.since <= \(day) AND \(day) < a.until)
      """, "k.latitude", "k.longitude", "COALESCE(u.experience, 0)", "COALESCE(u.helped, 0)",
    ]
  }

  private static func counts(_ id: Identifier<Facilitation>, _ type: String?) -> [SQL] {
    let held: SQL = "f.state IN ('tenue', 'bilan') AND f.id <> \(id)"
    return [
      "count(CASE WHEN \(held) AND f.type = \(type) THEN 1 END) AS experience",
      """
      count(CASE WHEN \(held) AND EXISTS (
        SELECT 1 FROM facilitation_structure b JOIN facilitation_structure c ON c.structure_id = b.structure_id
        WHERE b.facilitation_id = f.id AND c.facilitation_id = \(id)) THEN 1 END) AS helped
      """,
    ]
  }
}

extension FacilitatorProposal.Candidate {
  /// What comes first in the order, smaller first.
  fileprivate var rank: [Int] {
    [
      -matched.count, isNear ? 0 : 1, facilitator.load, facilitator.lastHeld.map { $0.days(since: .distantPast) } ?? -1, kilometres ?? .max,
      -experience,
    ]
  }
}

extension Facilitator {
  /// What a facilitation asks for: by its type, for whom it is, and those of its themes that are expertises too.
  static func expertises(for type: String?, _ audience: FacilitationAudience?, themes: [String]) -> [String] {
    let byType: [String: [String]] = [
      "sensibilisation_professionnels": ["projet_sante", "pluripro"], "sensibilisation_elus": ["elus"],
      "sensibilisation_etudiants": ["etudiants"], "conseil_coordination": ["coordination"], "conseil_aci": ["aci"],
      "conseil_sisa": ["juridique"], "conseil_pluripro": ["pluripro"], "conseil_immobilier": ["immobilier"],
      "conseil_juridique": ["juridique"], "visite": ["projet_sante"], "mediation": ["mediation"], "mediation_elus": ["mediation", "elus"],
      "protocoles_cooperation": ["protocoles"], "demarche_qualite": ["demarche_qualite"], "peps": ["peps"],
      "si_choix": ["systeme_information"], "si_niveau_2": ["systeme_information"], "reunion_publique": ["cpts", "elus"],
    ]
    let byTheme = ["juridique_comptable": "juridique", "montage_msp": "projet_sante", "travail_equipe": "pluripro"]
    let known = Set(ReferenceList.expertise.seeds.map(\.code))
    let ofThemes = themes.map { byTheme[$0] ?? $0 }.filter(known.contains)
    let wanted = (type.flatMap { byType[$0] } ?? []) + (audience == .cpts ? ["cpts"] : []) + ofThemes
    return Set(wanted).sorted()
  }
}

/// A place on earth, in degrees.
struct Position {
  let latitude: Double
  let longitude: Double

  init?(_ latitude: Double?, _ longitude: Double?) {
    guard let latitude, let longitude else { return nil }
    (self.latitude, self.longitude) = (latitude, longitude)
  }

  /// As the crow flies (haversine).
  func kilometres(to other: Position) -> Int {
    let degree = Double.pi / 180
    let (across, along) = ((other.latitude - latitude) * degree / 2, (other.longitude - longitude) * degree / 2)
    let share = pow(sin(across), 2) + cos(latitude * degree) * cos(other.latitude * degree) * pow(sin(along), 2)
    return Int((2 * 6_371 * asin(min(1, share.squareRoot()))).rounded())
  }
}
