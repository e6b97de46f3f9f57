import Federation
import Foundation
import Records
import Store
import TestSupport
import Testing

@testable import Site

/// What federations tell, walked whole in the browser.
struct StoriesTests {
  private func send(_ address: String, _ changes: [String: String], by visitor: Visitor) async throws -> Answer {
    let form = try await visitor.get(address)
    let items = form.formItems.map { ($0.0, changes[$0.0] ?? $0.1) }
    #expect(Set(changes.keys).isSubset(of: items.map(\.0)), "\(address)")
    return try await visitor.post(address, items)
  }

  /// A CPTS on its way: its letter of intent on 2 March 2021, its project on 18 January 2022, its ACI on 1 October 2022.
  @Test(arguments: Engine.allCases) func aStateIsAskedOfAPastDay(_ engine: Engine) async throws {
    try await withSite(engine) { world in
      let visitor = try await world.signedIn()
      let made = try await send(
        "/structures/nouveau",
        ["nom": "CPTS du Haut-Pays", "type": "cpts", "departement": "38", "etat": "lettre_intention", "depuis": "2021-03-02"], by: visitor)
      let record = String((made.location ?? "").prefix { $0 != "?" })
      #expect(made.status == 303 && record.hasPrefix("/structures/"))
      for (state, day) in [("valide", "2022-01-18"), ("aci", "2022-10-01")] {
        #expect(try await send("\(record)/modifier", ["etat": state, "depuis": day], by: visitor).status == 303)
      }
      func count(_ question: String) async throws -> Int { try await visitor.get("/structures?type=cpts&\(question)").rowTitles.count }
      #expect(try await count("date=2021-12-31&etape=lettre_intention&situation=projet") == 1)
      #expect(try await count("date=2022-06-30&etape=valide&situation=hors_aci") == 1)
      #expect(try await count("date=2022-12-31&etape=ouverte&situation=aci") == 1)
      #expect(try await count("date=2022-12-31&situation=hors_aci") == 0)
      #expect(try await count("date=2020-12-31") == 0)
      let figures = try await visitor.get("/chiffres?chiffre=structures.count&date=2021-12-31&par=etape").text
      #expect(figures.contains("Lettre d’intention"))
      // Its letter was older than anybody had noted: past days answer otherwise, and the history says who said so.
      let stages = try await visitor.get("\(record)?o=etapes").links(to: "/etapes/").filter { $0.hasSuffix("/modifier") }
      let letter = try #require(stages.last)
      #expect(try await send(letter, ["depuis": "2020-11-16"], by: visitor).status == 303)
      #expect(try await count("date=2020-12-31&etape=lettre_intention") == 1)
      #expect(try await count("date=2021-12-31&etape=lettre_intention") == 1)
      #expect(try await visitor.get("\(record)?o=etapes").text.contains("16 nov. 2020"))
      let changes = letter.replacing("/modifier", with: "/historique")
      let undone = try await visitor.get(changes)
      #expect(undone.text.contains("Odile Marchandet") && undone.text.contains("16 nov. 2020"))
      let back = try await visitor.post(
        changes, [("csrf", undone.field("csrf") ?? ""), ("version", undone.field("version") ?? "")])
      #expect(back.status == 303)
      #expect(try await count("date=2020-12-31") == 0)
    }
  }

  /// 903 of 1 288 units and 10 200 386 of 12 174 880 people, over the départements of Île-de-France: communes of which three are added,
  /// and the arrondissements of Paris.
  @Test(arguments: Engine.allCases) func whatTheCPTSCoverIsCountedOnce(_ engine: Engine) async throws {
    try await withSite(engine) { world in
      let departments = ["75", "77", "78", "91", "92", "93", "94", "95"]
      try await world.installation.settings.set("departements", to: departments.joined(separator: " "))
      let claims = try await world.installation.database.write { connection in
        for index in 1...3 {
          try connection.execute(
            """
            INSERT INTO commune (code, name, name_fold, department, population)
            VALUES (\("7799\(index)"), \("Commune nouvelle \(index)"), \("commune nouvelle \(index)"), '77', 0)
            """)
        }
        let units: [String] = try connection.rows(
          "SELECT code FROM commune WHERE department IN \(list: departments) AND code <> '75056' ORDER BY code"
        ).map { try $0[0] }
        // Of Paris the 8th arrondissement alone; the first of the others are claimed.
        let others = units.filter { !$0.hasPrefix("751") && !$0.hasPrefix("7799") }
        let claimed = ["75108"] + others.prefix(902)
        #expect(units.count == 1_288 && claimed.count == 903)
        try connection.execute("UPDATE commune SET population = 5128 WHERE code IN \(list: units)")
        try connection.execute("UPDATE commune SET population = 11296 WHERE code IN \(list: claimed)")
        try connection.execute("UPDATE commune SET population = population + 98 WHERE code = '75108'")
        try connection.execute("UPDATE commune SET population = population + 214 WHERE code = '75101'")
        return others
      }
      let (first, second) = (claims.prefix(500), claims[499..<902])
      try await world.installation.bring(
        "structures",
        """
        reference;type;nom;departement;etat;depuis;communes_couvertures
        C1;cpts;CPTS de l’Est;77;ouverte;2020-01-01;\(first.joined(separator: "|"))
        C2;cpts;CPTS de l’Ouest;78;ecriture;2020-01-01;\(second.joined(separator: "|"))
        C3;cpts;CPTS du Huitième;75;contact;2020-01-01;75108
        C4;cpts;CPTS d’avant;95;fermee;2020-01-01;\(claims.suffix(20).joined(separator: "|"))
        """)
      let visitor = try await world.signedIn()
      let communes = try await visitor.get("/chiffres?chiffre=coverage.communes_share&date=2021-12-31").text
      #expect(communes.contains("70,1\u{A0}%") && communes.contains("903 sur 1\u{202F}288"))
      let people = try await visitor.get("/chiffres?chiffre=coverage.population_share&date=2021-12-31").text
      #expect(people.contains("83,8\u{A0}%") && people.contains("10\u{202F}200\u{202F}386 sur 12\u{202F}174\u{202F}880"))
      for page in [communes, people] {
        // The states that count, the base, the vintage of the populations, and how Paris counts.
        for words in ["à toute étape sauf\u{A0}: fermée", "départements de la fédération", "2017 (Insee)", "comptent par arrondissement"] {
          #expect(page.contains(words), "\(words)")
        }
      }
      let paris = try await visitor.get("/chiffres?chiffre=coverage.communes_share&date=2021-12-31&departement=75").text
      #expect(paris.contains("1 sur 20") && paris.contains("5,0\u{A0}%"))
      // As one unit, Paris is claimed by its arrondissement; the other states of CPTS may be left out too.
      try await world.installation.settings.set("couverture_villes", to: "commune")
      let whole = try await visitor.get("/chiffres?chiffre=coverage.communes_share&date=2021-12-31").text
      #expect(whole.contains("903 sur 1\u{202F}269") && whole.contains("comptent chacune pour une unité"))
      try await world.installation.settings.set("couverture_sans_etapes", to: "fermee contact ecriture")
      let open = try await visitor.get("/chiffres?chiffre=coverage.communes_share&date=2021-12-31").text
      #expect(open.contains("500 sur 1\u{202F}269") && open.contains("premier contact"))
    }
  }

  /// The Loire goes from one territory to another on 1 September: what came before stays where it was, and the year keeps its total.
  @Test(arguments: Engine.allCases) func aDepartmentMovesBetweenTerritories(_ engine: Engine) async throws {
    try await withSite(engine) { world in
      try await world.installation.bring(
        "territoires", "code;nom;departement;depuis\nouest;Ouest;42;2020-01-01\nouest;Ouest;63;2020-01-01\ncentre;Centre;69;2020-01-01\n")
      try await world.installation.bring(
        "structures",
        "reference;type;nom;departement;etat;depuis\nL;msp;MSP du Forez;42;ouverte;2020-01-01\nR;msp;MSP des Monts;69;ouverte;2020-01-01\n")
      try await world.installation.bring(
        "echanges",
        """
        date;canal;structures;reference
        2025-02-03;reunion;L;E1
        2025-08-31;visio;L;E2
        2025-09-01;visio;L;E3
        2025-11-12;visite;L;E4
        2025-03-04;telephone;R;E5
        """)
      let visitor = try await world.signedIn()
      func exchanges(_ question: String) async throws -> Int? { try await visitor.get("/echanges?annee=2025\(question)").recordCount }
      #expect(try await [exchanges("&territoire=ouest"), exchanges("&territoire=centre"), exchanges("")] == [4, 1, 5])
      // Its line in the Ouest ends on 31 August, and one in the Centre begins the day after.
      let ouest = try await visitor.get("/territoires/ouest")
      for change in ouest.links(to: "/territoires/").filter({ $0.hasSuffix("/modifier") }) {
        let form = try await visitor.get(change)
        guard form.formItems.contains(where: { $0.0 == "departement" && $0.1.contains("42") }) else { continue }
        #expect(try await send(change, ["jusqua": "2025-08-31"], by: visitor).status == 303)
      }
      let add = try #require(try await visitor.get("/territoires/centre").links(to: "/territoires/nouveau").first)
      #expect(try await send(add, ["departement": "42", "depuis": "2025-09-01"], by: visitor).status == 303)
      #expect(try await [exchanges("&territoire=ouest"), exchanges("&territoire=centre"), exchanges("")] == [2, 3, 5])
      let teams = try await visitor.get("/structures?date=2025-08-31&territoire=ouest").rowTitles
      #expect(teams == ["MSP du Forez"])
      #expect(try await visitor.get("/structures?date=2025-09-01&territoire=centre").recordCount == 2)
      let page = try await visitor.get("/chiffres?chiffre=contacts.count&annee=2025&par=territoire").text
      #expect(page.contains("Ouest") && page.contains("Centre"))
      #expect(try await visitor.get("/territoires/ouest").text.contains("jusqu’au 31 août 2025"))
    }
  }
}
