import Foundation
import Records
import Store
import TestSupport
import Testing

@testable import Federation

/// What becomes of a block's state when its words change, and of blocks whose figures are gone.
extension ReportBlocksTests {
  @Test(arguments: Engine.allCases)
  func aTextThatChangesIsToBeReadAgain(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      let title = "Le mot de la présidence"
      let (editor, id) = (world.editor, try await world.block(title).id.rawValue)
      func version() async throws -> Int { try #require(try await editor.load(id)).version }
      func save(_ entries: Entries, from version: Int) async throws {
        _ = try await editor.save(id, entering: entries, from: version, heedsWarnings: false)
      }
      try await save(["texte": "Un", "etat": "relu"], from: version())
      #expect(try await world.block(title).state == .approved)
      // The form sends the state as it stood: nobody has chosen it.
      try await save(["texte": "Deux", "etat": "relu"], from: version())
      #expect(try await world.block(title).state == .draft)
      try await save(["texte": "Trois", "etat": "relu"], from: version())
      #expect(try await world.block(title).state == .approved)
      try await save(["texte": "Quatre", "etat": "en_relecture"], from: version())
      try await save(["texte": "Cinq"], from: version())
      #expect(try await world.block(title).state == .inReview)
      // Who is in charge is no part of the words.
      try await save(["etat": "relu"], from: version())
      try await save(["redacteur": "claire@exemple.fr"], from: version())
      #expect(try await world.block(title).state == .approved)
      // A file changes a text as a form does.
      let reference = try #require(try await editor.load(id)).draft.reference ?? ""
      try await world.installation.bring("blocs", "annee;nature;titre;texte;reference\n2023;texte;\(title);Six;\(reference)\n")
      let taken = try await world.block(title)
      #expect(taken.text == "Six" && taken.state == .draft)
      // A file approves nothing, however often it comes.
      let file = "annee;nature;titre;texte;etat;reference\n2023;texte;\(title);Sept;relu;\(reference)\n"
      for round in 0..<2 {
        let outcome = try await world.installation.bring("blocs", file)
        #expect(outcome.refused.isEmpty && outcome.warnings.contains { $0.contains("ce bloc reste « Brouillon »") }, "\(round)")
        let block = try await world.block(title)
        #expect(block.text == "Sept" && block.state == .draft, "\(round)")
      }
      // Nor does a file that changes what was approved.
      try await save(["etat": "relu"], from: version())
      for round in 0..<2 {
        try await world.installation.bring("blocs", file.replacing("Sept", with: "Huit"))
        #expect(try await world.block(title).state == .draft, "\(round)")
      }
    }
  }

  @Test(arguments: Engine.allCases)
  func whoApprovesWhileAnotherWritesHasNotReadIt(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      let title = "Le mot de la présidence"
      let (editor, id) = (world.editor, try await world.block(title).id.rawValue)
      try await world.write("Un", in: title)
      let seen = try #require(try await editor.load(id)).version
      try await world.write("Deux", in: title)
      _ = try await editor.save(id, entering: ["etat": "relu"], from: seen, heedsWarnings: false)
      let merged = try await world.block(title)
      #expect(merged.state == .inReview && merged.text == "Deux")
      // And the other way round: approved first, then changed by who had begun before.
      let again = try #require(try await editor.load(id)).version
      _ = try await editor.save(id, entering: ["etat": "relu"], from: again, heedsWarnings: false)
      #expect(try await world.block(title).state == .approved)
      _ = try await editor.save(id, entering: ["texte": "Trois"], from: again, heedsWarnings: false)
      let last = try await world.block(title)
      #expect(last.state == .draft && last.text == "Trois")
    }
  }

  @Test(arguments: Engine.allCases)
  func aRetiredFigureIsToldAndHoldsNothingUp(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      try await world.installation.database.write { connection in
        for nature in ["chiffres", "graphique"] {
          try connection.execute("UPDATE report_block SET figures = 'contacts.disparu' WHERE nature = \(nature)")
        }
      }
      let outline = try await world.outline()
      try await world.drafting.move(outline[1].id, .up)
      #expect(try await world.outline().first?.id == outline[1].id)
      try await world.drafting.open(2024, .lastYear)
      #expect(try await world.outline(2024).count == outline.count)
      #expect(try await world.faults(2024).contains { $0.contains("le chiffre « contacts.disparu » n’existe plus.") })
      await #expect(throws: Refusal.self) { try await ReportDesk(world.installation).publish(2023) }
      // Its own form refuses it, in words.
      for nature in [BlockNature.figures, .chart] {
        let block = try #require(try await world.outline().first { $0.nature == nature })
        let version = try #require(try await world.editor.load(block.id.rawValue)).version
        let outcome = try await world.editor.save(block.id.rawValue, entering: ["titre": "Autre"], from: version, heedsWarnings: false)
        guard case .refused(let faults) = outcome else { throw TestSetUpError(description: "\(outcome)") }
        #expect(faults.map(\.column) == ["chiffres"] && faults[0].reason.contains("« contacts.disparu » n’existe plus"))
      }
    }
  }

  @Test(arguments: Engine.allCases)
  func bracketsStandInTextsAlone(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      let block = try await world.block("Nos priorités")
      let version = try #require(try await world.editor.load(block.id.rawValue)).version
      let outcome = try await world.editor.save(
        block.id.rawValue, entering: ["titre": "[[contacts.count]] échanges"], from: version, heedsWarnings: false)
      guard case .refused(let faults) = outcome else { throw TestSetUpError(description: "\(outcome)") }
      #expect(faults.map(\.column) == ["titre"] && faults[0].reason.contains("ne se met que dans un texte"))
      // What is marked as code is no figure: neither asked for nor told.
      try await world.write("Le code `[[rien]]`, **[[contacts.count]]**\n\n```\n[[autre]]\n```", in: "Nos priorités")
      #expect(try await world.faults() == [])
      #expect(try await world.report().document?.references.map(\.written) == ["contacts.count"])
    }
  }

  @Test(arguments: Engine.allCases)
  func linesOfAFileStandInTheirOrder(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      let last = try #require(try await world.outline().last)
      try await world.installation.bring(
        "blocs", "annee;nature;titre\n2023;chapitre;Un\n2023;texte;Deux\n2023;texte;Trois\n2022;chapitre;Seul\n")
      #expect(try await world.outline().suffix(4).map(\.title) == [last.title, "Un", "Deux", "Trois"])
      let ranks = try await world.outline().map(\.rank)
      #expect(Set(ranks).count == ranks.count)
      #expect(try await world.outline(2022).map(\.rank) == [ReportDrafting.step])
    }
  }

  /// Whoever was ticked and is gone would leave the report without a word: it is told, and stops the publication.
  @Test(arguments: Engine.allCases)
  func whoIsTickedAndGoneIsTold(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      let block = try await world.block("Qui est qui")
      let version = try #require(try await world.editor.load(block.id.rawValue)).version
      let both: Entries = ["repris": world.claire.id.description, "lignes": "Claire | Chargée de mission\nSolène Aubertin"]
      _ = try await world.editor.save(block.id.rawValue, entering: both, from: version, heedsWarnings: false)
      // As she wrote it, once.
      let people = try await world.report().document?.blocks.first { $0.title == "Qui est qui" }?.people
      #expect(people == [ReportPerson(name: "Claire", role: "Chargée de mission"), ReportPerson(name: "Solène Aubertin")])
      #expect(try await world.faults() == [])
      try await world.installation.database.write { connection in
        try connection.execute("UPDATE account SET closed_at = \(Instant(world.clock.now)) WHERE id = \(world.claire.id)")
      }
      let told = try await world.faults()
      #expect(told.count == 1 && told[0].contains("1 personne cochée n’est plus proposée"))
      let refusal = await #expect(throws: Refusal.self) { try await ReportDesk(world.installation).publish(2023, acceptsUnread: true) }
      #expect(refusal?.sentence.contains("Qui est qui") == true)
      _ = try await world.editor.save(block.id.rawValue, entering: ["repris": ""], from: version + 1, heedsWarnings: false)
      #expect(try await world.faults() == [])
    }
  }
}
