import Records
import Store

/// A team that was put in touch with another team, a person or an organisation (SUP-11).
public enum Introduction {}

/// What came of it.
public enum IntroductionResult: String, CodedValue {
  case open = "a_suivre"
  case fruitful = "fait_suite"
  case fruitless = "sans_suite"

  public static let list = ReferenceList("introduction_result", label: "Suite donnée", of: IntroductionResult.self)

  public var label: String {
    switch self {
    case .open: "À suivre"
    case .fruitful: "A fait suite"
    case .fruitless: "Sans suite"
    }
  }
}

extension Capability {
  static let introductions = Capability(
    "introductions", migrations: [Introduction.migration], lists: [IntroductionResult.list], kinds: [IntroductionRecords()],
    figures: Introduction.figures)
}

extension Introduction {
  static let migration = Migration(
    "202611231501-introductions",
    [
      """
      CREATE TABLE introduction (
        id \(.id) PRIMARY KEY, reference \(.text) NOT NULL, date \(.date) NOT NULL, structure_id \(.id) NOT NULL REFERENCES structure (id),
        other_id \(.id) REFERENCES structure (id), person_id \(.id) REFERENCES person (id),
        organisation_id \(.id) REFERENCES organisation (id), exchange_id \(.id) REFERENCES exchange (id), purpose \(.text),
        result \(.text) NOT NULL, note \(.text), version \(.int) NOT NULL DEFAULT 1, removed_at \(.instant),
        CHECK (other_id IS NOT NULL OR person_id IS NOT NULL OR organisation_id IS NOT NULL)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      "CREATE UNIQUE INDEX introduction_reference ON introduction (reference) WHERE removed_at IS NULL",
      "CREATE INDEX introduction_date ON introduction (date, id) WHERE removed_at IS NULL",
      "CREATE INDEX introduction_structure ON introduction (structure_id)",
      "CREATE INDEX introduction_other ON introduction (other_id) WHERE other_id IS NOT NULL",
      "CREATE INDEX introduction_person ON introduction (person_id) WHERE person_id IS NOT NULL",
      "CREATE INDEX introduction_organisation ON introduction (organisation_id) WHERE organisation_id IS NOT NULL",
      "CREATE INDEX introduction_exchange ON introduction (exchange_id) WHERE exchange_id IS NOT NULL",
    ])

  static let searchSource = SearchSource(
    "mises_en_relation", from: "introduction i", id: "i.id", where: "i.removed_at IS NULL",
    ["i.purpose": .words, "i.note": .words, "i.reference": .key])
}
