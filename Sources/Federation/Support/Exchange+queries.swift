import Records
import Store

/// An exchange as lists and timelines show it.
public struct ExchangeSummary: Sendable {
  public struct Team: Sendable {
    public let id: Identifier<Structure>
    public let reference: String
    public let name: String
    public let type: StructureType
    public let commune: String?
  }

  public let id: Identifier<Exchange>
  public let date: CivilDate
  public let channel: Channel
  public let subject: String?
  public let minutes: Int?
  public let author: String?
  public let reference: String?
  /// R9: what a file says of the team; `nil` when it says nothing.
  public let declaredNew: Bool?
  public let isConfidential: Bool
  public let themes: [String]
  /// Codes of `ReferenceList.nature`.
  public let natures: [String]
  public let teams: [Team]

  /// What the exchange is called where it stands among others: the first line of what is to be remembered, as far as it goes in one.
  public var heading: String? { Self.heading(of: subject) }

  public static func heading(of subject: String?) -> String? {
    // Most say what they were about in a few words of one line: nothing to cut.
    if let subject, subject.utf8.count < headingLimit, subject.utf8.contains(where: { (33...126).contains($0) }),
      !subject.unicodeScalars.contains(where: { $0.value < 32 || $0 == "\u{85}" || $0 == "\u{2028}" || $0 == "\u{2029}" })
    {
      return subject
    }
    guard let line = subject?.split(whereSeparator: \.isNewline).first(where: { $0.contains { !$0.isWhitespace } }) else { return nil }
    guard line.count > headingLimit else { return String(line) }
    let cut = line.prefix(headingLimit - 1)
    return String(cut.lastIndex(of: " ").map { cut[..<$0] } ?? cut) + "…"
  }

  private static let headingLimit = 120

  /// A page of the exchanges that `condition` holds for and the reader may see.
  static func page(
    _ condition: SQL, for reader: Account, _ slice: ListSlice, _ connection: any Connection
  ) throws -> [ExchangeSummary] {
    let among: SQL = "e.removed_at IS NULL AND \(condition) AND \(Exchange.readable(by: reader))"
    let page: [ExchangeSummary] = try connection.kept(
      """
      SELECT e.id, e.date, e.channel, e.subject, e.minutes, e.author, e.reference, e.declared_new, e.visibility
      FROM exchange e WHERE \(among) \(slice.condition) \(slice.end)
      """
    ) { try withLinks($0, connection) }
    return slice.ordered(page)
  }

  /// `nil` when there is no such exchange that the reader may see.
  public static func one(_ id: Identifier<Exchange>, for reader: Account, _ connection: any Connection) throws -> ExchangeSummary? {
    try page("e.id = \(id)", for: reader, .latest(1), connection).first
  }

  private static func withLinks(_ rows: [Row], _ connection: any Connection) throws -> [ExchangeSummary] {
    var themes: [Identifier<Exchange>: [String]] = [:]
    var natures: [Identifier<Exchange>: [String]] = [:]
    var teams: [Identifier<Exchange>: [Team]] = [:]
    let shown: [Identifier<Exchange>] = try rows.map { try $0[0] }
    let links = try connection.rows(
      """
      SELECT x.exchange_id, s.id, s.name, p.type, c.name, s.reference, s.name_fold FROM exchange_structure x
      JOIN structure s ON s.id = x.structure_id AND s.removed_at IS NULL
      JOIN structure_span p ON p.structure_id = s.id AND p.since <= x.date AND x.date < p.until
      LEFT JOIN commune c ON c.code = s.commune WHERE x.exchange_id IN \(list: shown)
      UNION ALL SELECT exchange_id, NULL, theme, NULL, NULL, NULL, theme FROM exchange_theme WHERE exchange_id IN \(list: shown)
      UNION ALL SELECT exchange_id, NULL, nature, 'nature', NULL, NULL, nature FROM exchange_nature WHERE exchange_id IN \(list: shown) ORDER BY 7
      """)
    for row in links {
      if let team: Identifier<Structure> = try row[1] {
        teams[try row[0], default: []].append(
          Team(id: team, reference: try row[5], name: try row[2], type: try row[3], commune: try row[4]))
      } else if try row[3] as String? == nil {
        themes[try row[0], default: []].append(try row[2])
      } else {
        natures[try row[0], default: []].append(try row[2])
      }
    }
    return try rows.map { row in
      let id: Identifier<Exchange> = try row[0]
      return ExchangeSummary(
        id: id, date: try row[1], channel: try row[2], subject: try row[3], minutes: try row[4],
        author: try row[5], reference: try row[6], declaredNew: try row[7],
        isConfidential: try row[8] == Visibility.confidential.rawValue, themes: themes[id] ?? [], natures: natures[id] ?? [],
        teams: teams[id] ?? [])
    }
  }

  /// The latest exchanges with a structure, newest first.
  public static func latest(
    with structure: Identifier<Structure>, for reader: Account, before day: CivilDate? = nil, limit: Int, _ connection: any Connection
  ) throws -> [ExchangeSummary] {
    let earlier: SQL = day.map { "AND date < \($0)" } ?? ""
    let among: SQL = "e.id IN (SELECT exchange_id FROM exchange_structure WHERE structure_id = \(structure) \(earlier))"
    return try page(among, for: reader, .latest(limit), connection)
  }
}

/// One page of the contact log: the records of a figure, searched, sorted and cut.
public struct ExchangeListing: Sendable {
  public enum Order: String, CaseIterable, Sendable {
    case date
    case minutes = "duree"
  }

  public let rows: [ExchangeSummary]
  public let total: Int
  /// How many there are with those that the reader may not see. `nil` when words are searched for, or one would learn from it
  /// which words these hold.
  public let whole: Int?

  /// - Parameters:
  ///   - seek: where the page begins in the order of dates.
  ///   - most: where counting stops, one further, for who reads them all.
  public init(
    _ query: FigureQuery, for reader: Account, search: String, order: Order, descending: Bool, seek: ListSeek? = nil, offset: Int,
    limit: Int, countingTo most: Int? = nil, _ connection: any Connection
  ) throws {
    let matches: SQL = search.isEmpty ? "1 = 1" : Exchange.finds(SearchQuery(search), "e.id", during: query.period)
    // Every exchange of the period needs no other question.
    let included: SQL = query.isWholeFactSet && query.figure.factSet.name == Exchange.factSetName ? "" : "AND \(query.includes("e.id"))"
    let among: SQL = "\(matches) \(included)"
    let isOpen = reader.role.scope(.read, .exchanges) == .all
    let hidden = isOpen ? Exchange.hidden(from: reader) : nil
    let readsAll = isOpen && hidden == nil
    // The period is in the figure's own facts too: said here again, it is where the index of dates begins and ends.
    let dated: SQL =
      "FROM exchange e WHERE e.removed_at IS NULL AND \(among) AND e.date BETWEEN \(query.period.from) AND \(query.period.through)"
    let readable: SQL = "\(dated) AND \(Exchange.readable(by: reader))"
    if readsAll || !search.isEmpty {
      total = try ListCount.of(readable, upTo: isOpen ? most : nil, connection)
      whole = readsAll ? total : nil
    } else if let hidden {
      // The few that are hidden are counted by themselves: all the others are no more than a page counts.
      let (count, kept): (Int, Int) = try connection.kept(
        "SELECT (\(ListCount.sql(readable, upTo: most))), (SELECT count(*) \(dated) AND e.id IN (\(hidden)))"
      ) { rows in (try rows.first?[0] ?? 0, try rows.first?[1] ?? 0) }
      total = count
      whole = most.map { count > $0 } ?? false ? nil : count + kept
    } else {
      (total, whole) = try connection.kept("SELECT (SELECT count(*) \(readable)), (SELECT count(*) \(dated))") { rows in
        (try rows.first?[0] ?? 0, try rows.first?[1])
      }
    }
    rows = try ExchangeSummary.page(
      among, for: reader, Self.slice(order, descending, seek, in: query.period, offset: offset, limit: limit), connection)
  }

  private static func slice(
    _ order: Order, _ descending: Bool, _ seek: ListSeek?, in period: Period, offset: Int, limit: Int
  ) -> ListSlice {
    switch order {
    case .date: .byDate(within: period.from...period.through, descending: descending, seek, offset: offset, limit: limit)
    case .minutes:
      ListSlice(
        order: "e.minutes \(descending ? "DESC" as SQL : "ASC") NULLS LAST, e.date DESC, e.id DESC",
        within: "AND e.date BETWEEN \(period.from) AND \(period.through)", offset: offset, limit: limit)
    }
  }
}

/// One exchange, whole.
public struct ExchangeSheet: Sendable {
  public let summary: ExchangeSummary
  public let organisations: [String]
  /// Those of the directory with their identity.
  public let people: [(name: String, id: Identifier<Person>?)]
  /// Whom its teams were put in touch with after it.
  public let introductions: [(id: Identifier<Introduction>, words: String)]
  /// What is left to do after it, and what was done of it, as far as the reader may see it.
  public let tasks: [Agenda.Entry]

  /// `nil` when there is no such exchange that the reader may see.
  public init?(_ id: Identifier<Exchange>, for reader: Account, _ connection: any Connection) throws {
    guard let summary = try ExchangeSummary.one(id, for: reader, connection) else { return nil }
    self.summary = summary
    let others = try connection.rows(
      """
      SELECT COALESCE(o.name, x.name), 0, NULL FROM exchange_organisation x LEFT JOIN organisation o ON o.id = x.organisation_id
      WHERE x.exchange_id = \(id)
      UNION ALL SELECT COALESCE(p.first_name || ' ' || p.last_name, p.last_name, x.name), 1, CASE WHEN p.removed_at IS NULL THEN p.id END
      FROM exchange_person x LEFT JOIN person p ON p.id = x.person_id WHERE x.exchange_id = \(id)
      UNION ALL SELECT s.name || COALESCE(', ' || o.name, '') || COALESCE(', ' || \(Person.fullName), '') || COALESCE(', ' || g.name, ''), 2, i.id
      \(IntroductionSummary.tables) WHERE i.exchange_id = \(id) AND i.removed_at IS NULL ORDER BY 1
      """)
    organisations = try others.filter { try $0[1] == 0 }.map { try $0[0] }
    people = try others.filter { try $0[1] == 1 }.map { (try $0[0], try $0[2]) }
    introductions = try others.filter { try $0[1] == 2 }.map { (try $0[2], try $0[0]) }
    tasks = try Agenda.Entry.all("t.exchange_id = \(id) AND t.state <> \(ToDoState.cancelled)", for: reader, connection)
  }
}

extension ListSlice {
  /// Of exchanges `e`. Never empty: without `NULLS LAST` PostgreSQL reads the index backwards instead of sorting.
  fileprivate static func byDate(
    within days: ClosedRange<CivilDate>? = nil, descending: Bool, _ seek: ListSeek?, offset: Int, limit: Int
  ) -> ListSlice {
    ListSlice(
      by: ["date", "id"], of: "exchange", as: "e", within: days, descending: descending, seek, offset: offset, limit: limit)
  }

  /// So many exchanges `e`, the latest first.
  static func latest(_ count: Int) -> ListSlice { byDate(descending: true, nil, offset: 0, limit: count) }
}
