import Federation
import Foundation
import HTTPTypes
import Records
import Store
import TestSupport
import Testing
import WebSupport

@testable import Site

struct AccountsPagesTests {
  private func withWorld(_ engine: Engine = .sqlite, _ body: @Sendable (SiteWorld, Visitor) async throws -> Void) async throws {
    try await withSite(engine, siteURL: "https://maillage.exemple.fr") { world in
      let direction = try await world.signedIn()
      try await body(world, direction)
    }
  }

  private func invite(_ visitor: Visitor, _ items: [(String, String)]) async throws -> Answer {
    let form = try await visitor.get("/comptes/nouveau")
    return try await visitor.post("/comptes", [("csrf", form.field("csrf") ?? "")] + items)
  }

  private static let camille = [("courriel", "Camille@exemple.fr "), ("nom", "Camille Roussel"), ("role", "assistance")]

  @Test(arguments: Engine.allCases) func anInvitationGoesAllTheWay(_ engine: Engine) async throws {
    try await withWorld(engine) { world, direction async throws in
      let made = try await invite(direction, Self.camille)
      let sheet = try #require(made.location)
      #expect(made.status == 303 && sheet.hasSuffix("?fait=invitation"))
      let page = try await direction.get(sheet)
      #expect(page.text.contains("L’invitation est prête") && page.text.contains("Renvoyer l’invitation") && page.text.contains("Invité"))
      let link = try await world.mailedLink()
      let guest = world.visitor.stranger()
      let welcome = try await guest.get(link)
      #expect(welcome.text.contains("Bienvenue, Camille Roussel") && TagBalance.fault(in: welcome.text) == nil)
      let short = try await guest.post(link, [("csrf", welcome.field("csrf") ?? ""), ("nouveau", "court"), ("encore", "court")])
      #expect(short.status == 422 && short.text.contains("au moins 12 caractères") && short.text.contains("aria-invalid=\"true\""))
      let entered = try await guest.post(
        link, [("csrf", short.field("csrf") ?? ""), ("nouveau", SiteWorld.password), ("encore", SiteWorld.password)])
      #expect(entered.location == "/")
      #expect(try await guest.get("/structures").status == 200)
      // Closed, reopened, and another role.
      let path = String(sheet.prefix { $0 != "?" })
      let csrf = page.field("csrf") ?? ""
      #expect(try await direction.post("\(path)/fermeture", []).status == 403)
      #expect(try await direction.post("\(path)/invitation", [("csrf", csrf)]).text.contains("Cette personne est déjà entrée\u{A0}:"))
      #expect(try await direction.post("\(path)/fermeture", [("csrf", csrf)]).location == "\(path)?fait=fermeture")
      #expect(try await guest.get("/structures").status == 303)
      #expect(try await guest.signIn("camille@exemple.fr", SiteWorld.password).status == 422)
      #expect(try await direction.get(path).text.contains("Rouvrir le compte"))
      #expect(try await direction.post("\(path)/reouverture", [("csrf", csrf)]).status == 303)
      #expect(try await guest.signIn("camille@exemple.fr", SiteWorld.password).status == 303)
      let wrong = try await direction.post("\(path)/role", [("csrf", csrf), ("role", "referent")])
      #expect(wrong.status == 422 && wrong.text.contains("choisissez-le"))
      #expect(try await direction.post("\(path)/role", [("csrf", csrf), ("role", "ca")]).location == "\(path)?fait=role")
      #expect(try await guest.get("/structures").status == 303)
      let row = try await direction.get("/comptes?q=camille&role=ca&etat=actif")
      #expect(row.recordCount == 1 && row.text.contains("Conseil d’administration"))
    }
  }

  @Test func whatIsRefusedIsSaidBesideItsField() async throws {
    try await withWorld { world, direction async throws in
      for (items, sentence) in [
        ([("courriel", "x"), ("nom", "A"), ("role", "ca")], "Saisissez une adresse de courriel"),
        ([("courriel", "a@exemple.fr"), ("nom", ""), ("role", "ca")], "Saisissez un nom"),
        ([("courriel", "a@exemple.fr"), ("nom", "A"), ("role", "")], "Choisissez un rôle."),
        ([("courriel", "a@exemple.fr"), ("nom", "A"), ("role", "roi")], "Choisissez un rôle."),
        ([("courriel", "DIRECTION@exemple.fr"), ("nom", "A"), ("role", "ca")], "Un compte existe déjà pour cette adresse\u{A0}:"),
        ([("courriel", "a@exemple.fr"), ("nom", "A"), ("role", "membre_equipe"), ("structure", "<b>")], "Aucune équipe n’a la référence"),
      ] {
        let answer = try await invite(direction, items)
        #expect(answer.status == 422 && answer.text.contains(sentence), "\(sentence)")
        #expect(answer.text.contains("class=\"erreur\"") && !answer.text.contains("<b>«"), "\(sentence)")
      }
      #expect(try await direction.post("/comptes", Self.camille).status == 403)
      #expect(try await direction.post("/comptes", Self.camille + [("csrf", "x")]).text.contains("il reste à l’enregistrer"))
      #expect(try await world.installation.database.read { try AccountSummary.all($0).count } == 1)
    }
  }

  @Test func theLastDirectionIsKeptWithASentence() async throws {
    try await withWorld { _, direction async throws in
      let own = try #require(try await direction.get("/comptes").links(to: "/comptes/").first { $0 != "/comptes/nouveau" })
      let page = try await direction.get(own)
      #expect(page.text.contains("On ne ferme pas son propre compte"))
      let refused = try await direction.post("\(own)/role", [("csrf", page.field("csrf") ?? ""), ("role", "ca")])
      #expect(refused.status == 422 && refused.text.contains("C’est le dernier accès de direction\u{A0}:"))
      #expect(try await direction.get("/comptes").status == 200)
      #expect(try await direction.get("/comptes/0000000000000").status == 404)
      #expect(try await direction.get("/comptes/x").status == 404)
    }
  }

  /// Not one of the forms is open to a role that may not write accounts.
  @Test func othersChangeNothing() async throws {
    try await withWorld { world, direction async throws in
      let own = try #require(try await direction.get("/comptes").links(to: "/comptes/").first { $0 != "/comptes/nouveau" })
      for role in Role.allCases where role.scope(.write, .accounts) == .none {
        let visitor = try await world.signedIn(role)
        let csrf = try await visitor.get("/compte").field("csrf") ?? ""
        for path in ["/comptes", "\(own)/role", "\(own)/invitation", "\(own)/fermeture", "\(own)/reouverture"] {
          #expect(try await visitor.post(path, [("csrf", csrf), ("role", "direction")]).status == 403, "\(role) \(path)")
        }
      }
    }
  }
}
