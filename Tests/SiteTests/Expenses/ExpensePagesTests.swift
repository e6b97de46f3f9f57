import Federation
import Foundation
import HTTPTypes
import Records
import Store
import TestSupport
import Testing

@testable import Site

/// A volunteer claims 86 km, which are approved and exported for payment (FAC-06), over the whole router.
struct ExpensePagesTests {
  private static let people = """
    reference;nom;prenom;commune;courriel
    VO1;Quintarel;Zoé;38185;facilitateur@exemple.fr
    VO2;Lantieri;Hervé;38421;

    """

  private static let held = """
    reference;demandee_le;besoin;facilitateurs;date;duree_minutes;etat;commune
    F1;2025-01-05;Un;VO1|VO2;2025-03-01;90;tenue;38053

    """

  private func filled(_ page: Answer, _ typed: [String: String]) -> [(String, String)] {
    page.formItems.map { ($0.0, typed[$0.0] ?? $0.1) }
  }

  private func bring(_ world: SiteWorld) async throws {
    try await world.installation.bring("personnes", Self.people)
    try await world.installation.bring("facilitations", Self.held)
    try await world.installation.settings.set("frais_taux_km", to: "0,40")
    try await world.installation.settings.set("frais_plafond", to: "100")
  }

  private func press(_ visitor: Visitor, _ page: String, _ path: String, _ items: [(String, String)] = []) async throws -> Answer {
    let csrf = try await visitor.get(page).field("csrf") ?? ""
    return try await visitor.post("\(page)/\(path)", [("csrf", csrf)] + items)
  }

  @Test(arguments: Engine.allCases) func aClaimIsWrittenApprovedAndPaid(_ engine: Engine) async throws {
    try await withSite(engine) { world in
      try await bring(world)
      let visitor = try await world.signedIn(.facilitateur)
      // From the facilitation: for oneself, with what is known of it.
      let facilitation: Identifier<Facilitation> = try #require(
        try await world.installation.database.read { try $0.value("SELECT id FROM facilitation WHERE reference = 'F1'") })
      let begun = try #require(try await visitor.get("/facilitations/\(facilitation)/frais").location)
      let form = try await visitor.get(begun)
      #expect(form.status == 200 && TagBalance.fault(in: form.text) == nil && form.formItems.contains { $0 == ("date", "2025-03-01") })
      #expect(form.formItems.contains { $0 == ("arrivee", "Bourgoin-Jallieu") } && !form.text.contains("Lantieri"))
      #expect(form.formItems.contains { $0 == ("facilitation", "F1") })
      let proposed = form.formItems.first { $0.0 == "km" }?.1 ?? ""
      #expect(!proposed.isEmpty)
      // Whoever says that it is for somebody else writes it for themselves all the same.
      let typed = ["km": "-86", "personne": "VO2", "objet": "Facilitation <F1>"]
      let refused = try await visitor.post("/frais/nouveau", filled(form, typed))
      #expect(refused.status == 422 && refused.text.contains("n’est pas un nombre positif") && refused.text.contains("&lt;F1&gt;"))
      let costly = try await visitor.post("/frais/nouveau", filled(refused, ["km": "860"]))
      #expect(costly.status == 422 && costly.text.contains("au-delà du plafond"), "\(costly.text.prefix(600))")
      let made = try await visitor.post("/frais/nouveau", filled(costly, ["km": "86"]))
      let page = try #require(made.location).components(separatedBy: "?")[0]
      let draft = try await visitor.get(page)
      #expect(draft.status == 200 && TagBalance.fault(in: draft.text) == nil)
      for words in ["34,40\u{A0}€", "86\u{A0}km", "Brouillon", "Zoé Quintarel", "Envoyer la note"] {
        #expect(draft.text.contains(words), "\(words)")
      }
      #expect(try await press(visitor, page, "envoi").status == 303)
      #expect(try await press(visitor, page, "approbation", [("montant", "3440")]).status == 403)
      try await decide(world, page)
    }
  }

  private func decide(_ world: SiteWorld, _ page: String) async throws {
    let staff = try await world.signedIn(.assistance)
    #expect(try await staff.get("/aujourdhui").text.contains("Notes de frais à approuver (1)"))
    let list = try await staff.get("/frais?etat=envoyee")
    #expect(list.text.contains("1 note, 34,40\u{A0}€") && TagBalance.fault(in: list.text) == nil)
    let shown = try await staff.get(page)
    #expect(shown.text.contains("Approuver 34,40\u{A0}€") && TagBalance.fault(in: shown.text) == nil)
    #expect(try await press(staff, page, "refus", [("motif", "")]).status == 422)
    let stale = try await press(staff, page, "approbation", [("montant", "1")])
    #expect(stale.status == 422 && stale.text.contains("Le montant a changé"))
    #expect(try await press(staff, page, "approbation", [("montant", "3440")]).status == 303)
    let payments = try await staff.get("/remboursements")
    #expect(payments.text.contains("Payer 1 note, 34,40\u{A0}€") && TagBalance.fault(in: payments.text) == nil)
    let items = [("csrf", payments.field("csrf") ?? ""), ("liste", payments.field("liste") ?? "")]
    let paid = try await staff.post("/remboursements", items)
    let batch = try #require(paid.location).components(separatedBy: "?")[0]
    // Pressed twice, it is the same batch.
    #expect(try await staff.post("/remboursements", items).location == paid.location)
    let sheet = try await staff.get(batch)
    #expect(sheet.status == 200 && TagBalance.fault(in: sheet.text) == nil && !sheet.text.contains("Rouvrir ce paiement"))
    let file = try await staff.get("\(batch)/lignes.csv").text
    #expect(file.contains(";Zoé Quintarel;") && file.contains(";34,4;Frais "), "\(file)")
    #expect(try await staff.get("\(batch)/lignes.csv").text == file)
    #expect(try await staff.get(page).text.contains("Paiement n°\u{A0}1"))
    let direction = try await world.signedIn()
    #expect(try await press(direction, batch, "reouverture", [("motif", " ")]).status == 422)
    #expect(try await press(direction, batch, "reouverture", [("motif", "Virement rejeté")]).status == 303)
    #expect(try await direction.get(batch).text.contains("Virement rejeté"))
  }

  @Test(arguments: Engine.allCases) func oneSeesOnesOwnClaimsOnly(_ engine: Engine) async throws {
    try await withSite(engine) { world in
      try await bring(world)
      try await world.installation.bring(
        "frais",
        """
        reference;personne;date;objet;peage;etat
        N1;VO1;2025-03-01;Mienne;22,50;envoyee
        N2;VO2;2025-03-02;Autre;30;envoyee

        """)
      let staff = try await world.signedIn(.tresorerie)
      let all = try await staff.get("/frais").records(of: "/frais/")
      #expect(all.count == 2)
      let visitor = try await world.signedIn(.facilitateur)
      let own = try await visitor.get("/frais").records(of: "/frais/")
      #expect(own.count == 1)
      #expect(try await visitor.get("/frais.csv").text.contains("Autre") == false)
      let other = try #require(all.first { !own.contains($0) })
      let mine = try #require(own.first)
      #expect(try await visitor.get(other).status == 404)
      for path in ["modifier", "historique"] { #expect(try await visitor.get("\(other)/\(path)").status == 403) }
      let csrf = try await visitor.get(mine).field("csrf") ?? ""
      for path in ["envoi", "reprise", "abandon"] { #expect(try await visitor.post("\(other)/\(path)", [("csrf", csrf)]).status == 404) }
      #expect(try await visitor.get("/remboursements").status == 403)
      // A toll without a receipt is asked about when it is approved.
      let page = try await staff.get(mine)
      #expect(page.text.contains("Approuver sans justificatif") && page.text.contains("Sans justificatif\u{A0}: péages, 22,50"))
      #expect(try await press(staff, mine, "approbation", [("montant", "2250")]).status == 422)
      #expect(try await press(staff, mine, "approbation", [("montant", "2250"), ("sans_justificatif", "oui")]).status == 303)
      #expect(try await visitor.get("\(mine)/modifier").status == 403)
      #expect(try await press(visitor, mine, "abandon").status == 303)
      #expect(try await visitor.get(mine).text.contains("en fait don à la fédération"))
      let year = try await staff.get("/abandons-frais/2026")
      #expect(year.text.contains("22,50\u{A0}€") && TagBalance.fault(in: year.text) == nil)
      #expect(try await staff.get("/abandons-frais/2026/dons.csv").text.contains("2026;Zoé Quintarel;1;22,5"))
      // Nobody of the directory bears the address any more.
      try await world.installation.bring("personnes", "reference;nom;courriel\nVO1;Quintarel;autre@exemple.fr\n")
      #expect(try await visitor.get("/frais/nouveau").text.contains("n’est relié à aucune personne"))
    }
  }
}
