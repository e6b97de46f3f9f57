import Federation
import HTTPTypes
import TestSupport
import Testing

@testable import Site

/// What becomes of what was typed when the session has ended, or the role does not allow it.
struct HeldFormTests {
  @Test func everyFormOfASignedInPageIsHeld() async throws {
    try await withSite { world in
      try await SmallWorld.bring(into: world.installation)
      let out = world.visitor.stranger()
      let view = [("csrf", "1"), ("liste", "structures"), ("requete", "type=msp"), ("nom", "Maisons de santé")]
      let invitation = [("csrf", "1"), ("courriel", "sidonie@exemple.fr"), ("nom", "Sidonie Marchant"), ("role", "charge_mission")]
      let batch = [("csrf", "1"), ("liste", "/structures"), ("champ", "notes"), ("fiche", "A"), ("fiche", "B")]
      for (address, sent, told) in [
        ("/vues", view, ["Maisons de santé"]), ("/comptes", invitation, ["Sidonie Marchant", "Chargé"]),
        ("/lots/structures", batch, ["2 fiches cochées"]),
      ] {
        let held = try await out.post(address, sent)
        #expect(held.status == 401 && held.text.contains("Rien n’est perdu") && held.text.contains("href=\"/connexion\""), "\(address)")
        for text in told { #expect(held.text.contains(text), "\(address) \(text)") }
        #expect(!held.text.contains("charge_mission<"), "\(address)")
      }
      // What another site sends is not shown as if somebody had typed it here.
      let foreign = try await out.post("/vues", view, headers: [.origin: "https://ailleurs.example"])
      #expect(foreign.status == 303 && !foreign.text.contains("Maisons de santé"))
      // A button alone, a file and a secret are not held: the way in says why one is there.
      let csrf = [("csrf", "1")]
      let pressed = try await out.post("/taches/0000000000001/fait", csrf, headers: [.referer: "https://exemple.fr/taches?de=tous"])
      #expect(pressed.status == 303 && pressed.location?.hasPrefix("/connexion?fait=session&suite=") == true)
      #expect(try await out.get(pressed.location ?? "").text.contains("Votre session est terminée"))
      let file = try await out.upload("/pieces", csrf, file: "note.pdf", [1, 2, 3])
      #expect(file.status == 303 && file.location?.contains("fait=fichier") == true)
      #expect(try await out.get(file.location ?? "").text.contains("choisissez-le à nouveau"))
      let secret = try await out.post("/compte/mot-de-passe", csrf + [("ancien", "un secret"), ("nouveau", "un autre")])
      #expect(secret.status == 303 && !secret.text.contains("un secret"))
      #expect(try await out.get("/connexion?suite=/structures").text.contains("Connectez-vous pour ouvrir cette page."))
    }
  }

  @Test func whatIsHeldIsGivenBack() async throws {
    try await withSite { world in
      try await SmallWorld.bring(into: world.installation)
      let visitor = try await world.signedIn(.direction)
      let view = [("liste", "structures"), ("requete", "type=msp"), ("nom", "Maisons de santé")]
      let held = try await visitor.post("/vues", view + [("csrf", "")])
      #expect(held.status == 403 && held.text.contains("Maisons de santé") && held.text.contains(">Enregistrer</button>"))
      #expect(try await visitor.post("/vues", view + [("csrf", held.field("csrf") ?? "")]).status == 303)
    }
  }

  @Test func aRoleThatMayNotIsTold() async throws {
    try await withSite { world in
      try await SmallWorld.bring(into: world.installation)
      let visitor = try await world.signedIn(.direction)
      let record = try #require(try await visitor.get("/structures?q=Tilleuls").records(of: "/structures/").first)
      let reader = try await world.signedIn(.ca)
      let sent = [("csrf", "0"), ("version", "1"), ("type", "cds"), ("depuis", "2026-11-20"), ("etat", "ouverte")]
      let refused = try await reader.post("\(record)/modifier", sent)
      #expect(refused.status == 403 && refused.text.contains("ne permet pas d’enregistrer ici"))
      #expect(
        refused.text.contains("20 nov. 2026") && !refused.text.contains("<dd>cds")
          && !refused.text.contains("action=\"\(record)/modifier\""))
      let cell = try await world.visitor.stranger().post(
        "\(record)/modifier", [("champ", "rythme_suivi"), ("rythme_suivi", "6")], headers: [.accept: "application/json"])
      #expect(cell.status == 401 && cell.text.contains("Reconnectez-vous") && cell.text.contains("/connexion"))
    }
  }
}
