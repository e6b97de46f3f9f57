import Federation
import Foundation
import Records
import Store
import TestSupport
import Testing
import WebSupport

@testable import Site

/// Comments in the browser: on the page of a record, in its reader's notifications, and nowhere else.
struct CommentPagesTests {
  private struct House: Sendable {
    let claire, camille, referent, partner: Visitor
    let world: SiteWorld
    let team: String
  }

  private func withHouse(_ engine: Engine = .sqlite, _ body: @Sendable (House) async throws -> Void) async throws {
    try await withSite(engine) { world in
      try await SmallWorld.bring(into: world.installation)
      try await world.installation.bring("personnes", "reference;nom;prenom\nP1;Gentiane;Aurore\n")
      try await world.installation.bring("organisations", "reference;nature;nom\nO1;ars;ARS\n")
      try await world.installation.bring("taches", "titre;echeance;affectee_a;reference\nRappeler;2026-12-01;Claire;T1\n")
      try await world.installation.bring(
        "premiers_contacts", "reference;recu_le;canal;nom;commune\nPC1;2026-02-01;telephone;Prunelle;38185\n")
      func visitor(_ name: String, _ role: Role) async throws -> Visitor {
        let account = try await world.installation.accounts.create(
          email: "\(role.rawValue)-\(name.prefix(2).lowercased())@exemple.fr", name: name, role: role, password: SiteWorld.password)
        return try await world.visitor.stranger().signedIn(account.email, SiteWorld.password)
      }
      let claire = try await visitor("Claire Vasselin", .chargeMission)
      let team = try #require(try await claire.get("/structures?q=Œillet").records(of: "/structures/").first)
      try await body(
        House(
          claire: claire, camille: try await visitor("Camille Roussel", .assistance), referent: try await visitor("Nadia", .referent),
          partner: try await visitor("Paul", .partenaire), world: world, team: team))
    }
  }

  private func say(_ text: String, _ visitor: Visitor, on page: String) async throws -> Answer {
    let form = try await visitor.get(page)
    let action = try #require(form.actions(to: "/commentaires?").first)
    return try await visitor.post(
      action, [("csrf", form.field("csrf") ?? ""), ("commentaire", form.field("commentaire") ?? ""), ("mots", text)])
  }

  @Test(arguments: Engine.allCases) func aRecordOfEachKindIsCommentedOn(_ engine: Engine) async throws {
    try await withHouse(engine) { house async throws in
      let task = try await house.world.installation.database.read { try $0.value("SELECT id FROM todo", as: Int64.self) }
      let pages = [
        house.team, try #require(try await house.claire.get("/echanges?annee=2026").records(of: "/echanges/").first),
        try #require(try await house.claire.get("/personnes").records(of: "/personnes/").first),
        try #require(try await house.claire.get("/organisations").records(of: "/organisations/").first),
        try #require(
          try await house.claire.get("/premiers-contacts?periode=2026-01-01..2026-12-31").records(of: "/premiers-contacts/").first),
        "/taches/\(Identifier<ToDo>(rawValue: try #require(task)))/modifier",
      ]
      for page in pages {
        let sent = try await say("Bravo <script>alert(1)</script> https://exemple.fr/a. @Camille Roussel", house.claire, on: page)
        #expect(sent.location == "\(page)?fait=commentaire", "\(page)")
        let after = try await house.claire.get(sent.location ?? "")
        #expect(TagBalance.fault(in: after.text) == nil, "\(page)")
        #expect(after.text.contains("Bravo &lt;script&gt;alert(1)&lt;/script&gt; <a href=\"https://exemple.fr/a\" rel="), "\(page)")
        #expect(after.text.contains("<b>@Camille Roussel</b>") && after.text.contains("Ne plus suivre"), "\(page)")
        #expect(after.text.contains("Le commentaire est enregistré."), "\(page)")
      }
      let notices = try await house.camille.get("/notifications")
      #expect(notices.text.contains("Non lues (6)") && notices.text.contains("Notifications\u{A0}: 6 non lues"))
      #expect(TagBalance.fault(in: notices.text) == nil)
      for page in pages { #expect(notices.text.contains("href=\"\(page)#t-commentaires\""), "\(page)") }
      // One is opened, and is read by that; then all of them.
      let csrf = notices.field("csrf") ?? ""
      let first = try #require(notices.actions(to: "/notifications/").first { $0.hasSuffix("/lue") })
      let opened = try await house.camille.post(first, [("csrf", csrf), ("ouvrir", "oui")])
      #expect(opened.location?.hasSuffix("#t-commentaires") == true)
      #expect(try await house.camille.get("/notifications").text.contains("Non lues (5)"))
      #expect(try await house.claire.post(first, [("csrf", house.claire.get("/compte").field("csrf") ?? "")]).status == 404)
      #expect(try await house.camille.post("/notifications/lues", [("csrf", csrf)]).location == "/notifications")
      let read = try await house.camille.get("/notifications").text
      #expect(read.contains("Déjà lues (6)") && !read.contains("Non lues") && !read.contains("non lue"))
      // A page in the address bar reads nothing by itself.
      _ = try await say("Encore, @Camille Roussel", house.claire, on: house.team)
      for _ in 1...2 { #expect(try await house.camille.get("/notifications").text.contains("Non lues (1)")) }
    }
  }

  @Test(arguments: Engine.allCases) func onesOwnIsChangedTakenBackAndSaidAgain(_ engine: Engine) async throws {
    try await withHouse(engine) { house async throws in
      _ = try await say("Premier jet", house.claire, on: house.team)
      let page = try await house.claire.get(house.team)
      let edit = try #require(page.links(to: "/commentaires/").first { $0.hasSuffix("/modifier") })
      #expect(try await house.camille.get(house.team).links(to: "/commentaires/").isEmpty)
      #expect(try await house.camille.get(edit).status == 404)
      let form = try await house.claire.get(edit)
      let csrf = form.field("csrf") ?? ""
      let long = String(repeating: "a", count: 100_000)
      let refused = try await house.claire.post(edit, [("csrf", csrf), ("version", "1"), ("mots", long)])
      #expect(refused.status == 422 && refused.text.contains(long) && refused.text.contains("5000 au plus"))
      let changed = try await house.claire.post(edit, [("csrf", csrf), ("version", "1"), ("mots", "Second jet")])
      let told = try await house.claire.get(changed.location ?? "")
      #expect(told.text.contains("Le commentaire est modifié.") && told.text.contains("Second jet") && told.text.contains(", modifié"))
      let undo = try #require(told.actions(to: "/commentaires/").first { $0.hasSuffix("/annulation") })
      #expect(try await house.claire.post(undo, [("csrf", csrf)]).status == 303)
      #expect(try await house.claire.get(house.team).text.contains("Premier jet"))
      let remove = edit.replacing("/modifier", with: "/supprimer")
      #expect(try await house.camille.post(remove, [("csrf", house.camille.get("/compte").field("csrf") ?? "")]).status == 404)
      let removed = try await house.claire.post(remove, [("csrf", csrf)])
      let without = try await house.claire.get(removed.location ?? "")
      #expect(!without.text.contains("Premier jet") && without.text.contains("Le commentaire est supprimé."))
      let back = try #require(without.actions(to: "/commentaires/").first { $0.hasSuffix("/retablir") })
      #expect(try await house.claire.post(back, [("csrf", csrf)]).status == 303)
      #expect(try await house.claire.get(house.team).text.contains("Premier jet"))
    }
  }

  /// The comment is kept; its writer sees that a call reached nobody.
  @Test func whoIsCalledAndHasNoAccountIsSaidToTheWriter() async throws {
    try await withHouse { house async throws in
      let sent = try await say("Bravo @Odile, vu avec @Jean Inconnu et @Camille Roussel (a@b.fr)", house.claire, on: house.team)
      #expect(sent.status == 303)
      let page = try await house.claire.get(house.team)
      #expect(page.text.contains("Personne n’est prévenu pour «\u{202F}@Odile\u{202F}», «\u{202F}@Jean Inconnu\u{202F}»"))
      #expect(TagBalance.fault(in: page.text) == nil && page.text.contains("<b>@Camille Roussel</b>"))
      #expect(try await !house.camille.get(house.team).text.contains("Personne n’est prévenu"))
    }
  }

  @Test func whatIsRefusedIsNotLost() async throws {
    try await withHouse { house async throws in
      let action = try #require(try await house.claire.get(house.team).actions(to: "/commentaires?").first)
      let refused = try await say("Un long texte, @Paul", house.claire, on: house.team)
      #expect(refused.status == 422 && refused.text.contains("Un long texte, @Paul"))
      #expect(refused.text.contains("Paul n’a pas accès à cette fiche") && refused.text.contains("aria-invalid=\"true\""))
      // The page of the refusal is a form that can be sent.
      let again = try await house.claire.post(
        try #require(refused.actions(to: "/commentaires?").first),
        [("csrf", refused.field("csrf") ?? ""), ("commentaire", refused.field("commentaire") ?? ""), ("mots", "Un long texte, Paul")])
      #expect(again.location == "\(house.team)?fait=commentaire")
      // Neither those who read the record without being of the staff, nor those who do not read it.
      let referent = try await house.referent.get(house.team)
      #expect(referent.status == 200 && !referent.text.contains("Un long texte") && referent.actions(to: "/commentaires").isEmpty)
      #expect(!referent.text.contains("href=\"/notifications\""))
      let id = house.world.installation.ids.next(RecordComment.self).description
      for stranger in [house.referent, house.partner] {
        let csrf = try await stranger.get("/compte").field("csrf") ?? ""
        #expect(try await stranger.post(action, [("csrf", csrf), ("commentaire", id), ("mots", "Moi aussi")]).status == 404)
        let follow = action.replacing("/commentaires?", with: "/commentaires/suivi?")
        #expect(try await stranger.post(follow, [("csrf", csrf), ("suivre", "oui")]).status == 404)
        #expect(try await stranger.get(action.replacing("/commentaires?", with: "/commentaires/noms?")).status == 404)
      }
      #expect(try await house.claire.post(action, [("csrf", "x"), ("commentaire", id), ("mots", "Moi aussi")]).status == 403)
      let names = try await house.claire.get(action.replacing("/commentaires?", with: "/commentaires/noms?") + "&q=cam")
      #expect(names.text == "[\"Camille Roussel\"]")
      // Of a record in the bin.
      let csrf = try await house.claire.get(house.team).field("csrf") ?? ""
      _ = try await house.claire.post("\(house.team)/corbeille", [("csrf", csrf)])
      let late = try await house.claire.post(action, [("csrf", csrf), ("commentaire", id), ("mots", "Trop tard")])
      #expect(late.status == 422 && late.text.contains("Cette fiche est dans la corbeille") && late.text.contains("Trop tard"))
    }
  }

  @Test(arguments: Engine.allCases) func whoFollowsIsToldAndMayStop(_ engine: Engine) async throws {
    try await withHouse(engine) { house async throws in
      let page = try await house.camille.get(house.team)
      let follow = try #require(page.actions(to: "/commentaires/suivi").first)
      let csrf = page.field("csrf") ?? ""
      let done = try await house.camille.post(follow, [("csrf", csrf), ("suivre", "oui")])
      let after = try await house.camille.get(done.location ?? "")
      #expect(after.text.contains("Vous serez prévenu des nouveautés") && !after.text.contains("Préviendra aussi"))
      // Whoever writes is not told of it: only others see who is.
      #expect(try await house.claire.get(house.team).text.contains("Préviendra aussi\u{A0}: Camille Roussel"))
      _ = try await say("Un", house.claire, on: house.team)
      #expect(try await house.camille.get("/notifications").text.contains("Claire Vasselin a commenté"))
      _ = try await house.camille.post(follow, [("csrf", csrf), ("suivre", "non")])
      _ = try await say("Deux", house.claire, on: house.team)
      #expect(try await house.camille.get("/notifications").text.contains("Non lues (1)"))
      // What one wants to be told of is chosen on one's own account.
      let account = try await house.camille.get("/compte")
      #expect(account.text.contains("Mes notifications") && account.text.contains("value=\"synthese\" checked"))
      let chosen = try await house.camille.post(
        "/compte/notifications", [("csrf", csrf), ("choix", "mention_courriel"), ("choix", "rien")])
      let kept = try await house.camille.get(chosen.location ?? "").text
      #expect(kept.contains("Vos choix de notifications sont enregistrés.") && !kept.contains("value=\"synthese\" checked"))
      #expect(kept.contains("value=\"mention_courriel\" checked"))
      _ = try await say("@Camille Roussel", house.claire, on: house.team)
      #expect(try await house.camille.get("/notifications").text.contains("Non lues (1)"), "mentions were stopped")
      #expect(try await house.referent.get("/compte").text.contains("Mes notifications") == false)
    }
  }
}
