import Records
import Store

/// The time that people give who are not on the payroll (FAC-06, GOV-05, R19): one register, a line for each person and occasion.
public enum VolunteerHours {}

/// What becomes of a line.
public enum VolunteerState: String, CodedValue {
  case proposed = "proposee"
  /// Somebody of the staff says that it is right: it counts.
  case validated = "validee"
  case refused = "refusee"

  public static let list = ReferenceList("volunteer_state", label: "État", of: VolunteerState.self)

  public var label: String {
    switch self {
    case .proposed: "Proposée"
    case .validated: "Validée"
    case .refused: "Refusée"
    }
  }
}

extension ReferenceList {
  /// What the time was given to.
  public static let volunteerActivity = ReferenceList(
    "volunteer_activity", label: "Activité bénévole",
    seeds: [
      Seed(VolunteerHours.facilitation, "Facilitation"), Seed("formation", "Formation"),
      Seed(VolunteerHours.board, "Conseil d’administration"),
      Seed(VolunteerHours.bureau, "Bureau"), Seed("representation", "Représentation"), Seed("groupe_travail", "Groupe de travail"),
      Seed("autre", "Autre"),
    ])
}

extension Setting {
  /// Whether the way there and back is volunteer time.
  public static let volunteerTravel = yesOrNo(
    "heures_trajet_compte", help: "Le temps de trajet compte-t-il dans les heures bénévoles\u{202F}?", default: "oui")
  public static let volunteerSpeed = integer(
    "heures_trajet_vitesse", help: "Vitesse moyenne d’un trajet, en km/h, pour proposer sa durée", default: 60, in: 20...130)
  public static let volunteerDetour = integer(
    "heures_trajet_detour", help: "Longueur d’un trajet par la route, en % de la distance à vol d’oiseau", default: 130, in: 100...200)
  public static let volunteerDay = integer(
    "heures_seuil_jour", help: "Heures bénévoles d’une journée au-delà desquelles une confirmation est demandée", default: 12, in: 1...24)
  /// What an hour is worth in the accounts.
  public static let volunteerRate = euros("heures_taux_horaire", help: "Valeur d’une heure de bénévolat")
}

extension Capability {
  static let volunteering = Capability(
    "volunteering", migrations: [VolunteerHours.migration, VolunteerYear.migration], lists: [VolunteerState.list, .volunteerActivity],
    settings: [.volunteerTravel, .volunteerSpeed, .volunteerDetour, .volunteerDay, .volunteerRate], kinds: [VolunteerHoursRecords()],
    figures: VolunteerHours.figures)
}

extension VolunteerHours {
  static let facilitation = "facilitation"
  static let board = "conseil_administration"
  static let bureau = "bureau"

  /// A line of a facilitation or of minutes is known by its source: done twice it is done once. What it comes from is no foreign key,
  /// for a line that was validated stays when its source goes.
  static let migration = Migration(
    "202611231340-volunteering",
    [
      """
      CREATE TABLE volunteer_hours (
        id \(.id) PRIMARY KEY, reference \(.text) NOT NULL, person_id \(.id) NOT NULL REFERENCES person (id), activity \(.text) NOT NULL,
        date \(.date) NOT NULL, minutes \(.int) CHECK (minutes BETWEEN 1 AND 1440), travel \(.int) CHECK (travel BETWEEN 0 AND 1440),
        purpose \(.text), state \(.text) NOT NULL, reason \(.text), facilitation_id \(.id), meeting_id \(.id), source \(.text),
        source_minutes \(.int), source_travel \(.int), version \(.int) NOT NULL DEFAULT 1, removed_at \(.instant),
        CHECK (state <> 'validee' OR minutes IS NOT NULL), CHECK (state <> 'refusee' OR reason IS NOT NULL),
        CHECK (COALESCE(minutes, 0) + COALESCE(travel, 0) <= 1440)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      "CREATE UNIQUE INDEX volunteer_hours_reference ON volunteer_hours (reference) WHERE removed_at IS NULL",
      "CREATE UNIQUE INDEX volunteer_hours_source ON volunteer_hours (source) WHERE source IS NOT NULL",
      "CREATE INDEX volunteer_hours_date ON volunteer_hours (date, id) WHERE removed_at IS NULL",
      "CREATE INDEX volunteer_hours_person ON volunteer_hours (person_id)",
      "CREATE INDEX volunteer_hours_facilitation ON volunteer_hours (facilitation_id) WHERE facilitation_id IS NOT NULL",
      "CREATE INDEX volunteer_hours_meeting ON volunteer_hours (meeting_id) WHERE meeting_id IS NOT NULL",
    ])

  /// The minutes of a line `h` that count: the presence, and the travel where that is the rule of its day or of its closed year.
  static let counted: SQL = """
    (COALESCE(h.minutes, 0) + CASE WHEN COALESCE(
        (SELECT CASE WHEN c.travel THEN 'oui' ELSE 'non' END FROM volunteer_year_closure c
          WHERE c.reopened_at IS NULL AND c.year = \(year)),
        \(Setting.volunteerTravel.value(onDayOf: "h.date"))) = 'oui' THEN COALESCE(h.travel, 0) ELSE 0 END)
    """

  /// That of a line `h`.
  static let year: SQL = "CAST(substr(h.date, 1, 4) AS \(.int))"

  static let searchSource = SearchSource(
    "heures", from: "volunteer_hours h", id: "h.id", where: "h.removed_at IS NULL", ["h.reference": .key, "h.purpose": .words])
}

extension Role {
  /// Whose time is paid: what they do for the federation is no volunteer time. A treasurer is an elected person.
  var isOnPayroll: Bool { isStaff && self != .tresorerie }
}

extension Person {
  /// That a person `p` works for the federation: an open account of theirs has such a role.
  static let isOnPayroll: SQL = """
    EXISTS (SELECT 1 FROM account a WHERE a.closed_at IS NULL AND LOWER(a.email) = LOWER(p.email)
      AND a.role IN \(list: Role.allCases.filter(\.isOnPayroll).map(\.rawValue)))
    """
}
