import Records
import Store

/// Exchanges in files (SUP-01).
struct ExchangeRecords: RecordKind {
  struct Draft: Equatable, Sendable, Codable {
    var date: CivilDate?
    var channel: Channel?
    var structures: [Identifier<Structure>] = []
    var organisations: [Named<Organisation>] = []
    var people: [Named<Person>] = []
    var themes: [String] = []
    /// What was done; absent when nobody said.
    var nature: Natures?
    var subject: String?
    var minutes: Int?
    var author: String?
    /// Whether the file says that the team is new (R9).
    var isNewTeam: Bool?
    /// `nil` in a line that does not say: whoever reads the log.
    var visibility: Visibility?
    var reference: String?

    var natures: [String] {
      get { nature?.codes ?? [] }
      set { nature = newValue.isEmpty ? nil : Natures(codes: newValue) }
    }
  }

  /// One alone is kept as a text, as when there was never more than one: what histories keep of that time is read and taken back.
  struct Natures: Equatable, Sendable, Codable {
    let codes: [String]

    init(codes: [String]) { self.codes = codes }

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      codes = try (try? container.decode(String.self)).map { [$0] } ?? container.decode([String].self)
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      if codes.count == 1 { try container.encode(codes[0]) } else { try container.encode(codes) }
    }
  }

  struct Context: StructureContext {
    let lists: ReferenceLists
    let structures: StructureIndex
    let organisations: OrganisationIndex
    let people: PersonIndex
    /// Names of the accounts, by folded name and by e-mail address.
    let accounts: [String: String]
    /// The accounts of names that one account alone bears, by folded name.
    let authors: [String: Identifier<Account>]
  }

  let name = "echanges"
  let label = "Échanges"
  let table = "exchange"
  let caption = RecordCaption(
    // An edition keeps no words of what is confidential.
    reference: "t.reference", label: "CASE WHEN t.visibility = 'equipe' THEN t.subject ELSE 'Note confidentielle' END",
    fold: "CASE WHEN t.visibility = 'equipe' THEN t.subject_fold ELSE 'note confidentielle' END", date: "t.date")
  let ownedTables = ["exchange_structure", "exchange_theme", "exchange_nature", "exchange_person", "exchange_organisation"].map {
    OwnedTable($0, "exchange_id")
  }
  let blank = Draft()
  var searched: SearchSource? { Exchange.searchSource }
  var links: [RecordLink<Draft>] {
    [
      .several(to: "structures", table: "exchange_structure", column: "structure_id", owner: "exchange_id", \.structures),
      .named(to: "personnes", table: "exchange_person", column: "person_id", owner: "exchange_id", \.people),
      .named(to: "organisations", table: "exchange_organisation", column: "organisation_id", owner: "exchange_id", \.organisations),
    ]
  }

  let fields: [Field<Draft, Context>] = [
    .date("date", label: "Date", \.date, isRequired: true),
    .coded("canal", label: "Canal", \.channel, isRequired: true),
    .structures(\.structures),
    .named(
      "organisations", label: "Organisations", \.organisations, in: \.organisations, unknown: "organisation inconnue, gardée comme un nom"),
    .named("personnes", label: "Personnes", \.people, in: \.people, unknown: "personne inconnue, gardée comme un nom"),
    .several("themes", label: "Thèmes", \.themes, input: .choices(.theme), print: { code, _ in code }) { text, reading in
      try reading.code(of: text, in: .theme)
    },
    .several("natures", label: "Nature", \.natures, input: .choices(.nature), print: { code, _ in code }) { text, reading in
      try reading.code(of: text, in: .nature)
    },
    .text("objet", label: "Objet", \.subject, limit: 2_000),
    .integer("duree_minutes", label: "Durée (minutes)", \.minutes, in: 0...1_440),
    .value("auteur", label: "Auteur", \.author, input: .record(of: "comptes"), print: { name, _ in name }) { text, reading in
      let accounts = reading.context.accounts
      if let name = accounts[Fold.key(text)] ?? text.offeredReference.flatMap({ accounts[Fold.key($0)] }) { return name }
      guard text.count <= 200 else { throw Refusal("\(text.count) caractères : 200 au plus") }
      reading.warn("auteur « \(text) » inconnu, gardé comme un nom")
      return text
    },
    .coded("visibilite", label: "Visibilité", \.visibility),
    .yesNo("nouvelle_equipe", label: "Nouvelle équipe", \.isNewTeam),
    .text("reference", label: "Référence", \.reference, limit: 80),
  ]

  func context(_ connection: any Connection) throws -> Context {
    try context(
      connection, structures: StructureIndex(connection), organisations: OrganisationIndex(organisations: connection),
      people: PersonIndex(people: connection))
  }

  func context(_ connection: any Connection, for form: FormScope) throws -> Context {
    func held(_ table: SQL, _ column: SQL) -> SQL { "SELECT \(column) FROM \(table) WHERE exchange_id = \(form.record)" }
    func named<Subject>(_ field: String, _ source: SearchSource, _ subject: Subject.Type, _ held: SQL) -> SQL? {
      source.named(form.texts(field), subject).map { "\($0) UNION ALL \(held)" }
    }
    return try context(
      connection,
      structures: StructureIndex(
        connection, only: named("structures", Structure.searchSource, Structure.self, held("exchange_structure", "structure_id"))),
      organisations: OrganisationIndex(
        organisations: connection,
        only: named("organisations", Organisation.searchSource, Organisation.self, held("exchange_organisation", "organisation_id"))),
      people: PersonIndex(
        people: connection, only: named("personnes", Person.searchSource, Person.self, held("exchange_person", "person_id"))))
  }

  private func context(
    _ connection: any Connection, structures: StructureIndex, organisations: OrganisationIndex, people: PersonIndex
  ) throws -> Context {
    var accounts: [String: String] = [:]
    var bearers: [String: [Identifier<Account>]] = [:]
    for row in try connection.rows("SELECT name, email, id FROM account ORDER BY id DESC") {
      let name: String = try row[0]
      accounts[Fold.key(name)] = name
      accounts[try row[1]] = name
      bearers[Fold.key(name), default: []].append(try row[2])
    }
    return Context(
      lists: try ReferenceLists(connection), structures: structures, organisations: organisations, people: people, accounts: accounts,
      authors: bearers.compactMapValues { $0.count == 1 ? $0[0] : nil })
  }

  private func unique<Subject>(_ named: [Named<Subject>]) -> [Named<Subject>] {
    var seen: Set<Int64> = []
    return named.filter { seen.insert($0.number).inserted }
  }

  func key(of draft: Draft, _ context: Context) -> String? { draft.reference }

  func check(_ draft: inout Draft, isNew: Bool, _ reading: inout Reading<Context>) -> [Fault] {
    // Two spellings of one name are one name.
    draft.people = unique(draft.people)
    draft.organisations = unique(draft.organisations)
    draft.visibility = draft.visibility ?? .team
    guard let date = draft.date else { return [] }
    if isNew, date > reading.today { reading.warn("la date \(date) est à venir", about: "date") }
    for structure in draft.structures {
      if let beginning = reading.context.structures.beginning(of: structure), date < beginning {
        let reference = reading.context.structures.reference(of: structure)
        reading.warn("l’échange du \(date) précède la première étape de « \(reference) » (\(beginning))")
      }
    }
    return []
  }
}

extension ExchangeRecords {
  /// The direction and whoever follows its teams alone read a confidential note whose author is nobody's account, or two's.
  func review(_ lines: [ReviewedLine<Draft>], _ reading: inout Reading<Context>, _ connection: any Connection) throws {
    for line in lines where line.draft.visibility == .confidential {
      guard line.draft.author.flatMap({ reading.context.authors[Fold.key($0)] }) == nil else { continue }
      reading.warn(
        "son auteur n’a pas de compte à son seul nom : cette note confidentielle n’est lue que de la direction et de qui suit ses équipes",
        about: "auteur", line: line.line)
    }
  }

  /// What was left to do after an exchange; what is done or cancelled stays. Those come back that left at the same moment.
  func followers(of records: [Int64], removed: Bool, _ connection: any Connection) throws -> [(kind: any RecordKind, ids: [Int64])] {
    let which: SQL =
      removed
      ? "t.state = \(ToDoState.open) AND t.removed_at IS NULL"
      : "t.removed_at = (SELECT e.removed_at FROM exchange e WHERE e.id = t.exchange_id)"
    let tasks = try connection.rows("SELECT t.id FROM todo t WHERE t.exchange_id IN \(list: records) AND \(which) ORDER BY t.id")
    return [(ToDoRecords(), try tasks.map { try $0[0] })]
  }

  /// Two colleagues may both note what one team told them on one day. Of confidential notes nothing is told, to their authors neither.
  func resemblances(of draft: Draft, _ connection: any Connection) throws -> [Warning] {
    guard let date = draft.date, let channel = draft.channel, !draft.structures.isEmpty else { return [] }
    return try connection.rows(
      """
      SELECT DISTINCT s.name, e.author, e.subject, e.id FROM exchange e
      JOIN exchange_structure x ON x.exchange_id = e.id AND x.structure_id IN \(list: draft.structures) AND x.date = \(date)
      JOIN structure s ON s.id = x.structure_id
      WHERE e.channel = \(channel) AND e.visibility = 'equipe' AND e.removed_at IS NULL ORDER BY s.name, e.author, e.subject, e.id LIMIT 5
      """
    ).map { row in
      let (author, subject): (String?, String?) = (try row[1], try row[2])
      let sentence =
        "un échange de ce jour avec « \(try row[0] as String) », par le même canal, est déjà noté"
        + (author.map { " par \($0)" } ?? "") + (subject.map { " : « \($0.prefix(80)) »" } ?? "")
      return Warning(sentence, similar: [SimilarRecord(try row[3], "l’échange")])
    }
  }
}

extension RecordLink {
  /// Those named as records among people or organisations, each once.
  static func named<Subject>(
    to target: String, table: String, column: String, owner: String, _ path: any WritableKeyPath<Draft, [Named<Subject>]> & Sendable
  ) -> RecordLink {
    RecordLink(to: target, table: table, column: column, owner: owner) { draft, old, new in
      let (former, present) = (Named<Subject>.record(Identifier(rawValue: old)), Named<Subject>.record(Identifier(rawValue: new)))
      draft[keyPath: path] = Set(draft[keyPath: path].map { $0 == former ? present : $0 }).sorted()
    }
  }
}

extension Field {
  /// Records found by reference, e-mail address or name; others are kept as they are written, with a warning.
  static func named<Subject>(
    _ name: String, label: String, _ path: any WritableKeyPath<Draft, [Named<Subject>]> & Sendable,
    in index: any KeyPath<Context, NameIndex<Subject>> & Sendable, unknown: String
  ) -> Field {
    .several(
      name, label: label, path, input: .records(of: name),
      print: { named, context in
        switch named {
        case .record(let id): context[keyPath: index].reference(of: id)
        case .name(let name): name
        }
      },
      parse: { text, reading in
        if let id = reading.context[keyPath: index].identifier(text) {
          reading.tell(of: text, reading.context[keyPath: index].successorReference(text))
          return .record(id)
        }
        guard text.count <= 200 else { throw Refusal("\(text.count) caractères : 200 au plus") }
        let namesakes = reading.context[keyPath: index].namesakes(text)
        // A file is read by whoever has several names to look up: it is told in one sentence, as before.
        guard !reading.isForm || namesakes.isEmpty else { throw Refusal(Naming.doubt(text, namesakes)) }
        reading.warn("« \(text) » : \(unknown)")
        return .name(text)
      })
  }
}
