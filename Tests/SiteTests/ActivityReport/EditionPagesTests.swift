import Federation
import Foundation
import HTTPTypes
import Records
import Store
import TestSupport
import Testing
import WebSupport

@testable import Site

/// Publishing the yearly report, and the pages of what was published.
struct EditionPagesTests {
  private func publish(_ year: Int, _ visitor: Visitor) async throws -> Answer {
    let question = try await visitor.get("/rapports/\(year)/publication")
    return try await visitor.post(
      "/rapports/\(year)/editions",
      [("csrf", question.field("csrf") ?? ""), ("numero", question.field("numero") ?? ""), ("quand_meme", "oui")])
  }

  private func count(_ world: SiteWorld) async throws -> Int {
    try await world.installation.database.read { try ReportEdition.all($0).count }
  }

  /// Of a year before the first record a report would have nothing to say.
  @Test(arguments: Engine.allCases) func aYearBeforeTheFirstRecordIsNotPublished(_ engine: Engine) async throws {
    try await withSite(engine) { world in
      try await world.installation.bring("echanges", "date;canal;objet;reference\n2023-02-01;telephone;Premier;E1\n")
      let visitor = try await world.signedIn()
      for year in [1900, 2022] {
        let page = try await visitor.get("/rapports/\(year)")
        #expect(page.status == 200 && page.links(to: "/rapports/\(year)/publication").isEmpty && !page.text.contains("Pas encore publié"))
        let question = try await visitor.get("/rapports/\(year)/publication")
        #expect(question.status == 404 && question.text.contains("Rien n’est noté avant 2023"))
        let csrf = page.field("csrf") ?? ""
        let forced = try await visitor.post("/rapports/\(year)/editions", [("csrf", csrf), ("numero", "1"), ("quand_meme", "oui")])
        #expect(forced.status == 422 && forced.text.contains("Rien n’est noté avant 2023"))
      }
      #expect(try await count(world) == 0)
      #expect(try await publish(2023, visitor).location == "/rapports/2023/editions/1")
    }
  }

  /// The story, walked as people do.
  @Test(arguments: Engine.allCases) func aPublishedReportStaysAndSaysWhatCameSince(_ engine: Engine) async throws {
    let clock = MovingClock()
    try clock.set("2024-05-15T08:00:00Z")
    try await withSite(engine, now: { clock.now }) { world in
      try await world.installation.bring(
        "structures",
        "reference;type;nom;departement;etat;depuis\nM1;msp;MSP <du> Val;38;ouverte;2020-01-01\nN1;msp;Autre;38;contact;2020-01-01\n")
      try await world.installation.bring(
        "echanges",
        "date;canal;structures;themes;objet;reference\n2023-02-01;telephone;M1;cpts;Statuts & <projet>;E1\n2023-03-01;visio;M1;;;E2\n")
      let visitor = try await world.signedIn()
      let before = try await visitor.get("/rapports/2023")
      #expect(before.text.contains("Pas encore publié") && before.links(to: "/rapports/2023/publication").count == 1)
      let question = try await visitor.get("/rapports/2023/publication")
      #expect(question.status == 200 && question.text.contains("Publier l’édition 1"))
      #expect(try await count(world) == 0)
      let answer = try await publish(2023, visitor)
      #expect(answer.status == 303 && answer.location == "/rapports/2023/editions/1")
      let edition = try await visitor.get("/rapports/2023/editions/1")
      #expect(edition.text.contains("Édition 1, publiée le 15 mai 2024 par Odile Marchandet. Chiffres arrêtés au 31 décembre 2023"))
      #expect(edition.text.contains("2\u{A0}échanges</a>"))
      try clock.set("2024-06-03T08:00:00Z")
      try await world.installation.bring("echanges", "date;canal;structures;objet;reference\n2023-09-01;visite;N1;Ajouté;E3\n")
      // To the letter, for the same reader in the same session.
      let later = try await world.signedInAgain()
      #expect(try await visitor.get("/rapports/2023/editions/1").status == 303)
      let same = try await later.get("/rapports/2023/editions/1")
      #expect(same.main == edition.main)
      let live = try await later.get("/rapports/2023")
      #expect(live.text.contains("Publié le 15 mai 2024, édition 1</h2>"))
      #expect(live.text.contains("<a href=\"/rapports/2023/modifications\">1\u{A0}modification depuis la publication</a>"))
      #expect(live.text.contains("3\u{A0}échanges</a>"))
      let changes = try await later.get("/rapports/2023/modifications")
      #expect(changes.text.contains("<h1>1 modification depuis la publication</h1>"))
      #expect(
        changes.text.contains(">Ajouté</a><small>Échange du 1er sept. 2023</small>") && changes.text.contains("Compte désormais")
          && changes.text.contains("3 juin 2024"))
      #expect(changes.text.contains("<th scope=\"row\">Échanges 2023</th><td class=\"n\">2</td><td class=\"n\">3</td>"))
      #expect(try await publish(2023, later).location == "/rapports/2023/editions/2")
      let corrected = try await later.get("/rapports/2023/editions/2")
      #expect(corrected.text.contains("Édition 2, corrigée, publiée le 3 juin 2024"))
      #expect(corrected.text.contains("Ce que cette édition dit autrement que l’édition 1"))
      let first = try await later.get("/rapports/2023/editions/1")
      #expect(first.text.contains("Cette édition a été corrigée le 3 juin 2024. <a href=\"/rapports/2023/editions/2\">"))
      let now = try await later.get("/rapports/2023")
      #expect(
        now.text.contains("Publié le 3 juin 2024, édition 2, corrigée</h2>")
          && now.text.contains("0\u{A0}modification depuis la publication"))
      #expect(now.text.contains("<a href=\"/rapports/2023/editions/1\">édition 1</a>, du 15 mai 2024"))
      #expect(try await later.get("/rapports/2023/modifications").text.contains("Aucune fiche modifiée"))
    }
  }

  @Test func everyNumberOfAnEditionOpensItsRecords() async throws {
    try await withDemonstration { _, visitor in
      #expect(try await publish(2025, visitor).status == 303)
      let page = try await visitor.get("/rapports/2025/editions/1")
      let links = CountedLink.all(in: page.text)
      #expect(links.count >= 60 && links.allSatisfy { $0.address.hasPrefix("/rapports/2025/editions/1/fiches?") })
      for link in Set(links) {
        let total = try await visitor.total(of: link)
        #expect(total == link.number, "\(link.number) opens \(link.address)")
      }
      // The same numbers as the page of the day.
      let live = try await visitor.get("/rapports/2025")
      #expect(CountedLink.all(in: live.text).map(\.number) == links.map(\.number))
    }
  }

  @Test func theRecordsAreThoseOfThePublication() async throws {
    try await withSite { world in
      try await SmallWorld.bring(into: world.installation)
      let brought = try await world.installation.bring(
        "echanges", "date;canal;structures;objet;duree_minutes\n2025-06-01;visite;S1;À <b>reprendre</b>;20\n")
      let visitor = try await world.signedIn()
      _ = try await publish(2025, visitor)
      let list = "/rapports/2025/editions/1/fiches?chiffre=contacts.count&annee=2025"
      let before = try await visitor.get(list)
      #expect(before.recordCount == 2 && before.records(of: "/echanges/").count == 2)
      _ = try await world.installation.importer.undo(try #require(brought.importID), world.installation.model.kinds)
      try await world.installation.bring("structures", "reference;type;nom;departement\nS2;;CPTS rebaptisée;\n")
      let after = try await visitor.get(list)
      #expect(after.recordCount == 2 && after.records(of: "/echanges/").count == 1)
      #expect(after.text.contains("À &lt;b&gt;reprendre&lt;/b&gt; <small class=\"note\">(n’existe plus)</small>"))
      let teams = try await visitor.get("/rapports/2025/editions/1/fiches?chiffre=structures.count&annee=2025&departement=38")
      #expect(teams.text.contains(">CPTS Bièvre</a>") && !teams.text.contains("rebaptisée") && teams.recordCount == 2)
      #expect(teams.text.contains("<h1>Structures 2025, Isère (38)</h1>"))
      let minutes = try await visitor.get("/rapports/2025/editions/1/fiches?chiffre=contacts.minutes&annee=2025")
      #expect(minutes.recordSum == 80 && minutes.text.contains("<td class=\"n\">60</td>"))
      for address in [
        "?chiffre=contacts.count&annee=2019", "?chiffre=contacts.people&annee=2025", "?annee=2025", "",
        "?chiffre=contacts.count&annee=2025&departement=38",
      ] {
        #expect(try await visitor.get("/rapports/2025/editions/1/fiches\(address)").status == 404, "\(address)")
      }
      #expect(try await visitor.get("\(list)&canal=inconnu").recordCount == 0)
      #expect(try await visitor.get("\(list)&page=7").location == list)
      for address in ["/rapports/2025/editions/2", "/rapports/2025/editions/x", "/rapports/2024/editions/1", "/rapports/2025/editions"] {
        #expect(try await visitor.get(address).status == 404, "\(address)")
      }
    }
  }

  @Test func aLongListHasPages() async throws {
    try await withSite { world in
      try await world.installation.bring("structures", SmallWorld.teams(120))
      let visitor = try await world.signedIn()
      _ = try await publish(2025, visitor)
      let list = "/rapports/2025/editions/1/fiches?chiffre=structures.count&annee=2025"
      let first = try await visitor.get(list)
      #expect(first.recordCount == 120 && first.rowTitles.count == 50 && first.rowTitles.first == "Équipe 001")
      let third = try await visitor.get("\(list)&page=3")
      #expect(third.rowTitles.count == 20 && third.rowTitles.last == "Équipe 120")
    }
  }

  /// Both clicks arrive, and so does somebody else's who had the page open.
  @Test(arguments: Engine.allCases) func aDoubleClickMakesOneEdition(_ engine: Engine) async throws {
    try await withSite(engine) { world in
      try await SmallWorld.bring(into: world.installation)
      let (one, two) = (try await world.signedIn(), try await world.signedIn(.communication))
      let forms = [
        (one, try await one.get("/rapports/2025/publication").field("csrf") ?? ""),
        (one, try await one.get("/rapports/2025/publication").field("csrf") ?? ""),
        (two, try await two.get("/rapports/2025/publication").field("csrf") ?? ""),
      ]
      let answers = try await withThrowingTaskGroup(of: String.self) { group in
        for (visitor, csrf) in forms {
          group.addTask {
            let answer = try await visitor.post("/rapports/2025/editions", [("csrf", csrf), ("numero", "1")])
            return "\(answer.status) \(answer.location ?? "")"
          }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(answers == Array(repeating: "303 /rapports/2025/editions/1", count: 3))
      #expect(try await count(world) == 1)
      // A corrected edition without a correction is none.
      let again = try await publish(2025, one)
      #expect(
        again.status == 422 && again.text.contains("Rien n’a changé depuis l’édition 1 du rapport 2025\u{A0}: elle est toujours exacte."))
      #expect(try await count(world) == 1)
    }
  }

  @Test func aYearThatIsNotOverIsNotPublished() async throws {
    try await withSite { world in
      let visitor = try await world.signedIn()
      let page = try await visitor.get("/rapports/2026")
      #expect(page.links(to: "/rapports/2026/publication").isEmpty && !page.text.contains("Pas encore publié"))
      let question = try await visitor.get("/rapports/2026/publication")
      let sentence = "L’année 2026 n’est pas finie\u{A0}: son rapport se publie à partir du 1er janvier 2027."
      #expect(question.status == 404 && question.text.contains(sentence))
      let answer = try await visitor.post("/rapports/2026/editions", [("csrf", page.field("csrf") ?? ""), ("numero", "1")])
      #expect(answer.status == 422 && answer.text.contains(sentence) && answer.field("numero") == nil)
      #expect(try await count(world) == 0)
    }
  }

  @Test func onlySomeRolesPublish() async throws {
    try await withDemonstration { world, direction in
      for role in Role.allCases {
        let visitor = try await world.visitor.stranger().signedIn(role)
        let isOpen = [.direction, .communication].contains(role)
        #expect(try await visitor.get("/rapports/2024/publication").status == (isOpen ? 200 : 403), "\(role)")
        let token = try await visitor.get(try #require(visitor.get("/").location)).field("csrf") ?? ""
        guard !isOpen else { continue }
        #expect(try await visitor.post("/rapports/2024/editions", [("csrf", token), ("numero", "1")]).status == 403, "\(role)")
        if role.areas.contains(.figures) {
          let page = try await visitor.get("/rapports/2024")
          #expect(page.links(to: "/rapports/2024/publication").isEmpty && !page.text.contains("Pas encore publié"), "\(role)")
        }
      }
      #expect(try await count(world) == 0)
      let token = try await direction.get("/rapports/2024/publication").field("csrf") ?? ""
      for form in [[], [("csrf", "")], [("csrf", "x"), ("numero", "1")], [("numero", "1")]] {
        #expect(try await direction.post("/rapports/2024/editions", form).status == 403)
      }
      let fromElsewhere = try await direction.post(
        "/rapports/2024/editions", [("csrf", token), ("numero", "1")], headers: [.secFetchSite: "cross-site"])
      #expect(fromElsewhere.status == 403)
      for number in ["", "deux"] {
        #expect(try await direction.post("/rapports/2024/editions", [("csrf", token), ("numero", number)]).status == 400)
      }
      for number in ["0", "2", "-1"] {
        #expect(try await direction.post("/rapports/2024/editions", [("csrf", token), ("numero", number)]).status == 422)
      }
      #expect(
        try await world.visitor.post("/rapports/2024/editions", [("csrf", token), ("numero", "1")]).location == "/connexion?fait=session")
      #expect(try await count(world) == 0)
    }
  }

  @Test func everyRoleReadsAnEditionAsFarAsItReadsTheRecords() async throws {
    try await withDemonstration { world, direction in
      _ = try await publish(2025, direction)
      let exchanges = "/rapports/2025/editions/1/fiches?chiffre=contacts.count&annee=2025"
      let whole = try #require(try await direction.get(exchanges).recordCount)
      for role in Role.allCases where role.areas.contains(.figures) {
        let visitor = try await world.visitor.stranger().signedIn(role)
        for address in ["/rapports/2025", "/rapports/2025/editions/1", "/rapports/2025/modifications"] {
          let page = try await visitor.get(address)
          #expect(page.status == 200, "\(role) \(address)")
          for link in page.links(to: "/") where !link.hasPrefix("/assets") {
            #expect([200, 303].contains(try await visitor.get(link).status), "\(role) \(address) \(link)")
          }
        }
        #expect(try await visitor.get(exchanges).status == (role.areas.contains(.exchanges) ? 200 : 403), "\(role)")
      }
      let referent = try await world.visitor.stranger().signedIn(.referent)
      let mine = try await referent.get(exchanges)
      let visible = try #require(mine.recordCount)
      #expect(visible > 0 && visible < whole && mine.text.contains("\(visible) fiches sur \(whole) visibles pour vous"))
    }
  }

  @Test func signedOutEverythingLeadsToTheDoor() async throws {
    try await withSite { world async throws in
      for address in [
        "/rapports/2025/publication", "/rapports/2025/modifications", "/rapports/2025/editions", "/rapports/2025/editions/1",
        "/rapports/2025/editions/1/fiches", "/rapports/2025/editions/1/x/y",
      ] {
        #expect(try await world.visitor.get(address).location?.hasPrefix("/connexion?suite=") == true, "\(address)")
      }
    }
  }
}

extension SiteWorld {
  /// The direction of `signedIn`, in a session of a later day.
  fileprivate func signedInAgain() async throws -> Visitor {
    try await visitor.stranger().signedIn("direction@exemple.fr", Self.password)
  }
}

extension Answer {
  /// What the page itself says, without what stands around it.
  fileprivate var main: String { text.components(separatedBy: "<main").last ?? "" }
}
