import Federation
import Store
import TestSupport
import Testing

@testable import Site

struct BudgetTests {
  /// At most eight statements a page, the session's own included.
  @Test(arguments: Engine.allCases) func pagesKeepToEightStatements(_ engine: Engine) async throws {
    let counter = StatementCounter()
    try await withDemonstration(engine, counting: counter) { _, visitor in
      let structure = try #require(try await visitor.get("/structures?tri=-echange").records(of: "/structures/").first)
      let exchange = try #require(try await visitor.get("/echanges").records(of: "/echanges/").first)
      for (record, kind) in [(structure, "structures"), (exchange, "echanges")] { try await joinFile(visitor, record, kind) }
      let person = try #require(try await visitor.get("/personnes").records(of: "/personnes/").first)
      let organisation = try #require(try await visitor.get("/organisations").records(of: "/organisations/").first)
      let firsts = [
        try await visitor.get("/comptes-rendus?nature=partenaires").records(of: "/comptes-rendus/").first,
        try await visitor.get("/facilitations").records(of: "/facilitations/").first,
        try await visitor.get("/facilitateurs").records(of: "/facilitateurs/").first,
        try await visitor.get("/premiers-contacts").records(of: "/premiers-contacts/").first,
        try await visitor.get("/heures?annee=2025").links(to: "/benevoles/").first,
        try await visitor.get("/frais").records(of: "/frais/").first,
        try await visitor.get("/remboursements").records(of: "/remboursements/").first,
        try await visitor.get("/seances").records(of: "/seances/").first,
        try await visitor.get("/programmes").records(of: "/programmes/").first,
        try await visitor.get("/relectures").records(of: "/relectures/").first,
        try await visitor.get("/questions").records(of: "/questions/").first,
        try await visitor.get("/structures").links(to: "/structures?page=2").first,
        try await visitor.get("/echanges?annee=2025").links(to: "/echanges?annee=2025&page=2").first,
      ]
      let pages: [String] = [
        person, "/notifications", organisation, "\(person)/donnees", "\(person)/anonymisation", "/donnees-personnelles",
        "/donnees-personnelles/echeances",
        "/structures/doublons", "/personnes/doublons", "/organisations/doublons?ecartes=oui", "/qualite", "/qualite?departement=38",
        "/qualite/confirmations", "/qualite/fiches",
        "/structures?qualite=sans_coordination", "/personnes?qualite=sans_courriel",
        "/premiers-contacts", "/premiers-contacts?etat=a_traiter&q=a", "/comptes-rendus", "/decisions", "/decisions?etat=a_faire&q=equipe",
        "/facilitations", "/facilitations?etat=tenue&q=sisa", "/facilitations?chiffre=facilitations.count&departement=38",
        "/facilitateurs", "/facilitateurs?expertise=cpts&etat=actif&departement=38&q=a&tri=-charge", "/facilitateurs/nouveau",
        "/heures", "/heures?etat=proposee&departement=38&q=a&tri=-compte", "/heures?chiffre=volunteers.hours&annee=2025", "/heures/nouveau",
        "/benevolat/2025", "/frais", "/frais?etat=envoyee&q=a&tri=-montant", "/frais/nouveau", "/remboursements", "/abandons-frais/2026",
        "/seances", "/dossiers", "/dossiers?chiffre=commissions.recognition&departement=38&q=maison",
        "/programmes", "/programmes?q=maison&departement=38", "/seances-programme", "/inscriptions/nouveau", "/seances-programme/nouveau",
        "/mises-en-relation", "/mises-en-relation?q=maison&departement=38", "/mises-en-relation/nouveau",
        "/relectures", "/relectures?q=maison&departement=38&avancement=rendue", "/relectures/nouveau", "/remarques-relecture/nouveau",
        "/questions", "/questions?q=tva&domaine=juridique", "/questions/nouveau",
        "/corbeille", "/suivis/vacants", "/compte/passation", "/cibles", "/cibles?annee=2024", "/departements", "/departements/38",
        "/departements/38?periode=2025-T2", "/departements/38/dossier",
        "/chiffres", "/chiffres?chiffre=contacts.count&par=canal&puis=type", "/chiffres/fiche?periode=2025-T2",
        "/courriels", "/courriels-recus", "/modeles-courriels", "/courriels/nouveau?sorte=personnes&fiche=\(person.suffix(13))",
        "/imports", "/structures", structure, "\(structure)?o=etapes", "/echanges", exchange,
        "/structures?departement=38&type=msp&q=maison", "/carte", "/carte?departement=38&annee=2024",
        "/structures?chiffre=support.overdue", "/etats?vers=aci&departement=38", "/effectifs?profession=infirmier&departement=38",
        "/communes?q=greno", "/conversions?departement=38", "/sites?type=msp&principal=non",
        "/etats?chiffre=structures.exits&de=aci&annee=2025",
        "/etats?chiffre=structures.stage_days&tri=duree", "/structures?chiffre=structures.professionals_mean",
        Self.filtered, "/recherche?q=maison+de+sante", "/recherche?q=a", "/recherche.json?q=maison+de",
        "/structures?departement=38&departement=69&territoire=est&territoire=ouest&multi_sites=oui", "/personnes", "/organisations?q=ars",
        "/structures?colonnes=territoire&colonnes=zzz", "/echanges?q=zzz", "/vues/nouvelle?liste=echanges&requete=canal%3Dvisio",
      ]
      for page in try firsts.map({ try #require($0) }) + pages {
        try await expectFew(page, visitor, counter)
      }
    }
  }

  /// So that the page has one to show.
  private func joinFile(_ visitor: Visitor, _ record: String, _ kind: String) async throws {
    let csrf = try await visitor.get("/structures").field("csrf") ?? ""
    let action = "/pieces?sorte=\(kind)&fiche=\(record.suffix(13))"
    #expect(try await visitor.upload(action, [("csrf", csrf)], file: "a.txt", Array("bonjour".utf8)).status == 303, "\(kind)")
  }

  private static let filtered =
    "/echanges?departement=38&departement=69&territoire=est&territoire=ouest&canal=visio&canal=telephone&auteur=zzz"

  /// A referent's log also counts what it does not show.
  @Test(arguments: Engine.allCases) func soDoThoseOfAReferent(_ engine: Engine) async throws {
    let counter = StatementCounter()
    try await withDemonstration(engine, counting: counter) { world, _ in
      let referent = try await world.visitor.stranger().signedIn(.referent)
      for page in [
        "/echanges", Self.filtered, "/echanges?q=maison", "/recherche?q=maison+de+sante",
        "/echanges?annee=1950", "/structures?departement=38&departement=69",
      ] {
        try await expectFew(page, referent, counter)
      }
    }
  }

  /// Nor does it take more to leave out what few may read, and to count it.
  @Test(arguments: Engine.allCases) func soDoThoseOfWhoReadsNotEveryNote(_ engine: Engine) async throws {
    let counter = StatementCounter()
    try await withDemonstration(engine, counting: counter) { world, _ in
      let reader = try await world.visitor.stranger().signedIn(.chargeMission)
      let structure = try #require(try await reader.get("/structures?tri=-echange").records(of: "/structures/").first)
      let exchange = try #require(try await reader.get("/echanges").records(of: "/echanges/").first)
      for page in [
        "/echanges", Self.filtered, "/echanges?q=maison", "/recherche?q=maison+de+sante", exchange, structure, "/taches", "/corbeille",
        "/compte/passation",
      ] {
        try await expectFew(page, reader, counter)
      }
    }
  }

  private func expectFew(_ page: String, _ visitor: Visitor, _ counter: StatementCounter) async throws {
    counter.reset()
    #expect(try await visitor.get(page).status == 200, "\(page)")
    #expect(counter.count > 0)
    #expect(counter.count <= 8, "\(page): \(counter.count) statements")
  }

  /// Whatever an address repeats is asked of the database once.
  @Test func statementsDoNotGrowWithTheFilters() async throws {
    let counter = StatementCounter()
    try await withDemonstration(counting: counter) { _, visitor in
      for (address, name) in [
        ("/echanges?", "auteur"), ("/structures?", "departement"), ("/chiffres?chiffre=contacts.count&", "territoire"),
      ] {
        counter.reset()
        _ = try await visitor.get("\(address)\(name)=x1")
        let one = counter.count
        for items in [(1...99).map { "\(name)=x\($0)" }, Array(repeating: "\(name)=x1", count: 500)] {
          counter.reset()
          #expect(try await visitor.get(address + items.joined(separator: "&")).status == 200)
          #expect(counter.count == one, "\(address)")
        }
        let refused = try await visitor.get(address + (1...101).map { "\(name)=x\($0)" }.joined(separator: "&"))
        #expect(refused.status == 400 && refused.text.contains("plus de 100 filtres"))
      }
    }
  }

  /// A page asks the same number of questions whatever the number of rows it shows.
  @Test func statementsDoNotGrowWithTheRows() async throws {
    let counter = StatementCounter()
    try await withDemonstration(counting: counter) { _, visitor in
      for (few, many) in [("/structures?q=DEMO-00", "/structures"), ("/echanges?canal=visite", "/echanges")] {
        counter.reset()
        _ = try await visitor.get(few)
        let small = counter.count
        counter.reset()
        _ = try await visitor.get(many)
        #expect(counter.count <= small, "\(many)")
      }
    }
  }
}
