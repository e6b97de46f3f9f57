import Store

/// A part of the house that a role opens or not.
public enum Area: CaseIterable, Sendable {
  /// Structures, people and organisations.
  case directory
  /// The contact log.
  case exchanges
  /// Peers who help teams.
  case facilitations
  /// What a peer is asked, will do and has done.
  case ownFacilitations
  /// Health projects that are re-read.
  case readings
  /// What teams ask experts.
  case questions
  /// Those who ask for the first time.
  case firstContacts
  /// E-mail to people of the directory.
  case letters
  /// What of the log is confidential: mediation, for one.
  case confidential
  /// Volunteer time, by person and year.
  case volunteering
  /// What people who are not on the payroll spend, and are paid back.
  case expenses
  /// Tasks and appointments.
  case tasks
  /// Minutes of meetings, and what was decided.
  case meetings
  /// What others follow and have to do, and what nobody does.
  case portfolios
  /// Figures and reports.
  case figures
  /// The sheets of the départements.
  case sheets
  /// Who signs in, and as what.
  case accounts
  /// Who may do what.
  case rights
  /// What is held on people, and for how long: the register, exports, erasures.
  case personalData
  /// Files brought in, each kind by those who write its records.
  case imports

  public var label: String {
    switch self {
    case .directory: "Annuaire"
    case .exchanges: "Échanges"
    case .facilitations: "Facilitations"
    case .ownFacilitations: "Espace de facilitateur"
    case .readings: "Relectures"
    case .questions: "Questions aux experts"
    case .firstContacts: "Premiers contacts"
    case .letters: "Courriels"
    case .confidential: "Notes confidentielles"
    case .volunteering: "Bénévolat"
    case .expenses: "Notes de frais"
    case .tasks: "Tâches"
    case .meetings: "Comptes rendus"
    case .portfolios: "Portefeuilles"
    case .figures: "Chiffres et rapports"
    case .sheets: "Fiches des départements"
    case .accounts: "Comptes"
    case .rights: "Droits des rôles"
    case .imports: "Imports"
    case .personalData: "Données personnelles"
    }
  }
}

/// What is done with records.
public enum Verb: Sendable {
  case read, write
  /// Fixes a report for everybody, closes a year, approves claims, answers a question.
  case publish
}

/// How many of an area's records.
public enum Scope: Sendable {
  case none, all
  /// Those of the account's own territory, on the day of each.
  case ownTerritory
  /// Those that the account has to do, or made.
  case own
  /// Those of the départements that are open to the account.
  case ownDepartments

  /// After « lit » and « écrit ».
  public var label: String {
    switch self {
    case .none: "rien"
    case .all: "tout"
    case .ownTerritory: "ce qui est de son territoire"
    case .own: "ce qui lui revient"
    case .ownDepartments: "celles qui lui sont ouvertes"
    }
  }
}

extension Role {
  /// Who may do what, by default. Parts that need a view of their own (a team's, a trainee's) stay closed until it exists.
  public func scope(_ verb: Verb, _ area: Area) -> Scope {
    switch (self, verb, area) {
    case (.direction, .publish, .figures), (.communication, .publish, .figures): .all
    // Closes a year, and opens it again.
    case (.direction, .publish, .volunteering): .all
    // Approves claims, and pays them.
    case (.direction, .publish, .expenses), (.assistance, .publish, .expenses), (.tresorerie, .publish, .expenses): .all
    // Writes what was answered: an expert, to what was sent to them.
    case (.direction, .publish, .questions), (.chargeMission, .publish, .questions), (.assistance, .publish, .questions): .all
    case (.expert, .publish, .questions), (.expert, .read, .questions): .own
    case (_, .publish, _): .none
    case (.direction, _, .accounts), (.technique, _, .accounts): .all
    case (_, _, .accounts): .none
    // The staff read the table of rights; nobody writes it, for it is the program's own.
    case (.technique, .read, .rights), (.communication, .read, .rights), (.tresorerie, .read, .rights): .all
    case (_, .write, .rights), (_, .write, .sheets): .none
    // Others' are the direction's alone; who follows a team reads those of that team.
    case (.direction, _, .confidential): .all
    case (.chargeMission, _, .confidential): .own
    case (_, _, .confidential): .none
    // Everybody hands over their own.
    case (.direction, _, .portfolios): .all
    case (_, _, .portfolios): .none
    // Whoever answers for the register, to the people and to the CNIL.
    case (.direction, _, .personalData): .all
    case (_, _, .personalData): .none
    // Of the person whose address the account has: their invitations, meetings, hours and profile.
    case (.facilitateur, _, .ownFacilitations): .own
    case (_, _, .ownFacilitations): .none
    case (.direction, _, _), (.chargeMission, _, _), (.assistance, _, _): .all
    case (.communication, .read, .sheets), (.referent, .read, .sheets), (.ca, .read, .sheets): .all
    case (.partenaire, .read, .sheets): .ownDepartments
    case (.communication, .read, .directory), (.communication, .read, .figures), (.communication, .write, .figures): .all
    // To whom the directory shows: all of it.
    case (.communication, _, .letters): .all
    case (.tresorerie, .read, .directory), (.tresorerie, .read, .volunteering), (.tresorerie, _, .expenses): .all
    // Their own, by the address of the account.
    case (.facilitateur, _, .expenses): .own
    case (.referent, .read, .directory), (.referent, .read, .figures): .all
    case (.referent, .read, .exchanges), (.referent, .read, .firstContacts): .ownTerritory
    case (.ca, .read, .directory), (.ca, .read, .figures): .all
    // Each but those of `MeetingKind.closed`.
    case (.ca, .read, .meetings), (.referent, .read, .meetings): .all
    case (.communication, _, .tasks), (.tresorerie, _, .tasks), (.referent, _, .tasks): .own
    default: .none
    }
  }

  /// The parts of the house that the role opens, be it only to read some of it.
  public var areas: Set<Area> { Set(Area.allCases.filter { scope(.read, $0) != .none }) }
}

extension Account {
  /// Whether the sheet of a département is open to the person.
  public func opens(department code: String) -> Bool {
    switch role.scope(.read, .sheets) {
    case .all: true
    case .ownDepartments: departments.contains(code)
    case .none, .own, .ownTerritory: false
    }
  }
}

extension Exchange {
  /// The exchanges `e` that an account may read.
  static func readable(by reader: Account) -> SQL {
    switch reader.role.scope(.read, .exchanges) {
    case .all: notHidden("e.id", from: reader)
    case .ownTerritory:
      """
      e.id IN (
        SELECT x.exchange_id FROM exchange_structure x JOIN structure s ON s.id = x.structure_id
        JOIN territory_span t ON t.department = s.department AND t.since <= x.date AND x.date < t.until
        WHERE t.territory = \(reader.territory)) AND \(notHidden("e.id", from: reader))
      """
    case .none, .own, .ownDepartments: "1 = 0"
    }
  }

  /// That an exchange is none of the confidential ones that are kept from an account, in the bin or not: they are few, and an index
  /// holds them alone, so that the order of the log goes on answering by itself.
  static func notHidden(_ id: SQL, from reader: Account) -> SQL {
    hidden(from: reader).map { "\(id) NOT IN (\($0))" } ?? "1 = 1"
  }

  /// The confidential exchanges that an account may not read; `nil` when it reads all of them.
  static func hidden(from reader: Account) -> SQL? {
    let confidential: SQL = "SELECT h.id FROM exchange h WHERE h.visibility = 'confidentielle'"
    switch reader.role.scope(.read, .confidential) {
    case .all: return nil
    case .own: return "\(confidential) AND h.author_id IS DISTINCT FROM \(reader.id) \(ofOthersTeams(reader))"
    case .none, .ownTerritory, .ownDepartments: return confidential
    }
  }
}

extension Exchange {
  /// That the account follows no team of an exchange `h` on its day.
  private static func ofOthersTeams(_ reader: Account) -> SQL {
    guard let day = reader.day else { return "" }
    return """
      AND NOT EXISTS (
        SELECT 1 FROM exchange_structure x JOIN team_follower f ON f.structure_id = x.structure_id
        WHERE x.exchange_id = h.id AND f.account_id = \(reader.id) AND \(Follower.inForce(on: day)))
      """
  }
}

extension ToDo {
  /// The tasks `t` that an account may read.
  static func readable(by reader: Account) -> SQL {
    switch reader.role.scope(.read, .tasks) {
    case .all: notHidden("t.id", from: reader)
    case .own: "t.account_id IN \(list: [reader.id] + reader.standsFor)"
    case .none, .ownTerritory, .ownDepartments: "1 = 0"
    }
  }

  /// That a task is no next step of a confidential exchange, nor of a decision, that is kept from an account, unless it is the account's to
  /// do, or of somebody for whom it stands in.
  static func notHidden(_ id: SQL, from reader: Account) -> SQL {
    hidden(from: reader).map { "\(id) NOT IN (\($0))" } ?? "1 = 1"
  }

  static func hidden(from reader: Account) -> SQL? {
    let steps = Exchange.hidden(from: reader).map { hidden -> SQL in
      """
      SELECT k.id FROM todo k WHERE k.exchange_id IN (\(hidden))
        AND (k.account_id IS NULL OR k.account_id NOT IN \(list: [reader.id] + reader.standsFor))
      """
    }
    let all = [steps, hiddenDecisions(from: reader)].compactMap(\.self)
    return all.isEmpty ? nil : all.joined(by: " UNION ALL ")
  }
}

extension Account {
  /// Of an area whose other records the role reads, the identifiers of those that are kept from the account; `nil` when none is.
  func hidden(in area: Area) -> SQL? {
    switch area {
    case .exchanges: Exchange.hidden(from: self)
    case .tasks: ToDo.hidden(from: self)
    case .meetings: Meeting.hidden(from: role)
    case .expenses: ExpenseClaim.hidden(from: self)
    default: nil
    }
  }
}
