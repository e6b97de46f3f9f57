import Records
import Store

/// A page of the organisations that a federation works with (DIR-11).
public struct OrganisationListing: Sendable {
  public struct Row: Sendable {
    public let id: Identifier<Organisation>
    public let reference: String
    public let name: String
    public let nature: String
    public let commune: String?
    public let email: String?
    public let phone: String?
  }

  public let rows: [Row]
  public let total: Int

  /// - Parameters:
  ///   - natures: codes; all when empty.
  ///   - seek: where the page begins.
  ///   - most: where counting stops, one further.
  public init(
    search: String, natures: [String], descending: Bool = false, seek: ListSeek? = nil, offset: Int, limit: Int,
    countingTo most: Int? = nil, _ connection: any Connection
  ) throws {
    let words: SQL = search.isEmpty ? "" : "AND \(SearchQuery(search).finds("o.id", in: Organisation.searchSource))"
    let kinds: SQL = natures.isEmpty ? "" : "AND o.nature IN \(list: natures)"
    let among: SQL = "FROM organisation o LEFT JOIN commune c ON c.code = o.commune WHERE o.removed_at IS NULL \(words) \(kinds)"
    total = try ListCount.of(among, upTo: most, connection)
    let slice = ListSlice(
      by: ["name_fold", "id"], of: "organisation", as: "o", descending: descending, seek, offset: offset, limit: limit)
    let found = try connection.rows(
      "SELECT o.id, o.name, o.nature, c.name, o.email, o.phone, o.reference \(among) \(slice.condition) \(slice.end)"
    ).map {
      Row(
        id: try $0[0], reference: try $0[6], name: try $0[1], nature: try $0[2], commune: try $0[3], email: try $0[4], phone: try $0[5])
    }
    rows = slice.ordered(found)
  }
}

/// Everything the page of one organisation shows.
public struct OrganisationSheet: Sendable {
  public let reference: String
  public let name: String
  public let nature: String
  public let address: String?
  public let postcode: String?
  public let commune: String?
  public let email: String?
  public let phone: String?
  public let departments: [String]
  /// Those of today first.
  public let contacts: [OrganisationContact]
  /// The latest exchanges with the organisation that the reader may see.
  public let exchanges: [ExchangeSummary]

  /// `nil` when there is no such organisation.
  public init?(_ id: Identifier<Organisation>, for reader: Account, _ connection: any Connection) throws {
    let found = try connection.first(
      """
      SELECT o.reference, o.name, o.nature, o.address, o.postcode, c.name, o.email, o.phone
      FROM organisation o LEFT JOIN commune c ON c.code = o.commune WHERE o.id = \(id) AND o.removed_at IS NULL
      """)
    guard let row = found else { return nil }
    (reference, name, nature, address) = (try row[0], try row[1], try row[2], try row[3])
    (postcode, commune, email, phone) = (try row[4], try row[5], try row[6], try row[7])
    departments = try connection.rows(
      """
      SELECT d.name || ' (' || d.code || ')' FROM organisation_department o JOIN department d ON d.code = o.department
      WHERE o.organisation_id = \(id) ORDER BY d.code
      """
    ).map { try $0[0] }
    contacts = try OrganisationContact.of(id, connection)
    exchanges = try ExchangeSummary.page(
      "e.id IN (SELECT x.exchange_id FROM exchange_organisation x WHERE x.organisation_id = \(id))", for: reader, .latest(30), connection)
  }
}
