import Foundation
import HTTPTypes
import Records
import Store
import TestSupport
import Testing
import WebSupport

@testable import Federation
@testable import Site

struct PasskeyPagesTests {
  private func withWorld(_ engine: Engine = .sqlite, _ body: @Sendable (SiteWorld) async throws -> Void) async throws {
    try await withSite(engine, isSecure: true, siteURL: "https://maillage.exemple.fr") { try await body($0) }
  }

  private struct Asked: Decodable {
    struct User: Decodable { let id: String }
    let challenge: String
    let user: User?
    let rpId: String?
  }

  private struct Trouble: Decodable {
    let erreur: String
    let champ: String?
  }

  private func read<Value: Decodable>(_ answer: Answer) throws -> Value {
    #expect(answer.headers[.contentType] == "application/json" && answer.headers[.cacheControl] == "private, no-store")
    return try JSONDecoder().decode(Value.self, from: Data(answer.text.utf8))
  }

  /// Adds a passkey as the page's script does.
  /// - Returns: what it was told of its owner.
  private func add(_ telephone: SoftwareAuthenticator, _ visitor: Visitor) async throws -> String {
    let csrf = try await visitor.get("/compte").field("csrf") ?? ""
    let asked: Asked = try read(
      try await visitor.post("/compte/cles-acces/defi", [("csrf", csrf), ("nom_acces", "Téléphone"), ("actuel_acces", SiteWorld.password)]))
    let made = telephone.make(asked.challenge)
    let done = try await visitor.post(
      "/compte/cles-acces", [("csrf", csrf), ("nom_acces", "Téléphone"), ("donnees", made.clientData), ("preuve", made.object)])
    #expect(done.location == "/compte?fait=cle-acces")
    return try #require(asked.user).id
  }

  /// Knocks at the door with a passkey, as the page's script does.
  private func knock(
    _ telephone: SoftwareAuthenticator, _ holder: String, _ guest: Visitor, next: String? = nil,
    change: (inout SoftwareAuthenticator.Shown) -> Void = { _ in }
  ) async throws -> Answer {
    let page = try await guest.get(next.map { "/connexion?suite=\(encoded($0))" } ?? "/connexion")
    let csrf = page.field("csrf") ?? ""
    let asked: Asked = try read(try await guest.post("/connexion/cle-acces/defi", [("csrf", csrf)]))
    #expect(asked.rpId == "maillage.exemple.fr")
    var shown = try telephone.show(asked.challenge, holder: holder)
    change(&shown)
    return try await guest.post("/connexion/cle-acces", [("csrf", csrf), ("suite", page.field("suite") ?? "")] + shown.items)
  }

  @Test(arguments: Engine.allCases) func itIsAddedListedUsedRenamedAndRemoved(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      let visitor = try await world.signedIn()
      let page = try await visitor.get("/compte")
      #expect(page.text.contains("data-cle=\"ajouter\" data-site=\"maillage.exemple.fr\" hidden") && TagBalance.fault(in: page.text) == nil)
      #expect(page.text.contains("<script src=\"/assets/cles.js\" type=\"module\"></script>"))
      let before = visitor.cookies["__Host-maillage"]
      var telephone = SoftwareAuthenticator()
      let holder = try await add(telephone, visitor)
      #expect(visitor.cookies["__Host-maillage"] != before)
      let listed = try await visitor.get("/compte?fait=cle-acces")
      #expect(listed.text.contains("La clé d’accès est ajoutée") && listed.text.contains("jamais utilisée"))
      #expect(TagBalance.fault(in: listed.text) == nil)

      let guest = world.visitor.stranger()
      let door = try await guest.get("/connexion")
      #expect(door.text.contains("autocomplete=\"username webauthn\"") && door.text.contains("data-cle=\"entrer\""))
      telephone.counter = 2
      let entered = try await knock(telephone, holder, guest, next: "/structures?type=msp")
      #expect(entered.status == 303 && entered.location == "/structures?type=msp")
      #expect(guest.cookies["__Host-maillage"]?.count == 64 && guest.cookies["__Host-maillage-formulaire"] == nil)
      #expect(try await guest.get("/structures").status == 200)
      #expect(try await visitor.get("/compte").text.contains("utilisée le "))

      let after = try await visitor.get("/compte")
      let csrf = after.field("csrf") ?? ""
      let rename = try #require(after.actions(to: "/compte/cles-acces/").first { $0.hasSuffix("/nom") })
      let id = String(rename.dropLast(4).suffix(13))
      let refused = try await visitor.post(rename, [("csrf", csrf), ("nom-\(id)", " ")])
      #expect(
        refused.status == 422 && refused.text.contains("Donnez à la clé un nom") && refused.text.contains("<details class=\"corps\" open"))
      #expect(try await visitor.post(rename, [("nom-\(id)", "X")]).status == 403)
      #expect(try await visitor.post(rename, [("csrf", csrf), ("nom-\(id)", "<b>Portable</b>")]).location == "/compte?fait=nom-cle-acces")
      let named = try await visitor.get("/compte")
      #expect(named.text.contains("&lt;b&gt;Portable&lt;/b&gt;") && !named.text.contains("<b>Portable"))
      let removal = "/compte/cles-acces/\(id)/retrait"
      let wrong = try await visitor.post(removal, [("csrf", csrf), ("actuel-\(id)", "faux")])
      #expect(wrong.status == 422 && wrong.text.contains("Ce n’est pas votre mot de passe actuel."))
      #expect(
        try await visitor.post(removal, [("csrf", csrf), ("actuel-\(id)", SiteWorld.password)]).location == "/compte?fait=fin-cle-acces")
      #expect(try await !visitor.get("/compte").text.contains("Portable"))
      telephone.counter = 3
      let nothing = try await knock(telephone, holder, world.visitor.stranger())
      #expect(nothing.status == 422 && nothing.text.contains("n’ouvre aucun compte"))
    }
  }

  @Test func theDoorAnswersAlikeWhateverIsWrong() async throws {
    try await withWorld { world async throws in
      var telephone = SoftwareAuthenticator()
      telephone.counter = 0
      let holder = try await add(telephone, try await world.signedIn())
      var texts: Set<String> = []
      func note(_ answer: Answer) {
        #expect(answer.status == 422 && answer.cookie("__Host-maillage") == nil)
        texts.insert(answer.text.replacing(answer.field("csrf") ?? "", with: ""))
      }
      let guest = world.visitor.stranger()
      note(try await knock(SoftwareAuthenticator(), holder, guest))
      note(try await knock(telephone, "", guest))
      note(try await knock(telephone, holder, guest) { $0.signature = String($0.signature.reversed()) })
      note(try await knock(telephone, holder, guest) { $0.authenticatorData = "%%%" })
      note(try await knock(telephone, holder, guest) { $0.clientData = "e30" })
      note(try await knock(telephone, holder, guest) { $0.signature = String(repeating: "A", count: 200_000) })
      var elsewhere = telephone
      elsewhere.origin = "https://ailleurs.exemple.fr"
      note(try await knock(elsewhere, holder, guest))
      #expect(texts.count == 1)
      // A body longer than any form is not even read.
      let csrf = try await guest.get("/connexion").field("csrf") ?? ""
      let long = try await guest.post("/connexion/cle-acces", [("csrf", csrf), ("preuve", String(repeating: "A", count: 1_100_000))])
      #expect(long.status == 413)
      #expect(try await knock(telephone, holder, guest).location == "/")
    }
  }

  @Test func theDoorTakesItsOwnQuestionsAlone() async throws {
    try await withWorld { world async throws in
      var telephone = SoftwareAuthenticator()
      telephone.counter = 0
      let holder = try await add(telephone, try await world.signedIn())
      let (thief, guest) = (world.visitor.stranger(), world.visitor.stranger())
      let stolen = try await thief.get("/connexion").field("csrf") ?? ""
      let asked: Asked = try read(try await thief.post("/connexion/cle-acces/defi", [("csrf", stolen)]))
      let shown = try telephone.show(asked.challenge, holder: holder)
      // Another browser's question, with this browser's own form.
      let own = try await guest.get("/connexion").field("csrf") ?? ""
      let crossed = try await guest.post("/connexion/cle-acces", [("csrf", own)] + shown.items)
      #expect(crossed.status == 422 && crossed.text.contains("Le délai est passé"))
      // Another browser's form.
      #expect(try await guest.post("/connexion/cle-acces", [("csrf", stolen)] + shown.items).status == 403)
      let foreign = try await guest.post("/connexion/cle-acces/defi", [("csrf", stolen)])
      let trouble: Trouble = try read(foreign)
      #expect(foreign.status == 403 && trouble.erreur.hasPrefix("Le formulaire avait expiré"))
      let csrf = try await guest.get("/connexion").field("csrf") ?? ""
      let otherSite = try await guest.post("/connexion/cle-acces/defi", [("csrf", csrf)], headers: [.secFetchSite: "cross-site"])
      #expect(otherSite.status == 403)
    }
  }

  @Test func whatIsTypedComesBackAndTheScriptIsToldWhy() async throws {
    try await withWorld { world async throws in
      let visitor = try await world.signedIn()
      let csrf = try await visitor.get("/compte").field("csrf") ?? ""
      let wrong = try await visitor.post(
        "/compte/cles-acces/defi", [("csrf", csrf), ("nom_acces", "Téléphone"), ("actuel_acces", "faux")])
      let trouble: Trouble = try read(wrong)
      #expect(wrong.status == 422 && trouble.champ == "actuel_acces" && trouble.erreur == "Ce n’est pas votre mot de passe actuel.")
      // By hand, without what a browser adds: the page says so and keeps the name.
      let unread = try await visitor.post("/compte/cles-acces", [("csrf", csrf), ("nom_acces", "Mon téléphone"), ("donnees", "x")])
      #expect(unread.status == 422 && unread.text.contains("value=\"Mon téléphone\""))
      #expect(unread.text.contains("n’a pas pu être lue"))
      #expect(try await visitor.post("/compte/cles-acces/x/nom", [("csrf", csrf)]).status == 404)
      #expect(try await world.visitor.stranger().post("/compte/cles-acces/defi", [("csrf", csrf)]).status != 200)
    }
  }

  /// The duty opens nothing but one's own account, where a passkey is made as well as a code.
  @Test func itFulfilsTheDutyOnThePage() async throws {
    try await withWorld { world async throws in
      try await world.installation.settings.set("double_authentification", to: "oui")
      let visitor = try await world.signedIn()
      #expect(try await visitor.get("/structures").location == "/compte")
      var telephone = SoftwareAuthenticator()
      telephone.counter = 0
      let holder = try await add(telephone, visitor)
      #expect(try await visitor.get("/structures").status == 200)
      let guest = world.visitor.stranger()
      let alone = try await guest.signIn("direction@exemple.fr", SiteWorld.password)
      #expect(alone.status == 422 && alone.text.contains("entrez avec une clé d’accès") && guest.cookies["__Host-maillage"] == nil)
      #expect(try await knock(telephone, holder, guest).location == "/")
    }
  }

  @Test func withoutHttpsNothingIsOffered() async throws {
    try await withSite(siteURL: "http://maillage.exemple.fr") { world async throws in
      let door = try await world.visitor.get("/connexion")
      #expect(door.text.contains("autocomplete=\"username\"") && !door.text.contains("cles.js"))
      let visitor = try await world.signedIn()
      #expect(try await !visitor.get("/compte").text.contains("Clés d’accès"))
    }
  }
}
