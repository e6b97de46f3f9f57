import Foundation
import Markup
import Testing
import WebSupport

@testable import Site

struct PagesTests {
  private static let nasty =
    "<script>alert(1)</script> \" onload='x' \(String(repeating: "Interminable", count: 42)) \u{202E}مرحبا\u{202C} 👩🏽‍⚕️"

  @Test func everyPageIsWellNested() {
    for page in PageSamples().all {
      #expect(TagBalance.fault(in: page.html.description) == nil, "\(page.name)")
    }
  }

  @Test func hostileValuesStayText() {
    for page in PageSamples(write: { $0.isEmpty ? "" : Self.nasty }).all {
      let html = page.html.description
      #expect(!html.contains("<script>alert"), "\(page.name)")
      #expect(!html.contains("' onload") && !html.contains("\" onload"), "\(page.name)")
      #expect(TagBalance.fault(in: html) == nil, "\(page.name)")
      if page.name != "introuvable" { #expect(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;"), "\(page.name)") }
    }
  }

  @Test func pagesKeepToTheContentSecurityPolicy() {
    for page in PageSamples().all {
      let html = page.html.description
      #expect(!html.contains(" style="), "\(page.name)")
      #expect(!html.contains(" onclick="), "\(page.name)")
      #expect(!html.contains("<script>"), "\(page.name)")
      #expect(!html.contains("//cdn"), "\(page.name)")
    }
  }

  @Test func everyPageHasOneTitleAndUniqueNames() throws {
    for page in PageSamples().all {
      let html = page.html.description
      #expect(html.components(separatedBy: "<h1").count == 2, "\(page.name)")
      let ids = html.components(separatedBy: " id=\"").dropFirst().map { $0.prefix { $0 != "\"" } }
      #expect(Set(ids).count == ids.count, "\(page.name)")
    }
  }

  @Test func everyNumberOfTheReportOpensItsList() {
    let html = PageSamples().report.html().description
    #expect(
      html.contains("<a href=\"/structures\">332\u{00A0}structures</a>, dont <a href=\"/structures?situation=projet\">124</a> en projet"))
    #expect(html.contains("<a href=\"/echanges?annee=2021\">1\u{202F}173\u{00A0}échanges</a>"))
    #expect(html.contains("Chiffres arrêtés au 31 décembre 2021"))
    #expect(!html.contains("<td class=\"n\">0</td>"))
  }

  @Test func theDoorAsksForWhatTheServerReads() {
    let html = PageSamples().signIn.html().description
    for name in ["courriel", "mot_de_passe", "csrf", "suite"] { #expect(html.contains("name=\"\(name)\""), "\(name)") }
    #expect(html.contains("action=\"/connexion\""))
    #expect(html.contains("maillage user create"))
    #expect(html.contains("role=\"alert\""))
  }

  @Test func anEmptyListSaysWhatToDo() {
    let html = PageSamples().emptyStructureList.description
    #expect(html.contains("Effacer les filtres"))
    #expect(!html.contains("<table"))
  }

  @Test func unknownIsWrittenAndZeroIsANumber() {
    let html = PageSamples().structureList.description
    #expect(html.contains("<td class=\"p3 n\">Non renseigné</td>"))
    #expect(PageSamples().figure.html().description.contains("<td class=\"n\">0</td>"))
  }
}

/// Checks that tags close in the order they open, which escaped values cannot disturb.
enum TagBalance {
  private static let void: Set = ["meta", "link", "input", "br", "img", "!doctype"]

  static func fault(in html: String) -> String? {
    var open: [Substring] = []
    for piece in html.split(separator: "<").dropFirst(html.hasPrefix("<") ? 0 : 1) {
      guard let end = piece.firstIndex(of: ">") else { return "unfinished <\(piece)" }
      let tag = piece[..<end]
      let name = tag.prefix { $0 != " " && $0 != "/" && !$0.isNewline }
      if tag.hasPrefix("/") {
        if open.popLast() != tag.dropFirst() { return "unexpected <\(tag)>" }
      } else if !tag.hasSuffix("/") && !void.contains(String(name)) {
        open.append(name)
      }
    }
    return open.isEmpty ? nil : "still open: \(open)"
  }
}
