import Federation
import Records
import Store
import TestSupport
import Testing

@testable import Site

/// People and organisations in the browser.
struct DirectoryPagesTests {
  private func bring(into world: SiteWorld) async throws {
    try await SmallWorld.bring(into: world.installation)
    let people = """
      reference;nom;prenom;profession;courriel;structures
      P1;Aubertin;Solène;infirmier;solene@exemple.fr;S1
      P2;Maréchal;Thibault;medecin_generaliste;;
      """
    let functions = """
      personne;structure;fonction;depuis;jusqua
      P1;S3;coordinateur;2025-01-01;
      P2;S1;leader;2020-01-01;2024-12-31
      """
    let organisations = "reference;nature;nom;departements\nO1;ars;Agence régionale;38|69"
    #expect(try await world.installation.bring("personnes", people).created == 2)
    #expect(try await world.installation.bring("fonctions", functions).created == 2)
    #expect(try await world.installation.bring("organisations", organisations).created == 1)
  }

  /// « Ajouter », « Nouvel échange » from a record's page is about that record, in the dialog as on its own page.
  @Test(arguments: Engine.allCases) func anExchangeAddedFromARecordIsAboutIt(_ engine: Engine) async throws {
    try await withSite(engine) { world in
      try await bring(into: world)
      let visitor = try await world.signedIn(.direction)
      #expect(try await visitor.get("/structures").links(to: "/echanges/nouveau") == ["/echanges/nouveau"])
      for (list, field, reference) in [
        ("/structures?q=oeillet", "structures", "S1"), ("/personnes?q=aubertin", "personnes", "P1"),
        ("/organisations?q=agence", "organisations", "O1"),
      ] {
        let record = try #require(try await visitor.get(list).records(of: "/\(field)/").first)
        let links = try await visitor.get(record).links(to: "/echanges/nouveau")
        #expect(links == ["/echanges/nouveau?\(field)=\(reference)"])
        let form = try await visitor.get(try #require(links.first))
        #expect(form.text.contains("name=\"\(field)\" value=\"\(reference)\" checked"), "\(field)")
      }
    }
  }

  @Test(arguments: Engine.allCases) func peopleAreFoundByNameProfessionAndFunction(_ engine: Engine) async throws {
    try await withSite(engine) { world in
      try await bring(into: world)
      let visitor = try await world.signedIn(.direction)
      #expect(try await visitor.get("/personnes").rowTitles == ["Solène Aubertin", "Thibault Maréchal"])
      #expect(try await visitor.get("/personnes?q=marechal").rowTitles == ["Thibault Maréchal"])
      #expect(try await visitor.get("/personnes?profession=infirmier").rowTitles == ["Solène Aubertin"])
      // What ended is no function of today.
      #expect(try await visitor.get("/personnes?fonction=leader").rowTitles.isEmpty)
      let unknown = try await visitor.get("/personnes?profession=inconnue")
      #expect(unknown.rowTitles.count == 2 && unknown.text.contains("n’existe pas"))
      #expect(try await visitor.get("/personnes?page=7").status == 303)
      let file = try await visitor.get("/personnes.csv?profession=infirmier")
      #expect(file.csvRows.map { $0.prefix(2).joined(separator: " ") } == ["P1 Solène Aubertin"])
      #expect(try await visitor.get("/personnes.xlsx").status == 200)
      #expect(try await visitor.get("/personnes.csv?profession=inconnue").status == 400)
      let person = try #require(try await visitor.get("/personnes?q=aubertin").records(of: "/personnes/").first)
      let page = try await visitor.get(person)
      for text in ["Coordinateur", "Équipe des Tilleuls", "Membre", "solene@exemple.fr"] { #expect(page.text.contains(text), "\(text)") }
    }
  }

  @Test func anOrganisationShowsWhatItIs() async throws {
    try await withSite { world in
      try await bring(into: world)
      let visitor = try await world.signedIn(.direction)
      #expect(try await visitor.get("/organisations?nature=cpam").rowTitles.isEmpty)
      #expect(try await visitor.get("/organisations.csv").csvRows.count == 1)
      let organisation = try #require(try await visitor.get("/organisations?q=agence").records(of: "/organisations/").first)
      let page = try await visitor.get(organisation)
      #expect(page.text.contains("Isère (38), Rhône (69)") && page.text.contains("Aucun contact connu."))
    }
  }

  /// What people do in an organisation is added, changed and thrown away on its page.
  @Test func aContactIsMadeOnTheOrganisationsPage() async throws {
    try await withSite { world in
      try await bring(into: world)
      let visitor = try await world.signedIn(.assistance)
      let organisation = try #require(try await visitor.get("/organisations?q=agence").records(of: "/organisations/").first)
      let add = try #require(try await visitor.get(organisation).links(to: "/contacts/nouveau").first)
      let form = try await visitor.get(add)
      #expect(form.status == 200 && form.text.contains("Agence"))
      let items = form.formItems.map { name, value in
        switch name {
        case "personne": (name, "Thibault Maréchal")
        case "fonction": (name, "delegue")
        case "depuis": (name, "2024-01-01")
        default: (name, value)
        }
      }
      let made = try await visitor.post("/contacts/nouveau", items)
      #expect(made.status == 303)
      let back = try await visitor.get(made.location ?? "")
      #expect(back.status == 303 && back.location?.hasPrefix("\(organisation)?fait=cree") == true)
      let page = try await visitor.get(organisation)
      #expect(page.text.contains("Thibault Maréchal") && page.text.contains("Délégué départemental, depuis le 1er janv. 2024"))

      let change = try #require(page.links(to: "/contacts/").first { $0.hasSuffix("/modifier") })
      let changing = try await visitor.get(change).formItems.map { $0.0 == "fonction" ? ($0.0, "direction") : $0 }
      #expect(try await visitor.post(change, changing).status == 303)
      #expect(try await visitor.get(organisation).text.contains("Direction, depuis le 1er janv. 2024"))
      #expect(try await visitor.get(change.replacing("modifier", with: "historique")).text.contains("Délégué départemental</del>"))

      let csrf = try #require(page.field("csrf"))
      let removed = try await visitor.post(change.replacing("modifier", with: "corbeille"), [("csrf", csrf)])
      let told = try await visitor.get(try await visitor.get(removed.location ?? "").location ?? "")
      #expect(told.text.contains("Aucun contact connu.") && told.text.contains("La fiche est dans la corbeille."))
      let restore = try #require(told.actions(to: "/contacts/").first)
      #expect(try await visitor.get("/corbeille").text.contains("Maréchal, Agence"))
      #expect(try await visitor.post(restore, [("csrf", csrf)]).status == 303)
      #expect(try await visitor.get(organisation).text.contains("Thibault Maréchal"))

      let reader = try await world.signedIn(.ca)
      #expect(try await !reader.get(organisation).text.contains("/contacts/"))
      #expect(try await reader.get(change).status == 403)
    }
  }

  /// A person made from an exchange with somebody new.
  @Test func aPersonIsMadeInTheBrowser() async throws {
    try await withSite { world in
      try await bring(into: world)
      let visitor = try await world.signedIn(.chargeMission)
      let form = try await visitor.get("/personnes/nouveau")
      let sent = [
        ("csrf", form.field("csrf") ?? ""), ("fiche", form.field("fiche") ?? ""), ("nom", "Poncet"), ("prenom", "Jeanne"),
        ("profession", "pharmacien"), ("courriel", "Jeanne@Exemple.fr"), ("structures_texte", "Équipe des Tilleuls"), ("reference", ""),
      ]
      let made = try await visitor.post("/personnes/nouveau", sent)
      #expect(made.status == 303)
      let page = try await visitor.get(made.location ?? "")
      #expect(page.text.contains("Jeanne Poncet") && page.text.contains("Équipe des Tilleuls") && page.text.contains("jeanne@exemple.fr"))
      let again = try await visitor.post("/personnes/nouveau", sent)
      #expect(again.status == 303 && again.location == made.location, "the same form again is the same person")
      let wrong = try await visitor.post("/personnes/nouveau", sent.map { $0.0 == "courriel" ? ("courriel", "pas une adresse") : $0 })
      #expect(wrong.status == 422 && wrong.text.contains("n’est pas une adresse"), "what was changed in it is read")
    }
  }
}
