import Records
import Store

/// A sitting of a commission that gives its opinion on teams' projects (SUP-10).
public enum CommissionSitting {}

/// A team's file before such a sitting.
public enum CommissionFile {}

/// What the commission says of a file.
public enum CommissionOpinion: String, CodedValue {
  case favourable = "favorable"
  case withReserves = "favorable_reserves"
  case adjourned = "ajourne"
  case unfavourable = "defavorable"

  public static let list = ReferenceList("commission_opinion", label: "Avis", of: CommissionOpinion.self)

  public var label: String {
    switch self {
    case .favourable: "Favorable"
    case .withReserves: "Favorable avec réserves"
    case .adjourned: "Ajourné"
    case .unfavourable: "Défavorable"
    }
  }

  /// The team is recognised, be it with something to mend.
  public var isFavourable: Bool { self == .favourable || self == .withReserves }
  /// The same in a query.
  static let favourableCodes: SQL = "('favorable', 'favorable_reserves')"
}

extension ReferenceList {
  /// Which commission sits.
  public static let commission = ReferenceList(
    "commission", label: "Commission", seeds: [Seed("ecd", "ECD"), Seed("cats", "CATS"), Seed("comite_regional", "Comité régional")])
}

extension Capability {
  static let commissions = Capability(
    "commissions", migrations: [CommissionSitting.migration], lists: [.commission, CommissionOpinion.list],
    kinds: [CommissionSittingRecords(), CommissionFileRecords()], figures: CommissionFile.figures)
}

extension CommissionSitting {
  static let migration = Migration(
    "202611231260-commissions",
    [
      """
      CREATE TABLE commission_sitting (
        id \(.id) PRIMARY KEY, reference \(.text) NOT NULL, commission \(.text) NOT NULL, date \(.date) NOT NULL,
        department \(.text) REFERENCES department (code), filing_deadline \(.date), place \(.text), note \(.text),
        version \(.int) NOT NULL DEFAULT 1, removed_at \(.instant), CHECK (filing_deadline IS NULL OR filing_deadline <= date)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      "CREATE UNIQUE INDEX commission_sitting_reference ON commission_sitting (reference) WHERE removed_at IS NULL",
      "CREATE INDEX commission_sitting_date ON commission_sitting (date, id) WHERE removed_at IS NULL",
      """
      CREATE TABLE commission_file (
        id \(.id) PRIMARY KEY, reference \(.text) NOT NULL, sitting_id \(.id) NOT NULL REFERENCES commission_sitting (id),
        structure_id \(.id) NOT NULL REFERENCES structure (id), filed_on \(.date), opinion \(.text), opinion_on \(.date), reason \(.text),
        version \(.int) NOT NULL DEFAULT 1, removed_at \(.instant), CHECK ((opinion IS NULL) = (opinion_on IS NULL))
      ) \(sqlite: "STRICT", postgres: "")
      """,
      "CREATE UNIQUE INDEX commission_file_reference ON commission_file (reference) WHERE removed_at IS NULL",
      "CREATE INDEX commission_file_sitting ON commission_file (sitting_id)",
      "CREATE INDEX commission_file_structure ON commission_file (structure_id)",
      // An opinion given on its page, with the operation that made the team's states: taken back, they go with it.
      """
      CREATE TABLE commission_opinion (
        id \(.id) PRIMARY KEY, file_id \(.id) NOT NULL REFERENCES commission_file (id), event_id \(.id) NOT NULL, undone_at \(.instant)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      "CREATE INDEX commission_opinion_file ON commission_opinion (file_id)",
    ])
}
