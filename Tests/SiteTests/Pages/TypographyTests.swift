import Federation
import Store
import TestSupport
import Testing

@testable import Records
@testable import Site

/// What readers see is typeset: no sign begins a line, and numbers agree.
struct TypographyTests {
  private static let figures = Model.federation(geography: TestDatabases.geography).figures.figures

  private func fault(in text: String) -> String? {
    text.firstMatch(of: /[^\s] [:;?!»]|«\u{20}/).map { text[..<$0.range.upperBound].suffix(40) + "…" }
  }

  @Test func definitionsOfFiguresAreTypeset() {
    for figure in Self.figures { #expect(fault(in: "\(figure.label). \(figure.definition)") == nil, "\(figure.id)") }
  }

  @Test func unitsAgreeWithTheirNumber() throws {
    let units = Dictionary(Self.figures.map { ($0.unit, $0) }, uniquingKeysWith: { first, _ in first })
    for (unit, one) in [("structures", "structure"), ("échanges", "échange"), ("minutes", "minute"), ("personnes", "personne")] {
      let figure = try #require(units[unit])
      #expect([0, 1, 2, -1].map { FigureValue(figure.manner, codes: [], value: $0).unit } == [one, one, unit, one])
    }
  }

  @Test func pagesAreTypeset() async throws {
    // The words of records are their authors' own: here they hold no such sign.
    try await withSite { world in
      try await SmallWorld.bring(into: world.installation)
      let visitor = try await world.signedIn()
      let team = try #require(try await visitor.get("/structures?tri=-echange").records(of: "/structures/").first)
      let exchange = try #require(try await visitor.get("/echanges").records(of: "/echanges/").first)
      for address in [
        "/recherche", "/recherche?q=maison", "/recherche?q=zzz", "/recherche?q=_", "/cibles", "/cibles/nouveau", "/departements",
        "/departements/38", "/territoires", "/territoires/nouveau",
        "/compte", "/imports", "/imports/nouveau?sorte=structures", "/imports/nouveau?sorte=echanges", "/comptes", "/comptes?q=zzz",
        "/comptes/nouveau", "/droits", "/structures?q=x", "/structures?type=zzz&annee=1850",
        "/structures?chiffre=support.overdue", "/structures?chiffre=contacts.count",
        team,
        "\(team)?o=etapes", "/etats", "/etats?chiffre=structures.stage_days", "/effectifs", "/communes", "/conversions", "/sites",
        "/etats?chiffre=structures.exits",
        "/structures?chiffre=structures.professionals_mean", "/echanges?q=x", exchange, "/chiffres", "/chiffres?chiffre=inconnu",
        "/rapports/2025", "/rapports/2025/redaction", "/blocs/nouveau?annee=2025&nature=texte",
        "/rapports/2030",
        "/chiffres?chiffre=contacts.count&par=zzz", "/chiffres?chiffre=contacts.count&par=theme&type=msp",
      ] {
        let text = try await visitor.get(address).text.replacing(/<[^>]*>/, with: "\n")
        #expect(fault(in: text) == nil, "\(address)")
      }
      // What nobody counted has no unit.
      #expect(!(try await visitor.get("/chiffres?annee=1950").text.contains("<small>échange")))
    }
  }
}
