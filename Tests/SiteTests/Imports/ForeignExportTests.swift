import Federation
import Foundation
import Records
import Store
import TestSupport
import Testing
import WebSupport

@testable import Site

/// What Pipedrive and Zoho CRM export becomes records, page by page, and a second file of theirs brings no double.
struct ForeignExportTests {
  private static let organisations = """
    \u{FEFF}Organization - ID,Organization - Name,Organization - Label,Organization - Address,\
    Organization - ZIP/Postal code of Address,Organization - City/town/village/locality of Address,Organization - Phone,Organization - Owner
    7,Maison de santé du Lac,MSP,"1 rue du Lac, 38500 Voiron, France",38500,Voiron,"04 76 00 00 01, 06 00 00 00 02",Odile
    8,Agence du Lac,Partenaire,"2 rue Haute, 69003 Lyon, France",69003,Lyon,,Odile
    9,Équipe des Sources,Projet ESP,"3 place Basse, 38000 Grenoble, France",38000,Grenoble,,Odile

    """
  private static let activities = """
    Activité - ID;Activité - Type;Activité - Sujet;Activité - Date d’échéance;Activité - Terminé;Activité - Organisation;\
    Activité - Personne à contacter;Activité - Note;Activité - Durée;Activité - Attribuée à
    31;Appel;Point d’étape;2026-03-04 14:30;Terminé;Maison de santé du Lac;Jeanne Roc;"<p>Vu <b>le budget</b></p><p>&Eacute;crire</p>";00:30;\
    Odile Marchandet
    32;Appel;Rappeler;2026-12-04;À faire;Maison de santé du Lac;;;;Odile Marchandet
    33;Atelier;=HYPERLINK("x");05/03/2026;Terminé;Agence du Lac;;;01:15:00;Noé Pralong
    34;Appel;Sans équipe connue;2026-03-06;Terminé;Équipe inconnue;;;;
    35;Tâche;Classer;2026-03-07;Terminé;Maison de santé du Lac;;;;

    """

  private func bring(_ visitor: Visitor, _ text: String, _ encoding: String.Encoding = .utf8) async throws -> Answer {
    let bytes = try #require(text.data(using: encoding))
    return try await visitor.bring(Array(bytes), named: "export.csv", to: "/imports/logiciel")
  }

  /// From the file to its preview.
  private func preview(
    _ visitor: Visitor, _ text: String, _ encoding: String.Encoding = .utf8, values: [String: String] = [:]
  ) async throws -> (address: String, page: Answer) {
    let columns = try #require(try await bring(visitor, text, encoding).location)
    var next = try #require(try await visitor.acceptColumns(columns).location)
    if next.hasSuffix("/valeurs") { next = try #require(try await visitor.sayValues(next, values).location) }
    return (next, try await visitor.get(next))
  }

  private func bringWhole(
    _ visitor: Visitor, _ text: String, _ encoding: String.Encoding = .utf8, values: [String: String] = [:]
  ) async throws {
    let (address, page) = try await preview(visitor, text, encoding, values: values)
    #expect(try await visitor.accept(page, address).location?.hasSuffix("?fait=importe") == true, "\(page.text.suffix(3_000))")
  }

  @Test(arguments: Engine.allCases) func organisationsOfPipedriveBecomeTeamsOnce(_ engine: Engine) async throws {
    try await withSite(engine) { world in
      let visitor = try await world.signedIn()
      let start = try await visitor.get("/imports/logiciel")
      #expect(start.text.contains("Pipedrive\u{A0}: activités") && start.text.contains("Zoho CRM\u{A0}: comptes"))
      #expect(TagBalance.fault(in: start.text) == nil)
      let first = try #require(try await bring(visitor, Self.organisations).location)
      let columns = try await visitor.get(first)
      #expect(columns.text.contains("Reconnu\u{A0}: export Pipedrive (organisations)") && TagBalance.fault(in: columns.text) == nil)
      #expect(columns.text.contains("Rempli d’après d’autres colonnes\u{A0}: Département."))
      #expect(columns.text.contains("Importer plutôt comme\u{A0}: Organisations"))
      let second = try #require(try await visitor.acceptColumns(first).location)
      #expect(second.hasSuffix("/valeurs"))
      let values = try await visitor.get(second)
      #expect(values.text.contains("Partenaire") && values.text.contains("Projet ESP") && TagBalance.fault(in: values.text) == nil)
      let third = try #require(try await visitor.sayValues(second, ["Partenaire": "--", "Projet ESP": "esp"]).location)
      let preview = try await visitor.get(third)
      #expect(preview.text.contains("Importer 2 lignes") && preview.text.contains("1 ligne n’est pas à importer"))
      #expect(TagBalance.fault(in: preview.text) == nil)
      #expect(try await visitor.accept(preview, third).location?.hasSuffix("?fait=importe") == true)
      let teams = try await world.installation.take("structures")
      #expect(teams.contains("PD-ORG-7;msp;Maison de santé du Lac;38;") && !teams.contains("Agence du Lac"))

      // The answers are kept, and nothing is new.
      let again = try await self.preview(visitor, Self.organisations)
      #expect(again.page.text.contains("Il n’y a rien à importer"))
      let changed = try await self.preview(visitor, Self.organisations.replacing("Équipe des Sources", with: "Équipe de la Source"))
      #expect(changed.page.text.contains("Importer 1 ligne") && changed.page.text.contains("Équipe de la Source"))
      #expect(changed.page.text.contains("<del><span class=\"sr\">avant </span>Équipe des Sources</del>"))

      // The same file gives the partners.
      let base = changed.address.replacing("/apercu", with: "")
      let other = try await visitor.post("\(base)/sorte", [("csrf", changed.page.field("csrf") ?? ""), ("sorte", "organisations")])
      #expect(other.location == "\(base)/colonnes")
      let asked = try #require(try await visitor.acceptColumns("\(base)/colonnes").location)
      let partners = try await visitor.sayValues(asked, ["MSP": "--", "Projet ESP": "--", "Partenaire": "ars"])
      let partnerPage = try await visitor.get(try #require(partners.location))
      #expect(partnerPage.text.contains("Importer 1 ligne") && partnerPage.text.contains("Agence du Lac"))
      #expect(try await visitor.post("\(base)/sorte", [("csrf", partnerPage.field("csrf") ?? ""), ("sorte", "echanges")]).status == 422)
    }
  }

  @Test(arguments: Engine.allCases) func activitiesKeepTheirDayTheirAuthorAndTheirTeam(_ engine: Engine) async throws {
    try await withSite(engine) { world in
      let visitor = try await world.signedIn()
      try await bringWhole(visitor, Self.organisations, values: ["Partenaire": "--", "Projet ESP": "esp"])
      try await world.installation.bring("organisations", "reference;nature;nom\nPD-ORG-8;ars;Agence du Lac\n")
      let (address, preview) = try await preview(visitor, Self.activities, .windowsCP1252, values: ["Atelier": "reunion"])
      #expect(preview.text.contains("Importer 2 lignes") && preview.text.contains("2 lignes ne sont pas à importer"))
      #expect(
        preview.text.contains("Une ligne est refusée.")
          && preview.text.contains("a structure «\u{202F}Équipe inconnue\u{202F}» est inconnue"))
      #expect(try await visitor.accept(preview, address).status == 422)
      #expect(try await visitor.get("/echanges?annee=2026").recordCount ?? 0 == 0)
      let base = address.replacing("/apercu", with: "")
      #expect(try await visitor.get("\(base)/refusees.csv").text.contains("34;Appel;Sans équipe connue"))
      #expect(try await visitor.accept(preview, address, leaving: true).location?.hasSuffix("?fait=importe") == true)
      let file = try await world.installation.take("echanges")
      #expect(file.contains("2026-03-04;telephone;PD-ORG-7;;Jeanne Roc;"))
      #expect(file.contains("Vu le budget") && file.contains("Écrire") && !file.contains("<p>") && file.contains(";30;Odile Marchandet;"))
      #expect(file.contains("2026-03-05;reunion;;PD-ORG-8;;") && file.contains(";75;Noé Pralong;") && file.contains("PD-ACT-33"))
      let csv = try await visitor.get("/echanges.csv?annee=2026")
      #expect(csv.text.contains("'=HYPERLINK") && !csv.text.contains(";=HYPERLINK"))
      // What is to be done becomes tasks; the same file again brings nothing.
      let again = try await self.preview(visitor, Self.activities, .windowsCP1252)
      #expect(again.page.text.contains("Il n’y a rien à importer"))
      let other = again.address.replacing("/apercu", with: "")
      _ = try await visitor.post("\(other)/sorte", [("csrf", again.page.field("csrf") ?? ""), ("sorte", "taches")])
      let next = try #require(try await visitor.acceptColumns("\(other)/colonnes").location)
      let told = next.hasSuffix("/valeurs") ? try #require(try await visitor.sayValues(next).location) : next
      let tasks = try await visitor.get(told)
      #expect(tasks.text.contains("Importer 1 ligne") && tasks.text.contains("Rappeler"))
      let undone = try await visitor.post("\(base)/annuler", [("csrf", preview.field("csrf") ?? "")])
      #expect(undone.text.contains("2 fiches retirées."))
    }
  }

  @Test(arguments: Engine.allCases) func peopleComeWithTheirTeamAndTheirFunction(_ engine: Engine) async throws {
    try await withSite(engine) { world in
      let visitor = try await world.signedIn()
      try await bringWhole(visitor, Self.organisations, values: ["Partenaire": "--", "Projet ESP": "esp"])
      let text = """
        Personne - ID,Personne - Nom,Personne - Organisation,Personne - E-mail - Travail,Personne - Téléphone - Mobile,Personne - Poste
        41,Jeanne Roc,Maison de santé du Lac,"jeanne@exemple.fr, j.roc@exemple.fr",06 11 22 33 44,Coordinatrice
        42,Duval,,,,

        """
      try await bringWhole(visitor, text)
      let people = try await world.installation.take("personnes")
      #expect(people.contains("PD-PERS-41;Roc;Jeanne;;;jeanne@exemple.fr;") && people.contains("PD-ORG-7"))
      #expect(people.contains("PD-PERS-42;Duval;;"))
      let columns = try #require(try await bring(visitor, text).location)
      let base = columns.replacing("/colonnes", with: "")
      let csrf = try await visitor.get(columns).field("csrf") ?? ""
      _ = try await visitor.post("\(base)/sorte", [("csrf", csrf), ("sorte", "fonctions")])
      var next = try #require(try await visitor.acceptColumns(columns).location)
      if next.hasSuffix("/valeurs") { next = try #require(try await visitor.sayValues(next).location) }
      let preview = try await visitor.get(next)
      #expect(try await visitor.accept(preview, next).location?.hasSuffix("?fait=importe") == true)
      #expect(try await world.installation.take("fonctions").contains("PD-PERS-41;PD-ORG-7;coordinateur"))
    }
  }

  @Test(arguments: Engine.allCases) func zohoIsReadByTheNumbersOfItsRecords(_ engine: Engine) async throws {
    try await withSite(engine) { world in
      let visitor = try await world.signedIn()
      try await bringWhole(
        visitor,
        """
        Record Id,Account Owner.id,Account Owner,Account Name,Account Type,Billing City,Billing Code,Description
        zcrm_500001,zcrm_1,Odile,CPTS des Plaines,Communauté professionnelle territoriale de santé,Voiron,38500,<div>Vue en mai</div>
        zcrm_500002,zcrm_1,Odile,CPTS des Plaines,CPTS,Grenoble,38000,

        """)
      // Two teams of one name are told apart by their numbers, and by nothing else.
      let calls = """
        Record Id,Call Owner,Subject,Call Type,Call Start Time,Call Duration (in seconds),Related To.id,Related To,Description
        zcrm_600001,Odile Marchandet,Budget,Outbound,2026-05-05 14:00:00,125,zcrm_500002,CPTS des Plaines,À suivre
        zcrm_600002,Odile Marchandet,Budget,Outbound,2026-05-06 14:00:00,60,,CPTS des Plaines,

        """
      let (address, preview) = try await preview(visitor, calls)
      #expect(preview.text.contains("Importer 1 ligne") && preview.text.contains("structures s’appellent"))
      #expect(try await visitor.accept(preview, address, leaving: true).location?.hasSuffix("?fait=importe") == true)
      let exchanges = try await world.installation.take("echanges")
      #expect(exchanges.contains("2026-05-05;telephone;ZOHO-500002;") && exchanges.contains(";3;Odile Marchandet;"))
      // By what channel a note came nobody wrote: it is asked once for all lines.
      let notes = """
        Record Id,Parent ID.id,Parent ID,Note Title,Note Content,Note Owner,Created Time
        zcrm_700001,zcrm_500001,CPTS des Plaines,Visite,"<p>Locaux &amp; bail</p>",Odile Marchandet,2026-06-01 09:50:00

        """
      let columns = try #require(try await bring(visitor, notes).location)
      let values = try #require(try await visitor.acceptColumns(columns).location)
      #expect(values.hasSuffix("/valeurs"))
      #expect(try await visitor.get(values).text.contains("Toutes les lignes"))
      let unsaid = try await visitor.get(values.replacing("/valeurs", with: "/apercu"))
      #expect(unsaid.text.contains("Une ligne est refusée.") && unsaid.text.contains("Dire ce que veulent dire les valeurs"))
      let said = try #require(try await visitor.sayValues(values, ["": "visite"]).location)
      let page = try await visitor.get(said)
      #expect(page.text.contains("Importer 1 ligne"))
      #expect(try await visitor.accept(page, said).location?.hasSuffix("?fait=importe") == true)
      #expect(try await world.installation.take("echanges").contains("2026-06-01;visite;ZOHO-500001;"))
      #expect(try await visitor.get("/echanges?q=bail&annee=2026").recordCount == 1)
    }
  }

  @Test func aDealGivesTheStageSinceItChanged() async throws {
    try await withSite { world in
      let visitor = try await world.signedIn()
      try await world.installation.bring("structures", "reference;type;nom;departement\nPD-ORG-7;msp;Maison de santé du Lac;38\n")
      let header = "Deal - ID\tDeal - Title\tDeal - Organization\tDeal - Stage"
      let without = try #require(try await bring(visitor, "\(header)\n1\tProjet\tMaison de santé du Lac\tDossier\n").location)
      #expect(try await visitor.get(without).text.contains("Sans lui, rien n’entre"))
      let refused = try await visitor.acceptColumns(without)
      #expect(refused.status == 422 && refused.text.contains("Associez une colonne du fichier à «\u{202F}Depuis\u{202F}»"))
      let whole =
        "\(header)\tDeal - Last stage change\n1\tProjet\tMaison de santé du Lac\tDossier\t2025-02-03 10:11:12\n2\tAutre\t\tDossier\t2025-02-03\n"
      try await bringWhole(visitor, whole, values: ["Dossier": "pre_projet"])
      #expect(try await world.installation.take("etats").contains("PD-ORG-7;pre_projet;2025-02-03;;Projet"))
    }
  }

  @Test func whatNoProgramWroteIsRefusedAndOthersSayItsValuesToo() async throws {
    try await withSite { world in
      let visitor = try await world.signedIn()
      let unknown = try await bring(visitor, "Nom;Ville\nMaison;Lyon\n")
      #expect(unknown.status == 422 && unknown.text.contains("n’a pas les titres de colonnes d’un export de Pipedrive ou de Zoho CRM"))
      #expect(try await world.signedIn(.ca).get("/imports/logiciel").status == 403)
      // A file of nobody's: what all its lines have in common is said once, and kept for the next one.
      let text = "reference;nom;departement\nX1;Une équipe;38\n"
      for number in 1...2 {
        let first = try #require(
          try await visitor.bring(
            Array(text.replacing("X1", with: "X\(number)").utf8), named: "a.csv", to: "/imports/nouveau?sorte=structures"
          )
          .location)
        let values = try #require(try await visitor.acceptColumns(first).location)
        #expect(values.hasSuffix("/valeurs"))
        let forged = try await visitor.sayValues(values, ["": "hopital"])
        #expect(forged.status == 422 && forged.text.contains("rechargez la page"))
        let next = try #require(try await visitor.sayValues(values, number == 1 ? ["": "msp"] : [:]).location)
        let page = try await visitor.get(next)
        #expect(page.text.contains("Importer 1 ligne"))
        #expect(try await visitor.accept(page, next).location?.hasSuffix("?fait=importe") == true)
      }
      #expect(try await visitor.get("/structures?q=équipe").recordCount == 2)
    }
  }
}
