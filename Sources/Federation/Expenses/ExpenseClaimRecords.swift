import Records
import Store

/// Expense claims in files and forms.
struct ExpenseClaimRecords: RecordKind {
  struct Draft: Equatable, Sendable, Codable {
    var reference: String?
    var person: Identifier<Person>?
    var date: CivilDate?
    var purpose: String?
    /// The journey: from where, where to, and how far there and back, in tenths of a kilometre.
    var origin: String?
    var destination: String?
    var distance: Int?
    /// What was spent, in cents.
    var tolls: Int?
    var parking: Int?
    var train: Int?
    var meals: Int?
    var other: Int?
    var otherPurpose: String?
    var halfDays: Int?
    var facilitation: Identifier<Facilitation>?
    var meeting: Identifier<Meeting>?
    var state: ExpenseState?
    /// Why it was refused.
    var reason: String?
    /// What a kilometre is worth in thousandths of a euro and half a day in cents, by the settings of its day, and what all comes to.
    var rate: Int?
    var indemnity: Int?
    var total = 0
    var sentOn: CivilDate?
    var decidedOn: CivilDate?
    var decidedBy: Identifier<Account>?
    var waivedOn: CivilDate?
    var payment: Identifier<ExpensePayment>?
    /// A merge leads it to another record of its person.
    var isLed = false
    /// Somebody who may has decided on it, where claims are decided on.
    var isDecided = false

    private enum CodingKeys: String, CodingKey {
      case reference, person, date, purpose, origin, destination, distance, tolls, parking, train, meals, other, otherPurpose, halfDays
      case facilitation, meeting, state, reason, rate, indemnity, total, sentOn, decidedOn, decidedBy, waivedOn, payment
    }

    /// What the person says, without what became of it.
    var content: Draft {
      var draft = self
      (draft.state, draft.reason, draft.rate, draft.indemnity, draft.total) = (nil, nil, nil, nil, 0)
      (draft.sentOn, draft.decidedOn, draft.decidedBy, draft.waivedOn, draft.payment) = (nil, nil, nil, nil, nil)
      (draft.isLed, draft.isDecided) = (false, false)
      return draft
    }

    var lines: [ExpenseLine] { ExpenseClaim.lines(distance, rate, [tolls, parking, train, meals, other], halfDays, indemnity) }
  }

  struct Context: PersonContext {
    let lists: ReferenceLists
    let people: PersonIndex
    let payroll: Set<Identifier<Person>>
    let settings: Settings
    let facilitations: NameIndex<Facilitation>
    let meetings: NameIndex<Meeting>
  }

  /// The only people spoken of, where these are known beforehand.
  var among: [Identifier<Person>]?

  let name = "frais"
  let label = "Notes de frais"
  let table = "expense_claim"
  let ownedTables: [OwnedTable] = []
  let blank = Draft()
  let caption = RecordCaption(reference: "t.reference", label: "t.purpose", fold: "t.purpose", date: "t.date")
  var searched: SearchSource? { ExpenseClaim.searchSource }
  var links: [RecordLink<Draft>] {
    [
      RecordLink(to: "personnes", table: table, column: "person_id") { draft, old, new in
        if draft.person?.rawValue == old { (draft.person, draft.isLed) = (Identifier(rawValue: new), true) }
      }
    ]
  }

  let fields: [Field<Draft, Context>] = [
    .text("reference", label: "Référence", \.reference, isRequired: true, limit: 80),
    .person(\.person),
    .date("date", label: "Date", \.date, isRequired: true),
    .text("objet", label: "Pour quoi", \.purpose, isRequired: true),
    .text("depart", label: "Départ", \.origin), .text("arrivee", label: "Arrivée", \.destination),
    .tenths("km", label: "Kilomètres", \.distance, through: 3_000),
    .euros("peage", label: "Péages (€)", \.tolls), .euros("parking", label: "Stationnement (€)", \.parking),
    .euros("train", label: "Train et transports (€)", \.train), .euros("repas", label: "Repas (€)", \.meals),
    .euros("autre", label: "Autre dépense (€)", \.other), .text("autre_objet", label: "Laquelle", \.otherPurpose),
    .integer("demi_journees", label: "Demi-journées indemnisées", \.halfDays, in: 1...4),
    Self.facilitationField, Self.meetingField,
    .coded("etat", label: "État", \.state),
    .text("motif", label: "Motif du refus", \.reason, limit: 500),
  ]

  private static let facilitationField: Field<Draft, Context> = .value(
    "facilitation", label: "Facilitation", \.facilitation, print: { id, context in context.facilitations.reference(of: id) }
  ) { text, reading in
    guard let id = reading.context.facilitations.identifier(text) else {
      throw Refusal("« \(text.prefix(80)) » : aucune facilitation de cette référence")
    }
    return id
  }

  private static let meetingField: Field<Draft, Context> = .value(
    "compte_rendu", label: "Réunion", \.meeting, print: { id, context in context.meetings.reference(of: id) }
  ) { text, reading in
    guard let id = reading.context.meetings.identifier(text) else {
      throw Refusal("« \(text.prefix(80)) » : aucun compte rendu de cette référence")
    }
    return id
  }

  // MARK: - What it is read with

  func context(_ connection: any Connection) throws -> Context {
    guard let among else { return try context(connection, only: nil, claims: nil, named: []) }
    let claims: SQL = "SELECT id FROM expense_claim WHERE person_id IN \(list: among)"
    return try context(connection, only: "SELECT value FROM \(list: among) i", claims: claims, named: [])
  }

  func context(_ connection: any Connection, for form: FormScope) throws -> Context {
    let own: SQL = "SELECT person_id FROM expense_claim WHERE id = \(form.record)"
    return try context(
      connection, only: Person.searchSource.named(form.texts("personne"), Person.self).map { "\($0) UNION ALL \(own)" },
      claims: "SELECT id FROM expense_claim WHERE id = \(form.record)", named: form.texts("facilitation") + form.texts("compte_rendu"))
  }

  /// - Parameter claims: those of which what they belong to is printed; all that there is when not said.
  private func context(_ connection: any Connection, only: SQL?, claims: SQL?, named: [String]) throws -> Context {
    let among: SQL = only.map { "AND p.id IN (\($0))" } ?? ""
    let payroll = try connection.rows("SELECT p.id FROM person p WHERE p.removed_at IS NULL \(among) AND \(Person.isOnPayroll)")
    func known<Subject>(_ table: SQL, _ column: SQL, _ subject: Subject.Type) throws -> NameIndex<Subject> {
      let which: SQL =
        claims.map { "o.reference IN \(list: named) OR o.id IN (SELECT c.\(column) FROM expense_claim c WHERE c.id IN (\($0)))" } ?? "1 = 1"
      // Of two that have borne a reference, the one that is there.
      return NameIndex(
        try connection.rows(
          "SELECT o.id, o.reference FROM \(table) o WHERE \(which) ORDER BY CASE WHEN o.removed_at IS NULL THEN 1 ELSE 0 END, o.id"
        ).map { .init(id: try $0[0], reference: try $0[1], email: nil, names: []) })
    }
    return Context(
      lists: try ReferenceLists(connection), people: try PersonIndex(people: connection, only: only),
      payroll: Set(try payroll.map { try $0[0] }), settings: try Settings(connection),
      facilitations: try known("facilitation", "facilitation_id", Facilitation.self),
      meetings: try known("meeting", "meeting_id", Meeting.self))
  }

  func key(of draft: Draft, _ context: Context) -> String? { draft.reference }

  // MARK: - Rules

  func check(_ draft: inout Draft, isNew: Bool, _ reading: inout Reading<Context>) -> [Fault] {
    let state = draft.state ?? .draft
    draft.state = state
    // What was agreed to stays what it was.
    guard state.isOpen else {
      return isNew ? [Fault("etat", "une note de frais s’approuve et se paie sur sa page, pas dans un fichier")] : []
    }
    var faults = Self.journeyFaults(draft)
    if isNew, state == .refused { faults.append(Fault("etat", "une note de frais se refuse sur sa page, pas dans un fichier")) }
    if state == .refused, draft.reason == nil { faults.append(Fault("motif", "dites pourquoi la note est refusée")) }
    if draft.other != nil, draft.otherPurpose == nil { faults.append(Fault("autre_objet", "dites de quelle dépense il s’agit")) }
    if draft.other == nil, draft.otherPurpose != nil { faults.append(Fault("autre", "donnez le montant de cette dépense")) }
    if isNew, let person = draft.person, reading.context.payroll.contains(person) {
      let name = reading.context.people.name(of: person)
      faults.append(Fault("personne", "\(name) est de l’équipe salariée : ses frais ne passent pas par ici"))
    }
    guard let date = draft.date else { return faults }
    if date > reading.today { faults.append(Fault("date", "ce jour est à venir : les frais se notent une fois faits")) }
    faults += Self.price(&draft, on: date, reading.context.settings)
    if state == .sent {
      draft.sentOn = draft.sentOn ?? reading.today
      if draft.lines.isEmpty, faults.isEmpty { faults.append(Fault("total", "notez au moins une dépense avant d’envoyer la note")) }
    }
    return faults
  }

  private static func journeyFaults(_ draft: Draft) -> [Fault] {
    guard draft.distance != nil || draft.origin != nil || draft.destination != nil else { return [] }
    var faults: [Fault] = []
    if draft.origin == nil { faults.append(Fault("depart", "dites d’où part le trajet")) }
    if draft.destination == nil { faults.append(Fault("arrivee", "dites où va le trajet")) }
    if draft.distance == nil { faults.append(Fault("km", "donnez les kilomètres, aller et retour")) }
    return faults
  }

  /// What it is worth by the settings of its day.
  private static func price(_ draft: inout Draft, on date: CivilDate, _ settings: Settings) -> [Fault] {
    func unset(_ what: String, _ setting: Setting) -> String {
      "\(what) n’est pas fixé pour le \(date.written) : l’administration technique le pose par le réglage « \(setting.name) »"
    }
    var faults: [Fault] = []
    func worth(_ value: Int?) -> Int? { value.flatMap { $0 > 0 ? $0 : nil } }
    draft.rate = draft.distance == nil ? nil : worth(settings.thousandths(.expenseRate, on: date))
    draft.indemnity = draft.halfDays == nil ? nil : worth(settings.cents(.expenseIndemnity, on: date))
    if draft.distance != nil, draft.rate == nil { faults.append(Fault("km", unset("le remboursement d’un kilomètre", .expenseRate))) }
    if draft.halfDays != nil, draft.indemnity == nil {
      faults.append(Fault("demi_journees", unset("le montant d’une demi-journée", .expenseIndemnity)))
    }
    draft.total = draft.lines.reduce(0) { $0 + $1.amount }
    if let ceiling = settings.cents(.expenseCeiling, on: date), draft.total > ceiling {
      faults.append(
        Fault(
          "total",
          "cette note fait \(ExpenseClaim.euros(draft.total)), au-delà du plafond de \(ExpenseClaim.euros(ceiling)) : demandez à la direction"
        ))
    }
    return faults
  }

  /// The same person may have claimed the same expenses.
  func resemblances(of draft: Draft, _ connection: any Connection) throws -> [Warning] {
    guard let person = draft.person, let date = draft.date else { return [] }
    let rows = try connection.rows(
      """
      SELECT c.id, c.purpose FROM expense_claim c WHERE c.removed_at IS NULL AND c.person_id = \(person) AND c.date = \(date)
      ORDER BY c.id LIMIT 5
      """)
    guard !rows.isEmpty else { return [] }
    let known = try rows.map { SimilarRecord(try $0[0], try $0[1]) }
    return [
      Warning(
        column: "date", "cette personne a déjà une note de frais ce jour-là : vérifiez que ce ne sont pas les mêmes dépenses",
        similar: known)
    ]
  }

  /// What a file brings twice.
  func review(_ lines: [ReviewedLine<Draft>], _ reading: inout Reading<Context>, _ connection: any Connection) throws {
    guard !reading.isForm else { return }
    struct Day: Hashable {
      let person: Identifier<Person>
      let date: CivilDate
    }
    let new = lines.filter { $0.old == nil }
    var known: Set<Day> = []
    let people = Set(new.compactMap(\.draft.person)).sorted()
    for row in try connection.rows(
      "SELECT person_id, date FROM expense_claim WHERE removed_at IS NULL AND person_id IN \(list: people)")
    { known.insert(Day(person: try row[0], date: try row[1])) }
    for line in new {
      guard let person = line.draft.person, let date = line.draft.date else { continue }
      if !known.insert(Day(person: person, date: date)).inserted {
        reading.warn("\(reading.context.people.name(of: person)) a déjà une note de frais le \(date.written)", line: line.line)
      }
    }
  }

  /// What was sent says what it said, and is decided on where claims are.
  func withConsequences(
    _ writes: [RecordWrite<Draft>], _ connection: any Connection, _ context: Context
  ) throws -> [RecordWrite<Draft>] {
    for write in writes {
      guard let old = write.old, !write.draft.isDecided else { continue }
      let (was, next) = (old.state ?? .draft, write.draft.state ?? .draft)
      guard was == next || (was.isOpen && [.draft, .sent].contains(next)) else {
        throw Refusal("Rien n’est changé : une note de frais s’approuve, se refuse et se paie par les boutons de sa page.")
      }
      guard was.isMendable || write.draft.isLed || old.content == write.draft.content else {
        let claim = "Rien n’est changé : la note « \(old.reference ?? "") » est \(context.lists.label(was).lowercased())"
        throw Refusal(was == .sent ? "\(claim), reprenez-la d’abord sur sa page." : "\(claim).")
      }
    }
    return writes
  }

  /// What was agreed to is not thrown away.
  func followers(of records: [Int64], removed: Bool, _ connection: any Connection) throws -> [(kind: any RecordKind, ids: [Int64])] {
    let decided = try connection.first(
      """
      SELECT 1 FROM expense_claim c WHERE c.id IN \(list: records)
        AND c.state NOT IN \(list: ExpenseState.allCases.filter(\.isOpen).map(\.rawValue))
      """)
    guard decided == nil else { throw Refusal("Rien n’est changé : une note approuvée, payée ou abandonnée reste au registre.") }
    return []
  }

  // MARK: - Storage

  func stored(_ connection: any Connection, _ selection: RecordSelection, _ context: Context) throws -> [StoredRecord<Draft>] {
    try connection.rows(
      """
      SELECT c.id, c.reference, c.person_id, c.date, c.purpose, c.origin, c.destination, c.distance, c.rate, c.tolls, c.parking, c.train,
        c.meals, c.other, c.other_purpose, c.half_days, c.indemnity, c.total, c.state, c.reason, c.facilitation_id, c.meeting_id, c.sent_on,
        c.decided_on, c.decided_by, c.waived_on, c.payment_id
      FROM expense_claim c WHERE c.removed_at IS NULL \(selection.clause(id: "c.id", key: "c.reference")) ORDER BY c.date, c.id
      """
    ).map { row in
      var draft = Draft()
      (draft.reference, draft.person, draft.date, draft.purpose) = (try row[1], try row[2], try row[3], try row[4])
      (draft.origin, draft.destination, draft.distance, draft.rate) = (try row[5], try row[6], try row[7], try row[8])
      (draft.tolls, draft.parking, draft.train, draft.meals) = (try row[9], try row[10], try row[11], try row[12])
      (draft.other, draft.otherPurpose, draft.halfDays, draft.indemnity) = (try row[13], try row[14], try row[15], try row[16])
      (draft.total, draft.state, draft.reason) = (try row[17], try row[18], try row[19])
      (draft.facilitation, draft.meeting, draft.sentOn) = (try row[20], try row[21], try row[22])
      (draft.decidedOn, draft.decidedBy, draft.waivedOn, draft.payment) = (try row[23], try row[24], try row[25], try row[26])
      return StoredRecord(id: try row[0], key: try row[1], draft: draft)
    }
  }

  func write(_ records: [RecordWrite<Draft>], _ connection: any Connection, _ context: Context, ids: IdentifierSource) throws {
    let columns = [
      "reference", "person_id", "date", "purpose", "origin", "destination", "distance", "rate", "tolls", "parking", "train", "meals",
      "other", "other_purpose", "half_days", "indemnity", "total", "state", "reason", "facilitation_id", "meeting_id", "sent_on",
      "decided_on", "decided_by", "waived_on", "payment_id",
    ]
    // The names are those of the table.
    let (names, changes) = (
      SQL(unsafeText: columns.joined(separator: ", ")), SQL(unsafeText: columns.map { "\($0) = excluded.\($0)" }.joined(separator: ", "))
    )
    try connection.insert(into: "expense_claim (id, \(names))", records, suffix: "ON CONFLICT (id) DO UPDATE SET \(changes)") { record in
      let draft = record.draft
      return """
        \(record.id), \(draft.reference), \(draft.person), \(draft.date), \(draft.purpose), \(draft.origin), \(draft.destination),
        \(draft.distance), \(draft.rate), \(draft.tolls), \(draft.parking), \(draft.train), \(draft.meals), \(draft.other),
        \(draft.otherPurpose), \(draft.halfDays), \(draft.indemnity), \(draft.total), \(draft.state ?? .draft), \(draft.reason),
        \(draft.facilitation), \(draft.meeting), \(draft.sentOn), \(draft.decidedOn), \(draft.decidedBy), \(draft.waivedOn),
        \(draft.payment)
        """
    }
  }
}

extension ExpenseClaim {
  /// Tenths of a kilometre by thousandths of a euro, rounded to the cent.
  static func lines(
    _ distance: Int?, _ rate: Int?, _ spent: [Int?], _ halfDays: Int?, _ indemnity: Int?
  ) -> [ExpenseLine] {
    let journey = distance.flatMap { distance in rate.map { (distance * $0 + 50) / 100 } }
    let presence = halfDays.flatMap { days in indemnity.map { days * $0 } }
    return zip(ExpenseNature.allCases, [journey] + spent + [presence]).compactMap { nature, amount in
      amount.flatMap { $0 > 0 ? ExpenseLine(nature: nature, amount: $0) : nil }
    }
  }

  /// « 34,40 € », in sentences.
  static func euros(_ cents: Int) -> String {
    "\(cents / 100),\(String(100 + cents % 100).dropFirst())\u{A0}€"
  }
}

extension Field {
  /// An amount of money of a line, kept in cents.
  static func euros(_ name: String, label: String, _ path: any WritableKeyPath<Draft, Int?> & Sendable) -> Field {
    .value(name, label: label, path, print: { cents, _ in Thousandths.text(cents * 10) }) { text, _ in
      let amount = try Thousandths.reading(text.replacing("€", with: ""))
      guard amount.isMultiple(of: 10) else { throw Refusal("« \(text) » : deux décimales au plus") }
      guard (1...1_000_000).contains(amount / 10) else {
        throw Refusal("« \(text) » : donnez un montant de plus de 0 € et de 10 000 € au plus, ou laissez vide")
      }
      return amount / 10
    }
  }

  /// A length kept in tenths, up to so many.
  static func tenths(
    _ name: String, label: String, _ path: any WritableKeyPath<Draft, Int?> & Sendable, through most: Int
  ) -> Field {
    .value(name, label: label, path, print: { tenths, _ in Thousandths.text(tenths * 100) }) { text, _ in
      let number = try Thousandths.reading(text.replacing("km", with: ""))
      guard number.isMultiple(of: 100) else { throw Refusal("« \(text) » : une décimale au plus") }
      guard (1...most * 10).contains(number / 100) else {
        throw Refusal("« \(text) » : donnez un nombre de plus de 0 et de \(most) au plus, ou laissez vide")
      }
      return number / 100
    }
  }
}
