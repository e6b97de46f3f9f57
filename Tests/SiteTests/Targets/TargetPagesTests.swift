import Federation
import Records
import Store
import TestSupport
import Testing

@testable import Site

/// `/cibles` in the browser (DIR-06).
struct TargetPagesTests {
  @Test(arguments: Engine.allCases) func everyNumberOpensTheStructuresItCounts(_ engine: Engine) async throws {
    try await withDemonstration(engine) { _, visitor in
      for address in ["/cibles", "/cibles?annee=2025"] {
        let page = try await visitor.get(address)
        #expect(page.status == 200 && TagBalance.fault(in: page.text) == nil)
        #expect(page.text.contains("Maisons de santé ouvertes") && page.text.contains("Région couverte par des CPTS"))
        let links = CountedLink.all(in: page.text).map(\.measuredAsCoverage)
        #expect(links.count >= 10, "\(address)")
        for link in Set(links) {
          let total = try await visitor.total(of: link)
          #expect(total == link.number, "\(address): \(link.number) opens \(link.address)")
        }
        // A share says of what, and opens its communes.
        let share = try #require(page.links(to: "/communes?chiffre=coverage.population_share").first)
        #expect(try await visitor.get(share).status == 200)
        #expect(page.text.contains(" sur ") && page.text.contains("100\u{A0}%"))
      }
      let rows = try await visitor.get("/cibles.csv?annee=2025").csvRows
      #expect(rows.count == 6 && rows.allSatisfy { $0[4] == "2025-12-31" })
      #expect(try await visitor.get("/cibles.xlsx").status == 200)
      #expect(try await visitor.get("/cibles.csv?date=hier").status == 400)
      #expect(try await visitor.get("/cibles?date=hier").text.contains("cette période n’est pas appliquée"))
    }
  }

  /// A day that is past is told before it is saved, and the row says that it is over and not reached.
  @Test(arguments: Engine.allCases) func aDayLongPastIsTold(_ engine: Engine) async throws {
    try await withSite(engine) { world async throws in
      try await SmallWorld.bring(into: world.installation)
      let visitor = try await world.signedIn()
      let form = try await visitor.get("/cibles/nouveau")
      let values = ["libelle": "Centres", "mesure": "ouvertes", "type": "cds", "valeur": "50", "echeance": "1999-12-31"]
      let items = form.formItems.map { ($0.0, values[$0.0] ?? $0.1) }
      let told = try await visitor.post("/cibles/nouveau", items)
      #expect(told.status == 422 && told.text.contains("est déjà passée") && told.text.contains("Enregistrer quand même"))
      #expect(try await visitor.post("/cibles/nouveau", items + [("accepte", told.field("accepte") ?? "")]).status == 303)
      let page = try await visitor.get("/cibles")
      #expect(page.text.contains(">Échue</span>") && page.text.contains("1 échue sans l’être") && TagBalance.fault(in: page.text) == nil)
      // On a day before it, it was not.
      #expect(!(try await visitor.get("/cibles?date=1998-06-30")).text.contains(">Échue</span>"))
      let file = "libelle;mesure;type;valeur;echeance;reference\nVieille;ouvertes;msp;54;2001-12-31;V\n"
      #expect(try await world.installation.bring("cibles", file).warnings.contains { $0.contains("est déjà passée") })
      #expect(try await world.installation.bring("cibles", file).warnings == [])
    }
  }

  @Test func aTargetIsDeclaredRefusedChangedAndThrownAway() async throws {
    try await withSite { world in
      try await SmallWorld.bring(into: world.installation)
      let visitor = try await world.signedIn()
      #expect(try await visitor.get("/cibles").text.contains("Aucune cible pour l’instant"))
      let form = try await visitor.get("/cibles/nouveau")
      func filled(_ values: [String: String]) -> [(String, String)] { form.formItems.map { ($0.0, values[$0.0] ?? $0.1) } }
      let refused = try await visitor.post(
        "/cibles/nouveau",
        filled(["libelle": "Tout", "mesure": "part_population", "valeur": "120", "echeance": "2026-12-31", "base_le": "2027-01-01"]))
      #expect(refused.status == 422)
      #expect(refused.text.contains("ne dépasse pas 100\u{A0}%") && refused.text.contains("vient après la date de la base"))
      let made = try await visitor.post(
        "/cibles/nouveau",
        filled([
          "libelle": "Maisons <du> Rhône", "mesure": "ouvertes", "type": "msp", "valeur": "3", "echeance": "2026-12-31",
          "departement": "69",
        ])
      )
      #expect(made.status == 303 && made.location == "/cibles?fait=cree")
      let page = try await visitor.get("/cibles")
      #expect(page.text.contains("Maisons &lt;du&gt; Rhône") && page.text.contains("Rhône</small>"))
      // One is open, one closed: two are missing.
      let edit = try #require(page.links(to: "/cibles/").first { $0.hasSuffix("/modifier") })
      #expect(page.text.contains("<td class=\"n\">2</td>"))
      #expect(CountedLink.all(in: page.text).contains { $0.number == 1 })
      let change = try await visitor.get(edit)
      #expect(try await visitor.post(edit, change.formItems.map { ($0.0, $0.0 == "valeur" ? "1" : $0.1) }).status == 303)
      #expect(try await visitor.get("/cibles").text.contains("Atteinte"))
      #expect(try await visitor.get(edit.replacing("/modifier", with: "/historique")).text.contains("Valeur visée"))
      let bin = edit.replacing("/modifier", with: "/corbeille")
      #expect(try await visitor.post(bin, [("csrf", change.field("csrf") ?? "")]).status == 303)
      #expect(try await visitor.get("/cibles").text.contains("Aucune cible pour l’instant"))
      #expect(try await visitor.get("/corbeille").text.contains("Maisons &lt;du&gt; Rhône"))
    }
  }

  /// Of what was taken over whole there are no situations; a growth does not begin before its own day.
  @Test func whatNobodyKnowsIsNotLate() async throws {
    try await withSite { world in
      try await SmallWorld.bring(into: world.installation)
      let series = "figure;periode;valeur;source;dimensions\nstructures.count;2019;45;Rapport 2019;\n"
      #expect(try await world.installation.bring("series", series).created == 1)
      let targets = """
        libelle;mesure;type;base;base_le;valeur;echeance
        Centres;ouvertes;cds;;;54;2018-12-31
        Maisons de plus;croissance;msp;2;2020-12-31;3;2026-12-31
        """
      #expect(try await world.installation.bring("cibles", targets).created == 2)
      let visitor = try await world.signedIn()
      let then = try await visitor.get("/cibles?annee=2019")
      #expect(TagBalance.fault(in: then.text) == nil && then.text.contains("\u{A0}: 2 cibles, 0 atteinte."))
      #expect(then.text.contains("<td class=\"n\">Non renseigné</td>") && then.text.contains("Non renseigné depuis le 31 déc. 2020"))
      let rows = try await visitor.get("/cibles.csv?annee=2019").csvRows
      #expect(rows.count == 2 && rows.allSatisfy { $0[5].isEmpty && $0[6].isEmpty && $0[9].isEmpty })
      #expect(try await visitor.get("/cibles").text.contains("1 échue sans l’être"))
    }
  }

  @Test func thePageSaysWhatIsOpen() async throws {
    try await withSite { world in
      try await SmallWorld.bring(into: world.installation)
      try await world.installation.bring("cibles", "libelle;mesure;type;valeur;echeance\nCentres;ouvertes_projet;cds;54;2028-12-31\n")
      let visitor = try await world.signedIn()
      let page = try await visitor.get("/cibles").text
      #expect(page.contains("«\u{202F}Hors ACI\u{202F}», «\u{202F}ACI\u{202F}» ou «\u{202F}En fonctionnement\u{202F}»."))
      #expect(page.contains("</a> ouverte</small>") && !page.contains("</a> ouvertes</small>"))
      try await world.installation.settings.set("cibles_ouvertes", to: "aci")
      #expect(try await visitor.get("/cibles").text.contains("Ouvertes\u{A0}: situation «\u{202F}ACI\u{202F}»."))
    }
  }

  @Test func thoseWhoReadFiguresReadThemAndDoNotChangeThem() async throws {
    try await withDemonstration { world, _ in
      let referent = try await world.visitor.stranger().signedIn(.referent)
      let page = try await referent.get("/cibles")
      #expect(page.status == 200 && page.links(to: "/cibles/").isEmpty)
      #expect(try await referent.get("/cibles/nouveau").status == 403)
    }
  }
}

extension CountedLink {
  /// A number of coverage is not how many communes its list has.
  var measuredAsCoverage: CountedLink {
    guard let figure = address.firstMatch(of: /chiffre=(coverage\.[a-z_]+)/)?.1 else { return self }
    return CountedLink(address: address, number: number, measure: Measure(of: String(figure)))
  }
}
