import Foundation
import Records
import Store
import TestSupport
import Testing

@testable import Federation

/// The report of a year as several people write it: its plan, its texts, the figures in them, and what a publication keeps.
@Suite struct ReportBlocksTests {
  private static let structures = """
    reference;type;nom;departement;etat;depuis
    M1;msp;MSP du Val;38;ecriture;2020-01-01
    M2;msp;MSP du Lac;73;ouverte;2021-05-01
    """

  private static let exchanges = """
    date;canal;structures;themes;duree_minutes;objet;reference
    2022-11-01;telephone;M1;cpts;10;Avant;E0
    2023-02-01;telephone;M1;montage_msp;25;Statuts;E1
    2023-03-05;courriel;M1;cpts;10;Projet;E2
    2023-06-01;visio;M2;;;Locaux;E3
    """

  struct World {
    let installation: Installation
    let clock: MovingClock
    let claire: Account
    let drafting: ReportDrafting
    var editor: RecordEditor<ReportBlockRecords> {
      installation.editor(of: ReportBlockRecords(installation.model.figures), for: claire)
    }

    func outline(_ year: Int = 2023) async throws -> [ReportBlock] {
      try await installation.database.read { try ReportBlock.all(of: year, $0) }
    }

    /// The block of that title.
    func block(_ title: String, _ year: Int = 2023) async throws -> ReportBlock {
      try #require(try await outline(year).first { $0.title == title })
    }

    func write(_ text: String, in title: String, _ year: Int = 2023) async throws {
      let block = try await block(title, year)
      let version = try #require(try await editor.load(block.id.rawValue)).version
      let outcome = try await editor.save(block.id.rawValue, entering: ["texte": text], from: version, heedsWarnings: false)
      #expect(outcome == .saved(version: version + 1))
    }

    func report(_ year: Int = 2023) async throws -> ActivityReport {
      let day = clock.now
      return try await installation.database.read { [model = installation.model] connection in
        let today = try Settings(connection).today(day)
        return try ActivityReport(year: year, today: today, model.figures, ReferenceLists(connection), connection)
      }
    }

    func faults(_ year: Int = 2023) async throws -> [String] {
      try await installation.database.read { [model = installation.model] connection in
        try BlockFault.all(of: year, model.figures, ReferenceLists(connection), connection).map { "\($0.block) / \($0.sentence)" }
      }
    }
  }

  func withWorld(_ engine: Engine, _ body: (World) async throws -> Void) async throws {
    let clock = MovingClock()
    try clock.set("2024-05-15T08:00:00Z")
    try await withInstallation(engine, now: { clock.now }) { installation async throws in
      try await installation.bring("structures", Self.structures)
      try await installation.bring("echanges", Self.exchanges)
      let claire = try await installation.accounts.create(
        email: "claire@exemple.fr", name: "Claire", role: .chargeMission, password: "un mot de passe")
      let drafting = ReportDrafting(installation, actor: claire.id)
      try await drafting.open(2023, .standard)
      try await body(World(installation: installation, clock: clock, claire: claire, drafting: drafting))
    }
  }

  @Test(arguments: Engine.allCases)
  func aPlanIsMadeOnceOfWhatTheProgramHolds(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      let outline = try await world.outline()
      #expect(
        outline.filter { $0.nature == .chapter }.map(\.title) == [
          "Éditorial", "Chiffres clés", "L’année en dates", "Les équipes de la région", "L’accompagnement", "La vie de la fédération",
          "L’année qui vient",
        ])
      // No claim, no headcount: neither coverage nor professions.
      #expect(!outline.contains { $0.dimension == "profession" })
      #expect(outline.filter(\.nature.isWritten).allSatisfy { $0.state == .toWrite })
      try await world.drafting.open(2023, .standard)
      try await world.drafting.open(2023, .lastYear)
      #expect(try await world.outline().map(\.id) == outline.map(\.id))
      await #expect(throws: Refusal.self) { try await world.drafting.open(2022, .lastYear) }
      #expect(try await world.outline(2022).isEmpty)
      let events: Int? = try await world.installation.database.read {
        try $0.value("SELECT count(*) FROM event WHERE kind = 'blocs' AND operation = 'plan' AND account_id = \(world.claire.id)")
      }
      #expect(events == 1)
    }
  }

  @Test(arguments: Engine.allCases)
  func aPlanHasAChapterOfFacilitationsAndOneOfTheTerritories(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      let territories = "code;nom;departement;depuis\nest;Est;73;2020-01-01\nouest;Ouest;38;2020-01-01\n"
      #expect(try await world.installation.bring("territoires", territories).created == 2)
      try await world.installation.bring(
        "facilitations",
        "reference;demandee_le;structures;type_facilitation;date;etat\nF1;2023-04-01;M1;conseil_juridique;2023-05-02;tenue\n")
      try await world.drafting.open(2024, .standard)
      let outline = try await world.outline(2024)
      let chapters = outline.filter { $0.nature == .chapter }.map(\.title)
      #expect(chapters.contains("La facilitation") && chapters.contains("Les territoires"))
      let ofEast = try #require(outline.first { $0.title == "Est" }?.text)
      #expect(ofEast.contains("[[structures.count|territoire=est]]") && ofEast.contains("[[facilitations.count|territoire=est]]"))
      #expect(try await world.faults(2024).filter { $0.contains("[[") }.isEmpty)
    }
  }

  @Test(arguments: Engine.allCases)
  func lastYearsPlanComesWithoutItsTexts(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      try await world.write("Une belle année.", in: "Le mot de la présidence")
      let former = try await world.block("Le mot de la présidence")
      try await world.drafting.open(2024, .lastYear)
      let copy = try await world.block("Le mot de la présidence", 2024)
      #expect(copy.text == nil && copy.state == .toWrite && copy.copiedFrom == former.id && copy.year == 2024)
      #expect(try await world.outline(2024).map(\.name) == world.outline().map(\.name))
      #expect(try await world.block("Le mot de la présidence").text == "Une belle année.")
    }
  }

  @Test(arguments: Engine.allCases)
  func blocksAndChaptersChangePlaces(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      let before = try await world.outline().map(\.id)
      try await world.drafting.move(before[1], .up)
      #expect(try await world.outline().map(\.id).prefix(2) == [before[1], before[0]])
      try await world.drafting.move(before[1], .up)
      try await world.drafting.move(before[1], .down)
      #expect(try await world.outline().map(\.id) == before)
      // A chapter goes with what stands in it.
      try await world.drafting.move(before[0], .down)
      #expect(try await world.outline().prefix(4).map(\.name) == ["Chiffres clés", "Chiffres", "Éditorial", "Le mot de la présidence"])
      let outline = try await world.outline()
      let rank = ReportDrafting.rank(after: outline[1], in: outline)
      #expect(rank > outline[1].rank && rank < outline[2].rank)
      #expect(ReportDrafting.rank(after: nil, in: outline) > outline[outline.count - 1].rank)
      // An order is part of a block's history, as its texts are.
      let history = try await world.installation.database.read { [kind = ReportBlockRecords(world.installation.model.figures)] in
        try RecordHistory(before[0].rawValue, of: kind, $0).entries
      }
      #expect(history.first?.operation == .ordering && history.last?.isCreation == true)
    }
  }

  @Test(arguments: Engine.allCases)
  func figuresStandInSentences(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      let text = """
        [[contacts.count]] échanges contre [[contacts.count|avant]] ([[contacts.count|evolution]]), dont [[contacts.count|canal=Téléphone]] \
        par téléphone et [[contacts.count|canal=formulaire]] par formulaire ; [[structures.count|type=msp|departement=38]] MSP en Isère.
        """
      try await world.write(text, in: "Ce que nous avons fait avec les équipes")
      let report = try await world.report()
      let document = try #require(report.document)
      #expect(document.references.map(\.written) == FigureReference.all(in: text) && document.references.count == 6)
      let values = document.references.map { reference -> Int? in
        let period = reference.aspect == .former ? report.previousPeriod : report.period
        return report.figures.first { $0.answers(reference.figure, period, reference.dimensions) }?.value(reference.codes).value
      }
      #expect(values == [3, 1, 3, 1, 0, 1])
      #expect(Set(report.figures.map(\.number)).count == report.figures.count)
      #expect(try await world.faults() == [])
    }
  }

  @Test(arguments: Engine.allCases)
  func whatNamesNothingIsToldAndStopsThePublication(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      let wrong =
        "[[contact.count]] et [[contacts.count|canal=pigeon]], [[contacts.count|couleur=bleu]], [[contacts.count|plus]], [[structures.count|etape=fermee]], puis [[contacts.count oubliée."
      try await world.write(wrong, in: "L’association et son équipe")
      let faults = try await world.faults()
      #expect(faults.count == 6 && faults.allSatisfy { $0.hasPrefix("La vie de la fédération\u{A0}: L’association et son équipe / « [[") })
      #expect(faults.last?.contains("« [[contacts.count oubliée. » : il manque un crochet") == true)
      #expect(faults.first?.contains("« [[contact.count]] » : ce chiffre n’existe pas") == true)
      let refusal = await #expect(throws: Refusal.self) { try await ReportDesk(world.installation).publish(2023) }
      #expect(refusal?.sentence.contains("La vie de la fédération\u{A0}: L’association et son équipe") == true)
      #expect(refusal?.sentence.contains("contact.count") == true)
      // The editor says so before it saves.
      let block = try await world.block("Nos priorités")
      let version = try #require(try await world.editor.load(block.id.rawValue)).version
      let outcome = try await world.editor.save(
        block.id.rawValue, entering: ["texte": "[[rien]]"], from: version, heedsWarnings: true)
      guard case .warned(let sentences) = outcome else { throw TestSetUpError(description: "\(outcome)") }
      #expect(sentences.count == 1 && sentences[0].sentence.contains("[[rien]]"))
      try await world.write("Tout va bien.", in: "L’association et son équipe")
      #expect(try await ReportDesk(world.installation).publish(2023, acceptsUnread: true).number == 1)
    }
  }

  @Test(arguments: Engine.allCases)
  func aPublicationKeepsTheTextsAndSaysWhatChangedSince(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      try await world.write("Il y eut [[contacts.count]] échanges.", in: "Le mot de la présidence")
      let desk = ReportDesk(world.installation)
      let unread = await #expect(throws: Refusal.self) { try await desk.publish(2023) }
      #expect(unread?.sentence.contains("ne sont pas relus : Le mot de la présidence, ") == true)
      let edition = try await desk.publish(2023, acceptsUnread: true)
      let first = try await world.installation.database.read { try edition.report($0) }
      let printed = try #require(first.document)
      // What nobody has written is left out, with the chapters that hold nothing else.
      #expect(printed.blocks.filter { $0.nature.isWritten }.map(\.title) == ["Le mot de la présidence"])
      #expect(!printed.blocks.contains { $0.title == "L’année qui vient" || $0.title == "La vie de la fédération" })
      #expect(printed.essential.blocks.map(\.nature) == [.chapter, .figures])
      await #expect(throws: Refusal.self) { try await desk.publish(2023, acceptsUnread: true) }
      // Whoever is in charge is no part of what is printed.
      let block = try await world.block("Le mot de la présidence")
      let version = try #require(try await world.editor.load(block.id.rawValue)).version
      _ = try await world.editor.save(
        block.id.rawValue, entering: ["redacteur": "claire@exemple.fr", "etat": "relu"], from: version, heedsWarnings: false)
      await #expect(throws: Refusal.self) { try await desk.publish(2023, acceptsUnread: true) }
      try await world.write("Il y eut [[contacts.count]] échanges, et des rencontres.", in: "Le mot de la présidence")
      try await world.write("Recruter.", in: "Nos priorités")
      let changes = try await world.installation.database.read { [model = world.installation.model] connection in
        try ReportChanges(since: edition, model, connection)
      }
      #expect(
        changes.texts.map { "\($0.name) \($0.effect)" } == [
          "Le mot de la présidence rewritten", "L’année qui vient added", "Nos priorités added",
        ])
      #expect(changes.count == 3 && changes.values.isEmpty)
      #expect(try await desk.publish(2023, acceptsUnread: true).number == 2)
      let same = try await world.installation.database.read { try edition.report($0) }
      #expect(same.document?.blocks.first { $0.title == "Le mot de la présidence" }?.text == "Il y eut [[contacts.count]] échanges.")
      let faults = try await world.installation.database.read { [model = world.installation.model] in
        try model.faults($0, today: .lastDay(of: 2024))
      }
      #expect(faults == [])
    }
  }

  @Test(arguments: Engine.allCases)
  func twoAuthorsOfOneBlockLoseNothing(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      let block = try await world.block("Le mot de la présidence").id.rawValue
      let version = try #require(try await world.editor.load(block)).version
      let editor = world.editor
      #expect(try await editor.save(block, entering: ["texte": "Un"], from: version, heedsWarnings: false) == .saved(version: version + 1))
      // Another field of the same version is merged.
      let merged = try await editor.save(block, entering: ["titre": "Éditorial de la présidente"], from: version, heedsWarnings: false)
      #expect(merged == .saved(version: version + 2))
      let other = try await editor.save(block, entering: ["texte": "Deux"], from: version, heedsWarnings: false)
      guard case .conflict(let conflicts) = other else { throw TestSetUpError(description: "\(other)") }
      #expect(conflicts.map(\.name) == ["texte"] && conflicts[0].mine == "Deux" && conflicts[0].theirs == "Un")
      let now = try #require(try await editor.load(block)).draft
      #expect(now.text == "Un" && now.title == "Éditorial de la présidente" && now.state == .draft)
      // And taken back.
      #expect(try await editor.undo(block, version: version + 1) == .saved(version: version + 3))
      #expect(try await world.block("Éditorial de la présidente").state == .toWrite)
    }
  }

  @Test(arguments: Engine.allCases)
  func commentsAreSignedAndSettled(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      let block = try await world.block("Nos priorités")
      let id = world.installation.ids.next(ReportComment.self)
      try await world.drafting.comment(id, on: block.id, " À préciser. ")
      try await world.drafting.comment(id, on: block.id, "À préciser.")
      await #expect(throws: Refusal.self) { try await world.drafting.comment(world.installation.ids.next(), on: block.id, "  ") }
      #expect(try await world.block("Nos priorités").openComments == 1)
      try await world.drafting.settle(id, on: block.id)
      try await world.drafting.settle(id, on: block.id)
      let comments = try await world.installation.database.read { try ReportComment.all(of: block.id, $0) }
      #expect(comments.map(\.text) == ["À préciser."] && comments[0].author == "Claire" && comments[0].settledBy == "Claire")
      #expect(try await world.block("Nos priorités").openComments == 0)
    }
  }

  @Test(arguments: Engine.allCases)
  func aPlanLeavesAndComesBackAsAFile(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      try await world.write("Deux lignes,\ndont une « citée » ; [[contacts.count]].", in: "Le mot de la présidence")
      let file = try await world.installation.take("blocs")
      let count = try await world.outline().count
      #expect(try await world.installation.bring("blocs", file).unchanged == count)
      let wrong = try await world.installation.bring(
        "blocs",
        "annee;nature;titre;chiffres;dimension\n2023;chapitre;;;\n2023;chiffres;A;inconnu;\n2023;graphique;B;contacts.count;couleur\n2023;photo;C;;\n2023;texte;D;;\n"
      )
      #expect(wrong.refused.map(\.line) == [2, 3, 4, 5] && wrong.created == 0)
    }
  }

  @Test(arguments: [
    ("Ré\u{AD}union\r\n\r\n\r\n• un\r\n\u{F0B7}\tdeux\r\n–\u{A0}trois\r\n   o\tquatre", "Réunion\n\n- un\n- deux\n- trois\n- quatre"),
    ("Fin\u{A0}: le\u{A0}mot «\u{A0}oui\u{A0}» 12\u{A0}%   \n3 < 5", "Fin\u{A0}: le mot «\u{A0}oui\u{A0}» 12\u{A0}%\n3 < 5"),
    (
      "<p class=MsoNormal>L’<b>année</b>&nbsp;: <a href=\"https://exemple.fr/a\">ici</a></p><style>p{}</style><ul><li>un</li></ul>",
      "L’**année**\u{A0}: [ici](https://exemple.fr/a)\n\n- un"
    ),
    ("    retrait\n1. un\n### Titre\n- déjà", "retrait\n1. un\n### Titre\n- déjà"), ("\u{202E}abc\u{200B}\u{FEFF}", "abc"), ("", ""),
  ])
  func pastedTextIsCleaned(_ pasted: String, _ kept: String) {
    #expect(PastedText.cleaned(pasted) == kept)
    #expect(PastedText.cleaned(kept) == kept)
  }
}
