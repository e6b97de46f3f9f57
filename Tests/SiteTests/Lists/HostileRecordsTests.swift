import Federation
import Records
import Store
import TestSupport
import Testing

@testable import Site

/// Records that hold what nobody would write on purpose.
struct HostileRecordsTests {
  private static let script = "<script>alert(1)</script>"
  private static let image = "<img src=x onerror=alert(2)>"
  private static let attribute = "\" onmouseover=\"alert(3)\" x=\""
  private static let tangle = "<script>alert(1)</script>'\"&lt; <img src=x onerror=alert(2)> \" onmouseover=\"alert(3)"

  private static let structures = """
    reference;type;nom;departement;commune;adresse;telephone;courriel;site_web;logiciel;sites;etat;depuis;notes
    "<b>R1</b>";msp;"\(quoted(tangle))";38;Grenoble;"\(quoted(tangle))";"\(quoted(image))";a'b&c@exemple.fr;javascript:alert(4);\
    "\(quoted(tangle))";"\(quoted(tangle))|Ailleurs";ouverte;2020-01-01;"\(quoted(tangle))"
    R2;msp;\(String(repeating: "W", count: 200));38;;;;;;;;contact;2020-01-01;
    R3;esp;\u{202E}مرحبا بالعالم\u{202C} 👩🏽‍⚕️;38;;;;;;;;contact;2020-01-01;
    """

  private static let exchanges = """
    date;canal;structures;organisations;personnes;themes;nature;objet;auteur;reference
    2026-01-02;telephone;"<b>R1</b>";"\(quoted(tangle))";"\(quoted(tangle))";"\(quoted(tangle))";"\(quoted(tangle))";"\(quoted(tangle))";\
    "\(quoted(tangle))";"<i>E1</i>"
    2026-01-03;visite;R2|R3;;;;;\(String(repeating: "long ", count: 300));Zoé;E2
    """

  private static func quoted(_ text: String) -> String { text.replacing("\"", with: "\"\"") }

  @Test func storedTextNeverBecomesMarkup() async throws {
    try await withSite { world in
      let installation = world.installation
      let territories = "code;nom;departement;depuis\nest;\"\(Self.quoted(Self.tangle))\";38;2020-01-01"
      #expect(try await installation.bring("territoires", territories).created == 1)
      #expect(try await installation.bring("structures", Self.structures).created == 3)
      #expect(try await installation.bring("echanges", Self.exchanges, ImportOptions(createsValues: true)).created == 2)
      try await installation.settings.set("nom", to: Self.tangle)
      try await installation.accounts.create(
        email: "x@exemple.fr", name: Self.tangle, role: .direction, password: SiteWorld.password)
      let visitor = try await world.visitor.stranger().signedIn("x@exemple.fr", SiteWorld.password)

      var pages = [
        "/structures", "/echanges", "/chiffres", "/rapports/2026", "/inconnue", "/structures?q=\(encoded(Self.tangle))",
      ]
      for dimension in ["theme", "nature", "auteur", "territoire", "type"] {
        pages.append("/chiffres?chiffre=contacts.count&par=\(dimension)")
      }
      for list in ["/structures", "/echanges"] {
        let records = try await visitor.get(list).records(of: "\(list)/")
        #expect(records.count == (list == "/structures" ? 3 : 2))
        pages += records + records.map { "\($0)?o=etapes" }
      }
      for page in pages {
        let answer = try await visitor.get(page)
        #expect(answer.isPage, "\(page)")
        for raw in [Self.script, "<img src=x", "\" onmouseover=", "href=\"javascript:", "<b>R1", "<i>E1"] {
          #expect(!answer.text.contains(raw), "\(page) \(raw)")
        }
        #expect(TagBalance.fault(in: answer.text) == nil, "\(page)")
      }
    }
  }

  @Test func theWholeValueIsStillShown() async throws {
    try await withSite { world in
      #expect(try await world.installation.bring("structures", Self.structures).created == 3)
      let list = try await world.signedIn().get("/structures?tri=nom")
      #expect(list.rowTitles.contains(Self.tangle))
      #expect(list.rowTitles.contains(String(repeating: "W", count: 200)))
      #expect(list.rowTitles.contains { $0.contains("مرحبا بالعالم") })
    }
  }

  @Test func aCellIsNeverAFormula() async throws {
    try await withSite { world in
      let text = "reference;type;nom;departement\n=1;msp;=HYPERLINK(\"x\");38\n@a;msp;@SUM(1);38\n+b;msp;+cmd;38\n-c;msp;-cmd;38"
      #expect(try await world.installation.bring("structures", text).created == 4)
      let rows = try await world.signedIn().get("/structures.csv").csvRows
      #expect(rows.count == 4)
      for row in rows { #expect(row[0].hasPrefix("'"), "\(row[0])") }
    }
  }
}
