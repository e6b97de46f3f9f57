import Federation
import Foundation
import HTTPTypes
import Records
import Store
import TestSupport
import Testing

@testable import Site

/// A facilitator's own pages (FAC-04, FAC-06): their own, and nobody else's. The day is 21 November 2026.
struct OwnSpaceTests {
  /// Two facilitators who sign in: Hervé is asked for one meeting, has one ahead and one that is over; Zoé has one of her own.
  private func withSpace(
    _ engine: Engine, _ body: @escaping @Sendable (SiteWorld, _ direction: Visitor, _ herve: Visitor, _ zoe: Visitor) async throws -> Void
  ) async throws {
    try await withSite(engine, siteURL: "https://maillage.exemple.fr") { world in
      let installation = world.installation
      let direction = try await world.signedIn()
      try await installation.bring(
        "structures",
        "reference;type;nom;departement;commune;etat;depuis\nS1;msp;Les Tilleuls;38;38185;ecriture;2025-01-01\nS2;msp;Les Ormes;38;38185;ouverte;2020-01-01\n"
      )
      try await installation.bring(
        "personnes",
        """
        reference;nom;prenom;courriel;telephone
        P1;Lantieri;Hervé;herve@exemple.fr;
        P2;Quintarel;Zoé;zoe@exemple.fr;
        P3;Barandon;Adèle;adele@exemple.fr;04 76 00 00 01

        """)
      try await installation.bring("fonctions", "personne;structure;fonction;depuis\nP3;S1;coordinateur;2025-01-01\n")
      try await installation.bring("facilitateurs", "personne;expertises;rayon_km\nP1;juridique;60\nP2;juridique;\n")
      let made = try await installation.bring(
        "facilitations",
        """
        reference;demandee_le;besoin;structures;type_facilitation;coordination;facilitateurs;date;heure;duree_minutes;etat
        F1;2026-11-05;Des statuts pour la SISA;S1;conseil_juridique;direction@exemple.fr;;;;;
        F2;2026-10-01;Choisir un logiciel;S1;si_choix;direction@exemple.fr;P1;2026-12-04;12:30;;
        F3;2026-09-01;Lancer les réunions;S1;conseil_pluripro;direction@exemple.fr;P1;2026-11-10;12:30;120;
        F4;2026-09-01;Les locaux;S2;conseil_immobilier;direction@exemple.fr;P2;2026-11-12;12:30;120;

        """)
      #expect(made.created == 4 && made.refused.isEmpty, "\(made)")
      for (email, name) in [("herve@exemple.fr", "Hervé Lantieri"), ("zoe@exemple.fr", "Zoé Quintarel")] {
        try await installation.accounts.create(email: email, name: name, role: .facilitateur, password: SiteWorld.password)
      }
      let herve = try await world.visitor.stranger().signedIn("herve@exemple.fr", SiteWorld.password)
      let zoe = try await world.visitor.stranger().signedIn("zoe@exemple.fr", SiteWorld.password)
      let page = try #require(try await direction.get("/facilitations?q=statuts").records(of: "/facilitations/").first)
      let chosen: [String] = try await installation.database.read { connection in
        try connection.rows("SELECT id FROM facilitator ORDER BY id").map { try ($0[0] as Identifier<Facilitator>).description }
      }
      let csrf = try await direction.get("\(page)/facilitateurs").field("csrf") ?? ""
      let sent = try await direction.post(
        "\(page)/facilitateurs",
        [
          ("csrf", csrf), ("quoi", "inviter"), ("places", "1"), ("reponse_avant", "2026-12-10"), ("creneau_1", "2026-12-15"),
          ("creneau_1_heure", "12:30"),
        ] + chosen.map { ("facilitateur", $0) })
      #expect(sent.status == 303, "\(sent.text.suffix(3_000))")
      try await body(world, direction, herve, zoe)
    }
  }

  @Test(arguments: Engine.allCases) func aRequestIsAnsweredFromTheSpace(_ engine: Engine) async throws {
    try await withSpace(engine) { _, direction, herve, zoe in
      #expect(try await herve.get("/").location == "/mon-espace")
      let page = try await herve.get("/mon-espace")
      #expect(page.status == 200 && TagBalance.fault(in: page.text) == nil)
      for words in [
        "Bonjour Hervé", "Des statuts pour la SISA", "Les Tilleuls", "Juridique et statuts", "15 décembre 2026", "Bilans à écrire",
      ] {
        #expect(page.text.contains(words), "\(words)")
      }
      #expect(page.text.contains("Une demande attend votre réponse, et un bilan reste à écrire."))
      let action = try #require(page.text.firstMatch(of: /action="(\/mon-espace\/demandes\/([^"]+))"/)?.output)
      let (address, id) = (String(action.1), String(action.2))
      let csrf = ("csrf", page.field("csrf") ?? "")
      let slot = try #require(page.text.firstMatch(of: /name="creneau_[^"]+" value="([^"]+)"/)?.output.1)
      // Somebody else's invitation is not theirs to answer.
      let zoes = ("csrf", try await zoe.get("/mon-espace").field("csrf") ?? "")
      #expect(try await zoe.post(address, [zoes, ("reponse", "oui")]).status == 422)
      let long = try await herve.post(address, [csrf, ("reponse", "oui"), ("mot_\(id)", String(repeating: "a", count: 1_001))])
      #expect(long.status == 422 && long.text.contains("1 000"))
      let kept = try await herve.post(address, [csrf, ("reponse", "oui"), ("creneau_\(id)", String(slot)), ("mot_\(id)", "Avec plaisir")])
      #expect(kept.status == 303 && kept.location == "/mon-espace?fait=accepte")
      let after = try await herve.get("/mon-espace?fait=accepte")
      #expect(after.text.contains("Merci") && after.text.contains("Aucune demande n’attend votre réponse"))
      // Sent twice, it stays what it was.
      #expect(try await herve.post(address, [csrf, ("reponse", "non")]).location == "/mon-espace?fait=accepte")
      let staff = try #require(try await direction.get("/facilitations?q=statuts").records(of: "/facilitations/").first)
      let told = try await direction.get(staff)
      #expect(told.text.contains("Hervé Lantieri") && told.text.contains("Avec plaisir"))
      // The only place is taken: nobody else is asked any more.
      #expect(try await zoe.get("/mon-espace").text.contains("Aucune demande n’attend votre réponse"))
    }
  }

  @Test(arguments: Engine.allCases) func whoWasThereWritesWhatCameOut(_ engine: Engine) async throws {
    try await withSpace(engine) { _, direction, herve, zoe in
      let page = try await herve.get("/mon-espace")
      let form = try #require(page.links(to: "/mon-espace/facilitations/").first { $0.hasSuffix("/bilan") })
      let meeting = String(form.dropLast(6))
      let sheet = try await herve.get(meeting)
      #expect(sheet.status == 200 && TagBalance.fault(in: sheet.text) == nil)
      for words in ["Lancer les réunions", "Les Tilleuls", "Adèle Barandon", "04 76 00 00 01"] {
        #expect(sheet.text.contains(words), "\(words)")
      }
      // Another's is not there, nor is the staff's own page.
      #expect(try await zoe.get(meeting).status == 404)
      #expect(try await zoe.get(form).status == 404)
      #expect(try await herve.get("/facilitations").status == 403)
      let empty = try await herve.get(form)
      #expect(TagBalance.fault(in: empty.text) == nil)
      #expect(try await herve.post(form, empty.formItems).status == 422, "the template alone")
      func typed(_ changes: [String: String]) -> [(String, String)] { empty.formItems.map { ($0.0, changes[$0.0] ?? $0.1) } }
      let refused = try await herve.post(form, typed(["bilan": "Trois groupes.", "duree_minutes": "4"]))
      #expect(refused.status == 422 && refused.text.contains("de 5 à 1 440 minutes") && refused.text.contains("Trois groupes."))
      #expect(
        try await zoe.post(form, typed(["bilan": "Pas à moi", "csrf": try await zoe.get("/mon-espace").field("csrf") ?? ""])).status == 404)
      let sent = try await herve.post(
        form, typed(["bilan": "Trois groupes.", "duree_minutes": "150", "suite_1": "Envoyer le modèle de statuts"]))
      #expect(sent.status == 303, "\(sent.text.prefix(2_000))")
      let staff = try #require(try await direction.get("/facilitations?q=reunions").records(of: "/facilitations/").first)
      let written = try await direction.get(staff)
      for words in ["Trois groupes.", "Tenue, bilan fait", "Envoyer le modèle de statuts"] {
        #expect(written.text.contains(words), "\(words)")
      }
      // It gave a line of hours, which they may correct until it is validated.
      let hours = try await herve.get("/mon-espace/heures")
      #expect(hours.text.contains("2\u{A0}h\u{A0}30") || hours.text.contains("2,5\u{A0}h"), "\(hours.text)")
      let line = try #require(hours.links(to: "/mon-espace/heures/").first { !$0.hasSuffix("nouveau") })
      #expect(try await zoe.get(line).status == 404)
      let items = try await herve.get(line).formItems
      func corrected(_ changes: [String: String]) -> [(String, String)] { items.map { ($0.0, changes[$0.0] ?? $0.1) } }
      for (value, words) in [("0", "de 1 à 1 440"), ("2400", "de 1 à 1 440"), ("", "Dites la durée")] {
        let answer = try await herve.post(line, corrected(["presence_minutes": value]))
        #expect(answer.status == 422 && answer.text.contains(words), "\(value)")
      }
      #expect(try await herve.post(line, corrected(["presence_minutes": "180", "trajet_minutes": "90"])).status == 303)
      let staffLine = try #require(
        try await direction.get("/heures?etat=proposee").links(to: "/heures/").first { $0.hasSuffix("/modifier") })
      let staffForm = try await direction.get(staffLine)
      #expect(staffForm.formItems.contains { $0 == ("presence_minutes", "180") })
      #expect(try await direction.post(staffLine, staffForm.formItems.map { ($0.0, $0.0 == "etat" ? "validee" : $0.1) }).status == 303)
      #expect(try await herve.get(line).status == 404)
      #expect(try await herve.post(line, corrected(["presence_minutes": "10"])).status == 422)
      #expect(try await herve.get("/mon-espace").text.contains("toutes validées"))
    }
  }

  @Test(arguments: Engine.allCases) func hoursAndProfileAreOnesOwn(_ engine: Engine) async throws {
    try await withSpace(engine) { world, direction, herve, _ in
      let form = try await herve.get("/mon-espace/heures/nouveau")
      #expect(TagBalance.fault(in: form.text) == nil && !form.text.contains("name=\"personne\""))
      func typed(_ changes: [String: String]) -> [(String, String)] { form.formItems.map { ($0.0, changes[$0.0] ?? $0.1) } }
      for (changes, words) in [
        (["presence_minutes": ""], "obligatoire"), (["presence_minutes": "60", "date": "2026-12-01"], "à venir"),
        (["presence_minutes": "1000", "trajet_minutes": "1000"], "24 heures"),
      ] {
        let answer = try await herve.post("/mon-espace/heures/nouveau", typed(changes))
        #expect(answer.status == 422 && answer.text.contains(words), "\(words)")
      }
      // Whose hours they are, and that they wait, is not for the form to say.
      let forged = typed(["presence_minutes": "120"]) + [("personne", "P2"), ("etat", "validee")]
      #expect(try await herve.post("/mon-espace/heures/nouveau", forged).status == 303)
      #expect(try await herve.post("/mon-espace/heures/nouveau", forged).status == 303, "sent twice")
      let lines = try await direction.get("/heures?etat=proposee&q=lantieri")
      #expect(lines.recordCount == 1)
      #expect(try await direction.get("/heures?q=quintarel").recordCount ?? 0 == 0)

      let profile = try await herve.get("/mon-espace/profil")
      #expect(profile.text.contains("Juridique et statuts") && TagBalance.fault(in: profile.text) == nil)
      func changed(_ changes: [String: String]) -> [(String, String)] { profile.formItems.map { ($0.0, changes[$0.0] ?? $0.1) } }
      let refused = try await herve.post("/mon-espace/profil", changed(["absences": "bientôt"]))
      #expect(refused.status == 422 && refused.text.contains("écrivez une période") && refused.text.contains("bientôt"))
      let saved = try await herve.post(
        "/mon-espace/profil",
        changed(["absences": "01/07/2027 au 31/08/2027", "rayon_km": "80", "expertises_texte": "CPTS"]) + [("note", "X")])
      #expect(saved.status == 303, "\(saved.text.prefix(1_500))")
      let staff = try #require(try await direction.get("/facilitateurs?q=lantieri").records(of: "/facilitateurs/").first)
      let page = try await direction.get(staff)
      #expect(
        page.text.contains("31 août 2027") && page.text.contains("80\u{A0}km") && page.text.contains("CPTS") && !page.text.contains(">X<"))

      // An address that two people share is nobody's.
      try await world.installation.bring("personnes", "reference;nom;prenom;courriel\nP9;Lantieri;Autre;HERVE@exemple.fr\n")
      #expect(try await herve.get("/mon-espace").text.contains("pas encore relié"))
      #expect(try await herve.get("/mon-espace/heures").text.contains("pas encore relié"))
      #expect(try await herve.get("/mon-espace/profil").text.contains("pas encore relié"))
    }
  }
}
