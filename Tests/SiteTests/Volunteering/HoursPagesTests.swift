import Federation
import Foundation
import HTTPTypes
import Records
import Store
import TestSupport
import Testing

@testable import Site

/// From a facilitation to the accountant's file (FAC-06, GOV-05), over the whole router.
struct HoursPagesTests {
  private static let people = """
    reference;nom;prenom;commune
    VO1;Quintarel;Zoé;38185
    VO2;Lantieri;Hervé;

    """

  private static let held = """
    reference;demandee_le;besoin;facilitateurs;date;duree_minutes;etat;modalite
    F1;2025-01-05;Un;VO1|VO2;2025-03-01;90;tenue;visio

    """

  private func filled(_ page: Answer, _ typed: [String: String]) -> [(String, String)] {
    page.formItems.map { ($0.0, typed[$0.0] ?? $0.1) }
  }

  private func bring(_ world: SiteWorld) async throws {
    try await world.installation.bring("personnes", Self.people)
    try await world.installation.bring("facilitations", Self.held)
  }

  @Test(arguments: Engine.allCases) func hoursAreNotedAndDoubted(_ engine: Engine) async throws {
    try await withSite(engine) { world in
      try await bring(world)
      let visitor = try await world.signedIn(.assistance)
      #expect(try await visitor.get("/heures").text.contains("Aucune heure bénévole cette année"))
      let list = try await visitor.get("/heures?annee=2025")
      #expect(list.recordCount == 2 && list.text.contains("Proposée") && TagBalance.fault(in: list.text) == nil)
      let form = try await visitor.get("/heures/nouveau")
      let typed = ["personne": "VO1", "activite": "bureau", "date": "2025-03-01", "presence_minutes": "0", "objet": "Budget <2025>"]
      let refused = try await visitor.post("/heures/nouveau", filled(form, typed))
      #expect(refused.status == 422 && refused.text.contains("hors des limites") && refused.text.contains("Budget &lt;2025&gt;"))
      #expect(refused.formItems.contains { $0 == ("personne", "Zoé Quintarel (VO1)") } && TagBalance.fault(in: refused.text) == nil)
      let doubted = try await visitor.post("/heures/nouveau", filled(refused, ["presence_minutes": "800"]))
      #expect(doubted.status == 422 && doubted.text.contains("Cette personne a déjà des heures ce jour-là"))
      #expect(doubted.text.contains("Plus de 12 heures dans la même journée"))
      let made = try await visitor.post("/heures/nouveau", doubted.formItems)
      #expect(made.status == 303, "\(made.text.prefix(1_500))")
      #expect(try await visitor.get("/heures?annee=2025&activite=bureau").recordCount == 1)
      #expect(try await visitor.get("/heures?annee=2025&q=quintarel").recordCount == 2)
      let address = try #require(try await visitor.get("/heures?annee=2025").links(to: "/benevoles/").first).replacing("&amp;", with: "&")
      let volunteer = try await visitor.get(address)
      #expect(volunteer.status == 200 && TagBalance.fault(in: volunteer.text) == nil && volunteer.text.contains("Proposée"))
      // Not validated: nothing counts yet, and no value is made up.
      let year = try await visitor.get("/benevolat/2025")
      #expect(year.text.contains("Aucune ligne validée") && year.text.contains("n’est pas fixée") && !year.text.contains("864 Personnel"))
      #expect(try await world.signedIn(.communication).get("/heures").status == 403)
      let treasurer = try await world.signedIn(.tresorerie)
      #expect(try await treasurer.get("/benevolat/2025").status == 200)
      #expect(try await treasurer.get("/heures/nouveau").status == 403)
    }
  }

  @Test(arguments: Engine.allCases) func linesAreValidatedTogetherAndTheYearIsClosed(_ engine: Engine) async throws {
    try await withSite(engine) { world in
      try await bring(world)
      try await world.installation.settings.set("heures_taux_horaire", to: "20")
      let staff = try await world.signedIn(.chargeMission)
      let list = try await staff.get("/heures?annee=2025")
      let tools = String(list.text.components(separatedBy: "id=\"lot\"").last ?? "")
      let address = tools.components(separatedBy: "name=\"liste\" value=\"").last.map { unescaped(String($0.prefix { $0 != "\"" })) } ?? ""
      let bar = [("csrf", list.field("csrf") ?? ""), ("liste", address), ("champ", "etat"), ("tout", "1")]
      func next(_ page: Answer, _ values: [(String, String)] = []) -> [(String, String)] {
        ["csrf", "champ", "liste", "tout", "fiche", "action", "valeur", "vu", "lot"].compactMap { name in
          page.field(name).map { (name, $0) }
        }
          + values
      }
      let choice = try await staff.post("/lots/heures", bar)
      #expect(choice.status == 200 && choice.text.contains("2 fiches"), "\(choice.text.prefix(800))")
      let refused = try await staff.post("/lots/heures/apercu", next(choice, [("etat", "refusee")]))
      #expect(refused.text.contains("dites pourquoi la ligne est refusée"))
      let preview = try await staff.post("/lots/heures/apercu", next(choice, [("etat", "validee")]))
      #expect(preview.text.contains("2 fiches à changer"))
      let done = try await staff.post("/lots/heures/application", next(preview))
      #expect(done.status == 303)
      #expect(try await staff.get("/heures?chiffre=volunteers.hours&annee=2025").recordCount == 2)
      let year = try await staff.get("/benevolat/2025")
      #expect(TagBalance.fault(in: year.text) == nil)
      for words in ["3\u{A0}h", "60\u{A0}€", "864 Personnel bénévole", "875 Bénévolat", "Exercice ouvert"] {
        #expect(year.text.contains(words), "\(words)")
      }
      let file = try await staff.get("/benevolat/2025/comptes.csv")
      #expect(file.text.contains("864;Personnel bénévole;Facilitation;3,0;20,0;60,0;\r\n"), "\(file.text)")
      #expect(file.text.contains("875;Bénévolat;Facilitation;3,0;20,0;;60,0\r\n"), "\(file.text)")
      try await close(world, staff)
    }
  }

  private func close(_ world: SiteWorld, _ staff: Visitor) async throws {
    let csrf = try await staff.get("/benevolat/2025").field("csrf") ?? ""
    #expect(try await staff.post("/benevolat/2025/cloture", [("csrf", csrf)]).status == 403)
    let direction = try await world.signedIn()
    let page = try await direction.get("/benevolat/2025")
    #expect(page.text.contains("Clore l’exercice 2025"))
    let token = [("csrf", page.field("csrf") ?? "")]
    let early = try await direction.post("/benevolat/2026/cloture", token)
    #expect(early.status == 422 && early.text.contains("n’est pas finie"))
    #expect(try await direction.post("/benevolat/2025/cloture", token).status == 303)
    let closed = try await direction.get("/benevolat/2025")
    #expect(
      closed.text.contains("Exercice clos") && closed.text.contains("Rouvrir l’exercice") && !closed.text.contains("Relever les heures"))
    let line = try #require(try await staff.get("/heures?annee=2025").links(to: "/heures/").first { $0.hasSuffix("/modifier") })
    let form = try await staff.get(line)
    let refused = try await staff.post(line, filled(form, ["objet": "Autre chose"]))
    #expect(refused.status == 422 && refused.text.contains("exercice 2025 est clos") && refused.text.contains("Autre chose"))
    let binned = try await staff.post(line.replacing("/modifier", with: "/corbeille"), [("csrf", form.field("csrf") ?? "")])
    #expect((400..<500).contains(binned.status) && binned.text.contains("exercice 2025 est clos"), "\(binned.status)")
    #expect(try await direction.post("/benevolat/2025/reouverture", token).status == 303)
    #expect(try await direction.get("/benevolat/2025").text.contains("Rouvert le"))
    #expect(try await staff.post(line, filled(form, ["objet": "Autre chose"])).status == 303)
  }
}
