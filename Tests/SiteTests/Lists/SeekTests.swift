import Federation
import Foundation
import Records
import Store
import TestSupport
import Testing

@testable import Site

/// Pages that begin beside a row: one walks to the end and back, whatever happens meanwhile.
struct SeekTests {
  private func step(_ page: Answer, _ way: String) -> String? {
    guard let end = page.text.range(of: "\" rel=\"\(way)\">")?.lowerBound,
      let start = page.text[..<end].range(of: "href=\"", options: .backwards)?.upperBound
    else { return nil }
    return unescaped(String(page.text[start..<end]))
  }

  /// Several a day.
  private static let exchanges: String = {
    let rows = (1...230).map { number -> String in
      let month = number % 2 == 0 ? "03" : "04"
      return "2026-\(month)-\(10 + number % 7);visio;Appel \(SmallWorld.padded(number));E\(number)"
    }
    return (["date;canal;objet;reference"] + rows).joined(separator: "\n")
  }()

  @Test(arguments: Engine.allCases) func oneWalksToTheEndAndBack(_ engine: Engine) async throws {
    try await withSite(engine) { world in
      let installation = world.installation
      #expect(try await installation.bring("structures", SmallWorld.teams(120)).created == 120)
      #expect(try await installation.bring("echanges", Self.exchanges).created == 230)
      let people = (1...60).map { "P\($0);Nom\(SmallWorld.padded($0))" }.joined(separator: "\n")
      #expect(try await installation.bring("personnes", "reference;nom\n\(people)").created == 60)
      let organisations = (1...60).map { "O\($0);ars;Agence \(SmallWorld.padded($0))" }.joined(separator: "\n")
      #expect(try await installation.bring("organisations", "reference;nature;nom\n\(organisations)").created == 60)
      let visitor = try await world.signedIn()
      for (address, total) in [
        ("/structures", 120), ("/structures?tri=-nom&type=msp", 120), ("/echanges", 230), ("/echanges?tri=date&canal=visio", 230),
        ("/echanges?q=appel", 230), ("/personnes", 60), ("/personnes?tri=-nom", 60), ("/organisations", 60),
        // No index holds that order: its pages are counted.
        ("/structures?tri=departement", 120), ("/echanges?tri=duree", 230),
      ] {
        var pages = [try await visitor.get(address)]
        while let page = pages.last, let next = step(page, "next") { pages.append(try await visitor.get(next)) }
        let titles = pages.flatMap(\.rowTitles)
        #expect(titles.count == total && Set(titles).count == total && pages.count == (total + 49) / 50, "\(address)")
        #expect(pages.allSatisfy { $0.recordCount == total }, "\(address)")
        #expect(pages[1].text.contains("<span>51 à \(min(100, total)) sur \(total)</span>"), "\(address)")
        for index in pages.indices.dropFirst().reversed() {
          let back = try await visitor.get(try #require(step(pages[index], "prev")))
          #expect(back.rowTitles == pages[index - 1].rowTitles, "\(address) \(index)")
        }
        // The order of the whole list, as a file has it.
        let path = String(address.prefix { $0 != "?" })
        let title = path == "/echanges" ? "objet" : "nom"
        let file = try await visitor.get("\(path).csv?colonnes=\(title)&\(address.dropFirst(path.count + 1))")
        #expect(file.csvRows.map { $0[0] } == titles, "\(address)")
      }
    }
  }

  /// What is noted meanwhile moves nothing from one page to the next.
  @Test(arguments: Engine.allCases) func aNewRowRepeatsNone(_ engine: Engine) async throws {
    try await withSite(engine) { world in
      #expect(try await world.installation.bring("echanges", Self.exchanges).created == 230)
      let visitor = try await world.signedIn()
      let first = try await visitor.get("/echanges")
      let next = try #require(step(first, "next"))
      #expect(next.contains("page=2&apres="))
      let newer = (1...5).map { "2026-11-20;visio;Neuf \($0);N\($0)" }.joined(separator: "\n")
      #expect(try await world.installation.bring("echanges", "date;canal;objet;reference\n\(newer)").created == 5)
      let second = try await visitor.get(next)
      #expect(Set(second.rowTitles).isDisjoint(with: first.rowTitles) && second.rowTitles.count == 50)
      // Counted, the same page would show five of them twice.
      #expect(!Set(try await visitor.get("/echanges?page=2").rowTitles).isDisjoint(with: first.rowTitles))
    }
  }

  @Test func addressesOfPagesAreForgiving() async throws {
    try await withSite { world in
      #expect(try await world.installation.bring("structures", SmallWorld.teams(120)).created == 120)
      let visitor = try await world.signedIn()
      // Of before: a number alone.
      #expect(try await visitor.get("/structures?page=2").rowTitles.first == "Équipe 051")
      #expect(try await visitor.get("/structures?page=9").location == "/structures?page=3")
      // A row that is not there, and what is no row at all.
      #expect(try await visitor.get("/structures?page=2&apres=0000000000001").location == "/structures?page=2")
      for value in ["zzz", "", "%00", "ZZZZZZZZZZZZZ"] {
        #expect(try await visitor.get("/structures?page=2&apres=\(value)").rowTitles.first == "Équipe 051", "\(value)")
      }
      // The last row has nothing after it.
      let last = try #require(try await visitor.get("/structures?page=3").records(of: "/structures/").last)
      #expect(try await visitor.get("/structures?page=2&apres=\(last.suffix(13))").location == "/structures?page=2")
      // A team in the bin still has its place.
      let page = try await visitor.get("/structures")
      let next = try #require(step(page, "next"))
      let team = try #require(page.records(of: "/structures/").last)
      let csrf = try #require(try await visitor.get("\(team)/modifier").field("csrf"))
      #expect(try await visitor.post("\(team)/corbeille", [("csrf", csrf)]).status == 303)
      #expect(try await visitor.get(next).rowTitles.first == "Équipe 051")
    }
  }
}
