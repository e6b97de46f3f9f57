import Markup
import Testing
import WebSupport

struct PartsTests {
  private let filters = FilterBar(
    "Filtrer les structures", current: "/structures?type=msp&type=esp&q=la%20mure&tri=-nom", search: .init("Nom", value: "la mure"),
    facets: [
      Facet("type", "Type", [.init("msp", "MSP", isOn: true, count: 1083), .init("esp", "ESP", isOn: true), .init("cpts", "CPTS")])
    ],
    result: "12 structures")

  @Test func filtersKeepTheSortAndGoToTheSamePath() {
    let html = filters.html.description
    #expect(html.contains("<form method=\"get\" action=\"/structures\""))
    #expect(html.contains("<input type=\"hidden\" name=\"tri\" value=\"-nom\">"))
    #expect(!html.contains("<input type=\"hidden\" name=\"type\""))
    #expect(html.contains("value=\"msp\" checked> MSP <span class=\"compte\">1\u{202F}083</span>"))
    #expect(html.contains("<noscript>"))
  }

  @Test func aChipRemovesOneValueOnly() {
    let html = filters.html.description
    #expect(html.contains("<a class=\"jeton\" href=\"/structures?type=esp&amp;q=la%20mure&amp;tri=-nom\">"))
    #expect(html.contains("<a class=\"jeton\" href=\"/structures?type=msp&amp;type=esp&amp;tri=-nom\">"))
    #expect(filters.cleared.address == "/structures?tri=-nom")
  }

  @Test func headersSortAndTurn() {
    let table = DataTable(
      "Liste", columns: [.init("Nom", key: "nom"), .init("Étape", key: "etape"), .init("Date", key: "date", class: "n")],
      sorting: Sorting(current: "/structures?type=msp&tri=nom", by: "nom", keys: ["nom", "date"]), rows: [])
    let html = table.html.description
    #expect(html.contains("<th scope=\"col\" aria-sort=\"ascending\"><a href=\"/structures?type=msp&amp;tri=-nom\">Nom</a></th>"))
    #expect(html.contains("<th scope=\"col\">Étape</th>"))
    #expect(html.contains("<th scope=\"col\" class=\"n\"><a href=\"/structures?type=msp&amp;tri=date\">Date</a></th>"))
  }

  @Test func pagesSayWhereTheyAre() {
    #expect(Pagination(from: 1, to: 50, of: 1312).summary == "1 à 50 sur 1\u{202F}312")
    let html = Pagination(from: 1, to: 50, of: 312, next: "/structures?page=2").html.description
    #expect(html.contains("<a href=\"/structures?page=2\" rel=\"next\">Suivante</a>"))
    #expect(!html.contains("Précédente"))
  }

  /// « Oui » says nothing by itself.
  @Test func aChipSpeaksForItself() {
    let bar = FilterBar(
      "Filtrer", current: "/structures?multi_sites=oui&type=msp",
      facets: [
        Facet("multi_sites", "Plusieurs sites", [.init("oui", "Oui", isOn: true)]),
        Facet("type", "Type", [.init("msp", "MSP", isOn: true)]),
      ], result: "3 structures")
    let html = bar.html.description
    #expect(html.contains("</span>Plusieurs sites\u{A0}: Oui</a>") && html.contains("</span>MSP</a>"))
  }

  @Test func stagesHaveAShape() {
    #expect(Badge.stage(CodedLabel("ecriture", "Écriture")).description == "<span class=\"etat e2\">Écriture</span>")
    #expect(Badge.stage(CodedLabel("fermee", "Fermée")).description == "<span class=\"etat arret\">Fermée</span>")
    #expect(Badge.stage(nil).description == "<span class=\"etat sans\">Non renseigné</span>")
    #expect(Badge.type(CodedLabel("esp_clap", "ESP CLAP")).description == "<span class=\"type esp\">ESP CLAP</span>")
  }

  @Test func trendsAreColouredOnlyWhenMoreIsBetter() {
    #expect(Trend(-3, reference: "sur un an", upIsGood: true).html.description.contains("class=\"baisse\">\u{2212}3"))
    #expect(Trend(-3, reference: "sur un an", upIsGood: false).html.description == "<b>\u{2212}3</b> sur un an")
    #expect(Trend(0, reference: "sur un an", upIsGood: true).html.description == "Stable sur un an")
  }

  @Test func theLayoutFollowsWhoReadsIt() {
    let user = SignedInUser(name: "Claire Vasseur", role: "Direction", csrf: "jeton")
    let signedIn = Layout(title: "Structures", user: user, theme: .dark).html("<p>contenu</p>").description
    #expect(signedIn.hasPrefix("<!doctype html>\n<html lang=\"fr\" data-theme=\"sombre\">"))
    #expect(signedIn.contains("<title>Structures – Maillage</title>"))
    #expect(signedIn.contains("<form method=\"post\" action=\"/deconnexion\"><input type=\"hidden\" name=\"csrf\" value=\"jeton\">"))
    #expect(signedIn.contains(">CV</span>"))
    let visitor = Layout(title: "Accueil").html("<p>contenu</p>").description
    #expect(!visitor.contains("<nav class=\"nav\""))
    #expect(visitor.contains("href=\"/connexion\""))
  }
}
