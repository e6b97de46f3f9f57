import Federation
import Foundation
import HTTPTypes
import Records
import Store
import TestSupport
import Testing

@testable import Site

/// Story 29: somebody asks to be forgotten.
struct PersonalDataPagesTests {
  private static let people = """
    reference;nom;prenom;profession;courriel;structures
    P1;Aubertin;Solène;infirmier;solene@exemple.fr;S1
    P2;Maréchal;Thibault;medecin_generaliste;;
    """
  private static let exchange =
    "date;canal;structures;personnes;objet;reference\n2026-04-01;visio;S1;P1;Solène Aubertin cherche un local;E9\n"

  private func withHouse(_ engine: Engine = .sqlite, _ body: @Sendable (SiteWorld, Visitor, String) async throws -> Void) async throws {
    try await withSite(engine) { world in
      try await SmallWorld.bring(into: world.installation)
      #expect(try await world.installation.bring("personnes", Self.people).created == 2)
      #expect(try await world.installation.bring("echanges", Self.exchange).created == 1)
      let direction = try await world.signedIn(.direction)
      let person = try #require(try await direction.get("/personnes?q=aubertin").records(of: "/personnes/").first)
      try await body(world, direction, person)
    }
  }

  @Test(arguments: Engine.allCases) func somebodyIsShownWhatIsHeldAndForgotten(_ engine: Engine) async throws {
    try await withHouse(engine) { world, direction, person in
      #expect(try await direction.get(person).links(to: "\(person)/donnees").count == 1)
      let page = try await direction.get("\(person)/donnees")
      for text in ["solene@exemple.fr", "Échanges avec elle", "Objet d’un échange", "<strong>Solène Aubertin</strong> cherche un local"] {
        #expect(page.text.contains(text), "\(text)")
      }
      let file = try await direction.get("\(person)/donnees.json")
      #expect(file.headers[.contentDisposition]?.contains("aubertin") == false)
      let told = try #require(try JSONSerialization.jsonObject(with: Data(file.text.utf8)) as? [String: Any])
      #expect((told["fiche"] as? [String: Any])?["courriel"] as? String == "solene@exemple.fr")
      #expect((told["echanges"] as? [[String: Any]])?.first?["canal"] as? String == "Visio")
      // Nothing is done without the word, and what was ticked stays ticked.
      let address = "\(person)/anonymisation"
      let form = try await direction.get(address)
      #expect(form.text.contains("Cela ne se reprend pas."))
      let code = try #require(form.text.components(separatedBy: "name=\"textes\" value=\"").dropFirst().first?.prefix { $0 != "\"" })
      let items = [("csrf", form.field("csrf") ?? ""), ("motif", "demande"), ("textes", String(code))]
      let refused = try await direction.post(address, items + [("mot", "supprimer")])
      #expect(refused.status == 422 && refused.text.contains("Écrivez le mot"))
      #expect(refused.text.contains("value=\"\(code)\" checked"))
      #expect(try await direction.get(person).status == 200)
      let done = try await direction.post(address, items + [("mot", "anonymiser")])
      #expect(done.status == 303)
      let register = try await direction.get(try #require(done.location))
      #expect(register.text.contains("La personne est anonymisée.") && register.text.contains("Personne anonymisée n°\u{A0}1"))
      // She is nowhere any more.
      for page in [person, "\(person)/donnees", "\(person)/modifier", "\(person)/historique", address] {
        let answer = try await direction.get(page)
        #expect(answer.status == 404 && !answer.text.contains("Aubertin"), "\(page)")
      }
      #expect(try await direction.get(person).text.contains("Cette personne a été anonymisée le"))
      for page in ["/personnes", "/recherche?q=aubertin", "/corbeille", "/echanges", "/donnees-personnelles"] {
        let text = try await direction.get(page).text.replacingOccurrences(of: "value=\"aubertin\"", with: "")
        #expect(!text.contains("Aubertin"), "\(page)")
      }
      let back = try await direction.post("\(person)/retablir", [("csrf", form.field("csrf") ?? "")])
      #expect(back.status != 303 && back.text.contains("ne se rétablit pas"))
      let exchange = try #require(try await direction.get("/echanges?q=local").records(of: "/echanges/").first)
      let sheet = try await direction.get(exchange)
      #expect(sheet.text.contains("une personne cherche un local") && sheet.text.contains("Personne anonymisée n°\u{A0}1"))
    }
  }

  /// Whoever confirms without a second look leaves no whole name behind; what may be somebody else's is theirs to tick.
  @Test func textsThatSurelyNameSomebodyAreTickedAtFirst() async throws {
    try await withHouse { world, direction, person in
      let doubtful = "date;canal;structures;objet;reference\n2026-04-02;visio;S1;Mme Aubertin rappellera;E8\n"
      #expect(try await world.installation.bring("echanges", doubtful).created == 1)
      let address = "\(person)/anonymisation"
      let form = try await direction.get(address)
      #expect(TagBalance.fault(in: form.text) == nil && form.text.contains("Solène Aubertin</strong> cherche un local"))
      let ticked = form.text.matches(of: /name="textes" value="([^"]*)"( checked)?>/)
      #expect(ticked.map { $0.2 != nil } == [true, false])
      let note = try #require(form.text.range(of: "Un texte que vous laissez sans coche garde son nom."))
      #expect(note.lowerBound < (form.text.range(of: "name=\"mot\"")?.lowerBound ?? form.text.startIndex))
      #expect(form.text.contains("1 texte qui donne son nom est coché d’avance"))
      // Nobody else's choice is made again.
      let none = [("csrf", form.field("csrf") ?? ""), ("motif", "demande"), ("mot", "non")]
      #expect(try await direction.post(address, none).text.contains("value=\"\(ticked[0].1)\" checked") == false)
      // Where two have the name, no text surely speaks of one.
      #expect(try await world.installation.bring("personnes", "reference;nom;prenom\nP9;Aubertin;Solène\n").created == 1)
      let unsure = try await direction.get(address).text
      #expect(unsure.matches(of: /name="textes" value="([^"]*)" checked/).isEmpty && unsure.contains("2 textes parlent peut-être"))
    }
  }

  @Test func itIsTheDirectionsAlone() async throws {
    try await withHouse { world, _, person in
      for role in [Role.chargeMission, .assistance, .technique, .ca] {
        let visitor = try await world.signedIn(role)
        for page in ["\(person)/donnees", "\(person)/donnees.json", "\(person)/anonymisation", "/donnees-personnelles"] {
          #expect(try await visitor.get(page).status == 403, "\(role) \(page)")
        }
        let csrf = try await visitor.get("/compte").field("csrf") ?? ""
        let answer = try await visitor.post("\(person)/anonymisation", [("csrf", csrf), ("motif", "demande"), ("mot", "anonymiser")])
        #expect(answer.status == 403, "\(role)")
      }
    }
  }

  @Test func aQuarterIsLookedAtTickedAndConfirmed() async throws {
    try await withHouse { world, direction, _ in
      let path = "/donnees-personnelles/echeances"
      #expect(try await direction.get(path).text.contains("Personne à effacer ce trimestre"))
      #expect(
        try await world.installation.bring("fonctions", "personne;structure;fonction;depuis;jusqua\nP2;S1;membre;2010-01-01;2015-12-31\n")
          .created == 1)
      let page = try await direction.get(path)
      #expect(page.text.contains("Thibault Maréchal") && !page.text.contains("Aubertin"))
      let csrf = ("csrf", page.field("csrf") ?? "")
      #expect(try await direction.post(path, [csrf]).text.contains("Cochez au moins une personne."))
      let person = try #require(page.text.components(separatedBy: "name=\"personnes\" value=\"").dropFirst().first?.prefix { $0 != "\"" })
      let preview = try await direction.post(path, [csrf, ("personnes", String(person))])
      #expect(
        preview.status == 200 && preview.text.contains("Anonymiser 1\u{A0}personne") || preview.text.contains("Anonymiser 1 personne"))
      #expect(try await direction.get("/personnes?q=marechal").rowTitles == ["Thibault Maréchal"])
      let items = [csrf, ("personnes", String(person)), ("motif", "echeance")]
      #expect(try await direction.post(path, items + [("mot", "non")]).status == 422)
      #expect(try await direction.post(path, items + [("mot", "anonymiser")]).status == 303)
      #expect(try await direction.get("/personnes?q=marechal").rowTitles.isEmpty)
      // Sent twice, it finds nobody to do it to.
      #expect(try await direction.post(path, items + [("mot", "anonymiser")]).status == 422)
    }
  }

  /// Each purpose has its list; one’s boxes are not the other’s.
  @Test func requestsThatLedNowhereAreLookedAtToo() async throws {
    try await withHouse { world, direction, _ in
      let path = "/donnees-personnelles/echeances"
      let requests = "\(path)?finalite=premiers_contacts"
      #expect(try await direction.get(requests).text.contains("Aucune demande à effacer ce trimestre"))
      let asked = "reference;recu_le;canal;nom;demande;etat\nPC9;2020-01-10;telephone;Perdue <b>;Chercher;sans_suite\n"
      #expect(try await world.installation.bring("premiers_contacts", asked).created == 1)
      let page = try await direction.get(requests)
      #expect(TagBalance.fault(in: page.text) == nil && page.text.contains("Perdue &lt;b&gt;") && page.text.contains("10 janv. 2021"))
      #expect(try await direction.get(path).links(to: requests).count == 1)
      let csrf = ("csrf", page.field("csrf") ?? "")
      let purpose = ("finalite", "premiers_contacts")
      let boxes = page.text.components(separatedBy: "name=\"personnes\" value=\"").dropFirst().map { String($0.prefix(13)) }
      let box = ("personnes", try #require(boxes.first))
      #expect(try await direction.post(path, [csrf, purpose]).text.contains("Cochez au moins une demande."))
      #expect(try await direction.post(path, [csrf, box, ("mot", "anonymiser")]).status == 422)
      let preview = try await direction.post(path, [csrf, purpose, box])
      #expect(TagBalance.fault(in: preview.text) == nil && preview.text.contains("la réponse, les commentaires"))
      #expect(try await direction.post(path, [csrf, purpose, box, ("mot", "non")]).status == 422)
      let done = try await direction.post(path, [csrf, purpose, box, ("mot", "anonymiser")])
      #expect(done.status == 303)
      #expect(try await direction.get(try #require(done.location)).text.contains("Les demandes sont anonymisées."))
      let list = try await direction.get("/premiers-contacts?annee=2020")
      #expect(!list.text.contains("Perdue") && list.text.contains("Demande anonymisée"))
      #expect(try await direction.post(path, [csrf, purpose, box, ("mot", "anonymiser")]).status == 422)
    }
  }

  @Test(arguments: Engine.allCases) func consentsStandOnThePersonsPage(_ engine: Engine) async throws {
    try await withHouse(engine) { _, direction, person in
      let form = try await direction.get("/consentements/nouveau?personne=P1")
      let typed = [
        "personne": "P1", "finalite": "publication", "donne_le": "2026-02-03", "recueil": "courriel",
        "texte": "J’accepte que mon nom soit publié.",
      ]
      let items = form.formItems.filter { typed[$0.0] == nil && $0.0 != "champs" } + typed.map { ($0.key, $0.value) }
      let refused = try await direction.post("/consentements/nouveau", items)
      #expect(refused.status == 422 && refused.text.contains("cochez ce que la personne accepte"))
      let saved = try await direction.post("/consentements/nouveau", items + [("champs", "nom")])
      #expect(saved.status == 303)
      let page = try await direction.get(person)
      for text in ["Publication de coordonnées", "Donné", "Nom et prénom", "noté par", "J’accepte que mon nom soit publié."] {
        #expect(page.text.contains(text), "\(text)")
      }
    }
  }

  @Test func theRegisterIsReadAndChanged() async throws {
    try await withHouse { _, direction, _ in
      let page = try await direction.get("/donnees-personnelles")
      for text in [
        "Annuaire et accompagnement des équipes", "Intérêt légitime", "Publication de coordonnées", "mentions et notifications",
        "clés d’accès", "étiquettes",
        "Courriels transmis à la fédération", "Courriels écrits aux personnes",
      ] {
        #expect(page.text.contains(text), "\(text)")
      }
      let form = try await direction.get("/donnees-personnelles/0000000000001/modifier")
      let items = form.formItems.map { $0.0 == "duree" ? ($0.0, "Quatre ans.") : $0 }
      #expect(try await direction.post("/donnees-personnelles/0000000000001/modifier", items).status == 303)
      #expect(try await direction.get("/donnees-personnelles").text.contains("Quatre ans."))
      #expect(try await direction.get("/donnees-personnelles/0000000000001/historique").text.contains("Quatre ans."))
    }
  }
}
