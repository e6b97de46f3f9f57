import Federation
import Foundation
import Records
import Store
import TestSupport
import Testing

@testable import Site

/// What the form of a team asks for, in people's words.
struct StructureFormTests {
  private func send(_ address: String, _ values: [(String, String)], by visitor: Visitor) async throws -> Answer {
    let form = try await visitor.get(address)
    let hidden = ["csrf", "fiche", "version"].compactMap { name in form.field(name).map { (name, $0) } }
    return try await visitor.post(address, hidden + values)
  }

  private func withWorld(_ engine: Engine = .sqlite, _ body: @Sendable (SiteWorld, Visitor) async throws -> Void) async throws {
    try await withSite(engine) { world in
      try await SmallWorld.bring(into: world.installation)
      try await body(world, try await world.signedIn())
    }
  }

  @Test func aStageToComeIsConfirmedOnce() async throws {
    try await withWorld { world, visitor async throws in
      let team = [("nom", "MSP du Lac"), ("type", "msp"), ("departement", "38"), ("etat", "ecriture"), ("depuis", "2027-03-01")]
      let warned = try await send("/structures/nouveau", team, by: visitor)
      #expect(warned.status == 422 && warned.field("accepte") != nil)
      // At the top, beside the field and beside the button.
      #expect(warned.text.components(separatedBy: "est datée du 1er mars 2027, un jour à venir.").count == 4)
      #expect(warned.text.contains("class=\"doute\" id=\"d-depuis\"") && warned.text.contains("href=\"#c-depuis\""))
      #expect(warned.text.contains("href=\"#a-verifier\"") && warned.text.contains("id=\"a-verifier\""))
      #expect(warned.text.contains("aria-describedby=\"d-depuis\""))
      let hidden = ["csrf", "fiche", "accepte"].map { ($0, warned.field($0) ?? "") }
      let saved = try await visitor.post("/structures/nouveau", hidden + team)
      #expect(saved.status == 303)
      // What is stored already is not asked about again.
      let record = String((saved.location ?? "").prefix { $0 != "?" })
      #expect(try await send("\(record)/modifier", [("telephone", "04 76 00 00 01")], by: visitor).status == 303)
    }
  }

  @Test(arguments: Engine.allCases) func whatIsNoNumberAndNoAddressIsRefused(_ engine: Engine) async throws {
    try await withWorld(engine) { world, visitor async throws in
      let record = try #require(try await visitor.get("/structures?q=Tilleuls").records(of: "/structures/").first)
      for (field, wrong, right) in [
        ("telephone", "bonjour", "+33 4 76 00 00 01 (poste 12)"), ("site_web", "javascript:alert(1)", "www.exemple.fr/equipe?a=1"),
        ("site_web", "mon site", "https://équipe.exemple.fr"),
      ] {
        let refused = try await send("\(record)/modifier", [(field, wrong)], by: visitor)
        #expect(refused.status == 422 && refused.text.contains("n’est pas"), "\(wrong)")
        #expect(try await send("\(record)/modifier", [(field, right)], by: visitor).status == 303, "\(right)")
      }
      // Of a file the rest of the line is worth having: it is told.
      let outcome = try await world.installation.bring("structures", "reference;type;nom;departement;telephone\nS9;msp;Le Pré;38;bonjour\n")
      #expect(outcome.created == 1 && outcome.warnings.contains { $0.contains("n’est pas un numéro de téléphone") })
    }
  }

  @Test(arguments: Engine.allCases) func aCommuneIsShownAndTakenByItsName(_ engine: Engine) async throws {
    try await withWorld(engine) { world, visitor async throws in
      let record = try #require(try await visitor.get("/structures?q=Tilleuls").records(of: "/structures/").first)
      let form = try await visitor.get("\(record)/modifier")
      #expect(form.field("commune") == "Grenoble (38185)" && form.text.contains("data-source=\"/suggestions/communes\""))
      for (typed, shown) in [
        ("Voiron (38563)", "Voiron (38563)"), ("38185", "Grenoble (38185)"), ("voiron", "Voiron (38563)"), ("", ""),
        ("Lyon 3e Arrondissement (69383)", "Lyon 3e Arrondissement (69383)"),
      ] {
        var answer = try await send("\(record)/modifier", [("commune", typed)], by: visitor)
        if answer.status == 422, let accepted = answer.field("accepte") {
          // Beyond its département: said, and taken.
          let hidden = ["csrf", "version"].map { ($0, answer.field($0) ?? "") }
          answer = try await visitor.post("\(record)/modifier", hidden + [("commune", typed), ("accepte", accepted)])
        }
        #expect(answer.status == 303, "\(typed)")
        #expect(try await visitor.get("\(record)/modifier").field("commune") == shown, "\(typed)")
      }
      #expect(try await visitor.get("/suggestions/communes?q=greno").text.contains("\"Grenoble (38185)\""))
    }
  }

  @Test func aNameOfSeveralCommunesComesBackAsAChoice() async throws {
    try await withWorld { world, visitor async throws in
      let values = [("nom", "Pralong"), ("commune", "Saint-Denis")]
      let refused = try await send("/personnes/nouveau", values, by: visitor)
      #expect(refused.status == 422 && refused.text.contains("plusieurs communes s’appellent") && refused.text.contains("93066"))
      #expect(refused.text.contains("<option value=\"Saint-Denis (93066)\">") && refused.field("commune") == "Saint-Denis")
      let chosen = try await send("/personnes/nouveau", [("nom", "Pralong"), ("commune", "Saint-Denis (93066)")], by: visitor)
      #expect(chosen.status == 303)
      let unknown = try await send("/personnes/nouveau", [("nom", "Pralong"), ("commune", "Nulle-Part")], by: visitor)
      #expect(unknown.status == 422 && unknown.text.contains("Nulle-Part"))
    }
  }

  /// Neither 0 nor nothing is a number of months: the menu says what they mean.
  @Test func theRhythmIsChosenInWords() async throws {
    try await withWorld { world, visitor async throws in
      let record = try #require(try await visitor.get("/structures?q=Tilleuls").records(of: "/structures/").first)
      let before = try await visitor.get("\(record)/modifier?champ=rythme_suivi").text
      #expect(before.contains("<option value=\"\" selected>Selon la phase</option>") && before.contains(">Pas de relance</option>"))
      #expect(try await send("\(record)/modifier", [("rythme_suivi", "0")], by: visitor).status == 303)
      let none = try await visitor.get("\(record)/modifier").text
      #expect(none.contains("<option value=\"0\" selected>Pas de relance</option>") && none.contains(">6\u{A0}mois</option>"))
      #expect(try await visitor.get("/structures?colonnes=nom&colonnes=suivi").text.contains(">Rythme de suivi<"))
    }
  }

  @Test func aTeamsContactsAreInTheList() async throws {
    try await withWorld { world, visitor async throws in
      try await world.installation.bring(
        "structures", "reference;type;nom;departement;telephone;courriel\nS9;msp;MSP du Lac;38;04 76 00 00 09;lac@exemple.fr\n")
      let list = try await visitor.get("/structures?colonnes=nom&colonnes=telephone&colonnes=courriel&q=Lac").text
      #expect(list.contains("04 76 00 00 09") && list.contains("href=\"mailto:lac@exemple.fr\""))
      let file = try await visitor.get("/structures.csv").text
      #expect(file.contains("Téléphone;Courriel") && file.contains("04 76 00 00 09;lac@exemple.fr"))
    }
  }
}
