import Foundation
import Records
import Store

/// The lines that facilitations and minutes give: made once they are held, led along as long as nobody has validated them (R19).
struct HoursOfSources {
  /// Which of them.
  enum Scope {
    case facilitations([Int64])
    case meetings([Int64])
    /// Those of a year.
    case year(Int)
  }

  private struct Occasion: Hashable {
    let facilitation: Identifier<Facilitation>?
    let meeting: Identifier<Meeting>?
    let person: Identifier<Person>
  }

  /// What a source says of somebody.
  fileprivate struct Wanted {
    let activity: String
    let date: CivilDate
    let minutes: Int?
    let travel: Int?
  }

  private struct Existing {
    let id: Int64
    let state: VolunteerState
    let date: CivilDate
    let isBinned: Bool

    /// What somebody has decided goes before what waits, and that before what is in the bin.
    var rank: (Int, Int64) { (isBinned ? 2 : state == .proposed ? 1 : 0, id) }
  }

  /// What is left to write.
  private struct Plan {
    var made: [(id: Identifier<VolunteerHours>, occasion: Occasion, wanted: Wanted)] = []
    var led: [Int64: Wanted] = [:]
    var restored: [Int64] = []
    var removed: [Int64] = []

    var isEmpty: Bool { made.isEmpty && led.isEmpty && restored.isEmpty && removed.isEmpty }
  }

  private let scope: Scope
  private let today: CivilDate
  private let ids: IdentifierSource
  private let editor: JointEditor
  private let connection: any Connection

  init(_ scope: Scope, today: CivilDate, ids: IdentifierSource, _ editor: JointEditor, _ connection: any Connection) {
    (self.scope, self.today, self.ids, self.editor, self.connection) = (scope, today, ids, editor, connection)
  }

  /// After a source was written, in its transaction.
  static func follow(_ scope: Scope, _ writing: Writing, _ connection: any Connection) throws {
    let editor = JointEditor(ids: writing.ids, now: { writing.moment.date }, actor: writing.actor)
    let today = try Settings(connection).today(writing.moment.date)
    _ = try HoursOfSources(scope, today: today, ids: writing.ids, editor, connection).bring(about: nil)
  }

  /// The proposed lines of facilitations that go to the bin, and come out of it with them.
  static func followers(
    ofFacilitations records: [Int64], removed: Bool, _ connection: any Connection
  ) throws -> (kind: any RecordKind, ids: [Int64]) {
    try followers(
      "h.facilitation_id IN \(list: records)", "(SELECT f.removed_at FROM facilitation f WHERE f.id = h.facilitation_id)", removed,
      connection)
  }

  /// The same of minutes.
  static func followers(
    ofMeetings records: [Int64], removed: Bool, _ connection: any Connection
  ) throws -> (kind: any RecordKind, ids: [Int64]) {
    try followers("h.meeting_id IN \(list: records)", "(SELECT m.removed_at FROM meeting m WHERE m.id = h.meeting_id)", removed, connection)
  }

  private static func followers(
    _ lines: SQL, _ moment: SQL, _ removed: Bool, _ connection: any Connection
  ) throws -> (kind: any RecordKind, ids: [Int64]) {
    let which: SQL = removed ? "h.removed_at IS NULL" : "h.removed_at = \(moment)"
    let rows = try connection.rows(
      """
      SELECT h.id FROM volunteer_hours h WHERE \(lines) AND h.state = \(VolunteerState.proposed) AND \(which)
        AND \(VolunteerHours.year) NOT IN (SELECT c.year FROM volunteer_year_closure c WHERE c.reopened_at IS NULL) ORDER BY h.id
      """)
    return (VolunteerHoursRecords(), try rows.map { try $0[0] })
  }

  /// Done twice, it is done once.
  /// - Parameter subject: what the operation is about, when it is not the first line.
  /// - Returns: how many lines were made, led along or taken away.
  func bring(about subject: Int64?) throws -> Int {
    let wanted = try wantedFacilitations().merging(wantedMeetings()) { first, _ in first }
    let plan = try plan(wanted)
    guard !plan.isEmpty else { return 0 }
    let people = Set(wanted.keys.map(\.person)).union(try people(of: Array(plan.led.keys))).sorted()
    let kind = VolunteerHoursRecords(among: people)
    let first = plan.made.first?.id.rawValue ?? plan.led.keys.min() ?? plan.restored.first ?? plan.removed.first ?? 0
    let writer = try editor.begin(.hoursCollected, kind.name, subject ?? first, connection)
    try writer.move(kind, plan.removed, removed: true)
    func led(_ record: StoredRecord<VolunteerHoursRecords.Draft>) -> VolunteerHoursRecords.Draft {
      plan.led[record.id].map { record.draft.led(by: $0) } ?? record.draft
    }
    try writer.restore(kind, plan.restored, led)
    let present = plan.led.keys.filter { !plan.restored.contains($0) }.sorted()
    try writer.put(kind) { context in
      try kind.stored(connection, .ids(present), context).map {
        RecordWrite(id: $0.id, isNew: false, old: $0.draft, draft: led($0))
      } + plan.made.map { RecordWrite(id: $0.id.rawValue, isNew: true, old: nil, draft: Self.draft($0)) }
    }
    return plan.made.count + plan.led.count + plan.removed.count
  }

  private static func draft(
    _ made: (id: Identifier<VolunteerHours>, occasion: Occasion, wanted: Wanted)
  ) -> VolunteerHoursRecords.Draft {
    let wanted = made.wanted
    return VolunteerHoursRecords.Draft(
      reference: made.id.description, person: made.occasion.person, activity: wanted.activity, date: wanted.date, minutes: wanted.minutes,
      travel: wanted.travel, state: .proposed, facilitation: made.occasion.facilitation, meeting: made.occasion.meeting,
      sourceMinutes: wanted.minutes, sourceTravel: wanted.travel)
  }

  private func plan(_ wanted: [Occasion: Wanted]) throws -> Plan {
    let closed = try VolunteerYear.closed(connection)
    let existing = try existing()
    var plan = Plan()
    for (occasion, lines) in existing {
      let open = lines.filter { !closed.contains($0.date.year) }
      guard let kept = lines.min(by: { $0.rank < $1.rank }) else { continue }
      let wanted = wanted[occasion].flatMap { closed.contains($0.date.year) ? nil : $0 }
      plan.removed += open.filter { $0.state == .proposed && !$0.isBinned && ($0.id != kept.id || wanted == nil) }.map(\.id)
      guard let wanted, kept.state == .proposed, open.contains(where: { $0.id == kept.id }) else { continue }
      if kept.isBinned { plan.restored.append(kept.id) }
      plan.led[kept.id] = wanted
    }
    for (occasion, wanted) in wanted.sorted(by: { ($0.value.date, $0.key.person) < ($1.value.date, $1.key.person) })
    where existing[occasion] == nil && !closed.contains(wanted.date.year) {
      plan.made.append((ids.next(), occasion, wanted))
    }
    plan.removed.sort()
    plan.restored.sort()
    try leaveUnchanged(&plan)
    return plan
  }

  /// What says already what its source says is not written again.
  private func leaveUnchanged(_ plan: inout Plan) throws {
    guard !plan.led.isEmpty else { return }
    let kind = VolunteerHoursRecords(among: [])
    for record in try kind.stored(connection, .ids(plan.led.keys.sorted()), kind.context(connection)) {
      if let wanted = plan.led[record.id], record.draft.led(by: wanted) == record.draft { plan.led[record.id] = nil }
    }
  }

  private func people(of lines: [Int64]) throws -> [Identifier<Person>] {
    try connection.rows("SELECT DISTINCT person_id FROM volunteer_hours WHERE id IN \(list: lines)").map { try $0[0] }
  }

  private func existing() throws -> [Occasion: [Existing]] {
    let which: SQL =
      switch scope {
      case .facilitations(let ids): "h.facilitation_id IN \(list: ids)"
      case .meetings(let ids): "h.meeting_id IN \(list: ids)"
      case .year(let year):
        """
        (h.facilitation_id IS NOT NULL OR h.meeting_id IS NOT NULL) AND (\(VolunteerHours.year) = \(year)
          OR h.facilitation_id IN (SELECT f.id FROM facilitation f WHERE f.date BETWEEN \(Self.from(year)) AND \(Self.through(year)))
          OR h.meeting_id IN (SELECT m.id FROM meeting m WHERE m.date BETWEEN \(Self.from(year)) AND \(Self.through(year))))
        """
      }
    var existing: [Occasion: [Existing]] = [:]
    for row in try connection.rows(
      """
      SELECT h.facilitation_id, h.meeting_id, h.person_id, h.id, h.state, h.date, h.removed_at FROM volunteer_hours h WHERE \(which)
      ORDER BY h.id
      """)
    {
      let binned: String? = try row[6]
      existing[Occasion(facilitation: try row[0], meeting: try row[1], person: try row[2]), default: []].append(
        Existing(id: try row[3], state: try row[4], date: try row[5], isBinned: binned != nil))
    }
    return existing
  }

  private static func from(_ year: Int) -> CivilDate { .firstDay(of: year) }
  private static func through(_ year: Int) -> CivilDate { .lastDay(of: year) }

  /// Who helped at the meetings that were held, from where, and where to: the commune of the place, else that of the only team.
  private func wantedFacilitations() throws -> [Occasion: Wanted] {
    let which: SQL
    switch scope {
    case .facilitations(let ids): which = "f.id IN \(list: ids)"
    case .year(let year): which = "f.date BETWEEN \(Self.from(year)) AND \(Self.through(year))"
    case .meetings: return [:]
    }
    let teams: SQL = "FROM facilitation_structure x JOIN structure s ON s.id = x.structure_id WHERE x.facilitation_id = f.id"
    let road = try Road(Settings(connection))
    var wanted: [Occasion: Wanted] = [:]
    for row in try connection.rows(
      """
      SELECT f.id, p.id, f.date, f.minutes, f.mode, o.latitude, o.longitude, d.latitude, d.longitude
      FROM facilitation f JOIN facilitation_person y ON y.facilitation_id = f.id JOIN person p ON p.id = y.person_id AND p.removed_at IS NULL
      LEFT JOIN facilitator w ON w.person_id = p.id AND w.removed_at IS NULL
      LEFT JOIN commune o ON o.code = COALESCE(w.commune, p.commune)
      LEFT JOIN commune d ON d.code = COALESCE(f.commune, CASE WHEN (SELECT count(*) \(teams)) = 1 THEN (SELECT MIN(s.commune) \(teams)) END)
      WHERE f.removed_at IS NULL AND f.state IN \(FacilitationState.heldCodes) AND f.date <= \(today) AND \(which)
        AND NOT \(Person.isOnPayroll)
      """)
    {
      let (date, minutes, mode): (CivilDate, Int?, FacilitationMode?) = (try row[2], try row[3], try row[4])
      let travel = mode == .video ? 0 : try Road.Ends(row[5], row[6], row[7], row[8]).flatMap { road.minutes($0, on: date) }
      wanted[Occasion(facilitation: try row[0], meeting: nil, person: try row[1])] = Wanted(
        activity: VolunteerHours.facilitation, date: date, minutes: minutes,
        travel: travel.flatMap { $0 + (minutes ?? 0) <= 1_440 ? $0 : nil })
    }
    return wanted
  }

  /// Who was at the board and the bureau, as people or by their accounts.
  private func wantedMeetings() throws -> [Occasion: Wanted] {
    let which: SQL
    switch scope {
    case .meetings(let ids): which = "m.id IN \(list: ids)"
    case .year(let year): which = "m.date BETWEEN \(Self.from(year)) AND \(Self.through(year))"
    case .facilitations: return [:]
    }
    let present: SQL = "FROM meeting m JOIN meeting_attendee x ON x.meeting_id = m.id AND x.presence = \(Presence.present)"
    let met: SQL = """
      WHERE m.removed_at IS NULL AND m.kind IN \(list: [MeetingKind.board, .bureau].map(\.rawValue)) AND m.date <= \(today) AND \(which)
        AND p.removed_at IS NULL AND NOT \(Person.isOnPayroll)
      """
    var wanted: [Occasion: Wanted] = [:]
    for row in try connection.rows(
      """
      SELECT m.id, p.id, m.date, m.minutes, m.kind \(present) JOIN person p ON p.id = x.person_id \(met)
      UNION ALL SELECT m.id, p.id, m.date, m.minutes, m.kind \(present) JOIN account b ON b.id = x.account_id
      JOIN person p ON LOWER(p.email) = LOWER(b.email) \(met)
      """)
    {
      let kind: MeetingKind = try row[4]
      wanted[Occasion(facilitation: nil, meeting: try row[0], person: try row[1])] = Wanted(
        activity: kind == .board ? VolunteerHours.board : VolunteerHours.bureau, date: try row[2], minutes: try row[3], travel: nil)
    }
    return wanted
  }
}

extension VolunteerHoursRecords.Draft {
  /// As its source says it now, but for what somebody has corrected.
  fileprivate func led(by wanted: HoursOfSources.Wanted) -> Self {
    var draft = self
    draft.date = wanted.date
    if draft.minutes == draft.sourceMinutes { draft.minutes = wanted.minutes }
    if draft.travel == draft.sourceTravel { draft.travel = wanted.travel }
    if (draft.minutes ?? 0) + (draft.travel ?? 0) > 1_440 { draft.travel = nil }
    (draft.sourceMinutes, draft.sourceTravel) = (wanted.minutes, wanted.travel)
    return draft
  }
}

/// How long the way there and back takes, by the distance as the crow flies.
struct Road {
  struct Ends {
    let from: (latitude: Double, longitude: Double)
    let to: (latitude: Double, longitude: Double)

    /// `nil` when one of the two is not known.
    init?(_ latitude: Double?, _ longitude: Double?, _ otherLatitude: Double?, _ otherLongitude: Double?) {
      guard let latitude, let longitude, let otherLatitude, let otherLongitude else { return nil }
      (from, to) = ((latitude, longitude), (otherLatitude, otherLongitude))
    }

    /// On a globe of 6 371 km.
    var kilometres: Double {
      func radians(_ degrees: Double) -> Double { degrees * .pi / 180 }
      let (first, second) = (radians(from.latitude), radians(to.latitude))
      let (across, along) = (radians(to.longitude - from.longitude), second - first)
      let half = pow(sin(along / 2), 2) + cos(first) * cos(second) * pow(sin(across / 2), 2)
      return 12_742 * asin(min(1, sqrt(half)))
    }
  }

  private let speeds: DatedValues<Int>
  private let detours: DatedValues<Int>

  init(_ settings: Settings) {
    (speeds, detours) = (settings.integers(of: .volunteerSpeed), settings.integers(of: .volunteerDetour))
  }

  /// To five minutes; `nil` where the way there and back takes more than a day.
  func minutes(_ ends: Ends, on day: CivilDate) -> Int? {
    let length = 2 * ends.kilometres * Double(detours[day]) / 100
    let minutes = Int((length / Double(speeds[day]) * 12).rounded()) * 5
    return minutes <= 1_440 ? minutes : nil
  }
}

extension FacilitationRecords {
  /// Whoever helped has given time.
  func announce(_ writes: [RecordWrite<Draft>], _ writing: Writing, _ connection: any Connection) throws {
    try HoursOfSources.follow(.facilitations(writes.map(\.id)), writing, connection)
  }
}

extension MeetingRecords {
  /// So has whoever was at the board or the bureau.
  func announce(_ writes: [RecordWrite<Draft>], _ writing: Writing, _ connection: any Connection) throws {
    try HoursOfSources.follow(.meetings(writes.map(\.id)), writing, connection)
  }
}

extension Records.Operation {
  static let hoursCollected = Operation(rawValue: "heures relevées")
}
