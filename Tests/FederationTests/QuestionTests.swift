import Foundation
import Records
import Store
import TestSupport
import Testing

@testable import Federation

/// What teams ask experts (SUP-06).
@Suite struct QuestionTests {
  private static let files = """
    reference;structure;recue_le;domaine;question;expert;envoi;transmise_le;reponse;repondue_le;duree_minutes;adherente
    Q1;S1;2026-02-01;juridique;Une SISA peut-elle salarier ?;;;;;;;
    Q2;S1;2026-02-03;comptable;La TVA ?;X1;courriel;2026-02-04;Non;2026-02-10;45;oui
    Q3;S2;2026-03-03;comptable;Le bilan ?;X2;main;2026-03-04;;;;

    """

  private func withWorld(_ engine: Engine, _ body: (Installation, Account) async throws -> Void) async throws {
    try await withInstallation(engine) { world async throws in
      let direction = try await world.accounts.create(
        email: "odile@exemple.fr", name: "Odile", role: .direction, password: "un mot de passe")
      try await world.bring(
        "structures",
        """
        reference;type;nom;departement;commune;etat;depuis
        S1;msp;Les Tilleuls;38;Voiron;ecriture;2025-01-01
        S2;msp;Le Plateau;69;;ouverte;2018-01-01

        """)
      try await world.bring(
        "personnes",
        """
        reference;nom;prenom;courriel;structures
        X1;Poncetti;Jeanne;Jeanne@exemple.fr;
        X2;Lantieri;Hervé;;
        P1;Quintarel;Zoé;;S1

        """)
      let brought = try await world.bring("questions", Self.files)
      #expect(brought.created == 3 && brought.refused.isEmpty, "\(brought)")
      try await body(world, direction)
    }
  }

  private func id<Subject>(_ table: SQL, _ reference: String, _ world: Installation) async throws -> Identifier<Subject> {
    let id: Identifier<Subject>? = try await world.database.read {
      try $0.value("SELECT id FROM \(table) WHERE reference = \(reference)")
    }
    return try #require(id)
  }

  private func one(_ reference: String, for reader: Account, _ world: Installation) async throws -> QuestionSummary? {
    let question: Identifier<ExpertQuestion> = try await id("expert_question", reference, world)
    return try await world.database.read { try QuestionSummary.one(question, for: reader, $0) }
  }

  @Test(arguments: Engine.allCases) func aQuestionGoesItsWay(_ engine: Engine) async throws {
    try await withWorld(engine) { world, direction async throws in
      let question: Identifier<ExpertQuestion> = try await id("expert_question", "Q1", world)
      let desk = QuestionDesk(world, actor: direction)
      // Nobody is chosen; then somebody who has no address.
      await #expect(throws: Refusal.self) { try await desk.send(question, by: .mail) }
      let editor = world.editor(of: QuestionRecords(), for: direction)
      _ = try await editor.save(question.rawValue, entering: ["expert": "X2"], from: 1, heedsWarnings: false)
      await #expect(throws: Refusal.self) { try await desk.send(question, by: .mail) }
      #expect(try await one("Q1", for: direction, world)?.state == .received)
      _ = try await editor.save(question.rawValue, entering: ["expert": "X1"], from: 2, heedsWarnings: false)
      #expect(try await desk.send(question, by: .mail))
      #expect(try await !desk.send(question, by: .mail))
      let mails: [String] = try await world.database.read { try $0.rows("SELECT content FROM outbox").map { try $0[0] } }
      #expect(mails.count == 1 && mails[0].lowercased().contains("jeanne@exemple.fr") && mails[0].contains("Une SISA peut-elle salarier"))
      #expect(try await one("Q1", for: direction, world)?.state == .sent)
      let day = try #require(CivilDate(iso: "2026-02-20"))
      await #expect(throws: FieldRefusal.self) { _ = try await desk.answer(question, " ", on: day, minutes: 20) }
      await #expect(throws: FieldRefusal.self) { _ = try await desk.answer(question, "Oui", on: .lastDay(of: 2090), minutes: 20) }
      #expect(try await desk.answer(question, "Oui, sous conditions.", on: day, minutes: 20) != nil)
      #expect(try await desk.answer(question, "Oui, sous conditions.", on: day, minutes: 20) == nil)
      #expect(try await one("Q1", for: direction, world)?.state == .answered)
      let again = try await world.bring("questions", try await world.take("questions"))
      #expect(again.unchanged == 3 && again.refused.isEmpty, "\(again)")
      let refused = try await world.bring(
        "questions",
        """
        reference;structure;recue_le;domaine;question;transmise_le;reponse;repondue_le;partagee_le;envoi
        A1;S1;2026-02-01;juridique;Un;2026-02-02;;;;
        A2;S1;2026-02-01;juridique;Deux;;Oui;2026-01-02;;
        A3;S1;2026-02-01;juridique;Trois;;;2026-02-02;;
        A4;S1;2026-02-01;juridique;Quatre;;;;2026-02-02;
        A5;S1;2026-02-01;juridique;Cinq;;;;;main
        A6;S1;2026-02-01;musique;Six;;;;;

        """)
      #expect(
        refused.refused.map { "\($0.line) \($0.fault.column)" } == [
          "2 expert", "3 repondue_le", "4 reponse", "5 partage", "6 transmise_le", "7 domaine",
        ], "\(refused)")
    }
  }

  @Test(arguments: Engine.allCases) func anExpertReadsAndAnswersTheirOwn(_ engine: Engine) async throws {
    try await withWorld(engine) { world, direction async throws in
      let expert = try await world.accounts.create(
        email: "jeanne@exemple.fr", name: "Jeanne", role: .expert, password: "un mot de passe")
      let other = try await world.accounts.create(email: "x@exemple.fr", name: "X", role: .expert, password: "un mot de passe")
      #expect(try await one("Q2", for: expert, world) != nil)
      for (reference, reader) in [("Q1", expert), ("Q3", expert), ("Q2", other)] {
        #expect(try await one(reference, for: reader, world) == nil, "\(reference)")
      }
      let listed = try await world.database.read { connection in
        let query = try FigureQuery(world.model.figures.figure("questions.count"), Period(year: 2026))
        return try QuestionListing(
          query, for: expert, search: "", order: .received, descending: true, offset: 0, limit: 50, connection)
      }
      #expect(listed.rows.map(\.reference) == ["Q2"] && listed.total == 1)
      let (own, others): (Identifier<ExpertQuestion>, Identifier<ExpertQuestion>) = (
        try await id("expert_question", "Q2", world), try await id("expert_question", "Q3", world)
      )
      let day = try #require(CivilDate(iso: "2026-03-20"))
      let desk = QuestionDesk(world, actor: expert)
      #expect(try await desk.answer(own, "Non, jamais.", on: day, minutes: 50) != nil)
      await #expect(throws: Refusal.self) { _ = try await desk.answer(others, "Non.", on: day, minutes: 5) }
      let board = try await world.accounts.create(email: "ca@exemple.fr", name: "Paul", role: .ca, password: "un mot de passe")
      await #expect(throws: Refusal.self) { _ = try await QuestionDesk(world, actor: board).answer(own, "Non.", on: day, minutes: 5) }
      // Once it is shared, the staff alone correct it.
      let editor = world.editor(of: QuestionRecords(), for: direction)
      let version = try #require(try await editor.load(own.rawValue)).version
      _ = try await editor.save(
        own.rawValue, entering: ["partage": "Pas de TVA.", "partagee_le": "2026-04-01"], from: version, heedsWarnings: false)
      await #expect(throws: Refusal.self) { _ = try await desk.answer(own, "Si.", on: day, minutes: 5) }
      #expect(try await one("Q2", for: direction, world)?.state == .shared)
    }
  }

  @Test(arguments: Engine.allCases) func whatIsSharedNamesNoTeam(_ engine: Engine) async throws {
    try await withWorld(engine) { world, direction async throws in
      let question: Identifier<ExpertQuestion> = try await id("expert_question", "Q2", world)
      let editor = world.editor(of: QuestionRecords(), for: direction)
      for (text, names) in [
        ("Une équipe de VOIRON demande si la TVA s’applique", ["Voiron"]),
        ("Aux Tilleuls, non ; à les tilleuls non plus", ["Les Tilleuls"]),
        ("Zoé Quintarel demande si…", ["Zoé Quintarel"]), ("Une équipe demande si la TVA s’applique : non.", []),
      ] {
        let outcome = try await editor.save(question.rawValue, entering: ["partage": text], from: 1, heedsWarnings: true)
        if names.isEmpty {
          #expect(outcome == .saved(version: 2), "\(text)")
        } else {
          guard case .warned(let warnings) = outcome else { throw TestSetUpError(description: "\(text) \(outcome)") }
          #expect(names.allSatisfy { name in warnings.contains { $0.sentence.contains(name) } }, "\(warnings)")
        }
      }
    }
  }

  @Test(arguments: Engine.allCases) func questionsAreCountedAndPriced(_ engine: Engine) async throws {
    try await withWorld(engine) { world, direction async throws in
      let year = Period(year: 2026)
      #expect(try await world.values("questions.count", year, by: ["domaine"]) == ["juridique": 1, "comptable": 2])
      #expect(try await world.values("questions.count", year, by: ["avancement"]) == ["recue": 1, "repondue": 1, "transmise": 1])
      #expect(try await world.values("questions.count", year, by: ["expert"]) == ["X1": 1, "X2": 1, "non_renseigne": 1])
      #expect(try await world.values("questions.minutes", year)[""] == 45)
      let question = try #require(try await one("Q2", for: direction, world))
      func amount() async throws -> Int? { try await world.database.read { try question.amount(Settings($0)) } }
      #expect(try await amount() == 11_250)
      // A rate holds from its day on.
      try await world.settings.set("questions_taux_adherent", to: "160", since: .firstDay(of: 2026).adding(days: 40))
      #expect(try await amount() == 12_000)
      try await world.settings.set("questions_taux_adherent", to: "170", since: .firstDay(of: 2026).adding(days: 41))
      #expect(try await amount() == 12_000)
      let settings = try await world.database.read { try Settings($0) }
      let day = try #require(CivilDate(iso: "2026-02-10"))
      #expect(ExpertQuestion.amount(10, isMember: false, on: day, settings) == 3_667)
      #expect(ExpertQuestion.amount(10, isMember: nil, on: day, settings) == nil)
    }
  }

  @Test(arguments: Engine.allCases) func anErasureLeavesTheQuestion(_ engine: Engine) async throws {
    try await withWorld(engine) { world, direction async throws in
      let person: Identifier<Person> = try await id("person", "X1", world)
      let dossier = try #require(try await world.database.read { try PersonDossier(person, $0) })
      #expect(dossier.held.contains { $0.matter == .questions && $0.count == 1 })
      let order = PersonalDataDesk.Order([person], texts: dossier.texts.map(\.code), because: .demand)
      _ = try await PersonalDataDesk(world, actor: direction).erase(order, confirmedBy: "anonymiser")
      #expect(try await one("Q2", for: direction, world)?.expert?.name.contains("anonymisée") == true)
      #expect(try await world.values("questions.count", Period(year: 2026))[""] == 3)
    }
  }
}
