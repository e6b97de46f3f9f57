import Records
import Store

/// A word of the federation's own that gathers teams, whatever their type or stage: several to a team.
enum StructureTag {
  static let table = "structure_tag"

  static let migration = Migration(
    "202611231050-structure-tags",
    [
      """
      CREATE TABLE structure_tag (
        structure_id \(.id) NOT NULL REFERENCES structure (id), tag \(.text) NOT NULL, PRIMARY KEY (structure_id, tag)
      ) \(sqlite: "STRICT, WITHOUT ROWID", postgres: "")
      """
    ])

  static let bridge = Bridge("tag", join: "LEFT JOIN structure_tag g ON g.structure_id = f.id")
  static let dimension = Dimension(
    "etiquette", label: "Étiquette", bridge: "tag", expression: "g.tag",
    stored: """
      SELECT DISTINCT x.tag, x.tag, x.tag FROM structure_tag x JOIN structure k ON k.id = x.structure_id AND k.removed_at IS NULL
      """)

  static let mostOfATeam = 20
  static let longest = 40

  /// The tags in use, by their folds: one word is not spelled in two ways.
  static func known(_ connection: any Connection) throws -> [String: String] {
    let tags: [String] = try connection.rows("SELECT DISTINCT tag FROM structure_tag ORDER BY tag").map { try $0[0] }
    return Dictionary(tags.map { (Fold.key($0), $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// Rows beside a team's dated states: tag, end, end, nothing, 8, nothing, nothing, nothing.
  static func rows(of team: Identifier<Structure>) -> SQL {
    """
    SELECT tag, \(CivilDate.openEnd), \(CivilDate.openEnd), NULL, 8, CAST(NULL AS \(.id)), NULL, NULL
    FROM structure_tag WHERE structure_id = \(team)
    """
  }
}

extension Field where Draft == StructureRecords.Draft, Context == StructureRecords.Context {
  /// Words between commas, as they are typed; one that is in use already keeps its spelling.
  static var tags: Field {
    Field(
      "etiquettes", label: "Étiquettes", input: .records(of: Naming.tags.rawValue),
      parse: { text, draft, reading in
        var tags: [String: String] = [:]
        for part in text.split(whereSeparator: { $0 == "," || $0 == "|" }) {
          let tag = part.split(whereSeparator: \.isWhitespace).joined(separator: " ")
          guard !tag.isEmpty else { continue }
          guard tag.count <= StructureTag.longest else {
            throw Refusal(
              "« \(tag.prefix(StructureTag.longest))… » est trop long : \(StructureTag.longest) caractères au plus par étiquette")
          }
          let key = Fold.key(tag)
          let kept = reading.context.tags[key] ?? tag
          (tags[key], reading.context.tags[key]) = (kept, kept)
        }
        guard tags.count <= StructureTag.mostOfATeam else { throw Refusal("\(StructureTag.mostOfATeam) étiquettes au plus") }
        draft.tags = tags.values.sorted()
      },
      print: { draft, _ in draft.tags.joined(separator: "|") },
      merge: { new, old in if !new.tags.isEmpty { old.tags = new.tags } },
      clear: { $0.tags = [] })
  }
}
