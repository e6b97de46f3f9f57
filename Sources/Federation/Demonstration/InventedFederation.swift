import Records
import Store
import Tables

/// The invented federation's files, one after the other: territories, teams, their stages, people and exchanges.
struct InventedFederation {
  let size: FederationSize
  var random = SeededRandom(seed: 1)
  /// Apart, so that the number of people changes nothing else.
  var peopleRandom = SeededRandom(seed: 3)
  var teams: [Team] = []
  let today: CivilDate
  private var communes: [String: [String]] = [:]
  /// How often each name was given.
  private var rounds: [String: Int] = [:]
  private var waiting: [Part]
  private var exchanges = 0
  /// Of those that were mediations: the day, the channel and the reference.
  private(set) var mediations: [[String]] = []

  private enum Part {
    case territories, structures, states, sites, headcounts, series, people, functions, organisations
  }

  struct Team {
    let reference: String
    let name: String
    let type: StructureType
    let department: String
    /// Communes, the main site's first.
    let places: [String]
    let stages: [(state: String, since: CivilDate)]

    func hasBegun(by date: CivilDate) -> Bool { stages.contains { $0.since <= date } }
  }

  let settings: [(name: String, value: String)] = [
    ("nom", "Fédération de démonstration"),
    ("departements", "01 03 07 15 26 38 42 43 63 69 73 74"),
    ("heures_taux_horaire", "18,50"), ("frais_taux_km", "0,40"), ("frais_indemnite_demi_journee", "75"), ("frais_plafond", "600"),
  ]

  static let territories: [(code: String, name: String, departments: [String])] = [
    ("ouest", "Ouest", ["03", "15", "43", "63"]),
    ("centre", "Centre", ["01", "07", "42", "69"]),
    ("est", "Est", ["26", "38", "73", "74"]),
  ]

  private static let names = [
    "des Quatre Chemins", "Porte du Val", "du Plateau", "des Terres froides", "des Deux Rives", "Au fil de l’eau", "Belle Étoile",
    "du Grand Pré", "des Tilleuls", "de la Source", "du Pont Vieux", "des Trois Vallées", "du Moulin", "de l’Orée", "des Cimes",
    "du Levant", "de la Halle", "des Sorbiers", "du Lavoir", "de la Vigne", "des Remparts", "du Lac", "des Genêts", "de la Clairière",
    "du Verger", "des Fontaines", "de la Croisée", "du Couchant", "des Érables", "de la Combe",
  ]

  private static let subjects = [
    "Recherche de locaux", "Statuts de la SISA", "Recrutement d’une coordination", "Étapes de création", "Répartition des ACI",
    "Projet de santé : accès aux soins", "Choix du logiciel partagé", "Protocole pluriprofessionnel", "Préparation de la commission",
    "Dynamique d’équipe", "Formation à la coordination", "Action de prévention",
  ]

  static func name(of role: Role) -> String {
    switch role {
    case .technique: "Sacha Lindor"
    case .direction: "Odile Marchandet"
    case .chargeMission: "Claire Vasselin"
    case .assistance: "Noé Pralong"
    case .communication: "Inès Carlitte"
    case .tresorerie: "Joël Quintarel"
    case .facilitateur: "Hervé Lantieri"
    case .referent: "Nadia Ferroudj"
    case .ca: "Paul Esnaulin"
    case .formateur: "Léa Sorbière"
    case .jury: "Marc Dessolier"
    case .apprenant: "Aïcha Benmour"
    case .gestionnaireEquipe: "Solène Aubertel"
    case .membreEquipe: "Thibault Maréchin"
    case .expert: "Jeanne Poncetti"
    case .partenaire: "Rémi Vautrel"
    }
  }

  init(_ size: FederationSize, today: CivilDate, _ connection: any Connection) throws {
    self.size = size
    self.today = today
    waiting =
      [.territories, .structures, .states, .sites, .headcounts, .series] + (size.people > 0 ? [.people, .functions] : []) + [.organisations]
    for department in Self.territories.flatMap(\.departments) {
      communes[department] = try connection.rows(
        "SELECT code FROM commune WHERE department = \(department) AND city IS NULL ORDER BY population DESC, code LIMIT 40"
      ).map { try $0[0] }
    }
  }

  /// The next file; `nil` after the last one. Exchanges come in several, so that no memory has to hold them all.
  mutating func next() -> (kind: String, table: Table)? {
    guard waiting.isEmpty else {
      switch waiting.removeFirst() {
      case .territories: return ("territoires", territoryTable())
      case .structures: return ("structures", structureTable())
      case .states: return ("etats", stateTable())
      case .people: return ("personnes", peopleTable())
      case .organisations: return ("organisations", organisationTable())
      case .functions: return ("fonctions", functionTable())
      case .series: return ("series", seriesTable())
      case .sites: return ("sites", siteTable())
      case .headcounts: return ("effectifs", headcountTable())
      }
    }
    let count = min(size.exchanges - exchanges, 50_000)
    guard count > 0 else { return nil }
    defer { exchanges += count }
    return ("echanges", exchangeTable(count, after: exchanges))
  }

  private func territoryTable() -> Table {
    let start = CivilDate.firstDay(of: today.year - size.years - 3).description
    return Table(
      header: ["code", "nom", "departement", "depuis"],
      rows: numbered(Self.territories.flatMap { territory in territory.departments.map { [territory.code, territory.name, $0, start] } }))
  }

  private mutating func structureTable() -> Table {
    let types: [StructureType] =
      Array(repeating: .msp, count: 34) + Array(repeating: .cpts, count: 8) + Array(repeating: .esp, count: 9)
      + Array(repeating: .espClap, count: 2) + Array(repeating: .cds, count: 6) + [.isole]
    let departments = Self.territories.flatMap(\.departments)
    let rows = (0..<size.teams).map { index in
      let type = types[index % types.count]
      let reference = "DEMO-" + padded(index + 1, to: 3)
      // Each round of types begins in another département, or some would never have a CPTS.
      let department = departments[(index + 5 * (index / types.count)) % departments.count]
      let places = (communes[department] ?? []).shuffled(using: &random)
      let given = name(of: type, index)
      let original = original(of: index, type, department)
      let name = original.map { again($0.name) } ?? given
      let sites = Array(places.prefix(type == .msp && index % 3 == 0 ? 2 : 1))
      teams.append(
        Team(
          reference: reference, name: name, type: type, department: department, places: sites, stages: stages(of: type, index: index)))
      let professionals = type == .isole ? 1 : Int.random(in: 5...32, using: &random)
      return [
        reference, type.rawValue, name, department, sites.first ?? "", sites.joined(separator: "|"), String(professionals),
        "contact@\((original?.reference ?? reference).lowercased()).example",
        type == .cpts ? places.prefix(8 + index % 9).joined(separator: "|") : "",
        // Few teams are called every month: the others have agreed on a year, or call themselves.
        index % 6 == 0 ? "" : index % 2 == 0 ? "12" : "0",
      ] + software(index)
    }
    return Table(
      header: [
        "reference", "type", "nom", "departement", "commune", "sites", "nb_professionnels", "courriel", "communes_couvertures",
        "rythme_suivi", "logiciel", "niveau_logiciel", "logiciel_depuis",
      ],
      rows: numbered(rows))
  }

  /// Half of the teams share one; of some of them the level is known.
  private func software(_ index: Int) -> [String] {
    guard index % 2 == 0 else { return ["", "", ""] }
    let since = CivilDate.firstDay(of: today.year - 3).adding(months: index % 30).description
    let level = ["standard", "avance", "standard", "aucun_label", ""][index % 5]
    return [["Trame Santé", "Carnet commun", "Fil partagé"][index % 3], level, level.isEmpty ? "" : since]
  }

  /// A name as another hand would write it.
  private func again(_ name: String) -> String { name.replacing(" ", with: "-").replacing("Maison-de-santé-", with: "MSP ") }

  /// Names come again, of another part of the country.
  private mutating func name(of type: StructureType, _ index: Int) -> String {
    let name = "\(Self.prefix(of: type)) \(Self.names[index % Self.names.count])"
    let round = rounds[name, default: 0]
    rounds[name] = round + 1
    guard round > 0 else { return name }
    let part = Self.parts[(round - 1) % Self.parts.count]
    return round <= Self.parts.count ? "\(name) \(part)" : "\(name) \(part) \((round - 1) / Self.parts.count + 1)"
  }

  private static let parts = ["Nord", "Sud", "Est", "Ouest"]

  private static func prefix(of type: StructureType) -> String {
    switch type {
    case .msp: "Maison de santé"
    case .cpts: "CPTS"
    case .esp, .espClap: "Équipe"
    case .cds: "Centre de santé"
    case .isole: "Cabinet"
    }
  }

  /// Stages begun one after the other since up to three years before the first exchange, as far along the rail as chance takes the team.
  private mutating func stages(of type: StructureType, index: Int) -> [(state: String, since: CivilDate)] {
    let rail = type.stages.filter { $0 != .enPause && $0 != .fermee }
    // Most teams that one hears of get there.
    let reached = (0..<4).map { _ in Int.random(in: 1...rail.count, using: &random) }.max() ?? 1
    let months = index % 2 == 0 ? 0...18 : 12...12 * size.years + 22
    var date = CivilDate.firstDay(of: today.year - size.years - 2).adding(months: Int.random(in: months, using: &random))
    var stages: [(String, CivilDate)] = []
    for stage in rail.prefix(reached) where date < today {
      stages.append((stage.rawValue, date))
      date = later(date, months: 2...7)
    }
    if reached == rail.count, type.signsACI, date < today, index % 4 != 0 {
      stages.append(((type == .cpts ? Facet.association : .sisa).rawValue, date))
      let signed = later(date, months: 1...5)
      if signed < today { stages.append((Facet.aci.rawValue, signed)) }
    }
    if index % 29 == 7, date < today { stages.append((Stage.fermee.rawValue, date)) }
    if index % 17 == 5, date < today { stages.append((Stage.enPause.rawValue, date)) }
    return stages
  }

  private mutating func later(_ date: CivilDate, months: ClosedRange<Int>) -> CivilDate {
    var date = date.adding(months: Int.random(in: months, using: &random))
    for _ in 0..<Int.random(in: 0...25, using: &random) { date = date.next }
    return date
  }

  private func stateTable() -> Table {
    let rows = teams.flatMap { team in
      team.stages.filter { stage in StateCode(stage.state).map { allows($0, team.type) } ?? false }
        .map { [team.reference, $0.state, $0.since.description] }
    }
    return Table(header: ["structure", "etat", "depuis"], rows: numbered(rows))
  }

  private func allows(_ state: StateCode, _ type: StructureType) -> Bool {
    guard case .stage(let stage) = state else { return true }
    return type.stages.contains(stage)
  }

  private mutating func exchangeTable(_ count: Int, after first: Int) -> Table {
    let days = Self.workingDays(from: .firstDay(of: today.year - size.years + 1), through: today)
    let themes = ReferenceList.theme.seeds.map(\.code)
    let natures = ReferenceList.nature.seeds.map(\.code)
    let channels: [Channel] = [.telephone, .telephone, .telephone, .telephone, .courriel, .courriel, .visio, .reunion, .visite]
    let authors = [Role.chargeMission, .direction, .assistance].map(Self.name(of:))
    var rows: [[String]] = []
    while rows.count < count {
      let number = first + rows.count
      let date = days.randomElement(using: &random) ?? today
      let team = teams.randomElement(using: &random)
      guard let team, team.hasBegun(by: date) else { continue }
      // One exchange in nine brings two teams together.
      let others =
        number % 9 == 0
        ? teams.indices.filter { teams[$0].department != team.department && teams[$0].hasBegun(by: date) } : []
      let partner = others.randomElement(using: &random).map { teams[$0] }
      let channel = channels.randomElement(using: &random) ?? .telephone
      let minutes = channel == .courriel ? 10 : [15, 20, 25, 30, 45, 60, 90].randomElement(using: &random) ?? 30
      let structures = [team.reference, partner?.reference].compactMap { $0 }.joined(separator: "|")
      let subjects = themes.shuffled(using: &random).prefix(Int.random(in: 1...2, using: &random)).joined(separator: "|")
      let act = natures.randomElement(using: &random) ?? ""
      // One in five has two of them, the one after it in the list too.
      let next = natures.firstIndex(of: act).map { natures[($0 + 1) % natures.count] }
      let nature = number % 5 == 0 ? [act, next].compactMap { $0 }.joined(separator: "|") : act
      let subject = Self.subjects.randomElement(using: &random) ?? ""
      let author = authors.randomElement(using: &random) ?? ""
      let reference = "ECH-" + padded(number + 1, to: 4)
      // To a meeting in three comes the team's ARS, to some of them the health insurance too.
      let isWithPartners = [.reunion, .visio, .visite].contains(channel) && number % 3 == 0
      let partners = isWithPartners ? (number % 2 == 0 ? ["ARS", "CPAM"] : ["ARS"]).map { "\($0)-\(team.department)" } : []
      rows.append([
        date.description, channel.rawValue, structures, subjects, nature, subject, String(minutes), author, reference, somebody(),
        partners.joined(separator: "|"),
      ])
      if number % 300 == 40 { mediations.append([date.description, channel.rawValue, reference]) }
    }
    return Table(
      header: [
        "date", "canal", "structures", "themes", "natures", "objet", "duree_minutes", "auteur", "reference", "personnes", "organisations",
      ],
      rows: numbered(rows))
  }

  /// The exchanges of three years before any was noted here, as the reports of those years told them.
  private func seriesTable() -> Table {
    let channels = [Channel.telephone, .courriel, .reunion, .visite, .visio].map(\.rawValue)
    let reports: [(counts: [Int], teams: Int, minutes: Int)] = [
      ([84, 22, 5, 9, 0], 24, 2_705), ([102, 31, 4, 7, 2], 29, 3_340), ([118, 34, 6, 8, 12], 35, 4_120),
    ]
    let rows = reports.enumerated().flatMap { index, report in
      let year = String(today.year - 5 + index)
      let whole = [
        ("contacts.count", report.counts.reduce(0, +), ""), ("contacts.structures", report.teams, ""),
        ("contacts.minutes", report.minutes, ""),
      ]
      let parts = zip(report.counts, channels).map { ("contacts.count", $0, "canal=\($1)") }
      return (whole + parts).map { figure, value, cell in [figure, year, String(value), "Rapport d’activité \(year)", cell] }
    }
    return Table(header: ["figure", "periode", "valeur", "source", "dimensions"], rows: numbered(rows))
  }

  private static func workingDays(from first: CivilDate, through last: CivilDate) -> [CivilDate] {
    // 1 January 2001 was a Monday.
    let weekday = first.days(since: .firstDay(of: 2001))
    return (0...last.days(since: first)).filter { ($0 + weekday) % 7 < 5 }.map { first.adding(days: $0) }
  }

  func commune(in department: String, using random: inout SeededRandom) -> String {
    communes[department]?.randomElement(using: &random) ?? ""
  }

  func padded(_ number: Int, to width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }

  func numbered(_ rows: [[String]]) -> [Table.Row] {
    rows.enumerated().map { Table.Row(number: $0.offset + 2, cells: $0.element) }
  }
}
