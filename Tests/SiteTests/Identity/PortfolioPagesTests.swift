import Federation
import Foundation
import Records
import Store
import TestSupport
import Testing

@testable import Site

/// Handing over, standing in and what nobody follows, in the browser (GOV-07).
struct PortfolioPagesTests {
  private struct House: Sendable {
    let world: SiteWorld
    let claire, camille, direction: Visitor
    let claireSheet: String
  }

  private static let followers = "structure;depuis;compte\nS1;2025-01-01;Claire Vasselin\nS2;2025-01-01;Claire Vasselin\n"
  private static let tasks = """
    titre;echeance;nature;structure;affectee_a
    Rappeler la mairie;2026-11-25;;S1;Claire Vasselin
    Voir les plans;2026-11-26;rendez-vous;S2;Claire Vasselin

    """

  private func withHouse(_ engine: Engine = .sqlite, _ body: @Sendable (House) async throws -> Void) async throws {
    try await withSite(engine) { world in
      try await SmallWorld.bring(into: world.installation)
      func account(_ name: String, _ role: Role) async throws -> (Account, Visitor) {
        let account = try await world.installation.accounts.create(
          email: "\(role.rawValue)-\(name.prefix(2).lowercased())@exemple.fr", name: name, role: role, password: SiteWorld.password)
        return (account, try await world.visitor.stranger().signedIn(account.email, SiteWorld.password))
      }
      let (claire, first) = try await account("Claire Vasselin", .chargeMission)
      let (_, second) = try await account("Camille Roussel", .chargeMission)
      let (_, direction) = try await account("Odile Marchandet", .direction)
      #expect(try await world.installation.bring("suivis", Self.followers).created == 2)
      #expect(try await world.installation.bring("taches", Self.tasks).created == 2)
      try await body(
        House(world: world, claire: first, camille: second, direction: direction, claireSheet: "/comptes/\(claire.id.description)"))
    }
  }

  /// The value of an option of a page, by its words.
  private func option(_ label: String, in page: Answer) -> String {
    let before = page.text.components(separatedBy: ">\(label)</option>").first ?? ""
    return String(before.components(separatedBy: "value=\"").last?.prefix { $0 != "\"" } ?? "")
  }

  private func handOver(_ address: String, to name: String?, by visitor: Visitor, leaving left: String? = nil) async throws -> Answer {
    let page = try await visitor.get(address)
    let to = name.map { option($0, in: page) } ?? "personne"
    let items = page.formItems.map { $0.0 == "compte" ? ($0.0, to) : $0 }
    let kept = left.map { left in items.filter { item in !(item.0 == "equipes" && item.1 == left) } } ?? items
    return try await confirm(visitor.post(address, kept), address, by: visitor)
  }

  /// From the page that says what is about to change hands.
  private func confirm(
    _ preview: Answer, _ address: String, by visitor: Visitor, _ more: [(String, String)] = []
  ) async throws -> Answer {
    #expect(preview.status == 200 && TagBalance.fault(in: preview.text) == nil && preview.text.contains("Rien n’a encore changé de main"))
    return try await visitor.post(address, preview.formItems + more + [("etape", "confirmer")])
  }

  @Test(arguments: Engine.allCases) func onesOwnPortfolioGoesAndComesBack(_ engine: Engine) async throws {
    try await withHouse(engine) { house async throws in
      let page = try await house.claire.get("/compte/passation")
      #expect(page.status == 200 && TagBalance.fault(in: page.text) == nil)
      #expect(page.text.contains("2 équipes suivies") && page.text.contains("Rappeler la mairie") && page.text.contains("Voir les plans"))
      for link in page.links(to: "/structures?suivi=") { #expect(try await house.claire.get(link).recordCount == 2) }
      let done = try await handOver("/compte/passation", to: "Camille Roussel", by: house.claire)
      let receipt = try #require(done.location)
      #expect(done.status == 303 && receipt.hasPrefix("/passations/"))
      let told = try await house.claire.get(receipt)
      #expect(told.text.contains("2 équipes et 2 tâches et rendez-vous") && TagBalance.fault(in: told.text) == nil)
      #expect(try await house.camille.get("/aujourdhui").text.contains("Claire Vasselin vous a passé la main"))
      #expect(try await house.claire.get("/aujourdhui").text.contains("Vous avez passé la main"))
      #expect(try await house.camille.get("/taches").text.contains("Rappeler la mairie"))
      #expect(try await !house.claire.get("/taches").text.contains("Rappeler la mairie"))
      let team = try #require(try await house.claire.get("/structures?q=Bi%C3%A8vre").records(of: "/structures/").first)
      #expect(try await house.claire.get(team).text.contains("Camille Roussel, depuis le"))
      // Taken back by whoever gave, not by whoever got.
      let csrf = told.field("csrf") ?? ""
      #expect(try await !house.camille.get(receipt).text.contains("Annuler cette passation"))
      #expect(try await house.claire.post("\(receipt)/annulation", [("csrf", csrf)]).location == receipt)
      #expect(try await house.claire.get(receipt).text.contains("Cette passation est annulée"))
      #expect(try await house.claire.get("/taches").text.contains("Rappeler la mairie"))
      #expect(try await !house.camille.get("/aujourdhui").text.contains("passé la main"))
    }
  }

  /// Teams wait for their day; a task goes the day it is handed over, so it stays unless somebody says today.
  @Test(arguments: ["", "oui"]) func tasksStayUntilTheDayUnlessSomebodySaysToday(_ atOnce: String) async throws {
    try await withHouse { house async throws in
      let address = "/compte/passation"
      let page = try await house.claire.get(address)
      let to = option("Camille Roussel", in: page)
      let items = page.formItems.map { $0.0 == "compte" ? ($0.0, to) : $0.0 == "depuis" ? ($0.0, "2026-12-10") : $0 }
      let preview = try await house.claire.post(address, items)
      for text in ["Camille Roussel", "2 équipes, à partir du 10 décembre 2026", "2 tâches et rendez-vous, restent à vous"] {
        #expect(preview.text.contains(text), "\(text)")
      }
      #expect(!preview.text.contains("name=\"tout_de_suite\" value=\"oui\" checked"))
      // Back to the form, with everything as it was.
      let back = try await house.claire.post(address, preview.formItems + [("etape", "modifier")])
      #expect(back.status == 200 && back.formItems.count { $0.0 == "taches" } == 2 && back.formItems.contains { $0 == ("compte", to) })
      #expect(try await house.camille.get("/taches").text.contains("Rappeler la mairie") == false)
      let more = atOnce.isEmpty ? [] : [("tout_de_suite", atOnce)]
      let done = try await confirm(preview, address, by: house.claire, more)
      #expect(done.status == 303)
      let receipt = try await house.claire.get(try #require(done.location)).text
      #expect(try await house.camille.get("/taches").text.contains("Rappeler la mairie") == !atOnce.isEmpty)
      #expect(try await house.claire.get("/taches").text.contains("Rappeler la mairie") == atOnce.isEmpty)
      #expect(receipt.contains("les tâches et rendez-vous tout de suite") == !atOnce.isEmpty)
      #expect(try await house.claire.get("/aujourdhui").text.contains("2 équipes et 2 tâches") == !atOnce.isEmpty)
    }
  }

  @Test func theDirectionLeavesAPostVacantAndFillsIt() async throws {
    try await withHouse { house async throws in
      #expect(try await house.direction.get(house.claireSheet).text.contains("Passer la main"))
      let address = "\(house.claireSheet)/passation"
      let page = try await house.direction.get(address)
      let tasks = try await house.direction.get(try #require(page.links(to: "/taches?de=").first)).text
      #expect(tasks.contains("De Claire Vasselin") && tasks.contains("Rappeler la mairie"))
      let left = try #require(page.formItems.first { $0.0 == "equipes" }?.1)
      let hasty = try await house.direction.post(address, page.formItems)
      #expect(hasty.status == 422 && hasty.text.contains("Choisissez une personne") && hasty.formItems.count { $0.0 == "equipes" } == 2)
      let done = try await handOver(address, to: nil, by: house.direction, leaving: left)
      #expect(done.status == 303 && done.location?.hasPrefix("/passations/") == true)
      let vacancies = try await house.direction.get("/suivis/vacants")
      #expect(vacancies.status == 200 && TagBalance.fault(in: vacancies.text) == nil)
      #expect(
        vacancies.text.contains("Claire Vasselin") && vacancies.text.contains("0 jour (21 nov. 2026)")
          && vacancies.text.contains("Jamais suivie"))
      let team = try #require(
        vacancies.text.components(separatedBy: "name=\"equipes\" value=\"").dropFirst().first.map { String($0.prefix(13)) })
      let items = [
        ("csrf", vacancies.field("csrf") ?? ""), ("passation", vacancies.field("passation") ?? ""), ("depuis", "2026-11-21"),
        ("equipes", team),
      ]
      let nobody = try await house.direction.post("/suivis/vacants", items + [("compte", "")])
      #expect(nobody.status == 422 && nobody.text.contains("Choisissez à qui confier"))
      let given = try await house.direction.post("/suivis/vacants", items + [("compte", option("Camille Roussel", in: vacancies))])
      #expect(given.status == 303 && given.location?.hasPrefix("/passations/") == true)
      #expect(try await house.camille.get("/aujourdhui").text.contains("Un suivi vacant vous est confié"))
    }
  }

  @Test(arguments: Engine.allCases) func aStandInIsToldOnBothPagesOfTheDay(_ engine: Engine) async throws {
    try await withHouse(engine) { house async throws in
      let page = try await house.claire.get("/compte/passation")
      let items = [
        ("csrf", page.field("csrf") ?? ""), ("remplacement", page.field("remplacement") ?? ""),
        ("remplacant", option("Camille Roussel", in: page)), ("du", "2026-11-20"),
      ]
      let wrong = try await house.claire.post("/compte/remplacement", items + [("jusqua", "2026-11-01")])
      #expect(wrong.status == 422 && wrong.text.contains("aria-invalid"))
      let done = try await house.claire.post("/compte/remplacement", items + [("jusqua", "2026-11-30")])
      #expect(done.status == 303, "\(done.text)")
      #expect(try await house.claire.get(done.location ?? "").text.contains("Le remplacement est enregistré."))
      let listed = try await house.claire.get("/compte/passation")
      #expect(listed.text.contains("du 20 novembre 2026 au 30 novembre 2026") && listed.text.contains("Mettre fin"))
      #expect(try await house.claire.get("/aujourdhui").text.contains("Camille Roussel vous remplace"))
      let day = try await house.camille.get("/aujourdhui").text
      #expect(day.contains("Vous remplacez Claire Vasselin") && day.contains("Rappeler la mairie") && day.contains("pour Claire Vasselin"))
      // Whoever is away stands in for nobody.
      let camille = try await house.camille.get("/compte/passation")
      let turned = try await house.camille.post(
        "/compte/remplacement",
        [
          ("csrf", camille.field("csrf") ?? ""), ("remplacement", camille.field("remplacement") ?? ""),
          ("remplacant", option("Claire Vasselin", in: camille)), ("du", "2026-11-25"), ("jusqua", "2026-12-05"),
        ])
      #expect(turned.status == 422 && turned.text.contains("absent ou absente du 20 nov. 2026 au 30 nov. 2026"))
      let end = try #require(listed.actions(to: "/remplacements/").first)
      // Not by whoever stands in.
      let csrf = try await house.camille.get("/compte/passation").field("csrf") ?? ""
      #expect(try await house.camille.post(end, [("csrf", csrf)]).status != 303)
      let ended = try await house.claire.post(end, [("csrf", page.field("csrf") ?? "")])
      #expect(ended.status == 303)
      #expect(try await house.claire.get(ended.location ?? "").text.contains("Le remplacement est arrêté."))
      #expect(try await !house.camille.get("/aujourdhui").text.contains("Rappeler la mairie"))
    }
  }

  @Test func othersPortfoliosAreTheDirectionsAlone() async throws {
    try await withHouse { house async throws in
      #expect(try await house.camille.get("\(house.claireSheet)/passation").status == 403)
      #expect(try await house.camille.get("/suivis/vacants").status == 403)
      let technique = try await house.world.signedIn(.technique)
      #expect(try await technique.get(house.claireSheet).status == 200)
      #expect(try await technique.get("\(house.claireSheet)/passation").status == 403)
      #expect(try await !technique.get(house.claireSheet).text.contains("Passer la main"))
      let done = try await handOver("\(house.claireSheet)/passation", to: "Camille Roussel", by: house.direction)
      let assistance = try await house.world.signedIn(.assistance)
      #expect(try await assistance.get(try #require(done.location)).status == 404)
      let sheet = try #require(done.location)
      #expect(try await house.camille.get(sheet).status == 200)
      // Found again from where it was done, also once it is taken back.
      #expect(try await house.direction.get("\(house.claireSheet)/passation").links(to: "/passations/") == [sheet])
      #expect(try await house.camille.get("/compte/passation").links(to: "/passations/") == [sheet])
      let csrf = try await house.direction.get(sheet).field("csrf") ?? ""
      #expect(try await house.direction.post("\(sheet)/annulation", [("csrf", csrf)]).status < 400)
      #expect(try await house.direction.get(sheet).text.contains("La passation est annulée"))
      #expect(try await house.camille.get("/compte/passation").text.contains("annulée depuis"))
    }
  }

  /// Who follows a team reads its confidential notes: nobody says so of themselves.
  @Test func aTeamSaysWhoFollowsItAndTheDirectionChooses() async throws {
    try await withHouse { house async throws in
      let team = try #require(try await house.claire.get("/structures?q=Tilleuls").records(of: "/structures/").first)
      let own = try await house.claire.get(team)
      // Nobody is called the same in the list that one looks for such teams in.
      #expect(try await house.claire.get("/structures").text.contains("value=\"non_renseigne\"> Personne"))
      #expect(own.text.contains("Suivie par") && own.links(to: "/suivis/").isEmpty)
      #expect(try await house.claire.get("/suivis/nouveau").status == 403)
      #expect(try await house.claire.get("/imports/nouveau?sorte=suivis").status == 403)
      let form = try #require(try await house.direction.get(team).links(to: "/suivis/nouveau").first)
      let items = try await house.direction.get(form).formItems.map { $0.0 == "compte" ? ($0.0, "Camille Roussel") : $0 }
      #expect(try await house.direction.post(form, items).status == 303)
      #expect(try await house.claire.get(team).text.contains("Camille Roussel, depuis le"))
    }
  }
}
