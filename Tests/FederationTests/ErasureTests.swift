import Foundation
import Store
import TestSupport
import Testing

@testable import Federation
@testable import Records

/// Somebody who asks to be forgotten is nowhere any more, and no past figure moves (GDPR, article 17).
@Suite struct ErasureTests {
  private struct House {
    let world: Installation
    let direction, claire: Account
    let person: Identifier<Person>
  }

  private static let people = """
    reference;nom;prenom;profession;courriel;telephone;rpps;commune;structures
    AUB-1;Zorbelin;Solène;infirmier;solene@exemple.fr;04 76 55 44 33;10009876543;Grenoble;M1
    P2;Maréchal;Thibault;medecin_generaliste;;;;Voiron;M1
    """
  private static let exchanges = """
    date;canal;structures;personnes;objet;duree_minutes;auteur;reference
    2024-02-01;telephone;M1;AUB-1|P2;Appel de Solène Zorbelin;25;Claire;E1
    2024-03-05;courriel;M1;Solène ZORBELIN;Avec le Dr Zorbelin;10;Solène Zorbelin;E2
    2025-06-01;visio;;AUB-1;Locaux;;Claire;E3
    """
  private static let tasks = "titre;echeance;structure;note;reference\nRappeler;2027-01-05;M1;Joindre Zorbelin Solène au 0476554433;T1\n"

  private func withHouse(_ engine: Engine, _ body: (House) async throws -> Void) async throws {
    try await withInstallation(engine) { world async throws in
      func account(_ name: String, _ email: String, _ role: Role) async throws -> Account {
        try await world.accounts.create(email: email, name: name, role: role, password: "un mot de passe")
      }
      let direction = try await account("Odile", "odile@exemple.fr", .direction)
      let claire = try await account("Claire", "claire@exemple.fr", .chargeMission)
      try await world.bring(
        "structures",
        "reference;type;nom;departement;etat;depuis;etiquettes\nM1;msp;MSP Une;38;ouverte;2020-01-01;Amis de Solène Zorbelin, À voir\n")
      #expect(try await world.bring("personnes", Self.people).created == 2)
      #expect(try await world.bring("echanges", Self.exchanges).created == 3)
      #expect(try await world.bring("taches", Self.tasks).created == 1)
      #expect(
        try await world.bring(
          "consentements",
          "personne;finalite;donne_le;recueil;texte;champs\nAUB-1;publication;2024-01-02;courriel;J’accepte;nom|photo\n"
        ).created == 1)
      let asked = """
        reference;recu_le;canal;nom;prenom;courriel;telephone;commune;demande;reponse
        PC1;2025-01-10;formulaire;ZORBELIN;Solène;solene@exemple.fr;0476554433;38185;Le cabinet Zorbelin veut grandir;
        PC2;2025-01-12;telephone;Maréchal;Thibault;;;38185;Envoyé par Solène Zorbelin;Appelé avec Solène Zorbelin

        """
      let outcome = try await world.bring("premiers_contacts", asked)
      #expect(outcome.created == 2, "\(outcome)")
      let id: Identifier<Person>? = try await world.database.read { try $0.value("SELECT id FROM person WHERE reference = 'AUB-1'") }
      try await body(House(world: world, direction: direction, claire: claire, person: try #require(id)))
    }
  }

  private func leaveTraces(_ house: House) async throws -> Account {
    let world = house.world
    // A name of before, an account of her own, a message, a view, files that wait or are joined.
    let editor = world.editor(of: PersonRecords(), for: house.direction)
    _ = try await editor.change(house.person.rawValue, as: .entry) { $0.lastName = "Zorbelin-Vasseur" }
    _ = try await editor.change(house.person.rawValue, as: .entry) { $0.lastName = "Zorbelin" }
    let own = try await world.accounts.create(
      email: "solene@exemple.fr", name: "Solène Zorbelin", role: .membreEquipe, password: "un mot de passe")
    let structure: Int64? = try await world.database.read { try $0.value("SELECT id FROM structure") }
    try await Attachments(database: world.database, ids: world.ids, now: world.now, account: nil)
      .add([("CV Solène Zorbelin.txt", Array("bonjour".utf8))], to: try #require(structure), of: world.model.kind("structures"))
    _ = try await world.waitingFiles(of: house.direction).keep(
      Array("reference;nom\nX;Zorbelin\n".utf8), named: "liste.csv", as: PersonRecords())
    // What came by mail: from her, to her, and a file that is called after her.
    for (index, sender) in ["solene@exemple.fr", "claire@exemple.fr"].enumerated() {
      let mail = IncomingMail(
        messageID: "\(index)@exemple.fr", from: [.init(sender, name: index == 0 ? "Solène Zorbelin" : nil)],
        to: [.init("solene@exemple.fr", name: "Solène ZORBELIN"), .init("inconnue@exemple.fr")], subject: "TR : Solène Zorbelin",
        text: "Zorbelin Solène, solene@exemple.fr, 04 76 55 44 33", sentAt: world.now(),
        files: [("Lettre de Solène Zorbelin.txt", Array("bonjour".utf8)), ("Solène Zorbelin.exe", [0x4D, 0x5A, 0])], size: 900)
      try await MailReceiver(world).receive(mail)
    }
    try await world.database.write { [outbox = world.outbox, ids = world.ids] connection in
      try outbox.post(
        OutgoingMail(to: [.init("solene@exemple.fr", name: "Solène Zorbelin")], subject: "Bonjour", text: "Chère Solène Zorbelin"),
        as: .letter, connection)
      try outbox.post(
        OutgoingMail(to: [.init("claire@exemple.fr")], subject: "Rappel", text: "Rappeler Solène Zorbelin"), as: .notice, connection)
      try connection.execute(
        """
        INSERT INTO saved_view (id, list, account_id, name, query, shared)
        VALUES (\(ids.next(SavedView.self)), 'personnes', \(house.claire.id), 'Solène Zorbelin', 'q=zorbelin&profession=infirmier', \(false))
        """)
    }
    return own
  }

  /// Every figure, whole and by each dimension; of those that name people the values alone, for a number now stands for the name.
  private func figures(_ world: Installation) async throws -> [String: [String]] {
    try await world.database.read { [model = world.model] connection in
      var found: [String: [String]] = [:]
      for figure in model.figures.figures {
        for period in [Period(year: 2024), Period(year: 2025), Period(asOf: .lastDay(of: 2025))] {
          for dimensions in [[]] + figure.factSet.dimensions.map({ [$0.code] }) {
            let values = try FigureQuery(figure, period, by: dimensions).values(connection)
            found["\(figure.id) \(period.label) \(dimensions)"] = values.map {
              "\([["auteur"], ["etiquette"]].contains(dimensions) ? [] : $0.codes) \(String(describing: $0.value)) \(String(describing: $0.share))"
            }.sorted()
          }
        }
      }
      return found
    }
  }

  /// All that an archive holds, with the words of the search, which it leaves out.
  private func everything(_ world: Installation) async throws -> String {
    let file = FileManager.default.temporaryDirectory.appending(path: "tout-\(UUID().uuidString).jsonl")
    defer { try? FileManager.default.removeItem(at: file) }
    _ = try await world.model.backUp(world.database, to: file)
    let words: [String] = try await world.database.read { try $0.rows("SELECT word FROM search_word").map { try $0[0] } }
    let pieces: Int? = try await world.database.read { try $0.value("SELECT count(*) FROM import_file_piece") }
    #expect(pieces ?? 0 <= 1)
    return Fold.key(String(decoding: try Data(contentsOf: file), as: UTF8.self) + words.joined(separator: " "))
  }

  private static let secrets = ["zorbelin", "solene@", "76554433", "76 55 44 33", "10009876543", "aub-1"]

  private func order(_ house: House, accounts: [Account] = []) async throws -> PersonalDataDesk.Order {
    let texts = try await house.world.database.read { connection in
      try PersonDossier(house.person, connection)?.texts.map(\.code) ?? []
    }
    return .init([house.person], texts: texts, accounts: accounts.map(\.id), because: .demand)
  }

  @Test(arguments: Engine.allCases)
  func nothingOfThePersonIsLeftAndNoFigureMoves(_ engine: Engine) async throws {
    try await withHouse(engine) { house async throws in
      let own = try await leaveTraces(house)
      let before = try await everything(house.world)
      for secret in Self.secrets { #expect(before.contains(secret), "\(secret)") }
      let figures = try await figures(house.world)
      #expect(figures.count > 100)
      let desk = PersonalDataDesk(house.world, actor: house.direction)
      #expect(try await desk.erase(order(house, accounts: [own]), confirmedBy: " Anonymiser"))
      let after = try await everything(house.world)
      for secret in Self.secrets { #expect(!after.contains(secret), "\(secret)") }
      #expect(after.contains("personne anonymisee n° 1") && after.contains("compte ferme n° 1") && after.contains("une personne"))
      #expect(try await self.figures(house.world) == figures)
      let faults = try await house.world.database.read { [model = house.world.model] in try model.faults($0, today: .lastDay(of: 2025)) }
      #expect(faults.isEmpty)
      // Other people are as they were.
      #expect(after.contains("marechal"))
      let asked = try await house.world.take("premiers_contacts").split(whereSeparator: \.isNewline)
      #expect(
        asked.contains { $0.hasPrefix("PC1;2025-01-10;") && $0.contains("Personne anonymisée n°\u{A0}1;;") && !$0.contains("cabinet") })
      #expect(asked.contains { $0.contains("PC2") && $0.contains("Maréchal") && $0.contains("Envoyé par une personne") })
      #expect(try await house.world.take("personnes").contains("P2;Maréchal"))
    }
  }

  @Test(arguments: Engine.allCases)
  func theFactsSayWhoDidItAndWhen(_ engine: Engine) async throws {
    try await withHouse(engine) { house async throws in
      let own = try await leaveTraces(house)
      _ = try await PersonalDataDesk(house.world, actor: house.direction).erase(order(house, accounts: [own]), confirmedBy: "anonymiser")
      try await house.world.database.read { connection in
        let erasures = try Erasure.all(connection)
        #expect(erasures.map(\.title) == ["Compte fermé n°\u{A0}1", "Personne anonymisée n°\u{A0}1"])
        #expect(erasures.allSatisfy { $0.account == house.direction.id.rawValue && $0.reason == .demand })
        let events = try connection.value("SELECT count(*) FROM event WHERE operation = 'effacement' AND kind = 'personnes'", as: Int.self)
        #expect(events == 1)
        // The bin has nothing to bring back.
        #expect(try !Bin(for: house.direction, connection).entries.contains { $0.kind == "personnes" })
        let states: [String] = try connection.rows("SELECT state FROM outbox ORDER BY id").map { try $0[0] }
        #expect(states == ["abandonne", "attente"])
        #expect(try AccountSummary(own.id, connection)?.state == .closed)
        #expect(try PersonDossier(house.person, connection) == nil)
        let consent = try #require(try Consent.all(of: house.person, connection).first)
        #expect(consent.withdrawnOn != nil)
        #expect(try Consent.published(of: house.person, on: .lastDay(of: 2030), connection).isEmpty)
      }
    }
  }

  @Test(arguments: Engine.allCases)
  func textsThatNobodyTickedStayAsTheyAre(_ engine: Engine) async throws {
    try await withHouse(engine) { house async throws in
      _ = try await PersonalDataDesk(house.world, actor: house.direction).erase(
        .init([house.person], because: .demand), confirmedBy: "anonymiser")
      let subjects: [String] = try await house.world.database.read {
        try $0.rows("SELECT subject FROM exchange ORDER BY date").map { try $0[0] }
      }
      #expect(subjects == ["Appel de Solène Zorbelin", "Avec le Dr Zorbelin", "Locaux"])
    }
  }

  /// A namesake's request and signature are another person's; what bears the name alone is nobody's to take.
  @Test(arguments: Engine.allCases)
  func aNamesakeKeepsWhatIsTheirs(_ engine: Engine) async throws {
    try await withHouse(engine) { house async throws in
      try await house.world.bring("personnes", "reference;nom;prenom;courriel\nAUB-2;Zorbelin;Solène;autre@exemple.fr\n")
      let asked = """
        reference;recu_le;canal;nom;prenom;courriel;commune;demande;personne
        PC3;2025-02-01;telephone;Zorbelin;Solène;autre@exemple.fr;38185;Pour la seconde;
        PC4;2025-02-02;telephone;Zorbelin;Solène;;38185;Liée à la seconde;AUB-2
        PC5;2025-02-03;telephone;Zorbelin;;;38185;Liée à la première;AUB-1

        """
      #expect(try await house.world.bring("premiers_contacts", asked).created == 3)
      let export = try await house.world.database.read { connection in
        let dossier = try #require(try PersonDossier(house.person, connection))
        #expect(dossier.held.first { $0.matter == .firstContacts }?.count == 2)
        let lists = try ReferenceLists(connection)
        let file = try PersonExport(dossier, federation: "Essai", on: .lastDay(of: 2025), lists, words: { $0.rawValue }, connection).file()
        return String(decoding: file, as: UTF8.self)
      }
      #expect(export.contains("Liée à la première") && !export.contains("Liée à la seconde") && !export.contains("Pour la seconde"))
      _ = try await PersonalDataDesk(house.world, actor: house.direction).erase(
        .init([house.person], because: .demand), confirmedBy: "anonymiser")
      let left = try await house.world.take("premiers_contacts")
      #expect(left.contains("Pour la seconde") && left.contains("Liée à la seconde") && left.contains("autre@exemple.fr"))
      #expect(!left.contains("Liée à la première") && !left.contains("solene@exemple.fr"))
    }
  }

  /// The text of a request is copied into the team's first exchange, where a name may stand at the head of a line.
  @Test(arguments: Engine.allCases)
  func whatAConversionCopiedGoesToo(_ engine: Engine) async throws {
    try await withHouse(engine) { house async throws in
      let world = house.world
      let contact: Identifier<FirstContact>? = try await world.database.read {
        try $0.value("SELECT id FROM first_contact WHERE reference = 'PC1'")
      }
      _ = try await world.editor(of: FirstContactRecords(), for: house.direction).change(try #require(contact).rawValue, as: .entry) {
        $0.request = "Bonjour,\nSolène Zorbelin cherche des locaux."
      }
      try await FirstContactDesk(world, actor: house.direction).convert(
        try #require(contact), as: world.ids.next(), .init(team: .new(name: "Équipe du Val", type: .msp), person: .known("AUB-1")))
      #expect(try await everything(world).contains("cherche des locaux"))
      _ = try await PersonalDataDesk(world, actor: house.direction).erase(
        .init([house.person], because: .demand), confirmedBy: "anonymiser")
      let after = try await everything(world)
      #expect(!after.contains("cherche des locaux") && after.contains("equipe du val"))
    }
  }

  @Test(arguments: Engine.allCases)
  func itIsMeantByTheDirectionAndDoneOnceForAll(_ engine: Engine) async throws {
    try await withHouse(engine) { house async throws in
      let order = PersonalDataDesk.Order([house.person], because: .demand)
      let desk = PersonalDataDesk(house.world, actor: house.direction)
      await #expect(throws: FieldRefusal.self) { try await desk.erase(order, confirmedBy: "oui") }
      await #expect(throws: Refusal.self) {
        try await PersonalDataDesk(house.world, actor: house.claire).erase(order, confirmedBy: "anonymiser")
      }
      #expect(try await house.world.database.read { try Erasure.all($0).isEmpty })
      _ = try await desk.erase(order, confirmedBy: "anonymiser")
      await #expect(throws: Refusal.self) { try await desk.erase(order, confirmedBy: "anonymiser") }
      // Neither the bin, nor a form that was open, nor the taking back of a file brings anybody back.
      let editor = house.world.editor(of: PersonRecords(), for: house.direction)
      await #expect(throws: Refusal.self) { try await editor.restore(house.person.rawValue) }
      let outcome = try await editor.save(house.person.rawValue, entering: ["nom": "Zorbelin"], from: 1, heedsWarnings: false)
      #expect(outcome == .gone)
      // The same reference is free for somebody who comes back.
      #expect(try await house.world.bring("personnes", "reference;nom\nAUB-1;Zorbelin\n").created == 1)
    }
  }

  @Test func oneDoesNotAnonymiseOnesOwnAccount() async throws {
    try await withHouse(.sqlite) { house async throws in
      let order = PersonalDataDesk.Order([house.person], accounts: [house.direction.id], because: .demand)
      await #expect(throws: Refusal.self) {
        try await PersonalDataDesk(house.world, actor: house.direction).erase(order, confirmedBy: "anonymiser")
      }
      #expect(try await house.world.database.read { try Erasure.all($0).isEmpty })
    }
  }

  // MARK: - After a restore

  private static let pairs = Engine.allCases.flatMap { from in Engine.allCases.map { (from, $0) } }

  @Test(arguments: pairs)
  func anOlderArchiveForgetsAgain(_ from: Engine, _ to: Engine) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "effacements-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let (archive, list) = (folder.appending(path: "archive.jsonl"), ErasureList(folder.appending(path: "liste/effacements.jsonl")))
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try await withHouse(from) { house async throws in
      let own = try await leaveTraces(house)
      _ = try await house.world.model.backUp(house.world.database, to: archive)
      let figures = try await figures(house.world)
      _ = try await PersonalDataDesk(house.world, actor: house.direction).erase(order(house, accounts: [own]), confirmedBy: "anonymiser")
      let erasures = try await house.world.database.read { try Erasure.all($0) }
      for _ in 1...2 { try list.keep(erasures) }
      #expect(try list.read() == erasures)
      #expect(!Fold.key(try String(contentsOf: list.file, encoding: .utf8)).contains("zorbelin"))
      try await withDatabase(to) { database async throws in
        let restored = Installation(
          database: database, geography: TestDatabases.geography, hasher: PasswordHasher(memory: 8, passes: 1), now: house.world.now)
        let known = try list.read()
        _ = try await restored.model.restore(archive, into: database) { connection in
          let counts = [try restored.forgetAgain(known, connection), try restored.forgetAgain(known, connection)]
          #expect(counts == [2, 0])
        }
        let after = try await everything(restored)
        for secret in Self.secrets { #expect(!after.contains(secret), "\(secret)") }
        #expect(try await self.figures(restored) == figures)
        // The next one is not taken for this one.
        let next = try await database.write { try Erasure.personSeries.take($0) }
        #expect(next == 2)
      }
    }
  }

  @Test func aDamagedListIsRefused() throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "liste-\(UUID().uuidString).jsonl")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data("{\"sorte\":\n".utf8).write(to: file)
    #expect(throws: Refusal.self) { try ErasureList(file).read() }
    #expect(throws: Refusal.self) { try ErasureList(file).keep([]) }
  }
}
