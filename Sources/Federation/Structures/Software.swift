import Records
import Store

/// The software that a team shares, and how far: a name, a level and the day from which it does (DIR-14).
enum Software {
  static let migration = Migration(
    "202611221500-structures",
    ["ALTER TABLE structure ADD COLUMN software_level \(.text)", "ALTER TABLE structure ADD COLUMN software_since \(.date)"])

  /// As it was written: two spellings of one software are two, until somebody makes them one.
  static let dimension = Dimension(
    "logiciel", label: "Logiciel", expression: "f.software",
    stored: "SELECT DISTINCT x.software, x.software, x.software FROM structure x WHERE x.software IS NOT NULL AND x.removed_at IS NULL")

  static let levelDimension = Dimension("niveau_logiciel", expression: "f.software_level", list: .softwareLevel)

  /// The columns of `structure s` that these dimensions read: before the first day of the software, it is not known.
  static func columns(on day: CivilDate) -> SQL {
    func known(_ column: SQL) -> SQL { "CASE WHEN s.software_since IS NULL OR s.software_since <= \(day) THEN \(column) END" }
    return "\(known("s.software")) AS software, \(known("s.software_level")) AS software_level"
  }
}

extension ReferenceList {
  /// The levels of the conventions of teams, which pay for software that bears the label of the Agence du numérique en santé.
  public static let softwareLevel = ReferenceList(
    "software_level", label: "Niveau du logiciel",
    seeds: [
      Seed("aucun_label", "Sans label"), Seed("standard", "Niveau standard (labellisé ANS)"), Seed("avance", "Niveau avancé"),
    ])
}
