import Markup
import Testing

struct LinkTests {
  @Test(arguments: [
    "/", "/structures", "/structures?type=msp#haut", "?tri=nom", "#contenu", "http://exemple.fr", "https://exemple.fr/a?b=c",
    "HTTPS://exemple.fr", "mailto:a@exemple.fr", "tel:+33400000000",
  ])
  func acceptsSafeAddresses(text: String) {
    #expect(Link(untrusted: text)?.address == text)
  }

  @Test(arguments: [
    "", "structures", "javascript:alert(1)", "JavaScript:alert(1)", " javascript:alert(1)", "java\tscript:alert(1)", "data:text/html,x",
    "vbscript:x", "//exemple.fr", "/\\exemple.fr", "/\t/exemple.fr", "\\\\exemple.fr", "https:exemple.fr", "https://", "https:///x",
    "http:/x", "mailto:", "ftp://exemple.fr", "/a b", "/a\u{0}b", "www.exemple.fr",
    // A slash and what is written over it are one letter, but two for a browser.
    "//\u{FE0F}exemple.fr/x", "//\u{34F}exemple.fr/x", "https:\u{FE0F}//exemple.fr",
  ])
  func refusesTheRest(text: String) {
    #expect(Link(untrusted: text) == nil)
  }

  @Test func keepsAddressesInASCII() {
    #expect(Link(untrusted: "/équipes/👩")?.address == "/%C3%A9quipes/%F0%9F%91%A9")
  }

  @Test func comesBackOnlyToThisSite() {
    #expect(Link(ownPath: "/structures?type=msp")?.isOwn == true)
    #expect(Link(ownPath: "https://exemple.fr") == nil)
    #expect(Link(ownPath: "//exemple.fr") == nil)
    #expect(Link(ownPath: "//\u{FE0F}exemple.fr") == nil)
    #expect(Link(ownPath: "//\u{34F}exemple.fr") == nil)
  }

  @Test func encodesInterpolatedValues() {
    let reference = "../a/b?c#d é"
    let link: Link = "/structures/\(reference)/etapes/\(3)"
    #expect(link.address == "/structures/..%2Fa%2Fb%3Fc%23d%20%C3%A9/etapes/3")
  }

  @Test func writesAndCalls() {
    #expect(Link(email: "a.b@exemple.fr")?.address == "mailto:a.b@exemple.fr")
    #expect(Link(email: "a?cc=x@exemple.fr")?.address == "mailto:a%3Fcc%3Dx@exemple.fr")
    #expect(Link(email: "sans arobase") == nil)
    #expect(Link(phone: "04 76.00-00 00")?.address == "tel:0476000000")
    #expect(Link(phone: "+33 4 76 00 00 00")?.address == "tel:+33476000000")
    #expect(Link(phone: "néant") == nil)
  }

  @Test func buildsAQuery() {
    let link = Link("/structures", query: [("type", "msp"), ("type", "esp clap"), ("q", "a&b=c+d")])
    #expect(link.address == "/structures?type=msp&type=esp%20clap&q=a%26b%3Dc%2Bd")
    #expect(link.query.map(\.value) == ["msp", "esp clap", "a&b=c+d"])
    #expect(Link("/structures", query: []).address == "/structures")
    #expect(Link("/structures?tri=nom#liste", query: [("q", "é")]).address == "/structures?tri=nom&q=%C3%A9#liste")
  }

  @Test func readsAQueryAsAFormWritesIt() throws {
    let link = try #require(Link(untrusted: "/echanges?q=deux+mots&theme=&seul&x=%C3%A9%zz"))
    #expect(link.query.map(\.name) == ["q", "theme", "seul", "x"])
    #expect(link.query.map(\.value) == ["deux mots", "", "", "é%zz"])
  }

  @Test func addsAndRemovesItems() {
    let link: Link = "/structures?type=msp&type=esp&tri=nom#liste"
    #expect(link.adding("type", "cds").address == "/structures?type=msp&type=esp&tri=nom&type=cds#liste")
    #expect(link.removing("type", "msp").address == "/structures?type=esp&tri=nom#liste")
    #expect(link.removing("type").address == "/structures?tri=nom#liste")
    #expect(link.setting("tri", "-nom").address == "/structures?type=msp&type=esp&tri=-nom#liste")
    #expect(link.withoutQuery.address == "/structures")
  }

  @Test func aQueryAloneStaysALink() {
    let link: Link = "?tri=nom"
    #expect(link.removing("tri").address == "?")
    #expect(link.setting("tri", "date").address == "?tri=date")
  }

  @Test func aLiteralThatIsNotSafeStopsADebugBuild() async {
    await #expect(processExitsWith: .failure) {
      let link: Link = "javascript:alert(1)"
      _ = link
    }
  }
}
