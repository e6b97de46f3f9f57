import Federation
import Foundation
import Records
import Store
import TestSupport
import Testing

@testable import Site

/// A form that is saved once more: after the browser's way back, or after a doubt.
struct SavedAgainTests {
  private func withForm(
    _ engine: Engine = .sqlite, _ body: @Sendable (SiteWorld, Visitor, _ hidden: [(String, String)]) async throws -> Void
  ) async throws {
    try await withSite(engine) { world in
      try await SmallWorld.bring(into: world.installation)
      let visitor = try await world.signedIn(.chargeMission)
      let form = try await visitor.get("/echanges/nouveau")
      try await body(world, visitor, ["csrf", "fiche", "tache"].map { ($0, form.field($0) ?? "") })
    }
  }

  private func call(_ day: String, _ subject: String, team: String = "S3") -> [(String, String)] {
    [
      ("structures", team), ("structures_texte", ""), ("personnes_texte", ""), ("themes_texte", ""), ("canal", "telephone"), ("date", day),
      ("objet", subject), ("organisations_texte", ""), ("auteur", "Odile Marchandet"), ("suite", ""),
    ]
  }

  private func subjects(_ world: SiteWorld) async throws -> [String] {
    try await world.installation.database.read { connection in
      try connection.rows("SELECT COALESCE(subject, '') FROM exchange WHERE date > '2026-11-09' ORDER BY 1").map { try $0[0] }
    }
  }

  @Test(arguments: Engine.allCases) func whoComesBackChangesWhatIsSaved(_ engine: Engine) async throws {
    try await withForm(engine) { world, visitor, hidden async throws in
      let first = try await visitor.post("/echanges/nouveau", hidden + call("2026-11-10", "Locaux"))
      #expect(first.status == 303 && first.location?.contains("fait=note") == true)
      let second = try await visitor.post("/echanges/nouveau", hidden + call("2026-11-10", "Locaux trouvés"))
      #expect(second.status == 303 && second.location?.contains("fait=modifie") == true)
      #expect(try await subjects(world) == ["", "Locaux trouvés"])
      let record = String((second.location ?? "").prefix { $0 != "?" })
      let third = try await visitor.post("/echanges/nouveau", hidden + call("2026-11-10", "Encore autre chose"))
      #expect(third.status == 303 && third.location?.contains("fait=modifie") == true)
      #expect(try await subjects(world) == ["", "Encore autre chose"])
      // What one wrote oneself on another page stays.
      let mine = try await visitor.get("\(record)/modifier")
      let longer = call("2026-11-10", "Encore autre chose") + [("duree_minutes", "30")]
      #expect(try await visitor.post("\(record)/modifier", ["csrf", "version"].map { ($0, mine.field($0) ?? "") } + longer).status == 303)
      let before = try await visitor.post("/echanges/nouveau", hidden + call("2026-11-10", "Et puis") + [("duree_minutes", "")])
      #expect(before.status == 303)
      #expect(try await subjects(world) == ["", "Et puis"])
      #expect(try await visitor.get("\(record)/modifier").field("duree_minutes") == "30")
      // What somebody else changed meanwhile is asked about, as in any form.
      let colleague = try await world.signedIn(.direction)
      let form = try await colleague.get("\(record)/modifier")
      let changed = call("2026-11-10", "Locaux signés").map { $0.0 == "canal" ? ($0.0, "visio") : $0 }
      let theirs = ["csrf", "version"].map { ($0, form.field($0) ?? "") } + changed
      #expect(try await colleague.post("\(record)/modifier", theirs).status == 303)
      let fourth = try await visitor.post("/echanges/nouveau", hidden + call("2026-11-10", "Locaux visités"))
      #expect(fourth.status == 409 && fourth.text.contains("Deux saisies en même temps") && fourth.text.contains("Locaux signés"))
      #expect(!fourth.text.contains("name=\"canal\""), "what only they changed stays")
      // In the bin it is not there to be changed, and comes out of it when that is asked for.
      #expect(try await visitor.post("\(record)/corbeille", hidden).status == 303)
      let gone = try await visitor.post("/echanges/nouveau", hidden + call("2026-11-10", "Locaux"))
      #expect(gone.status == 409 && gone.text.contains("Rétablir la fiche et enregistrer"))
    }
  }

  @Test func onlyTheDoubtsThatWereShownAreAccepted() async throws {
    try await withForm { world, visitor, hidden async throws in
      let early = try await visitor.post("/echanges/nouveau", hidden + call("2027-11-10", "Accès aux soins", team: "S1"))
      #expect(early.status == 422 && early.text.contains("est à venir"))
      let accepted = [("accepte", early.field("accepte") ?? "")]
      // The day is mended, and then another doubt arises: it is told before anything is saved.
      let again = try await visitor.post("/echanges/nouveau", hidden + accepted + call("2026-11-20", "Accès aux soins", team: "S1"))
      #expect(again.status == 422 && again.text.contains("est déjà noté") && !again.text.contains("est à venir"))
      #expect(try await subjects(world) == [""])
      let meant = [("accepte", again.field("accepte") ?? "")]
      #expect(try await visitor.post("/echanges/nouveau", hidden + meant + call("2026-11-20", "Accès", team: "S1")).status == 303)
      #expect(try await subjects(world) == ["", "Accès"])
    }
  }

  @Test(arguments: Engine.allCases) func aPartOfANameIsEnough(_ engine: Engine) async throws {
    try await withForm(engine) { world, visitor, hidden async throws in
      func typed(_ team: String, theme: String) -> [(String, String)] {
        call("2026-11-10", "Locaux").filter { !["structures", "structures_texte", "themes_texte"].contains($0.0) }
          + [("structures_texte", team), ("themes_texte", theme)]
      }
      let several = try await visitor.post("/echanges/nouveau", hidden + typed("maison", theme: "montage msp"))
      #expect(several.status == 422 && several.text.contains("précisez\u{A0}: ") && several.text.contains("Ancienne maison (S4)"))
      #expect(!several.text.contains("ajoutez-la d’abord"))
      let nothing = try await visitor.post("/echanges/nouveau", hidden + typed("Introuvable", theme: ""))
      #expect(nothing.status == 422 && nothing.text.contains("ajoutez-la d’abord à l’annuaire"))
      #expect(try await visitor.post("/echanges/nouveau", hidden + typed("équipe tilleul", theme: "montage msp")).status == 303)
      let found: [String] = try await world.installation.database.read { connection in
        try connection.rows(
          """
          SELECT s.reference || ' ' || t.theme FROM exchange e JOIN exchange_structure x ON x.exchange_id = e.id
          JOIN structure s ON s.id = x.structure_id JOIN exchange_theme t ON t.exchange_id = e.id WHERE e.subject = 'Locaux'
          """
        ).map { try $0[0] }
      }
      #expect(found == ["S3 montage_msp"])
    }
  }

  @Test(arguments: Engine.allCases) func namesakesAreToldApart(_ engine: Engine) async throws {
    try await withForm(engine) { world, visitor, hidden async throws in
      let people = "reference;nom;prenom\nP1;Barancet;Élio\nP2;Barancet;Élio\n"
      #expect(try await world.installation.bring("personnes", people).created == 2)
      let named = call("2026-11-10", "Locaux").filter { $0.0 != "personnes_texte" } + [("personnes_texte", "elio barancet")]
      let refused = try await visitor.post("/echanges/nouveau", hidden + named)
      #expect(refused.status == 422 && refused.text.contains("Élio Barancet (P1), Élio Barancet (P2)"))
      let staff = try await world.signedIn(.direction)
      let form = try await staff.get("/personnes/nouveau")
      let sent = ["csrf", "fiche"].map { ($0, form.field($0) ?? "") } + [("nom", "Barancet"), ("prenom", "Elio")]
      let warned = try await staff.post("/personnes/nouveau", sent)
      #expect(warned.status == 422 && warned.text.contains("Élio Barancet est déjà dans l’annuaire (P1)"))
      // In a tab of its own: nothing typed is lost.
      let known = try await visitor.get("/personnes").records(of: "/personnes/")
      #expect(Set(warned.records(of: "/personnes/")) == Set(known) && known.count == 2)
      #expect(warned.text.contains("target=\"_blank\" rel=\"noopener\">Voir P1"))
      let meant = warned.text.components(separatedBy: "name=\"accepte\" value=\"").dropFirst().map {
        ("accepte", String($0.prefix { $0 != "\"" }))
      }
      #expect(try await staff.post("/personnes/nouveau", sent + meant).status == 303)
    }
  }

  @Test func aStepAsksForItsDay() async throws {
    try await withForm { _, visitor, hidden async throws in
      let step = call("2026-11-10", "Locaux").filter { $0.0 != "suite" } + [("suite", "Rappeler"), ("suite_date", "")]
      let refused = try await visitor.post("/echanges/nouveau", hidden + step)
      #expect(refused.status == 422 && refused.text.contains("<a href=\"#c-suite_date\">") && refused.text.contains("id=\"e-suite_date\""))
      #expect(refused.text.components(separatedBy: " autofocus").count == 2, "the cursor waits in one field, the refused one")
      #expect(refused.text.contains("avec le jour pour lequel c’est à faire"))
    }
  }
}
