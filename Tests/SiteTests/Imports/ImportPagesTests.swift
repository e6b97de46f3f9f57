import Federation
import Foundation
import HTTPTypes
import Records
import Store
import TestSupport
import Testing
import WebSupport

@testable import Site

/// A spreadsheet of another program becomes records, page by page, and is taken back.
struct ImportPagesTests {
  private static let crm = """
    Réf CRM;Intitulé;type;Dpt;Commentaire libre;Avancement;Depuis
    S1;Maison de santé de l’Œillet rouge;msp;69;à rappeler;;
    N1;Équipe nouvelle;esp;38;;contact;2026-01-05
    N2;<b>Autre</b> équipe;msp;38;;contact;05/02/2026
    N3;Sans type;hôpital;38;;;
    """

  private func upload(_ visitor: Visitor, _ text: String, name: String = "equipes.csv") async throws -> Answer {
    try await visitor.bring(Array(text.utf8), named: name, to: "/imports/nouveau?sorte=structures")
  }

  @Test(arguments: Engine.allCases) func aFileGoesThroughItsFourStepsAndBack(_ engine: Engine) async throws {
    try await withSite(engine) { world in
      try await SmallWorld.bring(into: world.installation)
      let visitor = try await world.signedIn(.chargeMission)
      let first = try #require(try await upload(visitor, Self.crm, name: "../C:\\dossier\\équipes\u{202E}fdp.csv").location)
      #expect(first.hasPrefix("/imports/") && first.hasSuffix("/colonnes"))
      let columns = try await visitor.get(first)
      #expect(columns.status == 200 && TagBalance.fault(in: columns.text) == nil)
      #expect(columns.text.contains("équipesfdp.csv") && columns.text.contains("4 lignes lues"))
      #expect(columns.text.contains("Supposée, à vérifier") && columns.text.contains("Maison de santé de l’Œillet rouge"))
      // « Commentaire libre » is taken for notes: this person leaves it out.
      let second = try #require(try await visitor.acceptColumns(first, ["colonne_4": ""]).location)
      let preview = try await visitor.get(second)
      #expect(preview.status == 200 && TagBalance.fault(in: preview.text) == nil)
      #expect(preview.text.contains("<del><span class=\"sr\">avant </span>Maison de santé de l’Œillet</del>"))
      #expect(preview.text.contains("&lt;b&gt;Autre&lt;/b&gt; équipe") && preview.text.contains("Importer 3 lignes"))
      #expect(preview.text.contains("Une ligne est refusée.") && preview.text.contains("hôpital"))
      let base = second.replacing("/apercu", with: "")
      let refused = try await visitor.get("\(base)/refusees.csv")
      #expect(refused.csvRows.count == 1 && refused.text.contains("N3;Sans type;hôpital") && refused.text.contains("Réf CRM"))

      let halted = try await visitor.accept(preview, second)
      #expect(halted.status == 422 && halted.text.contains("Rien n’est importé"))
      #expect(try await visitor.get("/structures?q=nouvelle").recordCount == 0)
      let done = try await visitor.accept(preview, second, leaving: true)
      #expect(done.location == "\(base)?fait=importe")
      // A second click finds what the first one made.
      #expect(try await visitor.accept(preview, second, leaving: true).location == base)
      let summary = try await visitor.get(base)
      #expect(summary.text.contains("Équipe nouvelle") && summary.text.contains("Annuler cet import"))
      #expect(TagBalance.fault(in: summary.text) == nil)
      #expect(try await visitor.get("\(base)/refusees.csv").csvRows.count == 1)
      #expect(try await visitor.get("/structures?q=nouvelle").recordCount == 1)
      #expect(try await visitor.get("/imports").text.contains("équipesfdp.csv"))

      // One of its records changes: it is kept and named.
      _ = try await world.installation.bring("structures", "reference;type;nom;departement\nN1;esp;Équipe reprise;38\n")
      let undone = try await visitor.post("\(base)/annuler", [("csrf", summary.field("csrf") ?? "")])
      #expect(undone.status == 200 && undone.text.contains("1 fiche gardée") && undone.text.contains("modifiée depuis"))
      #expect(try await visitor.get("/structures?q=rouge").recordCount == 0)
      #expect(try await visitor.get("/structures?q=reprise").recordCount == 1)
      #expect(try await visitor.get("/imports").text.contains("Annulé sauf 1 fiche"))
    }
  }

  @Test func whatChangedSinceThePreviewIsSaidAndNothingIsWritten() async throws {
    try await withSite { world in
      try await SmallWorld.bring(into: world.installation)
      let visitor = try await world.signedIn()
      let first = try #require(
        try await upload(visitor, "reference;type;nom;departement\nS1;msp;Nouveau nom;69\nN1;msp;Neuve;69\n").location)
      let second = try #require(try await visitor.acceptColumns(first).location)
      let preview = try await visitor.get(second)
      _ = try await world.installation.bring("structures", "reference;type;nom;departement\nS1;msp;Entre-temps;69\nN1;msp;Neuve;69\n")
      let stale = try await visitor.accept(preview, second)
      #expect(stale.status == 409)
      #expect(stale.text.contains("Les fiches ont changé depuis votre aperçu") && stale.text.contains("Nouvelles\u{A0}: 0 au lieu de 1."))
      #expect(stale.text.contains("Lignes qui ne changent plus la même chose\u{A0}: 2."))
      #expect(try await visitor.get("/structures?q=entre-temps").recordCount == 1)
      #expect(try await visitor.accept(stale, second).location?.hasSuffix("?fait=importe") == true)
      #expect(try await visitor.get("/structures?q=entre-temps").recordCount == 0)
    }
  }

  /// A line that notes an exchange is told from the next by its day and its team; taken back, what was new is gone.
  @Test func newExchangesAreToldApartAndGoAgain() async throws {
    try await withSite { world in
      try await SmallWorld.bring(into: world.installation)
      let visitor = try await world.signedIn()
      let address = "/imports/nouveau?sorte=echanges"
      let form = try await visitor.get(address)
      #expect(form.text.contains("Au choix\u{A0}: Téléphone, ") && !form.text.contains("Une valeur de la liste"))
      let file = "date;canal;structures;objet;reference\n2026-05-04;telephone;S1;Suivi;N1\n2026-05-06;telephone;S2|S3;Suivi;N2\n"
      let first = try #require(
        try await visitor.upload(address, [("csrf", form.field("csrf") ?? "")], file: "suivi.csv", Array(file.utf8)).location)
      let second = try #require(try await visitor.acceptColumns(first).location)
      let preview = try await visitor.get(second)
      #expect(
        preview.text.contains("<small>N1 · 2026-05-04 · S1</small>") && preview.text.contains("<small>N2 · 2026-05-06 · S2, S3</small>"))
      #expect(try await visitor.accept(preview, second).status == 303)
      let base = second.replacing("/apercu", with: "")
      let undone = try await visitor.post("\(base)/annuler", [("csrf", preview.field("csrf") ?? "")])
      #expect(undone.text.contains("2 fiches retirées.") && !undone.text.contains("comme avant."))
    }
  }

  @Test func columnsAreRememberedForTheNextFileWithTheSameTitles() async throws {
    try await withSite { world in
      let visitor = try await world.signedIn()
      let text = "A;B;C;D\nX1;msp;Une équipe;38\n"
      let first = try #require(try await upload(visitor, text).location)
      let missing = try await visitor.acceptColumns(first)
      #expect(missing.status == 422 && missing.text.contains("Associez une colonne du fichier à «\u{202F}Référence\u{202F}»"))
      let chosen = ["colonne_0": "reference", "colonne_1": "type", "colonne_2": "nom", "colonne_3": "departement"]
      let twice = try await visitor.acceptColumns(first, chosen.merging(["colonne_3": "nom"]) { $1 })
      #expect(twice.status == 422 && twice.text.contains("Plusieurs colonnes vont dans «\u{202F}Nom\u{202F}»"))
      #expect(try await visitor.acceptColumns(first, chosen).location?.hasSuffix("/apercu") == true)
      let next = try #require(try await upload(visitor, text.replacing("X1", with: "X2")).location)
      #expect(try await visitor.get(next).text.contains("Comme la dernière fois"))
      #expect(try await visitor.acceptColumns(next).location?.hasSuffix("/apercu") == true)
    }
  }

  @Test func unknownValuesAreRefusedOrMade() async throws {
    try await withSite { world in
      let visitor = try await world.signedIn()
      let form = try await visitor.get("/imports/nouveau?sorte=echanges")
      let sent = try await visitor.upload(
        "/imports/nouveau?sorte=echanges", [("csrf", form.field("csrf") ?? "")], file: "e.csv",
        Array("date;canal;themes\n2026-01-05;visio;cuisine\n".utf8))
      let first = try #require(sent.location)
      let second = try #require(try await visitor.acceptColumns(first).location)
      #expect(try await visitor.get(second).text.contains("créer les valeurs"))
      let growing = try await visitor.get("\(second)?creer_valeurs=1")
      #expect(growing.text.contains("Importer 1 ligne") && !growing.text.contains("Refusées</h2>"))
      #expect(try await visitor.accept(growing, second).location?.hasSuffix("?fait=importe") == true)
      #expect(try await visitor.get("/echanges?annee=2026").text.contains("cuisine"))
    }
  }

  @Test func whatIsNoTableIsRefusedWithASentence() async throws {
    try await withSite { world in
      let visitor = try await world.signedIn()
      let png: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 13, 10, 26, 10, 0, 0, 0, 13]
      let files: [([UInt8], String)] = [
        (png, "n’est pas un tableau"), ([], "vide"), (Array("reference;nom\n".utf8), "titres de colonnes"),
        (Array("a;\"b\nc".utf8), "guillemet"), (Array("PK\u{3}\u{4}".utf8), "abîmé"),
      ]
      for (bytes, words) in files {
        let form = try await visitor.get("/imports/nouveau?sorte=structures")
        let answer = try await visitor.upload(
          "/imports/nouveau?sorte=structures", [("csrf", form.field("csrf") ?? "")], file: "equipes.xlsx", bytes)
        #expect(answer.status == 422 && answer.text.contains(words), "\(words)")
      }
      // Said to be too large, it is refused before it is read.
      let announced: HTTPFields = [.contentType: "multipart/form-data; boundary=x", .contentLength: "200000000"]
      let large = try await visitor.send("/imports/nouveau?sorte=structures", .post, announced, nil)
      #expect(large.status == 413 && large.text.contains("dépasse 100\u{A0}Mo"))
      let nothing = try await visitor.upload("/imports/nouveau?sorte=structures", [("csrf", large.field("csrf") ?? "")], file: "", [])
      #expect(nothing.status == 422 && nothing.text.contains("Choisissez d’abord un fichier."))
      #expect(try await visitor.post("/imports/nouveau?sorte=structures", [("csrf", large.field("csrf") ?? "")]).status == 400)
    }
  }

  @Test func aWaitingFileIsOnePersonsOwn() async throws {
    try await withSite { world in
      let visitor = try await world.signedIn()
      let address = try #require(try await upload(visitor, "reference;type;nom;departement\nX1;msp;Une équipe;38\n").location)
      let other = try await world.signedIn(.assistance)
      for page in ["/colonnes", "/apercu", "/refusees.csv", ""] {
        #expect(try await other.get(address.replacing("/colonnes", with: page)).status == 404, "\(page)")
      }
      #expect(try await world.signedIn(.ca).get("/imports").status == 403)
      #expect(try await visitor.get("/imports/nouveau?sorte=inconnue").status == 404)
      #expect(try await visitor.get("/imports/nouveau").location == "/imports")
      let forged = try await visitor.upload("/imports/nouveau?sorte=structures", [("csrf", "x")], file: "a.csv", Array("a\nb\n".utf8))
      #expect(forged.status == 403)
      let elsewhere = try await visitor.upload(
        "/imports/nouveau?sorte=structures", [("csrf", "x")], file: "a.csv", Array("a\nb\n".utf8), headers: [.secFetchSite: "cross-site"])
      #expect(elsewhere.status == 403)
      let csrf = try await visitor.get(address).field("csrf") ?? ""
      let dropped = try await visitor.post(address.replacing("/colonnes", with: "/abandonner"), [("csrf", csrf)])
      #expect(dropped.location == "/imports?fait=abandon")
      #expect(try await visitor.get(address).status == 404)
      let model = try await visitor.get("/imports/modele.csv?sorte=structures")
      #expect(model.text.hasPrefix("\u{FEFF}reference;type;nom;departement;"))
    }
  }
}
