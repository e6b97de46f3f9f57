import Federation
import Foundation
import HTTPTypes
import Records
import Store
import TestSupport
import Testing
import WebSupport

@testable import Site

/// The report while people write it: its plan, its blocks, and what becomes of them on the page and in editions.
struct DraftPagesTests {
  func begin(_ visitor: Visitor, _ year: Int = 2025, plan: String = "modele") async throws {
    let csrf = try await visitor.get("/rapports/\(year)/redaction").field("csrf") ?? ""
    #expect(try await visitor.post("/rapports/\(year)/redaction", [("csrf", csrf), ("plan", plan)]).status == 303)
  }

  /// The address of a block by its title.
  func block(_ title: String, _ visitor: Visitor, _ year: Int = 2025) async throws -> String {
    let page = try await visitor.get("/rapports/\(year)/redaction")
    let part = page.text.components(separatedBy: "<a href=\"/blocs/").first { $0.dropFirst(13).hasPrefix("\">\(title)<") }
    return "/blocs/\(try #require(part).prefix(13))"
  }

  func save(_ address: String, _ values: [(String, String)], by visitor: Visitor) async throws -> Answer {
    let form = try await visitor.get("\(address)/modifier")
    #expect(form.status == 200)
    let names = Set(values.map(\.0))
    return try await visitor.post(
      "\(address)/modifier", [("csrf", form.field("csrf") ?? "")] + form.formItems.filter { !names.contains($0.0) } + values)
  }

  /// The story: a plan, a text with its figures, a fault that stops, the publication, and the edition that stays.
  @Test(arguments: Engine.allCases) func aReportIsWrittenAndPublished(_ engine: Engine) async throws {
    try await withSite(engine) { world in
      try await SmallWorld.bring(into: world.installation)
      let visitor = try await world.signedIn()
      let before = try await visitor.get("/rapports/2025")
      #expect(before.text.contains("Ce rapport n’a que ses chiffres.") && before.text.contains("1. Les structures"))
      try await begin(visitor)
      let plan = try await visitor.get("/rapports/2025/redaction")
      #expect(plan.text.contains("0 bloc relu sur 8") && plan.text.contains("Le mot de la présidence") && plan.text.contains("À écrire"))
      #expect(TagBalance.fault(in: plan.text) == nil)
      let address = try await block("Ce que nous avons fait avec les équipes", visitor)
      let form = try await visitor.get("\(address)/modifier")
      #expect(
        form.text.contains("[[contacts.count]]") && form.text.contains("name=\"texte\"") && !form.text.contains("id=\"c-alternative\""))
      // A code that names nothing is told before it is saved, and kept when it is meant.
      let wrong = [
        ("texte", "Nous avons noté [[contacts.count]] échanges, [[oups]] <b>gras</b> [lien](javascript:alert(1)) <script>x</script>")
      ]
      let warned = try await save(address, wrong, by: visitor)
      #expect(warned.status == 422 && warned.text.contains("[[oups]]") && warned.text.contains("Enregistrer quand même"))
      #expect(try await save(address, wrong + [("accepte", warned.field("accepte") ?? "")], by: visitor).status == 303)
      let report = try await visitor.get("/rapports/2025")
      #expect(report.text.contains("Nous avons noté <a href=\"/echanges?annee=2025\">") && report.text.contains("<mark>[[oups]]</mark>"))
      #expect(!report.text.contains("<script>x") && !report.text.contains("javascript:alert") && !report.text.contains("<b>gras</b>"))
      #expect(
        report.text.contains("L’accompagnement\u{A0}: Ce que nous avons fait avec les équipes.") && TagBalance.fault(in: report.text) == nil
      )
      let question = try await visitor.get("/rapports/2025/publication")
      #expect(question.field("numero") == nil && question.text.contains("Le rapport ne se publie pas encore."))
      #expect(
        try await save(address, [("texte", "Nous avons noté **[[contacts.count]]** échanges."), ("etat", "relu")], by: visitor).status
          == 303)
      let ready = try await visitor.get("/rapports/2025/publication")
      #expect(ready.text.contains("7 blocs à écrire seront laissés de côté"))
      #expect(ready.text.contains(">Nos priorités</a></th>") && ready.text.contains("name=\"quand_meme\" value=\"oui\" required"))
      let items = [("csrf", ready.field("csrf") ?? ""), ("numero", ready.field("numero") ?? "")]
      // Without the tick nothing is published, and the blocks are named.
      let unticked = try await visitor.post("/rapports/2025/editions", items)
      #expect(
        unticked.status == 422 && unticked.text.contains("7 blocs ne sont pas relus\u{A0}: ") && unticked.text.contains("Nos priorités"))
      #expect(try await visitor.get("/rapports/2025").text.contains("Nos priorités\u{A0}: à écrire"))
      let published = try await visitor.post("/rapports/2025/editions", items + [("quand_meme", "oui")])
      #expect(published.location == "/rapports/2025/editions/1")
      let edition = try await visitor.get("/rapports/2025/editions/1")
      #expect(edition.text.contains("Nous avons noté <strong><a href=\"/rapports/2025/editions/1/fiches?chiffre=contacts.count"))
      #expect(edition.text.contains("Annexe 1. Les structures") && edition.text.contains("Annexe 3. Ce que comptent les chiffres"))
      #expect(!edition.text.contains("Nos priorités") && !edition.text.contains("/modifier") && TagBalance.fault(in: edition.text) == nil)
      // A published report shows no state of its work.
      let settled = try await visitor.get("/rapports/2025")
      #expect(!settled.text.contains("à écrire") && !settled.text.contains("À écrire") && !settled.text.contains("blocs relus"))
      #expect(settled.text.contains("paraîtra avec une édition corrigée") && TagBalance.fault(in: settled.text) == nil)
      _ = try await save(address, [("texte", "Nous avons noté [[contacts.count]] échanges, et davantage.")], by: visitor)
      #expect(try await visitor.get("/rapports/2025").text.contains("1\u{A0}modification depuis la publication"))
      let changes = try await visitor.get("/rapports/2025/modifications")
      #expect(changes.text.contains("Écrit autrement") && changes.text.contains("Ce que nous avons fait avec les équipes</a>"))
      #expect(!(try await visitor.get("/rapports/2025/editions/1")).text.contains("et davantage"))
      let short = try await visitor.get("/rapports/2025?essentiel=oui")
      #expect(short.text.contains("Rapport d’activité 2025\u{A0}: l’essentiel") && !short.text.contains("Nous avons noté"))
      #expect(short.text.contains("Chiffres clés") && !short.text.contains("Annexe"))
    }
  }

  @Test func everyNumberOfAWrittenReportOpensItsRecords() async throws {
    try await withDemonstration { _, visitor in
      try await begin(visitor)
      let address = try await block("Le mot de la présidence", visitor)
      let text =
        "[[contacts.count]], [[contacts.count|avant]], [[contacts.count|canal=telephone]], [[structures.count|type=msp|departement=38]]"
      #expect(try await save(address, [("texte", text)], by: visitor).status == 303)
      let page = try await visitor.get("/rapports/2025")
      let links = CountedLink.all(in: page.text)
      #expect(links.count > 80)
      for link in Set(links) {
        let total = try await visitor.total(of: link)
        #expect(total == link.number, "\(link.number) opens \(link.address)")
      }
    }
  }

  @Test func blocksAreAddedMovedAndThrownAway() async throws {
    try await withSite { world in
      try await SmallWorld.bring(into: world.installation)
      let visitor = try await world.signedIn(.communication)
      try await begin(visitor)
      let plan = try await visitor.get("/rapports/2025/redaction")
      let new = try #require(plan.links(to: "/blocs/nouveau?annee=2025&nature=citation").first)
      let form = try await visitor.get(new)
      #expect(form.text.contains("id=\"c-qui\"") && !form.text.contains("id=\"c-titre\""))
      var items = form.formItems.filter { !["texte", "qui", "fonction"].contains($0.0) }
      items += [("csrf", form.field("csrf") ?? ""), ("texte", "Six mois de gagnés."), ("fonction", "coordinatrice")]
      let refused = try await visitor.post("/blocs/nouveau", items + [("qui", "")])
      #expect(refused.status == 422 && refused.text.contains("dites qui parle") && refused.text.contains("Six mois de gagnés."))
      let made = try await visitor.post("/blocs/nouveau", items + [("qui", "Solène Aubertin")])
      #expect(made.status == 303 && made.location?.hasPrefix("/rapports/2025/redaction") == true)
      let report = try await visitor.get("/rapports/2025")
      #expect(report.text.contains("«\u{202F}Six mois de gagnés.\u{202F}»") && report.text.contains("Solène Aubertin, coordinatrice"))
      let quote = try await block("Citation\u{A0}: Solène Aubertin", visitor)
      let csrf = plan.field("csrf") ?? ""
      let moved = try await visitor.post("\(quote)/place", [("csrf", csrf), ("sens", "monter")])
      #expect(moved.location == "/rapports/2025/redaction#b-\(quote.suffix(13))")
      let gone = try await visitor.post("\(quote)/corbeille", [("csrf", csrf)])
      let back = try await visitor.get(try #require(gone.location))
      #expect(back.location?.hasPrefix("/rapports/2025/redaction?") == true)
      #expect(try await visitor.get(try #require(back.location)).text.contains("La fiche est dans la corbeille."))
      #expect(!(try await visitor.get("/rapports/2025")).text.contains("Six mois"))
      #expect(try await visitor.get("/corbeille").text.contains("Solène Aubertin, rapport 2025"))
      #expect(try await visitor.post("\(quote)/retablir", [("csrf", csrf)]).status == 303)
      #expect(try await visitor.get("/rapports/2025").text.contains("Six mois"))
    }
  }

  /// Whoever comes second sees both texts, and chooses.
  @Test func twoAuthorsSeeBothTexts() async throws {
    try await withSite { world in
      let (one, two) = (try await world.signedIn(), try await world.signedIn(.communication))
      try await begin(one)
      let address = try await block("Nos priorités", one)
      let form = try await two.get("\(address)/modifier")
      #expect(try await save(address, [("texte", "Recruter.")], by: one).status == 303)
      let items =
        form.formItems.filter { $0.0 != "texte" } + [("csrf", form.field("csrf") ?? ""), ("texte", "Former."), ("titre", "Demain")]
      let answer = try await two.post("\(address)/modifier", items)
      #expect(answer.status == 409 && answer.text.contains("Recruter.") && answer.text.contains("Former."))
      #expect(answer.field("titre") == "Demain")
    }
  }

  @Test func aPhotoIsJoinedAndStaysInTheEdition() async throws {
    try await withSite { world in
      try await SmallWorld.bring(into: world.installation)
      let visitor = try await world.signedIn()
      try await begin(visitor)
      let csrf = try await visitor.get("/rapports/2025/redaction").field("csrf") ?? ""
      let form = try await visitor.get("/blocs/nouveau?annee=2025&nature=photo&rang=1500")
      let items = form.formItems.filter { !["titre", "alternative"].contains($0.0) } + [("csrf", csrf), ("titre", "La journée régionale")]
      #expect(try await visitor.post("/blocs/nouveau", items + [("alternative", "")]).status == 422)
      let made = try await visitor.post("/blocs/nouveau", items + [("alternative", "Une salle pleine")])
      let page = try #require(made.location?.prefix { $0 != "?" }).description
      let action = try #require(try await visitor.get(page).actions(to: "/pieces?").first)
      #expect(try await visitor.upload(action, [("csrf", csrf)], file: "photo.png", Self.picture).status == 303)
      let report = try await visitor.get("/rapports/2025")
      #expect(report.text.contains("alt=\"Une salle pleine\"") && report.text.contains("La journée régionale"))
      let question = try await visitor.get("/rapports/2025/publication")
      _ = try await visitor.post(
        "/rapports/2025/editions", [("csrf", question.field("csrf") ?? ""), ("numero", "1"), ("quand_meme", "oui")])
      let photo = try #require(
        try await visitor.get("/rapports/2025/editions/1").text.components(separatedBy: "<img src=\"").last?.prefix { $0 != "\"" })
      #expect(photo.hasPrefix("/rapports/2025/editions/1/photos/"))
      let off = try #require(try await visitor.get(page).actions(to: "/pieces/").first { $0.hasSuffix("/retirer") })
      #expect(try await visitor.post(off, [("csrf", csrf)]).status == 303)
      #expect(!(try await visitor.get("/rapports/2025")).text.contains("Une salle pleine\""))
      let kept = try await visitor.get(String(photo))
      #expect(kept.status == 200 && kept.headers[.contentType] == "image/png")
      #expect(try await visitor.get("/rapports/2025/editions/1/photos/0000000000000").status == 404)
    }
  }

  /// One point.
  static let picture: [UInt8] = [
    137, 80, 78, 71, 13, 10, 26, 10, 0, 0, 0, 13, 73, 72, 68, 82, 0, 0, 0, 1, 0, 0, 0, 1, 8, 6, 0, 0, 0, 31, 21, 196, 137, 0, 0, 0, 13, 73,
    68, 65, 84, 120, 218, 99, 100, 248, 207, 80, 15, 0, 3, 134, 1, 128, 90, 52, 125, 107, 0, 0, 0, 0, 73, 69, 78, 68, 174, 66, 96, 130,
  ]

  @Test func whoReadsCommentsAndWhoWritesWrites() async throws {
    try await withSite { world in
      try await begin(try await world.signedIn())
      let member = try await world.signedIn(.ca)
      let plan = try await member.get("/rapports/2025/redaction")
      #expect(plan.status == 200 && plan.links(to: "/blocs/nouveau").isEmpty && !plan.text.contains("/place"))
      let address = try await block("Nos priorités", member)
      let page = try await member.get(address)
      #expect(page.status == 200 && page.links(to: "\(address)/modifier").isEmpty && TagBalance.fault(in: page.text) == nil)
      #expect(try await member.get("\(address)/modifier").status == 403)
      let csrf = page.field("csrf") ?? ""
      #expect(try await member.post("\(address)/place", [("csrf", csrf), ("sens", "monter")]).status == 403)
      #expect(try await member.post("/rapports/2024/redaction", [("csrf", csrf), ("plan", "modele")]).status == 403)
      let comment = [("csrf", csrf), ("commentaire", page.field("commentaire") ?? "")]
      #expect(try await member.post("\(address)/commentaires", comment + [("texte", " ")]).status == 422)
      for _ in 0..<2 {
        #expect(try await member.post("\(address)/commentaires", comment + [("texte", "À <préciser> & vite.")]).status == 303)
      }
      let said = try await member.get(address)
      #expect(said.text.components(separatedBy: "À &lt;préciser&gt; &amp; vite.").count == 2)
      let settle = try #require(said.actions(to: "\(address)/commentaires/").first)
      #expect(try await member.post(settle, [("csrf", csrf)]).status == 303)
      #expect(try await member.get(address).text.contains("réglé par Odile Marchandet"))
      #expect(try await world.signedIn(.tresorerie).get("/rapports/2025/redaction").status == 403)
      #expect(try await world.visitor.get(address).location?.hasPrefix("/connexion?suite=") == true)
    }
  }

  /// The year in dates, the départements and two dimensions at once: on the page, and in the edition.
  @Test(arguments: Engine.allCases) func datesMapsAndCrossingsStandInTheReport(_ engine: Engine) async throws {
    try await withSite(engine) { world in
      try await SmallWorld.bring(into: world.installation)
      try await world.installation.bring(
        "structures", "reference;type;nom;departement;etat;depuis\nZ9;msp;MSP <des> Dates;38;ouverte;2025-03-10\n")
      let visitor = try await world.signedIn()
      try await begin(visitor)
      let address = try await block("Les temps forts de l’année", visitor)
      let form = try await visitor.get("\(address)/modifier")
      #expect(form.text.contains("10 mars\u{A0}: MSP &lt;des&gt; Dates\u{A0}: ouverture"))
      let ticks = form.text.components(separatedBy: "name=\"repris\" value=\"").dropFirst().map { String($0.prefix { $0 != "\"" }) }
      let opening = try #require(ticks.first { $0.hasSuffix(":ouverte") })
      let refused = try await save(address, [("repris", opening), ("lignes", "Journée régionale")], by: visitor)
      #expect(refused.status == 422 && refused.text.contains("commencez par la date") && refused.text.contains("Journée régionale"))
      let lines = "03/02 : Journée <régionale> | 120 personnes | https://exemple.fr/journee\n12/06/2025 : Assemblée générale"
      #expect(try await save(address, [("repris", opening), ("lignes", lines)], by: visitor).status == 303)
      #expect(try await visitor.get("\(address)/modifier").text.contains("value=\"\(opening)\" checked"))
      let crossing = try await block("Les structures par département", visitor)
      for form in ["tableau", "barres"] {
        #expect(
          try await save(crossing, [("presentation", form), ("dimension", "departement"), ("puis", "type")], by: visitor).status == 303)
        let page = try await visitor.get("/rapports/2025")
        #expect(page.text.contains("/structures?annee=2025&amp;departement=38&amp;type=msp"), "\(form)")
      }
      #expect(try await save(crossing, [("presentation", "annees"), ("puis", "type")], by: visitor).status == 422)
      #expect(try await save(crossing, [("presentation", "carte"), ("puis", "")], by: visitor).status == 303)
      let csrf = try await visitor.get("/rapports/2025/publication").field("csrf") ?? ""
      let live = try await visitor.get("/rapports/2025")
      _ = try await visitor.post("/rapports/2025/editions", [("csrf", csrf), ("numero", "1"), ("quand_meme", "oui")])
      let edition = try await visitor.get("/rapports/2025/editions/1")
      for page in [live, edition] {
        #expect(page.text.contains("Journée &lt;régionale&gt;</a>") && page.text.contains("<time datetime=\"2025-03-10\">"))
        #expect(page.text.contains("class=\"geo\"") && page.text.contains("Isère\u{A0}:") && TagBalance.fault(in: page.text) == nil)
      }
      #expect(edition.links(to: "/structures/").count > 0)
    }
  }

  @Test func aPhotoWithoutItsPictureIsAnnounced() async throws {
    try await withSite { world in
      try await SmallWorld.bring(into: world.installation)
      let visitor = try await world.signedIn()
      try await begin(visitor)
      let csrf = try await visitor.get("/rapports/2025/redaction").field("csrf") ?? ""
      let form = try await visitor.get("/blocs/nouveau?annee=2025&nature=photo&rang=1500")
      let items = form.formItems.filter { $0.0 != "alternative" } + [("csrf", csrf), ("alternative", "Une salle pleine")]
      #expect(try await visitor.post("/blocs/nouveau", items).status == 303)
      #expect(try await visitor.get("/rapports/2025/redaction").text.contains("image à joindre"))
      let question = try await visitor.get("/rapports/2025/publication")
      #expect(question.text.contains("1 photo dont l’image n’est pas jointe sera laissée de côté"))
      #expect(question.text.contains("8 blocs à écrire seront laissés de côté"))
    }
  }

  @Test func lastYearsTextStandsBeside() async throws {
    try await withSite { world in
      let visitor = try await world.signedIn()
      try await begin(visitor)
      _ = try await save(try await block("Nos priorités", visitor), [("texte", "Recruter en 2025.")], by: visitor)
      #expect(try await visitor.get("/rapports/2026/redaction").text.contains("Reprendre le plan de 2025"))
      try await begin(visitor, 2026, plan: "precedent")
      let address = try await block("Nos priorités", visitor, 2026)
      #expect(try await visitor.get(address).text.contains("Recruter en 2025."))
      #expect(try await visitor.get("\(address)/modifier").text.contains("Recruter en 2025."))
      #expect(!(try await visitor.get("/rapports/2026")).text.contains("Recruter en 2025."))
    }
  }
}
