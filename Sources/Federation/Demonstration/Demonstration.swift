import Foundation
import Records
import Store
import Tables

/// How much an invented federation holds.
public struct FederationSize: Sendable {
  let teams: Int
  let people: Int
  let exchanges: Int
  /// Of exchanges, the current one included.
  let years: Int
  let facilitators: Int
  /// Over the years.
  let facilitations: Int

  public init(teams: Int, people: Int, exchanges: Int, years: Int, facilitators: Int = 12, facilitations: Int = 90) {
    self.facilitators = facilitators
    self.facilitations = facilitations
    self.teams = teams
    self.people = people
    self.exchanges = exchanges
    self.years = years
  }

  /// What `maillage demo` makes: a region of twelve départements.
  public static let demonstration = FederationSize(teams: 220, people: 2_400, exchanges: 1_500, years: 4)

  /// The sets that speed is measured on (`make bench`): S and M are what federations have, L is beyond all of them.
  public static let measured = [
    "S": FederationSize(teams: 500, people: 2_400, exchanges: 20_000, years: 5),
    "M": FederationSize(teams: 1_000, people: 12_000, exchanges: 60_000, years: 10, facilitators: 500, facilitations: 4_600),
    "L": FederationSize(teams: 5_000, people: 120_000, exchanges: 1_000_000, years: 20, facilitators: 500, facilitations: 9_200),
  ]
}

/// A whole invented federation: the same each time it is made on one day, its years counted back from the current one.
public struct Demonstration: Sendable {
  private let installation: Installation

  public init(_ installation: Installation) {
    self.installation = installation
  }

  /// An account of the demonstration.
  public struct Login: Sendable {
    public let email: String
    public let password: String
    public let role: Role

    /// The account that each demonstration has of `role`.
    public init(_ role: Role) {
      let word = role.rawValue.replacing("_", with: "-")
      (email, password) = ("\(word)@demonstration.example", "demonstration-\(word)")
      self.role = role
    }
  }

  /// Fills an empty database, or one that a demonstration made when `reset` is asked.
  /// - Throws: `Refusal` when the database holds a federation's own data.
  public func make(reset: Bool, size: FederationSize) async throws -> [Login] {
    // Asked of the database as it is: a federation's own of an older version is not brought up to date by a mistaken command.
    try await prepare(reset: reset)
    _ = try await installation.model.migrate(installation.database)
    try await installation.settings.setUnchecked(.isDemonstration, to: "oui")
    let today = try await installation.database.read { [now = installation.now] in try Settings($0).today(now()) }
    var invented = try await installation.database.read { try InventedFederation(size, today: today, $0) }
    // The same identifiers each time: clock and randomness of their own.
    let random = SharedRandom(seed: 2)
    let start = installation.now()
    let day = start.addingTimeInterval(-start.timeIntervalSince1970.truncatingRemainder(dividingBy: 86_400))
    let ids = IdentifierSource(now: { day }, randomBits: random.next)
    let importer = Importer(database: installation.database, ids: ids, now: installation.now)
    while let (kind, table) = invented.next() { try await bring(kind, table, importer) }
    for setting in invented.settings { try await installation.settings.set(setting.name, to: setting.value) }
    let logins = try await makeAccounts()
    // Only now is there somebody to keep them, and to do them.
    try await bring("echanges", invented.mediationTable(), importer)
    try await bring("taches", invented.taskTable(), importer)
    try await bring("suivis", invented.followerTable(), importer)
    try await bring("remplacements", invented.standInTable(), importer)
    try await bring("premiers_contacts", invented.firstContactTable(), importer)
    try await bring("successions", invented.successionTable(), importer)
    try await bring("zonages", invented.zoningTable(), importer)
    try await bring("comptes_rendus", invented.meetingTable(), importer)
    try await bring("facilitateurs", invented.facilitatorTable(), importer)
    try await bring("facilitations", invented.facilitationTable(), importer)
    try await bring("heures", invented.hoursTable(), importer)
    try await bring("frais", invented.expenseTable(), importer)
    try await bring("seances", invented.sittingTable(), importer)
    try await bring("dossiers", invented.commissionFileTable(), importer)
    try await bring("programmes", invented.programmeTable(), importer)
    try await bring("inscriptions", invented.enrolmentTable(), importer)
    try await bring("seances_programme", invented.workshopTable(), importer)
    try await bring("relectures", invented.readingTable(), importer)
    try await bring("remarques_relecture", invented.remarkTable(), importer)
    try await joinProject()
    try await bring("personnes", invented.expertTable(), importer)
    try await bring("questions", invented.questionTable(), importer)
    try await bring("mises_en_relation", invented.introductionTable(), importer)
    try await bring("taches", invented.decisionTaskTable(), importer)
    try await bring("decisions", invented.decisionTable(), importer)
    try await bring("cibles", invented.targetTable(), importer)
    try await bring("consentements", invented.consentTable(), importer)
    try await bring("personnes", invented.formerPeopleTable(), importer)
    try await bring("fonctions", invented.formerFunctionTable(), importer)
    try await bring("blocs", invented.reportTable(), importer)
    try await makeDecisions()
    try await makeComments()
    try await makeInvitations(today)
    try await makeConfirmations(today)
    try await makeMails(invented, ids)
    return logins
  }

  private func prepare(reset: Bool) async throws {
    try await installation.database.write { [model = installation.model] connection in
      let tables = try connection.tableNames()
      let isDemonstration = try Self.isDemonstration(tables, connection)
      let isEmpty = try Self.isEmpty(model, tables, connection)
      guard reset || isEmpty else {
        throw Refusal("La base contient déjà des données ; « maillage demo --reset » refait une démonstration depuis le début.")
      }
      guard isDemonstration || isEmpty else {
        throw Refusal("Cette base n’a pas été faite par « maillage demo » : elle n’est pas effacée.")
      }
      if isDemonstration { try connection.dropEverything() }
    }
  }

  /// In the table of settings that the database's version has.
  private static func isDemonstration(_ tables: Set<String>, _ connection: any Connection) throws -> Bool {
    try ["setting", "setting_value"].filter(tables.contains).contains { table in
      try connection.value("SELECT value FROM \(SQL(unsafeText: table)) WHERE name = \(Setting.isDemonstration.name)") == "oui"
    }
  }

  /// Whether nobody has put anything of their own in it: no record, no account, no setting.
  private static func isEmpty(_ model: Model, _ tables: Set<String>, _ connection: any Connection) throws -> Bool {
    try (model.kinds.map(\.table) + ["account", "setting", "setting_value"]).filter(tables.contains).allSatisfy { table in
      // The register comes with every new database.
      try table == ProcessingRecords().table || connection.value("SELECT 1 FROM \(SQL(unsafeText: table)) LIMIT 1", as: Int.self) == nil
    }
  }

  private func bring(_ kind: String, _ table: Table, _ importer: Importer) async throws {
    let outcome = try await importer.run(
      try installation.model.kind(kind), table: table, fileName: "démonstration", options: ImportOptions())
    if let first = outcome.refused.first {
      throw Refusal(
        "Les données de démonstration sont refusées : \(kind), ligne \(first.line), \(first.fault.column) : \(first.fault.reason).")
    }
  }

  /// The first version of the project that is being read, and the second.
  private func joinProject() async throws {
    let reading = try await installation.database.read { connection in
      try connection.value("SELECT id FROM project_reading WHERE reference = \(InventedFederation.openReading)", as: Int64.self)
    }
    guard let reading, let author = try await account(of: .chargeMission) else { return }
    for (name, text) in InventedFederation.projects {
      try await installation.attachments(of: author).add([(name, Array(text.utf8))], to: reading, of: installation.model.kind("relectures"))
    }
  }

  private func makeComments() async throws {
    let team = try await installation.database.read { try Self.team("DEMO-001", $0) }
    guard let team else { return }
    for comment in InventedFederation.comments {
      guard let author = try await account(of: comment.role) else { continue }
      _ = try await installation.comments(of: author).write(installation.ids.next(), on: team, of: "structures", comment.text)
    }
  }

  /// Of the claims that were sent, most were decided on, and some paid.
  private func makeDecisions() async throws {
    guard let treasurer = try await account(of: .tresorerie) else { return }
    let desk = ExpenseDesk(installation, actor: treasurer)
    for decision in InventedFederation.expenseDecisions {
      guard
        let found = try await installation.database.read({
          try $0.first("SELECT id, total FROM expense_claim WHERE reference = \(decision.claim) AND state = 'envoyee'")
        })
      else { continue }
      let (id, total): (Identifier<ExpenseClaim>, Int) = (try found[0], try found[1])
      if let reason = decision.refusal {
        _ = try await desk.refuse(id, because: reason)
      } else {
        _ = try await desk.approve(id, total: total, withoutReceipt: true)
        if decision.isWaived { _ = try await desk.waive(id) }
      }
      guard decision.isLastOfPayment else { continue }
      _ = try await desk.pay(try await installation.database.read { try ExpensePayment.Preview($0).mark })
    }
  }

  private func account(of role: Role) async throws -> Account? {
    try await installation.database.read { [now = installation.now] in
      try Colleagues(at: now(), $0).accounts.first { $0.role == role }
    }
  }

  private static func team(_ reference: String, _ connection: any Connection) throws -> Int64? {
    try connection.value("SELECT id FROM structure WHERE reference = \(reference)")
  }

  /// What the facilitator who signs in is asked; nobody is written to.
  private func makeInvitations(_ today: CivilDate) async throws {
    guard let sender = try await account(of: .chargeMission) else { return }
    let (asked, own) = try await installation.database.read { connection in
      (
        try connection.rows(
          """
          SELECT f.id FROM facilitation f WHERE f.state IN ('demandee', 'qualifiee') AND f.date IS NULL ORDER BY f.requested_on DESC, f.id LIMIT 2
          """
        ).map { try $0[0] as Identifier<Facilitation> },
        try connection.rows(
          """
          SELECT w.id FROM facilitator w JOIN person p ON p.id = w.person_id WHERE p.email = \(Login(.facilitateur).email)
          UNION ALL SELECT * FROM (SELECT w.id FROM facilitator w WHERE w.paused_since IS NULL ORDER BY w.id LIMIT 2) o
          """
        ).map { try $0[0] as Identifier<Facilitator> }
      )
    }
    guard own.count > 2 else { return }
    for (index, facilitation) in asked.enumerated() {
      let slots = [9, 14].map { Invitation.Slot(date: today.adding(days: $0 + index), time: "12:30") }
      _ = try await InvitationDesk(installation, actor: sender).invite(
        Array(Set(own)).sorted(), to: facilitation,
        .init(
          places: 2 - index, through: today.adding(days: 2 + 6 * index), slots: index == 0 ? slots : [],
          message: index == 0 ? "L’équipe serait heureuse d’entendre votre expérience." : nil), isSilent: true)
    }
  }

  /// Teams have answered « confirmez votre fiche » as they do, by their links.
  private func makeConfirmations(_ today: CivilDate) async throws {
    guard let sender = try await account(of: .direction) else { return }
    _ = try await FormStamp.of(installation.database)
    let (desk, door) = (SheetDesk(installation, actor: sender), SheetDoor(installation))
    for answer in InventedFederation.sheetAnswers {
      let token = try await installation.database.write { [now = installation.now] connection -> String? in
        guard let link = try SignedLink<SheetRequest>(SheetConfirmation.linkPurpose, connection),
          let team = try Self.team(answer.team, connection),
          let recipient = try SheetRecipient.all(of: [team], on: today, connection).first, let email = recipient.email
        else { return nil }
        let end = today.adding(days: SheetConfirmation.validity)
        return try desk.request(of: recipient, at: email, through: end, link, today: today, now(), connection)
      }
      guard let token, case .open(let opened) = try await door.open(token) else { continue }
      let shown = opened.entries.merging([SheetConfirmation.coordination: opened.coordination]) { $1 }
      let proposed = answer.corrections.map { shown.merging($0) { $1 } }
      _ = try await door.answer(token, shown: shown, proposed: proposed, from: Origin(client: nil, browser: nil))
    }
  }

  /// What came into the mailbox: one message is an exchange, one is put aside, the others wait.
  private func makeMails(_ invented: InventedFederation, _ ids: IdentifierSource) async throws {
    guard invented.size.people > 0, let direction = try await account(of: .direction) else { return }
    let receiver = MailReceiver(installation, ids: ids)
    for (index, mail) in invented.receivedMails.enumerated() {
      try await receiver.receive(mail.incoming(index, at: installation.now()))
      guard mail.isDismissed else { continue }
      let found: Identifier<ReceivedMail>? = try await installation.database.read {
        try $0.value("SELECT id FROM received_mail WHERE state = 'attente' AND subject = \(mail.subject)")
      }
      if let found { try await ReceivedMailDesk(installation, actor: direction).dismiss(found) }
    }
  }

  private func makeAccounts() async throws -> [Login] {
    let logins = Role.allCases.map(Login.init)
    for login in logins {
      let role = login.role
      let isTeam = role == .gestionnaireEquipe || role == .membreEquipe
      try await installation.accounts.create(
        email: login.email, name: InventedFederation.name(of: role), role: role, territory: role == .referent ? "est" : nil,
        structure: isTeam ? "DEMO-001" : nil, departments: role == .partenaire ? "38 73" : nil, password: login.password)
    }
    return logins
  }
}
