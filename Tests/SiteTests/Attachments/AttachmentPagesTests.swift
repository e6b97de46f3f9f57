import Federation
import Foundation
import HTTPTypes
import Markup
import Records
import Store
import TestSupport
import Testing
import WebSupport

@testable import Site

/// Files on the pages of records: joined, read under the record's own permission, taken off and back.
struct AttachmentPagesTests {
  private static let pdf = Array("%PDF-1.7 compte rendu".utf8)

  private func join(_ visitor: Visitor, _ page: Answer, _ files: [(name: String, bytes: [UInt8])]) async throws -> Answer {
    let action = try #require(page.actions(to: "/pieces?").first)
    return try await visitor.upload(action, [("csrf", page.field("csrf") ?? "")], files: files)
  }

  private func join(_ visitor: Visitor, _ page: Answer, _ bytes: [UInt8], name: String) async throws -> Answer {
    try await join(visitor, page, [(name, bytes)])
  }

  /// The addresses of the files themselves, whether a page shows them or not.
  private func joined(on page: Answer) -> [String] {
    page.links(to: "/pieces/").map { $0.hasSuffix("/apercu") ? String($0.dropLast("/apercu".count)) : $0 }
  }

  @Test(arguments: Engine.allCases) func aFileIsJoinedReadTakenOffAndBack(_ engine: Engine) async throws {
    try await withSite(engine) { world in
      try await SmallWorld.bring(into: world.installation)
      let visitor = try await world.signedIn(.chargeMission)
      let team = try #require(try await visitor.get("/structures?q=Œillet").records(of: "/structures/").first)
      let page = try await visitor.get(team)
      // Sent twice, it is joined once.
      for _ in 1...2 {
        let joined = try await join(visitor, page, Self.pdf, name: "../compte « rendu » \"été\".pdf")
        #expect(joined.location == "\(team)?fait=piece")
      }
      let after = try await visitor.get("\(team)?fait=piece")
      #expect(TagBalance.fault(in: after.text) == nil && after.text.contains("La pièce est jointe."))
      #expect(after.text.contains("<small>21 octets, Odile Marchandet, "))
      let address = try #require(joined(on: after).first)
      #expect(after.links(to: "/pieces/").count == 1)
      let file = try await visitor.get(address)
      #expect(file.text == "%PDF-1.7 compte rendu" && file.headers[.contentType] == "application/pdf")
      let disposition = file.headers[.contentDisposition] ?? ""
      #expect(disposition.hasPrefix("attachment; filename=\"compte _ rendu _ __t__.pdf\"; filename*=UTF-8''compte%20%C2%AB"))
      #expect(file.headers[.contentSecurityPolicy] == "sandbox; default-src 'none'")
      #expect(file.headers[.xContentTypeOptions] == "nosniff" && file.headers[.cacheControl] == "private, no-store")
      #expect(try await visitor.get("\(team)/historique").text.contains("Pièce jointe ajoutée"))

      let csrf = after.field("csrf") ?? ""
      let id = address.suffix(13)
      let removed = try await visitor.post("\(address)/retirer", [("csrf", csrf)])
      #expect(removed.location == "\(team)?fait=piece_retiree&fiche=\(id)")
      let without = try await visitor.get(removed.location ?? "")
      #expect(without.links(to: "/pieces/").isEmpty && without.actions(to: "/pieces/") == ["\(address)/retablir"])
      #expect(try await visitor.get(address).status == 404)
      let bin = try await visitor.get("/corbeille")
      #expect(bin.text.contains(".pdf (Maison de santé de l’Œillet)") && bin.text.contains("Odile Marchandet"))
      #expect(bin.actions(to: "/pieces/") == ["\(address)/retablir"])
      #expect(try await visitor.post("\(address)/retablir", [("csrf", csrf)]).location?.hasPrefix("\(team)?fait=piece&") == true)
      #expect(try await visitor.get("/corbeille").actions(to: "/pieces/").isEmpty)
      // In the bin with its record, and back with it.
      _ = try await visitor.post("\(team)/corbeille", [("csrf", csrf)])
      #expect(try await visitor.get(address).status == 404)
      _ = try await visitor.post("\(team)/retablir", [("csrf", csrf)])
      #expect(try await visitor.get(address).status == 200)
    }
  }

  @Test(arguments: Engine.allCases) func whatMayNotBeKeptIsRefusedWithASentence(_ engine: Engine) async throws {
    try await withSite(engine) { world in
      try await SmallWorld.bring(into: world.installation)
      let visitor = try await world.signedIn()
      let exchange = try #require(try await visitor.get("/echanges?annee=2026").records(of: "/echanges/").first)
      let page = try await visitor.get(exchange)
      let photo: [UInt8] = [0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 1, 0xFF, 0xDA, 0, 2, 7, 0xFF, 0xD9]
      let bad: [([UInt8], String, String)] = [
        (Array("<html>bonjour</html>".utf8), "photo.png", "n’est pas d’une sorte acceptée"), ([], "vide.pdf", "est vide"),
        (photo, "photo.png", "annonce une image PNG, mais son contenu est une photo JPEG"), ([], "", "Choisissez d’abord un fichier"),
      ]
      for (bytes, name, words) in bad {
        let answer = try await join(visitor, page, bytes, name: name)
        #expect(answer.status == 422 && answer.text.contains(words) && answer.text.contains("Rien n’est joint."), "\(words)")
        #expect(TagBalance.fault(in: answer.text) == nil && answer.text.contains("Ajouter des fichiers"))
      }
      let mixed: [(name: String, bytes: [UInt8])] = [("a.pdf", Self.pdf), ("b.pdf", [])]
      #expect(try await join(visitor, page, mixed).status == 422)
      let announced: HTTPFields = [.contentType: "multipart/form-data; boundary=x", .contentLength: "40000000"]
      let large = try await visitor.send(try #require(page.actions(to: "/pieces?").first), .post, announced, nil)
      #expect(large.status == 413 && large.text.contains("dépasse 25\u{A0}Mo"))
      #expect(try await visitor.get(exchange).links(to: "/pieces/").isEmpty)
      let good: [(name: String, bytes: [UInt8])] = [("fac\u{202E}gpj.jpg", photo), ("a.pdf", Self.pdf)]
      #expect(try await join(visitor, page, good).location == "\(exchange)?fait=pieces")
      let after = try await visitor.get(exchange)
      #expect(after.text.contains("facgpj.jpg") && after.links(to: "/pieces/").count == 2)
    }
  }

  @Test(arguments: Engine.allCases) func aTasksFilesStandBesideItsForm(_ engine: Engine) async throws {
    try await withSite(engine) { world in
      try await SmallWorld.bring(into: world.installation)
      let visitor = try await world.signedIn()
      try await world.installation.bring("taches", "titre;echeance;affectee_a;reference\nRappeler;2026-12-01;Odile Marchandet;T1\n")
      let id = try await world.installation.database.read { try $0.value("SELECT id FROM todo", as: Int64.self) }
      let form = "/taches/\(Identifier<ToDo>(rawValue: try #require(id)))/modifier"
      let page = try await visitor.get(form)
      #expect(try await join(visitor, page, Self.pdf, name: "a.pdf").location == "\(form)?fait=piece")
      let after = try await visitor.get(form)
      let address = try #require(joined(on: after).first)
      #expect(try await visitor.get(address).status == 200)
      #expect(try await visitor.get("\(form)?champ=echeance").links(to: "/pieces/").isEmpty)
      let removed = try await visitor.post("\(address)/retirer", [("csrf", page.field("csrf") ?? "")])
      #expect(try await visitor.get(removed.location ?? "").actions(to: "/pieces/") == ["\(address)/retablir"])
      // Whoever does not see the task does not see what is joined to it, nor joins anything.
      let other = try await world.signedIn(.tresorerie)
      #expect(try await other.get(address).status == 404)
      let action = try #require(page.actions(to: "/pieces?").first)
      #expect(try await other.upload(action, [("csrf", "x")], file: "a.pdf", Self.pdf).status == 404)
      #expect(try await visitor.upload(action, [("csrf", "x")], file: "a.pdf", Self.pdf).status == 403)
      // Kinds without files have no card and take none.
      let csrf = page.field("csrf") ?? ""
      let odd = action.replacing("taches", with: "personnes")
      #expect(try await visitor.upload(odd, [("csrf", csrf)], file: "a.pdf", Self.pdf).status == 404)
    }
  }

  /// A PDF is shown in a frame of its own, which nothing but its page may frame and which runs nothing.
  @Test(arguments: Engine.allCases) func aPDFIsReadInItsPage(_ engine: Engine) async throws {
    try await withSite(engine) { world in
      try await SmallWorld.bring(into: world.installation)
      let visitor = try await world.signedIn()
      let team = try #require(try await visitor.get("/structures?q=Œillet").records(of: "/structures/").first)
      #expect(try await join(visitor, visitor.get(team), Self.pdf, name: "plan <i>.pdf").status == 303)
      let look = try #require(try await visitor.get(team).links(to: "/pieces/").first)
      let page = try await visitor.get(look)
      let file = String(look.dropLast("/apercu".count))
      #expect(look.hasSuffix("/apercu") && page.status == 200 && TagBalance.fault(in: page.text) == nil)
      #expect(page.text.contains("<iframe class=\"document\" src=\"\(file)/contenu\" title=\"plan &lt;i&gt;.pdf\"></iframe>"))
      #expect(page.links(to: file).contains(file) && page.links(to: file).contains("\(file)/contenu"))
      // This page alone frames, and only what is ours; nobody frames it.
      let policy = page.headers[.contentSecurityPolicy] ?? ""
      #expect(policy.contains("frame-src 'self'") && policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"))
      #expect(try await visitor.get(team).headers[.contentSecurityPolicy]?.contains("frame-src") == false)
      let shown = try await visitor.get("\(file)/contenu")
      #expect(shown.text == "%PDF-1.7 compte rendu" && shown.headers[.contentType] == "application/pdf")
      #expect(shown.headers[.contentDisposition]?.hasPrefix("inline; filename=\"plan <i>.pdf\"") == true)
      let own = shown.headers[.contentSecurityPolicy] ?? ""
      #expect(own.contains("default-src 'none'") && own.contains("frame-ancestors 'self'") && !own.contains("script-src"))
      #expect(shown.headers[.xContentTypeOptions] == "nosniff" && shown.headers[.cacheControl] == "private, no-store")
      // Saved, it is as before.
      #expect(try await visitor.get(file).headers[.contentDisposition]?.hasPrefix("attachment;") == true)
      let partner = try await world.signedIn(.partenaire)
      for address in [look, "\(file)/contenu"] {
        #expect(try await partner.get(address).status == 404)
        #expect(try await world.visitor.stranger().get(address).location?.hasPrefix("/connexion") == true)
      }
      let csrf = page.field("csrf") ?? ""
      #expect(try await visitor.post("\(file)/retirer", [("csrf", csrf)]).status == 303)
      for address in [look, "\(file)/contenu"] { #expect(try await visitor.get(address).status == 404) }
    }
  }

  /// A text is shown as it was written, whatever it holds; what is for another program says that it is saved.
  @Test(arguments: Engine.allCases) func aTextIsReadInItsPage(_ engine: Engine) async throws {
    try await withSite(engine) { world in
      try await SmallWorld.bring(into: world.installation)
      let visitor = try await world.signedIn()
      let team = try #require(try await visitor.get("/structures?q=Œillet").records(of: "/structures/").first)
      let old = Array("caf".utf8) + [0xE9, 13, 10] + Array("<script>alert(1)</script>".utf8)
      #expect(try await join(visitor, visitor.get(team), [("note.txt", old), ("liste.csv", Array("nom;lieu\nUn;<b>".utf8))]).status == 303)
      let looks = try await visitor.get(team).links(to: "/pieces/")
      #expect(looks.count == 2 && looks.allSatisfy { $0.hasSuffix("/apercu") })
      let pages = [try await visitor.get(looks[0]), try await visitor.get(looks[1])]
      for page in pages {
        #expect(page.status == 200 && TagBalance.fault(in: page.text) == nil)
        #expect(page.text.contains("<pre class=\"carte brut\" tabindex=\"0\""))
        #expect(page.headers[.contentSecurityPolicy]?.contains("frame-src") == false)
      }
      #expect(pages.contains { $0.text.contains("café\n&lt;script&gt;alert(1)&lt;/script&gt;") })
      #expect(pages.contains { $0.text.contains("nom;lieu\nUn;&lt;b&gt;") })
      // Only a PDF is given to the browser's own reader.
      #expect(try await visitor.get("\(looks[0].dropLast("/apercu".count))/contenu").status == 404)
    }
    let card = AttachmentCard(files: [.init(name: "projet.docx", link: "/pieces/1", note: "2 Mo")], action: nil, csrf: "")
    #expect(card.html.description.contains("<a href=\"/pieces/1\">projet.docx</a><small>2 Mo, se télécharge</small>"))
    #expect(AttachmentLook.decoded([0xEF, 0xBB, 0xBF] + Array("é".utf8)) == "é")
  }

  /// What is joined to a note that few may read is theirs to look at, and nobody else's.
  @Test(arguments: Engine.allCases) func filesOfAConfidentialNoteAreItsReaders(_ engine: Engine) async throws {
    try await withDemonstration(engine) { world, direction in
      let found: Identifier<Exchange>? = try await world.installation.database.read {
        try $0.value("SELECT id FROM exchange WHERE visibility = 'confidentielle' AND removed_at IS NULL ORDER BY id")
      }
      let exchange = "/echanges/\(try #require(found))"
      #expect(try await join(direction, direction.get(exchange), [("a.pdf", Self.pdf), ("b.txt", Array("bonjour".utf8))]).status == 303)
      let looks = try await direction.get(exchange).links(to: "/pieces/")
      #expect(looks.count == 2)
      for role in [Role.assistance, .referent, .ca, .communication, .technique] {
        let visitor = try await world.visitor.stranger().signedIn(role)
        for look in looks {
          let file = look.dropLast("/apercu".count)
          for address in [look, String(file), "\(file)/contenu"] {
            #expect(try await visitor.get(address).status == 404, "\(role) \(address)")
          }
        }
      }
      for look in looks { #expect(try await direction.get(look).status == 200) }
    }
  }

  /// A picture is looked at where it is.
  @Test(arguments: Engine.allCases) func aPictureIsLookedAt(_ engine: Engine) async throws {
    try await withSite(engine) { world in
      try await SmallWorld.bring(into: world.installation)
      let visitor = try await world.signedIn()
      let team = try #require(try await visitor.get("/structures?q=Œillet").records(of: "/structures/").first)
      let photo: [UInt8] = [0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 1, 0xFF, 0xDA, 0, 2, 7, 0xFF, 0xD9]
      let page = try await visitor.get(team)
      #expect(try await join(visitor, page, [("façade <i>.jpg", photo), ("cr.pdf", Self.pdf)]).status == 303)
      let after = try await visitor.get(team)
      let files = after.links(to: "/pieces/")
      #expect(files.count == 2)
      let line = try #require(after.text.split(separator: "\n").first { $0.contains("façade") })
      let look = try #require(files.first { line.contains($0) })
      let shown = try await visitor.get(look)
      let file = String(look.dropLast("/apercu".count))
      #expect(shown.status == 200 && shown.text.contains("<img src=\"\(file)\" alt=\"façade &lt;i&gt;.jpg\">"))
      #expect(TagBalance.fault(in: shown.text) == nil && shown.links(to: team).isEmpty == false)
      #expect(try await visitor.get(file).headers[.contentType] == "image/jpeg")
      #expect(try await visitor.get("\(file)/contenu").status == 404)
      #expect(try await world.signedIn(.partenaire).get(look).status == 404)
      // Off its record, it is not to be seen.
      _ = try await visitor.post("\(file)/retirer", [("csrf", after.field("csrf") ?? "")])
      #expect(try await visitor.get(look).status == 404)
    }
  }

  /// Each role reads and changes the files of the records that it reads and changes, and no others.
  @Test(arguments: Engine.allCases) func filesFollowTheRightsOfTheirRecords(_ engine: Engine) async throws {
    try await withDemonstration(engine) { world, direction in
      let team = try #require(try await direction.get("/structures").records(of: "/structures/").first)
      var files: [(record: String, area: Area, file: String)] = []
      for (record, area) in [
        (team, Area.directory),
        (try #require(try await direction.get("/echanges?territoire=est").records(of: "/echanges/").first), .exchanges),
      ] {
        #expect(try await join(direction, direction.get(record), Self.pdf, name: "a.pdf").status == 303)
        files.append((record, area, try #require(joined(on: try await direction.get(record)).first)))
      }
      for role in Role.allCases {
        let visitor = try await world.visitor.stranger().signedIn(role)
        let csrf = try await visitor.get("/compte").field("csrf") ?? ""
        for (record, area, file) in files {
          let (reads, writes) = (role.scope(.read, area) != .none, role.scope(.write, area) == .all)
          #expect(try await visitor.get(file).status == (reads ? 200 : 404), "\(role) \(area)")
          if reads {
            let page = try await visitor.get(record)
            #expect(joined(on: page) == [file] && page.actions(to: "/pieces").isEmpty != writes, "\(role) \(area)")
          }
          let action = "/pieces?sorte=\(area == .directory ? "structures" : "echanges")&fiche=\(record.suffix(13))"
          let sent = try await visitor.upload(action, [("csrf", csrf)], file: "a.pdf", Self.pdf).status
          #expect(sent == (writes ? 303 : 404), "\(role) \(area)")
          let undone = try await visitor.post("\(file)/retablir", [("csrf", csrf)]).status
          #expect(undone == (writes ? 303 : reads ? 403 : 404), "\(role) \(area)")
        }
      }
      for (_, _, file) in files { #expect(try await world.visitor.stranger().get(file).location?.hasPrefix("/connexion?suite=") == true) }
      // A referent does not read the exchanges of another territory.
      let referent = try await world.visitor.stranger().signedIn(.referent)
      var others: [String] = []
      for exchange in try await direction.get("/echanges?territoire=ouest").records(of: "/echanges/") {
        if try await referent.get(exchange).status == 404 { others.append(exchange) }
      }
      let other = try #require(others.first)
      #expect(try await join(direction, direction.get(other), Self.pdf, name: "a.pdf").status == 303)
      let file = try #require(joined(on: try await direction.get(other)).first)
      #expect(try await referent.get(file).status == 404)
    }
  }

  /// Noting an exchange leads to where a file is joined to it, also from the page over which its form opened.
  @Test func anExchangeThatIsNotedOffersFiles() async throws {
    try await withSite { world in
      try await SmallWorld.bring(into: world.installation)
      let visitor = try await world.signedIn()
      let team = try #require(try await visitor.get("/structures?q=Œillet").records(of: "/structures/").first)
      for back in [nil, team] {
        let form = try await visitor.get("/echanges/nouveau?structures=S1")
        let items =
          form.formItems.map { $0.0 == "date" ? ($0.0, back == nil ? "2026-11-18" : "2026-11-19") : $0 }
          + (back.map { [("retour", $0)] } ?? []) + [("themes", "cpts")]
        let made = try await visitor.post("/echanges/nouveau", items)
        let exchange = "/echanges/\(form.field("fiche") ?? "")"
        #expect(made.location == "\(back ?? exchange)?fait=note&fiche=\(exchange.suffix(13))")
        let page = try await visitor.get(made.location ?? "")
        #expect(page.text.contains("L’échange est enregistré.") && page.links(to: exchange).contains("\(exchange)#t-pieces"))
        #expect(try await visitor.get(exchange).text.contains("id=\"t-pieces\""))
      }
    }
  }
}
